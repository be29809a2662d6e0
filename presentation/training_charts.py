"""The charts of a training: the target, the loss over the steps. Functions of labelled data, no Streamlit."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core.attention import Floats
from presentation.charts import Chart, Spec, finished, weights_map
from presentation.palette import CHOSEN, EMBEDDING, GREY, KEY, QUERY, VALUE, WITH, WITHOUT
from presentation.word_charts import called_together

_MOST_POINTS = 200  # of a line; the steps between are left out
_CURVES = (QUERY, WITHOUT)
_BEST = WITH
_LIMIT = "best possible"
_KINDS = (QUERY, KEY, VALUE, EMBEDDING)


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
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1) if len(names) > 1 else None
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
    return finished(alt.layer(*layers), height=190, title="")


def words_map(points: Floats, words: Sequence[str], kinds: Sequence[str]) -> Chart:
    """Words where their embeddings lie on paper, a colour for each question that stands for them.  points: (m, 2)"""
    frame = pd.DataFrame(
        {
            "word": pd.array(words, dtype="str"),
            "called": pd.array(called_together(points, words), dtype="str"),
            "kind": pd.array([kind or "no question" for kind in kinds], dtype="str"),
            "x": points[:, 0],
            "y": points[:, 1],
            "on_right": points[:, 0] > points[:, 0].mean(),
        }
    )
    names = tuple(dict.fromkeys(frame["kind"]))
    return Chart(frame, _words_spec(names), "The learned embeddings on paper: words that are used alike lie together.")


@lru_cache(maxsize=16)
def _words_spec(names: tuple[str, ...]) -> Spec:
    colours = [GREY if name == "no question" else _KINDS[place % len(_KINDS)] for place, name in enumerate(names)]
    roomy = alt.Scale(padding=46, zero=False, nice=False)
    quiet = alt.Axis(title=None, labels=False, ticks=False, grid=False, domain=False)
    base = alt.Chart(alt.NamedData("words")).encode(
        x=alt.X("x:Q", axis=quiet, scale=roomy),
        y=alt.Y("y:Q", axis=quiet, scale=roomy),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(names), range=colours),
            legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
        ),
        tooltip=[alt.Tooltip("word:N"), alt.Tooltip("kind:N", title="question")],
    )
    points = base.mark_circle(size=60, opacity=1)
    left = base.transform_filter("!datum.on_right").mark_text(align="left", dx=7, fontSize=12).encode(text="called:N")
    right = base.transform_filter("datum.on_right").mark_text(align="right", dx=-7, fontSize=12).encode(text="called:N")
    return finished(alt.layer(points, left, right), height=420, title="")
