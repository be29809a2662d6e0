"""`streamlit run app.py` starts the playground.

The script itself is ui/main.py: Streamlit treats a folder called `pages` beside the main script as its own, older kind
of navigation, so the main script must not be its neighbour.
"""

import streamlit as st

app = st.App("ui/main.py")
