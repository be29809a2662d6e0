"""Charts on screen, and the one chosen cell that all of them share."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attention_core import Calculation, Experiment, attend
from attention_core.attention import Floats
from attention_core.geometry import Flat
from attention_core.telling import first_cell, telling_columns
from presentation import charts, lesson_charts, tables, word_charts
from presentation.charts import Chart
from presentation.story_text import story_text
from ui.state import address, current, widgets

Matrix = npt.NDArray[np.float64]

_NARROWEST = 270  # pixels of a heat map; where there is less, those that stood side by side stand below each other


class _Shared(TypedDict):
    """What every heat map of a calculation has in common."""

    labels: Sequence[str]
    allowed: npt.NDArray[np.bool_]
    decimals: int
    chosen: tuple[int, int]


def chosen_cell(calculation: Calculation) -> tuple[int, int]:
    """The cell the person chose, or to begin with the strongest look of the last word at another.

    It is the same cell for every variation of the experiment that a page shows beside it. Where a link hides results,
    which look is the strongest is not told: it begins with the last word and the first.
    """
    cell = current.cell()
    if cell is not None and max(cell) < len(calculation.words):
        return cell
    if address.hidden_results():
        return len(calculation.words) - 1, 0
    own = current.experiment()
    if calculation.experiment is not own and max(first := _first_cell_of(own)) < len(calculation.words):
        return first
    return first_cell(calculation)


@lru_cache(maxsize=16)  # a page with variations of the experiment asks for each of its pictures
def _first_cell_of(experiment: Experiment) -> tuple[int, int]:
    return first_cell(attend(experiment))


def looked_at_in(word: int) -> Callable[[Mapping[str, Any]], None]:
    """What a click on a word in a picture of one looking word does."""
    return lambda picked: current.choose_cell(word + 1, picked.get("key_position"), counted_from=1)


def side_by_side(count: int) -> list[DeltaGenerator]:
    """Places for so many pictures, beside each other where their numbers stay readable."""
    grid = st.grid(count, min_column_width=_NARROWEST, gap="small")
    return [grid.cell() for _ in range(count)]


def weights(calculation: Calculation, *, key: str, title: str) -> None:
    """The attention weights as a heat map."""
    chart = charts.weights_map(calculation.attention.weights, title=title, **_shared(calculation))
    clickable(chart, key, _choose_cell)


def scores(calculation: Calculation) -> None:
    """The raw scores, also those that a mask forbids to use."""
    names = {"x": "embedding", "q": "query", "k": "key"}
    title = f"Scores: {names[calculation.variant.query]} · {names[calculation.variant.key]}"
    signed(calculation, calculation.attention.scores, key="scores", title=title, masked=False)


def signed(calculation: Calculation, values: Floats, *, key: str, title: str, masked: bool = True) -> None:
    """Scores, scaled scores or a difference of weights as a heat map around 0."""
    shared = _shared(calculation)
    if not masked:
        shared["allowed"] = np.ones_like(calculation.allowed)
    clickable(charts.signed_map(values, title=title, **shared), key, _choose_cell)


def _shared(calculation: Calculation) -> _Shared:
    return {
        "labels": calculation.labels,
        "allowed": calculation.allowed,
        "decimals": calculation.experiment.decimals,
        "chosen": chosen_cell(calculation),
    }


def context_table(calculation: Calculation) -> None:
    """The context vectors, a row for each position."""
    names = tables.context_columns(calculation)
    frame = tables.vectors_frame(calculation.context, calculation.labels, names)
    number_table(
        frame, "context_table", decimals=calculation.experiment.decimals, alt="Context vectors, one row for each word"
    )


def number_table(frame: pd.DataFrame, key: str, *, decimals: int, alt: str) -> None:
    """Numbers to read, rounded as everywhere."""
    st.dataframe(
        frame,
        key=key,
        height=37 + 35 * min(len(frame), 9),
        row_height=35,
        column_config={
            "_index": st.column_config.TextColumn(width=24 + 7 * max(map(len, frame.index))),
            **{name: st.column_config.NumberColumn(format=f"%.{decimals}f", width=64) for name in frame.columns},
        },
        alt=alt,
    )


def context_moves(calculation: Calculation, word: int) -> None:
    """Each word's way from its embedding to its context vector, in the two columns where `word` goes farthest."""
    start = calculation.x if has_same_columns(calculation) else None
    columns = telling_columns(start, calculation.context, word)
    names = tables.context_columns(calculation)
    chart = word_charts.moves(
        None if start is None else start[:, columns],
        calculation.context[:, columns],
        calculation.labels,
        axes=(names[columns[0]], names[columns[1]]),
        word=word,
    )
    _, looked_at = chosen_cell(calculation)
    clickable(
        chart,
        "context_moves",
        lambda picked: current.choose_cell(picked.get("position"), looked_at + 1, counted_from=1),
    )


def has_same_columns(calculation: Calculation) -> bool:
    """Whether an embedding and a context vector have equally many numbers, so that they can share a picture."""
    return bool(calculation.x.shape[1] == calculation.context.shape[1])


def arrows(
    flat: Flat, starts: Matrix, labels: Sequence[str], colours: Sequence[str], *, columns: Sequence[str], title: str
) -> None:
    """Vectors on paper, and what the paper leaves out of their `columns`.  starts: (m, 2)"""
    first, second = (columns[at] for at in flat.columns) if flat.columns else ("direction 1", "direction 2")
    still(
        lesson_charts.arrows(starts, flat.points, labels, colours, axes=(first, second), title=title),
        "arrows",
        width="content",
    )
    kept = f"{math.floor(flat.kept * 1000) / 10:g} % of the distances between the points"
    if not flat.columns:
        st.caption(f"A projection: the {len(columns)} columns are turned so that the picture keeps the most, {kept}.")
    elif len(columns) > 2:
        st.caption(f"A projection onto two of the {len(columns)} columns. It keeps {kept}.")


def still(chart: Chart, key: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """A chart to look at."""
    st.vega_lite_chart(chart.frame, chart.spec, key=key, alt=chart.alt, width=width)


def clickable(
    chart: Chart,
    key: str,
    choose: Callable[[Mapping[str, Any]], None],
    *,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """A chart that tells what was clicked, as the row of its frame's positions."""
    key = widgets.own_key(key)

    def clicked() -> None:
        if picked := widgets.clicked(key, charts.CLICK):
            choose(picked)

    st.vega_lite_chart(
        chart.frame,
        chart.spec,
        key=key,
        alt=chart.alt,
        width=width,
        selection_mode=charts.CLICK,
        on_select=widgets.callback(clicked),
    )


def _choose_cell(picked: Mapping[str, Any]) -> None:
    current.choose_cell(picked.get("query_position"), picked.get("key_position"), counted_from=1)


def told(calculation: Calculation) -> str:
    """The story of the chosen word, and what to try in an example that was not changed yet.  Markdown"""
    word, _ = chosen_cell(calculation)
    example = current.unchanged_example()
    invitation = "" if example is None else f" {example.story} :gray[{example.source}]"
    return story_text(calculation, word) + invitation
