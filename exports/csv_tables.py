"""Every table of a calculation as CSV: exact numbers that can be read back, and words that no spreadsheet executes."""

import csv
import io
import math
import re
from collections.abc import Sequence

from attention_core import DERIVED, STAGES, Calculation, Stage
from attention_core.stages import EDITED, OF_ONE_HEAD, Along
from presentation.tables import stage_columns, stage_rows

TABLES = tuple(stage for stage in STAGES if stage in (*EDITED, Stage.W_O, *DERIVED))  # the stems of the files' names

# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")

Cell = str | float | None


def csv_tables(calculation: Calculation) -> dict[str, str]:
    """File stem -> CSV text, in the order of the calculation: those of the chosen head, and of each where there are
    several in a folder of its own.

    Each table has a heading row and names its rows in the first column. Numbers are written in full, so that reading
    them gives the very same floats. A scaled score is an empty cell where the word may not look.
    """
    stages = [stage for stage in TABLES if stage in calculation.stages]
    tables = {stage.value: csv_table(calculation, stage) for stage in stages}
    of_heads = [calculation.of_head(place) for place in range(len(calculation.heads))] if calculation.joins else []
    for number, head in enumerate(of_heads, start=1):
        tables |= {f"head_{number}/{stage}": csv_table(head, stage) for stage in stages if stage in OF_ONE_HEAD}
    return tables


def csv_table(calculation: Calculation, stage: Stage) -> str:
    """One table, of the chosen head."""
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
