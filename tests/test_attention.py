"""Attention by hand: numbers small enough to check with pencil and paper.

The tests that take `attention` as an argument say what any right implementation does. `test_broken_cores.py` runs the
same tests on cores that are wrong on purpose, to see that each fault is caught.
"""

import re
import warnings
from math import e, sqrt

import numpy as np
import pytest
from support.oracles import plain_loop

import attention_core.attention
from attention_core.attention import causal_mask, scaled_dot_product_attention, softmax

CHECKS = []


def check(test):
    """Marks a test that any implementation must pass."""
    CHECKS.append(test)
    return test


def same(actual, expected, tolerance=1e-14):
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


def exactly(actual, expected):
    np.testing.assert_array_equal(actual, expected)


# Two words: the query is √2 times the second key, so that the scores are 0 and √2, and after ÷√2 they are 0 and 1.
QUERY = [[0, sqrt(2)]]
KEYS = [[1, 0], [0, 1]]
VALUES = [[1.0, 0.0, 10.0], [0.0, 1.0, 20.0]]
NO, YES = False, True


# --- softmax ---------------------------------------------------------------------------------------------------------


def test_softmax_of_0_and_1_is_1_and_e_over_their_sum():
    same(softmax([0, 1]), [1 / (1 + e), e / (1 + e)])


def test_softmax_of_equal_scores_shares_evenly():
    same(softmax([7.0, 7.0, 7.0, 7.0]), [0.25, 0.25, 0.25, 0.25])


def test_softmax_works_along_the_last_axis_unless_told_otherwise():
    scores = np.log([[1.0, 3.0], [1.0, 1.0]])
    same(softmax(scores), [[1 / 4, 3 / 4], [1 / 2, 1 / 2]])
    same(softmax(scores, axis=1), softmax(scores))
    same(softmax(scores, axis=0), [[1 / 2, 3 / 4], [1 / 2, 1 / 4]])
    same(softmax(scores, axis=-2), softmax(scores, axis=0))


def test_softmax_along_a_middle_axis_keeps_the_shape():
    weights = softmax(np.zeros((2, 5, 3)), axis=1)
    assert weights.shape == (2, 5, 3)
    same(weights, 1 / 5)


def test_softmax_of_a_slice_that_is_minus_infinity_throughout_is_0():
    exactly(softmax([-np.inf, -np.inf]), [0, 0])
    exactly(softmax([[-np.inf, -np.inf], [0, -np.inf]]), [[0, 0], [1, 0]])
    exactly(softmax([[-np.inf, 0], [-np.inf, -np.inf]], axis=0), [[0, 1], [0, 0]])


def test_softmax_gives_a_score_of_plus_infinity_the_whole_weight():
    exactly(softmax([0, np.inf, -np.inf]), [0, 1, 0])
    exactly(softmax([np.inf, 1e308, np.inf, np.inf, np.inf]), [0.25, 0, 0.25, 0.25, 0.25])
    same(softmax([[0, np.inf], [0, 1]]), [[0, 1], [1 / (1 + e), e / (1 + e)]])


def test_softmax_of_large_scores_depends_on_their_differences_alone():
    same(softmax([1000, 1001]), softmax([0, 1]))
    same(softmax([-1000, -999]), softmax([0, 1]))


def test_softmax_of_the_largest_floats_there_are_neither_overflows_nor_warns():
    largest = np.finfo(float).max
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exactly(softmax([largest, -largest]), [1, 0])
        exactly(softmax([largest, largest]), [0.5, 0.5])


def test_softmax_of_nothing_is_nothing():
    assert softmax(np.zeros((2, 0))).shape == (2, 0)
    assert softmax(np.zeros((0, 2))).shape == (0, 2)


def test_softmax_keeps_float32_and_turns_everything_else_into_float64():
    assert softmax(np.array([0, 1], np.float32)).dtype == np.float32
    for other in (np.float16, np.int64, bool):
        assert softmax(np.array([0, 1], other)).dtype == np.float64


def test_softmax_leaves_its_input_alone():
    scores = np.array([[1.0, 2.0], [-np.inf, -np.inf]])
    softmax(scores)
    exactly(scores, [[1, 2], [-np.inf, -np.inf]])


