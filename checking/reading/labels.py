"""A grid becomes numbers, apart from the names of its rows and columns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checking.reading.cells import DAMAGED, Number, is_number, is_word, number_of
from checking.reading.errors import MAX_QUOTED, shortened, stopped
from checking.reading.grids import ragged
from checking.reading.source import Grid, Row


@dataclass(frozen=True)
class Numbers:
    """A grid without its labels."""

    rows: tuple[tuple[Number | None, ...], ...]
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    corner: str


def numbers_in(grid: Grid) -> Numbers | None:
    """The numbers of a grid; None where it holds only words. Raises ReadingError where a cell is neither."""
    cells = [list(row.cells) for row in grid.rows]
    if not any(is_number(cell) or DAMAGED.match(cell) or cell.lower() == "nan" for row in cells for cell in row):
        return None
    if grid.labels is not None:
        return _with_labels(grid, cells, has_header=grid.headed)
    _check_rectangular(grid.rows, cells)
    has_header, has_labels = _where_labels_are(cells, headed=grid.headed)
    body = cells[has_header:]
    keep = [column for column in range(len(cells[0])) if any(row[column] for row in (body if has_labels else cells))]
    if keep and len(keep) < len(cells[0]):  # empty columns at the edges are where the block was copied too wide
        cells = [row[keep[0] : keep[-1] + 1] for row in cells]
        body = cells[has_header:]
    labels = tuple(row[0] for row in body) if has_labels else ()
    rest = [row[has_labels:] for row in cells]
    inner = replace(grid, labels=labels)
    return replace(_with_labels(inner, rest, has_header=has_header), corner=cells[0][0] if has_header else "")


def _with_labels(grid: Grid, cells: Sequence[Sequence[str]], *, has_header: bool) -> Numbers:
    lines = [row.line for row in grid.rows[has_header:]]
    body = cells[has_header:]
    _check_rectangular(grid.rows[has_header:], body)
    _check_decimal_sign(body, lines)
    rows = tuple(tuple(number_of(cell, line) for cell in row) for row, line in zip(body, lines, strict=True))
    return Numbers(rows, grid.labels or (), tuple(cells[0]) if has_header else (), "")


def _check_rectangular(rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> None:
    lengths = [len(row) for row in cells]
    usual = Counter(lengths).most_common(1)[0][0]
    for row, mine in zip(rows, cells, strict=True):
        if len(mine) != usual:
            words = is_word(mine[0]) if mine else 0
            raise ragged(row.line, len(mine) - words, usual - words, " ".join(mine))


def _where_labels_are(cells: Sequence[Sequence[str]], *, headed: bool) -> tuple[bool, bool]:
    """Whether the first row names the columns, and whether the first column names the rows."""
    first_row, first_column = cells[0], [row[0] for row in cells]
    headed = headed and len(cells) > 1 and not (any(map(DAMAGED.match, first_row)) and not any(map(is_word, first_row)))
    if len(first_row) == 1:
        return headed or (len(cells) > 1 and is_word(first_row[0])), False
    has_header = headed or (len(cells) > 1 and _are_labels(first_row[1:]))
    has_labels = _are_labels(first_column[has_header:])
    if not first_row[0] and len(cells) > 1 and any(first_column):
        others = [*first_row[1:], *first_column[1:]]
        if has_header or has_labels or (all(others) and cells[1][1]):
            return True, headed or has_labels or all(first_column[1:])
    return has_header, has_labels


def _are_labels(cells: Sequence[str]) -> bool:
    words = sum(map(is_word, cells))
    return words > 0 and words >= sum(map(is_number, cells))


def _check_decimal_sign(rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    with_comma = next(
        ((cell, line) for row, line in zip(rows, lines, strict=True) for cell in row if "," in cell), None
    )
    with_point = next((cell for row in rows for cell in row if "." in cell and is_number(cell)), None)
    if with_comma and with_point:
        cell, line = with_comma
        raise stopped(
            line,
            cell,
            f"its table also holds “{shortened(with_point, MAX_QUOTED)}”; expected were decimal commas or decimal "
            "points, not both",
        )
