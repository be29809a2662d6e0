"""Every number of every stage is the sum that its derivation says, made of the numbers that stand in the tables."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from support.experiments import experiments, size_along, two_columns

from attention_core import DERIVED, EXAMPLES, OPENING, VARIANTS, Quantity, attend, derive, trace
from attention_core.derivation import stage_shape
from attention_core.stages import STAGES, Stage

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


def number_of(calculation, symbol, row, column):
    """A number of the calculation, read without the help of the derivation."""
    owners = (calculation, calculation.experiment, calculation.attention)
    return getattr(next(owner for owner in owners if hasattr(owner, symbol)), symbol)[row, column]


def places(calculation):
    for stage in DERIVED:
        rows, columns = size_along(calculation, STAGES[stage].rows), size_along(calculation, STAGES[stage].columns)
        yield from ((stage, row, column) for row in range(rows) for column in range(columns))


def head_of(calculation, stage):
    """Which head's number it is, where there are several."""
    of_all = {"embeddings", "positions", "x", "joined", "w_o", "context"}
    return None if len(calculation.heads) == 1 or stage in of_all else calculation.place


def check_every_number(calculation):
    for stage, row, column in places(calculation):
        derivation = derive(calculation, stage, row, column)
        number = number_of(calculation, stage, row, column)
        assert derivation.target == Quantity(stage, row, column, number, head_of(calculation, stage))
        assert derivation.evaluate() == pytest.approx(number, rel=1e-9, abs=1e-12)
        for factor in (factor for term in derivation.terms for factor in term):
            if factor.symbol in ("divisor", "own divisor"):
                is_own = calculation.experiment.divisor is not None
                symbol = "own divisor" if is_own else "divisor"
                assert factor == Quantity(symbol, None, None, calculation.divisor)
            elif stage == "positions":
                experiment = calculation.experiment
                waves = {"place": row, "base": experiment.position_base, "pair": column - column % 2}
                assert factor.value == (waves | {"columns": experiment.d_model, "given": number})[factor.symbol]
            else:
                made_by = calculation if factor.head is None else calculation.of_head(factor.head)
                assert factor.value == number_of(made_by, factor.symbol, factor.row, factor.column)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_every_example_is_the_sum_it_is_said_to_be(name, variant):
    experiment = replace(EXAMPLES[name].build(), variant=variant)
    for causal in (False, True):
        for scaled in (False, True):
            check_every_number(attend(replace(experiment, masks=("causal",) * causal, scaled=scaled)))


@SETTINGS
@given(experiments())
def test_every_number_of_any_experiment_is_the_sum_it_is_said_to_be(experiment):
    check_every_number(attend(experiment))


@SETTINGS
@given(experiments())
def test_every_stage_has_as_many_numbers_as_it_says(experiment):
    calculation = attend(experiment)
    for stage in DERIVED:
        about = STAGES[stage]
        wanted = size_along(calculation, about.rows), size_along(calculation, about.columns)
        assert stage_shape(calculation, stage) == wanted


# --- one cell, term by term ------------------------------------------------------------------------------------------


def terms_of(derivation):
    return [tuple((factor.symbol, factor.row, factor.column) for factor in term) for term in derivation.terms]


def test_a_query_is_the_embedding_times_a_column_of_the_weights():
    derivation = derive(attend(two_columns("a b", w_q=[[1, 2], [3, 4]])), "q", 1, 0)
    assert derivation.operator == "sum"
    assert terms_of(derivation) == [(("x", 1, 0), ("w_q", 0, 0)), (("x", 1, 1), ("w_q", 1, 0))]
    assert derivation.target.value == 3


def test_a_score_multiplies_the_query_of_its_row_with_the_key_of_its_column():
    assert terms_of(derive(attend(two_columns()), "scores", 0, 1)) == [
        (("q", 0, 0), ("k", 1, 0)),
        (("q", 0, 1), ("k", 1, 1)),
    ]


@pytest.mark.parametrize("variant", ["similarity", "embeddings_only"])
def test_where_embeddings_are_compared_a_score_multiplies_embeddings(variant):
    assert terms_of(derive(attend(two_columns(variant=variant)), "scores", 0, 1)) == [
        (("x", 0, 0), ("x", 1, 0)),
        (("x", 0, 1), ("x", 1, 1)),
    ]


def test_a_scaled_score_is_divided_by_the_root():
    derivation = derive(attend(two_columns()), "scaled_scores", 0, 1)
    assert derivation.operator == "quotient"
    assert [term[0].value for term in derivation.terms] == [0, math.sqrt(2)]


def test_without_scaling_the_score_stays():
    derivation = derive(attend(two_columns(scaled=False)), "scaled_scores", 1, 1)
    assert (derivation.operator, terms_of(derivation)) == ("unchanged", [(("scores", 1, 1),)])


def test_a_weight_is_a_share_of_the_scores_its_word_may_see():
    derivation = derive(attend(two_columns("a b a", masks=("causal",))), "weights", 1, 0)
    assert derivation.operator == "softmax"
    assert terms_of(derivation) == [(("scaled_scores", 1, j),) for j in (0, 0, 1)]


@pytest.mark.parametrize(("variant", "mixed"), [("queries_and_keys", "k"), ("qkv", "v"), ("similarity", "x")])
def test_a_context_mixes_what_its_variant_says(variant, mixed):
    derivation = derive(attend(two_columns(variant=variant)), "context", 0, 1)
    assert terms_of(derivation) == [(("weights", 0, j), (mixed, j, 1)) for j in (0, 1)]


