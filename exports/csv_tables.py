"""Every table of a calculation as CSV: exact numbers that can be read back, and words that no spreadsheet executes."""

import csv
import io
import re
from collections.abc import Sequence

from attention_core import Calculation
from attention_core.attention import Floats
from attention_core.experiment import WEIGHT_TABLES
from presentation.tables import column_names, context_columns, matrix_of, row_labels, vector_columns

# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")

Cell = str | float | None


def csv_tables(calculation: Calculation) -> dict[str, str]:
    """File stem -> CSV text, in the order of the calculation.

    Each table has a heading row and names its rows in the first column. Numbers are written in full, so that reading
    them gives the very same floats. A scaled score is an empty cell where the word may not look.
    """
    experiment, attention = calculation.experiment, calculation.attention
    labels = calculation.labels
    edited = {
        table: _csv(
            "word" if table == "embeddings" else "dimension",
            row_labels(experiment, table),
            column_names(experiment, table),
            matrix_of(experiment, table).tolist(),
        )
        for table in ("embeddings", *WEIGHT_TABLES)
    }

    def by_position(columns: Sequence[str], numbers: Floats) -> str:
        return _csv("word", labels, columns, numbers.tolist())

    return edited | {
        "x": by_position(experiment.dimensions, calculation.x),
        "q": by_position(vector_columns("q", experiment.d_k), calculation.q),
        "k": by_position(vector_columns("k", experiment.d_k), calculation.k),
        "v": by_position(vector_columns("v", experiment.d_v), calculation.v),
        "scores": by_position(labels, attention.scores),
        "scaled_scores": _csv("word", labels, labels, _without_forbidden(calculation)),
        "weights": by_position(labels, attention.weights),
        "context": by_position(context_columns(calculation), calculation.context),
    }


def harmless(text: str) -> str:
    """People's text as a spreadsheet shows it: with an apostrophe before what would be taken for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _without_forbidden(calculation: Calculation) -> list[list[float | None]]:
    return [
        [score if allowed else None for score, allowed in zip(*row, strict=True)]
        for row in zip(calculation.attention.scaled_scores.tolist(), calculation.allowed.tolist(), strict=True)
    ]


def _csv(corner: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> str:
    """A heading row, then a row for each name. The csv module writes floats by their repr and None as an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([corner, *map(harmless, columns)])
    writer.writerows([harmless(name), *numbers] for name, numbers in zip(rows, cells, strict=True))
    return text.getvalue()
