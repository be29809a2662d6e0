"""The terms explained where they stand, with the numbers of the word that is followed and the one it looks at."""

import streamlit as st

from attention_core import Calculation, Stage
from presentation import terms
from sharing.class_view import RESULTS
from ui import pictures
from ui.state import address, widgets

OPENED = "terms"  # the key of what lists them


def under_table(calculation: Calculation, table: Stage) -> None:
    """What the table in a tab is for."""
    if address.shows("sums"):
        st.caption(terms.of_table(calculation, table, *pictures.chosen_cell(calculation)))


def of_position(calculation: Calculation) -> None:
    """What its place adds to the word that is followed, where word order counts."""
    if address.shows("sums") and calculation.word_order.adds:
        st.caption(terms.position(calculation, pictures.chosen_cell(calculation)[0]))


def of_the_picture(calculation: Calculation) -> None:
    """Every term of the picture, and the ways to attend, for those who ask."""
    if not address.shows_all(("sums", *RESULTS)):
        return
    asked = st.popover("What do the numbers mean?", icon=":material/help:", **widgets.filled_when_opened(OPENED))
    if not asked.open:
        return
    with asked:
        st.markdown(_listed(terms.terms(calculation, *pictures.chosen_cell(calculation))))
        st.markdown(f"**Columns of the embeddings**\n\n{_listed(terms.columns(calculation))}")
        st.markdown(f"**Ways to attend**\n\n{_listed(terms.ways(calculation))}")


def _listed(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)
