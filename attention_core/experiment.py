"""What a person can edit, validated, and the whole calculation that follows from it.

Letters: n words at their positions, m distinct words, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from struct import pack
from types import MappingProxyType
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from attention_core.heads import (
    Head,
    check_joined,
    checked_heads,
    checked_name,
    checked_output,
    checked_place,
    fitted_output,
    label,
)
from attention_core.lessons import Lessons
from attention_core.lexicon import (
    LEXICON_DIMENSIONS,
    OPENING_DIMENSIONS,
    has_meaning,
    known_word,
    made_up_row,
    starter_row,
)
from attention_core.masks import OWN, Cell, checked_cells, checked_masks, checked_neighbours
from attention_core.matrices import MAX_DIMENSION, Matrix, Rows, checked_table, fitted_table, read_only
from attention_core.positions import NONE as NO_ORDER
from attention_core.positions import OWN as OWN_ORDER
from attention_core.positions import USUAL_BASE, checked_base, checked_order, checked_rows
from attention_core.stages import STAGES, TABLE_OF, WEIGHT_TABLES, Stage
from attention_core.teaching import Learned, Teaching
from attention_core.variants import QKV, VARIANTS, Variant
from attention_core.words import MAX_WORDS, SPLITS, identity, split

MAX_CHARACTERS = 10_000
MAX_DECIMALS = 8
MIN_DIVISOR, MAX_DIVISOR = 0.01, 1_000  # of one's own; the smaller, the harder the softmax
MAX_KEPT_ROWS = 1_024  # embeddings that an experiment remembers, most of them for words no longer in its sentence

_DIMENSION_NAME = re.compile(r"[^\W_]\w{0,39}")

_EMBEDDINGS = "The table of embeddings"
_Told = TypeVar("_Told")


@dataclass(frozen=True, eq=False)
class Experiment:
    """A sentence, its tables and the switches. Frozen; arrays are copied and read-only.

    `rows` holds the embeddings that differ from the starter ones (see `lexicon.starter_row`), also those of words that
    have left the sentence, so that a word typed again finds its numbers. `likes` holds what the person said of unknown
    words: the word whose numbers each starts with, or itself for made-up numbers of its own. Raises ValueError, in
    words for the person who edits, where something does not fit.
    """

    sentence: str
    w_q: Matrix  # (d_model, d_k)  of the head that is chosen, as the next two
    w_k: Matrix  # (d_model, d_k)
    w_v: Matrix  # (d_model, d_v)
    rows: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # word identity -> d_model numbers
    likes: Mapping[str, str] = field(default_factory=dict)  # word identity -> the identity of what it is like
    dimensions: tuple[str, ...] = OPENING_DIMENSIONS  # d_model names
    split_into: str = "words"
    variant: str = QKV.id
    scaled: bool = True
    divisor: float | None = None  # what scores are divided by where scaling is on; None means √d_k
    masks: tuple[str, ...] = ()  # ids of masks.MASKS, in their order there
    neighbours: int = 1  # how many words on each side the mask of neighbours shows
    forbidden: tuple[Cell, ...] = ()  # looks that one's own mask forbids, also of positions beyond the sentence
    positions: str = NO_ORDER.id  # an id of positions.WORD_ORDERS
    position_base: float = USUAL_BASE  # of the waves
    position_rows: Rows = ()  # one's own table, a row for each place from the first on
    other_heads: tuple[Head, ...] = ()  # in their order
    head: int = 0  # the place of the chosen one among all, from 0
    head_name: str = ""  # of the chosen one
    w_o: Rows = ()  # what mixes the heads; empty where their contexts stay side by side as they are
    decimals: int = 2
    example: str = ""  # the id of the example it started from
    lessons: Lessons = field(default_factory=Lessons)
    teaching: Teaching = field(default_factory=Teaching)
    learned: Learned = field(default_factory=Learned)

    def __post_init__(self) -> None:
        self._check_switches()
        _check_sentence(self)
        dimensions = tuple(self.dimensions)
        _check_dimensions(dimensions)
        set_field = object.__setattr__
        set_field(self, "dimensions", dimensions)
        set_field(self, "masks", checked_masks(self.masks))
        set_field(self, "positions", checked_order(self.positions))
        set_field(self, "position_base", checked_base(self.position_base))
        set_field(self, "position_rows", checked_rows(self.position_rows))
        set_field(self, "neighbours", checked_neighbours(self.neighbours))
        set_field(self, "forbidden", checked_cells(self.forbidden))
        for name in WEIGHT_TABLES:
            set_field(self, name, checked_table(name.upper(), getattr(self, name), rows=len(dimensions)))
        if self.w_q.shape[1] != self.w_k.shape[1]:
            raise ValueError(
                f"W_Q has {self.w_q.shape[1]} columns but W_K has {self.w_k.shape[1]}; "
                "a query and a key need the same number of columns."
            )
        self._check_heads()
        _check_way(self, VARIANTS[self.variant])
        likes = {word: like for word, like in self.likes.items() if word == like or known_word(like) is not None}
        set_field(self, "likes", MappingProxyType(_kept(likes, self.vocabulary)))
        set_field(self, "rows", MappingProxyType(self._checked_rows()))

    def _check_heads(self) -> None:
        set_field = object.__setattr__
        set_field(self, "head_name", checked_name(self.head_name))
        if self.other_heads:
            chosen = Head(self.head_name, self.w_q, self.w_k, self.w_v)
            set_field(self, "other_heads", checked_heads(self.other_heads, chosen))
        set_field(self, "head", checked_place(self.head, len(self.other_heads) + 1))
        set_field(self, "w_o", checked_output(self.w_o))

    def _checked_rows(self) -> dict[str, tuple[float, ...]]:
        """The rows that say something new."""
        if not self.rows:
            return {}
        table = checked_table(_EMBEDDINGS, list(self.rows.values()), rows=len(self.rows), columns=self.d_model)
        numbers = zip(self.rows.items(), map(tuple, table.tolist()), strict=True)
        rows = {word: _same(given, row) for (word, given), row in numbers if row != self.starter_row(word)}
        return _kept(rows, self.vocabulary)

    def _check_switches(self) -> None:
        if self.variant not in VARIANTS:
            raise ValueError(f"There is no way to attend called {self.variant!r}; there are {', '.join(VARIANTS)}.")
        if self.split_into not in SPLITS:
            raise ValueError(f"A sentence is split into {' or '.join(SPLITS)}, not into {self.split_into!r}.")
        if not isinstance(self.scaled, bool):
            raise ValueError(f"The switch scaled is on or off, not {self.scaled!r}.")
        if self.divisor is not None:
            object.__setattr__(self, "divisor", _checked_divisor(self.divisor))
        if type(self.decimals) is not int or not 0 <= self.decimals <= MAX_DECIMALS:
            raise ValueError(f"Numbers are shown with 0 to {MAX_DECIMALS} decimals, not {self.decimals!r}.")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The n words in sentence order, as typed."""
        return split(self.sentence, self.split_into)

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The identities of the m distinct words, in the order in which they first come."""
        return tuple(dict.fromkeys(identity(word) for word in self.words))

    @cached_property
    def vocabulary_index(self) -> npt.NDArray[np.intp]:
        """For each position the row of its word in `embeddings`.  (n,)"""
        row_of = {word: row for row, word in enumerate(self.vocabulary)}
        return np.array([row_of[identity(word)] for word in self.words])

    @cached_property
    def embeddings(self) -> Matrix:
        """One row for each distinct word.  (m, d_model)"""
        return read_only([self.row(word) for word in self.vocabulary])

    def row(self, word: str) -> tuple[float, ...]:
        """The embedding of a word, by its identity, whether or not it is in the sentence."""
        return self.rows[word] if word in self.rows else self.starter_row(word)

    def starter_row(self, word: str) -> tuple[float, ...]:
        """What a word's embedding is as long as nobody edits it."""
        like = self.likes.get(word)
        if like is None:
            return starter_row(word, self.dimensions)
        return made_up_row(word, self.d_model) if like == word else starter_row(like, self.dimensions)

    @property
    def d_model(self) -> int:
        return len(self.dimensions)

    @property
    def d_k(self) -> int:
        return len(self.w_q[0])

    @property
    def d_v(self) -> int:
        return len(self.w_v[0])

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """All of them in their order, the chosen one in its place."""
        chosen = Head(self.head_name, self.w_q, self.w_k, self.w_v)
        return *self.other_heads[: self.head], chosen, *self.other_heads[self.head :]

    @property
    def heads_in_use(self) -> tuple[Head, ...]:
        """The chosen one alone where the way to attend uses none of the tables in which heads differ."""
        return self.heads if VARIANTS[self.variant].has_heads else (self.heads[self.head],)

    def head_label(self, place: int) -> str:
        """What a head is called on screen."""
        return label(self.heads[place].name, place)

    def with_heads(self, heads: Sequence[Head], chosen: int, w_o: Rows | None = None) -> Self:
        """The same experiment with these heads, of which one is chosen, and another W_O where one is given."""
        head = heads[chosen]
        return replace(
            self,
            w_q=head.w_q,
            w_k=head.w_k,
            w_v=head.w_v,
            head_name=head.name,
            head=chosen,
            other_heads=(*heads[:chosen], *heads[chosen + 1 :]),
            w_o=self.w_o if w_o is None else w_o,
        )

    def with_head_chosen(self, place: int) -> Self:
        """The same heads, of which another is chosen; positions from 0."""
        return self if place == self.head else self.with_heads(self.heads, checked_place(place, len(self.heads)))

    def size(self, part: Stage) -> int:
        """How many numbers a vector of x, q, k or v has."""
        return getattr(self, TABLE_OF[part]).shape[1] if part in TABLE_OF else self.d_model

    def with_mask(self, mask: str, on: bool) -> Self:
        """The same experiment with one mask switched on or off."""
        others = tuple(each for each in self.masks if each != mask)
        return replace(self, masks=(*others, mask) if on else others)

    def with_look(self, row: int, column: int, *, forbidden: bool) -> Self:
        """The same experiment with one look forbidden or allowed by one's own mask, which is then on."""
        others = tuple(cell for cell in self.forbidden if cell != (row, column))
        return replace(self, forbidden=(*others, (row, column)) if forbidden else others).with_mask(OWN.id, True)

    def with_positions(self, table: npt.ArrayLike) -> Self:
        """The same experiment with another table of positions of one's own, which is then in use.  (n, d_model)"""
        n = len(self.words)
        changed = checked_table("The table of positions", table, rows=n, columns=self.d_model)
        rows = fitted_table(read_only(self.position_rows or ((0.0,),)), max(n, len(self.position_rows)), self.d_model)
        rows[:n] = changed
        return replace(self, position_rows=checked_rows(rows), positions=OWN_ORDER.id)

    def with_sentence(self, sentence: str, split_into: str | None = None) -> Self:
        """The same tables and switches under another sentence."""
        return replace(self, sentence=sentence, split_into=split_into or self.split_into)

    def with_embeddings(self, embeddings: npt.ArrayLike) -> Self:
        """The same experiment with other embeddings for the words of its sentence.  (m, d_model)"""
        return self.with_rows(self.vocabulary, embeddings)

    def with_rows(self, words: Sequence[str], embeddings: npt.ArrayLike) -> Self:
        """The same experiment with other embeddings for these words (their identities).  (len(words), d_model)"""
        table = checked_table(_EMBEDDINGS, embeddings, rows=len(words), columns=self.d_model)
        rows = zip(words, map(tuple, table.tolist()), strict=True)
        changed = {word: _same(self.rows.get(word), row) for word, row in rows}
        return replace(self, rows={**self.rows, **changed})

    def with_like(self, word: str, like: str) -> Self:
        """The same experiment in which a word (its identity) has the numbers that another has now.

        `like` is a word of the lexicon, a form or a translation of one, a word whose numbers were given in this
        experiment, or the word itself, which then has made-up numbers of its own.
        """
        like = identity(like.strip())
        if not self.has_numbers(like) and like != word:
            raise ValueError(f"“{like}” is not a word that is known here either. Choose one from the list.")
        others = {other: row for other, row in self.rows.items() if other != word}
        given = {word: self.rows[like]} if like in self.rows and like != word else {}
        return replace(self, likes={**self.likes, word: like}, rows=others | given)

    def has_numbers(self, word: str) -> bool:
        """Whether a word's numbers were given here, or mean something under these columns."""
        return word in self.rows or (has_meaning(self.dimensions) and known_word(word) is not None)

    def resized(self, *, d_model: int | None = None, d_k: int | None = None, d_v: int | None = None) -> Self:
        """The same experiment with tables of another size: what still fits stays, new cells are 0.

        Words whose embedding was not edited get the starter numbers of the new columns.
        """
        d_model, d_k, d_v = d_model or self.d_model, d_k or self.d_k, d_v or self.d_v
        if not all(1 <= size <= MAX_DIMENSION for size in (d_model, d_k, d_v)):
            raise ValueError(f"Tables have 1 to {MAX_DIMENSION} rows and columns here, not more or fewer.")
        return replace(
            self,
            dimensions=_named(self.dimensions, d_model),
            rows={word: (row + (0.0,) * d_model)[:d_model] for word, row in self.rows.items()},
            position_rows=tuple((row + (0.0,) * d_model)[:d_model] for row in self.position_rows),
            w_q=fitted_table(self.w_q, d_model, d_k),
            w_k=fitted_table(self.w_k, d_model, d_k),
            w_v=fitted_table(self.w_v, d_model, d_v),
            other_heads=tuple(head.fitted(d_model, d_k, d_v) for head in self.other_heads),
            w_o=fitted_output(self.w_o, len(self.heads), d_k if VARIANTS[self.variant].value is Stage.K else d_v),
        )

    def agrees_with(self, other: Self, *, but_for: Collection[str]) -> bool:
        """Whether two experiments have the same in every field but these."""
        compared = [each.name for each in fields(self) if each.name not in but_for]
        return all(_comparable(getattr(self, name)) == _comparable(getattr(other, name)) for name in compared)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Experiment):
            return NotImplemented
        return self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @cached_property
    def _content(self) -> tuple[Any, ...]:
        """All fields, so that none that is added can be forgotten."""
        return tuple(_comparable(getattr(self, each.name)) for each in fields(self))


