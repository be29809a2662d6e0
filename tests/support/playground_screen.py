"""What the Playground must draw, computed once more from the sentence, tables and switches that stand on the page."""

import re

import numpy as np
from support.oracles import VARIANTS, attention, may_look
from support.screen import TABLES, everything_drawn, shown_table, widget


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
    if widget(page, "word_order").value == "own":
        x = x + shown_table(page, "positions").to_numpy()
    part = {"x": x} | {table[-1]: x @ shown_table(page, table).to_numpy() for table in TABLES[1:]}
    query, key, value, scores_itself, adds_itself = VARIANTS[widget(page, "variant").value]
    allowed = may_look(len(words), causal=widget(page, "causal").value, itself=scores_itself)
    parts = part[query], part[key], part[value]
    seen = attention(*parts, allowed=allowed, **({} if widget(page, "scaled").value else {"divisor": 1}))
    return {
        "scores": seen.scores,
        "weights": np.where(allowed, seen.weights, np.nan),
        "context": seen.context + (x if adds_itself else 0.0),
    }


def assert_follows_from_tables(page):
    drawn, expected = everything_drawn(page), computed(page)
    assert drawn.keys() == expected.keys()
    for key, matrix in expected.items():
        shown = drawn[key]
        if key == "context" and shown.shape != matrix.shape:  # several heads side by side; the tables are of one
            shown = shown[:, widget(page, "head").value * matrix.shape[1] :][:, : matrix.shape[1]]
        np.testing.assert_allclose(shown, matrix, rtol=1e-9, atol=1e-12, err_msg=key)
