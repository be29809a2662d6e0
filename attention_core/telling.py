"""What of a calculation is worth pointing at first.

Letters: n words at their positions, d numbers a context vector.
"""

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.calculation import Calculation


def largest_weight(
    weights: Floats, allowed: npt.NDArray[np.bool_], row: int, *, but_itself: bool = False
) -> tuple[int, float]:
    """The column that a row looks at most, and its weight."""
    seen = np.where(allowed[row], weights[row], -1.0)
    if but_itself and allowed[row].sum() > allowed[row, row]:
        seen[row] = -1.0
    column = int(np.argmax(seen))
    return column, float(weights[row, column])


def first_cell(calculation: Calculation) -> tuple[int, int]:
    """The cell to show before one is chosen: the strongest look of the last word at another."""
    last = len(calculation.words) - 1
    return last, largest_weight(calculation.attention.weights, calculation.allowed, last, but_itself=True)[0]


def telling_columns(before: Floats | None, after: Floats, word: int) -> list[int]:
    """The two columns in which a word's vector goes farthest, in table order; one column alone comes twice."""
    way = np.abs(after[word] - (before[word] if before is not None else 0.0))
    farthest = np.argsort(-way, kind="stable")[:2]
    return sorted(map(int, farthest)) if len(farthest) == 2 else [0, 0]


def as_shown(numbers: Floats, decimals: int) -> Floats:
    """The numbers as a reader sees them, rounded to `decimals`. What is equal here looks equal.  (m,) -> (m,)"""
    return np.array([round(number, decimals) for number in numbers.tolist()])


def most_looked_at(weights: Floats, allowed: npt.NDArray[np.bool_], *, decimals: int) -> tuple[int, ...]:
    """The places of the largest weight of a row: more than one where several look equal to so many decimals.

    weights: (n,), allowed: (n,) where the word may look.  Empty where it may look nowhere.
    """
    if not allowed.any():
        return ()
    seen = np.where(allowed, as_shown(weights, decimals), -1.0)
    return tuple(int(at) for at in np.flatnonzero(seen == seen.max()))
