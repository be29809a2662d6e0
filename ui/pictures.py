"""Charts on screen, and the one chosen cell that all of them share."""

from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from attention_core import EXAMPLES, Calculation
from ui import charts, state, tables
from ui.charts import Chart
from ui.text import plain, shown

Matrix = npt.NDArray[np.float64]


def chosen_cell(calculation: Calculation) -> tuple[int, int]:
    """The cell the person chose, or to begin with the strongest look of the last word at another."""
    cell = state.cell()
    if cell is not None:
        return cell
    last = len(calculation.words) - 1
    return last, charts.largest_weight(calculation.attention.weights, calculation.allowed, last, but_itself=True)[0]


def weights(calculation: Calculation, *, key: str, title: str) -> None:
    """The attention weights as a heat map."""
    _selectable(
        charts.weights_map(calculation.attention.weights, title=title, **_shared(calculation)),
        key,
    )


def signed(calculation: Calculation, values: Matrix, *, key: str, title: str, masked: bool = True) -> None:
    """Scores, scaled scores or a difference of weights as a heat map around 0."""
    shared = _shared(calculation)
    if not masked:
        shared["allowed"] = np.ones_like(calculation.allowed)
    _selectable(charts.signed_map(values, title=title, **shared), key)


def _shared(calculation: Calculation) -> dict[str, Any]:
    """What every heat map of a calculation has in common."""
    return {
        "labels": calculation.labels,
        "allowed": calculation.allowed,
        "decimals": calculation.experiment.decimals,
        "chosen": chosen_cell(calculation),
    }


def word_bars(calculation: Calculation, word: int) -> None:
    """A word's weights."""
    chart = charts.weight_bars(
        calculation.attention.weights[word],
        calculation.labels,
        decimals=calculation.experiment.decimals,
        word=calculation.labels[word],
    )
    _draw(chart, "bars")


def context_table(calculation: Calculation) -> None:
    """Embedding and context side by side, a row for each position."""
    names = tables.context_columns(calculation)
    frame = tables.vectors_frame(calculation.context, calculation.labels, names)
    st.dataframe(
        frame,
        key="context_table",
        height=39 + 35 * min(len(frame), 9),
        row_height=35,
        column_config={
            name: st.column_config.NumberColumn(format=f"%.{calculation.experiment.decimals}f", width=64)
            for name in names
        },
        alt="Context vectors, one row for each word",
    )


def context_moves(calculation: Calculation, word: int) -> None:
    """Each word's way from its embedding to its context vector, in the two columns where `word` goes farthest."""
    start = calculation.x if has_same_columns(calculation) else None
    columns = charts.telling_columns(start, calculation.context, word)
    names = tables.context_columns(calculation)
    chart = charts.moves(
        None if start is None else start[:, columns],
        calculation.context[:, columns],
        calculation.labels,
        axes=(names[columns[0]], names[columns[1]]),
        word=word,
    )
    _draw(chart, "context")


def has_same_columns(calculation: Calculation) -> bool:
    """Whether an embedding and a context vector have equally many numbers, so that they can share a picture."""
    return calculation.x.shape[1] == calculation.context.shape[1]


def _selectable(chart: Chart, key: str) -> None:
    """A heat map that tells which cell was clicked."""
    if "cell" not in {parameter.get("name") for parameter in chart.spec.get("params", [])}:
        _draw(chart, key)
        return
    st.vega_lite_chart(
        chart.frame,
        chart.spec,
        key=key,
        alt=chart.alt,
        selection_mode="cell",
        on_select=state.callback(lambda: _choose(key)),
    )


def _choose(key: str) -> None:
    cells = st.session_state[key]["selection"].get("cell") or []
    if cells:
        state.choose_cell(int(cells[0]["query_position"]) - 1, int(cells[0]["key_position"]) - 1)


def _draw(chart: Chart, key: str) -> None:
    st.vega_lite_chart(chart.frame, chart.spec, key=key, alt=chart.alt)


def story(calculation: Calculation) -> str:
    """The picture in one sentence, and what to try in an example that was not changed yet."""
    row, _ = chosen_cell(calculation)
    labels = calculation.labels
    if not calculation.allowed[row].any():
        told = f"**{plain(labels[row])}** may look at no word, so it gets no weights."
    else:
        column, weight = charts.largest_weight(calculation.attention.weights, calculation.allowed, row)
        amount = shown(weight, calculation.experiment.decimals)
        told = f"**{plain(labels[row])}** looks most at **{plain(labels[column])}**: {amount} of its attention."
    example = EXAMPLES.get(calculation.experiment.example)
    if example is None or calculation.experiment != example.build():
        return told
    return f"{told} {example.story} :gray[{example.source}]"
