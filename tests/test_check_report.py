"""The report of Check my numbers, and the sums behind a wrong number."""

import math

import numpy as np
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.checks import all_of
from support.hostile_text import NASTY, unescaped
from support.printed import BEGINNING, UNSCALED, beginning, given, printed, told, worked_out, written
from support.story_numbers import two

from attention_core.masks import CAUSAL
from attention_core.variants import EMBEDDINGS_ONLY, VARIANTS
from checking.claims import Given, claims_of
from checking.findings import Findings
from checking.judge import judge
from checking.model import Method
from checking.placing import placed
from checking.reading import read
from checking.story import derivation, headline, number_sentence, report

pytestmark = pytest.mark.filterwarnings("error")


SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def whole(judgement):
    findings = all_of(judgement)
    return headline(findings), report(findings)


# --- the sum behind it -----------------------------------------------------------------------------------------------


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(*[st.integers(1, 4)] * 4),
    scaled=st.booleans(),
    causal=st.booleans(),
    variant=st.sampled_from(sorted(VARIANTS)),
)
def test_a_derivation_evaluates_to_the_true_value_of_every_stage(seed, sizes, scaled, causal, variant):
    n, d_model, d_k, d_v = sizes
    tables = worked_out(
        *beginning(seed, n=n, d_model=d_model, d_k=d_k, d_v=d_v), scaled=scaled, causal=causal, variant=variant
    )
    judgement = judge(told(tables), Method(VARIANTS[variant], scaled, (CAUSAL,) * causal))
    for stage, table in tables.items():
        for row, column in np.ndindex(table.shape):
            step = derivation(judgement, stage, row, column)
            if stage in BEGINNING:
                assert step is None
                continue
            assert (step.target.symbol, step.target.row, step.target.column) == (stage, row, column)
            assert step.target.value == judgement.stages[stage].true[row, column]
            assert step.evaluate() == pytest.approx(table[row, column], abs=1e-9)


def test_a_derivation_uses_the_true_numbers_and_not_the_printed_ones():
    judgement = two(given("scores", "0 0", "0 9"), given("weights", "0.50 0.50", "0.25 0.75"))
    step = derivation(judgement, "weights", 1, 1)
    assert step.operator == "softmax"
    assert step.terms[0][0].value == pytest.approx(math.log(3))
    assert step.evaluate() == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("stage", "operator", "terms"),
    [
        ("q", "sum", 2),
        ("scores", "sum", 2),
        ("scaled_scores", "quotient", 2),
        ("exponentials", "exponential", 1),
        ("weights", "softmax", 4),
        ("context", "sum", 3),
    ],
)
def test_each_stage_has_its_operator(stage, operator, terms):
    judgement = judge(told(worked_out(*beginning(1, n=3, d_model=2, d_k=2, d_v=2))), Method())
    step = derivation(judgement, stage, 0, 0)
    assert (step.operator, len(step.terms)) == (operator, terms)


def test_an_unscaled_score_is_unchanged_and_masked_ones_say_so():
    tables = [
        given("scores", "1 5", "0 0"),
        given("scaled_scores", "1 -inf", "0 0"),
        given("weights", "1 0", "0.5 0.5"),
    ]
    judgement = judge(claims_of(tables), Method(scaled=False, masks=(CAUSAL,)))
    operators = [derivation(judgement, stage, 0, 1).operator for stage in ("scaled_scores", "weights")]
    assert operators == ["forbidden score", "forbidden weight"]
    assert derivation(judgement, "scaled_scores", 0, 0).operator == "unchanged"


def test_the_word_itself_is_the_last_term_where_it_is_added():
    tables = worked_out(*beginning(1), variant="embeddings_only")
    judgement = judge(told(tables, only=("embeddings", "context")), Method(EMBEDDINGS_ONLY))
    last = derivation(judgement, "context", 1, 2).terms[-1][0]
    assert (last.symbol, last.row, last.column) == ("x", 1, 2)


def test_there_is_no_derivation_of_what_is_given_or_not_known():
    judgement = two(given("weights", "0.5 0.5", "0.25 0.75"))
    assert derivation(judgement, "q", 0, 0) is None
    assert derivation(judgement, "embeddings", 0, 0) is None
    assert derivation(judgement, "scores", 0, 0) is None  # not claimed


def test_an_exponential_beyond_all_numbers_has_no_derivation():
    judgement = judge(claims_of([given("scores", "1000 0", "0 0"), given("exponentials", "9 1", "1 1")]), UNSCALED)
    assert derivation(judgement, "exponentials", 0, 0) is None
    assert number_sentence(judgement, "exponentials", 0, 0) == (
        "The exponential (word 1, word 1) is printed 9, but it is ∞."
    )


# --- the report ------------------------------------------------------------------------------------------------------


MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True}).enable("table")


def table_of(markdown):
    """The cells of a report's table, as a reader sees them."""
    cells, row = [], None
    tokens = MARKDOWN.parse(markdown)
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
            cells.append(row)
        if token.type in ("th_open", "td_open"):
            row.append("".join(child.content for child in tokens[position + 1].children))
    return cells


def kinds_of(markdown):
    """Everything in a document that is more than plain text."""
    found = set()
    for token in MARKDOWN.parse(markdown):
        found.add(token.type)
        found.update(child.type for child in token.children or ())
    return found


