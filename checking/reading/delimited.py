"""Cells with tabs, commas or semicolons between them: spreadsheets and CSV."""

import csv
from collections.abc import Sequence

from checking.reading.cells import MISSING, check_commas, is_number, is_word, looks_numeric
from checking.reading.runs import from_run
from checking.reading.source import Found, Row, Source


def tabs(source: Source, line: int) -> Found:
    """A block from a spreadsheet."""
    if source.is_refused("tabs", line):
        return None
    run, end = [], line
    while end < len(source.lines) and (cells := _tab_cells(source.lines, end)):
        run.append(Row(end + 1, "", cells))
        end += 1
    return from_run(run, "tabs", end, source)


def _tab_cells(lines: Sequence[str], line: int) -> tuple[str, ...]:
    """The cells of a line with tabs. () for an indented line, a heading that has its row for itself, an empty row."""
    if "\t" not in lines[line]:
        return ()
    cells = tuple(cell.strip() for cell in lines[line].split("\t"))
    filled = [position for position, cell in enumerate(cells) if cell]
    if not filled or (filled == [0] and is_word(cells[0])):
        return ()
    if "\t" not in lines[line].strip() and filled[0] > 0:  # indented, or a name above a single column
        below = lines[line + 1].split("\t") if line + 1 < len(lines) else []
        return cells if len(below) == len(cells) and below[0].strip() and filled == [1] else ()
    return cells


def separated(source: Source, line: int) -> Found:
    """CSV with commas or semicolons."""
    for delimiter in ";,":
        if delimiter in source.lines[line]:
            return _separated_by(delimiter, source, line)
    return None


def _separated_by(delimiter: str, source: Source, line: int) -> Found:
    first = _delimited(source.lines[line], delimiter)
    if not _is_data(first):
        below = _delimited(source.lines[line + 1], delimiter) if line + 1 < len(source.lines) else ()
        is_header = len(first) == len(below) > 1 and not any(map(is_number, first[1:])) and _is_data(below)
        if not is_header and not (first and not first[0] and _is_data(below)):
            return None
    if source.is_refused(delimiter, line):
        return None
    run, end = [], line
    while end < len(source.lines):
        cells = _delimited(source.lines[end], delimiter)
        if len(cells) < 2 or (end > line and sum(map(looks_numeric, cells[1:])) * 2 < len(cells) - 1):
            break
        run.append(Row(end + 1, "", cells))
        end += 1
    for row in run:
        check_commas(source.lines[row.line - 1], row.line)
    return from_run(run, delimiter, end, source)


def _delimited(line: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a line of CSV; () where its quotation marks are damaged or it does not hold the delimiter."""
    if delimiter not in line:
        return ()
    if '"' not in line:
        return tuple(cell.strip() for cell in line.split(delimiter))
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)))
    except csv.Error:
        return ()


def _is_data(cells: Sequence[str]) -> bool:
    """Whether cells are numbers, perhaps behind a label. A label with a number among its words is prose."""
    if len(cells) < 2 or not all(looks_numeric(cell) or cell in MISSING for cell in cells[1:]):
        return False
    label = cells[0].split()
    if len(label) > 1 and any(map(looks_numeric, label)):
        return False
    return sum(map(is_number, cells[1:])) * 2 >= len(cells) - 1 - sum(cell in MISSING for cell in cells[1:]) > 0
