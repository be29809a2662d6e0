"""One's own mask as a whole table: which looks it forbids, read and replaced.

Letters: n words at their positions.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from attention_core.experiment import Experiment
from attention_core.masks import OWN
from attention_core.matrices import Matrix, checked_table, read_only


def forbidden_table(experiment: Experiment) -> Matrix:
    """1 where one's own mask forbids the word of the row to look at that of the column, whether it is on or not.

    (n, n)
    """
    n = len(experiment.words)
    table = np.zeros((n, n))
    for row, column in experiment.forbidden:
        if max(row, column) < n:
            table[row, column] = 1.0
    return read_only(table.tolist())


def with_forbidden(experiment: Experiment, table: npt.ArrayLike) -> Experiment:
    """The same experiment with the looks forbidden by one's own mask where a table is not 0.  (n, n)

    The mask is then on; what it forbids at places beyond the sentence stays. Raises ValueError.
    """
    n = len(experiment.words)
    changed = checked_table("The table of forbidden looks", table, rows=n, columns=n, most=n)
    here = [(row, column) for row, column in np.argwhere(changed).tolist()]
    beyond = [cell for cell in experiment.forbidden if max(cell) >= n]
    return replace(experiment, forbidden=(*here, *beyond)).with_mask(OWN.id, True)
