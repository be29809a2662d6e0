"""Scores, weights and context vectors in one picture, the words' rows aligned across all three.

The picture is one specification, which stays as it is while numbers change, a table with a row for each number, and
small tables of what else is drawn. They are apart because the browser takes each row through every layer that its table
has, and reads a table anew only when something in it has changed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

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
from presentation.attention_picture_layout import MOST_NUMBERED, PANELS, Shape, usual_length
from presentation.attention_picture_map import MAP_COLOURS, MAPS, NOWHERE, steps_of
from presentation.attention_picture_spec import (
    APART,
    CHOSEN_NUMBER,
    FOLLOWED,
    HEADINGS,
    NAMES,
    picture_spec,
)
from presentation.bitmap import bitmap
from presentation.heads_text import of_heads_in_short
from presentation.scaling import divided_by_in_short
from presentation.specifications import Spec
from presentation.squares import MAX_ROWS, squares
from presentation.tables import context_columns
from presentation.text import shown

_MAX_TILES = 64
_MAX_NEIGHBOURS = 5  # the followed word and those whose context vectors are nearest to its own
_FORBIDDEN = "–"
_HIDDEN = "?"  # a number that is to be found out
_LONGEST_HEAD = 18  # characters of the name of a head
# The colours of a map of very many cells, which is one picture.
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
    """What Streamlit draws: the tables travel anew each time, the specification only when it changed."""

    table: pa.Table  # of the numbers
    more: Mapping[str, pa.Table]  # of what else is drawn, by the names that the specification has for them
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

    def at(self, rows: Positions, columns: Positions) -> "_Numbers":
        """Some of them, one after the other."""
        places = rows, columns
        return _Numbers(
            self.values[places],
            self.forbidden[places],
            None if self.before is None else self.before[places],
            None if self.was_forbidden is None else self.was_forbidden[places],
            self.hidden,
        )

    def texts(self, decimals: int) -> tuple[list[str | None], list[str | None]]:
        """The numbers as they are written, and what the changed ones were; None where there was nothing."""
        if self.hidden:
            return [_HIDDEN] * self.values.size, [None] * self.values.size
        written = _texts(self.values, self.forbidden, decimals)
        if self.before is None or self.was_forbidden is None:
            return written, [None] * len(written)
        was = _texts(self.before, self.was_forbidden, decimals)
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
        self.is_map = shape.is_always_map
        cells = [self._cells(stage) for stage in PANELS]
        more = {NAMES: self._joined([self._names_of(stage) for stage in PANELS]), HEADINGS: self._headings()}
        more[CHOSEN_NUMBER] = self._place(*self._chosen_square())
        if self.is_map:
            more[MAPS] = self._maps(cells)
        if shape.tiles:
            more[FOLLOWED] = self._joined([self._written_out(stage) for stage in PANELS])
        return Picture(self._joined(cells), more, picture_spec(shape), ALT)

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
            longest_name=usual_length(self.labels),
            longest_column=usual_length(self.columns),
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
        return max((len(each) for each in _texts(numbers.values, numbers.forbidden, self.decimals) if each), default=0)

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

    def _cells(self, stage: Stage) -> pa.Table:
        """A row for each number of the map, or for each square of neighbouring words."""
        numbers = self.numbers[stage]
        columns_step = self._columns_step(stage)
        if self.step > 1:
            values = np.where(numbers.forbidden, np.nan, numbers.values)
            shares = stage is Stage.WEIGHTS
            values = squares(values, self.step, columns_too=columns_step > 1, share=shares)
            if numbers.hidden:
                values = np.full(values.shape, np.nan)
            numbers = _Numbers(values, np.isnan(values), hidden=numbers.hidden)
        rows, columns = (each.ravel() for each in np.indices(numbers.values.shape))
        places = rows * self.step, columns * columns_step
        table = self._place(stage, *places)
        if not self.is_map:
            table = self._with_places(table, stage, rows, columns)
            return self._with_numbers(table, stage, *places, numbers)
        values = np.where(numbers.forbidden, np.nan, numbers.values).ravel()
        table = table.append_column("value", pa.array(values))
        return table.append_column("forbidden", pa.array(self._by_hand(stage, *places)))

    def _maps(self, cells: Sequence[pa.Table]) -> pa.Table:
        """A row for each panel: how it looks, and how many rows and columns it has."""
        rows = len(self.labels[:: self.step])
        drawn = [
            bitmap(steps_of(self._shade(stage, table["value"].to_numpy())).reshape(rows, -1), MAP_COLOURS)
            for stage, table in zip(PANELS, cells, strict=True)
        ]
        columns = [table.num_rows // rows for table in cells]
        return pa.table({"stage": list(map(str, PANELS)), "image": drawn, "rows": [rows] * 3, "columns": columns})

    def _names_of(self, stage: Stage) -> pa.Table:
        """A row for each name of a row and of a column."""
        n, columns = self.numbers[stage].values.shape
        down = np.arange(-(-n // self.step))
        across = np.arange(-(-columns // self._columns_step(stage)))
        rows, columns = np.append(down, 0 * across), np.append(0 * down, across)
        table = self._place(stage, rows * self.step, columns * self._columns_step(stage))
        table = self._with_places(table, stage, rows, columns)
        is_row = np.arange(len(rows)) < len(down)
        of_word = np.where(is_row, rows, 0 if stage is Stage.CONTEXT else columns)
        dotted = self.without_meaning[of_word] & (self.step == 1) & (is_row | (stage is not Stage.CONTEXT))
        follows = np.full(rows.shape, self.chosen.row // self.step * self.step + 1)
        for name, values in (
            ("side", _named(["row", "column"], np.where(is_row, 0, 1))),
            ("dotted", pa.array(dotted)),
            ("follows", pa.array(follows, pa.int32())),
        ):
            table = table.append_column(name, values)
        return table

    def _headings(self) -> pa.Table:
        titles, notes = zip(*(self.headings[stage] for stage in PANELS), strict=True)
        return pa.table({"stage": list(map(str, PANELS)), "title": titles, "note": notes})

    def _chosen_square(self) -> tuple[Stage, Positions, Positions]:
        """The place of the chosen number, or of the first one of its square."""
        stage, step = self.chosen.stage, self._columns_step(self.chosen.stage)
        row, column = self.chosen.row // self.step * self.step, self.chosen.column // step * step
        return stage, np.array([row]), np.array([column])

    def _written_out(self, stage: Stage) -> pa.Table:
        """The rows that are written out below a map without numbers: the tiles and the neighbours."""
        if stage is Stage.CONTEXT:
            count = len(self.columns)
            rows, columns = np.repeat(self.near, count), np.tile(np.arange(count), len(self.near))
            tile, near = np.full(rows.shape, -1), np.repeat(np.arange(len(self.near)), count)
        else:
            rows, columns = np.full(len(self.tiles), self.chosen.row), self.tiles
            tile, near = np.arange(len(self.tiles)), np.full(rows.shape, -1)
        numbers = self.numbers[stage].at(rows, columns)
        table = self._place(stage, rows, columns, step=1)
        table = self._with_numbers(table, stage, rows, columns, numbers)
        chosen = (rows == self.chosen.row) & (columns == self.chosen.column) & (stage == self.chosen.stage)
        for name, values in (
            ("chosen", pa.array(chosen)),
            ("tile", pa.array(tile, pa.int32(), mask=tile < 0)),
            ("near", pa.array(near, pa.int32(), mask=near < 0)),
        ):
            table = table.append_column(name, values)
        return table

    def _columns_step(self, stage: Stage) -> int:
        """How many columns of the calculation share one of the map."""
        return 1 if stage is Stage.CONTEXT else self.step

    def _place(self, stage: Stage, rows: Positions, columns: Positions, step: int = 0) -> pa.Table:
        """Where numbers are in the calculation, which a click on them tells, and what their words are called."""
        step = step or self.step
        of_columns = self.columns if stage is Stage.CONTEXT else self._names(step)
        return pa.table(
            {
                "stage": _named([stage], np.zeros(rows.shape, dtype=int)),
                "query_position": pa.array(rows + 1, pa.int32()),
                "key_position": pa.array(columns + 1, pa.int32()),
                "query": _named(self._names(step), rows // step),
                "key": _named(of_columns, columns if stage is Stage.CONTEXT else columns // step),
            }
        )

    def _with_places(self, table: pa.Table, stage: Stage, rows: Positions, columns: Positions) -> pa.Table:
        """And where they are in the picture, `rows` and `columns` of the map."""
        apart = APART * PANELS.index(stage) + 0.5
        table = table.append_column("row", pa.array(rows + apart, pa.float32()))
        return table.append_column("column", pa.array(columns + apart, pa.float32()))

    def _with_numbers(
        self, table: pa.Table, stage: Stage, rows: Positions, columns: Positions, numbers: _Numbers
    ) -> pa.Table:
        """And the numbers themselves."""
        values = np.where(numbers.forbidden, np.nan, numbers.values).ravel()
        now, before = numbers.texts(self.decimals)
        for name, column in (
            ("value", pa.array(values)),
            ("forbidden", pa.array(self._by_hand(stage, rows, columns))),
            ("shade", pa.array(self._shade(stage, values))),
            ("shown", pa.array(now, pa.string())),
            ("before", pa.array(before, pa.string())),
        ):
            table = table.append_column(name, column)
        return table

    def _by_hand(self, stage: Stage, rows: Positions, columns: Positions) -> Flags:
        """Which looks were forbidden one by one."""
        if stage is Stage.CONTEXT:
            return np.zeros(rows.shape, bool)
        forbidden: Flags = self.by_hand[rows, columns]
        return forbidden

    def _joined(self, parts: list[pa.Table]) -> pa.Table:
        return pa.concat_tables(parts).unify_dictionaries().combine_chunks()

    def _names(self, step: int) -> Sequence[str]:
        if step == 1:
            return self.labels
        n = len(self.labels)
        return [f"{first + 1}–{min(first + step, n)}" for first in range(0, n, step)]

    def _shade(self, stage: Stage, values: Floats) -> Floats:
        """Numbers around 0 on [-1, 1], 0 staying 0; weights on [2, 3]; NOWHERE what is forbidden."""
        if stage is Stage.WEIGHTS and not self.is_difference:
            return np.where(np.isnan(values), NOWHERE, np.clip(values, 0, 1) + 2)
        finite = np.abs(values[np.isfinite(values)])
        greatest = finite.max() if finite.size else 0.0
        return np.where(np.isnan(values), NOWHERE, values / greatest if greatest else values)


def headings(calculation: Calculation, *, is_difference: bool = False) -> dict[Stage, tuple[str, str]]:
    """What stands over the three panels: what they are, and how their numbers are made."""
    titles = {Stage.SCORES: "Scores", Stage.WEIGHTS: "Weights", Stage.CONTEXT: "Context"}
    if is_difference:
        return {stage: (f"{title}: difference", "") for stage, title in titles.items()}
    variant = calculation.variant
    query, key = calculation.compared
    mixed = f"weights · {STAGES[variant.value].plural}{' + itself' if variant.adds_itself else ''}"
    notes = {
        Stage.SCORES: f"{STAGES[query].singular} · {STAGES[key].singular}",
        Stage.WEIGHTS: f"softmax of score{divided_by_in_short(calculation)}",
        Stage.CONTEXT: of_heads_in_short(calculation) or mixed,
    }
    if len(calculation.heads) > 1:
        of_head = f": {_cut(calculation.head_name(calculation.place))}"
        titles |= {stage: f"{titles[stage]}{of_head}" for stage in (Stage.SCORES, Stage.WEIGHTS)}
    return {stage: (titles[stage], note) for stage, note in notes.items()}


def _cut(name: str) -> str:
    """As much of a name as stands over a panel."""
    return name if len(name) <= _LONGEST_HEAD else f"{name[: _LONGEST_HEAD - 1]}…"


def _texts(values: Floats, forbidden: Flags, decimals: int) -> list[str | None]:
    return [
        _FORBIDDEN if no else None if isnan(value) else shown(value, decimals)
        for value, no in zip(values.ravel().tolist(), forbidden.ravel().tolist(), strict=True)
    ]


def _named(names: Sequence[str], positions: Positions) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(positions, pa.int16()), pa.array(list(names), pa.string()))
