"""Playground: type a sentence, edit the tables, switch scaling, and watch where every word looks."""

import streamlit as st

from attention_core import attend
from ui import attention, comparison, controls, editors, masks, terms, tour
from ui.state import current

calculation = attend(current.experiment())
before = comparison.before_the_change(calculation)

sentence = st.container()
switches, compare = controls.switches_and_comparison()
story = st.container()
edit, look = editors.columns()
with compare:  # before the picture: on the first run it brings what the address says
    comparison.choice()
with look:  # what follows from a change, so that it is on screen as early as can be
    attention.picture(calculation, before)
    attention.sums(calculation)
    with st.container(horizontal=True, gap="small"):
        attention.choice(calculation)
        terms.of_the_picture(calculation)
        masks.clicking(calculation)
with story:
    if not tour.step(calculation):
        attention.story(calculation, before)
with sentence:
    controls.sentence()
with switches:
    controls.switches(calculation)
with edit:
    editors.editors(calculation)
attention.behind(calculation)
