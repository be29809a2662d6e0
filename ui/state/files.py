"""Files that were opened, and files that took their time to be made."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from exports.catalogue import Order
from sharing.document import DocumentError
from sharing.file import from_file
from ui.state import drafts, history, keys, widgets
from ui.state.session import Made, session


def upload_key() -> str:
    """The key of the field that takes files; each file that was taken in gives it a new one, which is empty."""
    return f"{keys.UPLOAD}:{session().files.opened}"


def open_file(key: str) -> None:
    """Take in the file that was given to the field `key`."""
    uploaded, files = widgets.held_by(key), session().files
    if uploaded is None:
        return
    files.opened += 1
    try:
        opened = from_file(_content(uploaded))
    except DocumentError as error:
        files.problem = str(error)
        return
    files.problem = None
    drafts.forget()
    history.commit(opened)
    st.toast("The file is open. Undo brings back what you had before.", icon=":material/file_open:")


def _content(uploaded: object) -> bytes:
    if isinstance(uploaded, UploadedFile):
        return uploaded.getvalue()
    raise DocumentError("The server has lost it before it was opened; please choose it once more.")


def problem() -> str | None:
    """Why the last file could not be opened, if it could not."""
    return session().files.problem


def made(name: str, order: Order) -> bytes | None:
    """The file of that name, if it is the last that was made and is made of the same."""
    kept = session().files.made
    return kept.content if kept and (kept.name, kept.order) == (name, order) else None


def visitor() -> object:
    """Who orders files: the same for all that this session asks for."""
    return session().files.visitor


def keep(name: str, order: Order, content: bytes) -> None:
    """Keep a file that was made, instead of the one before."""
    session().files.made = Made(name, order, content)
