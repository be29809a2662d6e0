"""The Playground as a visitor meets it, without a browser: every number of its charts follows from its tables."""

import numpy as np
import pytest
from support.oracles import VARIANTS
from support.playground_screen import assert_follows_from_tables, same
from support.screen import (
    MONEY,
    RIVER,
    TABLES,
    assert_sound,
    chart,
    charts,
    chosen_number,
    context_table,
    edit,
    everything_drawn,
    everything_set,
    opened,
    shown_table,
    squares,
    widget,
)

from attention_core import EXAMPLES
from attention_core import VARIANTS as REGISTERED

# --- the opening -----------------------------------------------------------------------------------------------------


def test_the_opening_page_shows_everything_to_play_with_and_nothing_is_wrong():
    page = opened()
    assert not page.error and not page.warning
    assert widget(page, "sentence").value == RIVER
    assert widget(page, "example").value == "river-bank"
    assert widget(page, "variant").value == "qkv"
    assert (widget(page, "scaled").value, widget(page, "causal").value) == (True, False)
    assert [each.key.split(":")[0] for each in page.data_editor] == [*TABLES, "w_o"]
    assert list(charts(page)) == ["attention"]
    assert "**bank** looks most at **river**" in " ".join(each.value for each in page.markdown)
    assert widget(page, "undo").disabled and widget(page, "redo").disabled
    assert_follows_from_tables(page)


def test_the_picture_tells_in_words_what_it_shows_and_is_not_built_anew_for_another_number():
    page = opened()
    before = charts(page)["attention"]
    assert "heat maps" in before.alt and "context vector" in before.alt
    widget(page, "scaled").set_value(False).run()
    after = charts(page)["attention"]
    assert (after.alt, after.spec, after.id) == (before.alt, before.spec, before.id)
    assert after.data.data != before.data.data


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
    for head in range(1, len(EXAMPLES[example].build().heads)):
        widget(page, "head").set_value(head).run()
        assert_follows_from_tables(page)
        assert widget(page, "example").value == example
        drawn.append(everything_drawn(page))
    for variant in VARIANTS:
        for causal in (False, True):
            widget(page, "variant").set_value(variant)
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
    np.testing.assert_array_equal(after["scores"], before["scores"], err_msg="scores do not depend on the switch")
    assert not np.allclose(np.nan_to_num(after["weights"]), np.nan_to_num(before["weights"]))
    assert not np.allclose(after["context"], before["context"])
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


# --- the sum behind a number -----------------------------------------------------------------------------------------


def test_choosing_a_cell_writes_its_sum_with_its_own_numbers():
    page = opened()
    widget(page, "looking_word").set_value(1).run()
    widget(page, "looked_at_word").set_value(0).run()
    assert_sound(page)
    weights, scores = squares(page, "weights"), squares(page, "scores")
    sums = "".join(each.value for each in page.latex)
    assert r"\text{walked} \to \text{We}" in sums
    for number in (scores[1, 0], scores[1, 0] / 2, weights[1, 0]):
        assert rf"\mathbf{{{number:.2f}}}" in sums
    assert chosen_number(page) == ("weights", 2, 1)


def test_a_chosen_cell_that_leaves_the_sentence_gives_way():
    page = opened()
    widget(page, "looking_word").set_value(5).run()
    widget(page, "sentence").set_value("river bank").run()
    assert_sound(page)
    stage, row, column = chosen_number(page)
    assert stage == "weights" and {row, column} <= {1, 2}
    assert widget(page, "looking_word").value in (0, 1)
