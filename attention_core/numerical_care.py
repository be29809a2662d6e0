"""What floats need beyond the formula of attention.

Shapes as in attention.py: n_q looking words, n_k looked-at words, d_k numbers in a query or key, d_v numbers in a
value, `...` any leading dimensions.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Allowed: TypeAlias = npt.NDArray[Any]  # boolean: True where a word may look; or floats that are added
Steps: TypeAlias = tuple[Floats, Floats, Floats, Floats]  # scores, scaled scores, weights and context
Out: TypeAlias = Sequence[Floats | None]  # where to write the four
NOWHERE: Out = (None, None, None, None)

# A large matrix is worked through a few rows at a time, so that each row is still in the processor's cache when the
# next step needs it, and yet enough at a time that the matrix product does not start over for each few. Measured.
_BLOCK_BYTES = 1 << 21

_MANY_WEIGHTS = 1 << 11  # from here on a product with 1/total each is quicker than a division each

# While |query|² |key|² scale² is below this, every score is far from overflowing, in float32 too.
_SAFE_SQUARE = 1e30


def in_blocks(
    steps: Callable[..., Steps],
    q: Floats,
    k: Floats,
    v: Floats,
    scale: float,
    allowed: Allowed | None,
    lead: tuple[int, ...],
) -> list[Floats]:
    """The steps of attention a few rows at a time.  Shapes as in `scaled_dot_product_attention`."""
    n_q, (n_k, d_v) = q.shape[-2], v.shape[-2:]
    rows = max(1, _BLOCK_BYTES // (n_k * q.itemsize))
    whole = [np.empty((*lead, n_q, columns), q.dtype) for columns in (n_k, n_k, n_k, d_v)]
    if allowed is not None:
        allowed = np.broadcast_to(allowed, (*lead, n_q, n_k))
    for at in np.ndindex(lead):
        for start in range(0, n_q, rows):
            block = (*at, slice(start, start + rows))
            part = None if allowed is None else allowed[block]
            steps(q[block], k[at], v[at], scale, part, [table[block] for table in whole])
    return whole


def steps_beyond_range(
    q: Floats,
    k: Floats,
    v: Floats,
    scale: float,
    allowed: Allowed | None,
    out: Out = NOWHERE,
) -> Steps:
    """The four steps for numbers so large that query · key may overflow.

    A score that does is worked out once more in units of a power of two. Where the largest scores of a row overflow,
    the very largest take all its weight: even neighbouring floats are so far apart there that exp of their difference
    is 0.
    """
    q_unit, k_unit = (np.frexp(np.max(np.abs(a), -1, keepdims=True, initial=0.0))[1] for a in (q, k))
    scale_part, scale_unit = math.frexp(scale)
    unit = q_unit + k_unit.swapaxes(-1, -2)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        small = np.matmul(np.ldexp(q, -q_unit), np.ldexp(k, -k_unit).swapaxes(-1, -2))
        scores = np.matmul(q, k.swapaxes(-1, -2), out=out[0])
        overflowed = ~np.isfinite(scores)
        np.copyto(scores, np.ldexp(small, unit), where=overflowed)
        scaled = np.multiply(scores, scale, out=out[1])
        small *= scale_part
        unit = unit + scale_unit
        np.copyto(scaled, np.ldexp(small, unit), where=overflowed)
        if allowed is not None:
            apply_mask(scaled, allowed)
        tied = np.isinf(scaled) & (scaled == np.max(scaled, -1, keepdims=True, initial=-np.inf))
        if allowed is not None:
            tied &= allowed if allowed.dtype == bool else allowed > -np.inf
        if tied.any():
            middle = 2 * np.finfo(small.dtype).maxexp - 24
            size = np.ldexp(small, unit - middle)
            if allowed is not None and allowed.dtype != bool:
                size += np.ldexp(allowed, -middle)
            largest = np.max(size, -1, keepdims=True, initial=-np.inf, where=tied)
            all_or_nothing = np.where(size == largest, np.inf, -np.inf).astype(scaled.dtype)
            weights = softmax_of_rows(np.where(tied, all_or_nothing, scaled), out[2])
        else:
            weights = softmax_of_rows(scaled, out[2])
        return scores, scaled, weights, np.matmul(weights, v, out=out[3])


def softmax_of_finite(scores: Floats, out: Floats | None) -> Floats:
    """`softmax_of_rows` where every score is known to be finite: no row needs care."""
    weights = np.subtract(scores, np.maximum.reduce(scores, -1, keepdims=True), out=out)
    np.exp(weights, out=weights)
    total = np.add.reduce(weights, -1, keepdims=True)
    if weights.size < _MANY_WEIGHTS:
        return np.divide(weights, total, out=weights)
    return np.multiply(weights, 1 / total, out=weights)


def softmax_of_rows(scores: Floats, out: Floats | None = None) -> Floats:
    """Along the last axis: a row of -inf throughout becomes 0, and scores of +inf share the whole weight.  (..., m)"""
    top = _row_maximum(scores)
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.subtract(scores, top, out=out)
    if np.isposinf(top).any():
        weights[np.isposinf(scores)] = 0
    np.exp(weights, out=weights)
    weights /= _row_total(weights)
    return weights


def _row_maximum(scores: Floats) -> Floats:
    """(..., m) -> (..., 1), with 0 for a row that is -inf throughout."""
    top = np.maximum.reduce(scores, -1, keepdims=True, initial=-np.inf)
    top[np.isneginf(top)] = 0
    return top


def _row_total(weights: Floats) -> Floats:
    """(..., m) -> (..., 1), with 1 for a row of zeros."""
    total = np.add.reduce(weights, -1, keepdims=True)
    total[total == 0] = 1
    return total


def apply_mask(scaled: Floats, allowed: Allowed) -> None:
    """Forbid or add, in place.  (..., n_q, n_k)"""
    if allowed.dtype == bool:
        np.copyto(scaled, -np.inf, where=~allowed)
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            scaled += allowed
        scaled[np.isneginf(np.broadcast_to(allowed, scaled.shape))] = -np.inf


def cannot_overflow(q: Floats, k: Floats, scale: float) -> bool:
    """No score can exceed |query| |key| (Cauchy-Schwarz), whose squares cost next to nothing. False for NaN too."""
    return float(np.vdot(q, q)) * float(np.vdot(k, k)) * (1 + scale * scale) < _SAFE_SQUARE


def both(allowed: Allowed | None, also: npt.NDArray[np.bool_]) -> Allowed:
    """A mask, if there is one, and a boolean mask besides.  (..., n_q, n_k), (n_q, n_k) -> (..., n_q, n_k)"""
    if allowed is None:
        return also
    return allowed & also if allowed.dtype == bool else np.where(also, allowed, -np.inf)


def fitted(
    query: npt.ArrayLike, key: npt.ArrayLike, value: npt.ArrayLike
) -> tuple[Floats, Floats, Floats, tuple[int, ...]]:
    """Queries, keys and values as floats of one type with the same leading dimensions, and those dimensions.

    Raises ValueError where shapes do not fit.
    """
    q, k, v = as_floats(query), as_floats(key), as_floats(value)
    lead = _leading_shape(q, k, v)
    if not q.dtype is k.dtype is v.dtype:
        q, k, v = (a.astype(np.result_type(q, k, v)) for a in (q, k, v))
    if lead and not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        q, k, v = (np.broadcast_to(a, (*lead, *a.shape[-2:])) for a in (q, k, v))
    return q, k, v, lead


def is_large(q: Floats, k: Floats) -> bool:
    """Whether the scores of one table take more than the processor's cache should hold."""
    size: int = q.shape[-2] * k.shape[-2] * q.itemsize
    return size > _BLOCK_BYTES


