"""Scores, weights and context vectors in one picture, the words' rows aligned across all three.

The picture is one specification, which stays as it is while numbers change, and one table with a row for each number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from attention_core import Calculation
from attention_core.attention import Floats
from attention_core.changes import Counterpart
from presentation.attention_picture_layout import MOST_NUMBERED, STAGES, Shape
from presentation.attention_picture_spec import APART, Spec, picture_spec
from presentation.tables import context_columns
from presentation.text import shown

MAX_ROWS = 64  # beyond, neighbouring words share a row
_MAX_TILES = 64
_MAX_NEIGHBOURS = 5  # the followed word and those whose context vectors are nearest to its own
_FORBIDDEN = "–"

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

ALT = (
    "Three heat maps with a row for each word: its scores with every word, its attention weights and its context "
    "vector. The sums below have the numbers of the chosen word."
)


@dataclass(frozen=True)
class Place:
    """A number of the picture: its stage and its position there, from 0."""

    stage: str
    row: int
    column: int


@dataclass(frozen=True)
class Picture:
    """What Streamlit draws: the table travels anew each time, the specification only when it changed."""

    table: pa.Table
    spec: Spec
    alt: str


def attention_picture(
    calculation: Calculation, chosen: Place, *, before: Counterpart | None = None, compared: Counterpart | None = None
) -> Picture:
    """Scores, weights and context vectors.

    `chosen` is the number whose sums are shown; the word of its row is the one that is followed. What differs from
    `before` is marked. With `compared` every number is the difference from it instead.
    """
    return _Drawing(calculation, chosen, before, compared).picture()


@dataclass(frozen=True, eq=False)
class _Numbers:
    """A stage as it is drawn: (rows, columns)."""

    values: Floats  # NaN where there is nothing to show
    forbidden: Flags
    before: Floats | None = None  # NaN where there was nothing
    was_forbidden: Flags | None = None

    def texts(self, where: Flags, decimals: int) -> tuple[list[str | None], list[str | None]]:
        """The numbers as they are written, and what the changed ones were; None where they are not written."""
        written = _texts(self.values, self.forbidden, where, decimals)
        if self.before is None or self.was_forbidden is None:
            return written, [None] * len(written)
        was = _texts(self.before, self.was_forbidden, where & (~np.isnan(self.before) | self.was_forbidden), decimals)
        return written, [old if old != new else None for old, new in zip(was, written, strict=True)]


class _Drawing:
    """Collects the rows of the table."""

    def __init__(
        self, calculation: Calculation, chosen: Place, before: Counterpart | None, compared: Counterpart | None
    ) -> None:
        self.calculation, self.chosen, self.is_difference = calculation, chosen, compared is not None
        self.labels = calculation.labels
        self.columns = context_columns(calculation)
        self.decimals = calculation.experiment.decimals
        self.step = -(-len(self.labels) // MAX_ROWS)
        self.numbers = {stage: self._numbers(stage, before, compared) for stage in STAGES}

    def picture(self) -> Picture:
        shape = self._shape()
        self.tiles, self.near = self._tiled(shape.tiles), self._nearest(shape.neighbours)
        draw = self._cells if self.step == 1 else self._squares
        parts = [draw(stage, written_throughout=not shape.is_always_map) for stage in STAGES]
        if self.step > 1:
            parts += [self._written_out(stage) for stage in STAGES]
        table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
        return Picture(table, picture_spec(shape, *headings(self.calculation, is_difference=self.is_difference)), ALT)

    def _numbers(self, stage: str, before: Counterpart | None, compared: Counterpart | None) -> _Numbers:
        now = self.calculation.context if stage == "context" else getattr(self.calculation.attention, stage)
        nowhere = np.zeros(now.shape, dtype=bool)
        forbidden, was_forbidden = nowhere, nowhere
        if stage == "weights":
            forbidden = ~self.calculation.allowed
            other = before if compared is None else compared
            was_forbidden = nowhere if other is None else other.forbidden
        if compared is not None:
            return _Numbers(now - compared.stage(stage), forbidden & was_forbidden)
        return _Numbers(now, forbidden, None if before is None else before.stage(stage), was_forbidden)

    def _shape(self) -> Shape:
        n, d = self.calculation.context.shape
        figures = tuple(
            max(map(len, filter(None, _texts(each.values, each.forbidden, ~np.isnan(each.values), self.decimals))))
            if n <= MOST_NUMBERED and not np.isnan(each.values).all()
            else 0
            for each in self.numbers.values()
        )
        weight = self.decimals + (3 if self.is_difference else 2)
        usual = (self.decimals + 3, weight, self.decimals + 3)  # so that the shape stays while numbers grow a little
        shape = Shape(
            words=-(-n // self.step),
            columns=d,
            figures=tuple(map(max, figures, usual)),
            longest_name=max(map(_width, self.labels)),
            longest_column=max(map(_width, self.columns)),
            step=self.step,
        )
        if shape.always_has_numbers:
            return shape
        return replace(shape, tiles=min(n, _MAX_TILES), neighbours=min(n, _MAX_NEIGHBOURS))

    def _tiled(self, count: int) -> Positions:
        """The words of the followed row that are written out: all, or those with the largest weights, in order."""
        if not count:
            return np.array([], dtype=np.intp)
        weights = np.abs(np.nan_to_num(self.numbers["weights"].values[self.chosen.row]))
        if self.chosen.stage != "context":
            weights[self.chosen.column] = np.inf
        return np.sort(np.argsort(-weights, kind="stable")[:count])

    def _nearest(self, count: int) -> Positions:
        """The followed word, then those whose context vectors are nearest to its own."""
        context = self.calculation.context
        distances = np.linalg.norm(context - context[self.chosen.row], axis=1)
        distances[self.chosen.row] = -1
        return np.argsort(distances, kind="stable")[:count]

    def _cells(self, stage: str, *, written_throughout: bool) -> pa.Table:
        """A row for each number."""
        numbers = self.numbers[stage]
        rows, columns = (each.ravel() for each in np.indices(numbers.values.shape))
        tile, near = self._places_written_out(stage, rows, columns)
        where = np.ones(numbers.values.shape, bool)
        if not written_throughout:
            where = ((tile >= 0) | (near >= 0)).reshape(numbers.values.shape)
        return self._table(stage, rows, columns, numbers, where, tile=tile, near=near, on_map=True)

    def _written_out(self, stage: str) -> pa.Table:
        """The rows that are written out below a map of squares."""
        numbers = self.numbers[stage]
        if stage == "context":
            rows, columns = (
                np.repeat(self.near, len(self.columns)),
                np.tile(np.arange(len(self.columns)), len(self.near)),
            )
        else:
            rows, columns = np.full(len(self.tiles), self.chosen.row), self.tiles
        tile, near = self._places_written_out(stage, rows, columns)
        places = rows, columns
        picked = _Numbers(
            numbers.values[places],
            numbers.forbidden[places],
            None if numbers.before is None else numbers.before[places],
            None if numbers.was_forbidden is None else numbers.was_forbidden[places],
        )
        return self._table(stage, rows, columns, picked, np.ones(len(rows), bool), tile=tile, near=near, on_map=False)

    def _squares(self, stage: str, *, written_throughout: bool) -> pa.Table:
        """A row for each square of neighbouring words."""
        numbers = self.numbers[stage]
        values = np.where(numbers.forbidden, np.nan, numbers.values)
        squares = binned(values, self.step, columns_too=stage != "context", share=stage == "weights")
        rows, columns = (each.ravel() for each in np.indices(squares.shape))
        nowhere = np.full(rows.shape, -1)
        return self._table(
            stage,
            rows * self.step,
            columns if stage == "context" else columns * self.step,
            _Numbers(squares, np.isnan(squares)),
            np.zeros(squares.shape, bool),
            tile=nowhere,
            near=nowhere,
            on_map=True,
        )

    def _places_written_out(self, stage: str, rows: Positions, columns: Positions) -> tuple[Positions, Positions]:
        """For each number its place among the tiles and among the neighbours, -1 where it has none."""
        nowhere = np.full(rows.shape, -1)
        n = len(self.labels)
        if stage == "context":
            place = np.full(n, -1)
            place[self.near] = np.arange(len(self.near))
            return nowhere, place[rows]
        place = np.full(n, -1)
        place[self.tiles] = np.arange(len(self.tiles))
        return np.where(rows == self.chosen.row, place[columns], -1), nowhere

    def _table(
        self,
        stage: str,
        rows: Positions,
        columns: Positions,
        numbers: _Numbers,
        where: Flags,
        *,
        tile: Positions,
        near: Positions,
        on_map: bool,
    ) -> pa.Table:
        panel = STAGES.index(stage)
        is_context = stage == "context"
        step = self.step if on_map else 1
        written, before = numbers.texts(where, self.decimals)
        chosen = rows // step == self.chosen.row // step
        chosen &= columns // (1 if is_context else step) == self.chosen.column // (1 if is_context else step)
        values = np.where(numbers.forbidden, np.nan, numbers.values).ravel()
        place_row, place_column = (
            APART * panel + rows / step + 0.5,
            APART * panel + columns / (1 if is_context else step) + 0.5,
        )
        not_there = np.full(rows.shape, not on_map)
        return pa.table(
            {
                "stage": _named(STAGES, np.full(rows.shape, panel)),
                "query_position": pa.array(rows + 1, pa.int32()),
                "key_position": pa.array(columns + 1, pa.int32()),
                "query": _named(self._names(step), rows // step),
                "key": _named(self.columns, columns) if is_context else _named(self._names(step), columns // step),
                "value": pa.array(values),
                "shade": pa.array(self._shade(stage, values)),
                "row": pa.array(place_row, pa.float32(), mask=not_there),
                "column": pa.array(place_column, pa.float32(), mask=not_there),
                "shown": pa.array(written, pa.string()),
                "before": pa.array(before, pa.string()),
                "chosen": pa.array(chosen if stage == self.chosen.stage else np.zeros(rows.shape, bool)),
                "follows": pa.array(np.full(rows.shape, self.chosen.row // step * step + 1), pa.int32()),
                "tile": pa.array(tile, pa.int32(), mask=tile < 0),
                "near": pa.array(near, pa.int32(), mask=near < 0),
            }
        )

    def _names(self, step: int) -> Sequence[str]:
        if step == 1:
            return self.labels
        n = len(self.labels)
        return [f"{first + 1}–{min(first + step, n)}" for first in range(0, n, step)]

    def _shade(self, stage: str, values: Floats) -> Floats:
        """Numbers around 0 on [-1, 1], 0 staying 0; weights on [2, 3]."""
        if stage == "weights" and not self.is_difference:
            return np.clip(values, 0, 1) + 2
        finite = np.abs(values[np.isfinite(values)])
        greatest = finite.max() if finite.size else 0.0
        return values / greatest if greatest else values


def headings(calculation: Calculation, *, is_difference: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands over the three panels: what they are, and how their numbers are made."""
    if is_difference:
        return tuple(f"{name}, difference" for name in ("Scores", "Weights", "Context")), ("", "", "")
    variant = calculation.variant
    names = {"x": "embedding", "q": "query", "k": "key", "v": "value"}
    scaled = " of score ÷ √d" if calculation.experiment.scaled else " of score"
    mixed = f"weights · {names[variant.value]}s" + (" + itself" if variant.adds_itself else "")
    return ("Scores", "Weights", "Context"), (
        f"{names[variant.query]} · {names[variant.key]}",
        f"softmax{scaled}: rows sum to 1",
        mixed,
    )


