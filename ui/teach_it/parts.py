"""The parts of Teach it, and the choice of one."""

import streamlit as st

from ui.state import keys, teach, widgets

PARTS = {
    "paint": "Paint what you want",
    "by_hand": "One step by hand",
    "impossible": "What cannot be learned",
    "language": "A tiny language",
}


def choice() -> None:
    st.segmented_control(
        "Parts of Teach it",
        list(PARTS),
        key=widgets.mirror(keys.TEACH_PART, teach.part()),
        format_func=PARTS.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_open),
    )


def _open() -> None:
    chosen = widgets.held_by(keys.TEACH_PART)
    if chosen in PARTS:
        teach.open_part(chosen)
