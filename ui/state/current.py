"""The experiment on screen, and the cell that is chosen in it."""

from functools import lru_cache

from attention_core import EXAMPLES, VARIANTS, Calculation, Example, Experiment, Stage, Variant, attend
from attention_core.examples import is_as_it_came
from attention_core.lessons import Lessons
from attention_core.teaching import Teaching
from ui.state.document import Document
from ui.state.session import session


def document() -> Document:
    """What everything on screen is about."""
    return session().document


def experiment() -> Experiment:
    return session().document.experiment


def calculation() -> Calculation:
    """The calculation of the experiment on screen, which several parts of a page ask for."""
    return _calculation_of(experiment())


@lru_cache(maxsize=4)
def _calculation_of(experiment: Experiment) -> Calculation:
    return attend(experiment)


def variant() -> Variant:
    return VARIANTS[experiment().variant]


def teaching() -> Teaching:
    return experiment().teaching


def lessons() -> Lessons:
    return experiment().lessons


def unchanged_example() -> Example | None:
    """The example on screen, as long as nothing in it was changed."""
    example = EXAMPLES.get(experiment().example)
    if example is None:
        return None
    return example if is_as_it_came(experiment(), example.build()) else None


def cell() -> tuple[int, int] | None:
    """The chosen cell (looking position, looked-at position) from 0, if it is in the sentence."""
    return session().document.chosen_cell


def choose_cell(row: object, column: object, *, counted_from: int = 0) -> None:
    """Choose the cell of two positions; anything else that a browser may send is passed over."""
    if isinstance(row, int) and isinstance(column, int) and min(row, column) >= counted_from:
        session().document.cell = (row - counted_from, column - counted_from)


def stage() -> Stage:
    """The stage whose number is chosen."""
    return session().document.stage


def entry(columns: int) -> int:
    """Which of so many columns of the context vectors is chosen, from 0."""
    return min(session().document.entry, columns - 1)


def step() -> int:
    """The step of one word's calculation that is shown, from 1."""
    return session().document.step


def go_to_step(number: int) -> None:
    session().document.step = number


def take_steps(number: object) -> None:
    """Let what the first word says travel so many steps."""
    if isinstance(number, int):
        session().document.taken = number


def followed_word() -> str | None:
    """The identity of the word that is followed through two sentences, if the person chose one."""
    return session().document.word


def follow_word(word: object) -> None:
    session().document.word = str(word)


def table() -> str:
    """Which of the experiment's tables is shown, where it is one at a time."""
    return session().document.table


def show_table(table: str) -> None:
    session().document.table = table


def choose_number(
    stage: object, row: object, column: object, *, counted_from: int = 1, looked_at: int | None = None
) -> None:
    """Choose a number of a stage by its positions; anything else that a browser may send is passed over.

    A column of a context vector leaves the word that is `looked_at` as it is.
    """
    document = session().document
    if stage not in (Stage.SCORES, Stage.WEIGHTS, Stage.CONTEXT):
        return
    if not (isinstance(row, int) and isinstance(column, int) and min(row, column) >= counted_from):
        return
    document.stage = Stage(str(stage))
    row, column = row - counted_from, column - counted_from
    if document.stage is Stage.CONTEXT:
        document.entry, column = column, looked_at or 0
    document.cell = (row, column)
