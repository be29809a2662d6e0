"""What printed numbers stand for, and the steps that are made of them.

A number stands for whatever rounds to it, or is cut off to it; numbers at the beginning may be meant exactly.
"""

from collections.abc import Mapping

import numpy as np

from attention_core.attention import Floats
from checking.claims import Claim, Claims
from checking.model import STAGE_ORDER, Method, Value
from checking.precision import SLACK, dust_of

_FINE = 0.006  # half units from two decimals on: coarser numbers at the beginning were chosen, not rounded
_ENOUGH_ROUND = 4  # numbers that all end with 0; fewer may do so by chance
_ROUND = 1e-6


def stepped(
    method: Method, stage: str, given: Mapping[str, Value], sizes: Mapping[str, int], claims: Claims
) -> Value | None:
    """The stage made of its parents; where some words are not printed, printed weights share what they add up to."""
    made = method.step(stage, given, sizes)
    if not claims.missing or made is None or stage not in ("weights", "context"):
        return made
    if stage == "context" or stage not in claims.tables:
        return None
    claim = claims.tables[stage]
    shared, doubt = (np.nansum(each, axis=1, keepdims=True) for each in (claim.values, claim.halves))
    return Value(made.numbers * shared, made.off * shared + made.numbers * doubt)


def sizes_of(claims: Claims, method: Method) -> dict[str, int]:
    """d_model, d_k, d_v and n as far as the tables tell, and how many words are not printed."""
    size = claims.size
    compared = {"x": ("embeddings", "x"), "q": ("q", "w_q"), "k": ("k", "w_k")}
    keys = compared[method.variant.key] + (compared["q"] if method.variant.query == "q" else ())
    return {
        "n": len(claims.words),
        "d_model": size("embeddings") or size("x"),
        "d_k": method.key_size or max(map(size, keys), default=0),
        "d_v": max(size("v"), size("w_v")),
        "missing": claims.missing,
    }


def turned_back(claims: Claims, method: Method) -> Claims:
    """The claims as they were before a table was transposed in print."""
    stage = method.slip.transposed_in_print if method.slip else None
    claim = claims.tables.get(stage) if stage else None
    if stage is None or claim is None or claim.values.shape[0] != claim.values.shape[1]:
        return claims
    turned = Claim(claim.values.T, claim.halves.T, claim.loose.T)
    return Claims({**claims.tables, stage: turned}, claims.words)


def doubt_of(claim: Claim) -> Floats:
    """How far numbers at the beginning may be off if they were rounded.

    Those with few decimals are meant exactly, and so are those of a table that all end with 0: 2.00, 0.50, −1.00.
    """
    seen = np.isfinite(claim.values) & (claim.units > 0)
    tens = claim.values[seen] / claim.units[seen] / 10
    if len(tens) >= _ENOUGH_ROUND and (np.abs(tens - np.round(tens)) < _ROUND).all():
        return np.zeros_like(claim.halves)
    return np.where(claim.halves < _FINE, claim.halves, 0.0)


def filled(computed: Value, start: Value) -> Value:
    """What is computed, and what is printed where nothing can be computed."""
    known = ~np.isnan(computed.numbers)
    if known.all():
        return computed
    return Value(np.where(known, computed.numbers, start.numbers), np.where(known, computed.off, start.off))


def as_read(claim: Claim, method: Method, stage: str) -> tuple[Floats, Floats]:
    """What each printed number stands for, and how far around it: digits may be cut off, or come of coarse arithmetic.

    A number whose further digits were cut off lies half a unit further from 0, and one that shows as 0 on either side.
    """
    half = claim.halves + method.unit * np.abs(np.nan_to_num(claim.values, neginf=0.0))
    if not method.truncated or stage not in STAGE_ORDER:
        return claim.values, half
    half = half + dust_of(claim.values) + 2 * (SLACK - 1) * claim.halves  # what is cut off may be next to nothing
    return claim.values + np.sign(claim.values) * claim.printed_halves, np.where(claim.values == 0, 2 * half, half)


def cut_off(claim: Claim, method: Method, stage: str) -> Value:
    """A table at the beginning whose digits were cut off; numbers with few decimals are meant exactly here too."""
    center, half = as_read(claim, method, stage)
    is_cut = doubt_of(claim) > 0
    return Value(np.where(is_cut, center, claim.values), np.where(is_cut, np.nan_to_num(half), coarse(claim, method)))


def refined(computed: Value, center: Floats, half: Floats) -> Value:
    """What is computed, no further off than what is printed allows where both agree."""
    if not computed.off.any():
        return computed
    with np.errstate(invalid="ignore"):
        apart = np.abs(center - computed.numbers)
        agree = apart <= half + computed.off
    return Value(computed.numbers, np.where(agree, np.minimum(computed.off, apart + half), computed.off))


def coarse(claim: Claim, method: Method) -> Floats:
    """How far a number may be off because the arithmetic is coarse."""
    return method.unit * np.abs(np.nan_to_num(claim.values, neginf=0.0))
