"""Files are made in processes of their own, so that nobody waits while somebody else takes something along.

Drawing a picture takes the interpreter for itself for as long as it lasts (the first one, which starts the engine,
close to a second), and filling a large spreadsheet keeps it busy; in the server's own process every visitor would feel
it. A worker (exports/worker.py) starts with the first file and stays for the next; it ends with the server.
"""

import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from exports.catalogue import Order, Progress
from sharing.document import to_json

MAX_WORKERS = 2
MAX_SECONDS = 120.0  # for one file; a worker that takes longer is ended

_ROOT = Path(__file__).resolve().parent.parent
_FAILED = "The file could not be made. Please try once more."


class WorkshopError(RuntimeError):
    """A file that could not be made through no fault of the experiment."""


class _Refused(ValueError):
    """The answer of a worker that lives on: the experiment does not fit into the file."""


class _Worker:
    """A process that makes one file after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "exports.worker"]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def make(self, name: str, order: Order, progress: Progress) -> bytes:
        """Raises _Refused where the experiment does not fit, EOFError or OSError where the worker has ended."""
        to, back = self._pipes()
        overdue = threading.Timer(MAX_SECONDS, self._process.kill)
        overdue.daemon = True
        overdue.start()
        try:
            pickle.dump((name, to_json(order.experiment), order.word, order.link), to)
            to.flush()
            while True:
                kind, content = pickle.load(back)
                if kind == "made":
                    made: bytes = content
                    return made
                if kind == "refused":
                    raise _Refused(content)
                progress(content)
        finally:
            overdue.cancel()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with suppress(OSError):  # of an order that the worker did not live to read
                pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("The worker has no pipes.")
        return self._process.stdin, self._process.stdout


class Workshop:
    """Up to MAX_WORKERS files at a time; one worker is kept when there is nothing to do."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(MAX_WORKERS)
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def get_ready(self) -> None:
        """Start a worker where none is idle, so that the first file need not wait for that."""
        if not self._free.acquire(blocking=False):
            return  # one of those at work will be kept
        try:
            with suppress(WorkshopError):  # whoever orders a file will be told
                self._keep(self._worker())
        finally:
            self._free.release()

    def close(self) -> None:
        """End the workers that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    def make(self, name: str, order: Order, progress: Progress = lambda done: None) -> bytes:
        """The file of that name in catalogue.EXPORTS.

        Raises ValueError where the experiment does not fit into it, and WorkshopError where the worker failed.
        """
        with self._free:
            worker = self._worker()
            try:
                made = worker.make(name, order, progress)
            except _Refused:
                self._keep(worker)
                raise
            except (EOFError, OSError, pickle.UnpicklingError):
                worker.end()
                raise WorkshopError(_FAILED) from None
            except BaseException:  # whoever waited has turned away: what the worker is doing is not wanted any more
                worker.end()
                raise
            self._keep(worker)
            return made

    def _worker(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return _Worker()
        except OSError:  # the machine has no room for one more process
            raise WorkshopError(_FAILED) from None

    def _keep(self, worker: _Worker) -> None:
        with self._lock:
            if not self._idle:
                self._idle.append(worker)
                return
        worker.end()


WORKSHOP = Workshop()
