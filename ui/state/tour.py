"""The tour of the Playground: whether it is offered, and which step is on screen.

It is offered once a session, to those who come to the opening experiment and not by somebody's link; the frame asks
before anything else is done. Whoever saw or declined it is not offered it again: their browser remembers that in a
cookie, which the server sets with the picture `SEEN` (serving/remembered.py).
"""

import streamlit as st

from ui.state.session import session

SEEN = "tour_seen.svg"
_COOKIE, _KNOWN = "tour", "seen"


def decide_for(code: str, *others: str) -> None:
    """Offer the tour, unless the visitor's first address brings an experiment, a task or a pin, or they know it."""
    session().tour.offered = not any((code, *others)) and st.context.cookies.get(_COOKIE) != _KNOWN


def is_to_be_remembered() -> bool:
    """Whether the tour was seen or declined in this session."""
    return session().tour.known


def is_offered() -> bool:
    return session().tour.offered


def skip() -> None:
    """Neither offer nor show it, until somebody asks for it."""
    kept = session().tour
    kept.offered, kept.step, kept.known = False, None, True


def step() -> int | None:
    """Which step is on screen, from 0; None where nobody is shown around."""
    return session().tour.step


def go_to(number: int) -> None:
    kept = session().tour
    kept.offered, kept.step, kept.known = False, number, True
