"""Matrix <-> labelled table and back, with plain errors."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attention_core import STAGES, Calculation, Experiment, Stage, attend, unedited
from attention_core.attention import Floats
from attention_core.examples import with_same_head
from attention_core.head_changes import output_of, with_output
from attention_core.lessons import HIDDEN_SIZE, PRINTED_WORDS, VECTOR_NAMES
from attention_core.mask_changes import forbidden_table, with_forbidden
from attention_core.matrices import MAX_MAGNITUDE, Matrix, read_only
from attention_core.network import forward_layers, query_layers
from attention_core.origins import Source, origin_of
from attention_core.positions import OWN
from attention_core.stages import WEIGHT_TABLES, Along
from attention_core.two_sentences import pair_of
from attention_core.words import identity, position_labels
from presentation.palette import in_colour

TARGET_SUM_TOLERANCE = 5e-4  # thirds that were typed with three decimals sum to 0.999
NOTE_COLUMN = "✎"  # no dimension can be called this
BIAS = "+ bias"  # nor this
FORBIDDEN = "forbidden"  # the table of looks that one's own mask forbids


@dataclass(frozen=True)
class Table:
    """A table that a person edits: what stands in it, and the experiment with other numbers in it."""

    title: str  # on screen, in the fixed colours of queries, keys and values
    help: str
    matrix: Callable[[Experiment], Matrix]
    rows: Callable[[Experiment], tuple[str, ...]]
    columns: Callable[[Experiment], tuple[str, ...]]
    replaced: Callable[[Experiment, npt.ArrayLike], Experiment]
    words: Callable[[Experiment], tuple[str, ...]] | None = None  # the identities of its rows, where they are words
    notes: Callable[[Experiment], list[str]] | None = None  # beside its rows, instead of what was changed
    of_checks: bool = False  # whether its cells are ticked instead of typed; 1 is a tick


class TableError(ValueError):
    """A table that cannot be calculated with; the message says which cell and what it needs."""


def matrix_of(experiment: Experiment, table: str) -> Matrix:
    return TABLES[table].matrix(experiment)


def with_table(experiment: Experiment, table: str, matrix: npt.ArrayLike) -> Experiment:
    """The same experiment with other numbers in one table. Raises TableError."""
    try:
        return TABLES[table].replaced(experiment, matrix)
    except ValueError as error:
        raise TableError(str(error)) from None


def with_edits(
    experiment: Experiment, table: str, edited_rows: Mapping[int, Mapping[str, object]]
) -> tuple[Experiment, str | None]:
    """The same experiment after the edits of a data editor: row position -> column name -> what was typed.

    A cell that holds no number to calculate with keeps the one it had; the second result says which and what it needs.
    """
    matrix = matrix_of(experiment, table).copy()
    rows, columns = row_labels(experiment, table), column_names(experiment, table)
    problem = None
    for row, cells in edited_rows.items():
        for name, typed in cells.items():
            if name not in columns or not 0 <= int(row) < len(rows):
                continue  # an edit of a table that had another shape
            try:
                place = f"{rows[int(row)]} · {name}"
                read = _tick if TABLES[table].of_checks else _number
                matrix[int(row), columns.index(name)] = read(typed, place)
            except TableError as error:
                problem = problem or str(error)
    try:
        return with_table(experiment, table, matrix), problem
    except TableError as error:
        return experiment, problem or str(error)


def are_in_table(experiment: Experiment, table: str, edited_rows: object) -> bool:
    """Whether what a browser tells are edits of rows and columns that the table has."""
    if not isinstance(edited_rows, Mapping):
        return False
    known = {*column_names(experiment, table), NOTE_COLUMN, "_index"}
    rows = range(len(row_labels(experiment, table)))
    return all(
        str(row).isdecimal() and int(row) in rows and isinstance(cells, Mapping) and known.issuperset(cells)
        for row, cells in edited_rows.items()
    )


def content(experiment: Experiment, table: str) -> tuple[object, ...]:
    """What a table shows, to be compared: the names of its rows and columns, and its numbers."""
    return row_labels(experiment, table), column_names(experiment, table), matrix_of(experiment, table).tobytes()


def row_labels(experiment: Experiment, table: str) -> tuple[str, ...]:
    """The names of the rows: the distinct words as first typed, the columns of the embeddings, or A, B, C."""
    return TABLES[table].rows(experiment)


def column_names(experiment: Experiment, table: str) -> tuple[str, ...]:
    return TABLES[table].columns(experiment)


def vector_columns(letter: str, count: int) -> tuple[str, ...]:
    """q1, q2, q3 …"""
    return tuple(f"{letter}{column}" for column in range(1, count + 1))


def context_columns(calculation: Calculation) -> tuple[str, ...]:
    """The names of a context vector's columns: those of the heads side by side, or o1, o2 … of what W_O makes."""
    if calculation.mixes_heads:
        return vector_columns("o", calculation.context.shape[1])
    return joined_columns(calculation)