def test_the_report_of_a_wrong_example():
    judgement = two(given("weights", "0.50 0.50", "0.25 0.76"), given("context", "2.0 4.5", "9.0 6.2"))
    assert (
        whole(judgement)[1]
        == """# Check of the printed numbers

Checked as Full Q, K, V, not scaled.

2 numbers of 8 are wrong. The first that is off is the weight (cat, cat). \
1 row cannot come from the printed tables by the usual steps.

- **Queries**: Taken as given: nothing before it says what it should be.
- **Keys**: Taken as given: nothing before it says what it should be.
- **Values**: Taken as given: nothing before it says what it should be.
- **Attention weights**: 1 number of 4 is wrong; the first is the weight (cat, cat).
- **Context vectors**: 1 number of 4 is wrong; the first is the context vector of cat, number 1.
- **Context vectors**, row of cat: A weighted sum lies between the smallest and the largest of what it mixes. \
Number 1 is 9, but the values go from 0 to 4 there. \
Only a further step, such as an output projection, could lead outside.

| number | printed | it is |
| --- | ---: | ---: |
| weight (cat, cat) | 0.76 | 0.7500 |
| context vector of cat, number 1 | 9.0 | 3.000 |
"""
    )


def test_a_report_names_its_source_and_mask():
    judgement = judge(
        claims_of([given("scores", "1 5", "0 0"), given("weights", "1 0", "0.5 0.5")]), Method(masks=(CAUSAL,))
    )
    lines = report(Findings(judgement), source="A *book*, [page](http://x) 3").split("\n")
    assert unescaped(lines[2]).replace("\u2060", "") == "A *book*, [page](http://x) 3"
    assert lines[4] == "Checked as Full Q, K, V, not scaled, with a causal mask."
    assert "link_open" not in kinds_of("\n".join(lines)) and "em_open" not in kinds_of("\n".join(lines))


def test_its_table_has_the_printed_and_the_true_numbers():
    tables = worked_out(*beginning(1))
    tables["weights"] = tables["weights"][:, ::-1]
    judgement = judge(told(tables), Method())
    rows = table_of(whole(judgement)[1])
    assert rows[0] == ["number", "printed", "it is"]
    right = worked_out(*beginning(1))["weights"]
    wanted = [
        [f"weight (word {i + 1}, word {j + 1})", f"{tables['weights'][i, j]:.3f}", f"{right[i, j]:.5f}"]
        for i, j in np.ndindex(right.shape)
        if abs(float(f"{tables['weights'][i, j]:.3f}") - right[i, j]) > 0.0005
    ]
    assert rows[1:] == wanted and len(wanted) > 3


def test_a_long_table_ends_with_how_many_are_left_out():
    judgement = judge(
        claims_of([*(given(name, *["0"] * 7) for name in "qk"), given("weights", *["9 " * 7] * 7)]), Method()
    )
    text = whole(judgement)[1]
    assert len(table_of(text)) == 1 + 40
    assert text.endswith("\n\nand 9 more.\n")


def test_a_report_without_wrong_numbers_has_no_table():
    text = whole(two(given("weights", "0.5 0.5", "0.25 0.75")))[1]
    assert "table_open" not in kinds_of(text)
    assert "All 4 numbers that could be checked are right." in text


OURS = {
    "heading_open",
    "heading_close",
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "text_special",
    "strong_open",
    "strong_close",
    "bullet_list_open",
    "bullet_list_close",
    "list_item_open",
    "list_item_close",
    *(f"{name}_{end}" for name in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}


def assert_only_text(words):
    q = Given("q", written("0", "1"), tuple(words))
    judgement = two(given("weights", "0.9 0.9", "0.9 0.9"), q=q)
    text = report(all_of(judgement), source=words[0])
    assert kinds_of(text) <= OURS
    names = [" ".join(word.split()) for word in words]
    wanted = [f"weight ({names[i]}, {names[j]})" for i in (0, 1) for j in (0, 1)]
    assert [row[0].replace("\u2060", "") for row in table_of(text)[1:]] == wanted
    assert text.count("\n# ") == 0 and text.startswith("# ")


HOSTILE = [
    *NASTY,
    "a\nb",
    "a\n\n# b",
    "a\n| x | y |",
    "=1+1",
    "{=1+1}",
    "nan",
    "-1",
    "@SUM(1)",
    "שלום",
    "👩\u200d👩\u200d👧",
    'say "hi"',
    "it's",
    "x" * 100,
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "[^1]",
    "a<!-- b",
]


@pytest.mark.parametrize("word", HOSTILE)
def test_nothing_of_a_persons_words_is_active_in_the_report(word):
    assert_only_text((word, "cat"))


@SETTINGS
@generated(st.text("ab 1.|*_`#<>[]()!\\&;:/$~^+-={}\"'@\n\té👩", min_size=1, max_size=20))
def test_nothing_of_any_words_is_active_in_the_report(word):
    name = " ".join(word.split())
    if name:
        assert_only_text((name, "cat"))


def test_a_word_over_two_lines_of_latex_stays_in_its_row_of_the_table():
    text = "Queries\n\\begin{bmatrix} the\ncat & 0 \\\\ dog & 1 \\end{bmatrix}\n\nWeights\n0.9 0.9\n0.9 0.9\n"
    text += "\nKeys\n\\begin{bmatrix} 0 \\\\ 1 \\end{bmatrix}\n"
    judgement = judge(claims_of(placed(read(text))), UNSCALED)
    assert table_of(whole(judgement)[1])[1][0] == "weight (the cat, the cat)"


def test_telling_changes_nothing():
    tables = worked_out(*beginning(1))
    claims = claims_of([Given(stage, printed(table, 2)) for stage, table in tables.items()])
    judgement = judge(claims, Method())
    before = {stage: verdict.verdicts.copy() for stage, verdict in judgement.stages.items()}
    whole(judgement)
    for stage, verdicts in before.items():
        np.testing.assert_array_equal(judgement.stages[stage].verdicts, verdicts)
