"""Show me around: the Playground in four steps that point at the real things, with the person's own numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attention_core import Calculation, Stage
from attention_core.telling import telling_columns
from presentation.story_text import look_text
from presentation.terms import context, embedding
from ui import pictures
from ui.state import address, current, tour, widgets

_STYLE = Path(__file__).with_name("tour.css")
_KEY = "show_me_around"
_REMEMBER = f'<img src="{tour.SEEN}" alt="" hidden>'  # an empty picture, with which the browser gets a cookie


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to look at. `key` names it in tour.css; `needs` are the controls of a class view that it tells of."""

    key: str
    title: str
    text: Callable[[Calculation, int], str]
    needs: tuple[str, ...] = ()
    stage: Stage | None = None  # whose number is chosen in the picture


def _sentence(calculation: Calculation, word: int) -> str:
    count = len(calculation.words)
    words = "one word" if count == 1 else f"{count} words"
    return f"Type what you like, and everything below follows at once. Now it has {words}, a row for each."


def _table(calculation: Calculation, word: int) -> str:
    return f"{embedding(calculation, word)} Put another number into a cell and watch the picture."


def _weights(calculation: Calculation, word: int) -> str:
    return f"{look_text(calculation, word)} See its row in the map “Weights”; click any number for its sum."


def _context(calculation: Calculation, word: int) -> str:
    return f"{context(calculation, word)} That is its row in the map “Context”."


_STEPS = (
    _Step("sentence", "Your sentence", _sentence, needs=("sentence",)),
    _Step("embeddings", "The table", _table, needs=("tables",)),
    _Step("weights", "Where it looks", _weights, needs=("weights",), stage=Stage.WEIGHTS),
    _Step("context", "The new vector", _context, needs=("weights", "context"), stage=Stage.CONTEXT),
)


def offer(greeting: DeltaGenerator, button: DeltaGenerator) -> None:
    """What this is and the offer to be shown around; later a small button to ask for it."""
    if not any(address.shows_all(each.needs) for each in _STEPS):
        return
    start = widgets.callback(lambda: tour.go_to(0))
    if not tour.is_offered():
        button.button("Tour", key=_KEY, icon=":material/explore:", help="Show me around", on_click=start)
        if tour.is_to_be_remembered():
            greeting.html(_REMEMBER)
        return
    with greeting.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.markdown(":small[See which word looks at which, and change any number.]", width="content")
        st.button("Show me around", key=_KEY, icon=":material/explore:", on_click=start)
        st.button(
            "Not now", key="skip_the_tour", type="tertiary", on_click=widgets.callback(tour.skip), width="content"
        )


def step(calculation: Calculation) -> bool:
    """Draw the step that is on screen, if there is one."""
    number, steps = tour.step(), [each for each in _STEPS if address.shows_all(each.needs)]
    if number is None or not steps:
        return False
    number = min(number, len(steps) - 1)
    shown, is_last = steps[number], number == len(steps) - 1
    row, column = pictures.chosen_cell(calculation)
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True, key=f"tour_{shown.key}"):
        st.markdown(f"**{number + 1} of {len(steps)} · {shown.title}.** {shown.text(calculation, row)}")
        st.button(
            "Done" if is_last else "Next",
            key="next_step",
            type="primary",
            on_click=widgets.callback(tour.skip if is_last else _next),
            args=() if is_last else (number + 1, steps[number + 1].stage, _place(calculation, row, column)),
        )
        if not is_last:
            st.button("Skip", key="skip_the_tour", type="tertiary", on_click=widgets.callback(tour.skip))
    return True


def _place(calculation: Calculation, row: int, column: int) -> tuple[int, int, int]:
    """The followed word, the word that it looks at, and the number of its context vector that tells most."""
    start = calculation.x if pictures.has_same_columns(calculation) else None
    return row, column, int(telling_columns(start, calculation.context, row)[0])


def _next(number: int, stage: Stage | None, place: tuple[int, int, int]) -> None:
    tour.go_to(number)
    row, column, entry = place
    if stage is not None:
        current.choose_number(stage, row, entry if stage is Stage.CONTEXT else column, counted_from=0, looked_at=column)