def test_a_context_of_the_embeddings_alone_adds_the_words_own_as_it_is():
    derivation = derive(attend(two_columns("a b a", variant="embeddings_only")), "context", 1, 0)
    assert terms_of(derivation) == [(("weights", 1, 0), ("x", 0, 0)), (("weights", 1, 2), ("x", 2, 0)), (("x", 1, 0),)]


@pytest.mark.parametrize(
    ("change", "row", "column"), [({"masks": ("causal",)}, 0, 1), ({"variant": "embeddings_only"}, 1, 1)], ids=str
)
def test_a_forbidden_cell_has_a_score_but_counts_minus_infinity_and_weighs_nothing(change, row, column):
    calculation = attend(two_columns(**change))
    score, scaled, weight = (
        derive(calculation, stage, row, column) for stage in ("scores", "scaled_scores", "weights")
    )
    assert score.operator == "sum" and math.isfinite(score.evaluate())
    assert (scaled.operator, scaled.evaluate(), scaled.target.value) == ("forbidden score", -math.inf, -math.inf)
    assert (weight.operator, weight.evaluate(), weight.target.value) == ("forbidden weight", 0, 0)


def test_a_word_that_may_look_nowhere_keeps_its_embedding_and_nothing_else():
    derivation = derive(attend(two_columns("a", variant="embeddings_only")), "context", 0, 0)
    assert terms_of(derivation) == [(("x", 0, 0),)]


def test_scores_so_large_that_their_exponentials_overflow_still_make_weights():
    calculation = attend(two_columns(w_q=[[1e6, 0], [0, 1e6]], scaled=False))
    assert derive(calculation, "weights", 0, 0).evaluate() == 1
    assert derive(calculation, "weights", 0, 1).evaluate() == 0


# --- the way to a number ---------------------------------------------------------------------------------------------


def stages_of(steps):
    return [step.target.symbol for step in steps]


def test_the_way_to_a_weight_begins_with_query_and_key_and_ends_with_itself():
    calculation = attend(OPENING.build())
    steps = trace(calculation, "weights", 5, 4)
    assert stages_of(steps) == ["q"] * 4 + ["k"] * 4 + ["scores", "scaled_scores", "weights"]
    assert {step.target.row for step in steps if step.target.symbol == "q"} == {5}
    assert {step.target.row for step in steps if step.target.symbol == "k"} == {4}
    assert steps[-1] == derive(calculation, "weights", 5, 4)


@pytest.mark.parametrize(("stage", "end"), [("scores", 9), ("scaled_scores", 10), ("weights", 11)])
def test_the_way_to_an_earlier_stage_is_the_beginning_of_the_way_to_a_later_one(stage, end):
    calculation = attend(OPENING.build())
    assert trace(calculation, stage, 5, 4) == trace(calculation, "weights", 5, 4)[:end]


@pytest.mark.parametrize(
    ("variant", "before"),
    [("similarity", []), ("embeddings_only", []), ("queries_and_keys", ["k", "k"]), ("qkv", ["v", "v"])],
)
def test_the_way_to_a_context_begins_with_what_it_mixes(variant, before):
    calculation = attend(two_columns(variant=variant))
    steps = trace(calculation, "context", 0, 1)
    assert stages_of(steps) == [*before, "context"]
    assert all(step.target.column == 1 for step in steps)


def test_the_way_to_a_context_leaves_out_what_its_word_may_not_see():
    steps = trace(attend(two_columns("a b a", masks=("causal",))), "context", 1, 0)
    assert [(step.target.symbol, step.target.row) for step in steps] == [("v", 0), ("v", 1), ("context", 1)]


@pytest.mark.parametrize("stage", ["q", "k", "v"])
def test_the_way_to_a_query_key_or_value_is_its_own_sum_alone(stage):
    calculation = attend(two_columns())
    assert trace(calculation, stage, 1, 0) == (derive(calculation, stage, 1, 0),)


def test_a_part_that_is_query_and_key_is_made_once_on_the_way_to_a_word_and_itself(monkeypatch):
    monkeypatch.setitem(VARIANTS, "shared", replace(VARIANTS["qkv"], id="shared", key=Stage.Q))
    calculation = attend(two_columns(variant="shared"))
    assert stages_of(trace(calculation, "scores", 1, 1)) == ["q", "q", "scores"]
    assert stages_of(trace(calculation, "scores", 1, 0)) == ["q", "q", "q", "q", "scores"]


@SETTINGS
@given(experiments())
def test_a_way_never_uses_a_number_before_it_was_made_or_given(experiment):
    calculation = attend(experiment)
    for stage, row, column in places(calculation):
        steps = trace(calculation, stage, row, column)
        assert steps[-1] == derive(calculation, stage, row, column)
        order = [DERIVED.index(step.target.symbol) for step in steps]
        assert order == sorted(order)
        assert len({(s.target.symbol, s.target.row, s.target.column) for s in steps}) == len(steps)


# --- what is not there -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("find", [derive, trace])
def test_a_stage_that_is_not_there_is_refused(find):
    with pytest.raises(ValueError) as error:
        find(attend(two_columns()), "logits", 0, 0)
    assert str(error.value) == f"There is no stage 'logits'; there are {', '.join(DERIVED)}."


@pytest.mark.parametrize("find", [derive, trace])
@pytest.mark.parametrize(("row", "column"), [(2, 0), (0, 3), (-1, 0), (0, -1)])
def test_a_place_that_is_not_there_is_refused(find, row, column):
    with pytest.raises(ValueError) as error:
        find(attend(two_columns(w_v=[[1, 2, 3], [4, 5, 6]])), "context", row, column)
    assert str(error.value) == f"The stage context has 2 × 3 numbers; there is none at {row}, {column}."
