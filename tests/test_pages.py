"""The playground as a visitor meets it, without a browser: every number of its charts follows from its tables.

What the charts should show is computed here once more, from the tables on the page, in plain NumPy: nothing of
`attention_core` is used for it.
"""

import json
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from support.oracles import VARIANTS, softmax
from support.screen import (
    HEAT_MAPS,
    MONEY,
    RIVER,
    TABLES,
    assert_sound,
    assert_words_are_escaped,
    chart,
    charts,
    code_of,
    coded,
    context_table,
    edit,
    everything_drawn,
    everything_set,
    opened,
    press,
    shown_table,
    squares,
    widget,
)

from attention_core import EXAMPLES
from attention_core import VARIANTS as REGISTERED

# --- reading the page ------------------------------------------------------------------------------------------------


@cache
def opening_numbers():
    return everything_drawn(opened())


def same(one, other):
    return one.keys() == other.keys() and all(
        one[key].shape == other[key].shape and np.array_equal(one[key], other[key], equal_nan=True) for key in one
    )


# --- the same numbers, computed from the tables ----------------------------------------------------------------------


def computed(page):
    """What must be drawn, from the sentence, the tables and the switches on the page."""
    words = [word.casefold() for word in re.findall(r"\w+", widget(page, "sentence").value)]
    vocabulary = list(dict.fromkeys(words))
    embeddings = shown_table(page, "embeddings")
    assert [label.casefold() for label in embeddings.index] == vocabulary
    x = embeddings.to_numpy()[[vocabulary.index(word) for word in words]]
    part = {"x": x} | {table[-1]: x @ shown_table(page, table).to_numpy() for table in TABLES[1:]}
    query, key, value, scores_itself, adds_itself = VARIANTS[widget(page, "variant").value]
    n = len(words)
    allowed = np.tri(n, dtype=bool) if widget(page, "causal").value else np.ones((n, n), dtype=bool)
    if not scores_itself:
        allowed &= ~np.eye(n, dtype=bool)
    scores = part[query] @ part[key].T
    divided = scores / np.sqrt(part[key].shape[1])

    def weights_of(either):
        weights = np.zeros((n, n))
        for row in np.flatnonzero(allowed.any(axis=1)):
            weights[row, allowed[row]] = softmax(either[row, allowed[row]][None])[0]
        return weights

    scaled, unscaled = weights_of(divided), weights_of(scores)
    weights, other = (scaled, unscaled) if widget(page, "scaled").value else (unscaled, scaled)
    seen = {name: np.where(allowed, matrix, np.nan) for name, matrix in (("w", weights), ("o", other))}
    return {
        "scores": scores,
        "scores_scaled": np.where(allowed, divided, np.nan),
        "scaling_difference": np.where(allowed, scaled - unscaled, np.nan),
        "weights": seen["w"],
        "weights_other": seen["o"],
        "context": weights @ part[value] + (x if adds_itself else 0.0),
    }


def assert_follows_from_tables(page):
    drawn, expected = everything_drawn(page), computed(page)
    for key in expected.keys() & drawn.keys():
        matrix = expected[key]
        np.testing.assert_allclose(drawn[key], matrix, rtol=1e-9, atol=1e-12, err_msg=key)
    assert_bars_and_moves_agree(page, drawn)


def assert_bars_and_moves_agree(page, drawn):
    """The bars are a row of the weights, and the moves are two columns of the context table."""
    row = widget(page, "looking_word").value
    np.testing.assert_array_equal(drawn["bars"], np.nan_to_num(drawn["weights"][row]))
    moves, table = chart(page, "context"), context_table(page)
    spec = json.loads(charts(page)["context"].spec)
    end = next(each["encoding"] for each in spec["layer"] if each["encoding"]["x"]["field"] == "x")
    for axis in "xy":
        named = end[axis]["axis"]["title"]
        np.testing.assert_array_equal(moves[axis], table[named].to_numpy(), err_msg=named)


# --- the opening -----------------------------------------------------------------------------------------------------


def test_the_opening_page_shows_everything_to_play_with_and_nothing_is_wrong():
    page = opened()
    assert not page.error and not page.warning
    assert widget(page, "sentence").value == RIVER
    assert widget(page, "example").value == "river-bank"
    assert widget(page, "variant").value == "qkv"
    assert (widget(page, "scaled").value, widget(page, "causal").value) == (True, False)
    assert [each.key.split(":")[0] for each in page.data_editor] == list(TABLES)
    assert charts(page).keys() >= {*HEAT_MAPS, "bars", "context"}
    assert "**bank** looks most at **river**" in " ".join(each.value for each in page.markdown)
    assert widget(page, "undo").disabled and widget(page, "redo").disabled
    assert_follows_from_tables(page)


