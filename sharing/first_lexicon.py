"""The numbers that words started with in version 1, whose documents left out those of the second sentence."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from attention_core.lexicon import made_up_row

_DIMENSIONS = ("living", "action", "water", "money")


def first_starter_row(word: str, dimensions: Sequence[str]) -> tuple[float, ...]:
    """One number for each dimension: what a word had in version 1 as long as nobody edited it."""
    numbers = _lexicon().get(word)
    if numbers is None or not any(name in _DIMENSIONS for name in dimensions):
        return made_up_row(word, len(dimensions))
    named = dict(zip(_DIMENSIONS, numbers, strict=True))
    return tuple(named.get(name, 0.0) for name in dimensions)


@cache
def _lexicon() -> dict[str, tuple[float, ...]]:
    rows = csv.DictReader(files(__package__).joinpath("first_lexicon.csv").read_text("utf-8").splitlines())
    return {row["word"]: tuple(float(row[name]) for name in _DIMENSIONS) for row in rows}
