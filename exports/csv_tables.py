"""Every table of a calculation as CSV: exact numbers that can be read back, and words that no spreadsheet executes."""

import csv
import io
import math
import re
from collections.abc import Sequence

from attention_core import DERIVED, STAGES, Calculation, Stage
from attention_core.stages import EDITED, Along
from presentation.tables import stage_columns, stage_rows

TABLES = (*EDITED, *DERIVED)  # the stems of the names of the files

# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")

Cell = str | float | None


def csv_tables(calculation: Calculation) -> dict[str, str]:
    """File stem -> CSV text, in the order of the calculation.

    Each table has a heading row and names its rows in the first column. Numbers are written in full, so that reading
    them gives the very same floats. A scaled score is an empty cell where the word may not look.
    """
    return {stage: _of_stage(calculation, stage) for stage in TABLES}


def _of_stage(calculation: Calculation, stage: Stage) -> str:
    corner = "dimension" if STAGES[stage].rows is Along.D_MODEL else "word"
    cells = [[None if number == -math.inf else number for number in row] for row in calculation.table(stage).tolist()]
    return _csv(corner, stage_rows(calculation, stage), stage_columns(calculation, stage), cells)


def harmless(text: str) -> str:
    """People's text as a spreadsheet shows it: with an apostrophe before what would be taken for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _csv(corner: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> str:
    """A heading row, then a row for each name. The csv module writes floats by their repr and None as an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([corner, *map(harmless, columns)])
    writer.writerows([harmless(name), *numbers] for name, numbers in zip(rows, cells, strict=True))
    return text.getvalue()
