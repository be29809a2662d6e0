r"""Matrices of LaTeX: \begin{bmatrix} … \end{bmatrix} and its relatives."""

import re
from dataclasses import replace

from checking.reading.errors import stopped
from checking.reading.markup import from_latex
from checking.reading.segments import Segment, from_segments
from checking.reading.source import Found, Row, Source

MATRIX = re.compile(r"\\begin\{((?:[bpvBV]|small)?matrix\*?|array)\}(?:\[[a-z]\])?(?:\{[^{}]*\})?")
_MATRIX_TOKEN = re.compile(r"\\\\(?:\[[^\]\n]*\])?|\\(?:hline|cline\{[^{}]*\})|\\.|&|[^\\&]+", re.DOTALL)


def matrices(source: Source, line: int) -> Found:
    r"""LaTeX: \begin{bmatrix} ... \end{bmatrix} and its relatives, one or more on a line."""
    if r"\begin" not in source.lines[line]:
        return None
    segments: list[Segment] = []
    position, last = source.start(line), line
    while opening := MATRIX.search(source.text, position, source.end(last)):
        closing = source.text.find(rf"\end{{{opening[1]}}}", opening.end())
        if closing < 0:
            raise stopped(source.line_at(opening.start()) + 1, opening[0], rf"expected was \end{{{opening[1]}}}")
        body = source.text[opening.end() : closing]
        rows = _matrix_rows(body, source.line_at(opening.start()) + 1)
        segments.append(Segment(source.text[position : opening.start()], (rows,)))
        position = closing + len(rf"\end{{{opening[1]}}}")
        last = source.line_at(position)
    if not segments:
        return None
    return from_segments(segments, source.text[position : source.end(last)], line), last + 1


def _matrix_rows(body: str, line: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    cells: list[str] = []
    cell, begun = "", line
    for token in _MATRIX_TOKEN.finditer(body):
        line += token[0].count("\n")
        if token[0].startswith(r"\\"):
            rows.append(Row(begun, "", (*cells, cell)))
            cells, cell = [], ""
        elif token[0] == "&":
            cells.append(cell)
            cell = ""
        else:
            begun = line if not cells and not cell.strip() else begun
            cell += token[0]
    rows.append(Row(begun, "", (*cells, cell)))
    cleaned = (replace(row, cells=tuple(map(from_latex, row.cells))) for row in rows)
    return tuple(row for row in cleaned if any(row.cells))
