"""The frame of a lesson: its title, its cards one at a time, what to do on a card with help for it, and the way on."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.card import Card, Lesson
from ui.course import COURSE
from ui.state import cards, current, keys, progress, widgets
from ui.tasks import TASKS
from ui.tasks.task import Shown, Task, shown_by


@dataclass(frozen=True)
class OpenCard:
    """The card on screen. `shown` is what it works on; `look` is the column that shows what follows from the numbers,
    `inputs` the place above it, `edit` the column to change numbers in.

    Fill `look` first: what is drawn first is on screen first, and that is what a person who changes a number waits for.
    """

    lesson: Lesson
    card: Card
    shown: Shown
    inputs: DeltaGenerator
    look: DeltaGenerator
    edit: DeltaGenerator
    _picker: DeltaGenerator
    _told: DeltaGenerator
    _way_on: DeltaGenerator

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def _key(self) -> str:
        return f"{self.lesson.script}/{self.card.id}"

    def close(self) -> None:
        """Draw what the card explains, whether its task is done, and the way on; call last."""
        task = TASKS[self._key]
        is_so = task.is_done(self.shown)
        progress.judge(is_so, lambda: task.found(self.shown))
        place = f"lesson {COURSE.index(self.lesson) + 1} of {len(COURSE)}".replace(" ", "\N{NO-BREAK SPACE}")
        with self._told:
            st.markdown(f"## {self.lesson.title} · {self.card.title} :gray[:small[{place}]]\n{self.card.text}")
            self._task(is_so)
            _help(task)
        with self._picker:
            _card_picker(self.lesson)
        with self._way_on:
            _way_on(self.lesson)
        if self.lesson is COURSE[-1] and self.card is self.lesson.cards[-1]:
            _what_was_found()

    def _task(self, is_so: bool) -> None:
        """What is to do, which stays readable when it is done."""
        to_do = f"**To do:** {self.card.task}"
        if progress.is_done(self._key):
            st.success(f"{to_do}\n\n**Done.** {self.card.done}", icon=":material/check_circle:")
            return
        st.info(to_do, icon=":material/radio_button_unchecked:")
        if is_so and cards.uses_own():
            st.caption(
                "Your own sentence and tables do this already. Turn off “Use my own” to do it with those of the card."
            )
        elif is_so:
            st.caption("What you opened does this already. Start again to do it yourself.")


def opened(lesson: Lesson) -> OpenCard:
    """The places of the card that is open."""
    picker = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small")
    left, look = st.columns([0.38, 0.62], gap="medium")
    told = left.container()
    # Beside the text and not at the foot, which is far below it on a phone.
    way_on = left.container(horizontal=True, gap="small", vertical_alignment="center")
    edit = left.container()
    card = lesson.cards[cards.number_of(lesson.script)]
    shown = shown_by(current.document())
    return OpenCard(lesson, card, shown, look.container(), look.container(), edit, picker, told, way_on)


def _help(task: Task) -> None:
    """Hints, one at a time, then the solution, a step at a time; and the card as it was at first."""
    hints, steps = min(progress.hints(), len(task.hints)), min(progress.steps_shown(), len(task.solution))
    if hints or steps:
        given = [f"**Hint {number}:** {hint}" for number, hint in enumerate(task.hints[:hints], start=1)]
        given += [f"**Step {number}:** {act.told}" for number, act in enumerate(task.solution[:steps], start=1)]
        st.markdown("  \n".join(given))  # one below the other without a gap: a solution may have many steps
    with st.container(horizontal=True, gap="small"):
        if hints < len(task.hints):
            label = "Another hint" if hints else "Hint"
            _help_button(label, "hint", ":material/lightbulb:", progress.give_hint)
        elif steps < len(task.solution):
            label = "Next step" if steps else "Show me"
            _help_button(label, "show_me", ":material/visibility:", cards.show_next_step)
        _help_button("Start this card again", "start_again", ":material/restart_alt:", cards.start_again)


def _help_button(label: str, key: str, icon: str, act: Callable[[], None]) -> None:
    st.button(label, key=widgets.own_key(key), icon=icon, type="tertiary", on_click=widgets.callback(act))


def _card_picker(lesson: Lesson) -> None:
    """The cards of the lesson, those that are done with a tick; and whose numbers they show."""
    names = [
        f":material/check: {card.title}" if progress.is_done(f"{lesson.script}/{card.id}") else card.title
        for card in lesson.cards
    ]
    number = cards.number_of(lesson.script)
    st.segmented_control(
        f"Cards of the lesson {lesson.title}",
        range(len(lesson.cards)),
        key=widgets.mirror(f"{keys.CARD}_{lesson.script}", number),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_pick),
        args=(lesson.script,),
    )
    st.toggle(
        "Use my own sentence and tables",
        key=widgets.mirror(keys.OWN, cards.uses_own()),
        help="Each card has numbers of its own, and what you change there stays there. With this switch all lessons "
        "work on the sentence and the tables of your Playground instead.",
        on_change=widgets.callback(_use_own),
    )


def _way_on(lesson: Lesson) -> None:
    """To the card before and the next one; from the last card to the next lesson."""
    number, place = cards.number_of(lesson.script), COURSE.index(lesson)
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


def _what_was_found() -> None:
    """The end of the course: what the person found, with their own numbers, and where to go from here."""
    findings = progress.findings()
    every = sum(len(lesson.cards) for lesson in COURSE)
    with st.container(border=True):
        st.markdown(f"## What you found\nYou have done **{len(findings)} of {every}** cards.")
        for lesson in COURSE:
            lines = [
                f"- *{card.title}*: {findings[f'{lesson.script}/{card.id}'] or 'Done.'}"
                for card in lesson.cards
                if f"{lesson.script}/{card.id}" in findings
            ]
            if lines:
                st.markdown("\n".join([f"**{lesson.title}**\n", *lines]))
        st.markdown("From here: try a sentence of your own, check the numbers of an article, or take yours along.")
        with st.container(horizontal=True, gap="small"):
            for page, label, icon in (
                ("playground", "Playground", ":material/grid_on:"),
                ("check_my_numbers", "Check my numbers", ":material/rule:"),
                ("take_it_with_you", "Take it with you", ":material/download:"),
            ):
                st.page_link(f"../pages/{page}.py", label=label, icon=icon)


def _turn(lesson: Lesson, label: str, number: int, icon: str) -> None:
    st.button(
        label,
        key=f"{lesson.script}_card_{number}",
        icon=icon,
        on_click=widgets.callback(cards.open_card),
        args=(lesson.script, number),
    )


def _page(lesson: Lesson, icon: str) -> None:
    st.page_link(lesson.path, label=f"Lesson: {lesson.title}", icon=icon)


def _pick(script: str) -> None:
    picked = widgets.held_by(f"{keys.CARD}_{script}")
    if picked is not None:
        cards.open_card(script, picked)


def _use_own() -> None:
    cards.use_own(bool(widgets.held_by(keys.OWN)))
