"""Take it with you: the experiment as a link, a file, a spreadsheet, an article, a script, pictures and tables."""

import streamlit as st

from attention_core import attend
from ui import take_away
from ui.state import address, current

calculation = attend(current.experiment())
order = take_away.order(calculation)
shows_results = not address.hidden_results()  # else what holds results stays here

take_away.what_is_taken(calculation)
left, right = st.columns(2, gap="medium")
with left:
    if shows_results:
        with st.container(border=True):
            take_away.the_spreadsheet(order)
        with st.container(border=True):
            take_away.the_article(calculation, order)
        with st.container(border=True):
            take_away.the_scripts(order)
    with st.container(border=True):
        take_away.the_file(order)
    if shows_results:
        with st.container(border=True):
            take_away.the_tables(order)
with right:
    with st.container(border=True):
        take_away.the_link()
    if shows_results:
        with st.container(border=True):
            take_away.the_class()
        with st.container(border=True):
            take_away.the_pictures(calculation, order)
