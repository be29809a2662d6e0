"""The address: the experiment in it, what a class link hides and asks, and what there is to tell about it."""

import streamlit as st

from sharing.address import from_code, to_code
from sharing.class_view import ClassView, from_text
from sharing.document import DocumentError
from ui.state import keys, tour
from ui.state.session import Pin, session


def follow() -> None:
    """Let the address say what is on screen, after anything that may have changed it."""
    kept = session()
    experiment, address = kept.document.experiment, kept.address
    if address.of is experiment:
        return
    is_first = address.of is None  # then the address is the visitor's own
    address.of = experiment
    try:
        address.code, address.notice = to_code(experiment), None
    except ValueError as error:
        address.code, address.notice = "", str(error)
    if not is_first:
        st.session_state[keys.ADDRESS] = address.code


def open_address(page: str) -> None:
    """Take in an address that the visitor opened or went back to; call once the address field is drawn.

    An old address also arrives when somebody acts before the browser has heard of the newest one. Callbacks and page
    switches therefore set it again (`widgets.callback`), so that only a visitor's own step brings an address that
    differs.
    """
    code, hidden, pin = (st.session_state.get(key) or "" for key in (keys.ADDRESS, keys.CLASS_VIEW, keys.PIN))
    kept = session()
    address, document = kept.address, kept.document
    address.home = (st.context.url or "").removesuffix("/").removesuffix(page).removesuffix("/") + "/"
    is_first = address.page is None
    if is_first:
        tour.decide_for(code, hidden, pin)
    address.turned_page = not is_first and address.page != page
    address.page = page
    if address.turned_page:
        kept.files.problem = None
        return
    address.class_view = hidden
    if pin != kept.pin.code:
        kept.pin = Pin(pin)
    if code == address.code:
        return
    address.code = code
    try:
        opened = from_code(code)
    except DocumentError as error:
        address.notice = f"This link could not be opened. {error} What you see here is not from the link."
        return
    document.move_to(opened)
    address.of, address.notice = document.experiment, None
    if is_first:
        document.back, document.before = [], None


def notice() -> str | None:
    """One sentence about the address, if there is something to tell."""
    return session().address.notice


def class_view() -> ClassView:
    """What the link hides and asks."""
    return from_text(session().address.class_view)


def shows(control: str) -> bool:
    """Whether a control of `class_view.CONTROLS` is on screen."""
    return control not in class_view().hidden


def show_everything() -> None:
    session().address.class_view = ""


def home() -> str:
    """The address of the app, without page and experiment."""
    return session().address.home
