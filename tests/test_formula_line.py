"""The formula of attention in one line: what it says of an experiment, and what is lit at which step."""

import re
from dataclasses import replace

import pytest
from support.experiments import two_columns

from attention_core import VARIANTS, attend
from presentation.formula_line import formula_line, letters
from presentation.palette import GREY

INSIDE = r"((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)"  # braces in braces, as deep as the line has them
LIT = re.compile(r"\\textcolor\{#\w+\}\{\\underline\{\\(?:boldsymbol|textbf)\{" + INSIDE + r"\}\}\}")
COLOURED = re.compile(r"\\textcolor\{#\w+\}\{" + INSIDE + r"\}")


def bare(latex):
    """Without colours and lines."""
    latex = LIT.sub(lambda found: found[1] if found[1] != "softmax" else r"\text{softmax}", latex)
    for _ in range(latex.count(r"\textcolor")):
        latex = COLOURED.sub(r"\1", latex)
    assert r"\textcolor" not in latex
    return latex.replace(" ", "")


def line(step, **switches):
    return formula_line(attend(two_columns(**switches)), step)


FORMULAS = {
    ("qkv", True): r"X\toC=\text{softmax}\Bigl(\frac{QK^\top}{\sqrt{d_k}}\Bigr)\,V",
    ("qkv", False): r"X\toC=\text{softmax}\Bigl(QK^\top\Bigr)\,V",
    ("queries_and_keys", True): r"X\toC=\text{softmax}\Bigl(\frac{QK^\top}{\sqrt{d_k}}\Bigr)\,K",
    ("similarity", True): r"X\toC=\text{softmax}\Bigl(\frac{XX^\top}{\sqrt{d_{\text{model}}}}\Bigr)\,X",
    ("embeddings_only", False): r"X\toC=\text{softmax}\Bigl(XX^\top+M\Bigr)\,X+X",
}


@pytest.mark.parametrize("step", range(1, 8))
@pytest.mark.parametrize(("variant", "scaled"), FORMULAS)
def test_the_line_is_the_formula_of_the_experiment_at_every_step(variant, scaled, step):
    assert bare(line(step, variant=variant, scaled=scaled)) == FORMULAS[variant, scaled]


def test_a_mask_is_a_part_of_the_line_and_of_what_its_letters_mean():
    masked = two_columns(masks=("causal",))
    assert "+M" in bare(formula_line(attend(masked), 3)) and "M: −∞ where" in letters(attend(masked))
    assert "+M" not in bare(line(3)) and "M:" not in letters(attend(two_columns()))


def test_a_divisor_of_ones_own_stands_in_the_line():
    assert bare(line(4, divisor=0.5)) == r"X\toC=\text{softmax}\Bigl(\frac{QK^\top}{0.5}\Bigr)\,V"


def test_each_step_lights_what_it_works_out():
    lit = [LIT.findall(line(step)) for step in range(1, 8)]
    assert lit == [
        ["X"],
        ["Q", r"K^\top", "V"],
        [r"Q K^\top"],
        [r"\sqrt{d_k}"],
        ["softmax"],
        ["V"],
        ["C"],
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_from_step_to_step_less_of_the_line_is_grey_and_at_the_end_nothing(variant):
    grey = [line(step, variant=variant).count(GREY) for step in range(1, 8)]
    assert grey == sorted(grey, reverse=True) and grey[0] > 3 and grey[-1] == 0


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda each: each.id)
def test_the_letters_are_those_that_stand_in_the_line(variant):
    calculation = attend(replace(two_columns(), variant=variant.id))
    named = set(re.findall(r"\b([A-Z]): ", letters(calculation)))
    written = re.sub(r"\\[a-zA-Z]+", "", formula_line(calculation, 7))
    assert named == set(re.findall("[A-Z]", written))
