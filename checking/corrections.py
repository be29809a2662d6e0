"""A lone misprint, told apart from a slip: one number, or two that changed places, and all others are right.

A number in a table that nothing leads to is found by what was computed from it: of each number there is asked what it
would have to be, and whether everything behind it is then as printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checking.chase import Cell, Chase
from checking.claims import Claim, Claims
from checking.judge import CARRIED, GIVEN, WRONG, Judgement, StageVerdict, judge
from checking.model import Method
from checking.slips import Slip
from checking.weighing import Scales

_MISPRINT = 4.0  # bits of a misprint, beside where it stands and what ought to be there
_DIGIT = 5.3  # of a digit that is another, or one too many or too few: which one, and what it ought to be
_LIKELY = 2 * _DIGIT + 1  # that a misprint takes at most
_ROUGH = 0.02  # of a difference, that a number which is solved for may be off
_EXCHANGED = 3.0  # of the neighbour with which a number changed places
_ENOUGH = 5  # numbers that are right, for a single one to be called a misprint
_MOST_CELLS = 160  # numbers at the beginning that are asked
_MOST_SOLVED = 4  # of those that come nearest
_LEFT = 0.3  # the part of the squared distances that a corrected number may leave
_ROUNDS = 4  # of Newton's method
_STEP = 1e-5
_FAR = 1e6  # times itself that a misprinted number is off at most
_NEAR = 3.0  # half units that a corrected number's consequences may be off, before it is rounded as printed
_MOST_WRONG = 12  # numbers among which two may have changed places


@dataclass(frozen=True, eq=False)
class Correction:
    """Claims with one misprint corrected: `instead` is what the cells ought to be."""

    claims: Claims
    slip: Slip
    instead: Mapping[Cell, float]
    bits: float


def corrections(judgement: Judgement, scales: Scales, method: Method) -> Iterator[Correction]:
    """The misprints after which nothing may be wrong."""
    wrong = _wrong(judgement)
    if len(wrong) <= _MOST_WRONG:
        yield from _exchanged(judgement, wrong)
    yield from (each for each in _at_the_beginning(judgement, scales, method) if _is_likely(each, judgement.claims))


def lone_misprint(judgement: Judgement) -> Correction | None:
    """The one number that is wrong, or two that changed places, where nothing was computed from them; else None."""
    wrong = _wrong(judgement)
    if any(verdict.count(CARRIED) for verdict in judgement.stages.values()):
        return None
    if len(wrong) == 2 and judgement.checked > _ENOUGH:
        return next(_exchanged(judgement, wrong), None)
    if len(wrong) != 1:
        return None
    (cell,) = wrong
    true = _true(judgement, cell)
    claim = judgement.claims.tables[cell.stage]
    if abs(true - claim.values[cell.row, cell.column]) <= _NEAR * claim.halves[cell.row, cell.column]:
        return None  # that is how much a number is off that was rounded
    found = _misprint(judgement.claims, {cell: true})
    return found if judgement.checked > _ENOUGH and _is_likely(found, judgement.claims) else None


def _is_likely(correction: Correction, claims: Claims) -> bool:
    """Whether so few digits differ that a slip of the pen explains it."""
    return all(_misread(claims, cell, number) <= _LIKELY for cell, number in correction.instead.items()) or (
        len(correction.instead) > 1
    )


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
    return Correction(_with(claims, instead), Slip(f"{kind}:{where}", told), instead, _bits(claims, instead))


def _bits(claims: Claims, instead: Mapping[Cell, float]) -> float:
    """The bits of a misprint: where it is among all numbers, and what ought to be there."""
    count = sum(claim.count for claim in claims.tables.values())
    where = _MISPRINT + float(np.log2(max(count, 2)))
    if len(instead) > 1:
        return where + _EXCHANGED
    ((cell, number),) = instead.items()
    return where + _misread(claims, cell, number)


def _misread(claims: Claims, cell: Cell, meant: float) -> float:
    """The bits of a number that became another: a digit here and there, a sign, a point, or the whole difference."""
    claim = claims.tables[cell.stage]
    unit = 2 * float(claim.printed_halves[cell.row, cell.column])
    if not np.isfinite(meant):
        return np.inf  # no slip of the pen leads to −∞
    if not unit > 0:
        return 2 * _DIGIT
    units, wanted = round(float(claim.values[cell.row, cell.column]) / unit), round(meant / unit)
    apart = abs(wanted - units)
    place = 10 ** (len(str(apart)) - 1)
    rounded = abs(apart - round(apart / place) * place)  # the number that is solved for has a doubt of its own
    one_digit = _DIGIT + 1 if rounded <= max(_ROUGH * apart, 2) else np.inf
    whole = 1 + float(np.log2(1.0 + apart))
    return float(min(whole, one_digit, _DIGIT * _edits(str(units), str(wanted))))


def _edits(one: str, other: str) -> int:
    """How many characters have to be changed, put in or taken out (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for place, here in enumerate(one, 1):
        above, row[0] = row[0], place
        for column, there in enumerate(other, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (here != there))
    return row[-1]


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
    chase = Chase(claims, method, rounded_start=True)
    if chase.stages:
        solved = {cell: found for cell in cells if (found := _solved(chase, claims, cell)) is not None}
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


def _solved(chase: Chase, claims: Claims, cell: Cell) -> tuple[float, float] | None:
    """What a number would have to be, as its table is printed, and how much is left; None where that is no help."""
    claim = claims.tables[cell.stage]
    printed = float(claim.values[cell.row, cell.column])
    if not np.isfinite(printed):
        return None
    number, step = printed, _STEP * max(abs(printed), 1.0)
    before = chase.left({})
    for round_ in range(_ROUNDS):
        off = chase.off({cell: number} if round_ else {})
        if round_ and float(off @ off) > before / 2:
            return None
        slope = (chase.off({cell: number + step}) - off) / step
        size = float(slope @ slope)
        if not size or not np.isfinite(size):
            return None
        number -= float(slope @ off) / size
        if not np.isfinite(number) or abs(number) > _FAR * max(abs(printed), 1.0):
            return None
    unit = float(claim.units[cell.row, cell.column])
    number = round(number, round(-np.log10(unit))) if unit > 0 else number
    left = chase.left({cell: number})
    return (number, left) if number != printed and left <= _LEFT * before else None


__all__ = ["Cell", "Correction", "corrected", "corrections"]
