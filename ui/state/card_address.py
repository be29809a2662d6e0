"""The open card in the address, beside the person's own experiment: `angle`, `angle.own`, or `angle.` and the code of
what it shows where that was changed.

Nothing stands there for the first card of a lesson as it opens, as long as the person's own experiment is the opening
one. Links of an older day have no card: what they hold is the person's own experiment, and the lesson shows that.
"""

from sharing.address import explicit_code, from_code
from ui.card import Lesson
from ui.state import cards
from ui.state.session import session

_OWN = "own"


def text() -> str:
    """For the card on screen. Raises ValueError where what it shows is too large for an address."""
    kept, lesson = session(), cards.lesson_on_screen()
    if lesson is None or kept.cards.card is None:
        return ""
    number = cards.number_of(lesson.script)
    card = lesson.cards[number].id
    if cards.uses_own():
        return f"{card}.{_OWN}"
    if not cards.is_at_start(kept.cards.card):
        return f"{card}.{explicit_code(cards.of_card().experiment, beside=len(kept.address.code))}"
    return card if number or kept.address.code else ""


def take_in(text: str, *, is_first: bool) -> None:
    """Open what an address says on the lesson on screen. Raises DocumentError where it cannot be opened."""
    lesson = cards.lesson_on_screen()
    if lesson is None:
        return
    card, _, shown = text.partition(".")
    number = _number(lesson, card)
    if number is not None:
        cards.open_card(lesson.script, number)
    cards.use_own(shown == _OWN or (is_first and not text and bool(session().address.code)))
    if number is None or shown == _OWN:
        return
    if shown:
        document = cards.of_card()
        document.move_to(from_code(shown))
        if is_first:
            document.back, document.before = [], None
    elif not (is_first or cards.uses_own()):  # a step in the browser's history, to the card as it opens
        cards.of_card().move_to(cards.start_of_card())


def _number(lesson: Lesson, card: str) -> int | None:
    """Which card of the lesson that is; the first where none is named, None for one that the lesson does not have."""
    ids = [each.id for each in lesson.cards]
    return ids.index(card) if card in ids else None if card else 0
