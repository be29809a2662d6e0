"""Playground: type a sentence, edit the tables, switch scaling, and watch where every word looks."""

import streamlit as st

from ui import attention, comparison, controls, editors, tour
from ui.state import current, parts


@parts.part(parts.FOLLOWS)
def follows() -> None:
    calculation = current.calculation()
    attention.picture(calculation, comparison.before_the_change(calculation))
    attention.sums(calculation)


@parts.part(parts.STORY)
def tell() -> None:
    calculation = current.calculation()
    if not tour.step(calculation):
        attention.story(calculation, comparison.before_the_change(calculation))


sentence = st.container()
switches, compare = controls.switches_and_comparison()
story = st.container()
edit, look = editors.columns()
with compare:  # before the picture: on the first run it brings what the address says
    comparison.choice()
with look:  # what follows from a change, so that it is on screen as early as can be
    follows()
    attention.choices()
with story:
    tell()
with sentence:
    controls.sentence()
with switches:
    controls.switches(current.calculation())
with edit:
    editors.editors()
with st.container(key="behind"):
    attention.behind()
