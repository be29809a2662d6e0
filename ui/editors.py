"""The tables that a person edits."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig

from attention_core import Calculation, Stage, unedited
from attention_core.fills import MAX_SEED, PLAIN_FILLS, random_table
from presentation import tables
from presentation.terms import NOTE_MEANINGS, column_help
from presentation.text import plain
from ui import heads, terms, unknown_words, word_order
from ui.state import address, current, edits, keys, parts, table_editors, widgets

_ORDER = "order"  # beside the tables: how a word knows its place
_HEADS = "heads"  # and which head they belong to
_RANDOM, _BACK = "Random", "Back to the example"
_ROWS_SHOWN = 7
_NARROWEST_THIRD = 310  # pixels of a third of the width; with less the picture goes below the table
_WIDE_COLUMNS = 5  # up to here the columns share the whole width


def columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Room for the tables and wider room for what follows from them: beside each other, or below where it is narrow.

    Without tables what follows has the whole width.
    """
    if not address.shows("tables"):
        whole = st.container()
        return whole, whole
    grid = st.grid(3, min_column_width=_NARROWEST_THIRD, gap="xsmall")
    return grid.cell().container(key="tables"), grid.cell(column_span=2)


@parts.part(parts.TABLES)
def editors() -> None:
    """A choice of the tables, in the fixed colours of queries, keys and values, the chosen one, and ways to fill it.

    That one is drawn alone, as an editor costs more than all switches together.
    """
    if not address.shows("tables"):
        return
    calculation = current.calculation()
    titles = {id: table.title for id, table in tables.EXPERIMENT_TABLES.items()}
    inside: dict[str, Callable[[], None]] = {id: partial(_table, calculation, Stage(id)) for id in titles}
    if address.shows("order"):
        titles[_ORDER], inside[_ORDER] = "Order", partial(order, calculation)
    if address.shows("heads"):
        titles[_HEADS], inside[_HEADS] = heads.TITLE, partial(_heads, calculation)
    opened = st.segmented_control(
        "Table to edit",
        list(titles),
        default=next(iter(titles)),
        format_func=titles.__getitem__,
        key=keys.OPEN_TABLE,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=widgets.keep_address,
    )
    opened = widgets.option(opened, list(titles))
    for each, draw in inside.items():
        if each == opened or not widgets.is_in_browser():
            draw()
    for table in tables.EXPERIMENT_TABLES:
        _problem(table)
    if address.shows("fills"):
        _fill_row()


def _table(calculation: Calculation, table: Stage) -> None:
    _grid(table)
    terms.under_table(calculation, table)


def _heads(calculation: Calculation) -> None:
    """The heads, and the table that mixes them."""
    heads.tab(calculation)
    mixing()


def mixing() -> None:
    """W_O, which mixes what the heads make."""
    if not address.shows("tables"):
        return
    _grid(Stage.W_O)
    _problem(Stage.W_O)
    heads.columns_of_output()


def order(calculation: Calculation) -> None:
    """Whether a word knows its place, and the numbers that its place adds."""
    word_order.choice()
    if word_order.is_own():
        _grid(Stage.POSITIONS)
        _problem(Stage.POSITIONS)
    word_order.waves(calculation)
    terms.of_position(calculation)
    word_order.shuffle()


def editor(table: str) -> None:
    """One table alone."""
    if not address.shows("tables"):
        return
    _grid(table)
    _problem(table)


def network(*layers: str) -> None:
    """The tables of a small network, one below the other."""
    if not address.shows("tables"):
        return
    st.caption(tables.TABLES[layers[0]].help)
    for layer in layers:
        st.markdown(f"**{tables.TABLES[layer].title}**")
        editor(layer)


def chosen_editor(offered: Sequence[str] = tuple(tables.EXPERIMENT_TABLES)) -> None:
    """One of the experiment's tables at a time."""
    if not address.shows("tables"):
        return
    titles = {id: tables.EXPERIMENT_TABLES[id].title for id in offered}
    if len(titles) == 1:
        st.markdown(f"**{titles[offered[0]]}**")
        editor(offered[0])
        return
    st.segmented_control(
        "Table",
        list(titles),
        format_func=titles.__getitem__,
        key=widgets.mirror(keys.EDITED, current.table()),
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_show_table),
    )
    editor(current.table())


