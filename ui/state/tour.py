"""The tour of the Playground: whether it is offered, and which step is on screen.

It is offered once a session, to those who come to the opening experiment and not by somebody's link; the frame asks
before anything else is done.
"""

from ui.state.session import session


def decide_for(code: str, *others: str) -> None:
    """Offer the tour, unless the visitor's first address brings an experiment, a task or a pin."""
    session().tour.offered = not any((code, *others))


def is_offered() -> bool:
    return session().tour.offered


def skip() -> None:
    """Neither offer nor show it, until somebody asks for it."""
    kept = session().tour
    kept.offered, kept.step = False, None


def step() -> int | None:
    """Which step is on screen, from 0; None where nobody is shown around."""
    return session().tour.step


def go_to(number: int) -> None:
    kept = session().tour
    kept.offered, kept.step = False, number
