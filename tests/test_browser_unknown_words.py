"""Telling what an unknown word is like, in a real Chromium."""

import pytest
from support.browser import button, fill_sentence, row_of_table, settle, undo_and_redo, until

from attention_core.lexicon import lexicon

pytestmark = pytest.mark.browser

ZORP = 1  # its row in "the zorp swam to the bank"


def asked(visit):
    page = visit()
    fill_sentence(page, "the zorp swam to the bank")
    opener = page.get_by_role("button", name="“zorp” is unknown: what is it like?")
    until(page, lambda: opener.count() == 1, "the question")
    until(page, lambda: row_of_table(page, ZORP)[:4] == [0, 0, 0, 0], "the zeros of zorp")
    settle(page)
    opener.click()
    return page


def answer(page, typed):
    field = page.get_by_role("combobox", name="“zorp” is like")
    until(page, lambda: field.is_visible(), "the field")
    field.click()
    page.keyboard.type(typed, delay=20)
    until(page, lambda: page.get_by_role("option", name=typed).count(), "what was typed, as a choice")
    page.keyboard.press("Enter")


def test_a_form_of_a_known_word_can_be_typed_and_undone(visit):
    page = asked(visit)
    answer(page, "dogs")
    until(page, lambda: row_of_table(page, ZORP)[:4] == list(lexicon()["dog"][:4]), "the numbers of dog")
    until(page, lambda: undo_and_redo(page)[0], "undo")
    page.keyboard.press("Escape")
    settle(page)
    button(page, "undo").click()
    until(page, lambda: row_of_table(page, ZORP)[:4] == [0, 0, 0, 0], "zeros again")


def test_a_word_that_is_unknown_too_is_refused_in_plain_words(visit):
    page = asked(visit)
    answer(page, "blip")
    toast = page.locator("[data-testid=stToast]")
    until(page, lambda: "“blip” is not a word that is known here either" in toast.inner_text(), "why not")
    assert row_of_table(page, ZORP)[:4] == [0, 0, 0, 0]
