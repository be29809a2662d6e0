"""Exercises: made from kind, level and seed, their numbers worked out once more without the core, answers graded."""

import re
from dataclasses import replace

import numpy as np
import pytest
from support.oracles import attention

from attention_core import Stage
from attention_core.matrices import read_only
from exercises.grading import Mark, grade, worst
from exercises.hints import sum_to_do, what_to_do, whole_sum
from exercises.making import KINDS, LEVELS, make
from presentation.text import shown

SEEDS = range(1, 26)
EVERY = [(kind, level) for kind in KINDS for level in LEVELS]


def once_more(asked):
    """Every number of the stage that is asked for, without the core."""
    experiment = asked.experiment
    x = np.array([experiment.rows.get(word, (0.0,) * experiment.d_model) for word in experiment.sentence.split()])
    similar = experiment.variant == "similarity"
    q, k, v = (x if similar else x @ np.array(getattr(experiment, table)) for table in ("w_q", "w_k", "w_v"))
    n = len(x)
    allowed = np.tri(n, dtype=bool) if experiment.masks else np.ones((n, n), dtype=bool)
    worked = attention(q, k, v, divisor=None if experiment.scaled else 1.0, allowed=allowed)
    return {Stage.SCORES: worked.scores, Stage.WEIGHTS: worked.weights, Stage.CONTEXT: worked.context}[asked.stage]


def written(asked, numbers=None):
    numbers = once_more(asked) if numbers is None else numbers
    return {cell: f"{numbers[cell]:.{asked.decimals}f}" for cell in asked.cells}


@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_the_right_numbers_are_those_that_are_worked_out_without_the_core_and_are_called_right(kind, level):
    for seed in SEEDS:
        asked = make(kind, level, seed).asked
        numbers = once_more(asked)
        assert np.allclose([asked.true(cell) for cell in asked.cells], [numbers[cell] for cell in asked.cells])
        assert {each.mark for each in grade(asked, written(asked)).values()} == {Mark.RIGHT}
        typed = {cell: text.replace(".", ",").replace("-", "−") for cell, text in written(asked).items()}
        assert {each.mark for each in grade(asked, typed).values()} == {Mark.RIGHT}, "as people of elsewhere write"


@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_a_number_that_is_off_by_more_than_rounding_is_never_called_right(kind, level):
    for seed in SEEDS[:5]:  # each number that is off is held against every slip there is
        asked = make(kind, level, seed).asked
        for off in (-3.0, 1.0, *((-0.2, 0.2) if asked.decimals else ())):
            verdicts = grade(asked, written(asked, once_more(asked) + off))
            assert {each.mark for each in verdicts.values()} == {Mark.WRONG}, (seed, off)


@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_the_same_seed_gives_the_same_exercise_and_others_give_others(kind, level):
    same = [make(kind, level, 5).asked.experiment for _ in range(2)]
    assert same[0] == same[1]
    assert len({make(kind, level, seed).asked.experiment for seed in SEEDS}) > 20


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", [2, 3])
def test_who_forgets_to_scale_is_told_so(level, seed):
    asked = make("row", level, seed).asked
    row = asked.cells[0][0]
    scores = asked.calculation.attention.scores
    powers = np.where(asked.calculation.allowed, np.exp(scores - scores.max()), 0)
    slipped = powers / powers.sum(axis=1, keepdims=True)
    verdict = worst(list(grade(asked, written(asked, slipped)).values()))
    if np.abs(slipped[row] - once_more(asked)[row]).max() < 0.02:
        return  # the row is too even for a difference
    assert verdict.mark is Mark.WRONG and verdict.slip == "the scores were not scaled"


def test_slips_in_one_number_are_named():
    asked = make("score", 2, 1).asked
    (cell,) = asked.cells
    query, key = asked.calculation.q[cell[0]], asked.calculation.k[cell[1]]
    products = query * key
    answers = {
        -products.sum(): "the sign is turned round",
        products[1]: f"the part {shown(query[0], 0)} · {shown(key[0], 0)} is left out",
    }
    for number, slip in answers.items():
        verdict = grade(asked, {cell: f"{number:g}"})[cell]
        assert verdict.slip == slip and slip in verdict.told


