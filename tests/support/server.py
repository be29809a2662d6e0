"""The app in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # One process for all pages of a visitor keeps the scripts that it has read; see tabs.py.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    # What is not on this machine is not loaded; the app has to work without.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


SERVER_PATIENCE = 60  # seconds; a busy machine imports slowly


# What tells that a page is there; a lesson is there with its cards.
READY = {
    "": (".st-key-attention svg.marks path[aria-label]", ".stDataFrame canvas td"),
    "check_my_numbers": (".st-key-numbers textarea",),
    "teach_it": (".st-key-target svg.marks g.mark-rect path",),
    "practise": (".st-key-practise_part button",),
    "worksheet": (".st-key-work_part button",),
    "take_it_with_you": (".st-key-picture_name", ".stVegaLiteChart svg.marks g.mark-rect path"),
}


Size = dict[str, int]


DESK: Size = {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Server:
    address: str
    log: Path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """The app in a process of its own, as `streamlit run app.py` starts it."""
    command = ["-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.address=127.0.0.1"]
    with running(command, log) as (server, _):
        yield server


@contextmanager
def running(
    command: Sequence[str], log: Path, *, folder: Path = ROOT, port: int = 0, **settings: str
) -> Iterator[tuple[Server, subprocess.Popen]]:
    """A server that Python is started with in `folder`, told its port by Streamlit's variable; `settings` are others'.

    What is tested is one state of the code, whoever edits it: the server does not follow it unless a setting says so.
    """
    port = port or free_port()
    environment = os.environ | {"STREAMLIT_SERVER_PORT": str(port), "PLAYGROUND_FOLLOW_CODE": "no"} | settings
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait_until_healthy(address, process, log)
        yield Server(address, log), process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SERVER_PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{address}_stcore/health", timeout=5) as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text()}")
