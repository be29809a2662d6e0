"""What is typed or pasted into Check my numbers: read, told what does not fit, and stopped where it is too much."""

import re

import numpy as np
import pytest
from support.check_screen import (
    LEAVE_OUT,
    as_understood,
    assert_is_one_sentence_and_nothing_else,
    captions,
    choose,
    corrected,
    corrections,
    experiment_after_opening,
    headings,
    judged,
    left_out,
    loaded,
    marks,
    opened,
    read_tables,
    results,
    sentences,
    typed,
    verdict_elements,
    verdict_tables,
)
from support.screen import run, widget

from attention_core import OPENING, attend
from checking.published import published
from checking.reading import MAX_TEXT, STAGES
from exports.article import article
from presentation.text import plain
from ui.state import keys

pytestmark = pytest.mark.usefixtures("handed_over")


# --- typing ----------------------------------------------------------------------------------------------------------


CHANGES = {  # stage -> a number of write a poem as printed, as mistyped, and its row and column
    "q": ("-0.0428", "-0.0438", 0, 1),
    "k": ("0.3685", "0.3675", 1, 1),
    "v": ("3.8695", "3.8795", 2, 0),
    "scores": ("-0.6523", "-0.6623", 0, 2),
    "scaled_scores": ("0.2883", "0.2983", 1, 1),
    "weights": ("0.6047", "0.6147", 1, 1),
    "context": ("0.7057", "0.8057", 1, 1),
}


@pytest.mark.parametrize("stage", CHANGES)
def test_one_changed_digit_is_one_wrong_number_with_the_true_one_and_its_sum(stage):
    right, wrong, row, column = CHANGES[stage]
    text = published()["statquest"].text
    assert text.count(right) == 1
    page = typed(text.replace(right, wrong), loaded("statquest"))
    assert marks(page) == {"✓": 50, "≈": 0, "↳": 0, "✗": 1}
    cell = verdict_tables(page)[stage].iloc[row, column]
    assert cell == f"{wrong.replace('-', '−')} ✗"
    assert page.error[0].value.startswith("One number looks like a misprint: the ")
    assert not page.success
    (told,) = sentences(page)
    told = told.replace("−", "-")
    true = float(re.search(r"but it is (-?[\d.]+\d)", told)[1])
    assert f"is printed {wrong}, but it is" in told and f"{true:.4f}" == right
    assert results(page) == [float(right)]
    others = [name for name in headings(page) if name != STAGES[stage]]
    assert all("all" in headings(page)[name].lower() for name in others)


def test_the_marks_have_a_ground_of_their_own():
    page = typed(published()["statquest"].text.replace("0.6047", "0.6147"))
    styles = {stage: each.proto.arrow_data.styler.styles for stage, each in verdict_elements(page).items()}
    assert len(re.findall("background-color", styles["scores"])) == 1, "all alike"
    (rules,) = {tuple(re.findall(r"([^{}]*)\{ background-color: ([^}]*)\}", styles["weights"]))}
    assert len(rules) == 2 and len({colour for _, colour in rules}) == 2
    (wrong,) = (places for places, _ in rules if "," not in places)
    assert wrong.strip().endswith("_row1_col1")


def test_what_follows_from_a_wrong_number_is_marked_as_that():
    text = published()["christos-she-likes-coffee"].text
    judgement = judged(text)
    x, w = (judgement.chain[name].numbers for name in ("embeddings", "w_q"))
    q = x @ w
    q[0] += 1.0
    scores = q @ (x @ w).T
    tables = [("Embeddings", x), ("W_Q", w), ("W_K", w), ("Q", q), ("Scores", scores)]
    page = typed("\n".join(block(name, table) for name, table in tables))
    assert marks(page) == {"✓": 14, "≈": 0, "↳": 3, "✗": 4}
    assert [cell[-1] for cell in verdict_tables(page)["scores"].iloc[0]] == ["↳"] * 3
    assert "3 numbers follow from wrong ones before" in headings(page)["Scores"].lower()


def block(name, table):
    return "\n".join([name, *("\t".join(f"{number:.4f}" for number in row) for row in table), ""])


def test_typing_takes_the_examples_name_away_and_it_can_be_loaded_again():
    text = published()["bad-click4ai"].text
    page = loaded("bad-click4ai")
    typed(text.replace("6.5", "10.5"), page)
    assert widget(page, keys.PUBLISHED).value is None
    assert plain(published()["bad-click4ai"].source) not in captions(page)
    assert widget(page, keys.NUMBERS).value == text.replace("6.5", "10.5")
    loaded("bad-click4ai", page)
    assert widget(page, keys.NUMBERS).value == text
    assert widget(page, keys.PUBLISHED).value == "bad-click4ai"
    loaded("statquest", page)
    assert widget(page, keys.NUMBERS).value == published()["statquest"].text


