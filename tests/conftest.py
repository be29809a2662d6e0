"""What the browser tests share: the app on a free port, a Chromium, and visitors whose consoles are watched."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SERVER_PATIENCE = 60  # seconds; a busy machine imports slowly

Size = dict[str, int]
DESK: Size = {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Server:
    address: str
    log: Path


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """The app in a process of its own, as `streamlit run app.py` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", "--server.fileWatcherType=none"]
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait_until_healthy(address, process, log)
        yield Server(address, log)
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


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as started:
        yield started


@pytest.fixture(scope="module")
def browser():
    """A Chromium that is there already. Closed after its module: Playwright keeps an event loop running until then."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        told = f"no browser on the path, looked for {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def visit(browser, server):
    """Open a page as a new visitor; afterwards no console may have told of an error of ours."""
    contexts, faults = [], []

    def opened(*, code="", address=server.address, viewport=DESK, **settings):
        context = browser.new_context(viewport=viewport, **settings)
        context.set_default_timeout(20_000)
        contexts.append(context)
        # What is not on this machine is not loaded; the app has to work without.
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", lambda message: faults.append(message.text) if is_fault(message, address) else None)
        page.goto(address + (f"?x={code}" if code else ""))
        page.wait_for_selector(".st-key-weights svg.marks path[aria-roledescription='rect mark']")
        page.wait_for_selector(".stDataFrame canvas")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def is_fault(message, address):
    return message.type == "error" and message.location["url"].startswith(address)
