"""The charts of a training: the target, the loss over the steps. Functions of labelled data, no Streamlit."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core.attention import Floats
from presentation.charts import Chart, finished, weights_map
from presentation.palette import CHOSEN, EMBEDDING, GREY, KEY, QUERY, VALUE, WITH, WITHOUT
from presentation.specifications import Spec

_MOST_POINTS = 200  # of a line; the steps between are left out
_CURVES = (QUERY, WITHOUT)
_BEST = WITH
_LIMIT = "best possible"
_KINDS = (QUERY, KEY, VALUE, EMBEDDING)
_NO_QUESTION = "no question"

# The map of words, in pixels: the widths that its names are placed for, its height, and what a name takes.
_WIDE, _NARROW, _MAP_HEIGHT = 480, 300, 420
_PADDING, _GAP, _DOT, _LINE, _CHARACTER = 46, 7, 5, 13, 6.8
_LEGEND_ROW = 20  # pixels
_LEGEND_COLUMNS = 3  # so that a phone has room for it


def target_map(target: Floats, asked: npt.NDArray[np.bool_], labels: Sequence[str], *, decimals: int) -> Chart:
    """The weights that are wanted; rows that ask for nothing are grey.  target: (n, n), asked: (n,)"""
    allowed = np.repeat(asked[:, None], len(labels), axis=1)
    chart = weights_map(target, labels, allowed, title="What you want", decimals=decimals)
    if "row_sum" in chart.frame:
        chart.frame["row_sum"] = None
    return Chart(chart.frame, chart.spec, "The target: where each word should look, a row for each word that looks.")


def losses(curves: Mapping[str, Sequence[float]], *, steps: int, at: int | None = None, best: float = 0.0) -> Chart:
    """The loss over the steps: a line for each curve, a mark at one step of the first, and where it is above 0 the best
    possible for the first.
    """
    limit = _LIMIT if len(curves) == 1 else f"{_LIMIT} {next(iter(curves))}"
    parts = []
    for name, curve in curves.items():
        places = np.unique(np.linspace(0, len(curve) - 1, min(len(curve), _MOST_POINTS)).round().astype(int))
        parts.append(pd.DataFrame({"step": places, "loss": np.asarray(curve)[places], "which": name}))
    first = next(iter(curves.values()))
    if at is not None:
        parts.append(pd.DataFrame({"step": [at], "loss": [first[at]], "which": [next(iter(curves))], "at": [True]}))
    if best > 0:
        parts.append(pd.DataFrame({"step": [0, steps], "loss": [best, best], "which": [limit] * 2}))
    frame = pd.concat(parts, ignore_index=True)
    names = (*curves, limit) if best > 0 else tuple(curves)
    return Chart(frame, _losses_spec(names, steps, at is not None), "The loss over the steps of the training.")


@lru_cache(maxsize=64)
def _losses_spec(names: tuple[str, ...], steps: int, with_mark: bool) -> Spec:
    colours = [_BEST if name.startswith(_LIMIT) else _CURVES[place] for place, name in enumerate(names)]
    dashes = [[6, 4] if name.startswith(_LIMIT) else [1, 0] for name in names]
    # Below each other, so that the longest name is whole on a phone too.
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1, columns=1, labelLimit=0) if len(names) > 1 else None
    base = alt.Chart(alt.NamedData("losses")).encode(
        x=alt.X("step:Q", axis=alt.Axis(title="step", tickCount=6, format="d"), scale=alt.Scale(domain=[0, steps])),
        y=alt.Y("loss:Q", axis=alt.Axis(title="loss", tickCount=4), scale=alt.Scale(zero=True, nice=True)),
        color=alt.Color("which:N", scale=alt.Scale(domain=list(names), range=colours), legend=legend),
        tooltip=[
            alt.Tooltip("which:N", title=" "),
            alt.Tooltip("step:Q"),
            alt.Tooltip("loss:Q", format=".5f"),
        ],
    )
    line = base.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.StrokeDash("which:N", scale=alt.Scale(domain=list(names), range=dashes), legend=None)
    )
    layers: list[alt.Chart] = [line]
    if with_mark:
        marked = base.transform_filter("datum.at == true")
        layers.append(marked.mark_point(filled=True, size=90, opacity=1).encode(color=alt.value(CHOSEN)))
    return finished(alt.layer(*layers), height=150 + _LEGEND_ROW * (len(names) if legend else 2), title="")


def words_map(points: Floats, words: Sequence[str], kinds: Sequence[str], *, followed: str) -> Chart:
    """Words where their embeddings lie on paper, a colour for each question that stands for them.  points: (m, 2)

    A name that would cover another is left out, on a narrow screen more of them; pointing at its word tells it.
    """
    frame = pd.DataFrame(
        {
            "word": pd.array(words, dtype="str"),
            "kind": pd.array([kind or _NO_QUESTION for kind in kinds], dtype="str"),
            "x": points[:, 0],
            "y": points[:, 1],
        }
    )
    # The followed word is named first, then those that can be asked for.
    first = sorted(range(len(words)), key=lambda at: (words[at] != followed, not kinds[at]))
    for column, width in (("on_wide", _WIDE), ("on_narrow", _NARROW)):
        frame[column] = pd.array(sides_of_names(points, words, first, width=width, height=_MAP_HEIGHT), dtype="str")
    names = tuple(dict.fromkeys(frame["kind"]))
    return Chart(frame, _words_spec(names), "The learned embeddings on paper: words that are used alike lie together.")


def sides_of_names(
    points: Floats, names: Sequence[str], order: Sequence[int], *, width: float, height: float
) -> list[str]:
    """On which side of its point each name stands without covering another name or, if it can be, a point: left, right,
    or nowhere.  points: (m, 2); `order`: who chooses first; width and height in pixels
    """
    low, spread = points.min(axis=0), np.where(np.ptp(points, axis=0) > 0, np.ptp(points, axis=0), 1.0)
    room = np.array([width, height]) - 2 * _PADDING
    at = (points - low) / spread * room + _PADDING
    dots = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in at]
    taken: list[tuple[float, ...]] = []
    sides = [""] * len(names)
    for place in order:
        (x, y), length = at[place], _CHARACTER * len(names[place])
        boxes = {
            "right": (x + _GAP, y - _LINE / 2, x + _GAP + length, y + _LINE / 2),
            "left": (x - _GAP - length, y - _LINE / 2, x - _GAP, y + _LINE / 2),
        }
        free = {
            side: box
            for side, box in boxes.items()
            if box[0] >= 0 and box[2] <= width and not any(_overlap(box, other) for other in taken)
        }
        if free:
            covered = {side: sum(_overlap(box, dot) for dot in dots) for side, box in free.items()}
            sides[place] = min(covered, key=covered.__getitem__)
            taken.append(free[sides[place]])
    return sides


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@lru_cache(maxsize=16)
def _words_spec(names: tuple[str, ...]) -> Spec:
    colours = [GREY if name == _NO_QUESTION else _KINDS[place % len(_KINDS)] for place, name in enumerate(names)]
    roomy = alt.Scale(padding=_PADDING, zero=False, nice=False)
    quiet = alt.Axis(title=None, labels=False, ticks=False, grid=False, domain=False)
    base = alt.Chart(alt.NamedData("words")).encode(
        x=alt.X("x:Q", axis=quiet, scale=roomy),
        y=alt.Y("y:Q", axis=quiet, scale=roomy),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(names), range=colours),
            legend=alt.Legend(title=None, orient="top", symbolOpacity=1, columns=_LEGEND_COLUMNS),
        ),
        tooltip=[alt.Tooltip("word:N"), alt.Tooltip("kind:N", title="question")],
    )
    points = base.mark_circle(size=60, opacity=1)
    on_side = f"(width < {_WIDE} ? datum.on_narrow : datum.on_wide) === '{{}}' ? 1 : 0"
    right, left = (alt.ExprRef(on_side.format(side)) for side in ("right", "left"))
    after = base.mark_text(align="left", dx=_GAP, fontSize=12, opacity=right).encode(text="word:N")
    before = base.mark_text(align="right", dx=-_GAP, fontSize=12, opacity=left).encode(text="word:N")
    return finished(alt.layer(points, after, before), height=_MAP_HEIGHT, title="")
