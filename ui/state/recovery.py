"""A message from a browser that nobody can read: what is unreadable in it is set aside, and the page is drawn again.

No page of ours sends such a message; a changed client, a browser's extension or an old tab may. Streamlit turns what
a widget reports into a value before any code of ours runs, and gives up the whole run where it cannot, again and again,
since it keeps what it was sent. So what cannot be read is taken out before Streamlit looks at it (`guard`), and what is
found out later, while the page is drawn, in another run (`recover`).
"""

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.common import is_element_id, unpack_widget_state_value
from streamlit.runtime.state.session_state import Serialized, SessionState

from ui.state import heard, resuming
from ui.state.parts import is_answered_by_the_page
from ui.state.session import session

TOLD = "Your browser sent something that could not be read, and it was left out. Your experiment is as it was."
_MOST_FORGETTING = 5  # then it is not a message that breaks the page
_MOST_RECOVERING = 50  # messages that come faster than they are set aside; another one may be drawn again


def guard() -> None:
    """From now on, let no report into any session that cannot be read, or is of another type than its widget's; none
    be passed over because it came from a part of a page (`parts`) that the session has not drawn; let a step back to
    another page leave the address as it is; and call nothing for what was not touched (`heard`)."""
    SessionState.on_script_will_rerun = _guarded(SessionState.on_script_will_rerun)  # type: ignore[method-assign]
    SessionState._widget_changed = _touched(SessionState._widget_changed)  # type: ignore[method-assign, assignment]
    request = _with_fields_of_the_address(AppSession.request_rerun)
    AppSession.request_rerun = _of_the_whole_page(request)  # type: ignore[method-assign]


def _of_the_whole_page(request: Callable[..., None]) -> Callable[..., None]:
    """Streamlit drops what is done in a part that is not there any more, such as one that a lost session had drawn."""

    @functools.wraps(request)
    def requested(app_session: AppSession, client_state: ClientState | None) -> None:
        part = "" if client_state is None or client_state.is_auto_rerun else client_state.fragment_id
        if client_state is not None and part and _is_of_the_whole_page(app_session, part):
            client_state.ClearField("fragment_id")
        request(app_session, client_state)

    return requested


def _is_of_the_whole_page(app_session: AppSession, part: str) -> bool:
    return not app_session.has_fragment(part) or is_answered_by_the_page(app_session._fragment_storage, part)


def _touched(changed: Callable[[SessionState, str], bool]) -> Callable[[SessionState, str], bool]:
    @functools.wraps(changed)
    def touched(state: SessionState, widget_id: str) -> bool:
        return changed(state, widget_id) and not heard.is_untouched(widget_id)

    return touched


def _with_fields_of_the_address(request: Callable[..., None]) -> Callable[..., None]:
    """A browser reports no fields that it has not drawn, such as ours in a closed popover. On a step in its history to
    another page Streamlit takes these for gone, and takes what they hold out of the address: that of the very step.

    An empty report says that they are there; their values come from the address, as always on such a step.
    """

    @functools.wraps(request)
    def requested(app_session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and client_state.is_history_navigation:
            reported = client_state.widget_states.widgets
            bound = list(app_session.session_state._query_param_bound_widget_ids)  # a script may be adding to them
            missing = set(bound) - {each.id for each in reported}
            reported.extend(WidgetState(id=each) for each in sorted(missing))
        request(app_session, client_state)

    return requested


def _guarded(begin: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(begin)
    def guarded(state: SessionState, reported: WidgetStates | None, **others: Any) -> None:
        if reported is not None:
            reported = resuming.note(reported)
            heard.note(reported)
            good = [report for report in reported.widgets if _is_readable(state, report)]
            if len(good) < len(reported.widgets):
                reported = WidgetStates(widgets=good)
                kept = session()
                kept.recovering = max(kept.recovering, 1)  # told when the page is drawn
        begin(state, reported, **others)

    return guarded


def _is_readable(state: SessionState, report: WidgetState) -> bool:
    """Whether a widget of the last run can take what is reported of it. Of others nothing is known yet."""
    known = state._new_widget_state.widget_metadata.get(report.id)
    if known is None:
        return True
    if report.WhichOneof("value") and not _is_of_type(report, known.value_type):
        return False
    try:
        known.deserializer(unpack_widget_state_value(report))
    except Exception:
        return False
    return True


def _is_of_type(report: WidgetState, expected: str) -> bool:
    """Whether a report has the type of its widget. Streamlit's field of whole numbers reports them as such although
    it is noted as one of floats."""
    kind = report.WhichOneof("value")
    return kind == expected or {kind, expected} == {"int_value", "double_value"}


def recover() -> bool:
    """Set aside what cannot be read and ask for another run; False where that was tried or cannot be done.

    First what is unreadable goes; where the page cannot be drawn then either, so does all that the widgets hold. More
    messages may come meanwhile, so that what is unreadable may have to go several times.
    """
    context, kept = get_script_run_ctx(), session()
    if context is None or context.script_requests is None:
        return False
    state = context.session_state._state
    readable = _readable(state)
    kept.recovering += 1
    if not readable.widgets:
        kept.forgetting += 1
        _forget(state)
    state._new_widget_state.states.clear()
    if kept.forgetting > _MOST_FORGETTING or kept.recovering > _MOST_RECOVERING:
        kept.recovering = kept.forgetting = 0
        return False
    context.script_requests.request_rerun(  # refused where the visitor has left, so that nobody sees this page
        RerunData(
            query_string=context.query_string,
            widget_states=readable,
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
    return True


def tell() -> None:
    """Once the page is drawn again, say what happened; call in every run."""
    kept = session()
    if kept.recovering:
        kept.recovering = kept.forgetting = 0
        st.toast(TOLD, icon=":material/sync_problem:")


def _readable(state: SessionState) -> WidgetStates:
    """What can be read of the reports of all widgets; nothing where all can, so that none of them is the cause.

    Streamlit notes of what type a widget's last report was, and writes its value in that type; so the note of one that
    cannot be read goes too.
    """
    reports = state._new_widget_state
    good: list[WidgetState] = []
    before = {widget: report for widget, report in reports.states.items() if widget in reports.widget_metadata}
    for widget, report in before.items():
        expected = reports.widget_metadata[widget].value_type
        if isinstance(report, Serialized) and _is_of_type(report.value, expected):
            with suppress(Exception):
                reports[widget]
                good.append(report.value)
                continue
        reports.widget_metadata.pop(widget)
    return WidgetStates(widgets=good if len(good) < len(before) else [])


def _forget(state: SessionState) -> None:
    """What any widget holds or held. What the session keeps of its own stays, and is shown by the widgets again."""
    state._new_widget_state.widget_metadata.clear()
    for key in [key for key in state._old_state if is_element_id(key)]:
        del state._old_state[key]
