"""Every way in which printed numbers may have been made, the simplest first, before any slip is thought of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.masks import CAUSAL, MAX_FORBIDDEN, NOT_ITSELF, OWN
from attention_core.variants import EMBEDDINGS_ONLY, QKV, QUERIES_AND_KEYS, SIMILARITY, Variant
from checking.chase import solved_by_trial
from checking.claims import Claim, Claims
from checking.divisors import root_of, simplest, solved
from checking.judge import ARITHMETIC
from checking.masking import (
    Masks,
    allowed,
    are_shown,
    by_hand,
    forbidden_in_print,
    shown,
    that_nothing_shows,
    that_tables_show,
)
from checking.model import STAGE_ORDER, Method
from checking.places import NONE, PRINTED, WAVES, Places
from checking.standing import sizes_of
from checking.stated import NOTHING_STATED, Stated
from checking.weighing import Scales

_PROJECTED = ("w_q", "w_k", "q", "k")
_DOUBLE = 2.0**-52
_DOUBLE_DIGITS, _SINGLE_DIGITS = 12, 6  # printed by who computes in 64 and in 32 bits
_SHORT = ((2.0**-8, 8), (2.0**-11, 11))  # of bfloat16 and 16-bit floats: the unit, and the bits of a number
_MOST_DIGITS, _LEAST = 17, 1e-300  # that a 64-bit float holds, and a unit that is as good as none
_MOSTLY = 0.6  # of the numbers of a printed table of positions that are those of waves
_SHOWN, _UNTOLD, _OWN = 3.0, 9.0, 6.0  # bits of masks that the tables show, that nothing shows, and of one's own
_ROUND = 1e-6  # of a number that ends with 0
_FEW = 12  # numbers; fewer may be short floats by chance


@dataclass(frozen=True)
class Said:
    """How the author says that the numbers were made; None is to be found out."""

    variant: Variant | None = None
    scaled: bool | None = None
    causal: bool | None = None
    key_size: int | None = None
    stated: Stated = NOTHING_STATED  # by the words of the text: a hint, and no more


def bases(claims: Claims, said: Said, scales: Scales) -> list[Method]:
    """The methods that the tables allow, the simplest first; what is said is kept."""
    found: list[Method] = []
    unit = _DOUBLE if _digits(claims) >= _DOUBLE_DIGITS else 0.0
    for way in [said.variant] if said.variant else ways(claims):
        for masks in _masks(claims, said, way):
            base = masked(Method(way, True, key_size=said.key_size, unit=unit), masks, claims)
            for places in _places(claims, said.stated):
                for method in _scalings(replace(base, places=places), claims, said, scales):
                    if method not in found:
                        found.append(method)
    return sorted(found, key=lambda method: prior(method, claims, said))


def masked(method: Method, masks: Masks, claims: Claims, *, is_open: bool = False) -> Method:
    """The method under some masks, which the tables of scores show or not."""
    return replace(
        method,
        masks=masks,
        masked_later=bool(masks) and _shows_unmasked(claims, masks),
        masked_first=_shows_masked(claims, "scores"),
        is_open=method.is_open or is_open,
    )


def prior(method: Method, claims: Claims, said: Said) -> float:
    """The bits of a departure from the usual way."""
    bits = 0.0
    if method.divided_by is not None:
        bits += (3.0 if root_of(method.divided_by, 1e-9) else 9.0) if method.is_open else 1.0
    elif not method.scaled:
        bits += 1.0
    bits += _prior_of_masks(method, claims, said)
    bits += {QUERIES_AND_KEYS: 2.0, EMBEDDINGS_ONLY: 2.0}.get(method.variant, 0.0)
    if method.places.waves:
        bits += 1.0 if said.stated.positions or "positions" in claims.tables else 6.0
    if method.truncated:
        bits += 6.0
    return bits + (4.0 if method.unit > _DOUBLE else 0.0)


def _prior_of_masks(method: Method, claims: Claims, said: Said) -> float:
    others = [mask for mask in method.masks if mask is not CAUSAL]
    if method.masks == said.stated.masks:
        return 0.5 if method.masks else 0.0
    bits = (1.0 if _may_be_masked(claims) else 4.0) if method.causal else 0.0
    if OWN.id in (mask.id for mask in others):
        return bits + _of_own_mask(method, claims)
    if not others:
        return bits
    return (
        _SHOWN if are_shown(method.masks, shown(claims), itself=method.variant.scores_itself) else _UNTOLD
    ) + 2.0 * (len(method.masks) - 1)


def _of_own_mask(method: Method, claims: Claims) -> float:
    """The bits of which looks are forbidden: none that are printed as −∞ have to be told."""
    n = len(claims.words)
    forbidden = int((~allowed(method.masks, n)).sum()) - len(forbidden_in_print(claims))
    part = forbidden / n**2
    return _OWN + (n**2 * float(-part * np.log2(part) - (1 - part) * np.log2(1 - part)) if 0 < part < 1 else 0.0)


def habits(method: Method, claims: Claims) -> Iterator[Method]:
    """The same with coarser arithmetic where the numbers look like it, or with digits cut off."""
    if method.unit <= _DOUBLE:
        if _digits(claims) >= _SINGLE_DIGITS:
            yield replace(method, unit=ARITHMETIC[0][0])
        for unit, bits in _SHORT:
            if _are_short(claims, bits):
                yield replace(method, unit=unit)
        yield replace(method, truncated=True)


def ways(claims: Claims) -> Sequence[Variant]:
    """The ways that the tables allow, the most usual first."""
    if any(stage in claims.tables for stage in ("v", "w_v")):
        return [QKV]
    if any(stage in claims.tables for stage in _PROJECTED) or not {"embeddings", "x"} & claims.tables.keys():
        return [QKV, QUERIES_AND_KEYS]
    return [SIMILARITY, EMBEDDINGS_ONLY, QKV]


def _scalings(base: Method, claims: Claims, said: Said, scales: Scales) -> Iterator[Method]:
    """Scaled as usual, not scaled, divided by what the words say, or by what the numbers tell if d_k is not known."""
    if said.scaled is not False and not said.key_size:
        yield from (replace(base, key_size=size) for size in said.stated.key_sizes)
        yield from (replace(base, divided_by=divisor) for divisor in said.stated.divisors)
    known = sizes_of(claims, base)["d_k"] > 1  # of a single number nothing is divided, so 1 stands for a size not told
    if said.scaled is not False and (known or said.scaled or sizes_of(claims, base)["d_k"]):
        yield base
    if said.scaled is not True:
        yield replace(base, scaled=False)
    if known or said.scaled is False or said.key_size:
        return
    found = solved(claims, scales.chain(replace(base, scaled=False)).get("scores"))
    found = found or solved_by_trial(claims, base)
    d_model = claims.size("embeddings") or claims.size("x")
    if found is None or abs(found[0] - 1) <= found[1]:
        if found is None and d_model > 1:
            yield replace(base, divided_by=float(np.sqrt(d_model)), is_open=True)
        return
    if d_model > 1 and abs(np.sqrt(d_model) - found[0]) <= found[1]:
        divisor = float(np.sqrt(d_model))
    elif square := root_of(*found):
        divisor = float(np.sqrt(square))
    else:
        divisor = simplest(*found)
    yield replace(base, divided_by=divisor, is_open=True)


def _masks(claims: Claims, said: Said, way: Variant) -> list[Masks]:
    """What is said, or what the tables allow; a causal mask unless the numbers above the diagonal speak against it."""
    found: list[Masks] = [(), (CAUSAL,)] if said.causal else [()]
    if len(claims.words) > 1:
        if _may_be_masked(claims) is not False:
            found.append((CAUSAL,))
        found += that_tables_show(claims, itself=way.scores_itself)
        found.append(tuple(mask for mask in said.stated.masks if way.scores_itself or mask is not NOT_ITSELF))
    return [masks for masks in dict.fromkeys(found) if said.causal in (None, CAUSAL in masks)]


def hidden_masks(method: Method, claims: Claims, said: Said) -> Iterator[Method]:
    """The same under masks that no table shows, as only what came of them is printed."""
    if not method.masks:
        for masks in that_nothing_shows(claims, itself=method.variant.scores_itself):
            if said.causal in (None, CAUSAL in masks):
                yield masked(method, masks, claims, is_open=True)


def own_masks(method: Method, claims: Claims, scales: Scales) -> Iterator[Method]:
    """The same where looks are forbidden one by one: those printed as −∞, or weights of 0 that ought to be more."""
    n = len(claims.words)
    printed = forbidden_in_print(claims)
    seen = shown(claims)
    if seen is None:
        return
    zeros = seen == 0
    weights = scales.chain(method).get("weights")
    if weights is not None and not printed and weights.numbers.shape == zeros.shape and "weights" in claims.tables:
        zeros &= weights.numbers > claims.tables["weights"].halves
    cells = frozenset((int(row), int(column)) for row, column in np.argwhere(zeros)) | printed
    cells -= {cell for cell in cells if not allowed(method.masks, n, itself=method.variant.scores_itself)[cell]}
    is_causal = all((row, column) in cells for row in range(n) for column in range(row + 1, n))
    if is_causal and n > 1:
        return  # that one is said not to be there, or was thought of
    if cells and len(cells) <= MAX_FORBIDDEN:
        yield masked(method, (*method.masks, by_hand(cells, n)), claims, is_open=not cells <= printed)


def _places(claims: Claims, stated: Stated) -> Sequence[Places]:
    """What may be added to the embeddings: a printed table, or the waves that it holds, or those of the words."""
    if not {"embeddings", "x"} & claims.tables.keys():
        return [NONE]
    if "positions" not in claims.tables:
        return [NONE, WAVES[0]] if stated.positions and "embeddings" in claims.tables else [NONE]
    claim = claims.tables["positions"]
    n, d_model = claim.values.shape
    waves = [
        each for each in WAVES if each.waves and _mostly(np.abs(claim.values - each.waves(n, d_model)) <= claim.halves)
    ]
    return [*waves[:1], PRINTED, NONE]


def _mostly(fits: npt.NDArray[np.bool_]) -> bool:
    return bool(fits.mean() > _MOSTLY)


def hidden_places(method: Method, claims: Claims) -> Iterator[Method]:
    """The same with waves added to the embeddings that are not printed."""
    is_printed = "positions" in claims.tables or "embeddings" not in claims.tables
    if not (method.places.adds or claims.missing or is_printed):
        yield from (replace(method, places=places) for places in WAVES)


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


def _shows_unmasked(claims: Claims, masks: Masks) -> bool:
    """Whether the scaled scores are printed before the mask is applied."""
    if "scaled_scores" not in claims.tables:
        return False
    forbidden = ~allowed(masks, len(claims.words))
    return bool(np.isfinite(claims.tables["scaled_scores"].values[forbidden]).any())


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
        tens = values / claim.units[seen] / 10
        count += int((telling & (np.abs(tens - np.round(tens)) > _ROUND)).sum())  # whole numbers are short in any case
    return count >= _FEW
