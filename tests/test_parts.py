"""What follows from a change is drawn anew alone, and is what the whole page would show."""

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.fragment import MemoryFragmentStorage
from support.screen import MONEY, assert_sound, charts, code_of, everything_drawn, opened, press, widget

from attention_core import Stage
from ui import attention
from ui.state import parts
from ui.state.session import Session


@pytest.fixture
def runs(monkeypatch):
    """The page as a browser gets it, and which parts were asked for alone, change by change."""
    monkeypatch.setattr(ContextProxy, "url", property(lambda _: "http://localhost/"))
    asked, draw_anew = [], parts.draw_anew
    monkeypatch.setattr(parts, "draw_anew", lambda *names: (asked.append(names), draw_anew(*names)))
    return asked


def told(page):
    """What the parts say. After one of them was drawn alone, an AppTest knows of nothing else."""
    return {
        **{stage: repr(numbers.tolist()) for stage, numbers in everything_drawn(page).items()},
        "story": [each.value for each in page.markdown if each.value.startswith("**bank")],
        "sums": [each.value for each in page.latex],
        "address": code_of(page),
        "undo": [each.disabled for each in page.button if each.key in ("undo", "redo")],
        "example": widget(page, "example").value,
    }


def drawn_whole(page):
    """What the same page says once all of it is drawn."""
    page.run()
    assert_sound(page)
    return told(page)


@pytest.mark.parametrize("switch", ["scaled", "causal"])
def test_after_a_switch_the_parts_say_what_the_whole_page_would(runs, switch):
    page = opened()
    before = told(page)
    widget(page, switch).set_value(not widget(page, switch).value).run()
    assert_sound(page)
    after = told(page)
    assert runs == [parts.OF_A_SWITCH]
    assert after["weights"] != before["weights"] and after["address"] and after["undo"] == [False, True]
    assert after["example"] is None
    assert after == drawn_whole(page)


def test_undo_draws_the_whole_page(runs):
    page = opened()
    before = told(page)
    widget(page, "scaled").set_value(False).run()
    runs.clear()
    press(page, "undo")
    assert runs == [] and widget(page, "scaled").value is True
    assert told(page)["weights"] == before["weights"] and told(page)["example"] == before["example"]


def test_the_parts_are_those_of_the_experiment_of_now(runs):
    """They were set up for another sentence and are drawn again for this one."""
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    widget(page, "scaled").set_value(False).run()
    after, undo_before = told(page), [False, True]
    assert after.pop("undo") == [], "it looks as before and is not drawn again"
    whole = drawn_whole(page)
    assert whole.pop("undo") == undo_before and after == whole
    assert "money" in after["story"][0]


def test_where_a_part_is_not_on_the_page_all_of_it_is_drawn(runs):
    page = opened()
    page.switch_page("../pages/three_ways.py").run()
    assert not page.exception
    before = {key: chart.data.data for key, chart in charts(page).items()}
    widget(page, "scaled").set_value(not widget(page, "scaled").value).run()
    assert not page.exception
    assert {key: chart.data.data for key, chart in charts(page).items()} != before


def test_without_a_browser_all_is_drawn(monkeypatch):
    page, asked = opened(), []
    monkeypatch.setattr(parts, "draw_anew", lambda *names: asked.append(names))
    widget(page, "scaled").set_value(False).run()
    assert asked == [] and told(page) == drawn_whole(page)


# --- in one run ------------------------------------------------------------------------------------------------------


@pytest.fixture
def storage(monkeypatch):
    """A page whose parts are all drawn, as Streamlit keeps it, answered as app.py has it."""
    monkeypatch.setattr(parts, "_SHOWN", {})
    monkeypatch.setattr(MemoryFragmentStorage, "order_fragment_ids", MemoryFragmentStorage.order_fragment_ids)
    parts.draw_what_follows()
    kept = MemoryFragmentStorage()
    for name in {*parts.OF_A_CELL, *parts.OF_A_NUMBER, *parts._FOLLOWED_BY}:
        kept.register(f"id of {name}", lambda: None, target_key=name)
    kept.register("another", lambda: None)
    return kept


def ids(names):
    return {f"id of {name}" for name in names}


@pytest.mark.parametrize(
    ("done_in", "follows"),
    [
        (parts.SCALING, parts.OF_A_SWITCH),
        (parts.CAUSAL, parts.OF_A_SWITCH),
        (parts.GRID, parts.OF_A_CELL),
        (parts.FOLLOWS, parts.OF_A_NUMBER),
        (parts.STORY, (parts.STORY,)),
    ],
)
def test_what_is_done_in_a_part_is_answered_in_one_run_by_all_that_follows(storage, done_in, follows):
    assert set(storage.order_fragment_ids([f"id of {done_in}"])) == ids(follows)
    assert not parts.is_answered_by_the_page(storage, f"id of {done_in}")


def test_what_a_callback_asks_for_is_what_is_drawn(storage):
    asked = [f"id of {parts.FOLLOWS}", f"id of {parts.SCALING}"]
    assert storage.order_fragment_ids(asked) == asked


def test_where_something_that_follows_is_not_on_the_page_all_of_it_answers(storage):
    storage.delete(f"id of {parts.STORY}")
    assert parts.is_answered_by_the_page(storage, f"id of {parts.SCALING}")
    assert not parts.is_answered_by_the_page(storage, "another")
    assert storage.order_fragment_ids(["another"]) == ["another"]


def test_what_would_look_the_same_is_not_drawn(storage, monkeypatch):
    kept, can_undo = Session(), [False, False]
    monkeypatch.setattr(parts, "session", lambda: kept)
    parts.part(parts.HISTORY, shows=lambda: tuple(can_undo), after_an_edit=(True, False))
    parts.part(parts.BEHIND, shows=lambda: "closed")

    def drawn():
        return set(storage.order_fragment_ids([f"id of {parts.SCALING}"]))

    assert drawn() == ids(parts.OF_A_SWITCH), "nothing is known of what is shown"
    kept.shown = {parts.HISTORY: (False, False), parts.BEHIND: "closed"}
    assert drawn() == ids({*parts.OF_A_SWITCH} - {parts.BEHIND}), "after an edit a step can be undone"
    kept.shown[parts.HISTORY] = (True, False)
    assert drawn() == ids({*parts.OF_A_SWITCH} - {parts.BEHIND, parts.HISTORY})
    kept.shown[parts.BEHIND] = "open"
    assert drawn() == ids({*parts.OF_A_SWITCH} - {parts.HISTORY})


@pytest.mark.parametrize("opened", ["moves", "sums_behind", "choose", "terms"])
def test_what_is_open_is_drawn_after_every_change(monkeypatch, opened):
    monkeypatch.setattr(attention.masks, "is_on", lambda: False)
    monkeypatch.setattr(attention.current, "stage", lambda: Stage.WEIGHTS)
    told = attention._told_behind if opened in ("moves", "sums_behind") else attention._told_below
    monkeypatch.setattr(attention.widgets, "held_by", lambda key: False)
    assert told() == told(), "all is closed"
    monkeypatch.setattr(attention.widgets, "held_by", lambda key: key == opened)
    assert told() != told()
