"""Check my numbers: paste what an article prints; each number is right, right but for rounding, or wrong."""

from pathlib import Path

import streamlit as st

import ui
from ui import check

st.html(Path(ui.__file__).with_name("check.css"))
above = st.container()
left, right = st.container(key="checking").columns([0.42, 0.58], gap="medium")
with left:
    reading = check.paste()
    said = check.how_it_was_made()
    with st.container(key="understood"):
        given = check.understood(reading)
with right:
    findings = check.found(given, said)
with above:
    if findings is None:
        check.what_it_does()
    else:
        check.result(findings)
if findings is not None:
    with right:
        check.what_cannot_be(findings)
        check.stages(findings)
        check.take_on(findings)
