"""The gradient by the numbers of a query, and what the card on the vanishing gradient says of its example row."""

import re

import numpy as np
import pytest
from support.lesson_screen import lesson, set_, told

from attention_core.attention import softmax
from attention_core.saturation import RANDOM_ROWS, random_scores


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("d_k", [1, 7])
def test_the_gradient_by_a_query_is_what_nudging_it_shows(d_k, scaled):
    scores = random_scores(3)
    query, keys = scores.first_query[:d_k], scores.keys[:d_k, 0].T
    scale = d_k**-0.5 if scaled else 1.0
    nudge = 1e-6 * np.eye(d_k)
    up, down = (softmax((query + sign * nudge) @ keys.T * scale) for sign in (1, -1))
    expected = np.linalg.norm((up - down) / 2e-6)
    assert scores.query_gradient(d_k, scaled=scaled)[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("d_k", [64, 300])
def test_both_gradients_are_told_and_whether_the_row_shown_is_an_exception(d_k):
    page = lesson("why_scale", 2)
    set_(page, "key_size", d_k)
    text, scores = told(page), random_scores(1)
    found = re.search(r"numbers of the query\*\*.*?\*\*([\d.]+)\*\* with scaling and \*\*([\d.]+)\*\* without", text)
    for written, scaled in zip(found.groups(), (True, False), strict=True):
        assert float(written) == pytest.approx(scores.query_gradient(d_k, scaled=scaled).mean(), abs=5.1e-5)
    slopes = [(w := scores.weights(d_k, scaled=scaled).max(axis=-1)) * (1 - w) for scaled in (True, False)]
    larger = slopes[0] > slopes[1]
    assert f"larger in **{larger.sum()} of {RANDOM_ROWS}** rows" in text
    assert ("and in this one" in text) == larger[0] and ("but not in this one" in text) == (not larger[0])
