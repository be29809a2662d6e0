"""Heads added, copied, removed, named, and W_O as a whole table: what a person does with the heads of an experiment.

W_O keeps the rows of every head that stays. Where nobody set it, it goes on passing everything on as it is.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from attention_core.experiment import Experiment
from attention_core.heads import MAX_HEADS, MAX_NAME, Head, blocks, checked_output, plain_head
from attention_core.matrices import Matrix, Rows, fitted_table, read_only
from attention_core.variants import VARIANTS


def with_head_added(experiment: Experiment) -> Experiment:
    """One more at the end, which is then chosen and passes embeddings on as they are. Its rows of W_O are 0."""
    return _with_one_more(experiment, plain_head(experiment.d_model, experiment.d_k, experiment.d_v), None)


def with_head_copied(experiment: Experiment) -> Experiment:
    """A copy of the chosen one at the end, which is then chosen, with a copy of its rows of W_O."""
    head = experiment.heads[experiment.head]
    return _with_one_more(experiment, replace(head, name=_another_name(experiment, head.name)), experiment.head)


def with_head_removed(experiment: Experiment) -> Experiment:
    """Without the chosen one and its rows of W_O; the one that follows is chosen, or the last."""
    place, heads = experiment.head, experiment.heads
    if len(heads) == 1:
        raise ValueError("There is only one head; attention needs at least one.")
    parts = blocks(experiment.w_o, len(heads))
    rest = (*heads[:place], *heads[place + 1 :])
    return experiment.with_heads(rest, min(place, len(rest) - 1), _rows([*parts[:place], *parts[place + 1 :]]))


def with_head_named(experiment: Experiment, name: str) -> Experiment:
    return replace(experiment, head_name=name)


def alone(experiment: Experiment) -> Experiment:
    """The chosen head as the only one, without W_O."""
    if not (experiment.other_heads or experiment.w_o):
        return experiment
    return replace(experiment, other_heads=(), head=0, w_o=())


def output_of(experiment: Experiment) -> Matrix:
    """W_O; where nobody set it, the table that passes everything on as it is.  (h · d, numbers of a context vector)"""
    way = VARIANTS[experiment.variant]
    size = experiment.size(way.value) if way.has_heads else experiment.d_v
    return read_only(experiment.w_o) if experiment.w_o else read_only(np.eye(size * len(experiment.heads)).tolist())


def with_output_columns(experiment: Experiment, count: int) -> Experiment:
    """W_O cut or padded with zeros to so many columns."""
    table = output_of(experiment)
    return with_output(experiment, fitted_table(table, len(table), count))


def with_output(experiment: Experiment, table: npt.ArrayLike) -> Experiment:
    """The same heads with another W_O.  (h · d, numbers of a context vector)"""
    return replace(experiment, w_o=checked_output(table))


def _with_one_more(experiment: Experiment, head: Head, like: int | None) -> Experiment:
    """One more head at the end; its rows of W_O are those of another, or 0."""
    parts = blocks(experiment.w_o, len(experiment.heads))
    rows = tuple((0.0,) * len(row) for row in parts[0]) if like is None else parts[like]
    return experiment.with_heads((*experiment.heads, head), len(experiment.heads), _rows([*parts, rows]))


def _rows(parts: list[Rows]) -> Rows:
    return tuple(row for part in parts for row in part)


def _another_name(experiment: Experiment, name: str) -> str:
    """The name of a copy, unlike those that are taken; none for a copy of what has none."""
    taken = {head.name for head in experiment.heads}
    numbered = (f"{name[: MAX_NAME - 2]} {number}" for number in range(2, MAX_HEADS + 2))
    return next(each for each in numbered if each not in taken) if name else ""