def test_the_size_of_an_examples_keys_is_known_as_long_as_it_is_unchanged():
    text = published()["alammar-thinking-machines"].text
    page = loaded("alammar-thinking-machines")
    assert len(page.success) == 1 and not marks(page)["✗"]
    typed(text + " ", page)
    assert not page.error and not page.success and marks(page, "?")["?"] == 2, "the numbers printed do not tell d_k"
    assert "right if d_k = 64 (the scores were divided by √64 = 8.00)" in page.warning[0].value


def test_any_number_can_be_asked_for():
    page = loaded("statquest")
    shown = verdict_tables(page)
    true = attend(experiment_after_opening(loaded("statquest")))
    parts = {
        "q": true.q,
        "k": true.k,
        "v": true.v,
        "scores": true.attention.scores,
        "scaled_scores": true.attention.scaled_scores,
        "weights": true.attention.weights,
        "context": true.context,
    }
    assert list(shown) == list(parts)
    for stage in parts:
        choose(page, stage, 2, shown[stage].columns[1])
    assert results(page) == [pytest.approx(numbers[2, 1], abs=5.1e-5) for numbers in parts.values()]
    assert len(sentences(page)) == 7 and all("and that is right" in each for each in sentences(page))
    assert ("(poem, a)" in sentences(page)[3]) and "poem, number 2" in sentences(page)[0]


def test_the_number_that_is_asked_for_comes_before_the_first_wrong_one():
    page = loaded("bad-amanailab-2x2")
    choose(page, "context", 1, "c2")
    (told,) = sentences(page)
    assert told.startswith("The context vector of word 2, number 2 is printed 3.33918")


def test_a_chosen_number_that_is_no_longer_there_gives_way():
    page = loaded("statquest")
    choose(page, "scores", 2, "poem")
    assert len(sentences(page)) == 1
    page.session_state[verdict_elements(page)["scores"].key] = {
        "selection": {"rows": [], "columns": [], "cells": [(99, "nobody")]}
    }
    run(page)
    assert not sentences(page) and len(page.success) == 1


# --- what cannot be read or does not fit -----------------------------------------------------------------------------


