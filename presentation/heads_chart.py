"""All heads' weights as small heat maps in one row: the same words in the same places, so that heads can be compared.

It is one specification for all of them, which stays as it is while numbers change, and a row of data for each cell.
"""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from attention_core import Calculation
from presentation.charts import CLICK, Chart
from presentation.palette import CHOSEN, FORBIDDEN, SEQUENTIAL
from presentation.specifications import specification
from presentation.squares import squares
from presentation.text import drawn

FEWEST_PLACES = 4  # maps for which there is room, also where there are fewer: so that two are not drawn out
_MOST_ROWS = 24  # of a map; of longer sentences neighbouring words share one
_HEIGHT, _TITLE = 78, 18  # pixels
_GAP = 0.08  # between two maps, as a part of one


def heads_chart(calculation: Calculation) -> Chart:
    """A map for each head with what it is called, the chosen one framed."""
    weights = [head.attention.weights for head in calculation.heads]
    n = len(calculation.words)
    step = -(-n // _MOST_ROWS)
    shares = np.stack([squares(each, step, columns_too=True, share=True) if step > 1 else each for each in weights])
    forbidden = np.broadcast_to(~calculation.allowed[::step, ::step] & (step == 1), shares.shape)
    head, row, column = (each.ravel() for each in np.indices(shares.shape))
    size = shares.shape[1]
    labels = [drawn(label) for label in calculation.labels]
    first = (row == 0) & (column == 0)
    names = [calculation.head_name(place) for place in range(len(weights))]
    frame = pd.DataFrame(
        {
            "head": head + 1,
            "query_position": row * step + 1,
            "key_position": column * step + 1,
            "query": pd.Categorical.from_codes(row * step, categories=labels),
            "key": pd.Categorical.from_codes(column * step, categories=labels),
            "value": np.where(forbidden, np.nan, shares).ravel(),
            "x": head + column / size * (1 - _GAP),
            "x2": head + (column + 1) / size * (1 - _GAP),
            "y": row / size,
            "y2": (row + 1) / size,
            "name": pd.Categorical.from_codes(np.where(first, head, -1), categories=_told_apart(names)),
            "chosen": first & (head == calculation.place),
        }
    )
    told = "; ".join(names)
    return Chart(
        frame, _spec(max(len(weights), FEWEST_PLACES)), f"The weights of {len(weights)} heads side by side: {told}"
    )


def _told_apart(names: list[str]) -> list[str]:
    """As they are written over the maps; equal ones with their number."""
    written = [drawn(name) for name in names]
    return [name if written.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(written, start=1)]


@lru_cache(maxsize=8)
def _spec(places: int) -> dict[str, Any]:
    across = alt.Scale(domain=[0, places], nice=False, zero=False)
    down = alt.Scale(domain=[1, 0], nice=False, zero=False)
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("x:Q", scale=across, axis=None), y=alt.Y("y:Q", scale=down, axis=None)
    )
    cells = base.mark_rect(invalid=None, strokeWidth=0).encode(
        x2="x2:Q",
        y2="y2:Q",
        color=alt.condition(
            "!isValid(datum.value)",
            alt.value(FORBIDDEN),
            alt.Color("value:Q", scale=alt.Scale(domain=[0, 1], range=list(SEQUENTIAL), clamp=True), legend=None),
        ),
        tooltip=[
            alt.Tooltip("head:Q"),
            alt.Tooltip("query:N", title="looking"),
            alt.Tooltip("key:N", title="at"),
            alt.Tooltip("value:Q", title="weight", format=".4f"),
        ],
    )
    titles = base.transform_filter("isValid(datum.name)").mark_text(
        align="left",
        baseline="bottom",
        dy=-4,
        fontSize=12,
        fill=alt.ExprRef("'currentColor'"),
        tooltip=None,
        limit=alt.ExprRef(f"width / {places} - 6"),
    )
    frame = (
        base.transform_filter("datum.chosen")
        .transform_calculate(right=f"datum.x + {1 - _GAP}", bottom="1")
        .mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2.5, tooltip=None, aria=False)
        .encode(x2="right:Q", y2="bottom:Q")
    )
    chart = alt.layer(
        cells.add_params(alt.selection_point(name=CLICK, fields=["head"])), titles.encode(text="name:N"), frame
    ).properties(height=_HEIGHT + _TITLE)
    spec = specification(chart)
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    spec.pop("datasets", None)
    spec["padding"] = {"left": 2, "right": 2, "top": _TITLE + 2, "bottom": 2}
    spec["config"] = {"view": {"stroke": None}}
    return spec
