"""axe finds nothing of ours on any page and any card of a lesson."""

import pytest
from support.axe import assert_bars_nobody
from support.browser import heading, until

from ui.course import COURSE

pytestmark = pytest.mark.browser

NARROWEST = {"width": 360, "height": 800}


@pytest.mark.parametrize("script", ["", "teach_it", "practise", "worksheet", "check_my_numbers", "take_it_with_you"])
def test_a_page_bars_nobody(visit, script):
    assert_bars_nobody(visit(script=script))


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.script)
def test_no_card_of_a_lesson_bars_anybody(visit, lesson):
    page = visit(script=lesson.script)
    for number, card in enumerate(lesson.cards):
        if number:
            page.locator(f".st-key-card_{lesson.script} button").nth(number).click()
        until(page, lambda card=card: card.title in heading(page), card.title)
        assert_bars_nobody(page)


@pytest.mark.parametrize("script", ["", "teach_it"])
def test_the_dark_theme_on_a_phone_bars_nobody(visit, script):
    assert_bars_nobody(visit(script=script, viewport=NARROWEST, color_scheme="dark"))
