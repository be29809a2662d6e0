"""Tables whose columns or rows are stages: a word a row with its score, its exponential and its weight beside it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from checking.reading.cells import MISSING, is_number, is_word, looks_numeric, split_cells
from checking.reading.source import Grid, Row
from checking.reading.stage_names import STAGES, stage_in

VECTOR_CELL = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_PLAIN_NAME = 2  # letters; a shorter one may be a letter of many meanings


def parted_by_stage(grid: Grid, above: str | None) -> list[Grid]:
    """A grid for each stage where columns or rows are stages, else the grid as it is. `above`: what the heading names.

    Columns that are no stage are left out, but for the one with the words.
    """
    if grid.labels is not None or len({len(row.cells) for row in grid.rows}) != 1:
        return [grid]
    return _by_columns(grid, above) or ([] if above else _by_rows(grid)) or [grid]


def _by_columns(grid: Grid, above: str | None) -> list[Grid]:
    first, body = grid.rows[0].cells, grid.rows[1:]
    stages = [_stage(head) for head in first]
    columns = [column for column, stage in enumerate(stages) if stage]
    labels = tuple(row.cells[0] for row in body) if 0 not in columns else ()
    if not body or labels == first[1:] or not _are_stages([first[column] for column in columns], above):
        return []
    if not all(_is_numeric(row.cells[column]) for row in body for column in columns):
        return []
    named = labels if any(map(is_word, labels)) else None
    return [
        Grid(tuple(replace(row, cells=_numbers(row, column)) for row in body), lead=first[column], labels=named or ())
        for column in columns
    ]


def _by_rows(grid: Grid) -> list[Grid]:
    names = [row.cells[0] for row in grid.rows]
    headed = grid.headed or not is_number(grid.rows[0].cells[-1])
    body = grid.rows[headed:]
    inner = [cell for row in body for cell in row.cells[1:]]
    if len(grid.rows[0].cells) < 2 or tuple(names[headed:]) == grid.rows[0].cells[1:]:
        return []
    if (
        not _are_stages(names[headed:], None)
        or not all(map(_stage, names[headed:]))
        or not all(map(_is_numeric, inner))
    ):
        return []
    header = [replace(grid.rows[0], cells=grid.rows[0].cells[1:])] if headed else []
    return [
        Grid((*header, replace(row, cells=row.cells[1:])), lead=row.cells[0], headed=headed, labels=()) for row in body
    ]


def _stage(name: str) -> str | None:
    stage = stage_in(name) if is_word(name) else None
    return stage if stage in STAGES else None


def _are_stages(names: Sequence[str], above: str | None) -> bool:
    """Whether names are different stages, at least two, and not letters under a heading that names another."""
    stages = [_stage(name) for name in names]
    return len(names) > 1 and len(set(stages)) == len(stages) and not (above and max(map(len, names)) <= _PLAIN_NAME)


def _is_numeric(cell: str) -> bool:
    return looks_numeric(cell) or cell in MISSING or bool(VECTOR_CELL.fullmatch(cell))


def _numbers(row: Row, column: int) -> tuple[str, ...]:
    vector = VECTOR_CELL.fullmatch(row.cells[column])
    return tuple(split_cells(vector[1].strip(), row.line)) if vector else (row.cells[column],)
