"""A batch gives what its members give one by one, also where numbers are too large for a float."""

from fractions import Fraction

import numpy as np
import pytest

from attention_core import scaled_dot_product_attention

LARGE = {"moderate": 1.0, "scores beyond the largest float": 1e200, "some of both": np.array([1.0, 1e200, 1e-3])}
STEPS = ("scores", "scaled_scores", "weights", "context")


def drawn(size):
    random = np.random.default_rng(11)
    scale = np.broadcast_to(size, 3)[:, None, None]
    return random.normal(size=(3, 4, 2)) * scale, random.normal(size=(3, 5, 2)) * scale, random.normal(size=(3, 5, 6))


@pytest.mark.parametrize("mask", ["none", "boolean", "float"])
@pytest.mark.parametrize("size", LARGE)
def test_a_batch_gives_what_its_members_give_one_by_one(size, mask):
    query, key, value = drawn(LARGE[size])
    allowed = np.random.default_rng(3).random((3, 4, 5)) < 0.6
    masks = {"none": None, "boolean": allowed, "float": np.where(allowed, 0.5, -np.inf)}[mask]
    together = scaled_dot_product_attention(query, key, value, mask=masks)
    for at in range(3):
        alone = scaled_dot_product_attention(query[at], key[at], value[at], mask=None if masks is None else masks[at])
        for step in STEPS:
            np.testing.assert_allclose(getattr(together, step)[at], getattr(alone, step), rtol=1e-12, atol=1e-300)


def test_keys_that_all_members_share_are_used_for_each():
    query, key, value = drawn(1e200)
    together = scaled_dot_product_attention(query, key[0], value[0])
    for at in range(3):
        alone = scaled_dot_product_attention(query[at], key[0], value[0])
        np.testing.assert_array_equal(together.weights[at], alone.weights)


@pytest.mark.parametrize("size", LARGE)
def test_no_number_of_a_batch_is_missing(size):
    result = scaled_dot_product_attention(*drawn(LARGE[size]), is_causal=True)
    assert not any(np.isnan(getattr(result, step)).any() for step in STEPS)
    np.testing.assert_allclose(result.weights.sum(axis=-1), 1, rtol=1e-12)


def test_in_a_batch_too_the_very_largest_score_takes_all_weight_where_several_overflow():
    query, key, value = drawn(1e200)
    result = scaled_dot_product_attention(query, key, value)
    assert (np.isposinf(result.scores).sum(axis=-1) > 1).any(), "floats cannot tell these apart"
    for at in range(3):
        for row in range(4):
            exact = [
                sum(Fraction(q) * Fraction(k) for q, k in zip(query[at, row], one, strict=True)) for one in key[at]
            ]
            assert result.weights[at, row].tolist() == [float(score == max(exact)) for score in exact]