def test_every_chart_tells_in_words_what_it_shows():
    page = opened()
    told = {key: proto.alt for key, proto in charts(page).items()}
    assert "bank looks most at river (0.57)" in told["weights"]
    assert all(len(text) > 20 for text in told.values())


def test_a_heat_map_has_a_row_for_each_cell_with_its_words_and_its_number():
    frame = chart(opened(), "weights")
    assert {"query_position", "key_position", "query", "key", "value"} <= set(frame.columns)
    cell = frame[(frame["query_position"] == 6) & (frame["key_position"] == 5)].squeeze()
    assert (cell["query"], cell["key"]) == ("bank", "river")
    # by hand: scores 16·0.3·1 = 4.8 and 16·(0.09 + 0.09) = 2.88 over √4, and four zeros
    row = np.exp([0, 0, 0, 0, 2.4, 1.44])
    assert cell["value"] == pytest.approx(row[4] / row.sum(), abs=1e-12)


def test_changing_river_to_money_turns_the_bank_to_money():
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    assert_follows_from_tables(page)
    assert list(shown_table(page, "embeddings").index) == MONEY.split()
    assert "**bank** looks most at **money**" in " ".join(each.value for each in page.markdown)
    context = context_table(page)
    assert context.loc["bank", "money"] > context.loc["bank", "water"]


# --- examples, ways to attend and switches ---------------------------------------------------------------------------


def test_this_file_knows_every_way_to_attend():
    assert set(VARIANTS) == set(REGISTERED)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_and_way_to_attend_is_drawn_from_its_tables(example):
    page = opened()
    widget(page, "example").select(example).run()
    assert_sound(page)
    assert widget(page, "example").value == example
    assert_follows_from_tables(page)
    drawn = [everything_drawn(page)]
    for variant in VARIANTS:
        for causal in (False, True):
            widget(page, "variant").set_value(variant).run()
            widget(page, "causal").set_value(causal).run()
            assert_sound(page)
            assert_follows_from_tables(page)
            drawn.append(everything_drawn(page))
    assert not all(same(drawn[0], other) for other in drawn[1:])


@pytest.mark.parametrize("example", ["river-bank", "karim-unscaled", "unfold-causal-identity"])
def test_the_scaling_switch_divides_by_the_root_of_d_and_back(example):
    page = opened()
    widget(page, "example").select(example).run()
    before, scaled = everything_drawn(page), widget(page, "scaled").value
    widget(page, "scaled").set_value(not scaled).run()
    assert_follows_from_tables(page)
    after = everything_drawn(page)
    for key in ("scores", "scores_scaled", "scaling_difference"):
        np.testing.assert_array_equal(after[key], before[key], err_msg=f"{key} does not depend on the switch")
    np.testing.assert_array_equal(after["weights"], before["weights_other"])
    np.testing.assert_array_equal(after["weights_other"], before["weights"])
    assert not np.allclose(np.nan_to_num(after["weights"]), np.nan_to_num(before["weights"]))
    widget(page, "scaled").set_value(scaled).run()
    assert same(everything_drawn(page), before)


def test_the_causal_mask_hides_what_comes_later_and_nothing_else():
    page = opened()
    scores = squares(page, "scores")
    widget(page, "causal").set_value(True).run()
    assert_follows_from_tables(page)
    weights = squares(page, "weights")
    assert (np.isnan(weights) == ~np.tri(6, dtype=bool)).all()
    np.testing.assert_array_equal(squares(page, "scores"), scores)
    widget(page, "causal").set_value(False).run()
    assert_follows_from_tables(page)


def test_a_word_that_may_look_nowhere_is_drawn_without_weights():
    page = opened()
    widget(page, "variant").set_value("embeddings_only").run()
    widget(page, "causal").set_value(True).run()
    assert_follows_from_tables(page)
    assert np.isnan(squares(page, "weights")[0]).all()
    np.testing.assert_array_equal(context_table(page).iloc[0], shown_table(page, "embeddings").iloc[0])


def test_choosing_an_example_starts_anew_and_an_edit_makes_it_your_own():
    page = opened()
    start = everything_set(page)
    edit(page, "w_q", {"q1": 7.0})
    widget(page, "scaled").set_value(False).run()
    widget(page, "sentence").set_value("a new one").run()
    assert widget(page, "example").value is None
    widget(page, "example").select("river-bank").run()
    assert_sound(page)
    assert everything_set(page) == start
    assert_follows_from_tables(page)


