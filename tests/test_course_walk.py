"""The whole course, card after card, in any order: every task is open on arrival, and the stored solution does it."""

import random
from dataclasses import replace

import pytest
import streamlit as st

from attention_core import OPENING
from ui.course import COURSE
from ui.state import address, card_address, cards, current, progress
from ui.state.document import Document
from ui.state.session import session
from ui.tasks import TASKS
from ui.tasks.task import Shown, shown_by

PLACES = [(lesson.script, number) for lesson in COURSE for number in range(len(lesson.cards))]
ORDERS = {
    "in order": PLACES,
    "in reverse": PLACES[::-1],
    **{f"at random, {seed}": random.Random(seed).sample(PLACES, len(PLACES)) for seed in range(5)},
}


@pytest.fixture(autouse=True)
def a_session(monkeypatch):
    """A session without a browser."""
    monkeypatch.setattr(st, "session_state", {})


def looked_at():
    """What the card on screen shows, judged as its frame does it; whether it counts as done now."""
    card, shown = cards.on_screen(), shown_by(session().document)
    progress.judge(TASKS[card].is_done(shown), lambda: TASKS[card].found(shown))
    return progress.is_done(card)


def arrive(script, number):
    address.turn_to(script)
    cards.open_card(script, number)
    return cards.on_screen()


@pytest.mark.parametrize("order", ORDERS)
def test_every_task_is_open_on_arrival_and_its_solution_does_it(order):
    own = replace(OPENING.build(), sentence="my own river", scaled=False)
    session().own.commit(own)
    for script, number in ORDERS[order]:
        card = arrive(script, number)
        assert not looked_at(), f"{card} is done on arrival"
        solution = TASKS[card].solution
        for step in range(len(solution)):
            assert not looked_at(), f"{card} is done after {step} of {len(solution)} steps"
            cards.show_next_step()
        assert looked_at(), f"{card} is not done by its solution"
        assert session().own.experiment is own
    assert set(progress.findings()) == set(TASKS) and all(progress.findings().values())
    assert len(session().documents()) == 1 + len(TASKS)


@pytest.mark.parametrize("order", ORDERS)
def test_the_acts_of_a_solution_do_the_task_on_the_card_itself(order):
    for script, number in ORDERS[order]:
        card = arrive(script, number)
        assert not looked_at()
        for act in TASKS[card].solution:
            act.on(session().document)
        assert looked_at(), card


@pytest.mark.parametrize("card", TASKS)
def test_a_solution_is_shown_also_to_those_who_have_changed_everything(card):
    script, number = PLACES[list(TASKS).index(card)]
    arrive(script, number)
    looked_at()
    strange = replace(OPENING.build(), sentence="x", variant="similarity", masks=("causal",), scaled=False)
    session().document.commit(replace(strange, lessons=replace(strange.lessons, seed=9, score_row=(0, 0, 0, 1))))
    for _ in TASKS[card].solution:
        cards.show_next_step()
    assert looked_at()
    session().document.undo()
    assert progress.is_done(card)


def test_starting_again_is_one_step_that_opens_the_task_once_more():
    arrive("similarity", 0)
    looked_at()
    cards.show_next_step()
    assert looked_at()
    cards.start_again()
    assert not looked_at() and cards.is_at_start("similarity/multiply")
    session().document.undo()
    assert session().document.experiment.lessons.vectors[0] == (5.0, 5.0)


def test_a_step_back_to_a_card_as_it_opened_brings_its_first_numbers_again_and_can_be_redone():
    arrive("similarity", 1)
    first = current.experiment()
    cards.show_next_step()
    changed = current.experiment()
    card_address.take_in("angle", is_first=False)
    assert current.experiment() == first != changed
    session().document.redo()
    assert current.experiment() == changed


def test_ones_own_numbers_are_left_alone_by_the_solution():
    arrive("similarity", 0)
    cards.use_own(True)
    looked_at()
    before = current.experiment()
    cards.show_next_step()
    assert not cards.uses_own() and session().own.experiment is before and looked_at()


def test_what_a_card_keeps_of_its_steps_is_bounded():
    arrive("why_scale", 0)
    document = session().document
    for size in range(1, 200):
        document.commit(replace(document.experiment, lessons=replace(document.experiment.lessons, key_size=size)))
    assert len(document.back) == 30


def test_a_solution_that_changes_nothing_is_refused():
    task = TASKS["similarity/multiply"]
    with pytest.raises(ValueError, match="Nothing changes"):
        for _ in range(2):
            document = task.shown(1)
            task.solution[0].on(document)


@pytest.mark.parametrize("card", TASKS)
def test_a_task_is_not_done_by_the_opening_experiment_of_the_playground(card):
    """Those who come with their own experiment, as it is at first, find the task open too."""
    assert not TASKS[card].is_done(Shown(OPENING.build()))
    assert not TASKS[card].is_done(shown_by(Document(TASKS[card].start())))
