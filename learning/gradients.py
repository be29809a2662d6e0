"""How a loss changes with every number of a calculation: the chain rule, backwards through the kept intermediates.

A gradient has the shape of what it is the gradient by. Letters as in forward.py.
Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986).
"""

import numpy as np

from attention_core import Stage
from attention_core.attention import Floats
from attention_core.one_pass import Pass
from attention_core.positions import turned
from attention_core.stages import PROJECTED, TABLE_OF
from learning.forward import Setup, Tables


def gradients(
    tables: Tables, setup: Setup, done: Pass, *, by_weights: Floats | None = None, by_context: Floats | None = None
) -> dict[Stage, Floats]:
    """The gradient of a loss by every table and every intermediate, those of a batch added up for the tables.

    by_weights (..., n, n) and by_context (..., n, d): how the loss changes with the attention weights and with the
    context vectors, as far as it depends on them directly.
    """
    way, x, weights = setup.variant, done.parts[Stage.X], done.attention.weights
    value = done.parts[way.value]
    by = _Sums()
    to_weights = np.zeros(weights.shape) if by_weights is None else by_weights
    if by_context is not None:
        to_weights = to_weights + by_context @ value.swapaxes(-1, -2)
        by.add(way.value, weights.swapaxes(-1, -2) @ by_context)
        if way.adds_itself:
            by.add(Stage.X, by_context)
    by_scaled = through_softmax(weights, to_weights)
    by_scores = by_scaled / setup.divisor
    by.add(way.query, _turned_back(by_scores @ done.key, setup))
    by.add(way.key, _turned_back(by_scores.swapaxes(-1, -2) @ done.query, setup))
    for part in PROJECTED:
        table = TABLE_OF[part]
        if part in by:
            by[table] = _rows(x).T @ _rows(by[part])
            by.add(Stage.X, by[part] @ tables[table].T)
        else:  # nothing that the loss depends on is made with it
            by[part], by[table] = np.zeros(done.parts[part].shape), np.zeros(tables[table].shape)
    by_x = by[Stage.X]
    by[Stage.EMBEDDINGS] = setup.places @ _rows(by_x)
    by[Stage.POSITIONS] = by_x if by_x.ndim == 2 else by_x.reshape(-1, *by_x.shape[-2:]).sum(axis=0)
    by[Stage.WEIGHTS], by[Stage.SCALED_SCORES], by[Stage.SCORES] = to_weights, by_scaled, by_scores
    return by


class _Sums(dict[Stage, Floats]):
    """Gradients, each the sum of all ways in which the loss depends on a stage."""

    def add(self, stage: Stage, slope: Floats) -> None:
        self[stage] = self[stage] + slope if stage in self else slope


def through_softmax(weights: Floats, by_weights: Floats) -> Floats:
    """From the gradient by the weights to that by the scores that enter the softmax.  (..., n, n) twice -> (..., n, n)

    A score raises its own weight and lowers all others: what counts is how far a weight's gradient is from the row's
    mean, weighed by the weights. Where a word may not look the weight is 0, and so is the gradient.
    """
    mean = np.add.reduce(weights * by_weights, -1, keepdims=True)  # np.sum takes twice as long for a few numbers
    result: Floats = weights * (by_weights - mean)
    return result


def _turned_back(by_turned: Floats, setup: Setup) -> Floats:
    """From the gradient by what its place has turned to that by what it was.  (..., n, d)"""
    return by_turned if setup.turning_base is None else turned(by_turned, setup.turning_base, back=True)


def _rows(vectors: Floats) -> Floats:
    """All vectors of a batch below each other."""
    return vectors if vectors.ndim == 2 else vectors.reshape(-1, vectors.shape[-1])
