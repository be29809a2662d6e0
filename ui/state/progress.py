"""How far the person is with the card on screen, and with the course: what is done, and what help was asked for.

What is done outlives the session: the browser remembers it in a cookie, which the server sets with the picture
`REMEMBERED_BY` (serving/remembered.py). No address holds it, so no link makes anything done.
"""

from collections.abc import Callable

import streamlit as st

from sharing.done_cards import from_done_code, to_done_code
from ui.state.session import session
from ui.tasks import TASKS

REMEMBERED_BY = "_stcore/cards_done.svg"
_COOKIE = "cards"


def recall() -> None:
    """Take in what the browser remembers; call once, when a session begins."""
    kept = session().cards
    kept.done = from_done_code(str(st.context.cookies.get(_COOKIE) or ""), TASKS)
    kept.remembered = code()


def code() -> str:
    """What is done, as the cookie holds it."""
    return to_done_code(session().cards.done)


def is_to_be_remembered() -> bool:
    """Whether something else is done than the browser knew when the session began."""
    return code() != session().cards.remembered


def begin() -> None:
    """A card comes on screen: from now on it counts what is done on it."""
    session().cards.was_open = False


def judge(is_so: bool, found: Callable[[], str]) -> None:
    """Note whether what the card asks for is so. It counts as done if it was not so before, since the card came on
    screen; `found` says what was found by doing it."""
    kept = session().cards
    if kept.card is None:
        return
    if not is_so:
        kept.was_open = True
    elif kept.was_open:
        kept.done[kept.card] = found()


def is_done(card: str) -> bool:
    """Whether what a card asks for was done, at any time."""
    return card in session().cards.done


def findings() -> dict[str, str]:
    """What was found: card -> one sentence.  Markdown"""
    return dict(session().cards.done)


def hints() -> int:
    """How many hints are shown on the card on screen."""
    return session().cards.hints.get(_card(), 0)


def give_hint() -> None:
    session().cards.hints[_card()] = hints() + 1


def steps_shown() -> int:
    """How many steps of the solution of the card on screen were shown."""
    return session().cards.shown.get(_card(), 0)


def show_step() -> int:
    """Another step of the solution is shown, which counts as doing it; returns which, from 1."""
    kept = session().cards
    kept.was_open = True
    kept.shown[_card()] = steps_shown() + 1
    return steps_shown()


def start_again() -> None:
    """Forget of the card on screen that it was done, and what help was given."""
    kept, card = session().cards, _card()
    kept.done.pop(card, None)
    kept.hints.pop(card, None)
    kept.shown.pop(card, None)


def _card() -> str:
    return session().cards.card or ""
