"""How a widget and the experiment agree.

Widgets show the experiment and never own it. A widget that is always on screen is given the experiment's value just
before it is drawn (`mirror`). One in a popover, which hears of no value that is set while it is closed, gets a key that
changes with the value (`versioned`), and so does a picker whose choice ends with an edit. What a person does with
either comes back through a callback (`callback`), which reads what the widget holds (`held_by`) and commits a new
experiment.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from ui.state import address, heard, parts
from ui.state.session import session

T = TypeVar("T")


def mirror(key: str, value: object) -> str:
    """Give a widget the value to show, just before it is drawn; returns its key.

    On another page a widget of the same key is a new one, to which the value that stands there does not belong.
    """
    if session().address.turned_page or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def versioned(key: str, value: object) -> str:
    """The key of a widget that is drawn with `value` as its default: a new value gets a new widget.

    For widgets in popovers, because only what is on screen hears of a value that is set; and for those whose old value
    must not come back from a browser that has not heard of the new one. The key is the same in every process, so that
    another server, to which a visitor is moved, knows the widget again. What was chosen on one card of a lesson is not
    chosen on another.
    """
    short, document = str(value), session().document.name
    return f"{key}:{document}{short if len(short) <= 20 else zlib.crc32(short.encode('utf-8', 'surrogatepass'))}"


def is_what_it_showed(key: str) -> bool:
    """Whether a `versioned` widget holds the value that it was drawn with, so that nobody chose anything.

    A browser that has not heard that a widget is gone reports it once more, and Streamlit takes that for a change.
    """
    name, _, version = key.partition(":")
    held = held_by(key)
    return bool(version) and held is not None and versioned(name, held) == key


def held_by(key: str) -> Any:
    """What the widget of that key holds, as far as there is one; whatever a browser may send."""
    return st.session_state.get(key)


def own_key(key: str) -> str:
    """The key of a picture that keeps what was clicked in it: another one on each card of a lesson."""
    document = session().document.name
    return f"{key}:{document}" if document else key


def clicked(key: str, name: str) -> Mapping[str, Any]:
    """What was clicked in a picture, by its fields; nothing where a browser tells nothing that can be one."""
    held = held_by(key)
    selection = held.get("selection") if isinstance(held, Mapping) else None
    marks = selection.get(name) if isinstance(selection, Mapping) else None
    mark = marks[0] if isinstance(marks, Sequence) and marks else None
    return mark if isinstance(mark, Mapping) else {}


def option(chosen: T | None, options: Sequence[T]) -> T:
    """What a picker that must have a choice says: the first option where a browser says none or another."""
    return chosen if chosen is not None and chosen in options else options[0]


def callback(act: Callable[..., None], *, changes: Sequence[str] = ()) -> Callable[..., None]:
    """For everything a widget calls: it is about what was on screen when the widget was drawn, and afterwards the
    address is right, whatever the browser sent.

    `changes` are the parts of the page that follow (`parts`); without them, or where there is something to tell about
    the address, the whole page is drawn anew.
    """
    document, is_in_part = session().document, session().part is not None

    def acted(*args: object, **kwargs: object) -> None:
        kept = session()
        kept.acting, kept.refused = document, False
        told = address.notice()
        try:
            act(*args, **kwargs)
        finally:
            kept.acting = None
        keep_address()
        if not is_in_browser() or kept.refused:  # another run would take away why
            return
        if changes and address.notice() == told and parts.draw_anew(*changes):
            return
        if is_in_part and parts.are_drawn_alone():
            st.rerun()

    return acted


def refuse(why: str, icon: str) -> None:
    """Say, from a callback, why it changes nothing."""
    session().refused = True
    st.toast(why, icon=icon)


def keep_address() -> None:
    """For widgets that only look at the experiment."""
    address.follow()
    heard.tell_again()


def filled_when_opened(key: str) -> dict[str, Any]:
    """What a popover or an expander is given so that it tells whether it is open, and its inside can wait for that."""
    return {"key": key, "on_change": keep_address}


def is_looked_into(container: PopoverContainer) -> bool:
    """Whether the inside of a popover has to be drawn: it is open, or no browser is there to open it."""
    return bool(container.open) or not is_in_browser()


def is_in_browser() -> bool:
    """Whether somebody can open what is closed.

    A program that runs the page without a browser, such as a test, finds every table and every switch.
    """
    return st.context.url is not None
