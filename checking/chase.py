"""What follows from the numbers at the beginning alone, held against the first tables that are printed behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from attention_core.attention import Floats
from checking.claims import Claims
from checking.model import STAGE_ORDER, Method, Value
from checking.standing import doubt_of, sizes_of, stepped

_DIVISORS = np.geomspace(0.25, 256.0, 81)  # that are tried, and then those between the two beside the best
_BETWEEN = 41
_WORSE = 1.0  # half units that the largest distance may grow while the divisor counts as the same
_FITS = 6.0  # half units that a number may be off what a divisor gives; what it is made of is rounded too


class Cell(NamedTuple):
    """One number of a table."""

    stage: str
    row: int
    column: int


class Chase:
    """Follows what changes when a number at the beginning does, to the first stages that are printed behind it."""

    def __init__(self, claims: Claims, method: Method, *, rounded_start: bool = False) -> None:
        """With `rounded_start` a number's distance counts the less, the more rounding at the beginning moves it."""
        self._claims, self._method, self._sizes = claims, method, sizes_of(claims, method)
        self._start = {stage: Value.exact(claim.values) for stage, claim in claims.tables.items()}
        made = self._made({})
        self.stages = [stage for stage in made if stage in claims.tables]
        self._halves = self._joined({stage: claims.tables[stage].halves for stage in self.stages})
        self._printed = self._joined({stage: claims.tables[stage].values for stage in self.stages})
        if rounded_start:
            self._start = {stage: Value(claim.values, doubt_of(claim)) for stage, claim in claims.tables.items()}
            doubts = {stage: value.off for stage, value in self._followed({}).items()}
            self._halves = self._halves + np.nan_to_num(self._joined(doubts))
            self._start = {stage: Value.exact(claim.values) for stage, claim in claims.tables.items()}

    def _made(self, changed: Mapping[Cell, float]) -> dict[str, Floats]:
        """Every stage that can be made, from the numbers at the beginning alone."""
        return {stage: value.numbers for stage, value in self._followed(changed).items()}

    def _followed(self, changed: Mapping[Cell, float]) -> dict[str, Value]:
        known: dict[str, Value] = {}
        made: dict[str, Value] = {}
        start = dict(self._start)
        for (stage, row, column), number in changed.items():
            values = start[stage].numbers.copy()
            values[row, column] = number
            start[stage] = Value.exact(values)
        for stage in (*(each for each in start if each not in STAGE_ORDER), *STAGE_ORDER):
            computed = stepped(self._method, stage, known, self._sizes, self._claims) if stage in STAGE_ORDER else None
            if computed is not None and stage in start and computed.numbers.shape != start[stage].numbers.shape:
                computed = None
            if computed is None:
                if stage in start:
                    known[stage] = start[stage]
                continue
            known[stage] = computed
            made[stage] = computed
        return made

    def _joined(self, tables: Mapping[str, Floats]) -> Floats:
        return np.concatenate([tables[stage].ravel() for stage in self.stages]) if self.stages else np.zeros(0)

    def off(self, changed: Mapping[Cell, float]) -> Floats:
        """Each printed number's distance from what is made, in half units; 0 where either is not known."""
        return self._off(changed) if changed else self._off_as_printed

    @cached_property
    def _off_as_printed(self) -> Floats:
        return self._off({})

    def _off(self, changed: Mapping[Cell, float]) -> Floats:
        with np.errstate(invalid="ignore", over="ignore"):
            off = (self._printed - self._joined(self._made(changed))) / self._halves
        return np.where(np.isfinite(off), off, 0.0)

    def left(self, changed: Mapping[Cell, float]) -> float:
        """The sum of the squared distances."""
        return float((self.off(changed) ** 2).sum())


def solved_by_trial(claims: Claims, method: Method) -> tuple[float, float] | None:
    """What the scores were divided by, and how far it may be off, by what follows from it; None where nothing fits."""
    behind = [stage for stage in ("weights", "context") if stage in claims.tables]
    if not behind:
        return None
    needed = set(behind).union(*(_nearest(claims, method, stage, behind) for stage in behind))
    near_claims = replace(claims, tables={stage: claims.tables[stage] for stage in claims.tables if stage in needed})

    def farthest(divisor: float) -> float:
        chase = Chase(near_claims, replace(method, divided_by=float(divisor)))
        return float(np.abs(chase.off({})).max(initial=0.0)) if behind[-1] in chase.stages else np.inf

    first = farthest(_DIVISORS[0])
    if not np.isfinite(first):
        return None
    found = np.array([first, *(farthest(each) for each in _DIVISORS[1:])])
    best = int(found.argmin())
    near = np.geomspace(_DIVISORS[max(best - 1, 0)], _DIVISORS[min(best + 1, len(_DIVISORS) - 1)], _BETWEEN)
    found = np.array([farthest(each) for each in near])
    if found.min() > _FITS or found.max() < found.min() + _WORSE:
        return None
    alike = near[found <= found.min() + _WORSE]
    return float(near[found.argmin()]), float(np.ptp(alike) / 2 + (near[1] - near[0]))


def _nearest(claims: Claims, method: Method, stage: str, behind: Sequence[str]) -> set[str]:
    """The printed tables that a stage comes from most directly, those behind the divisor passed over."""
    found: set[str] = set()
    for parent in method.parents(stage) if stage in STAGE_ORDER else ():
        known = parent in claims.tables and parent not in (*behind, "scaled_scores", "exponentials")
        found |= {parent} if known else _nearest(claims, method, parent, behind)
    return found
