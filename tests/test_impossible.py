"""Numbers that nothing could give are found, and numbers that rounding explains are not called so."""

import numpy as np
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from support.printed import beginning, given, printed, worked_out

from attention_core.masks import CAUSAL
from attention_core.variants import EMBEDDINGS_ONLY, QUERIES_AND_KEYS, SIMILARITY
from checking.claims import Given, claims_of
from checking.impossible import impossible
from checking.judge import judge
from checking.model import Method

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)

UNSCALED = Method(scaled=False)


def found(*tables, method=UNSCALED):
    return impossible(judge(claims_of(tables), method))


def places(*tables, method=UNSCALED):
    return [(each.stage, each.row) for each in found(*tables, method=method)]


# --- scores ----------------------------------------------------------------------------------------------------------


def test_a_row_of_scores_outside_the_span_of_the_embeddings_cannot_be():
    # Every embedding is a multiple of the first: so must the scores be.
    line = given("embeddings", "1", "2", "3")
    (each,) = found(line, given("scores", "1 2 3", "-2 -4 -6", "1 2 5"))
    assert (each.stage, each.row, each.base) == ("scores", 2, "embeddings")
    # Closest to [1, 2, 5] is 1.4 times [1, 2, 3]: it misses 2 and 5 by 0.8, on either side.
    np.testing.assert_allclose(each.closest.row, [1.4, 2.8, 4.2])
    assert each.closest.largest_error == pytest.approx(0.8)
    assert each.told == (
        "No matrices W_Q and W_K could give this row from these embeddings, if nothing was added to them: "
        "the closest leaves an error of 0.8, and rounding explains 0.5."
    )


def test_what_cannot_come_from_the_keys_says_so():
    (each,) = found(given("k", "1.0", "2.0", "3.0"), given("scores", "1.0 2.0 5.0"))
    assert (each.stage, each.row, each.base) == ("scores", 0, "k")
    assert each.told.startswith(
        "No query could give this row with these keys, if a score is their dot product: "
        "the closest leaves an error of 0.8"
    )


def test_scaled_scores_lie_in_the_same_span():
    assert places(given("embeddings", "1", "2", "3"), given("scaled_scores", "1.0 2.0 5.0")) == [("scaled_scores", 0)]


def test_a_row_within_rounding_of_the_span_can_be():
    assert places(given("embeddings", "1", "2", "3"), given("scores", "1.4 2.8 4.3")) == []
    assert places(given("embeddings", "1", "2", "3"), given("scores", "1.40 2.80 4.30")) == [("scores", 0)]


def test_as_many_numbers_as_words_can_give_any_scores():
    assert places(given("embeddings", "1 0", "0 1"), given("scores", "17 -3", "0 99")) == []


def test_where_queries_are_known_scores_are_wrong_but_not_impossible():
    tables = [given("embeddings", "1", "2", "3"), given("q", "1", "1", "1"), given("scores", "1 2 9")]
    assert places(*tables, method=UNSCALED) == []


def test_where_embeddings_are_compared_nothing_is_missing():
    tables = [given("embeddings", "1", "2", "3"), given("scores", "1 2 9")]
    assert places(*tables, method=Method(SIMILARITY, scaled=False)) == []


def test_masked_scores_and_empty_cells_say_nothing():
    line = given("embeddings", "1", "2", "3")
    assert places(line, given("scaled_scores", "7 -inf -inf", "1 2 -inf", "1 2 9")) == [("scaled_scores", 2)]
    assert places(line, given("scores", "7 _ _", "1 2 _", "1 _ 9")) == [("scores", 2)]


def test_long_rows_are_left_alone():
    words = [str(n) for n in range(1, 14)]
    assert places(given("embeddings", *words), given("scores", " ".join([*words[:-1], "99"]))) == []


def test_an_embedding_that_is_not_known_leaves_all_open():
    assert places(given("embeddings", "1", "2", "_"), given("scores", "1 2 9")) == []


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 6),
    decimals=st.sampled_from([2, 3, 4]),
    digits=st.sampled_from([1, 9]),
    base=st.sampled_from(["embeddings", "k"]),
)
def test_scores_of_real_matrices_can_be_also_where_what_they_come_from_is_printed_rounded(
    seed, n, decimals, digits, base
):
    tables = worked_out(*beginning(seed, n=n, d_model=2, decimals=digits))
    told = [Given(stage, printed(tables[stage], decimals)) for stage in (base, "scores")]
    assert found(*told) == ()


# --- weights ---------------------------------------------------------------------------------------------------------


def test_a_weight_cannot_be_negative():
    (each,) = found(given("weights", "-0.2 1.2", "0.5 0.5"))
    assert (each.stage, each.row) == ("weights", 0)
    assert each.told == "A weight cannot be negative, and -0.2 is."


def test_a_weight_may_be_printed_as_minus_zero():
    assert places(given("weights", "-0.0 1.0", "0.5 0.5")) == []
    assert places(given("weights", "-0.04 1.04", "0.50 0.50", decimals=1)) == []


