"""What becomes of every number of a text: it stands in a table, or it is left out, and why."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checking.reading.errors import shortened
from checking.reading.source import Block, Grid, Source
from checking.reading.tables import ReadTable

_MAX_LINE = 120
_RUN = re.compile(r"[0-9]+|∞|\binf\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:[eE][-+−]?[0-9]+)?|[-−–]∞|[-−–]inf\b", re.IGNORECASE)
_TAG = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|t[dh]|br)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class LeftOut:
    """The numbers of one line that stand in no table."""

    line: int  # from 1
    text: str  # the line, shortened
    numbers: tuple[str, ...]  # as they stand there, without their signs
    why: str  # where they stand, in a few words


def left_out(
    source: Source, blocks: Sequence[Block], taken: Iterable[tuple[Grid, Sequence[ReadTable]]]
) -> tuple[LeftOut, ...]:
    """The numbers of every line but those of the tables, their rows' and columns' names."""
    block_of = {line: number for number, block in enumerate(blocks) for line in range(block.start, block.stop)}
    pools: dict[int, list[_Pool]] = {}
    for grid, tables in taken:
        pool = _Pool([text for table in tables for text in _shown(table)])
        for number in {block_of[row.line - 1] for row in grid.rows}:
            pools.setdefault(number, []).append(pool)
    return tuple(
        LeftOut(line + 1, shortened(_plain(source, line), _MAX_LINE), numbers, block.why)
        for number, block in enumerate(blocks)
        for line, numbers in _left(source, block, pools.get(number, ()))
    )


class _Pool:
    """The numbers that tables show, each to be found once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._numbers = Counter(number.lower() for text in texts for number in _NUMBER.findall(text))
        self._runs = Counter(run for text in texts for run in _RUN.findall(text.lower()))
        self._found: list[str] = []  # whose digits are still among the runs; mostly nobody asks for those

    def take_number(self, number: str) -> bool:
        """Whether a number is shown just so; then it is used up."""
        if not self._numbers[number.lower()]:
            return False
        self._numbers[number.lower()] -= 1
        self._found.append(number)
        return True

    def take_runs(self, number: str) -> bool:
        """Whether all digits of a number are shown, perhaps parted otherwise; then they are used up."""
        for found in self._found:
            self._runs.subtract(_RUN.findall(found.lower()))
        self._found = []
        runs = Counter(_RUN.findall(number.lower()))
        if any(self._runs[run] < count for run, count in runs.items()):
            return False
        self._runs.subtract(runs)  # each number once: the pool is never looked through
        return True


def _left(source: Source, block: Block, pools: Sequence[_Pool]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines of a block with numbers that no table shows. Words come first, so it goes from the end."""
    found = {
        line: [match[0] for match in _NUMBER.finditer(_plain(source, line))] for line in range(block.start, block.stop)
    }
    for take in (_Pool.take_number, _Pool.take_runs):
        for line, numbers in found.items():
            left = [number for number in reversed(numbers) if not any(take(pool, number) for pool in pools)]
            found[line] = left[::-1]
    return ((line, tuple(numbers)) for line, numbers in found.items() if numbers)


def _plain(source: Source, line: int) -> str:
    return _TAG.sub(" ", source.lines[line]).strip()


def _shown(table: ReadTable) -> Iterable[str]:
    """Everything of a table that the page shows."""
    yield from (number.text for row in table.rows for number in row if number)
    yield from table.row_labels
    yield from table.column_labels
