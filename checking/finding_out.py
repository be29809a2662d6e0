"""What is found when nobody says how the numbers were made: the explanation that leaves least to be told.

One question decides: is there a way to make these numbers? Every way to attend that the tables allow, with every
scaling, mask and habit of printing, is weighed against them, and where none makes them all, the usual slips too, alone
and in pairs, and lone misprints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from attention_core.masks import OWN
from checking.candidates import (
    CLOSE,
    EVIDENCE,
    JUDGED,
    Candidate,
    best_in_full,
    bound,
    candidate_of,
    different,
    judged,
    plain_of,
    wrong_bits,
)
from checking.chase import solved_by_trial
from checking.claims import Claims
from checking.corrections import corrected, corrections, lone_misprint
from checking.divisors import root_of, simplest, solved
from checking.findings import Findings
from checking.hypotheses import Said, hidden_masks, own_masks, prior
from checking.impossible import impossible
from checking.judge import CHECKED, DEPENDS, GIVEN, RIGHT, ROUNDING, WRONG, Judgement, judge
from checking.masking import allowed
from checking.model import STAGE_ORDER, Method
from checking.projection import behind_a_projection
from checking.slips import SCALED_AFTER_ALL, Slip, slips, wrong_divisor
from checking.standing import sizes_of
from checking.weighing import Scales, unused

__all__ = ["Findings", "Said", "find"]

_SLIP = 7.0  # bits of a slip
_ODD = 3.3  # more, of each digit of a divisor that no size suggests
_PAIR = 20.0  # of two slips at once
_ALIKE = 0.01  # and within which they say the same
_OPEN = 0.5  # the part of the bits of wrong numbers that a slip may leave open instead
_LEFT = 0.1  # the part of what rounding leaves open that a slip may leave
_MARGIN = 7.0  # bits that a slip must save at least
_MARGIN_OF_MISPRINTS = 14.0  # the same of a misprint, as there are so many numbers that may be one
_BASES_FOR_SLIPS = 6
_BASES_OF_MANY_WORDS = 2
_FOR_PAIRS = 6  # slips that are joined with every other
_MANY_WORDS = 48  # from which on only single slips are looked for


def find(claims: Claims, said: Said | None = None) -> Findings:
    """Everything that can be found in the claims; what is said is taken as said."""
    said = said or Said()
    plain = sorted(plain_of(claims, said), key=lambda each: each.bits)
    found = _found(plain, said)
    if found.judgement.method.truncated and found.judgement.wrong and not found.slips:
        # that habit explains nothing here
        found = _found([each for each in plain if not each.method.truncated], said)
    if found.judgement.wrong and (not found.slips or found.correction) and (cut := _with_digits_cut_off(plain, said)):
        return _found([cut], said)
    if found.judgement.wrong and (not found.slips or found.correction):
        return _with_other_masks(found, plain, said)
    if found.slips and _looks_like_a_mask(found.slips[0]):
        return _masked_instead(found, plain, said)
    return found


def _with_digits_cut_off(plain: Sequence[Candidate], said: Said) -> Candidate | None:
    """The best that leaves nothing wrong when further digits are cut off in print, in every number alike."""
    for base in different(plain)[:_BASES_FOR_SLIPS]:
        method = replace(base.method, truncated=True, unit=0.0)
        cut = candidate_of(base.meaning, base.scales, method, said)
        if not cut.weight.wrong and cut.weight.unexplained <= plain[0].weight.unexplained and not judged(cut).wrong:
            return cut
    return None


def _looks_like_a_mask(slip: Slip) -> bool:
    """Whether it only moves weight from some words to others, as a mask does where each word looks at one alone."""
    return slip.left_out is not None or slip.hardest or slip.base != np.e


def _masked_instead(found: Findings, plain: Sequence[Candidate], said: Said) -> Findings:
    """A mask by a rule that explains everything just as well as the slip: then nobody is told of a slip."""
    masked = sorted(
        (
            candidate_of(base.meaning, base.scales, method, said)
            for base in different(plain)[:_BASES_FOR_SLIPS]
            for method in hidden_masks(base.method, base.scales.claims, said)
        ),
        key=lambda each: each.bits,
    )
    if not masked or masked[0].weight.wrong or plain[0].bits - masked[0].bits < found.saved - CLOSE:
        return found
    other = _found(masked, said)
    return found if other.judgement.wrong or other.slips else other


def _with_other_masks(found: Findings, plain: Sequence[Candidate], said: Said) -> Findings:
    """The same under masks that no table shows, or looks forbidden one by one: where nothing is left wrong but a slip.

    What a usual slip explains needs none of them.
    """
    masked = [
        candidate_of(base.meaning, base.scales, method, said)
        for base in different(plain)[:_BASES_FOR_SLIPS]
        for method in (
            *own_masks(base.method, base.scales.claims, base.scales),
            *hidden_masks(base.method, base.scales.claims, said),
        )
        if said.causal in (None, method.causal)
    ]
    if not masked:
        return found
    masked.sort(key=lambda each: each.bits)
    other = _found(masked, said)
    by_hand = any(mask.id == OWN.id for mask in masked[0].method.masks)
    if masked[0].bits > plain[0].bits - (EVIDENCE if by_hand else 0.0) or (other.judgement.wrong and not other.slips):
        return found
    return other


def _found(plain: Sequence[Candidate], said: Said) -> Findings:
    """What is found among the candidates, the best first."""
    best, weighed = plain[0], sum(each.scales.weighed for each in plain[:1])
    if best.weight.wrong:  # what coarser arithmetic gives is not wrong, even where that takes more to tell
        best = next((each for each in plain if _is_coarser(each, best) and not each.weight.wrong), best)
    judgement = judged(best)
    if best.weight.wrong:
        best, judgement = best_in_full(plain, best, judgement)
    explained, better = best, list[Candidate]()
    if judgement.wrong or best.weight.open_bits > EVIDENCE or best.hidden or _passes_over(best, plain, judgement):
        better = [each for each in _with_slips(plain, best, judgement, said) if _is_better(each, best, judgement)]
        explained = min([best, *better], key=lambda each: each.bits)
    mended = explained.correction and corrected(explained.correction, explained.method, explained.scales.claims)
    if mended and explained.correction and mended.wrong > len(explained.correction.instead):
        explained, mended = best, None  # something else does not fit
    if mended:
        judgement = mended
    elif explained is not best:
        without = replace(explained.method, slip=None)
        judgement = judge(explained.scales.claims, without)
        if not judgement.wrong:
            judgement = judge(explained.scales.claims, without, rounded_start=False)
    elif judgement.wrong:
        judgement = _disputed(judgement, plain, best)
    judgement = _depending(judgement)
    others = tuple(_likewise(explained, better))
    named = (explained.slip, *(each.slip for each in others if each.slip)) if explained.slip else ()
    correction = explained.correction or (None if named or _is_close(plain, best) else lone_misprint(judgement))
    if correction:
        named = (correction.slip,)
    behind = None if named else behind_a_projection(judgement)
    judgement = behind or judgement
    cannot_be = () if explained.slip else impossible(judgement)  # what a slip explains needs no other reason
    not_possible = {each.stage for each in cannot_be}
    return Findings(
        judgement,
        named,
        tuple(each for each in cannot_be if not (behind and each.stage == "context")),
        explained.meaning,
        tuple(unused(judgement.claims, replace(explained.method, slip=None))),
        not_told=("context",) if behind else tuple(each for each in _not_told(judgement) if each not in not_possible),
        not_compared=_not_compared(judgement),
        correction=correction,
        is_projected=behind is not None,
        gives_the_same=all(abs(each.bits - explained.bits) < _ALIKE for each in others),
        weighed=explained.scales.weighed + weighed,
        saved=best.bits - explained.bits,
    )


def _is_coarser(one: Candidate, other: Candidate) -> bool:
    """Whether it is the same in arithmetic of fewer digits."""
    same = one.meaning is other.meaning and one.method == replace(other.method, unit=one.method.unit)
    return same and one.method.unit > other.method.unit


def _likewise(explained: Candidate, better: Sequence[Candidate]) -> Iterator[Candidate]:
    """Another slip that fits as well."""
    if explained.slip is None or explained.slip.is_double:
        return
    for each in sorted(better, key=lambda each: each.bits):
        if not each.slip or each.slip.is_double or each.slip.id == explained.slip.id:
            continue
        if _but_for_scaling(each.method) == _but_for_scaling(explained.method) and each.bits - explained.bits < CLOSE:
            yield each
            return


def _but_for_scaling(method: Method) -> Method:
    """Powers of 2 that nothing divides are powers of e divided by 1.44: either is the slip of another scaling."""
    return replace(method, slip=None, scaled=True, divided_by=None, is_open=False)


def _is_close(plain: Sequence[Candidate], best: Candidate) -> bool:
    """Whether another way to make the numbers explains them nearly as well, so that more is in doubt than a number.

    The same way in arithmetic of fewer or more digits is no other.
    """
    return any(
        each.meaning is best.meaning and each.bits < best.bits + _SLIP
        for each in plain[:JUDGED]
        if each.weight.wrong and replace(each.method, unit=best.method.unit) != best.method
    )


def _not_compared(judgement: Judgement) -> tuple[str, ...]:
    """Stages whose table has another size than what makes it."""
    found = []
    for stage, verdict in judgement.stages.items():
        made = judgement.method.step(stage, judgement.chain, judgement.sizes) if stage in STAGE_ORDER else None
        if made is not None and made.numbers.shape != verdict.claim.values.shape:
            found.append(stage)
    return tuple(found)


def _not_told(judgement: Judgement) -> tuple[str, ...]:
    """Stages of which nothing tells what they should be although something else could be checked.

    The last one; and scores beside embeddings, which would have to be compared by tables that are not given.
    """
    if not judgement.checked:
        return ()
    stages = judgement.stages
    last = [stage for stage in STAGE_ORDER if stage in stages][-1]
    asked = {last} - {"q", "k", "v"}
    if {"embeddings", "x"} & stages.keys() and not {"q", "k"} & judgement.chain.keys():
        asked |= set([stage for stage in ("scores", "scaled_scores") if stage in stages][:1])
    return tuple(
        stage
        for stage in STAGE_ORDER
        if stage in asked
        and stages[stage].count(GIVEN)
        and not stages[stage].count(*CHECKED)
        and stage not in _not_compared(judgement)
    )


def _with_slips(plain: Sequence[Candidate], best: Candidate, judgement: Judgement, said: Said) -> Iterator[Candidate]:
    """The bases that fit best with each usual slip in them; then with two; then with a misprint corrected."""
    most = best.bits + _SLIP  # what takes more is no better
    if best.hidden or not judgement.wrong:
        most += best.weight.open_bits + EVIDENCE
    tried: list[Candidate] = []
    many = len(best.scales.claims.words) > _MANY_WORDS
    for base in different(plain)[: _BASES_OF_MANY_WORDS if many else _BASES_FOR_SLIPS]:
        sizes = sizes_of(base.scales.claims, base.method)
        usual = (slip for slip in slips(base.method, sizes) if _can_be_told(slip, base.scales.claims, said))
        tried += [_slipped(base, slip, said, _SLIP, most) for slip in usual]
        tried += [_slipped(base, slip, said, _SLIP + bits, most) for slip, bits in _solved_divisors(base)]
    tried = sorted((each for each in tried if np.isfinite(each.bits)), key=lambda each: each.bits)
    yield from tried
    least = min((each.weight.unexplained for each in tried), default=0)
    if any(each.weight.unexplained <= least and _is_better(each, best, judgement) for each in tried):
        return
    if len(best.scales.claims.words) <= _MANY_WORDS:
        for first in tried[:_FOR_PAIRS]:
            base = replace(first, method=replace(first.method, slip=None))
            sizes = sizes_of(base.scales.claims, base.method)
            for slip in slips(base.method, sizes):
                can = _can_be_told(slip, base.scales.claims, said)
                if first.slip and can and (both := first.slip.joined(slip)):
                    yield _slipped(base, both, said, _PAIR, most)
    for correction in corrections(judgement, best.scales, best.method):
        scales = Scales(correction.claims)
        weight = scales.weigh(best.method)
        bits = (
            weight.bits + prior(best.method, best.scales.claims, said) + bound(best.meaning, scales) + correction.bits
        )
        yield Candidate(best.meaning, best.scales, best.method, weight, bits, correction)


def _can_be_told(slip: Slip, claims: Claims, said: Said) -> bool:
    """Whether the slip is one, and differs from others, with these tables."""
    if slip.id == SCALED_AFTER_ALL:
        return said.scaled is False
    if slip.value and not slip.value_is_printed(claims.tables):
        return False  # what is mixed there may be the way to attend
    return slip.softmax_of != "scores" or "scaled_scores" in claims.tables


def _slipped(base: Candidate, slip: Slip, said: Said, bits: float, most: float) -> Candidate:
    which = np.log2(len(base.scales.claims.words)) if slip.is_of_a_word else 0.0
    return candidate_of(base.meaning, base.scales, replace(base.method, slip=slip), said, bits + which, most)


def _solved_divisors(base: Candidate) -> Iterator[tuple[Slip, float]]:
    """Divided by a number that no size of the tables suggests, and the bits of that number."""
    claims, method = base.scales.claims, base.method
    d_k = sizes_of(claims, method)["d_k"]
    if d_k <= 1 or not method.scaled:
        return
    if {"scaled_scores", "exponentials", "weights"} & claims.tables.keys():
        found = solved(claims, base.scales.chain(replace(method, scaled=False)).get("scores"))
    else:
        found = solved_by_trial(claims, method)
    usual = () if found is None else (float(np.sqrt(d_k)), 1.0)  # dividing by 1 is not scaling
    if found is not None and all(abs(found[0] - each) > found[1] for each in usual) and _tells_twice(base):
        if square := root_of(*found):
            yield wrong_divisor(float(np.sqrt(square)), f"√{square} instead of √{d_k}"), _ODD * len(str(square))
        divisor = simplest(*found)
        digits = len(f"{divisor:g}".replace(".", "").strip("0"))
        yield wrong_divisor(divisor, f"{divisor:g} instead of √{d_k}"), _ODD * digits


def _tells_twice(base: Candidate) -> bool:
    """Whether a divisor shows in two numbers at least; one of them can be told by any divisor."""
    claims, scores = base.scales.claims, base.scales.chain(base.method).get("scores")
    if scores is None or "scaled_scores" in claims.tables:
        values = claims.tables["scaled_scores" if scores is not None else "weights"].values
        return len(np.unique(np.abs(values[np.isfinite(values) & (values != 0)]))) > 1
    may = allowed(base.method.masks, len(claims.words), itself=base.method.variant.scores_itself)
    shown = next((claims.tables[stage].claimed for stage in ("weights", "context") if stage in claims.tables), may)
    rows = shown.any(axis=1)
    return int((may.sum(axis=1) - 1)[rows].clip(0).sum()) > 1


def _passes_over(best: Candidate, plain: Sequence[Candidate], judgement: Judgement) -> bool:
    """Whether it says nothing of numbers of which another explanation would say something, or leaves positions out."""
    if _leaves_positions_out(best):
        return True
    return bool(_not_compared(judgement)) or any(
        each.weight.unexplained < best.weight.unexplained for each in plain if each.meaning is best.meaning
    )


def _leaves_positions_out(best: Candidate) -> bool:
    """Whether a table of positions is printed that is never added."""
    return "positions" in best.scales.claims.tables and not best.method.places.adds


def _is_better(explained: Candidate, best: Candidate, judgement: Judgement) -> bool:
    """Whether a slip leaves nothing wrong, and explains numbers instead of passing over them."""
    if _leaves_positions_out(best) and explained.slip and explained.slip.without_positions:
        return not explained.weight.wrong and explained.bits < best.bits
    if explained.weight.unexplained > best.weight.unexplained:
        return False
    if best.hidden:
        apart = best.bits - best.weight.open_bits - explained.bits + explained.weight.open_bits
        return not explained.weight.wrong and apart > CLOSE
    if explained.weight.unexplained < best.weight.unexplained:
        return not explained.weight.wrong and explained.bits < best.bits - EVIDENCE
    if not judgement.wrong:  # rounding explains everything: only a slip that explains it to the last digit is one
        return explained.weight.open_bits < min(_LEFT * best.weight.open_bits, best.weight.open_bits - EVIDENCE)
    if explained.weight.open_bits - best.weight.open_bits > _OPEN * wrong_bits(best):
        return False  # it allows the numbers, as it would allow many others, and tells none of them
    margin = _MARGIN_OF_MISPRINTS if explained.correction else _MARGIN
    return not explained.weight.wrong and explained.bits < best.bits - margin


def _disputed(judgement: Judgement, plain: Sequence[Candidate], best: Candidate) -> Judgement:
    """The judgement with what another explanation, as good as this one, makes right left open.

    Where each of them leaves something wrong, something is: then nothing is left open.
    """
    others = [
        each
        for each in plain[:JUDGED]
        if each.method != best.method and each.bits <= best.bits + CLOSE and each.meaning is best.meaning
    ]
    stages = dict(judgement.stages)
    for other in map(judged, others):
        for stage, verdict in stages.items():
            if stage not in other.stages or other.stages[stage].verdicts.shape != verdict.verdicts.shape:
                continue
            open_ = (verdict.verdicts == WRONG) & np.isin(other.stages[stage].verdicts, (RIGHT, ROUNDING))
            if open_.any():
                stages[stage] = replace(verdict, verdicts=np.where(open_, DEPENDS, verdict.verdicts).astype(np.int8))
    disputed = replace(judgement, stages=stages)
    return disputed if disputed.wrong else judgement


def _depending(judgement: Judgement) -> Judgement:
    """Numbers that were divided by what no table tells, or masked so, are right only if they were."""
    if not judgement.method.is_open or judgement.method.slip:
        return judgement
    behind = STAGE_ORDER[STAGE_ORDER.index("scaled_scores") :]
    first = next((stage for stage in behind if stage in judgement.stages and stage != "exponentials"), None)
    if first is None:
        return judgement
    verdict = judgement.stages[first]
    depends = np.isin(verdict.verdicts, (RIGHT, ROUNDING))
    verdicts = np.where(depends, DEPENDS, verdict.verdicts).astype(np.int8)
    return replace(judgement, stages={**judgement.stages, first: replace(verdict, verdicts=verdicts)})
