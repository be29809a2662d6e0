"""Which printed numbers are right, right but for rounding, or wrong; which slip explains them; how they were made."""

import math

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import given as generated
from hypothesis import strategies as st
from support.checks import explain, found_out
from support.judging import hand_tables, only_right, verdicts
from support.printed import BEGINNING, UNSCALED, beginning, given, number, printed, told, worked_out

from checking.claims import Given, claims_of
from checking.impossible import impossible
from checking.judge import CARRIED, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG, doubts, judge
from checking.model import Method

pytestmark = pytest.mark.filterwarnings("error")


SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


# --- a calculation to do in the head: q = [0, 1], k = [0, ln 3], so the second word's weights are 1/4 and 3/4 --------


TWO = (given("q", "0", "1"), given("k", "0", "1.0986122886681098"), given("v", "0 1", "4 8"))


def two(*tables):
    return judge(claims_of([*TWO, *tables]), UNSCALED)


def test_a_number_is_right_if_the_calculation_rounds_to_it():
    judgement = two(given("scores", "0.00 0.00", "0.00 1.10"), given("weights", "0.5 0.5", "0.3 0.8"))
    assert verdicts(judgement, "scores") == [[RIGHT, RIGHT], [RIGHT, RIGHT]]
    # 0.25 and 0.75 lie half-way: either neighbour is right.
    assert verdicts(judgement, "weights") == [[RIGHT, RIGHT], [RIGHT, RIGHT]]
    assert verdicts(judgement, "q") == [[GIVEN], [GIVEN]]
    assert (judgement.checked, judgement.wrong, judgement.first_wrong) == (8, 0, None)
    np.testing.assert_allclose(judgement.stages["weights"].true, [[0.5, 0.5], [0.25, 0.75]])


def test_a_number_just_further_than_half_a_unit_is_wrong():
    judgement = two(given("weights", "0.50 0.50", "0.25 0.76"))
    assert verdicts(judgement, "weights") == [[RIGHT, RIGHT], [RIGHT, WRONG]]
    assert judgement.first_wrong == ("weights", 1, 1)
    assert judgement.wrong == 1


def test_the_first_wrong_number_is_that_of_the_earliest_stage_then_row_then_column():
    judgement = two(
        given("context", "9 9", "9 9"), given("weights", "0.50 0.50", "0.99 0.75"), given("scores", "0 0", "0 1")
    )
    assert judgement.first_wrong == ("weights", 1, 0)
    assert judgement.stages["context"].first_wrong == (0, 0)
    assert list(judgement.stages) == ["q", "k", "v", "scores", "weights", "context"]


def test_what_is_not_claimed_is_neither_right_nor_wrong():
    judgement = two(given("weights", "_ _", "0.25 0.75"))
    assert verdicts(judgement, "weights") == [[NOTHING, NOTHING], [RIGHT, RIGHT]]
    assert judgement.checked == 2


def test_what_nothing_leads_to_is_given():
    judgement = judge(claims_of([given("weights", "0.5 0.5", "0.3 0.7")]), UNSCALED)
    assert verdicts(judgement, "weights") == [[GIVEN, GIVEN], [GIVEN, GIVEN]]
    assert np.isnan(judgement.stages["weights"].true).all()
    assert judgement.checked == 0


def test_given_numbers_carry_on_where_nothing_leads_to_them():
    judgement = judge(claims_of([given("weights", "0.5 0.5", "0.25 0.75"), TWO[2]]), UNSCALED)
    np.testing.assert_allclose(judgement.chain["context"].numbers, [[2, 4.5], [3, 6.25]])


def test_with_no_claims_there_is_nothing_to_find():
    judgement = judge(claims_of([]), Method())
    assert (judgement.checked, judgement.wrong, judgement.first_wrong, explain(judgement)) == (0, 0, None, None)


# --- right but for rounding, and why ---------------------------------------------------------------------------------


def test_numbers_computed_from_the_printed_rounded_ones_are_right_but_for_rounding():
    # exactly, 0.25 · 1 + 0.75 · 8 = 6.25; of the printed weights 0.3 · 1 + 0.8 · 8 = 6.7
    judgement = two(given("weights", "0.5 0.5", "0.3 0.8"), given("context", "2.0 4.5", "3.2 6.7"))
    verdict = judgement.stages["context"]
    assert verdict.verdicts.tolist() == [[RIGHT, RIGHT], [ROUNDING, ROUNDING]]
    assert verdict.reason == "it follows from the rounded numbers printed before it (weights)"
    np.testing.assert_allclose(verdict.true[1], [3, 6.25])
    assert judgement.wrong == 0


