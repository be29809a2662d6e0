"""Exercises and puzzles: which is open, what was typed, how much help was asked for, and what was solved.

The address holds which is open, as exercises.score.2.17 or puzzles.more, from the first one on that was opened; after
the name of a puzzle stands the code of what was made of it, so that a reload or a link brings that back.
"""

import re

import streamlit as st

from attention_core import Experiment
from exercises.goals import changed_numbers
from exercises.making import KINDS, LEVELS, MAX_SEED
from exercises.puzzles import PUZZLES
from sharing.address import explicit_code, from_code
from sharing.document import DocumentError
from ui.state import keys
from ui.state.document import Document
from ui.state.session import Practise, session

_NUMBER = re.compile("[0-9]{1,5}")

EXERCISES, PUZZLES_PART = "exercises", "puzzles"
_PAGE = "practise"
_MOST_STEPS = 30  # there and back in one puzzle
_MOST_KEPT = 200  # exercises whose answers are kept


def turn_to(page: str) -> None:
    """Note which page is drawn from now on; a puzzle that was not open yet gets its document."""
    if page == _PAGE:
        _open_document()


def _open_document() -> None:
    kept = session().practise
    if kept.puzzle not in kept.documents:
        kept.documents[kept.puzzle] = _document(kept.puzzle)


def _document(puzzle: str) -> Document:
    may = PUZZLES[puzzle].may
    table = next((each for each in ("embeddings", "w_q", "w_k", "w_v") if each in may - {"embeddings"}), "embeddings")
    start = PUZZLES[puzzle].start
    return Document(start, f"{puzzle}.", _MOST_STEPS, start=start, table=table)


def text() -> str:
    """What the address says; empty for the first exercise."""
    kept = session().practise
    if kept.part == PUZZLES_PART:
        return f"{PUZZLES_PART}.{kept.puzzle}{_made()}"
    return "" if name() == _name(Practise()) else f"{EXERCISES}.{name()}"


def _made() -> str:
    """What was made of the open puzzle, as the address holds it; empty at its start."""
    kept = session().practise
    document = kept.documents.get(kept.puzzle)
    if document is None or document.experiment == document.start:
        return ""
    if kept.made is None or kept.made[0] is not document.experiment:
        kept.made = document.experiment, f".{explicit_code(document.experiment)}"
    return kept.made[1]


def name() -> str:
    """Of the open exercise: kind.level.seed."""
    return _name(session().practise)


def _name(kept: Practise) -> str:
    return f"{kept.kind}.{kept.level}.{kept.seed}"


def follow() -> None:
    """Let the address say what is open, where that changed. Else it may be a visitor's own step."""
    if keys.PRACTISE not in st.session_state:
        return
    kept, said = session().practise, text()
    if said != kept.said:
        st.session_state[keys.PRACTISE] = kept.said = said


def take_in(*, is_first: bool) -> None:
    """Open what an address says; what it does not name well stays as it is."""
    said = st.session_state.get(keys.PRACTISE) or ""
    kept = session().practise
    if said == kept.said:
        return
    kept.said = said
    part, _, rest = said.partition(".")
    if not said:
        kept.part, kept.kind, kept.level, kept.seed = EXERCISES, "score", 1, 1
    elif part == PUZZLES_PART and rest.partition(".")[0] in PUZZLES:
        puzzle, _, code = rest.partition(".")
        kept.part, kept.puzzle = PUZZLES_PART, puzzle
        _open_document()
        document = kept.documents[puzzle]
        document.move_to(_of_code(puzzle, code))
        if is_first:
            document.back, document.before = [], None
    elif part == EXERCISES:
        kind, level, seed = (*rest.split("."), "", "", "")[:3]
        kept.part = EXERCISES
        if _NUMBER.fullmatch(level) and _NUMBER.fullmatch(seed):
            open_exercise(kind, int(level), int(seed))
    if session().page == _PAGE:
        _open_document()


def _of_code(puzzle: str, code: str) -> Experiment:
    """What was made of a puzzle; its start where a code says nothing that can be made of it."""
    start = PUZZLES[puzzle].start
    try:
        found = from_code(code) if code else start
    except DocumentError:
        return start
    return found if changed_numbers(start, found).keys() <= PUZZLES[puzzle].may else start


def part() -> str:
    """The part of the page that is open."""
    return session().practise.part


def open_part(part: object) -> None:
    if part in (EXERCISES, PUZZLES_PART):
        session().practise.part = str(part)
        _open_document()


def open_exercise(kind: object, level: object, seed: object) -> None:
    """Open an exercise; what is none is passed over."""
    kept = session().practise
    if kind in KINDS and level in LEVELS and isinstance(seed, int) and 0 <= seed <= MAX_SEED:
        kept.kind, kept.level, kept.seed = str(kind), int(str(level)), seed


def another() -> None:
    """The next exercise of the kind and the level."""
    kept = session().practise
    kept.seed = (kept.seed + 1) % (MAX_SEED + 1)


def answers() -> dict[tuple[int, int], str]:
    """What was typed into the open exercise: place -> text."""
    return session().practise.answers.get(name(), {})


def answer(cell: tuple[int, int], typed: object) -> None:
    kept = session().practise
    kept.answers.setdefault(name(), {})[cell] = str(typed)[:200]
    while len(kept.answers) > _MOST_KEPT:
        del kept.answers[next(iter(kept.answers))]


def help_given() -> int:
    """How much help was asked for with what is open."""
    return session().practise.help.get(_open(), 0)


def give_help() -> None:
    kept = session().practise
    kept.help[_open()] = help_given() + 1


def _open() -> str:
    kept = session().practise
    return f"{PUZZLES_PART}.{kept.puzzle}" if kept.part == PUZZLES_PART else name()


def puzzle() -> str:
    """The id of the open puzzle."""
    return session().practise.puzzle


def open_puzzle(puzzle: object) -> None:
    if puzzle in PUZZLES:
        session().practise.puzzle = str(puzzle)
        _open_document()


def start_again() -> None:
    """The open puzzle as it was first opened, in one step that can be undone."""
    kept = session().practise
    kept.documents[kept.puzzle].become(_document(kept.puzzle))
    kept.help.pop(_open(), None)


def show_step() -> None:
    """Carry out the next step of the solution of the open puzzle, from its start."""
    kept = session().practise
    give_help()
    kept.documents[kept.puzzle].commit(PUZZLES[kept.puzzle].after(help_given() - 1))


def note_stars(stars: int) -> int:
    """Keep the most stars that the open puzzle was solved with; returns them."""
    kept = session().practise
    kept.stars[kept.puzzle] = max(stars, kept.stars.get(kept.puzzle, 0))
    return kept.stars[kept.puzzle]


def stars_of(puzzle: str) -> int:
    return session().practise.stars.get(puzzle, 0)
