"""Working on a worksheet: its tasks in order, the pupil's name, and what is handed in."""

import streamlit as st

from exercises import hand_in as hand_ins
from exercises import sheets
from exercises.hand_in import MAX_FILE, MAX_NAME
from exercises.worksheet import MAX_LINK
from presentation.text import plain
from ui.school import parts, task
from ui.state import address, keys, widgets, work


def page() -> None:
    worksheet = work.worksheet()
    if not worksheet.tasks:
        st.info(
            "No worksheet is open. Your teacher’s link opens one here; “Make one” makes a new one.",
            icon=":material/assignment:",
        )
        _open_file()
        return
    st.markdown(f"## {plain(worksheet.title) or 'Worksheet'}")
    if len(worksheet.tasks) > 1:
        parts.of_tasks()
    task.show()
    _way_on()
    _hand_in()


def _open_file() -> None:
    key = work.upload_key("open_worksheet")
    st.file_uploader(
        "Open the file of a worksheet, or what you saved of it",
        type="json",
        max_upload_size=MAX_FILE >> 20,
        key=key,
        on_change=widgets.callback(work.open_file),
        args=(key,),
    )


def _way_on() -> None:
    at, last = work.number(), len(work.worksheet().tasks) - 1
    with st.container(horizontal=True, gap="small"):
        if at:
            _turn("Back", at - 1, ":material/arrow_back:")
        if at < last:
            _turn("Next task", at + 1, ":material/arrow_forward:")


def _turn(label: str, at: int, icon: str) -> None:
    st.button(label, key=f"work_to_{at}", icon=icon, on_click=widgets.callback(work.open_task), args=(at,))


def link(path: str = "worksheet", *, handed_in: bool = True) -> str:
    """The address of the worksheet, with what is handed in or without."""
    codes = dict(zip((keys.WORKSHEET, keys.HAND_IN), work.codes()[: 1 + handed_in], strict=False))
    return f"{address.home()}{path}?" + "&".join(f"{name}={code}" for name, code in codes.items() if code)


def _hand_in() -> None:
    with st.container(border=True):
        st.markdown("## :material/outbox: Hand in")
        st.text_input(
            "Your name, or none",
            key=widgets.mirror(keys.WORK_NAME, work.name()),
            max_chars=MAX_NAME,
            width=320,
            on_change=widgets.callback(lambda: work.call(widgets.held_by(keys.WORK_NAME) or "")),
        )
        answered = sum(not answer.is_empty for answer in work.answers())
        st.markdown(
            f"{answered} of {len(work.answers())} tasks are worked on. Nothing is sent anywhere: give your teacher "
            "this link or this file. They hold your answers, what you tried before, and your experiments."
        )
        made = link()
        if len(made) <= MAX_LINK and work.codes()[1]:
            st.code(made, language=None, wrap_lines=True, height=120)
        elif work.codes()[1]:
            st.warning("This is too much for a link; give your teacher the file.", icon=":material/link_off:")
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                "Save what I hand in (.json)",
                hand_ins.to_file(work.hand_in(), work.worksheet()),
                file_name="hand-in.json",
                mime="application/json",
                key="save_hand_in",
                icon=":material/download:",
                on_click="ignore",
            )
            st.download_button(
                "Print it (.html)",
                sheets.sheet(work.worksheet()).encode(),
                file_name="worksheet.html",
                mime="text/html",
                key="print_worksheet",
                icon=":material/print:",
                on_click="ignore",
            )
        with st.expander("Open another file", **widgets.filled_when_opened("open_another")) as another:
            if another.open:
                _open_file()
