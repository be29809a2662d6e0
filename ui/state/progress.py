"""How far the person is with the card on screen, and with the course: what is done, and what help was asked for."""

from collections.abc import Callable

from ui.state.session import session


def begin() -> None:
    """A card comes on screen: from now on it counts what is done on it."""
    session().course.was_open = False


def judge(is_so: bool, found: Callable[[], str]) -> None:
    """Note whether what the card asks for is so. It counts as done if it was not so before, since the card came on
    screen; `found` says what was found by doing it."""
    course = session().course
    if course.card is None:
        return
    if not is_so:
        course.was_open = True
    elif course.was_open:
        course.done[course.card] = found()


def is_done(card: str) -> bool:
    """Whether what a card asks for was done, at any time."""
    return card in session().course.done


def findings() -> dict[str, str]:
    """What was found: card -> one sentence.  Markdown"""
    return dict(session().course.done)


def hints() -> int:
    """How many hints are shown on the card on screen."""
    return session().course.hints.get(_card(), 0)


def give_hint() -> None:
    session().course.hints[_card()] = hints() + 1


def steps_shown() -> int:
    """How many steps of the solution of the card on screen were shown."""
    return session().course.shown.get(_card(), 0)


def show_step() -> int:
    """Another step of the solution is shown, which counts as doing it; returns which, from 1."""
    course = session().course
    course.was_open = True
    course.shown[_card()] = steps_shown() + 1
    return steps_shown()


def start_again() -> None:
    """Forget of the card on screen that it was done, and what help was given."""
    course, card = session().course, _card()
    course.done.pop(card, None)
    course.hints.pop(card, None)
    course.shown.pop(card, None)


def _card() -> str:
    return session().course.card or ""
