"""Numbers that somebody worked out by hand: right, right but for rounding, or wrong with the slip named.

`checking` judges them and knows the usual slips; what is added here are those that show in a single number, such as a
product that was left out or the number of another place.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from attention_core import Calculation, Experiment, attend, derive
from attention_core.attention import Floats
from attention_core.derivation import Operator
from attention_core.masks import CAUSAL
from attention_core.stages import STAGES, Along, Stage
from checking.claims import Claim, Claims
from checking.judge import RIGHT, ROUNDING, Judgement, judge
from checking.model import Method
from checking.precision import SLACK, dust_of, half_unit
from checking.reading import ReadingError
from checking.reading.cells import Number, number_of
from checking.slips import slips
from checking.standing import sizes_of
from presentation.tables import stage_columns, stage_rows
from presentation.text import shown

MAX_ANSWER = 200  # characters of a number that somebody types

_ON_THE_WAY = 10.0  # half units of the last decimal asked for, for numbers of size 1

Cell = tuple[int, int]


class Mark(StrEnum):
    """What is said of an answer."""

    RIGHT = "right"
    ROUNDING = "rounding"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TEXT = "text"  # to be read by a person


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer, and why, as text; `slip` is the same words for all who made the slip."""

    mark: Mark
    told: str = ""
    slip: str = ""


@dataclass(frozen=True)
class Numbers:
    """Numbers of one stage to work out.

    `cells`: where they stand, from 0. `decimals`: to how many they are asked. `given`: the stages that are shown, from
    which they follow in one or more steps; their numbers are shown to the experiment's decimals.
    """

    experiment: Experiment
    stage: Stage
    cells: tuple[Cell, ...]
    decimals: int
    given: tuple[Stage, ...]

    @cached_property
    def calculation(self) -> Calculation:
        return attend(self.experiment)

    def true(self, cell: Cell) -> float:
        return float(self.calculation.table(self.stage)[cell])

    def name(self, cell: Cell) -> str:
        """What the number at a place is called."""
        rows, columns = stage_rows(self.calculation, self.stage), stage_columns(self.calculation, self.stage)
        joined = " → " if STAGES[self.stage].is_square else ", "
        return f"{rows[cell[0]]}{joined}{columns[cell[1]]}"


def number_typed(text: str) -> Number | None:
    """The number that was typed, None where nothing was. Raises ReadingError, in words, where it is none."""
    return number_of(text.strip()[:MAX_ANSWER], 1)


def grade(asked: Numbers, typed: Mapping[Cell, str]) -> dict[Cell, Verdict]:
    """What is said of the number at each place that is asked for."""
    numbers: dict[Cell, Number] = {}
    verdicts: dict[Cell, Verdict] = {}
    for cell in asked.cells:
        try:
            number = number_typed(typed.get(cell, ""))
        except ReadingError:
            verdicts[cell] = Verdict(Mark.UNREADABLE, "This is not a number. Type one like 0.25.")
            continue
        if number is None or not np.isfinite(number.value):
            verdicts[cell] = Verdict(Mark.EMPTY) if number is None else Verdict(Mark.WRONG, "It is not infinite.")
        else:
            numbers[cell] = number
    judged = _Judged(asked, numbers)
    for cell in numbers:
        verdicts[cell] = judged.verdict(cell)
    return {cell: verdicts[cell] for cell in asked.cells}


