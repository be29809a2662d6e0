"""Each claimed number held against the stages before it: right, right but for rounding, or wrong.

A number is right where the calculation, carried without rounding from the earliest tables that are given, rounds to
it. Where it does not, the usual reasons are tried that make it right but for rounding: it was computed from the
rounded numbers printed one stage earlier, from an intermediate that was rounded to some decimals, or the tables at the
beginning are themselves printed rounded. What is left is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.stages import STAGES, Stage
from checking.claims import Claim, Claims
from checking.model import STAGE_ORDER, Method, Value
from checking.standing import (
    as_read,
    coarse,
    cut_off,
    doubt_of,
    filled,
    refined,
    sizes_of,
    stepped,
    turned_back,
)

# Verdicts, as numbers in tables. The order is from good to bad.
NOTHING, GIVEN, RIGHT, ROUNDING, DEPENDS, CARRIED, WRONG = range(7)

_DOUBLE = 1e-15  # the unit roundoff of 64-bit floats, and a little
_MOST_DECIMALS = 5  # of an intermediate that somebody rounds by hand
_ROUNDED = ("weights", "scaled_scores")
_PLAINLY = 3.0  # half units that rounding at the beginning must be able to move a number by, to be seen in it
_MOSTLY = 0.9  # of the numbers that rounding at the beginning would show in
_FOR_EACH = 12  # such numbers that are right, for each wrong one; fewer may be right by chance

CHECKED = (RIGHT, ROUNDING, DEPENDS, CARRIED, WRONG)  # what could be told

Verdicts = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class StageVerdict:
    """What was found for one claimed table."""

    stage: str
    claim: Claim
    true: Floats  # what the calculation gives; NaN where it cannot be told
    off: Floats  # how far what the calculation gives may be off, as the tables at its beginning are rounded
    verdicts: Verdicts
    reason: str = ""  # what makes the rounded ones right, in words

    def count(self, *verdicts: int) -> int:
        return int(np.isin(self.verdicts, verdicts).sum())

    @property
    def first_wrong(self) -> tuple[int, int] | None:
        wrong = np.argwhere(self.verdicts == WRONG)
        return (int(wrong[0][0]), int(wrong[0][1])) if len(wrong) else None


@dataclass(frozen=True, eq=False)
class Judgement:
    """Everything that was found, in the order of the calculation."""

    claims: Claims
    method: Method
    stages: Mapping[str, StageVerdict]
    chain: Mapping[str, Value]  # every stage without rounding, claimed or not

    @property
    def sizes(self) -> Mapping[str, int]:
        """d_model, d_k, d_v and n."""
        return sizes_of(self.claims, self.method)

    @cached_property
    def wrong(self) -> int:
        """How many numbers are wrong, those that follow from wrong ones too."""
        return sum(verdict.count(WRONG, CARRIED) for verdict in self.stages.values())

    @cached_property
    def checked(self) -> int:
        """How many numbers could be told right from wrong."""
        return sum(verdict.count(*CHECKED) for verdict in self.stages.values())

    @property
    def first_wrong(self) -> tuple[str, int, int] | None:
        for stage, verdict in self.stages.items():
            if verdict.first_wrong is not None:
                return stage, *verdict.first_wrong
        return None


def judge(claims: Claims, method: Method, *, rounded_start: bool = True) -> Judgement:
    """Hold the claims against the method; tables at the beginning count as exact unless too much speaks against it.

    With `rounded_start` False nothing can speak against it.
    """
    exact = _judged(claims, method, rounded_start=False)
    if not exact.wrong or not rounded_start:
        return exact
    rounded = _judged(claims, method, rounded_start=True)
    if rounded.wrong == exact.wrong or _speaks_for_exact_start(exact, rounded):
        return exact
    return rounded


def doubts(judgement: Judgement) -> Mapping[str, Floats]:
    """How far the numbers of each stage may be off if the tables at the beginning are printed rounded."""
    rounded = _judged(judgement.claims, judgement.method, rounded_start=True)
    return {stage: value.off for stage, value in rounded.chain.items()}


def _speaks_for_exact_start(exact: Judgement, rounded: Judgement) -> bool:
    """Whether most numbers are right to the last digit that would hardly be if the beginning were rounded.

    Numbers that are wrong with either beginning tell nothing about it.
    """
    right = sensitive = wrong = 0
    for stage, verdict in exact.stages.items():
        explained = np.isin(rounded.stages[stage].verdicts, (RIGHT, ROUNDING))
        would_be_off = explained & (rounded.stages[stage].off > _PLAINLY * verdict.claim.halves)
        sensitive += int(would_be_off.sum())
        right += int((would_be_off & (verdict.verdicts == RIGHT)).sum())
        wrong += int((explained & (verdict.verdicts == WRONG)).sum())
    return right > _MOSTLY * sensitive and right > _FOR_EACH * wrong


def _judged(claims: Claims, method: Method, *, rounded_start: bool) -> Judgement:
    sizes = sizes_of(claims, method)
    claims = turned_back(claims, method)
    printed = {stage: _as_printed(stage, claim, method) for stage, claim in claims.tables.items()}
    exact = {stage: Value(claim.values, coarse(claim, method)) for stage, claim in claims.tables.items()}
    start = printed if rounded_start else exact
    chain: dict[str, Value] = {stage: value for stage, value in start.items() if stage not in STAGE_ORDER}
    shown = dict(chain)  # the same with each table as it is printed
    tainted: dict[str, npt.NDArray[np.bool_]] = {}  # where numbers rest on wrong ones, printed or not
    stages = {stage: given_verdict(stage, claim) for stage, claim in claims.tables.items() if stage not in STAGE_ORDER}
    for stage in STAGE_ORDER:
        computed = stepped(method, stage, chain, sizes, claims)
        claim = claims.tables.get(stage)
        if claim is None:
            as_shown = computed
            if chain.keys() != shown.keys() or not _same(chain, shown):
                as_shown = stepped(method, stage, shown, sizes, claims)
            tainted[stage] = _tainted(stage, method, tainted)
            if computed is not None:
                chain[stage] = computed
            if as_shown is not None:
                shown[stage] = as_shown
            continue
        if computed is not None and computed.numbers.shape != claim.values.shape:
            computed = None
        tried = _tried(method, stage, chain, shown, printed if rounded_start else None, claims, sizes)
        rests = _tainted(stage, method, tainted)
        stages[stage] = verdict_of(stage, claim, computed, tried, rests, method)
        tainted[stage] = np.isin(stages[stage].verdicts, (WRONG, CARRIED))
        if computed is None:
            chain[stage] = shown[stage] = start[stage]
        else:
            read = as_read(claim, method, stage)
            chain[stage] = filled(refined(computed, *read) if rounded_start else computed, start[stage])
            shown[stage] = filled(exact[stage], computed)
            if stages[stage].count(ROUNDING):  # another number than the true one was rounded to what is printed
                printed_here = Value(claim.values, exact[stage].off + np.nan_to_num(claim.halves))
                shown[stage] = filled(printed_here, computed)
    return Judgement(claims, method, stages, chain)


def _as_printed(stage: str, claim: Claim, method: Method) -> Value:
    """What a table at the beginning may be meant by; one that was computed may have its digits cut off."""
    if method.truncated and stage in STAGE_ORDER:
        return cut_off(claim, method, stage)
    return Value(claim.values, coarse(claim, method) + doubt_of(claim))


def _equal(one: Value, other: Value) -> bool:
    return np.array_equal(one.numbers, other.numbers, equal_nan=True)


def given_verdict(stage: str, claim: Claim) -> StageVerdict:
    verdicts = np.where(claim.claimed, GIVEN, NOTHING).astype(np.int8)
    return StageVerdict(stage, claim, claim.values, np.zeros(verdicts.shape), verdicts)


def _same(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    return all(one[stage] is other[stage] for stage in one)


def _tried(
    method: Method,
    stage: str,
    chain: Mapping[str, Value],
    shown: Mapping[str, Value],
    printed: Mapping[str, Value] | None,
    claims: Claims,
    sizes: Mapping[str, int],
) -> Iterator[tuple[str, Value, bool]]:
    """Other ways to get a stage: what they are called, what they give, and whether they rest on printed numbers."""
    parents = method.parents(stage)
    differing = [name for name in parents if name in chain and name in shown and chain[name] is not shown[name]]
    differing = [name for name in differing if not _equal(chain[name], shown[name])]
    for choice in product((True, False), repeat=len(differing)):
        names = [name for name, taken in zip(differing, choice, strict=True) if taken]
        if not names:
            continue
        made = stepped(method, stage, {**chain, **{name: shown[name] for name in names}}, sizes, claims)
        if made is not None:
            yield f"it follows from the rounded numbers printed before it ({_listed(names)})", made, True
    if stage == "weights" and "exponentials" in claims.tables:
        powers = claims.tables["exponentials"].values
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = powers / np.nansum(powers, axis=-1, keepdims=True)
        yield "it follows from the rounded exponentials", Value.exact(shares), True
    if printed is not None:
        given = {**chain, **{name: printed[name] for name in parents if name in printed and name in STAGE_ORDER}}
        made = stepped(method, stage, given, sizes, claims)
        if made is not None:
            yield "it lies within the rounding of the numbers printed before it", made, True
    if stage == "context" and "weights" not in claims.tables and "scaled_scores" in chain:
        for decimals in range(_MOST_DECIMALS, -1, -1):
            by_hand = {**chain, "scaled_scores": Value.exact(np.round(chain["scaled_scores"].numbers, decimals))}
            weights = stepped(method, "weights", by_hand, sizes, claims)
            made = stepped(method, stage, {**chain, "weights": weights}, sizes, claims) if weights is not None else None
            if made is not None:
                yield f"it follows when the scaled scores are first rounded to {_places(decimals)}", made, False
    for name, decimals in product(set(parents) & chain.keys() & set(_ROUNDED), range(_MOST_DECIMALS, -1, -1)):
        if name == "weights" and not decimals:
            continue  # weights of 0 and 1 are no longer rounded weights
        for way, rounded in _roundings(name, chain[name].numbers, decimals):
            made = stepped(method, stage, {**chain, name: Value.exact(rounded)}, sizes, claims)
            if made is not None:
                yield f"it follows when the {_called(name)} are first rounded to {_places(decimals)}{way}", made, False


def _roundings(stage: str, numbers: Floats, decimals: int) -> Iterator[tuple[str, Floats]]:
    """Ways to round a table by hand."""
    yield "", np.round(numbers, decimals)
    if stage == "weights":
        yield " so that they still sum to 1", _rounded_to_whole(numbers, decimals)


def _rounded_to_whole(shares: Floats, decimals: int) -> Floats:
    """Each row rounded so that it keeps its sum, by the largest remainders (Hamilton's method)."""
    units = np.nan_to_num(shares) * 10**decimals
    whole = np.floor(units)
    missing = np.round(units.sum(axis=1) - whole.sum(axis=1)).astype(int)
    by_remainder = np.argsort(-(units - whole), axis=1, kind="stable")
    for row, count in enumerate(missing):
        whole[row, by_remainder[row, :count]] += 1
    return np.where(np.isnan(shares), np.nan, whole / 10**decimals)


def verdict_of(
    stage: str,
    claim: Claim,
    computed: Value | None,
    tried: Iterator[tuple[str, Value, bool]],
    rests: npt.NDArray[np.bool_],
    method: Method,
) -> StageVerdict:
    nothing = np.full(claim.values.shape, np.nan)
    true = computed.numbers if computed is not None else nothing
    fits = _fits((claim.values, claim.halves), Value.exact(true))
    read = as_read(claim, method, stage)
    reasons: Counter[str] = Counter()
    if 0 < method.unit <= _DOUBLE:
        fits |= _fits(read, Value.exact(true))
    verdicts = np.where(fits, RIGHT, WRONG)
    known = ~np.isnan(true)
    if computed is not None and (computed.off.any() or method.truncated or method.unit):
        within = ~fits & _fits(read, computed)
        verdicts = np.where(within, ROUNDING, verdicts)
        if within.any() and (habit := habit_of(method)):
            reasons[habit] += int(within.sum())
    tainted = np.broadcast_to(rests, claim.values.shape)
    for told, value, rests_on_print in tried:
        if not (claim.claimed & ((verdicts == WRONG) | ~known)).any():
            break  # nothing is left to be explained
        if value.numbers.shape != claim.values.shape:
            continue
        fit = (verdicts == WRONG) & _fits(read, value)
        if not rests_on_print:  # somebody who rounds does so for a whole row
            fit &= (_fits(read, value) | ~claim.claimed).all(axis=1, keepdims=True)
        known |= ~np.isnan(value.numbers)
        if fit.any():
            verdicts = np.where(fit, np.where(tainted & rests_on_print, CARRIED, ROUNDING), verdicts)
            reasons[told] += int(fit.sum())
    with np.errstate(invalid="ignore"):
        loose = (verdicts == WRONG) & (np.abs(claim.values - true) <= claim.loose)
    if loose.any():
        verdicts = np.where(loose, ROUNDING, verdicts)
        reasons["it is right with the digits that it is printed with, fewer than its neighbours have"] += 1
    verdicts = np.where(known, verdicts, GIVEN)
    verdicts = np.where(claim.claimed, verdicts, NOTHING).astype(np.int8)
    off = computed.off if computed is not None else np.zeros(true.shape)
    return StageVerdict(stage, claim, true, off, verdicts, reasons.most_common(1)[0][0] if reasons else "")


def _fits(read: tuple[Floats, Floats], value: Value) -> npt.NDArray[np.bool_]:
    """Where the claimed number is the computed one, rounded."""
    center, half = read
    with np.errstate(invalid="ignore"):
        near = np.abs(center - value.numbers) <= half + value.off
    return near | (np.isneginf(center) & np.isneginf(value.numbers))


def habit_of(method: Method) -> str:
    """What a habit of printing or computing that a method has makes of numbers, as the end of a sentence."""
    if method.truncated:
        return "further digits were cut off instead of rounded"
    return next((f"it is what {name} give" for unit, name in ARITHMETIC if method.unit == unit), "")


ARITHMETIC = ((2.0**-24, "32-bit floats"), (2.0**-11, "16-bit floats"), (2.0**-8, "bfloat16 numbers"))


def _tainted(stage: str, method: Method, earlier: Mapping[str, npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Where a number rests on wrong ones; it has the stage's shape, or fills it when it is repeated."""
    tainted = np.zeros((1, 1), dtype=bool)
    for place, name in enumerate((*method.parents(stage), *(["exponentials"] if stage == "weights" else []))):
        bad = earlier.get(name)
        if bad is None:
            continue
        if stage == "scores" and place == 1:
            tainted = tainted | bad.any(axis=1, keepdims=True).T
        elif stage == "context" and place == 1:
            tainted = tainted | bad.any()
        else:
            tainted = tainted | bad.any(axis=1, keepdims=True)
    return tainted


def _called(stage: str) -> str:
    return STAGES[Stage(stage)].plural


def _listed(names: list[str]) -> str:
    return " and ".join(_called(name) for name in names)


def _places(decimals: int) -> str:
    return "whole numbers" if decimals == 0 else f"{decimals} decimal{'s' * (decimals > 1)}"
