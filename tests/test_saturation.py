"""How the softmax saturates: entropy and slopes against numerical ones, random scores against their own definition."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_core.lessons import MAX_KEY_SIZE
from attention_core.saturation import (
    MEASURES,
    RANDOM_ROWS,
    RANDOM_WORDS,
    SPREAD,
    entropy,
    entropy_sum,
    gradient_size,
    jacobian,
    measured,
    powers_of_two,
    random_scores,
    slope,
)

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def softmax_by_hand(row):
    exponentials = np.exp(row - np.max(row))
    return exponentials / exponentials.sum()


rows_of_scores = st.lists(st.floats(-9, 9), min_size=1, max_size=6).map(np.array)
rows_of_weights = rows_of_scores.map(softmax_by_hand)


# --- entropy ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "bits"),
    [
        ([1], 0),
        ([0, 1, 0], 0),
        ([0.5, 0.5], 1),
        ([0.25] * 4, 2),
        ([0.125] * 8, 3),
        ([0.5, 0.25, 0.25], 1.5),
        ([0.5, 0.5, 0, 0], 1),
        ([0, 0], 0),
    ],
    ids=str,
)
def test_entropy_in_bits(weights, bits):
    assert entropy(weights) == bits
    assert not np.signbit(entropy(weights))
    assert entropy_sum(np.array(weights)).evaluate() == bits


def test_entropy_is_taken_row_by_row_and_changes_no_weight():
    weights = np.array([[[1.0, 0.0], [0.5, 0.5]]])
    assert entropy(weights).tolist() == [[0, 1]]
    assert weights.tolist() == [[[1, 0], [0.5, 0.5]]]


@SETTINGS
@given(rows_of_weights)
def test_entropy_is_the_sum_it_is_said_to_be_and_never_more_than_that_of_even_weights(weights):
    derivation = entropy_sum(weights)
    by_hand = -math.fsum(weight * math.log2(weight) for weight in weights.tolist())
    assert derivation.target.value == pytest.approx(by_hand, abs=1e-12)
    assert derivation.evaluate() == pytest.approx(by_hand, abs=1e-12)
    assert [(term[0].row, term[0].value) for term in derivation.terms] == list(enumerate(weights))
    assert 0 <= entropy(weights) <= math.log2(len(weights)) + 1e-12


# --- slopes ----------------------------------------------------------------------------------------------------------


def test_slopes_of_two_even_weights_are_a_quarter():
    assert jacobian([0.5, 0.5]).tolist() == [[0.25, -0.25], [-0.25, 0.25]]
    assert gradient_size([0.5, 0.5]) == 0.5


def test_slopes_of_three_weights_by_hand():
    np.testing.assert_allclose(
        jacobian([0.5, 0.3, 0.2]), [[0.25, -0.15, -0.1], [-0.15, 0.21, -0.06], [-0.1, -0.06, 0.16]], atol=1e-15
    )


@pytest.mark.parametrize("weights", [[1], [0, 1, 0], [1, 0]], ids=str)
def test_where_one_word_has_all_weight_nothing_grows(weights):
    assert not jacobian(weights).any()
    assert gradient_size(weights) == 0


@SETTINGS
@given(rows_of_scores)
def test_slopes_are_how_much_the_weights_grow_when_a_score_grows_a_little(scores):
    step = 1e-5
    numerical = np.column_stack(
        [
            (softmax_by_hand(scores + step * one) - softmax_by_hand(scores - step * one)) / (2 * step)
            for one in np.eye(len(scores))
        ]
    )
    slopes = jacobian(softmax_by_hand(scores))
    np.testing.assert_allclose(slopes, numerical, atol=1e-8)
    np.testing.assert_allclose(slopes.sum(axis=0), 0, atol=1e-12)


@SETTINGS
@given(rows_of_weights)
def test_a_slope_is_the_sum_it_is_said_to_be(weights):
    for of in range(len(weights)):
        for when in range(len(weights)):
            derivation = slope(weights, of, when)
            expected = weights[of] * ((of == when) - weights[when])
            assert (derivation.target.symbol, derivation.target.row, derivation.target.column) == ("slope", of, when)
            assert derivation.target.value == pytest.approx(expected, rel=1e-12, abs=1e-15)
            assert derivation.evaluate() == pytest.approx(expected, rel=1e-9, abs=1e-15)


@SETTINGS
@given(rows_of_weights)
def test_the_size_of_the_gradient_is_the_root_of_the_squares_of_all_slopes(weights):
    squares = math.fsum(float(entry) ** 2 for row in jacobian(weights) for entry in row)
    assert gradient_size(weights) == pytest.approx(math.sqrt(squares), abs=1e-7)


def test_slopes_and_their_size_are_taken_row_by_row():
    weights = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert jacobian(weights).shape == (2, 2, 2)
    assert jacobian(weights)[1].tolist() == jacobian(weights[1]).tolist()
    assert gradient_size(weights).tolist() == [0, 0.5]


@pytest.mark.parametrize("rest", [1e-8, 1e-9, 1e-10])
def test_a_nearly_saturated_row_still_has_its_small_gradient(rest):
    assert gradient_size([1 - rest, rest]) == pytest.approx(2 * rest, rel=1e-3)


# --- random scores ---------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_scores_and_another_seed_others():
    first = random_scores(1).scores.copy()
    random_scores.cache_clear()
    again = random_scores(1).scores
    assert first.tobytes() == again.tobytes()
    assert np.abs(random_scores(2).rows(64) - random_scores(1).rows(64)).max() > 1


def test_random_scores_are_query_times_key_of_growing_size():
    generator = np.random.default_rng(5)
    queries = generator.standard_normal((MAX_KEY_SIZE, RANDOM_ROWS, 1))
    keys = generator.standard_normal((MAX_KEY_SIZE, RANDOM_ROWS, RANDOM_WORDS))
    scores = random_scores(5)
    assert scores.scores.shape == (512, 400, 8)
    for d_k in (1, 2, 3, 64, 511, 512):
        for row, word in ((0, 0), (3, 7), (399, 2)):
            expected = math.fsum(queries[:d_k, row, 0] * keys[:d_k, row, word])
            assert scores.rows(d_k)[row, word] == pytest.approx(expected, abs=1e-9)


def test_random_scores_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        random_scores(1).rows(1)[0, 0] = 9


@pytest.mark.parametrize("seed", [0, 1, 9_999])
def test_scores_spread_like_the_root_of_the_size(seed):
    scores = random_scores(seed)
    for d_k in (1, 4, 16, 64, 256, 512):
        assert scores.deviation(d_k) == pytest.approx(math.sqrt(d_k), rel=0.1)
        assert scores.deviation(d_k) == pytest.approx(
            math.sqrt(np.mean((scores.rows(d_k) - scores.rows(d_k).mean()) ** 2))
        )
        assert abs(scores.rows(d_k).mean()) < 0.1 * math.sqrt(d_k)


def test_eight_in_ten_scores_lie_within_the_spread():
    scores = random_scores(1)
    low, high = scores.spread(64)
    values = scores.rows(64).ravel()
    assert SPREAD == (10, 90)
    assert (values < low).mean() == pytest.approx(0.1, abs=1e-3)
    assert (values > high).mean() == pytest.approx(0.1, abs=1e-3)
    # 1.2816 standard deviations of a normal distribution, of 8 each
    assert (low, high) == (pytest.approx(-10.25, rel=0.1), pytest.approx(10.25, rel=0.1))


@pytest.mark.parametrize("scaled", [True, False])
def test_random_weights_are_the_softmax_of_the_scores_divided_by_the_root_or_not(scaled):
    scores = random_scores(1)
    for d_k in (1, 9, 512):
        weights = scores.weights(d_k, scaled=scaled)
        assert weights.shape == (400, 8)
        for row in (0, 123):
            given_row = scores.rows(d_k)[row] / (math.sqrt(d_k) if scaled else 1)
            np.testing.assert_allclose(weights[row], softmax_by_hand(given_row), rtol=1e-12)


# --- what is measured ------------------------------------------------------------------------------------------------


BY_HAND = {
    "largest": max,
    "entropy": lambda weights: -math.fsum(weight * math.log2(weight) for weight in weights if weight),
    "gradient": lambda weights: float(np.linalg.norm(np.diag(weights) - np.outer(weights, weights))),
}


def test_the_measures_are_those_that_are_checked_here():
    assert list(MEASURES) == list(BY_HAND)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_the_mean_and_the_spread_of_its_rows(name):
    scores = random_scores(3)
    found = measured(3, name, (1, 64))
    assert [(each.d_k, each.scaled) for each in found] == [(1, True), (64, True), (1, False), (64, False)]
    for each in found:
        given_rows = scores.rows(each.d_k) / (math.sqrt(each.d_k) if each.scaled else 1)
        values = sorted(BY_HAND[name](softmax_by_hand(row).tolist()) for row in given_rows)
        assert each.mean == pytest.approx(math.fsum(values) / 400, abs=1e-7)
        # 10 and 90 per cent of the way from the 1st to the 400th: places 39.9 and 359.1
        assert each.low == pytest.approx(values[39] + 0.9 * (values[40] - values[39]), abs=1e-7)
        assert each.high == pytest.approx(values[359] + 0.1 * (values[360] - values[359]), abs=1e-7)


def test_without_scaling_the_softmax_saturates_as_keys_grow_and_with_it_stays():
    sizes = (4, 64, 512)
    largest, bits, slopes = (
        {(each.scaled, each.d_k): each.mean for each in measured(1, name, sizes)} for name in MEASURES
    )
    assert largest[False, 4] < largest[False, 64] < largest[False, 512] and largest[False, 512] > 0.9
    assert bits[False, 4] > bits[False, 64] > bits[False, 512] and bits[False, 512] < 0.3
    assert slopes[False, 4] > slopes[False, 64] > slopes[False, 512]
    for d_k in sizes:
        assert largest[True, d_k] == pytest.approx(largest[True, 512], abs=0.05)
        assert bits[True, d_k] == pytest.approx(bits[True, 512], abs=0.15)
        assert slopes[True, d_k] > 0.2


def test_keys_of_one_number_are_the_same_with_scaling_and_without():
    for name in MEASURES:
        scaled, unscaled = measured(1, name, (1,))
        assert (scaled.mean, scaled.low, scaled.high) == (unscaled.mean, unscaled.low, unscaled.high)


@pytest.mark.parametrize(
    ("most", "sizes"), [(1, [1]), (8, [1, 2, 4, 8]), (9, [1, 2, 4, 8]), (512, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])]
)
def test_powers_of_two_up_to_a_size(most, sizes):
    assert list(powers_of_two(most)) == sizes
    assert list(powers_of_two())[-1] == MAX_KEY_SIZE
