"""Every way in which printed numbers may have been made, the simplest first, before any slip is thought of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from attention_core.attention import Floats
from attention_core.variants import EMBEDDINGS_ONLY, QKV, QUERIES_AND_KEYS, SIMILARITY, Variant
from checking.chase import solved_by_trial
from checking.claims import Claim, Claims
from checking.divisors import root_of, simplest, solved
from checking.judge import ARITHMETIC, sizes_of
from checking.model import STAGE_ORDER, Method
from checking.weighing import Scales

_PROJECTED = ("w_q", "w_k", "q", "k")
_DOUBLE = 2.0**-52
_DOUBLE_DIGITS, _SINGLE_DIGITS = 12, 6  # printed by who computes in 64 and in 32 bits
_SHORT = ((2.0**-8, 8), (2.0**-11, 11))  # of bfloat16 and 16-bit floats: the unit, and the bits of a number
_MOST_DIGITS, _LEAST = 17, 1e-300  # that a 64-bit float holds, and a unit that is as good as none
_FEW = 12  # numbers; fewer may be short floats by chance


@dataclass(frozen=True)
class Said:
    """How the author says that the numbers were made; None is to be found out."""

    variant: Variant | None = None
    scaled: bool | None = None
    causal: bool | None = None
    key_size: int | None = None


def bases(claims: Claims, said: Said, scales: Scales) -> list[Method]:
    """The methods that the tables allow, the simplest first; what is said is kept."""
    found: list[Method] = []
    unit = _DOUBLE if _digits(claims) >= _DOUBLE_DIGITS else 0.0
    for way, causal in product(
        [said.variant] if said.variant else ways(claims), [said.causal] if said.causal is not None else _masks(claims)
    ):
        base = Method(
            way,
            True,
            causal,
            said.key_size,
            unit=unit,
            masked_later=causal and _shows_unmasked(claims),
            masked_first=_shows_masked(claims, "scores"),
        )
        for method in _scalings(base, claims, said, scales):
            if method not in found:
                found.append(method)
    return sorted(found, key=lambda method: prior(method, claims))


def prior(method: Method, claims: Claims) -> float:
    """The bits of a departure from the usual way."""
    bits = 0.0
    if method.divided_by is not None:
        bits += 3.0 if root_of(method.divided_by, 1e-9) else 9.0
    elif not method.scaled:
        bits += 1.0
    if method.causal:
        bits += 1.0 if _may_be_masked(claims) else 4.0
    bits += {QUERIES_AND_KEYS: 2.0, EMBEDDINGS_ONLY: 2.0}.get(method.variant, 0.0)
    if method.truncated:
        bits += 6.0
    return bits + (4.0 if method.unit > _DOUBLE else 0.0)


def habits(method: Method, claims: Claims, *, wrong: bool) -> Iterator[Method]:
    """The same with coarser arithmetic where the numbers look like it, or with digits cut off if something is wrong."""
    if method.unit <= _DOUBLE:
        if _digits(claims) >= _SINGLE_DIGITS:
            yield replace(method, unit=ARITHMETIC[0][0])
        for unit, bits in _SHORT:
            if _are_short(claims, bits):
                yield replace(method, unit=unit)
        if wrong:
            yield replace(method, truncated=True)


def ways(claims: Claims) -> Sequence[Variant]:
    """The ways that the tables allow, the most usual first."""
    if any(stage in claims.tables for stage in ("v", "w_v")):
        return [QKV]
    if any(stage in claims.tables for stage in _PROJECTED) or "embeddings" not in claims.tables:
        return [QKV, QUERIES_AND_KEYS]
    return [SIMILARITY, EMBEDDINGS_ONLY, QKV]


def _scalings(base: Method, claims: Claims, said: Said, scales: Scales) -> Iterator[Method]:
    """Scaled as usual, not scaled, or divided by what the numbers tell where d_k is not known."""
    known = sizes_of(claims, base)["d_k"] > 1  # of a single number nothing is divided, so 1 stands for a size not told
    if said.scaled is not False and (known or said.scaled or sizes_of(claims, base)["d_k"]):
        yield base
    if said.scaled is True:
        return
    yield replace(base, scaled=False)
    if known or said.scaled is False:
        return
    found = solved(claims, scales.chain(replace(base, scaled=False)).get("scores"))
    found = found or solved_by_trial(claims, base)
    d_model = claims.size("embeddings")
    if found is None or abs(found[0] - 1) <= found[1]:
        if found is None and d_model > 1:
            yield replace(base, divided_by=float(np.sqrt(d_model)))
        return
    if d_model > 1 and abs(np.sqrt(d_model) - found[0]) <= found[1]:
        yield replace(base, divided_by=float(np.sqrt(d_model)))
    elif square := root_of(*found):
        yield replace(base, divided_by=float(np.sqrt(square)))
    else:
        yield replace(base, divided_by=simplest(*found))


def _masks(claims: Claims) -> Sequence[bool]:
    """A causal mask is thought of unless the numbers above the diagonal speak against it alone."""
    return [False, True] if _may_be_masked(claims) is not False and len(claims.words) > 1 else [False]


def _may_be_masked(claims: Claims) -> bool | None:
    """Whether what is above the diagonal is forbidden; None where it is not printed, or the tables disagree."""
    votes = set()
    above = np.triu_indices(len(claims.words), 1)
    for stage in ("weights", "scaled_scores", "scores"):
        if stage not in claims.tables:
            continue
        values = claims.tables[stage].values
        shown, mirrored = values[above], values.T[above]
        if stage == "weights" and shown[~np.isnan(shown)].size:
            votes.add(_none(shown))
            votes.add(_none(shown) or _none(mirrored))  # the table may be transposed
        elif np.isneginf(shown).any():  # without it the scores may be masked afterwards
            votes.add(bool(np.isneginf(shown[~np.isnan(shown)]).all()))
    return votes.pop() if len(votes) == 1 else None


def _none(numbers: Floats) -> bool:
    return bool((numbers[~np.isnan(numbers)] == 0).all())


def _shows_masked(claims: Claims, stage: str) -> bool:
    """Whether a table of scores is printed with the mask in it."""
    return stage in claims.tables and bool(np.isneginf(claims.tables[stage].values).any())


def _shows_unmasked(claims: Claims) -> bool:
    """Whether the scaled scores are printed before the mask is applied."""
    if "scaled_scores" not in claims.tables:
        return False
    above = claims.tables["scaled_scores"].values[np.triu_indices(len(claims.words), 1)]
    return bool(np.isfinite(above).any())


def _digits(claims: Claims) -> int:
    """The most significant digits of any number."""
    return max((_most_digits(claim) for claim in claims.tables.values()), default=0)


def _most_digits(claim: Claim) -> int:
    seen = np.isfinite(claim.values) & (claim.values != 0)
    if not seen.any():
        return 0
    size, unit = np.abs(claim.values[seen]), (2 * claim.printed_halves[seen]).clip(_LEAST)
    return int(np.floor(min(float((np.log10(size) - np.log10(unit)).max()), _MOST_DIGITS) + 1e-6)) + 1


def _are_short(claims: Claims, bits: int) -> bool:
    """Whether all numbers that were computed are floats of so few bits, as far as they are printed."""
    count = 0
    for stage in STAGE_ORDER:
        if stage not in claims.tables:
            continue
        claim = claims.tables[stage]
        seen = np.isfinite(claim.values) & (claim.values != 0) & (claim.values != 1)
        values, halves = claim.values[seen], claim.halves[seen]
        steps = np.maximum(2.0 ** (np.floor(np.log2(np.abs(values))) - bits + 1), np.finfo(np.float64).tiny)
        telling = steps > 4 * halves
        if not (np.abs(np.round(values / steps) * steps - values) <= halves)[telling].all():
            return False
        count += int(telling.sum())
    return count >= _FEW
