"""Any one number of a calculation -> the sum that made it, as data.

A derivation names its numbers and holds their values, and gives the number again when it is evaluated. Formulas on
screen and in articles are written from it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from attention_core.calculation import Calculation
from attention_core.positions import SINUSOIDAL
from attention_core.stages import OF_ONE_HEAD, SQUARES, STAGES, TABLE_OF, Stage


class Symbol(StrEnum):
    """A number that stands in no table of the calculation."""

    DIVISOR = "divisor"  # the root of how many numbers are compared
    OWN_DIVISOR = "own divisor"
    GIVEN = "given"  # a number that nothing computes
    PLACE = "place"  # of a word, from 0; with the next three it makes a number of a wave
    BASE = "base"
    PAIR = "pair"  # twice the number of the pair of columns
    COLUMNS = "columns"
    PART = "part"  # a number of a vector times its weight
    SCORE = "score"  # of one row of scores, as are the next four
    SUBTRACTED = "subtracted"  # from each score, so that its exponential stays readable
    EXPONENTIAL = "exponential"
    TOTAL = "total"
    WEIGHT = "weight"
    VECTOR = "vector"  # a number of one of a few vectors, between which the next six are
    DOT = "dot"
    LENGTH = "length"
    COSINE = "cosine"
    ANGLE = "angle"
    DIFFERENCE = "difference"
    DISTANCE = "distance"
    ENTROPY = "entropy"
    SLOPE = "slope"  # how a weight grows when a score does
    OWN = "own"  # 1 where the two are of the same word, else 0
    LAYER = "layer"  # a number of a table of a small network
    HIDDEN = "hidden"  # what its first table makes of a word
    OUTPUT = "output"  # and its second of that


class Operator(StrEnum):
    """What is done with the terms of a derivation."""

    SUM = "sum"
    DIFFERENCE = "difference"
    QUOTIENT = "quotient"
    ROOT_OF_SUM = "root of sum"
    POSITIVE_PART = "positive part"
    ANGLE = "angle"
    EXPONENTIAL = "exponential"
    ENTROPY = "entropy"
    SLOPE = "slope"
    SOFTMAX = "softmax"
    UNCHANGED = "unchanged"
    GIVEN = "given"
    SINE = "sine"
    COSINE = "cosine"
    TURN_FIRST = "turn, first of the pair"
    TURN_SECOND = "turn, second of the pair"
    NOT_TURNED = "not turned"
    FORBIDDEN_SCORE = "forbidden score"
    FORBIDDEN_WEIGHT = "forbidden weight"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the calculation and where it stands: row and column count from 0; None where it has none."""

    symbol: StrEnum  # a Stage, a Symbol, or one of a room that adds numbers of its own
    row: int | None
    column: int | None
    value: float
    head: int | None = None  # from 0; where there are several, of what each has for itself


@dataclass(frozen=True, slots=True)
class Derivation:
    """`target` = `operator` applied to `terms`; each term is a product of quantities."""

    target: Quantity
    operator: Operator
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


def _angle(terms: list[float]) -> float:
    """Of a wave or a turn at a place, in radians."""
    place, base, pair, columns = terms
    return place / math.pow(base, pair / columns)


def _turned(terms: list[float], *, second: bool) -> float:
    """One of a pair of numbers, a and b, after the turn."""
    a, b, *place = terms
    angle = _angle(place)
    return a * math.sin(angle) + b * math.cos(angle) if second else a * math.cos(angle) - b * math.sin(angle)


def _entropy(weights: list[float]) -> float:
    """In bits; a weight of 0 adds nothing."""
    return -math.fsum(weight * math.log2(weight) for weight in weights if weight)


OPERATORS: dict[Operator, Callable[[list[float]], float]] = {
    Operator.SUM: math.fsum,
    Operator.DIFFERENCE: lambda terms: terms[0] - math.fsum(terms[1:]),
    Operator.QUOTIENT: _quotient,
    Operator.ROOT_OF_SUM: lambda terms: math.sqrt(math.fsum(terms)),
    Operator.POSITIVE_PART: lambda terms: max(math.fsum(terms), 0.0),
    Operator.ANGLE: lambda terms: math.degrees(math.acos(min(max(terms[0], -1.0), 1.0))),
    Operator.EXPONENTIAL: lambda terms: math.exp(math.fsum(terms)),
    Operator.ENTROPY: _entropy,
    Operator.SLOPE: lambda terms: terms[0] * (terms[1] - terms[2]),
    Operator.SOFTMAX: _share_of_exponentials,
    Operator.UNCHANGED: lambda terms: terms[0],
    Operator.GIVEN: lambda terms: terms[0],
    Operator.SINE: lambda terms: math.sin(_angle(terms)),
    Operator.COSINE: lambda terms: math.cos(_angle(terms)),
    Operator.TURN_FIRST: lambda terms: _turned(terms, second=False),
    Operator.TURN_SECOND: lambda terms: _turned(terms, second=True),
    Operator.NOT_TURNED: lambda terms: terms[0],
    Operator.FORBIDDEN_SCORE: lambda _: -math.inf,
    Operator.FORBIDDEN_WEIGHT: lambda _: 0.0,
}


