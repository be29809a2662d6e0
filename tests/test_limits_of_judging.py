"""Where judging changes its mind: each limit, with a number on either side of it."""

import numpy as np
import pytest
from support.judging import verdicts
from support.printed import UNSCALED, given

from checking.claims import claims_of
from checking.impossible import impossible
from checking.judge import RIGHT, ROUNDING, WRONG, judge

pytestmark = pytest.mark.filterwarnings("error")


def judged(*tables):
    return judge(claims_of(tables), UNSCALED)


def places(*tables):
    return [(each.stage, each.row) for each in impossible(judged(*tables))]


# --- what cannot be --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "found"), [(2, True), (12, True), (13, False)])
def test_rows_of_2_to_12_words_are_held_against_what_their_keys_can_give(words, found):
    keys = [str(place) for place in range(1, words + 1)]
    rows = [" ".join([*keys[:-1], "99"]), *[" ".join(keys)] * (words - 1)]
    assert places(given("k", *keys), given("scores", *rows)) == [("scores", 0)] * found


def test_one_number_of_a_row_can_always_be():
    assert places(given("k", "1", "2"), given("scores", "7 _", "_ 9")) == []


@pytest.mark.parametrize(
    ("keys", "scores", "can_be"),
    [
        # Two equal keys: the closest row is the mean of both scores, and misses each by half of their difference.
        (("1", "1"), "1.0 1.1", True),  # by half a unit
        (("1", "1"), "1.0 1.2", False),
        (("1.00", "1.00"), "1.000 1.010", True),  # by half a unit and what the keys themselves may be off
        (("1.00", "1.00"), "1.000 1.012", False),
        (("1.0", "1.0"), "1.000 1.010", False),  # keys of one decimal are meant exactly
    ],
)
def test_a_row_of_scores_may_miss_by_what_rounding_explains(keys, scores, can_be):
    assert places(given("k", *keys), given("scores", scores, scores)) == (
        [] if can_be else [("scores", 0), ("scores", 1)]
    )


@pytest.mark.parametrize(("known", "can_be"), [("1.00", True), ("1.01", False)])
def test_what_is_missing_of_a_row_of_weights_may_be_nothing_but_not_less(known, can_be):
    assert places(given("weights", f"{known} _", "0.50 0.50")) == ([] if can_be else [("weights", 0)])


# --- whether the beginning is exact ----------------------------------------------------------------------------------

BEGINNING = (given("q", "1.11", "1.37", "0.83", "1.29"), given("k", "0.97", "1.21", "1.43", "1.09"))


def scores(decimals, right):
    """So many of the 16 scores as the printed beginning gives them, one that only another beginning would give."""
    product = np.outer([1.11, 1.37, 0.83, 1.29], [0.97, 1.21, 1.43, 1.09]).ravel()
    numbers = [f"{number:.{decimals}f}" for number in product[: right + 1]]
    numbers[0] = f"{product[0] + 0.01:.{decimals}f}"  # ± 0.005 in both factors explain a little more
    cells = [*numbers, *["_"] * (15 - right)]
    return given("scores", *[" ".join(cells[start : start + 4]) for start in range(0, 16, 4)])


@pytest.mark.parametrize(("right", "verdict"), [(12, ROUNDING), (13, WRONG)])
def test_more_than_12_right_numbers_for_each_wrong_one_speak_for_an_exact_beginning(right, verdict):
    judgement = judged(*BEGINNING, scores(4, right))
    assert verdicts(judgement, "scores")[0][0] == verdict
    assert judgement.checked == right + 1 and judgement.wrong == (verdict == WRONG)


@pytest.mark.parametrize(("decimals", "verdict"), [(3, WRONG), (2, ROUNDING)])
def test_only_numbers_in_which_rounding_would_plainly_show_speak_for_it(decimals, verdict):
    assert verdicts(judged(*BEGINNING, scores(decimals, 15)), "scores")[0][0] == verdict


# --- intermediates that somebody rounded by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("731058.6", RIGHT),  # 1000000 e / (1 + e) = 731058.5786...
        ("731060.0", ROUNDING),  # from 0.73106
        ("731059.0", WRONG),  # from 0.731059, and nobody rounds by hand to six decimals
        ("700000.0", ROUNDING),
        ("1000000.0", WRONG),  # from 1, and a weight of 1 is no longer a rounded weight
    ],
)
def test_weights_may_have_been_rounded_to_1_to_5_decimals_first(printed, verdict):
    tables = given("q", "0", "1"), given("k", "0", "1"), given("v", "0", "1000000")
    judgement = judged(*tables, given("context", "500000.0", printed))
    assert verdicts(judgement, "context") == [[RIGHT], [verdict]]
