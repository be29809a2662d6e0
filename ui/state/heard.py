"""What the fields of the address say, and whether a browser has heard it.

With whatever is done, a browser reports what all widgets hold, the fields of the address among them. One that has not
heard of the newest change reports what was before it, and nothing in that tells it from a visitor who sets it back. So
the address has a mark, which the browser is told in a field of its own and reports back. Where it reports an older
mark, the address that it reports is old too, and so is whatever it has reported before in the same words: nobody has
touched that.
"""

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from ui.state import keys
from ui.state.session import session


def tell_again() -> None:
    """Let the fields say what the session knows, whatever a browser reported."""
    for key, said in _said().items():
        if key in st.session_state:
            st.session_state[key] = said
    mark()  # counts what is said even where it is never drawn


def mark() -> str:
    """Changes with anything that the address says; one that says again what it said before has another mark."""
    kept, said = session(), tuple(_said().values())
    if kept.said != said:
        kept.said, kept.sayings = said, kept.sayings + 1
    return str(kept.sayings)


def is_behind() -> bool:
    """Whether what a browser reported is older than what the address says; call before a field is drawn."""
    reported = st.session_state.get(keys.HEARD)
    return reported is not None and reported != mark()


def note(reported: WidgetStates) -> None:
    """Compare what a browser reports with its last report; call before anything follows from it."""
    kept = session()
    now = {
        report.id: hash(report.SerializeToString(deterministic=True))
        for report in reported.widgets
        if not report.trigger_value  # a button, which may be clicked again
    }
    marks = (report.string_value for report in reported.widgets if report.id.endswith(f"-{keys.HEARD}"))
    is_old = next(marks, mark()) != mark()
    kept.untouched = {widget for widget, held in now.items() if kept.reported.get(widget) == held} if is_old else set()
    kept.reported = now


def is_untouched(widget_id: str) -> bool:
    """Whether this widget holds something old, and nobody has done anything with it."""
    return widget_id in session().untouched


def _said() -> dict[str, str]:
    kept = session()
    return {
        keys.ADDRESS: kept.address.code,
        keys.CLASS_VIEW: kept.address.class_view,
        keys.PIN: kept.pin.code,
        keys.CARD: kept.address.card,
        keys.PRACTISE: kept.practise.said,
        keys.WORKSHEET: kept.work.code,
        keys.HAND_IN: kept.work.hand_in,
        keys.NUMBERS_CODE: kept.numbers.code,
    }
