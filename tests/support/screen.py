"""Pages run without a browser: opened, acted on, and read as a visitor reads them."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"


TABLES = ("embeddings", "w_q", "w_k", "w_v")


MAPS = ("scores", "weights")


MAPS_OF_SCALING = ("scores_scaled", "weights_other", "scaling_difference")  # the first two in short sentences only


HEAT_MAPS = (*MAPS, *MAPS_OF_SCALING)


RIVER, MONEY = "We walked to the river bank", "We walked to the money bank"


def opened(code=None):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if code is not None:
        page.query_params["x"] = code
    page.run()
    assert_sound(page)
    return page


def assert_sound(page):
    assert not page.exception, page.exception
    assert page.get("vega_lite_chart")


def widget(page, name):
    """The widget of a key; what may follow the name after a colon changes with what it shows."""
    (found,) = (each for each in page.main if str(getattr(each, "key", None)).split(":")[0] == name)
    return found


def shown_table(page, table):
    """The numbers that stand in a table on the page, what was just typed included, as a labelled frame."""
    found = widget(page, table)
    frame = found.value.select_dtypes("number").copy()
    typed = page.session_state[found.key]["edited_rows"] if found.key in page.session_state else {}
    for row, cells in typed.items():
        for column, number in cells.items():
            frame.loc[frame.index[int(row)], column] = number
    return frame


def edit(page, table, cells, row=0):
    """Type numbers into a table: column name -> what was typed."""
    page.session_state[widget(page, table).key] = {
        "edited_rows": {row: cells},
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    assert_sound(page)


def charts(page):
    """The charts on the page by their keys."""
    found = {each.key: each.proto for each in page.get("vega_lite_chart")}
    assert {*MAPS, "context"} <= found.keys()
    return found


def chart(page, key):
    """What a chart draws, a row for each mark."""
    return convert_arrow_bytes_to_pandas_df(charts(page)[key].data.data)


def squares(page, key):
    """A heat map's numbers in their places; what is forbidden is NaN.  (n, n)"""
    return in_places(chart(page, key))


def in_places(frame):
    """The numbers of a heat map's frame in their places.  (n, n)"""
    n = frame["query_position"].max()
    places = set(zip(frame["query_position"], frame["key_position"], strict=True))
    assert places == {(row, column) for row in range(1, n + 1) for column in range(1, n + 1)}
    assert len(frame) == n * n
    matrix = np.full((n, n), np.nan)
    matrix[frame["query_position"] - 1, frame["key_position"] - 1] = frame["value"]
    return matrix


def context_table(page):
    (found,) = (each for each in page.dataframe if "✎" not in each.value.columns)
    return found.value


def everything_drawn(page):
    """Every number of every chart and of the context table."""
    drawn = {key: squares(page, key) for key in HEAT_MAPS if key in charts(page)}
    drawn["bars"] = chart(page, "bars")["value"].to_numpy()
    drawn["context"] = context_table(page).to_numpy()
    return drawn


def everything_set(page):
    """Every number and switch that a person can set."""
    return {
        "sentence": widget(page, "sentence").value,
        **{table: shown_table(page, table).to_dict("split") for table in TABLES},
        **{switch: widget(page, switch).value for switch in ("scaled", "causal")},
        **{choice: widget(page, choice).value for choice in ("variant", "split", "d_model", "d_k", "d_v", "decimals")},
    }


def press(page, button):
    widget(page, button).click().run()
    assert_sound(page)


def code_of(page):
    """The code in the address."""
    return page.query_params.get("x", "")


def coded(document, version=1):
    packed = zlib.compress(document if isinstance(document, bytes) else json.dumps(document).encode(), level=9)
    return f"{version}~{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def assert_words_are_escaped(page, labels=None):
    """No markdown or formula on the page holds a label with a mark that could be interpreted."""
    for label in set(chart(page, "weights")["key"] if labels is None else labels):
        marks = re.findall(r"[!-/:-@\[-`{-~]", label)
        told = [each.value for kind in ("markdown", "caption", "error", "warning") for each in page.get(kind)]
        for text in told:
            assert not marks or label not in text, f"{label!r} stands unescaped in {text!r}"
        in_formulas = [mark for mark in marks if mark in "\\{}$&#%_^~"]
        for formula in page.latex:
            written = re.findall(r"\\text\{((?:[^{}\\]|\\.)*)\}", formula.value)
            assert not in_formulas or label not in written, f"{label!r} stands unescaped in {formula.value!r}"
