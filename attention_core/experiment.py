"""What a person can edit, validated, and the whole calculation that follows from it.

Letters: n words at their positions, m distinct words, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from attention_core.attention import Attention, Floats, causal_mask, scaled_dot_product_attention
from attention_core.lessons import Lessons
from attention_core.lexicon import LEXICON_DIMENSIONS, starter_row
from attention_core.matrices import MAX_DIMENSION, Matrix, checked_table, fitted_table, read_only
from attention_core.stages import EDITED, PARTS, PROJECTED, TABLE_OF, WEIGHT_TABLES, Stage
from attention_core.variants import QKV, VARIANTS, Variant
from attention_core.words import SPLITS, identity, position_labels, split

MAX_CHARACTERS = 10_000
MAX_WORDS = 512
MAX_DECIMALS = 8
MAX_KEPT_ROWS = 1_024  # embeddings that an experiment remembers, most of them for words no longer in its sentence

_DIMENSION_NAME = re.compile(r"[^\W_]\w{0,39}")

_EMBEDDINGS = "The table of embeddings"


@dataclass(frozen=True, eq=False)
class Experiment:
    """A sentence, its tables and the switches. Frozen; arrays are copied and read-only.

    `rows` holds the embeddings that differ from the starter ones (see `lexicon.starter_row`), also those of words that
    have left the sentence, so that a word typed again finds its numbers. Raises ValueError, in words for the person
    who edits, where something does not fit.
    """

    sentence: str
    w_q: Matrix  # (d_model, d_k)
    w_k: Matrix  # (d_model, d_k)
    w_v: Matrix  # (d_model, d_v)
    rows: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # word identity -> d_model numbers
    dimensions: tuple[str, ...] = LEXICON_DIMENSIONS  # d_model names
    split_into: str = "words"
    variant: str = QKV.id
    scaled: bool = True
    causal: bool = False
    decimals: int = 2
    example: str = ""  # the id of the example it started from
    lessons: Lessons = field(default_factory=Lessons)

    def __post_init__(self) -> None:
        self._check_switches()
        _check_sentence(self.sentence, self.words, self.split_into)
        dimensions = tuple(self.dimensions)
        _check_dimensions(dimensions)
        set_field = object.__setattr__
        set_field(self, "dimensions", dimensions)
        for name in WEIGHT_TABLES:
            set_field(self, name, checked_table(name.upper(), getattr(self, name), rows=len(dimensions)))
        if self.w_q.shape[1] != self.w_k.shape[1]:
            raise ValueError(
                f"W_Q has {self.w_q.shape[1]} columns but W_K has {self.w_k.shape[1]}; "
                "a query and a key need the same number of columns."
            )
        set_field(self, "rows", _checked_rows(self.rows, dimensions, self.vocabulary))

    def _check_switches(self) -> None:
        if self.variant not in VARIANTS:
            raise ValueError(f"There is no way to attend called {self.variant!r}; there are {', '.join(VARIANTS)}.")
        if self.split_into not in SPLITS:
            raise ValueError(f"A sentence is split into {' or '.join(SPLITS)}, not into {self.split_into!r}.")
        for name in ("scaled", "causal"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"The switch {name} is on or off, not {getattr(self, name)!r}.")
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
        return self.rows[word] if word in self.rows else starter_row(word, self.dimensions)

    @property
    def d_model(self) -> int:
        return len(self.dimensions)

    @property
    def d_k(self) -> int:
        return len(self.w_q[0])

    @property
    def d_v(self) -> int:
        return len(self.w_v[0])

    def with_sentence(self, sentence: str, split_into: str | None = None) -> Self:
        """The same tables and switches under another sentence."""
        return replace(self, sentence=sentence, split_into=split_into or self.split_into)

    def with_embeddings(self, embeddings: npt.ArrayLike) -> Self:
        """The same experiment with other embeddings for the words of its sentence.  (m, d_model)"""
        return self.with_rows(self.vocabulary, embeddings)

    def with_rows(self, words: Sequence[str], embeddings: npt.ArrayLike) -> Self:
        """The same experiment with other embeddings for these words (their identities).  (len(words), d_model)"""
        table = checked_table(_EMBEDDINGS, embeddings, rows=len(words), columns=self.d_model)
        changed = {word: tuple(row) for word, row in zip(words, table.tolist(), strict=True)}
        return replace(self, rows={**self.rows, **changed})

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
            w_q=fitted_table(self.w_q, d_model, d_k),
            w_k=fitted_table(self.w_k, d_model, d_k),
            w_v=fitted_table(self.w_v, d_model, d_v),
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
        tables = tuple((table.shape, table.tobytes()) for table in (self.w_q, self.w_k, self.w_v))
        rows = tuple(sorted(self.rows.items()))
        switches = (self.split_into, self.variant, self.scaled, self.causal, self.decimals, self.example)
        return (self.sentence, tables, rows, self.dimensions, switches, self.lessons)


@dataclass(frozen=True, eq=False)
class Calculation:
    """Everything that follows from an experiment. Pages, charts and derivations read it; none recomputes."""

    experiment: Experiment
    x: Matrix  # (n, d_model)  the embedding at each position
    q: Matrix  # (n, d_k)  x · w_q
    k: Matrix  # (n, d_k)  x · w_k
    v: Matrix  # (n, d_v)  x · w_v
    allowed: npt.NDArray[np.bool_]  # (n, n)  whether the word of the row may look at the word of the column
    divisor: float  # √d of the vectors that are compared, or 1 where scaling is off
    attention: Attention
    context: Floats  # (n, d)  what attention makes of each word, d as in the variant's value

    @property
    def words(self) -> tuple[str, ...]:
        return self.experiment.words

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A different name for each position."""
        return position_labels(self.words)

    @property
    def variant(self) -> Variant:
        return VARIANTS[self.experiment.variant]

    def table(self, stage: Stage) -> Floats:
        """The numbers of any stage: (m, d_model) embeddings, (n, d) vectors, (n, n) squares (see stages.STAGES)."""
        owner = self.experiment if stage in EDITED else self if stage in _OWN else self.attention
        table: Floats = getattr(owner, stage)
        return table

    @cached_property
    def exponentials(self) -> Floats:
        """e to the power of each scaled score less the largest of its row; 0 where a word may not look.  (n, n)"""
        top = np.where(self.allowed.any(axis=1), self.attention.scaled_scores.max(axis=1), 0.0)
        return np.asarray(np.exp(self.attention.scaled_scores - top[:, None]))


