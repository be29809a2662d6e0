"""What a head is: three tables of its own, and what becomes of several heads.

The heads of an experiment look at the same sentence, each with its own W_Q, W_K and W_V; their contexts stand side by
side (`joined`), and W_O mixes those.  Source: sources.PAPER, section 3.2.2.

Letters: n words at their positions, d_model numbers an embedding, d_k a query or key, d_v a value, d the vectors that
are mixed (d_v, or what the way to attend says).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.matrices import Matrix, Rows, as_rows, checked_table, fitted_table, read_only
from attention_core.one_pass import Pass
from attention_core.stages import WEIGHT_TABLES, Stage

MAX_HEADS = 8
MAX_JOINED = 32  # numbers of all heads' contexts side by side
MAX_NAME = 40  # characters

_W_O = "W_O"


@dataclass(frozen=True, eq=False)
class Head:
    """The tables of one head, and what it is called. Frozen; its tables are read-only."""

    name: str  # a person's; empty where nobody named it
    w_q: Matrix  # (d_model, d_k)
    w_k: Matrix  # (d_model, d_k)
    w_v: Matrix  # (d_model, d_v)

    def __eq__(self, other: object) -> bool:
        return self._content == other._content if isinstance(other, Head) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def tables(self) -> dict[Stage, Floats]:
        """W_Q, W_K and W_V."""
        return {name: getattr(self, name) for name in WEIGHT_TABLES}

    @property
    def _content(self) -> tuple[object, ...]:
        """Tables are compared bit for bit."""
        return self.name, *((table.shape, table.tobytes()) for table in self.tables.values())

    def fitted(self, d_model: int, d_k: int, d_v: int) -> "Head":
        """Cut or padded with zeros to a size."""
        sizes = (d_k, d_k, d_v)
        tables = (
            fitted_table(getattr(self, name), d_model, size) for name, size in zip(WEIGHT_TABLES, sizes, strict=True)
        )
        return Head(self.name, *map(read_only, (table.tolist() for table in tables)))


def label(name: str, place: int) -> str:
    """What a head is called on screen; places count from 0."""
    return name or f"Head {place + 1}"


def plain_head(d_model: int, d_k: int, d_v: int) -> Head:
    """One that passes embeddings on as they are, as far as they fit: what a head begins with."""
    return Head("", *(read_only(np.eye(d_model, size).tolist()) for size in (d_k, d_k, d_v)))


def joined(heads: Sequence[Pass]) -> Floats:
    """The contexts of all heads side by side, in their order.  -> (n, number of heads · d)"""
    contexts = [head.attention.context for head in heads]
    return contexts[0] if len(contexts) == 1 else np.concatenate(contexts, axis=1)


def checked_heads(heads: Sequence[Head | Mapping[str, Any]], first: Head) -> tuple[Head, ...]:
    """The heads beside `first`, whose sizes they share. Raises ValueError."""
    if len(heads) >= MAX_HEADS:
        raise ValueError(f"There are {len(heads) + 1} heads; 1 to {MAX_HEADS} work here.")
    return tuple(_checked(head, first) for head in heads)


def _checked(head: Head | Mapping[str, Any], first: Head) -> Head:
    given = head if isinstance(head, Head) else Head(**head)
    tables = (
        checked_table(f"{name.upper()} of another head", getattr(given, name), rows=len(first.w_q), columns=columns)
        for name, columns in zip(
            WEIGHT_TABLES, (first.w_q.shape[1], first.w_k.shape[1], first.w_v.shape[1]), strict=True
        )
    )
    return Head(checked_name(given.name), *tables)


def checked_name(name: str) -> str:
    if not isinstance(name, str) or len(name) > MAX_NAME:
        raise ValueError(f"The name of a head is a text of up to {MAX_NAME} characters.")
    return " ".join(name.split())


def checked_place(place: int, count: int) -> int:
    if type(place) is not int or not 0 <= place < count:
        raise ValueError(f"There are {count} heads; the chosen one is counted from 0, not {place!r:.40}.")
    return place


def checked_output(table: npt.ArrayLike) -> Rows:
    """W_O as a value; nothing where it passes everything on as it is."""
    rows = len(table) if isinstance(table, Sequence | np.ndarray) else 0
    if not rows:
        return ()
    if rows > MAX_JOINED:
        raise ValueError(f"{_W_O} has {rows} rows; up to {MAX_JOINED} work here.")
    checked = checked_table(_W_O, table, rows=rows, most=MAX_JOINED)
    return () if np.array_equal(checked, np.eye(*checked.shape)) and rows == checked.shape[1] else as_rows(checked)


def check_joined(count: int, size: int, output: Rows) -> None:
    """The contexts of all heads have room beside each other, and W_O a row for each of their numbers."""
    if count * size > MAX_JOINED:
        raise ValueError(
            f"{count} heads with {size} numbers each give {count * size} numbers side by side; up to {MAX_JOINED} fit. "
            "Take fewer heads or shorter values."
        )
    if output and len(output) != count * size:
        raise ValueError(
            f"{_W_O} has {len(output)} rows, but {count} {'head' if count == 1 else 'heads'} with {size} numbers each "
            f"give {count * size} numbers side by side; it needs a row for each."
        )


def blocks(output: Rows, count: int) -> list[Rows]:
    """The rows of W_O that belong to each head."""
    size = len(output) // count
    return [output[size * head : size * (head + 1)] for head in range(count)]


def fitted_output(output: Rows, count: int, size: int) -> Rows:
    """W_O for heads whose contexts have so many numbers: what still fits stays, new rows are 0."""
    if not output:
        return ()
    parts = (fitted_table(read_only(block), size, len(output[0])) for block in blocks(output, count))
    return tuple(row for part in parts for row in as_rows(part))
