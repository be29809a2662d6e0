"""What the Playground must draw, computed once more from the sentence, tables and switches that stand on the page."""

import json
import re

import numpy as np
from support.oracles import VARIANTS, attention, may_look
from support.screen import TABLES, chart, charts, context_table, everything_drawn, shown_table, widget


def same(one, other):
    return one.keys() == other.keys() and all(
        one[key].shape == other[key].shape and np.array_equal(one[key], other[key], equal_nan=True) for key in one
    )


def computed(page):
    """What must be drawn, from the sentence, the tables and the switches on the page."""
    words = [word.casefold() for word in re.findall(r"\w+", widget(page, "sentence").value)]
    vocabulary = list(dict.fromkeys(words))
    embeddings = shown_table(page, "embeddings")
    assert [label.casefold() for label in embeddings.index] == vocabulary
    x = embeddings.to_numpy()[[vocabulary.index(word) for word in words]]
    part = {"x": x} | {table[-1]: x @ shown_table(page, table).to_numpy() for table in TABLES[1:]}
    query, key, value, scores_itself, adds_itself = VARIANTS[widget(page, "variant").value]
    allowed = may_look(len(words), causal=widget(page, "causal").value, itself=scores_itself)
    parts = part[query], part[key], part[value]
    scaled, unscaled = attention(*parts, allowed=allowed), attention(*parts, allowed=allowed, divisor=1)
    shown, other = (scaled, unscaled) if widget(page, "scaled").value else (unscaled, scaled)

    def seen(numbers):
        return np.where(allowed, numbers, np.nan)

    return {
        "scores": scaled.scores,
        "scores_scaled": seen(scaled.scaled_scores),
        "scaling_difference": seen(scaled.weights - unscaled.weights),
        "weights": seen(shown.weights),
        "weights_other": seen(other.weights),
        "context": shown.context + (x if adds_itself else 0.0),
    }


def assert_follows_from_tables(page):
    drawn, expected = everything_drawn(page), computed(page)
    for key in expected.keys() & drawn.keys():
        matrix = expected[key]
        np.testing.assert_allclose(drawn[key], matrix, rtol=1e-9, atol=1e-12, err_msg=key)
    assert_bars_and_moves_agree(page, drawn)


def assert_bars_and_moves_agree(page, drawn):
    """The bars are a row of the weights, and the moves are two columns of the context table."""
    row = widget(page, "looking_word").value
    np.testing.assert_array_equal(drawn["bars"], np.nan_to_num(drawn["weights"][row]))
    moves, table = chart(page, "context"), context_table(page)
    spec = json.loads(charts(page)["context"].spec)
    end = next(each["encoding"] for each in spec["layer"] if each["encoding"]["x"]["field"] == "x")
    for axis in "xy":
        named = end[axis]["axis"]["title"]
        np.testing.assert_array_equal(moves[axis], table[named].to_numpy(), err_msg=named)
