"""The frame around every page: settings, navigation, the session's experiment, undo and the link; then the page."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Streamlit puts this script's own folder on the path, not the project's
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from ui import frame  # noqa: E402
from ui.course import COURSE  # noqa: E402
from ui.state import address, recovery, table_editors  # noqa: E402

st.set_page_config(page_title="Self-attention playground", page_icon=str(ROOT / "ui" / "icon.svg"), layout="wide")
table_editors.take_in()
address.follow()
page = st.navigation(
    {
        "Play": [st.Page("../pages/playground.py", title="Playground", icon=":material/grid_on:", default=True)],
        "Understand": [st.Page(lesson.path, title=lesson.title, icon=lesson.icon) for lesson in COURSE],
        "Check": [st.Page("../pages/check_my_numbers.py", title="Check my numbers", icon=":material/rule:")],
        "Share": [st.Page("../pages/take_it_with_you.py", title="Take it with you", icon=":material/download:")],
    },
    position="top",
)
with frame.around(page):
    page.run()
recovery.tell()
