"""What another order of the same words did, in one sentence: computed from the context vectors before and after."""

import numpy as np

from attention_core import Calculation
from attention_core.masks import CAUSAL, MASKS, NEIGHBOURS, OWN, Allowed
from attention_core.shuffling import reordered
from presentation.text import plain

_OF_PLACES = {CAUSAL.id: "The causal mask", NEIGHBOURS.id: "The mask of neighbours", OWN.id: "Your own mask"}


def order_text(before: Calculation, now: Calculation) -> str:
    """Markdown. Empty where something else than the order of the words was changed."""
    found = reordered(before, now)
    if found is None:
        return ""
    if not found.different:
        exactly = "exactly" if not found.largest else f"but for rounding (at most {found.largest:.0e})"
        same = f"every word has {exactly} the same context vector as before."
        return f"**The order does not matter:** {same}"
    count = len(found.different)
    words = "1 word has" if count == 1 else f"{count} words have"
    return (
        f"**The order matters:** {words} another context vector now; the largest difference is {found.largest:.2g}. "
        f"{_why(now)}"
    )


def _why(now: Calculation) -> str:
    """What tells places apart: word orders that do, and masks that do not let every word look as the others do."""
    experiment, n = now.experiment, len(now.words)
    masks = (MASKS[mask].of(experiment) for mask in experiment.masks)
    reasons = [_OF_PLACES[mask.id] for mask in masks if mask.id in _OF_PLACES and _depends_on_places(mask.table(n))]
    adds_the_same = now.word_order.adds and not (now.positions != now.positions[0]).any()
    if now.word_order.counts and not adds_the_same:
        reasons.insert(0, f"The word order “{plain(now.word_order.name)}”")
    return " ".join(f"{reason} tells places apart." for reason in reasons)


def _depends_on_places(allowed: Allowed) -> bool:
    """Whether it matters which words look and are looked at, beside whether they are the same.  allowed: (n, n)"""
    itself, others = allowed.diagonal(), allowed[~np.eye(len(allowed), dtype=bool)]
    return any(bool(looks.any() and not looks.all()) for looks in (itself, others))
