"""How well a method explains printed numbers: the bits that it takes to tell them once the method is known.

A number that the method gives exactly takes none. One that it gives within what a rounded beginning leaves open takes
the logarithm of how much it leaves open. One that it contradicts, or says nothing about, has to be told in full. The
shortest telling wins (minimum description length; Rissanen 1978), so that no table is explained by being passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from checking.claims import Claim, Claims
from checking.model import STAGE_ORDER, Method, Value
from checking.standing import as_read, cut_off, doubt_of, filled, refined, sizes_of, stepped, turned_back

_FEWEST, _MOST = 3.0, 24.0  # bits of a number
_FROM_PRINT = 4.0  # bits of a stage that was computed from the printed numbers before it
_UNUSED = 20.0  # bits of a table that the way has no use for


@dataclass(frozen=True, eq=False)
class Weight:
    """What a method leaves to be told."""

    bits: float
    contradicted: Mapping[str, npt.NDArray[np.bool_]]  # stage -> where it gives another number
    unexplained: int  # numbers of which it says nothing
    open_bits: float  # the part that a rounded beginning leaves open

    @property
    def wrong(self) -> int:
        return sum(int(places.sum()) for places in self.contradicted.values())


@dataclass(frozen=True, eq=False)
class _Told:
    """What one printed table takes, and what it stands for in the stages behind it."""

    bits: float
    contradicted: npt.NDArray[np.bool_]
    unexplained: int
    open_bits: float
    made: Value
    as_printed: Value


class Scales:
    """Weighs many methods for the same claims; steps that they share are made once."""

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self._code = {stage: _code(stage, claim) for stage, claim in claims.tables.items()}
        self.beginning_bits = sum(
            float(code[claims.tables[stage].claimed].sum())
            for stage, code in self._code.items()
            if stage not in STAGE_ORDER
        )
        last = max((place for place, stage in enumerate(STAGE_ORDER) if stage in claims.tables), default=-1)
        self._followed = [  # what comes behind the last printed table is not asked, nor what nothing is made of
            stage for stage in STAGE_ORDER[: last + 1] if stage != "exponentials" or stage in claims.tables
        ]
        self._count = sum(claim.count for claim in claims.tables.values())
        self._made: dict[tuple[object, ...], Value | None] = {}
        self._read: dict[tuple[object, ...], tuple[Floats, Floats]] = {}
        self._printed: dict[tuple[object, ...], Value] = {}
        self._of_tables: dict[tuple[object, ...], _Told] = {}
        self._kept: list[object] = []  # so that no other gets its id
        self.weighed = 0

    def weigh(self, method: Method, most: float = np.inf) -> Weight:
        """The bits that the claims take under a method, its own likelihood not counted; more than `most` if it is."""
        self.weighed += 1
        claims = turned_back(self.claims, method)
        turned = method.slip.transposed_in_print if method.slip else None
        sizes = sizes_of(claims, method)
        chain = {stage: self._start(stage, claims, method) for stage in claims.tables if stage not in STAGE_ORDER}
        followed = dict(chain)
        contradicted: dict[str, npt.NDArray[np.bool_]] = {}
        bits, open_bits, unexplained = self._unused(method), 0.0, 0
        for stage in self._followed:
            if bits > most:
                return Weight(np.inf, contradicted, unexplained, open_bits)
            computed = self._step(stage, chain, method, sizes)
            claim = claims.tables.get(stage)
            if claim is None:
                other = self._step(stage, followed, method, sizes)
                if computed is not None:
                    chain[stage] = computed
                if other is not None:
                    followed[stage] = other
                continue
            printed = self._start(stage, claims, method)
            if computed is None or computed.numbers.shape != claim.values.shape:
                bits += float(self._code_of(stage, turned)[claim.claimed].sum())
                unexplained += claim.count
                chain[stage] = followed[stage] = printed
                continue
            told = self._told(stage, claim, computed, printed, method)
            if told.bits > _FROM_PRINT:
                other = self._step(stage, followed, method, sizes)
                if other is not None and other is not computed and other.numbers.shape == claim.values.shape:
                    told = self._told(stage, claim, computed, printed, method, other)
            bits += told.bits
            unexplained += told.unexplained
            contradicted[stage] = told.contradicted
            open_bits += told.open_bits
            chain[stage], followed[stage] = told.made, told.as_printed
        wrong = sum(int(places.sum()) for places in contradicted.values())
        return Weight(bits + _which(wrong, self._count), contradicted, unexplained, open_bits)

    def _told(
        self,
        stage: str,
        claim: Claim,
        computed: Value,
        printed: Value,
        method: Method,
        other: Value | None = None,
    ) -> "_Told":
        """What a printed table takes once something was computed for it, or from the printed tables before it."""
        key = (stage, id(claim), id(computed), id(other), method.unit, method.truncated)
        if key not in self._of_tables:
            turned = stage if claim is not self.claims.tables[stage] else None
            read, code = self._as_read(stage, claim, method), self._code_of(stage, turned)
            costs, more = _costs(read, claim.halves, computed, code), 0.0
            claimed = claim.claimed
            if other is not None:
                likewise = np.minimum(costs, _costs(read, claim.halves, other, code) + 0.5)
                if likewise[claimed].sum() + _FROM_PRINT < costs[claimed].sum():
                    costs, more = likewise, _FROM_PRINT
            unknown = np.isnan(computed.numbers)
            self._of_tables[key] = _Told(
                more + float(costs[claimed].sum()),
                claimed & ~unknown & (costs >= code),
                int((claimed & unknown).sum()),
                float(costs[claimed & (costs < code)].sum()),
                filled(refined(computed, *read), printed),
                filled(printed, computed),
            )
            self._kept += [claim, computed, other]
        return self._of_tables[key]

    def _code_of(self, stage: str, turned: str | None) -> Floats:
        code = self._code[stage]
        return code.T if turned == stage and code.shape[0] == code.shape[1] else code

    def contradicted_bits(self, weight: Weight) -> float:
        """The bits that are due to contradicted numbers: what they are, and which ones."""
        told = sum(float(self._code[stage][places].sum()) for stage, places in weight.contradicted.items())
        return told + _which(weight.wrong, self._count)

    def chain(self, method: Method) -> Mapping[str, Value]:
        """Every stage that the beginning gives, or that is printed where it does not."""
        sizes = sizes_of(self.claims, method)
        chain = {stage: self._start(stage, self.claims, method) for stage in self.claims.tables}
        for stage in STAGE_ORDER:
            computed = self._step(stage, chain, method, sizes)
            if computed is not None:
                chain[stage] = filled(computed, chain[stage]) if _alike(chain.get(stage), computed) else computed
        return chain

    def _unused(self, method: Method) -> float:
        return _UNUSED * len(unused(self.claims, method))

    def _start(self, stage: str, claims: Claims, method: Method) -> Value:
        claim = claims.tables[stage]
        key = (stage, id(claim) if claims is not self.claims else 0, method.unit, method.truncated)
        if claims is not self.claims and claim is not self.claims.tables[stage]:
            return _printed(claim, method, stage)
        if key not in self._printed:
            self._printed[key] = _printed(self.claims.tables[stage], method, stage)
        return self._printed[key]

    def _as_read(self, stage: str, claim: Claim, method: Method) -> tuple[Floats, Floats]:
        if claim is not self.claims.tables[stage]:
            return as_read(claim, method, stage)
        key = (stage, method.unit, method.truncated)
        if key not in self._read:
            self._read[key] = as_read(claim, method, stage)
        return self._read[key]

    def _step(self, stage: str, given: Mapping[str, Value], method: Method, sizes: Mapping[str, int]) -> Value | None:
        parents = method.parents(stage)
        if not all(name in given for name in parents):
            return None
        key = (*method.recipe(stage, sizes), method.unit, *(id(given[name]) for name in parents))
        if key not in self._made:
            self._made[key] = stepped(method, stage, given, sizes, self.claims)
            self._kept += [given[name] for name in parents]
        return self._made[key]


def unused(claims: Claims, method: Method) -> list[str]:
    """Tables that a way to attend has no use for."""
    used: set[str] = set(method.variant.parts)
    used |= {f"w_{part}" for part in used}
    if method.slip and method.slip.value:
        used |= {"v", "w_v"}  # they are printed to be used, and were not
    if method.places.adds:
        used.add("positions")
    given = ("w_q", "w_k", "w_v", "positions", "q", "k", "v")
    return [stage for stage in given if stage in claims.tables and stage not in used]


def _alike(one: Value | None, other: Value) -> bool:
    return one is not None and one.numbers.shape == other.numbers.shape


def _printed(claim: Claim, method: Method, stage: str) -> Value:
    if stage in STAGE_ORDER and method.truncated:
        return cut_off(claim, method, stage)
    if stage in STAGE_ORDER:
        center, half = as_read(claim, method, stage)
        return Value(center, np.nan_to_num(half))
    return Value(claim.values, doubt_of(claim) + method.unit * np.abs(np.nan_to_num(claim.values)))


def _code(stage: str, claim: Claim) -> Floats:
    """The bits of each number when nothing is known of it: how many printed numbers its table's range has."""
    if stage == "weights":
        return _code_of_weights(claim)
    shown = claim.values[np.isfinite(claim.values)]
    spread = float(np.ptp(shown)) + float(np.abs(shown).max()) * 0.5 if shown.size else 1.0
    return _logarithms(claim, spread)


