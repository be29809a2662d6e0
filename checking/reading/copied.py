"""What is printed or copied without its lines: names above columns, numbered rows, a web page cell by cell."""

import re
from collections.abc import Sequence

from checking.reading.cells import is_number, looks_numeric
from checking.reading.plain_lines import plain_row
from checking.reading.source import Found, Grid, Piece, Row, Source, Words

_ONE_CELL = re.compile(r"\S+(?: \S+){0,2}")


def counted_columns(source: Source, line: int) -> Found:
    """The numbers of columns above numbered rows, as pandas prints them where nothing has a name."""
    heads = source.lines[line].split()
    if not source.lines[line][:1].isspace() or not _count_up(heads) or line + 1 == len(source.lines):
        return None
    rows: list[Row] = []
    for place, text in enumerate(source.lines[line + 1 :]):
        cells = text.split()
        if len(cells) != len(heads) + 1 or cells[0] != str(int(heads[0]) + place) or not all(map(is_number, cells)):
            break
        rows.append(Row(line + 2 + place, "", tuple(cells)))
    if not rows:
        return None
    return [Grid((Row(line + 1, "", ("", *heads)), *rows), headed=True)], line + 1 + len(rows)


def _count_up(heads: Sequence[str]) -> bool:
    """Whether cells are 0, 1, 2 … or 1, 2, 3 …, at least two."""
    return len(heads) > 1 and heads[0] in ("0", "1") and heads == [str(int(heads[0]) + k) for k in range(len(heads))]


def cells_a_line(source: Source, line: int) -> Found:
    """A table of a web page that was copied cell by cell: the names of the columns, then each row's name and numbers.

    At least two rows; each cell has a line of its own.
    """
    runs = source.kept(_cell_runs)
    words, _ = runs[line]
    width = runs[line + words][1] if words and line + words < len(runs) else 0
    if width < 2 or words not in (width + 1, width + 2):
        return None
    begin = end = line + words - 1
    while end + width < len(runs) and runs[end][0] == 1 and runs[end + 1][1] == width:
        end += width + 1
    if end - begin < 2 * (width + 1):
        return None
    cells = [text.strip() for text in source.lines[line:end]]
    above: list[Piece] = [Words(line + 1, cells[0])] if words == width + 2 else []
    header = Row(begin - width + 1, "", ("", *cells[words - 1 - width : words - 1]))
    groups = range(words - 1, len(cells), width + 1)
    rows = (Row(line + start + 1, "", tuple(cells[start : start + width + 1])) for start in groups)
    return [*above, Grid((header, *rows), headed=True)], end


def _cell_runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """How many lines from each one on are each a single word or two, and how many are each a number."""
    runs = [(0, 0)] * (len(lines) + 1)
    for place in range(len(lines) - 1, -1, -1):
        cell = lines[place].strip()
        if is_number(cell):
            runs[place] = (0, runs[place + 1][1] + 1)
        elif cell and _ONE_CELL.fullmatch(cell):
            runs[place] = (runs[place + 1][0] + 1, 0)
    return runs


def column_names(source: Source, line: int) -> Found:
    """The names of columns above a labelled row, as pandas prints them: indented, as many as there are columns."""
    names = source.lines[line].split()
    if not names or not source.lines[line][0].isspace() or line + 1 == len(source.lines):
        return None
    below = None if any(map(looks_numeric, names)) else plain_row(source, line + 1)
    if not below or not isinstance(row := below[0][0], Row) or not row.lead or len(row.cells) != len(names):
        return None
    return [Row(line + 1, "", tuple(names), names_columns=True)], line + 1
