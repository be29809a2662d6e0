"""Undo, redo and the address: every number comes back, and what cannot be opened is told in one sentence."""

import json
import re
from functools import cache
from itertools import pairwise

import pytest
from support.playground_screen import assert_follows_from_tables, same
from support.screen import (
    MONEY,
    RIVER,
    assert_sound,
    code_of,
    coded,
    edit,
    everything_drawn,
    everything_set,
    opened,
    press,
    shown_table,
    widget,
)


@cache
def opening_numbers():
    return everything_drawn(opened())


# --- undo and redo ---------------------------------------------------------------------------------------------------


def test_undo_and_redo_walk_through_everything_that_can_be_done():
    page = opened()

    def choose(key, option):
        return lambda: widget(page, key).set_value(option).run()

    acts = [
        choose("sentence", MONEY),
        lambda: edit(page, "embeddings", {"living": 9.0}),
        lambda: edit(page, "w_k", {"k4": -3.0}, row=2),
        choose("scaled", False),
        choose("variant", "similarity"),
        choose("example", "karim-unscaled"),
        lambda: widget(page, "fill_w_v").click("Zeros").run(),
        choose("d_k", 2),
        choose("decimals", 1),
        choose("split", "characters"),
        choose("causal", True),
    ]
    states = [everything_set(page)]
    for act in acts:
        act()
        assert_sound(page)
        states.append(everything_set(page))
        assert not widget(page, "undo").disabled and widget(page, "redo").disabled
    for one, other in pairwise(states):
        assert one != other
    for state in reversed(states[:-1]):
        press(page, "undo")
        assert everything_set(page) == state
    assert widget(page, "undo").disabled
    assert_follows_from_tables(page)
    for state in states[1:]:
        press(page, "redo")
        assert everything_set(page) == state
    assert widget(page, "redo").disabled


def test_something_new_after_an_undo_ends_what_could_be_redone():
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    press(page, "undo")
    assert not widget(page, "redo").disabled
    edit(page, "w_q", {"q1": 9.0})
    assert widget(page, "redo").disabled
    press(page, "undo")
    assert_follows_from_tables(page)
    assert widget(page, "sentence").value == RIVER


def test_the_same_cell_can_be_edited_undone_and_edited_again():
    page = opened()
    for number in (9.0, 8.0, 9.0):
        edit(page, "w_q", {"q1": number})
        assert shown_table(page, "w_q").iloc[0, 0] == number
        assert_follows_from_tables(page)
        press(page, "undo")
        assert shown_table(page, "w_q").iloc[0, 0] == 3.0
        assert_follows_from_tables(page)


# --- the address -----------------------------------------------------------------------------------------------------


def changed_page():
    page = opened()
    widget(page, "sentence").set_value("The bank by the river, नमस्ते 🇩🇪").run()
    edit(page, "embeddings", {"living": 0.1 + 0.2}, row=1)
    edit(page, "w_q", {"q1": -1 / 3})
    widget(page, "d_v").set_value(3).run()
    widget(page, "variant").set_value("queries_and_keys").run()
    widget(page, "scaled").set_value(False).run()
    widget(page, "causal").set_value(True).run()
    widget(page, "decimals").set_value(5).run()
    assert_sound(page)
    return page


def test_a_code_restores_every_number_bit_for_bit():
    page = changed_page()
    code = code_of(page)
    assert re.fullmatch(r"[\w~.-]+", code, re.ASCII)
    again = opened(code)
    assert not again.warning and not again.error
    assert everything_set(again) == everything_set(page)
    assert same(everything_drawn(again), everything_drawn(page))
    assert code_of(again) == code
    assert widget(again, "undo").disabled


def test_the_opening_needs_no_code_and_undo_brings_the_bare_address_back():
    page = opened()
    assert code_of(page) == ""
    widget(page, "sentence").set_value(MONEY).run()
    assert code_of(page) != ""
    press(page, "undo")
    assert code_of(page) == ""