_OWN = {*PARTS, Stage.EXPONENTIALS, Stage.CONTEXT}


def attend(experiment: Experiment) -> Calculation:
    """Run the experiment: the whole calculation from embeddings to context vectors."""
    variant = VARIANTS[experiment.variant]
    x = experiment.embeddings[experiment.vocabulary_index]
    parts = {Stage.X: x} | {part: x @ getattr(experiment, TABLE_OF[part]) for part in PROJECTED}
    n = len(x)
    allowed = causal_mask(n) if experiment.causal else np.ones((n, n), dtype=bool)
    if not variant.scores_itself:
        np.fill_diagonal(allowed, False)
    key = parts[variant.key]
    divisor = math.sqrt(key.shape[1]) if experiment.scaled else 1.0
    attention = scaled_dot_product_attention(
        parts[variant.query],
        key,
        parts[variant.value],
        mask=None if allowed.all() else allowed,
        scale=1 / divisor,
    )
    context = attention.context + x if variant.adds_itself else attention.context
    return Calculation(experiment, **parts, allowed=allowed, divisor=divisor, attention=attention, context=context)


def _comparable(value: object) -> object:
    return (value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value


def _check_sentence(sentence: str, words: tuple[str, ...], split_into: str) -> None:
    if len(sentence) > MAX_CHARACTERS:
        raise ValueError(f"The sentence has {len(sentence):,} characters; up to {MAX_CHARACTERS:,} work here.")
    if not words:
        raise ValueError("Type at least one word. Spaces and punctuation alone are not words.")
    if len(words) > MAX_WORDS:
        raise ValueError(f"The sentence has {len(words):,} {split_into}; up to {MAX_WORDS} work here.")


def _check_dimensions(dimensions: tuple[str, ...]) -> None:
    if not 1 <= len(dimensions) <= MAX_DIMENSION:
        raise ValueError(f"An embedding has 1 to {MAX_DIMENSION} numbers, not {len(dimensions)}.")
    if len(set(dimensions)) < len(dimensions) or not all(_DIMENSION_NAME.fullmatch(name) for name in dimensions):
        raise ValueError("The columns of the embeddings need different names of 1 to 40 letters and digits.")


def _checked_rows(
    rows: Mapping[str, tuple[float, ...]], dimensions: tuple[str, ...], vocabulary: tuple[str, ...]
) -> Mapping[str, tuple[float, ...]]:
    """The rows that say something new, those of the sentence and then the latest others, up to MAX_KEPT_ROWS."""
    if not rows:
        return MappingProxyType({})
    table = checked_table(_EMBEDDINGS, list(rows.values()), rows=len(rows), columns=len(dimensions))
    numbers = zip(rows, map(tuple, table.tolist()), strict=True)
    checked = {word: row for word, row in numbers if row != starter_row(word, dimensions)}
    present = {word: checked.pop(word) for word in vocabulary if word in checked}
    room = MAX_KEPT_ROWS - len(present)
    latest_others = dict(list(checked.items())[-room:]) if room else {}
    return MappingProxyType({**latest_others, **present})


def _named(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """So many names of columns: those that are there, then those of the lexicon if they lead there, then d5, d6 …"""
    leading = len(LEXICON_DIMENSIONS[: len(names)])
    usual = LEXICON_DIMENSIONS if names[:leading] == LEXICON_DIMENSIONS[:leading] else ()
    new = (*usual[len(names) :], *(f"d{column}" for column in range(len(usual) + 1, 3 * MAX_DIMENSION)))
    return (*names, *(name for name in new if name not in names))[:count]
