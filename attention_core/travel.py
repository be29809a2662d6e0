"""How many steps what one word says needs to reach another: read one after another, and by attention.

Letters: n words at their positions.  Source: sources.PAPER, section 4 and table 1.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from attention_core.calculation import Calculation, attend
from attention_core.experiment import Experiment

Steps = npt.NDArray[np.intp]
NEVER = -1


def steps_one_after_another(n: int, start: int) -> Steps:
    """How many steps a network that reads from left to right takes from a word to each; NEVER for those before it.

    It is at one word at a time, and what it read before travels on with it.  -> (n,)
    """
    ways = np.arange(n) - start
    return np.where(ways < 0, NEVER, ways)


def steps_by_attention(allowed: npt.NDArray[np.bool_], start: int) -> Steps:
    """How many layers of attention it takes; NEVER where no number of them is enough.  allowed: (n, n) -> (n,)

    After a layer a word knows what the words that it may look at knew before it.
    """
    steps = np.full(len(allowed), NEVER)
    steps[start] = 0
    for layer in range(1, len(allowed) + 1):
        reached = (steps == NEVER) & (allowed & (steps != NEVER)).any(axis=1)
        if not reached.any():
            break
        steps[reached] = layer
    return steps


def brought(experiment: Experiment, moved: int, place: int) -> Experiment | None:
    """The same words with one of them at another place; None where its words cannot be put in a row again.

    moved, place: positions from 0.
    """
    words = list(experiment.words)
    words.insert(place, words.pop(moved))
    other = replace(experiment, sentence=" ".join(words)) if words else experiment
    return other if list(other.words) == words else None


def farthest_place(n: int, word: int) -> int:
    """The end of the sentence that is farther from a word."""
    return 0 if word >= n - 1 - word else n - 1


def weight_if_brought(calculation: Calculation, word: int, other: int) -> tuple[int, float] | None:
    """How far `other` would stand from `word` at the far end of the sentence, and what it would get of its attention.

    None where it cannot be brought there.
    """
    n = len(calculation.words)
    place = farthest_place(n, word)
    if word == other:
        return None
    experiment = brought(calculation.experiment, other, place)
    if experiment is None:
        return None
    # What stood between has moved up by one.
    now = word - (other < word <= place) + (place <= word < other)
    return abs(place - now), float(attend(experiment).attention.weights[now, place])
