"""A worksheet on a phone, with the keyboard alone: what is hidden is not in the page, what is typed is handed in."""

from urllib.parse import urlsplit

import pytest
from support.browser import settle, until
from support.classroom import CODE, RIGHT, SLIPPED, WORKSHEET

from exercises import hand_in as hand_ins

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def handed_in(page):
    """What the address holds."""
    parts = dict(part.split("=", 1) for part in urlsplit(page.url).query.split("&"))
    return hand_ins.from_code(parts.get("h", ""), WORKSHEET)


def said(page):
    """What the picture's cells tell those who cannot see."""
    cells = page.locator("svg.marks path[aria-label^='weights, ']")
    return cells.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")


def test_a_task_is_done_on_a_phone_with_the_keyboard_and_hides_its_answer_until_then(visit):
    page = visit(script="worksheet", query=f"w={CODE}", viewport=PHONE)
    until(page, lambda: len(said(page)) == 36 and all(each.endswith(": ?") for each in said(page)), "hidden weights")
    assert RIGHT not in page.locator(".stMain").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Your number").focus()
    page.keyboard.type(SLIPPED)
    page.keyboard.press("Enter")
    page.get_by_text("Your number comes out if the scores were not scaled").wait_for()
    settle(page)
    page.get_by_label("Your number").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")
    until(page, lambda: f"weights, bank → river: {RIGHT}" in said(page), "the weights once they are found out")
    until(page, lambda: handed_in(page).answers[0].text == RIGHT, "the answer in the address")
    settle(page)
    page.reload()
    until(page, lambda: page.get_by_label("Your number").input_value() == RIGHT, "the answer after a reload")
    assert handed_in(page).answers[0].tried == (SLIPPED,)
