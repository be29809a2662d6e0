"""Every explanation that has no slip: each meaning of the tables with each method, and the bits that it takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checking.claims import Claims
from checking.corrections import Correction
from checking.hypotheses import Said, bases, habits, hidden_places, prior
from checking.judge import Judgement, judge
from checking.meanings import Meaning, meanings
from checking.model import Method
from checking.slips import Slip
from checking.weighing import Scales, Weight

CLOSE = 5.0  # bits within which two explanations are equally good
EVIDENCE = 12.0  # bits that a slip must save where rounding explains the numbers too
JUDGED = 6  # explanations that are judged in full
_LIKELY = 8  # ways, masks and scalings of which it is asked whether intermediates may have been rounded
_HIDDEN = 9.0  # bits of an intermediate that was rounded and not printed


@dataclass(frozen=True, eq=False)
class Candidate:
    """A method for one meaning of the tables, and what it costs."""

    meaning: Meaning
    scales: Scales
    method: Method
    weight: Weight
    bits: float
    correction: Correction | None = None
    hidden: bool = False  # right only if intermediates that are not printed were rounded

    @property
    def slip(self) -> Slip | None:
        return self.method.slip


def plain_of(claims: Claims, said: Said) -> Iterator[Candidate]:
    """Every meaning of the tables with every method that has no slip; those that must cost more are passed over."""
    weighed = [(meaning, Scales(meaning.claims)) for meaning in meanings(claims)]
    least = np.inf
    for meaning, scales in sorted(weighed, key=lambda each: bound(*each)):
        if bound(meaning, scales) >= least + CLOSE:
            return
        found = [candidate_of(meaning, scales, each, said) for each in bases(meaning.claims, said, scales)]
        least = min([least, *(each.bits for each in found)])
        yield from found
        for each in sorted(found, key=lambda each: each.bits)[:3]:
            if each.weight.wrong or each.weight.bits > EVIDENCE:
                for method in habits(each.method, meaning.claims):
                    habit = candidate_of(meaning, scales, method, said)
                    if not (method.truncated and habit.weight.wrong):  # who cuts off digits does so everywhere
                        yield habit
            if each.weight.wrong:
                for method in hidden_places(each.method, meaning.claims):
                    hidden = candidate_of(meaning, scales, method, said)
                    if not hidden.weight.wrong:
                        yield hidden


def bound(meaning: Meaning, scales: Scales) -> float:
    """The bits that a meaning takes at least."""
    return meaning.bits + scales.beginning_bits


def candidate_of(
    meaning: Meaning,
    scales: Scales,
    method: Method,
    said: Said,
    slip_bits: float = 0.0,
    most: float = np.inf,
) -> Candidate:
    likely = prior(method, meaning.claims, said) + bound(meaning, scales) + slip_bits
    weight = scales.weigh(method, most - likely)
    return Candidate(meaning, scales, method, weight, weight.bits + likely)


def judged(candidate: Candidate) -> Judgement:
    return judge(candidate.scales.claims, candidate.method)


def best_in_full(plain: Sequence[Candidate], best: Candidate, judgement: Judgement) -> tuple[Candidate, Judgement]:
    """The best when intermediates that are not printed may have been rounded: one that leaves nothing wrong wins."""
    found = (best, judgement)
    likely = [each for each in different(plain) if each.weight.unexplained <= best.weight.unexplained]
    for each in [best, *likely[:_LIKELY], *(each for each in plain[:JUDGED] if each not in likely)]:
        tried = judgement if each is best else judged(each)
        if not tried.wrong and each.weight.unexplained <= best.weight.unexplained:
            hidden = _HIDDEN * sum(1 for stage in each.weight.contradicted.values() if stage.any())
            rest = each.bits - wrong_bits(each)
            return replace(each, bits=rest + hidden, hidden=True), tried
        if each is not best and tried.wrong < found[1].wrong and each.bits < found[0].bits + CLOSE:
            found = (each, tried)
    return found


def wrong_bits(candidate: Candidate) -> float:
    return candidate.scales.contradicted_bits(candidate.weight)


def different(plain: Sequence[Candidate]) -> list[Candidate]:
    """The bases that a slip is looked for in: one for each way, mask and scaling, the best first."""
    seen: dict[tuple[object, ...], Candidate] = {}
    for each in plain:
        method = each.method
        key = (method.variant, method.masks, method.places, method.scaled, method.divided_by)
        if each.meaning is plain[0].meaning:
            seen.setdefault(key, each)
    return list(seen.values())
