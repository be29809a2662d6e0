"""The numbers a word starts with, before anybody edits them.

The starter lexicon is set by hand, not learned: its four dimensions can be read by a person. A word it does not know
gets small made-up numbers that depend on the word alone, so that they are the same in every session on every machine.
"""

import csv
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

LEXICON_DIMENSIONS = ("living", "action", "water", "money")


@cache
def lexicon() -> dict[str, tuple[float, ...]]:
    """word (as `words.identity` gives it) -> one number for each of LEXICON_DIMENSIONS, in [-1, 1]."""
    rows = csv.DictReader(files(__package__).joinpath("lexicon.csv").read_text("utf-8").splitlines())
    return {row["word"]: tuple(float(row[name]) for name in LEXICON_DIMENSIONS) for row in rows}


def is_in_lexicon(word: str, dimensions: Sequence[str]) -> bool:
    """Whether hand-set numbers exist for the word in a table with these columns."""
    return word in lexicon() and any(name in LEXICON_DIMENSIONS for name in dimensions)


def starter_row(word: str, dimensions: Sequence[str]) -> tuple[float, ...]:
    """The word's first numbers, one for each dimension.

    A word of the lexicon has its hand-set number in a dimension that the lexicon names and 0 in any other; any other
    word, or a table without such dimensions, gets made-up numbers.
    """
    if is_in_lexicon(word, dimensions):
        known = dict(zip(LEXICON_DIMENSIONS, lexicon()[word], strict=True))
        return tuple(known.get(name, 0.0) for name in dimensions)
    return _made_up(word, len(dimensions))


def _made_up(word: str, count: int) -> tuple[float, ...]:
    """Up to 16 numbers between -0.5 and 0.5 with two decimals; asking for more of them keeps the first."""
    digest = sha256(word.encode()).digest()
    return tuple((int.from_bytes(digest[2 * i : 2 * i + 2], "big") % 101 - 50) / 100 for i in range(count))
