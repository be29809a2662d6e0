"""The three forms of the lecture on the same numbers, from embeddings alone to queries, keys and values.

Letters: n words.  Source: sources.LECTURE.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.calculation import Calculation, attend
from attention_core.experiment import Experiment
from attention_core.variants import EMBEDDINGS_ONLY, QKV, QUERIES_AND_KEYS

LADDER = (EMBEDDINGS_ONLY, QUERIES_AND_KEYS, QKV)


def ladder(experiment: Experiment) -> tuple[Calculation, ...]:
    """The experiment in each form."""
    return tuple(attend(replace(experiment, variant=variant.id)) for variant in LADDER)


@dataclass(frozen=True, slots=True)
class Favourites:
    """Which other word each word prefers; None where no single one is ahead of the others."""

    words: tuple[int | None, ...]

    def same_as(self, others: Self) -> tuple[int, int]:
        """In how many words both prefer the same word, and how many words have a favourite in both."""
        both = [pair for pair in zip(self.words, others.words, strict=True) if None not in pair]
        return sum(one == other for one, other in both), len(both)


def most_similar(calculation: Calculation) -> Favourites:
    """By the dot product of their embeddings, among the words that a word may look at."""
    return _favourites(calculation.x @ calculation.x.T, calculation)


def looked_at_most(calculation: Calculation) -> Favourites:
    """By the scores, which tell apart what as a weight is too small to."""
    return _favourites(calculation.attention.scaled_scores, calculation)


def _favourites(table: Floats, calculation: Calculation) -> Favourites:
    allowed = calculation.allowed & ~np.eye(len(table), dtype=bool)
    return Favourites(tuple(_ahead(row, np.flatnonzero(seen)) for row, seen in zip(table, allowed, strict=True)))


def _ahead(row: Floats, places: npt.NDArray[np.intp]) -> int | None:
    """Which of the places holds the one greatest number; None where two are equal up to rounding, or there is none."""
    if not places.size:
        return None
    best = int(places[np.argmax(row[places])])
    greatest = np.abs(row[places]).max()
    equals = (row[places] >= row[best] - 1e-12 * greatest).sum()
    return best if equals == 1 else None
