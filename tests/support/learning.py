"""What is trained in the tests: drawn experiments of moderate numbers, and slopes by central differences."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from support.experiments import experiments

from attention_core import OPENING, attend
from attention_core.masks import MASKS
from attention_core.positions import WORD_ORDERS
from attention_core.stages import EDITED
from learning.forward import setup_of, tables_of, with_tables
from learning.losses import TargetLoss

STEP = 1e-5
CLOSE = {"rtol": 1e-7, "atol": 1e-7}


def differences(of, matrix):
    """The slope of a function by each number of a table, by central differences."""
    slopes = np.zeros_like(matrix)
    for place in np.ndindex(matrix.shape):
        ahead, behind = matrix.copy(), matrix.copy()
        ahead[place] += STEP
        behind[place] -= STEP
        slopes[place] = (of(ahead) - of(behind)) / (2 * STEP)
    return slopes


def with_drawn_tables(experiment, generator):
    drawn = with_tables(experiment, {t: generator.normal(0, 0.7, getattr(experiment, t).shape) for t in EDITED})
    positions = generator.normal(0, 0.7, (len(drawn.words), drawn.d_model))
    return replace(drawn.with_positions(positions), positions=experiment.positions)


@st.composite
def gentle(draw):
    """Experiments of moderate numbers: beyond, a softmax is so steep that differences tell nothing to seven digits."""
    experiment = draw(experiments())
    generator = np.random.default_rng(draw(st.integers(0, 9_999)))
    masks = draw(st.sets(st.sampled_from(list(MASKS))))
    divisor = draw(st.none() | st.floats(0.5, 8))
    drawn = replace(with_drawn_tables(experiment, generator), masks=tuple(masks), divisor=divisor)
    return replace(drawn, positions=draw(st.sampled_from(list(WORD_ORDERS)))), generator


def target_loss(experiment, seed=3):
    """A drawn target for two rows of three."""
    calculation = attend(experiment)
    n = len(calculation.words)
    target = np.random.default_rng(seed).dirichlet(np.ones(n), size=n)
    return TargetLoss(setup_of(calculation), target, np.arange(n) % 3 != 1), tables_of(experiment)


def drawn_opening(seed=11):
    """The opening sentence with drawn tables."""
    return with_drawn_tables(OPENING.build(), np.random.default_rng(seed))
