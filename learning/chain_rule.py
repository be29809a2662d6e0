"""The gradient of any one number as the sums of the chain rule, as data (see attention_core/derivation.py).

For the loss of a target (losses.TargetLoss): each sum multiplies gradients that the next sums tell by numbers of the
calculation, back to the differences between weights and target.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from attention_core import Calculation, Derivation, Quantity, Stage
from attention_core.attention import Floats
from attention_core.derivation import Operator, divisor_symbol, quantity
from attention_core.positions import turned
from attention_core.stages import PROJECTED, TABLE_OF, WEIGHT_TABLES
from learning.forward import pass_of, tables_of
from learning.gradients import gradients
from learning.losses import TargetLoss


class Slope(StrEnum):
    """The gradient of the loss by a number of a stage; the value is the stage's."""

    EMBEDDINGS = Stage.EMBEDDINGS + " slope"
    W_Q = Stage.W_Q + " slope"
    W_K = Stage.W_K + " slope"
    W_V = Stage.W_V + " slope"
    POSITIONS = Stage.POSITIONS + " slope"
    X = Stage.X + " slope"
    Q = Stage.Q + " slope"
    K = Stage.K + " slope"
    V = Stage.V + " slope"
    SCORES = Stage.SCORES + " slope"
    SCALED_SCORES = Stage.SCALED_SCORES + " slope"
    WEIGHTS = Stage.WEIGHTS + " slope"

    @property
    def stage(self) -> Stage:
        return Stage(self.removesuffix(" slope"))


class Taught(StrEnum):
    """Numbers of a training that stand in no table of the calculation."""

    TARGET = "target"
    SHARE = "share"  # 2 divided by how many rows have a target
    ROW_MEAN = "row mean"  # of the gradients by a row's weights, weighed by the weights
    RATE = "learning rate"
    NEW = "new"  # a number after a step; its row and column are those of its table
    LOSS = "loss"
    TURNED = "turned"  # a number of a query or key, as another place sees it


SLOPES = tuple(slope.stage for slope in Slope)  # the stages whose gradients can be traced


@dataclass(frozen=True, eq=False)
class ChainRule:
    """The gradients of a loss at one calculation, and the sum behind each of them."""

    calculation: Calculation
    loss: TargetLoss
    by: dict[Stage, Floats]  # the gradient by every stage

    def derive(self, stage: Stage, row: int, column: int) -> Derivation:
        """The sum behind the gradient by one number. Raises ValueError for a stage or a place that is not there."""
        if stage not in SLOPES:
            raise ValueError(f"There is no gradient by the stage {stage!r}; there are those by {', '.join(SLOPES)}.")
        rows, columns = self.by[stage].shape
        if not (0 <= row < rows and 0 <= column < columns):
            raise ValueError(f"The stage {stage} has {rows} × {columns} numbers; there is none at {row}, {column}.")
        return _DERIVE[stage](self, stage, row, column)

    def row_mean(self, row: int) -> Derivation:
        """What every gradient of a row's weights is compared with."""
        terms = tuple((self.number(Stage.WEIGHTS, row, j), self.slope(Stage.WEIGHTS, row, j)) for j in self._words)
        return Derivation(self._mean(row), Operator.SUM, terms)

    def step(self, table: Stage, row: int, column: int, rate: float) -> Derivation:
        """A number of a table after one step of gradient descent."""
        old, slope = self.number(table, row, column), self.slope(table, row, column)
        target = Quantity(Taught.NEW, row, column, old.value - rate * slope.value)
        return Derivation(target, Operator.DIFFERENCE, ((old,), (_alone(Taught.RATE, rate), slope)))

    def number(self, stage: Stage, row: int, column: int) -> Quantity:
        return quantity(self.calculation, stage, row, column)

    def met(self, part: Stage, row: int, column: int, *, at: int) -> Quantity:
        """The number of another word that meets that of the word at a place in a score: where places turn, turned by
        how much farther it stands.
        """
        if not self.calculation.word_order.turns:
            return self.number(part, row, column)
        vector = self.calculation.table(part)[row][None, :]
        seen = turned(vector, self.calculation.experiment.position_base, places=[row - at])
        return Quantity(Taught.TURNED, row, column, float(seen[0, column]))

    def slope(self, stage: Stage, row: int, column: int) -> Quantity:
        return Quantity(Slope(f"{stage} slope"), row, column, float(self.by[stage][row, column]))

    @property
    def _words(self) -> range:
        return range(len(self.calculation.words))

    def _mean(self, row: int) -> Quantity:
        weights = self.calculation.attention.weights[row]
        return Quantity(Taught.ROW_MEAN, row, None, float(weights @ self.by[Stage.WEIGHTS][row]))


