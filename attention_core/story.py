"""What happens to one word, as facts: where it looks most, how its context vector differs from its embedding, and which
of the numbers behind that mean nothing.

Equal is what looks equal: numbers are compared as they are shown, to a number of decimals.

Letters: n words at their positions, d numbers a context vector.
"""

from dataclasses import dataclass

import numpy as np

from attention_core.calculation import Calculation
from attention_core.origins import Source, origin_of
from attention_core.telling import as_shown, most_looked_at
from attention_core.words import identity


@dataclass(frozen=True, slots=True)
class Change:
    """One number of a word's vector, before and after attention."""

    column: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Story:
    """What one row of a calculation tells. Words are named by their positions, from 0."""

    word: int
    open_to: int  # how many words it may look at
    most: tuple[int, ...]  # the words that get its greatest weight
    weight: float  # that weight; 0 where it may look at no word
    changes: tuple[Change, ...] | None  # its greatest changes; none where nothing changes, None where it can't be said
    made_up: tuple[int, ...]  # of the words that are named, those whose numbers are made up
    unknown: tuple[int, ...]  # of the words that are named, those of which nothing is known

    @property
    def is_even(self) -> bool:
        """Whether it looks at every word that it may look at alike, and at more than one."""
        return 1 < self.open_to == len(self.most)


def story_of(calculation: Calculation, word: int, *, decimals: int) -> Story:
    """The story of the word at a position. Two numbers are alike where they round to the same `decimals`."""
    allowed = calculation.allowed[word]
    weights = calculation.attention.weights[word]
    most = most_looked_at(weights, allowed, decimals=decimals)
    named = dict.fromkeys((word, *(most if len(most) < allowed.sum() else ())))
    sources = {at: origin_of(calculation.experiment, identity(calculation.words[at])).source for at in named}
    return Story(
        word=word,
        open_to=int(allowed.sum()),
        most=most,
        weight=float(weights[list(most)].max()) if most else 0.0,
        changes=_greatest_changes(calculation, word, decimals),
        made_up=tuple(at for at in named if sources[at] is Source.MADE_UP),
        unknown=tuple(at for at in named if sources[at] is Source.UNKNOWN),
    )


def keeps_columns(calculation: Calculation) -> bool:
    """Whether a column means the same in a context vector as in an embedding: what is mixed are the embeddings."""
    return not calculation.joins and np.array_equal(calculation.table(calculation.variant.value), calculation.x)


def _greatest_changes(calculation: Calculation, word: int, decimals: int) -> tuple[Change, ...] | None:
    if not keeps_columns(calculation):
        return None
    before, after = calculation.x[word], calculation.context[word]
    ways = as_shown(np.abs(as_shown(after, decimals) - as_shown(before, decimals)), decimals)
    if not ways.any():
        return ()
    greatest = map(int, np.flatnonzero(ways == ways.max()))
    return tuple(Change(column, float(before[column]), float(after[column])) for column in greatest)