def derive(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    """The sum behind one number of a stage. Raises ValueError for a stage or a place that is not there."""
    if stage not in _DERIVE:
        raise ValueError(f"There is no stage {stage!r}; there are {', '.join(DERIVED)}.")
    stage = Stage(stage)  # in a notebook it may be a plain string
    rows, columns = stage_shape(calculation, stage)
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(f"The stage {stage} has {rows} × {columns} numbers; there is none at {row}, {column}.")
    return _DERIVE[stage](calculation, stage, row, column)


def trace(calculation: Calculation, stage: Stage, row: int, column: int) -> tuple[Derivation, ...]:
    """The sums that lead to one number, earliest first and ending with its own.

    For a score or a weight: the query of its row and the key of its column, number by number, and turned where places
    turn them, then the score, the scaled score and the weight, as far as `stage`. For an entry of a context vector:
    what W_O mixes, or the entries of the vectors that one head mixes. For an entry of q, k or v: its own sum alone.
    """
    own = derive(calculation, stage, row, column)
    variant = calculation.variant
    if stage == Stage.CONTEXT and calculation.mixes_heads:
        side_by_side = range(calculation.joined.shape[1])
        return (*(derive(calculation, Stage.JOINED, row, i) for i in side_by_side), own)
    if stage in (Stage.CONTEXT, Stage.JOINED, Stage.HEAD_CONTEXT):
        head, entry = (calculation, column) if stage == Stage.HEAD_CONTEXT else _in_its_head(calculation, column)
        mixed = [(variant.value, j, entry) for j in range(len(calculation.words)) if calculation.allowed[row, j]]
        return (*_derive_projections(head, mixed), own)
    if stage not in CELL_STAGES:
        return (own,)
    numbers = range(calculation.table(variant.key).shape[1])
    made_of = dict.fromkeys(((variant.query, variant.key), calculation.compared))
    compared = [
        (part, place, i) for pair in made_of for part, place in zip(pair, (row, column), strict=True) for i in numbers
    ]
    compared = list(dict.fromkeys(compared))  # a word and itself, where one part is both query and key
    earlier = CELL_STAGES[: CELL_STAGES.index(stage)]
    return (
        *_derive_projections(calculation, compared),
        *(derive(calculation, name, row, column) for name in earlier),
        own,
    )


def _in_its_head(calculation: Calculation, column: int) -> tuple[Calculation, int]:
    """The head to whose context a column of the joined vectors belongs, and which of its numbers that is."""
    head, entry = divmod(column, calculation.head_context.shape[1])
    return calculation.of_head(head), entry


def _derive_projections(calculation: Calculation, places: list[tuple[Stage, int, int]]) -> list[Derivation]:
    """The sums behind entries of q, k and v, or of embeddings to which their place adds something."""
    given = (Stage.X,) if not calculation.word_order.adds else ()
    return [derive(calculation, *place) for place in places if place[0] in DERIVED and place[0] not in given]


def stage_shape(calculation: Calculation, stage: Stage) -> tuple[int, int]:
    """How many rows and columns a stage has."""
    rows, columns = calculation.table(stage).shape
    return rows, columns


def quantity(calculation: Calculation, stage: Stage, row: int, column: int) -> Quantity:
    """One number of a stage."""
    head = calculation.place if stage in OF_ONE_HEAD and len(calculation.heads) > 1 else None
    return Quantity(stage, row, column, float(calculation.table(stage)[row, column]), head)


def _position(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    target = quantity(calculation, stage, row, column)
    if calculation.word_order is not SINUSOIDAL:
        return Derivation(target, Operator.GIVEN, ((Quantity(Symbol.GIVEN, row, column, target.value),),))
    terms = _angle_of(calculation, row, column, calculation.experiment.d_model)
    return Derivation(target, Operator.COSINE if column % 2 else Operator.SINE, terms)


def _input(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    word = int(calculation.experiment.vocabulary_index[row])
    terms = (
        (quantity(calculation, Stage.EMBEDDINGS, word, column),),
        (quantity(calculation, Stage.POSITIONS, row, column),),
    )
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, terms)


def _projection(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    terms = tuple(
        (quantity(calculation, Stage.X, row, i), quantity(calculation, TABLE_OF[stage], i, column))
        for i in range(calculation.experiment.d_model)
    )
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, terms)


def _turn(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    way = calculation.variant
    plain = way.query if stage == Stage.TURNED_QUERY else way.key
    size = calculation.table(plain).shape[1]
    target, own = quantity(calculation, stage, row, column), quantity(calculation, plain, row, column)
    first = column - column % 2
    if not calculation.word_order.turns or first + 1 == size:
        return Derivation(target, Operator.NOT_TURNED, ((own,),))
    pair = tuple((quantity(calculation, plain, row, first + i),) for i in range(2))
    operator = Operator.TURN_SECOND if column % 2 else Operator.TURN_FIRST
    return Derivation(target, operator, (*pair, *_angle_of(calculation, row, column, size)))


def _angle_of(calculation: Calculation, place: int, column: int, columns: int) -> tuple[tuple[Quantity, ...], ...]:
    """What the angle of a wave or a turn is worked out from."""
    numbers = {
        Symbol.PLACE: place,
        Symbol.BASE: calculation.experiment.position_base,
        Symbol.PAIR: column - column % 2,
        Symbol.COLUMNS: columns,
    }
    return tuple((Quantity(symbol, None, None, float(number)),) for symbol, number in numbers.items())


def _score(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    query, key = calculation.compared
    terms = tuple(
        (quantity(calculation, query, row, i), quantity(calculation, key, column, i))
        for i in range(calculation.table(key).shape[1])
    )
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, terms)


def _scaled_score(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    target = quantity(calculation, stage, row, column)
    score = quantity(calculation, Stage.SCORES, row, column)
    if not calculation.allowed[row, column]:
        return Derivation(target, Operator.FORBIDDEN_SCORE, ((score,),))
    if not calculation.experiment.scaled:
        return Derivation(target, Operator.UNCHANGED, ((score,),))
    divisor = Quantity(divisor_symbol(calculation), None, None, calculation.divisor)
    return Derivation(target, Operator.QUOTIENT, ((score,), (divisor,)))


def divisor_symbol(calculation: Calculation) -> Symbol:
    """How the divisor of the scores came about."""
    return Symbol.DIVISOR if calculation.divides_by_root else Symbol.OWN_DIVISOR


def _weight(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    target = quantity(calculation, stage, row, column)
    chosen = quantity(calculation, Stage.SCALED_SCORES, row, column)
    if not calculation.allowed[row, column]:
        return Derivation(target, Operator.FORBIDDEN_WEIGHT, ((chosen,),))
    seen = tuple(
        (quantity(calculation, Stage.SCALED_SCORES, row, j),)
        for j in range(len(calculation.words))
        if calculation.allowed[row, j]
    )
    return Derivation(target, Operator.SOFTMAX, ((chosen,), *seen))


def _head_context(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, _mixed(calculation, row, column))


def _mixed(calculation: Calculation, row: int, column: int) -> tuple[tuple[Quantity, ...], ...]:
    """The vectors that the chosen head mixes, times their weights."""
    value = calculation.variant.value
    return tuple(
        (quantity(calculation, Stage.WEIGHTS, row, j), quantity(calculation, value, j, column))
        for j in range(len(calculation.words))
        if calculation.allowed[row, j]
    )


def _joined(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    head, entry = _in_its_head(calculation, column)
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, _mixed(head, row, entry))


def _context(calculation: Calculation, stage: Stage, row: int, column: int) -> Derivation:
    terms: tuple[tuple[Quantity, ...], ...]
    if calculation.mixes_heads:
        terms = tuple(
            (quantity(calculation, Stage.JOINED, row, i), quantity(calculation, Stage.W_O, i, column))
            for i in range(calculation.joined.shape[1])
        )
    else:
        terms = _joined(calculation, stage, row, column).terms
    if calculation.variant.adds_itself:
        terms += ((quantity(calculation, Stage.X, row, column),),)
    return Derivation(quantity(calculation, stage, row, column), Operator.SUM, terms)


_DERIVE: dict[Stage, Callable[[Calculation, Stage, int, int], Derivation]] = {
    Stage.POSITIONS: _position,
    Stage.X: _input,
    Stage.Q: _projection,
    Stage.K: _projection,
    Stage.V: _projection,
    Stage.TURNED_QUERY: _turn,
    Stage.TURNED_KEY: _turn,
    Stage.SCORES: _score,
    Stage.SCALED_SCORES: _scaled_score,
    Stage.WEIGHTS: _weight,
    Stage.HEAD_CONTEXT: _head_context,
    Stage.JOINED: _joined,
    Stage.CONTEXT: _context,
}

# The stages whose numbers have a sum behind them, in the order in which they are computed, and those of them that have
# a word both ways.
DERIVED = tuple(stage for stage in STAGES if stage in _DERIVE)
CELL_STAGES = tuple(stage for stage in SQUARES if stage in _DERIVE)
