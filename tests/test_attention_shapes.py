"""Shapes and kinds of numbers that attention takes, and what it refuses in plain words."""

import re

import numpy as np
import pytest
from support.core_checks import KEYS, QUERY, VALUES, exactly, kinds, same

from attention_core.attention import scaled_dot_product_attention

# --- shapes ----------------------------------------------------------------------------------------------------------


def test_each_sentence_of_a_batch_and_each_head_is_worked_on_its_own():
    rng = np.random.default_rng(2)
    q, k, v = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(2, 3, 6, 2))
    mask = rng.random((2, 3, 4, 6)) < 0.5
    together = scaled_dot_product_attention(q, k, v, mask=mask)
    assert together.weights.shape == (2, 3, 4, 6)
    assert together.context.shape == (2, 3, 4, 2)
    for at in np.ndindex(2, 3):
        alone = scaled_dot_product_attention(q[at], k[at], v[at], mask=mask[at])
        same(together.scores[at], alone.scores)
        same(together.scaled_scores[at], alone.scaled_scores)
        same(together.weights[at], alone.weights)
        same(together.context[at], alone.context)


def test_leading_dimensions_broadcast_so_that_heads_may_share_keys_and_values():
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=(3, 4, 5)), rng.normal(size=(2, 1, 6, 5)), rng.normal(size=(6, 2))
    together = scaled_dot_product_attention(q, k, v)
    assert together.scores.shape == together.scaled_scores.shape == together.weights.shape == (2, 3, 4, 6)
    assert together.context.shape == (2, 3, 4, 2)
    for batch, head in np.ndindex(2, 3):
        alone = scaled_dot_product_attention(q[head], k[batch, 0], v)
        same(together.weights[batch, head], alone.weights)
        same(together.context[batch, head], alone.context)


def test_a_batch_of_values_for_one_set_of_weights_still_keeps_every_step_for_each():
    result = scaled_dot_product_attention(QUERY, KEYS, [VALUES, np.zeros((2, 3))])
    assert result.weights.shape == (2, 1, 2)
    exactly(result.weights[0], result.weights[1])
    exactly(result.context[1], [[0, 0, 0]])


def test_no_queries_give_no_rows():
    result = scaled_dot_product_attention(np.zeros((0, 2)), KEYS, VALUES, is_causal=True)
    assert result.scores.shape == result.scaled_scores.shape == result.weights.shape == (0, 2)
    assert result.context.shape == (0, 3)


def test_no_words_at_all_give_nothing():
    result = scaled_dot_product_attention(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 3)))
    assert result.weights.shape == (0, 0)
    assert result.context.shape == (0, 3)


@pytest.mark.parametrize("mask", [None, np.zeros((2, 0), bool), np.zeros((2, 0))])
def test_with_no_keys_every_word_looks_nowhere_and_gets_zeros(mask):
    result = scaled_dot_product_attention(np.ones((2, 3)), np.ones((0, 3)), np.ones((0, 4)), mask=mask)
    assert result.weights.shape == (2, 0)
    exactly(result.context, np.zeros((2, 4)))


def test_queries_and_keys_without_numbers_give_scores_of_0():
    result = scaled_dot_product_attention(np.zeros((1, 0)), np.zeros((2, 0)), [[2.0], [4.0]])
    exactly(result.scores, [[0, 0]])
    exactly(result.context, [[3]])


def test_values_without_numbers_give_a_context_without_numbers():
    assert scaled_dot_product_attention(QUERY, KEYS, np.zeros((2, 0))).context.shape == (1, 0)


# --- kinds of numbers ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("n", [2, 400])
def test_float32_stays_float32(n):
    single = np.ones((n, 2), np.float32)
    for mask in (None, np.zeros((n, n)), np.ones((n, n), bool)):
        assert kinds(scaled_dot_product_attention(single, single, single, mask=mask)) == {np.dtype(np.float32)}


