"""What tables without a heading may be, and which word a row without a name may belong to: solved, not assumed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from checking.claims import BY_WORD, MASKED, PAIRS, ClaimError, Claims, Given
from checking.precision import halves_of, numbers_of
from checking.reading import STAGES

_MOST = 96  # meanings that are weighed
_MOST_NUMBERS = 60_000  # that are looked at for all of them together, so that large tables have fewer meanings
_MOST_LOOKED_AT = 5000  # choices of stages, before their sizes are held against each other
_MOST_UNNAMED = 8  # tables without a heading whose stage is looked for
_LEFT_OUT = 25.0  # bits of a table that is taken for nothing
_OUT_OF_ORDER = 6.0  # of one that does not stand where the calculation has it
_UNUSUAL = {"exponentials": 3.0, "scaled_scores": 1.5, "w_q": 1.0, "w_k": 1.0, "w_v": 1.0}  # bits of a stage
_ORDER = tuple(STAGES)
_NAMED_ALONE = ("positions", "x", "joined", "w_o")  # looked for only where the words name it


@dataclass(frozen=True, eq=False)
class Meaning:
    """The claims once each table has a stage and each row a word."""

    claims: Claims
    bits: float = 0.0  # of a meaning that is not the first to come to mind
    solved: tuple[tuple[int, str], ...] = ()  # tables without a heading, by their place in the text, and their stage
    left_out: tuple[int, ...] = ()  # those that are taken for nothing
    row: int | None = None  # where rows without a word stand, if that was solved


def meanings(claims: Claims) -> Iterator[Meaning]:
    """Every meaning that the sizes of the tables allow, the simplest first."""
    if other := _with_positions_added(claims):
        yield from meanings(other)
        yield from (replace(each, bits=each.bits + _LEFT_OUT) for each in _of_these(claims))
    else:
        yield from _of_these(claims)


def _of_these(claims: Claims) -> Iterator[Meaning]:
    """The same with the tables that have a name taken for what it says."""
    open_tables = _open(claims)
    if not open_tables or len(open_tables) > _MOST_UNNAMED:
        first = Meaning(claims, left_out=(*open_tables, *_set_aside(claims)))
        yield first
        yield from _rows(first)
        return
    most = _affordable(claims)
    choices = sorted(islice(_assigned(claims, open_tables), _MOST_LOOKED_AT), key=lambda each: each[0])[:most]
    yielded = 0
    for bits, stages in choices:
        try:
            meant = claims.made_of(_named(claims.given, stages))
        except ClaimError:
            continue
        if any(stage and meant.rows[place] is None for place, stage in stages.items()):
            continue  # it says something else than another table of its stage
        solved = tuple((place, stage) for place, stage in stages.items() if stage)
        left_out = (*(place for place, stage in stages.items() if not stage), *_set_aside(claims))
        first = Meaning(meant, bits, solved, left_out)
        yield first
        yielded += 1
        for other in _rows(first):
            yield other
            yielded += 1
        if yielded >= min(_MOST, most):
            return


def _with_positions_added(claims: Claims) -> Claims | None:
    """The same with a second table of embeddings, that says otherwise than the first, as those with the positions."""
    aside = [place for place in _set_aside(claims) if claims.given[place].stage == "embeddings"]
    if len(aside) != 1 or "x" in claims.tables:
        return None
    try:
        return claims.made_of(_named(claims.given, {aside[0]: "x"}))
    except ClaimError:
        return None


def _affordable(claims: Claims) -> int:
    """How many meanings can be looked at: fewer, the more numbers there are and the more words have to be scored."""
    numbers = sum(len(table.rows) * len(table.rows[0]) for table in claims.given if table.rows)
    numbers += len(claims.words) ** 2
    return max(_MOST_NUMBERS // max(numbers, 1), 1)


def _open(claims: Claims) -> tuple[int, ...]:
    """The places of the tables of which nothing tells the stage."""
    return tuple(place for place, table in enumerate(claims.given) if table.stage is None)


def _set_aside(claims: Claims) -> tuple[int, ...]:
    """The places of the tables that another one of their stage contradicts, such as those of a second head."""
    return tuple(
        place
        for place, (table, row) in enumerate(zip(claims.given, claims.rows, strict=True))
        if table.stage is not None and row is None
    )


def _rows(meaning: Meaning) -> Iterator[Meaning]:
    """The same with the rows that have no word at each place where they may stand, all of them at the same one."""
    claims = meaning.claims
    loose = [place for place, table in enumerate(claims.given) if table.first_row is None and table.stage in BY_WORD]
    stages = [claims.given[place].stage for place in loose]
    once = [place for place, stage in zip(loose, stages, strict=True) if stages.count(stage) == 1]
    heights = {len(claims.given[place].rows) for place in once}
    if len(heights) != 1:
        return
    now = {claims.rows[place] for place in once}
    for row in range(min(len(claims.words) - heights.copy().pop() + 1, _affordable(claims))):
        if now == {row}:
            continue
        given = [replace(table, first_row=row) if place in once else table for place, table in enumerate(claims.given)]
        try:
            yield replace(meaning, claims=claims.made_of(given), row=row)
        except ClaimError:
            continue


def _named(given: Sequence[Given], stages: dict[int, str]) -> list[Given]:
    return [replace(each, stage=stages[place] or None) if place in stages else each for place, each in enumerate(given)]


def _assigned(claims: Claims, places: Sequence[int]) -> Iterator[tuple[float, dict[int, str]]]:
    """Stages for the tables at some places, in the order of the calculation, and the bits of each choice."""
    taken = {table.stage for place, table in enumerate(claims.given) if place not in places}
    known = bool(taken & set(BY_WORD))
    words = len(claims.words) if known else 0
    possible = {place: [*_stages_of(claims.given[place], words), ""] for place in places}

    def follow(
        left: Sequence[int], last: int, chosen: dict[int, str], bits: float
    ) -> Iterator[tuple[float, dict[int, str]]]:
        if not left:
            yield bits, chosen
            return
        place, *rest = left
        for stage in possible[place]:
            rank = _ORDER.index(stage) if stage else last
            if stage and (stage in taken or rank <= last):
                continue
            more = _LEFT_OUT if not stage else _UNUSUAL.get(stage, 0.5) + _out_of_order(claims, places, place, stage)
            yield from follow(rest, rank, {**chosen, place: stage}, bits + more)

    yield from follow(list(places), -1, {}, 0.0)


def _out_of_order(claims: Claims, places: Sequence[int], place: int, stage: str) -> float:
    """Bits of a table that stands before one that comes earlier in the calculation, or behind one that comes later."""
    rank = _ORDER.index(stage)
    for other, table in enumerate(claims.given):
        if other in places or table.stage not in _ORDER:
            continue
        if (_ORDER.index(table.stage) - rank) * (other - place) < 0:
            return _OUT_OF_ORDER
    return 0.0


def _stages_of(table: Given, words: int) -> Iterator[str]:
    """What a table may be by its numbers and its size."""
    numbers = numbers_of(table.rows)
    values = np.array([number.value for number in numbers])
    forbidden = bool(np.isneginf(values).any())
    for stage in _ORDER:
        if stage in _NAMED_ALONE:
            continue
        if forbidden and stage not in MASKED:
            continue
        if stage in PAIRS and words and len(table.rows[0]) != words:
            continue
        if stage in BY_WORD and words and len(table.rows) > words:
            continue
        if stage == "exponentials" and not (values > 0).all():
            continue
        if stage == "weights" and not _may_be_weights(table):
            continue
        yield stage


def _may_be_weights(table: Given) -> bool:
    """Whether each row has no negative number and sums to 1, more or less, or to 0."""
    rows = np.array([[number.value if number else 0.0 for number in row] for row in table.rows])
    if (rows < 0).any():
        return False
    rounding = np.nan_to_num(halves_of(table.rows, table.decimals)).sum(axis=1) * 2 + 0.05
    totals = rows.sum(axis=1)
    return bool(((np.abs(totals - 1) <= rounding) | (totals == 0)).mean() > 0.5)
