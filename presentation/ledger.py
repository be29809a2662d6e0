"""One word's calculation as a picture whose cells keep their places from stage to stage.

On top what asks (the embedding of the word, then its query); below a row for each word: on the left what is asked (its
embedding, then its key), in the middle its score, the exponential of that and its weight, on the right what it gives
(its embedding, then its value, then that times the weight). The last row has the sums.
"""

import math
from collections.abc import Sequence

import numpy as np

from attention_core import Calculation
from attention_core.attention import Floats
from attention_core.matrices import Matrix
from attention_core.softmax_steps import SoftmaxSteps, softmax_steps
from attention_core.stages import STAGES, Role, Stage
from presentation import tables
from presentation.blocks import Block
from presentation.charts import Chart
from presentation.ledger_chart import Ledger
from presentation.looks import looks_most
from presentation.palette import COLOURS, EMBEDDING, NEGATIVE, colour_of
from presentation.scaling import divided_by_in_short

# The stages in their order.
EMBED, PROJECT, SCORE, SCALE, SOFTMAX, WEIGH, ADD = range(1, 8)

_MOST_ROWS = 16  # words drawn; of more, those with the greatest weights, and all others as one row
_GAP = ""


def one_word(calculation: Calculation, word: int, other: int, *, reached: int, title: str) -> Chart:
    """The picture as far as the stage `reached`, with the row of `other` set off."""
    return _OneWord(calculation, word, other, reached).chart(title)


def row_of_scores(
    row: SoftmaxSteps,
    labels: Sequence[str],
    *,
    decimals: int,
    drawn: Sequence[int] | None = None,
    raw: Matrix | None = None,
    divisor: str = "",
) -> Chart:
    """Scores, their exponentials and weights, a row for each word that is `drawn`, and the sums of all.

    Where the scores were divided, `raw` are those before and `divisor` is what they were divided by.
    """
    drawn = range(len(labels)) if drawn is None else drawn
    n = len(drawn)
    names = ["score"] if raw is None else ["score", f"÷ {divisor}"]
    exponential = len(names)
    table = Ledger([*(labels[at] for at in drawn), "sum"], [*names, "exponential", "weight"])
    for place, at in enumerate(drawn):
        for column, scores in enumerate((row.scores,) if raw is None else (raw, row.scores)):
            _put_score(table, place, column, float(scores[at]), scores, decimals)
        _put_shares(table, place, exponential, row, at, decimals)
    _put_sums(table, n, exponential, row, decimals)
    places = [(place, column) for place in range(n) for column in range(exponential + 2)]
    told = "A row of scores, their exponentials and weights: " + ", ".join(
        f"{labels[at]} {row.scores[at]:.3f} becomes {row.weights[at]:.3f}" for at in drawn
    )
    places += [(n, exponential), (n, exponential + 1)]
    return table.chart(places, title="Softmax in three steps", alt_text=f"{told}.")


def added_up(row: SoftmaxSteps, labels: Sequence[str], drawn: Sequence[int], given: Block, *, decimals: int) -> Chart:
    """What words give, times their weights, a row for each that is `drawn`; and the sum over all words."""
    weights, n = row.weights, len(drawn)
    table = Ledger([*(labels[at] for at in drawn), "sum"], ["weight", _GAP, *(f"× {name}" for name in given.columns)])
    parts = weights[:, None] * given.numbers
    rows = {
        **{place: (weights[at], parts[at]) for place, at in enumerate(drawn)},
        n: (weights.sum(), parts.sum(axis=0)),
    }
    greatest = float(np.abs(given.numbers).max())
    for place, (weight, part) in rows.items():
        colour, share = (EMBEDDING, 0.0) if place == n else (COLOURS[Role.WEIGHT], float(weight))
        table.put(place, 0, float(weight), colour=colour, shade=share, decimals=decimals)
        for column, value in enumerate(map(float, part), start=2):
            shade = 0.6 * abs(value) / greatest if greatest else 0.0
            table.put(place, column, value, colour=given.colour, shade=shade, decimals=decimals)
    told = ", ".join(f"{value:.3f}" for value in parts.sum(axis=0))
    places = [(place, column) for place in rows for column in (0, *range(2, 2 + len(given.columns)))]
    return table.chart(places, title="Times its weight, added up", alt_text=f"What is given, times weights: {told}.")


