"""What the browser tests share: the app on a free port, a Chromium, and visitors whose consoles are watched."""

import os
import re
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
    # What is not on this machine is not loaded; the app has to work without.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SERVER_PATIENCE = 60  # seconds; a busy machine imports slowly

# What tells that a page is there; a lesson is there with its cards.
READY = {
    "": (".st-key-weights svg.marks g.mark-rect path", ".stDataFrame canvas td"),
    "check_my_numbers": (".st-key-numbers textarea",),
    "take_it_with_you": (".st-key-picture_name", ".stVegaLiteChart svg.marks g.mark-rect path"),
}

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
    command += ["--server.address=127.0.0.1", f"--server.port={port}"]
    environment = os.environ | {"PLAYGROUND_FOLLOW_CODE": "no"}  # tests of one state of the code, whoever edits it
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}/"
        wait_until_healthy(address, process, log)
        yield Server(address, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(address: str, process: subprocess.Popen, log: Path) -> None:
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


@pytest.fixture(scope="module")
def context_for(browser):
    """A browser's memory for each kind of screen. Visitors share it, so that they load the scripts once."""
    kept = {}

    def found(settings, *, fresh):
        kind = repr(sorted(settings.items()))
        if fresh or kind not in kept:
            context = browser.new_context(**settings)
            context.set_default_timeout(20_000)
            kept.setdefault(kind, context)
            return context
        return kept[kind]

    return found


@pytest.fixture
def visit(context_for, server):
    """Open a page as a visitor; afterwards no console may have told of an error of ours."""
    pages, faults = [], []

    def opened(*, script="", query="", address=server.address, viewport=DESK, fresh=False, **settings):
        page = context_for(settings | {"viewport": viewport}, fresh=fresh).new_page()
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", lambda message: faults.append(message.text) if is_fault(message, address) else None)
        page.goto(f"{address}{script}{query and '?'}{query}")
        for selector in READY.get(script, (f".st-key-card_{script} button",)):
            page.wait_for_selector(selector, state="attached")
        page.wait_for_selector(".stApp[data-test-script-state=notRunning]")
        page.evaluate("document.fonts.ready")  # so that nothing moves any more
        return page

    yield opened
    for page in pages:
        page.close()
    assert not faults


def is_fault(message, address):
    """Not what failed to load from elsewhere, nor Streamlit's first guess, on a deep link, where its server is."""
    url = message.location["url"]
    guess = re.fullmatch(r"\w+/_stcore/(health|host-config)", url.removeprefix(address))
    return message.type == "error" and url.startswith(address) and not guess
