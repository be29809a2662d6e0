"""Tables of HTML, as they stand in the source of a web page."""

import re
from html.parser import HTMLParser

from checking.reading.runs import is_clear
from checking.reading.source import Found, Grid, Piece, Row, Source, Words

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_END = re.compile(r"</table\s*>", re.IGNORECASE)


def html_tables(source: Source, line: int) -> Found:
    """One table or more on a line, and the words around them."""
    pieces: list[Piece] = []
    position, last = source.start(line), line
    while opening := _TABLE.search(source.text, position, source.end(last)):
        closing = _END.search(source.text, opening.end())
        end = closing.end() if closing else len(source.text)
        pieces.append(Words(last + 1, source.text[position : opening.start()].strip()))
        table = _Table(source.line_at(opening.start()) + 1)
        table.feed(source.text[opening.start() : end])
        table.close()
        if table.rows and is_clear(table.rows):
            pieces.append(Grid(tuple(table.rows), headed=table.is_headed))
        position, last = end, source.line_at(end)
    if not pieces:
        return None
    return [*pieces, Words(last + 1, source.text[position : source.end(last)].strip())], last + 1


class _Table(HTMLParser):
    """The rows of a table. A cell over several columns is followed by empty ones."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.is_headed = False
        self._first_line = line
        self._line = line
        self._cells: list[str] = []
        self._kinds: list[str] = []
        self._is_in_cell = False
        self._columns = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._line = self._first_line + self.getpos()[0] - 1
        elif tag in ("td", "th"):
            self._end_cell()
            self._is_in_cell = True
            columns = dict(attrs).get("colspan") or ""
            self._columns = min(int(columns), _MOST_COLUMNS) if columns.isdecimal() else 1
            self._cells.append("")
            self._kinds.append(tag)
        elif tag == "br" and self._is_in_cell:
            self._cells[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self._cells[-1] += data

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._is_in_cell:
            self._cells[-1] = " ".join(self._cells[-1].split())
            self._cells += [""] * (self._columns - 1)
            self._is_in_cell = False

    def _end_row(self) -> None:
        self._end_cell()
        if any(self._cells):
            self.is_headed = self.is_headed or (not self.rows and set(self._kinds) == {"th"})
            self.rows.append(Row(self._line, "", tuple(self._cells)))
        self._cells, self._kinds = [], []


_MOST_COLUMNS = 512
