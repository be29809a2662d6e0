"""What is written in a sum is worked out again: = stands only where it gives the written result, ≈ only elsewhere."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import experiments
from support.latex_reader import Formula

from attention_core import EXAMPLES, OPENING, attend, derive
from attention_core.derivation import DERIVED, stage_shape
from attention_core.experiment import MAX_DECIMALS
from attention_core.geometry import angle, cosine, distance, dot_product, length
from attention_core.saturation import entropy_sum, slope
from attention_core.softmax_steps import softmax_steps
from exports.article import article
from exports.web_page import web_page
from presentation.formulas import formulas, row_names, sums, vector_names

SETTINGS = settings(derandomize=True, deadline=None, max_examples=25)
NUMBER = re.compile(r"-?(\d+(?:\.(\d+))?)(?: \\cdot 10\^\{(-?\d+)\})?")


def exactly(written):
    value = Formula(written, exactly=True).value()
    assert value.low == value.high or np.isinf(value.high)
    return value.low


def unit(written):
    """Of the last digit of a number: 0.01 for 1.25."""
    number = NUMBER.fullmatch(written)
    return 10.0 ** (int(number[3] or 0) - len(number[2] or ""))


def gives(value, result):
    """Whether a value, rounded to the digits of a written result, is that; None on the edge between two roundings."""
    off = abs(value - exactly(result)) / unit(result)
    slack = 1e-6 + 4e-16 * abs(value) / unit(result)
    return None if abs(off - 0.5) <= slack else off < 0.5


def steps_in(latex):
    """Each step of each sum: what is written, the sign, and the written result or results that it leads to."""
    body = latex.strip().strip("$").strip().removeprefix(r"\small\begin{aligned}").removesuffix(r"\end{aligned}")
    for line in re.sub(r"\\textcolor\{#\w+\}", "", body.replace(r" \\ &\quad", "")).split(r"\\[3pt]"):
        right = line.partition(" &= ")[2].partition(r" \quad")[0]
        parts = re.split(r" (=|\\approx) ", right)
        for written, sign, result in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            if r"\dots" not in written:
                yield written, sign, result


FRACTION = re.compile(r"\\frac\{(.*)\}\{(.*)\}")
RESULT = re.compile(r"\\mathbf\{(.*)\}(?:\^\\circ)?")


def pairs_of(written, result):
    """What a written side must give: one number, or above and below a fraction line one each."""
    if bold := RESULT.fullmatch(result):
        return [(exactly(written), bold[1])]
    if r"\div" in written:
        (root,), (divisor,) = (re.findall(r"\\div (\S+)$", side) for side in (written, result))
        return [(exactly(root), divisor)]
    above, below = re.fullmatch(r"\\frac\{(e\^\{.*?\})\}\{(e.*)\}", written).groups()
    return [(exactly(above), FRACTION.fullmatch(result)[1]), (exactly(below), FRACTION.fullmatch(result)[2])]


def signs(latex):
    """How often each sign stands, every one of them checked."""
    counted = Counter()
    for written, sign, result in steps_in(latex):
        verdicts = [gives(*pair) for pair in pairs_of(written, result)]
        if None not in verdicts:
            assert (sign == "=") == all(verdicts), f"{written} {sign} {result}"
        counted[sign] += 1
    return counted


def every_sum(calculation, decimals):
    places = [(stage, *place) for stage in DERIVED for place in np.ndindex(stage_shape(calculation, stage))]
    written = [formulas([derive(calculation, *place)], calculation, decimals=decimals) for place in places]
    names = row_names(calculation.labels)
    for scores, weights in zip(calculation.attention.scaled_scores, calculation.attention.weights, strict=True):
        row = softmax_steps(scores)
        seen = np.flatnonzero(np.isfinite(scores))
        if not seen.size:
            continue  # a word that may look nowhere has no sums of shares
        steps = [row.exponential(at) for at in seen] + [row.share(at) for at in seen]
        steps += [row.sum(), entropy_sum(weights), slope(weights, 0, 0), slope(weights, 0, len(weights) - 1)]
        written.append(sums([(step, names) for step in steps if step.terms], decimals=decimals))
    names = vector_names(calculation.labels)
    for one, other in np.ndindex(len(calculation.x), len(calculation.x)):
        steps = [dot_product(calculation.x, one, other), length(calculation.x, one)]
        steps += [*distance(calculation.x, one, other), cosine(calculation.x, one, other)]
        steps.append(angle(calculation.x, one, other))
        written.append(sums([(step, names) for step in steps if step], decimals=decimals))
    return written


def test_of_all_sums_of_all_examples_none_says_equal_where_it_is_not():
    counted = Counter()
    for example in EXAMPLES.values():
        calculation = attend(example.build())
        for latex in every_sum(calculation, calculation.experiment.decimals):
            counted += signs(latex)
    assert counted.total() >= 1000 and min(counted["="], counted[r"\approx"]) > 100, counted


@pytest.mark.parametrize("example", EXAMPLES)
def test_nor_does_any_article(example):
    calculation = attend(EXAMPLES[example].build())
    told = article(calculation, word=0)
    blocks = [block for block in re.findall(r"\$\$\n(.*?)\n\$\$", told.markdown, re.DOTALL) if " &= " in block]
    counted = sum((signs(block) for block in blocks), Counter())
    assert counted.total() > 5
    assert ("≈</mo>" in web_page(told)) == any(r"\approx" in block for block in blocks)


@SETTINGS
@given(experiments(), st.integers(0, MAX_DECIMALS))
def test_nor_does_the_sum_behind_any_number_of_any_experiment(experiment, decimals):
    for latex in every_sum(attend(replace(experiment, decimals=decimals)), decimals):
        signs(latex)


def test_an_angle_of_a_rounded_cosine_says_that_it_is_near():
    table = np.array([[1.0, 0.0], [np.cos(np.radians(15.07)), np.sin(np.radians(15.07))]])
    written = sums([(angle(table, 0, 1), vector_names(("a", "b")))], decimals=2)
    assert r"\arccos 0.97 \approx \mathbf{15.07}^\circ" in written


def test_a_divisor_that_is_written_as_zero_is_no_error():
    steep = softmax_steps([-8.0, -8.0])
    assert r"\approx \mathbf{0.50}" in sums([(steep.share(0), row_names(("a", "b")))], decimals=2)


@pytest.mark.parametrize(
    ("score", "lowered", "called"),
    [
        ("score", False, r"e^{\text{score}(\text{a})} &= e^{2.00}"),
        ("scaled score", False, r"e^{\text{scaled score}(\text{a})} &= e^{2.00}"),
        ("score", True, r"e^{\text{score}(\text{a}) - \max} &= e^{2.00 - 30.00}"),
    ],
)
def test_an_exponential_is_called_by_what_stands_in_its_power(score, lowered, called):
    row = softmax_steps([2.0, 30.0 if lowered else 3.0])
    assert bool(row.subtracted) == lowered
    names = row_names(("a", "b"), score=score, lowered=lowered)
    assert called in sums([(row.exponential(0), names)], decimals=2)


def test_the_article_calls_what_the_softmax_takes_as_it_is():
    for scaled, called in ((True, r"e^{\text{scaled score}("), (False, r"e^{\text{score}(")):
        assert called in article(attend(replace(OPENING.build(), scaled=scaled)), word=0).markdown
