"""The steps from vectors to context vectors, the same for an experiment, a training and the lessons.

Letters: n words of a sentence, d_model numbers an embedding, d_k a query or key, d_v a value; (...,) stands for none or
for a batch of sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention_core.attention import Attention, Floats, attention_of_moderate, scaled_dot_product_attention
from attention_core.positions import turned
from attention_core.stages import PROJECTED, TABLE_OF, Stage
from attention_core.variants import Variant


@dataclass(frozen=True, eq=False)
class Pass:
    """Every intermediate of one pass."""

    parts: Mapping[Stage, Floats]  # x, q, k and v  (..., n, d)
    query: Floats  # (..., n, d)  what is compared: turned by its place where places turn, else as it is
    key: Floats  # (..., n, d)
    attention: Attention
    context: Floats  # (..., n, d)


def one_pass(
    x: Floats,
    tables: Mapping[Stage, Floats],
    variant: Variant,
    *,
    allowed: npt.NDArray[np.bool_],
    divisor: float,
    turning_base: float | None = None,
    moderate: bool = False,
) -> Pass:
    """x (..., n, d_model), w_q and w_k (d_model, d_k), w_v (d_model, d_v) -> every step up to the context vectors.

    `allowed` (..., n, n) says whether the word of the row may look at the word of the column, and `turning_base` is the
    base of the angles where places turn queries and keys. `moderate`: everything is known to fit and to be far from
    overflowing, so that nothing needs to be checked.
    """
    parts = {Stage.X: x} | {part: x @ tables[TABLE_OF[part]] for part in PROJECTED}
    query, key = parts[variant.query], parts[variant.key]
    if turning_base is not None:
        query, key = turned(query, turning_base), turned(key, turning_base)
    value, mask = parts[variant.value], None if allowed.all() else allowed
    attend = attention_of_moderate if moderate else scaled_dot_product_attention
    attention = attend(query, key, value, mask=mask, scale=1 / divisor)
    context = attention.context + x if variant.adds_itself else attention.context
    return Pass(parts, query, key, attention, context)


def look(query: Floats, key: Floats, value: Floats, *, allowed: npt.NDArray[np.bool_], divisor: float) -> Attention:
    """(..., n, d_k), (..., n, d_k), (..., n, d_v) -> attention with the masks and the divisor of an experiment."""
    return scaled_dot_product_attention(query, key, value, mask=None if allowed.all() else allowed, scale=1 / divisor)
