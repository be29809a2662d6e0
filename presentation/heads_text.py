"""What is said where there are several heads: whose numbers they are, and what becomes of what they make."""

import numpy as np
import numpy.typing as npt

from attention_core import Calculation
from presentation.text import plain


def in_head(calculation: Calculation) -> str:
    """The beginning of a sentence about the chosen head's numbers, in Markdown; nothing where there is one head."""
    if len(calculation.heads) == 1:
        return ""
    return f"In {in_a_sentence(calculation, calculation.place)}, "


def of_heads_in_short(calculation: Calculation) -> str:
    """How a context vector is made of the heads; nothing where one head's is the context."""
    if not calculation.joins:
        return ""
    return "heads · W_O" if calculation.mixes_heads else "heads side by side"


def of_heads(calculation: Calculation) -> str:
    """The same as the end of a sentence."""
    if calculation.mixes_heads and len(calculation.heads) == 1:
        return "what its head makes of it, mixed by W_O"
    side_by_side = f"what its {len(calculation.heads)} heads make of it, side by side"
    return f"{side_by_side} and mixed by W_O" if calculation.mixes_heads else side_by_side


def written_text(calculation: Calculation, changed: npt.NDArray[np.bool_]) -> str:
    """What writing the last word did to the context vectors before it.  changed: (n - 1,)"""
    last, count = plain(calculation.labels[-1]), int(changed.sum())
    if not count:
        return f"**Nothing changes:** writing **{last}** leaves every context vector before it as it was."
    words = "the one word" if len(changed) == 1 else f"{count} of the {len(changed)} words"
    return f"**What was written changes:** with **{last}** written, {words} before it got another context vector."


def in_a_sentence(calculation: Calculation, place: int) -> str:
    """What a head is called in the middle of a sentence; places count from 0.  Markdown"""
    name = calculation.experiment.heads_in_use[place].name
    return f"the head “{plain(name)}”" if name else f"head {place + 1}"
