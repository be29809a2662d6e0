"""The sums behind a gradient: each gives its number again, and each number in it is one of the calculation."""

import numpy as np
import pytest
from hypothesis import given, settings
from support.learning import CLOSE, differences, drawn_opening, gentle, target_loss

from attention_core import OPENING, Stage, attend
from attention_core.stages import STAGES
from learning.chain_rule import SLOPES, Slope, Taught, chain_rule


def rule_of(experiment):
    loss, tables = target_loss(experiment)
    return chain_rule(attend(experiment), loss), loss, tables


def places(rule, stage):
    return list(np.ndindex(rule.by[stage].shape))


@settings(max_examples=25, deadline=None)
@given(gentle())
def test_every_sum_gives_the_gradient_that_it_is_behind(drawn):
    rule, _, _ = rule_of(drawn[0])
    for stage in SLOPES:
        for row, column in places(rule, stage):
            sum_ = rule.derive(stage, row, column)
            assert sum_.target.value == rule.by[stage][row, column]
            assert sum_.evaluate() == pytest.approx(sum_.target.value, rel=1e-9, abs=1e-12)


def test_every_number_in_a_sum_is_told_by_the_calculation_or_by_another_sum():
    rule, loss, _ = rule_of(drawn_opening())
    for stage in SLOPES:
        for row, column in places(rule, stage)[:20]:
            for factor in (each for term in rule.derive(stage, row, column).terms for each in term):
                if factor.symbol in STAGES:
                    assert factor.value == rule.calculation.table(factor.symbol)[factor.row, factor.column]
                elif factor.symbol in list(Slope):
                    assert factor.value == rule.by[factor.symbol.stage][factor.row, factor.column]
                elif factor.symbol is Taught.TARGET:
                    assert factor.value == loss.target[factor.row, factor.column]
                elif factor.symbol is Taught.ROW_MEAN:
                    assert factor.value == pytest.approx(rule.row_mean(factor.row).evaluate(), rel=1e-12)


def test_a_step_by_hand_is_a_step_down():
    rule, loss, tables = rule_of(drawn_opening())
    slopes = differences(lambda m: loss({**tables, Stage.W_Q: m})[0], tables[Stage.W_Q])
    np.testing.assert_allclose(rule.by[Stage.W_Q], slopes, **CLOSE)
    step = rule.step(Stage.W_Q, 1, 2, 0.05)
    assert step.evaluate() == step.target.value == tables[Stage.W_Q][1, 2] - 0.05 * rule.by[Stage.W_Q][1, 2]
    moved = tables[Stage.W_Q].copy()
    moved[1, 2] = step.target.value
    assert loss({**tables, Stage.W_Q: moved})[0] < loss(tables)[0]


def test_what_the_weights_are_not_made_of_has_no_gradient():
    rule, _, _ = rule_of(OPENING.build())
    sum_ = rule.derive(Stage.W_V, 0, 0)
    assert sum_.terms == () and sum_.evaluate() == sum_.target.value == 0


@pytest.mark.parametrize("place", [(Stage.W_Q, 4, 0), (Stage.W_Q, 0, -1), (Stage.CONTEXT, 0, 0), ("strange", 0, 0)])
def test_a_gradient_that_is_not_there_is_refused_in_words(place):
    rule, _, _ = rule_of(OPENING.build())
    with pytest.raises(ValueError, match=r"there (is none|are those)"):
        rule.derive(*place)


def test_the_gradient_by_what_a_place_adds_is_that_of_the_vector_at_the_place():
    experiment = OPENING.build().with_sentence("bank by bank").with_positions(np.full((3, 4), 0.5))
    rule, _, _ = rule_of(experiment)
    at_places = [rule.derive(Stage.POSITIONS, place, 1) for place in (0, 2)]
    assert [sum_.terms[0][0].symbol for sum_ in at_places] == [Slope.X, Slope.X]
    both = rule.derive(Stage.EMBEDDINGS, 0, 1)
    assert both.target.value == pytest.approx(sum(sum_.evaluate() for sum_ in at_places), rel=1e-12)
