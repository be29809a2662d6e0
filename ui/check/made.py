"""How the author says that the numbers were made; what is left open is found out."""

import streamlit as st

from attention_core import VARIANTS
from checking.hypotheses import Said
from ui.state import keys, widgets

FIND_OUT = "Find out"


def how_it_was_made() -> Said:
    """The way to attend, the scaling and the mask, as far as the author says."""
    way = st.selectbox(
        "Way to attend",
        [FIND_OUT, *VARIANTS],
        key=keys.CHECK_WAY,
        format_func=lambda id: VARIANTS[id].name if id in VARIANTS else id,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    with st.container(horizontal=True):
        scaled = _yes_or_no("Scaling", keys.CHECK_SCALING, "Scaled", "Not scaled")
        causal = _yes_or_no("Causal mask", keys.CHECK_MASK, "With", "Without")
        key_size = st.number_input(
            "d_k",
            min_value=1,
            value=None,
            placeholder="from the tables",
            key=keys.CHECK_KEY_SIZE,
            width=190,
            persist_state="session",
            on_change=widgets.keep_address,
            help="How many numbers a key has, where the tables do not tell.",
        )
    return Said(VARIANTS.get(way), scaled, causal, key_size)


def _yes_or_no(label: str, key: str, yes: str, no: str) -> bool | None:
    said = st.segmented_control(
        label,
        [FIND_OUT, yes, no],
        default=FIND_OUT,
        key=key,
        required=True,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    return {yes: True, no: False}.get(said or "")
