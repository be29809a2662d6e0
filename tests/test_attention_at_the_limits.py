"""Many words, worked through a few rows at a time, and numbers beyond the range of a float."""

import warnings
from math import e, sqrt

import numpy as np
import pytest
from support.core_checks import NO, YES, exactly, kinds, same
from support.oracles import attention

from attention_core.attention import causal_mask, scaled_dot_product_attention

# --- many words: worked through a few rows at a time -----------------------------------------------------------------


def test_700_words_agree_with_a_plain_loop():
    rng = np.random.default_rng(6)
    q, k, v = rng.normal(size=(690, 5)), rng.normal(size=(701, 5)), rng.normal(size=(701, 3))
    result = scaled_dot_product_attention(q, k, v)
    worked = attention(q, k, v)
    same(result.scores, q @ k.T, 1e-12)
    same(result.scaled_scores, result.scores / sqrt(5))
    same(result.weights, worked.weights, 1e-12)
    same(result.context, worked.context, 1e-12)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("kind", ["none", "boolean", "float", "one boolean row", "causal", "boolean and causal"])
def test_a_batch_of_two_with_400_words_agrees_with_a_plain_loop(kind):
    rng = np.random.default_rng(7)
    q, k, v = rng.normal(size=(2, 400, 4)), rng.normal(size=(410, 4)), rng.normal(size=(2, 410, 3))
    allowed, added = rng.random((2, 400, 410)) < 0.3, rng.normal(size=(400, 410))
    allowed[:, 7] = False
    past = causal_mask(400, 410)
    mask, sees, adds = {
        "none": (None, None, None),
        "boolean": (allowed, allowed, None),
        "float": (added, None, added),
        "one boolean row": (allowed[0, 0], np.broadcast_to(allowed[0, 0], allowed.shape), None),
        "causal": (None, np.stack([past, past]), None),
        "boolean and causal": (allowed, allowed & past, None),
    }[kind]
    result = scaled_dot_product_attention(q, k, v, mask=mask, is_causal="causal" in kind)
    for batch in range(2):
        worked = attention(q[batch], k, v[batch], allowed=None if sees is None else sees[batch], added=adds)
        same(result.weights[batch], worked.weights, 1e-12)
        same(result.context[batch], worked.context, 1e-12)


# --- numbers beyond the range of a float -----------------------------------------------------------------------------


