"""What stands around every page: its title, undo and redo, and the link to what is on screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from presentation.text import plain
from serving.fronts import FRONTS
from sharing.address import MAX_CODE, MAX_TEXT_CODE
from sharing.class_view import MAX_TEXT
from ui import tour
from ui.state import address, cards, history, keys, widgets, work

_STYLE = Path(__file__).with_name("roles.css")


@contextmanager
def around(page: StreamlitPage) -> Iterator[None]:
    """Draw the frame. The address comes first, because it may bring another experiment; the page is drawn before the
    rest of the frame, so that a change is on the picture as early as can be."""
    address.turn_to(page.url_path)
    header = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    title, greeting, buttons = (
        header.empty(),
        header.empty(),
        header.container(horizontal=True, gap="xsmall", width="content"),
    )
    around_button, undo, redo = buttons.empty(), buttons.empty(), buttons.empty()
    share = buttons.popover("Share", icon=":material/link:", **widgets.filled_when_opened(f"share_{page.url_path}"))
    with share:  # the fields are there while it is closed too: the browser's address hangs on them
        st.text_input(
            "The code of this experiment",
            key=keys.ADDRESS,
            max_chars=MAX_CODE + 1,  # one more than can be opened, so that a longer one is refused
            bind="query-params",
            placeholder="empty: the opening example",
            help="Paste another code here to open it.",
        )
        st.text_input(
            "What the link hides and asks",
            key=keys.CLASS_VIEW,
            max_chars=MAX_TEXT,
            bind="query-params",
            placeholder="empty: everything is shown",
            help="A link for a class is made on the page Take it with you.",
        )
        st.text_input(
            "The pinned experiment, to compare with",
            key=keys.PIN,
            max_chars=MAX_TEXT_CODE + 1,
            bind="query-params",
            placeholder="empty: nothing is pinned",
            help="Pin an experiment on the Playground, beside “Compare with”.",
        )
        st.text_input(
            "The open card of a lesson, and what it shows",
            key=keys.CARD,
            max_chars=MAX_CODE + 1,
            bind="query-params",
            placeholder="empty: the first card, or none",
        )
        st.text_input(
            "The open exercise or puzzle",
            key=keys.PRACTISE,
            max_chars=200,
            bind="query-params",
            placeholder="empty: the first exercise",
        )
        st.text_input(
            "The worksheet",
            key=keys.WORKSHEET,
            max_chars=MAX_CODE + 1,
            bind="query-params",
            placeholder="empty: none",
        )
        st.text_input(
            "What is handed in of the worksheet",
            key=keys.HAND_IN,
            max_chars=MAX_CODE + 1,
            bind="query-params",
            placeholder="empty: nothing yet",
        )
        if widgets.is_looked_into(share):
            _told_of_sharing()
    st.html(_STYLE)
    address.open_address(page.url_path)
    _class_view()
    if notice := address.notice():
        st.warning(plain(notice), icon=":material/link_off:")
    yield
    title.markdown(f"# {FRONTS[page.url_path].name}", width="content")
    if page.url_path == "":
        tour.offer(greeting, around_button)
    undo.button(
        "Undo",
        key="undo",
        icon=":material/undo:",
        on_click=widgets.callback(history.undo),
        disabled=not history.can_undo(),
    )
    redo.button(
        "Redo",
        key="redo",
        icon=":material/redo:",
        on_click=widgets.callback(history.redo),
        disabled=not history.can_redo(),
    )


def _told_of_sharing() -> None:
    """What the address holds, and the way to the files, which are made of the person's own experiment."""
    st.caption(
        "The address of this page is your document: copy it from the address bar, and whoever opens it sees the "
        "same sentence, tables and switches."
    )
    if cards.on_screen() and not cards.uses_own():
        st.caption("This card works with numbers of its own. Your own sentence and tables are on the Playground.")
        st.button(
            "Take this card’s numbers there",
            key="take_over",
            icon=":material/grid_on:",
            on_click=widgets.callback(_take_over),
        )
        st.page_link("../pages/playground.py", label="To the Playground", icon=":material/arrow_forward:")
        return
    st.page_link(
        "../pages/take_it_with_you.py", label="Spreadsheet, article, script, file …", icon=":material/download:"
    )


def _take_over() -> None:
    cards.take_over()
    st.toast("The Playground shows these numbers now. Undo there brings back what you had.", icon=":material/grid_on:")


def _class_view() -> None:
    """The task of a teacher's link, and the way out of what it hides."""
    view = address.class_view()
    if not view or work.is_on_screen():  # a task of a worksheet says so itself
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if view.task:
            st.info(plain(view.task), icon=":material/school:", width="stretch")
        else:
            st.caption("The link you opened hides some of the controls.", width="stretch")
        if address.hides_answers():
            st.button(
                "Show the answer",
                key="show_answers",
                icon=":material/visibility:",
                help="Shows the results that the link hides. What you change meanwhile is shown too.",
                on_click=widgets.callback(address.show_answers),
            )
        st.button(
            "Show everything",
            key="show_everything",
            on_click=widgets.callback(address.show_everything),
            type="tertiary",
        )
