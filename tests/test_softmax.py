"""Softmax and the causal mask alone: numbers that can be worked out in the head."""

import warnings
from math import e

import numpy as np
from support.core_checks import NO, YES, exactly, same

from attention_core.attention import causal_mask, softmax

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
