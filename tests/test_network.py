"""A small network: every number is the sum that is written, each word is taken alone, nothing hidden is negative."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import experiments, lessons
from support.latex_reader import assert_lines, lines_of

from attention_core import OPENING, attend
from attention_core.lessons import HIDDEN_SIZE, LAYERS, Lessons
from attention_core.network import fed_forward, forward_layers, passed, queries, query_layers
from presentation.formulas import network_names, sums

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def worked_out(row, table, columns):
    """One row through one layer, in plain loops."""
    return [table[0][column] + sum(x * w[column] for x, w in zip(row, table[1:], strict=True)) for column in columns]


def both_networks(experiment):
    calculation = attend(experiment)
    return (
        (queries(calculation), calculation.x, query_layers(experiment), experiment.d_k),
        (fed_forward(calculation), calculation.context, forward_layers(experiment), calculation.context.shape[1]),
    )


@SETTINGS
@given(experiments(), lessons(), st.integers(0, 8))
def test_every_number_is_the_sum_that_is_written(experiment, edited, decimals):
    experiment = replace(experiment, lessons=edited)
    labels = attend(experiment).labels
    for it, inputs, layers, size in both_networks(experiment):
        assert layers.first.shape == (1 + inputs.shape[1], HIDDEN_SIZE) and it.outputs.shape == (len(inputs), size)
        for row, given_row in enumerate(inputs):
            hidden = [max(0.0, each) for each in worked_out(given_row, layers.first, range(HIDDEN_SIZE))]
            outputs = worked_out(hidden, layers.second, range(size))
            np.testing.assert_allclose(it.hidden[row], hidden, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(it.outputs[row], outputs, rtol=1e-9, atol=1e-9)
        steps = [it.hidden_sum(row, at) for row in range(len(inputs)) for at in range(HIDDEN_SIZE)]
        steps += [it.output_sum(row, at) for row in range(len(inputs)) for at in range(size)]
        for step in steps:
            assert step.evaluate() == pytest.approx(step.target.value, rel=1e-9, abs=1e-9)
        names = network_names(labels, "h", "q")
        expected = {f"h_{at + 1}({label})": it.hidden[row, at] for row, label in enumerate(labels) for at in range(3)}
        expected |= {
            f"q_{at + 1}({label})": it.outputs[row, at] for row, label in enumerate(labels) for at in range(size)
        }
        latex = sums([(step, names) for step in steps], decimals=decimals)
        assert assert_lines(lines_of(latex), expected, whole=decimals == 0) == list(expected)


@SETTINGS
@given(experiments(), lessons())
def test_each_word_is_taken_alone_and_by_the_same_network(experiment, edited):
    for it, inputs, layers, _ in both_networks(replace(experiment, lessons=edited)):
        for row in range(len(inputs)):
            alone = passed(inputs[[row]], layers)
            np.testing.assert_allclose(alone.outputs[0], it.outputs[row], rtol=1e-12, atol=1e-12)
        assert (it.hidden >= 0).all()


@SETTINGS
@given(experiments(), lessons())
def test_where_nothing_hidden_is_left_every_word_gets_the_second_bias(experiment, edited):
    silent = edited.with_layer("forward_first", [[-1e6] * HIDDEN_SIZE] + [[0.0] * HIDDEN_SIZE] * 5)
    it = fed_forward(attend(replace(experiment, lessons=silent)))
    assert not it.hidden.any()
    np.testing.assert_array_equal(it.outputs, np.tile(it.layers.second[0], (len(it.inputs), 1)))


def test_the_hand_set_networks_do_what_is_said_of_them_at_first():
    calculation = attend(OPENING.build())  # We walked to the river bank; living, action, water, money
    bank = list(calculation.labels).index("bank")
    context = calculation.context[bank]
    out = fed_forward(calculation).outputs[bank]
    assert context[2] > context[3] > 0  # more water than money
    assert out[2] == pytest.approx(context[2] - context[3]) and out[3] == 0
    query = queries(calculation).outputs
    np.testing.assert_allclose(query[:, 2:], 4 * calculation.x[:, 2:])


@pytest.mark.parametrize("layer", LAYERS)
def test_a_table_of_a_network_that_does_not_fit_is_refused_in_words(layer):
    for table, told in (
        ([[1.0, 2.0, 3.0]], "The table of a network has 2 to 17 rows, its bias being the first."),
        ([[1.0]] * 18, "The table of a network has 2 to 17 rows, its bias being the first."),
        ([[1.0], [float("nan")]], "The table of a network has a cell that is not a finite number."),
        ([[1.0] * 17] * 2, "The table of a network has 17 columns; 1 to 16 work here."),
    ):
        with pytest.raises(ValueError, match=told.split(" cell")[0]) as error:
            Lessons().with_layer(layer, table)
        assert str(error.value) == told
