"""What is said of a change to those who do not see it.

The sentence is on the page, unseen, and serving/page.js has a live region say it once typing has paused. A page that is
served without that script (ui/main.py as the app's file) says nothing.
"""

import html

import streamlit as st

from presentation.announcement import announcement
from ui.state import address, current, parts
from ui.state.session import session


@parts.part(parts.ANNOUNCED)
def tell() -> None:
    """Call once the page is drawn."""
    document, kept = current.document(), session()
    if document.before is None or address.hidden_results():  # which it would tell
        return
    change = document.experiment, document.before
    if kept.announced is None or kept.announced[0] != change:
        cell = document.chosen_cell
        kept.announced = change, announcement(*change, word=cell[0] if cell else len(document.experiment.words) - 1)
    with st.container(key="announced"):
        st.html(f"<p>{html.escape(kept.announced[1])}</p>")