class _Judged:
    """The numbers that were typed, and what `checking` says of them."""

    def __init__(self, asked: Numbers, numbers: Mapping[Cell, Number]) -> None:
        self.asked, self.numbers = asked, numbers
        self.method = method_of(asked.experiment)
        self.off = [cell for cell in numbers if self._by_digits(cell) is None]

    def verdict(self, cell: Cell) -> Verdict:
        by_digits = self._by_digits(cell)
        if by_digits is not None:
            return by_digits
        if cell in self._rounded_on_the_way:
            return Verdict(Mark.ROUNDING, "Right, but for a number that was rounded on the way.")
        slip = self._slip_of_all or self._slip_of(cell)
        if not slip:
            return Verdict(Mark.WRONG, "That is not it. No usual slip gives this number.")
        return Verdict(Mark.WRONG, f"Your number comes out if {slip}.", slip)

    def _by_digits(self, cell: Cell) -> Verdict | None:
        """Right by its own digits, or but for how it was rounded; None where it is off by more."""
        number, asked, true = self.numbers[cell], self.asked.decimals, self.asked.true(cell)
        off = abs(number.value - true)
        dust = float(dust_of(np.array(true))) + 1e-12
        if off <= half_unit(max(number.decimals, asked)) * SLACK + dust:
            return Verdict(Mark.RIGHT)
        if _is_exact(true, asked):
            return None
        if off <= half_unit(asked) * SLACK + dust:
            return Verdict(Mark.ROUNDING, f"Right to {asked} decimals; its last digits are rounded another way.")
        if number.decimals == asked - 1 and off <= half_unit(number.decimals) * SLACK + dust:
            return Verdict(Mark.ROUNDING, f"Right, with fewer decimals than the {asked} that are asked for.")
        cut = np.trunc(true * 10.0**asked) / 10.0**asked
        if number.decimals == asked and abs(number.value - cut) <= dust:
            return Verdict(Mark.ROUNDING, "Right, but its last digit is cut off instead of rounded.")
        return None

    @cached_property
    def _rounded_on_the_way(self) -> set[Cell]:
        if not self.off:
            return set()
        found = set()
        for tables in (self._as_shown, self._exact):
            verdicts = self._verdicts(self.method, tables)
            found |= {cell for cell in self.off if verdicts is not None and verdicts[cell] in (RIGHT, ROUNDING)}
        return {cell for cell in found if self._is_near(cell)}

    def _is_near(self, cell: Cell) -> bool:
        """Whether an answer is off by no more than numbers that are rounded on the way may move it by."""
        true = self.asked.true(cell)
        most = _ON_THE_WAY * half_unit(self.asked.decimals) * max(1.0, abs(true))
        return abs(self.numbers[cell].value - true) <= most

    @cached_property
    def _slip_of_all(self) -> str:
        """The usual slip after which all numbers that were typed are right, in words; empty where there is none."""
        if self.method is None or not self.off:
            return ""
        for tables in (self._exact, self._as_shown):
            claims = self._claims(tables)
            for slip in slips(self.method, sizes_of(claims, self.method)):
                judgement = _judged(claims, replace(self.method, slip=slip))
                verdict = judgement and judgement.stages[self.asked.stage]
                if verdict and verdict.count(RIGHT, ROUNDING) == len(self.numbers):
                    return slip.told
        return ""

    def _slip_of(self, cell: Cell) -> str:
        """A slip that shows in one number alone, in words; empty where there is none."""
        return next((told for value, told in _lone_slips(self.asked, cell) if self._is(cell, value)), "")

    def _is(self, cell: Cell, value: float) -> bool:
        return abs(self.numbers[cell].value - value) <= self._half(cell)

    def _half(self, cell: Cell) -> float:
        """How far a number that was typed may be off for how it was rounded."""
        decimals, asked, true = self.numbers[cell].decimals, self.asked.decimals, self.asked.true(cell)
        coarser = max if _is_exact(true, asked) else min
        return half_unit(coarser(decimals, asked)) * SLACK + 1e-12

    def _verdicts(self, method: Method | None, tables: Mapping[str, Floats]) -> np.ndarray | None:
        judgement = _judged(self._claims(tables), method) if method else None
        return judgement.stages[self.asked.stage].verdicts if judgement else None

    def _claims(self, tables: Mapping[str, Floats]) -> Claims:
        values = np.full(self.asked.calculation.table(self.asked.stage).shape, np.nan)
        halves = values.copy()
        for cell, number in self.numbers.items():
            values[cell] = number.value
            halves[cell] = self._half(cell)
        claimed = {self.asked.stage.value: Claim(values, halves, halves)}
        given = {stage: _exactly(table) for stage, table in tables.items()}
        return Claims(given | claimed, self.asked.calculation.labels)

    @cached_property
    def _exact(self) -> dict[str, Floats]:
        """The tables that are shown, by the names that `checking` has for them."""
        return {_called(stage): _table(self.asked.calculation, stage) for stage in self.asked.given}

    @cached_property
    def _as_shown(self) -> dict[str, Floats]:
        """The same as they are written."""
        return {name: np.round(table, self.asked.experiment.decimals) for name, table in self._exact.items()}


def _is_exact(number: float, decimals: int) -> bool:
    """Whether there is nothing to round in a number."""
    return math.isfinite(number) and abs(number - round(number, decimals)) <= 1e-12 * max(1.0, abs(number))


def method_of(experiment: Experiment) -> Method | None:
    """How an experiment works its numbers out; None where `checking` does not know of that."""
    calculation = attend(experiment)
    if (
        set(experiment.masks) - {CAUSAL.id}
        or calculation.word_order.adds
        or len(experiment.heads) > 1
        or experiment.w_o
    ):
        return None
    return Method(
        calculation.variant,
        scaled=experiment.scaled,
        masks=(CAUSAL,) if CAUSAL.id in experiment.masks else (),
        key_size=calculation.table(calculation.variant.key).shape[1],
        divided_by=experiment.divisor if experiment.scaled else None,
    )


