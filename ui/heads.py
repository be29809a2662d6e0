"""The heads: all of them small in a row, and the tab in which one is chosen, added, copied, removed and named."""

import streamlit as st

from attention_core import Calculation
from attention_core.head_changes import (
    output_of,
    with_head_added,
    with_head_copied,
    with_head_named,
    with_head_removed,
    with_output_columns,
)
from attention_core.heads import MAX_JOINED, MAX_NAME
from presentation.heads_chart import heads_chart
from presentation.text import plain
from ui import pictures
from ui.state import current, edits, keys, widgets

TITLE = "Heads"


def row(calculation: Calculation) -> None:
    """The weights of all heads beside each other; a click chooses one."""
    if len(calculation.heads) > 1:
        pictures.clickable(heads_chart(calculation), "heads", lambda picked: edits.choose_head(picked.get("head"), 1))


def choice(calculation: Calculation) -> None:
    """Which head the tables belong to, and buttons that change how many there are."""
    experiment = current.experiment()
    if not calculation.variant.has_heads:
        st.caption(
            f"“{plain(calculation.variant.name)}” uses no tables, and heads differ in their tables alone: all would "
            "be the same. So it has one."
        )
    key = widgets.versioned(keys.HEAD, (experiment.head, [head.name for head in experiment.heads]))
    st.segmented_control(
        "Head to edit",
        range(len(experiment.heads)),
        default=experiment.head,
        format_func=lambda place: plain(experiment.head_label(place)),
        key=key,
        required=True,
        on_change=widgets.callback(lambda: edits.choose_head(widgets.held_by(key), 0)),
    )
    _buttons()


def tab(calculation: Calculation) -> None:
    """The same, and what the chosen head is called."""
    choice(calculation)
    _name()
    st.caption(
        "Each head has its own W_Q, W_K and W_V. What the heads make of a word stands side by side, and W_O mixes it."
    )


def _buttons() -> None:
    several = len(current.experiment().heads) > 1
    with st.container(horizontal=True, gap="xsmall"):
        for name, label, icon, change, is_possible in (
            ("add", "Add", "add", with_head_added, True),
            ("copy", "Copy", "content_copy", with_head_copied, True),
            ("remove", "Remove", "delete", with_head_removed, several),
        ):
            st.button(
                label,
                key=f"{keys.HEAD}_{name}",
                icon=f":material/{icon}:",
                disabled=not is_possible,
                on_click=widgets.callback(edits.change_heads),
                args=(change,),
            )


def _name() -> None:
    name = current.experiment().head_name
    key = widgets.versioned(keys.HEAD_NAME, (current.experiment().head, name))
    st.text_input(
        "Name of this head",
        value=name,
        max_chars=MAX_NAME,
        placeholder="such as: the word before",
        key=key,
        on_change=widgets.callback(
            lambda: edits.change_heads(lambda experiment: with_head_named(experiment, str(widgets.held_by(key) or "")))
        ),
    )


def columns_of_output() -> None:
    """How many numbers W_O makes of all heads."""
    count = output_of(current.experiment()).shape[1]
    key = widgets.versioned(keys.OUTPUT_SIZE, (count, current.experiment().head))
    st.number_input(
        "Columns of W_O",
        min_value=1,
        max_value=MAX_JOINED,
        value=count,
        step=1,
        key=key,
        help="How many numbers a context vector has. Numbers that still fit are kept; new cells start at 0.",
        on_change=widgets.callback(
            lambda: edits.change_heads(
                lambda experiment: with_output_columns(experiment, int(widgets.held_by(key) or count))
            )
        ),
    )
