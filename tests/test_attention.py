"""Scores, scaling, masks and context of one attention: numbers that can be worked out in the head."""

from math import e, sqrt

import numpy as np
from support.core_checks import KEYS, NO, QUERY, VALUES, YES, exactly, same

from attention_core.attention import scaled_dot_product_attention

CHECKS = []


def check(test):
    """Marks a test that any implementation must pass."""
    CHECKS.append(test)
    return test


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
