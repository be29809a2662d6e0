"""Scaled dot-product attention, one function a step, every intermediate kept.

Shapes, here and everywhere: n_q looking words, n_k looked-at words, d_k numbers in a query or key,
d_v numbers in a value, `...` any leading dimensions (batch, heads), which broadcast.

Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

# A large matrix is worked through a few rows at a time, so that each row is still in the processor's cache when the
# next step needs it, and yet enough at a time that the matrix product does not start over for each few. Measured.
_BLOCK_BYTES = 1 << 21

_MANY_WEIGHTS = 1 << 11  # from here on a product with 1/total each is quicker than a division each

# While |query|² |key|² scale² is below this, every score is far from overflowing, in float32 too.
_SAFE_SQUARE = 1e30


@dataclass(frozen=True, eq=False, slots=True)
class Attention:
    """What `scaled_dot_product_attention` computed, step by step."""

    scores: Floats  # (..., n_q, n_k)  query · key
    scaled_scores: Floats  # (..., n_q, n_k)  after scale and mask; -inf where a word may not look
    weights: Floats  # (..., n_q, n_k)  each row sums to 1, or is 0 where a word may look nowhere
    context: Floats  # (..., n_q, d_v)  weights · value


def softmax(scores: npt.ArrayLike, axis: int = -1) -> Floats:
    """Turn scores into positive weights that sum to 1 along `axis`.  (..., m) -> (..., m)

    The maximum is subtracted first: it changes nothing but keeps exp from overflowing. A slice that is -inf
    throughout becomes 0; scores of +inf share the whole weight.
    """
    scores = np.moveaxis(_floats(scores), axis, -1)
    return np.moveaxis(_softmax(scores), -1, axis)


def causal_mask(n_q: int, n_k: int | None = None) -> npt.NDArray[np.bool_]:
    """True where a word may look: at itself and at the words before it.  -> (n_q, n_k)

    Aligned top left, as in PyTorch and ONNX: row i may see columns 0 to i, whatever n_k is.
    """
    return np.tri(n_q, n_q if n_k is None else n_k, dtype=bool)


def scaled_dot_product_attention(
    query: npt.ArrayLike,
    key: npt.ArrayLike,
    value: npt.ArrayLike,
    *,
    mask: npt.ArrayLike | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> Attention:
    """softmax(query · keyᵀ · scale + mask) · value.  (..., n_q, d_k), (..., n_k, d_k), (..., n_k, d_v) -> Attention

    mask:      broadcasts to (..., n_q, n_k). Boolean: True means "may attend". Float: added after scaling, so that
               -inf forbids.
    is_causal: forbids every column after the row's own position as well, aligned top left.
    scale:     what the scores are multiplied by; None means 1/√d_k, 1 means unscaled.

    A row that may attend nowhere gets weights 0 and context 0. PyTorch and ONNX do the same; JAX's
    `dot_product_attention` spreads such a row evenly over all columns. Finite inputs never give NaN: where a score is
    too large for a float it is reported as infinite and the weights are still, up to rounding, those of the exact
    scores.

    Raises ValueError where shapes do not fit, saying what was given and what is needed.
    """
    q, k, v = _floats(query), _floats(key), _floats(value)
    lead = _leading_shape(q, k, v)
    n_q, d_k = q.shape[-2:]
    n_k, d_v = v.shape[-2:]
    if scale is None:
        scale = 1 / math.sqrt(d_k) if d_k else 1.0
    allowed = None
    if mask is not None:
        allowed = _broadcast_mask(mask, (*lead, n_q, n_k))
    if is_causal:
        allowed = _and_causal(allowed, n_q, n_k)

    if not q.dtype is k.dtype is v.dtype:
        q, k, v = (a.astype(np.result_type(q, k, v)) for a in (q, k, v))
    if lead and not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        q, k, v = (np.broadcast_to(a, (*lead, *a.shape[-2:])) for a in (q, k, v))
    steps = _steps if _cannot_overflow(q, k, scale) else _steps_beyond_range
    if n_q * n_k * q.itemsize <= _BLOCK_BYTES:
        return Attention(*steps(q, k, v, scale, allowed))

    rows = max(1, _BLOCK_BYTES // (n_k * q.itemsize))
    whole = [np.empty((*lead, n_q, columns), q.dtype) for columns in (n_k, n_k, n_k, d_v)]
    if allowed is not None:
        allowed = np.broadcast_to(allowed, (*lead, n_q, n_k))
    for at in np.ndindex(lead):
        for start in range(0, n_q, rows):
            block = (*at, slice(start, start + rows))
            part = None if allowed is None else allowed[block]
            steps(q[block], k[at], v[at], scale, part, [table[block] for table in whole])
    return Attention(*whole)


def _steps(
    q: Floats,
    k: Floats,
    v: Floats,
    scale: float,
    allowed: npt.NDArray[Any] | None,
    out: Sequence[Floats | None] = (None, None, None, None),
) -> tuple[Floats, Floats, Floats, Floats]:
    """The four steps of attention, written into `out` where it is given."""
    product = np.dot if q.ndim == k.ndim == v.ndim == 2 else np.matmul  # dot is the quicker one for a few words
    scores = product(q, k.swapaxes(-1, -2), out=out[0])
    scaled = np.multiply(scores, scale, out=out[1])
    if allowed is None and scores.size:
        weights = _softmax_of_finite(scaled, out[2])
    else:
        if allowed is not None:
            _apply_mask(scaled, allowed)
        weights = _softmax(scaled, out[2])
    return scores, scaled, weights, product(weights, v, out=out[3])


def _steps_beyond_range(
    q: Floats,
    k: Floats,
    v: Floats,
    scale: float,
    allowed: npt.NDArray[Any] | None,
    out: Sequence[Floats | None] = (None, None, None, None),
) -> tuple[Floats, Floats, Floats, Floats]:
    """`_steps` for numbers so large that query · key may overflow.

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
            _apply_mask(scaled, allowed)
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
            weights = _softmax(np.where(tied, all_or_nothing, scaled), out[2])
        else:
            weights = _softmax(scaled, out[2])
        return scores, scaled, weights, np.matmul(weights, v, out=out[3])


