"""Strange words and numbers on every card: drawn, or refused in plain words with the last picture still there."""

import math

import numpy as np
import pytest
from support.latex_reader import Formula
from support.lesson_documents import RANDOM, document, random_document
from support.lesson_screen import (
    CARDS,
    assert_formulas,
    assert_same_word,
    choose_cell,
    every_card,
    everything_said,
    infos,
    ledger_of,
    lesson,
    lines_on,
    pictures,
    read,
    set_,
    turn_to_own,
    write,
)
from support.oracles import attended, named
from support.screen import RIVER, assert_words_are_escaped, code_of, coded, context_table, opened, widget


def every_view(page):
    """Every card of every lesson, and every stage."""
    for script, number in every_card(page):
        yield f"{script} {number}"
        if (script, number) == ("step_by_step", 0):
            for reached in range(2, 8):
                set_(page, "stage", reached)
                yield f"stage {reached}"
            set_(page, "stage", 1)


def assert_sensible(page, where, labels):
    assert not page.exception and not page.error, where
    for frame in pictures(page):
        numbers = frame.select_dtypes("number").to_numpy()
        assert not np.isinf(numbers).any(), where
    for name, written, result in lines_on(page):
        for each in [*written, result]:
            if r"\dots" not in each and each != r"-\infty":
                value = Formula(each).value()
                assert not math.isnan(value.low), (where, name)
    assert_words_are_escaped(page, labels)
    if where.startswith("stage") and where >= "stage 5":
        frame = ledger_of(page)
        weights = frame[frame["column"].astype(str) == "weight"].dropna(subset="value")
        if len(weights):
            *shares, total = weights.sort_values("row_position")["value"]
            assert sum(shares) == pytest.approx(total) and total == pytest.approx(round(total)), where


HUGE = random_document(1, "one two three two") | {
    "rows": {"one": [1e6] * 5, "two": [-1e6] * 5, "three": [1e6, -1e6, 0, 1, 1e-6]},
    "w_q": [[1e6] * 3] * 5,
    "w_k": [[1e6, -1e6, 1]] * 5,
    "w_v": [[1e6, -1e6, 0, 1, 2]] * 5,
    "lessons": {
        "vectors": [[1e6, -1e6]] * 3,
        "other_sentence": "",
        "score_row": [1e6, -1e6, 0, 1e6],
        "key_size": 512,
        "seed": 0,
    },
}


ZEROS = random_document(1, "one two three two") | {
    "rows": {word: [0.0] * 5 for word in ("one", "two", "three")},
    **{table: [[0.0] * size] * 5 for table, size in (("w_q", 3), ("w_k", 3), ("w_v", 5))},
}


EQUAL = ZEROS | {
    "rows": {word: [1.0] * 5 for word in ("one", "two", "three")},
    **{table: [[1.0] * size] * 5 for table, size in (("w_q", 3), ("w_k", 3), ("w_v", 5))},
}


NOWHERE = RANDOM | {"variant": "embeddings_only", "masks": ("causal",), "sentence": "alone"}


NARROW = random_document(6, "one two bank", sizes=(1, 1, 1))


BROAD = random_document(6, "one two bank", sizes=(16, 16, 16))


STRANGE = {
    "one word": document(sentence="bank"),
    "ten times the same": document(sentence=" ".join(["bank"] * 10)),
    "LaTeX and Markdown": document(sentence=r"$x$ \frac{a}{b} $$y^2$$ #1 %&_ **b** _it_ `code` [x](y) a*b*c ~~no~~"),
    "HTML, formulas of a spreadsheet and selectors": document(
        sentence='<b>hi</b> <script>alert(1)</script> =1+1 nan None inf NaN a.b[0]" d[0].e c["x"] it\'s'
    ),
    "Arabic, Thai and emoji": document(sentence="مرحبا بالعالم يا مرحبا ฉันรักแมว 👩\u200d👩\u200d👧 loves 👍🏽 🇩🇪"),
    "zeros": ZEROS,
    "zeros, embeddings only": ZEROS | {"variant": "embeddings_only"},
    "equal": EQUAL,
    "nowhere to look": NOWHERE,
    "embeddings only, causal": RANDOM | {"variant": "embeddings_only", "masks": ("causal",)},
    "vectors of one number": NARROW,
    "vectors of sixteen": BROAD,
    "no decimals": RANDOM | {"decimals": 0},
}


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_sentences_and_numbers_are_drawn_on_every_card(kind):
    page = opened(coded(STRANGE[kind]))
    labels = list(context_table(page).index)
    views = 0
    for where in every_view(page):
        assert_sensible(page, where, labels)
        views += 1
    assert views == len(CARDS) + 6


