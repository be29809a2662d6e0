"""Tables of numbers, read from what a person pastes: spreadsheets, Markdown, LaTeX, Python or plain lines.

Four steps: lines become pieces (a line of words, a row, a grid), rows that belong together become grids, grids become
numbers with labels, and the words before a grid tell its stage. Nothing is guessed: what cannot be read is an error.
"""

import csv
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

STAGES: dict[str, str] = {
    "embeddings": "Embeddings",
    "w_q": "W_Q",
    "w_k": "W_K",
    "w_v": "W_V",
    "q": "Queries",
    "k": "Keys",
    "v": "Values",
    "scores": "Scores",
    "scaled_scores": "Scaled scores",
    "exponentials": "Exponentials",
    "weights": "Attention weights",
    "context": "Context vectors",
}

MAX_TEXT = 200_000  # characters
MAX_NUMBERS = 60_000  # what is read in about a second

_MAX_HEADING = 120
_MAX_QUOTED = 40
_MAX_LEAD_WORDS = 10  # before a colon or an equals sign; more is prose
_MAX_LABEL_WORDS = 2  # before numbers without a colon
_FAR = 400  # characters of prose that are searched for the name of a stage


class ReadingError(ValueError):
    """Why a text cannot be read, in a sentence for the person who pasted it."""


@dataclass(frozen=True)
class Number:
    """One printed number."""

    text: str  # as it stood there
    value: float
    decimals: int  # places after the point of the last printed digit; "6.03e-06" has 8, "1.5e3" has -2


@dataclass(frozen=True)
class ReadTable:
    """One table, rectangular. Labels are the words that were written, or ()."""

    stage: str | None  # a key of STAGES if the words before it say so
    heading: str  # the words before it, shortened
    rows: tuple[tuple[Number | None, ...], ...]  # None where a cell was empty
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    line: int  # where it begins, from 1


def read(text: str) -> tuple[ReadTable, ...]:
    """All tables of a text, in their order. Raises ReadingError where one is damaged, and where there is none."""
    if len(text) > MAX_TEXT:
        raise ReadingError(f"The text has {len(text):,} characters; up to {MAX_TEXT:,} can be read here.")
    source = _Source(_TYPOGRAPHY.sub(" ", _DELIMITER_SIZE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))
    tables = tuple(_tables(_gathered(_pieces(source, 0, len(source.lines)))))
    if not tables:
        quoted = _shortened(" ".join(text.split()), _MAX_QUOTED)
        started = f"It begins “{quoted}”" if quoted else "It is empty"
        raise ReadingError(
            f"No table of numbers was found from line 1 to line {len(source.lines)}. {started}; expected was something "
            "like “Scores: [0.15, 0.56]”, rows of numbers, or cells copied from a spreadsheet."
        )
    return tables


# --- pieces ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """A line that holds no table; `text` is "" for an empty one."""

    line: int
    text: str


@dataclass(frozen=True)
class _Row:
    """A single row and the words before it."""

    line: int
    lead: str
    cells: tuple[str, ...]
    names_columns: bool = False


@dataclass(frozen=True)
class _Grid:
    """Rows of cells as they were written, perhaps with labels among them."""

    rows: tuple[_Row, ...]
    lead: str = ""
    headed: bool = False  # the first row certainly holds the names of the columns
    labels: tuple[str, ...] | None = None  # the names of the rows, if they do not stand in cells
    is_factor: bool = False  # stands in a product, so that the words before it name the result

    @property
    def line(self) -> int:
        return self.rows[0].line


_Piece = _Text | _Row | _Grid
_Found = tuple[list[_Piece], int] | None  # the pieces and the line after them, counted from 0


