"""The formats in the order in which each line is tried, and what only sets off code or formulas."""

from collections.abc import Callable

from checking.reading.arrays import arrays, next_opening
from checking.reading.copied import cells_a_line, column_names, counted_columns
from checking.reading.delimited import separated, tabs
from checking.reading.html_tables import html_tables
from checking.reading.latex import MATRIX, matrices
from checking.reading.markdown import pipes
from checking.reading.plain_lines import plain_row, sums
from checking.reading.source import Block, Found, Source, Words

_IN_WORDS = "among words, in no row or table"
_IN_A_FORMULA = "in a formula without a matrix"
_BESIDE = "beside the numbers of a table"


def blocks(source: Source, start: int, stop: int) -> list[Block]:
    """The lines from `start` to before `stop`, each in the format that reads it."""
    made: list[Block] = []
    line = start
    while line < stop:
        made += _fenced(source, line) or [_block(source, line)]
        line = made[-1].stop
    return made


def _block(source: Source, line: int) -> Block:
    for reader, why in _READERS.items():
        if found := reader(source, line):
            return Block(line, found[1], tuple(found[0]), why)
    return Block(line, line + 1, (Words(line + 1, source.lines[line].strip()),), _IN_WORDS)


def _fenced(source: Source, line: int) -> list[Block]:
    """What only sets off code or a formula. A formula that holds neither matrix nor array is left out whole."""

    def blank(line: int) -> Block:
        return Block(line, line + 1, (Words(line + 1, ""),), _IN_WORDS)

    stripped = source.lines[line].strip()
    if stripped.startswith("```") or stripped in (r"\[", r"\]", r"\(", r"\)"):
        return [blank(line)]
    if stripped != "$$":
        return []
    end = source.next_line("$$", line + 1)
    if end is None:
        return [blank(line)]
    holds_array = next_opening(source, source.start(line), source.end(end)) is not None
    if holds_array or MATRIX.search(source.text, source.start(line), source.end(end)):
        return [blank(line), *blocks(source, line + 1, end), blank(end)]
    return [Block(line, end + 1, (Words(line + 1, ""),), _IN_A_FORMULA)]


_READERS: dict[Callable[[Source, int], Found], str] = {  # and what is to say of what they leave out
    html_tables: _BESIDE,
    matrices: "in a formula, beside a matrix",
    arrays: "beside an array: given to a function, or a size",
    pipes: _BESIDE,
    tabs: _BESIDE,
    sums: "what a sum comes to",
    separated: _BESIDE,
    counted_columns: _BESIDE,
    column_names: _BESIDE,
    cells_a_line: _BESIDE,
    plain_row: "in the words before a row",
}
