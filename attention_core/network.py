"""A small network of two layers, which takes each word's numbers alone: the same network for every word.

hidden = max(0, inputs · first), output = hidden · second, each with its bias. It makes queries in the lecture's words
"by a network", and stands behind attention in a transformer.

Letters: n words, d_in numbers of an input, h hidden ones, d_out of an output. A layer is a table whose first row is
its bias: (1 + d_in, h) and (1 + h, d_out).
Source: sources.PAPER, section 3.3; sources.LECTURE.
"""

from dataclasses import dataclass

import numpy as np

from attention_core.attention import Attention, Floats
from attention_core.calculation import Calculation
from attention_core.derivation import Derivation, Operator, Quantity, Symbol
from attention_core.experiment import Experiment
from attention_core.lessons import HIDDEN_SIZE
from attention_core.matrices import Matrix, Rows, fitted_table, read_only
from attention_core.one_pass import look
from attention_core.variants import VARIANTS


@dataclass(frozen=True, eq=False)
class Layers:
    """Both tables, each with its bias as the first row."""

    first: Matrix  # (1 + d_in, h)
    second: Matrix  # (1 + h, d_out)


@dataclass(frozen=True, eq=False)
class Passed:
    """What a network makes of its inputs."""

    layers: Layers
    inputs: Floats  # (n, d_in)
    hidden: Floats  # (n, h)  none is negative
    outputs: Floats  # (n, d_out)

    def hidden_sum(self, row: int, column: int) -> Derivation:
        """The sum behind a hidden number, of which what is below 0 becomes 0."""
        target = Quantity(Symbol.HIDDEN, row, column, float(self.hidden[row, column]))
        return Derivation(target, Operator.POSITIVE_PART, _terms(self.inputs[row], self.layers.first[:, column]))

    def output_sum(self, row: int, column: int) -> Derivation:
        target = Quantity(Symbol.OUTPUT, row, column, float(self.outputs[row, column]))
        return Derivation(target, Operator.SUM, _terms(self.hidden[row], self.layers.second[:, column]))


def passed(inputs: Floats, layers: Layers) -> Passed:
    """(n, d_in) -> what the network makes of each row"""
    hidden = np.maximum(layers.first[0] + inputs @ layers.first[1:], 0.0)
    return Passed(layers, inputs, hidden, layers.second[0] + hidden @ layers.second[1:])


def query_layers(experiment: Experiment) -> Layers:
    """The network that makes a query of each embedding, cut or padded with zeros to the sizes of the experiment."""
    return _fitted(experiment.lessons.query_first, experiment.lessons.query_second, experiment.d_model, experiment.d_k)


def forward_layers(experiment: Experiment) -> Layers:
    """The network behind attention; what it makes of a context vector has as many numbers as that."""
    size = experiment.size(VARIANTS[experiment.variant].value)
    return _fitted(experiment.lessons.forward_first, experiment.lessons.forward_second, size, size)


def queries(calculation: Calculation) -> Passed:
    """The query of each word, made by the network."""
    return passed(calculation.x, query_layers(calculation.experiment))


def attend_with_network(calculation: Calculation) -> Attention:
    """Attention whose queries the network makes; keys, values, scaling and masks are those of the calculation."""
    return look(
        queries(calculation).outputs,
        calculation.k,
        calculation.v,
        allowed=calculation.allowed,
        divisor=calculation.divisor,
    )


def fed_forward(calculation: Calculation) -> Passed:
    """What the network behind attention makes of each context vector."""
    return passed(calculation.context, forward_layers(calculation.experiment))


def _fitted(first: Rows, second: Rows, d_in: int, d_out: int) -> Layers:
    return Layers(
        fitted_table(read_only(first), 1 + d_in, HIDDEN_SIZE), fitted_table(read_only(second), 1 + HIDDEN_SIZE, d_out)
    )


def _terms(given: Floats, column: Matrix) -> tuple[tuple[Quantity, ...], ...]:
    """The bias, and each number times its weight of the table."""
    bias, *factors = (Quantity(Symbol.LAYER, row, None, float(value)) for row, value in enumerate(column))
    products = (
        (Quantity(Symbol.VECTOR, None, at, float(value)), factor)
        for at, (value, factor) in enumerate(zip(given, factors, strict=True))
    )
    return ((bias,), *products)
