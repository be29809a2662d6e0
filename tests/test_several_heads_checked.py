"""Texts with several heads, W_O and positions, judged as the page judges them."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from worked_examples.heads import SLIPS, STYLES, made

from attention_core import EXAMPLES, attend
from checking.back import experiment_of_heads
from checking.claims import ClaimError
from checking.pasted import checked, pasted
from checking.reading import read
from checking.story import derivation
from checking.whole import headline_of, how_of, report_of
from exports.article import article
from exports.web_page import web_page

WITH_HEADS = [id for id, example in EXAMPLES.items() if example.build().other_heads]
TWO = EXAMPLES[WITH_HEADS[0]].build()


def text_of(experiment):
    return article(attend(experiment), word=0).markdown


def names(whole):
    return {slip.id.partition(":")[0] for part in whole.parts for slip in part.findings.slips}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("number", (0, 6))
def test_right_numbers_of_several_heads_are_right_however_the_heads_are_named(style, number):
    example = made(2, number, style, "")
    assert checked(example.text).verdict in ("right", "rounded", "depends"), example.text


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("slip", SLIPS)
def test_the_slips_of_several_heads_are_named(style, slip):
    example = made(1, 1, style, slip)
    assert SLIPS[slip] in names(checked(example.text)), example.text


@pytest.mark.parametrize("id", WITH_HEADS)
@pytest.mark.parametrize("form", (lambda told: told.markdown, web_page))
def test_an_article_with_several_heads_is_right_in_every_head_and_in_what_they_make_together(id, form):
    experiment = EXAMPLES[id].build()
    whole = checked(form(article(attend(experiment), word=0)))
    assert whole.verdict in ("right", "rounded")
    assert len(whole.heads) == len(experiment.heads)
    assert whole.together.findings.judgement.checked > 0
    assert f"in {len(whole.heads)} heads and what they make together are right" in headline_of(whole)


def test_a_number_changed_in_one_head_is_wrong_there_and_nowhere_before():
    text = text_of(replace(TWO, decimals=4))
    before, others = text[: (place := text.index("Weights:"))], text[place:]
    line = next(line for line in others.split("\n") if "0." in line)
    cells = line.split("|")
    whole = checked(before + others.replace(line, "|".join([*cells[:2], " 0.4321 ", *cells[3:]]), 1))
    assert [part.findings.verdict == "wrong" for part in whole.heads] == [False, True]
    assert headline_of(whole).startswith(f"**{whole.heads[1].label}**: ")


@pytest.mark.parametrize(("factor", "slip"), [(0.5, "heads-averaged"), (1.0, "heads-added")])
def test_heads_that_were_not_joined_are_told_apart_by_their_sum(factor, slip):
    contexts = np.array([[[1.0, 2.0], [3.0, 5.0]], [[0.5, -1.0], [4.0, 2.0]]])
    whole = checked(f"{of_heads(contexts)}\n\nConcatenation\n{written(factor * contexts.sum(axis=0))}\n")
    assert names(whole) == {slip}


def test_heads_in_another_order_and_a_transposed_output_table_are_named():
    contexts = np.array([[[1.0, 2.0], [3.0, 5.0]], [[0.5, -1.0], [4.0, 2.0]]])
    w_o = np.round(np.sin(np.arange(16.0)).reshape(4, 4), 1)
    joined = np.hstack(contexts)
    of_all = "{}\n\nConcatenation\n{}\n\nW_O\n{}\n\nOutput\n{}\n"
    right = of_all.format(of_heads(contexts), written(joined), written(w_o), written(joined @ w_o))
    turned = of_all.format(of_heads(contexts), written(joined), written(w_o), written(joined @ w_o.T))
    swapped = np.hstack(contexts[::-1])
    other = of_all.format(of_heads(contexts), written(swapped), written(w_o), written(swapped @ w_o))
    assert checked(right).verdict == "right"
    assert names(checked(turned)) == {"w_o-transposed"}
    assert names(checked(other)) == {"heads-in-order"}


def test_the_output_of_one_head_is_checked_through_w_o_with_the_sum_that_makes_it():
    weights, values = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([[1.0, 2.0], [3.0, -1.0]])
    w_o = np.array([[2.0, 0.0, 1.0], [1.0, -1.0, 0.5]])
    parts = {"Weights": weights, "Values": values, "Context": weights @ values, "W_O": w_o}
    text = "\n\n".join(f"{name}\n{written(table)}" for name, table in parts.items())
    whole = checked(f"{text}\n\nOutput\n{written(weights @ values @ w_o)}\n")
    assert whole.verdict == "right" and len(whole.parts) == 2
    wrong = checked(f"{text}\n\nOutput\n{written(weights @ values @ w_o + [[0, 1, 0], [0, 0, 0]])}\n")
    assert wrong.verdict == "wrong" and wrong.together.findings.judgement.wrong == 1
    assert "All heads together" in headline_of(wrong) and "# All heads together" in report_of(wrong)
    judgement = whole.together.findings.judgement
    assert derivation(judgement, "context", 0, 1).target.value == (weights @ values @ w_o)[0, 1]
    assert checked(f"{text}\n").heads[0].findings.verdict == "right"


def test_one_table_of_all_heads_side_by_side_is_taken_apart():
    random = np.random.default_rng(7)
    x, w = np.round(random.normal(size=(3, 4)), 1), np.round(random.normal(size=(3, 4, 4)), 1)
    q, k, v = (x @ table for table in w)
    lines = [f"Embeddings\n{written(x)}"]
    lines += [f"{name}\n{written(table)}" for name, table in (("W_Q", w[0]), ("W_K", w[1]), ("W_V", w[2]))]
    lines += [f"Queries\n{written(q)}", f"Keys\n{written(k)}", f"Values\n{written(v)}"]
    for head in range(2):
        own = slice(2 * head, 2 * head + 2)
        scores = q[:, own] @ k[:, own].T / np.sqrt(2)
        weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        lines.append(f"Head {head + 1} attention weights\n{written(weights)}")
    whole = checked("\n\n".join(lines))
    assert whole.verdict in ("right", "rounded") and whole.checked > 36


def test_a_table_of_a_head_that_fits_no_other_is_refused_with_the_name_of_the_head():
    with pytest.raises(ClaimError, match=r"^Head 2: Keys has 3|^Head 2: .*must be equally many|^Head 2: "):
        checked("Head 1\n\nQ\n1 2\n3 4\n\nK\n1 2\n3 4\n\nHead 2\n\nQ\n1 2\n3 4\n\nK\n1 2 3\n3 4 5\n")


def test_several_heads_open_in_the_playground_with_their_names_and_w_o():
    whole = checked(text_of(replace(TWO, decimals=6)))
    back = experiment_of_heads(*whole.to_open).experiment
    assert len(back.heads) == len(TWO.heads)
    assert np.allclose(attend(back).context, attend(TWO).context, atol=1e-4)


def test_rows_called_by_a_symbol_and_a_number_are_words_and_no_heads():
    given = pasted("q_1 = [1, 0]\nq_2 = [0, 1]\n\nk_1 = [1, 1]\nk_2 = [0, 2]\n").given
    assert [table.head for table in given] == ["", ""]
    assert [table.head for table in read("Q1 = [[1, 0], [0, 1]]\nQ2 = [[1, 1], [0, 2]]")] == ["Head 1", "Head 2"]


def test_the_name_of_a_head_is_shown_as_text():
    named = replace(TWO, head_name="[a](b) <i>", other_heads=tuple(replace(each, name="") for each in TWO.other_heads))
    whole = checked(text_of(named))
    assert "](" not in whole.heads[0].name.replace("\\]", "") and "<i>" not in headline_of(whole) + report_of(whole)


def test_what_was_done_is_said_of_all_heads_at_once_where_they_are_alike():
    whole = checked(text_of(TWO))
    assert how_of(whole).startswith(f"{len(whole.heads)} heads, each the same way. ")


def of_heads(contexts):
    return "\n\n".join(f"Head {place} context\n{written(table)}" for place, table in enumerate(contexts, start=1))


def written(table):
    return "\n".join(" ".join(f"{number:.4f}" for number in row) for row in np.asarray(table))
