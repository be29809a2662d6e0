"""Sums that break where the room ends: the same sum, without what would keep it in one line."""

from dataclasses import replace

import pytest

from attention_core import EXAMPLES, OPENING, Stage, attend, trace
from presentation.flowing import flowing
from presentation.formulas import formulas


def written(calculation, stage, row, column):
    return [
        (formulas([step], calculation, decimals=calculation.experiment.decimals), step)
        for step in trace(calculation, stage, row, column)
    ]


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_line_is_aligned_or_broken_by_hand(example):
    calculation = attend(EXAMPLES[example].build())
    for stage in (Stage.WEIGHTS, Stage.CONTEXT):
        for formula, step in written(calculation, stage, len(calculation.words) - 1, 0):
            line = flowing(formula)
            assert "aligned" not in line and r"\\" not in line and "&" not in line, line
            assert line.count("{") == line.count("}"), line
            assert line.rstrip("} ").endswith(formula.removesuffix(r"\end{aligned}").rstrip("} ").split(" ")[-1]), step


def test_a_short_fraction_stays_and_a_long_one_becomes_a_division():
    opening = attend(OPENING.build())
    short = flowing(formulas([trace(opening, Stage.WEIGHTS, 5, 4)[-1]], opening, decimals=2))
    assert r"\frac{e^{2.40}}{e^{0.00} + " in short and r"\div" not in short
    long = attend(OPENING.build().with_sentence("The cat sat by the river and saw the money float past"))
    line = flowing(formulas([trace(long, Stage.WEIGHTS, 5, 4)[-1]], long, decimals=2))
    assert r" \div (e^{" in line and line.count(r"\frac") == 1, line


def test_a_sum_of_many_terms_keeps_them_all():
    wide = attend(OPENING.build().resized(d_model=9, d_k=9))
    formula = formulas([trace(wide, Stage.SCORES, 5, 4)[-1]], wide, decimals=2)
    assert r"\\ &\quad + " in formula, "it was broken by hand"
    line = flowing(formula)
    assert line.count(r" \cdot ") == formula.count(r" \cdot ") and line.count(" + ") == formula.count(" + ")


def test_signs_in_words_are_left_alone():
    calculation = attend(replace(OPENING.build(), split_into="characters").with_sentence(r"a&b\c{d", "characters"))
    for row, word in enumerate(calculation.words):
        formula = formulas([trace(calculation, Stage.SCORES, row, 0)[-1]], calculation, decimals=2)
        name = formula.split(r"\to")[0].rsplit(r"\text{", 1)[1]
        assert name in flowing(formula), word