def mixed_columns(calculation: Calculation) -> tuple[str, ...]:
    """The names of the columns of one head's context: those of the table that it mixes.

    Values that equal the embeddings, because W_V passes them on as they are, keep the embeddings' names.
    """
    part = calculation.variant.value
    if np.array_equal(calculation.table(part), calculation.x):
        return calculation.experiment.dimensions
    return stage_columns(calculation, part)


def joined_columns(calculation: Calculation) -> tuple[str, ...]:
    """The names of the columns of all heads side by side: where there are several, each with the number of its head."""
    names = [mixed_columns(calculation.of_head(head)) for head in range(len(calculation.heads))]
    if len(names) == 1:
        return names[0]
    return tuple(f"H{head} {name}" for head, columns in enumerate(names, start=1) for name in columns)


def stage_rows(calculation: Calculation, stage: Stage) -> tuple[str, ...]:
    """The names of the rows of any stage: words at their places, different words, or columns of the embeddings."""
    return _NAMES[STAGES[stage].rows](calculation, stage)


def stage_columns(calculation: Calculation, stage: Stage) -> tuple[str, ...]:
    """The names of the columns of any stage: words at their places, columns of the embeddings, or q1, q2, q3 …"""
    return _NAMES[STAGES[stage].columns](calculation, stage)


def _numbered(calculation: Calculation, stage: Stage) -> tuple[str, ...]:
    return vector_columns(stage[-1], calculation.table(stage).shape[1])


# What stands along a table -> the names there. A table W_Q numbers its columns as the queries do that it makes.
_NAMES: dict[Along, Callable[[Calculation, Stage], tuple[str, ...]]] = {
    Along.VOCABULARY: lambda calculation, stage: row_labels(calculation.experiment, stage),
    Along.WORDS: lambda calculation, stage: calculation.labels,
    Along.D_MODEL: lambda calculation, stage: calculation.experiment.dimensions,
    Along.D_K: _numbered,
    Along.D_V: _numbered,
    Along.COMPARED: lambda calculation, stage: stage_columns(
        calculation, calculation.variant.query if stage is Stage.TURNED_QUERY else calculation.variant.key
    ),
    Along.MIXED: lambda calculation, stage: mixed_columns(calculation),
    Along.JOINED: lambda calculation, stage: joined_columns(calculation),
    Along.CONTEXT: lambda calculation, stage: context_columns(calculation),
}


def editable_frame(experiment: Experiment, table: str, start: Experiment | None = None) -> pd.DataFrame:
    """The table as a person edits it, with a note in each row: what was changed, or where its numbers come from.

    Changed is what differs from the example, or from another `start`.
    """
    matrix = matrix_of(experiment, table)
    frame = pd.DataFrame(
        matrix.astype(bool) if TABLES[table].of_checks else matrix,
        index=pd.Index(row_labels(experiment, table), dtype="str"),
        columns=list(column_names(experiment, table)),
    )
    frame[NOTE_COLUMN] = notes(experiment, table, start)
    return frame


def notes(experiment: Experiment, table: str, start: Experiment | None = None) -> list[str]:
    """For each row of a table: the cells that differ from the example's, or from those of another `start`, and what
    they were; or the origin of a word."""
    if (told := TABLES[table].notes) is not None:
        return told(experiment)
    origin = unedited(experiment) if start is None else with_same_head(start, experiment)
    if origin.sentence != experiment.sentence:
        origin = origin.with_sentence(experiment.sentence)
    now, before = matrix_of(experiment, table), matrix_of(origin, table)
    words_of = TABLES[table].words
    origins = [origin_of(experiment, word) for word in words_of(experiment)] if words_of else []
    if now.shape != before.shape:
        return [""] * len(now)
    names = column_names(experiment, table)
    changed = now != before
    learned = [
        not words_of and experiment.learned.holds(table, row, numbers) for row, numbers in enumerate(now.tolist())
    ]
    return [
        Source.LEARNED.value
        if learned[row]
        else origins[row].note
        if origins and origins[row].source is not Source.EDITED and not (start is not None and changed[row].any())
        else ", ".join(f"{names[column]} was {before[row, column]:g}" for column in np.flatnonzero(changed[row]))
        for row in range(len(now))
    ]


