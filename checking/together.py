"""What all heads make together: their contexts side by side, and W_O's mixture of them.

Letters: n words, h heads with d_v numbers each, d_out numbers an output.  Source: Vaswani et al. 2017, section 3.2.2.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import numpy.typing as npt

from checking.claims import Claim, Claims
from checking.findings import Findings
from checking.judge import CARRIED, CHECKED, WRONG, Judgement, StageVerdict, given_verdict, verdict_of
from checking.model import Value, multiplied
from checking.slips import Slip
from checking.standing import doubt_of
from checking.weighing import Scales

_MOST_ORDERS = 4  # heads whose order is looked for
_ENOUGH = 2  # numbers that were wrong, for a slip to explain them

Contexts = Sequence[Value]
Join = Callable[[Contexts], Value]


@dataclass(frozen=True)
class _Way:
    """How contexts become joined vectors, and those the output."""

    id: str
    told: str
    join: Join
    turned: bool = False  # W_O is used transposed
    without_output: bool = False


def _side_by_side(contexts: Contexts) -> Value:
    return Value(np.hstack([each.numbers for each in contexts]), np.hstack([each.off for each in contexts]))


def _added(contexts: Contexts) -> Value:
    _same_width(contexts)
    return Value(sum(each.numbers for each in contexts), sum(each.off for each in contexts))  # type: ignore[arg-type]


def _averaged(contexts: Contexts) -> Value:
    total = _added(contexts)
    return Value(total.numbers / len(contexts), total.off / len(contexts))


def _interleaved(contexts: Contexts) -> Value:
    _same_width(contexts)
    n = len(contexts[0].numbers)
    return Value(*(np.stack([getattr(each, of) for each in contexts], 2).reshape(n, -1) for of in ("numbers", "off")))


def _same_width(contexts: Contexts) -> None:
    if len({each.numbers.shape for each in contexts}) > 1:
        raise ValueError("The heads differ in size.")


def _ordered(order: Sequence[int]) -> Join:
    return lambda contexts: _side_by_side([contexts[place] for place in order])


USUAL = _Way("", "", _side_by_side)


def _slips(heads: int) -> Iterator[_Way]:
    """The most usual first."""
    if heads > 1:
        yield _Way("heads-averaged", "the heads were averaged instead of joined", _averaged)
        yield _Way("heads-added", "the heads were added up instead of joined", _added)
        yield _Way("heads-interleaved", "the numbers of the heads were interleaved instead of joined", _interleaved)
        for order in _orders(heads):
            places = ", ".join(str(place + 1) for place in order)
            yield _Way(f"heads-in-order:{places}", f"the heads were joined in the order {places}", _ordered(order))
    yield _Way("w_o-transposed", "W_O was used transposed", _side_by_side, turned=True)
    yield _Way("w_o-forgotten", "the joined vectors were not multiplied by W_O", _side_by_side, without_output=True)


def _orders(heads: int) -> Iterator[tuple[int, ...]]:
    """Every other order."""
    if heads <= _MOST_ORDERS:
        yield from (order for order in permutations(range(heads)) if order != tuple(range(heads)))


def together(claims: Claims, heads: Sequence[Findings], *, in_order: bool = True) -> Findings:
    """What is found in the joined vectors and the output. `in_order`: the order of the heads is told."""
    usual = _judged(claims, heads, USUAL)
    if not in_order:
        others = (_Way("", "", _ordered(order)) for order in _orders(len(heads)))
        usual = min([usual, *(_judged(claims, heads, way) for way in others)], key=lambda each: each.judgement.wrong)
    if not usual.judgement.wrong and not usual.not_compared:
        return usual
    for way in _slips(len(heads)):
        slipped = _judged(claims, heads, way)
        if slipped.judgement.wrong or slipped.not_compared or slipped.judgement.checked < _ENOUGH:
            continue
        if usual.judgement.wrong >= _ENOUGH or usual.not_compared:
            return replace(
                usual if usual.judgement.wrong else slipped, slips=(Slip(way.id, way.told),), not_compared=()
            )
    return usual


def _judged(claims: Claims, heads: Sequence[Findings], way: _Way) -> Findings:
    """Held against one way; W_O counts as exact unless that leaves something wrong."""
    exact = _held(claims, heads, way, rounded=False)
    if not exact.judgement.wrong:
        return exact
    rounded = _held(claims, heads, way, rounded=True)
    return rounded if rounded.judgement.wrong < exact.judgement.wrong else exact


def _held(claims: Claims, heads: Sequence[Findings], way: _Way, *, rounded: bool) -> Findings:
    method = heads[0].judgement.method
    true = [head.judgement.chain.get("context") for head in heads]
    chain: dict[str, Value] = {}
    stages: dict[str, StageVerdict] = {}
    if "w_o" in claims.tables:
        claim = claims.tables["w_o"]
        chain["w_o"] = Value(claim.values, doubt_of(claim) if rounded else np.zeros_like(claim.values))
        stages["w_o"] = given_verdict("w_o", claim)
    joined = _joined(true, way)
    tries = [(why, made) for why, contexts in _as_printed(heads) if (made := _joined(contexts, way)) is not None]
    rests = _rests_on_wrong(heads)
    not_compared = []
    for stage in ("joined", "context"):
        claim_ = claims.tables.get(stage)
        computed = joined if stage == "joined" else _output(joined, chain.get("w_o"), way)
        others = tries if stage == "joined" else [(why, _output(each, chain.get("w_o"), way)) for why, each in tries]
        if claim_ is None:
            continue
        if computed is None or computed.numbers.shape != claim_.values.shape:
            not_compared += [stage] if computed is not None or joined is not None else []
            stages[stage] = given_verdict(stage, claim_)
            continue
        tried = ((why, made, True) for why, made in others if made is not None)
        stages[stage] = verdict_of(stage, claim_, computed, tried, rests, method)
        if stage == "joined":
            rests = rests | np.isin(stages[stage].verdicts, (WRONG, CARRIED)).any(axis=1, keepdims=True)
            tries = [("it follows from the rounded joined vectors", Value.exact(claim_.values)), *tries]
            tries.append(_within("joined vectors", claim_))
    if joined is not None:
        chain["joined"] = joined
    if stages.get("context") and stages["context"].count(*CHECKED):
        chain["context"] = Value(stages["context"].true, stages["context"].off)
    not_told = [stage for stage in stages if stage != "w_o" and not stages[stage].count(*CHECKED)]
    not_told = [stage for stage in not_told if stage not in not_compared]
    judgement = Judgement(claims, method, stages, chain)
    return Findings(judgement, not_told=tuple(not_told), not_compared=tuple(not_compared))


def _joined(contexts: Sequence[Value | None], way: _Way) -> Value | None:
    """Joined as a way says; None where a head's context is not known, or the sizes do not allow it."""
    known = [each for each in contexts if each is not None]
    if len(known) < len(contexts) or len({len(each.numbers) for each in known}) > 1:
        return None
    try:
        return way.join(known)
    except ValueError:
        return None


