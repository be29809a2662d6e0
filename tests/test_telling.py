"""Which word and which columns of a calculation are pointed at first."""

import numpy as np
from support.experiments import two_columns

from attention_core import OPENING, attend
from attention_core.telling import first_cell, largest_weight, telling_columns


def test_the_largest_weight_of_a_row_is_found_among_what_may_be_seen():
    weights = np.array([[0.6, 0.3, 0.1]] * 3)
    everything = np.ones((3, 3), bool)
    assert largest_weight(weights, everything, 0) == (0, 0.6)
    assert largest_weight(weights, everything, 0, but_itself=True) == (1, 0.3)
    assert largest_weight(weights, everything & [False, True, True], 1) == (1, 0.3)


def test_a_word_that_may_see_only_itself_looks_at_itself():
    assert largest_weight(np.eye(2), np.tri(2, dtype=bool), 0, but_itself=True) == (0, 1)


def test_the_telling_columns_are_the_two_in_which_a_word_goes_farthest_in_table_order():
    before, after = np.zeros((2, 4)), np.array([[9.0, 9, 9, 9], [1, 3, 0, -5]])
    assert telling_columns(before, after, 1) == [1, 3]
    assert telling_columns(after, before, 1) == [1, 3]
    assert telling_columns(None, after, 1) == [1, 3]


def test_columns_that_tell_equally_much_are_taken_from_the_left():
    assert telling_columns(np.zeros((1, 3)), np.ones((1, 3)), 0) == [0, 1]


def test_a_single_column_is_drawn_against_itself():
    assert telling_columns(np.zeros((1, 1)), np.ones((1, 1)), 0) == [0, 0]


def test_the_opening_is_told_by_water_and_money():
    calculation = attend(OPENING.build())
    columns = telling_columns(calculation.x, calculation.context, 5)
    assert [calculation.experiment.dimensions[column] for column in columns] == ["water", "money"]


def test_the_number_that_is_shown_first_is_the_strongest_look_of_the_last_word_at_another():
    assert first_cell(attend(OPENING.build())) == (5, 4)  # bank at river
    assert first_cell(attend(two_columns("a b a b"))) == (3, 1)  # at the other b, not at itself
    assert first_cell(attend(two_columns("a b", rows={"a": (1, 0), "b": (0, 5)}))) == (1, 0)
    assert first_cell(attend(two_columns("a"))) == (0, 0)
