"""The charts of the lessons: functions of labelled data, in the colours and by the rules of presentation/charts.py.

No Streamlit.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core.attention import Floats
from attention_core.lessons import MAX_KEY_SIZE
from attention_core.saturation import powers_of_two
from presentation.charts import CLICK, Chart, finished
from presentation.palette import CHOSEN, EMBEDDING, GREY, KEY, QUERY, VALUE, WITH, WITHOUT
from presentation.specifications import Spec
from presentation.text import drawn, shown

_PAPER = 264  # pixels a side of a picture in which lengths and angles are true
_MOST_NAMES = 40

# --- vectors on paper ------------------------------------------------------------------------------------------------


def arrows(
    starts: Floats, ends: Floats, labels: Sequence[str], colours: Sequence[str], *, axes: tuple[str, str], title: str
) -> Chart:
    """Arrows from place to place, one unit as long across as up.  starts, ends: (m, 2)

    An arrow of no length is drawn as a point.
    """
    frame = pd.DataFrame(
        {
            "label": pd.array([*map(drawn, labels)], dtype="str"),
            "colour": list(colours),
            "x0": starts[:, 0],
            "y0": starts[:, 1],
            "x": ends[:, 0],
            "y": ends[:, 1],
            "moves": np.linalg.norm(ends - starts, axis=1) > 0,
        }
    )
    edges = _corners(np.vstack([starts, ends]))
    frame["on_right"] = frame["x"] > edges["x"].mean()  # where a name is written to the left of its arrow
    frame = pd.concat([frame, edges], ignore_index=True)
    told = ", ".join(f"{label} at ({x:.2f}, {y:.2f})" for label, (x, y) in zip(labels, ends, strict=True))
    return Chart(frame, _arrows_spec(axes, title), f"{title}. Along {axes[0]} and {axes[1]}: {told}.")


def _corners(points: Floats) -> pd.DataFrame:
    """Two unseen points that make the picture a square around all others."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = max(float((high - low).max()) / 2, 1e-9) * 1.2
    middle = (low + high) / 2
    at = np.array([middle - half, middle + half])
    return pd.DataFrame({"x": at[:, 0], "y": at[:, 1], "label": "", "colour": "", "moves": False, "on_right": False})


# The way an arrow points on the screen, whatever the scales are, in degrees clockwise from up.
_HEADING = "atan2(scale('x', datum.x) - scale('x', datum.x0), scale('y', datum.y0) - scale('y', datum.y)) * 180 / PI"


@lru_cache(maxsize=64)
def _arrows_spec(axes: tuple[str, str], title: str) -> Spec:
    scale = alt.Scale(zero=False, nice=False)
    x, y = (alt.Axis(title=name, tickCount=5, grid=True) for name in axes)
    base = alt.Chart(alt.NamedData("arrows")).encode(
        x=alt.X("x:Q", axis=x, scale=scale),
        y=alt.Y("y:Q", axis=y, scale=scale),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("label:N", title="vector"),
            alt.Tooltip("x:Q", title=axes[0], format=".3f"),
            alt.Tooltip("y:Q", title=axes[1], format=".3f"),
        ],
    )
    seen = base.transform_filter("datum.label != ''")
    lines = seen.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("x0:Q", axis=x, scale=scale), y=alt.Y("y0:Q", axis=y, scale=scale), x2="x:Q", y2="y:Q"
    )
    heads = seen.transform_filter("datum.moves").mark_point(
        shape="triangle-up", filled=True, opacity=1, size=130, angle=alt.ExprRef(_HEADING)
    )
    points = seen.transform_filter("!datum.moves").mark_point(filled=True, opacity=1, size=90, aria=False)
    beyond_the_tip = alt.ExprRef("datum.y < datum.y0 ? 16 : -9")
    bold: dict[str, Any] = {"dy": beyond_the_tip, "fontSize": 14, "fontWeight": "bold", "tooltip": None}
    sides: list[tuple[str, Literal["left", "right"], int]] = [
        ("!datum.on_right", "left", 9),
        ("datum.on_right", "right", -9),
    ]
    names = [
        seen.transform_filter(side).mark_text(align=align, dx=shift, **bold).encode(text="label:N")
        for side, align, shift in sides
    ]
    corners = base.transform_filter("datum.label == ''").mark_point(opacity=0, tooltip=None)
    return finished(
        alt.layer(corners, lines, heads, points, *names).properties(width=_PAPER, autosize="pad"),
        height=_PAPER,
        title=title,
    )


# --- bars ------------------------------------------------------------------------------------------------------------


def signed_bars(
    values: npt.NDArray[np.float64], labels: Sequence[str], *, title: str, axis: str, decimals: int, marked: int | None
) -> Chart:
    """A number for each word, which may be negative; an undefined one is said to be so. The `marked` one is set off."""
    frame = pd.DataFrame(
        {
            "position": np.arange(1, len(values) + 1),
            "word": pd.array([*map(drawn, labels)], dtype="str"),
            "value": values,
            "shown": ["undefined" if np.isnan(value) else shown(value, decimals) for value in values],
            "marked": np.arange(len(values)) == (-1 if marked is None else marked),
        }
    )
    told = "no word is ahead" if marked is None else f"{labels[marked]} has the greatest: {values[marked]:.2f}"
    return Chart(frame, _signed_bars_spec(len(values), title, axis), f"{title}: {told}.")


