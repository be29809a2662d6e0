"""The sum behind a number: a word chosen to look, a word looked at, and every stage between."""

from collections.abc import Callable, Iterable

import streamlit as st

from attention_core import Calculation, Derivation, Stage, derive, trace
from attention_core.derivation import CELL_STAGES
from presentation import tables
from presentation.formulas import Namer, formulas, sums
from ui import pictures
from ui.state import address, current, keys, widgets

_MAX_LINES = 12  # of a sum and the sums behind it; with more, the last alone is written


def cell(calculation: Calculation) -> None:
    """The last sums that lead to the chosen cell's weight: score, scaling, softmax."""
    write(cell_steps(calculation, *pictures.chosen_cell(calculation)), calculation)


def cell_steps(calculation: Calculation, row: int, column: int) -> list[Derivation]:
    """Score, scaled score and weight of a cell."""
    return [derive(calculation, stage, row, column) for stage in CELL_STAGES]


def choice(calculation: Calculation) -> None:
    """The choice of a cell without a mouse."""
    row, column = pictures.chosen_cell(calculation)
    shown = row, column, calculation.labels
    looking, looked_at = (widgets.versioned(name, shown) for name in (keys.LOOKING, keys.LOOKED_AT))
    with st.popover("Choose a cell", icon=":material/ads_click:"):
        st.caption("Or click a cell of any heat map.")
        _position_box(calculation, "Word that looks", looking, row, lambda chosen: (chosen, column))
        _position_box(calculation, "Word looked at", looked_at, column, lambda chosen: (row, chosen))


def vectors(calculation: Calculation) -> None:
    """The sums that made the query and the key of the chosen cell."""
    if not address.shows("sums"):
        return
    st.markdown("##### The query and the key behind a cell")
    row, column = pictures.chosen_cell(calculation)
    steps = [
        step for step in trace(calculation, Stage.WEIGHTS, row, column) if step.target.symbol in (Stage.Q, Stage.K)
    ]
    if steps:
        write(steps, calculation)
    else:
        st.caption("This way to attend compares the embeddings themselves, so there is no query or key to work out.")


def context(calculation: Calculation, word: int) -> None:
    """The weighted sum that made a word's context vector, for one of its numbers."""
    if not address.shows("sums"):
        return
    names = tables.context_columns(calculation)
    with st.popover("Choose a number", icon=":material/ads_click:"):
        column = st.selectbox(
            "Number of the context vector",
            range(len(names)),
            key=widgets.versioned(keys.ENTRY, names),
            format_func=names.__getitem__,
        )
    steps = trace(calculation, Stage.CONTEXT, word, column)
    write(steps if len(steps) <= _MAX_LINES else steps[-1:], calculation)


def write(steps: Iterable[Derivation], calculation: Calculation) -> None:
    """Sums of a calculation."""
    _typeset(formulas(steps, calculation, decimals=calculation.experiment.decimals))


def write_sums(steps: Iterable[Derivation], name: Namer, *, decimals: int) -> None:
    """Sums of one kind."""
    write_named([(step, name) for step in steps], decimals=decimals)


def write_named(steps: Iterable[tuple[Derivation, Namer]], *, decimals: int) -> None:
    """Sums of several kinds, each with its names."""
    _typeset(sums(steps, decimals=decimals))


def _typeset(latex: str) -> None:
    if address.shows("sums"):
        st.latex(latex, width="stretch")


def word_choice(calculation: Calculation, label: str) -> None:
    """The choice of the looking word alone."""
    row, column = pictures.chosen_cell(calculation)
    key = widgets.versioned(keys.LOOKING, (row, column, calculation.labels))
    _position_box(calculation, label, key, row, lambda chosen: (chosen, column))


def _position_box(
    calculation: Calculation, label: str, key: str, position: int, cell: Callable[[object], tuple[object, object]]
) -> None:
    """A word of the sentence to choose, by its position; `cell` is the one that a choice leads to."""
    st.selectbox(
        label,
        range(len(calculation.words)),
        index=position,
        key=key,
        format_func=calculation.labels.__getitem__,
        on_change=widgets.callback(_choose),
        args=(key, position, cell),
    )


def _choose(key: str, shown: int, cell: Callable[[object], tuple[object, object]]) -> None:
    chosen = widgets.held_by(key)
    if chosen != shown:  # else it is a box that is gone, of which the browser has not heard
        current.choose_cell(*cell(chosen))
