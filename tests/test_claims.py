"""Printed numbers as claims: how far each may be off by rounding alone, and which word each row belongs to."""

import math

import numpy as np
import pytest
from support.printed import given, written

from checking.claims import BY_WORD, PAIRS, ClaimError, Given, claims_of, without_position
from checking.placing import placed
from checking.precision import decimals_of, halves_of
from checking.reading import STAGES, read

pytestmark = pytest.mark.filterwarnings("error")


# --- half a unit of the last digit -----------------------------------------------------------------------------------


def test_a_number_may_be_off_by_half_a_unit_of_its_last_digit():
    np.testing.assert_allclose(halves_of(written("0.12 3.45", "6.00 7.89")), np.full((2, 2), 0.005))


def test_a_dropped_zero_at_the_end_is_still_meant():
    # 0.5 beside 0.25 is 0.50.
    np.testing.assert_allclose(halves_of(written("0.5 0.25 3")), np.full((1, 3), 0.005))


def test_numbers_with_as_many_significant_digits_have_each_their_own_unit():
    halves = halves_of(written("0.063379 0.46831", "6.0337e-06 0.98201"))
    np.testing.assert_allclose(halves, [[5e-7, 5e-6], [5e-11, 5e-6]])


def test_numbers_with_exponents_share_their_digits_as_numpy_prints_them():
    np.testing.assert_allclose(halves_of(written("1.e+02 1.234e-05 0.e+00")), [[0.05, 5e-9, 5e-4]])


def test_a_number_with_an_exponent_leaves_the_decimals_of_its_neighbours_alone():
    np.testing.assert_allclose(halves_of(written("0.25 0.5 6.03e-06")), [[0.005, 0.005, 5e-9]])


def test_the_digits_that_are_printed_are_counted():
    claim = claims_of([given("q", "0.063379 12.345678 0 _ -0.5")]).tables["q"]
    assert claim.digits.tolist() == [[5, 8, 0, 0, 6]]
    np.testing.assert_allclose(claim.units, [[1e-6] * 3 + [np.nan, 1e-6]])


def test_zero_tells_nothing_about_significant_digits():
    np.testing.assert_allclose(halves_of(written("0 12.5 1.25")), [[0.5, 0.05, 0.005]])


def test_significant_digits_are_not_thought_of_where_all_have_the_same_decimals():
    np.testing.assert_allclose(halves_of(written("0.12 0.34 0.56")), np.full((1, 3), 0.005))


def test_corrected_decimals_hold_for_every_number():
    np.testing.assert_allclose(halves_of(written("0.5 12.5 1.25"), 4), np.full((1, 3), 5e-5))


def test_whole_numbers_may_be_off_by_a_half():
    np.testing.assert_allclose(halves_of(written("2 7 15")), np.full((1, 3), 0.5))


def test_an_empty_cell_has_no_unit():
    assert np.isnan(halves_of(written("0.5 _"))[0, 1])


def test_the_decimals_of_a_table_are_those_of_its_most_precise_number():
    assert decimals_of(written("0.5 12.125 _", "3 _ _")) == 3
    assert decimals_of(written("_")) == 0


def test_a_number_that_was_meant_with_fewer_digits_keeps_its_own_half_beside():
    claim = claims_of([given("q", "0.5 0.25")]).tables["q"]
    np.testing.assert_allclose(claim.loose, [[0.05, 0.005]])
    np.testing.assert_allclose(claim.halves, [[0.005, 0.005]])


def test_a_number_exactly_half_a_unit_off_is_within_its_half():
    claim = claims_of([given("q", "0.13")]).tables["q"]
    assert abs(0.13 - 0.125) <= claim.halves[0, 0] < 0.0050001


def test_what_is_said_to_be_printed_with_a_thousand_places_has_a_half_all_the_same():
    claim = claims_of([given("q", "1e-400 0e400 5e-324")]).tables["q"]
    assert np.isfinite(claim.halves).all() and (claim.halves > 0).all()


# --- tables of full size ---------------------------------------------------------------------------------------------


