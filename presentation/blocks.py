"""Tables of the same words side by side, a row a word: what goes in on the left, what comes out on the right.

Letters: n words at their positions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from presentation.charts import Chart
from presentation.ledger_chart import Ledger

MOST_ROWS = 16  # words that are drawn
_GAP = ""


@dataclass(frozen=True, eq=False)
class Block:
    """One of the tables.  numbers: (n, len(columns)), NaN where a word has none"""

    columns: Sequence[str]
    numbers: Floats
    colour: str


def rows_drawn(n: int, chosen: int) -> list[int]:
    """The places of the words that are drawn: the first ones, and the chosen one in any case."""
    if n <= MOST_ROWS or chosen < MOST_ROWS:
        return list(range(min(n, MOST_ROWS)))
    return [*range(MOST_ROWS - 1), chosen]


def blocks(labels: Sequence[str], tables: Sequence[Block], *, title: str, decimals: int, chosen: int) -> Chart:
    """The chart, with the row of the chosen word set off."""
    drawn = rows_drawn(len(labels), chosen)
    columns: list[str] = []
    starts = []
    for table in tables:
        columns += [_GAP] if columns else []
        starts.append(len(columns))
        columns += table.columns
    ledger = Ledger([labels[at] for at in drawn], columns)
    places = []
    for table, start in zip(tables, starts, strict=True):
        greatest = float(np.abs(np.nan_to_num(table.numbers)).max())
        for row, at in enumerate(drawn):
            for column, value in enumerate(table.numbers[at]):
                shade = 0.6 * abs(float(np.nan_to_num(value))) / greatest if greatest else 0.0
                place = (row, start + column)
                ledger.put(*place, float(value), colour=table.colour, shade=shade, decimals=decimals)
                places.append(place)
    told = "; ".join(
        ", ".join("–" if np.isnan(value) else f"{value:.2f}" for value in table.numbers[chosen]) for table in tables
    )
    return ledger.chart(
        places,
        title=title,
        alt_text=f"{title}, {len(labels)} words. {labels[chosen]}: {told}.",
        chosen_row=drawn.index(chosen),
        positions=[at + 1 for at in drawn],
    )
