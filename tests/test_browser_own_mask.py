"""One's own mask in a real Chromium: looks forbidden by clicks in the picture, and in its table with the keyboard."""

from dataclasses import replace

import pytest
from support.browser import address_code, cell_of, exact, settle, until

from attention_core import OPENING
from sharing.address import from_code, to_code

pytestmark = pytest.mark.browser

MASKED = to_code(replace(OPENING.build(), masks=("own_mask",)))
LOOK = ("bank", "river")


def forbidden(page):
    return from_code(address_code(page)).forbidden


def test_a_click_forbids_a_look_another_allows_it_again_and_clicks_show_sums_once_it_is_off(visit):
    page = visit(query=f"x={MASKED}")
    until(page, lambda: exact(page)[LOOK] == "0.57", "the weight")
    page.locator(".st-key-click_to_forbid label").first.click()
    until(page, lambda: page.get_by_role("switch", name="Click to forbid").is_checked(), "clicks that forbid")
    settle(page)
    cell_of(page, "weights", 5, 4).click()
    until(page, lambda: exact(page)[LOOK] == "not allowed" and forbidden(page) == ((5, 4),), "no look at river")
    settle(page)
    cell_of(page, "scores", 5, 4).click()  # of any picture that shows the look
    until(page, lambda: exact(page)[LOOK] == "0.57" and forbidden(page) == (), "the look again")
    settle(page)
    page.locator(".st-key-click_to_forbid label").first.click()
    until(page, lambda: not page.get_by_role("switch", name="Click to forbid").is_checked(), "clicks that show")
    settle(page)
    cell_of(page, "weights", 5, 5).click()
    until(page, lambda: page.get_by_role("button", name="Forbid bank → bank").count(), "the number that was clicked")
    assert forbidden(page) == ()


def test_the_keyboard_alone_forbids_a_look_in_the_table_and_allows_it_again(visit):
    page = visit(query=f"x={MASKED}")
    opener = page.get_by_role("button", name="As a table")
    until(page, lambda: opener.is_visible(), "the table's button")
    settle(page)
    opener.focus()
    page.keyboard.press("Enter")
    grid = page.locator("[class*=st-key-forbidden] [data-testid=stDataFrame]")
    until(page, lambda: grid.is_visible(), "the table")
    settle(page)
    grid.locator("canvas").first.focus()
    page.keyboard.press("ArrowRight")  # from the first word's name to its look at itself
    page.keyboard.press("Space")
    until(page, lambda: forbidden(page) == ((0, 0),) and exact(page)["We", "We"] == "not allowed", "no look at itself")
    settle(page)
    page.keyboard.press("Space")
    until(page, lambda: forbidden(page) == () and exact(page)["We", "We"] != "not allowed", "the look again")
