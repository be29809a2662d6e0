"""Gradients where several heads look: through W_O and the joined contexts into each head, and together into what they
share, the embeddings and the positions.

A target of Teach it is for the weights of one head, so a training needs only that head; a loss that depends on the
context vectors needs them all. Letters as in forward.py; h heads, d numbers of one head's context.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attention_core import Calculation, Stage
from attention_core.attention import Floats
from learning.forward import Tables, setup_of, tables_of
from learning.gradients import gradients

_SHARED = (Stage.EMBEDDINGS, Stage.POSITIONS, Stage.X)


@dataclass(frozen=True, eq=False)
class HeadGradients:
    """How a loss changes with every number of a calculation of several heads."""

    shared: Tables  # by embeddings, positions and x
    heads: tuple[Tables, ...]  # by the tables and intermediates of each head, in their order
    joined: Floats  # (n, h · d)
    w_o: Floats  # as the calculation's W_O, also where it is the identity that nobody set


def gradients_of_heads(
    calculation: Calculation, *, by_context: Floats, by_weights: Mapping[int, Floats] | None = None
) -> HeadGradients:
    """by_context, in the shape of the context vectors, and by_weights (n, n) of some heads, by their place from 0: how
    the loss changes with them, as far as it depends on them directly.
    """
    by_joined = by_context @ calculation.w_o.T if calculation.mixes_heads else by_context
    size = by_joined.shape[1] // len(calculation.heads)
    setup, tables = setup_of(calculation), tables_of(calculation.experiment)
    found = tuple(
        gradients(
            tables | head.tables,
            setup,
            done,
            by_weights=(by_weights or {}).get(place),
            by_context=by_joined[:, place * size : (place + 1) * size],
        )
        for place, (head, done) in enumerate(zip(calculation.experiment.heads_in_use, calculation.heads, strict=True))
    )
    shared: dict[Stage, Floats] = {
        stage: sum((each[stage] for each in found[1:]), found[0][stage]) for stage in _SHARED
    }
    return HeadGradients(shared, found, by_joined, calculation.joined.T @ by_context)
