"""Ways to fill a whole table at once."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

MAX_SEED = 9_999


def identity_table(rows: int, columns: int) -> Matrix:
    """1 on the diagonal, 0 elsewhere: multiplying by it changes nothing."""
    return np.eye(rows, columns)


def zeros_table(rows: int, columns: int) -> Matrix:
    return np.zeros((rows, columns))


def random_table(rows: int, columns: int, seed: int) -> Matrix:
    """Drawn from the normal distribution with mean 0 and standard deviation 1, to two decimals; one seed, one table."""
    drawn = np.random.default_rng(seed).standard_normal((rows, columns))
    return np.round(drawn, 2) + 0.0


# Ways that need no seed: the name on screen -> how.
PLAIN_FILLS: dict[str, Callable[[int, int], Matrix]] = {"Identity": identity_table, "Zeros": zeros_table}