@lru_cache(maxsize=64)
def _signed_bars_spec(n: int, title: str, axis: str) -> Spec:
    base = alt.Chart(alt.NamedData("bars")).encode(
        y=_words_down(n),
        x=alt.X("value:Q", axis=alt.Axis(title=axis, tickCount=5), scale=alt.Scale(nice=False, padding=32)),
        tooltip=[alt.Tooltip("word:N", title="word"), alt.Tooltip("shown:N", title=axis)],
    )
    bars = base.mark_bar(color=EMBEDDING).encode(opacity=alt.condition("datum.marked", alt.value(1), alt.value(0.5)))
    layers = [bars.add_params(alt.selection_point(name=CLICK, fields=["position"]))]
    if n <= _MOST_NAMES:
        layers += _numbers(base, "shown:N")
        undefined = base.transform_filter("!isValid(datum.value)").mark_text(align="left", color=GREY, tooltip=None)
        layers.append(undefined.encode(x=alt.value(6), text="shown:N"))
    return finished(alt.layer(*layers), height=_bars_height(n), title=title)


def compared_bars(
    one: Floats, other: Floats, labels: Sequence[str], *, names: tuple[str, str], title: str, decimals: int
) -> Chart:
    """Two rows of weights, word by word.  one, other: (n,)"""
    n = len(labels)
    frame = pd.DataFrame(
        {
            "position": np.tile(np.arange(1, n + 1), 2),
            "word": pd.array([*map(drawn, [*labels, *labels])], dtype="str"),
            "which": [names[0]] * n + [names[1]] * n,
            "value": np.concatenate([one, other]),
            "shown": [shown(value, decimals) for value in (*one, *other)],
        }
    )
    told = " ".join(
        f"{name}: most at {labels[int(np.argmax(row))]} ({np.max(row):.2f})."
        for name, row in zip(names, (one, other), strict=True)
    )
    return Chart(frame, _compared_bars_spec(n, names, title), f"{title}. {told}")


@lru_cache(maxsize=64)
def _compared_bars_spec(n: int, names: tuple[str, str], title: str) -> Spec:
    base = alt.Chart(alt.NamedData("bars")).encode(
        y=_words_down(n),
        yOffset=alt.YOffset("which:N", sort=list(names)),
        x=alt.X("value:Q", axis=alt.Axis(title="weight", tickCount=5), scale=alt.Scale(domain=[0, 1])),
        tooltip=[alt.Tooltip("word:N"), alt.Tooltip("which:N", title=" "), alt.Tooltip("shown:N", title="weight")],
    )
    layers = [base.mark_bar().encode(color=_two_colours(names))]
    if n <= _MOST_NAMES // 2:
        layers.append(base.mark_text(align="left", dx=4, color=GREY, tooltip=None).encode(text="shown:N"))
    return finished(alt.layer(*layers), height=_bars_height(2 * n) + 24, title=title)


def _numbers(base: alt.Chart, text: str) -> list[alt.Chart]:
    """The numbers beside their bars, outside of them on either side of 0."""
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=4, color=GREY, tooltip=None)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-4, color=GREY, tooltip=None)
    return [right.encode(text=text), left.encode(text=text)]


def _two_colours(names: tuple[str, str]) -> alt.Color:
    return alt.Color(
        "which:N",
        scale=alt.Scale(domain=list(names), range=[WITH, WITHOUT]),
        legend=alt.Legend(title=None, orient="bottom", symbolOpacity=1),
    )


def _words_down(n: int) -> alt.Y:
    return alt.Y(
        "word:N",
        sort=alt.EncodingSortField("position", op="min"),
        axis=alt.Axis(title=None, labelOverlap=n > _MOST_NAMES, labelLimit=110, ticks=False, domain=False),
    )


def _bars_height(n: int) -> float:
    return max(24.0 if n <= 14 else 340 / n, 3.0) * n + 78


# --- a row of scores against a line ----------------------------------------------------------------------------------


def along_a_line(places: Floats, scores: Floats, fitted: Floats, labels: Sequence[str], *, decimals: int) -> Chart:
    """Scores over the places of their embeddings on their line, and the closest straight line.  all: (n,)"""
    frame = pd.DataFrame(
        {
            "word": pd.array([*map(drawn, labels)], dtype="str"),
            "place": places,
            "score": scores,
            "line": fitted,
            "told": [f"{label} {shown(score, decimals)}" for label, score in zip(labels, scores, strict=True)],
        }
    )
    worst = float(np.abs(scores - fitted).max())
    text = f"The scores over the places of their words, and the closest straight line; it misses by up to {worst:.4f}."
    return Chart(frame, _along_spec(), text)


