"""The text with the numbers: typed, pasted, loaded or opened from a link."""

import streamlit as st

from checking.pasted import Pasted, pasted
from checking.published import published
from checking.reading import MAX_TEXT, ReadingError
from presentation.text import plain
from sharing.address import MAX_TEXT_CODE
from ui.state import keys, numbers_to_check, widgets


def paste() -> Pasted | None:
    """The text with the numbers, or an example to load; what was read in it."""
    loaded = numbers_to_check.loaded_example()
    key = widgets.versioned(keys.PUBLISHED, loaded)
    st.selectbox(
        "Load an example",
        list(published()),
        key=key,
        index=list(published()).index(loaded) if loaded else None,
        placeholder="or paste your own numbers below",
        format_func=lambda id: published()[id].title,
        on_change=widgets.callback(_load),
        args=(key,),
    )
    _address_of_numbers()
    text = st.text_area(
        "Numbers of an article or homework",
        key=widgets.mirror(keys.NUMBERS, numbers_to_check.text()),
        height=300,
        max_chars=MAX_TEXT,
        placeholder="Scores\n| | The | cat |\n| --- | --- | --- |\n| The | 1.20 | 0.30 |\n| cat | 0.10 | 2.00 |",
        help="Name each table in the line above it: Embeddings, W_Q, Q, Scores, Weights, Context … Rows may come from "
        "a spreadsheet, Markdown, LaTeX, Python, MATLAB, a web page, or as plain lines.",
        on_change=widgets.callback(numbers_to_check.type_in),
    )
    if example := published().get(numbers_to_check.loaded_example()):
        st.caption(plain(example.source))
    if not (text or "").strip():
        return None
    try:
        return pasted(text or "")
    except ReadingError as error:
        st.error(plain(str(error)), icon=":material/edit:")
        return None


def _load(key: str) -> None:
    chosen = published().get(widgets.held_by(key) or "")
    if chosen is not None and not widgets.is_what_it_showed(key):
        numbers_to_check.load(chosen.id, chosen.text)


def _address_of_numbers() -> None:
    """The field that carries the numbers in the address, so that a reload or a link brings them back."""
    with st.popover("Link to these numbers", icon=":material/link:"):
        st.text_input(
            "The code of the numbers",
            key=numbers_to_check.code_key(),
            bind="query-params",
            max_chars=MAX_TEXT_CODE + 1,  # one more than can be opened, so that a longer one is refused
        )
        st.caption("The address of this page holds the numbers too, as long as they are not too many for one.")
    if problem := numbers_to_check.open_code():
        st.warning(f"The numbers of this link could not be opened. {plain(problem)}", icon=":material/link_off:")


def what_it_does() -> None:
    """What the page is for, as long as there is nothing to check."""
    st.info(
        "Paste the numbers of a worked example: embeddings, W_Q, W_K, W_V, Q, K, V, scores, weights, context, or some "
        "of them. Each number that follows from the ones before is checked: **right**, **right but for rounding**, or "
        "**wrong**, with what it should be and the sum that makes it. Usual slips are recognised, and so are numbers "
        "that cannot be. Or load an example.",
        icon=":material/rule:",
    )