class _Source:
    """The text, its lines, and the way between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, line: int) -> int:
        return self._starts[line]

    def end(self, line: int) -> int:
        return self._starts[line + 1] - 1

    def line_at(self, position: int) -> int:
        """The line of a character, counted from 0."""
        return min(bisect_right(self._starts, position), len(self.lines)) - 1


def _pieces(source: _Source, start: int, stop: int) -> list[_Piece]:
    """The pieces of the lines from `start` to before `stop`."""
    pieces: list[_Piece] = []
    line = start
    while line < stop:
        for reader in _READERS:
            found = reader(source, line)
            if found:
                pieces += found[0]
                line = found[1]
                break
        else:
            pieces.append(_Text(line + 1, source.lines[line].strip()))
            line += 1
    return pieces


def _fence(source: _Source, line: int) -> _Found:
    """What only sets off code or a formula. A formula that holds neither matrix nor array is left out whole."""
    stripped = source.lines[line].strip()
    if stripped.startswith("```") or stripped in (r"\[", r"\]", r"\(", r"\)"):
        return [_Text(line + 1, "")], line + 1
    if stripped != "$$":
        return None
    end = next((other for other in range(line + 1, len(source.lines)) if source.lines[other].strip() == "$$"), None)
    if end is None:
        return [_Text(line + 1, "")], line + 1
    blank: list[_Piece] = [_Text(line + 1, "")]
    holds_array = _opening(source, source.start(line), source.end(end)) is not None
    holds_array = holds_array or bool(_MATRIX.search(source.text, source.start(line), source.end(end)))
    return [*blank, *(_pieces(source, line + 1, end) if holds_array else []), *blank], end + 1


@dataclass(frozen=True)
class _Segment:
    """A matrix, the words before it, and where it stands in its text."""

    gap: str
    rows: tuple[tuple[_Row, ...], ...]  # of each table, more than one where an array has three dimensions
    is_row: bool = False


def _matrices(source: _Source, line: int) -> _Found:
    r"""LaTeX: \begin{bmatrix} ... \end{bmatrix} and its relatives, one or more on a line."""
    if r"\begin" not in source.lines[line]:
        return None
    segments: list[_Segment] = []
    position, last = source.start(line), line
    while opening := _MATRIX.search(source.text, position, source.end(last)):
        closing = source.text.find(rf"\end{{{opening[1]}}}", opening.end())
        if closing < 0:
            raise _stopped(source.line_at(opening.start()) + 1, opening[0], rf"expected was \end{{{opening[1]}}}")
        body = source.text[opening.end() : closing]
        rows = _matrix_rows(body, source.line_at(opening.start()) + 1)
        segments.append(_Segment(source.text[position : opening.start()], (rows,)))
        position = closing + len(rf"\end{{{opening[1]}}}")
        last = source.line_at(position)
    if not segments:
        return None
    return _from_segments(segments, source.text[position : source.end(last)], line), last + 1


def _matrix_rows(body: str, line: int) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    cells: list[str] = []
    cell, begun = "", line
    for token in _MATRIX_TOKEN.finditer(body):
        line += token[0].count("\n")
        if token[0].startswith(r"\\"):
            rows.append(_Row(begun, "", (*cells, cell)))
            cells, cell = [], ""
        elif token[0] == "&":
            cells.append(cell)
            cell = ""
        else:
            begun = line if not cells and not cell.strip() else begun
            cell += token[0]
    rows.append(_Row(begun, "", (*cells, cell)))
    cleaned = (replace(row, cells=tuple(map(_from_latex, row.cells))) for row in rows)
    return tuple(row for row in cleaned if any(row.cells))


def _from_segments(segments: Sequence[_Segment], tail: str, line: int) -> list[_Piece]:
    """The matrices of a line. In X · W = Q, each written out, only the result has the name before the first."""
    pieces: list[_Piece] = []
    gaps = [segment.gap.strip(" \t\n$") for segment in segments[1:]] + [tail.strip(" \t\n$")]
    before, lead = "", segments[0].gap
    for segment, after in zip(segments, gaps, strict=True):
        if before not in _OPERATORS and before != "=":
            lead = segment.gap
        is_last = segment is segments[-1]
        is_product = (segment is not segments[0] and before in _OPERATORS) or (
            after in _OPERATORS if not is_last else after[:1] in _CONTINUED
        )
        for rows in segment.rows:
            if segment.is_row:
                pieces.append(replace(rows[0], lead=lead))
            elif rows:
                pieces.append(_Grid(rows, lead=lead, is_factor=is_product))
        before = after
    return pieces or [_Text(line + 1, "")]


def _arrays(source: _Source, line: int) -> _Found:
    """Python, NumPy and PyTorch: rows and arrays in square brackets, one or more on a line."""
    segments: list[_Segment] = []
    position, last = source.start(line), line
    while (opening := _opening(source, position, source.end(last))) is not None:
        gap, call, is_argument = _without_call(source.text[position:opening])
        nested = bool(_NESTED.match(source.text, opening))
        if not nested and not call and not _introduces(gap, is_first=not segments):
            return None
        if not nested and _HALF_OPEN.match(source.text, opening):
            return None
        closing = _closing(source, opening, "[]")
        rows = () if is_argument else _array_rows(source, opening, closing)
        if rows and not nested and not call and len(rows[0][0].cells) < 2 and not gap.rstrip().endswith((":", "=")):
            return None
        segments.append(_Segment(gap, rows, is_row=not nested))
        position = _after_call(source, opening, closing) if call else closing
        last = source.line_at(position)
    if not segments:
        return None
    tail, comment, remark = source.text[position : source.end(last)].partition("#")
    if any(segment.is_row for segment in segments) and tail.strip(_PUNCTUATION):
        return None
    if comment and segments[-1].rows and not segments[-1].is_row:
        segments[-1] = _with_last_label(segments[-1], remark.strip())
    pieces = [_with_comments(piece) for piece in _from_segments(segments, tail, line)]
    return pieces, last + 1


def _opening(source: _Source, position: int, end: int) -> int | None:
    """The first square bracket before `end` that a number follows."""
    while (position := source.text.find("[", position, end)) >= 0:
        if _ARRAY.match(source.text, position) and source.text[position - 1 : position] != "\\":
            return position
        position += 1
    return None


def _closing(source: _Source, opening: int, pair: str) -> int:
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
    raise _stopped(line + 1, begun, f"its bracket is not closed, and expected was a “{pair[1]}”")


def _without_call(gap: str) -> tuple[str, bool, bool]:
    """The words before an array without `np.array(`, whether that stood there, and whether it is another function.

    What is given to another function, as in `softmax([1, 2]) = [0.27, 0.73]`, is not what the words before it name.
    """
    call = _CALL.search(gap[-_FAR:])
    if call is None:
        return gap, False, False
    makes_array = bool(_MAKES_ARRAY.search(call[0]))
    return gap[: len(gap) - len(call[0])] + ("" if makes_array else call[0].rstrip("( \n")), True, not makes_array


def _after_call(source: _Source, opening: int, closing: int) -> int:
    """The position after `, dtype=float32)` and `.round(2)`."""
    end = _closing(source, source.text.rfind("(", 0, opening), "()")
    method = _METHODS.match(source.text, max(end, closing))
    return method.end() if method else end


def _array_rows(source: _Source, opening: int, closing: int) -> tuple[tuple[_Row, ...], ...]:
    """The rows between two brackets, table by table. A comment behind a row becomes its lead."""
    tables: list[list[_Row]] = [[]]
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
            cells = tuple(_unwrapped(cell) for cell in _split(part, begun))
            tables[-1].append(_Row(begun, "", cells))
        elif part.strip(" \t\n,;") or len(depths) > 1:
            raise _stopped(line, part, "expected were rows of numbers in brackets, all nested alike")
        line += part.count("\n")
    if len(depths) != 1:
        raise _stopped(line, source.text[opening:closing], "expected were rows of numbers, all nested alike")
    return tuple(map(tuple, tables))


def _depth_of_rows(depths: Iterable[int]) -> int:
    return max(depths, default=0)


def _unwrapped(cell: str) -> str:
    return match[1] if (match := _SCALAR.fullmatch(cell)) else cell


def _with_last_label(segment: _Segment, remark: str) -> _Segment:
    """An array with the comment behind its last line as the lead of its last row."""
    *others, rows = segment.rows
    return replace(segment, rows=(*others, (*rows[:-1], replace(rows[-1], lead=remark))))


def _with_comments(piece: _Piece) -> _Piece:
    """An array whose rows all have a comment takes them as labels."""
    if not isinstance(piece, _Grid):
        return piece
    leads = tuple(row.lead.strip("\"'“” ") for row in piece.rows)
    return replace(piece, labels=leads if all(leads) else ())


def _pipes(source: _Source, line: int) -> _Found:
    """A Markdown table, with or without its row of dashes."""
    if "|" not in source.lines[line]:
        return None
    run: list[_Row] = []
    headed, end = False, line
    while end < len(source.lines) and "|" in source.lines[end] and (cells := _pipe_cells(source.lines[end])):
        if all(map(_ALIGNMENT.fullmatch, cells)):
            headed = headed or len(run) == 1
        else:
            run.append(_Row(end + 1, "", tuple(map(_from_markdown, cells))))
        end += 1
    return _from_run(run, line, end, source, headed=headed)


def _pipe_cells(line: str) -> list[str]:
    """The cells of a line with pipes; escaped pipes do not part them. [] for a line with fewer than two."""
    cells = [match[1].strip() for match in _PIPE_CELL.finditer(line.strip())]
    if line.strip().startswith("|"):
        cells = cells[1:]
    if cells and not cells[-1]:
        cells.pop()
    return cells if len(cells) > 1 else []


def _tabs(source: _Source, line: int) -> _Found:
    """A block from a spreadsheet."""
    run, end = [], line
    while end < len(source.lines) and (cells := _tab_cells(source.lines, end)):
        run.append(_Row(end + 1, "", cells))
        end += 1
    return _from_run(run, line, end, source)


def _tab_cells(lines: Sequence[str], line: int) -> tuple[str, ...]:
    """The cells of a line with tabs. () for an indented line, a heading that has its row for itself, an empty row."""
    if "\t" not in lines[line]:
        return ()
    cells = tuple(cell.strip() for cell in lines[line].split("\t"))
    filled = [position for position, cell in enumerate(cells) if cell]
    if not filled or (filled == [0] and _is_word(cells[0])):
        return ()
    if "\t" not in lines[line].strip() and filled[0] > 0:  # indented, or a name above a single column
        below = lines[line + 1].split("\t") if line + 1 < len(lines) else []
        return cells if len(below) == len(cells) and below[0].strip() and filled == [1] else ()
    return cells


def _separated(source: _Source, line: int) -> _Found:
    """CSV with commas or semicolons."""
    for delimiter in ";,":
        if delimiter in source.lines[line]:
            return _separated_by(delimiter, source, line)
    return None


def _separated_by(delimiter: str, source: _Source, line: int) -> _Found:
    first = _delimited(source.lines[line], delimiter)
    if not _is_data(first):
        below = _delimited(source.lines[line + 1], delimiter) if line + 1 < len(source.lines) else ()
        is_header = len(first) == len(below) > 1 and not any(map(_is_number, first[1:])) and _is_data(below)
        if not is_header and not (first and not first[0] and _is_data(below)):
            return None
    run, end = [], line
    while end < len(source.lines):
        cells = _delimited(source.lines[end], delimiter)
        if len(cells) < 2 or (end > line and sum(map(_looks_numeric, cells[1:])) * 2 < len(cells) - 1):
            break
        run.append(_Row(end + 1, "", cells))
        end += 1
    for row in run:
        _check_commas(source.lines[row.line - 1], row.line)
    return _from_run(run, line, end, source)


def _delimited(line: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a line of CSV; () where its quotation marks are damaged or it does not hold the delimiter."""
    if delimiter not in line:
        return ()
    if '"' not in line:
        return tuple(cell.strip() for cell in line.split(delimiter))
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)))
    except csv.Error:
        return ()


