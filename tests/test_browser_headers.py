"""Under the headers that the app is served with, every page works and nothing is blocked."""

import json

import pytest
from support.server import DESK

from serving.fronts import FRONTS

pytestmark = pytest.mark.browser

PAGES = ("", *(name for name in FRONTS if name not in ("", "playground")))


@pytest.mark.parametrize("script", PAGES)
def test_nothing_that_a_page_needs_is_refused_by_its_policy(visit, script):
    page = visit(script=script)
    closed = page.locator("details:not([open]) > summary")
    for _ in range(min(closed.count(), 6)):
        closed.first.click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.refused") == []


def test_a_script_that_somebody_smuggled_into_the_page_does_not_run(visit):
    page = visit()
    page.evaluate(
        r"""() => {
            const inline = document.createElement('script');
            inline.textContent = 'window.smuggled = true';
            document.head.append(inline);
            const foreign = document.createElement('script');
            foreign.src = 'http://127.0.0.1:9/evil.js';
            document.head.append(foreign);
            setTimeout(() => { try { new Function('window.smuggled = true')() } catch {} }, 0);
            fetch('http://127.0.0.1:9/').catch(() => 0);
        }"""
    )
    page.wait_for_function("window.refused.length >= 4")
    assert page.evaluate("window.smuggled") is None
    assert {entry.split()[0] for entry in page.evaluate("window.refused")} == {
        "script-src-elem",
        "script-src",
        "connect-src",
    }


def test_a_page_of_another_site_may_not_show_the_app_in_a_frame_but_the_app_itself_may(tabs, server):
    page = tabs.take({"viewport": DESK}, fresh=True)
    body = f"<iframe src={json.dumps(server.address)}></iframe>"
    for site in ("http://course.test/", f"{server.address}framing"):
        page.route(site, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://course.test/")
    page.wait_for_timeout(500)
    assert not page.frames[1].url.startswith(server.address)
    page.goto(f"{server.address}framing")
    page.frame_locator("iframe").locator(".stApp").wait_for()
    tabs.give_back(page)
