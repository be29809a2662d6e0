"""An experiment -> the whole calculation that follows from it, every intermediate kept.

Letters: n words at their positions, m distinct words, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from attention_core.attention import Attention, Floats
from attention_core.experiment import Experiment
from attention_core.masks import MASKS, NOT_ITSELF, Mask, allowed_by
from attention_core.matrices import Matrix
from attention_core.one_pass import one_pass
from attention_core.positions import WORD_ORDERS, WordOrder
from attention_core.stages import EDITED, PARTS, WEIGHT_TABLES, Stage
from attention_core.variants import VARIANTS, Variant
from attention_core.words import position_labels


@dataclass(frozen=True, eq=False)
class Calculation:
    """Everything that follows from an experiment. Pages, charts and derivations read it."""

    experiment: Experiment
    positions: Matrix  # (n, d_model)  what each place adds; 0 where word order does not count
    x: Matrix  # (n, d_model)  the embedding at each position, with what the place adds
    q: Matrix  # (n, d_k)  x · w_q
    k: Matrix  # (n, d_k)  x · w_k
    v: Matrix  # (n, d_v)  x · w_v
    allowed: npt.NDArray[np.bool_]  # (n, n)  whether the word of the row may look at the word of the column
    divisor: float  # √d of the vectors that are compared, or one's own; 1 where scaling is off
    attention: Attention
    context: Floats  # (n, d)  what attention makes of each word, d as in the variant's value

    @property
    def words(self) -> tuple[str, ...]:
        return self.experiment.words

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A different name for each position."""
        return position_labels(self.words)

    @property
    def variant(self) -> Variant:
        return VARIANTS[self.experiment.variant]

    @property
    def masks(self) -> tuple[Mask, ...]:
        """Those that are on: the person's, and that of the way to attend."""
        return _masks(self.experiment)

    @property
    def word_order(self) -> WordOrder:
        return WORD_ORDERS[self.experiment.positions]

    @property
    def divides_by_root(self) -> bool:
        """Whether scores are divided by the root of how many numbers are compared."""
        return self.experiment.scaled and self.experiment.divisor is None

    def table(self, stage: Stage) -> Floats:
        """The numbers of any stage: (m, d_model) embeddings, (n, d) vectors, (n, n) squares (see stages.STAGES)."""
        owner = self.experiment if stage in EDITED else self if stage in _OWN else self.attention
        table: Floats = getattr(owner, stage)
        return table

    @cached_property
    def exponentials(self) -> Floats:
        """e to the power of each scaled score less the largest of its row; 0 where a word may not look.  (n, n)"""
        top = np.where(self.allowed.any(axis=1), self.attention.scaled_scores.max(axis=1), 0.0)
        return np.asarray(np.exp(self.attention.scaled_scores - top[:, None]))


_OWN = {Stage.POSITIONS, *PARTS, Stage.EXPONENTIALS, Stage.CONTEXT}


def attend(experiment: Experiment) -> Calculation:
    """Run the experiment: the whole calculation from embeddings to context vectors."""
    variant = VARIANTS[experiment.variant]
    x = experiment.embeddings[experiment.vocabulary_index]
    order = WORD_ORDERS[experiment.positions]
    positions = order.table(experiment)
    if order.adds:
        x = x + positions
    allowed = allowed_by(_masks(experiment), len(x))
    divisor = _divisor(experiment, experiment.size(variant.key))
    tables = {table: getattr(experiment, table) for table in WEIGHT_TABLES}
    done = one_pass(x, tables, variant, allowed=allowed, divisor=divisor)
    parts: dict[str, Any] = {part.value: table for part, table in done.parts.items()}
    return Calculation(
        experiment,
        positions,
        **parts,
        allowed=allowed,
        divisor=divisor,
        attention=done.attention,
        context=done.context,
    )


def _divisor(experiment: Experiment, size: int) -> float:
    if not experiment.scaled:
        return 1.0
    return math.sqrt(size) if experiment.divisor is None else experiment.divisor


def _masks(experiment: Experiment) -> tuple[Mask, ...]:
    brought = not VARIANTS[experiment.variant].scores_itself and NOT_ITSELF.id not in experiment.masks
    return (*(MASKS[mask].of(experiment) for mask in experiment.masks), *((NOT_ITSELF,) if brought else ()))
