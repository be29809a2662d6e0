"""The ways to attend: what is scored against what, and what the context is made of.

The registry feeds the switch on screen, the tests, the link and the README.
"""

from dataclasses import dataclass

from attention_core.sources import LECTURE, PAPER, RIVER_AND_MONEY
from attention_core.stages import PARTS, PROJECTED, Stage


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to attend. `query`, `key` and `value` name the table whose rows play that part."""

    id: str
    name: str
    summary: str
    source: str
    query: Stage
    key: Stage
    value: Stage
    scores_itself: bool = True
    adds_itself: bool = False

    def __post_init__(self) -> None:
        strange = [part for part in (self.query, self.key, self.value) if part not in PARTS]
        if strange:
            raise ValueError(f"A way to attend is made of {', '.join(PARTS)}, not of {strange[0]}.")

    @property
    def compared(self) -> frozenset[Stage]:
        """The tables that the scores, and so the weights, are made from."""
        return frozenset((self.query, self.key))

    @property
    def parts(self) -> frozenset[Stage]:
        """Which of the tables x, q, k and v it uses."""
        return frozenset((self.query, self.key, self.value))

    @property
    def has_heads(self) -> bool:
        """Whether it uses a table that heads differ in: else all heads would be the same."""
        return not self.parts.isdisjoint(PROJECTED)


SIMILARITY = Variant(
    id="similarity",
    name="Similarity",
    summary="Embeddings are compared as they are, each word with itself too; the context is their weighted sum.",
    source=RIVER_AND_MONEY,
    query=Stage.X,
    key=Stage.X,
    value=Stage.X,
)
EMBEDDINGS_ONLY = Variant(
    id="embeddings_only",
    name="Embeddings only",
    summary="A word is scored against the others but not itself; its own embedding is added just as it is.",
    source=f"{LECTURE}, first form",
    query=Stage.X,
    key=Stage.X,
    value=Stage.X,
    scores_itself=False,
    adds_itself=True,
)
QUERIES_AND_KEYS = Variant(
    id="queries_and_keys",
    name="Queries and keys",
    summary="Queries are scored against keys; the context is the weighted sum of the keys.",
    source=f"{LECTURE}, second form",
    query=Stage.Q,
    key=Stage.K,
    value=Stage.K,
)
QKV = Variant(
    id="qkv",
    name="Full Q, K, V",
    summary="Queries are scored against keys; the context is the weighted sum of the values.",
    source=f"{LECTURE}, final form; {PAPER}",
    query=Stage.Q,
    key=Stage.K,
    value=Stage.V,
)

VARIANTS = {variant.id: variant for variant in (SIMILARITY, EMBEDDINGS_ONLY, QUERIES_AND_KEYS, QKV)}
