"""Playground: type a sentence, edit the tables, switch scaling, and watch where every word looks."""

from dataclasses import replace

import streamlit as st

from attention_core import attend
from ui import controls, editors, explanation, pictures
from ui.state import current

experiment = current.experiment()
calculation = attend(experiment)
other_way = attend(replace(experiment, scaled=not experiment.scaled))
word, _ = pictures.chosen_cell(calculation)

above = st.container()
edit, look = editors.columns()
raw, weighed = look.columns(2, gap="small")
with weighed:
    pictures.weights(calculation, key="weights", title="Weights: each row sums to 1")
with raw:
    pictures.scores(calculation)
with look:
    explanation.cell(calculation)
    explanation.choice(calculation)
with above:
    controls.sentence()
    controls.switches()
    pictures.story(calculation)
with edit:
    editors.editors()

explanation.vectors(calculation)

st.markdown("##### What scaling does")
pictures.scaling(calculation, other_way)

st.markdown("##### Where each word goes")
bars, moves, table = st.columns(3, gap="medium")
with bars:
    pictures.word_bars(calculation, word)
with moves:
    pictures.context_moves(calculation, word)
with table:
    pictures.context_table(calculation)
explanation.context(calculation, word)
