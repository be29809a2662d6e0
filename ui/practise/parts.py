"""The parts of Practise, and the choice of one."""

import streamlit as st

from ui.state import keys, practise, widgets

PARTS = {practise.EXERCISES: "Exercises", practise.PUZZLES_PART: "Puzzles"}


def choice() -> None:
    """The parts, and the way to the worksheets, which are not in the menu."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _parts()
        st.page_link("../pages/worksheet.py", label="Worksheets for a class", icon=":material/assignment:")


def _parts() -> None:
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
