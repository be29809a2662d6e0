"""What a modified browser may send: for each widget of a page values of every type that Streamlit's messages have."""

import json
import random
from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from support.visitor import Shown, Visitor

TEXTS = (
    "",
    " ",
    "\x00",
    "nan",
    "-1",
    "1e400",
    "__proto__",
    "constructor",
    "=1+1",
    "[a](https://evil.test) **b** $x^2$ :material/home: :red[c] <script>alert(1)</script>",
    "datum.value['constructor']",
    "{{x}} %s \\frac{1}{0}",
    "e\u0301" * 300,
    "\u202e\u2066\u200f",
    "👩\u200d👩\u200d👧" * 40,
    "a" * 20_000,
    "1~" + "A" * 60_000,
    "2.AAAA",
    "~" * 3000,
    "tables.examples~" + "x " * 2000,
    "1 2\n3",
    "Scores: [[1, 2], [3, 4]]",
)
NUMBERS = (0.0, -1.0, 0.5, 1e308, -1e308, float("inf"), float("-inf"), float("nan"), 5e-324, 2.0**63, 17.0)
WHOLE = (0, 1, -1, 2**31, -(2**63), 2**63 - 1)
JSONS = (
    "",
    "null",
    "5",
    '"text"',
    "[]",
    "{}",
    "{",
    "nan",
    '{"edited_rows": {"0": 5}}',
    '{"edited_rows": {"0": {"0": {"a": [1]}}}}',
    '{"edited_rows": {"-1": {"living": 1}}, "added_rows": [], "deleted_rows": []}',
    '{"edited_rows": {"0": {"nothing": 1, "living": "x"}}, "added_rows": [{"living": 1}], "deleted_rows": [0, 99, -1]}',
    '{"edited_rows": {"99999999999999999999": {"living": 1}}, "added_rows": [], "deleted_rows": []}',
    '{"edited_rows": {"0": {"living": 1e999}}, "added_rows": [], "deleted_rows": []}',
    '{"edited_rows": [], "added_rows": {}, "deleted_rows": "all"}',
    '{"edited_rows": {"x": {}}, "added_rows": null, "deleted_rows": null}',
    '{"selection": {"cell": [null]}}',
    '{"selection": {"cell": [{"query_position": 1e9, "key_position": -4}]}}',
    '{"selection": {"cell": 7, "rows": "all"}}',
    '{"selection": null}',
    '{"selection": {"rows": [0, 99, null], "columns": ["x", 5], "cells": [[0], null, [9, "z"]]}}',
    '{"cell": {"query_position": [1], "key_position": ["1"]}}',
    json.dumps({"selection": {"cell": [{"query_position": "__proto__", "key_position": {}}]}}),
    "[" * 2000,
    '"\\ud800"',
)


def states(widget: str, chance: random.Random) -> WidgetState:
    """A value of some type for a widget, whatever it is."""
    state = WidgetState(id=widget)
    kind = chance.choice([each.name for each in WidgetState.DESCRIPTOR.fields if each.name != "id"])
    match kind:
        case "trigger_value" | "bool_value":
            setattr(state, kind, chance.random() < 0.5)
        case "double_value":
            state.double_value = chance.choice(NUMBERS)
        case "int_value":
            state.int_value = chance.choice(WHOLE)
        case "string_value":
            state.string_value = chance.choice(TEXTS + JSONS)
        case "json_value" | "json_trigger_value":
            setattr(state, kind, chance.choice(JSONS))
        case "double_array_value":
            state.double_array_value.data.extend(chance.choices(NUMBERS, k=chance.randrange(4)))
        case "int_array_value":
            state.int_array_value.data.extend(chance.choices(WHOLE, k=chance.randrange(4)))
        case "string_array_value":
            state.string_array_value.data.extend(chance.choices(TEXTS, k=chance.randrange(4)))
        case "bytes_value":
            state.bytes_value = chance.randbytes(chance.randrange(50))
        case "string_trigger_value":
            state.string_trigger_value.data = chance.choice(TEXTS)
        case "chat_input_value":
            state.chat_input_value.data = chance.choice(TEXTS)
        case "arrow_value":
            state.arrow_value.SetInParent()
        case "file_uploader_state_value":
            state.file_uploader_state_value.uploaded_file_info.add(name="x.json", size=5, file_id="nothing")
    return state


def likely(shown: Shown, chance: random.Random) -> WidgetState:
    """A value of the type that the widget takes, so that it gets further than the wrong ones."""
    state = WidgetState(id=shown.id)
    match shown.kind:
        case "text_input" | "text_area" | "selectbox":
            state.string_value = chance.choice(TEXTS)
        case "number_input" | "slider":
            state.double_value = chance.choice(NUMBERS)
        case "checkbox":
            state.bool_value = chance.random() < 0.5
        case "button" | "download_button":
            state.trigger_value = True
        case "dataframe" | "vega_lite_chart":
            state.string_value = chance.choice(JSONS)
        case "menu_button":
            state.string_trigger_value.data = chance.choice(TEXTS)
        case "button_group" | "multiselect":
            state.string_array_value.data.extend(chance.choices(TEXTS, k=chance.randrange(3)))
        case _:
            return states(shown.id, chance)
    return state


def frames(visitor: Visitor, chance: random.Random) -> Iterator[bytes]:
    """Whole messages that no page sends, which the server may answer by closing the connection."""
    good = BackMsg()
    good.rerun_script.page_script_hash = "nothing"
    good.rerun_script.query_string = "x=%ff&class=%00&" + "a=1&" * 1000
    yield good.SerializeToString()
    fragment = BackMsg()
    fragment.rerun_script.fragment_id = "nothing"
    yield fragment.SerializeToString()
    file = BackMsg()
    file.backend_operation_request.deferred_file.file_id = "../../etc/passwd"
    yield file.SerializeToString()
    chunk = BackMsg()
    chunk.backend_operation_request.dataframe_chunk.source_id = "nothing"
    yield chunk.SerializeToString()
    yield BackMsg(clear_cache=True).SerializeToString()
    yield BackMsg(debug_shutdown_runtime=True).SerializeToString()
    yield chance.randbytes(chance.randrange(1, 200))
