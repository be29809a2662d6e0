"""What the tasks of all cards are made of: what a card shows, and the steps of a solution. No Streamlit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from attention_core import OPENING, Calculation, Experiment, attend, unedited
from attention_core.head_changes import alone
from attention_core.ladder import ladder
from attention_core.lessons import Lessons
from attention_core.telling import first_cell
from attention_core.two_sentences import TwoSentences, pair_of
from attention_core.variants import QKV
from presentation import tables
from ui.state.document import Document


@dataclass(frozen=True)
class Shown:
    """What a card shows: the experiment that it was given and what is chosen in it, with all that follows from both.

    Most cards are about one head and show the chosen one: `experiment` and `calculation`. Those about several take
    what was `given`, and `every_head`.
    """

    given: Experiment
    clicked: tuple[int, int] | None = None  # the cell that the person chose
    step: int = 1  # of one word's calculation
    taken: int = 0  # steps that what the first word says has travelled
    word: str | None = None  # the identity of the word that is followed through two sentences

    @cached_property
    def experiment(self) -> Experiment:
        """The chosen head alone."""
        return alone(self.given)

    @property
    def lessons(self) -> Lessons:
        return self.experiment.lessons

    @cached_property
    def calculation(self) -> Calculation:
        return attend(self.experiment)

    @cached_property
    def every_head(self) -> Calculation:
        """The calculation with all heads."""
        return attend(self.given)

    @cached_property
    def full(self) -> Calculation:
        """The calculation with queries, keys and values, in whatever way the experiment attends."""
        return attend(replace(self.experiment, variant=QKV.id))

    @cached_property
    def forms(self) -> tuple[Calculation, ...]:
        """The calculation in each of the lecture's forms."""
        return ladder(self.experiment)

    @cached_property
    def pair(self) -> TwoSentences:
        return pair_of(self.experiment)

    @property
    def shared_word(self) -> str:
        """The identity of the word that is followed through two sentences."""
        return self.word if self.word in self.pair.shared else self.pair.telling()

    @cached_property
    def cell(self) -> tuple[int, int]:
        """The cell that was chosen, or that is shown to begin with."""
        return first_cell(self.calculation) if self.clicked is None else self.clicked


def shown_by(document: Document) -> Shown:
    """What a card shows of a document."""
    return Shown(document.experiment, document.chosen_cell, document.step, document.taken, document.word)


class Act(Protocol):
    """One step of a solution, told in words that say what a person would do."""

    @property
    def told(self) -> str: ...

    def on(self, document: Document) -> None: ...


@dataclass(frozen=True)
class Type:
    """Numbers typed into a table: row, from 0 -> column -> number."""

    told: str
    table: str
    numbers: Mapping[int, Mapping[str, float]]

    def on(self, document: Document) -> None:
        new, problem = tables.with_edits(document.experiment, self.table, self.numbers)
        if problem or new == document.experiment:
            raise ValueError(problem or f"Nothing changes in {self.table}.")
        if self.table in tables.EXPERIMENT_TABLES:
            document.table = self.table
        document.commit(new)


@dataclass(frozen=True)
class Change:
    """A switch, a number or a sentence changed."""

    told: str
    made: Callable[[Experiment], Experiment]

    def on(self, document: Document) -> None:
        document.commit(self.made(document.experiment))


@dataclass(frozen=True)
class Choose:
    """A cell chosen."""

    told: str
    cell: Callable[[Shown], tuple[int, int]]

    def on(self, document: Document) -> None:
        document.cell = self.cell(shown_by(document))


@dataclass(frozen=True)
class GoTo:
    """A step of one word's calculation opened."""

    told: str
    step: int

    def on(self, document: Document) -> None:
        document.step = self.step


@dataclass(frozen=True)
class Wait:
    """Steps taken by what the first word says."""

    told: str
    steps: int

    def on(self, document: Document) -> None:
        document.taken = self.steps


@dataclass(frozen=True)
class Task:
    """What is to be done on a card, and help with it."""

    is_done: Callable[[Shown], bool]
    found: Callable[[Shown], str]  # what the person found by doing it, with their own numbers.  Markdown
    hints: tuple[str, str]  # the first says where to look, the second nearly what to do
    solution: tuple[Act, ...]
    start: Callable[[], Experiment] = OPENING.build  # the state in which the card opens; the task is not done there
    table: str = "embeddings"  # the table that is shown to begin with, where it is one at a time

    def document(self, name: str, most_steps: int) -> Document:
        """A document in the state in which the card opens."""
        start = self.start()
        noted = None if start == unedited(start) else start  # what its tables' notes compare with
        return Document(start, name, most_steps, start=noted, table=self.table)

    def shown(self, steps: int) -> Document:
        """What the card shows after so many steps of the solution."""
        document = self.document("", 1)
        for act in self.solution[:steps]:
            act.on(document)
        return document