# --- causal_mask -----------------------------------------------------------------------------------------------------


def test_a_causal_mask_lets_each_word_see_itself_and_the_words_before():
    mask = causal_mask(3)
    assert mask.dtype == bool
    exactly(mask, [[YES, NO, NO], [YES, YES, NO], [YES, YES, YES]])


def test_a_causal_mask_is_aligned_top_left_whichever_side_is_longer():
    exactly(causal_mask(2, 4), [[YES, NO, NO, NO], [YES, YES, NO, NO]])
    exactly(causal_mask(4, 2), [[YES, NO], [YES, YES], [YES, YES], [YES, YES]])


def test_a_causal_mask_of_no_words_is_empty():
    assert causal_mask(0).shape == (0, 0)
    assert causal_mask(2, 0).shape == (2, 0)


# --- scores, scale, weights, context ---------------------------------------------------------------------------------


@check
def test_every_step_of_one_query_and_two_keys_is_right(attention=scaled_dot_product_attention):
    result = attention(QUERY, KEYS, VALUES)
    same(result.scores, [[0, sqrt(2)]])
    same(result.scaled_scores, [[0, 1]])
    same(result.weights, [[1 / (1 + e), e / (1 + e)]])
    same(result.context, [[1 / (1 + e), e / (1 + e), (10 + 20 * e) / (1 + e)]])


@check
def test_every_step_of_three_words_whose_weights_are_quarters_is_right(attention=scaled_dot_product_attention):
    ln = np.log
    result = attention([[2, 0], [0, 2], [0, 0]], [[ln(2), 0], [0, ln(3)], [0, 0]], [[4.0], [8.0], [12.0]], scale=0.5)
    same(result.scores, [[2 * ln(2), 0, 0], [0, 2 * ln(3), 0], [0, 0, 0]])
    same(result.scaled_scores, [[ln(2), 0, 0], [0, ln(3), 0], [0, 0, 0]])
    same(result.weights, [[1 / 2, 1 / 4, 1 / 4], [1 / 5, 3 / 5, 1 / 5], [1 / 3, 1 / 3, 1 / 3]])
    same(result.context, [[7], [8], [8]])


@check
def test_rows_are_the_looking_words_and_columns_the_looked_at(attention=scaled_dot_product_attention):
    result = attention([[1.0], [0.0], [2.0]], [[3.0], [5.0]], [[1.0], [2.0]])
    exactly(result.scores, [[3, 5], [0, 0], [6, 10]])
    assert result.context.shape == (3, 1)


@check
def test_scale_none_divides_by_the_square_root_of_d_k(attention=scaled_dot_product_attention):
    fours = np.ones((2, 4))
    fours[1] = 0
    result = attention([[1, 1, 1, 1]], fours, [[1.0], [0.0]])
    exactly(result.scores, [[4, 0]])
    exactly(result.scaled_scores, [[2, 0]])
    same(result.weights, [[e**2 / (1 + e**2), 1 / (1 + e**2)]])


@check
def test_scale_1_leaves_the_scores_unscaled(attention=scaled_dot_product_attention):
    result = attention(QUERY, KEYS, VALUES, scale=1)
    exactly(result.scaled_scores, result.scores)
    same(result.weights, [[1 / (1 + e ** sqrt(2)), e ** sqrt(2) / (1 + e ** sqrt(2))]])


@check
def test_any_other_scale_is_what_the_scores_are_multiplied_by(attention=scaled_dot_product_attention):
    same(attention(QUERY, KEYS, VALUES, scale=3).scaled_scores, [[0, 3 * sqrt(2)]])
    same(attention(QUERY, KEYS, VALUES, scale=-1).scaled_scores, [[0, -sqrt(2)]])
    same(attention(QUERY, KEYS, VALUES, scale=0).weights, [[0.5, 0.5]])


@check
def test_values_may_have_another_width_than_queries_and_keys(attention=scaled_dot_product_attention):
    same(attention(QUERY, KEYS, [[0.0], [1.0]]).context, [[e / (1 + e)]])
    same(attention(QUERY, KEYS, np.eye(2, 7)).context, [[1 / (1 + e), e / (1 + e), 0, 0, 0, 0, 0]])


