"""What a change did, in one sentence: computed from the numbers before and after."""

import numpy as np

from attention_core import Calculation, Stage
from attention_core.attention import Floats
from attention_core.changes import Counterpart
from presentation.tables import context_columns
from presentation.text import plain, shown

_MOST_NAMED = 4
_LONG = 16  # words from which on the largest changes of other words are named as well
_ARROW = " → "


def what_changed(calculation: Calculation, before: Counterpart, word: int) -> str:
    """Markdown. Of the followed `word` the context before and after, and where the sentence is long the largest
    changes. Empty where every number is written as before."""
    decimals = calculation.experiment.decimals
    stages = {
        Stage.SCORES: calculation.attention.scores,
        Stage.WEIGHTS: calculation.attention.weights,
        Stage.CONTEXT: calculation.context,
    }
    changed = {stage: _written_differently(now, before.stage(stage), decimals) for stage, now in stages.items()}
    if not any(cells.any() for cells in changed.values()):
        return ""
    label = f"**{plain(calculation.labels[word])}**"
    moves = largest_moves(calculation, before, word)
    if np.isnan(before.context[word]).all():
        told = f"{label} has no numbers from before to compare with."
    elif moves:
        named = (f"{plain(name)} {old}{_ARROW}**{new}**" for name, old, new in moves)
        told = f"The last change moved the context of {label}: {', '.join(named)}."
    else:
        told = f"The context of {label} stays as it was."
    if len(calculation.labels) > _LONG:
        told += _largest_elsewhere(calculation, before, changed[Stage.WEIGHTS])
    total = sum(int(cells.sum()) for cells in changed.values())
    return f"{told} :gray[{total} {'number' if total == 1 else 'numbers'} changed; a corner marks each.]"


def largest_moves(calculation: Calculation, before: Counterpart, word: int) -> list[tuple[str, str, str]]:
    """The numbers of a word's context vector that are written otherwise than before, the largest changes first: the
    name of each one's column, what it was, and what it is."""
    now, then, decimals = calculation.context[[word]], before.context[[word]], calculation.experiment.decimals
    columns = context_columns(calculation)
    largest = _largest(_written_differently(now, then, decimals), now, then)
    return [(columns[at], shown(then[0, at], decimals), shown(now[0, at], decimals)) for _, at in largest]


def _largest_elsewhere(calculation: Calculation, before: Counterpart, changed: np.ndarray) -> str:
    weights, decimals = calculation.attention.weights, calculation.experiment.decimals
    labels = calculation.labels
    named = [
        f"{plain(labels[row])}{_ARROW}{plain(labels[column])} {shown(before.weights[row, column], decimals)}{_ARROW}"
        f"{shown(weights[row, column], decimals)}"
        for row, column in _largest(changed, weights, before.weights)
    ]
    return f" Weights that changed most: {'; '.join(named)}." if named else ""


def _largest(changed: np.ndarray, now: Floats, then: Floats) -> list[tuple[int, int]]:
    """The places of the changed numbers with the largest changes, largest first."""
    size = np.where(changed, np.abs(now - then), -1.0)
    order = np.argsort(-size, axis=None, kind="stable")[:_MOST_NAMED]
    places = (divmod(int(at), size.shape[1]) for at in order)
    return [place for place in places if size[place] >= 0]


def _written_differently(now: Floats, then: Floats, decimals: int) -> np.ndarray:
    """Whether a number is not written as it was; where there was none, it did not change.  (rows, columns)"""
    candidates = ~np.isnan(then) & (now != then)
    (rounded, certain), (was, was_certain) = _rounded(now, decimals), _rounded(then, decimals)
    certain &= was_certain
    different: np.ndarray = candidates & certain & (rounded != was)
    for place in zip(*np.nonzero(candidates & ~certain), strict=True):
        different[place] = shown(float(now[place]), decimals) != shown(float(then[place]), decimals)
    return different


def _rounded(values: Floats, decimals: int) -> tuple[Floats, np.ndarray]:
    """Units of the last digit that is written, and for which numbers that is certain without writing them: those that
    are neither near the middle between two units nor very large."""
    with np.errstate(invalid="ignore", over="ignore"):
        units = values * 10.0**decimals
        nearest: Floats = np.rint(units)
        certain = (np.abs(np.abs(units - nearest) - 0.5) > 1e-6) & (np.abs(units) < 1e9) & (np.abs(values) < 1e6)
    return nearest, certain
