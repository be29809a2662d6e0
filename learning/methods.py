"""How a step follows from a gradient: a registry. What its entries are called is in attention_core/teaching.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from attention_core import Stage
from attention_core.attention import Floats


class Method(Protocol):
    """What is added to a table, from its gradient and the learning rate."""

    def step(self, table: Stage, gradient: Floats, rate: float) -> Floats: ...


class GradientDescent:
    """Against the gradient, as far as the learning rate says."""

    def step(self, table: Stage, gradient: Floats, rate: float) -> Floats:
        return -rate * gradient


@dataclass
class Adam:
    """About the learning rate for each number, whatever its gradient's size.

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1, with its settings.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    _taken: dict[Stage, int] = field(default_factory=dict)
    _mean: dict[Stage, Floats] = field(default_factory=dict)
    _square: dict[Stage, Floats] = field(default_factory=dict)

    def step(self, table: Stage, gradient: Floats, rate: float) -> Floats:
        t = self._taken[table] = self._taken.get(table, 0) + 1
        zeros = np.zeros_like(gradient)
        self._mean[table] = self.beta_1 * self._mean.get(table, zeros) + (1 - self.beta_1) * gradient
        self._square[table] = self.beta_2 * self._square.get(table, zeros) + (1 - self.beta_2) * gradient * gradient
        mean = self._mean[table] / (1 - self.beta_1**t)
        square = self._square[table] / (1 - self.beta_2**t)
        result: Floats = -rate * mean / (np.sqrt(square) + self.epsilon)
        return result


METHODS: Mapping[str, Callable[[], Method]] = {"descent": GradientDescent, "adam": Adam}
