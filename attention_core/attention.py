"""Scaled dot-product attention, one function a step, every intermediate kept.

Shapes, here and everywhere: n_q looking words, n_k looked-at words, d_k numbers in a query or key,
d_v numbers in a value, `...` any leading dimensions (batch, heads), which broadcast.

What floats need beyond the formula (scores too large for one, rows that may look nowhere, large tables a few rows at a
time) is in numerical_care.py.  Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention_core.numerical_care import (
    NOWHERE,
    Allowed,
    Floats,
    Out,
    Steps,
    apply_mask,
    as_floats,
    both,
    broadcast_mask,
    cannot_overflow,
    fitted,
    in_blocks,
    is_large,
    softmax_of_finite,
    softmax_of_rows,
    steps_beyond_range,
)

__all__ = ["Attention", "Floats", "causal_mask", "scaled_dot_product_attention", "softmax"]


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
    scores = np.moveaxis(as_floats(scores), axis, -1)
    return np.moveaxis(softmax_of_rows(scores), -1, axis)


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
    q, k, v, lead = fitted(query, key, value)
    (n_q, d_k), n_k = q.shape[-2:], k.shape[-2]
    if scale is None:
        scale = 1 / math.sqrt(d_k) if d_k else 1.0
    allowed = None if mask is None else broadcast_mask(mask, (*lead, n_q, n_k))
    if is_causal:
        allowed = both(allowed, causal_mask(n_q, n_k))
    steps = _steps if cannot_overflow(q, k, scale) else steps_beyond_range
    if is_large(q, k):
        return Attention(*in_blocks(steps, q, k, v, scale, allowed, lead))
    return Attention(*steps(q, k, v, scale, allowed))


def attention_of_moderate(
    query: Floats, key: Floats, value: Floats, *, mask: Allowed | None, scale: float
) -> Attention:
    """`scaled_dot_product_attention` without its checks, which take longer than the attention of a few words.

    For arrays of float64 that are known to fit, with the same leading dimensions, and whose scores are known to be far
    from overflowing, such as those of a training, which makes thousands of passes over the same shapes.
    """
    return Attention(*_steps(query, key, value, scale, mask))


def _steps(q: Floats, k: Floats, v: Floats, scale: float, allowed: Allowed | None, out: Out = NOWHERE) -> Steps:
    """The four steps of attention, written into `out` where it is given.  (..., n_q, d_k), (..., n_k, d_k), …"""
    product = np.dot if q.ndim == k.ndim == v.ndim == 2 else np.matmul  # dot is the quicker one for a few words
    scores = product(q, k.swapaxes(-1, -2), out=out[0])
    scaled = np.multiply(scores, scale, out=out[1])
    if allowed is None and scores.size:
        weights = softmax_of_finite(scaled, out[2])
    else:
        if allowed is not None:
            apply_mask(scaled, allowed)
        weights = softmax_of_rows(scaled, out[2])
    return scores, scaled, weights, product(weights, v, out=out[3])