def chain_rule(calculation: Calculation, loss: TargetLoss) -> ChainRule:
    done, tables = pass_of(calculation), tables_of(calculation.experiment)
    by_weights = loss.by_weights(done.attention.weights)
    return ChainRule(calculation, loss, gradients(tables, loss.setup, done, by_weights=by_weights))


def _alone(symbol: StrEnum, value: float) -> Quantity:
    return Quantity(symbol, None, None, value)


def _sum(target: Quantity, terms: list[tuple[Quantity, ...]]) -> Derivation:
    """A sum that may have no terms, where nothing that the loss depends on is made with the number."""
    return Derivation(target, Operator.SUM, tuple(terms))


def _embedding(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    """An embedding is used at each place of its word."""
    places = np.flatnonzero(rule.loss.setup.words == row)
    return _sum(rule.slope(stage, row, column), [(rule.slope(Stage.X, int(at), column),) for at in places])


def _position(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    """What a place adds is used at this place alone."""
    return _sum(rule.slope(stage, row, column), [(rule.slope(Stage.X, row, column),)])


def _matrix(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    part = next(part for part in PROJECTED if TABLE_OF[part] is stage)
    terms = [(rule.number(Stage.X, at, row), rule.slope(part, at, column)) for at in rule._words]
    return _sum(rule.slope(stage, row, column), list(terms) if part in rule.calculation.variant.compared else [])


def _vector(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    """A number of x, q, k or v: through the scores in which it stands, and for x through what is made of it."""
    way, terms = rule.calculation.variant, list[tuple[Quantity, ...]]()
    if stage is way.query:
        terms += [(rule.slope(Stage.SCORES, row, j), rule.met(way.key, j, column, at=row)) for j in rule._words]
    if stage is way.key:
        terms += [(rule.slope(Stage.SCORES, i, row), rule.met(way.query, i, column, at=row)) for i in rule._words]
    if stage is Stage.X:
        for part in (part for part in PROJECTED if part in way.compared):
            table = TABLE_OF[part]
            numbers = range(rule.calculation.table(table).shape[1])
            terms += [(rule.slope(part, row, at), rule.number(table, column, at)) for at in numbers]
    return _sum(rule.slope(stage, row, column), terms)


def _score(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    target, scaled = rule.slope(stage, row, column), rule.slope(Stage.SCALED_SCORES, row, column)
    if rule.calculation.divisor == 1:
        return _sum(target, [(scaled,)])
    divisor = _alone(divisor_symbol(rule.calculation), rule.calculation.divisor)
    return Derivation(target, Operator.QUOTIENT, ((scaled,), (divisor,)))


def _scaled_score(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    weight, slope = rule.number(Stage.WEIGHTS, row, column), rule.slope(Stage.WEIGHTS, row, column)
    return Derivation(rule.slope(stage, row, column), Operator.DIFFERENCE, ((weight, slope), (weight, rule._mean(row))))


def _weight(rule: ChainRule, stage: Stage, row: int, column: int) -> Derivation:
    target = rule.slope(stage, row, column)
    if not rule.loss.asked[row]:
        return _sum(target, [])
    share = _alone(Taught.SHARE, 2 / rule.loss.rows)
    wanted = Quantity(Taught.TARGET, row, column, float(rule.loss.target[row, column]))
    weight = rule.number(Stage.WEIGHTS, row, column)
    return Derivation(target, Operator.DIFFERENCE, ((share, weight), (share, wanted)))


_DERIVE: dict[Stage, Callable[[ChainRule, Stage, int, int], Derivation]] = {
    Stage.EMBEDDINGS: _embedding,
    Stage.POSITIONS: _position,
    **dict.fromkeys(WEIGHT_TABLES, _matrix),
    **dict.fromkeys((Stage.X, *PROJECTED), _vector),
    Stage.SCORES: _score,
    Stage.SCALED_SCORES: _scaled_score,
    Stage.WEIGHTS: _weight,
}
