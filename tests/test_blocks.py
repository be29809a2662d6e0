"""Tables side by side and the end of a row of scores: every number in its place."""

import numpy as np
import pytest

from attention_core.softmax_steps import softmax_steps
from presentation import ledger
from presentation.blocks import MOST_ROWS, Block, blocks, rows_drawn
from presentation.palette import KEY, QUERY


def numbers_in(chart):
    return {
        (row, column): value
        for row, column, value in chart.frame[["row_position", "column_position", "value"]].values
        if not np.isnan(value)
    }


def test_tables_stand_side_by_side_with_a_gap_between():
    one, other = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[-5.0], [0.0]])
    tables = (Block(("a", "b"), one, QUERY), Block(("a",), other, KEY))
    chart = blocks(("left", "right"), tables, title="t", decimals=1, chosen=1)
    assert numbers_in(chart) == {(0, 0): 1, (0, 1): 2, (0, 3): -5, (1, 0): 3, (1, 1): 4, (1, 3): 0}
    assert set(chart.frame.query("chosen")["row"]) == {"right"}
    assert (
        list(chart.frame["shown"])[:3] == ["1.0", "2.0", "3.0"] and chart.alt == "t, 2 words. right: 3.00, 4.00; 0.00."
    )


def test_a_table_of_zeros_is_drawn():
    chart = blocks(("a",), (Block(("x",), np.zeros((1, 1)), QUERY),), title="t", decimals=0, chosen=0)
    assert chart.frame["shown"].tolist() == ["0"]


@pytest.mark.parametrize(("n", "chosen"), [(1, 0), (16, 15), (17, 16), (500, 3), (500, 499)])
def test_the_chosen_word_is_always_among_those_that_are_drawn(n, chosen):
    drawn = rows_drawn(n, chosen)
    assert chosen in drawn and len(drawn) == min(n, MOST_ROWS) and drawn == sorted(set(drawn))
    table = np.arange(float(n))[:, None]
    chart = blocks([f"w{at}" for at in range(n)], (Block(("x",), table, QUERY),), title="t", decimals=0, chosen=chosen)
    assert sorted(chart.frame["value"]) == drawn and sorted(chart.frame["key_position"]) == [at + 1 for at in drawn]


@pytest.mark.parametrize("drawn", [(0, 1, 2), (0, 2)])
def test_what_words_give_is_multiplied_by_their_weights_and_added_up_over_all_of_them(drawn):
    row, given = softmax_steps([20.0, 13.0, -np.inf]), np.array([[2.0, -1.0], [0.5, 4.0], [9.0, 9.0]])
    chart = ledger.added_up(row, ("a", "b", "c"), drawn, Block(("k1", "k2"), given, KEY), decimals=3)
    weights = np.array([1 / (1 + np.exp(-7.0)), 1 / (1 + np.exp(7.0)), 0.0])
    expected = {(place, 0): weights[at] for place, at in enumerate(drawn)} | {(len(drawn), 0): 1.0}
    for column in range(2):
        expected |= {(place, 2 + column): weights[at] * given[at, column] for place, at in enumerate(drawn)}
        expected[len(drawn), 2 + column] = sum(weights * given[:, column])
    assert numbers_in(chart) == pytest.approx(expected)
    names = [name.strip("\u200b") for name in chart.frame["column"].cat.categories]
    assert names == ["weight", "", "× k1", "× k2"]
