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
from presentation.text import in_full

_MOST_WORDS = 64  # up to which the effect is worked out as well
_LONGEST = 120  # characters of a sentence that are read out
_COLOURED = re.compile(r":\w+\[([^\]]*)\]")

# Field of an experiment -> what is told when it changed. What is not here is told as a setting.
_SETTINGS: Mapping[str, Callable[[Any], str]] = {
    "sentence": lambda sentence: f"The sentence is now “{_cut(sentence)}”",
    "split_into": lambda into: f"The sentence is split into {into}",
    "variant": lambda variant: f"The way to attend is now {VARIANTS[variant].name}",
    "scaled": lambda scaled: f"Scaling is {'on' if scaled else 'off'}",
    "divisor": lambda divisor: f"The divisor is {'the usual root' if divisor is None else in_full(divisor)}",
    "masks": lambda masks: f"Masks: {', '.join(MASKS[mask].name for mask in masks) if masks else 'none'}",
    "decimals": lambda decimals: f"Numbers are shown with {decimals} decimals",
}
_OF_LESSONS: Mapping[str, Callable[[Any], str]] = {
    "other_sentence": lambda sentence: f"The second sentence is now “{_cut(sentence)}”",
    "key_size": lambda size: f"A query and a key have {size} {'number' if size == 1 else 'numbers'} now",
    "seed": lambda seed: f"Other random vectors, seed {seed}",
}
_NOT_CALCULATED = {"lessons", "teaching", "decimals"}


def announcement(now: Experiment, before: Experiment, word: int) -> str:
    """What was changed, and how the context vector of the followed `word` (a position from 0) moved."""
    if len(now.words) > _MOST_WORDS or now.agrees_with(before, but_for=_NOT_CALCULATED):
        return f"{_what(now, before)}."
    calculation = attend(now)
    return f"{_what(now, before)}; {_effect(calculation, before, min(word, len(calculation.words) - 1))}."


def _what(now: Experiment, before: Experiment) -> str:
    for new, old, settings in ((now, before, _SETTINGS), (now.lessons, before.lessons, _OF_LESSONS)):
        for field, told in settings.items():
            if getattr(new, field) != getattr(old, field):
                return told(getattr(new, field))
    for name, table in tables.TABLES.items():
        if tables.content(now, name) != tables.content(before, name):
            title = _COLOURED.sub(r"\1", table.title)
            return f"{title}: {_cells(now, before, name)}"
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
    then = counterpart(calculation, attend(before))
    label = calculation.labels[word]
    if np.isnan(then.context[word]).all():
        return f"{label} has no numbers from before to compare with"
    moves = [f"{name} {old} to {new}" for name, old, new in largest_moves(calculation, then, word)]
    return f"the context of {label} moves, {', '.join(moves)}" if moves else f"the context of {label} stays as it was"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
