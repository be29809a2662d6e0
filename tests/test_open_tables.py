"""In a browser only what is open is drawn: the table that is chosen, the inside of an open popover."""

import pytest
from streamlit.runtime.context import ContextProxy
from support.screen import assert_sound, edit, everything_drawn, opened, press, shown_table, widget


@pytest.fixture
def in_browser(monkeypatch):
    """The page as a browser gets it, which tells its address."""
    monkeypatch.setattr(ContextProxy, "url", property(lambda _: "http://localhost/"))
    return opened()


def turn_to(page, table):
    page.session_state["open_table"] = table
    page.run()
    assert_sound(page)


def tables_drawn(page):
    return [each.key.split(":")[0] for each in page.data_editor]


def names(page):
    return {str(getattr(each, "key", None)).split(":")[0] for each in page.main}


def test_of_the_tables_the_chosen_one_is_drawn_alone(in_browser):
    assert tables_drawn(in_browser) == ["embeddings"]
    for table in ("w_v", "w_q", "embeddings", "w_k"):
        turn_to(in_browser, table)
        assert tables_drawn(in_browser) == [table]


def test_without_a_browser_every_table_and_every_switch_is_there():
    page = opened()
    assert tables_drawn(page) == ["embeddings", "w_q", "w_k", "w_v", "w_o"]
    assert {"d_model", "decimals", "seed", "looking_word"} <= names(page)


def test_an_edit_stays_when_its_table_is_left_and_another_follows_when_it_is_back(in_browser):
    page, first = in_browser, everything_drawn(in_browser)
    edit(page, "embeddings", {"water": -0.5}, row=5)
    second = everything_drawn(page)
    turn_to(page, "w_q")
    assert (everything_drawn(page)["weights"] == second["weights"]).all()
    edit(page, "w_q", {"q1": 1.0})
    turn_to(page, "embeddings")
    assert shown_table(page, "embeddings").loc["bank", "water"] == -0.5
    edit(page, "embeddings", {"money": 0.25}, row=5)
    assert shown_table(page, "embeddings").loc["bank", ["water", "money"]].tolist() == [-0.5, 0.25]
    turn_to(page, "w_q")
    assert shown_table(page, "w_q").iloc[0, 0] == 1.0
    for _ in range(3):
        press(page, "undo")
    assert all((everything_drawn(page)[stage] == first[stage]).all() for stage in first)


def test_undo_reaches_a_table_that_is_not_on_screen(in_browser):
    page = in_browser
    turn_to(page, "w_v")
    before = shown_table(page, "w_v")
    edit(page, "w_v", {"v1": 7.0})
    turn_to(page, "embeddings")
    press(page, "undo")
    turn_to(page, "w_v")
    assert shown_table(page, "w_v").equals(before)
    turn_to(page, "embeddings")
    press(page, "redo")
    turn_to(page, "w_v")
    assert shown_table(page, "w_v").iloc[0, 0] == 7.0


def test_an_edit_that_arrives_together_with_the_choice_of_another_table_is_taken_in(in_browser):
    page = in_browser
    page.session_state["open_table"] = "w_k"
    edit(page, "embeddings", {"water": 0.875}, row=5)
    assert tables_drawn(page) == ["w_k"]
    turn_to(page, "embeddings")
    assert shown_table(page, "embeddings").loc["bank", "water"] == 0.875


@pytest.mark.parametrize(
    ("popover", "inside"), [("sizes", "d_model"), ("fill", "seed"), ("choose", "looking_word"), ("fill", "fill_w_q")]
)
def test_what_is_in_a_popover_is_drawn_once_it_is_open(in_browser, popover, inside):
    assert inside not in names(in_browser)
    in_browser.session_state[popover] = True
    in_browser.run()
    assert inside in names(in_browser)


def test_the_size_chosen_in_an_open_popover_is_taken_and_stays_when_it_is_closed(in_browser):
    page = in_browser
    page.session_state["sizes"] = True
    page.run()
    widget(page, "d_v").set_value(2).run()
    assert everything_drawn(page)["context"].shape == (6, 2)
    page.session_state["sizes"] = False
    page.run()
    assert everything_drawn(page)["context"].shape == (6, 2)
