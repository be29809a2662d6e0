"""Printed numbers as claims: each with the half unit of its last printed digit, in tables of full size.

Letters: n words at their positions, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.stages import PROJECTED, Along, Stage
from attention_core.stages import STAGES as ABOUT
from attention_core.words import MAX_WORDS, identity
from checking.joining import Written, written
from checking.precision import MOST_PLACES, SLACK, Printed, dust_of, numbers_of
from checking.reading import STAGES

BY_WORD = tuple(stage for stage in STAGES if ABOUT[Stage(stage)].rows in (Along.VOCABULARY, Along.WORDS))
PAIRS = tuple(stage for stage in STAGES if ABOUT[Stage(stage)].is_square)  # a column for each word too
VECTORS = ("embeddings", *(stage.value for stage in PROJECTED))  # the same wherever a word stands
MASKED = ("scores", "scaled_scores")  # where −∞ says that a word may not look

_POSITION = re.compile("(?<=.)·[0-9]+$")


class ClaimError(ValueError):
    """Tables that do not fit each other; the message says which and what is needed."""


@dataclass(frozen=True)
class Given:
    """One table as it was read or corrected.

    `stage`: None where nothing tells it. `first_row`: the word of its first row, from 0; None where nothing tells it.
    `decimals`: places after the point of every number in it; None infers them from what is written.
    `heading`, `line`: the words before it and where it began in the text.
    """

    stage: str | None
    rows: Printed
    labels: tuple[str, ...] = ()
    first_row: int | None = 0
    decimals: int | None = None
    heading: str = ""
    line: int = 0
    head: str = ""  # whose table it is, where the text tells of heads
    is_together: bool = False  # of all heads together


@dataclass(frozen=True)
class SetAside:
    """A table that is not among the claims, and why."""

    given: Given
    reason: str


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
        return self.halves - dust_of(self.values)

    @property
    def units(self) -> Floats:
        """One unit of the last printed digit: what was cut off instead of rounded is off by less."""
        return 2 * self.printed_halves / SLACK

    @property
    def digits(self) -> npt.NDArray[np.int64]:
        """How many significant digits each number is printed with; 0 for a zero and where nothing is claimed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.log10(np.abs(self.values) / self.units)
        return np.where(np.isfinite(size), np.floor(np.nan_to_num(size) + SLACK), 0).astype(np.int64)

    @property
    def count(self) -> int:
        return int(self.claimed.sum())


@dataclass(frozen=True, eq=False)
class Claims:
    """Everything that is claimed: stage -> table; and the tables that it was made of, with what is not in it."""

    tables: Mapping[str, Claim]
    words: tuple[str, ...]  # a name for each of the n positions
    given: tuple[Given, ...] = ()  # every table, in the order of the text
    rows: tuple[int | None, ...] = ()  # of each: the row where it was put, None where it was not
    set_aside: tuple[SetAside, ...] = ()  # tables that contradict another one of their stage
    total: int = 0  # how many words there are, where the text says that its tables show some of them

    @property
    def missing(self) -> int:
        """How many words are not printed."""
        return max(self.total - len(self.words), 0)

    def made_of(self, given: Iterable[Given]) -> "Claims":
        """The claims of these tables instead. Raises ClaimError as `claims_of` does."""
        return claims_of(given, total=self.total)

    @property
    def unnamed(self) -> tuple[Given, ...]:
        """The tables of which nothing tells the stage, in the order of the text."""
        return tuple(each for each in self.given if each.stage is None)

    @property
    def floating(self) -> tuple[Given, ...]:
        """The tables with a stage whose place among the words nothing tells."""
        return tuple(each for each in self.given if each.stage is not None and each.first_row is None)

    def size(self, stage: str) -> int:
        """How many columns a stage has, 0 where it is not claimed."""
        return self.tables[stage].values.shape[1] if stage in self.tables else 0


def claims_of(tables: Iterable[Given], *, total: int = 0) -> Claims:
    """The claims of tables. Raises ClaimError where they do not fit each other.

    `total`: how many words there are, where the tables show only some of them.

    Vectors that are printed once for a word that comes more than once hold at each of its places. A table without a
    place takes the rows that say the same, else the first free ones of its stage. One that contradicts an earlier
    table of its stage is set aside. Tables without a stage are kept, and nothing is asked of them.
    """
    tables = tuple(tables)
    words = max((table.labels for table in tables if table.stage in BY_WORD), key=len, default=())
    given: dict[str, list[tuple[int, Given]]] = {}
    for index, table in enumerate(tables):
        if table.stage is None:
            continue
        if table.stage not in STAGES:
            raise ClaimError(f"There is no stage {table.stage!r}; there are {', '.join(STAGES)}.")
        _check_numbers(table.stage, table)
        given.setdefault(table.stage, []).append((index, _at_every_place(table, words)))
    n = _word_count({stage: [part for _, part in parts] for stage, parts in given.items()})
    if n > MAX_WORDS:
        raise ClaimError(f"The tables have {n:,} words; up to {MAX_WORDS} can be checked.")
    claims: dict[str, Claim] = {}
    rows: list[int | None] = [None] * len(tables)
    for stage, parts in given.items():
        claims[stage], places = _joined(stage, [part for _, part in parts], n if stage in BY_WORD else 0)
        for (index, _), place in zip(parts, places, strict=True):
            rows[index] = place
    _check_shapes(claims, n)
    aside = tuple(
        SetAside(table, f"another table of {STAGES[table.stage]} says otherwise")
        for table, row in zip(tables, rows, strict=True)
        if table.stage is not None and row is None
    )
    placed = [(part, rows[index]) for stage in BY_WORD for index, part in given.get(stage, [])]
    return Claims(claims, _names(placed, n), tables, tuple(rows), aside, total)


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


