"""The map of learned words: no name covers another, whatever the width, and the followed word has its name."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.training_charts import sides_of_names, words_map

WIDTH, HEIGHT, PADDING = 300, 420, 46


def boxes(points, names, sides):
    """Where each name that is shown stands, once more in plain Python."""
    low, high = points.min(axis=0), points.max(axis=0)
    spread = [h - lo if h > lo else 1 for lo, h in zip(low, high, strict=True)]
    found = []
    for (x, y), name, side in zip(points, names, sides, strict=True):
        across = PADDING + (x - low[0]) / spread[0] * (WIDTH - 2 * PADDING)
        along = PADDING + (y - low[1]) / spread[1] * (HEIGHT - 2 * PADDING)
        length = 6.8 * len(name)
        begin = across + 7 if side == "right" else across - 7 - length
        if side:
            found.append((begin, along - 6.5, begin + length, along + 6.5))
    return found


def cover(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 999), st.booleans())
def test_no_name_covers_another_or_leaves_the_picture(count, seed, coarse):
    generator = np.random.default_rng(seed)
    points = generator.integers(0, 4, (count, 2)).astype(float) if coarse else generator.normal(size=(count, 2))
    names = [f"word{'x' * (at % 7)}" for at in range(count)]
    sides = sides_of_names(points, names, range(count), width=WIDTH, height=HEIGHT)
    shown = boxes(points, names, sides)
    assert sides[0], "who chooses first always has room"
    assert all(box[0] >= -1e-9 and box[2] <= WIDTH + 1e-9 for box in shown)
    assert not any(cover(one, other) for at, one in enumerate(shown) for other in shown[:at])


def test_words_that_lie_apart_are_all_named_and_of_words_in_one_place_two_are():
    apart = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    assert all(sides_of_names(apart, ["one", "two", "three"], range(3), width=WIDTH, height=HEIGHT))
    together = sides_of_names(np.zeros((4, 2)), list("abcd"), [3, 0, 1, 2], width=WIDTH, height=HEIGHT)
    assert together[3] and sorted(together) == ["", "", "left", "right"]


def test_the_followed_word_comes_first_and_then_those_that_can_be_asked_for():
    chart = words_map(np.zeros((4, 2)), ["the", "boat", "river", "bank"], ["", "what", "where", ""], followed="bank")
    named = dict(zip(chart.frame["word"], chart.frame["on_narrow"], strict=True))
    assert named["bank"] and named["boat"] and not named["the"] and not named["river"]
