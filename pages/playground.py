"""Playground: type a sentence, edit the tables, switch scaling, and watch where every word looks."""

import streamlit as st

from attention_core import attend
from ui import attention, controls, editors, terms, tour
from ui.state import current

calculation = attend(current.experiment())

above = st.container()
edit, look = editors.columns()
with look:  # first what follows from a change, so that it is on screen as early as can be
    attention.picture(calculation)
    attention.sums(calculation)
    with st.container(horizontal=True, gap="small"):
        attention.choice(calculation)
        terms.of_the_picture(calculation)
with above:
    controls.sentence()
    controls.switches()
    if not tour.step(calculation):
        attention.story(calculation)
with edit:
    editors.editors(calculation)
attention.behind(calculation)
