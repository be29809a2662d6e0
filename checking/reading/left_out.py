"""What becomes of every number of a text: it stands in a table, or it is left out, and why."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checking.reading.errors import shortened
from checking.reading.source import Block, Grid, Source
from checking.reading.tables import ReadTable

_MAX_LINE = 120
_RUN = re.compile(r"[0-9]+|∞|\binf\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:[eE][-+−]?[0-9]+)?|[-−–]∞|[-−–]inf\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class LeftOut:
    """The numbers of one line that stand in no table."""

    line: int  # from 1
    text: str  # the line, shortened
    numbers: tuple[str, ...]  # as they stand there, without their signs
    why: str  # to stand after "left out: "


def left_out(
    source: Source, blocks: Sequence[Block], taken: Iterable[tuple[Grid, Sequence[ReadTable]]]
) -> tuple[LeftOut, ...]:
    """The numbers of every line but those of the tables, their rows' and columns' names."""
    block_of = {line: number for number, block in enumerate(blocks) for line in range(block.start, block.stop)}
    pools: dict[int, list[Counter[str]]] = {}
    for grid, tables in taken:
        pool = Counter(run for table in tables for text in _shown(table) for run in _RUN.findall(text.lower()))
        for number in {block_of[row.line - 1] for row in grid.rows}:
            pools.setdefault(number, []).append(pool)
    found = (
        _left(source.lines[line], line + 1, block.why, pools.get(number, []))
        for number, block in enumerate(blocks)
        for line in range(block.start, block.stop)
    )
    return tuple(each for each in found if each is not None)


def _shown(table: ReadTable) -> Iterable[str]:
    """Everything of a table that the page shows."""
    yield from (number.text for row in table.rows for number in row if number)
    yield from table.row_labels
    yield from table.column_labels


def _left(text: str, line: int, why: str, pools: Sequence[Counter[str]]) -> LeftOut | None:
    plain = _TAG.sub(" ", text)
    numbers = tuple(match[0] for match in _NUMBER.finditer(plain) if not _is_taken(match[0], pools))
    return LeftOut(line, shortened(plain.strip(), _MAX_LINE), numbers, why) if numbers else None


def _is_taken(number: str, pools: Sequence[Counter[str]]) -> bool:
    """Whether a number stands in a table, which is then used up once."""
    found = True
    for run in _RUN.findall(number.lower()):
        pool = next((pool for pool in pools if pool[run] > 0), None)
        if pool is None:
            found = False
        else:
            pool[run] -= 1
    return found