# --- editing the tables ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_an_edited_cell_changes_its_number_and_everything_that_follows_from_it_and_nothing_else(table):
    page = opened()
    tables, before = {each: shown_table(page, each) for each in TABLES}, everything_drawn(page)
    edit(page, table, {tables[table].columns[0]: 9.0})
    for each in TABLES:
        cells = shown_table(page, each) != tables[each]
        assert cells.to_numpy().sum() == (each == table), each
    assert shown_table(page, table).iloc[0, 0] == 9.0
    assert_follows_from_tables(page)
    after = everything_drawn(page)
    differs = {key: ~np.isclose(after[key], before[key], rtol=0, atol=1e-12) for key in before}
    if table == "embeddings":  # of the first word: its row and its column of the scores, and with them every weight
        row_and_column = np.zeros((6, 6), dtype=bool)
        row_and_column[0] = row_and_column[:, 0] = True
        assert differs["scores"].any() and not (differs["scores"] & ~row_and_column).any()
        assert differs["weights"][0].any() and differs["context"][:, 0].any()
    elif table == "w_v":
        assert not any(differs[key].any() for key in (*HEAT_MAPS, "bars"))
        assert differs["context"][:, 0].any() and not differs["context"][:, 1:].any()
    else:  # the first number of an embedding, "living", is other than 0 for We and walked alone
        on_rows = {"w_q": np.s_[2:], "w_k": np.s_[:, 2:]}[table]
        assert differs["scores"].any() and not differs["scores"][on_rows].any()
        assert differs["weights"].any() and differs["context"].any()


@pytest.mark.parametrize(
    ("variant", "unused"),
    [
        ("similarity", ("w_q", "w_k", "w_v")),
        ("embeddings_only", ("w_q", "w_k", "w_v")),
        ("queries_and_keys", ("w_v",)),
        ("qkv", ()),
    ],
)
def test_editing_a_table_that_is_not_used_changes_no_number_and_the_page_says_so(variant, unused):
    page = opened()
    widget(page, "variant").set_value(variant).run()
    captions = " ".join(each.value for each in page.caption)
    assert captions.count("is not used by this way to attend") == len(unused)
    for table in TABLES[1:]:
        before = everything_drawn(page)
        edit(page, table, {shown_table(page, table).columns[0]: 9.0})
        assert_follows_from_tables(page)
        assert same(everything_drawn(page), before) == (table in unused), table


def test_a_word_that_comes_twice_has_one_row_and_an_edit_moves_both():
    page = opened()
    widget(page, "example").select("cat-and-mouse").run()
    assert len(shown_table(page, "embeddings")) == 4
    assert squares(page, "weights").shape == (5, 5)
    edit(page, "embeddings", {"d1": 9.0})
    assert_follows_from_tables(page)
    scores = squares(page, "scores")
    np.testing.assert_array_equal(scores[0], scores[3])
    np.testing.assert_array_equal(scores[:, 0], scores[:, 3])


def test_edits_one_after_the_other_all_stay():
    page = opened()
    for row, column, number in ((0, "water", 1.5), (5, "money", -2.0), (5, "water", 0.25)):
        edits = page.session_state[widget(page, "embeddings").key]["edited_rows"]
        edit(page, "embeddings", edits.get(row, {}) | {column: number}, row=row)
    table = shown_table(page, "embeddings")
    assert (table.loc["We", "water"], table.loc["bank", "money"], table.loc["bank", "water"]) == (1.5, -2.0, 0.25)
    assert_follows_from_tables(page)


def test_a_word_that_is_typed_again_finds_its_numbers():
    page = opened()
    edit(page, "embeddings", {"living": 0.123}, row=5)
    widget(page, "sentence").set_value("only words from elsewhere").run()
    widget(page, "sentence").set_value("the Bank").run()
    assert shown_table(page, "embeddings").loc["Bank", "living"] == 0.123
    assert_follows_from_tables(page)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("way", ["Identity", "Zeros", "Random"])
def test_a_table_can_be_filled_and_brought_back(table, way):
    page = opened()
    example = shown_table(page, table)
    (option,) = (each for each in widget(page, f"fill_{table}").options if way.casefold() in each.casefold())
    widget(page, f"fill_{table}").click(option).run()
    assert_sound(page)
    filled = shown_table(page, table).to_numpy()
    if way == "Identity":
        np.testing.assert_array_equal(filled, np.eye(*filled.shape))
    elif way == "Zeros":
        assert not filled.any()
    else:
        assert len(np.unique(filled)) > filled.size / 2
        assert "random numbers, seed 1" in " ".join(each.value for each in page.caption)
    assert_follows_from_tables(page)
    widget(page, f"fill_{table}").click("Back to the example").run()
    pd.testing.assert_frame_equal(shown_table(page, table), example)


