"""A pytest plugin (`-p tests.mutation.tracing`): tells which lines of a room each test runs, or runs chosen tests only.

What it does is named in the environment: a room and the JSON file to be written, or a JSON file of chosen tests.
"""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

ROOM, WRITTEN, CHOSEN = "TRACED_ROOM", "TRACED_FILE", "TRACED_CHOSEN"


@dataclass(frozen=True)
class Traced:
    """What a run of all tests has shown. Tests are named as pytest names them."""

    seconds: dict[str, float]  # of each test
    tests: dict[str, dict[int, list[str]]]  # module -> line -> those that run it

    @classmethod
    def read(cls, path: Path) -> "Traced":
        written = json.loads(path.read_text("utf-8"))
        lines = {module: {int(at): names for at, names in of.items()} for module, of in written["tests"].items()}
        return cls(written["seconds"], lines)

    def near(self, module: str, lines: range) -> list[str]:
        """The tests that run a line of a module, the quickest first."""
        running = {name for at in lines for name in self.tests.get(module, {}).get(at, ())}
        return sorted(running & self.seconds.keys(), key=self.seconds.__getitem__)


class _Tracing:
    def __init__(self, room: str, written: Path) -> None:
        self._written = written
        self._coverage = coverage.Coverage(data_file=None, source=[room], messages=False)
        self._coverage.start()
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self._coverage.switch_context(item.nodeid)
        started = time.monotonic()
        yield
        self._seconds[item.nodeid] = time.monotonic() - started
        self._coverage.switch_context("")

    def pytest_sessionfinish(self):
        self._coverage.stop()
        data = self._coverage.get_data()
        here = Path.cwd()
        tests = {
            Path(file).relative_to(here).as_posix(): {
                line: [name for name in names if name] for line, names in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        self._written.write_text(json.dumps({"seconds": self._seconds, "tests": tests}), "utf-8")


class _Choosing:
    """Thousands of tests, in an order of their own: more than a command can name."""

    def __init__(self, chosen: Path) -> None:
        self._places = {name: place for place, name in enumerate(json.loads(chosen.read_text("utf-8")))}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (item for item in items if item.nodeid in self._places), key=lambda item: self._places[item.nodeid]
        )


def pytest_configure(config):
    if CHOSEN in os.environ:
        config.pluginmanager.register(_Choosing(Path(os.environ[CHOSEN])))
    if ROOM in os.environ:
        config.pluginmanager.register(_Tracing(os.environ[ROOM], Path(os.environ[WRITTEN])))
