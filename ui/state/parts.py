"""Parts of a page that are drawn anew alone.

Streamlit runs the whole script after whatever a person does, and the browser looks at every element again. Most changes
touch few of them. So the parts that follow from the numbers are fragments, and the callback of a widget that changes
nothing but numbers names those that follow from it (`widgets.callback`); after all others the whole page is drawn.

Without a browser all is drawn after everything, so that a program which reads the page finds it whole.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from itertools import chain
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.fragment import FragmentStorage, MemoryFragmentStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.state.session import session

P = ParamSpec("P")

ADDRESS = "part_address"  # the code in the address
HISTORY = "part_history"  # undo and redo
EXAMPLES = "part_examples"
STORY = "part_story"
FOLLOWS = "part_follows"  # the picture and its sums
BEHIND = "part_behind"  # the sums before those
TABLES = "part_tables"
ANNOUNCED = "part_announced"
SCALING = "part_scaling"
CAUSAL = "part_causal"
GRID = "part_grid"  # the table that is open
PICTURE = "part_picture"

OF_A_NUMBER = (FOLLOWS, STORY, BEHIND, TABLES)  # where another number is chosen
OF_A_SWITCH = (FOLLOWS, STORY, BEHIND, ADDRESS, HISTORY, EXAMPLES, ANNOUNCED)
OF_A_CELL = (*OF_A_SWITCH, TABLES)

# What is drawn when something is done in such a part, which is not drawn itself.
_FOLLOWED_BY = {SCALING: OF_A_SWITCH, CAUSAL: OF_A_SWITCH, GRID: OF_A_CELL, PICTURE: OF_A_NUMBER}


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


def draw_anew(*names: str) -> bool:
    """See to it that these parts are drawn anew and nothing else, after which a callback has nothing more to do.

    Where another run has to do that, the callback ends here. False where one of the parts is not on the page.
    """
    context = get_script_run_ctx()
    if context is None:
        return False
    try:
        wanted = context.fragment_storage.resolve_target(names)
    except StreamlitAPIException:
        return False
    if not set(wanted) <= set(context.fragment_ids_this_run or ()):
        st.rerun(names)
    return True


def are_drawn_alone() -> bool:
    """Whether this run draws some parts and not the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def draw_what_follows() -> None:
    """From now on, let what is done in a part of _FOLLOWED_BY be answered by the parts that follow from it.

    Streamlit would draw that part itself, and those which its callback asks for in a run of their own; at the beginning
    and at the end of each run the browser looks at every element.
    """
    MemoryFragmentStorage.order_fragment_ids = _with_what_follows(  # type: ignore[method-assign]
        MemoryFragmentStorage.order_fragment_ids
    )


def is_answered_by_the_page(storage: FragmentStorage, fragment: str) -> bool:
    """Whether something that follows from this part is not on the page, so that all of the page has to be drawn."""
    return _answer(storage, fragment) is None


def _with_what_follows(order: Callable[..., list[str]]) -> Callable[..., list[str]]:
    @wraps(order)
    def ordered(storage: FragmentStorage, fragments: list[str]) -> list[str]:
        answers = (_answer(storage, each) or [each] for each in fragments)
        return order(storage, list(dict.fromkeys(chain.from_iterable(answers))))

    return ordered


def _answer(storage: FragmentStorage, fragment: str) -> list[str] | None:
    """The parts to draw when something is done in one; None where they are not all on the page."""
    names: Mapping[str, str] = getattr(storage, "_target_key_by_id", {})
    following = _FOLLOWED_BY.get(names.get(fragment, ""))
    if following is None:
        return [fragment]
    try:
        return storage.resolve_target(following)
    except StreamlitAPIException:
        return None
