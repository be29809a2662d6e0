"""What a person asks a training for, and what a training has left: both are parts of the experiment.

Letters: n words of the sentence.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from attention_core.fills import MAX_SEED
from attention_core.matrices import MAX_DIMENSION, MAX_MAGNITUDE, Matrix, Rows, as_rows
from attention_core.stages import EDITED, Stage

MAX_TARGET_WORDS = 24  # a target is painted, a cell for each pair of words
MAX_STEPS = 2_000
MAX_GRAMMAR = 4_000  # characters
USUALLY_TRAINED = (Stage.EMBEDDINGS, Stage.W_Q, Stage.W_K)
TRAINABLE = (*USUALLY_TRAINED, Stage.POSITIONS)  # W_V has no part in the weights
STARTS = ("own", "drawn")  # the tables as they are, or drawn from the seed
TASKS = ("", "target", "language")  # what was learned: nothing, a painted target, words of a tiny language
METHOD_NAMES = {"adam": "Adam", "descent": "gradient descent"}

CLEARED: Rows = ((0.0,),)  # a target that asks for nothing


@dataclass(frozen=True)
class Teaching:
    """A target for the weights and how it is trained. Raises ValueError, in words for the person, where one is wrong.

    `target` holds a row for each looking word as it was painted or typed; a row of zeros, or one that is missing,
    asks for nothing. As long as nobody painted anything, each word is to look at the one before it.
    """

    target: Rows = ()
    tables: tuple[str, ...] = USUALLY_TRAINED  # those that may change; positions where word order is a table
    method: str = "adam"
    rate: float = 0.01
    steps: int = 400
    start: str = "drawn"
    seed: int = 1
    grammar: str = ""  # of the tiny language; empty: the shipped one
    size: int = 6  # numbers of an embedding, a query, a key and a value there

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "target", _checked_target(self.target))
        set_field(self, "tables", _checked_names(self.tables))
        if self.method not in METHOD_NAMES:
            raise ValueError(f"A training goes by {' or '.join(METHOD_NAMES.values())}, not by {self.method!r}.")
        if self.start not in STARTS:
            raise ValueError(f"A training starts from {' or '.join(STARTS)} numbers, not from {self.start!r}.")
        if isinstance(self.rate, bool) or not isinstance(self.rate, int | float) or not 0 < self.rate <= MAX_MAGNITUDE:
            raise ValueError(f"The learning rate is a number above 0 and up to {MAX_MAGNITUDE:,.0f}.")
        set_field(self, "rate", float(self.rate))
        for name, least, most in (("steps", 1, MAX_STEPS), ("seed", 0, MAX_SEED), ("size", 1, MAX_DIMENSION)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                called = {"steps": "number of steps", "size": "size of the embeddings"}.get(name, name)
                raise ValueError(f"The {called} is a whole number from {least} to {most:,}.")

        if len(self.grammar) > MAX_GRAMMAR:
            raise ValueError(f"The grammar has {len(self.grammar):,} characters; up to {MAX_GRAMMAR:,} work here.")

    def painted(self, n: int) -> Matrix:
        """The target as it was painted or typed, cut or filled up with zeros to n words.  (n, n)"""
        if not self.target:
            return looking_back(n)
        target = np.zeros((n, n))
        for row, numbers in enumerate(self.target[:n]):
            target[row, : len(numbers)] = numbers[:n]
        return target

    def asked(self, n: int) -> npt.NDArray[np.bool_]:
        """Whether a row asks for something.  (n,)"""
        return np.asarray(self.painted(n).sum(axis=1) > 0)

    def wanted(self, n: int) -> Matrix:
        """The target with each row divided by its sum, so that it could be a row of weights.  (n, n)"""
        painted = self.painted(n)
        sums = painted.sum(axis=1, keepdims=True)
        wanted: Matrix = np.divide(painted, sums, out=np.zeros_like(painted), where=sums > 0)
        return wanted

    def with_target(self, target: npt.ArrayLike) -> Self:
        """target: (n, n)"""
        rows = np.asarray(target, dtype=np.float64)
        return replace(self, target=as_rows(rows) if rows.any() else CLEARED)

    def with_cell(self, n: int, row: int, column: int) -> Self:
        """The target after a click on a cell: it joins its row or leaves it, and all in the row share evenly."""
        target = self.painted(n)
        chosen = target[row] > 0
        chosen[column] = not chosen[column]
        target[row] = chosen / chosen.sum() if chosen.any() else 0.0
        return self.with_target(target)


def looking_back(n: int) -> Matrix:
    """A target where each word looks at the one before it, and the first, which has none, at itself.  (n, n)"""
    return np.eye(n, k=-1) + np.eye(n, 1) * np.eye(1, n)


@dataclass(frozen=True)
class Learned:
    """What a training left in the tables: which numbers came from it, and how it was done.

    `prints` holds a fingerprint of each row that was learned ("w_q:0", "embeddings:bank"), so that a number that is
    edited later is no longer called learned.
    """

    task: str = ""
    method: str = "adam"
    rate: float = 0.05
    steps: int = 0  # so many were taken
    seed: int = 0
    start: str = "own"
    before: float = 0.0  # the loss at the start
    after: float = 0.0
    prints: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"Nothing is known of the training {self.task!r:.40}.")
        if self.method not in METHOD_NAMES or self.start not in STARTS:
            raise ValueError("The training that is told of is none of this playground.")
        for name in ("rate", "before", "after"):
            value = float(getattr(self, name))
            if not math.isfinite(value):
                raise ValueError(f"The {name} of the training that is told of is not a number.")
            object.__setattr__(self, name, value)
        object.__setattr__(self, "prints", MappingProxyType(dict(self.prints)))

    def __hash__(self) -> int:
        parts = (getattr(self, each.name) for each in fields(self))
        return hash(tuple(tuple(sorted(part.items())) if isinstance(part, Mapping) else part for part in parts))

    def holds(self, table: str, row: str | int, numbers: Iterable[float]) -> bool:
        """Whether a row of a table is as the training left it. `row`: a word's identity, or its place from 0."""
        kept = self.prints.get(f"{table}:{row}")
        return kept is not None and kept == fingerprint(numbers)

    @property
    def tables(self) -> tuple[Stage, ...]:
        """Those of which something was learned."""
        named = {name.partition(":")[0] for name in self.prints}
        return tuple(table for table in (*EDITED, Stage.POSITIONS) if table in named)


