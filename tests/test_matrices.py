"""Tables of numbers: what is refused is tested with the experiment; here, what comes out and what stays untouched."""

import math

import numpy as np
import pytest

from attention_core.matrices import MAX_DIMENSION, MAX_MAGNITUDE, checked_table, fitted_table, read_only


def test_a_checked_table_holds_the_numbers_it_was_given():
    table = checked_table("It", [[1, "2.5"], [-3, True]], rows=2)
    assert table.dtype == np.float64
    assert table.tolist() == [[1, 2.5], [-3, 1]]


def test_a_checked_table_is_a_copy_that_nobody_can_change():
    given_table = np.array([[1.0, -0.0]])
    table = checked_table("It", given_table, rows=1)
    given_table[0, 0] = 9
    assert table[0, 0] == 1
    assert not np.signbit(table).any() and np.signbit(given_table[0, 1])
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 9


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        ([[1, 2], [3, 4]], 3, "It came as 2 × 2; needed is 2 × 3 (rows × columns)."),
        ([[1, 2]], None, "It came as 1 × 2; needed is 2 × 1 to 16 (rows × columns)."),
        ([1, 2], 1, "It came as 2; needed is 2 × 1 (rows × columns)."),
        (5, None, "It came as a single number; needed is 2 × 1 to 16 (rows × columns)."),
        ([[], []], None, "It has 0 columns; 1 to 16 work here."),
        ([[0] * 17] * 2, None, "It has 17 columns; 1 to 16 work here."),
        ([[0] * 17] * 2, 17, "It has 17 columns; 1 to 16 work here."),
        ([[1], [math.nan]], None, "It has a cell that is not a finite number."),
        ([[1], [-math.inf]], 1, "It has a cell that is not a finite number."),
        ([[1], [-1_000_001]], 1, "It has a number beyond ±1,000,000; numbers up to that work here."),
        ([[1], ["one"]], 1, "It has a cell that is not a number, or rows of different lengths."),
        ([[1], [2, 3]], 1, "It has a cell that is not a number, or rows of different lengths."),
        ([[1], [10**400]], 1, "It has a cell that is not a number, or rows of different lengths."),
    ],
    ids=str,
)
def test_a_table_that_does_not_fit_is_refused_by_its_name(table, columns, message):
    with pytest.raises(ValueError) as error:
        checked_table("It", table, rows=2, columns=columns)
    assert str(error.value) == message


def test_the_largest_table_and_the_largest_number_still_fit():
    table = np.full((2, MAX_DIMENSION), MAX_MAGNITUDE)
    assert checked_table("It", table, rows=2, columns=MAX_DIMENSION).sum() == 32e6
    assert checked_table("It", -table, rows=2).sum() == -32e6


@pytest.mark.parametrize(
    ("rows", "columns", "fitted"),
    [
        (2, 2, [[1, 2], [3, 4]]),
        (1, 1, [[1]]),
        (3, 1, [[1], [3], [0]]),
        (1, 4, [[1, 2, 0, 0]]),
        (3, 3, [[1, 2, 0], [3, 4, 0], [0, 0, 0]]),
    ],
)
def test_a_fitted_table_keeps_what_fits_and_is_0_elsewhere(rows, columns, fitted):
    table = np.array([[1.0, 2.0], [3.0, 4.0]])
    result = fitted_table(table, rows, columns)
    assert result.tolist() == fitted
    result[0, 0] = 9
    assert table[0, 0] == 1


def test_a_read_only_table_cannot_be_changed_and_holds_its_rows():
    table = read_only(((1, 2), (3, 4)))
    assert table.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 9
