"""A training: one state after the other, so that whoever draws it can stop between any two."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from attention_core import STAGES, Stage
from attention_core.attention import Floats
from attention_core.matrices import MAX_MAGNITUDE
from learning.forward import Tables
from learning.losses import Loss
from learning.methods import METHODS


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """The tables after so many steps, and their loss."""

    step: int
    loss: float
    tables: Tables


class BlewUpError(ValueError):
    """A step led to a number that nothing can be calculated with; the state before is the last good one."""


@dataclass(frozen=True, eq=False)
class Training:
    """Makes a loss smaller by changing some of the tables.

    Iterating gives `steps` + 1 states, the first of them before any step. The same start gives the same states.
    Raises BlewUpError, in words for the person who chose the learning rate, where a step goes too far.
    """

    start: Tables
    loss: Loss
    learns: Collection[Stage]  # the tables that may change
    method: str  # of METHODS
    rate: float
    steps: int

    def __iter__(self) -> Iterator[State]:
        tables, method = dict(self.start), METHODS[self.method]()
        loss, slopes = self.loss(tables)
        yield State(0, loss, tables)
        for number in range(1, self.steps + 1):
            tables = dict(tables)
            for table in (table for table in self.start if table in self.learns):
                tables[table] = tables[table] + method.step(table, slopes[table], self.rate)
                self._check(tables[table], table, number)
            loss, slopes = self.loss(tables)
            yield State(number, loss, tables)

    def _check(self, table: Floats, name: Stage, number: int) -> None:
        if not (np.abs(table) <= MAX_MAGNITUDE).all():
            raise BlewUpError(
                f"The learning rate {self.rate:g} is too large: step {number} takes a number of "
                f"{STAGES[name].heading if name is Stage.EMBEDDINGS else STAGES[name].symbol} beyond "
                f"±{MAX_MAGNITUDE:,.0f}. Step {number - 1} is the last good one and stays."
            )


class Recording:
    """The states of a training as far as it has gone; whoever draws it goes on a few steps at a time."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.states: list[State] = []
        self.problem: str | None = None  # why the training ended before its last step, if it did
        self._going = iter(training)
        self.advance(1)

    def advance(self, states: int) -> None:
        """Go on by so many states, as far as there are any."""
        for _ in range(states):
            if self.is_over:
                return
            try:
                self.states.append(next(self._going))
            except BlewUpError as error:
                self.problem = str(error)

    @property
    def is_over(self) -> bool:
        return self.problem is not None or len(self.states) > self.training.steps

    @property
    def losses(self) -> list[float]:
        return [state.loss for state in self.states]
