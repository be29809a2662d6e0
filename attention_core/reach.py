"""Which rows of scores can come from given embeddings at all, whatever the weight matrices are.

A row of scores is query · key for one query and each key, and a key is its embedding times W_K. So the row is the
embeddings times one vector u = W_K · query: it lies in the span of the columns of the embeddings, and nowhere else.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from attention_core.matrices import Matrix


@dataclass(frozen=True, eq=False)
class Closest:
    """The row within reach whose largest error is smallest (a Chebyshev fit)."""

    row: Matrix  # (n,)
    largest_error: float


def closest_row(embeddings: npt.ArrayLike, scores: npt.ArrayLike) -> Closest:
    """embeddings: (n, d) and scores: (n,) -> Closest

    For embeddings of rank r the largest error is decided by some r + 1 of the n scores (de la Vallée Poussin, 1911);
    all such choices are tried, so n is meant to be small.
    """
    x, s = np.array(embeddings, dtype=np.float64), np.array(scores, dtype=np.float64)
    left, sizes, _ = np.linalg.svd(x, full_matrices=False)
    rank = int((sizes > sizes.max(initial=0.0) * 1e-12).sum())
    basis = left[:, :rank]
    best = Closest(basis @ (basis.T @ s), 0.0)
    for chosen in map(list, combinations(range(len(s)), rank + 1)):
        null = np.linalg.svd(basis[chosen].T)[2][-1]  # what no row within reach has a part in
        error = float(null @ s[chosen] / np.abs(null).sum())
        if abs(error) > best.largest_error:
            fitted, *_ = np.linalg.lstsq(basis[chosen], s[chosen] - error * np.sign(null), rcond=None)
            best = Closest(basis @ fitted, abs(error))
    return best


def along_line(embeddings: npt.ArrayLike) -> Matrix | None:
    """How far along their line points lie, 0 for the first and 1 for the farthest; None where they are on no line."""
    x = np.array(embeddings, dtype=np.float64)
    way = x - x[0]
    farthest = way[np.argmax(np.linalg.norm(way, axis=1))]
    if not farthest.any():
        return None
    places: Matrix = way @ farthest / (farthest @ farthest)
    return places if np.allclose(places[:, None] * farthest, way, atol=1e-9 * np.abs(x).max()) else None
