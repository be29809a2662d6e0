"""One task of a worksheet as pupils see it: its text, the experiment with what it shows, and the answer."""

import streamlit as st

from attention_core import Calculation, attend
from attention_core.stages import STAGES
from exercises.goals import GOALS
from exercises.grading import Mark
from exercises.worksheet import MAX_FREE_TEXT, Kind, Task
from presentation.text import plain
from sharing.class_view import ANSWERS
from ui import attention, comparison, controls, editors
from ui.state import address, current, keys, widgets, work


def show() -> None:
    """The task on screen."""
    task = work.task()
    calculation = current.calculation()
    with st.container(border=True):
        st.markdown(f"**Task {work.number() + 1}.** {plain(task.text).replace(chr(10), '  ' + chr(10))}")
        _ask(task)
        _answer(task)
        _told(task)
    with st.container():
        if address.shows("sentence") or address.shows("examples"):
            controls.sentence()
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            controls.switches(calculation)
        attention.story(calculation, comparison.before_the_change(calculation))
    edit, look = editors.columns()
    with look:
        attention.picture(calculation, comparison.before_the_change(calculation), comparing=False)
        attention.sums(calculation)
        attention.choice(calculation)
    with edit:
        editors.editors()


def asked_in_words(task: Task, calculation: Calculation) -> str:
    """What is asked, in words.  Markdown; empty where the text of the task says all"""
    asked = task.asked
    if asked.kind is Kind.NUMBER:
        name = plain(task.numbers.name(asked.cell))
        digits = f"to {asked.decimals} decimals" if asked.decimals else "as a whole number"
        return f"Asked for: the {STAGES[asked.stage].singular} **{name}**, {digits}."
    if asked.kind is Kind.GOAL:
        return f"Goal: {GOALS[asked.goal].sentence(calculation.labels, asked.places)}"
    return ""


def _ask(task: Task) -> None:
    if told := asked_in_words(task, attend(task.experiment)):
        st.markdown(told)


def _answer(task: Task) -> None:
    kind, key = task.asked.kind, f"{keys.WORK_ANSWER}_{work.number()}_{work.version()}"
    given = work.answer().text
    take = widgets.callback(lambda: work.give(widgets.held_by(key) or ""))
    if kind is Kind.NUMBER:
        st.text_input("Your number", key=widgets.mirror(key, given), max_chars=100, width=220, on_change=take)
    elif kind is Kind.WORD:
        labels = list(attend(task.experiment).labels)
        chosen = given if given in labels else None
        st.selectbox(
            "Your word",
            labels,
            key=widgets.mirror(key, chosen),
            index=None,
            placeholder="Choose a word",
            width=220,
            on_change=take,
        )
    elif kind is Kind.TEXT:
        st.text_area("Your answer", key=widgets.mirror(key, given), max_chars=MAX_FREE_TEXT, height=90, on_change=take)


_SAYS = {
    Mark.RIGHT: (st.success, "Right.", ":material/check_circle:"),
    Mark.ROUNDING: (st.success, "Right, but for rounding.", ":material/check_circle:"),
    Mark.WRONG: (st.warning, "Not yet.", ":material/close:"),
    Mark.UNREADABLE: (st.warning, "This cannot be read.", ":material/help:"),
    Mark.TEXT: (st.info, "Your answer is kept; your teacher reads it.", ":material/edit_note:"),
}


def _told(task: Task) -> None:
    """What is said of the answer, if pupils are told; and the way to what is hidden."""
    if task.asked.kind in (Kind.NUMBER, Kind.WORD) and current.experiment() != task.experiment:
        st.caption("You changed the experiment. The question is about it as it was at first; Undo brings that back.")
    verdict = work.verdict(work.number())
    if work.worksheet().tells and verdict.mark in _SAYS:
        box, words, icon = _SAYS[verdict.mark]
        box(f"{words} {plain(verdict.told) if verdict.mark is not Mark.RIGHT else ''}".strip(), icon=icon)
    elif verdict.mark not in (Mark.EMPTY, Mark.UNREADABLE):
        st.caption("Your answer is kept.")
    if task.hides & ANSWERS and not work.shows_answers():
        st.button(
            "Show what is hidden",
            key="work_ask",
            icon=":material/visibility:",
            type="tertiary",
            help="Your teacher will see that you asked for it.",
            on_click=widgets.callback(work.ask),
        )
