"""The slips that people make in attention: one registry, from which the search, the tests and the page are fed.

To add one: a function decorated with `@usual` that yields it for a method and sizes. What it changes is a field of
`Slip`, which `checking.model` reads where the step is made.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from attention_core.masks import NOT_ITSELF
from attention_core.stages import EDITED, PARTS, WEIGHT_TABLES, Stage
from attention_core.stages import STAGES as ABOUT
from checking.reading import STAGES

if TYPE_CHECKING:
    from checking.model import Method

OF_ALL_HEADS = (Stage.JOINED.value, Stage.W_O.value)  # behind what a single head computes
STAGE_ORDER = tuple(stage for stage in STAGES if stage not in (*EDITED, *OF_ALL_HEADS))  # in which they are computed

Sizes = Mapping[str, int]  # d_model, d_k, d_v and n


@dataclass(frozen=True)
class Slip:
    """One usual mistake. Each field changes one step; `told` says what was done, for a person."""

    id: str
    told: str
    divisor: Callable[[Sizes], float] | None = None
    softmax_axis: int = -1
    softmax_of: str = "scaled_scores"
    base: float = float(np.e)  # whose powers the softmax takes
    shares_alone: bool = False  # divided by the sum without exponentials
    hardest: bool = False  # the largest score gets all
    swapped: bool = False  # keys are scored against queries
    cosine: bool = False  # queries and keys are brought to length 1 before they are compared
    mask: str = ""  # "strict": a word may not look at itself either; "late": applied to the weights
    value: str | None = None  # what is mixed instead
    transposed_in_print: str | None = None
    transposed_in_use: str | None = None
    left_out: int | None = None  # the word that the softmax does not see
    left_out_of_sum: int | None = None
    without_positions: bool = False  # they were not added to the embeddings

    @property
    def is_double(self) -> bool:
        """Whether it is two at once."""
        return "+" in self.id

    @property
    def is_of_a_word(self) -> bool:
        """Whether it may be about each of the words, so that which one has to be told too."""
        return self.left_out is not None or self.left_out_of_sum is not None

    def value_is_printed(self, tables: Container[str]) -> bool:
        """Whether there are values that could have been mixed."""
        return "v" in tables or "w_v" in tables

    def joined(self, other: "Slip") -> "Slip | None":
        """Both slips at once; None where they change the same thing."""
        changed: dict[str, object] = {}
        for slip in (self, other):
            for field in fields(slip):
                value = getattr(slip, field.name)
                if field.name in ("id", "told") or value == field.default:
                    continue
                if field.name in changed:
                    return None
                changed[field.name] = value
        return Slip(f"{self.id}+{other.id}", f"{self.told}, and {other.told}", **changed)  # type: ignore[arg-type]


Yields = Callable[["Method", Sizes], Iterator[Slip]]
_USUAL: list[Yields] = []


def usual(yields: Yields) -> Yields:
    """Registers slips, the most usual first."""
    _USUAL.append(yields)
    return yields


def slips(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    """The usual slips that change something for tables of these sizes, the most usual first."""
    for yields in _USUAL:
        yield from yields(method, sizes)


@usual
def _divisors(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    d_k = sizes.get("d_k", 0)
    if d_k <= 1:
        return
    root = float(np.sqrt(d_k))
    if not method.scaled:
        yield Slip(SCALED_AFTER_ALL, f"the scores were divided by √{d_k}", divisor=lambda sizes: root)
        return
    yield Slip("forgot-to-scale", "the scores were not scaled", divisor=lambda sizes: 1.0)
    yield Slip("softmax-of-unscaled-scores", "the softmax was taken of the scores before scaling", softmax_of="scores")
    yield Slip(
        "divided-by-d",
        f"the scores were divided by d_k = {d_k} instead of its root",
        divisor=lambda sizes: float(sizes["d_k"]),
    )
    known = {1.0, root, float(d_k)}
    for divisor, written in named_divisors(sizes):
        if not any(np.isclose(divisor, each) for each in known):
            known.add(divisor)
            yield wrong_divisor(divisor, f"{written} instead of √{d_k}")


def wrong_divisor(divisor: float, written: str) -> Slip:
    return Slip(f"wrong-divisor:{divisor:g}", f"the scores were divided by {written}", divisor=lambda sizes: divisor)


def named_divisors(sizes: Sizes) -> Iterator[tuple[float, str]]:
    """Divisors that a size of the tables suggests, and what they are called."""
    for name in ("d_model", "d_v", "n"):
        size = sizes.get(name, 0)
        called = "the number of words" if name == "n" else name
        if size > 1:
            yield float(np.sqrt(size)), f"√{size}, the root of {called},"
            yield float(size), f"{called} = {size}"


@usual
def _softmax(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    yield Slip("softmax-over-columns", "the softmax was taken over the columns instead of the rows", softmax_axis=0)


@usual
def _comparison(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    if method.variant.query != method.variant.key:
        yield Slip("queries-and-keys-swapped", "queries and keys were swapped in the scores", swapped=True)


@usual
def _values(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    right = method.variant.value
    for value in ("k", "q", "x", "v"):
        if value != right:
            told = f"the {_CALLED[value]} were mixed instead of the {_CALLED[right]}"
            yield Slip(f"{_CALLED[value]}-used-as-{_CALLED[right]}", told, value=value)


@usual
def _transposed(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    for stage in STAGE_ORDER[STAGE_ORDER.index("q") :]:
        yield Slip(f"transposed:{stage}", f"{_table(stage)} is transposed", transposed_in_print=stage)
    for stage in (*WEIGHT_TABLES, Stage.SCORES, Stage.WEIGHTS):
        yield Slip(f"transposed-in-use:{stage}", f"{_table(stage)} was used transposed", transposed_in_use=stage.value)


@usual
def _powers(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    yield Slip("no-exponentials", "the scores were divided by their sum without the exponentials", shares_alone=True)
    yield Slip("hardest-weight", "all went to the largest score instead of a softmax", hardest=True)
    yield Slip("base-2", "the softmax was taken with powers of 2 instead of e", base=2.0)
    yield Slip("base-10", "the softmax was taken with powers of 10 instead of e", base=10.0)


@usual
def _cosine(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    yield Slip("cosine", "the scores are cosines instead of dot products", cosine=True)


@usual
def _masks(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    if method.causal and method.variant.scores_itself and NOT_ITSELF not in method.masks:
        yield Slip("strict-mask", "the mask keeps each word from looking at itself too", mask="strict")
    if method.masks:
        told = "the mask was applied after the softmax, so that the rows do not sum to 1"
        yield Slip("masked-after-softmax", told, mask="late")


@usual
def _positions(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    if method.places.adds:
        told = "the positions were not added to the embeddings"
        yield Slip("positions-forgotten", told, without_positions=True)


@usual
def _left_out(method: "Method", sizes: Sizes) -> Iterator[Slip]:
    n = sizes.get("n", 0)
    if n > MOST_LEFT_OUT:
        return
    for word in range(n):
        yield Slip(f"left-out:{word}", f"word {word + 1} was left out of the softmax", left_out=word)
    for word in range(n):
        yield Slip(f"left-out-of-sum:{word}", f"word {word + 1} was left out of the sum", left_out_of_sum=word)


SCALED_AFTER_ALL = "scaled-after-all"  # one only where somebody says that the scores are not scaled
MOST_LEFT_OUT = 24  # words of a sentence in which each is tried

_CALLED = {part.value: ABOUT[part].plural for part in PARTS}


def _table(stage: str) -> str:
    plural = ABOUT[Stage(stage)].plural
    return plural if stage in WEIGHT_TABLES else f"the table of {plural}"