def test_numbers_computed_from_weights_that_somebody_rounded_and_did_not_print():
    # karim: weights [.0634, .4683, .4683] become [.1, .5, .5]
    judgement = two(given("context", "2.0 4.5", "3.2 6.7"))
    assert verdicts(judgement, "context") == [[RIGHT, RIGHT], [WRONG, WRONG]]
    judgement = two(given("context", "2.00 4.50", "3.20 6.60"))  # 0.2 and 0.8: to even
    verdict = judgement.stages["context"]
    assert verdict.verdicts.tolist() == [[RIGHT, RIGHT], [ROUNDING, ROUNDING]]
    assert verdict.reason == "it follows when the weights are first rounded to 1 decimal"


def test_weights_rounded_so_that_they_keep_their_sum():
    # Three equal weights become 0.34, 0.33 and 0.33.
    tables = [given("q", *"000"), given("k", *"000"), given("v", "100", "200", "400"), given("context", *["232.0"] * 3)]
    verdict = judge(claims_of(tables), UNSCALED).stages["context"]
    assert verdict.verdicts.tolist() == [[ROUNDING]] * 3
    assert verdict.reason == "it follows when the weights are first rounded to 2 decimals so that they still sum to 1"
    assert verdict.true[0, 0] == pytest.approx(700 / 3)


def test_who_rounds_does_so_for_a_whole_row():
    # Both numbers from weights of 1 decimal (0.2, 0.8), then one of them from other weights.
    assert verdicts(two(given("context", "_ _", "3.20 6.60")), "context")[1] == [ROUNDING, ROUNDING]
    assert verdicts(two(given("context", "_ _", "3.20 6.40")), "context")[1] == [WRONG, WRONG]


def test_scaled_scores_rounded_before_the_softmax():
    judgement = judge(
        claims_of([given("q", "1", "2"), given("k", "0", "1.26"), given("weights", "_ _", "0.0759 0.9241")]), UNSCALED
    )
    verdict = judgement.stages["weights"]  # 2.52 becomes 2.5: 1 / (1 + exp 2.5) = 0.0759
    assert verdict.verdicts[1].tolist() == [ROUNDING, ROUNDING]
    assert verdict.reason == "it follows when the scaled scores are first rounded to 1 decimal"
    assert verdict.true[1, 0] == pytest.approx(1 / (1 + math.exp(2.52)))


def test_weights_as_shares_of_the_rounded_exponentials():
    scores = given("scaled_scores", "0 0.6", "0.6 0")
    # exp 0.6 = 1.82 is printed 2: two thirds
    judgement = judge(
        claims_of([scores, given("exponentials", "1 2", "2 1"), given("weights", "0.333 0.667")]), UNSCALED
    )
    verdict = judgement.stages["weights"]
    assert verdict.verdicts[0].tolist() == [ROUNDING, ROUNDING]
    assert verdict.reason == "it follows from the rounded exponentials"
    assert verdicts(judgement, "exponentials") == [[RIGHT, RIGHT], [RIGHT, RIGHT]]


def test_a_number_with_fewer_digits_than_its_neighbours_may_be_meant_as_it_stands():
    verdict = two(given("weights", "0.5 0.5", "0.25 0.8")).stages["weights"]
    assert verdict.verdicts.tolist() == [[RIGHT, RIGHT], [RIGHT, ROUNDING]]
    assert verdict.reason == "it is right with the digits that it is printed with, fewer than its neighbours have"


