"""Why scores are divided by √d_k: how they grow with d_k, and what that does to the softmax and to its gradient.

Letters: n words in a row of weights, R random rows.
Sources: sources.PAPER, section 3.2.1 and its footnote 4; sources.CORE_MECHANISM on the stability of the gradients.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats, softmax
from attention_core.derivation import Derivation, Operator, Quantity, Symbol
from attention_core.lessons import MAX_KEY_SIZE
from attention_core.matrices import Matrix

RANDOM_ROWS = 400  # queries that are drawn
RANDOM_WORDS = 8  # keys that each of them is compared with
SPREAD = (10, 90)  # per cent: between these the spread of a measure is drawn


def entropy(weights: npt.ArrayLike) -> Matrix:
    """In bits: 0 where one word has all weight, log2(n) where all have the same.  (..., n) -> (...)"""
    w = np.asarray(weights, dtype=np.float64)
    bits: Matrix = -np.sum(w * np.log2(w, where=w > 0, out=np.zeros_like(w)), axis=-1) + 0.0
    return bits


def jacobian(weights: npt.ArrayLike) -> Matrix:
    """How much each weight grows when a score that enters the softmax grows: wᵢ(δᵢⱼ − wⱼ).  (..., n) -> (..., n, n)"""
    w = np.asarray(weights, dtype=np.float64)
    return w[..., :, None] * (np.eye(w.shape[-1]) - w[..., None, :])


def gradient_size(weights: npt.ArrayLike) -> Matrix:
    """The root of the sum of squares of the Jacobian's entries: 0 where the softmax is saturated.  (..., n) -> (...)"""
    size: Matrix = np.linalg.norm(jacobian(weights), axis=(-2, -1))
    return size


def entropy_sum(weights: Matrix) -> Derivation:
    """(n,) -> the entropy with its terms."""
    terms = tuple((_weight(weights, place),) for place in range(len(weights)))
    return Derivation(Quantity(Symbol.ENTROPY, None, None, float(entropy(weights))), Operator.ENTROPY, terms)


def slope(weights: Matrix, of: int, when: int) -> Derivation:
    """One entry of the Jacobian: how the weight `of` grows when the score `when` grows.  weights: (n,)"""
    target = Quantity(Symbol.SLOPE, of, when, float(jacobian(weights)[of, when]))
    is_own = Quantity(Symbol.OWN, None, None, float(of == when))
    return Derivation(target, Operator.SLOPE, ((_weight(weights, of),), (is_own,), (_weight(weights, when),)))


def _weight(weights: Matrix, place: int) -> Quantity:
    return Quantity(Symbol.WEIGHT, place, None, float(weights[place]))


@dataclass(frozen=True, eq=False)
class RandomScores:
    """Random queries and keys of every size from 1 to MAX_KEY_SIZE: numbers of mean 0 and standard deviation 1.

    The vectors of a size are the first numbers of the largest ones, so that one more number adds one more product.
    """

    scores: Matrix  # (MAX_KEY_SIZE, R, n)  query · key where the vectors have 1, 2, 3 … numbers
    keys: Matrix  # (MAX_KEY_SIZE, R, n)
    first_query: Matrix  # (MAX_KEY_SIZE,)  whose product with the first key is the first score
    first_key: Matrix  # (MAX_KEY_SIZE,)

    def rows(self, d_k: int) -> Matrix:
        """(R, n)"""
        table: Matrix = self.scores[d_k - 1]
        return table

    def deviation(self, d_k: int) -> float:
        """The standard deviation of all scores of a size; √d_k is expected."""
        return float(self.rows(d_k).std())

    def spread(self, d_k: int) -> tuple[float, float]:
        """Between which scores of a size SPREAD per cent of them lie."""
        low, high = np.percentile(self.rows(d_k), SPREAD)
        return float(low), float(high)

    def weights(self, d_k: int, *, scaled: bool) -> Floats:
        """(R, n)"""
        rows = self.rows(d_k)
        return softmax(rows / np.sqrt(d_k) if scaled else rows)

    def query_gradient(self, d_k: int, *, scaled: bool) -> Matrix:
        """How much the weights of each row answer to the numbers of its query: the size of J · K, and the scale. (R,)

        By the chain rule it is the softmax's Jacobian times the keys, divided by √d_k where scores are.
        """
        keys = np.moveaxis(self.keys[:d_k], 0, -1)
        size: Matrix = np.linalg.norm(jacobian(self.weights(d_k, scaled=scaled)) @ keys, axis=(-2, -1))
        return size / np.sqrt(d_k) if scaled else size


@lru_cache(maxsize=2)
def random_scores(seed: int) -> RandomScores:
    """One seed, one draw, on every machine."""
    generator = np.random.default_rng(seed)
    queries = generator.standard_normal((MAX_KEY_SIZE, RANDOM_ROWS, 1))
    keys = generator.standard_normal((MAX_KEY_SIZE, RANDOM_ROWS, RANDOM_WORDS))
    scores = np.cumsum(queries * keys, axis=0)
    scores.flags.writeable = keys.flags.writeable = False
    return RandomScores(scores, keys, queries[:, 0, 0].copy(), keys[:, 0, 0].copy())


@dataclass(frozen=True)
class Measured:
    """A measure of the random rows of one size: its mean and its spread."""

    d_k: int
    scaled: bool
    mean: float
    low: float
    high: float


def _largest(weights: npt.ArrayLike) -> Matrix:
    largest: Matrix = np.max(weights, axis=-1)
    return largest


# What is measured of a row of weights: its name -> how.  (..., n) -> (...)
MEASURES: dict[str, Callable[[npt.ArrayLike], Matrix]] = {
    "largest": _largest,
    Operator.ENTROPY: entropy,
    "gradient": gradient_size,
}


@lru_cache(maxsize=16)
def measured(seed: int, name: str, sizes: tuple[int, ...]) -> tuple[Measured, ...]:
    """One of MEASURES over the random rows of each size, with scaling and without."""
    scores = random_scores(seed)
    return tuple(_measured(scores, name, d_k, scaled) for scaled in (True, False) for d_k in sizes)


def _measured(scores: RandomScores, name: str, d_k: int, scaled: bool) -> Measured:
    values = MEASURES[name](scores.weights(d_k, scaled=scaled))
    low, high = np.percentile(values, SPREAD)
    return Measured(d_k, scaled, float(values.mean()), float(low), float(high))


def powers_of_two(most: int = MAX_KEY_SIZE) -> Iterable[int]:
    size = 1
    while size <= most:
        yield size
        size *= 2
