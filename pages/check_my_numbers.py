"""Check my numbers: paste what an article prints; each number is right, right but for rounding, or wrong."""

from pathlib import Path

import streamlit as st

from ui.check import made, pasted, told, understood, verdicts

st.html(Path(told.__file__).with_name("check.css"))
above = st.container()
left, right = st.container(key="checking").columns([0.42, 0.58], gap="medium")
with left:
    text = pasted.paste()
    said = made.how_it_was_made()
    with st.container(key="understood"):
        given = understood.understood(text)
with right:
    whole = told.found(text, given, said)
with above:
    if whole is None:
        pasted.what_it_does()
    else:
        told.result(whole)
if whole is not None:
    with right:
        part = told.chosen_part(whole)
        told.what_cannot_be(part.findings)
        verdicts.stages(part.findings, part.label)
        told.take_on(whole)
