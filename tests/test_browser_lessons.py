"""The lessons in a real Chromium: a newcomer goes through them with real clicks and keys."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from support.browser import (
    CELL,
    address_code,
    boxes,
    button,
    cells,
    exact,
    fill_sentence,
    heading,
    sentence,
    settle,
    turn_to,
    type_number,
    undo_and_redo,
    until,
    written,
)

from attention_core import OPENING
from attention_core.lessons import Lessons
from sharing.address import to_code
from ui.course import COURSE

pytestmark = pytest.mark.browser

SCRIPTS = [lesson.script for lesson in COURSE]
PHONE = {"width": 390, "height": 844}
DRAWN = ".stVegaLiteChart :is(svg.marks, canvas.marks)"


# --- reading the page ------------------------------------------------------------------------------------------------


def open_card(page, script, number):
    lesson = COURSE[SCRIPTS.index(script)]
    page.locator(f".st-key-card_{script} button").nth(number).click()
    until(page, lambda: lesson.cards[number].title in heading(page), lesson.cards[number].title)


def told(page):
    return " ".join(page.locator(".stAlert").all_inner_texts())


def formulas(page):
    return page.locator(".katex annotation").all_text_contents()


def results(page):
    """The results of the sums on the page, as they were given to the typesetter."""
    return set(re.findall(r"\\mathbf\{[^{}]*\}", " ".join(formulas(page))))


def stage(page):
    return page.locator(".st-key-stage [aria-checked=true]").inner_text()


def ledger(page):
    """The numbers of the ledger by their places on the screen, and those places."""
    marks = page.locator("[class*=st-key-ledger] svg.marks g.mark-text.role-mark text")
    return {
        tuple(map(float, re.findall(r"-?[\d.]+", place))): text
        for place, text in marks.evaluate_all("all => all.map(e => [e.getAttribute('transform'), e.textContent])")
        if text
    }


# --- the course ------------------------------------------------------------------------------------------------------


def test_a_newcomer_comes_from_the_playground_through_every_card_and_back(visit):
    page = visit()
    fill_sentence(page, "the river and the bank")
    until(page, lambda: len(written(page)) == 5, "five words")
    turn_to(page, "Similarity")
    for lesson in COURSE:
        for number, card in enumerate(lesson.cards):
            until(page, lambda card=card: card.title in heading(page), card.title)
            until(page, lambda lesson=lesson: lesson.title in heading(page), lesson.title)
            place = f"lesson {COURSE.index(lesson) + 1} of {len(COURSE)}"
            until(page, lambda place=place: place in heading(page).replace("\N{NO-BREAK SPACE}", " "), place)
            until(page, lambda: "To do:" in told(page) or "Done." in told(page), "what is to do")
            until(page, lambda: address_code(page), "the address")
            until(page, lambda: page.locator(".stApp[data-test-script-state=notRunning]").count(), "the page")
            if number + 1 < len(lesson.cards):
                page.get_by_role("button", name=f"Next: {lesson.cards[number + 1].title}").click()
        following = COURSE[COURSE.index(lesson) + 1 :]
        name = f"Lesson: {following[0].title}" if following else "To the Playground"
        page.get_by_role("link", name=name).click()
    until(page, lambda: page.locator(".st-key-attention svg").count() and len(written(page)) == 5, "the Playground")
    until(page, lambda: sentence(page).input_value() == "the river and the bank", "the sentence")
    until(page, lambda: undo_and_redo(page) == (True, False), "undo")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_lesson_opened_by_a_link_shows_the_experiment_of_the_link_and_a_reload_keeps_it(visit, script):
    lessons = Lessons(
        vectors=((7.0, 1.0), (1.0, 7.0)), score_row=(0.1, 0.2, 0.3, 0.5), other_sentence="my bank", key_size=9, seed=4
    )
    code = to_code(replace(OPENING.build(), sentence="a bank", scaled=False, lessons=lessons))
    signs = {
        "similarity": lambda: any("7.00 \\cdot 1.00 + 1.00 \\cdot 7.00" in each for each in formulas(page)),
        "same_word": lambda: page.locator(".st-key-other_sentence input").input_value() == "my bank",
        "step_by_step": lambda: sentence(page).input_value() == "a bank",
        "three_ways": lambda: page.get_by_role("switch", name="Scaling").is_checked() is False,
        "why_scale": lambda: page.get_by_label("d_k, from 1 to 512").input_value() == "9",
        "heads": lambda: sentence(page).input_value() == "a bank",
        "transformer": lambda: sentence(page).input_value() == "a bank",
    }
    page = visit(script=script, query=f"x={code}")
    until(page, signs[script], script)
    page.reload()
    page.wait_for_selector(f".st-key-card_{script} button")
    until(page, signs[script], f"{script} after a reload")
    until(page, lambda: address_code(page) == code, "the address")


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_card_is_wider_than_a_phone_and_every_picture_has_a_name(visit, script):
    page = visit(script=script, viewport=PHONE)
    for number, card in enumerate(COURSE[SCRIPTS.index(script)].cards):
        open_card(page, script, number)
        settle(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"], card.title
        pictures = page.locator(".stVegaLiteChart")
        until(page, lambda pictures=pictures: len(boxes(page, DRAWN)) == pictures.count(), "every picture, drawn")
        assert [box for box in boxes(page, DRAWN) if box[1] < 0 or box[3] > PHONE["width"] + 1] == [], card.title
        names = pictures.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
        assert all(name and len(name) > 20 for name in names) and len(set(names)) == len(names)


# --- acting ----------------------------------------------------------------------------------------------------------


def test_a_number_typed_into_a_vector_completes_the_first_card_and_undo_brings_it_back(visit):
    page = visit(script="similarity")
    until(page, lambda: "To do:" in told(page), "what is to do")
    until(page, lambda: {r"\mathbf{11.00}", r"\mathbf{26.00}"} <= results(page), "the dot products")
    type_number(page, 0, 0, "9")  # A · C = 9·4 + 5·3
    until(page, lambda: r"\mathbf{51.00}" in results(page), "the new dot product")
    until(page, lambda: "Done." in told(page), "the card is done")
    settle(page)
    button(page, "undo").click()
    until(page, lambda: r"\mathbf{11.00}" in results(page), "the old dot product")
    until(page, lambda: cells(page)[:1] == [[-1, 5]], "the number before in the table")
    assert "Done." in told(page)  # what was learned stays learned


def test_the_second_sentence_is_followed_while_it_is_typed(visit):
    page = visit(script="same_word")
    other = page.locator(".st-key-other_sentence input")
    other.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("a tree", delay=20)
    until(page, lambda: "share no word" in told(page), "what is wrong")
    until(page, page.locator(".stDataFrame").count, "the table, as it was")
    page.keyboard.type(" at the bank", delay=20)
    until(page, lambda: "share no word" not in told(page), "all is well again")
    assert other.input_value() == "a tree at the bank"
    until(page, lambda: any(row[:1] == ["tree"] for row in rows(page)), "the new word in the table")


def rows(page):
    return page.locator(".stDataFrame table[role=grid] tbody tr").evaluate_all(
        "all => all.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )


def test_the_stages_turn_by_button_key_and_jump_and_their_cells_keep_their_places(visit):
    page = visit(script="step_by_step")
    page.wait_for_selector("[class*=st-key-ledger] svg.marks g.mark-text.role-mark text")
    assert stage(page).startswith("1")
    places = []
    for number in range(1, 8):
        until(page, lambda number=number: stage(page).startswith(str(number)), f"stage {number}")
        settle(page)
        places.append(set(ledger(page)))
        page.keyboard.press("n")
    for before, after in pairwise(places):
        assert before <= after
    assert len(places[-1]) > len(places[0])
    until(page, lambda: "Done." in told(page), "the card is done")
    until(page, lambda: button(page, "stage_to_n").is_disabled(), "the last stage")
    button(page, "stage_to_b").click()
    until(page, lambda: stage(page).startswith("6"), "a stage back")
    page.keyboard.press("b")
    until(page, lambda: stage(page).startswith("5"), "another stage back")
    page.locator(".st-key-stage button").nth(2).click()
    until(page, lambda: stage(page).startswith("3"), "a jump")
    sentence(page).click()
    page.keyboard.press("End")
    page.keyboard.type("n", delay=20)
    until(page, lambda: "bankn" in sentence(page).input_value(), "the letter in the sentence")
    settle(page)
    assert stage(page).startswith("3")  # letters that are typed are letters


def test_a_click_on_a_row_of_the_ledger_shows_its_sum(visit):
    page = visit(script="step_by_step")
    page.locator(".st-key-stage button").nth(2).click()
    until(page, lambda: any("river" in each for each in formulas(page)), "the score of river")
    page.locator("[class*=st-key-ledger] svg.marks g.mark-rect.role-mark path[aria-label^='walked, ']").first.click()
    until(page, lambda: any(r"\text{bank} \to \text{walked}" in each for each in formulas(page)), "the score of walked")


def test_a_click_on_the_diagonal_shows_that_the_first_form_does_not_score_the_word_itself(visit):
    page = visit(script="three_ways")

    def shown():
        return {letter: exact(page, f"weights_{letter}") for letter in "abc"}

    until(page, lambda: all(len(each) == 36 for each in shown().values()), "three heat maps")
    until(page, lambda: len({shown()[letter]["bank", "river"] for letter in "ab"}) == 2, "other weights in each")
    page.locator(f"[class*=st-key-weights_b] {CELL}").first.click()
    until(page, lambda: "Done." in told(page), "the card is done")
    until(page, lambda: any("it may not look there" in each for each in formulas(page)), "the sum of (a)")


def test_a_large_d_k_is_drawn_at_once_and_told_with_its_spread(visit):
    page = visit(script="why_scale")
    field = page.get_by_label("d_k, from 1 to 512")
    field.fill("400")
    field.press("Enter")
    until(page, lambda: "With d_k = 400" in " ".join(page.locator(".stMarkdown").all_inner_texts()), "its spread")
    until(page, lambda: "Done." in told(page), "the card is done")
    until(page, lambda: re.search(r"card=\w+\.\S+", page.url), "the card's own numbers in the address")


def test_the_lectures_numbers_are_divided_by_two(visit):
    page = visit(script="three_ways")
    open_card(page, "three_ways", 3)
    until(page, lambda: sentence(page).input_value() == "hello world", "the lecture's numbers")
    until(page, lambda: {"40.000", "26.000", "20.000", "13.000"} <= set(ledger_texts(page)), "the scores, divided")


def ledger_texts(page):
    return page.locator(".stVegaLiteChart svg.marks g.mark-text.role-mark text").all_text_contents()