def _judged(claims: Claims, method: Method) -> Judgement | None:
    """None where the tables do not allow that method."""
    try:
        return judge(claims, method, rounded_start=False)
    except (ValueError, KeyError, IndexError):
        return None


def _exactly(table: Floats) -> Claim:
    nothing = dust_of(table)
    return Claim(np.where(np.isneginf(table), -np.inf, table), nothing, nothing)


def _called(stage: Stage) -> str:
    return "embeddings" if stage is Stage.X else stage.value


def _table(calculation: Calculation, stage: Stage) -> Floats:
    """A row for each place of the sentence, as `checking` takes embeddings too."""
    return calculation.x if stage is Stage.EMBEDDINGS else calculation.table(stage)


def _lone_slips(asked: Numbers, cell: Cell) -> Iterator[tuple[float, str]]:
    """Numbers that a slip in one place leads to, and what it is, the most usual first."""
    true = asked.true(cell)
    yield -true, "the sign is turned round"
    yield from _parts_left_out(asked, cell)
    yield from _other_stages(asked, cell)
    table = asked.calculation.table(asked.stage)
    rows, columns = table.shape
    near = [(cell[0], column) for column in range(columns)] + [(row, cell[1]) for row in range(rows)]
    for place in [*near, *np.ndindex(rows, columns)]:
        if place != cell and not np.isclose(table[place], true) and np.isfinite(table[place]):
            yield float(table[place]), f"you take another place: it is the number of {asked.name(place)}"


def _other_stages(asked: Numbers, cell: Cell) -> Iterator[tuple[float, str]]:
    about = STAGES[asked.stage]
    if not about.is_square:
        if about.rows is Along.WORDS and asked.stage is Stage.CONTEXT:
            yield from _without_attention(asked, cell)
        return
    for stage in _MISTAKEN_FOR[asked.stage]:
        yield float(asked.calculation.table(stage)[cell]), f"you stop at another step: it is the {_what(stage)}"
    if asked.stage is Stage.WEIGHTS:
        power = float(np.exp(min(asked.calculation.attention.scaled_scores[cell], _LARGEST_POWER)))
        yield power, f"you stop at another step: it is the {_what(Stage.EXPONENTIALS)}"


_LARGEST_POWER = 50.0  # of e that anybody types
_MISTAKEN_FOR = {
    Stage.SCORES: (Stage.SCALED_SCORES,),
    Stage.SCALED_SCORES: (Stage.SCORES,),
    Stage.WEIGHTS: (Stage.SCALED_SCORES, Stage.SCORES),
}


def _what(stage: Stage) -> str:
    return f"{STAGES[stage].singular} of the same two words"


def _without_attention(asked: Numbers, cell: Cell) -> Iterator[tuple[float, str]]:
    mixed = asked.calculation.table(asked.calculation.variant.value)
    if cell[1] < mixed.shape[1]:
        yield float(mixed[cell]), "you take the word’s own vector, before it is mixed"
        yield float(mixed[:, cell[1]].mean()), "all words are mixed evenly, without their weights"


def _parts_left_out(asked: Numbers, cell: Cell) -> Iterator[tuple[float, str]]:
    if np.isneginf(asked.true(cell)):
        return
    sum_ = derive(asked.calculation, asked.stage, *cell)
    if sum_.operator is not Operator.SUM:
        return
    values = [[factor.value for factor in term] for term in sum_.terms]
    products = [float(np.prod(factors)) for factors in values]
    for factors, product in zip(values, products, strict=True):
        if product and len(products) > 1:
            written = " · ".join(_written(each) for each in factors)
            yield sum(products) - product, f"the part {written} is left out"
            yield sum(products) - 2 * product, f"the part {written} has the wrong sign"
    if len(products) > 1:
        yield sum(sum(factors) for factors in values), "numbers are added where they are multiplied"


def _written(number: float) -> str:
    return shown(number, 0 if number == round(number) else 2)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """What is said of all of them together: the worst, and the first of that."""
    order = [Mark.UNREADABLE, Mark.WRONG, Mark.EMPTY, Mark.ROUNDING, Mark.RIGHT]
    if all(each.mark is Mark.EMPTY for each in verdicts):
        return Verdict(Mark.EMPTY)
    return min(verdicts, key=lambda each: (order.index(each.mark), not each.slip))
