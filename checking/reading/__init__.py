"""Tables of numbers, read from what a person pastes: spreadsheets, Markdown, LaTeX, Python or plain lines.

Four steps: lines become pieces (a line of words, a row, a grid), rows that belong together become grids, grids become
numbers with labels, and the words before a grid tell its stage. Nothing is guessed: what cannot be read is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checking.reading.cells import Number
from checking.reading.errors import MAX_QUOTED, ReadingError, shortened
from checking.reading.grids import gathered
from checking.reading.left_out import LeftOut, left_out
from checking.reading.pieces import blocks
from checking.reading.source import Source
from checking.reading.spelling import spelled
from checking.reading.stage_names import STAGES
from checking.reading.tables import MAX_NUMBERS, MAX_TABLES, ReadTable, tables_of

__all__ = [
    "MAX_LINES",
    "MAX_NUMBERS",
    "MAX_TABLES",
    "MAX_TEXT",
    "STAGES",
    "LeftOut",
    "Number",
    "ReadTable",
    "Reading",
    "ReadingError",
    "read",
    "reading_of",
]

MAX_TEXT = 200_000  # characters
MAX_LINES = 10_000  # more than all tables of the longest sentence have


@dataclass(frozen=True)
class Reading:
    """Everything that was read: each number stands in a table or is left out."""

    tables: tuple[ReadTable, ...]
    left_out: tuple[LeftOut, ...]


def read(text: str) -> tuple[ReadTable, ...]:
    """All tables of a text, in their order. Raises ReadingError as `reading_of` does."""
    return reading_of(text).tables


def reading_of(text: str) -> Reading:
    """Everything in a text. Raises ReadingError where a table is damaged, and where there is none."""
    if len(text) > MAX_TEXT:
        raise ReadingError(f"The text has {len(text):,} characters; up to {MAX_TEXT:,} can be read here.")
    source = Source(spelled(text))
    if len(source.lines) > MAX_LINES:
        raise ReadingError(f"The text has {len(source.lines):,} lines; up to {MAX_LINES:,} can be read here.")
    found = blocks(source, 0, len(source.lines))
    taken = tuple(tables_of(gathered(piece for block in found for piece in block.pieces)))
    tables = tuple(table for _, tables in taken for table in tables)
    others = left_out(source, found, taken)
    if not tables:
        raise _nothing_found(text, len(source.lines), others)
    return Reading(tables, others)


def _nothing_found(text: str, lines: int, others: Sequence[LeftOut]) -> ReadingError:
    quoted = shortened(" ".join(text.split()), MAX_QUOTED)
    told = f"It begins “{quoted}”" if quoted else "It is empty"
    count = sum(len(each.numbers) for each in others)
    if count:
        first = f"“{shortened(others[0].numbers[0], MAX_QUOTED)}” in line {others[0].line}"
        told += (
            f" and holds {first} among words"
            if count == 1
            else f" and holds {count:,} numbers among words, the first {first}"
        )
    return ReadingError(
        f"No table of numbers was found from line 1 to line {lines}. {told}; expected was something "
        "like “Scores: [0.15, 0.56]”, rows of numbers, or cells copied from a spreadsheet."
    )
