"""The pasted text as lines, and the pieces that lines become: words, a row, a grid."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

_MOST_LOOKS = 20  # at lines below each other that are no table; a table may begin somewhere among them

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Words:
    """A line that holds no table; `text` is "" for an empty one."""

    line: int
    text: str


@dataclass(frozen=True)
class Row:
    """A single row and the words before it."""

    line: int
    lead: str
    cells: tuple[str, ...]
    names_columns: bool = False


@dataclass(frozen=True)
class Grid:
    """Rows of cells as they were written, perhaps with labels among them."""

    rows: tuple[Row, ...]
    lead: str = ""
    headed: bool = False  # the first row certainly holds the names of the columns
    labels: tuple[str, ...] | None = None  # the names of the rows, if they do not stand in cells
    is_factor: bool = False  # stands in a product, so that the words before it name the result

    @property
    def line(self) -> int:
        return self.rows[0].line


Piece = Words | Row | Grid


@dataclass(frozen=True)
class Block:
    """The lines that one format reads at once, and what is to say of numbers in them that stand in no table."""

    start: int  # counted from 0
    stop: int
    pieces: tuple[Piece, ...]
    why: str


Found = tuple[list[Piece], int] | None  # the pieces and the line after them, counted from 0


class Source:
    """The text, its lines, and the way between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._places: dict[str, list[int]] = {}
        self._kept: dict[str, Any] = {}
        self._refused: dict[str, tuple[int, int]] = {}

    def start(self, line: int) -> int:
        return self._starts[line]

    def end(self, line: int) -> int:
        return self._starts[line + 1] - 1

    def line_at(self, position: int) -> int:
        """The line of a character, counted from 0."""
        return min(bisect_right(self._starts, position), len(self.lines)) - 1

    def next_line(self, stripped: str, start: int) -> int | None:
        """The first line from `start` on that says this and nothing else."""
        if stripped not in self._places:
            self._places[stripped] = [place for place, line in enumerate(self.lines) if line.strip() == stripped]
        places = self._places[stripped]
        after = bisect_left(places, start)
        return places[after] if after < len(places) else None

    def kept(self, look: Callable[[Sequence[str]], Kept]) -> Kept:
        """What a format finds out about all lines at once; looked at once."""
        if look.__qualname__ not in self._kept:
            self._kept[look.__qualname__] = look(self.lines)
        found: Kept = self._kept[look.__qualname__]
        return found

    def refuse(self, form: str, end: int) -> None:
        """Note that lines up to before `end` are no table of a form, looked at from one of them on."""
        last, count = self._refused.get(form, (end, 0))
        self._refused[form] = (end, count + 1 if last == end else 1)

    def is_refused(self, form: str, line: int) -> bool:
        """Whether the lines around were looked at often enough; each look goes to their end."""
        end, count = self._refused.get(form, (0, 0))
        return line < end and count >= _MOST_LOOKS