def _output(joined: Value | None, w_o: Value | None, way: _Way) -> Value | None:
    if joined is None or w_o is None or way.without_output:
        return joined
    table = Value(w_o.numbers.T, w_o.off.T) if way.turned else w_o
    return multiplied(joined, table) if joined.numbers.shape[1] == len(table.numbers) else None


def _as_printed(heads: Sequence[Findings]) -> Iterator[tuple[str, list[Value | None]]]:
    """The contexts as they are printed, within their rounding, and as a slip in a head makes them."""
    claims = [head.judgement.claims.tables.get("context") for head in heads]
    true = [head.judgement.chain.get("context") for head in heads]
    if any(claims):
        shown = [Value.exact(claim.values) if claim else made for claim, made in zip(claims, true, strict=True)]
        yield "it follows from the rounded context vectors of the heads", list(shown)
        within = [_within("", claim)[1] if claim else made for claim, made in zip(claims, true, strict=True)]
        yield "it lies within the rounding of the context vectors of the heads", list(within)
    if any(head.slips for head in heads):
        slipped = [_with_slip(head) if head.slips else made for head, made in zip(heads, true, strict=True)]
        yield "it follows from the slip in a head", slipped


def _within(called: str, claim: Claim) -> tuple[str, Value]:
    return f"it lies within the rounding of the {called}", Value(claim.values, np.nan_to_num(claim.halves))


def _with_slip(head: Findings) -> Value | None:
    method = replace(head.judgement.method, slip=head.slips[0])
    return Scales(head.judgement.claims).chain(method).get("context")


def _rests_on_wrong(heads: Sequence[Findings]) -> npt.NDArray[np.bool_]:
    """Of each word whether anything of a head is wrong in its row.  (n, 1)"""
    wrong = []
    for head in heads:
        verdict = head.judgement.stages.get("context")
        if verdict is not None:
            wrong.append(np.isin(verdict.verdicts, (WRONG, CARRIED)).any(axis=1, keepdims=True))
        if head.judgement.wrong and (verdict is None or not verdict.count(*CHECKED)):
            wrong.append(np.ones((1, 1), dtype=bool))
    rests: npt.NDArray[np.bool_] = np.zeros((1, 1), dtype=bool)
    for each in wrong:
        rests = rests | each
    return rests
