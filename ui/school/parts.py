"""The parts of the page Worksheet, and the choice of one."""

import streamlit as st

from ui import controls
from ui.state import keys, widgets, work

PARTS = {work.DO: "Work on it", work.MAKE: "Make one", work.MARK: "Mark a class"}


def choice() -> None:
    controls.part_of_page("Worksheet", PARTS, keys.WORK_PART, work.part(), work.open_part)
    if problem := work.problem():
        st.error(f"This worksheet could not be opened. {problem}", icon=":material/link_off:")


def of_tasks() -> None:
    """The tasks of the worksheet, by their numbers."""
    count = len(work.worksheet().tasks)
    st.segmented_control(
        "Task",
        list(range(count)),
        key=widgets.mirror(f"{keys.WORK_TASK}_{count}", work.number()),
        format_func=lambda at: f"{at + 1}",
        required=True,
        on_change=widgets.callback(lambda: work.open_task(widgets.held_by(f"{keys.WORK_TASK}_{count}"))),
    )