def test_the_weights_of_a_row_sum_to_1():
    over, under = found(given("weights", "0.50 0.55", "0.40 0.55"))
    assert (over.row, under.row) == (0, 1)
    assert over.told == (
        "A softmax gives weights that sum to 1 in each row; these sum to 1.05, more than rounding explains."
    )
    assert under.told == (
        "A softmax gives weights that sum to 1 in each row; these sum to 0.95, and rounding explains 0.01."
    )


def test_each_weight_may_be_rounded_by_half_a_unit():
    # Three thirds are printed 0.33; twice 0.01 too much is within two halves.
    assert places(given("weights", *["0.33 0.33 0.33"] * 3)) == []
    assert places(given("weights", "0.51 0.50", "0.50 0.50")) == []
    assert places(given("weights", "0.51 0.51", "0.50 0.50")) == [("weights", 0)]


def test_a_row_of_zeros_may_look_nowhere():
    assert places(given("weights", "0 0", "0.5 0.5")) == []


def test_an_empty_cell_may_hold_what_is_missing_but_not_what_is_too_much():
    assert places(given("weights", "0.2 _", "0.5 0.5")) == []
    assert places(given("weights", "1.2 _", "0.5 0.5")) == [("weights", 0)]
    assert places(given("weights", "_ _", "0.5 0.5")) == []


# --- context ---------------------------------------------------------------------------------------------------------


def test_a_context_outside_the_values_cannot_be():
    tables = [given("v", "9 10", "11 12"), given("context", "9.5 10.5", "6.5 13.0")]
    (each,) = found(*tables)
    assert (each.stage, each.row) == ("context", 1)
    assert each.told == (
        "A weighted sum lies between the smallest and the largest of what it mixes. Number 1 is 6.5, but the values "
        "go from 9 to 11 there. "
        "Only a further step, such as an output projection, could lead outside."
    )


def test_a_context_at_the_edge_of_the_values_can_be_and_rounding_is_allowed_for():
    assert places(given("v", "9", "11"), given("context", "9.0", "11.0")) == []
    assert places(given("v", "9", "11"), given("context", "11.0", "11.1")) == [("context", 1)]
    assert places(given("v", "9.00", "11.04"), given("context", "9.0", "11.1")) == [("context", 1)]
    assert places(given("v", "9.00", "11.05"), given("context", "9.0", "11.1")) == []


def test_values_printed_rounded_may_themselves_be_off():
    assert places(given("v", "0.12", "0.13"), given("context", "0.1151", "0.1349")) == []
    assert places(given("v", "0.12", "0.13"), given("context", "0.1151", "0.1352")) == [("context", 1)]


def test_keys_are_what_is_mixed_where_they_are():
    tables = [given("k", "1", "2"), given("context", "1.5", "2.5")]
    (each,) = found(*tables, method=Method(QUERIES_AND_KEYS, scaled=False))
    assert each.told.endswith(
        "Number 1 is 2.5, but the keys go from 1 to 2 there. "
        "Only a further step, such as an output projection, could lead outside."
    )


def test_where_a_word_adds_itself_its_own_embedding_is_taken_off_first():
    method = Method(EMBEDDINGS_ONLY, scaled=False)
    assert places(given("embeddings", "1", "2", "3"), given("context", "3", "4", "5"), method=method) == []
    assert places(given("embeddings", "1", "2", "3"), given("context", "3", "6", "5"), method=method) == [
        ("context", 1)
    ]


def test_a_first_word_that_may_look_nowhere_is_itself_alone():
    # The smallest of what could be mixed is 1, and 0 is added to it.
    tables = [given("embeddings", "1", "2"), given("context", "1.0", "3.0")]
    assert places(*tables, method=Method(EMBEDDINGS_ONLY, scaled=False, masks=(CAUSAL,))) == []
    assert places(given("embeddings", "2"), given("context", "2"), method=Method(EMBEDDINGS_ONLY)) == []


def test_a_context_of_another_width_is_not_compared():
    assert places(given("v", "1 2", "3 4"), given("context", "9", "9")) == []


def test_rows_come_in_the_order_of_the_calculation():
    tables = [given("context", "9", "1", "9"), given("weights", "1 0 0", "1 1 1", "0 0 1"), given("v", "1", "2", "3")]
    tables += [given("embeddings", "1", "2", "3"), given("scores", "1 2 9", "1 2 3", "1 2 9")]
    assert places(*tables) == [
        ("scores", 0),
        ("scores", 2),
        ("weights", 1),
        ("context", 0),
        ("context", 2),
    ]


def test_words_of_people_do_not_come_into_what_is_told():
    tables = [given("v", "1", "2", labels=("<b>", "*x*")), given("context", "9", "9"), given("weights", "2 2", "3 3")]
    assert not any("<b>" in each.told or "*x*" in each.told for each in found(*tables))


def test_no_claims_are_not_impossible():
    assert found() == ()


def test_looking_changes_nothing():
    claims = claims_of([given("v", "1", "2"), given("context", "9", "9")])
    judgement = judge(claims, UNSCALED)
    impossible(judgement)
    np.testing.assert_array_equal(claims.tables["context"].values, [[9], [9]])