def _code_of_weights(claim: Claim) -> Floats:
    """The same for shares of 1; of a row in which one word gets all, it is enough to say which word."""
    values = claim.values
    alone = ((values == 0) | (values == 1) | np.isnan(values)).all(axis=1) & ((values == 1).sum(axis=1) == 1)
    columns = max(values.shape[1], 1)
    with np.errstate(invalid="ignore"):
        sums_to_one = np.abs(values.sum(axis=1) - 1) <= claim.halves.sum(axis=1)
    told = np.where(sums_to_one, 1 - 1 / columns, 1.0)[:, None]  # the last number of such a row follows from the others
    return np.where(alone[:, None], (np.log2(columns) + 1) / columns, _logarithms(claim, 1.0) * told)


def _which(some: int, count: int) -> float:
    """The bits of which ones of `count` numbers it is, by the entropy of how many."""
    part = some / count if count else 0.0
    if not 0 < part < 1:
        return 0.0
    return count * float(-part * np.log2(part) - (1 - part) * np.log2(1 - part))


def _logarithms(claim: Claim, spread: float) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        bits = np.log2(np.maximum(spread, 2 * claim.halves) / (2 * claim.halves)) + 1
    bits = np.clip(np.nan_to_num(bits, posinf=_MOST), _FEWEST, _MOST)
    return np.where(np.isneginf(claim.values), _FEWEST, bits)


def _costs(read: tuple[Floats, Floats], printed: Floats, value: Value, code: Floats) -> Floats:
    center, half = read
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        apart = np.abs(center - value.numbers)
        exact = (apart <= printed) | (np.isneginf(center) & np.isneginf(value.numbers))
        within = apart <= half + value.off
        open_bits = np.minimum(np.log2((half + value.off) / printed), code - 0.01)
    return np.where(exact, 0.0, np.where(within, open_bits, code))
