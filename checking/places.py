"""What the place of a word adds to its embedding, as far as printed numbers tell: nothing, a printed table, or waves.

Letters: n words at their places, d_model numbers an embedding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from attention_core.positions import USUAL_BASE, sinusoidal


@dataclass(frozen=True)
class Places:
    """One way to tell a word where it stands. `waves`: (n, d_model) -> what is added; None: a printed table, or none.

    `told` completes "the embeddings have …".
    """

    id: str
    told: str = ""
    waves: Callable[[int, int], Floats] | None = None

    @property
    def adds(self) -> bool:
        return bool(self.told)


def _halves(n: int, d_model: int) -> Floats:
    """All sines, then all cosines, as in the first implementation of the paper (tensor2tensor)."""
    half = (d_model + 1) // 2
    angles = np.arange(n)[:, None] / USUAL_BASE ** (np.arange(half) / max(half - 1, 1))
    return np.hstack([np.sin(angles), np.cos(angles)])[:, :d_model]


def _from_one(n: int, d_model: int) -> Floats:
    return sinusoidal(n + 1, d_model, USUAL_BASE)[1:]


_WAVES = "the sines and cosines of their places added"

NONE = Places("none")
PRINTED = Places("printed", "the printed positions added")
WAVES = (
    Places("waves", _WAVES, lambda n, d_model: sinusoidal(n, d_model, USUAL_BASE)),
    Places("waves-100", f"{_WAVES}, with 100 instead of 10,000", lambda n, d_model: sinusoidal(n, d_model, 100.0)),
    Places("waves-from-1", f"{_WAVES}, counted from 1", _from_one),
    Places("waves-halves", f"{_WAVES}, all sines first", _halves),
)
