"""Grids become tables, each with the stage and the heading that the words before it tell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from attention_core.stages import SQUARES
from checking.reading.by_stage import parted_by_stage
from checking.reading.cells import Number
from checking.reading.errors import ReadingError, shortened, stopped
from checking.reading.labels import Numbers, numbers_in
from checking.reading.source import Grid, Words
from checking.reading.stage_names import stage_in
from checking.reading.words_before import Lead, heading_of, inherits, known, lead_of, named_word

MAX_NUMBERS = 60_000  # what is read in about a second
MAX_TABLES = 100  # what a page can show
_MAX_HEADING = 120


@dataclass(frozen=True)
class ReadTable:
    """One table, rectangular. Labels are the words that were written, or ()."""

    stage: str | None  # a key of STAGES if the words before it say so
    heading: str  # the words before it, shortened
    rows: tuple[tuple[Number | None, ...], ...]  # None where a cell was empty
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    line: int  # where it begins, from 1


def tables_of(pieces: Iterable[Words | Grid]) -> Iterator[tuple[Grid, tuple[ReadTable, ...]]]:
    """The tables of each grid, with what the words since the table before it say."""
    texts: list[Words] = []
    count = made = 0
    for piece in pieces:
        if isinstance(piece, Words):
            texts.append(piece)
            continue
        parts = [(grid, numbers_in(grid)) for grid in parted_by_stage(piece, heading_of(texts)[0])]
        tables = tuple(_table(grid, numbers, texts) for grid, numbers in parts if numbers)
        if not tables:
            continue
        count += sum(len(row) for table in tables for row in table.rows)
        made += len(tables)
        if count > MAX_NUMBERS:
            raise _too_many(piece, f"{MAX_NUMBERS:,} numbers")
        if made > MAX_TABLES:
            raise _too_many(piece, f"{MAX_TABLES} tables")
        yield piece, tables
        texts = []


def _too_many(grid: Grid, most: str) -> ReadingError:
    return stopped(grid.line, " ".join(grid.rows[0].cells), f"up to {most} can be read here, and there are more")


def _table(grid: Grid, numbers: Numbers, texts: Sequence[Words]) -> ReadTable:
    lead = lead_of(grid.lead)
    above, heading = heading_of(texts)
    if above and lead.counts:
        lead = Lead()
    stage = lead.stage or (above if inherits(lead) else None) or stage_in(numbers.corner)
    stage = None if grid.is_factor else known(stage)
    rows, labels, columns = numbers.rows, numbers.row_labels, numbers.column_labels
    if stage in SQUARES and len(rows) > 1 and all(len(row) == 1 for row in rows):  # one row, written downwards
        rows, labels, columns = (tuple(row[0] for row in rows),), (), labels
    if not labels and len(rows) == 1:
        label = named_word(grid.lead) or named_word(heading)
        labels = (label,) if label else ()
    return ReadTable(stage, shortened(lead.text or heading, _MAX_HEADING), rows, labels, columns, grid.line)
