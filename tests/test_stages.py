"""The registry of stages tells the truth about every calculation, and nobody has forgotten a stage."""

from dataclasses import replace

import numpy as np
import pytest
from support.experiments import size_along

from attention_core import DERIVED, EXAMPLES, OPENING, VARIANTS, attend, derive
from attention_core.derivation import OPERATORS, Operator
from attention_core.stages import (
    EDITED,
    PARTS,
    PROJECTED,
    SQUARES,
    STAGES,
    TABLE_OF,
    VECTORS,
    WEIGHT_TABLES,
    Role,
    Stage,
)
from presentation.formulas import WRITERS, formulas
from presentation.palette import COLOURS, colour_of
from presentation.tables import stage_columns, stage_rows


def in_every_way():
    experiment = EXAMPLES["cat-and-mouse"].build().resized(d_k=2)
    return [attend(replace(experiment, variant=way)) for way in VARIANTS]


def test_every_stage_has_its_entry_and_its_order():
    assert list(STAGES) == list(Stage)
    assert STAGES.keys() == {*EDITED, *PARTS, *SQUARES, *VECTORS, Stage.W_O}


@pytest.mark.parametrize(
    ("group", "of_the_paper"),
    [
        (WEIGHT_TABLES, ("w_q", "w_k", "w_v")),
        (PARTS, ("x", "q", "k", "v")),
        (SQUARES, ("scores", "scaled_scores", "exponentials", "weights")),
        (VECTORS, ("x", "q", "k", "v", "context")),
        (DERIVED, ("q", "k", "v", "scores", "scaled_scores", "weights", "context")),
    ],
)
def test_the_stages_of_the_paper_stand_in_their_groups_and_order(group, of_the_paper):
    assert tuple(stage for stage in group if stage in of_the_paper) == of_the_paper


@pytest.mark.parametrize("stage", Stage)
def test_the_rows_and_columns_of_a_stage_are_what_the_registry_says(stage):
    about = STAGES[stage]
    for calculation in in_every_way():
        wanted = size_along(calculation, about.rows), size_along(calculation, about.columns)
        assert calculation.table(stage).shape == wanted
        assert (len(stage_rows(calculation, stage)), len(stage_columns(calculation, stage))) == wanted


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_made_only_of_what_comes_before_it(stage):
    for way in VARIANTS.values():
        made_from = STAGES[stage].made_from(way)
        assert all(list(Stage).index(each) < list(Stage).index(stage) for each in made_from)
        assert bool(made_from) is (stage not in (*EDITED, Stage.W_O, Stage.POSITIONS))


@pytest.mark.parametrize("stage", [stage for stage in DERIVED if stage != Stage.WEIGHTS])
def test_a_sum_takes_its_numbers_from_the_stages_that_the_registry_names(stage):
    """The weights name their exponentials, which a sum writes as powers of the scaled scores."""
    for calculation in in_every_way():
        rows, columns = calculation.table(stage).shape
        used = {
            factor.symbol
            for row in range(rows)
            for column in range(columns)
            for term in derive(calculation, stage, row, column).terms
            for factor in term
        }
        assert used - {"divisor", "given"} == set(STAGES[stage].made_from(calculation.variant))


def test_exponentials_over_their_sum_are_the_weights():
    for calculation in in_every_way():
        powers = calculation.exponentials
        np.testing.assert_allclose(
            powers / powers.sum(axis=1, keepdims=True), calculation.attention.weights, atol=1e-15
        )
        np.testing.assert_array_equal(powers > 0, calculation.allowed)


def test_a_word_that_may_look_nowhere_has_no_exponentials():
    calculation = attend(replace(OPENING.build(), sentence="bank", variant="embeddings_only"))
    assert calculation.exponentials.tolist() == [[0.0]]


@pytest.mark.parametrize("stage", Stage)
def test_what_is_said_of_a_stage_can_stand_in_a_sentence(stage):
    about = STAGES[stage]
    assert about.meaning.endswith(".") and about.meaning[0].isupper()
    assert not about.gist.endswith(".") and about.gist[0].islower()
    assert about.heading[0].isupper() and about.heading[1:] == about.plural[1:]


def test_each_role_has_a_colour_and_a_table_that_of_what_it_makes():
    assert COLOURS.keys() == set(Role)
    for made, table in TABLE_OF.items():
        assert STAGES[table].made_from(VARIANTS["qkv"]) == ()
        assert table in STAGES[made].made_from(VARIANTS["qkv"])
        assert colour_of(table) == colour_of(made)
    assert len({colour_of(part) for part in PARTS}) == len(PARTS)


def test_every_operator_is_calculated_and_written():
    assert OPERATORS.keys() == WRITERS.keys() == set(Operator)


def test_every_stage_with_a_sum_is_written_in_every_way():
    for calculation in in_every_way():
        for stage in DERIVED:
            assert formulas([derive(calculation, stage, 0, 0)], calculation, decimals=2).startswith(r"\small")


def test_the_projections_are_what_their_tables_make():
    assert tuple(TABLE_OF) == PROJECTED
    for calculation in in_every_way():
        for part, table in TABLE_OF.items():
            np.testing.assert_allclose(calculation.table(part), calculation.x @ calculation.table(table))