def vectors_frame(matrix: Floats, labels: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """A row for each position of the sentence."""
    return pd.DataFrame(matrix, index=pd.Index(labels, dtype="str"), columns=list(columns))


def _number(typed: object, place: str) -> float:
    if typed is None or typed == "":
        raise TableError(f"{place} is empty; it needs a number.")
    if isinstance(typed, bool) or not isinstance(typed, (int, float, str)):
        raise TableError(f"{place} holds {typed!r:.40}; it needs a number.")
    try:
        number = float(typed)
    except (ValueError, OverflowError):
        raise TableError(f"{place} holds “{typed!s:.40}”; it needs a number, such as 0.5 or -2.") from None
    if not math.isfinite(number):
        raise TableError(f"{place} holds {typed}; it needs a finite number.")
    if abs(number) > MAX_MAGNITUDE:
        raise TableError(f"{place} holds {number:g}; numbers from -{MAX_MAGNITUDE:,.0f} to {MAX_MAGNITUDE:,.0f} work.")
    return number


def _tick(typed: object, place: str) -> float:
    if not isinstance(typed, bool):
        raise TableError(f"{place} holds {typed!r:.40}; it is ticked or not.")
    return float(typed)


def _first_typed(words: Sequence[str], vocabulary: Sequence[str]) -> tuple[str, ...]:
    """The distinct words of a sentence as they were first typed."""
    first = {identity(word): word for word in reversed(words)}
    return position_labels([first[word] for word in vocabulary])


def _weight_table(name: Stage) -> Table:
    """W_Q, W_K or W_V: a row for each column of the embeddings, a column for each number of the vectors it makes."""
    return Table(
        title=in_colour(name, STAGES[name].symbol),
        help=STAGES[name].meaning,
        matrix=attrgetter(name),
        rows=attrgetter("dimensions"),
        columns=lambda experiment: vector_columns(name[-1], getattr(experiment, name).shape[1]),
        replaced=lambda experiment, matrix: replace(experiment, **dict[str, Any]({name: matrix})),
    )


def _joined_rows(experiment: Experiment) -> tuple[str, ...]:
    """Which number of which head each row of W_O belongs to."""
    heads = range(1, len(experiment.heads) + 1)
    size = len(output_of(experiment)) // len(heads)
    return tuple(f"H{head} v{at}" for head in heads for at in range(1, size + 1))


def _nowhere(experiment: Experiment) -> list[str]:
    """Which words may look nowhere, by all masks together."""
    return ["" if row.any() else "looks nowhere" for row in attend(experiment).allowed]


def _hidden_names(experiment: Experiment) -> tuple[str, ...]:
    return vector_columns("h", HIDDEN_SIZE)


def _layer(
    name: str,
    title: str,
    inputs: Callable[[Experiment], tuple[str, ...]],
    outputs: Callable[[Experiment], tuple[str, ...]],
) -> Table:
    """A table of a small network: a row for its bias and one for each number that goes in."""
    layers = query_layers if name.startswith("query") else forward_layers
    return Table(
        title=title,
        help="Hand-set, not learned. The first row, the bias, is added whatever goes in.",
        matrix=lambda experiment: layers(experiment).first if name.endswith("first") else layers(experiment).second,
        rows=lambda experiment: (BIAS, *inputs(experiment)),
        columns=outputs,
        replaced=lambda experiment, matrix: replace(experiment, lessons=experiment.lessons.with_layer(name, matrix)),
    )


def _sum_told(row: Floats) -> str:
    """What a row of the target sums to, where it is neither 1 nor 0."""
    total = float(row.sum())
    return "" if total == 0 or abs(total - 1) < TARGET_SUM_TOLERANCE else f"sums to {total:.4g}"


EXPERIMENT_TABLES: dict[str, Table] = {
    Stage.EMBEDDINGS: Table(
        title="Embeddings",
        help="One row for each different word. Click a cell and type, or paste a block from a spreadsheet.",
        matrix=attrgetter("embeddings"),
        rows=lambda experiment: _first_typed(experiment.words, experiment.vocabulary),
        columns=attrgetter("dimensions"),
        replaced=lambda experiment, matrix: experiment.with_embeddings(matrix),
        words=attrgetter("vocabulary"),
    ),
    **{name: _weight_table(name) for name in WEIGHT_TABLES},
}
TABLES = EXPERIMENT_TABLES | {
    Stage.W_O: Table(
        title="W_O",
        help=STAGES[Stage.W_O].meaning,
        matrix=output_of,
        rows=_joined_rows,
        columns=lambda experiment: vector_columns("o", output_of(experiment).shape[1]),
        replaced=with_output,
        notes=lambda experiment: [""] * len(output_of(experiment)),
    ),
    Stage.POSITIONS: Table(
        title="Positions",
        help="One row for each place of the sentence. Click a cell and type.",
        matrix=lambda experiment: OWN.table(experiment),
        rows=lambda experiment: position_labels(experiment.words),
        columns=attrgetter("dimensions"),
        replaced=lambda experiment, matrix: experiment.with_positions(matrix),
    ),
    FORBIDDEN: Table(
        title="Forbidden looks",
        help="A row for each word that looks, a column for each that it looks at. A tick forbids that look.",
        matrix=forbidden_table,
        rows=lambda experiment: position_labels(experiment.words),
        columns=lambda experiment: tuple(f"→ {label}" for label in position_labels(experiment.words)),
        replaced=with_forbidden,
        notes=_nowhere,
        of_checks=True,
    ),
    "both": Table(
        title="Embeddings of both sentences",
        help="One row for each different word of the two sentences, which share it.",
        matrix=lambda experiment: pair_of(experiment).embeddings,
        rows=lambda experiment: _first_typed(pair_of(experiment).words, pair_of(experiment).vocabulary),
        columns=attrgetter("dimensions"),
        replaced=lambda experiment, matrix: experiment.with_rows(pair_of(experiment).vocabulary, matrix),
        words=lambda experiment: pair_of(experiment).vocabulary,
    ),
    "vectors": Table(
        title="Vectors",
        help="Click a cell and type.",
        matrix=attrgetter("lessons.vector_table"),
        rows=lambda experiment: VECTOR_NAMES[: len(experiment.lessons.vectors)],
        columns=lambda experiment: vector_columns("d", len(experiment.lessons.vectors[0])),
        replaced=lambda experiment, matrix: replace(experiment, lessons=experiment.lessons.with_vectors(matrix)),
    ),
    "values": Table(
        title="Values",
        help="What each word passes on. The article's are lost; its embeddings stand in for them.",
        matrix=lambda experiment: read_only(experiment.lessons.values),
        rows=lambda experiment: PRINTED_WORDS,
        columns=lambda experiment: vector_columns("v", len(experiment.lessons.values[0])),
        replaced=lambda experiment, matrix: replace(experiment, lessons=experiment.lessons.with_values(matrix)),
    ),
    "query_first": _layer("query_first", "First table", lambda experiment: experiment.dimensions, _hidden_names),
    "query_second": _layer(
        "query_second", "Second table", _hidden_names, lambda experiment: vector_columns("q", experiment.d_k)
    ),
    "forward_first": _layer(
        "forward_first", "First table", lambda experiment: context_columns(attend(experiment)), _hidden_names
    ),
    "forward_second": _layer(
        "forward_second",
        "Second table",
        _hidden_names,
        lambda experiment: vector_columns("o", attend(experiment).context.shape[1]),
    ),
    "score_row": Table(
        title="Scores of “The”",
        help="The row that the article prints. Click a cell and type.",
        matrix=lambda experiment: read_only([[score] for score in experiment.lessons.score_row]),
        rows=lambda experiment: PRINTED_WORDS,
        columns=lambda experiment: ("score",),
        replaced=lambda experiment, matrix: replace(experiment, lessons=experiment.lessons.with_score_row(matrix)),
    ),
    "target": Table(
        title="Target",
        help="The weights that are wanted: a row for each word that looks, which sums to 1 or is 0 throughout.",
        matrix=lambda experiment: experiment.teaching.painted(len(experiment.words)),
        rows=lambda experiment: position_labels(experiment.words),
        columns=lambda experiment: tuple(f"→ {label}" for label in position_labels(experiment.words)),
        replaced=lambda experiment, matrix: replace(experiment, teaching=experiment.teaching.with_target(matrix)),
        notes=lambda experiment: [_sum_told(row) for row in experiment.teaching.painted(len(experiment.words))],
    ),
}
