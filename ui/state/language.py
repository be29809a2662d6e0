"""The tiny language that is learned on Teach it: learned a few steps at a time, kept until another one is learned."""

from attention_core.teaching import Teaching
from learning.course import Course
from learning.grammar import GRAMMAR, Sentence
from ui.state import edits, widgets
from ui.state.current import experiment, teaching
from ui.state.session import session

STEPS_A_PICTURE = 30  # so many that nobody else waits for long


def grammar() -> str:
    """The grammar in the field."""
    return grammar_of(teaching())


def grammar_of(teaching: Teaching) -> str:
    return teaching.grammar or GRAMMAR


def take_grammar(key: str) -> None:
    """Take in the grammar that was typed into the field `key`; one that gives no language is told where it is used."""
    text = str(widgets.held_by(key) or "").replace("\r\n", "\n")
    edits.set_teaching(grammar="" if text.strip() in ("", GRAMMAR.strip()) else text)


def start() -> None:
    """Learn the grammar in the field from nothing. Raises ValueError where it gives no language."""
    kept = session().teach
    kept.course, kept.asked = Course(grammar(), size=teaching().size, seed=teaching().seed), (0, 0)


def course() -> Course | None:
    """What is being learned, or was."""
    return session().teach.course


def is_of_now() -> bool:
    """Whether what was learned is of the grammar, the size and the seed in the fields."""
    found = course()
    return found is not None and (found.text, found.size, found.seed) == (grammar(), teaching().size, teaching().seed)


def go_on() -> bool:
    """A few steps further; whether there are more."""
    found = course()
    if found is None or found.is_over:
        return False
    found.advance(STEPS_A_PICTURE)
    return not found.is_over


def is_learning() -> bool:
    found = course()
    return found is not None and not found.is_over


def cancel() -> None:
    session().teach.course = None


def asked() -> tuple[int, int]:
    """Which unseen sentence is shown, and which of the places in it that can be blanked out."""
    found, (sentence, blank) = course(), session().teach.asked
    if found is None or sentence >= len(found.unseen) or blank >= max(len(found.unseen[sentence].blanks), 1):
        return 0, 0
    return sentence, blank


def ask(key: str, *, blank: bool) -> None:
    """Take in the sentence, or the place in it, from the field `key`."""
    kept, picked = session().teach, widgets.held_by(key)
    if isinstance(picked, int) and picked >= 0:
        kept.asked = (kept.asked[0], picked) if blank else (picked, 0)


def take_over(sentence: Sentence, other: Sentence | None) -> None:
    """Make what was learned the experiment on screen; undo brings back what was there."""
    found = course()
    if found is not None and found.is_over and found.learned is not None:
        edits.open_learned(found.experiment(sentence, other, decimals=experiment().decimals))