def _is_data(cells: Sequence[str]) -> bool:
    """Whether cells are numbers, perhaps behind a label. A label with a number among its words is prose."""
    if len(cells) < 2 or not all(_looks_numeric(cell) or cell in _MISSING for cell in cells[1:]):
        return False
    label = cells[0].split()
    if len(label) > 1 and any(map(_looks_numeric, label)):
        return False
    return sum(map(_is_number, cells[1:])) * 2 >= len(cells) - 1 - sum(cell in _MISSING for cell in cells[1:]) > 0


def _from_run(run: list[_Row], start: int, end: int, source: _Source, *, headed: bool = False) -> _Found:
    """A grid from lines below each other, or nothing where they hold words. Words above that do not fit stay words."""
    above: list[_Piece] = []
    while len(run) > 1 and len(run[0].cells) != len(run[1].cells) and not any(map(_is_number, run[0].cells)):
        if len(run[0].cells) == len(run[1].cells) - 1 and _is_word(run[1].cells[0]):
            run[0] = replace(run[0], cells=("", *run[0].cells))
            break
        above.append(_Text(run[0].line, source.lines[run[0].line - 1].strip()))
        run = run[1:]
    if not run or not _is_clear(run):
        return None
    return [*above, _Grid(tuple(run), headed=headed)], end


def _is_clear(run: Sequence[_Row]) -> bool:
    """Whether at least half of the cells that are not in the first row or column, and not empty, are numbers."""
    inner = [cell for row in (run[1:] or run) for cell in (row.cells[1:] or row.cells) if cell not in _MISSING]
    if len(run) > 1 and not inner:
        inner = [cell for row in run[1:] for cell in row.cells if cell not in _MISSING]
    return 0 < len(inner) <= 2 * sum(map(_looks_numeric, inner)) and any(map(_is_number, inner))


def _sums(source: _Source, line: int) -> _Found:
    """A sum of exponentials, term by term; what it comes to is left out."""
    match = _SUM.fullmatch(source.lines[line].strip()) if "+" in source.lines[line] else None
    if match is None or _stage_in(match[1]) != "exponentials":
        return None
    terms = match[2].split("=")[0].rstrip("≈ ").split(" +" if "+ " not in match[2] else "+")
    cells = tuple(term.strip() for term in terms)
    return ([_Row(line + 1, match[1], cells)], line + 1) if all(map(_is_number, cells)) else None


