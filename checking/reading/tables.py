"""Grids become tables, each with the stage and the heading that the words before it tell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from attention_core.stages import SQUARES
from checking.reading.by_stage import parted_by_stage
from checking.reading.cells import Number
from checking.reading.errors import ReadingError, shortened, stopped
from checking.reading.heads import Heads, is_a_result, is_only_a_head
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
    head: str = ""  # whose it is, such as "Head 2"; "" where no words tell of heads
    is_together: bool = False  # it stands behind words of what all heads make together
    has_a_heads_name: bool = False  # right before its numbers stands nothing but whose they are


def tables_of(pieces: Iterable[Words | Grid]) -> Iterator[tuple[Grid, tuple[ReadTable, ...]]]:
    """The tables of each grid, with what the words since the table before it say."""
    texts: list[Words] = []
    heads, before = Heads(), None
    count = made = 0
    for piece in pieces:
        if isinstance(piece, Words):
            texts.append(piece)
            continue
        parts = [(grid, numbers_in(grid)) for grid in parted_by_stage(piece, heading_of(texts)[0])]
        tables = tuple(
            _of_head(_table(grid, numbers, texts), grid, texts, heads, before) for grid, numbers in parts if numbers
        )
        if not tables:
            continue
        before = tables[-1]
        count += sum(len(row) for table in tables for row in table.rows)
        made += len(tables)
        if count > MAX_NUMBERS:
            raise _too_many(piece, f"{MAX_NUMBERS:,} numbers")
        if made > MAX_TABLES:
            raise _too_many(piece, f"{MAX_TABLES} tables")
        yield piece, tables
        texts = []


def _of_head(table: ReadTable, grid: Grid, texts: Sequence[Words], heads: Heads, before: ReadTable | None) -> ReadTable:
    """The table with its head. Where it has no other name, it is what the table of the head before it is.

    So it is below a heading such as "Queries", where "Head 1" and "Head 2" follow.
    """
    head = heads.of("" if grid.labels else grid.lead, texts, len(table.rows))  # "q_1 =" may name a row
    words = [text.text for text in texts if text.text] + [grid.lead] * bool(grid.lead)
    name = words[-1] if words and head else ""
    stage = table.stage
    if stage is None and is_only_a_head(name):
        if before and before.has_a_heads_name and before.head != head and len(words) == 1 and _is_alike(before, table):
            stage = before.stage
        elif is_a_result(name):
            stage = "context"
    return replace(table, stage=stage, head=head, is_together=heads.is_together, has_a_heads_name=is_only_a_head(name))


def _is_alike(one: ReadTable, other: ReadTable) -> bool:
    return len(one.rows) == len(other.rows) and len(one.rows[0]) == len(other.rows[0])


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
