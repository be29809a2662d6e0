"""Softmax of one row in three steps: exponentials, their sum, the division.  Source: sources.CAT_AND_MOUSE, step 4.

Letters: n scores in the row.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention_core.derivation import Derivation, Operator, Quantity, Symbol
from attention_core.matrices import Matrix

LARGEST_EXPONENT = 20.0  # beyond, the greatest score is subtracted first, so that the exponentials stay readable


@dataclass(frozen=True, eq=False)
class SoftmaxSteps:
    """What the three steps give. A score of -inf, which a mask forbids, has the exponential 0 and the weight 0."""

    scores: Matrix  # (n,)
    subtracted: float  # 0, or the greatest score where the exponentials would be too large or too small to read
    exponentials: Matrix  # (n,)
    total: float
    weights: Matrix  # (n,)

    def exponential(self, place: int) -> Derivation:
        score = Quantity(Symbol.SCORE, place, None, float(self.scores[place]))
        terms: tuple[tuple[Quantity, ...], ...] = ((score,),)
        if self.subtracted:
            terms += ((Quantity(Symbol.SUBTRACTED, None, None, -self.subtracted),),)
        return Derivation(self._exponential(place), Operator.EXPONENTIAL, terms)

    def sum(self) -> Derivation:
        seen = np.flatnonzero(np.isfinite(self.scores))
        terms = tuple((self._exponential(int(place)),) for place in seen)
        return Derivation(Quantity(Symbol.TOTAL, None, None, self.total), Operator.SUM, terms)

    def share(self, place: int) -> Derivation:
        weight = Quantity(Symbol.WEIGHT, place, None, float(self.weights[place]))
        if not np.isfinite(self.scores[place]):
            score = Quantity(Symbol.SCORE, place, None, float(self.scores[place]))
            return Derivation(weight, Operator.FORBIDDEN_WEIGHT, ((score,),))
        return Derivation(weight, Operator.QUOTIENT, ((self._exponential(place),), (self.sum().target,)))

    def _exponential(self, place: int) -> Quantity:
        return Quantity(Symbol.EXPONENTIAL, place, None, float(self.exponentials[place]))


def softmax_steps(scores: npt.ArrayLike) -> SoftmaxSteps:
    """(n,) -> the steps. A row that may look nowhere has the total 0 and no weight."""
    row = np.array(scores, dtype=np.float64)
    finite = row[np.isfinite(row)]
    top = float(finite.max()) if finite.size else 0.0
    subtracted = top if finite.size and np.abs(finite).max() > LARGEST_EXPONENT else 0.0
    exponentials = np.exp(row - subtracted)
    total = float(exponentials.sum())
    weights = exponentials / total if total else np.zeros_like(row)
    return SoftmaxSteps(row, subtracted, exponentials, total, weights)