def as_floats(numbers: npt.ArrayLike) -> Floats:
    """As an array of floats: float32 and float64 as they are, anything else as float64."""
    array = np.asarray(numbers)
    return array if array.dtype.char in "fd" else array.astype(np.float64)


def _leading_shape(q: Floats, k: Floats, v: Floats) -> tuple[int, ...]:
    """What the leading dimensions broadcast to. Raises ValueError where shapes do not fit."""
    if q.ndim < 2 or k.ndim < 2 or v.ndim < 2:
        raise ValueError(
            "Queries, keys and values need a row for each word and a column for each number; got "
            f"{q.ndim}, {k.ndim} and {v.ndim} dimensions instead of at least 2."
        )
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"Queries have {q.shape[-1]} columns but keys have {k.shape[-1]}; they must match.")
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"There are {k.shape[-2]} keys but {v.shape[-2]} values; each key needs its value.")
    if q.ndim == k.ndim == v.ndim == 2:
        return ()
    try:
        return np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        raise ValueError(
            f"The leading dimensions of queries {q.shape[:-2]}, keys {k.shape[:-2]} and values {v.shape[:-2]} "
            "do not fit together."
        ) from None


def broadcast_mask(mask: npt.ArrayLike, shape: tuple[int, ...]) -> Allowed:
    """A mask in the shape of the scores. Raises ValueError where it does not fit."""
    allowed = np.asarray(mask)
    if allowed.dtype != bool:
        allowed = as_floats(allowed)
    try:
        return np.broadcast_to(allowed, shape)
    except ValueError:
        raise ValueError(f"The mask has shape {allowed.shape}, which does not fit scores of shape {shape}.") from None