@check
def test_scores_in_the_thousands_give_the_same_weights_as_small_ones(attention=scaled_dot_product_attention):
    same(attention([[1.0]], [[1000.0], [1001.0]], [[0.0], [1.0]]).weights, [[1 / (1 + e), e / (1 + e)]])
    same(attention([[1.0]], [[-1000.0], [-999.0]], [[0.0], [1.0]]).weights, [[1 / (1 + e), e / (1 + e)]])


@check
def test_weights_and_context_are_exact_to_float64(attention=scaled_dot_product_attention):
    """Ten digits and more: a sum in float32 or a weight rounded on the way would show."""
    result = attention([[np.log(3)]], [[1.0], [0.0]], [[1e6], [1 / 3]])
    same(result.weights, [[0.75, 0.25]])
    same(result.context, [[0.75e6 + 1 / 12]])


@check
def test_every_kept_step_follows_from_the_one_before(attention=scaled_dot_product_attention):
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(5, 3)), rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    mask = rng.normal(size=(5, 7))
    result = attention(q, k, v, mask=mask, scale=0.3)
    same(result.scores, [[sum(a * b for a, b in zip(row, column, strict=True)) for column in k] for row in q])
    same(result.scaled_scores, result.scores * 0.3 + mask)
    same(result.weights, np.exp(result.scaled_scores) / np.exp(result.scaled_scores).sum(axis=-1, keepdims=True))
    same(result.context, (result.weights[:, :, None] * v).sum(axis=1))


# --- masks -----------------------------------------------------------------------------------------------------------


@check
def test_a_boolean_mask_says_true_where_a_word_may_look(attention=scaled_dot_product_attention):
    result = attention([[1.0], [1.0]], [[1.0], [1.0]], [[3.0], [5.0]], mask=[[YES, NO], [YES, YES]])
    exactly(result.scores, [[1, 1], [1, 1]])
    exactly(result.scaled_scores, [[1, -np.inf], [1, 1]])
    exactly(result.weights, [[1, 0], [0.5, 0.5]])
    exactly(result.context, [[3], [4]])


@check
def test_a_float_mask_is_added_after_scaling(attention=scaled_dot_product_attention):
    result = attention([[0, 0, 0, 0]], np.zeros((2, 4)), [[4.0], [8.0]], mask=[[0.0, np.log(3)]])
    exactly(result.scores, [[0, 0]])
    same(result.scaled_scores, [[0, np.log(3)]])
    same(result.weights, [[1 / 4, 3 / 4]])
    same(result.context, [[7]])


@check
def test_a_float_mask_of_minus_infinity_forbids_and_of_0_allows(attention=scaled_dot_product_attention):
    result = attention(np.ones((2, 1)), np.ones((2, 1)), [[3.0], [5.0]], mask=[[0.0, -np.inf], [0.0, 0.0]])
    exactly(result.scaled_scores, [[1, -np.inf], [1, 1]])
    exactly(result.weights, [[1, 0], [0.5, 0.5]])
    exactly(result.context, [[3], [4]])


def test_a_mask_of_whole_numbers_is_added_like_a_float_mask():
    exactly(scaled_dot_product_attention([[1]], [[1], [2]], [[1], [3]], mask=[[1, 0]]).weights, [[0.5, 0.5]])


@check
def test_causal_lets_each_word_see_itself_and_the_words_before(attention=scaled_dot_product_attention):
    result = attention(np.zeros((3, 1)), np.zeros((3, 1)), [[6.0], [12.0], [18.0]], is_causal=True)
    same(result.weights, [[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3]])
    same(result.context, [[6], [9], [12]])
    exactly(result.scaled_scores, [[0, -np.inf, -np.inf], [0, 0, -np.inf], [0, 0, 0]])
    exactly(result.scores, np.zeros((3, 3)))


