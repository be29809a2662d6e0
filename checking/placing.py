"""Where tables stand among the words, as far as labels, numbers in labels and their own size tell."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from attention_core.words import identity
from checking.claims import BY_WORD, PAIRS, VECTORS, Given, without_position
from checking.reading import ReadTable

_COUNTED = re.compile(r"(\D*?)[\s_#]*([0-9]{1,4})\D{0,2}")


def placed(tables: Sequence[ReadTable], *, is_part: bool = False) -> tuple[Given, ...]:
    """Tables as they were read, each row at its word: by its label, or by the number in it.

    With `is_part` the tables show some of the words, so their columns too stand at those that they name.

    A table without either that is all of the rows begins at the first; of a part of the rows nothing is said, and its
    first row is None.
    """
    if is_part:
        tables = _of_the_same_words(tables)
    words = max((table.row_labels for table in tables if table.stage in BY_WORD), key=len, default=())
    n = _word_count(tables)
    parts = Counter((table.stage, table.head, table.is_together) for table in tables)
    first = _first_number(tables)
    return tuple(
        Given(
            table.stage,
            table.rows,
            table.row_labels,
            _first_row(table, words, n, first, is_only=parts[table.stage, table.head, table.is_together] == 1),
            heading=table.heading,
            line=table.line,
            head=table.head,
            is_together=table.is_together,
        )
        for table in tables
    )


def _of_the_same_words(tables: Sequence[ReadTable]) -> Sequence[ReadTable]:
    """The tables with a row, and among pairs a column, for each word that any of them shows, in its order."""
    later = [table.row_labels for table in tables if table.stage in BY_WORD and table.stage != "embeddings"]
    words = max(later, key=len, default=())
    if not words or len(set(words)) < len(words):
        return tables
    return [_of_these_words(table, words) for table in tables]


def _of_these_words(table: ReadTable, words: Sequence[str]) -> ReadTable:
    if table.stage == "embeddings" and len(table.row_labels) > len(words):  # one for each different word
        rows = {_word_of(label): row for label, row in zip(table.row_labels, table.rows, strict=True)}
        if rows.keys() >= {_word_of(word) for word in words}:
            return replace(table, rows=tuple(rows[_word_of(word)] for word in words), row_labels=tuple(words))
    if table.stage in PAIRS and len(table.column_labels) < len(words) and set(table.column_labels) <= set(words):
        place = {label: column for column, label in enumerate(table.column_labels)}
        at = [place.get(word) for word in words]
        rows_of_all = (tuple(None if column is None else row[column] for column in at) for row in table.rows)
        return replace(table, rows=tuple(rows_of_all), column_labels=tuple(words))
    return table


def _word_count(tables: Sequence[ReadTable]) -> int:
    rows = [len(table.rows) for table in tables if table.stage in BY_WORD]
    columns = [len(table.rows[0]) for table in tables if table.stage in PAIRS]
    return max([*rows, *columns], default=0)


def _first_row(table: ReadTable, words: Sequence[str], n: int, first: int, *, is_only: bool) -> int | None:
    if table.stage not in BY_WORD:
        return 0
    labels = table.row_labels
    if labels:
        if table.stage in VECTORS and {_word_of(word) for word in words} <= {_word_of(label) for label in labels}:
            return 0  # one row for each different word
        for alike in (str, _word_of):
            mine = [alike(label) for label in labels]
            starts = [start for start in range(len(words) - len(labels) + 1) if _begins(words, start, mine, alike)]
            if starts:
                return starts[0] if len(starts) == 1 else None
        numbers = _numbers_of(labels)
        if numbers and numbers[0] - first >= 0:
            return numbers[0] - first
    return 0 if len(table.rows) >= n and (is_only or labels) else None


def _begins(words: Sequence[str], start: int, mine: Sequence[str], alike: Callable[[str], str]) -> bool:
    return [alike(word) for word in words[start : start + len(mine)]] == mine


def _word_of(label: str) -> str:
    return identity(without_position(label))


def _numbers_of(labels: Sequence[str]) -> list[int]:
    """The numbers in labels such as q_1, q_2, Input 3; [] where they do not count."""
    matches = [_COUNTED.fullmatch(label) for label in labels]
    numbers = [int(match[2]) for match in matches if match]
    counts = len(numbers) == len(labels) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return numbers if counts else []


def _first_number(tables: Sequence[ReadTable]) -> int:
    """0 where labels count from 0, else 1."""
    counted = (_numbers_of(table.row_labels) for table in tables if table.stage in BY_WORD and table.row_labels)
    return min([1, *(numbers[0] for numbers in counted if numbers)])
