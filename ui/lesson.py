"""The frame of a lesson: its title, its cards one at a time, what to do on a card, and the way on."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.course import COURSE, Card, Lesson
from ui.state import keys, progress, widgets


@dataclass(frozen=True)
class OpenCard:
    """The card on screen. `look` is the column that shows what follows from the numbers, `inputs` the place above it,
    `edit` the column to change numbers in.

    Fill `look` first: what is drawn first is on screen first, and that is what a person who changes a number waits for.
    """

    lesson: Lesson
    card: Card
    inputs: DeltaGenerator
    look: DeltaGenerator
    edit: DeltaGenerator
    _picker: DeltaGenerator
    _told: DeltaGenerator
    _way_on: DeltaGenerator

    @property
    def id(self) -> str:
        return self.card.id

    def close(self, *, done: bool) -> None:
        """Draw what the card explains, whether its task is done, and the way on; call last."""
        key = f"{self.lesson.script}/{self.card.id}"
        if done:
            progress.complete(key)
        place = f":gray[:small[lesson {COURSE.index(self.lesson) + 1} of {len(COURSE)}]]"
        with self._told:
            st.markdown(f"## {self.lesson.title} · {self.card.title} {place}\n{self.card.text}")
            if key in progress.completed():
                st.success(f"Done. {self.card.done}", icon=":material/check_circle:")
            else:
                st.info(f"**To do:** {self.card.task}", icon=":material/radio_button_unchecked:")
        with self._picker:
            _card_picker(self.lesson)
        with self._way_on:
            _way_on(self.lesson)


def opened(lesson: Lesson) -> OpenCard:
    """The places of the card that is open."""
    picker = st.container()
    left, look = st.columns([0.38, 0.62], gap="medium")
    told, edit = left.container(), left.container()
    way_on = st.container(horizontal=True, gap="small", vertical_alignment="center")
    card = lesson.cards[progress.card(lesson.script)]
    return OpenCard(lesson, card, look.container(), look.container(), edit, picker, told, way_on)


def _card_picker(lesson: Lesson) -> None:
    """The cards of the lesson, those that are done with a tick."""
    done = progress.completed()
    names = [
        f":material/check: {card.title}" if f"{lesson.script}/{card.id}" in done else card.title
        for card in lesson.cards
    ]
    st.segmented_control(
        f"Cards of the lesson {lesson.title}",
        range(len(lesson.cards)),
        key=widgets.mirror(f"{keys.CARD}_{lesson.script}", progress.card(lesson.script)),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_pick),
        args=(lesson.script,),
    )


def _way_on(lesson: Lesson) -> None:
    """To the card before and the next one; from the last card to the next lesson."""
    number, place = progress.card(lesson.script), COURSE.index(lesson)
    if number:
        _turn(lesson, "Back", number - 1, ":material/arrow_back:")
    elif place:
        _page(COURSE[place - 1], ":material/arrow_back:")
    if number + 1 < len(lesson.cards):
        _turn(lesson, f"Next: {lesson.cards[number + 1].title}", number + 1, ":material/arrow_forward:")
    elif place + 1 < len(COURSE):
        _page(COURSE[place + 1], ":material/arrow_forward:")
    else:
        st.page_link("../pages/playground.py", label="To the Playground", icon=":material/grid_on:")


def _turn(lesson: Lesson, label: str, number: int, icon: str) -> None:
    st.button(
        label,
        key=f"{lesson.script}_card_{number}",
        icon=icon,
        on_click=widgets.callback(progress.open_card),
        args=(lesson.script, number),
    )


def _page(lesson: Lesson, icon: str) -> None:
    st.page_link(lesson.path, label=f"Lesson: {lesson.title}", icon=icon)


def _pick(script: str) -> None:
    picked = widgets.held_by(f"{keys.CARD}_{script}")
    if picked is not None:
        progress.open_card(script, picked)
