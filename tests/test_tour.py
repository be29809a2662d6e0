"""Show me around: offered to those without a link, four steps with a person's own numbers, gone with one click."""

import re

import pytest
from starlette.testclient import TestClient
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, MONEY, chart, code_of, context_table, opened, press, widget

from app import app

OFFER = "See which word looks at which"


def arrived(**address):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    page.query_params.update(address)
    page.run()
    assert not page.exception, page.exception
    return page


def keys(page):
    return {str(each.key) for each in page.main if getattr(each, "key", None)}


def told(page):
    return "\n".join(each.value for each in page.markdown)


def step(page):
    """The text of the step that is on screen, if one is."""
    found = re.findall(r"\*\*\d of \d · .*", told(page))
    assert len(found) <= 1
    return found[0] if found else None


def pictures_loaded(page):
    return re.findall('<img src="([^"]*)"', "".join(found.proto.body for found in page.get("html")))


def test_a_first_visitor_is_told_what_this_is_and_offered_to_be_shown_around():
    page = opened()
    assert OFFER in told(page) and {"show_me_around", "skip_the_tour"} <= keys(page)
    assert widget(page, "show_me_around").label == "Show me around" and step(page) is None


def test_nobody_who_comes_by_a_link_is_offered_anything():
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    for address in ({"x": code_of(page)}, {"class": "tables~Look."}, {"x": "damaged"}):
        arrival = arrived(**address)
        assert OFFER not in told(arrival) and "skip_the_tour" not in keys(arrival), address
        assert widget(arrival, "show_me_around").label == "Tour", "it can still be asked for"


def test_one_click_skips_it_and_it_does_not_come_back_unasked():
    page = opened()
    press(page, "skip_the_tour")
    for act in (
        lambda: page.run(),
        lambda: widget(page, "sentence").set_value(MONEY).run(),
        lambda: page.switch_page("../pages/similarity.py").run(),
        lambda: page.switch_page("../pages/playground.py").run(),
    ):
        act()
        assert OFFER not in told(page) and "skip_the_tour" not in keys(page) and step(page) is None
    press(page, "show_me_around")
    assert step(page)


@pytest.mark.parametrize("press_what", ["skip_the_tour", "show_me_around"])
def test_who_saw_or_declined_it_is_remembered_by_their_browser_alone(press_what, monkeypatch):
    page = opened()
    assert not pictures_loaded(page), "nobody is remembered who did nothing"
    press(page, press_what)
    (source,) = pictures_loaded(page)
    answer = TestClient(app).get(f"/{source}")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("tour=seen", "SameSite=lax", "Path=/", "HttpOnly", "Max-Age=31536000"))
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: dict(answer.cookies)))
    again = arrived()
    assert OFFER not in told(again) and widget(again, "show_me_around").label == "Tour"


def test_the_four_steps_speak_of_the_numbers_that_are_on_screen():
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    press(page, "show_me_around")
    assert "6 words" in step(page)
    press(page, "next_step")
    assert "**bank** starts as (0.00, 0.00, 0.30, 0.30)" in step(page)
    press(page, "next_step")
    weights = chart(page, "weights").set_index(["query", "key"])["value"]
    assert f"**bank** looks most at **money**: {weights['bank', 'money']:.2f}" in step(page)
    press(page, "next_step")
    context = ", ".join(f"{number:.2f}" for number in context_table(page).loc["bank"])
    assert f"**bank** becomes ({context})" in step(page)
    assert "skip_the_tour" not in keys(page)
    press(page, "next_step")
    assert step(page) is None and "looks most at" in told(page)


def test_the_last_step_writes_the_sum_of_a_number_of_the_new_vector():
    page = opened()
    for button in ("show_me_around", "next_step", "next_step"):
        press(page, button)
    assert any("weight" in formula.value for formula in page.latex)
    press(page, "next_step")
    assert any("context" in formula.value and "water" in formula.value for formula in page.latex)


def test_being_shown_around_changes_no_number_and_no_address():
    page = opened()
    before = code_of(page), chart(page, "context")["value"].tolist()
    for button in ("show_me_around", *["next_step"] * 4):
        press(page, button)
    assert (code_of(page), chart(page, "context")["value"].tolist()) == before
    assert widget(page, "undo").disabled


def test_steps_about_what_a_class_link_hides_are_left_out():
    page = arrived(**{"class": "sentence.tables~"})
    widget(page, "show_me_around").click().run()
    assert step(page).startswith("**1 of 2 · Where it looks")
    widget(page, "next_step").click().run()
    assert step(page).startswith("**2 of 2 · The new vector")


def test_a_step_that_no_longer_fits_follows_what_is_on_screen():
    page = opened()
    for button in ("show_me_around", "next_step", "next_step"):
        press(page, button)
    widget(page, "sentence").set_value("Hello").run()
    assert "**Hello** may look only at itself" in step(page)
