"""Which rows of scores embeddings can make: checked against a grid of lines, against random lines, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_core import EXAMPLES, attend
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_SCORES
from attention_core.reach import along_line, closest_row

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
EMBEDDINGS, SCORES = np.array(PRINTED_EMBEDDINGS), np.array(PRINTED_SCORES)


def largest_error(row, scores):
    return float(np.abs(np.asarray(row) - scores).max())


# --- the printed row -------------------------------------------------------------------------------------------------


def test_the_printed_scores_miss_the_line_of_the_printed_embeddings_by_0_0177_at_best():
    closest = closest_row(EMBEDDINGS, SCORES)
    assert closest.largest_error == pytest.approx(0.0177, abs=1e-12)
    np.testing.assert_allclose(closest.row, [0.1323, 0.5767, 0.91, 1.2433], atol=1e-12)


def test_the_closest_row_misses_three_printed_scores_by_the_same_on_alternating_sides():
    errors = SCORES - closest_row(EMBEDDINGS, SCORES).row
    np.testing.assert_allclose(errors, [0.0177, -0.0177, -0.008, 0.0177], atol=1e-12)


def test_no_line_of_a_fine_grid_comes_closer_to_the_printed_scores():
    # The printed embeddings count up by 0.1 in their columns, so that a row within reach is a + b times the first.
    first = EMBEDDINGS[:, 0]
    starts, slopes = np.meshgrid(np.arange(-0.5, 0.5, 0.001), np.arange(0.5, 1.5, 0.001), indexing="ij")
    errors = np.abs(starts[..., None] + slopes[..., None] * first - SCORES).max(axis=-1)
    assert 0.0177 - 1e-12 <= errors.min() < 0.0177 + 0.001
    place = np.unravel_index(errors.argmin(), errors.shape)
    assert (starts[place], slopes[place]) == (pytest.approx(0.0212, abs=0.002), pytest.approx(1.111, abs=0.002))


def test_the_columns_of_the_printed_embeddings_make_lines_and_nothing_else():
    lines = np.column_stack([np.ones(4), EMBEDDINGS[:, 0]])
    assert np.linalg.matrix_rank(EMBEDDINGS) == np.linalg.matrix_rank(np.hstack([EMBEDDINGS, lines])) == 2


def test_every_word_of_the_cat_and_the_mouse_has_scores_within_reach():
    calculation = attend(EXAMPLES["cat-and-mouse"].build())
    for row in calculation.attention.scores:
        assert closest_row(calculation.x, row).largest_error < 1e-12


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_equal_embeddings_have_equal_scores_half_way_between_the_wanted_ones():
    closest = closest_row([[1], [1], [1]], [0, 1, 4])
    np.testing.assert_allclose(closest.row, [2, 2, 2], rtol=1e-12)
    assert closest.largest_error == pytest.approx(2)


def test_a_word_twice_as_long_has_twice_the_score():
    closest = closest_row([[1], [2]], [3, 0])
    # u with |u - 3| = |2u - 0| is 1
    np.testing.assert_allclose(closest.row, [1, 2], rtol=1e-12)
    assert closest.largest_error == pytest.approx(2)


def test_words_that_point_in_different_directions_can_have_any_scores():
    closest = closest_row(np.eye(3), [5, -7, 0.5])
    np.testing.assert_allclose(closest.row, [5, -7, 0.5], atol=1e-12)
    assert closest.largest_error == 0


def test_embeddings_of_zeros_can_only_score_0():
    closest = closest_row(np.zeros((3, 2)), [1, -4, 2])
    assert closest.row.tolist() == [0, 0, 0]
    assert closest.largest_error == 4


def test_a_single_word_has_any_score():
    closest = closest_row([[1, 2]], [3])
    assert (closest.row.tolist(), closest.largest_error) == ([pytest.approx(3)], 0)


def test_what_is_given_is_left_as_it_was():
    embeddings, scores = EMBEDDINGS.copy(), SCORES.copy()
    closest_row(embeddings, scores)
    along_line(embeddings)
    assert (embeddings == EMBEDDINGS).all() and (scores == SCORES).all()


def test_the_row_misses_by_what_it_says_where_words_share_an_embedding():
    scores = [0, 2, 0, 1.5]
    closest = closest_row([[1, 0], [1, 0], [0, 1], [0, 1]], scores)
    assert closest.largest_error == pytest.approx(1)
    assert largest_error(closest.row, scores) == pytest.approx(1)


# --- any embeddings in general position ------------------------------------------------------------------------------


@st.composite
def words_and_scores(draw):
    """Random embeddings, of which any d are independent, with scores of any kind."""
    generator = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, d = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    return generator.standard_normal((n, d)), generator.standard_normal(n) * 3, generator


@SETTINGS
@given(words_and_scores())
def test_no_other_row_within_reach_has_a_smaller_largest_error(case):
    embeddings, scores, generator = case
    closest = closest_row(embeddings, scores)
    u, *_ = np.linalg.lstsq(embeddings, closest.row, rcond=None)
    np.testing.assert_allclose(embeddings @ u, closest.row, atol=1e-9)
    assert largest_error(closest.row, scores) == pytest.approx(closest.largest_error, abs=1e-9)
    for size in (1, 0.1, 0.01, 1e-4):
        others = u + size * generator.standard_normal((200, len(u)))
        assert np.abs(others @ embeddings.T - scores).max(axis=1).min() >= closest.largest_error - 1e-9


@SETTINGS
@given(words_and_scores())
def test_a_row_that_a_query_made_is_within_reach(case):
    embeddings, _, generator = case
    scores = embeddings @ generator.standard_normal(embeddings.shape[1])
    closest = closest_row(embeddings, scores)
    assert closest.largest_error < 1e-9
    np.testing.assert_allclose(closest.row, scores, atol=1e-9)


@SETTINGS
@given(words_and_scores(), st.floats(0.01, 100))
def test_scores_so_many_times_as_large_miss_by_so_many_times_as_much(case, factor):
    embeddings, scores, _ = case
    once, more = closest_row(embeddings, scores), closest_row(embeddings, factor * scores)
    assert more.largest_error == pytest.approx(factor * once.largest_error, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(more.row, factor * once.row, atol=1e-7)


# --- points on a line ------------------------------------------------------------------------------------------------


def test_the_printed_embeddings_lie_on_one_line():
    np.testing.assert_allclose(along_line(EMBEDDINGS), [0, 0.4, 0.7, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("points", "places"),
    [
        ([[1, 2], [3, 4]], [0, 1]),
        ([[0, 0], [1, 1], [-3, -3]], [0, -1 / 3, 1]),
        ([[5], [5], [9]], [0, 0, 1]),
        ([[1e6, 0, 0], [0, 1e6, 0], [5e5, 5e5, 0]], [0, 1, 0.5]),
    ],
    ids=str,
)
def test_points_on_a_line_are_placed_between_the_first_and_the_farthest(points, places):
    np.testing.assert_allclose(along_line(points), places, atol=1e-12)


@pytest.mark.parametrize(
    "points",
    [[[0, 0], [1, 0], [0, 1]], [[0, 0, 0], [1, 1, 1], [2, 2, 2.01]], [[1, 2], [1, 2]], [[0, 0]], [[7]]],
    ids=str,
)
def test_points_on_no_line_have_no_place_on_it_and_neither_have_equal_ones(points):
    assert along_line(points) is None


@SETTINGS
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 5))
def test_points_that_were_put_on_a_line_are_found_on_it(seed, n, d):
    generator = np.random.default_rng(seed)
    start, way, places = generator.standard_normal(d), generator.standard_normal(d), generator.standard_normal(n)
    places -= places[0]
    farthest = places[np.abs(places).argmax()]
    np.testing.assert_allclose(along_line(start + places[:, None] * way), places / farthest, atol=1e-9)
