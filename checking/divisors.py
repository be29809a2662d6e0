"""What scores were divided by, solved from the printed numbers: nobody has to say d_k.

Two weights of a row are in the ratio of the powers of their scaled scores, so the logarithm of that ratio times the
divisor is the difference of the scores, whatever else the softmax saw. Scaled scores tell it directly.
"""

from collections.abc import Iterator

import numpy as np

from attention_core.attention import Floats
from checking.claims import Claims
from checking.model import Value

_CLEAR = 4.0  # half units that a difference must have to tell anything
_MOST_SQUARES = 4096  # d_k that is looked for
_MOST_PAIRS = 4000  # of numbers that are asked


def solved(claims: Claims, scores: Value | None) -> tuple[float, float] | None:
    """The divisor and how far it may be off; None where the numbers do not tell it."""
    if "scores" in claims.tables:
        claim = claims.tables["scores"]
        scores = Value(claim.values, claim.halves)
    if scores is None:
        return None
    asked: list[tuple[float, float]] = []
    for stage, pairs in (("scaled_scores", _of_scaled), ("weights", _of_weights)):
        if stage in claims.tables and claims.tables[stage].values.shape == scores.numbers.shape:
            claim = claims.tables[stage]
            asked = list(pairs(scores, Value(claim.values, claim.halves)))
            if asked:
                break
    if not asked:
        return None
    ratios, doubts = np.array(asked).T
    weights = 1 / doubts
    order = np.argsort(ratios)
    middle = int(np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2))
    divisor = float(ratios[order][middle])
    if divisor <= 0 or not np.isfinite(divisor):
        return None
    agreeing = np.abs(ratios - divisor) <= doubts
    near = ratios[agreeing], doubts[agreeing]
    if not agreeing.any():
        return None
    low, high = float((near[0] - near[1]).max()), float((near[0] + near[1]).min())
    if low < high:
        return (low + high) / 2, (high - low) / 2
    return divisor, float(near[1].min())


def _of_scaled(scores: Value, scaled: Value) -> Iterator[tuple[float, float]]:
    clear = np.isfinite(scores.numbers) & np.isfinite(scaled.numbers) & (np.abs(scaled.numbers) > _CLEAR * scaled.off)
    for row, column in np.argwhere(clear)[:_MOST_PAIRS]:
        above, below = scores.numbers[row, column], scaled.numbers[row, column]
        off = (scores.off[row, column] + abs(above / below) * scaled.off[row, column]) / abs(below)
        yield float(above / below), float(off) + 1e-12 * float(abs(above / below))


def _of_weights(scores: Value, weights: Value) -> Iterator[tuple[float, float]]:
    count = 0
    for row in range(len(weights.numbers)):
        shares: Floats = np.where(np.isfinite(scores.numbers[row]), weights.numbers[row], np.nan)
        if not (shares > 0).any():
            continue
        top = int(np.nanargmax(shares))
        for column in np.flatnonzero(shares > _CLEAR * weights.off[row]):
            logs = float(np.log(shares[top] / shares[column]))
            log_off = float(weights.off[row, top] / shares[top] + weights.off[row, column] / shares[column])
            apart = float(scores.numbers[row, top] - scores.numbers[row, column])
            off = float(np.nan_to_num(scores.off[row, top] + scores.off[row, column]))
            if column == top or logs <= 2 * log_off or abs(apart) <= _CLEAR / 2 * off:
                continue
            ratio = apart / logs
            yield ratio, (off + abs(ratio) * log_off) / (logs - log_off) + 1e-12 * abs(ratio)
            count += 1
            if count >= _MOST_PAIRS:
                return


def root_of(divisor: float, off: float) -> int | None:
    """The whole number whose root it may be, nearest to it."""
    square = round(divisor**2)
    near = abs(np.sqrt(square) - divisor) <= max(off, 1e-9) if square > 0 else False
    return square if 1 < square <= _MOST_SQUARES and near else None


def simplest(divisor: float, off: float) -> float:
    """The number with the fewest digits that it may be."""
    for places in range(-2, 12):
        rounded = round(divisor, places)
        if rounded > 0 and abs(rounded - divisor) <= off:
            return float(rounded)
    return divisor
