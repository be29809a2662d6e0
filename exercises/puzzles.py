"""The puzzles: each a start, a goal, what may be changed, and a solution as data that a test proves.

What may be changed is named as `goals.changed_numbers` names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attention_core import Experiment, attend
from attention_core.matrices import read_only
from attention_core.positions import SINUSOIDAL
from attention_core.words import identity
from exercises.goals import GOALS, Goal, Places, changed_numbers
from presentation.tables import with_table

MOST_STARS = 3


@dataclass(frozen=True)
class Set:
    """One number of a table, rows and columns from 0; a row of embeddings is a word of the sentence, by its place."""

    table: str
    row: int
    column: int
    number: float

    def on(self, experiment: Experiment) -> Experiment:
        if self.table == "embeddings":
            word = identity(experiment.words[self.row])
            row = list(experiment.row(word))
            row[self.column] = self.number
            return experiment.with_rows([word], [row])
        table = np.array(getattr(experiment, self.table))
        table[self.row, self.column] = self.number
        return with_table(experiment, self.table, table)

    def told(self, experiment: Experiment) -> str:
        if self.table == "embeddings":
            word, column = experiment.words[self.row], experiment.dimensions[self.column]
            return f"In the embedding of {word}, {column} becomes {self.number:g}."
        return f"In {self.table.upper()}, row {self.row + 1}, column {self.column + 1} becomes {self.number:g}."


@dataclass(frozen=True)
class Divide:
    """The scores divided by a number of one's own."""

    divisor: float

    def on(self, experiment: Experiment) -> Experiment:
        return replace(experiment, divisor=self.divisor, scaled=True)

    def told(self, experiment: Experiment) -> str:
        return f"The scores are divided by {self.divisor:,g} instead of the root."


@dataclass(frozen=True)
class Order:
    """A word order switched on."""

    positions: str

    def on(self, experiment: Experiment) -> Experiment:
        return replace(experiment, positions=self.positions)

    def told(self, experiment: Experiment) -> str:
        return "Word order is switched on: each place adds the numbers of a wave."


Step = Set | Divide | Order


@dataclass(frozen=True)
class Puzzle:
    """`why`: what there is to learn, said once it is solved; `cannot`: why the obvious does not help, where so."""

    id: str
    title: str
    start: Experiment
    goal: Goal
    places: Places
    may: frozenset[str]
    solution: tuple[Step, ...]
    hint: str
    why: str
    cannot: str = ""

    @property
    def told(self) -> str:
        """What is to be reached.  Markdown"""
        return self.goal.sentence(attend(self.start).labels, self.places)

    def solved(self, now: Experiment) -> bool:
        """Whether the goal is reached by nothing but what may be changed."""
        changed = changed_numbers(self.start, now)
        return changed.keys() <= self.may and self.goal.reached(attend(now), self.places)

    def stars(self, now: Experiment) -> int:
        """Of a solution: 3 for as few changed numbers as ours, 2 for up to twice as many, else 1; 0 while unsolved."""
        if not self.solved(now):
            return 0
        count, ours = sum(changed_numbers(self.start, now).values()), len(self.solution)
        return MOST_STARS if count <= ours else 2 if count <= 2 * ours else 1

    def after(self, steps: int) -> Experiment:
        """The experiment after so many steps of the solution."""
        experiment = self.start
        for step in self.solution[:steps]:
            experiment = step.on(experiment)
        return experiment


def _start(
    sentence: str,
    rows: Sequence[Sequence[float]],
    w_q: Sequence[Sequence[float]] | None = None,
    w_k: Sequence[Sequence[float]] | None = None,
    *,
    names: Sequence[str] = (),
) -> Experiment:
    """Few words with few numbers; a table that is not given leaves a vector as it is."""
    size = len(rows[0])
    same = np.eye(size).tolist()
    vocabulary = dict.fromkeys(identity(word) for word in sentence.split())
    return Experiment(
        sentence=sentence,
        rows={word: tuple(map(float, row)) for word, row in zip(vocabulary, rows, strict=True)},
        dimensions=tuple(names or (f"d{column}" for column in range(1, size + 1))),
        w_q=read_only(w_q or same),
        w_k=read_only(w_k or same),
        w_v=read_only(same),
    )


