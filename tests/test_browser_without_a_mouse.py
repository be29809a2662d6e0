"""Cards in a real Chromium without a mouse, one for each kind of control: with the keyboard alone, and with a finger.

`python benchmarks/course_by_hand.py` does all of them.
"""

import pytest
from support.by_hand import HANDS, is_done, open_card, solve

pytestmark = pytest.mark.browser

PHONE, TABLET = {"width": 390, "height": 844}, {"width": 820, "height": 1180}


@pytest.mark.parametrize("card", ["three_ways/context", "step_by_step/every"])  # a table and its cell; two words
def test_a_card_is_done_with_the_keyboard_alone(visit, card):
    script, one = card.split("/")
    page = visit(script=script, query=f"card={one}")
    open_card(page)
    solve(HANDS["keys"](page), card)
    is_done(page)


@pytest.mark.parametrize(("card", "size"), [("three_ways/context", TABLET), ("transformer/at_once", PHONE)])
def test_a_card_is_done_with_a_finger_alone(visit, card, size):
    """On a tablet the choice of the table is not under its toolbar; a slider is moved on a phone."""
    script, one = card.split("/")
    page = visit(script=script, query=f"card={one}", viewport=size, has_touch=True)
    open_card(page)
    solve(HANDS["touch"](page), card)
    is_done(page)
