"""Tables of numbers: checked, resized, read-only."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Rows = tuple[tuple[float, ...], ...]  # a table as a value that can be compared and kept

MAX_DIMENSION = 16
MAX_MAGNITUDE = 1e6  # keeps every product and sum of the calculation finite, and every number readable


def checked_table(
    label: str, table: npt.ArrayLike, *, rows: int, columns: int | None = None, most: int = MAX_DIMENSION
) -> Matrix:
    """A read-only copy with finite numbers of a bearable size. Raises ValueError, naming the table by `label`.

    It has `columns` of them, or where that is not given up to `most`.
    """
    try:
        matrix = np.array(table, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{label} has a cell that is not a number, or rows of different lengths.") from None
    if matrix.ndim != 2 or matrix.shape[0] != rows or (columns is not None and matrix.shape[1] != columns):
        given = " × ".join(map(str, matrix.shape)) or "a single number"
        needed = f"{rows} × {columns if columns is not None else f'1 to {most}'}"
        raise ValueError(f"{label} came as {given}; needed is {needed} (rows × columns).")
    if not 1 <= matrix.shape[1] <= most:
        raise ValueError(f"{label} has {matrix.shape[1]} columns; 1 to {most} work here.")
    if not np.isfinite(matrix).all():
        raise ValueError(f"{label} has a cell that is not a finite number.")
    if np.abs(matrix).max() > MAX_MAGNITUDE:
        limit = f"{MAX_MAGNITUDE:,.0f}"
        raise ValueError(f"{label} has a number beyond ±{limit}; numbers up to that work here.")
    matrix += 0.0  # turns -0.0 into 0.0, which would be shown as "-0"
    matrix.flags.writeable = False
    return matrix


def fitted_table(table: Matrix, rows: int, columns: int) -> Matrix:
    """Cut or padded with zeros to a size."""
    fitted = np.zeros((rows, columns))
    kept = table[:rows, :columns]
    fitted[: kept.shape[0], : kept.shape[1]] = kept
    return fitted


def as_rows(table: Matrix) -> Rows:
    return tuple(map(tuple, table.tolist()))


def read_only(rows: Sequence[Sequence[float]]) -> Matrix:
    matrix = np.array(rows, dtype=np.float64)
    matrix.flags.writeable = False
    return matrix
