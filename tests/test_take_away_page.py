"""Take it with you as a visitor meets it, without a browser: links, files to open, and a button for each file.

Files are made here in this process (tests/test_workshop.py has the workers); what a button serves is read where
Streamlit hands it to the browser.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, MONEY, arrived, assert_words_are_escaped, run, turned, widget
from support.take_away_screen import (
    EXPERIMENTS,
    HOME,
    SCRIPT,
    experiment_of,
    kept_in,
    links,
    opened,
    opened_by_file,
    query_of,
    served,
    words,
)

from attention_core import attend
from exports.pictures import caption
from presentation.text import plain
from sharing.address import from_code, to_code
from sharing.class_view import CONTROLS, MAX_TASK, ClassView, from_text
from sharing.file import from_file
from ui.course import COURSE, LESSONS

pytestmark = pytest.mark.usefixtures("handed_over", "workshop")


def largest():
    """512 different words and 16 columns of random numbers, more than an address holds."""
    generator = np.random.default_rng(1)
    experiment = experiment_of(words(512)).resized(d_model=16, d_k=16, d_v=16)
    return replace(experiment, rows={word: tuple(generator.normal(size=16)) for word in experiment.vocabulary})


# --- reading the page ------------------------------------------------------------------------------------------------


def headings(page):
    return [text for each in page.markdown for text in re.findall(r"^## :material/\w+: (.*)$", each.value, re.M)]


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_page_opens_and_its_link_opens_the_same_experiment(name):
    experiment = EXPERIMENTS[name]
    page = opened(experiment)
    assert not page.error and not page.warning
    first, *others = links(page)
    assert not others, "a link for a class only where something is chosen"
    assert from_code(query_of(first).get("x", "")) == experiment
    assert set(query_of(first)) <= {"x"}
    (told,) = (each.value for each in page.markdown if each.value.startswith("Take **"))
    assert plain(caption(attend(experiment))) in told
    assert_words_are_escaped(page, attend(experiment).labels)


def test_everything_that_can_be_taken_has_its_place():
    assert set(headings(opened())) == {
        *("Spreadsheet", "Article", "Script", "File", "Tables", "Link", "A link for a class", "Pictures")
    }


@pytest.mark.parametrize("script", ["playground", *(lesson.script for lesson in COURSE), SCRIPT])
def test_every_page_leads_there(script):
    page = arrived(script)
    leads_to = [each.proto.page for each in page.page_link]
    assert SCRIPT in leads_to or (script in LESSONS and "" in leads_to)  # a card's numbers go to the Playground first


@pytest.mark.parametrize("home", ["http://127.0.0.1:8501/", "https://university.example/a/b/"])
def test_a_link_names_the_playground_wherever_the_app_lives(home):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for script, address in (("playground", ""), ("same_word", "same_word"), (SCRIPT, SCRIPT)):
        page.context = {"url": home + address}
        run(page) if script == "playground" else turned(page, script)
    assert links(page) == [home]


def test_the_link_follows_what_is_changed():
    page = opened()
    assert links(page) == [HOME]
    turned(page, "playground")
    run(widget(page, "sentence").set_value(MONEY))
    link = links(turned(page, SCRIPT))[0]
    assert from_code(query_of(link)["x"]).sentence == MONEY
    run(widget(page, "undo").click())
    assert links(page) == [HOME]


def test_an_experiment_too_large_for_an_address_has_no_link_and_the_file_holds_it(handed_over):
    experiment = largest()
    with pytest.raises(ValueError, match="too large"):
        to_code(experiment)
    page = opened_by_file(experiment)
    assert links(page) == [] and not page.link_button
    told = [each.value for each in page.warning]
    assert sum("Save it as a file instead" in each for each in told) == 1
    assert sum("no link for a class" in each for each in told) == 1
    assert from_file(served(page, handed_over)["experiment.json"].content()) == experiment
    run(widget(page, "task").set_value("Why?"))
    assert links(page) == [] and not page.link_button
    run(widget(page, "undo").click())
    assert links(page)[0] == HOME and not page.warning


# --- a link for a class ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "task"),
    [
        ([], ""),
        (["sums"], ""),
        ([], "Which word does “bank” look at, & why? 50 % #1 ~ a.b + c = d"),
        (["tables", "fills"], "=1+1 <b>x</b> 👩\u200d👧"),
        (list(CONTROLS), "Why?"),
    ],
)
def test_the_link_for_a_class_holds_what_was_chosen(hidden, task):
    experiment = EXPERIMENTS["cat-and-mouse"]
    page = opened(experiment)
    run(widget(page, "hidden_controls").set_value(hidden))
    run(widget(page, "task").set_value(task))
    first, *others = links(page)
    assert from_code(query_of(first)["x"]) == experiment and set(query_of(first)) == {"x"}
    if not hidden and not task:
        assert not others and not page.link_button
        return
    (made,) = others
    query = query_of(made)
    assert query["x"] == query_of(first)["x"]
    assert from_text(query["class"]) == ClassView(frozenset(hidden), task)
    assert [each.url for each in page.link_button] == [made]
    assert set(re.findall(r"[^\w.~%/:?=&+-]", made, re.ASCII)) == set(), "it survives being pasted anywhere"
    again = AppTest.from_file(str(MAIN), default_timeout=60)
    again.query_params.update(query)
    run(again)
    assert [each.value for each in again.info] == ([plain(task)] if task else [])
    assert kept_in(again) == experiment
    assert bool(again.data_editor) == ("tables" not in hidden)


def test_every_control_can_be_chosen_by_the_name_it_has_on_screen():
    assert widget(opened(), "hidden_controls").options == list(CONTROLS.values())


@pytest.mark.parametrize("task", ["   ", " \t\n "])
def test_a_task_of_spaces_is_none(task):
    page = run(widget(opened(), "task").set_value(task))
    assert links(page) == [HOME] and not page.link_button


def test_a_task_that_is_too_long_is_cut_in_the_link():
    page = run(widget(opened(), "task").set_value("a" * MAX_TASK))
    assert from_text(query_of(links(page)[1])["class"]).task == "a" * MAX_TASK
    assert widget(page, "task").proto.max_chars == MAX_TASK


def test_the_teacher_finds_what_was_chosen_again_after_another_page():
    page = run(widget(opened(), "hidden_controls").set_value(["mask"]))
    run(widget(page, "task").set_value("Why?"))
    made = links(page)[1]
    turned(turned(page, "playground"), SCRIPT)
    assert links(page)[1] == made
    assert (widget(page, "hidden_controls").value, widget(page, "task").value) == (["mask"], "Why?")


def test_choosing_for_a_class_hides_nothing_for_the_teacher():
    page = run(widget(opened(), "hidden_controls").set_value(list(CONTROLS)))
    turned(page, "playground")
    assert page.data_editor and page.latex and "class" not in page.query_params


def test_what_a_teachers_own_link_hides_is_not_in_the_link_of_a_visitor():
    page = opened(**{"class": "tables~Look!"})
    assert links(page) == [HOME]
