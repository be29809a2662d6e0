"""Where a word looks, as sentences that are true of ties, masks and a single word alike.

Letters: n words of the sentence.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.telling import most_looked_at
from presentation.text import shown

LEAST_DECIMALS = 2  # of a weight that is told, also where the tables show fewer
_MOST_NAMED = 3  # words that share the first place and are named; of more, so many are counted


def looks_most(
    word: str, weights: Floats, allowed: npt.NDArray[np.bool_], labels: Sequence[str], *, decimals: int
) -> str:
    """Which word gets the most attention of `word`, and how much; or which ones, where several get the same.

    weights: (n,), allowed: (n,) where the word may look.  `word` and `labels` are written as they are.  The same is
    what looks the same with so many decimals.
    """
    decimals = max(decimals, LEAST_DECIMALS)
    seen = int(allowed.sum())
    if not seen:
        return f"{word} may look at no word, so all its weights are 0."
    most = most_looked_at(weights, allowed, decimals=decimals)
    amount = shown(float(weights[most[0]]), decimals)
    if seen == 1:
        return f"{word} looks only at {labels[most[0]]}: {amount} of its attention."
    if len(most) == 1:
        return f"{word} looks most at {labels[most[0]]}: {amount} of its attention."
    which = f"all {seen} words" if len(most) == len(weights) else _listed([labels[at] for at in most])
    return f"{word} looks {'equally' if len(most) == seen else 'most'} at {which}: {amount} of its attention at each."


def row_sums(allowed: npt.NDArray[np.bool_]) -> str:
    """What each row of weights sums to.  allowed: (n, n)"""
    return "each row sums to 1" + ("" if allowed.any(axis=1).all() else ", or to 0 where a word may look nowhere")


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        named = names[: _MOST_NAMED - 1]
        return f"{', '.join(named)} and {len(names) - len(named)} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"
