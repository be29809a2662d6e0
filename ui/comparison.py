"""Compare with: the choice, the pin, and the numbers to subtract."""

import streamlit as st

from attention_core import Calculation, Experiment, attend
from attention_core.changes import Counterpart, counterpart
from attention_core.comparisons import COMPARISONS, Comparison, Remembered
from ui.state import comparison, keys, widgets


def choice() -> None:
    """What to compare with, and the button that pins the experiment on screen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.selectbox(
            "Compare with",
            list(COMPARISONS),
            key=keys.COMPARE,
            index=None,
            placeholder="Compare with …",
            format_func=lambda id: COMPARISONS[id].title,
            label_visibility="collapsed",
            width=170,
            bind="query-params",
            persist_state="session",
            on_change=widgets.keep_address,
        )
        st.button(
            "Pin",
            key="pin_experiment",
            icon=":material/keep:",
            help="Remember the numbers on screen, and see how whatever you do next differs from them.",
            on_click=widgets.callback(comparison.pin),
        )


def before_the_change(calculation: Calculation) -> Counterpart | None:
    """The numbers before the last change, if anything was changed."""
    return _numbers_of(comparison.before_the_change(), calculation)


def compared(calculation: Calculation) -> Counterpart | None:
    """The numbers to subtract, if something to compare with is chosen and there."""
    chosen = _chosen()
    return None if chosen is None else _numbers_of(_other(chosen, calculation.experiment), calculation)


def told(experiment: Experiment) -> str | None:
    """What the differences are, or why there are none, where something to compare with is chosen."""
    chosen = _chosen()
    if chosen is None:
        return None
    if _other(chosen, experiment) is None:
        return chosen.missing
    return f"Every number is the difference: now minus {chosen.title}. – stands where a word has no counterpart."


def _chosen() -> Comparison | None:
    return COMPARISONS.get(comparison.chosen() or "")


def _other(chosen: Comparison, experiment: Experiment) -> Experiment | None:
    return chosen.other(experiment, Remembered(comparison.before_the_change(), comparison.pinned()))


def _numbers_of(other: Experiment | None, calculation: Calculation) -> Counterpart | None:
    return None if other is None else counterpart(calculation, attend(other))
