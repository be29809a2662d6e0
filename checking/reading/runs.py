"""Lines of cells below each other: whether they are a table, and which words above are not of it."""

from collections.abc import Sequence
from dataclasses import replace

from checking.reading.by_stage import VECTOR_CELL
from checking.reading.cells import MISSING, is_number, is_word, looks_numeric
from checking.reading.source import Found, Grid, Piece, Row, Source, Words


def from_run(run: list[Row], form: str, end: int, source: Source, *, headed: bool = False) -> Found:
    """A grid from lines below each other, or nothing where they hold words. Words above that do not fit stay words."""
    above: list[Piece] = []
    while len(run) > 1 and len(run[0].cells) != len(run[1].cells) and not any(map(is_number, run[0].cells)):
        if len(run[0].cells) == len(run[1].cells) - 1 and is_word(run[1].cells[0]):
            run[0] = replace(run[0], cells=("", *run[0].cells))
            break
        above.append(Words(run[0].line, source.lines[run[0].line - 1].strip()))
        run = run[1:]
    if not run or not is_clear(run):
        source.refuse(form, end)
        return None
    return [*above, Grid(tuple(run), headed=headed)], end


def is_clear(run: Sequence[Row]) -> bool:
    """Whether at least half of the cells that are not in the first row or column, and not empty, are numbers."""
    inner = [cell for row in (run[1:] or run) for cell in (row.cells[1:] or row.cells) if cell not in MISSING]
    if len(run) > 1 and not inner:
        inner = [cell for row in run[1:] for cell in row.cells if cell not in MISSING]
    return 0 < len(inner) <= 2 * sum(map(_is_numeric, inner)) and any(map(_is_numeric, inner))


def _is_numeric(cell: str) -> bool:
    return looks_numeric(cell) or bool(VECTOR_CELL.fullmatch(cell))
