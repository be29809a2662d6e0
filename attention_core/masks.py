"""The kinds of mask: which words a word may not look at.

An entry in `MASKS` is all that a further kind needs: the switches on screen, documents, captions, the article, the
scripts and the spreadsheet read it. Letters: n words at their positions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Allowed: TypeAlias = npt.NDArray[np.bool_]
Positions: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Mask:
    """One kind of mask. Where several are on, a word may look only where all of them let it."""

    id: str  # in documents, and the key of its switch
    name: str  # on its switch
    summary: str
    told: str  # a sentence of the article, in Markdown
    forbids: str  # completes "a word may not look at …"
    rule: str  # `allows` in Python, for the scripts
    allows: Callable[[Positions, Positions], Allowed]  # of the looking words' rows (n, 1) and the columns (1, n)

    def table(self, n: int) -> Allowed:
        """True where the word of the row may look at the word of the column.  -> (n, n)"""
        places = np.arange(n)
        return self.allows(places[:, None], places[None, :])


CAUSAL = Mask(
    id="causal",
    name="Causal mask",
    summary="A word sees only itself and the words before it.",
    told="A **causal mask** lets a word see only itself and the words before it.",
    forbids="the words after it",
    rule="column <= row",
    allows=lambda row, column: column <= row,
)
NOT_ITSELF = Mask(
    id="not_itself",
    name="Not itself",
    summary="A word sees all others but not itself.",
    told="A word is **not scored against itself**.",
    forbids="itself",
    rule="column != row",
    allows=lambda row, column: column != row,
)

# Those that a person can switch on. NOT_ITSELF belongs to the ways to attend that do not score a word against itself.
MASKS = {mask.id: mask for mask in (CAUSAL,)}


def allowed_by(masks: Iterable[Mask], n: int) -> Allowed:
    """True where every mask lets the word of the row look at the word of the column.  -> (n, n)"""
    allowed = np.ones((n, n), dtype=bool)
    for mask in masks:
        allowed &= mask.table(n)
    return allowed
