"""Numbers that nothing could give, whatever the tables that are missing may be."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from attention_core.reach import Closest, closest_row
from attention_core.stages import STAGES as ABOUT
from attention_core.stages import Stage
from checking.judge import DEPENDS, NOTHING, RIGHT, ROUNDING, Judgement, doubts
from checking.masking import allowed
from checking.standing import as_read

_MOST_WORDS = 12  # of a row of scores whose closest row is looked for


@dataclass(frozen=True, eq=False)
class Impossible:
    """What cannot be: a stage, a row of it, and why, in words without a person's text."""

    stage: str
    row: int
    told: str
    closest: Closest | None = None  # for a row of scores: the row within reach
    base: str = ""  # and the table that it would have to come from


def impossible(judgement: Judgement) -> tuple[Impossible, ...]:
    """Everything in the claims that cannot be, in the order of the calculation.

    What was found to be right can be, so only rows of which that was not found are looked at.
    """
    found = (*_scores(judgement), *_weights(judgement), *_context(judgement))
    return tuple(each for each in found if _is_open(judgement, each))


def _is_open(judgement: Judgement, found: "Impossible") -> bool:
    verdicts = judgement.stages[found.stage].verdicts[found.row]
    return not np.isin(verdicts, (RIGHT, ROUNDING, DEPENDS, NOTHING)).all()


def _scores(judgement: Judgement) -> Iterator[Impossible]:
    """Rows of scores that no query could give with these keys, or no matrices with these embeddings."""
    chain, variant = judgement.chain, judgement.method.variant
    if variant.query == "x" or _is_known(judgement, "q"):
        return
    base = "k" if _is_known(judgement, "k") else "x"
    if not _is_known(judgement, base):
        return
    table, doubt = chain[base].numbers, doubts(judgement)[base]
    for stage in ("scores", "scaled_scores"):
        if stage not in judgement.claims.tables:
            continue
        claim = judgement.claims.tables[stage]
        for row, scores in enumerate(claim.values):
            seen = np.isfinite(scores)
            if not 2 <= seen.sum() <= _MOST_WORDS:
                continue
            closest = closest_row(table[seen], scores[seen])
            query = np.linalg.lstsq(table[seen], closest.row, rcond=None)[0]
            with np.errstate(invalid="ignore", over="ignore"):
                allowed = float((claim.halves[row, seen] + doubt[seen] @ np.abs(query)).max())
            if closest.largest_error > allowed:
                told = (
                    "No query could give this row with these keys, if a score is their dot product"
                    if base == "k"
                    else "No matrices W_Q and W_K could give this row from these embeddings, if nothing was added"
                    " to them"
                )
                told += (
                    f": the closest leaves an error of {closest.largest_error:.4g}, "
                    f"and rounding explains {allowed:.2g}."
                )
                yield Impossible(stage, row, told, closest, "k" if base == "k" else "embeddings")
        return


def _weights(judgement: Judgement) -> Iterator[Impossible]:
    claim = judgement.claims.tables.get("weights")
    if claim is None:
        return
    center, half = as_read(claim, judgement.method, "weights")
    half = half + judgement.method.unit
    for row, weights in enumerate(claim.values):
        if np.isnan(weights).all():
            continue
        known = np.nan_to_num(center[row])
        doubt = np.nan_to_num(half[row])
        if (known < -doubt).any():
            yield Impossible("weights", row, f"A weight cannot be negative, and {known.min():g} is.")
        total = float(known.sum())
        rounding = float(doubt.sum())
        partly = (np.isnan(weights).any() or judgement.claims.missing) and total <= 1 + rounding
        if abs(total - 1) > rounding and not partly and known.any():
            yield Impossible(
                "weights",
                row,
                f"A softmax gives weights that sum to 1 in each row; these sum to {total:.4g}, "
                + ("more than rounding explains." if total > 1 else f"and rounding explains {rounding:.2g}."),
            )


def _context(judgement: Judgement) -> Iterator[Impossible]:
    """A weighted sum lies between the smallest and the largest of what it mixes."""
    claim = judgement.claims.tables.get("context")
    variant = judgement.method.variant
    value = variant.value
    if claim is None or not _is_known(judgement, value) or judgement.claims.missing:
        return
    mixed = judgement.chain[value]
    if mixed.numbers.shape[1] != claim.values.shape[1]:
        return
    doubt = doubts(judgement)[value]
    low, high = (mixed.numbers - doubt).min(axis=0), (mixed.numbers + doubt).max(axis=0)
    own: Floats = np.zeros_like(claim.values)
    if variant.adds_itself and _is_known(judgement, "x"):
        own = judgement.chain["x"].numbers
    may_look = allowed(judgement.method.masks, len(claim.values), itself=variant.scores_itself)
    for row, numbers in enumerate(claim.values):
        if not may_look[row].any():
            continue  # it may look nowhere, and mixes nothing
        outside = (numbers - own[row] < low - claim.halves[row]) | (numbers - own[row] > high + claim.halves[row])
        if outside.any():
            column = int(np.argmax(outside))
            name, least, most = ABOUT[Stage(value)].plural, low[column], high[column]
            yield Impossible(
                "context",
                row,
                f"A weighted sum lies between the smallest and the largest of what it mixes. Number {column + 1} is "
                f"{numbers[column]:g}, but the {name} go from {least:g} to {most:g} there. Only a further step, "
                "such as an output projection, could lead outside.",
            )


def _is_known(judgement: Judgement, stage: str) -> bool:
    value = judgement.chain.get(stage)
    return value is not None and not np.isnan(value.numbers).any()
