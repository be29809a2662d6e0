"""Which words may not look at which: the switches of the masks, and looks forbidden one by one."""

import streamlit as st

from attention_core import Calculation, Stage
from attention_core.masks import CAUSAL, MASKS, OWN, Mask
from attention_core.words import MAX_WORDS
from presentation import tables
from presentation.text import plain
from ui import pictures
from ui.state import address, current, edits, keys, parts, table_editors, widgets

_MOST_WORDS = 64  # of the table of one's own mask
_ROWS_SHOWN = 9


def causal() -> None:
    """The mask that is asked for most, always in sight."""
    if not address.shows("mask"):
        return
    st.toggle(
        CAUSAL.name,
        key=widgets.mirror(CAUSAL.id, CAUSAL.id in current.experiment().masks),
        help=CAUSAL.summary,
        on_change=widgets.callback(edits.switch_mask, changes=parts.OF_A_SWITCH),
        args=(CAUSAL.id, CAUSAL.id),
    )


def others() -> None:
    """A switch for each other mask, and what it is set to."""
    if not address.shows("mask"):
        return
    count = sum(mask != CAUSAL.id for mask in current.experiment().masks)
    opened = st.popover(
        f"Masks: {count} more" if count else "More masks",
        icon=":material/visibility_off:",
        **widgets.filled_when_opened("more_masks"),
    )
    if widgets.is_looked_into(opened):
        with opened:
            _others()


def _others() -> None:
    st.caption("Where several masks are on, a word looks only where all of them let it.")
    for mask in MASKS.values():
        if mask is not CAUSAL:
            _switch(mask)
    _neighbours()
    st.caption(
        "Your own mask: switch it on, then press Forbid below the picture, tick its table, or let clicks do it. What "
        "is forbidden stays at its place in the sentence, whichever words stand there."
    )


def _switch(mask: Mask) -> None:
    is_on = mask.id in current.experiment().masks
    key = widgets.versioned(mask.id, is_on)
    st.toggle(
        mask.name,
        value=is_on,
        key=key,
        help=mask.summary,
        on_change=widgets.callback(edits.switch_mask),
        args=(mask.id, key),
    )


def _neighbours() -> None:
    count = current.experiment().neighbours
    key = widgets.versioned(keys.NEIGHBOURS, count)
    st.number_input(
        "Words that a word sees on each side, under “Only neighbours”",
        min_value=0,
        max_value=MAX_WORDS - 1,
        value=count,
        step=1,
        key=key,
        on_change=widgets.callback(edits.change),
        args=("neighbours", key),
    )


def clicking(calculation: Calculation) -> None:
    """What a click in the picture does, while there is a mask of one's own; and the same without a mouse."""
    if not is_on() or not address.shows("mask"):
        return
    st.toggle(
        "Click to forbid",
        key=keys.FORBID,
        persist_state="session",
        help="A click on a score or weight forbids that look, or allows it again. Off: a click shows the sum.",
        on_change=widgets.keep_address,
    )
    row, column = pictures.chosen_cell(calculation)
    forbidden = (row, column) in current.experiment().forbidden
    looking, other = calculation.labels[row], calculation.labels[column]
    st.button(
        f"{'Allow' if forbidden else 'Forbid'} {plain(looking)} → {plain(other)}",
        key="forbid_chosen",
        on_click=widgets.callback(edits.forbid),
        args=(row, column, not forbidden),
    )
    opened = st.popover("As a table", icon=":material/checklist:", **widgets.filled_when_opened("mask_table"))
    if widgets.is_looked_into(opened):
        with opened:
            _table(len(calculation.words))


def _table(count: int) -> None:
    """Every look of one's own mask, to tick; the arrow keys and the space bar do it too."""
    if count > _MOST_WORDS:
        st.caption(f"The table is there for up to {_MOST_WORDS} words; this sentence has {count}.")
        return
    experiment = current.experiment()
    frame = tables.editable_frame(experiment, tables.FORBIDDEN)
    names = list(frame.columns[:-1])
    st.caption(tables.TABLES[tables.FORBIDDEN].help)
    st.data_editor(
        frame,
        key=table_editors.key(tables.FORBIDDEN),
        on_change=widgets.callback(table_editors.take_in, changes=parts.OF_A_CELL),
        num_rows="fixed",
        disabled=["_index", tables.NOTE_COLUMN],
        height="content" if count <= _ROWS_SHOWN else 38 + 35 * _ROWS_SHOWN,
        row_height=35,
        column_config={
            **{name: st.column_config.CheckboxColumn(width=46 + 6 * min(len(name), 12)) for name in names},
            tables.NOTE_COLUMN: st.column_config.TextColumn("note", width=110),
        },
        alt=f"Table of forbidden looks: {tables.TABLES[tables.FORBIDDEN].help}",
    )
    if problem := table_editors.problem(tables.FORBIDDEN):
        st.error(plain(problem), icon=":material/edit:")


def is_on() -> bool:
    return OWN.id in current.experiment().masks


def takes_click(stage: object, row: object, column: object) -> bool:
    """Whether a click on a number, by its positions from 1, was taken for forbidding or allowing that look."""
    if not (is_on() and widgets.held_by(keys.FORBID) is True and stage in (Stage.SCORES, Stage.WEIGHTS)):
        return False
    if not (isinstance(row, int) and isinstance(column, int) and min(row, column) >= 1):
        return False
    cell = row - 1, column - 1
    edits.forbid(*cell, cell not in current.experiment().forbidden)
    return True
