"""The steps of attention on numbers that are known only so far.

A value is a table and how far each of its numbers may be off; NaN stands for what is not known, and it spreads to
whatever needs it. Source of the way errors spread: interval arithmetic; softmax rises in its own score and falls in
all others, so its bounds are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from attention_core.masks import CAUSAL, NOT_ITSELF
from attention_core.variants import QKV, Variant
from checking.masking import Masks, allowed
from checking.places import NONE, Places
from checking.slips import STAGE_ORDER, Sizes, Slip

__all__ = ["STAGE_ORDER", "Method", "Sizes", "Value", "Values", "softmax_with_bounds"]


@dataclass(frozen=True, eq=False)
class Value:
    """A table of numbers and how far each may be off."""

    numbers: Floats
    off: Floats

    @classmethod
    def exact(cls, numbers: Floats) -> "Value":
        return cls(numbers, np.zeros_like(numbers))


Values = Mapping[str, Value]


@dataclass(frozen=True)
class Method:
    """How the printed numbers are said to be made, and what went wrong if anything did."""

    variant: Variant = QKV
    scaled: bool = True
    masks: Masks = ()  # beside that of the variant
    key_size: int | None = None  # d_k where the printed vectors do not tell it
    slip: Slip | None = None
    divided_by: float | None = None  # where d_k is not known: what the scores were divided by
    unit: float = 0.0  # the unit roundoff of the arithmetic, where it is coarser than that of 64-bit floats
    truncated: bool = False  # digits are cut off in print instead of rounded
    masked_later: bool = False  # the scaled scores are shown before the mask
    masked_first: bool = False  # the scores are shown after the mask
    places: Places = NONE  # what is added to the embeddings
    is_open: bool = False  # no table and no words tell the masks or the divisor: they were solved for

    @property
    def causal(self) -> bool:
        return CAUSAL in self.masks

    def parents(self, stage: str) -> tuple[str, ...]:
        """The tables that a stage is made of."""
        return self._parents[stage]

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        slip, variant = self.slip or _NO_SLIP, self.variant
        value = slip.value or variant.value
        return {
            "positions": (),
            "x": ("embeddings", *(("positions",) if self.adds_positions else ())),
            "q": ("x", "w_q"),
            "k": ("x", "w_k"),
            "v": ("x", "w_v"),
            "scores": (variant.query, variant.key),
            "scaled_scores": ("scores",),
            "exponentials": (slip.softmax_of,),
            "weights": (slip.softmax_of,),
            "context": ("weights", value, *(("x",) if variant.adds_itself else ())),
        }

    @property
    def adds_positions(self) -> bool:
        return self.places.adds and not (self.slip and self.slip.without_positions)

    def recipe(self, stage: str, sizes: Sizes) -> tuple[object, ...]:
        """What a stage depends on beside its parents: two methods with the same recipe make it alike."""
        parents = self.parents(stage)
        turned = self.slip.transposed_in_use if self.slip and self.slip.transposed_in_use in parents else None
        if stage in ("x", "q", "k", "v"):
            return stage, parents, turned
        if stage == "scaled_scores":
            return stage, parents, turned, self.divisor(sizes), *self._own_recipe[stage]
        if stage == "positions":
            return stage, parents, turned, sizes.get("n"), sizes.get("d_model"), *self._own_recipe[stage]
        return stage, parents, turned, *self._own_recipe[stage]

    @cached_property
    def _own_recipe(self) -> Mapping[str, tuple[object, ...]]:
        """What each stage depends on beside its parents and sizes."""
        slip, variant = self.slip or _NO_SLIP, self.variant
        masked = (self.masks, variant.scores_itself, slip.mask)
        return {
            "positions": (self.places.id,),
            "scores": (slip.swapped, slip.cosine, masked if self.masked_first else None),
            "scaled_scores": (masked, self.masked_later),
            "exponentials": (masked, slip.base),
            "weights": (masked, slip.base, slip.softmax_axis, slip.shares_alone, slip.hardest, slip.left_out),
            "context": (slip.left_out_of_sum,),
        }

    def step(self, stage: str, given: Values, sizes: Sizes) -> Value | None:
        """The stage made of its parents; None where they do not fit each other or are not given."""
        if stage == "positions":
            return self._positions(sizes)
        names = self.parents(stage)
        if not all(name in given for name in names):
            return None
        parts = [self._as_used(name, given[name]) for name in names]
        try:
            return self._made(stage, parts, sizes)
        except ValueError:  # shapes that do not fit: this is not how it was made
            return None

    def divisor(self, sizes: Sizes) -> float:
        """What the scores are divided by before the softmax."""
        if self.slip and self.slip.divisor:
            return self.slip.divisor(sizes)
        if self.divided_by is not None:
            return self.divided_by
        return float(np.sqrt(sizes["d_k"])) if self.scaled and sizes.get("d_k") else 1.0

    def _as_used(self, stage: str, value: Value) -> Value:
        if self.slip and self.slip.transposed_in_use == stage:
            return _transposed(value)
        return value

    def _positions(self, sizes: Sizes) -> Value | None:
        """What the places add, where a formula tells it."""
        n, d_model = sizes.get("n", 0), sizes.get("d_model", 0)
        return Value.exact(self.places.waves(n, d_model)) if self.places.waves and n and d_model else None

    def _made(self, stage: str, parts: list[Value], sizes: Sizes) -> Value:
        slip = self.slip or _NO_SLIP
        if stage == "x":
            return parts[0] if len(parts) == 1 else _sum(*parts, unit=self.unit)
        if stage in ("q", "k", "v"):
            return multiplied(*parts, unit=self.unit)
        if stage == "scores":
            query, key = map(_of_length_one, parts) if slip.cosine else parts
            if slip.swapped:
                query, key = key, query
            product = multiplied(query, _transposed(key), unit=self.unit)
            return self._masked(product) if self.masked_first else product
        if stage == "scaled_scores":
            divisor = self.divisor(sizes)
            off = parts[0].off + 2 * self.unit * _size(parts[0].numbers)
            scaled = Value(parts[0].numbers / divisor, off / divisor)
            return scaled if self.masked_later else self._masked(scaled)
        if stage == "exponentials":
            return self._exponentials(self._masked(parts[0]))
        if stage == "weights":
            return self._softmax(self._without_word(self._masked(parts[0])))
        weights, value, *own = parts
        if slip.left_out_of_sum is not None:
            weights = _without_column(weights, slip.left_out_of_sum)
        mixed = multiplied(weights, value, unit=self.unit)
        return _sum(mixed, own[0], unit=self.unit) if own else mixed

    def _allowed(self, rows: int, columns: int) -> npt.NDArray[np.bool_]:
        """Which word may look at which."""
        masks = self.masks
        if self.causal and self.slip and self.slip.mask == "strict" and NOT_ITSELF not in masks:
            masks = (*masks, NOT_ITSELF)
        return allowed(masks, max(rows, columns), itself=self.variant.scores_itself)[:rows, :columns]

    def _masked(self, scores: Value) -> Value:
        if self.slip and self.slip.mask == "late":
            return scores
        allowed = self._allowed(*scores.numbers.shape)
        return Value(np.where(allowed, scores.numbers, -np.inf), np.where(allowed, scores.off, 0.0))

    def _without_word(self, scores: Value) -> Value:
        """The scores that the softmax sees."""
        if self.slip is None or self.slip.left_out is None:
            return scores
        numbers = scores.numbers.copy()
        numbers[:, self.slip.left_out] = -np.inf
        return Value(numbers, np.where(np.isinf(numbers), 0.0, scores.off))

    def _exponentials(self, scores: Value) -> Value:
        scores = _in_base(scores, self.slip.base if self.slip else _NO_SLIP.base)
        with np.errstate(over="ignore", invalid="ignore"):
            powers = np.exp(scores.numbers)
            off = scores.off + self.unit * _MARGIN
            return Value(powers, np.where(off > 0, powers * np.expm1(off), 0.0))

    def _softmax(self, scores: Value) -> Value:
        slip = self.slip or _NO_SLIP
        if slip.shares_alone:
            shown = np.where(np.isinf(scores.numbers), 0.0, scores.numbers)
            total, doubt = (each.sum(axis=slip.softmax_axis, keepdims=True) for each in (shown, scores.off))
            with np.errstate(divide="ignore", invalid="ignore"):
                shares = shown / total
                off = (scores.off + np.abs(shares) * doubt) / np.maximum(np.abs(total) - doubt, 0.0)
            known = np.isfinite(shares)
            off = np.where(np.isfinite(off) & (off < _ANYTHING), off, _ANYTHING)  # the sum may be 0
            return Value(np.where(known, shares, np.nan), np.where(known & (scores.off + doubt > 0), off, 0.0))
        if slip.hardest:
            return _hardest(scores)
        weights = softmax_with_bounds(_in_base(scores, slip.base), slip.softmax_axis)
        if self.unit:
            rounding = self.unit * (weights.numbers.shape[slip.softmax_axis] + _MARGIN) * _size(weights.numbers)
            weights = Value(weights.numbers, weights.off + rounding)
        if slip.mask != "late":
            return weights
        allowed = self._allowed(*weights.numbers.shape)
        return Value(np.where(allowed, weights.numbers, 0.0), np.where(allowed, weights.off, 0.0))


def _hardest(scores: Value) -> Value:
    """1 for the largest score of each row; which one that is may be open."""
    numbers, off = scores.numbers, scores.off
    top = numbers.max(axis=1, keepdims=True, initial=-np.inf)
    surely = (numbers - off).max(axis=1, keepdims=True, initial=-np.inf)
    may_be = (numbers + off >= surely) & np.isfinite(numbers)
    is_open = may_be & (may_be.sum(axis=1, keepdims=True) > 1) & (off.any(axis=1, keepdims=True))
    weights = np.where((numbers == top) & np.isfinite(numbers), 1.0, 0.0) + 0 * np.where(np.isnan(numbers), np.nan, 0.0)
    return Value(weights, np.where(is_open, 1.0, 0.0))


_NO_SLIP = Slip("", "")
_ANYTHING = 1e9  # that a share may be off where its sum may be 0
_MARGIN = 4  # roundings of an exponential, its sum and its quotient, beside those of the sum's terms


def softmax_with_bounds(scores: Value, axis: int = -1) -> Value:
    """Softmax and how far each weight may be off: its own score highest with all others lowest, and the other way."""
    numbers, off = scores.numbers, scores.off
    top = np.where(np.isfinite(numbers), numbers, -np.inf).max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        middle = np.exp(numbers - top)
        total = middle.sum(axis=axis, keepdims=True)
        weights = np.where(total > 0, middle / total, 0.0) + 0 * total
        if not off.any():
            return Value.exact(weights)
        high, low = (np.exp(numbers - top + shift) for shift in (off, -off))
        most = high / (_sum_of_others(low, axis) + high)
        least = low / (_sum_of_others(high, axis) + low)
    reach = np.fmax(most - weights, weights - least)
    hopeless = np.any(off > _HOPELESS, axis=axis, keepdims=True) & (total > 0)
    return Value(weights, np.where(hopeless, 1.0, np.where(np.isnan(reach), 0.0, reach)))


_FEW = 64  # scores of a row up to which a product with a table of ones is the quicker sum
_HOPELESS = 300.0  # a score that may be off by so much can have any weight, and exp would overflow


def _sum_of_others(powers: Floats, axis: int) -> Floats:
    """For each number the sum of all others; taking it away from the whole sum would lose the small ones."""
    if powers.ndim == 2 and powers.shape[axis] <= _FEW:
        others = 1.0 - np.eye(powers.shape[axis])
        return powers @ others if axis in (-1, 1) else others @ powers
    powers = np.moveaxis(powers, axis, -1)
    before, behind = np.zeros_like(powers), np.zeros_like(powers)
    before[..., 1:] = np.cumsum(powers[..., :-1], axis=-1)
    behind[..., :-1] = np.cumsum(powers[..., :0:-1], axis=-1)[..., ::-1]
    return np.moveaxis(before + behind, -1, axis)


def multiplied(one: Value, other: Value, *, unit: float = 0.0) -> Value:
    """The product, and how far it may be off; each term's rounding, and the sum's, are at most the unit."""
    left, right = _finite(one.numbers), _finite(other.numbers)
    product, off = left @ right, np.zeros((len(left), right.shape[1]))
    if other.off.any():
        off = off + np.abs(left) @ other.off
    if one.off.any():
        off = off + one.off @ (np.abs(right) + other.off)
    if unit:
        off = off + unit * (left.shape[1] + 1) * (np.abs(left) @ np.abs(right))
    return Value(product, off)


def _sum(one: Value, other: Value, *, unit: float) -> Value:
    total = one.numbers + other.numbers
    return Value(total, one.off + other.off + unit * _size(total))


def _finite(numbers: Floats) -> Floats:
    return np.where(np.isinf(numbers), 0.0, numbers)


def _size(numbers: Floats) -> Floats:
    return np.abs(_finite(numbers))


def _in_base(scores: Value, base: float) -> Value:
    """Scores whose powers of e are the powers of `base` of these."""
    if base == _NO_SLIP.base:
        return scores
    factor = float(np.log(base))
    return Value(scores.numbers * factor, scores.off * factor)


def _of_length_one(rows: Value) -> Value:
    """Each row divided by its length; a row of zeros has none, and stays unknown."""
    lengths = np.sqrt((rows.numbers**2).sum(axis=1, keepdims=True))
    doubt = np.sqrt((rows.off**2).sum(axis=1, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = rows.numbers / np.where(lengths > 0, lengths, np.nan)
        shortest = np.maximum(lengths - doubt, 0.0)
        off = np.where(shortest > 0, (rows.off + np.abs(unit) * doubt) / shortest, 2.0)
    return Value(unit, np.where(rows.off.any(), off, 0.0))


def _transposed(value: Value) -> Value:
    return Value(value.numbers.T, value.off.T)


def _without_column(weights: Value, column: int) -> Value:
    numbers, off = weights.numbers.copy(), weights.off.copy()
    numbers[:, column], off[:, column] = 0.0, 0.0
    return Value(numbers, off)