GOOD = {
    "format": "self-attention-experiment",
    "version": 1,
    "sentence": "the cat saw the dog",
    "split_into": "words",
    "dimensions": ["left", "right"],
    "rows": {"the": [0.0, 0.5], "cat": [1.0, 2.0], "saw": [-1.0, 0.25], "dog": [0.1, 0.2]},
    "w_q": [[1.0, 2.0, 0.0], [0.0, 1.0, 0.5]],
    "w_k": [[0.0, 1.0, 1.0], [1.0, 0.0, 3.0]],
    "w_v": [[1.0], [-1.0]],
    "variant": "qkv",
    "scaled": False,
    "causal": True,
    "decimals": 3,
    "example": "",
}


BAD_CODES = {
    "no code": "hello",
    "a script": "<script>alert(1)</script>",
    "markdown": "[click](https://example.com)",
    "long": "1~" + "A" * 200_000,
    "newer": coded(GOOD, version=3),
    "newer document": coded(GOOD | {"version": 3}),
    "cut": coded(GOOD)[:-20],
    "changed on the way": coded(GOOD)[:40] + "AAAA" + coded(GOOD)[44:],
    "empty": "1~",
    "a bomb": coded(b"[" * (1 << 25)),
    "deeply nested": coded(b"[" * 500_000),
    "not JSON": coded(b"sentence=hello"),
    "foreign": coded({"format": "something-else", "version": 1}),
    "half a character": coded(GOOD | {"sentence": "half \ud800 a character"}),
    "NaN": coded(GOOD | {"w_v": [[float("nan")], [1.0]]}),
    "a huge number": coded(GOOD | {"w_v": [[1e308], [1.0]]}),
    "thousands of digits": coded(json.dumps(GOOD).replace('"decimals": 3', f'"decimals": {"9" * 5000}').encode()),
    "another shape": coded(GOOD | {"w_q": [[1.0] * 5] * 4}),
    "too many words": coded(GOOD | {"sentence": "word " * 513}),
    "columns of markdown": coded(GOOD | {"dimensions": ["**a**", "<b>"]}),
    "a part called like a link": coded(GOOD | {"rows": {"[x](https://example.com)": ["a"]}}),
}


def test_a_link_from_the_first_version_still_opens():
    page = opened(coded(GOOD))
    assert not page.warning and not page.error
    assert everything_set(page) == {
        "sentence": "the cat saw the dog",
        "embeddings": {
            "index": ["the", "cat", "saw", "dog"],
            "columns": ["left", "right"],
            "data": [GOOD["rows"][word] for word in ("the", "cat", "saw", "dog")],
        },
        "w_q": {"index": ["left", "right"], "columns": ["q1", "q2", "q3"], "data": GOOD["w_q"]},
        "w_k": {"index": ["left", "right"], "columns": ["k1", "k2", "k3"], "data": GOOD["w_k"]},
        "w_v": {"index": ["left", "right"], "columns": ["v1"], "data": GOOD["w_v"]},
        **{"scaled": False, "causal": True, "variant": "qkv", "split": "words"},
        **{"d_model": 2, "d_k": 3, "d_v": 1, "decimals": 3},
    }
    assert_follows_from_tables(page)


@pytest.mark.parametrize("kind", BAD_CODES)
def test_a_code_that_cannot_be_opened_is_one_plain_sentence_over_the_opening_picture(kind):
    page = opened(BAD_CODES[kind])
    assert len(page.warning) == 1 and not page.error
    told = page.warning[0].value
    assert told.startswith("This link could not be opened") and len(told) < 400
    assert not re.search(r"Traceback|Error\b|<script|\]\(", told)
    assert same(everything_drawn(page), opening_numbers())
    assert_follows_from_tables(page)
    widget(page, "sentence").set_value(MONEY).run()  # and one can play on
    assert not page.warning
    assert_follows_from_tables(page)


def test_a_document_with_hostile_words_and_a_name_of_another_example_is_only_text():
    hostile = {"__proto__": [1.0] * 2, "constructor": [2.0] * 2, "<b>x</b>": [3.0] * 2}
    page = opened(coded(GOOD | {"rows": GOOD["rows"] | hostile, "example": "no-such-example"}))
    assert not page.warning
    assert_follows_from_tables(page)
