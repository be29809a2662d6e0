"""A lone misprint, told apart from a slip: one number, or two that changed places, and all others are right.

A number in a table that nothing leads to is found by what was computed from it: of each number there is asked what it
would have to be, and whether everything behind it is then as printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from attention_core.attention import Floats
from checking.claims import Claim, Claims
from checking.judge import CARRIED, GIVEN, WRONG, Judgement, StageVerdict, judge, sizes_of
from checking.model import STAGE_ORDER, Method, Value
from checking.slips import Slip
from checking.weighing import Scales

_MISPRINT = 8.0  # bits of a misprint, where it stands and what ought to be there included
_ENOUGH = 5  # numbers that are right, for a single one to be called a misprint
_MOST_CELLS = 160  # numbers at the beginning that are asked
_MOST_SOLVED = 4  # of those that come nearest
_LEFT = 0.05  # the part of the squared distances that a corrected number may leave
_ROUNDS = 4  # of Newton's method
_STEP = 1e-5
_FAR = 1e6  # times itself that a misprinted number is off at most
_NEAR = 3.0  # half units that a corrected number's consequences may be off, before it is rounded as printed
_MOST_WRONG = 12  # numbers among which two may have changed places


class Cell(NamedTuple):
    """One number of a table."""

    stage: str
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Correction:
    """Claims with one misprint corrected: `instead` is what the cells ought to be."""

    claims: Claims
    slip: Slip
    instead: Mapping[Cell, float]
    bits: float = _MISPRINT


def corrections(judgement: Judgement, scales: Scales, method: Method) -> Iterator[Correction]:
    """The misprints after which nothing is wrong."""
    wrong = _wrong(judgement)
    if len(wrong) <= _MOST_WRONG:
        yield from _exchanged(judgement, wrong)
    yield from _at_the_beginning(judgement, scales, method)


def lone_misprint(judgement: Judgement) -> Correction | None:
    """The one number that is wrong, where nothing was computed from it; None where it is not alone."""
    wrong = _wrong(judgement)
    if len(wrong) != 1 or any(verdict.count(CARRIED) for verdict in judgement.stages.values()):
        return None
    (cell,) = wrong
    others = judgement.checked - 1
    return _misprint(judgement.claims, {cell: _true(judgement, cell)}) if others >= _ENOUGH else None


def _wrong(judgement: Judgement) -> list[Cell]:
    return [
        Cell(stage, int(row), int(column))
        for stage, verdict in judgement.stages.items()
        for row, column in np.argwhere(verdict.verdicts == WRONG)
    ]


def _true(judgement: Judgement, cell: Cell) -> float:
    return float(judgement.stages[cell.stage].true[cell.row, cell.column])


def corrected(correction: Correction, method: Method, printed: Claims) -> Judgement:
    """What is found once the misprint is corrected: it alone is wrong."""
    judgement = judge(correction.claims, method)
    stages: dict[str, StageVerdict] = dict(judgement.stages)
    for (stage, row, column), true in correction.instead.items():
        verdict = stages[stage]
        verdicts, numbers = verdict.verdicts.copy(), verdict.true.copy()
        verdicts[row, column], numbers[row, column] = WRONG, true
        stages[stage] = replace(verdict, claim=printed.tables[stage], verdicts=verdicts, true=numbers)
    return replace(judgement, claims=printed, stages=stages)


def _misprint(claims: Claims, instead: Mapping[Cell, float]) -> Correction:
    cells = list(instead)
    where = "+".join(f"{stage},{row},{column}" for stage, row, column in cells)
    kind, told = ("typo", "one number is misprinted") if len(cells) == 1 else ("swapped", "two numbers changed places")
    return Correction(_with(claims, instead), Slip(f"{kind}:{where}", told), instead)


def _with(claims: Claims, instead: Mapping[Cell, float]) -> Claims:
    """The claims with other numbers in some cells."""
    tables = dict(claims.tables)
    for (stage, row, column), number in instead.items():
        claim = tables[stage]
        values = claim.values.copy()
        values[row, column] = number
        tables[stage] = Claim(values, claim.halves, claim.loose)
    return replace(claims, tables=tables)


def _exchanged(judgement: Judgement, wrong: Sequence[Cell]) -> Iterator[Correction]:
    """Two wrong numbers of a table of which each is what the other ought to be."""
    for place, one in enumerate(wrong):
        for other in wrong[place + 1 :]:
            if one.stage != other.stage or (one.row != other.row and one.column != other.column):
                continue
            verdict = judgement.stages[one.stage]
            claim, true, allowed = verdict.claim, verdict.true, verdict.claim.halves * _NEAR + verdict.off
            here, there = (one.row, one.column), (other.row, other.column)
            if (
                abs(claim.values[here] - true[there]) <= allowed[there]
                and abs(claim.values[there] - true[here]) <= allowed[here]
            ):
                yield _misprint(judgement.claims, {one: claim.values[there], other: claim.values[here]})


def _at_the_beginning(judgement: Judgement, scales: Scales, method: Method) -> Iterator[Correction]:
    """Numbers that nothing leads to, each as it would have to be, or exchanged with its neighbour."""
    claims = scales.claims
    cells = [
        Cell(stage, int(row), int(column))
        for stage, verdict in judgement.stages.items()
        for row, column in np.argwhere(verdict.verdicts == GIVEN)
    ]
    if not cells or len(cells) > _MOST_CELLS:
        return
    chase = _Chase(claims, method)
    if chase.stages:
        solved = {cell: found for cell in cells if (found := chase.solved(cell)) is not None}
        for cell, (number, _) in sorted(solved.items(), key=lambda each: each[1][1])[:_MOST_SOLVED]:
            yield _misprint(claims, {cell: number})
    known, exchanged = set(cells), []
    for cell in cells:
        right = cell._replace(column=cell.column + 1)
        if right in known:
            values = claims.tables[cell.stage].values
            instead = {cell: float(values[right.row, right.column]), right: float(values[cell.row, cell.column])}
            exchanged.append((chase.left(instead), instead))
    exchanged = [(left, instead) for left, instead in exchanged if left <= _LEFT * chase.left({})]
    for _, instead in sorted(exchanged, key=lambda each: each[0])[:_MOST_SOLVED]:
        yield _misprint(claims, instead)


class _Chase:
    """Follows what changes when a number at the beginning does, to the first stages that are printed behind it."""

    def __init__(self, claims: Claims, method: Method) -> None:
        self._claims, self._method, self._sizes = claims, method, sizes_of(claims, method)
        self._start = {stage: Value.exact(claim.values) for stage, claim in claims.tables.items()}
        made = self._made({})
        self.stages = [stage for stage in made if stage in claims.tables]
        self._halves = self._joined({stage: claims.tables[stage].halves for stage in self.stages})
        self._printed = self._joined({stage: claims.tables[stage].values for stage in self.stages})

    def _made(self, changed: Mapping[Cell, float]) -> dict[str, Floats]:
        """Every stage that can be made, from the numbers at the beginning alone."""
        known: dict[str, Value] = {}
        made: dict[str, Floats] = {}
        start = dict(self._start)
        for (stage, row, column), number in changed.items():
            values = start[stage].numbers.copy()
            values[row, column] = number
            start[stage] = Value.exact(values)
        for stage in (*(each for each in start if each not in STAGE_ORDER), *STAGE_ORDER):
            computed = self._method.step(stage, known, self._sizes) if stage in STAGE_ORDER else None
            if computed is not None and stage in start and computed.numbers.shape != start[stage].numbers.shape:
                computed = None
            if computed is None:
                if stage in start:
                    known[stage] = start[stage]
                continue
            known[stage] = computed
            made[stage] = computed.numbers
        return made

    def _joined(self, tables: Mapping[str, Floats]) -> Floats:
        return np.concatenate([tables[stage].ravel() for stage in self.stages]) if self.stages else np.zeros(0)

    def _off(self, changed: Mapping[Cell, float]) -> Floats:
        """Each printed number's distance from what is made, in half units; 0 where either is not known."""
        with np.errstate(invalid="ignore", over="ignore"):
            off = (self._printed - self._joined(self._made(changed))) / self._halves
        return np.where(np.isfinite(off), off, 0.0)

    def left(self, changed: Mapping[Cell, float]) -> float:
        """The sum of the squared distances."""
        return float((self._off(changed) ** 2).sum())

    def solved(self, cell: Cell) -> tuple[float, float] | None:
        """What a number would have to be, as its table is printed, and how much is left; None where that is no help."""
        claim = self._claims.tables[cell.stage]
        printed = float(claim.values[cell.row, cell.column])
        if not np.isfinite(printed):
            return None
        number, step = printed, _STEP * max(abs(printed), 1.0)
        before = self.left({})
        for round_ in range(_ROUNDS):
            off = self._off({cell: number})
            if round_ and float(off @ off) > before / 2:
                return None
            slope = (self._off({cell: number + step}) - off) / step
            size = float(slope @ slope)
            if not size or not np.isfinite(size):
                return None
            number -= float(slope @ off) / size
            if not np.isfinite(number) or abs(number) > _FAR * max(abs(printed), 1.0):
                return None
        unit = 2 * float(claim.printed_halves[cell.row, cell.column])
        number = round(number / unit) * unit if unit > 0 else number
        left = self.left({cell: number})
        return (number, left) if number != printed and left <= _LEFT * before else None


__all__ = ["Cell", "Correction", "corrected", "corrections"]
