"""Grids become tables, each with the stage and the heading that the words before it tell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checking.reading.cells import Number
from checking.reading.errors import shortened, stopped
from checking.reading.labels import Numbers, numbers_in
from checking.reading.source import Grid, Words
from checking.reading.stage_names import stage_in
from checking.reading.words_before import heading_of, inherits, known, lead_of, named_word

MAX_NUMBERS = 60_000  # what is read in about a second
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


def tables_of(pieces: Iterable[Words | Grid]) -> Iterator[ReadTable]:
    """The grids as tables, each with what the words since the table before it say."""
    texts: list[Words] = []
    count = 0
    for piece in pieces:
        if isinstance(piece, Words):
            texts.append(piece)
            continue
        numbers = numbers_in(piece)
        if numbers is None:
            continue
        count += sum(map(len, numbers.rows))
        if count > MAX_NUMBERS:
            raise stopped(
                piece.line,
                " ".join(piece.rows[0].cells),
                f"up to {MAX_NUMBERS:,} numbers can be read here, and there are more",
            )
        yield _table(piece, numbers, texts)
        texts = []


def _table(grid: Grid, numbers: Numbers, texts: Sequence[Words]) -> ReadTable:
    lead = lead_of(grid.lead)
    above, heading = heading_of(texts)
    stage = lead.stage or (above if inherits(lead) else None) or stage_in(numbers.corner)
    labels = numbers.row_labels
    if not labels and len(numbers.rows) == 1:
        label = named_word(grid.lead or heading)
        labels = (label,) if label else ()
    heading = shortened(lead.text or heading, _MAX_HEADING)
    return ReadTable(
        None if grid.is_factor else known(stage), heading, numbers.rows, labels, numbers.column_labels, grid.line
    )