def _plain(source: _Source, line: int) -> _Found:
    """Numbers with spaces or commas between them, perhaps with a name before them."""
    text = source.lines[line].strip().rstrip(":")
    if not text or not any(character in text for character in "0123456789∞"):
        return None
    lead, body = _before_numbers(text)
    if not body:
        return None
    cells = _split(body, line + 1)
    numbers = sum(map(_is_number, cells))
    is_alone = not lead and len(cells) == 1
    if not all(_looks_numeric(cell) or cell in _MISSING for cell in cells) or numbers == 0 or numbers * 2 < len(cells):
        return None
    if len(cells) < 2 and not (is_alone and _has_lone_neighbour(source.lines, line)):
        return None
    return [_Row(line + 1, lead, tuple(cells))], line + 1


def _before_numbers(text: str) -> tuple[str, str]:
    """The words of a line and the numbers behind them; no numbers where it is prose."""
    text = _STEP.sub("", _BULLET.sub("", text))
    connectors = list(_CONNECTOR.finditer(text[:_FAR]))
    if connectors:
        lead, body = text[: connectors[-1].end()], text[connectors[-1].end() :]
        return (lead, body) if _introduces(lead, is_first=True) else ("", "")
    words = text.split(maxsplit=_MAX_LABEL_WORDS)
    for count, word in enumerate(words):
        if _looks_numeric(word.rstrip(",;")) or (word in _MISSING and count < len(words) - 1):
            return " ".join(words[:count]), text.split(maxsplit=count)[count]
    return "", ""


def _has_lone_neighbour(lines: Sequence[str], line: int) -> bool:
    return any(0 <= other < len(lines) and _is_number(lines[other].strip()) for other in (line - 1, line + 1))


def _column_names(source: _Source, line: int) -> _Found:
    """The names of columns above a labelled row, as pandas prints them: indented, as many as there are columns."""
    names = source.lines[line].split()
    if not names or not source.lines[line][0].isspace() or line + 1 == len(source.lines):
        return None
    below = None if any(map(_looks_numeric, names)) else _plain(source, line + 1)
    if not below or not isinstance(row := below[0][0], _Row) or not row.lead or len(row.cells) != len(names):
        return None
    return [_Row(line + 1, "", tuple(names), names_columns=True)], line + 1


def _introduces(lead: str, *, is_first: bool) -> bool:
    """Whether words before numbers are their name, and not prose that happens to hold numbers."""
    if not is_first and lead.strip() in (",", ";"):
        return True
    lead = _BULLET.sub("", lead.strip(" \t\n,;{$"))
    words = lead.split()
    if not words:
        return is_first
    if lead.endswith((":", "=", "≈", "→")):
        return len(words) <= _MAX_LEAD_WORDS and not _SENTENCE_END.search(lead)
    if words[-1] in ("is", "are", "becomes"):
        return len(words) <= _MAX_LEAD_WORDS and "," not in lead and not _SENTENCE_END.search(lead)
    rest = _STEP.sub("", lead)
    return bool(_QUOTED_AT_END.search(rest)) or len(rest.split()) <= _MAX_LABEL_WORDS


_READERS: tuple[Callable[[_Source, int], _Found], ...] = (
    _fence,
    _matrices,
    _arrays,
    _pipes,
    _tabs,
    _sums,
    _separated,
    _column_names,
    _plain,
)


# --- cells -----------------------------------------------------------------------------------------------------------


def _split(content: str, line: int) -> list[str]:
    """Numbers without brackets, parted at semicolons, commas or spaces. A comma may be a decimal one."""
    if ";" in content:
        cells = [cell.strip() for cell in content.split(";")]
    elif "," in content:
        words = content.split()
        if len(words) > 1 and all(map(_is_number, words)):
            return words
        _check_commas(content, line)
        cells = [cell.strip() for cell in content.split(",")]
    else:
        return content.split()
    return cells[:-1] if not cells[-1] else cells


def _check_commas(content: str, line: int) -> None:
    """Raise ReadingError where it cannot be told whether a comma parts two numbers or a number's decimals."""
    if ";" in content or "." in content or "," not in content:
        return
    groups = [group.strip() for group in _LOOSE_COMMA.split(content.strip(" ,"))]
    pairs = len(groups) > 1 and all(map(_PAIR.fullmatch, groups))
    padded = next((cell for cell in content.split(",") if _PADDED.fullmatch(cell.strip())), None)
    if pairs or padded:
        raise _stopped(
            line,
            content,
            "a comma may be a decimal comma here or stand between two numbers; expected were points as in 0.5, or "
            "semicolons between the numbers",
        )


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _INFINITY.fullmatch(cell))


def _looks_numeric(cell: str) -> bool:
    """Whether a cell is a number, is meant as one, or says that it is none."""
    return bool(_MEANT.fullmatch(cell) or _INFINITY.fullmatch(cell) or cell.lower() == "nan")


def _is_word(cell: str) -> bool:
    return cell not in _MISSING and cell.lower() != "nan" and not _is_number(cell) and not _DAMAGED.match(cell)


