"""What a session keeps: a document with its steps, and editors that agree with it."""

import os
import subprocess
import sys

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support.screen import MAIN

from attention_core import EXAMPLES, OPENING
from ui.state import widgets
from ui.state.document import MAX_UNDO, Document, Draft


def changed(step):
    """An experiment that is told from others by its first number."""
    start = OPENING.build()
    table = start.w_q.copy()
    table[0, 0] = 100 + step
    return type(start)(**{**vars_of(start), "w_q": table})


def vars_of(experiment):
    return {name: getattr(experiment, name) for name in experiment.__dataclass_fields__}


def typed(number, row=0, column="q1"):
    return {row: {column: number}}


@pytest.fixture
def document():
    return Document(OPENING.build())


@pytest.fixture
def drawn(document):
    """A document whose table W_Q is on screen."""
    document.editor("w_q")
    return document


def test_what_a_session_keeps_of_its_own_stands_under_one_key():
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    of_widgets = {str(each.key) for each in page.main if getattr(each, "key", None)}
    keys = {str(key) for key in page.session_state}
    assert {key for key in keys - of_widgets if not key.startswith("$$")} == {"_session"}


def test_two_sessions_share_nothing():
    one, other = (AppTest.from_file(str(MAIN), default_timeout=60).run().session_state["_session"] for _ in range(2))
    one.cards.done["a card"] = "It was found."
    one.document.drafts["sentence"] = Draft("", "Type at least one word.")
    assert not other.cards.done and not other.document.drafts


# --- steps -----------------------------------------------------------------------------------------------------------


def test_steps_go_back_and_forth_in_order(document):
    steps = [document.experiment, *map(changed, range(3))]
    for step in steps[1:]:
        document.commit(step)
    for step in reversed(steps[:-1]):
        document.undo()
        assert document.experiment == step
    document.undo()
    assert document.experiment == steps[0]
    for step in steps[1:]:
        document.redo()
        assert document.experiment == step
    document.redo()
    assert document.experiment == steps[-1]


def test_the_same_again_is_no_step(document):
    document.commit(OPENING.build())
    assert not document.back


def test_something_new_after_going_back_ends_the_way_forth(document):
    document.commit(changed(1))
    document.undo()
    document.commit(changed(2))
    assert not document.forth and document.back == [OPENING.build()]


def test_only_the_latest_steps_are_kept(document):
    for step in range(MAX_UNDO + 5):
        document.commit(changed(step))
    assert len(document.back) == MAX_UNDO and document.back[0] == changed(4)


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_a_step_that_comes_from_elsewhere_is_told_from_a_new_one(document, way):
    document.commit(changed(1))
    document.commit(changed(2))
    document.undo()
    target = document.back[-1] if way == "undo" else document.forth[-1]
    lengths = len(document.back) + len(document.forth)
    document.move_to(target)
    assert document.experiment == target and len(document.back) + len(document.forth) == lengths
    document.move_to(changed(9))
    assert document.experiment == changed(9) and not document.forth


@pytest.mark.parametrize("act", [Document.undo, lambda it: it.move_to(EXAMPLES["cat-and-mouse"].build())])
def test_a_draft_belongs_to_the_experiment_it_was_typed_into(document, act):
    document.commit(changed(1))
    document.drafts["sentence"] = Draft("", "Type at least one word.")
    act(document)
    assert not document.drafts


# --- editors ---------------------------------------------------------------------------------------------------------


def test_an_edit_is_taken_in_once_however_often_it_is_reported(drawn):
    for _ in range(3):
        drawn.take_in("w_q", typed(7.0))
    assert drawn.experiment.w_q[0, 0] == 7 and len(drawn.back) == 1


def test_an_editor_stays_while_its_own_edits_change_the_table(drawn):
    before = drawn.editor("w_q")
    drawn.take_in("w_q", typed(7.0))
    assert drawn.editor("w_q") is before


def test_a_table_that_changes_from_elsewhere_gets_a_new_editor(drawn):
    drawn.take_in("w_q", typed(7.0))
    before = drawn.editor("w_q").version
    drawn.undo()
    assert drawn.editor("w_q").version == before + 1
    assert drawn.editor("w_q").version == before + 1, "and keeps it"


def test_a_change_of_another_table_leaves_an_editor_alone(drawn):
    before = drawn.editor("w_q")
    drawn.editor("w_k")
    drawn.take_in("w_k", {0: {"k1": 5.0}})
    assert drawn.editor("w_q") is before


def test_what_was_undone_is_not_taken_in_again(drawn):
    drawn.take_in("w_q", typed(7.0))
    drawn.undo()
    drawn.take_in("w_q", typed(7.0))
    assert drawn.experiment == OPENING.build() and len(drawn.forth) == 1


def test_edits_of_a_table_that_changed_meanwhile_are_dropped(drawn):
    """A cell is left by a click on Undo: the edit and the click arrive together."""
    drawn.take_in("w_q", typed(7.0))
    drawn.undo()
    drawn.take_in("w_q", typed(7.0) | typed(8.0, row=1))
    assert drawn.experiment == OPENING.build()


def test_a_cell_that_holds_no_number_is_told_and_keeps_the_one_it_had(drawn):
    drawn.take_in("w_q", typed("seven") | typed(8.0, row=1))
    assert "“seven”" in drawn.editor("w_q").problem
    assert drawn.experiment.w_q[0, 0] == OPENING.build().w_q[0, 0] and drawn.experiment.w_q[1, 0] == 8
    drawn.take_in("w_q", typed(9.0) | typed(8.0, row=1))
    assert drawn.editor("w_q").problem is None and drawn.experiment.w_q[0, 0] == 9


def test_edits_that_no_editor_of_ours_sends_give_a_new_editor(drawn):
    before = drawn.editor("w_q").version
    drawn.take_in("w_q", {99: {"q1": 1.0}})
    assert drawn.experiment == OPENING.build() and drawn.editor("w_q").version == before + 1


def test_what_is_wrong_with_a_cell_is_forgotten_with_its_editor(drawn):
    drawn.take_in("w_q", typed("seven"))
    drawn.take_in("w_q", {})  # another page was drawn meanwhile
    assert drawn.editor("w_q").problem is None and drawn.experiment == OPENING.build()


# --- widgets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "held", "same"),
    [
        ("river-bank", "river-bank", True),
        ("river-bank", "money-bank", False),
        ("", "river-bank", False),
        (4, 4, True),
        (4, 5, False),
        (4, None, False),
    ],
)
def test_a_widget_that_holds_what_it_was_drawn_with_was_not_chosen_in(monkeypatch, shown, held, same):
    key = widgets.versioned("example", shown)
    monkeypatch.setattr(st, "session_state", {key: held})
    assert widgets.is_what_it_showed(key) is same


def test_a_widget_without_a_version_always_counts(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"scaled": True})
    assert not widgets.is_what_it_showed("scaled")


def test_a_versioned_key_is_the_same_in_every_process():
    """So that a visitor whose server is replaced finds the same widgets on the next one."""
    value = "a value of more than twenty characters"
    done = subprocess.run(
        [sys.executable, "-c", f"from ui.state.widgets import versioned; print(versioned('k', '{value}'))"],
        cwd=MAIN.parent.parent,
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert os.environ.get("PYTHONHASHSEED") != "1", "so that this process counts with other hashes"
    assert done.stdout.split()[-1] == widgets.versioned("k", value)
