"""Every Altair chart: functions of labelled data.

A chart is a specification and a frame. Altair builds a specification once for each structure and keeps it; the data
travels separately, so that a changed number costs neither building nor validating (Streamlit's `st.vega_lite_chart`).
The colours are those of presentation/palette.py.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core.attention import Floats
from presentation.looks import looks_most
from presentation.palette import (
    CHOSEN,
    DARK_INK,
    DIVERGING,
    FORBIDDEN,
    GREY,
    INK_TURNS_LIGHT,
    KEY,
    LIGHT_INK,
    QUERY,
    SEQUENTIAL,
)
from presentation.specifications import Spec, specification
from presentation.squares import MAX_ROWS, squares
from presentation.text import drawn, shown

CLICK = "cell"  # the name under which a chart tells what was clicked

HEADING = 78  # pixels that a title and the axes of a heat map take

ROOM = 160.0  # pixels that the cells of a row share where a heat map is narrowest, beside others
_CHARACTER = 0.56  # the width of a figure as a part of its font size
_LARGEST_FONT, _SMALLEST_FONT = 13, 9
_MOST_NUMBERED = 16  # words beyond which even a wide heat map has no room for numbers


@dataclass(frozen=True)
class Chart:
    """What Streamlit draws: the frame travels anew each time, the specification only when it changed."""

    frame: pd.DataFrame
    spec: Spec
    alt: str


def weights_map(
    weights: Floats,
    labels: Sequence[str],
    allowed: npt.NDArray[np.bool_],
    *,
    title: str,
    decimals: int,
    chosen: tuple[int, int] | None = None,
    room: float = ROOM,
) -> Chart:
    """Attention weights with the sum of each row. `room`: how many pixels the cells of a row share at least."""
    return _heat_map("weights", weights, labels, allowed, title, decimals, chosen, room)


def signed_map(
    values: Floats,
    labels: Sequence[str],
    allowed: npt.NDArray[np.bool_],
    *,
    title: str,
    decimals: int,
    chosen: tuple[int, int] | None = None,
    room: float = ROOM,
) -> Chart:
    """Scores, scaled scores or a difference of weights: anything that lies around 0."""
    return _heat_map("signed", values, labels, allowed, title, decimals, chosen, room)


def cell_frame(
    matrix: Floats, labels: Sequence[str], allowed: npt.NDArray[np.bool_], *, chosen: tuple[int, int] | None = None
) -> pd.DataFrame:
    """A row for each cell, rows of the picture from top to bottom. What is forbidden has no value."""
    positions = np.arange(1, len(labels) + 1)
    return _square_frame(np.where(allowed, matrix, np.nan), labels, positions, chosen)


def _square_frame(
    values: Floats, labels: Sequence[str], positions: npt.NDArray[np.intp], chosen: tuple[int, int] | None
) -> pd.DataFrame:
    n = len(labels)
    looking, looked_at = np.divmod(np.arange(n * n), n)
    flat = values.ravel()
    is_chosen = np.zeros(n * n, dtype=bool)
    if chosen is not None:
        is_chosen[chosen[0] * n + chosen[1]] = True
    return pd.DataFrame(
        {
            "query_position": positions[looking],
            "key_position": positions[looked_at],
            "query": pd.Categorical.from_codes(looking, categories=[*map(drawn, labels)]),
            "key": pd.Categorical.from_codes(looked_at, categories=[*map(drawn, labels)]),
            "value": flat,
            "shade": _shade(flat),
            "chosen": is_chosen,
        }
    )


def _with_row_sums(frame: pd.DataFrame, weights: Floats, decimals: int) -> pd.DataFrame:
    """The sum of each row, told once a row."""
    first = frame["key_position"] == 1
    frame["row_sum"] = None
    frame.loc[first, "row_sum"] = [f"= {shown(total, decimals)}" for total in weights.sum(axis=1)]
    return frame


def binned_frame(
    matrix: Floats,
    allowed: npt.NDArray[np.bool_],
    *,
    share: bool,
    chosen: tuple[int, int] | None = None,
) -> tuple[pd.DataFrame, int]:
    """A row for each square of neighbouring words, and how many words a square has a side.

    For weights (`share`) a square holds the weight that its looking words give to all of its looked-at words, on
    average over the looking words; so each row of squares still sums to 1. For scores it holds the average.
    """
    n = len(matrix)
    size = -(-n // MAX_ROWS)
    starts = np.arange(0, n, size)
    counts = np.diff(np.append(starts, n))
    values = squares(np.where(allowed, matrix, np.nan), size, columns_too=True, share=share)
    spans = [_span(int(start), int(count)) for start, count in zip(starts + 1, counts, strict=True)]
    square = None if chosen is None else (chosen[0] // size, chosen[1] // size)
    return _square_frame(values, spans, starts + 1, square), size


def _heat_map(
    kind: str,
    matrix: Floats,
    labels: Sequence[str],
    allowed: npt.NDArray[np.bool_],
    title: str,
    decimals: int,
    chosen: tuple[int, int] | None,
    room: float = ROOM,
) -> Chart:
    n = len(labels)
    text = f"{title}, {n} × {n}: each row shows how one word looks at the words of the columns. "
    if kind == "weights":
        text += looks_most(labels[-1], matrix[-1], allowed[-1], labels, decimals=2)
    else:
        seen = matrix[allowed]
        text += f"From {seen.min():.2f} to {seen.max():.2f}." if seen.size else "No word may look anywhere."
    if n > MAX_ROWS:
        frame, size = binned_frame(matrix, allowed, share=kind == "weights", chosen=chosen)
        return Chart(frame, _heat_map_spec(kind, _binned_title(kind, title, size), -(-n // size), 0, False), text)
    frame = cell_frame(matrix, labels, allowed, chosen=chosen)
    figures = 0
    if n <= _MOST_NUMBERED:
        frame["shown"] = ["–" if np.isnan(value) else shown(value, decimals) for value in frame["value"]]
        # At least the usual length, so that the specification stays while numbers grow a little.
        figures = max(decimals + (2 if kind == "weights" else 3), frame["shown"].str.len().max())
        if kind == "weights":
            frame = _with_row_sums(frame, matrix, decimals)
    return Chart(frame, _heat_map_spec(kind, title, n, figures, _upright(labels, room)), text)


def _binned_title(kind: str, title: str, size: int) -> str:
    held = "the weight given to" if kind == "weights" else "the average of"
    return f"{title}\neach square: {held} {size} × {size} words"


def _upright(labels: Sequence[str], room: float) -> bool:
    """Whether the names of the columns fit side by side."""
    return max(map(len, labels)) * 7 <= room / len(labels)


def _shade(values: Floats) -> Floats:
    """The values on [-1, 1], 0 staying 0; weights, which are on [0, 1], are coloured by their own value."""
    greatest = np.nanmax(np.abs(values)) if np.isfinite(values).any() else 0.0
    return values / greatest if greatest else values


def _span(start: int, count: int) -> str:
    return f"{start}–{start + count - 1}" if count > 1 else str(start)


@lru_cache(maxsize=256)
def _heat_map_spec(kind: str, title: str, n: int, figures: int, upright: bool) -> Spec:
    """n squares a side, numbers of up to so many `figures` in them, or none with 0.

    The font follows the width that the browser has, and where it would become too small to read there are no numbers.
    """
    field = "value" if kind == "weights" else "shade"
    scale = (
        alt.Scale(domain=[0, 1], range=list(SEQUENTIAL), clamp=True)
        if kind == "weights"
        else alt.Scale(domain=[-1, 1], range=list(DIVERGING))
    )
    in_order: dict[str, Any] = {
        "labelOverlap": True,
        "labelLimit": 86,
        "ticks": False,
        "domain": False,
        "labelPadding": 4,
    }
    rows = alt.Y(
        "query:N",
        sort=alt.EncodingSortField("query_position", op="min"),
        axis=alt.Axis(title="attention from", titleColor=QUERY, **in_order),
    )
    columns = alt.X(
        "key:N",
        sort=alt.EncodingSortField("key_position", op="min"),
        axis=alt.Axis(title="attention to", titleColor=KEY, orient="top", labelAngle=0 if upright else -90, **in_order),
    )
    base = alt.Chart(alt.NamedData("cells")).encode(y=rows, x=columns)
    cells = base.mark_rect(invalid=None).encode(
        color=alt.condition(
            "!isValid(datum.value)", alt.value(FORBIDDEN), alt.Color(f"{field}:Q", scale=scale, legend=None)
        ),
        tooltip=[
            alt.Tooltip("query:N", title="looking"),
            alt.Tooltip("key:N", title="at"),
            alt.Tooltip("shown:N", title="number") if figures else alt.Tooltip("value:Q", format=".4f"),
        ],
    )
    layers = [cells.add_params(alt.selection_point(name=CLICK, fields=["query_position", "key_position"]))]
    if figures:
        fitting = f"width / {n * (figures + 1) * _CHARACTER:.4g}"  # one more figure, for the gap between numbers
        turns = INK_TURNS_LIGHT
        light = (
            f"datum.value > {turns['weights']}"
            if kind == "weights"
            else f"datum.shade > {turns['positive']} || datum.shade < -{turns['negative']}"
        )
        # What is forbidden has a ground that lets the page's own through, so the page's ink is read on it.
        ink = f"!isValid(datum.value) ? 'currentColor' : {light} ? '{LIGHT_INK}' : '{DARK_INK}'"
        layers.append(
            base.mark_text(
                fontSize=alt.ExprRef(f"min({_LARGEST_FONT}, {fitting})"),
                opacity=alt.ExprRef(f"{fitting} < {_SMALLEST_FONT} ? 0 : 1"),
                tooltip=None,
                fill=alt.ExprRef(ink),
            ).encode(text="shown:N")
        )
    if figures and kind == "weights":
        layers.append(
            base.mark_text(align="left", dx=5, fontSize=12, color=GREY, tooltip=None)
            .encode(text="row_sum:N", x=alt.value("width"))
            .transform_filter("isValid(datum.row_sum)")
        )
    frame = base.mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2.5, tooltip=None, aria=False)
    layers.append(frame.transform_filter("datum.chosen"))
    height = max(n * _cell_height(n), 76.0) + HEADING
    return finished(alt.layer(*layers), height=height, title=title, tells_each_mark=bool(figures))


def _cell_height(n: int) -> float:
    """Pixels, so that a picture is neither flat nor taller than a screen."""
    return max(38.0 if n <= 7 else 300 / n, 6.5)


def finished(
    chart: alt.LayerChart | alt.FacetChart, *, height: float, title: str, tells_each_mark: bool = True
) -> Spec:
    """The specification without its data, which Streamlit is given beside it. `height` includes title and axes.

    To those who cannot see, the alternative text tells the picture, and unless there are too many each of its marks.
    """
    if title:
        lines = title.split("\n")
        chart = chart.properties(
            title=alt.TitleParams(
                lines[0], subtitle=lines[1:], subtitleColor=GREY, anchor="start", fontSize=14, offset=8
            )
        )
    spec = specification(chart.properties(height=height))
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    spec.pop("datasets", None)
    tell_once(spec["layer"], tells_each_mark=tells_each_mark)
    spec["config"] = {
        "view": {"stroke": None},
        "axis": {"labelFontSize": 12.5, "titleFontSize": 12, "labelFlush": False},
    }
    return spec


def tell_once(layers: Sequence[Spec], *, tells_each_mark: bool) -> None:
    """Let one layer say what its marks are, in the words of their tooltips, and hide the others from who cannot see."""
    told = next(filter(_has_words, layers), None) if tells_each_mark else None
    for layer in layers:
        if layer is told:
            layer["mark"]["description"] = {"expr": _in_words(layer["encoding"]["tooltip"])}
        else:
            layer["mark"]["aria"] = False


def _has_words(layer: Spec) -> bool:
    """Whether the marks of a layer stand for a row of the data each, and say which."""
    mark, tooltip = layer["mark"], layer.get("encoding", {}).get("tooltip")
    is_one_of_a_row = mark["type"] in ("rect", "bar", "point", "circle")
    return is_one_of_a_row and isinstance(tooltip, list) and mark.get("tooltip", True) is not None


def _in_words(tooltip: Sequence[Spec]) -> str:
    """The expression for what a tooltip says: looking bank, at river, number 0.57."""
    parts = []
    for each in tooltip:
        value = f"datum.{each['field']}"
        written = f"(isValid({value}) ? format({value}, '{each['format']}') : '–')" if "format" in each else value
        title = str(each.get("title", each["field"])).strip()
        parts.append(f"{json.dumps(title + ' ')} + {written}" if title else written)
    return " + ', ' + ".join(parts)
