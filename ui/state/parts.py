"""Parts of a page that are drawn anew alone.

Streamlit runs the whole script after whatever a person does, and the browser looks at every element again. Most changes
touch few of them. So the parts that follow from the numbers are fragments, and the callback of a widget that changes
nothing but numbers names those that follow from it (`widgets.callback`); after all others the whole page is drawn.

Without a browser all is drawn after everything, so that a program which reads the page finds it whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.fragment import FragmentStorage, MemoryFragmentStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.state.session import session

P = ParamSpec("P")

ADDRESS = "part_address"  # the code in the address
HEARD = "part_heard"  # the mark of the address
HISTORY = "part_history"  # undo and redo
EXAMPLES = "part_examples"
STORY = "part_story"
FOLLOWS = "part_follows"  # the picture and its sums
CHOICES = "part_choices"  # what stands below the sums
BEHIND = "part_behind"  # the sums before those
TABLES = "part_tables"
GRID = "part_grid"  # the table that is open
SCALING = "part_scaling"
CAUSAL = "part_causal"
ANNOUNCED = "part_announced"

OF_A_NUMBER = (FOLLOWS, STORY, CHOICES, BEHIND, TABLES)  # where another number is chosen
OF_A_SWITCH = (FOLLOWS, STORY, CHOICES, BEHIND, ADDRESS, HEARD, HISTORY, EXAMPLES, ANNOUNCED)
OF_A_CELL = (*OF_A_SWITCH, TABLES)

# What is drawn when something is done in such a part, in place of that part alone.
_FOLLOWED_BY = {FOLLOWS: OF_A_NUMBER, SCALING: OF_A_SWITCH, CAUSAL: OF_A_SWITCH, GRID: OF_A_CELL}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What tells whether a part would look as it does."""

    now: Callable[[], object]
    after_an_edit: object  # what it will be, if that is known


_SHOWN: dict[str, _Shown] = {}
_AS_NOW = object()


def part(
    name: str, *, shows: Callable[[], object] | None = None, after_an_edit: object = _AS_NOW
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A function that draws such a part. It asks for the experiment itself, as it may be called in a later run.

    Where all that it `shows` can be told cheaply, it is not drawn anew as long as that is the same.
    """
    if shows is not None:
        _SHOWN[name] = _Shown(shows, after_an_edit)

    def decorated(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            kept = session()
            outer, kept.part = kept.part, name
            if shows is not None:
                kept.shown[name] = shows()
            try:
                draw(*args, **kwargs)
            finally:
                kept.part = outer

        return st.fragment(drawn, key=name)

    return decorated


def draw_all() -> None:
    """End a callback: the whole page is drawn anew, also where the widget is in a part."""
    st.rerun()


def draw_anew(*names: str) -> bool:
    """See to it that these parts are drawn anew and nothing else, after which a callback has nothing more to do.

    Where another run has to do that, the callback ends here. False where one of the parts is not on the page.
    """
    context = get_script_run_ctx()
    if context is None:
        return False
    names = tuple(name for name in names if _looks_different(name))
    try:
        wanted = context.fragment_storage.resolve_target(names)
    except StreamlitAPIException:
        return False
    if not set(wanted) <= set(context.fragment_ids_this_run or ()):
        st.rerun(names)
    return True


def _looks_different(name: str) -> bool:
    return name not in _SHOWN or session().shown.get(name, _AS_NOW) != _SHOWN[name].now()


def _will_look_different(name: str) -> bool:
    """The same before an edit."""
    expected = _SHOWN[name].after_an_edit if name in _SHOWN else _AS_NOW
    return _looks_different(name) if expected is _AS_NOW else session().shown.get(name, _AS_NOW) != expected


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
    try:
        storage.resolve_target(_what_follows(storage, fragment) or (FOLLOWS,))
    except StreamlitAPIException:
        return bool(_what_follows(storage, fragment))
    return False


def _with_what_follows(order: Callable[..., list[str]]) -> Callable[..., list[str]]:
    @wraps(order)
    def ordered(storage: FragmentStorage, fragments: list[str]) -> list[str]:
        if len(fragments) == 1:  # several are what a callback asked for, or come from widgets that were used at once
            fragments = _answer(storage, fragments[0])
        return order(storage, fragments)

    return ordered


def _answer(storage: FragmentStorage, fragment: str) -> list[str]:
    """The parts to draw when something is done in one."""
    following = [name for name in _what_follows(storage, fragment) if _will_look_different(name)]
    try:
        return storage.resolve_target(following) if following else [fragment]
    except StreamlitAPIException:
        return [fragment]


def _what_follows(storage: FragmentStorage, fragment: str) -> tuple[str, ...]:
    names: Mapping[str, str] = getattr(storage, "_target_key_by_id", {})
    return _FOLLOWED_BY.get(names.get(fragment, ""), ())
