"""Pages run without a browser: opened, acted on, and read as a visitor reads them."""

import base64
import json
import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.components.v2 import manifest_scanner
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from sharing.address import to_code

# Every new AppTest looks for components among all packages that are installed, which takes longer than most pages.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"


TABLES = ("embeddings", "w_q", "w_k", "w_v")


STAGES = ("scores", "weights", "context")  # the panels of the picture, left to right


RIVER, MONEY = "We walked to the river bank", "We walked to the money bank"


def opened(code=None):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if code is not None:
        page.query_params["x"] = code
    page.run()
    assert_sound(page)
    return page


def arrived(script, experiment=None, *, home=None, **params):
    """Any page, opened by an address as a link does: of an experiment, with what else the address holds."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if home is not None:
        page.context = {"url": home + script}
    if experiment is not None and (code := to_code(experiment)):
        params["x"] = code
    page.query_params.update(params)
    return turned(page, script)


def turned(page, script):
    page.switch_page(f"../pages/{script}.py")
    return run(page)


def run(element):
    page = element.run()
    assert not page.exception, page.exception
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
    return {each.key: each.proto for each in page.get("vega_lite_chart")}


def chart(page, key):
    """What a chart draws, a row for each mark; of the Playground's picture one stage, a row for each cell."""
    if key not in STAGES or key in charts(page):
        return convert_arrow_bytes_to_pandas_df(charts(page)[key].data.data)
    frame = convert_arrow_bytes_to_pandas_df(_picture(page).data.data)
    return frame[frame["stage"] == key].reset_index(drop=True)


def chosen_number(page):
    """The number of the Playground's picture whose sums are shown: its stage, and its positions from 1."""
    (found,) = (each for each in charts(page)["attention"].datasets if each.name == "chosen_number")
    frame = convert_arrow_bytes_to_pandas_df(found.data.data)
    return tuple(frame[["stage", "query_position", "key_position"]].iloc[0])


def _picture(page):
    """The picture of attention: on the Playground, or of a card, a puzzle or a task, whose name its key holds."""
    (found,) = (chart for key, chart in charts(page).items() if key.split(":")[0] == "attention")
    return found


def squares(page, key):
    """A heat map's numbers in their places; what is forbidden is NaN.  (n, n)"""
    frame = chart(page, key)
    n = frame["query_position"].max()
    assert frame["key_position"].max() == n
    return in_places(frame)


def in_places(frame):
    """The numbers of a heat map's frame in their places.  (rows, columns)"""
    rows, columns = frame["query_position"].max(), frame["key_position"].max()
    places = set(zip(frame["query_position"], frame["key_position"], strict=True))
    assert places == {(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)}
    assert len(frame) == rows * columns
    matrix = np.full((rows, columns), np.nan)
    matrix[frame["query_position"] - 1, frame["key_position"] - 1] = frame["value"]
    return matrix


def context_table(page):
    """The context vectors, a labelled row for each word: from the picture, or from a table of their own."""
    if "attention" not in charts(page):
        (found,) = (each for each in page.dataframe if "✎" not in each.value.columns)
        return found.value
    frame = chart(page, "context")
    rows, columns = (frame.drop_duplicates(f"{side}_position")[side].astype(str) for side in ("query", "key"))
    return pd.DataFrame(in_places(frame), index=list(rows), columns=list(columns))


def everything_drawn(page):
    """Every number of the picture, stage by stage."""
    return {stage: in_places(chart(page, stage)) for stage in STAGES}


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
            unescaped = re.search(rf"(?<!\\){re.escape(label)}", text)
            assert not marks or not unescaped, f"{label!r} stands unescaped in {text!r}"
        in_formulas = [mark for mark in marks if mark in "\\{}$&#%_^~"]
        for formula in page.latex:
            written = re.findall(r"\\text\{((?:[^{}\\]|\\.)*)\}", formula.value)
            assert not in_formulas or label not in written, f"{label!r} stands unescaped in {formula.value!r}"
