"""The numbers a word starts with, before anybody edits them.

The starter lexicon is set by hand, not learned: its dimensions can be read by a person, from -1 (the opposite) over 0
(has nothing to do with it) to 1. Every word belongs to a kind (animal, tool, feeling …), began with the numbers of its
kind and was changed where it differs from it; the column `kind` of lexicon.csv tells which.

Under these dimensions a word that the lexicon does not know says nothing: zeros, like "the". In a table whose columns
have no such meaning, small made-up numbers hurt nobody: they depend on the word alone, so that they are the same in
every session on every machine, and a person may ask for them elsewhere too.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

from attention_core.word_forms import Known, known

LEXICON_DIMENSIONS = (
    *("living", "action", "water", "money", "person", "food", "place", "thing"),
    *("mind", "feeling", "time", "motion", "nature", "body", "size", "light"),
)
_MOST_REMEMBERED = 64  # characters of a word; thousands of words as long as a sentence would take a lot of memory
OPENING_DIMENSIONS = LEXICON_DIMENSIONS[:4]  # those of the first picture; a wider table shows more, in order


def lexicon() -> dict[str, tuple[float, ...]]:
    """word (as `words.identity` gives it) -> one number for each of LEXICON_DIMENSIONS, in [-1, 1]."""
    return {word: _numbers(word) for word in _rows()}


def known_word(word: str) -> Known | None:
    """The word of the lexicon whose numbers a word has: itself, what it is a form of, or what it means; else None."""
    return _known_word(word) if len(word) <= _MOST_REMEMBERED else known(word, _rows().keys())


@lru_cache(maxsize=4096)
def _known_word(word: str) -> Known | None:
    return known(word, _rows().keys())


def has_meaning(dimensions: Sequence[str]) -> bool:
    """Whether any column of a table is one that the lexicon names."""
    return any(name in LEXICON_DIMENSIONS for name in dimensions)


def starter_row(word: str, dimensions: tuple[str, ...]) -> tuple[float, ...]:
    """The word's first numbers, one for each dimension.

    In a dimension that the lexicon names a known word has its hand-set number and an unknown one 0; both have 0 in any
    other. A table without such dimensions gets made-up numbers.
    """
    remembered = _starter_row if len(word) <= _MOST_REMEMBERED else _starter_row.__wrapped__
    return remembered(word, dimensions)


@lru_cache(maxsize=4096)
def _starter_row(word: str, dimensions: tuple[str, ...]) -> tuple[float, ...]:
    if not has_meaning(dimensions):
        return made_up_row(word, len(dimensions))
    found = known_word(word)
    if found is None:
        return (0.0,) * len(dimensions)
    numbers = dict(zip(LEXICON_DIMENSIONS, _numbers(found.word), strict=True))
    return tuple(numbers.get(name, 0.0) for name in dimensions)


def made_up_row(word: str, count: int) -> tuple[float, ...]:
    """Up to 16 numbers between -0.5 and 0.5 with two decimals; asking for more of them keeps the first."""
    digest = sha256(word.encode()).digest()
    return tuple((int.from_bytes(digest[2 * i : 2 * i + 2], "big") % 101 - 50) / 100 for i in range(count))


@cache
def _rows() -> dict[str, str]:
    """word -> its numbers as they stand in the file: the first page needs a handful of 3,700."""
    _, *lines = files(__package__).joinpath("lexicon.csv").read_text("utf-8").splitlines()
    rows = (line.split(",", 2) for line in lines)
    return {word: numbers for word, _kind, numbers in rows}


@cache
def _numbers(word: str) -> tuple[float, ...]:
    return tuple(map(float, _rows()[word].split(",")))
