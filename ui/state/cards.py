"""The cards of the lessons: which is open, and what it works on.

Each has a document of its own, which opens in a state where its task is still to do; what a person does on one reaches
neither the others nor the Playground. With `use_own` all of them show the person's own experiment instead.
"""

from attention_core import Experiment
from ui.card import Lesson
from ui.course import LESSONS
from ui.state import progress
from ui.state.document import Document
from ui.state.session import session
from ui.tasks import TASKS

_MOST_STEPS = 30  # there and back on one card; there are many cards


def turn_to(page: str) -> None:
    """Note which page is drawn from now on."""
    if page in LESSONS:
        open_card(page, number_of(page))
    else:
        session().cards.card = None


def open_card(lesson: str, number: int) -> None:
    """Open a card of a lesson, from 0, as it was left, or in its first state."""
    kept = session().cards
    kept.opened[lesson] = number
    card = f"{lesson}/{LESSONS[lesson].cards[number].id}"
    if card not in kept.documents:
        kept.documents[card] = TASKS[card].document(f"{card}.", _MOST_STEPS)
    kept.card = card
    progress.begin()


def number_of(lesson: str) -> int:
    """Which card of a lesson is open, from 0."""
    return session().cards.opened.get(lesson, 0)


def on_screen() -> str | None:
    """The card on screen, as lesson/card."""
    return session().cards.card


def lesson_on_screen() -> Lesson | None:
    card = on_screen()
    return LESSONS[card.split("/")[0]] if card else None


def uses_own() -> bool:
    """Whether the lessons show the person's own experiment."""
    return session().cards.uses_own


def use_own(on: bool) -> None:
    kept = session().cards
    if kept.uses_own != on:
        kept.uses_own = on
        progress.begin()


def of_card() -> Document:
    """The own document of the card on screen, also while it is not shown."""
    kept = session().cards
    assert kept.card is not None
    return kept.documents[kept.card]


def start_of_card() -> Experiment:
    """What the card on screen shows as it opens."""
    return _shown_after(0).experiment


def is_at_start(card: str) -> bool:
    """Whether a card's own document is as it opens."""
    return session().cards.documents[card].experiment == TASKS[card].start()


def start_again() -> None:
    """The card on screen as it was first opened; one step, which can be undone."""
    use_own(False)
    of_card().become(_shown_after(0))
    progress.start_again()


def show_next_step() -> None:
    """Carry out the next step of the solution, from the state in which the card opens."""
    use_own(False)
    of_card().become(_shown_after(progress.show_step()))


def take_over() -> None:
    """Make what the card shows the person's own experiment, which can be undone there."""
    session().own.commit(of_card().experiment)


def _shown_after(steps: int) -> Document:
    card = on_screen()
    assert card is not None
    return TASKS[card].shown(steps)
