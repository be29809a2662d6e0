"""The steps of attention on numbers that are known only so far, and the slips that people make in them.

A value is a table and how far each of its numbers may be off; NaN stands for what is not known, and it spreads to
whatever needs it. Source of the way errors spread: interval arithmetic; softmax rises in its own score and falls in
all others, so its bounds are exact.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from attention_core.variants import QKV, Variant

STAGE_ORDER = ("q", "k", "v", "scores", "scaled_scores", "exponentials", "weights", "context")


@dataclass(frozen=True, eq=False)
class Value:
    """A table of numbers and how far each may be off."""

    numbers: Floats
    off: Floats

    @classmethod
    def exact(cls, numbers: Floats) -> "Value":
        return cls(numbers, np.zeros_like(numbers))


Values = Mapping[str, Value]
Sizes = Mapping[str, int]  # d_model, d_k, d_v and n


@dataclass(frozen=True)
class Slip:
    """One usual mistake. Each field changes one step; `told` says what was done, for a person."""

    id: str
    told: str
    divisor: Callable[[Sizes], float] | None = None
    softmax_axis: int = -1
    softmax_of: str = "scaled_scores"
    shares_alone: bool = False  # divided by the sum without exponentials
    swapped: bool = False  # keys are scored against queries
    value: str | None = None  # what is mixed instead
    transposed_in_print: str | None = None
    transposed_in_use: str | None = None
    left_out: int | None = None  # the word that the softmax does not see
    left_out_of_sum: int | None = None


@dataclass(frozen=True)
class Method:
    """How the printed numbers are said to be made, and what went wrong if anything did."""

    variant: Variant = QKV
    scaled: bool = True
    causal: bool = False
    key_size: int | None = None  # d_k where the printed vectors do not tell it
    slip: Slip | None = None

    def parents(self, stage: str) -> tuple[str, ...]:
        """The tables that a stage is made of."""
        slip = self.slip
        variant = self.variant
        if stage in ("q", "k", "v"):
            return "embeddings", f"w_{stage}"
        part = {"x": "embeddings"}
        query, key = (part.get(name, name) for name in (variant.query, variant.key))
        value = (slip and slip.value) or variant.value
        return {
            "scores": (query, key),
            "scaled_scores": ("scores",),
            "exponentials": (slip.softmax_of if slip else "scaled_scores",),
            "weights": (slip.softmax_of if slip else "scaled_scores",),
            "context": ("weights", part.get(value, value), *(("embeddings",) if variant.adds_itself else ())),
        }[stage]

    def step(self, stage: str, given: Values, sizes: Sizes) -> Value | None:
        """The stage made of its parents; None where they do not fit each other or are not given."""
        names = self.parents(stage)
        if not all(name in given for name in names):
            return None
        parts = [self._as_used(name, given[name]) for name in names]
        try:
            return self._made(stage, parts, sizes)
        except ValueError:  # shapes that do not fit: this is not how it was made
            return None

    def divisor(self, sizes: Sizes) -> float:
        if self.slip and self.slip.divisor:
            return self.slip.divisor(sizes)
        return float(np.sqrt(sizes["d_k"])) if self.scaled and sizes.get("d_k") else 1.0

    def _as_used(self, stage: str, value: Value) -> Value:
        if self.slip and self.slip.transposed_in_use == stage:
            return _transposed(value)
        return value

    def _made(self, stage: str, parts: list[Value], sizes: Sizes) -> Value:
        slip = self.slip
        if stage in ("q", "k", "v"):
            return _product(*parts)
        if stage == "scores":
            query, key = reversed(parts) if slip and slip.swapped else parts
            return _product(query, _transposed(key))
        if stage == "scaled_scores":
            divisor = self.divisor(sizes)
            return self._masked(Value(parts[0].numbers / divisor, parts[0].off / divisor))
        if stage == "exponentials":
            scores = self._masked(parts[0])
            with np.errstate(over="ignore", invalid="ignore"):
                powers = np.exp(scores.numbers)
                return Value(powers, np.where(scores.off > 0, powers * np.expm1(scores.off), 0.0))
        if stage == "weights":
            return self._softmax(self._without_word(self._masked(parts[0])))
        weights, value, *own = parts
        if slip and slip.left_out_of_sum is not None:
            weights = _without_column(weights, slip.left_out_of_sum)
        mixed = _product(weights, value)
        return Value(mixed.numbers + own[0].numbers, mixed.off + own[0].off) if own else mixed

    def _masked(self, scores: Value) -> Value:
        rows, columns = scores.numbers.shape
        allowed = np.tri(rows, columns, k=0 if self.causal else columns, dtype=bool)
        if not self.variant.scores_itself:
            np.fill_diagonal(allowed, False)
        return Value(np.where(allowed, scores.numbers, -np.inf), np.where(allowed, scores.off, 0.0))

    def _without_word(self, scores: Value) -> Value:
        """The scores that the softmax sees."""
        if self.slip is None or self.slip.left_out is None:
            return scores
        numbers = scores.numbers.copy()
        numbers[:, self.slip.left_out] = -np.inf
        return Value(numbers, np.where(np.isinf(numbers), 0.0, scores.off))

    def _softmax(self, scores: Value) -> Value:
        axis = self.slip.softmax_axis if self.slip else -1
        if self.slip and self.slip.shares_alone:
            shown = np.where(np.isinf(scores.numbers), 0.0, scores.numbers)
            with np.errstate(divide="ignore", invalid="ignore"):
                shares = shown / shown.sum(axis=axis, keepdims=True)
            return Value.exact(np.where(np.isfinite(shares), shares, np.nan))
        return softmax_with_bounds(scores, axis)


def softmax_with_bounds(scores: Value, axis: int = -1) -> Value:
    """Softmax and how far each weight may be off: its own score highest with all others lowest, and the other way."""
    numbers, off = scores.numbers, scores.off
    top = np.where(np.isfinite(numbers), numbers, -np.inf).max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        middle, high, low = (np.exp(numbers - top + shift) for shift in (0.0, off, -off))
        total = middle.sum(axis=axis, keepdims=True)
        weights = np.where(total > 0, middle / total, 0.0) + 0 * total
        most = high / (_sum_of_others(low, axis) + high)
        least = low / (_sum_of_others(high, axis) + low)
    reach = np.fmax(most - weights, weights - least)
    hopeless = np.any(off > _HOPELESS, axis=axis, keepdims=True) & (total > 0)
    return Value(weights, np.where(hopeless, 1.0, np.where(np.isnan(reach), 0.0, reach)))


_HOPELESS = 300.0  # a score that may be off by so much can have any weight, and exp would overflow


def _sum_of_others(powers: Floats, axis: int) -> Floats:
    """For each number the sum of all others; taking it away from the whole sum would lose the small ones."""
    powers = np.moveaxis(powers, axis, -1)
    before, behind = np.zeros_like(powers), np.zeros_like(powers)
    before[..., 1:] = np.cumsum(powers[..., :-1], axis=-1)
    behind[..., :-1] = np.cumsum(powers[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis(before + behind, -1, axis)


def _product(one: Value, other: Value) -> Value:
    left, right = (np.where(np.isinf(each.numbers), 0.0, each.numbers) for each in (one, other))
    off = np.abs(left) @ other.off + one.off @ np.abs(right) + one.off @ other.off
    return Value(left @ right, off)


def _transposed(value: Value) -> Value:
    return Value(value.numbers.T, value.off.T)


def _without_column(weights: Value, column: int) -> Value:
    numbers, off = weights.numbers.copy(), weights.off.copy()
    numbers[:, column], off[:, column] = 0.0, 0.0
    return Value(numbers, off)


def slips(method: Method, sizes: Sizes) -> Iterator[Slip]:
    """The usual slips that change something for tables of these sizes, the most usual first."""
    d_k, n = sizes.get("d_k", 0), sizes.get("n", 0)
    root = np.sqrt(d_k) if d_k else 1.0
    if d_k > 1:
        if method.scaled:
            yield Slip("forgot-to-scale", "the scores were not scaled", divisor=lambda sizes: 1.0)
            yield Slip(
                "softmax-of-unscaled-scores",
                "the softmax was taken of the scores before scaling",
                softmax_of="scores",
            )
            yield Slip(
                "divided-by-d",
                f"the scores were divided by d_k = {d_k} instead of its root",
                divisor=lambda sizes: float(sizes["d_k"]),
            )
            yield from _wrong_divisors(sizes, {1.0, float(root), float(d_k)})
        else:
            yield Slip("scaled-after-all", f"the scores were divided by √{d_k}", divisor=lambda sizes: float(root))
    yield Slip("softmax-over-columns", "the softmax was taken over the columns instead of the rows", softmax_axis=0)
    variant = method.variant
    if variant.query != variant.key:
        yield Slip("queries-and-keys-swapped", "queries and keys were swapped in the scores", swapped=True)
    for value, name in (("k", "keys"), ("q", "queries"), ("x", "embeddings"), ("v", "values")):
        if value != variant.value:
            told = f"the {name} were mixed instead of the {_CALLED[variant.value]}"
            yield Slip(f"{name}-used-as-{_CALLED[variant.value]}", told, value=value)
    for stage in STAGE_ORDER:
        yield Slip(f"transposed:{stage}", f"{_TABLE[stage]} is transposed", transposed_in_print=stage)
    for stage in ("w_q", "w_k", "w_v", "scores", "weights"):
        yield Slip(f"transposed-in-use:{stage}", f"{_TABLE[stage]} was used transposed", transposed_in_use=stage)
    yield Slip("no-exponentials", "the scores were divided by their sum without the exponentials", shares_alone=True)
    if n <= _MOST_LEFT_OUT:
        for word in range(n):
            yield Slip(f"left-out:{word}", f"word {word + 1} was left out of the softmax", left_out=word)
        for word in range(n):
            yield Slip(f"left-out-of-sum:{word}", f"word {word + 1} was left out of the sum", left_out_of_sum=word)


_MOST_LEFT_OUT = 24  # words of a sentence in which each is tried

_CALLED = {"x": "embeddings", "q": "queries", "k": "keys", "v": "values"}
_TABLE = {
    "w_q": "W_Q",
    "w_k": "W_K",
    "w_v": "W_V",
    "q": "the table of queries",
    "k": "the table of keys",
    "v": "the table of values",
    "scores": "the table of scores",
    "scaled_scores": "the table of scaled scores",
    "exponentials": "the table of exponentials",
    "weights": "the table of weights",
    "context": "the table of context vectors",
}


def _always(divisor: float) -> Callable[[Sizes], float]:
    return lambda sizes: divisor


def _wrong_divisors(sizes: Sizes, known: set[float]) -> Iterator[Slip]:
    for name in ("d_model", "d_v", "n"):
        size = sizes.get(name, 0)
        called = "the number of words" if name == "n" else name
        for divisor, written in (
            (float(np.sqrt(size)), f"√{size}, the root of {called},"),
            (float(size), f"{called} = {size}"),
        ):
            if size > 1 and not any(np.isclose(divisor, each) for each in known):
                known.add(divisor)
                told = f"the scores were divided by {written} instead of √{sizes['d_k']}"
                yield Slip(f"wrong-divisor:{divisor:g}", told, divisor=_always(divisor))
