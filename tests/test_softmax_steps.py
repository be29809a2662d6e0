"""Softmax of one row in three steps gives the printed numbers, and the same weights as any other way."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attention_core import Quantity, softmax
from attention_core.lessons import PRINTED_SCORES
from attention_core.softmax_steps import softmax_steps

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
FORBIDDEN = -math.inf


def shown(row):
    return [f"{number:.3f}" for number in row]


def test_the_printed_row_has_the_printed_exponentials_and_weights():
    steps = softmax_steps(PRINTED_SCORES)
    assert shown(steps.exponentials) == ["1.162", "1.749", "2.465", "3.529"]
    assert shown(steps.weights) == ["0.130", "0.196", "0.277", "0.396"]
    assert shown([steps.total, steps.subtracted]) == ["8.904", "0.000"]


def test_the_three_steps_of_the_printed_row_name_their_numbers():
    steps = softmax_steps(PRINTED_SCORES)
    exponential, total, share = steps.exponential(2), steps.sum(), steps.share(2)
    assert (exponential.operator, total.operator, share.operator) == ("exponential", "sum", "quotient")
    assert exponential.terms == ((Quantity("score", 2, None, 0.902),),)
    assert exponential.target == Quantity("exponential", 2, None, pytest.approx(math.exp(0.902)))
    assert [term[0].row for term in total.terms] == [0, 1, 2, 3]
    assert share.terms == ((exponential.target,), (total.target,))
    assert share.target == Quantity("weight", 2, None, pytest.approx(0.27678, abs=5e-6))


def test_equal_scores_share_evenly():
    assert softmax_steps([0, 0, 0, 0]).weights.tolist() == [0.25] * 4
    assert softmax_steps([0, 0]).total == 2


def test_the_weights_of_0_and_the_logarithm_of_3_are_a_quarter_and_three():
    np.testing.assert_allclose(softmax_steps([0, math.log(3)]).weights, [0.25, 0.75], rtol=1e-15)


def test_one_score_has_all_the_weight():
    assert softmax_steps([-7]).weights.tolist() == [1]


# --- what a mask forbids ---------------------------------------------------------------------------------------------


def test_a_forbidden_score_has_the_exponential_0_and_the_weight_0_and_is_no_part_of_the_sum():
    steps = softmax_steps([1, FORBIDDEN, 1])
    assert steps.exponentials.tolist() == [math.e, 0, math.e]
    assert steps.weights.tolist() == [0.5, 0, 0.5]
    assert [term[0].row for term in steps.sum().terms] == [0, 2]
    assert steps.exponential(1).evaluate() == steps.share(1).evaluate() == 0


def test_a_forbidden_score_stays_at_0_where_the_greatest_is_subtracted():
    steps = softmax_steps([100, FORBIDDEN])
    assert steps.weights.tolist() == [1, 0]
    assert steps.exponential(1).evaluate() == 0


def test_a_row_that_may_look_nowhere_has_no_total_and_no_weight():
    steps = softmax_steps([FORBIDDEN] * 3)
    assert (steps.total, steps.subtracted) == (0, 0)
    assert steps.exponentials.tolist() == steps.weights.tolist() == [0, 0, 0]
    assert (steps.sum().terms, steps.sum().evaluate()) == ((), 0)
    assert steps.exponential(0).evaluate() == 0


# --- large and small scores ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "subtracted"),
    [
        ([20, 0], 0),
        ([-20, -19], 0),
        ([20.5, 0], 20.5),
        ([-25, -21], -21),
        ([3, -21], 3),
        ([0, -1_000], 0),
        ([FORBIDDEN, 5], 0),
        ([FORBIDDEN, 50], 50),
    ],
    ids=str,
)
def test_the_greatest_score_is_subtracted_only_where_exponentials_would_be_hard_to_read(scores, subtracted):
    assert softmax_steps(scores).subtracted == subtracted


def test_what_was_subtracted_stands_in_the_exponent():
    steps = softmax_steps([1_000, 999])
    assert steps.exponential(1).terms == (
        (Quantity("score", 1, None, 999),),
        (Quantity("subtracted", None, None, -1_000),),
    )
    assert steps.exponentials.tolist() == [1, math.exp(-1)]
    np.testing.assert_allclose(steps.weights, [math.e / (1 + math.e), 1 / (1 + math.e)], rtol=1e-15)


@pytest.mark.parametrize("scores", [[1e6, -1e6], [1e6, 1e6], [-1e6, -1e6], [1e12, 0, -1e12]], ids=str)
def test_huge_scores_neither_overflow_nor_lose_the_weights(scores):
    steps = softmax_steps(scores)
    ties = scores.count(max(scores))
    assert steps.weights.tolist() == [1 / ties if score == max(scores) else 0 for score in scores]
    assert steps.total == ties


def test_the_scores_given_are_left_as_they_were():
    scores = np.array([30.0, 1.0])
    steps = softmax_steps(scores)
    scores[0] = 0
    assert steps.scores.tolist() == [30, 1]


# --- any row ---------------------------------------------------------------------------------------------------------

scores = st.one_of(st.floats(-9, 9), st.floats(-1e6, 1e6), st.just(FORBIDDEN))


@SETTINGS
@given(st.lists(scores, min_size=1, max_size=8))
@example([20.0, 20.000001, FORBIDDEN])
def test_the_weights_are_those_of_plain_python_and_of_the_softmax_of_every_other_page(row):
    steps = softmax_steps(row)
    top = max(row)
    exponentials = [math.exp(score - top) if score > FORBIDDEN else 0.0 for score in row]
    expected = [each / math.fsum(exponentials) if top > FORBIDDEN else 0.0 for each in exponentials]
    np.testing.assert_allclose(steps.weights, expected, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(steps.weights, softmax(np.array(row)), rtol=1e-9, atol=1e-15)


@SETTINGS
@given(st.lists(scores, min_size=1, max_size=8))
def test_every_number_is_the_sum_it_is_said_to_be(row):
    steps = softmax_steps(row)
    assert steps.sum().evaluate() == pytest.approx(steps.total, rel=1e-12)
    for place, score in enumerate(row):
        exponential = steps.exponential(place)
        assert exponential.target == Quantity("exponential", place, None, steps.exponentials[place])
        assert exponential.evaluate() == pytest.approx(steps.exponentials[place], rel=1e-9)
        assert exponential.terms[0][0].value == score
        if steps.total:
            assert steps.share(place).target.value == steps.weights[place]
            assert steps.share(place).evaluate() == pytest.approx(steps.weights[place], rel=1e-12)
