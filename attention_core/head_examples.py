"""The examples of several heads: two jobs set by hand, and two heads whose outputs a book prints."""

import numpy as np

from attention_core.experiment import Experiment
from attention_core.heads import Head
from attention_core.masks import CAUSAL
from attention_core.matrices import Matrix, read_only
from attention_core.positions import OWN
from attention_core.words import identity

ITS_VERB, WORD_BEFORE = "its verb", "the word before"

# Places on a circle in steps of 30°: for ten words, as the last of more would stand too near the first.
CIRCLE = (
    *((1.0, 0.0), (0.87, 0.5), (0.5, 0.87), (0.0, 1.0), (-0.5, 0.87)),
    *((-0.87, 0.5), (-1.0, 0.0), (-0.87, -0.5), (-0.5, -0.87), (0.0, -1.0)),
)
# Turns a place back by one step and makes it 60 times as long.
STEP_BACK = ((52.0, -30.0), (30.0, 52.0))

_JOURNEY = {
    "Your": (0.43, 0.15, 0.89),
    "journey": (0.55, 0.87, 0.66),
    "starts": (0.57, 0.85, 0.64),
    "with": (0.22, 0.58, 0.33),
    "one": (0.77, 0.25, 0.10),
    "step": (0.05, 0.80, 0.55),
}


def two_jobs(id: str) -> Experiment:
    """Each noun finds the verb, and each word finds the one before it.

    What is living looks for action in the first head. In the second a query is the place before, a key the own place.
    """
    passes_on = _table((1, 0), (0, 1), (0, 0), (0, 0))
    return Experiment(
        sentence="The dog chased the mouse",
        w_q=_table((8, 0), (0, 0), (0, 0), (0, 0)),
        w_k=_table((0, 0), (1, 0), (0, 0), (0, 0)),
        w_v=passes_on,
        head_name=ITS_VERB,
        other_heads=(
            Head(
                WORD_BEFORE,
                _table((0, 0), (0, 0), *STEP_BACK),
                _table((0, 0), (0, 0), (1, 0), (0, 1)),
                passes_on,
            ),
        ),
        dimensions=("living", "action", "p1", "p2"),
        positions=OWN.id,
        position_rows=tuple((0.0, 0.0, *place) for place in CIRCLE),
        example=id,
    )


def your_journey(id: str) -> Experiment:
    """Two heads as PyTorch's `nn.Linear(3, 2)` draws them after `manual_seed(123)`, in 32 bits, one after the other."""
    return Experiment(
        sentence=" ".join(_JOURNEY),
        w_q=_table((-0.23542964, 0.21772662), (0.019124476, -0.4919342), (-0.28674594, 0.42322308)),
        w_k=_table((-0.4196414, 0.2614782), (-0.45901766, -0.2133264), (-0.36482018, 0.21605217)),
        w_v=_table((-0.49001414, -0.11346072), (-0.35029206, -0.44043937), (-0.2119892, 0.37804362)),
        other_heads=(
            Head(
                "",
                _table((-0.13615717, 0.107563816), (0.18532233, 0.15787685), (0.4082695, 0.55729234)),
                _table((-0.2603904, 0.41260317), (0.18287641, 0.4611045), (-0.25687245, -0.53230095)),
                _table((0.49285263, 0.23768058), (0.27569306, 0.47995073), (0.25159022, -0.07623307)),
            ),
        ),
        rows={identity(word): row for word, row in _JOURNEY.items()},
        dimensions=("d1", "d2", "d3"),
        masks=(CAUSAL.id,),
        decimals=4,
        example=id,
    )


def _table(*rows: tuple[float, ...]) -> Matrix:
    return read_only(np.array(rows, dtype=np.float64).tolist())
