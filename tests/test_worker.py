"""The process that makes files, alone: it answers every order, and ends when nobody can hear its answers."""

import io
import pickle
import subprocess
import sys

from support.server import ROOT

from attention_core import OPENING
from exports.catalogue import Order, made
from sharing.document import to_json

PATIENCE = 120  # seconds until a test counts as stuck
SMALL = "context.csv"


def order():
    return Order(OPENING.build())


def worker_with(code="", *, input):
    """A worker that first runs `code`; what it answered, and what else became of it."""
    start = f"from exports import catalogue, worker\n{code}\nworker.main()"
    return subprocess.run([sys.executable, "-c", start], cwd=ROOT, input=input, capture_output=True, timeout=PATIENCE)


def written(*orders):
    return b"".join(pickle.dumps((name, to_json(each.experiment), each.word, each.link)) for name, each in orders)


def answers(output):
    read, found = io.BytesIO(output), []
    while read.tell() < len(output):
        found.append(pickle.load(read))
    return found


def test_a_worker_answers_every_order_and_ends_when_its_input_does():
    ended = worker_with(input=written((SMALL, order()), ("w_q.csv", order())))
    assert ended.returncode == 0
    assert answers(ended.stdout) == [("made", made(SMALL, order())), ("made", made("w_q.csv", order()))]


def test_what_a_library_prints_does_not_get_between_the_answers():
    loud = """
import os, subprocess, sys

def make(order, progress):
    os.write(1, b"written past Python")
    print("printed", flush=True)
    progress(0.5)
    subprocess.run([sys.executable, "-c", "print('by a child')"])
    return b"the file"

catalogue.EXPORTS["loud"] = catalogue.Export("text/plain", make)
"""
    ended = worker_with(loud, input=written(("loud", order()), ("loud", order())))
    assert answers(ended.stdout) == [("progress", 0.5), ("made", b"the file")] * 2
    for noise in (b"written past Python", b"printed", b"by a child"):
        assert ended.stderr.count(noise) == 2, "it goes into the server's log"


def test_no_worker_outlives_a_server_that_dies():
    dies = """
import os, signal
from attention_core import OPENING
from exports.catalogue import Order
from exports.workshop import WORKSHOP

WORKSHOP.make("context.csv", Order(OPENING.build()))
print("made", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    # The worker writes to the same standard error, so this ends only when the worker has ended too.
    died = subprocess.run([sys.executable, "-c", dies], cwd=ROOT, capture_output=True, timeout=PATIENCE)
    assert died.stdout.split() == [b"made"] and died.returncode != 0
