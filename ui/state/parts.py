"""Parts of a page that are drawn anew alone.

Streamlit runs the whole script after whatever a person does, and the browser looks at every element again. Most changes
touch few of them. So the parts that follow from the numbers are fragments, and the callback of a widget that changes
nothing but numbers names those that follow from it (`widgets.callback`); after all others the whole page is drawn.

Without a browser all is drawn after everything, so that a program which reads the page finds it whole.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui.state.session import session

P = ParamSpec("P")

ADDRESS = "part_address"  # the code in the address
HEARD = "part_heard"  # the mark of the address
HISTORY = "part_history"  # undo and redo
EXAMPLES = "part_examples"
STORY = "part_story"
FOLLOWS = "part_follows"  # the picture and its sums
BEHIND = "part_behind"  # the sums before those
TABLES = "part_tables"
ANNOUNCED = "part_announced"

OF_A_NUMBER = (FOLLOWS, STORY, BEHIND, TABLES)  # where another number is chosen
OF_A_SWITCH = (FOLLOWS, STORY, BEHIND, ADDRESS, HEARD, HISTORY, EXAMPLES, ANNOUNCED)
OF_A_CELL = (*OF_A_SWITCH, TABLES)


def part(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A function that draws such a part. It asks for the experiment itself, as it may be called in a later run."""

    def decorated(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            kept = session()
            outer, kept.part = kept.part, name
            try:
                draw(*args, **kwargs)
            finally:
                kept.part = outer

        return st.fragment(drawn, key=name)

    return decorated


def draw_all() -> None:
    """End a callback: the whole page is drawn anew, also where the widget is in a part."""
    st.rerun()


def draw_anew(*names: str) -> None:
    """End a callback: these parts are drawn anew and nothing else; or go on with it where one of them is not there."""
    with suppress(StreamlitAPIException):
        st.rerun(names)
