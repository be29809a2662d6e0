"""Cells that keep their places from stage to stage: the chart that `presentation/ledger.py` fills."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from presentation.charts import CLICK, Chart, finished
from presentation.palette import CHOSEN, DARK_INK, ink_on, tint
from presentation.specifications import Spec
from presentation.text import drawn, shown


class Ledger:
    """One word's calculation as cells that keep their places: a row a word, blocks of columns side by side.

    Cells are added block by block; what is not added stays an empty place.
    """

    def __init__(self, rows: Sequence[str], columns: Sequence[str]) -> None:
        self.rows, self.columns = list(rows), _different(columns)
        self._cells: dict[tuple[int, int], tuple[str, str, str, float | None]] = {}

    def put(self, row: int, column: int, value: float, *, colour: str, shade: float, decimals: int) -> None:
        """A number in its place; `shade` from 0 to 1 says how strong its colour is."""
        text = "–" if math.isinf(value) or math.isnan(value) else shown(value, decimals)
        fill = tint(colour, shade)
        self._cells[row, column] = (text, fill, ink_on(fill), value if math.isfinite(value) else None)

    def chart(
        self,
        places: Sequence[tuple[int, int]],
        *,
        title: str,
        alt_text: str,
        chosen_row: int | None = None,
        positions: Sequence[int] = (),
    ) -> Chart:
        """`places` are all that exist; `positions` are those of the words that the first rows stand for, 0 for none."""
        position = dict(enumerate(positions))
        used = {column for _, column in places}
        places = [*places, *((0, gap) for gap in range(len(self.columns)) if gap not in used)]
        filled = [self._cells.get(place, _EMPTY if place[1] in used else _GAP) for place in places]
        longest = max((len(text) for text, _, _, _ in filled), default=1)
        frame = pd.DataFrame(
            {
                "row_position": [row for row, _ in places],
                "row": pd.Categorical([self.rows[row] for row, _ in places], categories=self.rows),
                "column_position": [column for _, column in places],
                "column": pd.Categorical([self.columns[column] for _, column in places], categories=self.columns),
                "key_position": [position.get(row, 0) for row, _ in places],
                "shown": [text for text, _, _, _ in filled],
                "fill": [fill for _, fill, _, _ in filled],
                "ink": [ink for _, _, ink, _ in filled],
                "value": [value for _, _, _, value in filled],
                "chosen": [row == chosen_row and column in used for row, column in places],
                "longest": max(longest, 4) * 0.56,
            }
        )
        return Chart(frame, _ledger_spec(len(self.rows), title), alt_text)


_EMPTY = ("", "#8882", DARK_INK, None)  # a place whose number is not computed yet
_GAP = ("", "transparent", DARK_INK, None)


def _different(names: Sequence[str]) -> list[str]:
    """The same names to the eye, all different: repeated ones get invisible marks."""
    seen: dict[str, int] = {}
    different = []
    for name in names:
        seen[name] = seen.get(name, -1) + 1
        different.append(drawn(name) + "\u200b" * seen[name])
    return different


@lru_cache(maxsize=64)
def _ledger_spec(rows: int, title: str) -> Spec:
    """The same for every stage, so that from one to the next only the data travel and the cells stay."""
    labels: dict[str, Any] = {"title": None, "ticks": False, "domain": False}
    base = alt.Chart(alt.NamedData("cells")).encode(
        y=alt.Y(
            "row:N",
            sort=alt.EncodingSortField("row_position", op="min"),
            axis=alt.Axis(labelLimit=104, labelPadding=4, minExtent=108, maxExtent=108, **labels),
            scale=alt.Scale(paddingInner=0.06),
        ),
        x=alt.X(
            "column:N",
            sort=alt.EncodingSortField("column_position", op="min"),
            axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=78, minExtent=80, maxExtent=80, **labels),
            scale=alt.Scale(paddingInner=0.04),
        ),
    )
    cells = base.mark_rect(invalid=None).encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=[
            alt.Tooltip("row:N", title=" "),
            alt.Tooltip("column:N", title=" "),
            alt.Tooltip("shown:N", title="number"),
        ],
    )
    fits = "width / length(domain('x')) / datum.longest"
    size = alt.ExprRef(f"{fits} < 5 ? 0 : max(6, min(13, {fits}))")  # numbers that nobody could read are left out
    text = base.mark_text(tooltip=None, fontSize=size).encode(text="shown:N", color=alt.Color("ink:N", scale=None))
    frame = base.mark_rect(fill=None, stroke=CHOSEN, strokeWidth=2, tooltip=None, aria=False)
    chosen = frame.transform_filter("datum.chosen")
    layers = [cells.add_params(alt.selection_point(name=CLICK, fields=["key_position"])), text, chosen]
    around = 92 + (34 if title else 0)  # the names of the columns, and the title
    return finished(
        alt.layer(*layers), height=max(26.0 if rows <= 14 else 380 / rows, 12.0) * rows + around, title=title
    )
