"""What another order of the same words did, in one sentence: computed from the context vectors before and after."""

from attention_core import Calculation
from attention_core.masks import CAUSAL, NEIGHBOURS, OWN
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
        same = f"every context vector is {exactly} the same as before, only at another place."
        return f"**The order does not matter:** {same}"
    count = len(found.different)
    words = "1 word has" if count == 1 else f"{count} words have"
    return (
        f"**The order matters:** {words} another context vector now; the largest difference is {found.largest:.2g}. "
        f"{_why(now)}"
    )


def _why(now: Calculation) -> str:
    reasons = [_OF_PLACES[mask] for mask in now.experiment.masks if mask in _OF_PLACES]
    if now.word_order.counts:
        reasons.insert(0, f"The word order “{plain(now.word_order.name)}”")
    return " ".join(f"{reason} tells places apart." for reason in reasons)