def test_the_number_of_another_place_is_named_with_its_words():
    asked = make("context", 2, 4).asked
    (cell,) = asked.cells
    others = [(row, column) for row, column in np.ndindex(asked.calculation.context.shape) if row != cell[0]]
    named = {other: grade(asked, {cell: f"{asked.true(other):.2f}"})[cell].slip for other in others}
    assert any(slip == f"you take another place: it is the number of {asked.name(at)}" for at, slip in named.items())


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("0.12", Mark.RIGHT),
        ("12%", Mark.RIGHT),
        (".12", Mark.RIGHT),
        ("0.1192", Mark.RIGHT),
        ("0.1194", Mark.ROUNDING),  # right to the two decimals that are asked for
        ("0.1", Mark.ROUNDING),
        ("0.11", Mark.ROUNDING),  # cut off
        ("0.88", Mark.WRONG),
        ("0.13", Mark.WRONG),
        ("", Mark.EMPTY),
        ("  ", Mark.EMPTY),
        ("a", Mark.UNREADABLE),
        ("=1+1", Mark.UNREADABLE),
        ("1e400", Mark.UNREADABLE),
        ("nan", Mark.UNREADABLE),
        ("-inf", Mark.WRONG),
        ("1" * 10_000, Mark.WRONG),
        ("\ud800<b>", Mark.UNREADABLE),
    ],
)
def test_what_is_said_of_what_may_be_typed(typed, mark):
    asked = make("row", 1, 1).asked
    experiment = replace(  # whose first row has the scores 0 and 2: weights 0.1192 and 0.8808
        asked.experiment,
        rows=dict(zip(asked.experiment.vocabulary, ((1.0, 0.0), (0.0, 1.0)), strict=True)),
        w_q=read_only([[0.0, 1.0], [0.0, 0.0]]),
        w_k=read_only([[0.0, 0.0], [0.0, 2.0]]),
    )
    asked = replace(asked, experiment=experiment, cells=((0, 0),))
    assert asked.true((0, 0)) == pytest.approx(1 / (1 + np.e**2))
    assert grade(asked, {(0, 0): typed})[0, 0].mark is mark


@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_hints_lead_to_the_sum_and_not_to_the_number(kind, level):
    for seed in SEEDS:
        asked = make(kind, level, seed).asked
        for cell in asked.cells[:3]:
            hint = sum_to_do(asked, cell)
            numbers = len(re.findall(r"[\d.]+", hint))
            row = int(asked.calculation.allowed[cell[0]].sum())
            compared = asked.calculation.table(asked.calculation.variant.key).shape[1]
            divided = 2 if asked.experiment.scaled else 1
            expected = {Stage.SCORES: 2 * compared, Stage.CONTEXT: 2 * row, Stage.WEIGHTS: divided * (row + 1)}
            assert numbers == expected[asked.stage], "the numbers that go in, and none that comes out"
            assert "=" not in hint and "≈" not in hint
            assert len(what_to_do(asked, cell)) > 40
            assert "mathbf" in whole_sum(asked, cell)


@pytest.mark.parametrize(("kind", "level"), [each for each in EVERY if each[0] in ("score", "context")])
def test_the_sum_of_a_hint_gives_the_number(kind, level):
    for seed in SEEDS:
        asked = make(kind, level, seed).asked
        (cell,) = asked.cells
        sum_ = sum_to_do(asked, cell).replace("−", "-").replace("·", "*")
        assert eval(sum_) == pytest.approx(asked.true(cell), abs=0.06)  # weights stand there with two decimals


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_of_a_weight_gives_the_weight(seed):
    for level in LEVELS:
        asked = make("row", level, seed).asked
        sum_ = sum_to_do(asked, asked.cells[0]).replace("−", "-").replace("÷", "/").replace("^", "**")
        sum_ = re.sub(r"√(\d+)", r"(\1 ** 0.5)", sum_).replace("e*", "2.718281828459045*")
        assert eval(sum_) == pytest.approx(asked.true(asked.cells[0]), abs=1e-9)