def test_the_same_seed_gives_the_same_table_and_another_gives_another():
    def filled(page, seed):
        widget(page, "seed").set_value(seed).run()
        widget(page, "fill_w_q").click("Random").run()
        return shown_table(page, "w_q").to_numpy()

    one, other = opened(), opened()
    first = filled(one, 7)
    np.testing.assert_array_equal(filled(other, 7), first)
    assert not np.array_equal(filled(other, 8), first)


# --- sizes, decimals and characters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["d_model", "d_k", "d_v"])
def test_a_size_can_be_one_or_sixteen_and_what_still_fits_stays(size):
    page = opened()
    before = {table: shown_table(page, table) for table in TABLES}
    for wanted in (16, 4, 1, 4):
        widget(page, size).set_value(wanted).run()
        assert_sound(page)
        after = {table: shown_table(page, table) for table in TABLES}
        d_model, d_k, d_v = (wanted if each == size else 4 for each in ("d_model", "d_k", "d_v"))
        assert after["embeddings"].shape == (6, d_model)
        assert after["w_q"].shape == after["w_k"].shape == (d_model, d_k)
        assert after["w_v"].shape == (d_model, d_v)
        for table in TABLES:
            rows, columns = (min(*sides) for sides in zip(after[table].shape, before[table].shape, strict=True))
            kept = after[table].iloc[:rows, :columns].to_numpy()
            fits = wanted if size == "d_model" and table == "embeddings" else columns
            np.testing.assert_array_equal(kept[:, :fits], before[table].to_numpy()[:rows, :columns][:, :fits])
        assert_follows_from_tables(page)
        if wanted == 1:
            before = {table: after[table].reindex_like(before[table]).fillna(0.0) for table in TABLES[1:]} | {
                "embeddings": before["embeddings"].iloc[:, :1] if size == "d_model" else before["embeddings"]
            }


@pytest.mark.parametrize("decimals", [0, 1, 4, 8])
def test_decimals_change_what_is_written_and_never_the_numbers(decimals):
    page = opened()
    before = everything_drawn(page)
    widget(page, "decimals").set_value(decimals).run()
    assert_sound(page)
    assert same(everything_drawn(page), before)
    score, scaled, weight = 4.8, 2.4, np.exp(2.4) / (4 + np.exp(2.4) + np.exp(1.44))
    for number in (score, scaled, weight):
        assert rf"\mathbf{{{number:.{decimals}f}}}" in page.latex[0].value


def test_a_sentence_can_be_split_into_characters():
    page = opened()
    widget(page, "split").set_value("characters").run()
    assert_sound(page)
    assert squares(page, "weights").shape == (22, 22)
    assert [label.split("·")[0] for label in chart(page, "weights")["key"][:6]] == list("Wewalk")
    assert len(shown_table(page, "embeddings")) == len(set(RIVER.casefold().replace(" ", "")))
    widget(page, "split").set_value("words").run()
    assert_follows_from_tables(page)


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
    "newer": coded(GOOD, version=2),
    "newer document": coded(GOOD | {"version": 2}),
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


# --- bad input -------------------------------------------------------------------------------------------------------

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
    for key in charts(page).keys() & HEAT_MAPS:
        assert squares(page, key).shape == (n, n)
        assert np.isfinite(squares(page, key)).all()
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


# --- the sum behind a number -----------------------------------------------------------------------------------------


def test_choosing_a_cell_writes_its_sum_with_its_own_numbers():
    page = opened()
    widget(page, "looking_word").set_value(1).run()
    widget(page, "looked_at_word").set_value(0).run()
    assert_sound(page)
    weights, scores = squares(page, "weights"), squares(page, "scores")
    sums = page.latex[0].value
    assert r"\text{walked} \to \text{We}" in sums
    for number in (scores[1, 0], scores[1, 0] / 2, weights[1, 0]):
        assert rf"\mathbf{{{number:.2f}}}" in sums
    chosen = chart(page, "weights").query("chosen")[["query_position", "key_position"]]
    assert chosen.to_numpy().tolist() == [[2, 1]]
    assert chart(page, "bars")["value"].tolist() == weights[1].tolist()


def test_a_chosen_cell_that_leaves_the_sentence_gives_way():
    page = opened()
    widget(page, "looking_word").set_value(5).run()
    widget(page, "sentence").set_value("river bank").run()
    assert_sound(page)
    assert chart(page, "weights")["chosen"].sum() == 1
    assert widget(page, "looking_word").value in (0, 1)
