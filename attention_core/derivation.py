"""Any one number of a calculation -> the sum that made it, as data.

A derivation names its numbers and holds their values, and gives the number again when it is evaluated. Formulas on
screen, articles and scripts are written from it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from attention_core.attention import Floats
from attention_core.experiment import WEIGHT_TABLES, Calculation

# The stages of a calculation that have a derivation, in the order in which they are computed. The first three have a
# row for each word and a column for each number of its vector, and so has the last; the others have a word both ways.
CELL_STAGES = ("scores", "scaled_scores", "weights")
STAGES = ("q", "k", "v", *CELL_STAGES, "context")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the calculation and where it stands: row and column count from 0; None where it has none."""

    symbol: str
    row: int | None
    column: int | None
    value: float


@dataclass(frozen=True, slots=True)
class Derivation:
    """`target` = `operator` applied to `terms`; each term is a product of quantities."""

    target: Quantity
    operator: str
    terms: tuple[tuple[Quantity, ...], ...]

    def evaluate(self) -> float:
        """The number again, from the terms alone."""
        return OPERATORS[self.operator]([math.prod(factor.value for factor in term) for term in self.terms])


def _quotient(terms: list[float]) -> float:
    dividend, divisor = terms
    return dividend / divisor


def _share_of_exponentials(terms: list[float]) -> float:
    """exp of the first as a share of the exps of all the others, the greatest being subtracted from each."""
    chosen, *row = terms
    top = max(row)
    return math.exp(chosen - top) / math.fsum(math.exp(score - top) for score in row)


def _entropy(weights: list[float]) -> float:
    """In bits; a weight of 0 adds nothing."""
    return -math.fsum(weight * math.log2(weight) for weight in weights if weight)


OPERATORS: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "difference": lambda terms: terms[0] - math.fsum(terms[1:]),
    "quotient": _quotient,
    "root of sum": lambda terms: math.sqrt(math.fsum(terms)),
    "angle": lambda terms: math.degrees(math.acos(min(max(terms[0], -1.0), 1.0))),
    "exponential": lambda terms: math.exp(math.fsum(terms)),
    "entropy": _entropy,
    "slope": lambda terms: terms[0] * (terms[1] - terms[2]),
    "softmax": _share_of_exponentials,
    "unchanged": lambda terms: terms[0],
    "forbidden score": lambda _: -math.inf,
    "forbidden weight": lambda _: 0.0,
}


def derive(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    """The sum behind one number of a stage. Raises ValueError for a stage or a place that is not there."""
    if stage not in _DERIVE:
        raise ValueError(f"There is no stage {stage!r}; there are {', '.join(STAGES)}.")
    rows, columns = stage_shape(calculation, stage)
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(f"The stage {stage} has {rows} × {columns} numbers; there is none at {row}, {column}.")
    return _DERIVE[stage](calculation, stage, row, column)


def trace(calculation: Calculation, stage: str, row: int, column: int) -> tuple[Derivation, ...]:
    """The sums that lead to one number, earliest first and ending with its own.

    For a score or a weight: the query of its row and the key of its column, number by number, then the score, the
    scaled score and the weight, as far as `stage`. For an entry of a context vector: the entries of the vectors that
    it mixes. For an entry of q, k or v: its own sum alone.
    """
    own = derive(calculation, stage, row, column)
    variant = calculation.variant
    if stage == "context":
        mixed = [(variant.value, j, column) for j in range(len(calculation.words)) if calculation.allowed[row, j]]
        return (*_derive_projections(calculation, mixed), own)
    if stage not in CELL_STAGES:
        return (own,)
    numbers = range(calculation.part(variant.key).shape[1])
    compared = [(variant.query, row, i) for i in numbers] + [(variant.key, column, i) for i in numbers]
    earlier = CELL_STAGES[: CELL_STAGES.index(stage)]
    return (
        *_derive_projections(calculation, compared),
        *(derive(calculation, name, row, column) for name in earlier),
        own,
    )


def _derive_projections(calculation: Calculation, places: list[tuple[str, int, int]]) -> list[Derivation]:
    """The sums behind entries of q, k and v; embeddings are given, not computed."""
    return [derive(calculation, *place) for place in places if place[0] != "x"]


def stage_shape(calculation: Calculation, stage: str) -> tuple[int, int]:
    """How many rows and columns a stage has."""
    rows, columns = _stage(calculation, stage).shape
    return rows, columns


def quantity(calculation: Calculation, symbol: str, row: int, column: int) -> Quantity:
    """One number of a stage or of a table, by its symbol."""
    return Quantity(symbol, row, column, float(_stage(calculation, symbol)[row, column]))


def _stage(calculation: Calculation, symbol: str) -> Floats:
    if symbol in WEIGHT_TABLES:
        owner: object = calculation.experiment
    elif symbol in CELL_STAGES:
        owner = calculation.attention
    else:
        owner = calculation
    table: Floats = getattr(owner, symbol)
    return table


def _projection(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    terms = tuple(
        (quantity(calculation, "x", row, i), quantity(calculation, f"w_{stage}", i, column))
        for i in range(calculation.experiment.d_model)
    )
    return Derivation(quantity(calculation, stage, row, column), "sum", terms)


def _score(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    variant = calculation.variant
    terms = tuple(
        (quantity(calculation, variant.query, row, i), quantity(calculation, variant.key, column, i))
        for i in range(calculation.part(variant.key).shape[1])
    )
    return Derivation(quantity(calculation, stage, row, column), "sum", terms)


def _scaled_score(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    target = quantity(calculation, stage, row, column)
    score = quantity(calculation, "scores", row, column)
    if not calculation.allowed[row, column]:
        return Derivation(target, "forbidden score", ((score,),))
    if not calculation.experiment.scaled:
        return Derivation(target, "unchanged", ((score,),))
    return Derivation(target, "quotient", ((score,), (Quantity("divisor", None, None, calculation.divisor),)))


def _weight(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    target = quantity(calculation, stage, row, column)
    chosen = quantity(calculation, "scaled_scores", row, column)
    if not calculation.allowed[row, column]:
        return Derivation(target, "forbidden weight", ((chosen,),))
    seen = tuple(
        (quantity(calculation, "scaled_scores", row, j),)
        for j in range(len(calculation.words))
        if calculation.allowed[row, j]
    )
    return Derivation(target, "softmax", ((chosen,), *seen))


def _context(calculation: Calculation, stage: str, row: int, column: int) -> Derivation:
    variant = calculation.variant
    terms: tuple[tuple[Quantity, ...], ...] = tuple(
        (quantity(calculation, "weights", row, j), quantity(calculation, variant.value, j, column))
        for j in range(len(calculation.words))
        if calculation.allowed[row, j]
    )
    if variant.adds_itself:
        terms += ((quantity(calculation, "x", row, column),),)
    return Derivation(quantity(calculation, stage, row, column), "sum", terms)


_DERIVE: dict[str, Callable[[Calculation, str, int, int], Derivation]] = {
    "q": _projection,
    "k": _projection,
    "v": _projection,
    "scores": _score,
    "scaled_scores": _scaled_score,
    "weights": _weight,
    "context": _context,
}