def binned(values: Floats, step: int, *, columns_too: bool, share: bool) -> Floats:
    """The numbers of squares of `step` neighbouring words, or of rows of them.  (n, m) -> (⌈n/step⌉, ⌈m/step⌉ or m)

    The average, leaving out NaN, and NaN where there is nothing else; of weights (`share`) the sum over the words
    looked at, averaged over the looking ones, so that each row still sums to 1.
    """
    seen = ~np.isnan(values)
    totals, counts = np.where(seen, values, 0.0), seen.astype(float)
    rows = np.arange(0, len(values), step)
    looking = np.diff(np.append(rows, len(values)))[:, None]
    totals, counts = np.add.reduceat(totals, rows, axis=0), np.add.reduceat(counts, rows, axis=0)
    if columns_too:
        columns = np.arange(0, values.shape[1], step)
        totals, counts = np.add.reduceat(totals, columns, axis=1), np.add.reduceat(counts, columns, axis=1)
    divisor = np.where(counts > 0, looking if share else counts, np.nan)
    average: Floats = totals / divisor
    return average


def _texts(values: Floats, forbidden: Flags, where: Flags, decimals: int) -> list[str | None]:
    return [
        (_FORBIDDEN if no else shown(value, decimals)) if is_written else None
        for value, no, is_written in zip(
            values.ravel().tolist(), forbidden.ravel().tolist(), where.ravel().tolist(), strict=True
        )
    ]


def _named(names: Sequence[str], positions: Positions) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(positions, pa.int16()), pa.array(list(names), pa.string()))


def _width(name: str) -> int:
    """Characters of a name, those counting twice that are as wide as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in name)