class _OneWord:
    def __init__(self, calculation: Calculation, word: int, other: int, reached: int) -> None:
        self.calculation, self.word, self.other, self.reached = calculation, word, other, reached
        self.variant, self.decimals = calculation.variant, calculation.experiment.decimals
        projected = reached >= PROJECT
        self.asking = self.variant.query if projected else Stage.X
        self.asked = self.variant.key if projected else Stage.X
        self.giving = self.variant.value if projected else Stage.X
        self.drawn, self.rest = _words_drawn(calculation, word, other)
        self.steps = softmax_steps(calculation.attention.scaled_scores[word])
        self.left, self.right = (self._width(part) for part in (self.variant.key, self.variant.value))
        self.score_column = self.left + 1
        self.right_column = self.score_column + 4
        self.table = Ledger(self._row_names(), self._column_names())

    def _width(self, part: Stage) -> int:
        return max(self.calculation.experiment.d_model, len(self.calculation.table(part)[0]))

    def _row_names(self) -> list[str]:
        labels = self.calculation.labels
        rows = [f"{labels[self.word]}: {STAGES[self.asking].singular}", *(labels[at] for at in self.drawn)]
        if self.rest:
            rows.append(f"{len(self.rest)} others")
        if self.variant.adds_itself:
            rows.append(f"+ {labels[self.word]} as it is")
        return [*rows, "sum"]

    def _column_names(self) -> list[str]:
        def named(part: Stage, width: int) -> list[str]:
            names = tables.stage_columns(self.calculation, part)
            return [*names, *[_GAP] * (width - len(names))]

        scaling = divided_by_in_short(self.calculation) if self.reached >= SCALE else ""
        middle = [f"score{scaling}", "exponential", "weight"]
        return [*named(self.asked, self.left), _GAP, *middle, _GAP, *named(self.giving, self.right)]

    def chart(self, title: str) -> Chart:
        places = self._places()
        self._put_vectors()
        if self.reached >= SCORE:
            self._put_scores()
        if self.reached >= SOFTMAX:
            self._put_weights()
        if self.reached >= WEIGH:
            self._put_parts()
        if self.reached >= ADD:
            for column, value in enumerate(self.calculation.context[self.word]):
                self._put(self._last, self.right_column + column, value, self.giving, self.calculation.context)
        chosen = 1 + self.drawn.index(self.other)
        text = f"Stage {self.reached} of {ADD} for {self.calculation.labels[self.word]}: {title}. {self._told()}"
        return self.table.chart(
            places,
            title="",
            chosen_row=chosen,
            positions=[0, *(at + 1 for at in self.drawn)],
            alt_text=text,
        )

    @property
    def _last(self) -> int:
        return len(self.table.rows) - 1

    @property
    def _rest_row(self) -> int:
        return 1 + len(self.drawn)

    def _places(self) -> list[tuple[int, int]]:
        """Every place of the picture, whether or not it is filled yet."""
        asked, giving = (self.calculation.table(part).shape[1] for part in (self.asked, self.giving))
        given = [self.right_column + column for column in range(giving)]
        places = [(0, column) for column in range(asked)]
        for row in range(1, 1 + len(self.drawn)):
            places += [(row, column) for column in (*range(asked), *self._middle, *given)]
        if self.rest:
            places += [(self._rest_row, column) for column in (self._middle[1], self._middle[2], *given)]
        if self.variant.adds_itself:
            places += [(self._last - 1, column) for column in given]
        return places + [(self._last, column) for column in (self._middle[1], self._middle[2], *given)]

    @property
    def _middle(self) -> tuple[int, int, int]:
        return self.score_column, self.score_column + 1, self.score_column + 2

    def _put(self, row: int, column: int, value: float, part: Stage, scale: Floats) -> None:
        greatest = float(np.abs(scale).max())
        shade = 0.6 * abs(value) / greatest if greatest else 0.0
        self.table.put(row, column, float(value), colour=colour_of(part), shade=shade, decimals=self.decimals)

    def _put_vectors(self) -> None:
        asking, asked = self.calculation.table(self.asking), self.calculation.table(self.asked)
        for column, value in enumerate(asking[self.word]):
            self._put(0, column, value, self.asking, asking)
        giving = self.calculation.table(self.giving)
        for row, at in enumerate(self.drawn, start=1):
            for column, value in enumerate(asked[at]):
                self._put(row, column, value, self.asked, asked)
            if self.reached < WEIGH:
                for column, value in enumerate(giving[at]):
                    self._put(row, self.right_column + column, value, self.giving, giving)

    def _put_scores(self) -> None:
        attention, allowed = self.calculation.attention, self.calculation.allowed[self.word]
        scores = (attention.scores if self.reached < SCALE else attention.scaled_scores)[self.word]
        seen = np.where(allowed, scores, -math.inf)
        for row, at in enumerate(self.drawn, start=1):
            _put_score(self.table, row, self.score_column, float(seen[at]), seen, self.decimals)

    def _put_weights(self) -> None:
        for row, at in enumerate(self.drawn, start=1):
            _put_shares(self.table, row, self._middle[1], self.steps, at, self.decimals)
        if self.rest:
            others = (float(table[self.rest].sum()) for table in (self.steps.exponentials, self.steps.weights))
            for column, value, whole in zip(self._middle[1:], others, (self.steps.total, 1.0), strict=True):
                _put_share(self.table, self._rest_row, column, value, whole, self.decimals)
        _put_sums(self.table, self._last, self._middle[1], self.steps, self.decimals)

    def _put_parts(self) -> None:
        """What each word gives: its numbers times its weight."""
        giving = self.calculation.table(self.giving)
        parts = self.calculation.attention.weights[self.word][:, None] * giving
        for row, at in enumerate(self.drawn, start=1):
            for column, value in enumerate(parts[at]):
                self._put(row, self.right_column + column, value, self.giving, giving)
        if self.rest:
            for column, value in enumerate(parts[self.rest].sum(axis=0)):
                self._put(self._rest_row, self.right_column + column, value, self.giving, giving)
        if self.variant.adds_itself:
            for column, value in enumerate(self.calculation.x[self.word]):
                self._put(self._last - 1, self.right_column + column, value, Stage.X, self.calculation.x)

    def _told(self) -> str:
        if self.reached >= ADD:
            numbers = ", ".join(f"{value:.2f}" for value in self.calculation.context[self.word])
            return f"Its context vector is {numbers}."
        if self.reached >= SOFTMAX:
            weights, allowed = self.calculation.attention.weights[self.word], self.calculation.allowed[self.word]
            return looks_most("It", weights, allowed, self.calculation.labels, decimals=2)
        return f"The row of {self.calculation.labels[self.other]} is set off."


