"""What stands around every page: its title, undo and redo, and the link to what is on screen."""

import html
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
from ui.state import address, cards, heard, history, keys, parts, progress, resuming, widgets, work

# In one element, because each costs the browser as much as a switch. Those of a step of the tour are not among them:
# they are looked up again after every change of the page.
_STYLES = "".join(
    Path(__file__).with_name(name).read_text("utf-8")
    for name in ("roles.css", "tables.css", "flowing.css", "walking.css")
)


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
    around_button, steps = buttons.empty(), buttons.container(width="content")
    share = buttons.popover("Share", icon=":material/link:", **widgets.filled_when_opened(f"share_{page.url_path}"))
    with share:  # the fields are there while it is closed too: the browser's address hangs on them
        _code_field()
        _address_field(
            "What the link hides and asks",
            keys.CLASS_VIEW,
            MAX_TEXT,
            empty="everything is shown",
            told="A link for a class is made on the page Take it with you.",
        )
        _address_field(
            "The pinned experiment, to compare with",
            keys.PIN,
            MAX_TEXT_CODE + 1,
            empty="nothing is pinned",
            told="Pin an experiment on the Playground, beside “Compare with”.",
        )
        _address_field(
            "The open card of a lesson, and what it shows", keys.CARD, MAX_CODE + 1, empty="the first card, or none"
        )
        _address_field("The open exercise or puzzle", keys.PRACTISE, MAX_CODE + 1, empty="the first exercise")
        _address_field("The worksheet", keys.WORKSHEET, MAX_CODE + 1, empty="none")
        _address_field("What is handed in of the worksheet", keys.HAND_IN, MAX_CODE + 1, empty="nothing yet")
        if widgets.is_looked_into(share):
            _told_of_sharing()
    st.html(f"<style>{_STYLES}</style>")
    address.open_address(page.url_path)
    resuming.take_in_tables()
    _class_view()
    if notice := address.notice():
        st.warning(plain(notice), icon=":material/link_off:")
    yield
    title.markdown(f"# {FRONTS[page.url_path].name}", width="content")
    if page.url_path == "":
        tour.offer(greeting, around_button)
    with steps:
        _undo_and_redo()
    with st.container(key="unseen"):  # takes no room; last, when all that was turned to is there
        shows = html.escape(cards.on_screen() or page.url_path)
        st.html(f'<div data-turned-to="{shows}"></div>')  # read by serving/page.js
        _heard()
        if progress.is_to_be_remembered():
            st.html(f'<img src="{progress.REMEMBERED_BY}?{progress.code()}" alt="">')


@parts.part(parts.ADDRESS)
def _code_field() -> None:
    _address_field(
        "The code of this experiment",
        keys.ADDRESS,
        MAX_CODE + 1,  # one more than can be opened, so that a longer one is refused
        empty="the opening example",
        told="Paste another code here to open it.",
    )


@parts.part(parts.HEARD)
def _heard() -> None:
    """After the fields of the address, of which it tells."""
    st.text_input("The mark of the address", key=widgets.mirror(keys.HEARD, heard.mark()))


@parts.part(parts.HISTORY, shows=lambda: (history.can_undo(), history.can_redo()), after_an_edit=(True, False))
def _undo_and_redo() -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            on_click=widgets.callback(history.undo),
            disabled=not history.can_undo(),
        )
        st.button(
            "Redo",
            key="redo",
            icon=":material/redo:",
            on_click=widgets.callback(history.redo),
            disabled=not history.can_redo(),
        )


def _address_field(label: str, key: str, max_chars: int, *, empty: str, told: str | None = None) -> None:
    """A part of the address, to be read and pasted."""
    st.text_input(
        label,
        key=key,
        max_chars=max_chars,
        bind="query-params",
        on_change=parts.draw_all,
        placeholder=f"empty: {empty}",
        help=told,
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