def fingerprint(numbers: Iterable[float]) -> str:
    """A short name for a row of numbers that another row is most unlikely to have."""
    return hashlib.sha256(np.array(list(numbers), dtype="<f8").tobytes()).hexdigest()[:8]


def prints_of(tables: Mapping[Stage, npt.NDArray[np.floating[Any]]], words: Iterable[str]) -> dict[str, str]:
    """The fingerprints of tables that were learned: a row of the embeddings is called by its word's identity, any other
    by its place from 0."""
    return {
        f"{table}:{row}": fingerprint(numbers)
        for table, matrix in tables.items()
        for row, numbers in zip(words if table is Stage.EMBEDDINGS else range(len(matrix)), matrix, strict=True)
    }


def _checked_target(target: Rows) -> Rows:
    rows = tuple(tuple(map(float, row)) for row in target)
    if len(rows) > MAX_TARGET_WORDS or any(len(row) > MAX_TARGET_WORDS for row in rows):
        raise ValueError(f"A target is for up to {MAX_TARGET_WORDS} words.")
    for number in (number for row in rows for number in row):
        if not 0 <= number <= MAX_MAGNITUDE:
            raise ValueError(f"A target holds {number:g}; a weight is 0 or more, and a row of weights sums to 1.")
    return rows


def _checked_names(tables: Sequence[str]) -> tuple[str, ...]:
    if isinstance(tables, str) or any(table not in TRAINABLE for table in tables):
        raise ValueError(f"The tables that may change are some of {', '.join(TRAINABLE)}.")
    return tuple(table for table in TRAINABLE if table in tables)
