"""What was read, table by table, to be corrected; and what was left out."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from checking.claims import BY_WORD, Given
from checking.pasted import Pasted
from checking.precision import decimals_of
from checking.reading import STAGES, LeftOut, ReadTable
from checking.stated import told_of
from presentation.text import plain
from ui.check.frames import show, unique
from ui.check.made import FIND_OUT
from ui.state import keys, numbers_to_check, widgets

_LEAVE_OUT = "leave out"
_MAX_DECIMALS = 12
_MOST_LEFT_OUT = 200  # lines that are listed


def understood(text: Pasted | None) -> tuple[Given, ...]:
    """What was read, table by table, to be corrected: which stage it is, its decimals, its first word."""
    if text is None:
        return ()
    st.markdown("## What was understood")
    if told := told_of(text.stated):
        st.caption(f"The words say: {told}.")
    _left_out(text.reading.left_out)
    given = []
    for number, (table, place) in enumerate(zip(text.reading.tables, text.given, strict=True)):
        with st.container(border=True):
            corrected = _corrected(number, table, place)
        if corrected is not None:
            given.append(corrected)
    return tuple(given)


def _left_out(lines: Sequence[LeftOut]) -> None:
    """The numbers of the text that stand in no table, so that nobody takes them for checked."""
    count = sum(len(each.numbers) for each in lines)
    if not count:
        return
    told = "1 number is" if count == 1 else f"{count:,} numbers are"
    with st.expander(f"{told} in no table and not checked", icon=":material/filter_alt_off:"):
        listed = pd.DataFrame(
            [[", ".join(each.numbers), each.text, each.why] for each in lines[:_MOST_LEFT_OUT]],
            index=unique(f"line {each.line}" for each in lines[:_MOST_LEFT_OUT]),
            columns=["Numbers", "Line", "Where"],
        )
        show(listed, "The numbers that were left out")
        if len(lines) > _MOST_LEFT_OUT:
            st.caption(f"The first {_MOST_LEFT_OUT} of {len(lines):,} lines.")


def _corrected(number: int, table: ReadTable, place: Given) -> Given | None:
    """A table as it was read and placed, with what the visitor says of it; None where it is left out."""
    key = f"{keys.READ_TABLE}_{numbers_to_check.version()}_{number}"
    beside = st.container(horizontal=True, vertical_alignment="bottom")
    stage = beside.selectbox(
        f"Table {number + 1}, line {table.line}",
        [*STAGES, FIND_OUT, _LEAVE_OUT],
        index=[*STAGES, FIND_OUT].index(table.stage or FIND_OUT),
        key=f"{key}_stage",
        persist_state="session",
        format_func=lambda id: STAGES.get(id, id),
        on_change=widgets.keep_address,
    )
    decimals = beside.number_input(
        "Decimals",
        width=110,
        min_value=0,
        max_value=_MAX_DECIMALS,
        value=None,
        placeholder=str(decimals_of(table.rows)),
        key=f"{key}_decimals",
        persist_state="session",
        on_change=widgets.keep_address,
        help="Empty: as many as are printed.",
    )
    row = beside.number_input(
        "First row: word",
        width=130,
        min_value=1,
        value=None if place.first_row is None else place.first_row + 1,
        placeholder=FIND_OUT,
        key=f"{key}_row",
        persist_state="session",
        on_change=widgets.keep_address,
        disabled=stage not in BY_WORD,
    )
    if told := [f"“{plain(table.heading)}”"] * bool(table.heading) + [f"of {plain(table.head)}"] * bool(table.head):
        st.caption(" · ".join(told))
    texts = [[each.text if each else "" for each in line] for line in table.rows]
    rows, columns = table.row_labels or _counted(len(texts)), table.column_labels or _counted(len(texts[0]))
    show(pd.DataFrame(texts, index=unique(rows), columns=unique(columns)), f"What was read as table {number + 1}")
    if stage == _LEAVE_OUT:
        return None
    first_row = (None if row is None else row - 1) if stage in BY_WORD else 0
    return replace(place, stage=None if stage == FIND_OUT else stage, first_row=first_row, decimals=decimals)


def _counted(count: int) -> list[str]:
    return [str(place) for place in range(1, count + 1)]
