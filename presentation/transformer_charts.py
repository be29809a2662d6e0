"""Charts of what stands around attention: how far a word reaches, and rows of numbers seen as patches of a picture.

Letters: n words at their positions, d numbers each.  No Streamlit.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core.attention import Floats
from attention_core.travel import NEVER, Steps
from presentation.charts import CLICK, Chart, finished
from presentation.ledger_chart import Ledger
from presentation.palette import CHOSEN, DARK_INK, GREY, INK_TURNS_LIGHT, KEY, LIGHT_INK, SEQUENTIAL, VALUE
from presentation.specifications import Spec
from presentation.text import shown

ONE_BY_ONE, AT_ONCE = "one after another", "all at once"
MOST_COLUMNS = 40  # words that are drawn side by side
MOST_PATCHES = 64
_NAMED = 3  # bars that carry the name of their word

# --- steps -----------------------------------------------------------------------------------------------------------


def reached(one_by_one: Steps, at_once: Steps, labels: Sequence[str], *, taken: int) -> Chart:
    """After how many steps each word knows of the first, as far as the steps `taken`.  both: (n,)"""
    n = len(labels)
    drawn = list(range(n)) if n <= MOST_COLUMNS else [*range(MOST_COLUMNS - 1), n - 1]
    ledger = Ledger([ONE_BY_ONE, AT_ONCE], [labels[at] for at in drawn])
    for row, (steps, colour) in enumerate(((one_by_one, KEY), (at_once, VALUE))):
        for column, at in enumerate(drawn):
            if 0 <= steps[at] <= taken:
                ledger.put(row, column, float(steps[at]), colour=colour, shade=0.5, decimals=0)
    places = [(row, column) for row in range(2) for column in range(len(drawn))]
    told = ", ".join(
        f"{name} {int(((steps != NEVER) & (steps <= taken)).sum())} of {n}"
        for name, steps in ((ONE_BY_ONE, one_by_one), (AT_ONCE, at_once))
    )
    return ledger.chart(
        places,
        title=f"After how many steps each word knows of {labels[0]}",
        alt_text=f"Words reached after {taken} steps: {told}.",
    )


# --- distance --------------------------------------------------------------------------------------------------------


def by_distance(weights: Floats, labels: Sequence[str], word: int, other: int, *, decimals: int) -> Chart:
    """One word's weights over how far away each word stands, `other` set off.  weights: (n,)"""
    n = len(labels)
    named = {*sorted(range(n), key=lambda at: -weights[at])[:_NAMED], other}
    frame = pd.DataFrame(
        {
            "key_position": np.arange(1, n + 1),
            "key": pd.array(labels, dtype="str"),
            "distance": np.arange(n) - word,
            "value": weights,
            "shown": [shown(weight, decimals) for weight in weights],
            "called": [labels[at] if at in named else "" for at in range(n)],
            "chosen": np.arange(n) == other,
        }
    )
    title = f"Where {labels[word]} looks, by distance"
    text = f"{title}. {labels[other]}, {abs(other - word)} away, gets {weights[other]:.2f}."
    return Chart(frame, _by_distance_spec(title), text)


@lru_cache(maxsize=64)
def _by_distance_spec(title: str) -> Spec:
    base = alt.Chart(alt.NamedData("words")).encode(
        x=alt.X(
            "distance:Q",
            axis=alt.Axis(title="places away", tickMinStep=1, format="d", tickCount=7),
            scale=alt.Scale(padding=26, nice=False),
        ),
        y=alt.Y("value:Q", axis=alt.Axis(title="weight", tickCount=5), scale=alt.Scale(domain=[0, 1])),
        tooltip=[
            alt.Tooltip("key:N", title="at"),
            alt.Tooltip("distance:Q", title="places away"),
            alt.Tooltip("shown:N", title="weight"),
        ],
    )
    colour = alt.condition("datum.chosen", alt.value(CHOSEN), alt.value(SEQUENTIAL[3]))
    stems = base.mark_rule(strokeWidth=3).encode(y2=alt.datum(0), color=colour)
    heads = base.mark_circle(size=70, opacity=1).encode(color=colour)
    names = base.mark_text(dy=-13, fontSize=13, color=GREY, tooltip=None).encode(text="called:N")
    layers = [stems, heads.add_params(alt.selection_point(name=CLICK, fields=["key_position"])), names]
    return finished(alt.layer(*layers), height=260, title=title)


# --- patches ---------------------------------------------------------------------------------------------------------


