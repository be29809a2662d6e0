"""A connection that has died without anybody knowing, in a real Chromium: what is done meanwhile is not dropped."""

import pytest
from support.browser import settle, until

pytestmark = pytest.mark.browser

# Sends nothing while `dead`, as a connection does whose other end is gone.
SOCKETS = """
const Real = WebSocket;
window.sockets = [];
window.WebSocket = class extends Real {
  constructor(...given) { super(...given); window.sockets.push(this); }
  send(data) { if (!window.dead) super.send(data); }
};
"""


def test_a_button_that_is_pressed_into_a_dead_connection_acts_once_it_is_back(visit):
    page = visit(fresh=True)
    page.add_init_script(SOCKETS)
    page.reload()
    page.wait_for_selector(".st-key-attention svg.marks path[aria-label]")
    settle(page)
    page.get_by_role("switch", name="Scaling").evaluate("one => one.click()")
    undo = page.locator(".st-key-undo button")
    until(page, undo.is_enabled, "a step that can be undone")
    settle(page)
    page.evaluate("window.dead = true")
    undo.click()
    page.wait_for_timeout(500)
    assert undo.is_enabled(), "nobody has heard of it"
    page.evaluate("window.dead = false; window.sockets.at(-1).close()")
    until(page, lambda: undo.is_disabled() and page.locator(".st-key-redo button").is_enabled(), "the step back")
    settle(page)
    assert page.get_by_role("switch", name="Scaling").is_checked()
