"""The parts of Practise, and the choice of one."""

import streamlit as st

from ui import controls
from ui.state import keys, practise

PARTS = {practise.EXERCISES: "Exercises", practise.PUZZLES_PART: "Puzzles"}


def choice() -> None:
    """The parts, and the way to the worksheets, which are not in the menu."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        controls.part_of_page("Practise", PARTS, keys.PRACTISE_PART, practise.part(), practise.open_part)
        st.page_link("../pages/worksheet.py", label="Worksheets for a class", icon=":material/assignment:")
