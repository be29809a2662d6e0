"""The text with the numbers to check, which travels in the address of its page."""

import streamlit as st

from sharing.address import text_from_code, text_to_code
from sharing.document import DocumentError
from ui.state import keys, widgets
from ui.state.session import session


def text() -> str:
    return session().numbers.text


def loaded_example() -> str:
    """The id of the published example that the numbers are, as long as they were not changed."""
    return session().numbers.example


def version() -> int:
    """Changes with the numbers, so that corrections of other numbers do not apply to them."""
    return session().numbers.version


def type_in() -> None:
    """Take in what stands in the field of the numbers."""
    load("", widgets.held_by(keys.NUMBERS) or "")


def load(example: str, text: str) -> None:
    """Take this text, which is that of a published example or of none ("")."""
    code, numbers = text_to_code(text), session().numbers
    numbers.text, numbers.example, numbers.code = text, example, code
    numbers.version += 1


def code_key() -> str:
    """The key of the field that carries the numbers in the address, given its value just before it is drawn.

    A visitor's own address wins on the first run; later the field follows the numbers.
    """
    kept = session()
    if kept.numbers.code and (kept.address.turned_page or keys.NUMBERS_CODE not in st.session_state):
        st.session_state[keys.NUMBERS_CODE] = kept.numbers.code
    return keys.NUMBERS_CODE


def open_code() -> str | None:
    """Take in numbers that came by the address; what is wrong with it, if anything is."""
    code = widgets.held_by(keys.NUMBERS_CODE) or ""
    if code == session().numbers.code:
        return None
    try:
        came = text_from_code(code)
    except DocumentError as error:
        return str(error)
    load("", came)
    session().numbers.code = code
    return None
