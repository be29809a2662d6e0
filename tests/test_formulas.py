"""The sum behind a number, written with the person's own numbers and words."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from support.experiments import experiments, two_columns
from support.hostile_text import braces_left_open

from attention_core import DERIVED, OPENING, VARIANTS, attend, derive, trace
from attention_core.derivation import stage_shape
from presentation.formulas import formulas
from presentation.palette import EMBEDDING, KEY, QUERY, VALUE

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)

BANK, RIVER = 5, 4


def formula(calculation, stage, row, column, decimals=2):
    """One sum, without what stands around all of them and without line breaks."""
    whole = formulas([derive(calculation, stage, row, column)], calculation, decimals=decimals)
    inside = re.fullmatch(r".*?\\begin\{aligned\}(.*)\\end\{aligned\}", whole)[1]
    return inside.replace(r" \\ &\quad", "")


def coloured(colour, number):
    return f"\\textcolor{{{colour}}}{{{number}}}"


def uncoloured(latex):
    return re.sub(r"\\textcolor\{#[0-9a-f]{6}\}\{(.*?)\}(?!\})", r"\1", latex)


# --- the opening picture ---------------------------------------------------------------------------------------------


def test_the_score_of_bank_and_river_multiplies_their_query_and_key():
    terms = [("0.00", "0.00"), ("0.00", "0.00"), ("1.20", "4.00"), ("1.20", "0.00")]
    products = " + ".join(f"{coloured(QUERY, q)} \\cdot {coloured(KEY, k)}" for q, k in terms)
    assert formula(attend(OPENING.build()), "scores", BANK, RIVER) == (
        rf"\text{{score}}(\text{{bank}} \to \text{{river}}) &= {products} = \mathbf{{4.80}}"
    )


def test_its_query_multiplies_the_embedding_and_a_column_of_the_weights():
    terms = [("0.00", "0.00"), ("0.00", "0.00"), ("0.30", "4.00"), ("0.30", "0.00")]
    products = " + ".join(f"{coloured(EMBEDDING, x)} \\cdot {coloured(QUERY, w)}" for x, w in terms)
    name = rf"\textcolor{{{QUERY}}}{{q_{{3}}}}(\text{{bank}})"
    assert formula(attend(OPENING.build()), "q", BANK, 2) == rf"{name} &= {products} = \mathbf{{1.20}}"


def test_its_scaled_score_is_divided_by_the_root_of_four():
    assert formula(attend(OPENING.build()), "scaled_scores", BANK, RIVER) == (
        r"\text{scaled score}(\text{bank} \to \text{river}) &= 4.80 \div \sqrt{4} = 4.80 \div 2.00 = \mathbf{2.40}"
    )


def test_its_weight_is_a_share_of_six_exponentials():
    assert formula(attend(OPENING.build()), "weights", BANK, RIVER) == (
        r"\text{weight}(\text{bank} \to \text{river}) &= "
        r"\frac{e^{2.40}}{e^{0.00} + e^{0.00} + e^{0.00} + e^{0.00} + e^{2.40} + e^{1.44}} = "
        r"\frac{11.02}{19.24} = \mathbf{0.57}"
    )


def test_its_context_mixes_the_values_by_the_weights_under_the_embeddings_names():
    mixed = [("0.05", "0.00")] * 4 + [("0.57", "1.00"), ("0.22", "0.30")]
    products = " + ".join(f"{weight} \\cdot {coloured(VALUE, v)}" for weight, v in mixed)
    assert formula(attend(OPENING.build()), "context", BANK, 2) == (
        rf"\text{{context}}_{{\text{{water}}}}(\text{{bank}}) &= {products} = \mathbf{{0.64}}"
    )


def test_the_decimals_are_the_persons_choice():
    calculation = attend(OPENING.build())
    assert formula(calculation, "weights", BANK, RIVER, 4).endswith(r"= \frac{11.0232}{19.2439} = \mathbf{0.5728}")
    assert r"e^{2}" in formula(calculation, "weights", BANK, RIVER, 0)


def test_several_sums_stand_below_each_other_aligned_at_their_equals_signs():
    calculation = attend(OPENING.build())
    steps = trace(calculation, "weights", BANK, RIVER)
    whole = formulas(steps, calculation, decimals=2)
    assert whole.count(r"\begin{aligned}") == whole.count(r"\end{aligned}") == 1
    assert whole.count(r"\\[3pt]") == len(steps) - 1
    assert whole.count("&=") == len(steps)


# --- special cases ---------------------------------------------------------------------------------------------------


def test_negative_numbers_stand_in_brackets():
    calculation = attend(two_columns(rows={"a": (-1.5, 2), "b": (3, -0.001)}, variant="similarity", scaled=False))
    assert uncoloured(formula(calculation, "scores", 0, 1)).endswith(
        r"&= (-1.50) \cdot 3.00 + 2.00 \cdot 0.00 = \mathbf{-4.50}"
    )
    assert r"e^{(-4.50)}" in formula(calculation, "weights", 0, 1)


def test_without_scaling_it_says_that_the_score_stays():
    assert formula(attend(two_columns(scaled=False)), "scaled_scores", 0, 0) == (
        r"\text{scaled score}(\text{a} \to \text{a}) &= \mathbf{1.00} \quad\text{(scaling is off: the score stays)}"
    )


@pytest.mark.parametrize(("stage", "number"), [("scaled_scores", r"-\infty"), ("weights", "0")])
def test_what_is_forbidden_says_so(stage, number):
    ending = rf"&= {number} \quad\text{{(it may not look there)}}"
    assert formula(attend(two_columns(masks=("causal",))), stage, 0, 1).endswith(ending)


def test_a_long_sum_shows_its_first_and_last_terms_and_how_many_are_between():
    # 12 words make 12 terms; what stands there and what is said to be left out are all of them.
    calculation = attend(two_columns(" ".join(f"w{n}" for n in range(12)), variant="similarity"))
    for stage in ("context", "weights"):
        latex = formula(calculation, stage, 0, 0)
        below = (
            re.search(r"\}\{(e\^.*?)\} (?:=|\\approx) \\frac", latex)[1]
            if stage == "weights"
            else re.split(r" (?:=|\\approx) ", latex.split("&= ")[1])[0]
        )
        terms = below.split(" + ")
        left_out = int(re.search(r"\\dots\\,\((\d+)\\ \\text\{more\}\)", below)[1])
        assert len(terms) - 1 + left_out == 12
        assert len(terms) <= 9
        assert "dots" in terms[-2]


def test_a_short_sum_is_written_in_full():
    assert "dots" not in formula(attend(OPENING.build()), "weights", 0, 0)


def test_large_scores_are_shown_less_the_greatest_so_that_their_exponentials_stay_readable():
    calculation = attend(two_columns(w_q=100 * np.eye(2), rows={"a": (1, 0), "b": (0.99, 0)}, scaled=False))
    assert formula(calculation, "weights", 0, 1) == (
        r"\text{weight}(\text{a} \to \text{b}) &= "
        r"\frac{e^{99.00 - 100.00}}{e^{100.00 - 100.00} + e^{99.00 - 100.00}} = \frac{0.37}{1.37} = \mathbf{0.27}"
    )


def test_scores_beyond_ten_million_are_written_with_powers_of_ten():
    calculation = attend(two_columns(w_q=1e6 * np.eye(2), rows={"a": (30, 0), "b": (-20, 0)}, scaled=False))
    assert formula(calculation, "scores", 0, 0).endswith(r"\mathbf{9.00 \cdot 10^{8}}")
    assert formula(calculation, "scores", 0, 1).endswith(r"\mathbf{-6.00 \cdot 10^{8}}")


def test_positions_of_a_repeated_word_are_told_apart():
    calculation = attend(two_columns("the cat the"))
    assert r"(\text{the·1} \to \text{the·3})" in formula(calculation, "scores", 0, 2)


def test_a_words_underscores_are_escaped():
    calculation = attend(two_columns("__index__ a_b"))
    latex = formula(calculation, "scores", 0, 1)
    assert r"\text{\_\_index\_\_} \to \text{a\_b}" in latex
    assert "__" not in latex


def test_a_dimension_called_with_an_underscore_is_escaped_too():
    calculation = attend(two_columns(dimensions=("is_alive", "d2")))
    assert r"\text{context}_{\text{is\_alive}}" in formula(calculation, "context", 0, 0)


@SETTINGS
@given(experiments())
def test_every_formula_of_any_experiment_is_well_formed(experiment):
    calculation = attend(experiment)
    for stage in DERIVED:
        rows, columns = stage_shape(calculation, stage)
        for row in range(rows):
            latex = formulas(trace(calculation, stage, row, columns - 1), calculation, decimals=3)
            assert braces_left_open(latex) == 0
            assert not re.search("nan|None|inf(?!ty)|−|∞", latex)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_result_is_the_number_of_its_table_rounded(variant):
    calculation = attend(two_columns("a b a", rows={"a": (0.3, 1.7), "b": (-2.1, 0.4)}, variant=variant))
    for row, column in np.ndindex(calculation.context.shape):
        result = re.search(r"\\mathbf\{(.*?)\}$", formula(calculation, "context", row, column, 6))[1]
        assert float(result) == pytest.approx(calculation.context[row, column], abs=5e-7)
