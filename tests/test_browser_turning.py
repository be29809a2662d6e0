"""Turning from card to card and from lesson to lesson in a real Chromium: each begins at its top."""

import pytest
from support.browser import settle, turn_to, until
from support.server import DESK

from ui.course import COURSE

pytestmark = pytest.mark.browser

SIZES = {"desk": DESK, "narrow": {"width": 683, "height": 768}, "phone": {"width": 390, "height": 844}}
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def is_shown(page, lesson, card):
    heading = page.locator("h2").first.inner_text()
    return lesson.title in heading and card.title in heading


def go_down(page):
    """Near the end of a page that is long, as somebody who has read all of it."""
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    return page.evaluate(SCROLLED) > 100


def is_at_its_top(page, lesson, card):
    """The new card is there from its heading on, and whoever goes on with the keyboard begins there."""
    return is_shown(page, lesson, card) and page.evaluate(SCROLLED) == 0 and page.locator("h2").first.is_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_card_and_a_lesson_begin_at_their_tops_wherever_the_one_before_was_left(visit, size):
    page = visit(script="step_by_step", viewport=SIZES[size])
    lesson, following = COURSE[2:4]
    one, *cards = lesson.cards[:3]
    for card in cards:
        until(page, lambda one=one: is_shown(page, lesson, one) and go_down(page), f"the end of {one.title}")
        page.get_by_role("button", name=f"Next: {card.title}").click()
        until(page, lambda card=card: is_at_its_top(page, lesson, card), f"the top of {card.title}")
        until(page, lambda: page.evaluate("document.activeElement.tagName") == "H2", "where the keyboard goes on")
        one = card
    until(page, lambda: go_down(page), f"the end of {one.title}")
    page.locator(".st-key-card_step_by_step button").last.evaluate("button => button.click()")
    until(page, lambda: is_at_its_top(page, lesson, lesson.cards[-1]), f"the top of {lesson.cards[-1].title}")
    page.get_by_role("link", name=f"Lesson: {following.title}").click()
    until(page, lambda: is_at_its_top(page, following, following.cards[0]), "the top of the next lesson")


def test_what_is_changed_on_a_card_leaves_the_page_where_it_is(visit):
    page = visit(script="three_ways", viewport=SIZES["phone"])
    until(page, lambda: go_down(page), "the end of the card")
    way = page.evaluate(SCROLLED)
    page.get_by_role("switch", name="Scaling").evaluate("one => one.click()")
    until(page, lambda: "card=forms." in page.url, "the change")
    until(page, lambda: page.locator(".stApp[data-test-script-state=notRunning]").count(), "the end of the run")
    assert page.evaluate(SCROLLED) > way / 2


def test_what_was_done_and_found_is_there_again_after_a_reload_and_in_another_tab(visit):
    page = visit(script="why_scale", fresh=True)
    ticked = page.locator(".st-key-card_why_scale button").first.get_by_test_id("stIconMaterial")
    field = page.get_by_label("d_k, from 1 to 512")
    field.fill("400")
    field.press("Enter")
    until(page, lambda: ticked.count() == 1, "the tick")
    until(page, lambda: any(each["name"] == "cards" for each in page.context.cookies()), "the cookie")
    page.reload()
    until(page, lambda: field.input_value() == "400" and ticked.count() == 1, "the tick after a reload")
    last = COURSE[-1]
    page.goto(page.url.partition("/why_scale")[0] + f"/{last.script}?card={last.cards[-1].id}")
    until(page, lambda: "With d_k = 400" in page.get_by_test_id("stMain").inner_text(), "what was found")


def test_back_and_forward_between_lessons_return_to_the_card_and_its_numbers(visit):
    page = visit(script="why_scale")
    why, transformer = (next(each for each in COURSE if each.script == name) for name in ("why_scale", "transformer"))
    field = page.get_by_label("d_k, from 1 to 512")
    field.fill("400")
    field.press("Enter")
    until(page, lambda: "card=grow." in page.url, "the change")
    page.get_by_role("button", name=f"Next: {why.cards[1].title}").click()
    until(page, lambda: is_shown(page, why, why.cards[1]) and "card=saturate" in page.url, "the next card")
    turn_to(page, "Transformer")
    until(page, lambda: is_shown(page, transformer, transformer.cards[0]), "another lesson")

    def step(act, card, number, addressed):
        settle(page)
        act()
        until(page, lambda: is_shown(page, why, card) and addressed in page.url, f"{card.title} again")
        until(page, lambda: field.input_value() == number, f"{number} again")

    step(page.go_back, why.cards[1], "64", "card=saturate")
    step(page.go_back, why.cards[0], "400", "card=grow.")
    step(page.go_forward, why.cards[1], "64", "card=saturate")
    step(page.reload, why.cards[1], "64", "card=saturate")
