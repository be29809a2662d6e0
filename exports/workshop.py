"""Files are made in processes of their own, so that nobody waits while somebody else takes something along.

Drawing a picture takes the interpreter for itself for as long as it lasts (the first one, which starts the engine,
close to a second), and filling a large spreadsheet keeps it busy; in the server's own process every visitor would feel
it. A worker (exports/worker.py) starts with the first file and stays for the next; it ends with the server.

Whose file is next is settled in exports/waiting_line.py: small files never wait for large ones, and nobody's second
file is made before another's first. A worker needs up to about 300 MB for small files and 500 MB for the largest
spreadsheet, so all of them together stay below 1.1 GB, however many people ask
(763 MB were seen in benchmarks/fair_files.py).
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from exports import catalogue
from exports.catalogue import Order, Progress
from exports.waiting_line import MAX_LARGE, MAX_SMALL, Line, TooMany
from exports.workbook import MAX_WORKBOOK_WORDS, most_words
from sharing.document import to_json

MAX_WORKERS = MAX_SMALL + MAX_LARGE
MAX_SECONDS = 300.0  # for one file; a worker that takes longer is ended
LARGE_WORKBOOK = 64  # words from which on the spreadsheet of one head is a large file
LARGE = {catalogue.PICTURES}  # at any size: all heat maps, twice
IDLE_SECONDS = 60.0  # until a second idle worker is ended
PULSE = 0.25  # seconds between chances for whoever waits to turn away

Waiting = Callable[[int], None]  # told how many files are made before

_ROOT = Path(__file__).resolve().parent.parent
_FAILED = "The file could not be made. Please try once more."
_TOO_SLOW = "The file took too long and could not be made. Please try again when fewer people take files along."


class WorkshopError(RuntimeError):
    """A file that could not be made through no fault of the experiment."""


class _Refused(ValueError):
    """The answer of a worker that lives on: the experiment does not fit into the file."""


class _Worker:
    """A process that makes one file after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "exports.worker"]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answers: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def make(self, name: str, order: Order, progress: Progress, pulse: Callable[[], None]) -> bytes:
        """Raises _Refused where the experiment does not fit, EOFError or OSError where the worker has ended.

        `pulse` is called a few times a second; what it raises is for the caller.
        """
        if self._process.stdin is None:
            raise OSError("The worker has no pipes.")
        pickle.dump((name, to_json(order.experiment), order.word, order.link), self._process.stdin)
        self._process.stdin.flush()
        until = time.monotonic() + MAX_SECONDS
        while True:
            try:
                kind, content = self._answers.get(timeout=min(PULSE, max(0.0, until - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= until:
                    raise TimeoutError from None
                pulse()
                continue
            if kind == "made":
                made: bytes = content
                return made
            if kind == "refused":
                raise _Refused(content)
            if kind == "ended":
                raise EOFError
            progress(content)

    def step_back(self) -> None:
        """Leave the processor to others who want it; for the rest of its life."""
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, 5)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            with suppress(OSError):  # of an order that the worker did not live to read
                self._process.stdin.close()

    def _listen(self) -> None:
        answers = self._process.stdout
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while answers:
                self._answers.put(pickle.load(answers))
        if answers:
            answers.close()
        self._answers.put(("ended", None))


class Workshop:
    """Makes a few files at a time; one worker stays when there is nothing to do for a while."""

    def __init__(self) -> None:
        self._line = Line()
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def get_ready(self) -> None:
        """Start a worker where none is idle, so that the first file need not wait for that."""
        with self._line.place_for_a_start() as free, suppress(WorkshopError):  # whoever orders a file will be told
            if free:
                self._keep(self._worker())

    def close(self) -> None:
        """End the workers that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def make(
        self,
        name: str,
        order: Order,
        progress: Progress = lambda done: None,
        *,
        visitor: object = None,
        waiting: Waiting = lambda ahead: None,
    ) -> bytes:
        """The file of that name in catalogue.EXPORTS, for `visitor` (None: somebody who asks for nothing else).

        `progress` is told how much is done, `waiting`, a few times a second, how many files come before; whoever has
        gone on may raise in either, and the file is given up. Raises ValueError where the experiment does not fit into
        the file, and WorkshopError where the worker failed or the visitor asks for too much at once.
        """
        large = is_large(name, order)
        try:
            with self._line.place(visitor if visitor is not None else object(), large, waiting, PULSE):
                return self._made(name, order, progress, large, lambda: waiting(0))
        except TooMany as error:
            raise WorkshopError(str(error)) from None

    def _made(self, name: str, order: Order, progress: Progress, large: bool, pulse: Callable[[], None]) -> bytes:
        worker = self._worker(new=large)  # a large file leaves those that are ready to the small ones
        if large:
            worker.step_back()
        try:
            made = worker.make(name, order, progress, pulse)
        except _Refused:
            self._put_back(worker, large)
            raise
        except TimeoutError:
            worker.end()
            raise WorkshopError(_TOO_SLOW) from None
        except (EOFError, OSError, pickle.PicklingError):
            worker.end()
            raise WorkshopError(_FAILED) from None
        except BaseException:  # whoever waited has turned away: what the worker is doing is not wanted any more
            worker.end()
            raise
        self._put_back(worker, large)
        return made

    def _worker(self, new: bool = False) -> _Worker:
        with self._lock:
            if self._idle and not new:
                return self._idle.pop()
        try:
            return _Worker()
        except OSError:  # the machine has no room for one more process
            raise WorkshopError(_FAILED) from None

    def _put_back(self, worker: _Worker, large: bool) -> None:
        if large:  # it holds the memory that the file took
            worker.end()
        else:
            self._keep(worker)

    def _keep(self, worker: _Worker) -> None:
        """A worker takes seconds to start, so as many as may be wanted at once stay for a while, and one stays on."""
        with self._lock:
            if len(self._idle) < MAX_SMALL:
                self._idle.append(worker)
                if len(self._idle) > 1:
                    leaving = threading.Timer(IDLE_SECONDS, self._retire)
                    leaving.daemon = True
                    leaving.start()
                return
        worker.end()

    def _retire(self) -> None:
        """End the workers that have been idle for longest, but for one."""
        with self._lock:
            while len(self._idle) > 1:
                self._idle.pop(0).end()


def is_large(name: str, order: Order) -> bool:
    """Whether a file takes seconds to make."""
    if name != catalogue.WORKBOOK:
        return name in LARGE
    most = most_words(order.calculation)  # fewer where there are more heads
    return len(order.experiment.words) * MAX_WORKBOOK_WORDS >= LARGE_WORKBOOK * most


WORKSHOP = Workshop()
