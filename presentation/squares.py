"""Maps too large to draw a cell for each pair of words: squares of neighbouring words instead."""

import numpy as np

from attention_core.attention import Floats

MAX_ROWS = 64  # beyond, neighbouring words share a row


def squares(values: Floats, step: int, *, columns_too: bool, share: bool) -> Floats:
    """The numbers of squares of `step` neighbouring words, or of rows of them.  (n, m) -> (⌈n/step⌉, ⌈m/step⌉ or m)

    The average, leaving out NaN, and NaN where there is nothing else. Of weights (`share`) the sum over the words
    looked at, averaged over the looking ones, so that each row still sums to 1; NaN counts as 0.
    """
    seen = ~np.isnan(values)
    rows = np.arange(0, len(values), step)
    totals = np.add.reduceat(np.where(seen, values, 0.0), rows, axis=0)
    counts = np.add.reduceat(seen.astype(float), rows, axis=0)
    if columns_too:
        columns = np.arange(0, values.shape[1], step)
        totals, counts = np.add.reduceat(totals, columns, axis=1), np.add.reduceat(counts, columns, axis=1)
    if share:
        return totals / np.diff(np.append(rows, len(values)))[:, None]
    return totals / np.where(counts > 0, counts, np.nan)
