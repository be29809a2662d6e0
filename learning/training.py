"""A training: one state after the other, so that whoever draws it can stop between any two."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from attention_core import STAGES, Stage
from attention_core.matrices import MAX_MAGNITUDE
from attention_core.stages import WEIGHT_TABLES
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

    def __post_init__(self) -> None:
        if not self._places:
            raise ValueError("None of the tables may change, so there is nothing to train.")

    def __iter__(self) -> Iterator[State]:
        tables, method = dict(self.start), METHODS[self.method]()
        loss, slopes = self.loss(tables)
        yield State(0, loss, tables)
        # All numbers that learn stand in one row: a step is worked out for all of them at once.
        numbers = np.concatenate([self.start[table].ravel() for table in self._places])
        for number in range(1, self.steps + 1):
            slope = np.concatenate([slopes[table].ravel() for table in self._places])
            numbers = numbers + method.step(slope, self.rate)
            tables = tables | {table: numbers[at].reshape(shape) for table, (at, shape) in self._places.items()}
            if not np.abs(numbers).max() <= MAX_MAGNITUDE:  # also where one is not a number
                raise self._too_far(tables, number)
            loss, slopes = self.loss(tables)
            yield State(number, loss, tables)

    @cached_property
    def _places(self) -> dict[Stage, tuple[slice, tuple[int, ...]]]:
        """Where the numbers of each table that learns stand in the row of all of them, and its shape."""
        places, begin = {}, 0
        for table in (table for table in self.start if table in self.learns):
            end = begin + self.start[table].size
            places[table] = slice(begin, end), self.start[table].shape
            begin = end
        return places

    def _too_far(self, tables: Tables, number: int) -> BlewUpError:
        name = next(table for table in self._places if not (np.abs(tables[table]) <= MAX_MAGNITUDE).all())
        called = STAGES[name].symbol if name in WEIGHT_TABLES else STAGES[name].heading
        return BlewUpError(
            f"The learning rate {self.rate:g} is too large: step {number} takes a number of {called} beyond "
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
