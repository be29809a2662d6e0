"""What a change was, and what it did, in one sentence for those who do not see the picture. Plain text."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from attention_core import VARIANTS, Calculation, Experiment, attend
from attention_core.changes import counterpart
from attention_core.masks import MASKS
from presentation import tables
from presentation.change_text import largest_moves
from presentation.text import in_full, shown

_LONGEST = 120  # characters of a sentence that are read out
_COLOURED = re.compile(r":\w+\[([^\]]*)\]")

# Field of an experiment -> what is told when it changed. What is not here is told as a setting.
_SETTINGS: Mapping[str, Callable[[Any], str]] = {
    "sentence": lambda sentence: f"The sentence is now “{_cut(sentence)}”",
    "variant": lambda variant: f"The way to attend is now {VARIANTS[variant].name}",
    "scaled": lambda scaled: f"Scaling is {'on' if scaled else 'off'}",
    "divisor": lambda divisor: f"The divisor is {'the usual root' if divisor is None else in_full(divisor)}",
    "masks": lambda masks: f"Masks: {', '.join(MASKS[mask].name for mask in masks) if masks else 'none'}",
    "decimals": lambda decimals: f"Numbers are shown with {decimals} decimals",
}


def announcement(now: Experiment, before: Experiment, word: int) -> str:
    """What was changed, and how the context vector of the followed `word` (a position from 0) moved."""
    calculation = attend(now)
    return f"{_what(now, before)}; {_effect(calculation, before, min(word, len(calculation.words) - 1))}."


def _what(now: Experiment, before: Experiment) -> str:
    for field, told in _SETTINGS.items():
        if getattr(now, field) != getattr(before, field):
            return told(getattr(now, field))
    for name, table in tables.TABLES.items():
        if tables.content(now, name) != tables.content(before, name):
            return f"{_COLOURED.sub(r'\\1', table.title)}: {_cells(now, before, name)}"
    return "A setting changed"


def _cells(now: Experiment, before: Experiment, table: str) -> str:
    new, old = tables.matrix_of(now, table), tables.matrix_of(before, table)
    if new.shape != old.shape:
        return f"now {new.shape[0]} rows and {new.shape[1]} columns"
    changed = np.argwhere(new != old)
    if len(changed) != 1:
        return f"{len(changed)} numbers changed" if len(changed) else "its names changed"
    row, column = changed[0]
    place = f"{tables.row_labels(now, table)[row]}, {tables.column_names(now, table)[column]}"
    return f"{place} is {in_full(new[row, column])}, before {in_full(old[row, column])}"


def _effect(calculation: Calculation, before: Experiment, word: int) -> str:
    then, decimals = counterpart(calculation, attend(before)), calculation.experiment.decimals
    label = calculation.labels[word]
    if np.isnan(then.context[word]).all():
        return f"{label} had no context vector of this size before"
    moves = [
        f"{name} {shown(old, decimals)} to {shown(new, decimals)}"
        for name, old, new in largest_moves(calculation, then, word)
    ]
    return f"the context of {label} moves, {', '.join(moves)}" if moves else f"the context of {label} stays as it was"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
