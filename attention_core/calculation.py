"""An experiment -> the whole calculation that follows from it, every intermediate kept.

Letters: n words at their positions, m distinct words, h heads, d_model numbers an embedding, d_k a query or key, d_v a
value, d the vectors that a head mixes (d_v, or what the way to attend says).
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from attention_core.attention import Attention, Floats
from attention_core.experiment import Experiment
from attention_core.heads import joined, label
from attention_core.masks import MASKS, NOT_ITSELF, Mask, allowed_by
from attention_core.matrices import Matrix
from attention_core.one_pass import Pass, one_pass
from attention_core.positions import WORD_ORDERS, WordOrder
from attention_core.stages import EDITED, OF_HEADS, STAGES, TURNED, Stage
from attention_core.variants import VARIANTS, Variant
from attention_core.words import position_labels


@dataclass(frozen=True, eq=False)
class Calculation:
    """Everything that follows from an experiment. Pages, charts and derivations read it.

    What one head makes is that of the chosen one: queries, keys, values, scores, weights. `heads` has all of them.
    """

    experiment: Experiment
    positions: Matrix  # (n, d_model)  what each place adds; 0 where it adds nothing
    x: Matrix  # (n, d_model)  the embedding at each position, with what the place adds
    allowed: npt.NDArray[np.bool_]  # (n, n)  whether the word of the row may look at the word of the column
    divisor: float  # √d of the vectors that are compared, or one's own; 1 where scaling is off
    heads: tuple[Pass, ...]  # h, in their order
    place: int  # of the chosen head among them, from 0
    joined: Floats  # (n, h · d)  what each head makes of each word, side by side
    context: Floats  # (n, h · d), or as many columns as W_O has  what attention makes of each word

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

    @property
    def chosen(self) -> Pass:
        """The chosen head, with everything that it makes."""
        return self.heads[self.place]

    @property
    def q(self) -> Floats:
        """x · w_q.  (n, d_k)"""
        return self.chosen.parts[Stage.Q]

    @property
    def k(self) -> Floats:
        """x · w_k.  (n, d_k)"""
        return self.chosen.parts[Stage.K]

    @property
    def v(self) -> Floats:
        """x · w_v.  (n, d_v)"""
        return self.chosen.parts[Stage.V]

    @property
    def turned_query(self) -> Floats:
        """What looks, turned by its place where word order turns.  (n, d_k), or d_model where embeddings look"""
        return self.chosen.query

    @property
    def turned_key(self) -> Floats:
        """What is looked at, turned in the same way."""
        return self.chosen.key

    @property
    def attention(self) -> Attention:
        """Scores, scaled scores, weights, and what they mix."""
        return self.chosen.attention

    @property
    def head_context(self) -> Floats:
        """What the chosen head makes of each word.  (n, d)"""
        return self.attention.context

    @cached_property
    def w_o(self) -> Matrix:
        """What mixes the heads; where nobody set it, the identity.  (h · d, numbers of a context vector)"""
        return np.array(self.experiment.w_o) if self.mixes_heads else np.eye(self.joined.shape[1])

    @property
    def mixes_heads(self) -> bool:
        """Whether W_O changes anything."""
        return bool(self.experiment.w_o) and self.variant.has_heads

    @property
    def compared(self) -> tuple[Stage, Stage]:
        """The tables whose rows are multiplied with each other: what looks, and what is looked at."""
        way = self.variant
        return TURNED if self.word_order.turns else (way.query, way.key)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Those that say something here: turned vectors only where places turn, joined ones where there are heads."""
        left_out = (() if self.word_order.turns else TURNED) + (() if self.joins else OF_HEADS)
        return tuple(stage for stage in STAGES if stage not in left_out)

    @property
    def joins(self) -> bool:
        """Whether one head's attention is not yet the context: there are several, or W_O."""
        return len(self.heads) > 1 or self.mixes_heads

    def head_name(self, place: int) -> str:
        """What a head is called on screen, from 0."""
        return label(self.experiment.heads_in_use[place].name, place)

    def of_head(self, place: int) -> Self:
        """The same calculation with another head chosen, from 0."""
        if place == self.place:
            return self
        return replace(self, experiment=self.experiment.with_head_chosen(place), place=place)

    def table(self, stage: Stage) -> Floats:
        """The numbers of any stage: (m, d_model) embeddings, (n, d) vectors, (n, n) squares (see stages.STAGES)."""
        owner = self.experiment if stage in EDITED else self.attention if stage in _OF_ATTENTION else self
        table: Floats = getattr(owner, stage)
        return table

    @cached_property
    def exponentials(self) -> Floats:
        """e to the power of each scaled score less the largest of its row; 0 where a word may not look.  (n, n)"""
        top = np.where(self.allowed.any(axis=1), self.attention.scaled_scores.max(axis=1), 0.0)
        return np.asarray(np.exp(self.attention.scaled_scores - top[:, None]))


_OF_ATTENTION = {Stage.SCORES, Stage.SCALED_SCORES, Stage.WEIGHTS}


def attend(experiment: Experiment) -> Calculation:
    """Run the experiment: the whole calculation from embeddings to context vectors."""
    way = VARIANTS[experiment.variant]
    x = experiment.embeddings[experiment.vocabulary_index]
    order = WORD_ORDERS[experiment.positions]
    positions = order.table(experiment)
    if order.adds:
        x = x + positions
    allowed = allowed_by(_masks(experiment), len(x))
    divisor = _divisor(experiment, experiment.size(way.key))
    turning_base = experiment.position_base if order.turns else None
    heads = tuple(
        one_pass(x, head.tables, way, allowed=allowed, divisor=divisor, turning_base=turning_base)
        for head in experiment.heads_in_use
    )
    side_by_side = joined(heads)
    mixed = side_by_side @ np.array(experiment.w_o) if experiment.w_o and way.has_heads else side_by_side
    return Calculation(
        experiment,
        positions,
        x,
        allowed=allowed,
        divisor=divisor,
        heads=heads,
        place=experiment.head if way.has_heads else 0,
        joined=side_by_side,
        context=mixed + x if way.adds_itself else mixed,
    )


def _divisor(experiment: Experiment, size: int) -> float:
    if not experiment.scaled:
        return 1.0
    return math.sqrt(size) if experiment.divisor is None else experiment.divisor


def _masks(experiment: Experiment) -> tuple[Mask, ...]:
    brought = not VARIANTS[experiment.variant].scores_itself and NOT_ITSELF.id not in experiment.masks
    return (*(MASKS[mask].of(experiment) for mask in experiment.masks), *((NOT_ITSELF,) if brought else ()))
