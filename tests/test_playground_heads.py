"""Heads and places that turn, on the Playground and on every other page, without a browser."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from support.heads import some_heads
from support.screen import arrived, chart, edit, in_places, run, squares, widget

from attention_core import OPENING, VARIANTS, attend
from exports.article import article
from exports.web_page import web_page
from presentation.heads_chart import heads_chart
from presentation.story_text import story_text
from sharing.address import from_code
from ui.course import COURSE
from ui.state import edits
from ui.state.document import Document

PAGE = "playground"
OPEN = OPENING.build()
W_O = np.arange(24.0).reshape(12, 2).round(1).tolist()
THREE = some_heads(OPEN, 3, w_o=W_O, head_name="its *kind*")


def experiment_of(page):
    return from_code(page.session_state["x"])


def press(page, key):
    return run(widget(page, key).click())


def choose(page, number):
    """A head, counted from 1."""
    return run(widget(page, "head").set_value(number - 1))


def maps(page):
    frame = chart(page, "heads")
    return [in_places(frame[frame["head"] == head].reset_index()) for head in sorted(set(frame["head"]))]


def test_one_head_has_no_row_of_maps():
    page = arrived(PAGE)
    assert "heads" not in {each.key for each in page.get("vega_lite_chart")}
    assert not widget(page, "head_add").disabled and widget(page, "head_remove").disabled


def test_heads_are_added_copied_named_and_removed_and_every_step_can_be_undone():
    page = arrived(PAGE)
    press(page, "head_add")
    assert [len(experiment_of(page).heads), experiment_of(page).head] == [2, 1]
    edit(page, "w_q", {"q1": 3.0})
    run(widget(page, "head_name").set_value("the word before"))
    press(page, "head_copy")
    assert [head.name for head in experiment_of(page).heads] == ["", "the word before", "the word before 2"]
    assert experiment_of(page).heads[0].w_q.tolist() == OPEN.w_q.tolist(), "the others keep their numbers"
    press(page, "head_remove")
    assert experiment_of(page).head == 1 and experiment_of(page).w_q[0, 0] == 3.0
    for _ in range(5):
        press(page, "undo")
    assert experiment_of(page) == OPEN


def test_all_heads_are_drawn_small_and_the_chosen_one_large():
    page = arrived(PAGE, THREE)
    calculation = attend(THREE)
    for drawn, head in zip(maps(page), calculation.heads, strict=True):
        np.testing.assert_array_equal(drawn, head.attention.weights)
    np.testing.assert_array_equal(squares(page, "weights"), calculation.attention.weights)
    choose(page, 3)
    assert experiment_of(page) == THREE.with_head_chosen(2)
    np.testing.assert_array_equal(squares(page, "weights"), calculation.heads[2].attention.weights)
    assert widget(page, "undo").disabled, "looking at another head changes nothing"
    edit(page, "w_v", {"v1": 9.0})
    assert experiment_of(page).heads[2].w_v[0, 0] == 9.0
    assert experiment_of(page).heads[0] == THREE.heads[0]


@pytest.mark.parametrize("picked", [0, 4, -1, "2", None, 2.5, True])
def test_a_head_that_is_not_there_is_passed_over(picked, monkeypatch):
    document = Document(THREE)
    monkeypatch.setattr(edits, "experiment", lambda: document.experiment)
    monkeypatch.setattr(edits, "session", lambda: SimpleNamespace(document=document))
    edits.choose_head(picked, 1)
    assert document.experiment is THREE
    edits.choose_head(3, 1)
    assert document.experiment == THREE.with_head_chosen(2) and not document.back


def test_what_was_there_before_is_shown_of_the_head_that_is_looked_at():
    document = Document(THREE)
    document.commit(replace(THREE, scaled=False))
    document.choose_head(1)
    assert document.before == THREE.with_head_chosen(1)
    document.undo()
    assert document.experiment == THREE


def test_w_o_is_edited_widened_and_filled():
    page = arrived(PAGE, some_heads(OPEN, 2))
    edit(page, "w_o", {"o1": 2.0})
    assert experiment_of(page).w_o[0][:2] == (2.0, 0.0) and attend(experiment_of(page)).mixes_heads
    run(widget(page, "output_size").set_value(3))
    assert {len(row) for row in experiment_of(page).w_o} == {3}
    assert in_places(chart(page, "context")).shape == (6, 3)


def test_more_heads_than_fit_are_refused_and_nothing_is_lost():
    page = arrived(PAGE, some_heads(OPEN.resized(d_v=16), 2))
    press(page, "head_add")
    assert len(experiment_of(page).heads) == 2
    assert any("48 numbers side by side" in each.value for each in page.toast)
    full = arrived(PAGE, some_heads(OPEN, 8))
    press(full, "head_add")
    assert len(experiment_of(full).heads) == 8 and any("9 heads" in each.value for each in full.toast)


@pytest.mark.parametrize("way", VARIANTS)
def test_every_way_to_attend_is_drawn_with_several_heads_or_says_why_not(way):
    page = arrived(PAGE, replace(some_heads(OPEN, 2), variant=way))
    says_so = any("heads differ in their tables alone" in each.value for each in page.caption)
    assert says_so is (not VARIANTS[way].has_heads)
    assert len(chart(page, "context")) == attend(experiment_of(page)).context.size


def test_the_story_says_whose_weights_it_tells():
    assert story_text(attend(THREE), 5).startswith("In the head “its \\*kind\\*”, **bank** looks")
    assert story_text(attend(THREE.with_head_chosen(1)), 5).startswith("In the head “head 2”, **bank** looks")
    assert story_text(attend(some_heads(OPEN, 2, head_name="")), 5).startswith("In head 1, **bank** looks")


def test_maps_of_long_sentences_share_their_rows_and_every_row_still_sums_to_1():
    frame = heads_chart(attend(replace(some_heads(OPEN, 2), sentence="bank river " * 60))).frame
    assert len(frame) <= 2 * 24 * 24
    sums = frame.groupby(["head", "query_position"])["value"].sum()
    np.testing.assert_allclose(sums, 1.0)


def test_two_heads_of_the_same_name_are_told_apart_in_the_picture():
    twins = some_heads(OPEN, 2, head_name="head 2")
    frame = heads_chart(attend(twins)).frame
    assert list(frame["name"].dropna()) == ["head 2 (1)", "head 2 (2)"]


LESSONS = tuple(lesson.script for lesson in COURSE)


@pytest.mark.parametrize("script", [*LESSONS, "teach_it", "take_it_with_you"])
@pytest.mark.parametrize("order", ["none", "rotary"])
def test_every_other_page_is_drawn_for_an_experiment_of_several_heads(script, order):
    page = arrived(script, replace(THREE, positions=order))
    if script in LESSONS:
        assert widget(page, "use_own").value is True
    if script == "take_it_with_you":
        assert "Spreadsheet (.xlsx)" in [each.label for each in page.get("download_button")]


@pytest.mark.parametrize("order", ["none", "rotary"])
def test_an_article_has_every_head_what_stands_side_by_side_and_w_o(order):
    calculation = attend(replace(THREE, positions=order))
    told = article(calculation, word=1).markdown
    assert "three attention heads, each with tables of its own" in told
    for table in (
        calculation.joined,
        calculation.w_o,
        calculation.context,
        *(h.attention.weights for h in calculation.heads),
    ):
        for row in table:
            assert " | ".join(f"{number:.2f}".replace("-", "−") for number in row + 0.0) in told
    assert ("turned by its place" in told) is (order == "rotary")
    assert web_page(article(calculation, word=1))