def _check_numbers(stage: str, table: Given) -> None:
    if not all(table.rows) or not table.rows:
        raise ClaimError(f"{STAGES[stage]}: a row has no numbers; it needs at least one.")
    for number in numbers_of(table.rows):
        if np.isneginf(number.value) and stage not in MASKED:
            raise ClaimError(f"{STAGES[stage]}: −∞ stands there, but only scores can be masked by it.")
        if np.isfinite(number.value) and abs(number.value) > 10.0**MOST_PLACES:
            raise ClaimError(
                f"{STAGES[stage]}: {number.value:g} is too large; numbers up to 1e{MOST_PLACES} can be checked."
            )


def _word_count(given: Mapping[str, list[Given]]) -> int:
    """n, as far as the tables with a place and the columns of pairs tell it, else from the tables without a place."""
    parts = [part for stage in BY_WORD for part in given.get(stage, [])]
    rows = [part.first_row + len(part.rows) for part in parts if part.first_row is not None]
    columns = [len(part.rows[0]) for stage in PAIRS for part in given.get(stage, [])]
    told = max([*rows, *columns], default=0)
    loose = [sum(len(part.rows) for part in given.get(stage, []) if part.first_row is None) for stage in BY_WORD]
    return told or max(loose, default=0)


def _joined(stage: str, parts: Sequence[Given], n: int) -> tuple[Claim, list[int | None]]:
    """One table of all parts, and the row of each part; None for one that contradicts those before it."""
    columns = {len(row) for part in parts for row in part.rows}
    if len(columns) != 1:
        counts = " and ".join(map(str, sorted(columns)))
        raise ClaimError(f"{STAGES[stage]}: its rows have {counts} numbers; they need equally many.")
    height = max([n, *((part.first_row or 0) + len(part.rows) for part in parts)])
    whole = Written(*(np.full((height, columns.copy().pop()), np.nan) for _ in range(3)))
    places: list[int | None] = [None] * len(parts)
    in_order = sorted(range(len(parts)), key=lambda index: parts[index].first_row is None)
    for index in in_order:
        part = written(parts[index].rows, parts[index].decimals)
        first_row = parts[index].first_row
        at = whole.place_of(part) if first_row is None else first_row
        if at is not None and whole.agrees(part, at):
            whole.take(part, at)
            places[index] = at
    dust = dust_of(whole.values)
    halves = whole.halves * SLACK + dust
    return Claim(whole.values, halves, np.maximum(whole.loose * SLACK + dust, halves)), places


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
        d_model = columns("embeddings") or columns("x")
        if d_model not in (None, rows):
            raise ClaimError(
                f"{STAGES[stage]} has {rows} rows, but an embedding has {d_model} numbers; they must be equally many."
            )
        if columns(stage[-1]) not in (None, made):
            raise ClaimError(
                f"{STAGES[stage]} has {made} columns, but {STAGES[stage[-1]]} has {columns(stage[-1])}; "
                "they must be equally many."
            )
    for stage in ("positions", "x"):
        if stage in claims and columns("embeddings") not in (None, columns(stage)):
            raise ClaimError(
                f"{STAGES[stage]} has {columns(stage)} columns, but an embedding has {columns('embeddings')} numbers; "
                "they must be equally many."
            )
    for one, other in (("q", "k"), ("w_q", "w_k")):
        if one in claims and other in claims and columns(one) != columns(other):
            raise ClaimError(
                f"{STAGES[one]} has {columns(one)} columns but {STAGES[other]} has {columns(other)}; "
                "a query and a key need equally many numbers."
            )


def _names(placed: Iterable[tuple[Given, int | None]], n: int) -> tuple[str, ...]:
    """The words where they were written beside rows, else "word 1", "word 2" …"""
    names = [f"word {position}" for position in range(1, n + 1)]
    for part, row in placed:
        for place, label in enumerate(part.labels, row or 0) if row is not None else ():
            if label and names[place] == f"word {place + 1}":
                names[place] = " ".join(label.split())
    return tuple(names)
