"""Exercises without end: an experiment with blanks, made from a kind, a level and a seed, the same on every machine."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from attention_core import Experiment, Stage, attend
from attention_core.masks import CAUSAL
from attention_core.matrices import read_only
from attention_core.stages import STAGES
from attention_core.variants import QKV, SIMILARITY
from exercises.grading import Cell, Numbers
from presentation.text import plain

LEVELS = (1, 2, 3)
MAX_SEED = 99_999

_MOST_OF_IT = 0.95  # that a word may have of the attention of another
_SHARPEST = 6.0  # between the scaled scores of a row; beyond it all weights but one are 0.00
_WORDS = ("cat", "dog", "bird", "fish", "tree", "sun", "rain", "boat", "fox", "owl", "milk", "bread")


@dataclass(frozen=True)
class Kind:
    """A kind of exercise. `made` gives what is asked of an experiment, by a generator of its own."""

    id: str
    title: str
    made: Callable[["_Dice", int], Numbers]


@dataclass(frozen=True)
class Exercise:
    """What to work out, and how it is told to a person.  Markdown"""

    kind: str
    level: int
    seed: int
    asked: Numbers

    @property
    def told(self) -> str:
        about = STAGES[self.asked.stage]
        given = " and ".join(STAGES[stage].plural for stage in self.asked.given)
        digits = "as a whole number" if not self.asked.decimals else f"to {self.asked.decimals} decimals"
        if len(self.asked.cells) == 1:
            what = f"the {about.singular} {_place(self.asked, self.asked.cells[0])}"
        elif len({row for row, _ in self.asked.cells}) == 1:
            row = self.asked.calculation.labels[self.asked.cells[0][0]]
            what = f"the row of {about.plural} of **{row}**"
        else:
            what = f"all {about.plural}"
        rules = [f"From the {given}, work out {what}, {digits}."]
        if self.asked.stage in (Stage.WEIGHTS, Stage.SCALED_SCORES):
            divisor = self.asked.calculation.divisor
            by = f"√{round(divisor**2)}" if self.asked.experiment.scaled else ""
            rules.append(f"The scores are divided by {by} first." if by else "The scores are not divided by anything.")
        if self.asked.experiment.masks and self.asked.stage is not Stage.SCORES:
            rules.append("A word may look only at itself and at words before it.")
        return " ".join(rules)


def _place(asked: Numbers, cell: Cell) -> str:
    if STAGES[asked.stage].is_square:
        return f"**{plain(asked.name(cell))}**"
    word, column = asked.name(cell).rsplit(", ", 1)
    return f"of **{plain(word)}**, its number **{plain(column)}**"


class _Dice(random.Random):
    """Numbers of an exercise. Python keeps `randrange` and `choice` of a seed the same from version to version."""

    def table(self, rows: int, columns: int, numbers: Sequence[float]) -> list[list[float]]:
        return [[float(self.choice(numbers)) for _ in range(columns)] for _ in range(rows)]


def _whole(low: int, high: int) -> list[float]:
    return [float(number) for number in range(low, high + 1)]


def _experiment(dice: _Dice, level: int, *, similar: bool = False) -> Experiment:
    """Few words with small numbers; with the level come more words, signs, scaling, a mask and tenths."""
    words = dice.sample(_WORDS, {1: 2, 2: 3, 3: 4}[level])
    size = {1: 2, 2: 2, 3: 3}[level]
    numbers = {1: _whole(0, 3), 2: _whole(-2, 3), 3: [each / 2 for each in range(-4, 5)]}[level]
    rows = dice.table(len(words), size, numbers)
    simple = [float(number) for number in {1: (0, 1, 2), 2: (-1, 0, 1, 2), 3: (-1, 0, 1)}[level]]
    w_q, w_k, w_v = (dice.table(size, size, simple) for _ in range(3))
    return Experiment(
        sentence=" ".join(words),
        rows={word: tuple(row) for word, row in zip(words, rows, strict=True)},
        dimensions=tuple(f"d{column}" for column in range(1, size + 1)),
        variant=(SIMILARITY if similar else QKV).id,
        scaled=level > 1,
        masks=(CAUSAL.id,) if level == 3 else (),
        w_q=read_only(w_q),
        w_k=read_only(w_k),
        w_v=read_only(w_v),
        decimals=2,
    )


def _cells(experiment: Experiment) -> list[Cell]:
    """The looks that no mask forbids, row by row."""
    return [(int(row), int(column)) for row, column in zip(*attend(experiment).allowed.nonzero(), strict=True)]


def _score(dice: _Dice, level: int) -> Numbers:
    experiment = _experiment(dice, level)
    given = (Stage.X, Stage.W_Q, Stage.W_K) if level == 3 else (Stage.Q, Stage.K)
    return Numbers(experiment, Stage.SCORES, (dice.choice(_cells(experiment)),), _decimals(level), given)


def _decimals(level: int) -> int:
    """Of sums of products of a level's numbers, which have no more."""
    return 2 if level == 3 else 0


