"""What is said of a change to those who do not see it, and where it is left for the page's script to say."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, arrived, edit, press, widget

from attention_core import OPENING
from presentation.announcement import announcement

RIVER = OPENING.build()
BANK = 5


def said(page):
    found = [each for each in page.get("html") if "<p>" in each.proto.body]
    return found[0].proto.body.removeprefix("<p>").removesuffix("</p>") if found else None


def test_scaling_off_is_told_with_the_numbers_that_moved_most():
    told = announcement(replace(RIVER, scaled=False), RIVER, BANK)
    assert told == (
        "Scaling is off; the context of bank moves, water 0.64 to 0.89, living 0.05 to 0.01, action 0.05 to 0.01, "
        "money 0.07 to 0.04."
    )


def test_a_cell_is_told_by_its_row_and_column_with_what_it_was():
    one = RIVER.embeddings.copy()
    one[3, 2] = 1.5
    told = announcement(RIVER.with_embeddings(one), RIVER, 0)
    assert told.startswith("Embeddings: the, water is 1.5, before 0; the context of We moves, water 0.08 to 0.17.")
    many = announcement(replace(RIVER, w_q=np.zeros((4, 4))), RIVER, BANK)
    assert many.startswith("W_Q: 5 numbers changed; the context of bank moves, ")


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"variant": "similarity"}, "The way to attend is now Similarity; "),
        ({"masks": ("causal",)}, "Masks: Causal mask; the context of bank stays as it was."),
        ({"divisor": 3.0}, "The divisor is 3; "),
        ({"decimals": 4}, "Numbers are shown with 4 decimals."),
        ({"split_into": "characters"}, "The sentence is split into characters; "),
        ({"neighbours": 3}, "A setting changed; the context of bank stays as it was."),
    ],
)
def test_each_setting_is_told(changed, begins):
    assert announcement(replace(RIVER, **changed), RIVER, BANK).startswith(begins)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"key_size": 1}, "A query and a key have 1 number now."),
        ({"seed": 9}, "Other random vectors, seed 9."),
        ({"vectors": ((-1.0, 5.0), (5.0, 2.0), (4.0, 7.0))}, "Vectors: C, d2 is 7, before 3."),
        ({"vectors": ((1.0, 2.0), (3.0, 4.0))}, "Vectors: now 2 rows and 2 columns."),
    ],
)
def test_a_number_of_a_lesson_is_told_alone(changed, told):
    lessons = replace(RIVER.lessons, **changed)
    assert announcement(replace(RIVER, lessons=lessons), RIVER, BANK) == told


def test_a_sentence_is_told_shortened_and_a_word_that_left_is_not_followed():
    told = announcement(RIVER.with_sentence("river " * 60), RIVER, BANK)
    assert told.startswith("The sentence is now “river river") and "…”; river·6 has no numbers from before" in told
    assert len(told) < 300
    assert "; bank has no numbers from before" in announcement(RIVER.resized(d_v=2), RIVER, BANK)


def test_a_long_sentence_is_told_without_working_it_out_again(monkeypatch):
    long = RIVER.with_sentence(" ".join(f"w{at}" for at in range(400)))

    def never(*given):
        raise AssertionError("it was worked out")

    monkeypatch.setattr("presentation.announcement.attend", never)
    assert announcement(replace(long, scaled=False), long, 399) == "Scaling is off."


def test_nothing_is_said_before_a_change_and_each_one_once_it_is_made():
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert said(page) is None
    edit(page, "embeddings", {"water": 1.0}, row=3)
    assert said(page).startswith("Embeddings: the, water is 1, before 0;")
    press(page, "undo")
    assert said(page).startswith("Embeddings: the, water is 0, before 1;")


def test_a_change_on_a_card_is_said_and_people_s_words_are_text():
    page = arrived("three_ways")
    assert said(page) is None
    widget(page, "scaled").set_value(False).run()
    assert said(page).startswith("Scaling is off;")
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    widget(page, "sentence").set_value("<b>bold</b> & <script>x</script>").run()
    assert "&lt;b&gt;bold" in said(page) and "<script" not in said(page)
