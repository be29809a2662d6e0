"""Word order: what a word's place adds to its embedding, or by how much it turns its query and its key.

Letters: n words at their positions, counted from 0; d_model numbers an embedding, d a query or key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.matrices import Matrix, Rows, as_rows, checked_table, fitted_table, read_only
from attention_core.sources import PAPER, ROTARY_PAPER
from attention_core.words import MAX_WORDS

MIN_BASE, MAX_BASE = 1.0, 1e6
USUAL_BASE = 10_000.0


class SetByPerson(Protocol):
    """What a person sets of word order."""

    @property
    def words(self) -> Sequence[str]: ...
    @property
    def d_model(self) -> int: ...
    @property
    def position_base(self) -> float: ...
    @property
    def position_rows(self) -> Rows: ...


@dataclass(frozen=True, slots=True)
class WordOrder:
    """One way to tell a word where it stands."""

    id: str  # in documents
    name: str  # on screen
    summary: str
    told: str  # a sentence of the article, in Markdown; empty where there is nothing to tell
    table: Callable[[SetByPerson], Matrix]  # what is added to the embedding at each place  -> (n, d_model)
    adds: bool = True  # whether it adds anything
    turns: bool = False  # whether it turns queries and keys

    @property
    def counts(self) -> bool:
        """Whether a word knows where it stands."""
        return self.adds or self.turns


def sinusoidal(n: int, d_model: int, base: float) -> Matrix:
    """sin(place ÷ base^(2i/d_model)) in column 2i, the cosine of the same in column 2i + 1.  -> (n, d_model)

    Source: sources.PAPER, section 3.5, where the base is 10,000.
    """
    places, columns = np.arange(n)[:, None], np.arange(d_model)[None, :]
    angles = places / base ** ((columns - columns % 2) / d_model)
    return read_only(np.where(columns % 2, np.cos(angles), np.sin(angles)).tolist())


def angles(places: npt.ArrayLike, d: int, base: float) -> npt.NDArray[np.float64]:
    """By how much, in radians, a place turns each pair of numbers: place ÷ base^(2i/d) for pair i.  (n,) -> (n, d // 2)

    Source: sources.ROTARY_PAPER, section 3.2.2, where the base is 10,000; places count from 0.
    """
    pairs = np.arange(d // 2)
    return np.asarray(np.asarray(places, dtype=np.float64)[:, None] / base ** (2 * pairs / d))


def turned(vectors: Floats, base: float, *, places: npt.ArrayLike | None = None, back: bool = False) -> Floats:
    """Each pair of neighbouring numbers, turned by the angle of its place; the last of an odd number stays.

    (a, b) becomes (a cos − b sin, a sin + b cos), so that the product of two turned vectors depends on how far apart
    they stand and not on where. `places` are 0, 1, 2 … unless they are given; `back` turns the other way.
    (..., n, d) -> (..., n, d)
    """
    n, d = vectors.shape[-2:]
    turn = angles(np.arange(n) if places is None else places, d, base)
    cosines, sines = np.cos(turn), -np.sin(turn) if back else np.sin(turn)
    first, second = vectors[..., : d - d % 2 : 2], vectors[..., 1:d:2]
    result = vectors.copy()
    result[..., : d - d % 2 : 2] = first * cosines - second * sines
    result[..., 1:d:2] = first * sines + second * cosines
    return result


def _none(person: SetByPerson) -> Matrix:
    return read_only([[0.0] * person.d_model] * len(person.words))


def _own(person: SetByPerson) -> Matrix:
    """The rows that were set; places beyond them, and columns that are new, have 0."""
    n, d_model = len(person.words), person.d_model
    given = np.array(person.position_rows or ((0.0,),), dtype=np.float64)
    return read_only(fitted_table(given, n, d_model).tolist())


NONE = WordOrder(
    id="none",
    name="None",
    summary="A word does not know where it stands.",
    told="",
    table=_none,
    adds=False,
)
SINUSOIDAL = WordOrder(
    id="sinusoidal",
    name="Waves",
    summary="Each place adds sines and cosines of its number, slower from column to column.",
    told="To each embedding the numbers of its place are added: sines and cosines, a **positional encoding** "
    f"({PAPER}, section 3.5).",
    table=lambda person: sinusoidal(len(person.words), person.d_model, person.position_base),
)
OWN = WordOrder(
    id="own",
    name="My own",
    summary="Each place adds numbers that you set.",
    told="To each embedding the numbers of its place are added, a **positional encoding** that was set by hand.",
    table=_own,
)

ROTARY = WordOrder(
    id="rotary",
    name="Rotary",
    summary="Each place turns queries and keys, the first pair of their numbers fastest.",
    told="Before queries and keys are compared, each pair of their numbers is **turned by its place**, the first pair "
    f"fastest: a **rotary position embedding** ({ROTARY_PAPER}, section 3.2.2).",
    table=_none,
    adds=False,
    turns=True,
)

WORD_ORDERS = {each.id: each for each in (NONE, SINUSOIDAL, OWN, ROTARY)}


def checked_order(order: str) -> str:
    if order not in WORD_ORDERS:
        raise ValueError(f"There is no word order called {order!r:.40}; there are: {', '.join(WORD_ORDERS)}.")
    return order


def checked_base(base: float) -> float:
    if isinstance(base, bool) or not isinstance(base, int | float) or not MIN_BASE <= base <= MAX_BASE:
        raise ValueError(f"The base of word order is a number from {MIN_BASE:g} to {MAX_BASE:,.0f}, not {base!r:.40}.")
    return float(base)


def checked_rows(rows: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> Rows:
    """Without the zeros at its end, so that a sentence that grows does not make another experiment."""
    if not len(rows):
        return ()
    if len(rows) > MAX_WORDS:
        raise ValueError(f"The table of positions has {len(rows):,} rows; up to {MAX_WORDS} work here.")
    table = checked_table("The table of positions", rows, rows=len(rows))
    last = int(np.flatnonzero(table.any(axis=1)).max(initial=-1))
    return as_rows(table[: last + 1])
