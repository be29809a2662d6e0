"""Teach it in a browser: a click paints, and what learns plays on by itself, which no test without one can show."""

import pytest
from support.browser import address_code, button, settle, until

pytestmark = pytest.mark.browser


def cells(page, key):
    """The numbers of a heat map, row by row."""
    return page.locator(f".st-key-{key} svg.marks g.mark-text text").all_text_contents()


def test_a_click_paints_the_target_and_the_weights_play_towards_it(visit):
    page = visit(script="teach_it")
    picture = page.locator(".st-key-target svg.marks g.mark-rect path")
    until(page, lambda: picture.count() >= 36, "the target")
    before = address_code(page)
    picture.nth(5).click()  # the first word's row, the last word's column
    until(page, lambda: "0.50" in cells(page, "target") and address_code(page) != before, "a painted cell")
    settle(page)
    button(page, "train").click()
    page.get_by_text("after 400 steps").wait_for(timeout=60_000)
    page.get_by_text("The target is reached").wait_for()
    learned = page.locator("svg.marks").nth(1).locator("g.mark-text text")
    until(page, lambda: {"0.50", "0.49"} & set(learned.all_text_contents()), "half of its look at each")
    page.get_by_role("button", name="Play").wait_for()
