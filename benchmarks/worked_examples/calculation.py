"""Self-attention in plain NumPy, with a slip in it where one is asked for.

Letters: n words, d_model numbers an embedding, d_k a query or key, d_v a value.
"""

from dataclasses import dataclass

import numpy as np

BEGINNING = ("embeddings", "w_q", "w_k", "w_v")
STAGES = (*BEGINNING, "positions", "q", "k", "v", "scores", "scaled_scores", "weights", "context")
WAYS = {  # what is compared with what, and what is mixed
    "similarity": ("x", "x", "x"),
    "embeddings_only": ("x", "x", "x"),
    "queries_and_keys": ("q", "k", "k"),
    "qkv": ("q", "k", "v"),
}


@dataclass(frozen=True)
class Settings:
    """How an example is made."""

    way: str = "qkv"
    scaled: bool = True
    causal: bool = False
    n: int = 3
    d_model: int = 3
    d_k: int = 3
    d_v: int = 3
    mask: str = ""  # beside the causal one: "not-itself", "neighbours"
    positions: str = ""  # added to the embeddings: "waves", "table"

    def sizes(self):
        """The sizes of the four tables at the beginning."""
        return (
            (self.n, self.d_model),
            (self.d_model, self.d_k),
            (self.d_model, self.d_k),
            (self.d_model, self.d_v),
        )


def softmax(scores, axis=1, base=np.e):
    top = scores.max(axis=axis, keepdims=True)
    powers = (scores.dtype.type(base)) ** (scores - np.where(np.isfinite(top), top, 0))
    total = powers.sum(axis=axis, keepdims=True)
    return np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)


def mask_of(settings, slip):
    """Which word may look at which."""
    n = settings.n
    allowed = np.tri(n, n, -1 if slip == "strict-mask" else 0, dtype=bool) if settings.causal else np.ones((n, n), bool)
    if slip == "no-mask":
        allowed[:] = True
    if slip == "masked":
        allowed = np.tri(n, n, 0, dtype=bool)
    if settings.way == "embeddings_only" or settings.mask == "not-itself":
        np.fill_diagonal(allowed, False)
    if settings.mask == "neighbours":
        allowed &= np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= 1
    return allowed


def positions_of(settings):
    """What is added to the embedding at each place: sines and cosines (Vaswani et al. 2017), or some table."""
    places, columns = np.arange(settings.n)[:, None], np.arange(settings.d_model)[None, :]
    if settings.positions == "table":
        return np.round(np.sin(1.7 * places + 2.3 * columns), 1)
    angles = places / 10000 ** (2 * (columns // 2) / settings.d_model)
    return np.where(columns % 2, np.cos(angles), np.sin(angles))


def calculated(beginning, settings, slip="", places=None, instead=None):
    """Every stage, with the slips of that name in it (joined by +), and intermediates rounded to places[stage].

    A slip's name may have a detail behind a colon. Slips that nobody lists are in `slips.UNLISTED`. Numbers `instead`
    of what comes out stand at some (stage, row, column).
    """
    from worked_examples.slips import UNLISTED  # they call back here

    slips = dict(each.partition(":")[::2] for each in slip.split("+") if each)
    places = places or {}
    known = dict(zip(BEGINNING, beginning, strict=True))
    used = {name: table.T if slips.get("transposed-in-use") == name else table for name, table in known.items()}
    stages = dict(known)
    dtype = beginning[0].dtype.type

    def put(stage, table):
        for name in slips:
            if name in UNLISTED and UNLISTED[name][0] == stage:
                table = UNLISTED[name][1](table, stages, settings)
        table = np.array(table, dtype=dtype)
        for (of, row, column), number in (instead or {}).items():
            if of == stage:
                table[row, column] = number
        stages[stage] = np.round(table, places[stage]) if stage in places else table
        return stages[stage]

    x = used["embeddings"]
    if settings.positions:
        stages["positions"] = positions_of(settings).astype(dtype)
        x = x + stages["positions"]
    stages["x"] = x
    for part in "qkv":
        put(part, x @ used[f"w_{part}"])
    query, key, value = WAYS[settings.way]
    if "queries-and-keys-swapped" in slips:
        query, key = key, query
    compared = stages[query], stages[key]
    if "cosine" in slips:
        compared = [table / np.linalg.norm(table, axis=1, keepdims=True) for table in compared]
    scores = put("scores", compared[0] @ compared[1].T)
    width = stages[key].shape[1]
    divisor = np.sqrt(width) if settings.scaled else 1.0
    if "forgot-to-scale" in slips:
        divisor = 1.0
    if "divided-by-d" in slips:
        divisor = width
    if "wrong-divisor" in slips:
        divisor = float(slips["wrong-divisor"])
    if "scaled-after-all" in slips:
        divisor = np.sqrt(width)
    allowed = mask_of(settings, next((name for name in ("strict-mask", "no-mask", "masked") if name in slips), ""))
    late = "masked-after-softmax" in slips
    scaled = (scores.T if slips.get("transposed-in-use") == "scores" else scores) / dtype(divisor)
    scaled = put("scaled_scores", scaled if late else np.where(allowed, scaled, -np.inf))
    softened = (scores if "softmax-of-unscaled-scores" in slips else scaled).copy()
    if not late:
        softened[~allowed] = -np.inf
    if "left-out" in slips:
        softened[:, int(slips["left-out"])] = -np.inf
    weights = softmax(softened, 0 if "softmax-over-columns" in slips else 1, 2.0 if "base-2" in slips else np.e)
    if "no-exponentials" in slips:
        shown = np.where(np.isfinite(softened), softened, 0)
        weights = shown / shown.sum(axis=1, keepdims=True)
    if "hardest-weight" in slips:
        weights = ((weights == weights.max(axis=1, keepdims=True)) & (weights > 0)).astype(weights.dtype)
    if late:
        weights = np.where(allowed, weights, 0)
    weights = put("weights", weights)
    mixing = (weights.T if slips.get("transposed-in-use") == "weights" else weights).copy()
    if "left-out-of-sum" in slips:
        mixing[:, int(slips["left-out-of-sum"])] = 0
    value = {"keys-used-as-values": "k", "queries-used-as-values": "q", "embeddings-used-as-values": "x"}.get(
        next((name for name in slips if name.endswith("-used-as-values")), ""), value
    )
    context = mixing @ stages[value]
    if settings.way == "embeddings_only":
        context = context + stages["x"]
    put("context", context)
    return stages


def printed_slip(stages, slip, decimals):
    """The stages as a slip of the pen leaves them in print: a table transposed, two numbers swapped, a typo."""
    stages = dict(stages)
    for each in slip.split("+"):
        name, _, detail = each.partition(":")
        if name == "transposed":
            stages[detail] = stages[detail].T
        elif name in ("swapped", "typo"):
            stage, row, column = detail.split(",")[:3]
            row, column = int(row), int(column)
            table = np.round(stages[stage].astype(float), decimals[stage])
            if name == "typo":
                table[row, column] += float(detail.split(",")[3])
            else:
                table[row, [column, column + 1]] = table[row, [column + 1, column]]
            stages[stage] = table
    return stages