@pytest.mark.parametrize("other", [int, bool, np.float16, object])
def test_anything_else_becomes_float64(other):
    ones = np.ones((2, 2)).astype(other)
    assert kinds(scaled_dot_product_attention(ones, ones, ones)) == {np.dtype(np.float64)}
    assert kinds(scaled_dot_product_attention(ones.tolist(), ones, ones)) == {np.dtype(np.float64)}


def test_float32_and_float64_together_give_float64():
    single, double = np.ones((2, 2), np.float32), np.ones((2, 2))
    assert kinds(scaled_dot_product_attention(double, single, single)) == {np.dtype(np.float64)}
    assert kinds(scaled_dot_product_attention(single, single, double)) == {np.dtype(np.float64)}


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("size", [1.0, 1e200])
@pytest.mark.parametrize("n", [3, 400])
def test_inputs_are_never_changed(n, size):
    rng = np.random.default_rng(4)
    q, k, v = (rng.normal(size=(n, 2)) * size for _ in range(3))
    for mask in (rng.random((n, n)) < 0.5, rng.normal(size=(n, n))):
        given = [q, k, v, mask]
        before = [array.copy() for array in given]
        for array in given:
            array.setflags(write=False)
        result = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=True)
        for now, then in zip(given, before, strict=True):
            exactly(now, then)
        for step in (result.scores, result.scaled_scores, result.weights, result.context):
            assert not any(np.shares_memory(step, array) for array in given)


def test_arrays_that_lie_differently_in_memory_give_the_same_numbers():
    rng = np.random.default_rng(5)
    q, k, v = rng.normal(size=(4, 6)), rng.normal(size=(5, 6)), rng.normal(size=(5, 3))
    plain = scaled_dot_product_attention(q, k, v)
    for other in (np.asfortranarray, lambda a: np.repeat(a, 2, axis=0)[::2], lambda a: a[::-1].copy()[::-1]):
        same(scaled_dot_product_attention(other(q), other(k), other(v)).context, plain.context)


def test_an_attention_is_frozen():
    with pytest.raises(AttributeError):
        scaled_dot_product_attention(QUERY, KEYS, VALUES).weights = None


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "key", "value", "mask", "message"),
    [
        pytest.param(
            np.zeros((2, 3)),
            np.zeros((2, 2)),
            np.zeros((2, 1)),
            None,
            "Queries have 3 columns but keys have 2; they must match.",
            id="other columns",
        ),
        pytest.param(
            np.zeros((2, 3)),
            np.zeros((4, 3)),
            np.zeros((5, 1)),
            None,
            "There are 4 keys but 5 values; each key needs its value.",
            id="other number of values",
        ),
        pytest.param(
            np.zeros(3),
            np.zeros((4, 3)),
            np.zeros((4, 1)),
            None,
            "Queries, keys and values need a row for each word and a column for each number; got 1, 2 and 2 "
            "dimensions instead of at least 2.",
            id="too few dimensions",
        ),
        pytest.param(
            np.zeros((2, 4, 3)),
            np.zeros((3, 4, 3)),
            np.zeros((4, 1)),
            None,
            "The leading dimensions of queries (2,), keys (3,) and values () do not fit together.",
            id="other leading dimensions",
        ),
        pytest.param(
            np.zeros((2, 3)),
            np.zeros((4, 3)),
            np.zeros((4, 1)),
            np.zeros((4, 2), bool),
            "The mask has shape (4, 2), which does not fit scores of shape (2, 4).",
            id="mask of another shape",
        ),
        pytest.param(
            np.zeros((2, 3)),
            np.zeros((4, 3)),
            np.zeros((4, 1)),
            np.zeros((5, 2, 4)),
            "The mask has shape (5, 2, 4), which does not fit scores of shape (2, 4).",
            id="mask with more dimensions than the scores",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(query, key, value, mask, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        scaled_dot_product_attention(query, key, value, mask=mask)
