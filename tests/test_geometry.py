"""Vectors beside each other, from numbers that can be solved by hand; and how much of them a flat picture keeps."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attention_core import Quantity
from attention_core.geometry import angle, cosine, cosines, distance, dot_product, flatten, length
from attention_core.lessons import FIRST_VECTORS

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)

FIRST = np.array(FIRST_VECTORS)
THREE_FOUR = np.array([[3.0, 4.0], [4.0, 3.0], [0.0, 0.0], [-6.0, -8.0], [-4.0, 3.0]])


def terms_of(derivation):
    return [tuple((factor.symbol, factor.row, factor.column) for factor in term) for term in derivation.terms]


# --- by hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other", "value"), [(1, 2, 26), (0, 2, 11), (2, 0, 11), (0, 1, 5), (1, 1, 29)])
def test_dot_products_of_the_first_vectors(one, other, value):
    assert dot_product(FIRST, one, other).target == Quantity("dot", one, other, value)


def test_a_dot_product_multiplies_what_stands_in_the_same_column():
    derivation = dot_product(FIRST, 1, 2)
    assert derivation.operator == "sum"
    assert terms_of(derivation) == [(("vector", 1, 0), ("vector", 2, 0)), (("vector", 1, 1), ("vector", 2, 1))]
    assert [[factor.value for factor in term] for term in derivation.terms] == [[5, 4], [2, 3]]


@pytest.mark.parametrize(("row", "value"), [(0, 5), (2, 0), (3, 10)])
def test_the_length_of_three_and_four_is_five(row, value):
    derivation = length(THREE_FOUR, row)
    assert derivation.target == Quantity("length", row, None, value)
    assert derivation.operator == "root of sum"
    assert terms_of(derivation) == [(("vector", row, 0),) * 2, (("vector", row, 1),) * 2]


@pytest.mark.parametrize(
    ("one", "other", "value", "degrees"),
    [(0, 1, 0.96, 16.2602047083), (0, 0, 1, 0), (0, 3, -1, 180), (0, 4, 0, 90), (1, 3, -0.96, 163.7397952917)],
)
def test_cosines_and_angles_of_three_and_four(one, other, value, degrees):
    quotient, turned = cosine(THREE_FOUR, one, other), angle(THREE_FOUR, one, other)
    assert quotient.target == Quantity("cosine", one, other, pytest.approx(value, abs=1e-15))
    assert terms_of(quotient) == [(("dot", one, other),), (("length", one, None), ("length", other, None))]
    assert turned.target == Quantity("angle", one, other, pytest.approx(degrees, abs=1e-9))
    assert terms_of(turned) == [(("cosine", one, other),)]


@pytest.mark.parametrize(("one", "other"), [(0, 2), (2, 0), (2, 2)])
def test_a_vector_of_zeros_has_no_cosine_and_no_angle(one, other):
    assert cosine(THREE_FOUR, one, other) is None
    assert angle(THREE_FOUR, one, other) is None


def test_a_vector_of_zeros_has_a_length_a_dot_product_and_a_distance():
    assert length(THREE_FOUR, 2).target.value == 0
    assert dot_product(THREE_FOUR, 0, 2).target.value == 0
    assert distance(THREE_FOUR, 0, 2)[-1].target.value == 5


def test_a_distance_goes_by_the_differences_of_the_columns():
    first, second, whole = distance(THREE_FOUR, 0, 4)
    assert first.target == Quantity("difference", 0, 0, 7)
    assert second.target == Quantity("difference", 0, 1, 1)
    assert terms_of(first) == [(("vector", 0, 0),), (("vector", 4, 0),)]
    assert whole.target == Quantity("distance", 0, 4, math.sqrt(50))
    assert terms_of(whole) == [(("difference", 0, 0),) * 2, (("difference", 0, 1),) * 2]


def test_equal_vectors_have_no_distance_and_no_angle_between_them():
    vectors = np.array([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]])
    assert distance(vectors, 0, 1)[-1].target.value == 0
    assert cosine(vectors, 0, 1).target.value == pytest.approx(1, abs=1e-15)
    assert angle(vectors, 0, 1).target.value == pytest.approx(0, abs=1e-5)


def test_rounding_beyond_1_still_makes_an_angle():
    rows = np.random.default_rng(0).standard_normal((200, 3))
    beyond = 0
    for row in rows:
        pair = np.array([row, 3 * row])
        beyond += cosine(pair, 0, 1).target.value > 1
        assert angle(pair, 0, 1).target.value == pytest.approx(0, abs=1e-5)
        assert angle(pair, 0, 1).evaluate() == angle(pair, 0, 1).target.value
        assert cosines(pair, 0).max() <= 1
    assert beyond > 0


def test_numbers_as_large_as_they_may_be_stay_exact():
    vectors = np.array([[1e6] * 16, [-1e6] * 16])
    assert dot_product(vectors, 0, 1).target.value == -16e12
    assert length(vectors, 0).target.value == 4e6
    assert cosine(vectors, 0, 1).target.value == -1
    assert angle(vectors, 0, 1).target.value == 180
    assert distance(vectors, 0, 1)[-1].target.value == 8e6
    assert cosines(vectors, 0).tolist() == [1, -1]


def test_a_dot_product_does_not_lose_the_small_beside_the_large():
    assert dot_product(np.array([[1e6, 1.0, -1e6], [1e6, 1e-6, 1e6]]), 0, 1).target.value == 1e-6


def test_cosines_with_a_vector_of_zeros_are_not_a_number():
    np.testing.assert_allclose(cosines(THREE_FOUR, 0), [1, 0.96, np.nan, -1, 0], atol=1e-15)
    assert np.isnan(cosines(THREE_FOUR, 2)).all()


# --- any vectors -----------------------------------------------------------------------------------------------------

numbers = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6).map(lambda number: round(number, 3)))


def tables(least_columns=1, most_columns=5, least_rows=2):
    return st.integers(least_columns, most_columns).flatmap(
        lambda columns: st.lists(
            st.lists(numbers, min_size=columns, max_size=columns), min_size=least_rows, max_size=5
        ).map(np.array)
    )


@SETTINGS
@given(tables())
def test_every_number_is_the_sum_it_is_said_to_be(vectors):
    for one in range(len(vectors)):
        for other in range(len(vectors)):
            found = (
                dot_product(vectors, one, other),
                length(vectors, one),
                cosine(vectors, one, other),
                angle(vectors, one, other),
                *distance(vectors, one, other),
            )
            for derivation in filter(None, found):
                assert derivation.evaluate() == pytest.approx(derivation.target.value, rel=1e-12, abs=1e-300)


@SETTINGS
@given(tables())
def test_every_number_is_what_plain_python_makes_of_it(vectors):
    rows = vectors.tolist()
    for one, a in enumerate(rows):
        shares = cosines(vectors, one)
        assert length(vectors, one).target.value == pytest.approx(math.hypot(*a), rel=1e-12)
        for other, b in enumerate(rows):
            size = math.hypot(*a) * math.hypot(*b)
            dot = math.fsum(x * y for x, y in zip(a, b, strict=True))
            assert dot_product(vectors, one, other).target.value == pytest.approx(dot, rel=1e-12)
            assert distance(vectors, one, other)[-1].target.value == pytest.approx(math.dist(a, b), rel=1e-12)
            if size:
                assert cosine(vectors, one, other).target.value == pytest.approx(dot / size, abs=1e-12)
                assert shares[other] == pytest.approx(dot / size, abs=1e-12)
                radians = math.radians(angle(vectors, one, other).target.value)
                assert math.cos(radians) == pytest.approx(dot / size, abs=1e-12)
            else:
                assert cosine(vectors, one, other) is angle(vectors, one, other) is None
                assert math.isnan(shares[other])


# --- on paper --------------------------------------------------------------------------------------------------------


def kept_by_hand(vectors, points, from_origin):
    """The share of the distances, pair by pair."""
    ends = [(list(v), list(p)) for v, p in zip(vectors.tolist(), points.tolist(), strict=True)]
    if from_origin:
        ends.append(([0.0] * vectors.shape[1], [0.0] * points.shape[1]))
    pairs = [(math.dist(a, b), math.dist(c, d)) for i, (a, c) in enumerate(ends) for b, d in ends[:i]]
    true, drawn = (math.fsum(pair[which] for pair in pairs) for which in (0, 1))
    return drawn / true if true else 1.0


def projected_by_hand(vectors, from_origin):
    """Onto the two directions in which they vary most, by the eigenvectors of their covariance."""
    spread = vectors if from_origin else vectors - vectors.mean(axis=0)
    variances, directions = np.linalg.eigh(spread.T @ spread)
    return vectors @ directions[:, ::-1][:, :2], variances[::-1]


@pytest.mark.parametrize("from_origin", [False, True])
def test_two_columns_are_drawn_as_they_are(from_origin):
    flat = flatten(FIRST, from_origin=from_origin)
    assert flat.points.tolist() == FIRST.tolist()
    assert (flat.columns, flat.kept) == ((0, 1), 1)


def test_two_columns_are_not_swapped_where_the_second_is_wider():
    vectors = np.array([[1.0, 100.0], [2.0, -100.0]])
    assert flatten(vectors).points.tolist() == vectors.tolist()


@pytest.mark.parametrize("from_origin", [False, True])
def test_one_column_is_drawn_on_a_line(from_origin):
    flat = flatten(np.array([[3.0], [-1.0]]), from_origin=from_origin)
    assert flat.points.tolist() == [[3, 0], [-1, 0]]
    assert (flat.columns, flat.kept) == ((0, 0), 1)


@pytest.mark.parametrize("columns", [2, 3, 5])
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_equal_vectors_are_drawn_on_one_point_and_lose_nothing(rows, columns):
    flat = flatten(np.full((rows, columns), 7.0))
    assert flat.points.tolist() == [[7, 7]] * rows
    assert flat.kept == 1


def test_equal_vectors_away_from_the_origin_keep_their_distance_to_it():
    flat = flatten(np.full((2, 4), 1.0), from_origin=True)
    np.testing.assert_allclose(np.linalg.norm(flat.points, axis=1), 2, rtol=1e-12)
    assert (flat.columns, flat.kept) == (None, pytest.approx(1))


def test_zeros_are_drawn_on_the_origin():
    flat = flatten(np.zeros((3, 4)), from_origin=True)
    assert flat.points.tolist() == [[0, 0]] * 3
    assert flat.kept == 1


def test_of_three_columns_the_two_widest_are_drawn_in_their_order():
    vectors = np.array([[0.0, 7.0, 0.0], [3.0, 7.0, 4.0], [0.0, 7.0, 9.0]])
    flat = flatten(vectors)
    assert flat.columns == (0, 2)
    assert flat.points.tolist() == [[0, 0], [3, 4], [0, 9]]
    assert flat.kept == 1


def test_points_on_the_diagonal_of_a_cube_are_turned_because_two_columns_keep_too_little():
    vectors = np.array([[0.0, 0, 0], [1, 1, 1], [3, 3, 3]])
    flat = flatten(vectors)
    assert kept_by_hand(vectors, vectors[:, :2], False) == pytest.approx(math.sqrt(2 / 3))
    assert flat.columns is None
    np.testing.assert_allclose(flat.points[:, 0], [0, math.sqrt(3), 3 * math.sqrt(3)], atol=1e-12)
    np.testing.assert_allclose(flat.points[:, 1], 0, atol=1e-12)
    assert flat.kept == pytest.approx(1)


def test_a_corner_of_a_cube_keeps_its_columns_where_they_keep_nine_tenths_of_the_best():
    vectors = np.array([[9.0, 0, 0], [0, 9, 0], [0, 0, 1]])
    flat = flatten(vectors, from_origin=True)
    assert flat.columns == (0, 1)
    # 9 + 9 + 0 to the origin and √162 + 9 + 9 between them, of 9 + 9 + 1 and √162 + √82 + √82
    assert flat.kept == pytest.approx((18 + math.sqrt(162) + 18) / (19 + math.sqrt(162) + 2 * math.sqrt(82)))


def test_whether_the_origin_counts_changes_what_is_drawn():
    vectors = np.array([[5.0, 5, 1], [5, 5, -1]])
    among_themselves, from_origin = flatten(vectors), flatten(vectors, from_origin=True)
    assert (among_themselves.columns, among_themselves.kept) == ((0, 2), 1)
    assert from_origin.columns is None
    np.testing.assert_allclose(from_origin.points, [[math.sqrt(50), 1], [math.sqrt(50), -1]], rtol=1e-12)
    assert from_origin.kept == pytest.approx(1)


def test_two_vectors_of_many_numbers_lose_nothing_on_paper():
    vectors = np.random.default_rng(3).standard_normal((2, 16))
    for from_origin in (False, True):
        flat = flatten(vectors, from_origin=from_origin)
        assert kept_by_hand(vectors, flat.points, from_origin) == pytest.approx(flat.kept)
        assert flat.kept >= 0.9


@SETTINGS
@given(tables(1, 5, least_rows=1), st.booleans())
def test_a_picture_keeps_the_share_of_the_distances_that_it_says(vectors, from_origin):
    flat = flatten(vectors, from_origin=from_origin)
    assert flat.points.shape == (len(vectors), 2)
    assert flat.kept == pytest.approx(min(kept_by_hand(vectors, flat.points, from_origin), 1), abs=1e-9)
    assert 0 <= flat.kept <= 1
    if flat.columns and vectors.shape[1] > 1:
        assert flat.points.tolist() == vectors[:, list(flat.columns)].tolist()
        assert flat.columns[0] < flat.columns[1]


@SETTINGS
@given(st.integers(0, 10_000), st.integers(3, 6), st.integers(3, 6), st.booleans())
def test_columns_are_drawn_just_where_they_keep_nine_tenths_of_what_the_best_projection_keeps(
    seed, rows, columns, from_origin
):
    generator = np.random.default_rng(seed)
    vectors = generator.standard_normal((rows, columns)) * generator.uniform(0.1, 3, columns)
    spread = vectors if from_origin else vectors - vectors.mean(axis=0)
    chosen = sorted(np.argsort((spread**2).sum(axis=0))[-2:].tolist())
    turned, variances = projected_by_hand(vectors, from_origin)
    assume(variances[1] > 1.001 * variances[2])
    along, best = (kept_by_hand(vectors, points, from_origin) for points in (vectors[:, chosen], turned))
    assume(abs(along - 0.9 * best) > 1e-9)
    flat = flatten(vectors, from_origin=from_origin)
    if along > 0.9 * best:
        assert flat.columns == tuple(chosen)
        assert flat.kept == pytest.approx(along)
    else:
        assert flat.columns is None
        assert flat.kept == pytest.approx(best)
        np.testing.assert_allclose(np.abs(flat.points), np.abs(turned), atol=1e-8)


@pytest.mark.parametrize("scale", [1.0, 1e-150, 1e-170, 5e-324, 1e150, 1e200])
def test_vectors_too_small_or_large_to_be_squared_have_their_cosine_and_distance(scale):
    vectors = scale * np.array([[3.0, 4.0], [4.0, 3.0], [-3.0, -4.0]])
    assert cosine(vectors, 0, 1).target.value == pytest.approx(24 / 25)
    assert cosine(vectors, 0, 2).target.value == pytest.approx(-1)
    assert cosines(vectors, 0) == pytest.approx([1, 24 / 25, -1])
    assert distance(vectors, 0, 2)[-1].target.value == pytest.approx(10 * scale)
