"""Three ways without a browser: each way's numbers follow from the same tables."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from support.latex_reader import assert_rounded
from support.lesson_documents import DOCUMENTS, EVERYTHING
from support.lesson_screen import (
    assert_formulas,
    choose_cell,
    heat_map,
    ledger_of,
    lesson,
    pictures,
    read,
    read_document,
    set_,
    tables_to_read,
    tightness,
    told,
    turn_to_own,
)
from support.oracles import attended, named
from support.screen import coded, opened, widget

FORMS = {"a": "embeddings_only", "b": "queries_and_keys", "c": "qkv"}


def forms_of(given):
    return {letter: attended(given, variant=variant) for letter, variant in FORMS.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_three_forms_are_drawn_from_the_same_numbers(name):
    given = read_document(name)
    forms = forms_of(given)
    page = opened(coded(EVERYTHING[name]))
    choose_cell(page, given.row, given.column)
    turn_to_own(page, "three_ways", 0)
    expected, wanted = {}, []
    for letter, it in forms.items():
        weights = np.where(it.allowed, it.weights, np.nan)
        np.testing.assert_allclose(heat_map(page, f"weights_{letter}"), weights, rtol=1e-9, atol=1e-12)
        expected |= named(it, f"({letter}) ")
        cell = f"({it.labels[given.row]} → {it.labels[given.column]})"
        wanted += [f"({letter}) {what}{cell}" for what in ("score", "scaled score", "weight")]
    assert assert_formulas(page, expected, tight=tightness(given)) == wanted


def favourites(table, allowed):
    """For each word the other word that is ahead of all, or None."""
    ahead = []
    for row, scores in enumerate(table):
        others = [at for at in np.flatnonzero(allowed[row]) if at != row]
        best = max(others, key=lambda at: scores[at], default=None)
        ties = [at for at in others if math.isclose(scores[at], scores[best], rel_tol=1e-9, abs_tol=1e-12)]
        ahead.append(best if len(ties) == 1 else None)
    return ahead


@pytest.mark.parametrize("name", DOCUMENTS)
def test_which_word_each_word_prefers(name):
    given = read_document(name)
    forms = forms_of(given)
    page = lesson("three_ways", 1, coded(EVERYTHING[name]))
    alike = favourites(given.x @ given.x.T, forms["a"].allowed)
    preferred = {letter: favourites(it.scores, it.allowed) for letter, it in forms.items()}
    (table,) = tables_to_read(page)
    assert list(table.index) == given.labels
    for column, ahead in zip(table.columns, (alike, *preferred.values()), strict=True):
        assert table[column].tolist() == ["–" if at is None else given.labels[at] for at in ahead], column
    for letter, ahead in preferred.items():
        both = [(one, other) for one, other in zip(alike, ahead, strict=True) if one is not None and other is not None]
        same = sum(one == other for one, other in both)
        assert f"({letter}) **{same} of {len(both)}**" in told(page)
    for letter in "ab":
        weights = np.where(forms[letter].allowed, forms[letter].weights, np.nan)
        np.testing.assert_allclose(heat_map(page, f"weights_{letter}"), weights, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_comes_out_of_each_form(name):
    given = read_document(name)
    forms = forms_of(given)
    page = lesson("three_ways", 2, coded(EVERYTHING[name]))
    (table,) = tables_to_read(page)
    rows = [given.x[given.row], *(it.context[given.row] for it in forms.values())]
    assert [label[:3] for label in table.index] == ["emb", "(a)", "(b)", "(c)"]
    assert list(table.columns) == [str(at) for at in range(1, max(map(len, rows)) + 1)]
    for found, row in zip(table.to_numpy(), rows, strict=True):
        np.testing.assert_allclose(found[: len(row)], row, rtol=1e-9, atol=1e-12)
        assert np.isnan(found[len(row) :]).all()
    numbers = range(min(len(it.context[0]) for it in forms.values()))
    for entry in numbers:
        set_(page, "context_entry", entry)
        expected = {key: value for letter, it in forms.items() for key, value in named(it, f"({letter}) ").items()}
        wanted = [f"({letter}) context_{it.columns[entry]}({it.labels[given.row]})" for letter, it in forms.items()]
        assert assert_formulas(page, expected, tight=tightness(given)) == wanted


def assert_division(page, given):
    it = attended(given, variant="queries_and_keys")
    word, frame = given.row, ledger_of(page)
    cells = {(row, column): value for row, column, value in frame[["row_position", "column_position", "value"]].values}
    columns = list(dict.fromkeys(frame["column"].astype(str)))
    divided = [f"÷ √{it.key.shape[1]}"] if it.scaled else []
    assert columns == ["score", *divided, "exponential", "weight"]
    scores = [it.scores[word], it.divided[word]][: 1 + it.scaled]
    blocks = [*scores, it.exponentials[word], it.weights[word]]
    for column, block in enumerate(blocks):
        for row, value in enumerate(block):
            if it.allowed[word, row]:
                assert cells[row, column] == pytest.approx(value, rel=1e-9, abs=1e-12)
    n = int(it.allowed[word].sum())
    assert cells[n, len(columns) - 2] == pytest.approx(it.totals[word])
    assert cells[n, len(columns) - 1] == pytest.approx(1.0)
    for _, cell in frame[frame["shown"] != ""].iterrows():
        assert_rounded(cell["shown"], cell["value"], it.decimals)
    pair = f"({it.labels[word]} → {it.labels[given.column]})"
    wanted = [f"{what}{pair}" for what in ("score", "scaled score", "weight")]
    wanted += [f"context_{column}({it.labels[word]})" for column in it.columns]
    assert assert_formulas(page, named(it), tight=tightness(given)) == wanted
    assert_added_up(page, it, word)
    return it


def assert_added_up(page, it, word):
    """Each key times its weight, and the sum of all."""
    _, frame = pictures(page, "row_position", "column_position", "shown")
    cells = {(row, column): value for row, column, value in frame[["row_position", "column_position", "value"]].values}
    seen = np.flatnonzero(it.allowed[word])
    for row, at in enumerate(seen):
        for column, number in enumerate(it.key[at]):
            assert cells[row, 2 + column] == pytest.approx(it.weights[word, at] * number, rel=1e-9, abs=1e-12)
    for column, number in enumerate(it.context[word]):
        assert cells[len(seen), 2 + column] == pytest.approx(number, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["opening", "opening exactly", "cat-and-mouse", "random", "random, another width"])
def test_the_division_is_worked_out_for_any_sentence(name):
    given = read_document(name)
    if given.causal:
        given = SimpleNamespace(**vars(given) | {"row": len(given.x) - 1})
    assert_division(lesson("three_ways", 3, coded(EVERYTHING[name])), given)


def test_the_lecture_gets_40_and_26_and_scaling_keeps_the_second_word_in_play():
    page = lesson("three_ways", 3)
    widget(page, "open_lecture-40-26").click().run()
    choose_cell(page, 1, 1)
    given = read(page)
    turn_to_own(page, "three_ways", 3)
    it = assert_division(page, given)
    assert sorted(it.scores[1]) == [26, 40] and sorted(it.divided[1]) == [13, 20]
    assert {"40.000", "26.000", "20.000", "13.000"} <= set(ledger_of(page)["shown"])
    assert it.weights[1].min() == pytest.approx(0.00091, abs=5e-6)
    assert not page.success
    set_(page, "scaled", False)
    assert page.success
    turn_to_own(page, "playground")
    set_(page, "decimals", 8)
    given = read(page)
    turn_to_own(page, "three_ways", 3)
    it = assert_division(page, given)
    assert it.weights[1].min() == pytest.approx(0.00000083, abs=5e-9)
    assert "0.00000083" in set(ledger_of(page)["shown"])
