"""Every gradient against central differences of the core's own calculation, and wrong gradients, which are noticed."""

import numpy as np
import pytest
from hypothesis import given, settings
from support.learning import CLOSE, differences, drawn_opening, gentle, target_loss

from attention_core import VARIANTS, Stage, attend
from attention_core.stages import EDITED
from learning import gradients as backwards
from learning.forward import Setup, pass_of, run, setup_of, tables_of, with_tables
from learning.gradients import gradients


@settings(max_examples=60, deadline=None)
@given(gentle())
def test_the_gradient_by_every_table_is_the_slope_of_the_loss(drawn):
    experiment, generator = drawn
    calculation = attend(experiment)
    to_weights = generator.normal(size=calculation.attention.weights.shape)
    to_context = generator.normal(size=calculation.context.shape)
    tables, setup = tables_of(experiment), setup_of(calculation)
    found = gradients(tables, setup, pass_of(calculation), by_weights=to_weights, by_context=to_context)

    def loss(changed):
        seen = attend(with_tables(experiment, changed))
        return float((to_weights * seen.attention.weights).sum() + (to_context * seen.context).sum())

    for table, matrix in tables.items():
        slopes = differences(lambda m, table=table: loss({**tables, table: m}), matrix)
        np.testing.assert_allclose(found[table], slopes, **CLOSE, err_msg=table)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_batch_has_the_gradients_of_its_sentences_added_up(variant):
    generator = np.random.default_rng(7)
    tables = {
        Stage.EMBEDDINGS: generator.normal(size=(5, 3)),
        **{table: generator.normal(size=(3, 3)) for table in EDITED[1:]},
    }
    words = generator.integers(0, 5, (4, 6))
    allowed = generator.random((4, 6, 6)) < 0.7
    allowed[0, 2] = False  # a word that may look nowhere
    upstream = generator.normal(size=(4, 6, 6)), generator.normal(size=(4, 6, 3))
    batch = Setup(VARIANTS[variant], words, 5, allowed, 1.7)
    together = gradients(tables, batch, run(tables, batch), by_weights=upstream[0], by_context=upstream[1])
    singles = [
        (
            Setup(VARIANTS[variant], words[at], 5, allowed[at], 1.7),
            {"by_weights": upstream[0][at], "by_context": upstream[1][at]},
        )
        for at in range(4)
    ]
    alone = [gradients(tables, one, run(tables, one), **by) for one, by in singles]
    for table in EDITED:
        np.testing.assert_allclose(together[table], sum(each[table] for each in alone), rtol=1e-12, atol=1e-12)
    positions = sum(each[Stage.POSITIONS] for each in alone)
    np.testing.assert_allclose(together[Stage.POSITIONS], positions, rtol=1e-12, atol=1e-12)
    assert np.all(together[Stage.SCORES][0, 2] == 0)


@settings(max_examples=25, deadline=None)
@given(gentle())
def test_a_pass_is_the_calculation(drawn):
    calculation = attend(drawn[0])
    kept, again = pass_of(calculation), run(tables_of(drawn[0]), setup_of(calculation))
    for part, numbers in kept.parts.items():
        np.testing.assert_allclose(again.parts[part], numbers, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(again.attention.weights, kept.attention.weights, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(again.context, kept.context, rtol=1e-12, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(gentle())
def test_the_loss_of_a_target_has_its_gradient(drawn):
    loss, tables = target_loss(drawn[0])
    value, found = loss(tables)
    weights = attend(drawn[0]).attention.weights
    squares = [((weights[row] - loss.target[row]) ** 2).sum() for row in np.flatnonzero(loss.asked)]
    assert value == pytest.approx(np.mean(squares), abs=1e-12)
    for table, matrix in tables.items():
        slopes = differences(lambda m, table=table: loss({**tables, table: m})[0], matrix)
        np.testing.assert_allclose(found[table], slopes, **CLOSE, err_msg=table)


def without_a_mean(weights, by_weights):
    return weights * (1 - weights) * by_weights  # the diagonal of the softmax's Jacobian alone


WRONG = {
    "every sign flipped": ("through_softmax", lambda w, g: -RIGHT(w, g)),
    "the softmax's terms off the diagonal left out": ("through_softmax", without_a_mean),
}
RIGHT = backwards.through_softmax


def faulty(experiment):
    loss, tables = target_loss(experiment)
    _, found = loss(tables)
    slopes = differences(lambda m: loss({**tables, Stage.W_Q: m})[0], tables[Stage.W_Q])
    return not np.allclose(found[Stage.W_Q], slopes, **CLOSE)


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_softmax_is_noticed(monkeypatch, fault):
    assert not faulty(drawn_opening())
    name, wrong = WRONG[fault]
    monkeypatch.setattr(backwards, name, wrong)
    assert faulty(drawn_opening())


def test_scaling_left_out_of_the_gradient_is_noticed(monkeypatch):
    # The softmax's gradient times the divisor undoes the division that follows it.
    divisor = setup_of(attend(drawn_opening())).divisor
    assert divisor > 1
    monkeypatch.setattr(backwards, "through_softmax", lambda w, g: divisor * RIGHT(w, g))
    assert faulty(drawn_opening())
