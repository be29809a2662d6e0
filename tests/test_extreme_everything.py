"""Extreme numbers, and names that machines hold dear, on every card and page: all is drawn, and no picture cut off."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lesson_documents import random_document
from support.lesson_screen import CARDS, lesson, pictures
from support.screen import arrived, coded

from attention_core import VARIANTS

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)
EXTREME = (0.0, -0.0, 1.0, -1.0, 1 / 3)
SCALES = (1.0, 1e6, 1e-6, 9.4e-14, 1e-155, 1e-170, 5e-324)
NAMES = ("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "null", "undefined", "the", "nan", "cat")


@st.composite
def extreme_documents(draw):
    words = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5))
    sizes = d_model, d_k, d_v = draw(st.sampled_from([(1, 1, 1), (2, 2, 2), (4, 3, 2)]))
    scale = draw(st.sampled_from(SCALES))  # one for most numbers, so that squares and products leave the floats
    one_for_all = st.sampled_from([number * scale for number in EXTREME] * 3 + [1.0])

    def table(rows, columns):
        one_row = st.lists(one_for_all, min_size=columns, max_size=columns)
        return draw(st.lists(one_row, min_size=rows, max_size=rows))

    row = st.tuples(one_for_all, one_for_all)
    return random_document(1, " ".join(words), sizes=sizes) | {
        "rows": {word: table(1, d_model)[0] for word in dict.fromkeys(words)},
        "w_q": table(d_model, d_k),
        "w_k": table(d_model, d_k),
        "w_v": table(d_model, d_v),
        "variant": draw(st.sampled_from(list(VARIANTS))),
        "scaled": draw(st.booleans()),
        "masks": draw(st.sampled_from([(), ("causal",)])),
        "lessons": {
            "vectors": [list(draw(row)) for _ in range(3)],
            "other_sentence": " ".join(draw(st.permutations(words))),
            "score_row": list(draw(st.tuples(*[one_for_all] * 4))),
            "key_size": draw(st.sampled_from([1, 2, 512])),
            "seed": 0,
        },
    }


def assert_drawn(page):
    assert not page.exception, page.exception
    assert not any("made a mistake" in error.value for error in page.error)
    for frame in pictures(page):
        numbers = frame.select_dtypes("number").to_numpy()
        assert not np.isinf(numbers).any()
    said = " ".join(str(each.value) for each in [*page.markdown, *page.caption, *page.latex])
    without_words = re.sub("|".join(NAMES), "", said)
    assert not re.search(r"(?i)\bnan\b|(?<![a-z])inf(?![a-z])", without_words), without_words


@SETTINGS
@given(extreme_documents(), st.sampled_from(CARDS))
def test_extreme_experiments_are_drawn_on_every_card(held, card):
    assert_drawn(lesson(*card, code=coded(held)))


@settings(SETTINGS, max_examples=10)
@given(extreme_documents(), st.sampled_from(["playground", "take_it_with_you"]))
def test_extreme_experiments_are_drawn_on_the_pages(held, script):
    assert_drawn(arrived(script, x=coded(held)))
