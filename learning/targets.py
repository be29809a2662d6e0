"""The training that an experiment asks for: its target as a loss, what it starts from, and what it leaves behind."""

from dataclasses import replace

import numpy as np

from attention_core import VARIANTS, Calculation, Experiment, Stage, attend
from attention_core.attention import Floats
from attention_core.fills import random_table
from attention_core.positions import OWN
from attention_core.stages import TABLE_OF
from attention_core.teaching import MAX_TARGET_WORDS, Learned, prints_of
from learning.forward import Tables, setup_of, tables_of, with_tables
from learning.losses import TargetLoss
from learning.training import Training

KEPT_DECIMALS = 4  # of numbers that are taken over into the tables
_DRAWN = 0.5  # the spread of numbers that a training starts from


def loss_of(calculation: Calculation) -> TargetLoss:
    """How far the weights are from the target. Raises ValueError where the sentence is too long for one."""
    n = len(calculation.words)
    if n > MAX_TARGET_WORDS:
        raise ValueError(f"A target has room for up to {MAX_TARGET_WORDS} words; your sentence has {n}.")
    teaching = calculation.experiment.teaching
    return TargetLoss(setup_of(calculation), teaching.wanted(n), teaching.asked(n))


def used_tables(experiment: Experiment) -> tuple[Stage, ...]:
    """The tables that may change and on which the weights depend in this way to attend."""
    way = VARIANTS[experiment.variant]
    used = {Stage.EMBEDDINGS, *(TABLE_OF[part] for part in way.compared if part in TABLE_OF)}
    used |= {Stage.POSITIONS} if experiment.positions == OWN.id else set()
    return tuple(Stage(table) for table in experiment.teaching.tables if table in used)


def training_of(calculation: Calculation) -> Training:
    """Raises ValueError, in words for the person, where there is nothing to train."""
    teaching = calculation.experiment.teaching
    loss = loss_of(calculation)
    if not loss.asked.any():
        raise ValueError(
            "The target asks for nothing yet. Click a cell of it: that is where the word of its row should look."
        )
    learns = used_tables(calculation.experiment)
    if not learns:
        raise ValueError(
            "In this way to attend the weights do not depend on the tables that may change. Let another one change."
        )
    return Training(
        start_of(calculation.experiment, learns), loss, learns, teaching.method, teaching.rate, teaching.steps
    )


def start_of(experiment: Experiment, learns: tuple[Stage, ...]) -> dict[Stage, Floats]:
    """The tables as they are, or those that learn drawn from the seed, the same on every machine."""
    tables: dict[Stage, Floats] = dict(tables_of(experiment))
    if experiment.teaching.start == "drawn":
        for place, table in enumerate(learns):
            rows, columns = tables[table].shape
            drawn = random_table(rows, columns, experiment.teaching.seed + place)
            tables[table] = np.round(_DRAWN * drawn, 2) + 0.0
    return tables


def at_state(experiment: Experiment, tables: Tables) -> Calculation:
    """The calculation with the tables of a state of its training."""
    return attend(with_tables(experiment, tables))


def taken_over(experiment: Experiment, training: Training, tables: Tables, *, step: int) -> Experiment:
    """The experiment with what was learned, rounded to KEPT_DECIMALS, and with how it was learned."""
    teaching = experiment.teaching
    rounded = {table: np.round(tables[table], KEPT_DECIMALS) + 0.0 for table in training.learns}
    kept = dict(tables) | rounded
    new = with_tables(experiment, kept)
    learned = Learned(
        "target",
        method=teaching.method,
        rate=teaching.rate,
        steps=step,
        seed=teaching.seed,
        start=teaching.start,
        before=training.loss(training.start)[0],
        after=training.loss(kept)[0],
        prints=prints_of({table: tables_of(new)[table] for table in training.learns}, experiment.vocabulary),
    )
    return replace(new, learned=learned)
