"""Charts of single words: where one looks, and where each one's vector goes."""

import math
from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from attention_core.attention import Floats
from presentation.charts import CLICK, HEADING, Chart, finished
from presentation.looks import looks_most
from presentation.palette import EMBEDDING, GREY, SEQUENTIAL, VALUE
from presentation.specifications import Spec
from presentation.squares import MAX_ROWS
from presentation.text import drawn, shown

_MAX_NAMED_BARS = 28


def weight_bars(weights: Floats, labels: Sequence[str], *, decimals: int, word: str) -> Chart:
    """One word's weights, a bar for each word it looks at.  weights: (n,)"""
    frame = pd.DataFrame(
        {
            "key_position": np.arange(1, len(weights) + 1),
            "key": pd.array([*map(drawn, labels)], dtype="str"),
            "value": weights,
            "shown": [shown(weight, decimals) for weight in weights],
        }
    )
    title = f"Where {word} looks"
    return Chart(
        frame, _bars_spec(len(weights), title), f"{title}. {looks_most(word, weights, weights > 0, labels, decimals=2)}"
    )


def moves(before: Floats | None, after: Floats, labels: Sequence[str], *, axes: tuple[str, str], word: int) -> Chart:
    """Where each word's vector went, in two of its columns, `word` set off.  before, after: (n, 2)

    Without `before` only the context vectors are drawn.
    """
    start = after if before is None else before
    frame = pd.DataFrame(
        {
            "position": np.arange(1, len(labels) + 1),
            "word": pd.array([*map(drawn, labels)], dtype="str"),
            "x": after[:, 0],
            "y": after[:, 1],
            "x_before": start[:, 0],
            "y_before": start[:, 1],
            "chosen": np.arange(len(labels)) == word,
            "called": pd.array(called_together(after, labels), dtype="str"),
        }
    )
    text = f"Context vectors of {len(labels)} words along {axes[0]} and {axes[1]}."
    if before is not None:
        length = math.hypot(*(after[word] - before[word]))
        text += f" {labels[word]} moves by {length:.2f} from its embedding."
    return Chart(frame, _moves_spec(axes, before is not None), text)


def called_together(points: Floats, labels: Sequence[str]) -> list[str]:
    """One name for words that lie so close that their names would cover each other: the first of them carries it."""
    if len(labels) > MAX_ROWS:
        return [""] * len(labels)
    spread = np.ptp(points, axis=0)
    near = np.where(spread > 0, spread, 1.0) * (0.15, 0.06)  # a name is wider than high
    names = [""] * len(labels)
    carriers: list[int] = []
    members: dict[int, list[str]] = {}
    for position, point in enumerate(points):
        carrier = next((c for c in carriers if (np.abs(points[c] - point) <= near).all()), None)
        if carrier is None:
            carriers.append(carrier := position)
        members.setdefault(carrier, []).append(labels[position])
    for carrier, words in members.items():
        names[carrier] = ", ".join(words[:3]) + (f" +{len(words) - 3}" if len(words) > 3 else "")
    return names


@lru_cache(maxsize=64)
def _bars_spec(n: int, title: str) -> Spec:
    base = alt.Chart(alt.NamedData("bars")).encode(
        y=alt.Y(
            "key:N",
            sort=alt.EncodingSortField("key_position", op="min"),
            axis=alt.Axis(title=None, labelOverlap=n > _MAX_NAMED_BARS, labelLimit=110, ticks=False, domain=False),
        ),
        x=alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title="weight", tickCount=5)),
        tooltip=[alt.Tooltip("key:N", title="at"), alt.Tooltip("shown:N", title="weight")],
    )
    layers = [base.mark_bar(color=SEQUENTIAL[3]).add_params(alt.selection_point(name=CLICK, fields=["key_position"]))]
    if n <= _MAX_NAMED_BARS:
        layers.append(base.mark_text(align="left", dx=4, color=GREY).encode(text="shown:N"))
    return finished(alt.layer(*layers), height=max(26.0 if n <= 12 else 320 / n, 3.0) * n + HEADING, title=title)


@lru_cache(maxsize=256)
def _moves_spec(axes: tuple[str, str], with_start: bool) -> Spec:
    base = alt.Chart(alt.NamedData("moves"))
    x, y = (alt.Axis(title=name, tickCount=5) for name in axes)
    roomy = alt.Scale(padding=34, zero=False, nice=False)  # so that names at the edge are not cut
    emphasis = alt.condition("datum.chosen", alt.value(1), alt.value(0.45))
    end = base.encode(
        x=alt.X("x:Q", axis=x, scale=roomy),
        y=alt.Y("y:Q", axis=y, scale=roomy),
        opacity=emphasis,
        tooltip=[
            alt.Tooltip("word:N", title="word"),
            alt.Tooltip("x:Q", title=f"context {axes[0]}", format=".3f"),
            alt.Tooltip("y:Q", title=f"context {axes[1]}", format=".3f"),
        ],
    )
    layers = []
    if with_start:
        start = base.encode(
            x=alt.X("x_before:Q", axis=x, scale=roomy), y=alt.Y("y_before:Q", axis=y, scale=roomy), opacity=emphasis
        )
        width = alt.condition("datum.chosen", alt.value(2.5), alt.value(1.2))
        layers.append(start.mark_rule(color="#888888").encode(x2="x:Q", y2="y:Q", strokeWidth=width))
        layers.append(start.mark_point(color=EMBEDDING, filled=False, size=70, strokeWidth=2))
    layers.append(
        end.mark_circle(color=VALUE, size=90).add_params(alt.selection_point(name=CLICK, fields=["position"]))
    )
    layers.append(
        end.mark_text(align="left", dx=8, dy=-8, color=GREY, fontSize=13)
        .encode(text="called:N")
        .transform_filter("datum.called != ''")
    )
    title = "○ embedding → ● context" if with_start else "● context"
    return finished(alt.layer(*layers), height=320, title=title)
