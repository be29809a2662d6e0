"""How long a small file takes while a crowd takes large ones along: `python benchmarks/fair_files.py`.

First one visitor's small picture alone. Then `--people` visitors each order a spreadsheet of 256 words at the same
moment, and one eager visitor a new small picture as often as one arrives, while another asks for a small picture every
second. Told are the seconds that the small pictures took, the memory of all workers at its greatest, and how many large
files were done. Everybody who still waits at the end cancels, and no worker may be left that does their work.
"""

import argparse
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attention_core import OPENING
from exports.catalogue import WORKBOOK, Order
from exports.workshop import Workshop, WorkshopError

SMALL = "weights.png"


class Gone(Exception):
    """A visitor who has cancelled."""


def order(words: int) -> Order:
    return Order(OPENING.build().with_sentence(" ".join(f"w{number}" for number in range(words))))


def memory_of_workers() -> float:
    """MB of all processes that this one started."""
    listed = subprocess.run(["ps", "-eo", "ppid=,rss=,args="], capture_output=True, text=True, check=True).stdout
    rows = {line for line in listed.splitlines() if "exports.worker" in line}
    return sum(int(line.split()[1]) for line in rows) / 1024


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=30)
    asked.add_argument("--seconds", type=float, default=40)
    given = asked.parse_args()
    shop, over, done, memory = Workshop(), threading.Event(), [], [0.0]
    shop.get_ready()

    def small(visitor: object) -> float:
        began = time.perf_counter()
        shop.make(SMALL, order(6), visitor=visitor)
        return time.perf_counter() - began

    def turn_away(_: float) -> None:
        if over.is_set():
            raise Gone

    def large(number: int) -> None:
        try:
            shop.make(WORKBOOK, order(256), turn_away, visitor=number, waiting=turn_away)
            done.append(number)
        except (Gone, WorkshopError):
            pass

    def eager() -> None:
        while not over.is_set():
            small("eager")

    def watch() -> None:
        while not over.is_set():
            memory[0] = max(memory[0], memory_of_workers())
            time.sleep(0.3)

    both = [threading.Thread(target=small, args=(number,)) for number in range(2)]
    for thread in both:  # so that both workers for small files run; to start one takes a few seconds, once
        thread.start()
    for thread in both:
        thread.join()
    alone = [small("one") for _ in range(5)]
    crowd = [threading.Thread(target=large, args=(number,)) for number in range(given.people)]
    crowd += [threading.Thread(target=eager), threading.Thread(target=watch)]
    for thread in crowd:
        thread.start()
    until, beside = time.monotonic() + given.seconds, []
    while time.monotonic() < until:
        time.sleep(1)
        beside.append(small("one"))
    over.set()
    for thread in crowd:
        thread.join()
    shop.close()
    print(f"a small picture alone: {statistics.median(alone):.2f} s (median)")
    print(f"beside {given.people} spreadsheets of 256 words and an eager visitor:", end=" ")
    print(f"{statistics.median(beside):.2f} s (median), {max(beside):.2f} s (longest of {len(beside)})")
    print(f"memory of all workers: {memory[0]:.0f} MB at most; large files done: {len(done)}")
    print(f"left after everybody cancelled: {memory_of_workers():.0f} MB")


if __name__ == "__main__":
    main()
