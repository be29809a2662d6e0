"""Tables of Markdown."""

import re

from checking.reading.markup import from_markdown
from checking.reading.runs import from_run
from checking.reading.source import Found, Row, Source

_PIPE_CELL = re.compile(r"((?:\\.|[^|\\]|\\$)*+)(?:\||$)")
_ALIGNMENT = re.compile(r":?-+:?")
_DRAWN_LINE = re.compile(r"\s*[+|][-+=|]{2,}\s*")


def pipes(source: Source, line: int) -> Found:
    """A Markdown table, with or without its row of dashes."""
    if "|" not in source.lines[line] and not _DRAWN_LINE.fullmatch(source.lines[line]):
        return None
    if source.is_refused("pipes", line):
        return None
    run: list[Row] = []
    headed, end = False, line
    while end < len(source.lines):
        if _DRAWN_LINE.fullmatch(source.lines[end]):
            end += 1
            continue
        if "|" not in source.lines[end] or not (cells := _pipe_cells(source.lines[end])):
            break
        if all(map(_ALIGNMENT.fullmatch, cells)):
            headed = headed or len(run) == 1
        else:
            run.append(Row(end + 1, "", tuple(map(from_markdown, cells))))
        end += 1
    return from_run(run, "pipes", end, source, headed=headed)


def _pipe_cells(line: str) -> list[str]:
    """The cells of a line with pipes; escaped pipes do not part them. [] for a line with fewer than two."""
    cells = [match[1].strip() for match in _PIPE_CELL.finditer(line.strip())]
    if line.strip().startswith("|"):
        cells = cells[1:]
    if cells and not cells[-1]:
        cells.pop()
    return cells if len(cells) > 1 else []
