"""A pass for tables that change at every step: one sentence or a batch of them, nothing checked.

`attend` makes an `Experiment` into a `Calculation`, a picture at a time; a training makes thousands of passes over
tables of the same shapes. Both take the steps of `one_pass`.

Letters: B sentences of n words (a single sentence has no B), m distinct words, d_model numbers an embedding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from attention_core import Calculation, Experiment, Stage, Variant
from attention_core.attention import Floats
from attention_core.one_pass import Pass, one_pass
from attention_core.positions import OWN
from attention_core.stages import EDITED

# embeddings (m, d_model), w_q and w_k (d_model, d_k), w_v (d_model, d_v); one's own positions (n, d_model)
Tables = Mapping[Stage, Floats]


@dataclass(frozen=True, eq=False)
class Setup:
    """What stays as it is while tables learn."""

    variant: Variant
    words: npt.NDArray[np.intp]  # (..., n)  the row of each word in the embeddings
    count: int  # m
    allowed: npt.NDArray[np.bool_]  # (..., n, n)  whether the word of the row may look at the word of the column
    divisor: float  # of the scores
    added: Floats | float = 0.0  # (n, d_model)  what a place adds to the embedding of its word, if no table says it
    turning_base: float | None = None  # of the angles by which places turn queries and keys, where they do

    @cached_property
    def places(self) -> Floats:
        """1 where a word stands at a place, else 0: sums over the places of a word are products with it.  (m, B · n)"""
        return np.asarray(self.words.ravel()[None, :] == np.arange(self.count)[:, None], dtype=np.float64)


def tables_of(experiment: Experiment) -> dict[Stage, Floats]:
    tables: dict[Stage, Floats] = {Stage(table): getattr(experiment, table) for table in EDITED}
    return tables | ({Stage.POSITIONS: OWN.table(experiment)} if experiment.positions == OWN.id else {})


def with_tables(experiment: Experiment, tables: Tables) -> Experiment:
    """The same experiment with other numbers. Raises ValueError where one is not finite, or too large."""
    before = tables_of(experiment)
    changed: dict[str, Floats] = {
        name: table for name, table in tables.items() if not np.array_equal(before[name], table)
    }
    embeddings, positions = changed.pop(Stage.EMBEDDINGS, None), changed.pop(Stage.POSITIONS, None)
    experiment = replace(experiment, **dict[str, Any](changed)) if changed else experiment
    experiment = experiment if positions is None else experiment.with_positions(positions)
    return experiment if embeddings is None else experiment.with_embeddings(embeddings)


def setup_of(calculation: Calculation) -> Setup:
    """What a calculation keeps of its words, its way to attend, its masks and its scaling."""
    experiment = calculation.experiment
    words = experiment.vocabulary_index
    return Setup(
        variant=calculation.variant,
        words=words,
        count=len(experiment.vocabulary),
        allowed=calculation.allowed,
        divisor=calculation.divisor,
        added=calculation.x - experiment.embeddings[words],
        turning_base=experiment.position_base if calculation.word_order.turns else None,
    )


def pass_of(calculation: Calculation) -> Pass:
    """The intermediates that a calculation keeps of the chosen head, whose tables are those that learn."""
    return calculation.chosen


def run(tables: Tables, setup: Setup) -> Pass:
    """From embeddings to context vectors.

    Nothing is checked: no number of a training is beyond MAX_MAGNITUDE, so no score can come near to overflowing.
    """
    x: Floats = tables[Stage.EMBEDDINGS][setup.words] + tables.get(Stage.POSITIONS, setup.added)
    return one_pass(
        x,
        tables,
        setup.variant,
        allowed=setup.allowed,
        divisor=setup.divisor,
        turning_base=setup.turning_base,
        moderate=True,
    )
