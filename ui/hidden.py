"""Pages that show results of every kind at once stay closed where a teacher's link hides any of them."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from serving.fronts import FRONTS
from ui.state import address

# The pages that leave out what is hidden, each result by itself. Every other page is closed as a whole.
LEAVES_OUT = {"", "check_my_numbers", "take_it_with_you", "practise", "worksheet"}


def run(page: StreamlitPage) -> None:
    """Draw a page, or say why it is closed."""
    if page.url_path in LEAVES_OUT or not address.hidden_results():
        page.run()
        return
    st.info(
        f"The link that you opened hides results, and **{FRONTS[page.url_path].name}** would show them. “Show the "
        "answer” opens this page; the Playground goes on without them.",
        icon=":material/visibility_off:",
    )
    st.page_link("../pages/playground.py", label="To the Playground", icon=":material/grid_on:")
