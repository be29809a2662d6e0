"""What is different between two calculations, word by word: the numbers of another one where the same word stands now.

Letters: n words now, d numbers a context vector now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.calculation import Calculation
from attention_core.words import identity


@dataclass(frozen=True, eq=False)
class Counterpart:
    """The numbers of another calculation at the places of this one; NaN where it has none."""

    then: Calculation  # the other one, as it is
    scores: Floats  # (n, n)
    weights: Floats  # (n, n)  0 where it was forbidden to look
    context: Floats  # (n, d)
    forbidden: npt.NDArray[np.bool_]  # (n, n)  the word was there, and could not look at the other

    def stage(self, name: str) -> Floats:
        """The table scores, weights or context by its name."""
        table: Floats = getattr(self, name)
        return table


def counterpart(now: Calculation, then: Calculation) -> Counterpart:
    """The numbers of `then` at the places of `now`.

    A word that stands in the place of another, such as *money* in that of *river*, has its numbers as counterparts.
    Context vectors of another length have none.
    """
    was = same_places(now.words, then.words)
    there = was >= 0
    both = there[:, None] & there[None, :]
    pairs = np.ix_(was, was)
    context = np.full(now.context.shape, np.nan)
    if now.context.shape[1] == then.context.shape[1]:
        context[there] = then.context[was[there]]
    return Counterpart(
        then=then,
        scores=np.where(both, then.attention.scores[pairs], np.nan),
        weights=np.where(both, then.attention.weights[pairs], np.nan),
        context=context,
        forbidden=both & ~then.allowed[pairs],
    )


def same_places(now: Sequence[str], then: Sequence[str]) -> npt.NDArray[np.intp]:
    """For each word now its position then, or -1 where it came in anew.  (n,)"""
    new, old = ([identity(word) for word in words] for words in (now, then))
    if len(new) == len(old):
        return np.arange(len(new))
    places = np.full(len(new), -1)
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal" or (what == "replace" and old_to - old_from == new_to - new_from):
            places[new_from:new_to] = np.arange(old_from, old_to)
    return places