def test_huge_numbers_are_drawn_on_every_card():
    page = opened(coded(HUGE))
    labels = list(context_table(page).index)
    for where in every_view(page):
        assert_sensible(page, where, labels)


def test_context_vectors_of_more_than_ten_million_are_measured_in_readable_formulas():
    page = lesson("same_word", 0, coded(document(w_v=(1e6 * np.eye(4)).tolist())))
    write(page, "both", {4: {"water": 1e6}})
    assert_same_word(page, read(page))


def test_scores_far_below_zero_are_written_with_brackets():
    far_below = ZEROS | {"rows": {word: [-10.0] * 5 for word in ("one", "two", "three")}, "decimals": 8}
    identity = np.eye(5, 3).tolist()
    page = opened(coded(far_below | {"w_q": identity, "w_k": (-1 * np.eye(5, 3)).tolist()}))
    given = read(page)
    turn_to_own(page, "step_by_step", 2)
    assert_formulas(page, named(attended(given)))


def test_the_first_word_that_may_look_nowhere_gets_dashes_on_every_card():
    page = opened(coded(STRANGE["embeddings only, causal"]))
    choose_cell(page, 0, 2)
    labels = list(context_table(page).index)
    for where in every_view(page):
        assert_sensible(page, where, labels)
        if where.startswith("stage") and where >= "stage 5":
            frame = ledger_of(page)
            assert (frame["shown"] == "–").sum() == 18
    turn_to_own(page, "why_scale", 3)
    assert infos(page) == ["one·1 may look at no word, so there are no weights to compare."]


def test_five_hundred_and_twelve_words_are_drawn():
    page = opened(coded(document(sentence=" ".join(f"w{at % 300}" for at in range(512)))))
    for script, number in (("similarity", 2), ("same_word", 1), ("same_word", 3), ("three_ways", 3), ("why_scale", 3)):
        turn_to_own(page, script, number)
        assert not page.error and pictures(page)
    turn_to_own(page, "step_by_step", 0)
    set_(page, "stage", 7)
    assert "496 others" in set(ledger_of(page)["row"].astype(str))


@pytest.mark.parametrize(("script", "number"), [("similarity", 2), ("same_word", 1), ("step_by_step", 0)])
@pytest.mark.parametrize("typed", ["", "... !?", "word " * 513])
def test_a_sentence_that_cannot_be_drawn_is_told_on_a_lesson_and_the_picture_stays(script, number, typed):
    page = lesson(script, number)
    before = everything_said(page)
    set_(page, "sentence", typed)
    assert len(page.error) == 1 and "The picture still shows the last sentence that worked." in page.error[0].value
    after = everything_said(page)
    assert {key: after[key] for key in ("formulas", "tables", "pictures")} == {
        key: before[key] for key in ("formulas", "tables", "pictures")
    }
    assert widget(page, "sentence").value == typed
    set_(page, "sentence", RIVER)
    assert not page.error and everything_said(page) == before


@pytest.mark.parametrize("typed", [None, "abc", float("nan"), float("inf"), 1_000_001, True])
@pytest.mark.parametrize(
    ("script", "number", "table", "column"),
    [("similarity", 0, "vectors", "d1"), ("same_word", 0, "both", "water"), ("step_by_step", 3, "score_row", "score")],
)
def test_a_cell_without_a_number_is_told_on_a_lesson_and_the_last_number_counts(script, number, table, column, typed):
    page = lesson(script, number)
    formulas = [each.value for each in page.latex]
    write(page, table, {1: {column: typed}})
    assert len(page.error) == 1
    assert column in page.error[0].value.replace("\\", "") and "number" in page.error[0].value
    assert [each.value for each in page.latex] == formulas and code_of(page) == ""
    write(page, table, {1: {column: 2.5}})
    assert not page.error and code_of(page)
