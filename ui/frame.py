"""What stands around every page: its title, undo and redo, and the link to what is on screen."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from presentation.text import plain
from ui import state


@contextmanager
def around(page: StreamlitPage) -> Iterator[None]:
    """Draw the frame. The address comes first, because it may bring another experiment; the page is drawn before the
    rest of the frame, so that a change is on the picture as early as can be."""
    header = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    title, buttons = header.empty(), header.container(horizontal=True, gap="xsmall", width="content")
    undo, redo = buttons.empty(), buttons.empty()
    with buttons.popover("Share", icon=":material/link:"):
        st.text_input(
            "The code of this experiment",
            key=state.ADDRESS,
            bind="query-params",
            placeholder="empty: the opening example",
            help="Paste another code here to open it.",
        )
        st.caption(
            "The address of this page is your document: copy it from the address bar, and whoever opens it sees the "
            "same sentence, tables and switches."
        )
    state.open_address(page.url_path)
    if notice := state.notice():
        st.warning(plain(notice), icon=":material/link_off:")
    yield
    title.markdown("#### Self-attention playground", width="content")
    undo.button(
        "Undo", key="undo", icon=":material/undo:", on_click=state.callback(state.undo), disabled=not state.can_undo()
    )
    redo.button(
        "Redo", key="redo", icon=":material/redo:", on_click=state.callback(state.redo), disabled=not state.can_redo()
    )