def _row(dice: _Dice, level: int) -> Numbers:
    experiment = _experiment(dice, level)
    cells = _cells(experiment)
    row = dice.choice([row for row, column in cells if row or level < 3])  # the first alone looks at itself: 1
    return Numbers(experiment, Stage.WEIGHTS, tuple(each for each in cells if each[0] == row), 2, (Stage.SCORES,))


def _context(dice: _Dice, level: int) -> Numbers:
    experiment = _experiment(dice, level)
    row = dice.randrange(1 if level == 3 else 0, len(experiment.words))
    cell = row, dice.randrange(experiment.d_v)
    return Numbers(experiment, Stage.CONTEXT, (cell,), 2, (Stage.WEIGHTS, Stage.V))


def _stage(dice: _Dice, level: int) -> Numbers:
    stage = dice.choice((Stage.SCORES, Stage.WEIGHTS, Stage.CONTEXT))
    experiment = _experiment(dice, level, similar=level == 1 and stage is Stage.SCORES)
    if stage is Stage.CONTEXT:
        rows, columns = len(experiment.words), experiment.d_v
        every = tuple((row, column) for row in range(rows) for column in range(columns))
        return Numbers(experiment, stage, every, 2, (Stage.WEIGHTS, Stage.V))
    cells = tuple(_cells(experiment))
    if stage is Stage.WEIGHTS:
        return Numbers(experiment, stage, cells, 2, (Stage.SCORES,))
    given = (Stage.X,) if experiment.variant == SIMILARITY.id else (Stage.Q, Stage.K)
    return Numbers(experiment, stage, cells, _decimals(level), given)


KINDS = {
    kind.id: kind
    for kind in (
        Kind("score", "One score", _score),
        Kind("row", "A row of weights", _row),
        Kind("context", "A context number", _context),
        Kind("stage", "A whole table", _stage),
    )
}


def make(kind: str, level: int, seed: int) -> Exercise:
    """The exercise of a kind, a level and a seed. Raises KeyError for a kind that is not there."""
    dice = _Dice(f"{kind}/{level}/{seed}")
    while True:
        asked = KINDS[kind].made(dice, level)
        if _is_worth_it(asked):
            return Exercise(kind, level, seed, asked)


def _is_worth_it(asked: Numbers) -> bool:
    """Whether no number that is asked for can be read off without working it out."""
    numbers = [asked.true(cell) for cell in asked.cells]
    if asked.stage is Stage.WEIGHTS:
        rows = {row for row, _ in asked.cells}
        scores = asked.calculation.attention.scaled_scores
        if max(_spread(scores[row]) for row in rows) > _SHARPEST:
            return False  # all but the largest weight would be 0
        return len(rows) > 1 or _spread(scores[rows.pop()]) > 0
    if asked.stage is Stage.CONTEXT:
        weights, allowed = asked.calculation.attention.weights, asked.calculation.allowed
        mixing = [row for row in {row for row, _ in asked.cells} if allowed[row].sum() > 1]
        if max(float(weights[row].max()) for row in mixing) > _MOST_OF_IT:
            return False  # the others would hardly count
        mixed = asked.calculation.table(Stage.V)
        columns = {column for _, column in asked.cells}
        return any(_spread(mixed[:, column]) > 0 for column in columns)
    return any(abs(number) > 0 for number in numbers)


def _spread(numbers: Iterable[float]) -> float:
    finite = [float(number) for number in numbers if math.isfinite(number)]
    return max(finite) - min(finite)