UNREADABLE = {  # text -> what the sentence says of it
    "no numbers": ("We walked to the river bank", "No table of numbers was found from line 1 to line 1"),
    "not closed": ("Scores = [[1, 2],\n[3, 4]", "line 1 at “\\[\\[1, 2\\],”: its bracket is not closed"),
    "ragged": ("Scores\n1 2 3\n4 5\n", "line 3 has 2 numbers, but the others of its table have 3"),
    "ragged in brackets": ("Scores: [[1,2,3],[4,5]]", "line 1 has 2 numbers, but the others of its table have 3"),
    "nan": ("Scores\n1 nan\n2 3", "line 2 at “nan”: it is not a number"),
    "1e400": ("Scores\n1e400 3\n2 3", "line 2 at “1e400”: the number is too large"),
    "200,000 letters": ("a" * MAX_TEXT, "No table of numbers was found"),
    "100,000 numbers in a row": ("1 " * (MAX_TEXT // 2), "up to 60,000 numbers can be read"),
    "hostile": ("Scores = [[1, 2], [3, <b>**x**</b> $y$]]", "line 1 at “<b>"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_one_sentence_and_the_text_stays(kind):
    text, said = UNREADABLE[kind]
    page = loaded("statquest")
    typed(text, page)
    assert re.search(said, assert_is_one_sentence_and_nothing_else(page))
    assert widget(page, keys.NUMBERS).value == text and not corrections(page)
    typed("Scores: [1, 2]", page)
    assert not page.error


UNFIT = {
    "W_Q with too many rows": (
        "Embeddings\n1 2\n3 4\n\nW_Q\n1 0\n0 1\n1 1\n",
        "W_Q has 3 rows, but an embedding has 2 numbers; they must be equally many.",
    ),
    "scores with too few columns": (
        "Embeddings\n1 2\n3 4\n5 6\n\nScores\n1 2\n3 4\n",
        "Scores has 2 columns, but there are 3 words; it needs a column for each.",
    ),
    "queries and keys": ("Q\n1 2\n3 4\n\nK\n1 2 3\n4 5 6\n", "Queries has 2 columns but Keys has 3"),
    "a mask where there is none": ("Weights\n1 -inf\n0.5 0.5\n", "only scores can be masked by it."),
    "513 words": ("Embeddings\n" + "1 2\n" * 513, "The tables have 513 words; up to 512 can be checked."),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_tables_that_do_not_fit_are_one_sentence_and_can_be_corrected(kind):
    text, said = UNFIT[kind]
    page = typed(text)
    assert said in assert_is_one_sentence_and_nothing_else(page)
    assert widget(page, keys.NUMBERS).value == text
    assert corrections(page) == as_understood(text), "each table is still there"
    corrected(page, len(corrections(page)) - 1, "stage", LEAVE_OUT)
    assert not page.error


def test_a_text_longer_than_the_field_holds_is_cut_by_the_field():
    assert widget(opened(), keys.NUMBERS).proto.max_chars == MAX_TEXT


# --- much ------------------------------------------------------------------------------------------------------------


def test_sixty_four_words_with_every_table_and_one_wrong_number():
    generator = np.random.default_rng(0)
    x, w_q, w_k, w_v = (np.round(generator.normal(size=shape), 4) for shape in ((64, 4), (4, 4), (4, 4), (4, 4)))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T
    powers = np.exp(scores / 2)
    weights = powers / powers.sum(axis=1, keepdims=True)
    printed = weights.copy()
    printed[10, 20] += 0.1
    tables = {
        **{"Embeddings": x, "W_Q": w_q, "W_K": w_k, "W_V": w_v, "Queries": q, "Keys": k, "Values": v},
        **{"Scores": scores, "Scaled scores": scores / 2, "Weights": printed, "Context": weights @ v},
    }
    page = typed("\n".join(block(name, table) for name, table in tables.items()))
    found = marks(page)
    assert (found["✗"], found["↳"]) == (1, 0) and found["✓"] + found["≈"] + 1 == 3 * 256 + 3 * 4096 + 256
    assert verdict_tables(page)["weights"].iloc[10, 20].endswith("✗")
    assert "One number looks like a misprint: the weight (word 11, word 21) is printed" in page.error[0].value
    assert results(page) == [pytest.approx(weights[10, 20], abs=5.1e-5)]
    assert ["sum to 1.1" in each.value for each in page.warning] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Embeddings\n" + "\n".join(["1 1"] * 200) + "\n\nScores\n" + "\n".join([" ".join(["2"] * 200)] * 200),
        "Embeddings\n" + "1 2\n" * 512,
        "Scores: [1]",
        "nan nan\n1 2",
        "Q\n1e59 1e59\n2 3\nK\n1e59 2\n3 4\nScores\n1e59 2\n3 4",
        "Scores\n1000 -1000\n-1000 1000\n\nWeights\n1 0\n0 1",
        "Scores\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 1 | |\n",
        "Scores\n-inf -inf\n-inf 1\n\nWeights\n0 0\n0 1",
        "1.5e3\t2\n3\t4\n",
    ],
    ids=lambda text: text[:20],
)
def test_whatever_can_be_read_has_a_result(text):
    page = typed(text)
    assert len(page.error) + len(page.success) + len(page.warning) + len(page.info) >= 1
    assert len(page.error) + len(page.success) + len(page.info) <= 1
    assert not page.error or "wrong" in page.error[0].value or "cannot be" in page.error[0].value


def test_the_article_of_the_app_has_only_right_numbers():
    calculation = attend(OPENING.build())
    page = typed(article(calculation, word=5).markdown)
    n, d = len(calculation.words), 4
    count = 3 * n * d + 3 * n * n + n * d
    assert [each.value for each in page.success] == [f"All {count} numbers that could be checked are right."]
    assert not page.error and not page.warning
    assert marks(page) == {"✓": count, "≈": 0, "↳": 0, "✗": 0}


def test_numbers_that_stand_in_no_table_are_listed_with_their_line_and_why():
    page = typed("In 2017 it began with 8 heads.\n\nQ\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n5 11\n11 25\n")
    (told,) = (each.label for each in page.expander if "not checked" in each.label)
    assert told == "2 numbers are in no table and not checked"
    left = left_out(page)
    assert left.to_numpy().tolist() == [
        ["2017, 8", "In 2017 it began with 8 heads.", "among words, in no row or table"]
    ]
    assert left.index.tolist() == ["line 1"]


def test_where_every_number_stands_in_a_table_nothing_is_listed():
    page = typed("Q\n1 2\n3 4\n\nK\n1 2\n3 4\n")
    assert left_out(page) is None and not [each for each in page.expander if "not checked" in each.label]


def test_rows_of_the_same_name_stand_beside_each_other():
    page = typed("Q\nthe: 1 2\nthe: 3 4\nthe·1: 1 1\n\nK\nthe: 1 2\nthe: 3 4\nthe·1: 1 1\n")
    assert not page.exception and len(set(read_tables(page)[0].index)) == 3
