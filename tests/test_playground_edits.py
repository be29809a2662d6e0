"""The tables, sizes and decimals of the Playground: an edit changes what follows from it and nothing else."""

import numpy as np
import pandas as pd
import pytest
from support.playground_screen import assert_follows_from_tables, same
from support.screen import (
    RIVER,
    TABLES,
    assert_sound,
    chart,
    edit,
    everything_drawn,
    opened,
    shown_table,
    squares,
    widget,
)

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
        assert not any(differs[key].any() for key in ("scores", "weights"))
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
        assert any(rf"\mathbf{{{number:.{decimals}f}}}" in each.value for each in page.latex)


def test_a_sentence_can_be_split_into_characters():
    page = opened()
    widget(page, "split").set_value("characters").run()
    assert_sound(page)
    assert squares(page, "weights").shape == (22, 22)
    assert [label.split("·")[0] for label in chart(page, "weights")["key"][:6]] == list("Wewalk")
    assert len(shown_table(page, "embeddings")) == len(set(RIVER.casefold().replace(" ", "")))
    widget(page, "split").set_value("words").run()
    assert_follows_from_tables(page)