def pixels(table: Floats, labels: Sequence[str], chosen: int) -> Chart:
    """Each word's numbers as the pixels of a patch, the patches row by row.  table: (n, d), n up to MOST_PATCHES"""
    n, d = table.shape
    across, inside = _side(n), _side(d)
    word, pixel = np.divmod(np.arange(n * d), d)
    low, high = float(table.min()), float(table.max())
    left = word % across * (inside + _BETWEEN) + pixel % inside
    top = word // across * (-(-d // inside) + _BETWEEN) + pixel // inside
    frame = pd.DataFrame(
        {
            "position": word + 1,
            "word": pd.Categorical.from_codes(word, categories=list(labels)),
            "x": left,
            "x2": left + 1,
            "y": top,
            "y2": top + 1,
            "value": table.ravel(),
            "light": (table.ravel() - low) / (high - low) if high > low else np.full(n * d, 0.5),
            "chosen": word == chosen,
        }
    )
    title = "The rows as patches"
    text = f"{title}: {n} patches of {d} pixels, from {low:.2f} (dark) to {high:.2f} (bright)."
    return Chart(frame, _pixels_spec(title), text)


_BETWEEN = 0.15  # pixels' widths between patches


def _side(count: int) -> int:
    """The side of the smallest square that so many fit into."""
    return math.ceil(math.sqrt(count))


@lru_cache(maxsize=8)
def _pixels_spec(title: str) -> Spec:
    base = _squares("pixels").encode(
        tooltip=[alt.Tooltip("word:N", title="patch"), alt.Tooltip("value:Q", title="number", format=".3f")],
    )
    cells = base.mark_rect(stroke=GREY, strokeWidth=0.5).encode(
        color=alt.Color("light:Q", scale=alt.Scale(domain=[0, 1], range=["#000000", "#ffffff"]), legend=None)
    )
    chosen = base.mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2, tooltip=None).transform_filter("datum.chosen")
    layers = [cells.add_params(alt.selection_point(name=CLICK, fields=["position"])), chosen]
    return _on_paper(alt.layer(*layers), title)


def looks(weights: Floats, labels: Sequence[str], chosen: int, *, decimals: int) -> Chart:
    """One patch's weights, each where its patch lies.  weights: (n,), n up to MOST_PATCHES"""
    n = len(labels)
    across = _side(n)
    at = np.arange(n)
    frame = pd.DataFrame(
        {
            "position": at + 1,
            "word": pd.array(labels, dtype="str"),
            "x": at % across,
            "x2": at % across + 1,
            "y": at // across,
            "y2": at // across + 1,
            "value": weights,
            "shown": [shown(weight, decimals) for weight in weights],
            "chosen": at == chosen,
        }
    )
    title = f"Where {labels[chosen]} looks"
    most = int(np.argmax(weights))
    return Chart(frame, _looks_spec(title, n), f"{title}: {weights[most]:.2f} at {labels[most]}.")


@lru_cache(maxsize=64)
def _looks_spec(title: str, n: int) -> Spec:
    base = _squares("patches").encode(
        tooltip=[alt.Tooltip("word:N", title="patch"), alt.Tooltip("shown:N", title="weight")]
    )
    scale = alt.Scale(domain=[0, 1], range=list(SEQUENTIAL), clamp=True)
    cells = base.mark_rect().encode(color=alt.Color("value:Q", scale=scale, legend=None))
    layers = [cells.add_params(alt.selection_point(name=CLICK, fields=["position"]))]
    if n <= _MOST_NUMBERS:
        middle = base.transform_calculate(xm="(datum.x + datum.x2) / 2", ym="(datum.y + datum.y2) / 2").encode(
            x=_across("xm:Q"), y=_down("ym:Q"), x2=alt.Undefined, y2=alt.Undefined
        )
        ink = alt.condition(f"datum.value > {INK_TURNS_LIGHT['weights']}", alt.value(LIGHT_INK), alt.value(DARK_INK))
        layers.append(middle.mark_text(fontSize=12, tooltip=None, dy=-8).encode(text="word:N", color=ink))
        layers.append(middle.mark_text(fontSize=12, tooltip=None, dy=8).encode(text="shown:N", color=ink))
    chosen = base.mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2, tooltip=None).transform_filter("datum.chosen")
    return _on_paper(alt.layer(*layers, chosen), title)


_PAPER = 264  # pixels a side
_MOST_NUMBERS = 25


def _on_paper(chart: alt.LayerChart | alt.FacetChart, title: str) -> Spec:
    """As wide as high."""
    return finished(chart.properties(width=_PAPER, autosize="pad"), height=_PAPER, title=title)


def _across(field: str) -> alt.X:
    return alt.X(field, axis=None, scale=alt.Scale(nice=False, zero=False))


def _down(field: str) -> alt.Y:
    return alt.Y(field, axis=None, scale=alt.Scale(nice=False, zero=False, reverse=True))


def _squares(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name)).encode(x=_across("x:Q"), x2="x2:Q", y=_down("y:Q"), y2="y2:Q")


def drawable(labels: Sequence[str], chosen: int) -> npt.NDArray[np.intp]:
    """The places of the patches that are drawn: the first ones, and the chosen one in any case."""
    n = len(labels)
    if n <= MOST_PATCHES or chosen < MOST_PATCHES:
        return np.arange(min(n, MOST_PATCHES))
    return np.array([*range(MOST_PATCHES - 1), chosen])
