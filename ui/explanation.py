"""The sum behind a number: a word chosen to look, a word looked at, and every stage between."""

from collections.abc import Callable, Iterable

import streamlit as st

from attention_core import Calculation, Derivation, Stage, derive
from attention_core.derivation import CELL_STAGES
from presentation.flowing import flowing
from presentation.formulas import Namer, calculation_names, formulas, sums
from ui import pictures
from ui.state import address, current, keys, widgets

_FLOWING = "flowing"


def cell(calculation: Calculation) -> None:
    """The last sums that lead to the chosen cell's weight: score, scaling, softmax."""
    write(cell_steps(calculation, *pictures.chosen_cell(calculation)), calculation)


def cell_steps(calculation: Calculation, row: int, column: int) -> list[Derivation]:
    """Score, scaled score and weight of a cell."""
    return [derive(calculation, stage, row, column) for stage in CELL_STAGES]


def flow(steps: Iterable[Derivation], calculation: Calculation, *, key: str) -> None:
    """Sums of a calculation, each of which breaks where the room ends."""
    flow_sums(steps, calculation_names(calculation), decimals=calculation.experiment.decimals, key=key)


def flow_sums(steps: Iterable[Derivation], name: Namer, *, decimals: int, key: str) -> None:
    """The same for sums of one kind."""
    flow_named([(step, name) for step in steps], decimals=decimals, key=key)


def flow_named(steps: Iterable[tuple[Derivation, Namer]], *, decimals: int, key: str) -> None:
    """The same for sums of several kinds, each with its names."""
    if not address.shows("sums"):
        return
    steps = [named for named in steps if not _tells_what_is_hidden(named[0])]
    if not steps:
        return
    with st.container(key=f"{_FLOWING}_{key}", gap=None):
        for named in steps:
            st.latex(flowing(sums([named], decimals=decimals)), width="stretch")


def write(steps: Iterable[Derivation], calculation: Calculation) -> None:
    """Sums of a calculation."""
    _typeset(formulas(steps, calculation, decimals=calculation.experiment.decimals))


def write_sums(steps: Iterable[Derivation], name: Namer, *, decimals: int) -> None:
    """Sums of one kind."""
    write_named([(step, name) for step in steps], decimals=decimals)


def write_named(steps: Iterable[tuple[Derivation, Namer]], *, decimals: int) -> None:
    """Sums of several kinds, each with its names."""
    _typeset(sums(steps, decimals=decimals))


# Of each result that a link may hide the numbers that tell it.
_TELL = {
    "scores": {Stage.SCORES, Stage.SCALED_SCORES},
    "weights": {Stage.EXPONENTIALS, Stage.WEIGHTS},
    "context": {Stage.HEAD_CONTEXT, Stage.JOINED, Stage.CONTEXT},
}


def _tells_what_is_hidden(step: Derivation) -> bool:
    told = {step.target.symbol, *(factor.symbol for term in step.terms for factor in term)}
    return any(told & _TELL[result] for result in address.hidden_results())


def _typeset(latex: str) -> None:
    if address.shows("sums"):
        st.latex(latex, width="stretch")


def word_choice(calculation: Calculation, label: str) -> None:
    """The choice of the looking word alone."""
    row, column = pictures.chosen_cell(calculation)
    key = widgets.versioned(keys.LOOKING, (row, column, calculation.labels))
    position_box(calculation, label, key, row, lambda chosen: current.choose_cell(chosen, column))


def looked_at_choice(calculation: Calculation) -> None:
    """The choice of the other word of the cell, for those who do not click."""
    row, column = pictures.chosen_cell(calculation)
    key = widgets.versioned(keys.LOOKED_AT, (row, column, calculation.labels))
    position_box(calculation, "Word it looks at", key, column, lambda chosen: current.choose_cell(row, chosen))


def position_box(
    calculation: Calculation, label: str, key: str, position: int, choose: Callable[[object], None]
) -> None:
    """A word of the sentence to choose, by its position."""
    st.selectbox(
        label,
        range(len(calculation.words)),
        index=position,
        key=key,
        format_func=calculation.labels.__getitem__,
        on_change=widgets.callback(_choose),
        args=(key, position, choose),
    )


def _choose(key: str, shown: int, choose: Callable[[object], None]) -> None:
    chosen = widgets.held_by(key)
    if chosen != shown:  # else it is a box that is gone, of which the browser has not heard
        choose(chosen)
