"""The frame around every page: settings, navigation, the session's experiment, undo and the link; then the page."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Streamlit puts this script's own folder on the path, not the project's
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from streamlit.navigation.page import StreamlitPage  # noqa: E402

from serving.fronts import FRONTS  # noqa: E402
from ui import announcement, frame, hidden  # noqa: E402
from ui.course import COURSE  # noqa: E402
from ui.state import address, recovery, resuming, table_editors  # noqa: E402


def page_of(script: str, icon: str, *, default: bool = False, in_menu: bool = True) -> StreamlitPage:
    told = FRONTS[script]
    return st.Page(
        f"../pages/{script}.py",
        title=told.menu,
        icon=icon,
        help=told.description,
        default=default,
        visibility="visible" if in_menu else "hidden",
    )


# Before the navigation, or the tab's icon would be that of the page, which Streamlit loads from another host.
st.set_page_config(page_icon=str(ROOT / "ui" / "icon.svg"), layout="wide")
table_editors.take_in()
address.follow()
page = st.navigation(
    [
        page_of("playground", ":material/grid_on:", default=True),
        *(page_of(lesson.script, lesson.icon) for lesson in COURSE),
        page_of("teach_it", ":material/model_training:"),
        page_of("practise", ":material/exercise:"),
        page_of("worksheet", ":material/assignment:", in_menu=False),  # there is room for eleven; Practise leads there
        page_of("check_my_numbers", ":material/rule:"),
        page_of("take_it_with_you", ":material/download:"),
    ],
    position="top",
)
st.set_page_config(page_title=FRONTS[page.url_path].title)
with frame.around(page):
    hidden.run(page)
announcement.tell()
recovery.tell()
resuming.take_up()