_COLOURS = _start("red green blue", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
_CHASE = _start("cat chased mouse", [(2, 0), (0, 2), (1, 1)], [(0, 1), (1, 0)], names=("living", "action"))
_SPICES = _start("salt pepper sugar", [(1, 0), (1, 1), (1, 2)], names=("food", "sweet"))
_ANSWERS = _start("yes no maybe", [(1, 0), (-1, 0), (0, 0)])
_PETS = _start("cat dog", [(1, 0), (0, 1)], [(1, 0), (0, 0)])
_TWICE_THE = _start("the cat saw the dog", [(1, 0), (0, 1), (1, 1), (0, 2)])

_QUERIES, _BOTH = frozenset({"w_q"}), frozenset({"w_q", "w_k"})


def _puzzle(
    id: str,
    title: str,
    start: Experiment,
    goal: str,
    places: Places,
    may: frozenset[str],
    solution: tuple[Step, ...],
    hint: str,
    why: str,
    cannot: str = "",
) -> Puzzle:
    return Puzzle(id, title, start, GOALS[goal], places, may, solution, hint, why, cannot)


_ALL = (
    _puzzle(
        "more",
        "Turn its head",
        _CHASE,
        "more",
        (0, 2, 1),
        _BOTH,
        (Set("w_q", 0, 0, 3),),
        "What *cat* looks for is its embedding times W_Q. Let it look for something living.",
        "A query says what a word looks for. You changed what *cat* looks for, and left what it is.",
    ),
    _puzzle(
        "even",
        "No favourites",
        _CHASE,
        "even",
        (0,),
        _QUERIES,
        (Set("w_q", 0, 1, 0),),
        "If a query is zero, all scores of its row are zero. What does the softmax make of equal scores?",
        "Equal scores give equal weights. A word that looks for nothing looks everywhere alike.",
    ),
    _puzzle(
        "sharp",
        "Only one",
        _CHASE,
        "sharp",
        (0,),
        _QUERIES,
        (Set("w_q", 0, 1, 10),),
        "The softmax looks at differences between scores. Make those of the row large.",
        "The softmax turns a difference of scores into a ratio of weights. Large differences leave one winner.",
    ),
    _puzzle(
        "itself",
        "Mirror, mirror",
        _COLOURS,
        "itself",
        (),
        _BOTH,
        (Set("w_q", 0, 0, 10), Set("w_q", 1, 1, 10), Set("w_q", 2, 2, 10)),
        "Each word has a column of its own. Let its query be large there.",
        "Each word’s query points the way of its own key now, and of no other.",
    ),
    _puzzle(
        "deaf",
        "A deaf softmax",
        _CHASE,
        "deaf",
        (),
        frozenset({"scaling"}),
        (Divide(1000),),
        "The scores stay as they are. By what would you have to divide them, so that no difference is left to hear?",
        "Divided by a large number, all scores are nearly 0, and the softmax hears no difference. That is why the "
        "division is by √d and not by more.",
    ),
    _puzzle(
        "differs",
        "Two of the same",
        _TWICE_THE,
        "differs",
        (0, 3),
        frozenset({"embeddings", "w_q", "w_k", "w_v", "order"}),
        (Order(SINUSOIDAL.id),),
        "The two words start with the same numbers. What is the only thing that tells them apart?",
        "Only the place tells two equal words apart, and attention knows no places unless something adds them.",
        cannot="No table can do this alone. Both are the same word, so they have the same embedding, and with it the "
        "same query, key and value, whatever stands in the tables. The same query meets the same keys: the same "
        "scores, the same weights, the same context vector. Something has to tell the places apart.",
    ),
    _puzzle(
        "same",
        "Twins",
        _PETS,
        "same",
        (0, 1),
        _BOTH,
        (Set("w_q", 0, 0, 0),),
        "Two words that look at the same words in the same way get the same context vector.",
        "A context vector depends on where a word looks, not on what it is itself.",
    ),
    _puzzle(
        "ignored",
        "Left alone",
        _SPICES,
        "ignored",
        (2,),
        _BOTH,
        (Set("w_k", 1, 0, -5),),
        "Every query has a 1 in its first column. What if the key of *sugar* had a large negative number there?",
        "A key that all queries dislike is never looked at.",
    ),
    _puzzle(
        "everyone",
        "The star",
        _SPICES,
        "everyone",
        (2,),
        _BOTH,
        (Set("w_k", 1, 0, 5),),
        "Every query has a 1 in its first column. *Sugar* is the only word with a 2 in *sweet*.",
        "One key that suits all queries draws all attention to one word.",
    ),
    _puzzle(
        "zero",
        "Nothing comes of it",
        _ANSWERS,
        "zero",
        (0,),
        _QUERIES,
        (Set("w_q", 0, 0, 0),),
        "The values of *yes* and *no* are opposite. Mix them in equal parts.",
        "A weighted sum of large vectors can be nothing at all.",
    ),
    _puzzle(
        "mutual",
        "Eye to eye",
        _COLOURS,
        "mutual",
        (0, 2),
        _BOTH,
        (Set("w_q", 0, 2, 5), Set("w_q", 2, 0, 5)),
        "Let the query of *red* be large where the key of *blue* is, and the other way round.",
        "It takes two numbers: looking back is a look of its own.",
    ),
    _puzzle(
        "unrequited",
        "Unrequited",
        _COLOURS,
        "unrequited",
        (0, 1),
        _BOTH,
        (Set("w_q", 0, 1, 5),),
        "Only *red* is to change where it looks, so change what *red* looks for.",
        "Queries and keys come from different tables, so attention need not be returned.",
    ),
    _puzzle(
        "half",
        "Half and half",
        _COLOURS,
        "half",
        (0, 1),
        _QUERIES,
        (Set("w_q", 0, 1, 1.77),),
        "Give the query of *red* a number in the column of *green*, and come nearer step by step.",
        "Weights are shares: to give one word half, its exponential must be as large as all others together.",
    ),
    _puzzle(
        "twice",
        "Twice as much",
        _COLOURS,
        "twice",
        (0, 1, 2),
        _QUERIES,
        (Set("w_q", 0, 1, 1.2),),
        "Twice the weight is not twice the score. Which power of e is 2? Do not forget the division by √3.",
        "A weight doubles where the scaled score is larger by ln 2 ≈ 0.69, whatever the scores are.",
    ),
    _puzzle(
        "stays",
        "As you were",
        _CHASE,
        "stays",
        (0,),
        _QUERIES,
        (Set("w_q", 0, 0, 10),),
        "W_V changes nothing here. From whom must *cat* take its numbers to stay as it is?",
        "A word that looks only at itself keeps its numbers, if its value is its embedding.",
    ),
)

PUZZLES = {puzzle.id: puzzle for puzzle in _ALL}
