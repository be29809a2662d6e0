"""Vectors beside each other: dot product, length, cosine, angle and distance with their sums; and a flat picture.

Letters: m vectors of d numbers each.  Source: sources.RIVER_AND_MONEY compares words by the dot product.
"""

import math
from dataclasses import dataclass

import numpy as np

from attention_core.derivation import Derivation, Operator, Quantity, Symbol
from attention_core.matrices import Matrix

_SMALLEST = 1e-290  # a product of lengths below it has lost digits
_LIKE_AXES = 0.9  # a picture along two of the columns is easier to read, and taken where it keeps so much of the best


def dot_product(vectors: Matrix, one: int, other: int) -> Derivation:
    """Multiply what stands in the same column, and add up.  vectors: (m, d)"""
    terms = tuple((_entry(vectors, one, column), _entry(vectors, other, column)) for column in range(vectors.shape[1]))
    target = Quantity(Symbol.DOT, one, other, math.fsum(a.value * b.value for a, b in terms))
    return Derivation(target, Operator.SUM, terms)


def length(vectors: Matrix, row: int) -> Derivation:
    """The root of the dot product of a vector with itself.  vectors: (m, d)"""
    terms = tuple((_entry(vectors, row, column),) * 2 for column in range(vectors.shape[1]))
    return Derivation(Quantity(Symbol.LENGTH, row, None, math.hypot(*vectors[row])), Operator.ROOT_OF_SUM, terms)


def cosine(vectors: Matrix, one: int, other: int) -> Derivation | None:
    """The dot product over both lengths, from -1 to 1; None where a vector is zero and has no direction."""
    lengths = length(vectors, one).target, length(vectors, other).target
    if not all(each.value for each in lengths):
        return None
    dot = dot_product(vectors, one, other).target
    both = lengths[0].value * lengths[1].value
    if _SMALLEST < both < math.inf:
        value = dot.value / both
    else:  # the product is too small or too large for a float, the cosine is not
        value = float(_directions(vectors[[one, other]]).prod(axis=0).sum())
    return Derivation(Quantity(Symbol.COSINE, one, other, value), Operator.QUOTIENT, ((dot,), lengths))


def angle(vectors: Matrix, one: int, other: int) -> Derivation | None:
    """The angle whose cosine it is, in degrees; None where a vector is zero."""
    quotient = cosine(vectors, one, other)
    if quotient is None:
        return None
    within = min(max(quotient.target.value, -1.0), 1.0)  # rounding may lead a hair beyond
    value = math.degrees(math.acos(within))
    return Derivation(Quantity(Symbol.ANGLE, one, other, value), Operator.ANGLE, ((quotient.target,),))


def distance(vectors: Matrix, one: int, other: int) -> tuple[Derivation, ...]:
    """From tip to tip: the differences column by column, and then the root of the sum of their squares."""
    differences = tuple(
        Derivation(
            Quantity(Symbol.DIFFERENCE, one, column, float(vectors[one, column] - vectors[other, column])),
            Operator.DIFFERENCE,
            ((_entry(vectors, one, column),), (_entry(vectors, other, column),)),
        )
        for column in range(vectors.shape[1])
    )
    squares = tuple((each.target, each.target) for each in differences)
    value = math.hypot(*(each.target.value for each in differences))
    return (*differences, Derivation(Quantity(Symbol.DISTANCE, one, other, value), Operator.ROOT_OF_SUM, squares))


def cosines(vectors: Matrix, row: int) -> Matrix:
    """The cosine of one vector with each; NaN where one of the two is zero.  (m, d) -> (m,)"""
    directions = _directions(vectors)
    values: Matrix = directions @ directions[row]
    return np.clip(values, -1.0, 1.0)


def _directions(vectors: Matrix) -> Matrix:
    """Each vector with length 1, also one whose squares are too small for a float; NaN for zero.  (m, d) -> (m, d)"""
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = vectors / np.abs(vectors).max(axis=1, keepdims=True)
        directions: Matrix = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    return directions


@dataclass(frozen=True, eq=False)
class Flat:
    """Vectors brought onto paper."""

    points: Matrix  # (m, 2)
    columns: tuple[int, int] | None  # the two columns that are drawn; None for a projection turned to keep the most
    kept: float  # the share of the distances between the points that the picture keeps, 1 where it keeps all


def flatten(vectors: Matrix, *, from_origin: bool = False) -> Flat:
    """Points that lie as the vectors do, as well as paper allows.  (m, d) -> Flat

    Two columns are drawn as they are. Of more, the two in which the vectors lie farthest apart are drawn where that
    keeps nearly as much as the best projection (principal components, Pearson 1901), which is drawn otherwise.
    `from_origin`: distances to the origin count as well, which then is at (0, 0).
    """
    if vectors.shape[1] == 1:
        return Flat(np.column_stack([vectors, np.zeros(len(vectors))]), (0, 0), 1.0)
    centre = np.zeros(vectors.shape[1]) if from_origin else vectors.mean(axis=0)
    spread = vectors - centre
    first, second = sorted(map(int, np.argsort(-np.sum(spread**2, axis=0), kind="stable")[:2]))
    along = Flat(vectors[:, [first, second]], (first, second), _kept(vectors, vectors[:, [first, second]], from_origin))
    if vectors.shape[1] == 2:
        return along
    _, _, directions = np.linalg.svd(spread, full_matrices=False)
    directions = np.vstack([directions, np.zeros((2, vectors.shape[1]))])[:2]
    signs = np.where(directions[np.arange(2), np.argmax(np.abs(directions), axis=1)] < 0, -1.0, 1.0)
    turned = vectors @ (directions * signs[:, None]).T
    best = _kept(vectors, turned, from_origin)
    return along if along.kept >= _LIKE_AXES * best else Flat(turned, None, best)


def _kept(vectors: Matrix, points: Matrix, from_origin: bool) -> float:
    true, drawn = (_distances(each, from_origin) for each in (vectors, points))
    return min(drawn / true, 1.0) if true else 1.0


def _distances(points: Matrix, from_origin: bool) -> float:
    """The sum of the distances between all pairs of points, and to the origin where that counts."""
    if from_origin:
        points = np.vstack([points, np.zeros(points.shape[1])])
    return float(np.linalg.norm(points[:, None] - points[None], axis=2).sum())


def _entry(vectors: Matrix, row: int, column: int) -> Quantity:
    return Quantity(Symbol.VECTOR, row, column, float(vectors[row, column]))
