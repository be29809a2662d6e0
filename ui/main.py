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

# Before the navigation, or the tab's icon would be that of the page, which Streamlit loads from another host.
st.set_page_config(page_icon=str(ROOT / "ui" / "icon.svg"), layout="wide")
table_editors.take_in()
address.follow()
page = st.navigation(
    [
        st.Page(
            "../pages/playground.py",
            title="Playground",
            icon=":material/grid_on:",
            help="Type a sentence, change any number, and watch which word looks at which.",
            default=True,
        ),
        *(st.Page(lesson.path, title=lesson.title, icon=lesson.icon) for lesson in COURSE),
        st.Page(
            "../pages/check_my_numbers.py",
            title="Check my numbers",
            icon=":material/rule:",
            help="Paste the numbers of an article or of your homework, and see which are right.",
        ),
        st.Page(
            "../pages/take_it_with_you.py",
            title="Take it with you",
            icon=":material/download:",
            help="Your experiment as a link, a spreadsheet, an article, a script or pictures.",
        ),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · {frame.TITLE}" if page.url_path else frame.TITLE)
with frame.around(page):
    page.run()
recovery.tell()
