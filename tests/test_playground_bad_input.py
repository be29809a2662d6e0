"""Any text and number on the Playground: drawn as text, or told in one sentence with the last picture still there."""

import re

import numpy as np
import pytest
from support.playground_screen import assert_follows_from_tables, same
from support.screen import (
    MONEY,
    RIVER,
    STAGES,
    TABLES,
    assert_sound,
    assert_words_are_escaped,
    chart,
    code_of,
    context_table,
    edit,
    everything_drawn,
    opened,
    press,
    shown_table,
    squares,
    widget,
)

TOO_LITTLE = {"empty": "", "spaces": "  \t\n ", "punctuation": "... !? — ( )", "marks alone": "\u200d\ufe0f\u0301"}


TOO_MUCH = {
    "10,001 characters": "a" * 10_001,
    "513 words": "word " * 513,
    "5,000 words": "a " * 5_000,
}


@pytest.mark.parametrize("kind", TOO_LITTLE | TOO_MUCH)
def test_a_sentence_that_cannot_be_drawn_stays_in_its_field_and_the_last_picture_stays(kind):
    typed = (TOO_LITTLE | TOO_MUCH)[kind]
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    before = everything_drawn(page)
    widget(page, "sentence").set_value(typed).run()
    assert_sound(page)
    assert widget(page, "sentence").value == typed
    assert same(everything_drawn(page), before)
    assert len(page.error) == 1
    needed = r"at least one word" if kind in TOO_LITTLE else r"up to (10,000|512) work"
    assert re.search(needed, page.error[0].value.replace("\\", ""))
    page.run()
    assert widget(page, "sentence").value == typed
    widget(page, "sentence").set_value(RIVER).run()
    assert not page.error
    assert_follows_from_tables(page)


def test_a_sentence_that_cannot_be_drawn_does_not_stop_the_rest():
    page = opened()
    widget(page, "sentence").set_value("").run()
    widget(page, "scaled").set_value(False).run()
    assert_sound(page)
    assert widget(page, "sentence").value == "" and len(page.error) == 1
    row = np.exp([0, 0, 0, 0, 4.8, 2.88])
    assert squares(page, "weights")[5] == pytest.approx(row / row.sum())
    press(page, "undo")
    assert not page.error
    assert_follows_from_tables(page)


SENTENCES = {  # what is typed -> how many words it has
    "bank": 1,
    "the " * 10: 10,
    "The the THE tHe": 4,
    "a" * 10_000: 1,
    "नमस्ते दुनिया नमस्ते": 3,
    "ฉันรัก": 4,
    "我爱猫": 3,
    "👩\u200d👩\u200d👧 loves 👍🏽 🇩🇪": 4,
    "مرحبا بالعالم": 2,
    "שלום \u202eabc\u202c": 2,
    "e\u0301t\u0301e\u0301 été": 2,
    "**bold** _it_ `code` # head": 4,
    r"$x^2$ \frac{a}{b} \text": 6,
    "<b>hi</b> <script>alert(1)</script>": 7,
    "=1+1 =formula @cmd -x +y": 6,
    "nan NaN None null inf": 5,
    "__index__ __proto__ ✎ _index index": 5,
    'a.b["c"] d[0].e': 5,
    "query key value query_position word": 5,
    "{{x}} {} %s %(x)s ${y}": 5,
    "living action water money": 4,
    "1 2 3 1 2 3": 6,
    "don't rock'n'roll can’t": 3,
    "www.example.com a:b": 2,
}


@pytest.mark.parametrize("typed", SENTENCES, ids=lambda typed: ascii(typed[:20]))
def test_any_text_is_drawn_as_text_with_a_cell_for_every_pair_of_positions(typed):
    page = opened()
    widget(page, "sentence").set_value(typed).run()
    assert_sound(page)
    assert not page.error and not page.warning
    assert widget(page, "sentence").value == typed
    n = SENTENCES[typed]
    for stage in STAGES:
        numbers = everything_drawn(page)[stage]
        assert len(numbers) == n and np.isfinite(numbers).all()
    np.testing.assert_allclose(squares(page, "weights").sum(axis=1), 1)
    frame = chart(page, "weights")
    assert frame["key"][:n].is_unique and list(frame["query"][::n]) == list(frame["key"][:n])
    assert list(context_table(page).index) == list(frame["key"][:n])
    np.testing.assert_array_equal(chart(opened(code_of(page)), "weights")["value"], frame["value"])
    assert_words_are_escaped(page)


