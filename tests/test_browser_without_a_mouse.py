"""Cards that a click completes, in a real Chromium without a mouse: with the keyboard alone, and with a finger."""

import pytest
from support.browser import CELL, soon, until
from support.server import DESK

from ui.tasks import TASKS
from ui.tasks.task import Choose, shown_by

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MOST_TABS = 12  # from one thing that belongs to a task to the next
FOCUSED = "document.activeElement.getAttribute('aria-label') || ''"
# Those whose solution is a cell, with that cell and the one that is chosen at first.
CELLS = {}
for _name, _task in TASKS.items():
    _start = _task.document("", 1)
    if isinstance(_task.solution[0], Choose):
        CELLS[_name] = (
            _task.solution[0].cell(shown_by(_start)),
            shown_by(_start).cell,
            shown_by(_start).calculation.labels,
        )


def opened(visit, name, **settings):
    script, card = name.split("/")
    page = visit(script=script, query=f"card={card}", **settings)
    until(page, lambda: page.locator("h2").count() and "To do:" in told(page), "what is to do")
    return page


def told(page):
    return " ".join(page.locator(".stAlert").all_inner_texts())


def tab_to(page, label):
    """Tab until the field of that label has the focus; how many keys that took."""
    for keys in range(1, 80):
        page.keyboard.press("Tab")
        if label in page.evaluate(FOCUSED):
            return keys
    pytest.fail(f"{label} cannot be reached")


def choose(page, label, word):
    """Type a word into the focused box, and take it."""
    page.keyboard.type(word, delay=20)
    until(page, lambda: page.locator("[role=option]").count() >= 1, f"{word} among the options of {label}")
    page.keyboard.press("Enter")
    until(page, lambda: f"Selected {word}" in page.evaluate(FOCUSED), f"{word} chosen as {label}")


@pytest.mark.parametrize("name", CELLS)
def test_what_a_click_does_on_a_card_the_keyboard_does_too(visit, name):
    page = opened(visit, name, viewport=DESK)
    page.locator("h2").first.evaluate("heading => { heading.tabIndex = -1; heading.focus() }")
    cell, first, labels = CELLS[name]
    keys = []
    for label, now, before in zip(("Follow this word", "Word it looks at"), cell, first, strict=True):
        keys.append(tab_to(page, label))
        if now != before:
            choose(page, label, labels[now])
    until(page, lambda: "Done." in told(page), f"the card is done, after {keys} tabs")
    assert keys[1] <= MOST_TABS, "from the one word to the other"


@pytest.mark.parametrize("name", CELLS)
def test_what_a_click_does_on_a_card_a_finger_does_too(visit, name):
    page = opened(visit, name, viewport=PHONE, has_touch=True)
    (row, column), _, labels = CELLS[name]
    cells = page.locator(f"[class*=st-key-weights] {CELL}")
    until(page, lambda: cells.count() >= len(labels) ** 2, "the heat map")

    def tapped():
        cells.nth(row * len(labels) + column).tap()
        return soon(page, lambda: "Done." in told(page))

    until(page, tapped, "the card is done")
