"""Writing word by word: what adding the last word does to the words before it.

Letters: n words at their positions.
"""

import numpy as np
import numpy.typing as npt

from attention_core.calculation import Calculation, attend
from attention_core.experiment import Experiment
from attention_core.words import split

_NEGLIGIBLE = 1e-9  # beside the largest number: what adding up fewer terms can change


def before_the_last(experiment: Experiment) -> Experiment | None:
    """The same without the last word; None where it is the only one, or where the rest is split in another way."""
    words = experiment.words[:-1]
    sentence = (" " if experiment.split_into == "words" else "").join(words)
    if not words or split(sentence, experiment.split_into) != words:
        return None
    return experiment.with_sentence(sentence)


def changed_by_the_last(calculation: Calculation) -> npt.NDArray[np.bool_] | None:
    """Whether writing the last word changed the context vector of each word before it.  -> (n - 1,)

    None where there is nothing to compare with.
    """
    shorter = before_the_last(calculation.experiment)
    if shorter is None:
        return None
    before, now = attend(shorter).context, calculation.context[:-1]
    scale = max(1.0, float(np.abs(before).max()), float(np.abs(now).max()))
    return np.asarray(np.abs(now - before).max(axis=1) > _NEGLIGIBLE * scale)
