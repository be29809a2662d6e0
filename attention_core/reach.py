"""Which rows of scores can come from given embeddings at all, whatever the weight matrices are.

A row of scores is query · key for one query and each key, and a key is its embedding times W_K. So the row is the
embeddings times one vector u = W_K · query: it lies in the span of the columns of the embeddings, and nowhere else.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from attention_core.matrices import Matrix

_NEGLIGIBLE = 1e-10  # beside a basis of length 1


@dataclass(frozen=True, eq=False)
class Closest:
    """The row within reach whose largest error is smallest (a Chebyshev fit)."""

    row: Matrix  # (n,)
    largest_error: float


def closest_row(embeddings: npt.ArrayLike, scores: npt.ArrayLike) -> Closest:
    """embeddings: (n, d) and scores: (n,) -> Closest

    For embeddings of rank r the largest error is decided by at most r + 1 of the n scores (de la Vallée Poussin,
    1911); all such choices are tried, so n is meant to be small.
    """
    x, s = np.array(embeddings, dtype=np.float64), np.array(scores, dtype=np.float64)
    left, sizes, _ = np.linalg.svd(x, full_matrices=False)
    basis: Matrix = left[:, sizes > sizes.max(initial=0.0) * _NEGLIGIBLE]
    row = basis @ _closest_coordinates(basis, s)
    return Closest(row, float(np.abs(row - s).max(initial=0.0)))


def _closest_coordinates(basis: Matrix, s: Matrix) -> Matrix:
    """What to multiply the columns of `basis` by, so that the largest error against s is smallest.  (n, r) -> (r,)"""
    n, rank = basis.shape
    if not rank:
        return np.zeros(0)
    largest, deciding = 0.0, np.zeros(0, dtype=int)
    fitted = _solved(basis, s)
    for chosen in (list(some) for count in range(1, rank + 2) for some in combinations(range(n), count)):
        unseen = _null_space(basis[chosen].T)
        if unseen.shape[1] != 1:
            continue  # these scores can all be met, or fewer of them decide
        null = unseen[:, 0]
        error = float(null @ s[chosen] / np.abs(null).sum())
        if abs(error) > largest + _NEGLIGIBLE:
            matter = np.abs(null) > _NEGLIGIBLE
            deciding = np.array(chosen)[matter]
            largest, fitted = abs(error), _solved(basis[deciding], s[deciding] - error * np.sign(null[matter]))
    # The scores that decide leave some directions free; in those the others are brought as close as they can be.
    free = _null_space(basis[deciding]) if deciding.size else np.zeros((rank, 0))
    others = np.setdiff1d(np.arange(n), deciding)
    if free.shape[1] and others.size:
        fitted = fitted + free @ _closest_coordinates(basis[others] @ free, s[others] - basis[others] @ fitted)
    return fitted


def _solved(table: Matrix, wanted: Matrix) -> Matrix:
    coordinates: Matrix = np.asarray(np.linalg.lstsq(table, wanted, rcond=None)[0], dtype=np.float64)
    return coordinates


def _null_space(table: Matrix) -> Matrix:
    """(k, r) -> the directions that the rows of the table do not see.  (r, r - rank)"""
    _, sizes, directions = np.linalg.svd(table)
    rank = int((sizes > _NEGLIGIBLE).sum())
    free: Matrix = directions[rank:].T
    return free


def along_line(embeddings: npt.ArrayLike) -> Matrix | None:
    """How far along their line points lie, 0 for the first and 1 for the farthest; None where they are on no line."""
    x = np.array(embeddings, dtype=np.float64)
    way = x - x[0]
    farthest = way[np.argmax(np.linalg.norm(way, axis=1))]
    if not farthest.any():
        return None
    places: Matrix = way @ farthest / (farthest @ farthest)
    return places if np.allclose(places[:, None] * farthest, way, atol=1e-9 * np.abs(x).max()) else None