def _show_table() -> None:
    chosen = widgets.held_by(keys.EDITED)
    if chosen in tables.EXPERIMENT_TABLES:
        current.show_table(chosen)


def _problem(table: str) -> None:
    if problem := table_editors.problem(table):
        st.error(f"{plain(problem)} The picture still uses the last valid number.", icon=":material/edit:")


def _grid(table: str) -> None:
    _editor(table)
    unknown_words.questions(table)


@parts.part(parts.GRID)
def _editor(table: str) -> None:
    frame = tables.editable_frame(current.experiment(), table, current.document().start)
    st.data_editor(
        frame,
        key=table_editors.key(table),
        on_change=widgets.callback(table_editors.take_in, changes=parts.OF_A_CELL),
        num_rows="fixed",
        disabled=["_index", tables.NOTE_COLUMN],
        height="content" if len(frame) <= _ROWS_SHOWN else 38 + 35 * _ROWS_SHOWN,
        row_height=35,
        column_config=_columns(table, tuple(frame.columns[:-1]), max(map(len, frame.index))),
        alt=f"Editable table {table}: {tables.TABLES[table].help}",
    )


@lru_cache(maxsize=64)
def _columns(table: str, names: tuple[str, ...], longest_label: int) -> dict[str, ColumnConfig]:
    of_words = tables.TABLES[table].words is not None
    width = 73 if len(names) <= _WIDE_COLUMNS else min(max(64, 40 + 7 * max(map(len, names))), 160)
    columns: dict[str, ColumnConfig] = {
        name: st.column_config.NumberColumn(width=width, help=column_help(table, name, place, of_words=of_words))
        for place, name in enumerate(names)
    }
    columns["_index"] = st.column_config.TextColumn(width=14 + 7 * longest_label)
    room = 72 + 34 * max(0, 4 - len(names)) if len(names) <= _WIDE_COLUMNS else 150  # few columns leave more of it
    columns[tables.NOTE_COLUMN] = st.column_config.TextColumn(
        "note", width=room, help=NOTE_MEANINGS if of_words else None
    )
    return columns


def _fill_row() -> None:
    """Fill a whole table: identity, zeros, seeded random numbers, or the example's own."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        opened = st.popover("Fill a table", icon=":material/table_edit:", **widgets.filled_when_opened("fill"))
        if widgets.is_looked_into(opened):
            with opened:
                _fills()
        told = " ".join(filter(None, map(_told, tables.EXPERIMENT_TABLES)))
        if told:
            st.caption(told, width="stretch")


def _fills() -> None:
    st.caption("Or click a cell and type, or paste a block from a spreadsheet.")
    with st.container(horizontal=True, gap="xsmall"):
        for table in (*tables.EXPERIMENT_TABLES, Stage.W_O):
            st.menu_button(
                tables.TABLES[table].title,
                [*PLAIN_FILLS, _RANDOM, _BACK],
                key=f"{keys.FILL}_{table}",
                on_click=widgets.callback(_fill),
                args=(table,),
            )
    st.number_input(
        "Seed for random numbers",
        min_value=0,
        max_value=MAX_SEED,
        value=table_editors.FIRST_SEED,
        step=1,
        key=keys.SEED,
        persist_state="session",
        icon=":material/casino:",
        help="The same seed gives the same table.",
    )


def _told(table: str) -> str:
    """What there is to know about a table."""
    title = tables.TABLES[table].title
    if table != "embeddings" and table[-1] not in current.variant().parts:
        return f"{title} is not used by this way to attend."
    seed = table_editors.last_seed(table)
    matrix = tables.matrix_of(current.experiment(), table)
    rows, columns = matrix.shape
    if seed is not None and (matrix == random_table(rows, columns, seed)).all():
        return f"{title} holds random numbers, seed {seed}."
    return ""


def _fill(table: str) -> None:
    experiment = current.experiment()
    chosen = widgets.held_by(f"{keys.FILL}_{table}")
    rows, columns = tables.matrix_of(experiment, table).shape
    if chosen in PLAIN_FILLS:
        edits.set_table(table, PLAIN_FILLS[chosen](rows, columns))
    elif chosen == _RANDOM:
        seed = table_editors.seed()
        table_editors.remember_seed(table, seed)
        edits.set_table(table, random_table(rows, columns, seed))
    elif chosen == _BACK:
        edits.set_table(table, tables.matrix_of(unedited(experiment), table))
