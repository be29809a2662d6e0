"""What a link for a class says, as text: there and back, and anything else that may stand in an address."""

import pytest

from sharing.class_view import CONTROLS, MAX_TASK, ClassView, from_text, to_text

VIEWS = {
    "": ClassView(),
    "~What does bank look at?": ClassView(task="What does bank look at?"),
    f"{'.'.join(CONTROLS)}~": ClassView(frozenset(CONTROLS)),
    f"{next(iter(CONTROLS))}~a ~ b": ClassView(frozenset([next(iter(CONTROLS))]), "a ~ b"),
}


@pytest.mark.parametrize("text", VIEWS)
def test_a_view_is_the_same_there_and_back_and_what_hides_nothing_is_no_text(text):
    assert to_text(VIEWS[text]) == text
    assert from_text(text) == VIEWS[text]
    assert bool(VIEWS[text]) == bool(text)


def test_what_is_no_control_hides_nothing():
    assert from_text("sums.no such control.X~") == from_text("sums~")
    assert from_text("\x00 anything. at all") == ClassView()


def test_a_task_is_one_line_of_limited_length():
    assert from_text("~ two\nlines \t and  spaces ").task == "two lines and spaces"
    assert from_text("~" + "a" * (MAX_TASK + 1)).task == "a" * MAX_TASK
    assert from_text("~" + "a" * (MAX_TASK - 1) + " b").task == "a" * (MAX_TASK - 1)
