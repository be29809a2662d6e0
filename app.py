"""`streamlit run app.py` starts the playground.

The script itself is ui/main.py: Streamlit treats a folder called `pages` beside the main script as its own, older kind
of navigation, so the main script must not be its neighbour.
"""

import logging

import streamlit as st


def tell_plainly(fault: Exception) -> bool:
    """The last resort for a mistake of ours: one plain sentence on screen, the details in the log."""
    logging.getLogger(__name__).exception("The page could not be drawn", exc_info=fault)
    st.error(
        "The playground made a mistake and could not draw this page. Nothing is lost: your experiment is in the "
        "address. Go back or reload the page to go on.",
        icon=":material/bug_report:",
    )
    return True


app = st.App("ui/main.py", on_script_error=tell_plainly)
