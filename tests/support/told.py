"""Reading what the app says of a person's numbers, as a person reads it."""

import re
from decimal import Decimal

import numpy as np
import pytest

MARKS = re.compile(r"\*\*|\\")
NUMBER = r"[−-]?\d+(?:\.\d+)?(?:e[−+-]\d+)?"


def number(text):
    return float(text.replace("−", "-"))


def assert_is(written, value):
    """The number is the value, rounded to its last written digit."""
    unit = 10.0 ** Decimal(written.replace("−", "-")).as_tuple().exponent
    assert abs(number(written) - value) <= unit / 2 * (1 + 1e-6) + 1e-12 * abs(value), (written, value)


def named(text, labels, word):
    """The positions that a list such as "A, B and 3 others" names, and how many it leaves out."""
    left = re.search(r"and (\d+) others$", text)
    names = re.split(r", | and ", text[: left.start()].rstrip(" ,") if left else text)
    return {word if name == "itself" else labels.index(name) for name in names}, int(left[1]) if left else 0


def assert_look(told, row, seen, labels, word, decimals):
    """Where a word looks most. row, seen: its weights, and where it may look.  (n,)"""
    unit = 10.0**-decimals
    if match := re.search(r"looks most at (.+?): ([−\d.]+) (each|of its attention)", told):
        most, left_out = named(match[1], labels, word)
        assert len(most) + left_out == (1 if match[3] == "of its attention" else len(most) + left_out) > 0
        assert all(abs(row[at] - number(match[2])) <= unit / 2 + 1e-12 for at in most)
        others = [row[at] for at in np.flatnonzero(seen) if at not in most]
        assert all(other <= min(row[at] for at in most) + unit for other in others)
        equal = [other for other in others if abs(other - number(match[2])) < unit / 2 - 1e-12]
        assert len(equal) <= left_out, "those that look equal are all told"
    elif match := re.search(r"looks evenly at (?:all|the) (\d+) words.*?: ([\d.]+) each", told):
        assert int(match[1]) == seen.sum() > 1
        assert ("that it may look at" in told) == (not seen.all())
        assert all(abs(weight - number(match[2])) <= unit / 2 + 1e-12 for weight in row[seen])
    elif match := re.search(r"may look only at (.+?), which gets all", told):
        (only,), _ = named(match[1], labels, word)
        assert np.flatnonzero(seen).tolist() == [only]
        assert row[only] == pytest.approx(1)
    else:
        assert "may look at no word" in told
        assert not seen.any()