def test_a_row_stands_at_its_word_and_nothing_is_claimed_elsewhere():
    claims = claims_of([given("embeddings", "1 2", "3 4", "5 6"), given("context", "7 8", first_row=1)])
    np.testing.assert_array_equal(claims.tables["context"].values, [[np.nan, np.nan], [7, 8], [np.nan, np.nan]])
    assert claims.tables["context"].count == 2
    assert claims.tables["context"].claimed.tolist() == [[False, False], [True, True], [False, False]]


def test_a_single_row_of_scores_tells_how_many_words_there_are():
    claims = claims_of([given("scores", "112 96 80")])
    assert claims.words == ("word 1", "word 2", "word 3")
    assert claims.tables["scores"].values.shape == (3, 3)


def test_rows_from_several_places_are_one_table():
    claims = claims_of([given("v", "1 2", "_ 4"), given("v", "5 _", first_row=1)])
    np.testing.assert_array_equal(claims.tables["v"].values, [[1, 2], [5, 4]])
    assert claims.rows == (0, 1) and claims.set_aside == ()


def test_a_part_that_contradicts_an_earlier_one_is_set_aside_whole():
    parts = [given("v", "1 2", "3 4"), given("v", "5 9", "5 _", first_row=1)]
    claims = claims_of([*parts, given("q", "1", "1", "1")])
    np.testing.assert_array_equal(claims.tables["v"].values, [[1, 2], [3, 4], [np.nan, np.nan]])
    assert claims.rows == (0, None, 0)
    (aside,) = claims.set_aside
    assert (aside.given, aside.reason) == (parts[1], "another table of Values says otherwise")


def test_of_numbers_that_are_printed_twice_the_more_precise_one_counts():
    claims = claims_of([given("v", "0.12 3.46"), given("v", "0.1234 3.4552"), given("v", "0.1 3.5")])
    np.testing.assert_array_equal(claims.tables["v"].values, [[0.1234, 3.4552]])
    np.testing.assert_allclose(claims.tables["v"].halves, 5e-5)
    assert claims.set_aside == ()