def _number(cell: str, line: int) -> Number | None:
    """The number of a cell, or None where it is empty."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return _special(cell, line)
    sign, digits, exponent = match.groups()
    value = float(("" if sign in ("", "+") else "-") + digits.replace(",", ".") + f"e{_ascii_minus(exponent or '0')}")
    if math.isinf(value):
        raise _stopped(line, cell, "the number is too large; expected was one below 10 to the power of 308")
    places = len(digits) - 1 - max(digits.find("."), digits.find(",")) if "." in digits or "," in digits else 0
    return Number(cell, value, places - int(_ascii_minus(exponent or "0")))


def _special(cell: str, line: int) -> Number | None:
    if cell in _MISSING:
        return None
    bare = _from_latex(cell.strip("*`$\"' "))
    if bare != cell:
        return _number(bare, line)
    infinity = _INFINITY.fullmatch(cell)
    if infinity and infinity[1] in _MINUS:
        return Number(cell, -math.inf, 0)
    if infinity or cell.lower() in ("nan", "+nan", "-nan"):
        raise _stopped(line, cell, "it is not a number that can be checked; expected was one, or −∞ for what is masked")
    raise _stopped(line, cell, "it cannot be read as a number; expected was one like 0.25")


def _ascii_minus(digits: str) -> str:
    return digits.replace("−", "-")


def _from_markdown(cell: str) -> str:
    """The words of a cell without bold and escapes."""
    if len(cell) > 4 and cell.startswith("**") and cell.endswith("**"):
        cell = cell[2:-2]
    return _MARKDOWN_ESCAPE.sub(r"\1", cell).replace("\u2060", "").strip()


def _from_latex(cell: str) -> str:
    r"""What a cell shows: without colours, weights, \text and spaces."""
    cell = _LATEX_NOISE.sub(" ", cell)
    if "\\" in cell or "{" in cell:
        cell = _LATEX_DOTS.sub("…", _LATEX_COLOUR.sub("", cell.replace("{,}", ",")))
        for _ in range(4):  # nested four deep at most
            cell = _LATEX_WRAPPER.sub(r"\1", cell)
        for escaped, character in _LATEX_CHARACTERS.items():
            cell = cell.replace(escaped, character)
        if not _INFINITY.fullmatch(cell.strip()):
            cell = _LATEX_ESCAPE.sub(r"\1", cell)
    return cell.strip()


# --- grids -----------------------------------------------------------------------------------------------------------


def _gathered(pieces: Iterable[_Piece]) -> Iterator[_Text | _Grid]:
    """The pieces with rows that belong together as one grid."""
    open_rows: list[_Row] = []
    parted = False  # by an empty line
    for piece in [*pieces, _Text(0, ".")]:
        if isinstance(piece, _Row):
            if open_rows and not _continues(open_rows, piece, parted=parted):
                yield _grid_of(open_rows)
                open_rows = []
            open_rows.append(piece)
            parted = False
        elif open_rows and isinstance(piece, _Text) and not piece.text:
            parted = True
        else:
            if open_rows:
                yield _grid_of(open_rows)
                open_rows = []
            parted = False
            yield piece


def _continues(rows: Sequence[_Row], row: _Row, *, parted: bool) -> bool:
    """Whether a row belongs to those before it. Raises ReadingError where it ought to but has another length."""
    first = rows[-1]
    if row.names_columns:
        return False
    if first.names_columns:
        return True
    lead, other = _lead(row.lead), _lead(first.lead)
    if lead.stage != other.stage or (lead.label == "") != (other.label == ""):
        return False
    if not lead.label and (lead.stage or parted or lead.text):
        return False
    if len(row.cells) == len(first.cells):
        return True
    if parted or lead.stage or row.lead.rstrip().endswith("="):
        return False
    raise _ragged(row.line, len(row.cells), len(first.cells), " ".join(row.cells))


def _ragged(line: int, count: int, others: int, quoted: str) -> ReadingError:
    return _stopped(line, quoted, f"line {line} has {_counted(count)}, but the others of its table have {others}")


def _counted(count: int) -> str:
    return f"{count} number{'s' * (count != 1)}"


def _grid_of(rows: Sequence[_Row]) -> _Grid:
    """Rows that follow each other as one grid."""
    headed = rows[0].names_columns
    leads = [_lead(row.lead) for row in rows[headed:]]
    labels = tuple(lead.label for lead in leads) if leads[0].label else ()
    named = rows[headed].lead if leads[0].stage or (leads[0].text and not leads[0].label) else ""
    return _Grid(tuple(rows), lead=named, headed=headed, labels=labels)


@dataclass(frozen=True)
class _Numbers:
    """A grid without its labels."""

    rows: tuple[tuple[Number | None, ...], ...]
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    corner: str


def _numbers(grid: _Grid) -> _Numbers | None:
    """The numbers of a grid; None where it holds only words. Raises ReadingError where a cell is neither."""
    cells = [list(row.cells) for row in grid.rows]
    if not any(_is_number(cell) or _DAMAGED.match(cell) or cell.lower() == "nan" for row in cells for cell in row):
        return None
    if grid.labels is not None:
        return _with_labels(grid, cells, has_header=grid.headed)
    _check_rectangular(grid.rows, cells)
    has_header, has_labels = _where_labels_are(cells, headed=grid.headed)
    body = cells[has_header:]
    keep = [column for column in range(len(cells[0])) if any(row[column] for row in (body if has_labels else cells))]
    if keep and len(keep) < len(cells[0]):  # empty columns at the edges are where the block was copied too wide
        cells = [row[keep[0] : keep[-1] + 1] for row in cells]
        body = cells[has_header:]
    labels = tuple(row[0] for row in body) if has_labels else ()
    rest = [row[has_labels:] for row in cells]
    inner = replace(grid, labels=labels)
    return replace(_with_labels(inner, rest, has_header=has_header), corner=cells[0][0] if has_header else "")


def _with_labels(grid: _Grid, cells: Sequence[Sequence[str]], *, has_header: bool) -> _Numbers:
    lines = [row.line for row in grid.rows[has_header:]]
    body = cells[has_header:]
    _check_rectangular(grid.rows[has_header:], body)
    _check_decimal_sign(body, lines)
    rows = tuple(tuple(_number(cell, line) for cell in row) for row, line in zip(body, lines, strict=True))
    return _Numbers(rows, grid.labels or (), tuple(cells[0]) if has_header else (), "")


def _check_rectangular(rows: Sequence[_Row], cells: Sequence[Sequence[str]]) -> None:
    lengths = [len(row) for row in cells]
    usual = Counter(lengths).most_common(1)[0][0]
    for row, mine in zip(rows, cells, strict=True):
        if len(mine) != usual:
            words = _is_word(mine[0]) if mine else 0
            raise _ragged(row.line, len(mine) - words, usual - words, " ".join(mine))


def _where_labels_are(cells: Sequence[Sequence[str]], *, headed: bool) -> tuple[bool, bool]:
    """Whether the first row names the columns, and whether the first column names the rows."""
    first_row, first_column = cells[0], [row[0] for row in cells]
    headed = (
        headed and len(cells) > 1 and not (any(map(_DAMAGED.match, first_row)) and not any(map(_is_word, first_row)))
    )
    if len(first_row) == 1:
        return headed or (len(cells) > 1 and _is_word(first_row[0])), False
    has_header = headed or (len(cells) > 1 and _are_labels(first_row[1:]))
    has_labels = _are_labels(first_column[has_header:])
    if not first_row[0] and len(cells) > 1 and any(first_column):
        others = [*first_row[1:], *first_column[1:]]
        if has_header or has_labels or (all(others) and cells[1][1]):
            return True, headed or has_labels or all(first_column[1:])
    return has_header, has_labels


def _are_labels(cells: Sequence[str]) -> bool:
    words = sum(map(_is_word, cells))
    return words > 0 and words >= sum(map(_is_number, cells))


def _check_decimal_sign(rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    with_comma = next(
        ((cell, line) for row, line in zip(rows, lines, strict=True) for cell in row if "," in cell), None
    )
    with_point = next((cell for row in rows for cell in row if "." in cell and _is_number(cell)), None)
    if with_comma and with_point:
        cell, line = with_comma
        raise _stopped(
            line,
            cell,
            f"its table also holds “{_shortened(with_point, _MAX_QUOTED)}”; expected were decimal commas or decimal "
            "points, not both",
        )


# --- tables ----------------------------------------------------------------------------------------------------------


def _tables(pieces: Iterable[_Text | _Grid]) -> Iterator[ReadTable]:
    """The grids as tables, each with what the words since the table before it say."""
    texts: list[_Text] = []
    count = 0
    for piece in pieces:
        if isinstance(piece, _Text):
            texts.append(piece)
            continue
        numbers = _numbers(piece)
        if numbers is None:
            continue
        count += sum(map(len, numbers.rows))
        if count > MAX_NUMBERS:
            raise _stopped(
                piece.line,
                " ".join(piece.rows[0].cells),
                f"up to {MAX_NUMBERS:,} numbers can be read here, and there are more",
            )
        yield _table(piece, numbers, texts)
        texts = []


def _table(grid: _Grid, numbers: _Numbers, texts: Sequence[_Text]) -> ReadTable:
    lead = _lead(grid.lead)
    above, heading = _heading(texts)
    stage = lead.stage or (above if _inherits(lead) else None) or _stage_in(numbers.corner)
    labels = numbers.row_labels
    if not labels and len(numbers.rows) == 1:
        label = _named_word(grid.lead or heading)
        labels = (label,) if label else ()
    heading = _shortened(lead.text or heading, _MAX_HEADING)
    return ReadTable(
        None if grid.is_factor else _known(stage), heading, numbers.rows, labels, numbers.column_labels, grid.line
    )


def _inherits(lead: "_Lead") -> bool:
    """Whether the words above name a table. They do not where it has a name of its own that says something else."""
    return not lead.text or len(lead.text.rstrip("= ")) == 1


def _known(stage: str | None) -> str | None:
    return stage if stage in STAGES else None


def _heading(texts: Sequence[_Text]) -> tuple[str | None, str]:
    """The stage that the words before a table tell, and the line that tells it.

    The paragraph right before it is asked from its end; then the titles above, the nearest first.
    """
    lines = [text.text for text in texts]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return None, ""
    above = len(lines) - next((count for count, line in enumerate(reversed(lines)) if not line), len(lines))
    titles = (line for line in reversed(lines[:above]) if _TITLE.match(line))
    for line in [*reversed(lines[above:]), *titles]:
        stage = _stage_of_line(line)
        if stage:
            return _known(stage), _words_of(line)
    return None, _words_of(lines[-1])


def _stage_of_line(line: str) -> str | None:
    """The stage that a line names: in its last sentence if that ends with a colon, else in the first that names one.

    Of a sentence what stands before a colon or an equals sign counts first.
    """
    sentences = _SENTENCE_END.split(line[-_FAR * 4 :])
    if line.endswith((":", "=")):
        sentences.insert(0, sentences[-1])
    for sentence in sentences:
        parts = _COLON_OR_EQUALS.split(sentence)
        for part in [*parts, sentence] if len(parts) > 1 else parts:
            if stage := _stage_in(part):
                return stage
    return None


def _words_of(line: str) -> str:
    """A line of Markdown or LaTeX as it reads."""
    return _MARKDOWN_ESCAPE.sub(r"\1", line.strip("#*$ \t").replace("**", "").replace("$", "")).rstrip(":= ").strip()


@dataclass(frozen=True)
class _Lead:
    """What the words right before numbers say."""

    text: str = ""
    stage: str | None = None
    label: str = ""


def _lead(text: str) -> _Lead:
    """The words before numbers, their stage, and the word whose row it is."""
    text = _STEP.sub("", _BULLET.sub("", text.strip(" \t\n,;{}$"))).strip(" \t\n,;{}$")
    text = text.rstrip(":=≈→ ").strip()
    if text.endswith((" is", " are", " becomes")):
        text = text.rsplit(maxsplit=1)[0]
    if not text:
        return _Lead()
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        of = numbered[2].strip("{}")
        return _Lead(_words_of(text), _LETTERS[numbered[1]], text if of.isdigit() else _from_latex(of))
    stage = next(filter(None, (_stage_in(part) for part in text.split("="))), None)
    label = _named_word(text)
    if not label and not stage and len(text.split()) <= _MAX_LABEL_WORDS + 1:
        label = _from_latex(_words_of(text))
    return _Lead(_words_of(text), stage, label)


def _named_word(text: str) -> str:
    """The word in `for "cat"`, `of cat` or `"cat"`."""
    match = _QUOTED.search(text) or _FOR_WORD.search(text.rstrip(":= "))
    word = next(filter(None, match.groups())) if match else ""
    return "" if match and match.re is _FOR_WORD and _stage_in(word) else _from_markdown(word)


# --- names of stages -------------------------------------------------------------------------------------------------


def _stage_in(text: str) -> str | None:
    """The one stage that a text names, _OTHER for something else that is no stage, None for none or several.

    Of names that overlap the longer counts. What is computed from another stage is named before it, as in
    "softmax of the scores".
    """
    words = _tokens(_QUOTED.sub(" ", _ITALIC.sub(" ", text[-_FAR:])))
    named = set(_named(words))
    if _OTHER in named:
        return _OTHER
    for later in ("weights", "exponentials", "scaled_scores"):
        if later in named and named <= _BEFORE[later] and not {"and", ","} & set(words):
            return later
    return named.pop() if len(named) == 1 else None


def _tokens(text: str) -> list[str]:
    text = _FRACTION.sub(r"\1 / ", text)
    text = _CAMEL.sub(" ", _LATEX_COMMAND.sub(lambda match: _COMMANDS.get(match[1], " "), text))
    return _TOKEN.findall(
        text.replace("ᵀ", " t").replace("⊤", "t").replace("√", " sqrt ").replace("&", " and ").lower()
    )


def _named(words: Sequence[str]) -> Iterator[str]:
    """The stages of the names in a text, from left to right; names that say nothing are passed over."""
    position = 0
    while position < len(words):
        for phrase, stage in _PHRASES.get(words[position], ()):
            if tuple(words[position : position + len(phrase)]) == phrase:
                if stage:
                    yield stage
                position += len(phrase)
                break
        else:
            position += 1


_OTHER = "other"

_NAMES_OF: dict[str, str] = {  # names in lower case, with spaces for underscores, carets and dots; | parts them
    "embeddings": "embedding|embeddings|embedded|input|inputs|x|input embeddings|word vectors",
    "scores": "score|scores|attention score|raw scores|qk t|q k t|qkt|q kt|q k transpose|dot product|dot products|"
    "query key|logits|unscaled scores|unnormalized scores|scores before softmax|scores before scaling",
    "scaled_scores": "scaled score|scaled scores|scaled attention score|scaled attention scores|scaling|"
    "scaled dot product|scaled dot products|scaled logits|scaled qk t|scaled q k t|scores scaled|scaled raw scores|"
    "scaled scores before softmax|scaling and mask",
    "exponentials": "exponential|exponentials|exponentiated|exponentiated scores|exponentiation|exponentiate|exp|"
    "exp score|exp scores|e score|e scores|e x|exp x|e s|e z",
    "weights": "weight|weights|attention weight|attention weights|attn weights|softmax|softmaxed|softmax output|"
    "softmax outputs|softmax values|probability|probabilities|attention probabilities|normalized probabilities|"
    "normalized scores|normalized attention scores|normalised scores|normalised attention scores|attention matrix|"
    "attention distribution|softmax normalized score|softmax normalized scores",
    "context": "context|contexts|contextualized|contextual|context vectors|context embeddings|contextual embeddings|"
    "contextualized embeddings|context aware embeddings|context aware|output|outputs|output embeddings|"
    "output embedding|z|weighted sum|weighted sums|weighted value|weighted values|weighted value vectors|"
    "attention output|attention q k v|new embeddings|final embeddings|weights v|attention weights v|weights values|av",
    "q": "q|query|queries",
    "k": "k|key|keys",
    "v": "v|value|values",
    "": "weight matrix|weight matrices|projection matrices|d k|dk|d v|dv|d q|d model|each value|each score|each word|"
    "self attention|q t|input sentence|input words|input sequence|values of|before softmax|attention mechanism",
    _OTHER: "k t|kt|k transpose|mask|causal mask|masked scores|positional encoding|positional encodings|"
    "positional embedding|positional embeddings|position embeddings|scaled dot product attention",
}


def _all_phrases() -> Iterator[tuple[str, str]]:
    for stage, names in _NAMES_OF.items():
        for name in names.split("|"):
            yield name, stage
    for letter, called in (("q", ("query", "queries")), ("k", ("key", "keys")), ("v", ("value", "values"))):
        for name in (f"w {letter}", f"w{letter}", f"w of {letter}", f"wei {letter}"):
            yield name, f"w_{letter}"
        for name in ("x", "input", "embeddings", "embedding"):
            yield from ((f"{name} w {letter}", letter), (f"{name} w{letter}", letter))
        yield f"xw {letter}", letter
        for name in (*called, letter):
            for noun in ("weight", "weights", "weight matrix", "projection", "projection matrix"):
                yield f"{name} {noun}", f"w_{letter}"
                yield from ((f"{noun} {link} {name}", f"w_{letter}") for link in ("for", "for the", "of the", "of"))
    for score in ("score", "scores", "attention scores", "qk t", "q k t", "qkt"):
        yield from ((f"{score} {divided}", "scaled_scores") for divided in ("/", "/ sqrt", "divided by", "over sqrt"))
    for linked in ("of values", "of the values", "of value vectors", "of the value vectors", "of v"):
        yield f"weighted sum {linked}", "context"
    for score in (
        "qk t / sqrt d k",
        "q k t / sqrt d k",
        "qk t",
        "q k t",
        "scores",
        "scaled scores",
        "scores / sqrt d k",
    ):
        yield from ((f"softmax {score} v", "context"), (f"softmax {score} values", "context"))


def _indexed_phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The names by their first word, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, stage in sorted(_all_phrases(), key=lambda phrase: -len(phrase[0].split())):
        phrase = tuple(name.split())
        index.setdefault(phrase[0], []).append((phrase, stage))
    return index


_PHRASES = _indexed_phrases()
_BEFORE = {
    "weights": {"weights", "exponentials", "scaled_scores", "scores"},
    "exponentials": {"exponentials", "scaled_scores", "scores"},
    "scaled_scores": {"scaled_scores", "scores"},
}
_LETTERS = {"x": "embeddings", "q": "q", "k": "k", "v": "v", "z": "context"}


# --- errors ----------------------------------------------------------------------------------------------------------


def _stopped(line: int, quoted: str, why: str) -> ReadingError:
    quoted = _shortened(" ".join(quoted.split()), _MAX_QUOTED)
    return ReadingError(f"Reading stopped in line {line} at “{quoted}”: {why}.")


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# --- what single things look like ------------------------------------------------------------------------------------

_MINUS = ("-", "−", "–", "‒")
_MISSING = {"", "-", "–", "—", "−", "…", "..."}

_NUMBER = re.compile(r"([-+−–‒]?)\s?([0-9]+(?:\.[0-9]*|,[0-9]+)?|\.[0-9]+)(?:[eE]([-+−]?[0-9]{1,4}))?")
_INFINITY = re.compile(r"([-+−–‒]?)\s?(?:(?:np|numpy|math|torch)\.)?(?:inf|infinity|∞|\\infty)", re.IGNORECASE)
_MEANT = re.compile(r"[-+−–‒]?\s?[.,]?[0-9]\S*")
_DAMAGED = re.compile(r"[-+−–‒]?\s?[0-9]*[.,][0-9]")
_PAIR = re.compile(r"[-+−–‒]?[0-9]+,[0-9]+")
_PADDED = re.compile(r"0[0-9]+")
_LOOSE_COMMA = re.compile(r",\s+")
_SUM = re.compile(r"([^:=]*)[:=]([-+−0-9.,eE\s]+(?:[=≈][-+−0-9.,eE\s]*)?)")

_TYPOGRAPHY = re.compile("[\u00a0\u2007\u2009\u202f\ufeff]")  # spaces that do not look different
_DELIMITER_SIZE = re.compile(r"\\(?:left|right|bigl|bigr|Bigl|Bigr)(?=[\[\]()|.])\.?")
_PUNCTUATION = " \t\n.,;:)}$"
_OPERATORS = {"", "@", "*", "+", "-", "·", "×", r"\cdot", r"\times", r"\,"}
_CONTINUED = {"@", "*", "·", "×"}

_MATRIX = re.compile(r"\\begin\{((?:[bpvBV]|small)?matrix\*?|array)\}(?:\[[a-z]\])?(?:\{[^{}]*\})?")
_MATRIX_TOKEN = re.compile(r"\\\\(?:\[[^\]\n]*\])?|\\(?:hline|cline\{[^{}]*\})|\\.|&|[^\\&]+", re.DOTALL)
_LATEX_NOISE = re.compile(r"\\(?:[,;:!]|quad\b|qquad\b|hline\b|phantom\{[^{}]*\})|[$~]")
_LATEX_COLOUR = re.compile(r"\\(?:textcolor|colorbox)\{[^{}]*\}|\\color\{[^{}]*\}")
_LATEX_WRAPPER = re.compile(
    r"(?:\\(?:mathbf|textbf|text|textit|mathit|mathrm|textrm|texttt|mathtt|mathsf|boldsymbol|underline|emph|boxed)\s*)?"
    r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}"
)
_LATEX_DOTS = re.compile(r"\\(?:dots|ldots|cdots|vdots|ddots)(?![a-z])")
_LATEX_CHARACTERS = {r"\textbackslash": "\\\\", r"\char94": "^", r"\char126": "~"}
_LATEX_ESCAPE = re.compile(r"\\([\\{}$&#%_])")

_ARRAY = re.compile(
    r"\[\s*+(?:\[\s*+){0,7}+(?=[\"']?[-+−–‒]?\s?(?:\.?[0-9]|inf|∞|nan|np\.(?:float|inf))|(?:np\.)?float\()",
    re.IGNORECASE,
)
_NESTED = re.compile(r"\[\s*+\[")
_HALF_OPEN = re.compile(r"\[[^\[\](),\n]{1,20},[^\[\](),\n]{1,20}\)")
_SQUARE = re.compile(r"[\[\]]|#[^\n]*")
_ROUND = re.compile(r"[()]|#[^\n]*")
_ARRAY_PART = re.compile(r"[\[\]]|#[^\n]*|[^\[\]#]+")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(\s*$")
_MAKES_ARRAY = re.compile(r"(?:^|\.)(?:as)?(?:array|matrix|tensor|Tensor|FloatTensor|DataFrame|print)\(\s*$")
_METHODS = re.compile(r"(?:\.\w+(?:\([^()\n]*\))?)+")
_SCALAR = re.compile(r"(?:np|numpy)\.float[0-9]+\((.*)\)")

_PIPE_CELL = re.compile(r"((?:\\.|[^|\\]|\\$)*+)(?:\||$)")
_ALIGNMENT = re.compile(r":?-+:?")
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_BULLET = re.compile(r"^\s*(?:[-*•]\s+(?=[^\W\d]|[\"'“*]))")
_STEP = re.compile(r"^(?:step\s+)?[0-9]+(?:\.[0-9]+)*\s*[.:)]\s*(?=\D)", re.IGNORECASE)
_CONNECTOR = re.compile(r"[:=≈→](?![0-9])|(?<![0-9])[:=≈→]")
_COLON_OR_EQUALS = re.compile(r"[:=](?=.)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_TITLE = re.compile(r"#+\s|(?:step|part|section)\b|[0-9]+(?:\.[0-9]+)*[.:)]|\*\*[^*]+\*\*:?$|<h[1-6]", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]|(?<!\w)['‘’]([^'‘’]+)['‘’](?!\w)|(?<!\w)`([^`]+)`")
_QUOTED_AT_END = re.compile(r"[\"”»'’`*]\s*$")
_ITALIC = re.compile(r"(?<![*\\])\*(?![*\s])[^*]+(?<!\\)\*(?!\*)")
_FOR_WORD = re.compile(r"\b(?:for|of)\s+(?:the\s+)?(?:word\s+|token\s+)?(\*\*.+\*\*|[^\s,]+)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\$?([xqkvz])_?(\{.+\}|(?<=_)\w+|[0-9]+)\$?")

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FRACTION = re.compile(r"\\d?frac\{((?:[^{}]|\{[^{}]*\})*)\}")
_LATEX_COMMAND = re.compile(r"\\([A-Za-z]+)")
_COMMANDS = {"top": "t", "sqrt": " sqrt ", "softmax": " softmax ", "exp": " exp ", "intercal": "t"}
_TOKEN = re.compile(r"[^\W\d_]+|/|,")
