"""Tables of numbers, read from what a person pastes: spreadsheets, Markdown, LaTeX, Python or plain lines.

Four steps: lines become pieces (a line of words, a row, a grid), rows that belong together become grids, grids become
numbers with labels, and the words before a grid tell its stage. Nothing is guessed: what cannot be read is an error.
"""

import re

from checking.reading.cells import Number
from checking.reading.errors import MAX_QUOTED, ReadingError, shortened
from checking.reading.grids import gathered
from checking.reading.pieces import pieces
from checking.reading.source import Source
from checking.reading.stage_names import STAGES
from checking.reading.tables import MAX_NUMBERS, ReadTable, tables_of

__all__ = ["MAX_NUMBERS", "MAX_TEXT", "STAGES", "Number", "ReadTable", "ReadingError", "read"]

MAX_TEXT = 200_000  # characters
_TYPOGRAPHY = re.compile("[\u00a0\u2007\u2009\u202f\ufeff]")  # spaces that do not look different
_DELIMITER_SIZE = re.compile(r"\\(?:left|right|bigl|bigr|Bigl|Bigr)(?=[\[\]()|.])\.?")


def read(text: str) -> tuple[ReadTable, ...]:
    """All tables of a text, in their order. Raises ReadingError where one is damaged, and where there is none."""
    if len(text) > MAX_TEXT:
        raise ReadingError(f"The text has {len(text):,} characters; up to {MAX_TEXT:,} can be read here.")
    source = Source(_TYPOGRAPHY.sub(" ", _DELIMITER_SIZE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))
    tables = tuple(tables_of(gathered(pieces(source, 0, len(source.lines)))))
    if not tables:
        quoted = shortened(" ".join(text.split()), MAX_QUOTED)
        started = f"It begins “{quoted}”" if quoted else "It is empty"
        raise ReadingError(
            f"No table of numbers was found from line 1 to line {len(source.lines)}. {started}; expected was something "
            "like “Scores: [0.15, 0.56]”, rows of numbers, or cells copied from a spreadsheet."
        )
    return tables
