"""Texts judged as the page judges them, with nothing told: the examples come from code that shares none of ours.

Each row of what the benchmark measures has a handful of fixed examples here.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import numpy as np
from check_accuracy import judged, verdict
from support.pasted import VERDICTS
from support.printed import given
from worked_examples.examples import HABITS, listed, right, unlisted
from worked_examples.slips import LISTED, UNLISTED

from checking.claims import claims_of
from checking.finding_out import find
from checking.judge import DEPENDS, GIVEN, RIGHT, ROUNDING, WRONG
from checking.placing import placed
from checking.published import published
from checking.reading import read
from checking.story import headline, how

FINE = ("right", "rounded", "depends")
SEEDS = (3, 4)


def random(*seed):
    return np.random.default_rng(seed)


def found(text):
    return find(claims_of(placed(read(text))))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("habit", [habit for habit in HABITS if habit != "percent"])
def test_right_numbers_are_right_in_whatever_habit_they_are_printed(habit, seed):
    example = right(random(seed, list(HABITS).index(habit)), habit)
    told = judged(example, told=False)
    assert told.verdict in FINE, example.text
    assert not told.impossible and not told.slips


@pytest.mark.parametrize("slip", LISTED)
def test_a_usual_slip_is_named(slip):
    example = listed(random(6, list(LISTED).index(slip)), slip)
    assert verdict(example, judged(example, told=False)) == "named", example.text


@pytest.mark.parametrize("slip", UNLISTED)
def test_a_slip_that_is_on_no_list_gets_no_name(slip):
    example = unlisted(random(5, list(UNLISTED).index(slip)), slip)
    assert verdict(example, judged(example, told=False)) != "other name", example.text


# --- what experts would say of published numbers ----------------------------------------------------------------------


@pytest.mark.parametrize("id", published())
def test_a_published_example_gets_the_verdict_that_an_expert_would_sign(id):
    findings = found(published()[id].text)
    assert findings.verdict == VERDICTS.get(id, "right")
    assert not findings.slips


def test_a_row_may_be_right_in_its_softmax_and_impossible_from_its_embeddings():
    findings = found(published()["seed000-row-the"].text)
    assert [verdict.count(RIGHT) for verdict in findings.judgement.stages.values()] == [0, 0, 4, 4]
    assert [each.stage for each in findings.impossible] == ["scores"]
    assert "All 8 numbers that could be checked are right." in headline(findings)


def test_what_rests_on_a_d_k_that_no_table_tells_is_right_only_if_it_was_that():
    findings = found(published()["alammar-thinking-machines"].text)
    assert findings.judgement.stages["scaled_scores"].count(DEPENDS) == 2
    assert "right if d_k = 64 (the scores were divided by √64 = 8.00)" in headline(findings)


def test_embeddings_under_a_title_that_names_no_stage_are_found_by_what_follows_from_them():
    # X · X^T, then a right softmax of the scores divided by √4.
    x = [[1.0, 0.0, 1.0, 0.5], [0.0, 2.0, 0.5, 0.5], [1.0, 1.0, 0.0, 2.0]]
    scores = np.array(x) @ np.array(x).T
    powers = np.exp(scores / 2)
    weights = powers / powers.sum(axis=1, keepdims=True)
    text = "Self-attention example\n\n" + "\n\n".join(
        "\n".join(" ".join(f"{number:.{places}f}" for number in row) for row in table)
        for table, places in ((x, 1), (scores, 2), (weights, 4))
    )
    findings = found(text)
    assert findings.verdict in FINE and findings.judgement.wrong == 0
    assert [stage for _, stage in findings.meaning.solved] == ["embeddings", "scores", "weights"]
    assert "Table 1 is taken for embeddings" in how(findings)


def test_a_row_without_a_word_is_found_by_its_numbers():
    findings = found("Q\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n11 25\n")
    assert findings.verdict == "right" and findings.meaning.row == 1
    assert "The row without a word fits as that of word 2." in how(findings)


def test_a_table_that_nothing_could_be_compared_with_is_told_and_not_counted_as_fine():
    tables = [given("weights", "0.5 0.5", "0.5 0.5"), given("v", "1 2", "3 4"), given("context", "2 3 4", "2 3 4")]
    findings = find(claims_of(tables))
    assert findings.verdict != "right" and findings.judgement.stages["context"].count(GIVEN) == 6
    assert findings.not_compared == ("context",) and "could not be checked" in headline(findings)


def test_keys_used_as_values_are_wrong_where_values_are_printed():
    tables = [given("k", "1 2", "3 5"), given("v", "0 1", "7 3"), given("weights", "0.25 0.75", "0.50 0.50")]
    context = given("context", "2.50 4.25", "2.00 3.50")
    findings = find(claims_of([*tables, context]))
    assert [slip.id for slip in findings.slips] == ["keys-used-as-values"]
    assert findings.judgement.stages["context"].count(WRONG) == 4


def test_keys_used_as_values_of_another_size_are_named_too():
    tables = [given("k", "1 2", "3 5"), given("v", "0", "7"), given("weights", "0.25 0.75", "0.50 0.50")]
    findings = find(claims_of([*tables, given("context", "2.50 4.25", "2.00 3.50")]))
    assert [slip.id for slip in findings.slips] == ["keys-used-as-values"]
    assert findings.verdict == "wrong"


def test_a_misprinted_embedding_is_named_and_not_all_that_follows():
    x = np.array([[1.2, 0.4], [0.3, 2.1], [0.8, 0.5]])
    w = np.array([[0.5, 1.5, -0.2], [1.1, -0.3, 0.7]])
    q = x @ w
    printed = x.copy()
    printed[1, 0] = 3.3
    rows = [[" ".join(f"{number:.2f}" for number in row) for row in table] for table in (printed, w, q)]
    findings = find(
        claims_of([given(stage, *lines) for stage, lines in zip(("embeddings", "w_q", "q"), rows, strict=True)])
    )
    assert findings.judgement.first_wrong == ("embeddings", 1, 0) and findings.judgement.wrong == 1
    assert findings.judgement.stages["q"].count(RIGHT, ROUNDING) == 9
    assert headline(findings) == (
        "One number looks like a misprint: the embedding of word 2, number 1 is printed 3.30 and would have to be "
        "0.30. Everything else fits."
    )


@pytest.mark.parametrize("text", ["9.357622968839299e-14 1", "1e-300 1e-200", "0 0"])
def test_numbers_next_to_nothing_are_told_without_trouble(text):
    findings = found(f"Scores\n{text}\n1 2\n\nWeights\n0.27 0.73\n0.27 0.73\n")
    assert headline(findings) and how(findings)


def test_large_tables_without_a_heading_have_few_meanings():
    # What is tried is counted, not timed.
    block = "\n".join(" ".join("2" for _ in range(40)) for _ in range(40))
    assert found("\n\n".join(["Numbers", *[block] * 6])).weighed < 400


def test_a_row_among_many_words_is_judged_with_little_work():
    numbers = np.random.default_rng(1).normal(size=(300, 3))
    rows = "\n".join(" ".join(f"{number:.2f}" for number in row) for row in numbers)
    row = " ".join(f"{number:.2f}" for number in numbers.ravel()[:300])
    findings = found(f"Embeddings\n{rows}\n\nScores\n{row}\n")
    assert findings.weighed < 120