@check
def test_causal_is_aligned_top_left_when_there_are_more_keys(attention=scaled_dot_product_attention):
    result = attention(np.zeros((2, 1)), np.zeros((4, 1)), [[2.0], [4.0], [6.0], [8.0]], is_causal=True)
    exactly(result.weights, [[1, 0, 0, 0], [0.5, 0.5, 0, 0]])
    exactly(result.context, [[2], [3]])


@check
def test_causal_is_aligned_top_left_when_there_are_more_queries(attention=scaled_dot_product_attention):
    result = attention(np.zeros((4, 1)), np.zeros((2, 1)), [[2.0], [4.0]], is_causal=True)
    exactly(result.weights, [[1, 0], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    exactly(result.context, [[2], [3], [3], [3]])


@check
def test_a_mask_and_causal_forbid_together(attention=scaled_dot_product_attention):
    boolean = np.array([[YES, YES, YES], [NO, YES, YES], [YES, NO, YES]])
    for mask in (boolean, np.where(boolean, 0.0, -np.inf)):
        result = attention(np.zeros((3, 1)), np.zeros((3, 1)), [[6.0], [12.0], [18.0]], mask=mask, is_causal=True)
        exactly(result.weights, [[1, 0, 0], [0, 1, 0], [0.5, 0, 0.5]])


def test_a_float_mask_and_causal_add_what_is_visible_and_forbid_the_rest():
    result = scaled_dot_product_attention(
        np.zeros((2, 1)), np.zeros((2, 1)), [[4.0], [8.0]], mask=[[7.0, 7.0], [0.0, np.log(3)]], is_causal=True
    )
    same(result.scaled_scores, [[7, -np.inf], [0, np.log(3)]])
    same(result.weights, [[1, 0], [1 / 4, 3 / 4]])


@check
def test_a_word_that_may_look_nowhere_gets_zeros(attention=scaled_dot_product_attention):
    boolean = np.array([[NO, NO], [YES, NO]])
    for mask in (boolean, np.where(boolean, 0.0, -np.inf)):
        result = attention([[1.0], [2.0]], [[1.0], [1.0]], [[3.0], [5.0]], mask=mask)
        exactly(result.scores, [[1, 1], [2, 2]])
        exactly(result.scaled_scores, [[-np.inf, -np.inf], [2, -np.inf]])
        exactly(result.weights, [[0, 0], [1, 0]])
        exactly(result.context, [[0], [3]])


@check
def test_one_mask_row_serves_every_query_and_one_column_every_key(attention=scaled_dot_product_attention):
    row = attention(np.zeros((2, 1)), np.zeros((2, 1)), [[3.0], [5.0]], mask=np.array([NO, YES]))
    exactly(row.weights, [[0, 1], [0, 1]])
    column = attention(np.zeros((2, 1)), np.zeros((2, 1)), [[3.0], [5.0]], mask=np.array([[NO], [YES]]))
    exactly(column.weights, [[0, 0], [0.5, 0.5]])


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


@pytest.fixture
def small_blocks(monkeypatch):
    """A few hundred words are then enough to be worked through a few rows at a time."""
    monkeypatch.setattr(attention_core.attention, "_BLOCK_BYTES", 1 << 16)


# --- kinds of numbers ------------------------------------------------------------------------------------------------


def kinds(result):
    return {array.dtype for array in (result.scores, result.scaled_scores, result.weights, result.context)}


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


# --- many words: worked through a few rows at a time -----------------------------------------------------------------


def test_700_words_agree_with_a_plain_loop():
    rng = np.random.default_rng(6)
    q, k, v = rng.normal(size=(690, 5)), rng.normal(size=(701, 5)), rng.normal(size=(701, 3))
    result = scaled_dot_product_attention(q, k, v)
    weights, context = plain_loop(q, k, v)
    same(result.scores, q @ k.T, 1e-12)
    same(result.scaled_scores, result.scores / sqrt(5))
    same(result.weights, weights, 1e-12)
    same(result.context, context, 1e-12)


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
        weights, context = plain_loop(q[batch], k, v[batch], None if sees is None else sees[batch], adds)
        same(result.weights[batch], weights, 1e-12)
        same(result.context[batch], context, 1e-12)


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
