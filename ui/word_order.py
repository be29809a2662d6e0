"""Word order: whether and how a word knows its place, the numbers that its place adds, and whether order matters."""

import streamlit as st

from attention_core import Calculation, Stage
from attention_core.positions import MAX_BASE, MIN_BASE, OWN, SINUSOIDAL, WORD_ORDERS
from presentation import tables
from presentation.text import plain
from ui import pictures
from ui.state import current, edits, keys, widgets


def choice() -> None:
    """None, waves or one's own table."""
    now = current.experiment().positions
    key = widgets.versioned(keys.WORD_ORDER, now)
    st.segmented_control(
        "Word order",
        list(WORD_ORDERS),
        default=now,
        format_func=lambda id: WORD_ORDERS[id].name,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(edits.change),
        args=("positions", key),
    )
    st.caption(plain(WORD_ORDERS[now].summary))


def is_own() -> bool:
    return current.experiment().positions == OWN.id


def waves(calculation: Calculation) -> None:
    """The numbers of the waves, and their base."""
    if calculation.word_order is not SINUSOIDAL:
        return
    names = tables.stage_columns(calculation, Stage.POSITIONS)
    frame = tables.vectors_frame(calculation.positions, calculation.labels, names)
    pictures.number_table(
        frame, "positions_table", decimals=calculation.experiment.decimals, alt="What each place adds, a row a place"
    )
    key = widgets.versioned(keys.POSITION_BASE, calculation.experiment.position_base)
    st.number_input(
        "Base of the waves",
        min_value=MIN_BASE,
        max_value=MAX_BASE,
        value=calculation.experiment.position_base,
        step=100.0,
        format="%g",
        key=key,
        help="The larger it is, the slower are the waves of the later columns. The paper takes 10,000.",
        on_change=widgets.callback(edits.change),
        args=("position_base", key),
    )


def shuffle() -> None:
    """The button that asks whether order matters."""
    st.button(
        "Does the order matter? Shuffle the words",
        key="shuffle",
        icon=":material/shuffle:",
        help="The same words in another order. One sentence then says whether their context vectors are the same.",
        on_click=widgets.callback(edits.shuffle),
    )