def rounded_start(seed, decimals=3):
    """A calculation from numbers with many digits, all of them printed with a few."""
    return told(
        worked_out(*beginning(seed, decimals=9, n=4)),
        decimals=decimals,
        beginning_decimals=decimals,
        only=(*BEGINNING, "q", "k", "v", "scores", "weights", "context"),
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_rounded_beginning_is_noticed_and_explains_what_is_off(seed):
    judgement = judge(rounded_start(seed), Method())
    assert judgement.wrong == 0
    off = [verdict for verdict in judgement.stages.values() if verdict.count(ROUNDING)]
    assert off and all(verdict.off.any() for verdict in off)
    assert explain(judgement) is None


def test_an_error_beyond_what_a_rounded_beginning_explains_is_wrong_all_the_same():
    tables = worked_out(*beginning(1, decimals=9, n=4))
    tables["context"] = tables["context"] + np.where(np.arange(4)[:, None] == 2, 5.0, 0.0)
    judgement = judge(told(tables, beginning_decimals=3, only=(*BEGINNING, "context")), Method())
    assert judgement.stages["context"].first_wrong == (2, 0)


def test_how_far_each_stage_may_be_off_by_a_rounded_beginning():
    claims = claims_of([given("embeddings", "2.00"), given("w_q", "3.00"), given("w_k", "1")])
    off = doubts(judge(claims, Method()))
    assert off["q"][0, 0] == pytest.approx(0.005 * 2 + 0.005 * 3 + 0.005**2)
    assert off["k"][0, 0] == pytest.approx(0.005 * 1)  # the 1 was chosen, not rounded


# --- one wrong digit -------------------------------------------------------------------------------------------------


def test_one_wrong_number_is_wrong_and_what_follows_from_it_by_the_print_is_carried():
    tables = hand_tables()
    tables["q"] = tables["q"].copy()
    tables["q"][1, 0] += 1
    tables["scores"] = np.round(tables["q"], 3) @ np.round(tables["k"], 3).T
    judgement = judge(told(tables, only=(*BEGINNING, "q", "k", "scores")), Method())
    assert verdicts(judgement, "q") == [[RIGHT, RIGHT], [WRONG, RIGHT], [RIGHT, RIGHT]]
    assert judgement.stages["scores"].count(WRONG) == 0
    assert [row.count(CARRIED) for row in verdicts(judgement, "scores")] == [0, 3, 0]
    assert judgement.first_wrong == ("q", 1, 0)
    assert judgement.wrong == 4


def test_a_wrong_key_carries_into_its_column():
    tables = hand_tables()
    tables["k"] = tables["k"].copy()
    tables["k"][2, 1] += 1
    tables["scores"] = tables["q"] @ tables["k"].T
    judgement = judge(told(tables, decimals=6, only=(*BEGINNING, "q", "k", "scores")), Method())
    assert verdicts(judgement, "k")[2] == [RIGHT, WRONG]
    assert [row.index(CARRIED) for row in verdicts(judgement, "scores")] == [2, 2, 2]
    assert judgement.stages["scores"].count(CARRIED) == 3


def test_a_wrong_value_carries_into_the_context():
    start = [given("embeddings", "1", "2"), given("w_q", "0"), given("w_k", "0"), given("w_v", "3")]
    judgement = judge(claims_of([*start, given("v", "3", "9"), given("context", "6", "6")]), Method())
    assert verdicts(judgement, "v") == [[RIGHT], [WRONG]]
    assert verdicts(judgement, "context") == [[CARRIED], [CARRIED]]
    assert judgement.stages["context"].true.tolist() == [[4.5], [4.5]]


def test_a_wrong_number_that_nothing_was_computed_from_leaves_the_rest_right():
    tables = hand_tables()
    tables["q"] = tables["q"].copy()
    tables["q"][1, 0] += 1
    judgement = judge(told(tables), Method())
    assert (judgement.wrong, judgement.first_wrong) == (1, ("q", 1, 0))
    assert explain(judgement) is None


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    decimals=st.sampled_from([2, 3, 4]),
    stage=st.sampled_from(["q", "k", "v", "scores", "scaled_scores", "weights", "context"]),
    units=st.integers(40, 500),  # more than rounded numbers before it explain
    sign=st.sampled_from([-1, 1]),
)
def test_one_number_changed_by_more_than_its_rounding_is_wrong_and_the_first(seed, decimals, stage, units, sign):
    # To two decimals a whole row of weights may by chance be what rounded scores give.
    assume(decimals > 2 or stage not in ("weights", "context"))
    tables = worked_out(*beginning(seed, n=3, d_model=3, d_k=2, d_v=3))
    place = tuple(seed % size for size in tables[stage].shape)
    tables[stage] = np.round(tables[stage], decimals)
    tables[stage][place] += sign * units * 10.0**-decimals
    judgement = judge(told(tables, decimals=decimals), Method())
    assert judgement.first_wrong == (stage, *place)
    assert judgement.wrong == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_beginning_that_gives_every_other_number_to_its_last_digit_was_not_rounded(seed):
    # Two decimals might be rounded ones, and then 0.02 more in a query would be nothing.
    tables = worked_out(*beginning(seed, n=4, decimals=2))
    tables["q"] = np.round(tables["q"], 2) + np.where(np.arange(8).reshape(4, 2) == 3, 0.02, 0.0)
    judgement = judge(told(tables, decimals=2, beginning_decimals=2), Method())
    assert (judgement.wrong, judgement.first_wrong) == (1, ("q", 1, 1))
    assert not judgement.stages["q"].off.any()
    # Nor does it look rounded where whole tables are nonsense, which no rounding explains either.
    tables |= {stage: tables[stage] + 50 for stage in ("v", "scores", "scaled_scores", "context")}
    judgement = judge(told(tables, decimals=2, beginning_decimals=2), Method())
    assert judgement.first_wrong == ("q", 1, 1)
    assert judgement.stages["q"].count(WRONG) == 1


# --- bad input -------------------------------------------------------------------------------------------------------


def everything(tables):
    claims = claims_of(tables)
    judgement = judge(claims, found_out(claims))
    return judgement, explain(judgement), impossible(judgement)


