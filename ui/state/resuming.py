"""Work that goes on after the server was lost: nothing that was done meanwhile is dropped.

A browser whose server is gone connects again, and its first message to the new session tells what all of its widgets
hold; what was done last, of which the old server never heard, is among it. Streamlit calls no callback for a widget
that it has not drawn before, and shows what the address says instead. So the same is told once more (`take_up`) as soon
as the page is drawn and the widgets are known, unless all of them show it: those that hold something else act.

The editors of tables are numbered by each session anew (`document.Editor`); what was typed into an older one is taken
in before the new one is drawn (`take_in_tables`). An editor reports all its edits, and those that the address holds
change nothing.
"""

import json
import re

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.common import unpack_widget_state_value
from streamlit.runtime.state.session_state import SessionState

from presentation import tables
from ui.state import keys, widgets
from ui.state.document import Document
from ui.state.session import has_begun, session

_CLICK = '{"selection"'
_EDITOR = re.compile(r"([a-z_]+):(.*?)[0-9]+")


def note(reported: WidgetStates) -> WidgetStates:
    """Keep what a browser tells in its first message, where it tells anything: then it had another session before.

    Returns what to show at first: clicks in pictures are left out, so that they are new when they are told again. Where
    a click turns something over, an old one would turn it back; those are dropped, and that is said.
    """
    if not reported.widgets or has_begun():
        return reported
    clicks = [report for report in reported.widgets if report.string_value.startswith(_CLICK)]
    others = [report for report in reported.widgets if report not in clicks]
    forbids = any(_key(report) == keys.FORBID and report.bool_value for report in others)
    turning = [click for click in clicks if _key(click).startswith("target") or forbids]
    kept = session()
    kept.resumed = WidgetStates(widgets=[*others, *(click for click in clicks if click not in turning)])
    kept.dropped_click = bool(turning)
    return WidgetStates(widgets=others)


def take_in_tables() -> None:
    """Take in what was typed into the tables; call once the address is opened and before they are drawn."""
    kept = session()
    if kept.resumed is None or kept.address.notice:
        return
    documents = {document.name: document for document in kept.documents()}
    for report in kept.resumed.widgets:
        match = _EDITOR.fullmatch(_key(report))
        if match and match[1] in tables.TABLES and match[2] in documents:
            _take_in(report, match[1], documents[match[2]])


def take_up() -> None:
    """Tell the widgets what they held, now that they are drawn; call at the end of each run.

    Not where the address could not be opened: what the widgets held belongs to numbers that are lost, which is said.
    """
    kept, context = session(), get_script_run_ctx()
    if kept.dropped_click:
        kept.dropped_click = False
        st.toast("The connection was lost. If your last click did nothing, please click again.", icon=":material/sync:")
    reported, kept.resumed = kept.resumed, None
    if reported is None or kept.address.notice or context is None or context.script_requests is None:
        return
    state = context.session_state._state
    is_ahead = kept.address.of is not kept.own.experiment  # of its address, as something was typed into a table
    acted = [report for report in reported.widgets if _acts(report, state)]
    if not is_ahead and not acted:
        return
    kept.reported.clear()  # it is told the same again, and this time it is about what is on screen
    for report in acted:
        state._new_widget_state.states.pop(report.id, None)  # so that the widget hears of it as of something new
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            widget_states=reported,
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


def _acts(report: WidgetState, state: SessionState) -> bool:
    """Whether a widget that is drawn was told something else than it is to show.

    One with a version in its key is drawn with what it is told; the version says what it is to show.
    """
    known = state._new_widget_state.widget_metadata.get(report.id)
    if known is None or _key(report) == keys.HEARD:
        return False
    value = known.deserializer(unpack_widget_state_value(report))
    name, _, version = _key(report).partition(":")
    if version and name not in tables.TABLES:
        return value is not None and widgets.versioned(name, value) != _key(report)
    return bool(value != state[report.id])


def _key(report: WidgetState) -> str:
    """The key that the app gave a widget, which Streamlit writes behind the second dash of its id."""
    return "".join(report.id.split("-", 2)[2:])


def _take_in(report: WidgetState, table: str, document: Document) -> None:
    kind = report.WhichOneof("value")
    try:
        edits = json.loads(getattr(report, kind or "", "")).get("edited_rows")
    except (AttributeError, TypeError, ValueError, RecursionError):
        return  # no editor of ours reports that
    if edits and tables.are_in_table(document.experiment, table, edits):
        new, _ = tables.with_edits(document.experiment, table, edits)
        document.commit(new)
