"""Rows and arrays in square brackets, as Python, NumPy and PyTorch write and print them."""

import re
from collections.abc import Iterable
from dataclasses import replace

from checking.reading.cells import COMMA_MAY_BE_EITHER, is_number, split_cells
from checking.reading.errors import stopped
from checking.reading.segments import Segment, from_segments
from checking.reading.source import Found, Grid, Piece, Row, Source
from checking.reading.stage_names import FAR
from checking.reading.words_before import introduces

_PUNCTUATION = " \t\n.,;:)}$"
_ARRAY = re.compile(
    r"\[\s*+(?:\[\s*+){0,7}+(?=[\"']?[-+−–‒]?\s?(?:\.?[0-9]|inf|∞|nan|np\.(?:float|inf))|(?:np\.)?float\()",
    re.IGNORECASE,
)
_INTEGER_PAIR = re.compile(r"[-+−–‒]?(?!0,)[0-9]+,[0-9]+")  # 1,2 but not 0,5
_NESTED = re.compile(r"\[\s*+\[")
_HALF_OPEN = re.compile(r"\[[^\[\](),\n]{1,20},[^\[\](),\n]{1,20}\)")
_SQUARE = re.compile(r"[\[\]]|#[^\n]*")
_ROUND = re.compile(r"[()]|#[^\n]*")
_ARRAY_PART = re.compile(r"[\[\]]|#[^\n]*|[^\[\]#]+")
_CALL = re.compile(r"(?:\\[a-z]+\{)?[A-Za-z_][\w.]*\}?\(\s*$")
_MAKES_ARRAY = re.compile(
    r"(?:^|\.)(?:as)?(?:array|matrix|tensor|Tensor|FloatTensor|Array|Matrix|DataFrame|constant|Variable|print)\(\s*$"
)
_TENSOR_FLOW = re.compile(r"<tf\.(?:Tensor|Variable)\b[^<>]{0,200}\bnumpy=\s*array\(\s*$")
_METHODS = re.compile(r"(?:\.\w+(?:\([^()\n]*\))?)+")
_SCALAR = re.compile(r"(?:np|numpy)\.float[0-9]+\((.*)\)")


def arrays(source: Source, line: int) -> Found:
    """Python, NumPy and PyTorch: rows and arrays in square brackets, one or more on a line."""
    segments: list[Segment] = []
    position, last = source.start(line), line
    while (opening := next_opening(source, position, source.end(last))) is not None:
        gap, call, is_argument = _without_call(source.text[position:opening])
        nested = bool(_NESTED.match(source.text, opening))
        if not nested and not call and not introduces(gap, is_first=not segments):
            return None
        if not nested and _HALF_OPEN.match(source.text, opening):
            return None
        closing = _closing(source, opening, "[]")
        rows = () if is_argument else _array_rows(source, opening, closing)
        if rows and not nested and not call and len(rows[0][0].cells) < 2 and not gap.rstrip().endswith((":", "=")):
            return None
        segments.append(Segment(gap, rows, is_row=not nested and sum(map(len, rows)) == 1))
        position = _after_call(source, opening, closing) if call else closing
        last = source.line_at(position)
    if not segments:
        return None
    tail, comment, remark = source.text[position : source.end(last)].partition("#")
    if any(segment.is_row for segment in segments) and tail.strip(_PUNCTUATION):
        return None
    if comment and segments[-1].rows and not segments[-1].is_row:
        segments[-1] = _with_last_label(segments[-1], remark.strip())
    pieces = [_with_comments(piece) for piece in from_segments(segments, tail, line)]
    return pieces, last + 1


def next_opening(source: Source, position: int, end: int) -> int | None:
    """The first square bracket before `end` that a number follows."""
    while (position := source.text.find("[", position, end)) >= 0:
        if _ARRAY.match(source.text, position) and source.text[position - 1 : position] != "\\":
            return position
        position += 1
    return None


