"""The stages of a calculation: what each is called, what it means, and what it is made from.

Whoever names a stage, colours it or lays out its numbers reads it here: derivations, charts, tables, formulas,
spreadsheet, article, scripts and Check my numbers. A further stage is a member of `Stage` and an
entry in `STAGES`.

Letters: n words at their positions, m distinct words, d_model numbers an embedding, d_k a query or key, d_v a value.
Source of the symbols: sources.PAPER, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attention_core.variants import Variant


class Stage(StrEnum):
    """A table of the calculation, by the name that it has in code, documents and file names."""

    EMBEDDINGS = "embeddings"
    W_Q = "w_q"
    W_K = "w_k"
    W_V = "w_v"
    POSITIONS = "positions"
    X = "x"
    Q = "q"
    K = "k"
    V = "v"
    TURNED_QUERY = "turned_query"
    TURNED_KEY = "turned_key"
    SCORES = "scores"
    SCALED_SCORES = "scaled_scores"
    EXPONENTIALS = "exponentials"
    WEIGHTS = "weights"
    HEAD_CONTEXT = "head_context"
    JOINED = "joined"
    W_O = "w_o"
    CONTEXT = "context"


class Role(StrEnum):
    """What a number plays in attention. Each role has one colour on all pages (see presentation/palette.py)."""

    EMBEDDING = "embedding"
    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    SCORE = "score"
    WEIGHT = "weight"
    CONTEXT = "context"


class Along(StrEnum):
    """What the rows or the columns of a table stand for."""

    VOCABULARY = "different words"  # m
    WORDS = "words"  # n, each at its position
    D_MODEL = "numbers of an embedding"
    D_K = "numbers of a query or key"
    D_V = "numbers of a value"
    COMPARED = "numbers of the vectors that are compared"  # d_model or d_k, as the way to attend says
    MIXED = "numbers of the vectors that are mixed"  # d_model, d_k or d_v, as the way to attend says
    JOINED = "numbers of all heads side by side"  # those of each head, one head after the other
    CONTEXT = "numbers of a context vector"  # those of all heads side by side, or as many as W_O makes of them


@dataclass(frozen=True, kw_only=True)
class About:
    """What there is to say about a stage."""

    symbol: str  # on screen
    latex: str
    singular: str
    plural: str
    gist: str  # what it is to a word, to stand within a sentence
    meaning: str  # the same as a sentence for a beginner, true in every way to attend
    role: Role
    rows: Along
    columns: Along
    # The tables that its numbers are computed from, where one head's attention is the whole and places turn nothing.
    made_from: Callable[[Variant], tuple[Stage, ...]]

    @property
    def heading(self) -> str:
        """What stands over its table: the plural with a capital."""
        return self.plural[:1].upper() + self.plural[1:]

    @property
    def is_square(self) -> bool:
        """Whether it has a word both ways: a row for each that looks, a column for each looked at."""
        return self.rows is self.columns is Along.WORDS


def _given(way: Variant) -> tuple[Stage, ...]:
    return ()


def _from(*stages: Stage) -> Callable[[Variant], tuple[Stage, ...]]:
    return lambda way: stages


def _compared(way: Variant) -> tuple[Stage, ...]:
    return way.query, way.key


def _mixed_by_head(way: Variant) -> tuple[Stage, ...]:
    return Stage.WEIGHTS, way.value


def _mixed(way: Variant) -> tuple[Stage, ...]:
    return *_mixed_by_head(way), *((Stage.X,) if way.adds_itself else ())


STAGES: dict[Stage, About] = {  # in the order in which they are computed
    Stage.EMBEDDINGS: About(
        symbol="E",
        latex="E",
        singular="embedding",
        plural="embeddings",
        gist="what the word is before it looks around",
        meaning="The numbers that each different word starts with, the same wherever it stands.",
        role=Role.EMBEDDING,
        rows=Along.VOCABULARY,
        columns=Along.D_MODEL,
        made_from=_given,
    ),
    Stage.W_Q: About(
        symbol="W_Q",
        latex="W_Q",
        singular="W_Q",
        plural="W_Q",
        gist="what turns an embedding into a query",
        meaning="Turns an embedding into a query: what the word looks for.",
        role=Role.QUERY,
        rows=Along.D_MODEL,
        columns=Along.D_K,
        made_from=_given,
    ),
    Stage.W_K: About(
        symbol="W_K",
        latex="W_K",
        singular="W_K",
        plural="W_K",
        gist="what turns an embedding into a key",
        meaning="Turns an embedding into a key: what the word offers to those who look.",
        role=Role.KEY,
        rows=Along.D_MODEL,
        columns=Along.D_K,
        made_from=_given,
    ),
    Stage.W_V: About(
        symbol="W_V",
        latex="W_V",
        singular="W_V",
        plural="W_V",
        gist="what turns an embedding into a value",
        meaning="Turns an embedding into a value: what the word passes on.",
        role=Role.VALUE,
        rows=Along.D_MODEL,
        columns=Along.D_V,
        made_from=_given,
    ),
    Stage.POSITIONS: About(
        symbol="P",
        latex="P",
        singular="position",
        plural="positions",
        gist="what its place adds to a word",
        meaning="What each place of the sentence adds to the embedding of the word that stands there.",
        role=Role.EMBEDDING,
        rows=Along.WORDS,
        columns=Along.D_MODEL,
        made_from=_given,
    ),
    Stage.X: About(
        symbol="X",
        latex="X",
        singular="embedding",
        plural="embeddings",
        gist="what the word is before it looks around",
        meaning="The embedding of the word at each place of the sentence, with what the place adds to it.",
        role=Role.EMBEDDING,
        rows=Along.WORDS,
        columns=Along.D_MODEL,
        made_from=_from(Stage.EMBEDDINGS, Stage.POSITIONS),
    ),
    Stage.Q: About(
        symbol="Q",
        latex="Q",
        singular="query",
        plural="queries",
        gist="what the word looks for",
        meaning="What each word looks for: its embedding times W_Q.",
        role=Role.QUERY,
        rows=Along.WORDS,
        columns=Along.D_K,
        made_from=_from(Stage.X, Stage.W_Q),
    ),
    Stage.K: About(
        symbol="K",
        latex="K",
        singular="key",
        plural="keys",
        gist="what the word offers to those who look",
        meaning="What each word offers to those who look: its embedding times W_K.",
        role=Role.KEY,
        rows=Along.WORDS,
        columns=Along.D_K,
        made_from=_from(Stage.X, Stage.W_K),
    ),
    Stage.V: About(
        symbol="V",
        latex="V",
        singular="value",
        plural="values",
        gist="what the word passes on",
        meaning="What each word passes on to those who look at it: its embedding times W_V.",
        role=Role.VALUE,
        rows=Along.WORDS,
        columns=Along.D_V,
        made_from=_from(Stage.X, Stage.W_V),
    ),
    Stage.TURNED_QUERY: About(
        symbol="Q′",
        latex="Q'",
        singular="turned query",
        plural="turned queries",
        gist="what the word looks for, turned by its place",
        meaning="What each word looks for, turned by its place where word order turns, else as it is.",
        role=Role.QUERY,
        rows=Along.WORDS,
        columns=Along.COMPARED,
        made_from=lambda way: (way.query,),
    ),
    Stage.TURNED_KEY: About(
        symbol="K′",
        latex="K'",
        singular="turned key",
        plural="turned keys",
        gist="what the word offers, turned by its place",
        meaning="What each word offers to those who look, turned by its place where word order turns, else as it is.",
        role=Role.KEY,
        rows=Along.WORDS,
        columns=Along.COMPARED,
        made_from=lambda way: (way.key,),
    ),
    Stage.SCORES: About(
        symbol="S",
        latex="S",
        singular="score",
        plural="scores",
        gist="how well two words suit each other",
        meaning="How well a word suits the word that looks at it: their vectors multiplied number by number and added "
        "up.",
        role=Role.SCORE,
        rows=Along.WORDS,
        columns=Along.WORDS,
        made_from=_compared,
    ),
    Stage.SCALED_SCORES: About(
        symbol="S′",
        latex="S'",
        singular="scaled score",
        plural="scaled scores",
        gist="the score as the softmax sees it",
        meaning="The score as the softmax sees it: divided where scaling is on, and minus infinity where the word may "
        "not look.",
        role=Role.SCORE,
        rows=Along.WORDS,
        columns=Along.WORDS,
        made_from=_from(Stage.SCORES),
    ),
    Stage.EXPONENTIALS: About(
        symbol="e^S′",
        latex="e^{S'}",
        singular="exponential",
        plural="exponentials",
        gist="the score made positive",
        meaning="The number e raised to the power of the scaled score, which makes every score positive.",
        role=Role.WEIGHT,
        rows=Along.WORDS,
        columns=Along.WORDS,
        made_from=_from(Stage.SCALED_SCORES),
    ),
    Stage.WEIGHTS: About(
        symbol="A",
        latex="A",
        singular="weight",
        plural="weights",
        gist="the share of its attention that a word gives",
        meaning="The share of its attention that a word gives to another: its exponential divided by the sum of the "
        "row.",
        role=Role.WEIGHT,
        rows=Along.WORDS,
        columns=Along.WORDS,
        made_from=_from(Stage.EXPONENTIALS),
    ),
    Stage.HEAD_CONTEXT: About(
        symbol="H",
        latex="H",
        singular="head's context vector",
        plural="head's context vectors",
        gist="what one head makes of the word",
        meaning="What one head makes of each word: the vectors of the words it looks at, mixed by its weights.",
        role=Role.CONTEXT,
        rows=Along.WORDS,
        columns=Along.MIXED,
        made_from=_mixed_by_head,
    ),
    Stage.JOINED: About(
        symbol="H₁…",
        latex="[H_1 \\dots H_h]",
        singular="joined vector",
        plural="joined vectors",
        gist="what all heads make of the word, side by side",
        meaning="The context vectors of all heads side by side, those of the first head first.",
        role=Role.CONTEXT,
        rows=Along.WORDS,
        columns=Along.JOINED,
        made_from=_mixed_by_head,
    ),
    Stage.W_O: About(
        symbol="W_O",
        latex="W_O",
        singular="W_O",
        plural="W_O",
        gist="what mixes the heads",
        meaning="Mixes what the heads found: turns their vectors, side by side, into one context vector.",
        role=Role.CONTEXT,
        rows=Along.JOINED,
        columns=Along.CONTEXT,
        made_from=_given,
    ),
    Stage.CONTEXT: About(
        symbol="C",
        latex="C",
        singular="context vector",
        plural="context vectors",
        gist="what attention makes of the word",
        meaning="What attention makes of each word: the vectors of the words it looks at, mixed by the weights.",
        role=Role.CONTEXT,
        rows=Along.WORDS,
        columns=Along.CONTEXT,
        made_from=_mixed,
    ),
}

# A table of weights for each vector that is made with one.
TABLE_OF = {Stage.Q: Stage.W_Q, Stage.K: Stage.W_K, Stage.V: Stage.W_V}
PROJECTED = tuple(TABLE_OF)
WEIGHT_TABLES = tuple(TABLE_OF.values())
PARTS = (Stage.X, *PROJECTED)  # what can play query, key and value
EDITED = (Stage.EMBEDDINGS, *WEIGHT_TABLES)  # what a person edits, and nothing computes; W_O mixes what follows
OF_HEADS = (Stage.HEAD_CONTEXT, Stage.JOINED, Stage.W_O)  # where there are several heads, or W_O
TURNED = (Stage.TURNED_QUERY, Stage.TURNED_KEY)  # where places turn queries and keys
VECTORS = tuple(stage for stage, about in STAGES.items() if about.rows is Along.WORDS and not about.is_square)
SQUARES = tuple(stage for stage, about in STAGES.items() if about.is_square)
OF_ONE_HEAD = (*WEIGHT_TABLES, *PROJECTED, *TURNED, *SQUARES, Stage.HEAD_CONTEXT)  # what each head has for itself