@pytest.fixture
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.usefixtures("no_warnings")
class TestScoresTooLargeForAFloat:
    def test_the_larger_of_two_overflowing_scores_takes_the_whole_weight(self):
        result = scaled_dot_product_attention([[1e200]], [[1e200], [2e200], [-1e200]], [[3.0], [5.0], [7.0]])
        exactly(result.scores, [[np.inf, np.inf, -np.inf]])
        exactly(result.weights, [[0, 1, 0]])
        exactly(result.context, [[5]])

    def test_equal_overflowing_scores_share_evenly(self):
        result = scaled_dot_product_attention([[1e200, 0]], [[1e200, 0], [-1e200, 0], [1e200, 0]], [[1], [2], [5]])
        exactly(result.weights, [[0.5, 0, 0.5]])
        exactly(result.context, [[3]])

    def test_a_negative_scale_turns_the_order_round(self):
        result = scaled_dot_product_attention([[1e200]], [[1e200], [2e200]], [[3.0], [5.0]], scale=-1)
        exactly(result.scaled_scores, [[-np.inf, -np.inf]])
        exactly(result.weights, [[1, 0]])

    def test_a_scale_that_brings_them_back_gives_ordinary_weights(self):
        result = scaled_dot_product_attention([[1e200]], [[1e200], [0.0]], [[1.0], [0.0]], scale=0)
        exactly(result.weights, [[0.5, 0.5]])
        result = scaled_dot_product_attention([[2.0**520]], [[2.0**520], [0.0]], [[1.0], [0.0]], scale=2.0**-1040)
        exactly(result.scores, [[np.inf, 0]])
        exactly(result.scaled_scores, [[1, 0]])
        same(result.weights, [[e / (1 + e), 1 / (1 + e)]])

    @pytest.mark.parametrize("mask", [[[YES, NO]], [[0.0, -np.inf]]], ids=["boolean", "float"])
    def test_the_forbidden_one_stays_forbidden(self, mask):
        result = scaled_dot_product_attention([[1e200]], [[1e200], [2e200]], [[3.0], [5.0]], mask=mask)
        exactly(result.scaled_scores, [[np.inf, -np.inf]])
        exactly(result.weights, [[1, 0]])
        exactly(result.context, [[3]])

    @pytest.mark.parametrize("mask", [[[NO, NO]], [[-np.inf, -np.inf]]], ids=["boolean", "float"])
    def test_a_word_that_may_look_nowhere_gets_zeros(self, mask):
        result = scaled_dot_product_attention([[1e200]], [[1e200], [2e200]], [[3.0], [5.0]], mask=mask)
        exactly(result.scaled_scores, [[-np.inf, -np.inf]])
        exactly(result.weights, [[0, 0]])
        exactly(result.context, [[0]])

    def test_another_row_that_does_not_overflow_keeps_its_ordinary_scores(self):
        result = scaled_dot_product_attention([[1e20], [1e200]], [[1e-20], [0.0], [-1e200]], [[1.0], [0.0], [9.0]])
        same(result.scores[0], [1, 0, -1e220])
        same(result.weights[0], [e / (1 + e), 1 / (1 + e), 0])

    def test_another_row_that_does_not_overflow_keeps_its_float_mask(self):
        result = scaled_dot_product_attention(
            [[0.0], [1e200]], [[1e200], [1e200]], [[4.0], [8.0]], mask=[[0.0, np.log(3)], [0.0, 0.0]]
        )
        same(result.weights, [[1 / 4, 3 / 4], [1 / 2, 1 / 2]])

    def test_a_huge_scale_gives_infinite_scores_and_no_nan(self):
        result = scaled_dot_product_attention(np.ones((1, 16)), np.ones((2, 16)), [[1.0], [3.0]], scale=1e308)
        exactly(result.scaled_scores, [[np.inf, np.inf]])
        exactly(result.weights, [[0.5, 0.5]])

    def test_values_near_the_largest_there_are_give_a_finite_context(self):
        largest = np.finfo(float).max / 2  # beyond, rounding may take an average past the largest float
        scores = np.random.default_rng(8).normal(size=(200, 40))
        values = np.tile([[largest, -largest]], (40, 1))
        context = scaled_dot_product_attention(scores, np.eye(40), values).context
        same(context / largest, np.tile([[1.0, -1.0]], (200, 1)), 1e-12)

    def test_a_float_mask_of_the_largest_numbers_there_are_only_decides(self):
        largest = np.finfo(float).max
        result = scaled_dot_product_attention([[1.0]], [[1.0], [1.0]], [[3.0], [5.0]], mask=[[-largest, largest]])
        exactly(result.weights, [[0, 1]])

    def test_float32_overflows_earlier_and_is_right_as_well(self):
        for size, scale in ((1e30, None), (1e15, 1e10)):
            q, k, v = np.float32([[size]]), np.float32([[size], [2 * size]]), np.float32([[3], [5]])
            result = scaled_dot_product_attention(q, k, v, scale=scale)
            exactly(result.scaled_scores, [[np.inf, np.inf]])
            exactly(result.weights, [[0, 1]])
            assert kinds(result) == {np.dtype(np.float32)}

    def test_of_a_batch_each_gets_what_it_would_get_alone(self):
        q = np.array([[[1e200], [1.0]], [[1.0], [2.0]], [[-1e200], [0.0]]])
        k = np.array([[[1e200], [2e200]], [[3.0], [1.0]], [[1e200], [1e199]]])
        v = np.array([[[3.0], [5.0]], [[1.0], [2.0]], [[7.0], [9.0]]])
        together = scaled_dot_product_attention(q, k, v)
        for at in range(3):
            alone = scaled_dot_product_attention(q[at], k[at], v[at])
            for step in ("scores", "scaled_scores", "weights", "context"):
                exactly(getattr(together, step)[at], getattr(alone, step))
        exactly(together.weights[0], [[0, 1], [0, 1]])
        exactly(together.weights[2, 0], [0, 1])
        same(together.weights[1, 1], [e**4 / (1 + e**4), 1 / (1 + e**4)], 1e-12)
