"""How a step follows from a gradient: a registry. What its entries are called is in attention_core/teaching.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from attention_core.attention import Floats


class Method(Protocol):
    """What is added to the numbers that learn, from their gradient and the learning rate.  (numbers,) -> (numbers,)"""

    def step(self, gradient: Floats, rate: float) -> Floats: ...


class GradientDescent:
    """Against the gradient, as far as the learning rate says."""

    def step(self, gradient: Floats, rate: float) -> Floats:
        return -rate * gradient


@dataclass
class Adam:
    """About the learning rate for each number, whatever its gradient's size.

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1, with its settings.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    _taken: int = 0
    _mean: Floats | float = 0.0
    _square: Floats | float = 0.0

    def step(self, gradient: Floats, rate: float) -> Floats:
        self._taken += 1
        self._mean = self.beta_1 * self._mean + (1 - self.beta_1) * gradient
        self._square = self.beta_2 * self._square + (1 - self.beta_2) * (gradient * gradient)
        mean = self._mean / (1 - self.beta_1**self._taken)
        square = self._square / (1 - self.beta_2**self._taken)
        result: Floats = -rate * mean / (np.sqrt(square) + self.epsilon)
        return result


METHODS: Mapping[str, Callable[[], Method]] = {"descent": GradientDescent, "adam": Adam}