def _closing(source: Source, opening: int, pair: str) -> int:
    """The position after the bracket that closes the one at `opening`."""
    depth = 0
    for match in (_SQUARE if pair == "[]" else _ROUND).finditer(source.text, opening):
        if match[0] == pair[0]:
            depth += 1
        elif match[0] == pair[1]:
            depth -= 1
            if depth == 0:
                return match.end()
    line = source.line_at(opening)
    begun = source.text[opening : source.end(line)]
    raise stopped(line + 1, begun, f"its bracket is not closed, and expected was a “{pair[1]}”")


def _without_call(gap: str) -> tuple[str, bool, bool]:
    """The words before an array without `np.array(`, whether that stood there, and whether it is another function.

    What is given to another function, as in `softmax([1, 2]) = [0.27, 0.73]`, is not what the words before it name.
    """
    call = _CALL.search(gap[-FAR:])
    if call is None:
        return gap, False, False
    makes_array = bool(_MAKES_ARRAY.search(call[0]))
    if framed := _TENSOR_FLOW.search(gap):
        return gap[: framed.start()], True, False
    return gap[: len(gap) - len(call[0])] + ("" if makes_array else call[0].rstrip("( \n")), True, not makes_array


def _after_call(source: Source, opening: int, closing: int) -> int:
    """The position after `, dtype=float32)` and `.round(2)`."""
    end = _closing(source, source.text.rfind("(", 0, opening), "()")
    method = _METHODS.match(source.text, max(end, closing))
    return method.end() if method else end


def _array_rows(source: Source, opening: int, closing: int) -> tuple[tuple[Row, ...], ...]:
    """The rows between two brackets, table by table. A comment behind a row becomes its lead."""
    tables: list[list[Row]] = [[]]
    depths: set[int] = set()
    depth, line = 0, source.line_at(opening) + 1
    for match in _ARRAY_PART.finditer(source.text, opening, closing):
        part = match[0]
        if part == "[":
            depth += 1
            if tables[-1] and depth == _depth_of_rows(depths) - 1:
                tables.append([])
        elif part == "]":
            depth -= 1
        elif part.startswith("#"):
            if tables[-1]:
                tables[-1][-1] = replace(tables[-1][-1], lead=part[1:].strip())
        elif source.text[match.start() - 1] == "[" and part.strip():
            depths.add(depth)
            begun = line + part[: len(part) - len(part.lstrip())].count("\n")
            for row in _rows_at_semicolons(part, begun):
                cells = tuple(_unwrapped(cell) for cell in split_cells(row, begun))
                tables[-1].append(Row(begun, "", cells))
        elif part.strip(" \t\n,;") or len(depths) > 1:
            raise stopped(line, part, "expected were rows of numbers in brackets, all nested alike")
        line += part.count("\n")
    if len(depths) != 1:
        raise stopped(line, source.text[opening:closing], "expected were rows of numbers, all nested alike")
    return tuple(map(tuple, tables))


def _rows_at_semicolons(content: str, line: int) -> list[str]:
    """The rows of a matrix as MATLAB writes it, or the whole where semicolons stand between numbers."""
    rows = [row.strip() for row in content.split(";")]
    rows = rows[:-1] if not rows[-1] else rows
    if len(rows) < 2 or not all(rows):
        return [content]
    if all(map(is_number, rows)):
        if all(map(_INTEGER_PAIR.fullmatch, rows)):
            raise stopped(line, content, COMMA_MAY_BE_EITHER)
        return [content]
    return rows


def _depth_of_rows(depths: Iterable[int]) -> int:
    return max(depths, default=0)


def _unwrapped(cell: str) -> str:
    return match[1] if (match := _SCALAR.fullmatch(cell)) else cell


def _with_last_label(segment: Segment, remark: str) -> Segment:
    """An array with the comment behind its last line as the lead of its last row."""
    *others, rows = segment.rows
    return replace(segment, rows=(*others, (*rows[:-1], replace(rows[-1], lead=remark))))


def _with_comments(piece: Piece) -> Piece:
    """An array whose rows all have a comment takes them as labels."""
    if not isinstance(piece, Grid):
        return piece
    leads = tuple(row.lead.strip("\"'“” ") for row in piece.rows)
    return replace(piece, labels=leads if all(leads) else ())
