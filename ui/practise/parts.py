"""The parts of Practise, and the choice of one."""

import streamlit as st

from ui.state import keys, practise, widgets

PARTS = {practise.EXERCISES: "Exercises", practise.PUZZLES_PART: "Puzzles"}


def choice() -> None:
    st.segmented_control(
        "Parts of Practise",
        list(PARTS),
        key=widgets.mirror(keys.PRACTISE_PART, _open()),
        format_func=PARTS.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(lambda: practise.open_part(widgets.held_by(keys.PRACTISE_PART))),
    )


def _open() -> str:
    is_puzzles = practise.text().startswith(practise.PUZZLES_PART)
    return practise.PUZZLES_PART if is_puzzles else practise.EXERCISES
