"""What scores are divided by: the switch of scaling, and a number of one's own from soft to hard."""

import streamlit as st

from attention_core import Calculation
from attention_core.experiment import MAX_DIVISOR, MIN_DIVISOR
from presentation.scaling import divided_by
from presentation.text import in_full
from ui.state import address, current, edits, keys, parts, widgets

_STEPS = (1000.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


def switch(label: str) -> None:
    """On or off."""
    if not address.shows("scaling"):
        return
    st.toggle(
        label,
        key=widgets.mirror(keys.SCALED, current.experiment().scaled),
        help="Divides every score by the square root of how many numbers a key has, or by a number that you set.",
        on_change=widgets.callback(edits.change, changes=parts.OF_A_SWITCH),
        args=("scaled", keys.SCALED),
    )


def choice(calculation: Calculation) -> None:
    """What is divided by, and whoever opens it can change it."""
    if not address.shows("scaling"):
        return
    own = calculation.experiment.divisor
    opened = st.popover("÷ √d" if own is None else f"÷ {in_full(own)}", **widgets.filled_when_opened("divide_by"))
    if widgets.is_looked_into(opened):
        with opened:
            _choice(calculation)


def _choice(calculation: Calculation) -> None:
    """The divisor as a slider from soft to hard, as a number, and the way back to the usual one."""
    now = calculation.divisor
    steps = sorted({*_STEPS, now}, reverse=True)
    key = widgets.versioned(keys.SOFTNESS, now)
    st.select_slider(
        "Divisor of the scores, from soft to hard",
        steps,
        value=now,
        format_func=lambda number: in_full(round(number, 3)),
        key=key,
        help="A large divisor makes the weights of a row nearly equal, a small one gives the highest score nearly all.",
        on_change=widgets.callback(edits.divide_by),
        args=(key,),
    )
    key = widgets.versioned(keys.DIVISOR, now)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            "Divisor",
            min_value=MIN_DIVISOR,
            max_value=float(MAX_DIVISOR),
            value=now,
            step=0.1,
            format="%g",
            key=key,
            on_change=widgets.callback(edits.divide_by),
            args=(key,),
        )
        st.button(
            "Usual: √d",
            key="usual_divisor",
            disabled=calculation.divides_by_root,
            help="The root of how many numbers are compared.",
            on_click=widgets.callback(edits.divide_by_root),
        )
    if calculation.divides_by_root:
        st.caption(f"Now it is {divided_by(calculation)}.")
    elif not calculation.experiment.scaled:
        st.caption("Scaling is off, so scores are used as they are. A divisor switches it on.")
