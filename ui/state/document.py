"""An experiment that is worked on: its steps there and back, what stands in its fields and editors. No Streamlit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from attention_core import Experiment, Stage
from presentation import tables

MAX_UNDO = 100
MAX_UNDO_NUMBERS = 500_000  # that all steps together may hold; one takes 30 to 40 bytes, unless steps share it
_PAUSE = 3.0  # seconds after which typing is another change
_KEYSTROKES = 3  # letters that come at once while somebody types

Edits = Mapping[int, Mapping[str, object]]  # row -> column -> what was typed, as a data editor reports them


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a text field and cannot be drawn, and why."""

    text: str
    problem: str


@dataclass(slots=True)
class Editor:
    """The editor of one table. Nobody can set what stands in it, so another table than it shows gives it a new key."""

    version: int = 0
    shows: tuple[Any, ...] | None = None  # what stands in it, as `tables.content` has it; None before it is drawn
    of: Experiment | None = None  # the experiment whose table that is known to be
    taken: Edits = field(default_factory=dict)  # the edits that are part of the experiment
    problem: str | None = None  # what is wrong with the others


@dataclass(slots=True)
class Document:
    """An experiment and the way that led to it.

    An edit gives a new experiment; the one before is a step back. All of it is plain data, so that a change is done
    as a whole or not at all.
    """

    experiment: Experiment
    name: str = ""  # sets the keys of its widgets apart from those of another; that of the person has none
    most_steps: int = MAX_UNDO
    start: Experiment | None = None  # what its tables are compared with in their notes; None for the example's
    back: list[Experiment] = field(default_factory=list)  # the last one is the nearest
    forth: list[Experiment] = field(default_factory=list)
    before: Experiment | None = None  # as it was before the last change, whichever way that went
    typed_at: float | None = None  # when that was, on a clock of its own, if it was typing
    cell: tuple[int, int] | None = None  # (looking position, looked-at position), from 0
    stage: Stage = Stage.WEIGHTS  # the stage whose number is chosen
    entry: int = 0  # the column of the context vectors that is chosen, from 0
    step: int = 1  # the step of the calculation of one word that is shown
    taken: int = 0  # how many steps what the first word says has travelled
    word: str | None = None  # the identity of the word that is followed through two sentences
    table: str = "embeddings"  # which of the experiment's tables is shown, where it is one at a time
    drafts: dict[str, Draft] = field(default_factory=dict)  # key of a text field -> its draft
    editors: dict[str, Editor] = field(default_factory=dict)  # table -> its editor, once it was drawn
    seeds: dict[str, int] = field(default_factory=dict)  # table -> the seed of its last random filling

    @property
    def chosen_cell(self) -> tuple[int, int] | None:
        """The chosen cell, if it is in the sentence."""
        return self.cell if self.cell is not None and max(self.cell) < len(self.experiment.words) else None

    def commit(self, new: Experiment, *, typed: bool = False) -> None:
        """Make `new` the experiment, one step further. A word that is typed letter by letter is one change."""
        if new == self.experiment:
            return
        now = time.monotonic()
        goes_on = typed and self.typed_at is not None and now - self.typed_at < _PAUSE
        if not (goes_on and _are_keystrokes(self.experiment.sentence, new.sentence)):
            self.before = self.experiment
        self.typed_at = now if typed else None
        self.back = _latest([*self.back, self.experiment], self.most_steps)
        self.forth = []
        self.experiment = new

    def choose_head(self, place: int) -> None:
        """Show another head: no step, as nothing is changed by it."""
        self.experiment = self.experiment.with_head_chosen(place)
        if self.before is not None:
            there = place < len(self.before.heads)
            self.before = self.before.with_head_chosen(place) if there else None

    def undo(self) -> None:
        self._step(self.back, self.forth)

    def redo(self) -> None:
        self._step(self.forth, self.back)

    def move_to(self, target: Experiment) -> None:
        """Go to an experiment from elsewhere: a step back or forth where it is one, else one further."""
        if self.back and self.back[-1] == target:
            self.undo()
        elif self.forth and self.forth[-1] == target:
            self.redo()
        else:
            self.drafts = {}
            self.commit(target)

    def become(self, other: "Document") -> None:
        """Show what another one shows, in one step that can be undone."""
        self.commit(other.experiment)
        self.drafts = {}
        self.cell, self.stage, self.entry = other.cell, other.stage, other.entry
        self.step, self.taken = other.step, other.taken
        self.word, self.table = other.word, other.table

    def _step(self, steps: list[Experiment], others: list[Experiment]) -> None:
        if not steps:
            return
        others.append(self.experiment)
        self.before, self.typed_at = self.experiment, None
        self.experiment = steps.pop()
        self.drafts = {}

    def editor(self, table: str) -> Editor:
        """The editor of a table, about to be drawn: the same as long as it shows what stands in the experiment."""
        editor = self.editors.setdefault(table, Editor())
        if editor.of is not self.experiment:
            content = tables.content(self.experiment, table)
            if editor.shows not in (None, content):
                editor = self.editors[table] = Editor(editor.version + 1)
            editor.shows, editor.of = content, self.experiment
        return editor

    def take_in(self, table: str, edits: Edits) -> None:
        """Take in what an editor reports. It reports all its edits again and again; only new ones change anything."""
        editor = self.editors[table]
        if edits == editor.taken:
            return
        if not edits:  # the editor left the screen; drawn again, it begins with what it showed
            editor.taken, editor.problem = {}, None
        elif not tables.are_in_table(self.experiment, table, edits):
            # No editor of ours sends such edits, and Streamlit cannot draw one with them.
            self.editors[table] = Editor(editor.version + 1)
        elif editor is self.editor(table):  # else the table has changed since the person saw it
            new, editor.problem = tables.with_edits(self.experiment, table, edits)
            self.commit(new)
            editor.taken = {row: dict(cells) for row, cells in edits.items()}
            editor.shows, editor.of = tables.content(self.experiment, table), self.experiment


def _latest(steps: list[Experiment], most: int) -> list[Experiment]:
    """As many of the latest steps as may be kept, at least one."""
    room = MAX_UNDO_NUMBERS
    for count, step in enumerate(reversed(steps[-most:])):
        room -= _numbers_in(step)
        if room < 0 and count:
            return steps[-count:]
    return steps[-most:]


def _numbers_in(step: Experiment) -> int:
    """About how many numbers an experiment holds; a forbidden look takes as much as three."""
    tables = step.d_model * (2 * step.d_k + step.d_v) * len(step.heads)
    given = sum(map(len, (*step.position_rows, *step.w_o))) + 3 * len(step.forbidden)
    return len(step.rows) * step.d_model + tables + given + len(step.sentence)


def _are_keystrokes(old: str, new: str) -> bool:
    """Whether a text became another one by a few letters in one place."""
    start = _alike(old, new)
    return len(new) - start - _alike(old[start:][::-1], new[start:][::-1]) <= _KEYSTROKES


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
