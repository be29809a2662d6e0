"""The cards of the lessons: short, all different, each with a thing to do."""

import re

import pytest

from ui.course import COURSE

CARDS = [(lesson, card) for lesson in COURSE for card in lesson.cards]


def test_lessons_and_cards_have_names_of_their_own():
    assert len({lesson.script for lesson in COURSE}) == len({lesson.title for lesson in COURSE}) == len(COURSE) == 7
    for lesson in COURSE:
        assert (
            len({card.id for card in lesson.cards}) == len({card.title for card in lesson.cards}) == len(lesson.cards)
        )


@pytest.mark.parametrize(("lesson", "card"), CARDS, ids=lambda each: getattr(each, "id", getattr(each, "script", "")))
def test_a_card_is_short_and_asks_for_one_thing(lesson, card):
    sentences = re.findall(r"[.!?]\)?(?: |$)", card.text)
    assert 2 <= len(sentences) <= 4, card.text
    assert len(card.text) <= 420
    assert len(card.task) <= 130 and card.task[0].isupper() and card.task[-1] in ".?"
    assert card.done[0].isupper() and card.done.endswith(".")
