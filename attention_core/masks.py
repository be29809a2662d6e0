"""The kinds of mask: which words a word may not look at.

An entry in `MASKS` is all that a further kind needs: the switches on screen, documents, captions, the article, the
scripts and the spreadsheet read it. Letters: n words at their positions.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from attention_core.words import MAX_WORDS

Allowed: TypeAlias = npt.NDArray[np.bool_]
Positions: TypeAlias = npt.NDArray[np.integer[Any]]
Cell: TypeAlias = tuple[int, int]  # positions of a word that looks and of one that it looks at, from 0

MAX_FORBIDDEN = 4_096  # cells that a person forbids by hand


class SetByPerson(Protocol):
    """What a person sets of masks, beside switching them on and off."""

    @property
    def words(self) -> Sequence[str]: ...
    @property
    def neighbours(self) -> int: ...  # how many words on each side a word may look at
    @property
    def forbidden(self) -> tuple[Cell, ...]: ...  # also of positions that the sentence does not have now


@dataclass(frozen=True, slots=True)
class Mask:
    """One kind of mask. Where several are on, a word may look only where all of them let it."""

    id: str  # in documents, and the key of its switch
    name: str  # on its switch
    summary: str
    told: str  # a sentence of the article, in Markdown
    forbids: str  # completes "a word may not look at …"
    rule: str  # `allows` in Python, for the scripts: of `row` and `column`
    allows: Callable[[Positions, Positions], Allowed]  # of the looking words' rows (n, 1) and the columns (1, n)
    set_by: Callable[[SetByPerson], "Mask"] | None = None  # the same with what the person has set

    def of(self, person: SetByPerson) -> "Mask":
        """The mask as it is in an experiment."""
        return self if self.set_by is None else self.set_by(person)

    def table(self, n: int) -> Allowed:
        """True where the word of the row may look at the word of the column.  -> (n, n)"""
        places = np.arange(n)
        return self.allows(places[:, None], places[None, :])


def _neighbours(count: int) -> Mask:
    beside = "no other word" if not count else f"the {'word' if count == 1 else f'{count} words'} on each side"
    return Mask(
        id="neighbours",
        name="Only neighbours",
        summary="A word sees itself and a few words on each side.",
        told=f"A word and its **neighbours**: it sees only itself and {beside}.",
        forbids=f"words more than {count} {'place' if count == 1 else 'places'} away",
        rule=f"abs(column - row) <= {count}",
        allows=lambda row, column: abs(column - row) <= count,
        set_by=lambda person: _neighbours(person.neighbours),
    )


def _own(cells: frozenset[Cell]) -> Mask:
    named = "No look is" if not cells else "One look is" if len(cells) == 1 else f"{len(cells)} looks are"
    return Mask(
        id="own_mask",
        name="Own mask",
        summary="You say who may look at whom, look by look.",
        told=f"{named} **forbidden by hand**.",
        forbids="words that were forbidden to it by hand",
        rule=_rule_of(sorted(cells)),
        allows=lambda row, column: _but_for(cells, np.broadcast_shapes(row.shape, column.shape)),
        set_by=lambda person: _own(frozenset(cell for cell in person.forbidden if max(cell) < len(person.words))),
    )


def _but_for(cells: Iterable[Cell], shape: tuple[int, ...]) -> Allowed:
    allowed = np.ones(shape, dtype=bool)
    for cell in cells:
        allowed[cell] = False
    return allowed


def _rule_of(cells: Sequence[Cell]) -> str:
    """A line for each word that may not look somewhere; where there are several, in brackets."""
    by_row: dict[int, list[int]] = {}
    for row, column in cells:
        by_row.setdefault(row, []).append(column)
    if not by_row:
        return "column + row >= 0"
    lines = []
    for row, columns in by_row.items():
        places = " | ".join(f"(column == {column})" for column in columns)
        lines.append(f"~((row == {row}) & ({places}))")
    return lines[0] if len(lines) == 1 else "(\n    " + "\n    & ".join(lines) + "\n)"


CAUSAL = Mask(
    id="causal",
    name="Causal mask",
    summary="A word sees only itself and the words before it.",
    told="A **causal mask** lets a word see only itself and the words before it.",
    forbids="the words after it",
    rule="column <= row",
    allows=lambda row, column: column <= row,
)
NOT_ITSELF = Mask(
    id="not_itself",
    name="Not itself",
    summary="A word sees all others but not itself.",
    told="A word is **not scored against itself**.",
    forbids="itself",
    rule="column != row",
    allows=lambda row, column: column != row,
)
NEIGHBOURS = _neighbours(1)
OWN = _own(frozenset())

# Those that a person can switch on. A way to attend that does not score a word against itself brings NOT_ITSELF too.
MASKS = {mask.id: mask for mask in (CAUSAL, NOT_ITSELF, NEIGHBOURS, OWN)}


def allowed_by(masks: Iterable[Mask], n: int) -> Allowed:
    """True where every mask lets the word of the row look at the word of the column.  -> (n, n)"""
    allowed = np.ones((n, n), dtype=bool)
    for mask in masks:
        allowed &= mask.table(n)
    return allowed


def checked_masks(masks: Sequence[str]) -> tuple[str, ...]:
    """The ids of the masks that are on, in the order of the registry. Raises ValueError for one that is not there."""
    if isinstance(masks, str) or not all(isinstance(mask, str) for mask in masks):
        raise ValueError(f"The masks are a list of names, not {masks!r}.")
    unknown = [mask for mask in masks if mask not in MASKS]
    if unknown:
        raise ValueError(f"There is no mask called {unknown[0]!r}; the masks are: {', '.join(MASKS)}.")
    return tuple(mask for mask in MASKS if mask in masks)


def checked_neighbours(count: int) -> int:
    """Raises ValueError for a count that no window of neighbours has."""
    if type(count) is not int or not 0 <= count < MAX_WORDS:
        raise ValueError(f"A word sees 0 to {MAX_WORDS - 1} neighbours on each side, not {count!r}.")
    return count


def checked_cells(cells: Sequence[Sequence[int]]) -> tuple[Cell, ...]:
    """Cells in the order of their rows, each once. Raises ValueError for what is no cell, and for too many."""
    places = {tuple(cell) for cell in cells}
    if len(places) > MAX_FORBIDDEN:
        raise ValueError(f"{len(places):,} looks are forbidden by hand; up to {MAX_FORBIDDEN:,} work here.")
    for cell in places:
        if len(cell) != 2 or not all(type(place) is int and 0 <= place < MAX_WORDS for place in cell):
            raise ValueError(f"A forbidden look is two positions from 0 to {MAX_WORDS - 1}, not {list(cell)!r:.40}.")
    return tuple(sorted((row, column) for row, column in places))
