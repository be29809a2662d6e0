"""Which cards are done outlives a session, in a cookie that no link and no other site can set."""

import json
import random

import pytest
import streamlit as st
from starlette.testclient import TestClient
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from support.screen import MAIN

from app import app
from sharing.address import text_to_code
from sharing.done_cards import MAX_DONE, from_done_code, to_done_code
from ui.course import COURSE
from ui.state import progress
from ui.tasks import TASKS
from ui.tasks.task import shown_by

FOUND = {card: task.found(shown_by(task.shown(len(task.solution)))) for card, task in TASKS.items()}
ASKED = {"sec-fetch-site": "same-origin"}


def arrived(monkeypatch, script, code, **address):
    """A new session on a lesson, of a browser with that cookie."""
    monkeypatch.setattr(ContextProxy, "cookies", {"cards": code})
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    page.switch_page(f"../pages/{script}.py")
    page.query_params.update(address)
    page.run()
    assert not page.exception, page.exception
    return page


def ticks(page, script):
    """The titles of the lesson's cards that have a tick."""
    (picker,) = (each for each in page.get("button_group") if str(each.key) == f"card_{script}")
    return [option.content for option in picker.proto.options if option.content_icon == ":material/check:"]


def asked_for(page):
    """The code in the picture with which the browser is told what is done."""
    bodies = "".join(found.proto.body for found in page.get("html"))
    return bodies.partition(f"{progress.REMEMBERED_BY}?")[2].partition('"')[0]


def test_all_that_was_found_in_the_course_fits_a_cookie_and_comes_back():
    code = to_done_code(FOUND)
    assert len(code) <= MAX_DONE and from_done_code(code, TASKS) == FOUND
    assert to_done_code({}) == "" and from_done_code("", TASKS) == {}


def test_what_is_too_long_for_a_cookie_is_left_out_and_the_cards_stay_done():
    letters = random.Random(1)
    long = {card: "".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(300)) for card in TASKS}
    assert from_done_code(to_done_code(long), TASKS) == dict.fromkeys(TASKS, "")
    one = FOUND | {"similarity/words": "x" * 301}
    assert from_done_code(to_done_code(one), TASKS) == FOUND | {"similarity/words": ""}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "[" * 90_000, '{"similarity/words": 3}', '{"nowhere/at all": "x"}',
             '{"similarity/words": "\\ud800"}', json.dumps({"similarity/words": "x" * 301})]
)  # fmt: skip
def test_a_cookie_that_says_nothing_of_a_card_says_nothing(text):
    assert from_done_code(text_to_code(text), TASKS) == {}


@pytest.mark.parametrize("code", ["x", "2~", "2~AAAA", "9~AAAA", "\N{SNOWMAN}", "2~" + "A" * 5000])
def test_a_cookie_that_cannot_be_read_says_nothing(code):
    assert from_done_code(code, TASKS) == {}


def test_a_browser_that_comes_back_finds_its_ticks_and_what_was_found(monkeypatch):
    done = {card: FOUND[card] for card in ("similarity/multiply", "transformer/next")}
    page = arrived(monkeypatch, "similarity", to_done_code(done))
    assert ticks(page, "similarity") == [COURSE[0].cards[0].title]
    assert asked_for(page) == "", "the browser knows it already"
    page = arrived(monkeypatch, "transformer", to_done_code(done), card="next")
    told = "\n".join(each.value for each in page.markdown)
    assert f"**2 of {len(TASKS)}** cards" in told and FOUND["similarity/multiply"] in told


def test_a_card_that_gets_done_is_told_to_the_browser_and_one_that_is_begun_again_too(monkeypatch):
    page = arrived(monkeypatch, "similarity", to_done_code({"similarity/words": "before"}))
    for _ in range(3):  # two hints, and the only step of the solution
        (help_,) = (each for each in page.button if str(each.key).startswith(("hint", "show_me")))
        help_.click().run()
    assert set(ticks(page, "similarity")) == {COURSE[0].cards[0].title, COURSE[0].cards[2].title}
    told = from_done_code(asked_for(page), TASKS)
    assert told == {"similarity/multiply": FOUND["similarity/multiply"], "similarity/words": "before"}
    (again,) = (each for each in page.button if str(each.key).startswith("start_again"))
    again.click().run()
    assert ticks(page, "similarity") == [COURSE[0].cards[2].title]


def test_a_link_to_a_card_that_is_done_ticks_nothing(monkeypatch):
    page = arrived(monkeypatch, "similarity", "", card="multiply")
    for _ in range(3):
        (help_,) = (each for each in page.button if str(each.key).startswith(("hint", "show_me")))
        help_.click().run()
    solved = page.query_params["card"]
    foreign = arrived(monkeypatch, "similarity", "", card=solved)
    assert ticks(foreign, "similarity") == [] and asked_for(foreign) == ""
    assert "What you opened does this already" in "".join(each.value for each in foreign.caption)


def test_only_a_page_of_the_app_sets_the_cookie_and_only_the_connection_gets_it():
    client = TestClient(app, base_url="https://play.example.edu")
    code = to_done_code(FOUND)
    cookie = client.get(f"/_stcore/cards_done.svg?{code}", headers=ASKED).headers["set-cookie"]
    assert cookie.startswith(f"cards={code};") and "httponly" in cookie.lower() and "samesite=lax" in cookie.lower()
    assert "path" not in cookie.lower(), "so that it belongs to the folder of the picture"
    assert "max-age=0" in client.get("/_stcore/cards_done.svg", headers=ASKED).headers["set-cookie"].lower()
    for who in ("cross-site", "same-site", "none", None):
        headers = {"sec-fetch-site": who} if who else {}
        assert "set-cookie" not in client.get(f"/_stcore/cards_done.svg?{code}", headers=headers).headers, who
    for query in ("a;b=c", "a%0d%0ab", "x" * 3601):
        assert "set-cookie" not in client.get(f"/_stcore/cards_done.svg?{query}", headers=ASKED).headers, query


def test_a_session_without_a_browser_has_done_nothing(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    progress.recall()
    assert progress.findings() == {} and not progress.is_to_be_remembered()