@lru_cache(maxsize=1)
def _along_spec() -> Spec:
    across, up = (alt.Scale(padding=room, nice=False, zero=False) for room in (68, 26))  # names stay inside
    base = alt.Chart(alt.NamedData("row")).encode(
        x=alt.X("place:Q", axis=alt.Axis(title="place of the word's embedding on the line", tickCount=5), scale=across),
        tooltip=[alt.Tooltip("word:N"), alt.Tooltip("score:Q", format=".4f"), alt.Tooltip("line:Q", format=".4f")],
    )
    y = alt.Axis(title="score", tickCount=5)
    line = base.mark_line(color=GREY, strokeDash=[6, 4]).encode(y=alt.Y("line:Q", axis=y, scale=up))
    points = base.mark_point(filled=True, opacity=1, size=80, color=QUERY).encode(y=alt.Y("score:Q", axis=y, scale=up))
    names = base.mark_text(align="right", dx=2, dy=-13, color=GREY, fontSize=13).encode(
        y=alt.Y("score:Q", axis=y, scale=up), text="told:N"
    )
    return finished(alt.layer(line, points, names), height=300, title="Scores, and the closest straight line")


def misses(errors: Floats, labels: Sequence[str], *, rounding: float, decimals: int) -> Chart:
    """By how much each score misses the closest row that can be, beside what rounding explains.  errors: (n,)"""
    frame = pd.DataFrame(
        {
            "position": np.arange(1, len(errors) + 1),
            "word": pd.array([*map(drawn, labels)], dtype="str"),
            "value": errors,
            "low": -rounding,
            "high": rounding,
            "shown": [shown(error, decimals) for error in errors],
            "beyond": np.abs(errors) > rounding,
        }
    )
    count = int(frame["beyond"].sum())
    text = (
        f"How far each score is from the closest that can be; {count} of {len(errors)} by more than rounding explains "
        f"({rounding:.2g})."
    )
    return Chart(frame, _misses_spec(len(errors)), text)


@lru_cache(maxsize=8)
def _misses_spec(n: int) -> Spec:
    axis = alt.Axis(title="score minus closest", tickCount=5)
    scale = alt.Scale(nice=False, padding=40)
    base = alt.Chart(alt.NamedData("row")).encode(
        y=_words_down(n),
        tooltip=[alt.Tooltip("word:N"), alt.Tooltip("value:Q", title="score − closest", format=".5f")],
    )
    band = base.mark_bar(color=VALUE, opacity=0.45).encode(x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q")
    bars = base.mark_bar(height=8).encode(
        x=alt.X("value:Q", axis=axis, scale=scale),
        color=alt.condition("datum.beyond", alt.value(KEY), alt.value(VALUE)),
    )
    named = _numbers(base.encode(x=alt.X("value:Q", axis=axis, scale=scale)), "shown:N")
    title = "How far each score is from the closest that can be\ngreen: what rounding explains"
    return finished(alt.layer(band, bars, *named), height=_bars_height(n) + 60, title=title)


# --- measures over d_k -----------------------------------------------------------------------------------------------


def over_sizes(
    frame: pd.DataFrame,
    names: tuple[str, str],
    *,
    title: str,
    axis: str,
    at: int,
    alt_text: str,
    expected: bool = False,
) -> Chart:
    """Two measures over d_k with their spread, and a mark at one d_k.  frame: d_k, which, mean, low, high

    `expected`: the second is not measured but expected, and dashed.
    """
    frame = pd.concat([frame, pd.DataFrame({"d_k": [at], "which": [names[0]], "at": [True]})], ignore_index=True)
    return Chart(frame, _over_sizes_spec(names, title, axis, expected), alt_text)


@lru_cache(maxsize=16)
def _over_sizes_spec(names: tuple[str, str], title: str, axis: str, expected: bool) -> Spec:
    x = alt.X(
        "d_k:Q",
        scale=alt.Scale(type="log", base=2, domain=[1, MAX_KEY_SIZE]),
        axis=alt.Axis(title="d_k: how many numbers a query and a key have", values=list(powers_of_two()), format="d"),
    )
    y_axis = alt.Axis(title=axis, tickCount=5)
    base = alt.Chart(alt.NamedData("sizes"))
    measured = base.transform_filter("isValid(datum.mean)").encode(x=x, color=_two_colours(names))
    band = measured.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", axis=y_axis), y2="high:Q")
    dash = alt.StrokeDash("which:N", scale=alt.Scale(domain=list(names), range=[[1, 0], [7, 5]]), legend=None)
    line = measured.mark_line(strokeWidth=2.5).encode(
        y=alt.Y("mean:Q", axis=y_axis), strokeDash=dash if expected else alt.value([1, 0])
    )
    points = measured.mark_point(filled=True, opacity=1, size=45).encode(
        y=alt.Y("mean:Q", axis=y_axis),
        tooltip=[
            alt.Tooltip("d_k:Q", title="d_k"),
            alt.Tooltip("which:N", title=" "),
            alt.Tooltip("mean:Q", title="mean", format=".4f"),
        ],
    )
    mark = base.transform_filter("datum.at == true").mark_rule(color=CHOSEN, strokeWidth=2).encode(x=x)
    return finished(alt.layer(band, line, points, mark), height=380, title=title)
