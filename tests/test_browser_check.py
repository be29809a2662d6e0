"""Check my numbers in a real Chromium: paste, see what is off, click a number, go on in the Playground."""

from urllib.parse import urlsplit

import pytest
from support.browser import box_of, settle, turn_to, until, written

pytestmark = pytest.mark.browser

SCRIPT = "check_my_numbers"
PHONE = {"width": 390, "height": 844}
HOMEWORK = """Q
[[1, 0], [0, 2]]
K
[[1, 1], [0, 1]]
V
[[1, 2], [3, 4]]
Scores
[[1, 0], [2, 2]]
Weights
[[0.67, 0.33], [0.50, 0.50]]
Context
[[1.66, 2.66], [2.10, 3.00]]
"""  # scaled by √2; 2.10 should be 2.00


def paste(page, text):
    page.locator(".st-key-numbers textarea").fill(text)
    page.locator(".st-key-numbers textarea").press("ControlOrMeta+Enter")


def told(page):
    return " ".join(page.locator(".stAlert").all_inner_texts())


def formulas(page):
    return page.locator(".katex annotation").all_text_contents()


def prose(page):
    return " ".join(page.locator(".stMarkdown").all_inner_texts())


def test_what_is_pasted_is_checked_and_the_number_that_is_off_shows_its_sum(visit):
    page = visit(script=SCRIPT)
    paste(page, HOMEWORK)
    until(page, lambda: "misprint: the context vector of word 2, number 1" in told(page), "the verdict")
    until(page, lambda: "is printed 2.10, but it is 2.0000" in prose(page), "what it should be")
    until(page, lambda: any(r"\mathbf{2.0000}" in each for each in formulas(page)), "the sum that makes it")
    paste(page, HOMEWORK.replace("2.10", "2.00"))
    until(page, lambda: "numbers that could be checked are right" in told(page), "all right")


def test_a_click_on_a_number_shows_how_it_is_made(visit):
    page = visit(script=SCRIPT)
    paste(page, HOMEWORK)
    until(page, lambda: page.locator(".stDataFrame").count() == 12, "the tables read and the tables judged")
    settle(page)
    table = page.locator(".st-key-verdicts_scores_1")
    table.scroll_into_view_if_needed()
    box = box_of(page, table.locator("canvas").first)
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 36 + 17)
    until(page, lambda: "score (word 1, word" in prose(page), "the score that was clicked")


def test_an_example_loads_and_goes_on_in_the_playground(visit):
    page = visit(script=SCRIPT)
    page.get_by_role("combobox", name="Load an example").fill("she likes")
    page.get_by_role("option", name="she likes coffee").click()
    until(page, lambda: "numbers that could be checked are right" in told(page), "the verdict")
    page.get_by_role("button", name="Open in the Playground").click()
    page.wait_for_selector(".st-key-attention svg.marks path[aria-label]")
    until(page, lambda: written(page)[0] == ["0.3357", "0.3000", "0.3643"], "the example's weights")
    turn_to(page, "Check")
    until(page, lambda: "numbers that could be checked are right" in told(page), "the numbers are still there")


def test_a_reload_and_a_link_bring_the_numbers_back(visit):
    page = visit(script=SCRIPT)
    paste(page, HOMEWORK)
    until(page, lambda: "looks like a misprint" in told(page) and "n=" in page.url, "the verdict, and the address")
    settle(page)
    page.reload()
    until(page, lambda: "looks like a misprint" in told(page), "the verdict after a reload")
    until(page, lambda: page.locator(".st-key-numbers textarea").input_value() == HOMEWORK, "the numbers")
    other = visit(script=SCRIPT, query=urlsplit(page.url).query, fresh=True)
    until(other, lambda: "looks like a misprint" in told(other), "the verdict in another browser")
    paste(other, HOMEWORK.replace("2.10", "2.00"))
    until(other, lambda: "are right" in told(other), "other numbers")
    turn_to(other, "Playground")
    other.wait_for_selector(".st-key-attention svg")
    turn_to(other, "Check")
    until(other, lambda: "are right" in told(other) and "n=" in other.url, "the other numbers are still there")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_verdicts_come_first(visit, scheme):
    page = visit(script=SCRIPT, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme)
    paste(page, HOMEWORK)
    until(page, lambda: "looks like a misprint" in told(page), "the verdict")
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]
    found, understood = page.locator(".st-key-verdicts_context_1"), page.locator(".st-key-understood")
    assert box_of(page, found)["y"] < box_of(page, understood)["y"]
