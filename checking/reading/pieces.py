"""The formats in the order in which each line is tried, and what only sets off code or formulas."""

from collections.abc import Callable

from checking.reading.arrays import arrays, next_opening
from checking.reading.delimited import separated, tabs
from checking.reading.latex import MATRIX, matrices
from checking.reading.markdown import pipes
from checking.reading.plain_lines import column_names, plain_row, sums
from checking.reading.source import Found, Piece, Source, Words


def pieces(source: Source, start: int, stop: int) -> list[Piece]:
    """The pieces of the lines from `start` to before `stop`."""
    made: list[Piece] = []
    line = start
    while line < stop:
        for reader in _READERS:
            found = reader(source, line)
            if found:
                made += found[0]
                line = found[1]
                break
        else:
            made.append(Words(line + 1, source.lines[line].strip()))
            line += 1
    return made


def _fence(source: Source, line: int) -> Found:
    """What only sets off code or a formula. A formula that holds neither matrix nor array is left out whole."""
    stripped = source.lines[line].strip()
    if stripped.startswith("```") or stripped in (r"\[", r"\]", r"\(", r"\)"):
        return [Words(line + 1, "")], line + 1
    if stripped != "$$":
        return None
    end = next((other for other in range(line + 1, len(source.lines)) if source.lines[other].strip() == "$$"), None)
    if end is None:
        return [Words(line + 1, "")], line + 1
    blank: list[Piece] = [Words(line + 1, "")]
    holds_array = next_opening(source, source.start(line), source.end(end)) is not None
    holds_array = holds_array or bool(MATRIX.search(source.text, source.start(line), source.end(end)))
    return [*blank, *(pieces(source, line + 1, end) if holds_array else []), *blank], end + 1


_READERS: tuple[Callable[[Source, int], Found], ...] = (
    _fence,
    matrices,
    arrays,
    pipes,
    tabs,
    sums,
    separated,
    column_names,
    plain_row,
)
