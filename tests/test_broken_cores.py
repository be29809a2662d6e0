"""Attention that is wrong on purpose: every mistake people make must be caught by a test of `test_attention.py`.

`Core` is attention written once more, as plainly as can be, with each step to be exchanged. Without a fault it passes
every check, so that what a faulty one fails is its fault.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from test_attention import CHECKS

from attention_core.attention import Attention, scaled_dot_product_attention


def default_scale(d_k, d_v):
    return 1 / np.sqrt(d_k)


def past(n_q, n_k):
    return np.arange(n_k) <= np.arange(n_q)[:, None]


def as_added(mask):
    """A mask as the numbers to be added: 0 where a word may look, -inf where it may not."""
    mask = np.asarray(mask)
    return np.where(mask, 0.0, -np.inf) if mask.dtype == bool else mask


def softmax(scaled):
    top = scaled.max(axis=-1, keepdims=True)
    weights = np.exp(scaled - np.where(np.isfinite(top), top, 0))
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total == 0, 1, total)


@dataclass(frozen=True)
class Core:
    """Called like `scaled_dot_product_attention`; each field is a step that a fault replaces."""

    roles: Callable = lambda q, k, v: (q, k, v)
    default_scale: Callable = default_scale
    as_added: Callable = as_added
    past: Callable = past
    scale_and_add: Callable = lambda scores, scale, added: scores * scale + added
    softmax: Callable = softmax
    before_softmax: Callable = lambda scores, scaled: scaled
    before_sum: Callable = lambda weights: weights
    dtype: type = np.float64

    def __call__(self, query, key, value, *, mask=None, is_causal=False, scale=None):
        given = (np.asarray(x, self.dtype) for x in (query, key, value))
        q, k, v = self.roles(*given)
        scores = q @ k.swapaxes(-1, -2)
        added = np.zeros(scores.shape, self.dtype)
        if mask is not None:
            added = added + self.as_added(mask)
        if is_causal:
            added = np.where(self.past(*scores.shape[-2:]), added, -np.inf)
        scale = self.default_scale(q.shape[-1], v.shape[-1]) if scale is None else scale
        with np.errstate(all="ignore"):
            scaled = self.scale_and_add(scores, scale, added)
            weights = self.softmax(self.before_softmax(scores, scaled))
            return Attention(scores, scaled, weights, self.before_sum(weights) @ v)


def softmax_without_the_maximum(scaled):
    weights = np.exp(scaled)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total == 0, 1, total)


def softmax_without_care_for_empty_rows(scaled):
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def softmax_that_averages_empty_rows(scaled):
    """What a large negative number in place of -inf comes to, as in JAX."""
    return softmax(np.maximum(scaled, np.finfo(float).min))


def as_added_upside_down(mask):
    mask = np.asarray(mask)
    return as_added(~mask if mask.dtype == bool else mask)


FAULTS = {
    "no scale": {"default_scale": lambda d_k, d_v: 1.0},
    "scale by d_v": {"default_scale": lambda d_k, d_v: 1 / np.sqrt(d_v)},
    "scale by 1/d_k": {"default_scale": lambda d_k, d_v: 1 / d_k},
    "a scale that is given is divided by": {
        "scale_and_add": lambda scores, scale, added: scores / np.float64(scale) + added
    },
    "softmax along the wrong axis": {"softmax": lambda scaled: softmax(scaled.swapaxes(-1, -2)).swapaxes(-1, -2)},
    "softmax without subtracting the maximum": {"softmax": softmax_without_the_maximum},
    "softmax of unscaled scores": {
        "before_softmax": lambda scores, scaled: np.where(np.isneginf(scaled), scaled, scores)
    },
    "boolean mask upside down": {"as_added": as_added_upside_down},
    "float mask taken for a boolean one": {"as_added": lambda mask: as_added(np.asarray(mask).astype(bool))},
    "boolean mask taken for a float one": {"as_added": lambda mask: np.asarray(mask).astype(float)},
    "mask added before scaling": {"scale_and_add": lambda scores, scale, added: (scores + added) * scale},
    "mask ignored": {"as_added": lambda mask: 0.0},
    "causal aligned bottom right": {"past": lambda n_q, n_k: np.tri(n_q, n_k, n_k - n_q, dtype=bool)},
    "causal hides the word itself": {"past": lambda n_q, n_k: np.tri(n_q, n_k, -1, dtype=bool)},
    "causal sees the future": {"past": lambda n_q, n_k: np.tri(n_k, n_q, dtype=bool).T},
    "a word that may look nowhere gets NaN": {"softmax": softmax_without_care_for_empty_rows},
    "a word that may look nowhere looks everywhere": {"softmax": softmax_that_averages_empty_rows},
    "keys used as values": {"roles": lambda q, k, v: (q, k, k)},
    "queries and keys swapped": {"roles": lambda q, k, v: (k, q, v)},
    "weights rounded before the sum": {"before_sum": lambda weights: weights.round(4)},
    "weights rounded to one decimal, as in Karim's headline": {"softmax": lambda scaled: softmax(scaled).round(1)},
    "computed in float32": {"dtype": np.float32},
}


def failed_checks(attention):
    failed = []
    for check in CHECKS:
        try:
            check(attention)
        except (AssertionError, ValueError):  # a shape that no longer fits is as good a sign as a wrong number
            failed.append(check.__name__)
    return failed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_core_with_this_fault_is_caught(fault):
    assert failed_checks(replace(Core(), **FAULTS[fault]))


def test_the_real_core_passes_every_check():
    assert failed_checks(scaled_dot_product_attention) == []


def test_the_plain_core_without_a_fault_passes_every_check():
    assert failed_checks(Core()) == []


def test_every_check_catches_a_fault():
    """A check that nothing fails would prove nothing."""
    caught = {name for fault in FAULTS.values() for name in failed_checks(replace(Core(), **fault))}
    assert caught == {check.__name__ for check in CHECKS}
    assert len(CHECKS) > 15
