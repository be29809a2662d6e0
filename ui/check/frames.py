"""Tables to read, with a label beside every row, and cells that can be chosen."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from attention_core.words import position_labels
from ui.state import widgets

_ROWS_SHOWN = 8
_WIDEST = 220  # of the labels, in pixels


def show(frame: pd.DataFrame | Styler, alt: str, key: str | None = None) -> tuple[int, str] | None:
    """A table to read; with a key its cells can be chosen, and the chosen one is told."""
    data = frame.data if isinstance(frame, Styler) else frame
    longest = max(map(len, map(str, data.index)), default=0)
    shared: dict[str, Any] = {
        "height": 38 + 35 * min(len(data), _ROWS_SHOWN),
        "row_height": 35,
        "alt": alt,
        "column_config": {"_index": st.column_config.TextColumn(width=min(24 + 8 * longest, _WIDEST))},
    }
    if key is None:
        st.dataframe(frame, **shared)
        return None
    event = st.dataframe(frame, key=key, on_select=widgets.keep_address, selection_mode="single-cell", **shared)
    cells = event["selection"]["cells"]
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def unique(names: Iterable[str]) -> list[str]:
    """Names that all differ, as a table needs them; a name may already look like a place ("the·1")."""
    unique: dict[str, None] = {}
    for name in position_labels(list(names)):
        while name in unique:
            name += "′"
        unique[name] = None
    return list(unique)