def _comparable(value: object) -> Hashable:
    """What two values of a field are compared by. Tables are compared bit for bit, and mappings in any order."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if isinstance(value, Mapping):
        return tuple(sorted(value.items()))
    assert isinstance(value, Hashable)
    return value


def _checked_divisor(divisor: float) -> float:
    if isinstance(divisor, bool) or not isinstance(divisor, (int, float)):
        raise ValueError(f"Scores are divided by a number, not by {divisor!r:.40}.")
    if not MIN_DIVISOR <= divisor <= MAX_DIVISOR:  # also what is not a number
        raise ValueError(f"Scores are divided by {MIN_DIVISOR:g} to {MAX_DIVISOR:,} here, not by {divisor:g}.")
    return float(divisor)


def _check_way(experiment: Experiment, way: Variant) -> None:
    """Vectors that are compared, or added to each other, need equally many numbers."""
    asking, asked, mixed = (experiment.size(part) for part in (way.query, way.key, way.value))
    if asking != asked:
        raise ValueError(
            f"{way.name} compares {STAGES[way.query].plural} of {asking} with {STAGES[way.key].plural} of {asked} "
            "numbers; they need equally many."
        )
    if way.has_heads:
        check_joined(len(experiment.heads), mixed, experiment.w_o)
    if way.adds_itself and mixed != experiment.d_model:
        raise ValueError(
            f"{way.name} adds a word's embedding of {experiment.d_model} to a sum of {STAGES[way.value].plural} of "
            f"{mixed} numbers; they need equally many."
        )


def _check_sentence(experiment: Experiment) -> None:
    length = len(experiment.sentence)
    if length > MAX_CHARACTERS:  # before it is split, which takes seconds for millions
        raise ValueError(f"The sentence has {length:,} characters; up to {MAX_CHARACTERS:,} work here.")
    if not experiment.words:
        raise ValueError("Type at least one word. Spaces and punctuation alone are not words.")
    if len(experiment.words) > MAX_WORDS:
        raise ValueError(
            f"The sentence has {len(experiment.words):,} {experiment.split_into}; up to {MAX_WORDS} work here."
        )


def _check_dimensions(dimensions: tuple[str, ...]) -> None:
    if not 1 <= len(dimensions) <= MAX_DIMENSION:
        raise ValueError(f"An embedding has 1 to {MAX_DIMENSION} numbers, not {len(dimensions)}.")
    if len(set(dimensions)) < len(dimensions) or not all(_DIMENSION_NAME.fullmatch(name) for name in dimensions):
        raise ValueError("The columns of the embeddings need different names of 1 to 40 letters and digits.")


def _same(known: object, row: tuple[float, ...]) -> tuple[float, ...]:
    """The row that is known already where it is this one to the bit: steps of undo share what did not change."""
    if type(known) is tuple and known == row and {*map(type, known)} == {float}:
        return known if pack(f"{len(row)}d", *known) == pack(f"{len(row)}d", *row) else row  # 0 and -0 are equal too
    return row


def _kept(told: Mapping[str, _Told], vocabulary: tuple[str, ...]) -> dict[str, _Told]:
    """What is told of the words of the sentence, and then of the latest others, up to MAX_KEPT_ROWS."""
    present = {word: told[word] for word in vocabulary if word in told}
    others = [(word, value) for word, value in told.items() if word not in present]
    room = MAX_KEPT_ROWS - len(present)
    return {**dict(others[-room:] if room else ()), **present}


def _named(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """So many names of columns: those that are there, then those of the lexicon if they lead there, else d5, d6 …"""
    leading = names == LEXICON_DIMENSIONS[: len(names)]
    numbered = (f"d{column}" for column in range(len(names) + 1, len(names) + 3 * MAX_DIMENSION))
    new = (*(LEXICON_DIMENSIONS[len(names) :] if leading else ()), *numbered)
    return (*names, *(name for name in new if name not in names))[:count]