def test_ten_same_words_are_a_hundred_cells_of_a_tenth():
    page = opened()
    widget(page, "sentence").set_value(" ".join(["bank"] * 10)).run()
    assert len(chart(page, "weights")) == 100
    np.testing.assert_allclose(squares(page, "weights"), 0.1)
    assert len(shown_table(page, "embeddings")) == 1
    assert chart(page, "weights")["key"][:10].tolist() == [f"bank·{position}" for position in range(1, 11)]
    assert_follows_from_tables(page)


def test_sixty_four_words_are_drawn_cell_by_cell():
    page = opened()
    widget(page, "sentence").set_value(" ".join(f"w{position}" for position in range(64))).run()
    assert_sound(page)
    assert len(chart(page, "weights")) == 64 * 64
    assert_follows_from_tables(page)


def test_five_hundred_and_twelve_words_are_drawn_as_squares_whose_rows_sum_to_one():
    page = opened()
    widget(page, "sentence").set_value("word " * 512).run()
    assert_sound(page)
    assert not page.error
    frame = chart(page, "weights")
    assert len(frame) == 64 * 64
    np.testing.assert_allclose(frame.groupby("query_position")["value"].sum(), 1)


BAD_CELLS = {
    "empty": None,
    "no text": "",
    "text": "abc",
    "markdown": "**9** [x](y)",
    "too large": 1e308,
    "over the limit": 1_000_001,
    "inf": float("inf"),
    "-inf": float("-inf"),
    "nan": float("nan"),
    "nan as text": "nan",
    "inf as text": "Infinity",
    "many digits": 10**400,
    "a truth": True,
    "a list": [1, 2],
    "a table": {"a": 1},
}


@pytest.mark.parametrize(
    ("table", "kind"), [*(("embeddings", kind) for kind in BAD_CELLS), ("w_q", "nan"), ("w_k", "inf"), ("w_v", "text")]
)
def test_a_cell_that_holds_no_number_keeps_its_last_and_one_sentence_says_what_it_needs(table, kind):
    page = opened()
    column = shown_table(page, table).columns[1]
    before = everything_drawn(page)
    edit(page, table, {column: BAD_CELLS[kind]})
    assert same(everything_drawn(page), before)
    assert len(page.error) == 1
    told = page.error[0].value
    assert column in told and re.search("number", told) and len(told) < 300
    assert not re.search(r"\]\(|Traceback|Error\b", told)
    widget(page, "causal").set_value(True).run()  # the rest goes on
    assert_sound(page)
    edit(page, table, {column: 2.0})
    assert not page.error
    assert shown_table(page, table).iloc[0, 1] == 2.0
    assert_follows_from_tables(page)


def test_a_bad_cell_does_not_cost_the_good_ones_beside_it():
    page = opened()
    edit(page, "embeddings", {"living": "oops", "water": 2.5})
    assert len(page.error) == 1 and "living" in page.error[0].value
    assert context_table(page).loc["We", "water"] > 1
    page.session_state[widget(page, "embeddings").key] = {
        "edited_rows": {0: {"water": 2.5}},
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    assert not page.error
    assert_follows_from_tables(page)


def test_the_largest_numbers_that_are_taken_give_numbers():
    page = opened()
    for table in TABLES:
        edit(page, table, dict.fromkeys(shown_table(page, table).columns, 1e6))
    assert not page.error
    drawn = everything_drawn(page)
    assert all(np.isfinite(drawn[key]).all() for key in drawn)
    assert_follows_from_tables(page)


@pytest.mark.parametrize(
    "edits",
    [
        {0: {"no such column": 9.0}},
        {99: {"living": 9.0}},
        {-1: {"living": 9.0}},
        {0: {"✎": "changed by hand"}},
        {0: {"_index": "other"}},
    ],
    ids=["column", "row", "row before the first", "note", "index"],
)
def test_an_edit_of_a_cell_that_is_not_there_changes_nothing(edits):
    page = opened()
    before = everything_drawn(page)
    page.session_state[widget(page, "embeddings").key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    page.run()
    assert_sound(page)
    assert not page.error
    assert same(everything_drawn(page), before)


def test_rows_that_a_browser_adds_or_deletes_change_nothing():
    page = opened()
    before = everything_drawn(page)
    page.session_state[widget(page, "w_q").key] = {
        "edited_rows": {},
        "added_rows": [{"q1": 1.0}],
        "deleted_rows": [0, 1],
    }
    page.run()
    assert_sound(page)
    assert same(everything_drawn(page), before)
