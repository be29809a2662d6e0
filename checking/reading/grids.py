"""Rows that belong together become one grid."""

from collections.abc import Iterable, Iterator, Sequence

from checking.reading.errors import ReadingError, stopped
from checking.reading.source import Grid, Piece, Row, Words
from checking.reading.words_before import lead_of


def gathered(pieces: Iterable[Piece]) -> Iterator[Words | Grid]:
    """The pieces with rows that belong together as one grid."""
    open_rows: list[Row] = []
    parted = False  # by an empty line
    for piece in [*pieces, Words(0, ".")]:
        if isinstance(piece, Row):
            if open_rows and not _continues(open_rows, piece, parted=parted):
                yield _grid_of(open_rows)
                open_rows = []
            open_rows.append(piece)
            parted = False
        elif open_rows and isinstance(piece, Words) and not piece.text:
            parted = True
        else:
            if open_rows:
                yield _grid_of(open_rows)
                open_rows = []
            parted = False
            yield piece


def _continues(rows: Sequence[Row], row: Row, *, parted: bool) -> bool:
    """Whether a row belongs to those before it. Raises ReadingError where it ought to but has another length."""
    first = rows[-1]
    if row.names_columns:
        return False
    if first.names_columns:
        return True
    lead, other = lead_of(row.lead), lead_of(first.lead)
    if lead.stage != other.stage or (lead.label == "") != (other.label == ""):
        return False
    if not lead.label and (lead.stage or parted or lead.text):
        return False
    if len(row.cells) == len(first.cells):
        return True
    if parted or lead.stage or row.lead.rstrip().endswith("="):
        return False
    raise ragged(row.line, len(row.cells), len(first.cells), " ".join(row.cells))


def ragged(line: int, count: int, others: int, quoted: str) -> ReadingError:
    return stopped(line, quoted, f"line {line} has {_counted(count)}, but the others of its table have {others}")


def _counted(count: int) -> str:
    return f"{count} number{'s' * (count != 1)}"


def _grid_of(rows: Sequence[Row]) -> Grid:
    """Rows that follow each other as one grid."""
    headed = rows[0].names_columns
    leads = [lead_of(row.lead) for row in rows[headed:]]
    labels = tuple(lead.label for lead in leads) if leads[0].label else ()
    named = rows[headed].lead if leads[0].stage or (leads[0].text and not leads[0].label) else ""
    return Grid(tuple(rows), lead=named, headed=headed, labels=labels)
