"""How printed numbers were made, where nobody says: the way, scaling and mask that leave the fewest wrong."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from attention_core.variants import EMBEDDINGS_ONLY, QKV, QUERIES_AND_KEYS, SIMILARITY, Variant
from checking.claims import Claims
from checking.judge import judge, sizes_of
from checking.model import Method

_AGAINST = 2  # how many right numbers a wrong one outweighs: a lone typo does not speak against a way
_PROJECTED = ("w_q", "w_k", "q", "k")


def found_out(
    claims: Claims,
    *,
    variant: Variant | None = None,
    scaled: bool | None = None,
    causal: bool | None = None,
    key_size: int | None = None,
) -> Method:
    """The method that fits the claims best; what is given is kept, and of equals the more usual one is taken."""
    choices = product(
        [variant] if variant else _ways(claims),
        [scaled] if scaled is not None else [True, False],
        [causal] if causal is not None else _masks(claims),
    )
    methods = [Method(way, scaling, mask, key_size) for way, scaling, mask in choices]
    if scaled is None:  # nothing can be divided by the root of a size that is not known
        methods = [method for method in methods if not method.scaled or sizes_of(claims, method)["d_k"]]

    def misfit(method: Method) -> int:
        judgement = judge(claims, method)
        return _AGAINST * judgement.wrong - (judgement.checked - judgement.wrong)

    return min(methods, key=misfit)


def _ways(claims: Claims) -> Sequence[Variant]:
    """The ways that the tables allow, the most usual first."""
    if any(stage in claims.tables for stage in _PROJECTED) or "embeddings" not in claims.tables:
        return [QKV, QUERIES_AND_KEYS]
    return [SIMILARITY, EMBEDDINGS_ONLY, QKV]


def _masks(claims: Claims) -> Sequence[bool]:
    """A causal mask is thought of only where nothing speaks against it above the diagonal."""
    for stage in ("weights", "scaled_scores"):
        if stage in claims.tables:
            claim = claims.tables[stage]
            above = claim.values[np.triu_indices(len(claim.values), 1)]
            forbidden = np.isnan(above) | (above == 0) | np.isneginf(above)
            return [False, True] if above.size and forbidden.all() else [False]
    return [False]
