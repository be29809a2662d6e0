"""What a training makes small: how far the weights are from a target, or how badly blanked words are guessed.

A loss is a callable: tables -> the loss and its gradient by each table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attention_core import Stage
from attention_core.attention import Floats
from learning.forward import Setup, Tables, run
from learning.gradients import gradients

Loss: TypeAlias = Callable[[Tables], tuple[float, dict[Stage, Floats]]]


@dataclass(frozen=True, eq=False)
class TargetLoss:
    """The squared differences between weights and target, added up along a row, on average over the rows asked for."""

    setup: Setup
    target: Floats  # (n, n)
    asked: npt.NDArray[np.bool_]  # (n,)  the rows that have a target

    def __call__(self, tables: Tables) -> tuple[float, dict[Stage, Floats]]:
        done = run(tables, self.setup)
        missed = self._missed(done.attention.weights)
        by_weights = 2 / self.rows * missed
        return self._of(missed), gradients(tables, self.setup, done, by_weights=by_weights)

    def of(self, weights: Floats) -> float:
        return self._of(self._missed(weights))

    def by_weights(self, weights: Floats) -> Floats:
        """The gradient by the weights: twice what is missed, shared by the rows.  (n, n)"""
        return 2 / self.rows * self._missed(weights)

    @cached_property
    def rows(self) -> int:
        """How many rows have a target; 1 where none has, so that the loss is 0."""
        return max(int(self.asked.sum()), 1)

    def _of(self, missed: Floats) -> float:
        return float(np.vdot(missed, missed)) / self.rows

    def _missed(self, weights: Floats) -> Floats:
        """How far each weight is from the target; 0 in rows that ask for nothing.  (n, n)"""
        return (weights - self.target) * self._counts

    @cached_property
    def _counts(self) -> Floats:
        return self.asked[:, None].astype(np.float64)
