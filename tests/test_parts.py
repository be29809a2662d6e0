"""What follows from a change is drawn anew alone, and is what the whole page would show."""

import pytest
from streamlit.runtime.context import ContextProxy
from support.screen import MONEY, assert_sound, charts, code_of, everything_drawn, opened, press, widget

from ui.state import parts


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
        "undo": (widget(page, "undo").disabled, widget(page, "redo").disabled),
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
    assert after["weights"] != before["weights"] and after["address"] and after["undo"] == (False, True)
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
    after = told(page)
    assert after == drawn_whole(page)
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
