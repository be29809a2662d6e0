"""What tests are given: the app on a free port, a Chromium, and visitors whose consoles are watched.

Streamlit and the app are imported only by what needs them, so that a test of the core starts at once.
"""

import os
import re
import shutil

import pytest

pytest.register_assert_rewrite("support")  # before it is imported: its assertions tell what differs too

from support.server import BROWSER_ARGUMENTS, BROWSERS, DESK, READY, ROOT, serving  # noqa: E402
from support.tabs import Tabs  # noqa: E402


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as started:
        yield started


def one_browser(fixture_name, config):
    """One for all tests of a process where only those with a browser run. Elsewhere one a module: Playwright keeps an
    event loop running until it is closed, and tests without a browser need their own."""
    return "session" if config.getoption("markexpr") == "browser" else "module"


@pytest.fixture(scope=one_browser)
def browser():
    """A Chromium that is there already."""
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


@pytest.fixture(scope=one_browser)
def tabs(browser):
    """The pages of all visitors of a process."""
    return Tabs(browser)


@pytest.fixture
def visit(tabs, server):
    """Open a page as a visitor; afterwards neither a console nor the server may have told of an error of ours."""
    pages, heard, faults, logged = [], [], [], server.log.stat().st_size

    def listen(page, event, told):
        page.on(event, told)
        heard.append((page, event, told))

    def opened(*, script="", query="", address=server.address, viewport=DESK, fresh=False, **settings):
        page = tabs.take(settings | {"viewport": viewport}, fresh=fresh)
        pages.append(page)
        listen(page, "pageerror", lambda error: faults.append(f"uncaught: {error}"))
        listen(page, "console", lambda message: is_fault(message, address) and faults.append(message.text))
        page.goto(f"{address}{script}{query and '?'}{query}")
        hidden = {".stDataFrame canvas td"} if "class=tables" in query else set()  # what the link hides does not come
        for selector in READY.get(script, (f".st-key-card_{script} button",)):
            if selector not in hidden:
                page.wait_for_selector(selector, state="attached")
        page.wait_for_selector(".stApp[data-test-script-state=notRunning]")
        page.evaluate("document.fonts.ready")  # so that nothing moves any more
        return page

    yield opened
    for page, event, told in heard:
        page.remove_listener(event, told)
    for page in pages:
        tabs.give_back(page)
    assert not faults
    log = server.log.read_bytes()[logged:].decode()
    assert not of_ours(log), log


def is_fault(message, address):
    """Not what failed to load from elsewhere, nor Streamlit's first guess, on a deep link, where its server is."""
    url = message.location["url"]
    guess = re.fullmatch(r"\w+/_stcore/(health|host-config)", url.removeprefix(address))
    return message.type == "error" and url.startswith(address) and not guess


def of_ours(log):
    """Whether a server's log tells of a mistake of ours. A visitor who leaves in the middle of a message may make
    Streamlit's own connection fail."""
    return re.search("could not be drawn|Uncaught app", log) or any(str(ROOT / room) in log for room in ("ui", "pages"))


@pytest.fixture
def small_blocks(monkeypatch):
    """A few hundred words are then enough to be worked through a few rows at a time."""
    monkeypatch.setattr("attention_core.numerical_care._BLOCK_BYTES", 1 << 16)


@pytest.fixture
def workshop(monkeypatch):
    """Files of Take it with you are made at once, in the process of the test."""
    from support.take_away_screen import FakeWorkshop

    replacement = FakeWorkshop()
    monkeypatch.setattr("ui.take_away.WORKSHOP", replacement)
    return replacement


@pytest.fixture
def handed_over(monkeypatch):
    """What was handed to Streamlit for the browser: the id or address that the button has -> name, type and content."""
    from streamlit.runtime.media_file_manager import MediaFileManager

    found = {}

    def watched(handing_over):
        def hand_over(manager, content, mime, *args, **kwargs):
            reference = handing_over(manager, content, mime, *args, **kwargs)
            found[reference] = (kwargs.get("file_name"), mime, content)
            return reference

        return hand_over

    for name in ("add", "add_deferred"):
        monkeypatch.setattr(MediaFileManager, name, watched(getattr(MediaFileManager, name)))
    return found
