"""Printed numbers as claims: each with the half unit of its last printed digit, in tables of full size.

Letters: n words at their positions, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.experiment import MAX_WORDS
from attention_core.words import identity
from checking.reading import STAGES, Number, ReadTable

BY_WORD = ("embeddings", "q", "k", "v", "scores", "scaled_scores", "exponentials", "weights", "context")
PAIRS = ("scores", "scaled_scores", "exponentials", "weights")  # a column for each word too
VECTORS = ("embeddings", "q", "k", "v")  # the same wherever a word stands
MASKED = ("scores", "scaled_scores")  # where −∞ says that a word may not look

_POSITION = re.compile("(?<=.)·[0-9]+$")
_SLACK = 1 + 1e-9  # a number that lies exactly half a unit off may be printed either way
_DUST = 1e-12  # what float64 itself may be off, as a part of a number
_MOST_PLACES = 60  # before and after the point; a score multiplies four numbers, and it has to stay finite

Printed = Sequence[Sequence[Number | None]]


class ClaimError(ValueError):
    """Tables that do not fit each other; the message says which and what is needed."""


@dataclass(frozen=True)
class Given:
    """One table as it was read or corrected: `first_row` is the word of its first row, from 0.

    `decimals`: places after the point of every number in it; None infers them from what is written.
    """

    stage: str
    rows: Printed
    labels: tuple[str, ...] = ()
    first_row: int = 0
    decimals: int | None = None


@dataclass(frozen=True, eq=False)
class Claim:
    """A table of claimed numbers in its full size. NaN: nothing is claimed there; -inf: forbidden."""

    values: Floats
    halves: Floats  # half a unit of the last printed digit
    loose: Floats  # the same if a number with fewer digits than its neighbours was meant as it stands

    @property
    def claimed(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.values)

    @property
    def printed_halves(self) -> Floats:
        """Half a unit of the last printed digit, without what float64 itself may be off."""
        return self.halves - _dust(self.values)

    @property
    def count(self) -> int:
        return int(self.claimed.sum())


@dataclass(frozen=True, eq=False)
class Claims:
    """Everything that is claimed: stage -> table."""

    tables: Mapping[str, Claim]
    words: tuple[str, ...]  # a name for each of the n positions

    def size(self, stage: str) -> int:
        """How many columns a stage has, 0 where it is not claimed."""
        return self.tables[stage].values.shape[1] if stage in self.tables else 0


def decimals_of(rows: Printed) -> int:
    """The places after the point that a table is printed with: those of its most precise number."""
    return max((number.decimals for number in _numbers(rows)), default=0)


def halves_of(rows: Printed, decimals: int | None = None) -> Floats:
    """Half a unit of the last printed digit of each number; NaN where there is none.

    Numbers of a table have equally many decimals, trailing zeros being dropped, or equally many significant digits:
    as numbers with fewer decimals have as many significant digits as all others.
    """
    numbers = _numbers(rows)
    most = decimals_of(rows)
    digits = max(map(_significant, numbers), default=0)
    by_digits = decimals is None and any(number.decimals < most for number in numbers)
    by_digits = by_digits and all(_significant(each) == digits for each in numbers if _has_digits(each))
    places = most if decimals is None else decimals

    def half(number: Number | None) -> float:
        if number is None:
            return np.nan
        return _half(number.decimals if by_digits else places)

    return _table(rows, half)


def placed(tables: Sequence[ReadTable]) -> tuple[Given, ...]:
    """Tables as they were read, each row at its word: by its label where that is known, else from the first word on.

    Tables of no stage are passed over.
    """
    words = max((table.row_labels for table in tables if table.stage in BY_WORD), key=len, default=())
    return tuple(
        Given(table.stage, table.rows, table.row_labels, _first_row(table, words))
        for table in tables
        if table.stage is not None
    )


def _first_row(table: ReadTable, words: Sequence[str]) -> int:
    """Where the labels of a part of the rows stand among the words."""
    if table.stage not in BY_WORD or not table.row_labels:
        return 0
    for start in range(len(words) - len(table.row_labels) + 1):
        if tuple(words[start : start + len(table.row_labels)]) == table.row_labels:
            return start
    return 0


def claims_of(tables: Iterable[Given]) -> Claims:
    """The claims of tables. Raises ClaimError where they do not fit each other.

    Vectors that are printed once for a word that comes more than once hold at each of its places.
    """
    tables = tuple(tables)
    words = max((table.labels for table in tables if table.stage in BY_WORD), key=len, default=())
    given: dict[str, list[Given]] = {}
    for table in tables:
        if table.stage not in STAGES:
            raise ClaimError(f"There is no stage {table.stage!r}; there are {', '.join(STAGES)}.")
        _check_numbers(table)
        given.setdefault(table.stage, []).append(_at_every_place(table, words))
    n = _word_count(given)
    if n > MAX_WORDS:
        raise ClaimError(f"The tables have {n:,} words; up to {MAX_WORDS} can be checked.")
    claims = {stage: _joined(stage, parts, n if stage in BY_WORD else 0) for stage, parts in given.items()}
    _check_shapes(claims, n)
    return Claims(claims, _names(given, n))


def without_position(label: str) -> str:
    """The word of a label such as "the·4", which tells the places of a repeated word apart."""
    return _POSITION.sub("", label)


def _at_every_place(table: Given, words: Sequence[str]) -> Given:
    """A table with a row for each different word, with a row for each word instead."""
    rows = {identity(without_position(label)): row for label, row in zip(table.labels, table.rows, strict=False)}
    places = [identity(without_position(word)) for word in words]
    if table.stage not in VECTORS or table.first_row or not len(table.rows) == len(rows) < len(words):
        return table
    if not rows.keys() >= set(places):
        return table
    return replace(table, rows=tuple(rows[place] for place in places), labels=tuple(words))


def _numbers(rows: Printed) -> list[Number]:
    return [number for row in rows for number in row if number is not None]


def _significant(number: Number) -> int:
    """How many significant digits are printed."""
    mantissa = number.text.lower().split("e")[0]
    return len("".join(filter(str.isdigit, mantissa)).lstrip("0"))


def _has_digits(number: Number) -> bool:
    """Not 0 and not forbidden, whose digits tell nothing."""
    return bool(number.value) and np.isfinite(number.value)


def _dust(values: Floats) -> Floats:
    """What float64 itself may be off."""
    return _DUST * np.abs(np.where(np.isfinite(values), values, 0.0))


def _half(decimals: int) -> float:
    """Half a unit of the last of so many decimals."""
    return 0.5 * 10.0 ** -min(max(decimals, -_MOST_PLACES), _MOST_PLACES)


def _check_numbers(table: Given) -> None:
    if not all(table.rows) or not table.rows:
        raise ClaimError(f"{STAGES[table.stage]}: a row has no numbers; it needs at least one.")
    for number in _numbers(table.rows):
        if np.isneginf(number.value) and table.stage not in MASKED:
            raise ClaimError(f"{STAGES[table.stage]}: −∞ stands there, but only scores can be masked by it.")
        if np.isfinite(number.value) and abs(number.value) > 10.0**_MOST_PLACES:
            raise ClaimError(
                f"{STAGES[table.stage]}: {number.value:g} is too large; numbers up to 1e{_MOST_PLACES} can be checked."
            )


def _table(rows: Printed, value: Callable[[Number | None], float]) -> Floats:
    return np.array([[value(number) for number in row] for row in rows], dtype=np.float64)


def _word_count(given: Mapping[str, list[Given]]) -> int:
    rows = [part.first_row + len(part.rows) for stage in BY_WORD for part in given.get(stage, [])]
    columns = [len(part.rows[0]) for stage in PAIRS for part in given.get(stage, [])]
    return max([*rows, *columns], default=0)


def _joined(stage: str, parts: Sequence[Given], n: int) -> Claim:
    """One table of all parts; a later part writes over an earlier one where both claim a number."""
    columns = {len(row) for part in parts for row in part.rows}
    if len(columns) != 1:
        counts = " and ".join(map(str, sorted(columns)))
        raise ClaimError(f"{STAGES[stage]}: its rows have {counts} numbers; they need equally many.")
    height = n or max(part.first_row + len(part.rows) for part in parts)
    values, halves, loose = (np.full((height, columns.copy().pop()), np.nan) for _ in range(3))
    for part in parts:
        place = slice(part.first_row, part.first_row + len(part.rows))
        written = _table(part.rows, lambda number: np.nan if number is None else number.value)
        said = ~np.isnan(written)
        values[place][said] = written[said]
        halves[place][said] = halves_of(part.rows, part.decimals)[said]
        own = _table(part.rows, lambda number: np.nan if number is None else _half(number.decimals))
        loose[place][said] = own[said]
    dust = _dust(values)
    halves = halves * _SLACK + dust
    return Claim(values, halves, np.maximum(loose * _SLACK + dust, halves))


def _check_shapes(claims: Mapping[str, Claim], n: int) -> None:
    def columns(stage: str) -> int | None:
        return claims[stage].values.shape[1] if stage in claims else None

    for stage in PAIRS:
        if stage in claims and columns(stage) != n:
            raise ClaimError(
                f"{STAGES[stage]} has {columns(stage)} columns, but there are {n} words; it needs a column for each."
            )
    for stage in ("w_q", "w_k", "w_v"):
        if stage not in claims:
            continue
        rows, made = claims[stage].values.shape
        if columns("embeddings") not in (None, rows):
            raise ClaimError(
                f"{STAGES[stage]} has {rows} rows, but an embedding has {columns('embeddings')} numbers; "
                "they must be equally many."
            )
        if columns(stage[-1]) not in (None, made):
            raise ClaimError(
                f"{STAGES[stage]} has {made} columns, but {STAGES[stage[-1]]} has {columns(stage[-1])}; "
                "they must be equally many."
            )
    for one, other in (("q", "k"), ("w_q", "w_k")):
        if one in claims and other in claims and columns(one) != columns(other):
            raise ClaimError(
                f"{STAGES[one]} has {columns(one)} columns but {STAGES[other]} has {columns(other)}; "
                "a query and a key need equally many numbers."
            )


def _names(given: Mapping[str, list[Given]], n: int) -> tuple[str, ...]:
    """The words where they were written beside rows, else "word 1", "word 2" …"""
    names = [f"word {position}" for position in range(1, n + 1)]
    for stage in BY_WORD:
        for part in given.get(stage, []):
            for row, label in enumerate(part.labels):
                place = part.first_row + row
                if label and names[place] == f"word {place + 1}":
                    names[place] = " ".join(label.split())
    return tuple(names)
