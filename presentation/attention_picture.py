"""Scores, weights and context vectors in one picture, the words' rows aligned across all three.

The picture is one specification, which stays as it is while numbers change, and one table with a row for each number.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from attention_core import Calculation
from attention_core.attention import Floats
from attention_core.changes import Counterpart
from attention_core.masks import OWN
from attention_core.origins import words_without_meaning
from attention_core.stages import STAGES, Stage
from attention_core.words import identity
from presentation.attention_picture_layout import MOST_NUMBERED, PANELS, WRITTEN_OUT, Shape
from presentation.attention_picture_spec import APART, Spec, picture_spec
from presentation.scaling import divided_by_in_short
from presentation.squares import MAX_ROWS, squares
from presentation.tables import context_columns
from presentation.text import shown

_MAX_TILES = 64
_MAX_NEIGHBOURS = 5  # the followed word and those whose context vectors are nearest to its own
_FORBIDDEN = "–"
_HIDDEN = "?"  # a number that is to be found out

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

ALT = (
    "Three heat maps with a row for each word: its scores with every word, its attention weights and its context "
    "vector. The sums below have the numbers of the chosen word."
)


@dataclass(frozen=True)
class Place:
    """A number of the picture: its stage and its position there, from 0."""

    stage: Stage
    row: int
    column: int


@dataclass(frozen=True)
class Picture:
    """What Streamlit draws: the table travels anew each time, the specification only when it changed."""

    table: pa.Table
    spec: Spec
    alt: str


def attention_picture(
    calculation: Calculation,
    chosen: Place,
    *,
    before: Counterpart | None = None,
    compared: Counterpart | None = None,
    hidden: Collection[str] = (),
) -> Picture:
    """Scores, weights and context vectors.

    `chosen` is the number whose sums are shown; the word of its row is the one that is followed. What differs from
    `before` is marked. With `compared` every number is the difference from it instead. Of the stages that are `hidden`
    no number is in the picture, and nothing that depends on one.
    """
    return _Drawing(calculation, chosen, before, compared, hidden).picture()


@dataclass(frozen=True, eq=False)
class _Numbers:
    """A stage as it is drawn: (rows, columns)."""

    values: Floats  # NaN where there is nothing to show
    forbidden: Flags
    before: Floats | None = None  # NaN where there was nothing
    was_forbidden: Flags | None = None
    hidden: bool = False  # whether a sign stands in place of each number

    def texts(self, where: Flags, decimals: int) -> tuple[list[str | None], list[str | None]]:
        """The numbers as they are written, and what the changed ones were; None where they are not written."""
        if self.hidden:
            return [_HIDDEN if is_written else None for is_written in where.ravel().tolist()], [None] * where.size
        written = _texts(self.values, self.forbidden, where, decimals)
        if self.before is None or self.was_forbidden is None:
            return written, [None] * len(written)
        was = _texts(self.before, self.was_forbidden, where & (~np.isnan(self.before) | self.was_forbidden), decimals)
        return written, [old if old != new else None for old, new in zip(was, written, strict=True)]


class _Drawing:
    """Collects the rows of the table."""

    def __init__(
        self,
        calculation: Calculation,
        chosen: Place,
        before: Counterpart | None,
        compared: Counterpart | None,
        hidden: Collection[str],
    ) -> None:
        self.hidden = hidden
        self.calculation, self.chosen, self.is_difference = calculation, chosen, compared is not None
        self.labels = calculation.labels
        self.columns = context_columns(calculation)
        self.decimals = calculation.experiment.decimals
        self.step = -(-len(self.labels) // MAX_ROWS)
        unset = set(words_without_meaning(calculation.experiment))
        self.without_meaning = np.array([identity(word) in unset for word in calculation.words])
        self.by_hand = ~OWN.of(calculation.experiment).table(len(self.labels))
        self.headings = headings(calculation, is_difference=self.is_difference)
        self.numbers = {stage: self._numbers(stage, before, compared) for stage in PANELS}

    def picture(self) -> Picture:
        shape = self._shape()
        self.tiles, self.near = self._tiled(shape.tiles), self._nearest(shape.neighbours)
        draw = self._cells if self.step == 1 else self._squares
        parts = [draw(stage, written_throughout=not shape.is_always_map) for stage in PANELS]
        if self.step > 1:
            parts += [self._written_out(stage) for stage in PANELS]
        table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
        return Picture(table, picture_spec(shape), ALT)

    def _numbers(self, stage: Stage, before: Counterpart | None, compared: Counterpart | None) -> _Numbers:
        now = self.calculation.context if stage is Stage.CONTEXT else getattr(self.calculation.attention, stage)
        nowhere = np.zeros(now.shape, dtype=bool)
        if stage in self.hidden:
            return _Numbers(np.full(now.shape, np.nan), nowhere, hidden=True)
        forbidden, was_forbidden = nowhere, nowhere
        if stage is Stage.WEIGHTS:
            forbidden = ~self.calculation.allowed
            other = before if compared is None else compared
            was_forbidden = nowhere if other is None else other.forbidden
        if compared is not None:
            return _Numbers(now - compared.stage(stage), forbidden & was_forbidden)
        return _Numbers(now, forbidden, None if before is None else before.stage(stage), was_forbidden)

    def _shape(self) -> Shape:
        n, d = self.calculation.context.shape
        weight = self.decimals + (3 if self.is_difference else 2)
        usual = (self.decimals + 3, weight, self.decimals + 3)  # so that the shape stays while numbers grow a little
        figures = [max(most, self._longest(stage)) for most, stage in zip(usual, PANELS, strict=True)]
        shape = Shape(
            words=-(-n // self.step),
            columns=d,
            figures=(figures[0], figures[1], figures[2]),
            longest_name=_usual_length(self.labels),
            longest_column=_usual_length(self.columns),
            step=self.step,
        )
        if shape.always_has_numbers:
            return shape
        return replace(shape, tiles=min(n, _MAX_TILES), neighbours=min(n, _MAX_NEIGHBOURS))

    def _longest(self, stage: Stage) -> int:
        """Characters of the longest number that is written into the cells of a stage."""
        numbers = self.numbers[stage]
        if len(self.labels) > MOST_NUMBERED:
            return 0
        written = _texts(numbers.values, numbers.forbidden, ~np.isnan(numbers.values), self.decimals)
        return max((len(each) for each in written if each), default=0)

    def _tiled(self, count: int) -> Positions:
        """The words of the followed row that are written out: all, or those with the largest weights, in order."""
        if not count:
            return np.array([], dtype=np.intp)
        weights = np.abs(np.nan_to_num(self.numbers[Stage.WEIGHTS].values[self.chosen.row]))
        if self.chosen.stage is not Stage.CONTEXT:
            weights[self.chosen.column] = np.inf
        return np.sort(np.argsort(-weights, kind="stable")[:count])

    def _nearest(self, count: int) -> Positions:
        """The followed word, then those whose context vectors are nearest to its own."""
        context = self.calculation.context
        if Stage.CONTEXT in self.hidden:
            context = np.zeros_like(context)
        distances = np.linalg.norm(context - context[self.chosen.row], axis=1)
        distances[self.chosen.row] = -1
        return np.argsort(distances, kind="stable")[:count]

    def _cells(self, stage: Stage, *, written_throughout: bool) -> pa.Table:
        """A row for each number."""
        numbers = self.numbers[stage]
        rows, columns = (each.ravel() for each in np.indices(numbers.values.shape))
        tile, near = self._places_written_out(stage, rows, columns)
        where = np.ones(numbers.values.shape, bool)
        if not written_throughout:
            where = ((tile >= 0) | (near >= 0)).reshape(numbers.values.shape)
        return self._table(stage, rows, columns, numbers, where, tile=tile, near=near, on_map=True)

    def _written_out(self, stage: Stage) -> pa.Table:
        """The rows that are written out below a map of squares."""
        numbers = self.numbers[stage]
        if stage is Stage.CONTEXT:
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
            hidden=numbers.hidden,
        )
        return self._table(stage, rows, columns, picked, np.ones(len(rows), bool), tile=tile, near=near, on_map=False)

    def _squares(self, stage: Stage, *, written_throughout: bool) -> pa.Table:
        """A row for each square of neighbouring words."""
        numbers = self.numbers[stage]
        values = np.where(numbers.forbidden, np.nan, numbers.values)
        picture = squares(values, self.step, columns_too=stage is not Stage.CONTEXT, share=stage is Stage.WEIGHTS)
        if numbers.hidden:
            picture = np.full(picture.shape, np.nan)
        rows, columns = (each.ravel() for each in np.indices(picture.shape))
        nowhere = np.full(rows.shape, -1)
        return self._table(
            stage,
            rows * self.step,
            columns if stage is Stage.CONTEXT else columns * self.step,
            _Numbers(picture, np.isnan(picture), hidden=numbers.hidden),
            np.zeros(picture.shape, bool),
            tile=nowhere,
            near=nowhere,
            on_map=True,
        )

    def _places_written_out(self, stage: Stage, rows: Positions, columns: Positions) -> tuple[Positions, Positions]:
        """For each number its place among the tiles and among the neighbours, -1 where it has none."""
        nowhere = np.full(rows.shape, -1)
        n = len(self.labels)
        if stage is Stage.CONTEXT:
            place = np.full(n, -1)
            place[self.near] = np.arange(len(self.near))
            return nowhere, place[rows]
        place = np.full(n, -1)
        place[self.tiles] = np.arange(len(self.tiles))
        return np.where(rows == self.chosen.row, place[columns], -1), nowhere

    def _table(
        self,
        stage: Stage,
        rows: Positions,
        columns: Positions,
        numbers: _Numbers,
        where: Flags,
        *,
        tile: Positions,
        near: Positions,
        on_map: bool,
    ) -> pa.Table:
        panel = PANELS.index(stage)
        is_context = stage is Stage.CONTEXT
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
        title, note = self.headings[stage] if on_map else (None, None)
        nothing = [None] * (len(rows) - 1)
        return pa.table(
            {
                "stage": _named([stage if on_map else f"{stage}{WRITTEN_OUT}"], np.zeros(rows.shape, dtype=int)),
                "query_position": pa.array(rows + 1, pa.int32()),
                "key_position": pa.array(columns + 1, pa.int32()),
                "query": _named(self._names(step), rows // step),
                "key": _named(self.columns, columns) if is_context else _named(self._names(step), columns // step),
                "dotted": pa.array(self._dotted(rows, step)),
                "key_dotted": pa.array(np.zeros(rows.shape, bool) if is_context else self._dotted(columns, step)),
                "value": pa.array(values),
                "forbidden": pa.array(np.zeros(rows.shape, bool) if is_context else self.by_hand[rows, columns]),
                "shade": pa.array(self._shade(stage, values)),
                "row": pa.array(place_row, pa.float32(), mask=not_there),
                "column": pa.array(place_column, pa.float32(), mask=not_there),
                "shown": pa.array(written, pa.string()),
                "before": pa.array(before, pa.string()),
                "chosen": pa.array(chosen if stage == self.chosen.stage else np.zeros(rows.shape, bool)),
                "follows": pa.array(np.full(rows.shape, self.chosen.row // step * step + 1), pa.int32()),
                "tile": pa.array(tile, pa.int32(), mask=tile < 0),
                "title": pa.array([title, *nothing], pa.string()),
                "note": pa.array([note, *nothing], pa.string()),
                "near": pa.array(near, pa.int32(), mask=near < 0),
            }
        )

    def _dotted(self, positions: Positions, step: int) -> Flags:
        """Whether nobody set the numbers of the word there, so that they mean nothing."""
        dotted: Flags = self.without_meaning[positions] if step == 1 else np.zeros(positions.shape, bool)
        return dotted

    def _names(self, step: int) -> Sequence[str]:
        if step == 1:
            return self.labels
        n = len(self.labels)
        return [f"{first + 1}–{min(first + step, n)}" for first in range(0, n, step)]

    def _shade(self, stage: Stage, values: Floats) -> Floats:
        """Numbers around 0 on [-1, 1], 0 staying 0; weights on [2, 3]."""
        if stage is Stage.WEIGHTS and not self.is_difference:
            return np.clip(values, 0, 1) + 2
        finite = np.abs(values[np.isfinite(values)])
        greatest = finite.max() if finite.size else 0.0
        return values / greatest if greatest else values


def headings(calculation: Calculation, *, is_difference: bool = False) -> dict[Stage, tuple[str, str]]:
    """What stands over the three panels: what they are, and how their numbers are made."""
    titles = {Stage.SCORES: "Scores", Stage.WEIGHTS: "Weights", Stage.CONTEXT: "Context"}
    if is_difference:
        return {stage: (f"{title}: difference", "") for stage, title in titles.items()}
    variant = calculation.variant
    notes = {
        Stage.SCORES: f"{STAGES[variant.query].singular} · {STAGES[variant.key].singular}",
        Stage.WEIGHTS: f"softmax of score{divided_by_in_short(calculation)}",
        Stage.CONTEXT: f"weights · {STAGES[variant.value].plural}{' + itself' if variant.adds_itself else ''}",
    }
    return {stage: (titles[stage], note) for stage, note in notes.items()}


def _texts(values: Floats, forbidden: Flags, where: Flags, decimals: int) -> list[str | None]:
    return [
        (_FORBIDDEN if no else shown(value, decimals)) if is_written else None
        for value, no, is_written in zip(
            values.ravel().tolist(), forbidden.ravel().tolist(), where.ravel().tolist(), strict=True
        )
    ]


def _named(names: Sequence[str], positions: Positions) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(positions, pa.int16()), pa.array(list(names), pa.string()))


def _usual_length(names: Sequence[str]) -> int:
    """Characters of the longest name, in steps, so that another word seldom gives another shape."""
    return -(-max(6, *map(_width, names)) // 3) * 3


def _width(name: str) -> int:
    """Characters of a name, those counting twice that are as wide as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in name)
