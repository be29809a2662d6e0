"""Does the order of the words matter? The same words in another order, and how their context vectors compare.

Letters: n words at their positions, d numbers a context vector.
"""

from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from attention_core.calculation import Calculation
from attention_core.experiment import Experiment
from attention_core.words import identity, split

_NEGLIGIBLE = 1e-9  # beside the largest number: what adding up in another order can change


@dataclass(frozen=True, slots=True)
class Reordered:
    """What another order of the same words did to their context vectors."""

    moved: int  # how many words stand somewhere else
    different: tuple[str, ...]  # the identities of the words that have another context vector now
    largest: float  # the largest difference between two numbers of the same word


def shuffled(experiment: Experiment, seed: int) -> Experiment | None:
    """The same words in another order; None where there is no other, or where joined words are split in another way."""
    words = experiment.words
    if len({identity(word) for word in words}) < 2:
        return None
    between = " " if experiment.split_into == "words" else ""
    generator = np.random.default_rng(seed)
    for _ in range(100):  # a chance that all orders are the same, or split differently, of nearly nothing
        order = generator.permutation(len(words))
        new = tuple(words[at] for at in order)
        sentence = between.join(new)
        if [identity(word) for word in new] != [identity(word) for word in words] and (
            split(sentence, experiment.split_into) == new
        ):
            return experiment.with_sentence(sentence)
    return None


def reordered(before: Calculation, now: Calculation) -> Reordered | None:
    """Compared word by word; None unless the words are the same in another order, and nothing else was changed.

    Of a word that comes more than once, context vectors are compared in the order of their numbers.
    """
    one, other = before.experiment, now.experiment
    old, new = ([identity(word) for word in each.words] for each in (before, now))
    if old == new or sorted(old) != sorted(new) or not one.agrees_with(other, but_for={"sentence"}):
        return None
    scale = max(1.0, float(np.abs(before.context).max()))
    largest, different = 0.0, []
    for word in dict.fromkeys(new):
        vectors = [_sorted(each.context[np.array(names) == word], scale) for each, names in ((before, old), (now, new))]
        apart = float(np.abs(vectors[0] - vectors[1]).max())
        largest = max(largest, apart)
        if apart > _NEGLIGIBLE * scale:
            different.append(word)
    moved = sum(one != other for one, other in zip(old, new, strict=True))
    return Reordered(moved, tuple(different), largest)


def places_in(other: Experiment, experiment: Experiment) -> list[int]:
    """For each word of an experiment its place among the same words in another order: the first *the* is the first."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(other.words):
        places.setdefault(identity(word), []).append(at)
    return [places[identity(word)].pop(0) for word in experiment.words]


def _sorted(vectors: Floats, scale: float) -> Floats:
    """Rows in the order of their numbers, those that differ by rounding alone counting as equal.  (k, d)"""
    rounded = np.round(vectors / scale, 9)
    return vectors[np.lexsort(rounded.T[::-1])]
