"""How far the lessons are: which card and stage are open, and what is done."""

from ui.state.session import session


def card(lesson: str) -> int:
    """Which card of a lesson is open, from 0."""
    return session().progress.cards.get(lesson, 0)


def open_card(lesson: str, number: int) -> None:
    session().progress.cards[lesson] = number


def stage() -> int:
    """The stage that Step by step shows, from 1."""
    return session().progress.stage


def go_to_stage(number: int) -> None:
    session().progress.stage = number


def complete(card: str) -> None:
    """Remember that what a card asks for was done."""
    session().progress.done.add(card)


def completed() -> frozenset[str]:
    return frozenset(session().progress.done)