def _words_drawn(calculation: Calculation, word: int, other: int) -> tuple[list[int], list[int]]:
    """Which words have a row of their own, in the order of the sentence, and which are summed up in one."""
    n = len(calculation.words)
    if n <= _MOST_ROWS:
        return list(range(n)), []
    weights = calculation.attention.weights[word].copy()
    weights[[word, other]] = math.inf
    drawn = sorted(map(int, np.argsort(-weights, kind="stable")[:_MOST_ROWS]))
    return drawn, [at for at in range(n) if at not in set(drawn)]


def _put_score(table: Ledger, row: int, column: int, score: float, scores: Matrix, decimals: int) -> None:
    finite = np.abs(scores[np.isfinite(scores)])
    greatest = float(finite.max()) if finite.size else 0.0
    shade = 0.7 * abs(score) / greatest if greatest and math.isfinite(score) else 0.0
    colour = NEGATIVE if score < 0 else COLOURS[Role.SCORE]
    table.put(row, column, score, colour=colour, shade=shade, decimals=decimals)


def _put_shares(table: Ledger, row: int, column: int, steps: SoftmaxSteps, place: int, decimals: int) -> None:
    """An exponential and its weight, or dashes for a word that may not be looked at."""
    may = math.isfinite(steps.scores[place])
    for at, value, whole in (
        (column, float(steps.exponentials[place]), steps.total),
        (column + 1, float(steps.weights[place]), 1.0),
    ):
        _put_share(table, row, at, value if may else math.nan, whole, decimals)


def _put_share(table: Ledger, row: int, column: int, value: float, whole: float, decimals: int) -> None:
    shade = value / whole if whole and math.isfinite(value) else 0.0
    table.put(row, column, value, colour=COLOURS[Role.WEIGHT], shade=shade, decimals=decimals)


def _put_sums(table: Ledger, row: int, column: int, steps: SoftmaxSteps, decimals: int) -> None:
    table.put(row, column, steps.total, colour=EMBEDDING, shade=0.0, decimals=decimals)
    table.put(row, column + 1, float(steps.weights.sum()), colour=EMBEDDING, shade=0.0, decimals=decimals)