def test_parts_without_a_place_take_the_first_free_rows_in_their_order():
    rows = [given("scores", line, first_row=None) for line in ("1 2 3", "4 5 6", "7 8 9")]
    claims = claims_of([*rows, given("scores", "4 5 6", first_row=None)])
    np.testing.assert_array_equal(claims.tables["scores"].values, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert claims.rows == (0, 1, 2, 1)
    assert len(claims.floating) == 4


def test_a_row_too_many_is_set_aside():
    rows = [given("scores", line, first_row=None) for line in ("1 2", "4 5", "7 8")]
    assert [aside.given for aside in claims_of(rows).set_aside] == [rows[2]]


def test_a_table_of_no_stage_is_kept_beside_the_claims():
    unnamed = given(None, "1 -inf", "3 4 5")
    claims = claims_of([unnamed, given("q", "1 2")])
    assert claims.unnamed == (unnamed,) and list(claims.tables) == ["q"] and claims.rows == (None, 0)
    assert claims.set_aside == ()


def test_each_part_of_a_table_has_its_own_decimals():
    claims = claims_of([given("v", "1.0 2.0"), given("v", "5.000 4.000", first_row=1)])
    np.testing.assert_allclose(claims.tables["v"].halves, [[0.05, 0.05], [0.0005, 0.0005]])


def test_the_size_of_a_stage_is_its_columns_and_0_where_it_is_not_there():
    claims = claims_of([given("embeddings", "1 2 3")])
    assert (claims.size("embeddings"), claims.size("q")) == (3, 0)


def test_matrices_have_no_word_in_a_row():
    claims = claims_of([given("w_q", "1 2", "3 4", "5 6")])
    assert claims.words == ()
    assert claims.tables["w_q"].values.shape == (3, 2)


def test_what_is_masked_is_minus_infinity():
    assert claims_of([given("scaled_scores", "1 -inf", "2 3")]).tables["scaled_scores"].values[0, 1] == -math.inf


def test_no_tables_are_no_claims():
    assert claims_of([]).tables == {}


# --- words -----------------------------------------------------------------------------------------------------------


def test_words_come_from_the_first_table_that_has_them_and_the_rest_is_numbered():
    tables = [
        given("scores", "1 2 3", "4 5 6", "7 8 9"),
        given("context", "1", labels=("cat",), first_row=1),
        given("q", "1", "2", labels=("The", "dog")),
    ]
    assert claims_of(tables).words == ("The", "dog", "word 3")


def test_a_word_over_two_lines_is_one_line():
    assert claims_of([given("q", "1", labels=("the\ncat",))]).words == ("the cat",)


def test_hostile_words_are_kept_as_they_are():
    words = ("=1+1", "<b>|</b>", "{=1+1}", "nan", "שלום", "👩\u200d👩\u200d👧")
    assert claims_of([given("q", *"123456", labels=words)]).words == words


def test_a_part_of_the_rows_is_placed_by_its_labels():
    tables = placed(read("Embeddings\nThe: [1, 2]\ncat: [3, 4]\nsat: [5, 6]\n\nContext\ncat: [0.5, 1]\nsat: [2, 1]\n"))
    assert [(table.stage, table.first_row) for table in tables] == [("embeddings", 0), ("context", 1)]


@pytest.mark.parametrize("label", ["", "dog: "])
def test_of_a_row_whose_word_is_not_told_the_place_is_not_known(label):
    tables = placed(read(f"Embeddings\nThe: [1, 2]\ncat: [3, 4]\n\nContext\n{label}[0.5, 1]\n"))
    assert [table.first_row for table in tables] == [0, None]


def test_a_word_that_comes_twice_does_not_tell_whose_row_it_is():
    tables = placed(read("Embeddings\nthe: [1, 2]\ncat: [3, 4]\nthe: [1, 2]\n\nContext\nthe: [0.5, 1]\n"))
    assert tables[1].first_row is None


def test_a_word_is_the_same_in_capitals():
    tables = placed(read("Embeddings\nThe: [1, 2]\nCat: [3, 4]\n\nContext\ncat: [0.5, 1]\n"))
    assert tables[1].first_row == 1


@pytest.mark.parametrize(("first", "place"), [(1, 1), (0, 2)])
def test_numbers_in_labels_tell_the_place(first, place):
    text = f"q_{first} = [1, 2]\nq_{first + 1} = [3, 4]\nq_{first + 2} = [5, 6]\n\nz_2 = [7, 8]\n"
    assert [table.first_row for table in placed(read(text))] == [0, place]


def test_a_table_of_no_stage_is_placed_with_what_stood_before_it():
    (table,) = placed(read("Something\nThe: [1, 2]\ncat: [3, 4]\n"))
    assert (table.stage, table.heading, table.line, table.labels) == (None, "Something", 2, ("The", "cat"))


def test_matrices_start_at_their_first_row_whatever_their_labels_are():
    tables = placed(read("Embeddings\nd2: [1, 2]\nd1: [3, 4]\n\nW_Q\nd1: [1, 0]\nd2: [0, 1]\n"))
    assert [table.first_row for table in tables] == [0, 0]


def test_the_longest_labels_are_the_words_so_that_a_row_after_a_repeated_word_finds_its_place():
    text = "Embeddings\nthe: [1, 0]\ncat: [2, 0]\nmat: [3, 0]\n\n"
    text += "Queries\nthe: [1, 1]\ncat: [2, 2]\nthe: [1, 1]\nmat: [3, 3]\n\nContext\nmat: [9, 9]\n"
    assert [table.first_row for table in placed(read(text))] == [0, 0, 3]


@pytest.mark.parametrize("stage", ["embeddings", "q", "k", "v"])
def test_vectors_printed_once_for_a_repeated_word_hold_at_each_of_its_places(stage):
    words = ("The·1", "cat", "the·3")
    tables = [given(stage, "1 2", "3 4", labels=("the", "cat")), given("weights", *["0 0 1"] * 3, labels=words)]
    claims = claims_of(tables)
    np.testing.assert_array_equal(claims.tables[stage].values, [[1, 2], [3, 4], [1, 2]])
    assert claims.words == words


@pytest.mark.parametrize(
    "table",
    [
        given("embeddings", "1", "2", labels=("the", "dog")),  # nobody says what cat is
        given("embeddings", "1", "2", labels=("the", "cat"), first_row=1),  # put there by hand
        given("embeddings", "1", "2"),  # no labels
        given("embeddings", "1", "2", labels=("the", "The")),  # which of the two?
        given("context", "1", "2", labels=("the", "cat")),  # differs from place to place under a mask
    ],
)
def test_rows_are_not_repeated_where_it_is_not_plain_that_they_are_meant_so(table):
    claims = claims_of([table, given("weights", *["0 0 1"] * 3, labels=("the", "cat", "the"))])
    assert claims.tables[table.stage].count == 2


def test_the_word_of_a_label_has_no_position():
    assert [without_position(label) for label in ("the·4", "the", "a·b", "·12", "x·1·2")] == [
        "the",
        "the",
        "a·b",
        "·12",
        "x·1",
    ]


# --- what does not fit, word for word --------------------------------------------------------------------------------

DOES_NOT_FIT = {
    "an unknown stage": ([given("soup", "1")], f"There is no stage 'soup'; there are {', '.join(STAGES)}."),
    "ragged": (
        [given("context", "1 2", "1 2 3")],
        "Context vectors: its rows have 2 and 3 numbers; they need equally many.",
    ),
    "ragged parts": (
        [given("q", "1 2"), given("q", "1", first_row=1)],
        "Queries: its rows have 1 and 2 numbers; they need equally many.",
    ),
    "too few columns": (
        [given("embeddings", "1", "2", "3"), given("weights", "0.5 0.5")],
        "Attention weights has 2 columns, but there are 3 words; it needs a column for each.",
    ),
    "matrix of another height": (
        [given("embeddings", "1 2"), given("w_k", "1 2", "3 4", "5 6")],
        "W_K has 3 rows, but an embedding has 2 numbers; they must be equally many.",
    ),
    "matrix of another width": (
        [given("w_v", "1 2"), given("v", "1 2 3")],
        "W_V has 2 columns, but Values has 3; they must be equally many.",
    ),
    "queries and keys": (
        [given("q", "1 2"), given("k", "1 2 3")],
        "Queries has 2 columns but Keys has 3; a query and a key need equally many numbers.",
    ),
    "their matrices": (
        [given("w_q", "1 2"), given("w_k", "1")],
        "W_Q has 2 columns but W_K has 1; a query and a key need equally many numbers.",
    ),
    "no rows": ([Given("scores", ())], "Scores: a row has no numbers; it needs at least one."),
    "empty rows": ([Given("embeddings", ((), ()))], "Embeddings: a row has no numbers; it needs at least one."),
    "masked embeddings": (
        [given("embeddings", "1 -inf")],
        "Embeddings: −∞ stands there, but only scores can be masked by it.",
    ),
    "masked weights": (
        [given("weights", "1 -inf", "0 1")],
        "Attention weights: −∞ stands there, but only scores can be masked by it.",
    ),
    "too large": ([given("v", "1 2e60")], "Values: 2e+60 is too large; numbers up to 1e60 can be checked."),
    "too many words": (
        [given("q", "1", "2", first_row=600)],
        "The tables have 602 words; up to 512 can be checked.",
    ),
}


@pytest.mark.parametrize("case", DOES_NOT_FIT)
def test_what_does_not_fit_is_told_in_a_sentence(case):
    tables, sentence = DOES_NOT_FIT[case]
    with pytest.raises(ClaimError) as told:
        claims_of(tables)
    assert str(told.value) == sentence


@pytest.mark.parametrize("stage", STAGES)
def test_a_table_of_empty_cells_claims_nothing(stage):
    claims = claims_of([given(stage, "_ _", "_ _")])
    assert claims.tables[stage].count == 0


@pytest.mark.parametrize("stage", BY_WORD)
def test_every_stage_by_word_names_its_words_and_pairs_need_them_in_columns_too(stage):
    tables = [given(stage, "1 2", "3 4", labels=("a", "b"))]
    assert claims_of(tables).words == ("a", "b")
    if stage in PAIRS:
        with pytest.raises(ClaimError, match="a column for each"):
            claims_of([*tables, given("q", "1", "2", "3")])


def test_claims_do_not_change_what_they_are_made_of():
    table = given("embeddings", "1 2", "3 4", labels=("a", "b"))
    before = repr(table)
    claims_of([table, given("q", "1", labels=("b",), first_row=1)])
    assert repr(table) == before