def test_thousands_of_numbers_are_judged():
    tables = worked_out(*beginning(0, n=64, d_model=8, d_k=8, d_v=8))
    judgement, *_ = everything(Given(stage, printed(table, 3)) for stage, table in tables.items())
    assert judgement.checked > 16_000 and judgement.wrong == 0
    tables["weights"] = np.random.default_rng(0).normal(size=(64, 64))
    judgement, slip, found = everything(Given(stage, printed(table, 3)) for stage, table in tables.items())
    assert judgement.stages["weights"].count(WRONG) > 4_000
    assert slip is None and len(found) >= 64


def test_huge_numbers_are_judged_without_a_warning():
    huge = "1000000000000"
    tables = [given("embeddings", f"{huge} 0", f"0 {huge}"), given("w_q", "1 0", "0 1"), given("w_k", "1 0", "0 1")]
    judgement, *_ = everything(
        [*tables, given("scores", "1e24 0", "0 1e24"), given("weights", "1 0", "0 1"), given("v", huge, "0")]
    )
    assert judgement.wrong == 0
    assert judgement.checked == 8


def test_huge_rounded_numbers_may_be_far_off():
    huge = "1000000000000.25"
    tables = [given("embeddings", huge, f"-{huge}"), given("w_q", "1.25"), given("w_k", "1.25")]
    judgement, *_ = everything([*tables, given("weights", "0.50 0.50", "0.50 0.50"), given("v", "1", "0")])
    assert judgement.checked == 4


@pytest.mark.parametrize("n", [1, 3])
def test_zeros_everywhere_give_equal_weights(n):
    tables = worked_out(*(np.zeros(shape) for shape in ((n, 2), (2, 2), (2, 2), (2, 2))))
    judgement, slip, found = everything(Given(stage, printed(table, 3)) for stage, table in tables.items())
    assert judgement.wrong == 0 and slip is None and found == ()
    assert judgement.stages["weights"].true[0, 0] == pytest.approx(1 / n)


def test_one_word_looks_at_itself():
    judgement, *_ = everything([given("embeddings", "2"), given("weights", "1"), given("context", "2")])
    assert only_right(judgement) and judgement.checked == 2


def test_all_equal_scores_and_all_masked_ones():
    judgement, *_ = everything([given("scores", "7 7", "7 7"), given("weights", "0.5 0.5", "0.5 0.5")])
    assert only_right(judgement)
    judgement, *_ = everything([given("scaled_scores", "-inf -inf", "0 0"), given("weights", "0 0", "0.5 0.5")])
    assert only_right(judgement)


def test_scores_that_sum_to_nothing_do_not_trouble_the_slips():
    tables = [given("q", "1", "2"), given("k", "1", "-1"), given("scores", "1 -1", "2 -2"), given("v", "1", "2")]
    judgement, slip, _ = everything([*tables, given("weights", "0.1 0.2", "0.3 0.4"), given("context", "5", "6")])
    assert judgement.wrong > 0 and slip is None


@pytest.mark.parametrize("text", ["1e-400", "0e400", "5e-324", "1e59", "-1e59"])
@pytest.mark.parametrize("stage", ["embeddings", "scores", "weights", "context"])
def test_numbers_at_the_edge_of_what_can_be_written(text, stage):
    tables = {"embeddings": "1 2", "scores": "1 2", "weights": "0.5 0.5", "context": "1 2"} | {stage: f"{text} {text}"}
    judgement, *_ = everything([given(name, row, row) for name, row in tables.items()])
    assert judgement.checked > 0


@pytest.mark.parametrize("lines", [("_ _", "_ _"), ("1 _", "_ 2")])
@pytest.mark.parametrize("stage", ["embeddings", "q", "v", "scores", "weights", "context"])
def test_empty_cells_are_no_trouble(stage, lines):
    tables = {"embeddings": ("1 2", "3 4"), "weights": ("0 1", "1 0"), "v": ("1", "2"), "k": ("1", "2")}
    tables |= {"q": ("1", "2"), "context": ("1", "2")} | {stage: tuple(line[: len(line)] for line in lines)}
    if stage in ("q", "v", "context"):
        tables |= {"k": ("1 2", "3 4"), "q": ("1 2", "3 4")} | {stage: lines}
    judgement, *_ = everything([given(name, *rows) for name, rows in tables.items()])
    assert judgement.stages[stage].count(NOTHING) == sum(line.count("_") for line in lines)


def test_judging_changes_nothing():
    claims = told(hand_tables())
    before = {stage: claim.values.copy() for stage, claim in claims.tables.items()}
    explain(judge(claims, UNSCALED))
    for stage, values in before.items():
        np.testing.assert_array_equal(claims.tables[stage].values, values)


def test_a_number_written_with_an_exponent_is_the_same_number():
    assert number("6.0337e-06").decimals == 10
    assert two(given("weights", "5.0e-1 5.0e-1", "2.5e-1 7.5e-1")).wrong == 0