def _softmax_of_finite(scores: Floats, out: Floats | None) -> Floats:
    """`_softmax` where every score is known to be finite: no row needs care."""
    weights = np.subtract(scores, np.maximum.reduce(scores, -1, keepdims=True), out=out)
    np.exp(weights, out=weights)
    total = np.add.reduce(weights, -1, keepdims=True)
    if weights.size < _MANY_WEIGHTS:
        return np.divide(weights, total, out=weights)
    return np.multiply(weights, 1 / total, out=weights)


def _softmax(scores: Floats, out: Floats | None = None) -> Floats:
    """softmax along the last axis; rows of -inf and scores of +inf as `softmax` promises."""
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


def _apply_mask(scaled: Floats, allowed: npt.NDArray[Any]) -> None:
    if allowed.dtype == bool:
        np.copyto(scaled, -np.inf, where=~allowed)
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            scaled += allowed
        scaled[np.isneginf(np.broadcast_to(allowed, scaled.shape))] = -np.inf


def _cannot_overflow(q: Floats, k: Floats, scale: float) -> bool:
    """No score can exceed |query| |key| (Cauchy-Schwarz), whose squares cost next to nothing. False for NaN too."""
    return float(np.vdot(q, q)) * float(np.vdot(k, k)) * (1 + scale * scale) < _SAFE_SQUARE


def _and_causal(allowed: npt.NDArray[Any] | None, n_q: int, n_k: int) -> npt.NDArray[Any]:
    past = causal_mask(n_q, n_k)
    if allowed is None:
        return past
    return allowed & past if allowed.dtype == bool else np.where(past, allowed, -np.inf)


def _floats(numbers: npt.ArrayLike) -> Floats:
    """As an array of floats: float32 and float64 as they are, anything else as float64."""
    array = np.asarray(numbers)
    return array if array.dtype.char in "fd" else array.astype(np.float64)


def _leading_shape(q: Floats, k: Floats, v: Floats) -> tuple[int, ...]:
    if min(q.ndim, k.ndim, v.ndim) < 2:
        raise ValueError(
            "Queries, keys and values need a row for each word and a column for each number; got "
            f"{q.ndim}, {k.ndim} and {v.ndim} dimensions instead of at least 2."
        )
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"Queries have {q.shape[-1]} columns but keys have {k.shape[-1]}; they must match.")
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"There are {k.shape[-2]} keys but {v.shape[-2]} values; each key needs its value.")
    if q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        return q.shape[:-2]
    try:
        return np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        raise ValueError(
            f"The leading dimensions of queries {q.shape[:-2]}, keys {k.shape[:-2]} and values {v.shape[:-2]} "
            "do not fit together."
        ) from None


def _broadcast_mask(mask: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    allowed = np.asarray(mask)
    if allowed.dtype != bool:
        allowed = _floats(allowed)
    try:
        return np.broadcast_to(allowed, shape)
    except ValueError:
        raise ValueError(f"The mask has shape {allowed.shape}, which does not fit scores of shape {shape}.") from None
