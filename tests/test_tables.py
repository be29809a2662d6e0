"""Tables as a person edits them: labelled, told apart from the example, and taken back cell by cell."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import two_columns

from attention_core import EXAMPLES, OPENING, attend
from attention_core.experiment import WEIGHT_TABLES
from presentation.tables import (
    EXPERIMENT_TABLES,
    NOTE_COLUMN,
    TableError,
    content,
    context_columns,
    editable_frame,
    matrix_of,
    notes,
    row_labels,
    vectors_frame,
    with_edits,
    with_table,
)

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)

TABLES = ("embeddings", *WEIGHT_TABLES)
BANK = 5  # its row in the opening's embeddings


def notes_of(experiment, table="embeddings"):
    return editable_frame(experiment, table)[NOTE_COLUMN].to_dict()


# --- matrix -> table -------------------------------------------------------------------------------------------------


def test_the_embeddings_have_a_row_a_word_and_a_column_a_dimension():
    frame = editable_frame(OPENING.build(), "embeddings")
    assert list(frame.index) == ["We", "walked", "to", "the", "river", "bank"]
    assert list(frame.columns) == ["living", "action", "water", "money", NOTE_COLUMN]
    assert frame.loc["river"].tolist() == [0, 0, 1, 0, "hand-set"]


@pytest.mark.parametrize(("table", "columns"), [("w_q", "q1 q2 q3"), ("w_k", "k1 k2 k3"), ("w_v", "v1 v2 v3")])
def test_weights_have_a_row_a_dimension_and_numbered_columns(table, columns):
    frame = editable_frame(EXAMPLES["cat-and-mouse"].build(), table)
    assert list(frame.index) == ["d1", "d2", "d3"]
    assert list(frame.columns) == [*columns.split(), NOTE_COLUMN]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_numbers_in_a_table_are_those_of_the_experiment(name, table):
    experiment = EXAMPLES[name].build()
    frame = editable_frame(experiment, table).drop(columns=NOTE_COLUMN)
    np.testing.assert_array_equal(frame.to_numpy(float), matrix_of(experiment, table))
    assert not frame.columns.has_duplicates and not frame.index.has_duplicates


def test_repeated_words_have_one_row_called_as_the_word_was_first_typed():
    assert row_labels(two_columns("The cat the THE"), "embeddings") == ("The", "cat")


def test_long_words_that_begin_alike_have_rows_of_different_names():
    assert len(set(row_labels(two_columns(f"{'x' * 20} {'x' * 21}"), "embeddings"))) == 2


@pytest.mark.parametrize("word", ["nan", "__index__", "None", "index"])
def test_a_row_may_be_called_like_something_of_pandas(word):
    frame = editable_frame(two_columns(f"{word} a.b"), "embeddings")
    assert list(frame.index) == [word, "a.b"]
    assert not frame.index.isna().any()


def test_every_table_has_a_title_on_screen():
    assert set(EXPERIMENT_TABLES) == set(TABLES)


def test_vectors_have_a_row_a_position():
    frame = vectors_frame(np.eye(2), ("the·1", "the·2"), ("v1", "v2"))
    pd.testing.assert_frame_equal(
        frame, pd.DataFrame(np.eye(2), index=pd.Index(["the·1", "the·2"], dtype="str"), columns=["v1", "v2"])
    )


# --- what a row's note says ------------------------------------------------------------------------------------------


def test_words_of_the_lexicon_are_hand_set_and_others_unknown_until_somebody_says_something():
    experiment = OPENING.build().with_sentence("river rivers zorp")
    assert notes_of(experiment) == {"river": "hand-set", "rivers": "as river", "zorp": "unknown"}
    assert notes_of(experiment.with_like("zorp", "cat"))["zorp"] == "like cat"
    assert notes_of(experiment.with_like("zorp", "zorp"))["zorp"] == "made up"


def test_words_of_an_article_come_from_the_example():
    experiment = EXAMPLES["cat-and-mouse"].build().with_sentence("The cat saw")
    assert notes_of(experiment) == {"The": "example", "cat": "example", "saw": "made up"}


def test_a_changed_number_says_what_it_was():
    experiment, _ = with_edits(OPENING.build(), "embeddings", {BANK: {"water": 0.9}})
    assert notes_of(experiment)["bank"] == "water was 0.3"
    assert notes_of(experiment)["river"] == "hand-set"


def test_two_changed_numbers_both_do():
    experiment, _ = with_edits(OPENING.build(), "w_q", {1: {"q1": -1, "q4": 2}})
    assert notes_of(experiment, "w_q") == {"living": "", "action": "q1 was 3, q4 was 0", "water": "", "money": ""}


def test_a_number_changed_back_is_not_changed():
    changed, _ = with_edits(OPENING.build(), "embeddings", {BANK: {"water": 0.9}})
    back, _ = with_edits(changed, "embeddings", {BANK: {"water": 0.3}})
    assert back == OPENING.build()
    assert notes_of(back)["bank"] == "hand-set"


def test_another_sentence_or_size_alone_is_noted_as_no_change():
    experiment = OPENING.build().with_sentence("money bank").resized(d_k=6, d_v=2)
    assert not any(" was " in note for table in TABLES for note in notes(experiment, table))


# --- edits -----------------------------------------------------------------------------------------------------------


def test_an_edit_changes_its_cell_and_no_other():
    experiment, problem = with_edits(OPENING.build(), "embeddings", {BANK: {"water": 0.75}})
    expected = OPENING.build().embeddings.copy()
    expected[BANK, 2] = 0.75
    assert problem is None
    np.testing.assert_array_equal(experiment.embeddings, expected)


@pytest.mark.parametrize(("table", "column"), [("w_q", "q2"), ("w_k", "k2"), ("w_v", "v2")])
def test_weights_are_edited_by_their_columns_names(table, column):
    experiment, problem = with_edits(OPENING.build(), table, {3: {column: 7}})
    assert problem is None
    assert matrix_of(experiment, table)[3, 1] == 7
    assert content(with_table(OPENING.build(), table, matrix_of(experiment, table)), table) == content(
        experiment, table
    )


def test_no_edits_change_nothing():
    assert with_edits(OPENING.build(), "w_q", {}) == (OPENING.build(), None)


def test_an_edit_of_a_repeated_word_moves_all_its_positions():
    experiment, _ = with_edits(two_columns("the cat the"), "embeddings", {0: {"d1": 5}})
    assert attend(experiment).x[:, 0].tolist() == [5, experiment.embeddings[1, 0], 5]


@pytest.mark.parametrize(
    ("typed", "number"), [("2.5", 2.5), (" -1 ", -1), ("1e3", 1000), (7, 7), (-0.0, 0), (1e6, 1e6)]
)
def test_whatever_reads_as_a_number_is_one(typed, number):
    experiment, problem = with_edits(OPENING.build(), "embeddings", {BANK: {"water": typed}})
    assert problem is None
    assert experiment.embeddings[BANK, 2] == number


OUT_OF_RANGE = "numbers from -1,000,000 to 1,000,000 work."


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (None, "is empty; it needs a number."),
        ("", "is empty; it needs a number."),
        (" ", "holds “ ”; it needs a number, such as 0.5 or -2."),
        ("lots", "holds “lots”; it needs a number, such as 0.5 or -2."),
        ("1,5", "holds “1,5”; it needs a number, such as 0.5 or -2."),
        ("=A1", "holds “=A1”; it needs a number, such as 0.5 or -2."),
        ("x" * 1_000, f"holds “{'x' * 40}”; it needs a number, such as 0.5 or -2."),
        (True, "holds True; it needs a number."),
        ([1], "holds [1]; it needs a number."),
        (float("inf"), "holds inf; it needs a finite number."),
        (float("nan"), "holds nan; it needs a finite number."),
        ("nan", "holds nan; it needs a finite number."),
        ("-Infinity", "holds -Infinity; it needs a finite number."),
        ("1e308", f"holds 1e+308; {OUT_OF_RANGE}"),
        (-1_000_001, f"holds -1e+06; {OUT_OF_RANGE}"),
        (10**400, "holds “1000000000000000000000000000000000000000”; it needs a number, such as 0.5 or -2."),
    ],
)
def test_a_cell_that_holds_no_number_keeps_its_old_one_and_says_what_it_needs(typed, complaint):
    experiment, problem = with_edits(OPENING.build(), "embeddings", {BANK: {"water": typed}})
    assert experiment == OPENING.build()
    assert problem == f"bank · water {complaint}"


def test_the_good_cells_of_an_edit_count_even_where_others_are_bad():
    edits = {4: {"water": "lots", "money": 0.5}, BANK: {"water": None, "living": -1}}
    experiment, problem = with_edits(OPENING.build(), "embeddings", edits)
    assert problem == "river · water holds “lots”; it needs a number, such as 0.5 or -2."
    assert experiment.embeddings[4:].tolist() == [[0, 0, 1, 0.5], [-1, 0, 0.3, 0.3]]


@pytest.mark.parametrize(
    "edits", [{6: {"water": 9}}, {-1: {"water": 9}}, {99: {"water": 9}}, {0: {"d9": 9}}, {0: {NOTE_COLUMN: "x"}}]
)
def test_an_edit_of_a_table_that_had_another_shape_is_left_out(edits):
    assert with_edits(OPENING.build(), "embeddings", edits) == (OPENING.build(), None)


@SETTINGS
@given(st.sampled_from(TABLES), st.integers(0, 3), st.integers(0, 3), st.one_of(st.text(), st.floats(), st.none()))
def test_whatever_is_typed_there_is_an_experiment_afterwards(table, row, column, typed):
    experiment = OPENING.build()
    name = editable_frame(experiment, table).columns[column]
    edited, problem = with_edits(experiment, table, {row: {name: typed}})
    assert np.isfinite(attend(edited).context).all()
    assert problem is None or (edited == experiment and problem.endswith("."))


def test_a_whole_table_of_another_shape_is_refused():
    with pytest.raises(TableError) as error:
        with_table(OPENING.build(), "embeddings", np.ones((2, 4)))
    assert str(error.value) == "The table of embeddings came as 2 × 4; needed is 6 × 4 (rows × columns)."


def test_a_whole_table_that_does_not_go_with_the_others_is_refused():
    with pytest.raises(TableError, match="W_Q has 2 columns but W_K has 4"):
        with_table(OPENING.build(), "w_q", np.ones((4, 2)))


# --- what looks different --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"sentence": "b a"}, {"embeddings"}),
        ({"sentence": "A b"}, {"embeddings"}),
        ({"sentence": "a, b a!"}, set()),
        ({"rows": {"a": (1, 0), "b": (0, 2)}}, {"embeddings"}),
        ({"w_q": 2 * np.eye(2)}, {"w_q"}),
        ({"w_v": np.ones((2, 3))}, {"w_v"}),
        ({"dimensions": ("d1", "x")}, {"embeddings", "w_q", "w_k", "w_v"}),
        ({"scaled": False, "masks": ("causal",), "decimals": 5}, set()),
    ],
    ids=str,
)
def test_a_table_shows_something_else_where_its_numbers_rows_or_columns_differ(change, changed):
    old, new = two_columns(), two_columns(**change)
    assert {table for table in TABLES if content(old, table) != content(new, table)} == changed


# --- names of a context vector's columns -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"variant": "similarity"}, ("d1", "d2")),
        ({"variant": "embeddings_only"}, ("d1", "d2")),
        ({"variant": "queries_and_keys", "w_k": 2 * np.eye(2)}, ("k1", "k2")),
        ({"w_v": [[1, 2, 3], [4, 5, 6]]}, ("v1", "v2", "v3")),
        ({"w_v": 2 * np.eye(2)}, ("v1", "v2")),
        ({"w_v": np.eye(2)}, ("d1", "d2")),
    ],
    ids=str,
)
def test_context_columns_are_called_like_what_they_mix(change, names):
    assert context_columns(attend(two_columns(**change))) == names


def test_the_openings_context_is_read_in_living_action_water_and_money():
    experiment = OPENING.build()
    assert context_columns(attend(experiment)) == experiment.dimensions
    assert context_columns(attend(replace(experiment, w_v=2 * np.eye(4)))) == ("v1", "v2", "v3", "v4")
