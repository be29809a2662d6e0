"""Playground: type a sentence, edit the tables, switch scaling, and watch where every word looks."""

import streamlit as st

from attention_core import attend
from ui import attention, controls, editors
from ui.state import current

calculation = attend(current.experiment())

above = st.container()
edit, look = editors.columns()
with look:  # first what follows from a change, so that it is on screen as early as can be
    attention.picture(calculation)
    attention.sums(calculation)
    attention.choice(calculation)
with above:
    controls.sentence()
    controls.switches()
    attention.story(calculation)
with edit:
    editors.editors()
attention.behind(calculation)
