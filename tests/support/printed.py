"""Numbers as an author prints them, and tables to print: what the tests of Check my numbers build with."""

import math

import numpy as np
from support.oracles import VARIANTS, attention, may_look, softmax

from checking.claims import Given, claims_of
from checking.model import Method
from checking.reading import Number

MATRICES = ("w_q", "w_k", "w_v")


def worked_out(x, w_q, w_k, w_v, *, scaled=True, causal=False, variant="qkv"):
    """Every stage of a way to attend: stage -> table."""
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    parts = {"x": x, "q": q, "k": k, "v": v}
    *roles, scores_itself, adds_itself = VARIANTS[variant]
    worked = attention(
        *(parts[role] for role in roles),
        divisor=None if scaled else 1,
        allowed=may_look(len(x), causal=causal, itself=scores_itself),
    )
    return {
        "embeddings": x,
        "w_q": w_q,
        "w_k": w_k,
        "w_v": w_v,
        "q": q,
        "k": k,
        "v": v,
        "scores": worked.scores,
        "scaled_scores": worked.scaled_scores,
        "exponentials": np.exp(worked.scaled_scores),
        "weights": worked.weights,
        "context": worked.context + (x if adds_itself else 0),
    }


def beginning(seed=0, *, n=3, d_model=4, d_k=2, d_v=5, decimals=1):
    """Embeddings and three matrices."""
    random = np.random.default_rng(seed)
    shapes = ((n, d_model), (d_model, d_k), (d_model, d_k), (d_model, d_v))
    return tuple(np.round(random.normal(size=shape), decimals) for shape in shapes)


def slipped(name, tables):
    """Every stage with the slip of that name in it, in plain NumPy; what is transposed in print is left as it is."""
    x, w_q, w_k, w_v = tables
    slip, _, detail = name.partition(":")
    if slip == "transposed-in-use":
        w_q, w_k, w_v = (table.T if detail == each else table for each, table in zip(MATRICES, tables[1:], strict=True))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T
    if slip == "queries-and-keys-swapped":
        scores = k @ q.T
    elif slip == "cosine":
        scores /= np.linalg.norm(q, axis=1)[:, None] * np.linalg.norm(k, axis=1)
    divisor = math.sqrt(q.shape[1])
    if slip == "forgot-to-scale":
        divisor = 1
    elif slip == "divided-by-d":
        divisor = q.shape[1]
    elif slip == "wrong-divisor":
        divisor = {"2.23607": math.sqrt(5)}.get(detail) or float(detail)
    scaled = (scores.T if name == "transposed-in-use:scores" else scores) / divisor
    seen = scores.copy() if slip == "softmax-of-unscaled-scores" else scaled.copy()
    if slip == "left-out":
        seen[:, int(detail)] = -np.inf
    seen = seen * math.log({"base-2": 2, "base-10": 10}.get(slip, math.e))
    weights = softmax(seen, 0 if slip == "softmax-over-columns" else 1)
    if slip == "no-exponentials":
        weights = seen / seen.sum(axis=1, keepdims=True)
    if slip == "hardest-weight":
        weights = (seen == seen.max(axis=1, keepdims=True)) * 1.0
    mixed = weights.T if name == "transposed-in-use:weights" else weights.copy()
    if slip == "left-out-of-sum":
        mixed[:, int(detail)] = 0
    value = {"keys-used-as-values": k, "queries-used-as-values": q, "embeddings-used-as-values": x}.get(slip, v)
    made = {"q": q, "k": k, "v": v, "scores": scores, "scaled_scores": scaled, "weights": weights}
    return made | {"context": mixed @ value}


def number(text):
    """A number as it is written; "_" where nothing is."""
    if text == "_":
        return None
    mantissa, _, exponent = text.lower().partition("e")
    places = 0 if text == "-inf" else len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Number(text, float(text), places)


def written(*lines):
    """Rows of numbers, each as a line of text."""
    return tuple(tuple(map(number, line.split())) for line in lines)


def printed(matrix, decimals):
    """Rows of numbers as an author prints them; NaN is left empty."""
    return tuple(
        tuple(None if math.isnan(each) else number(f"{each:.{decimals}f}") for each in row)
        for row in np.asarray(matrix, dtype=float)
    )


def given(stage, *lines, **more):
    return Given(stage, written(*lines), **more)


BEGINNING = ("embeddings", "w_q", "w_k", "w_v")


UNSCALED = Method(scaled=False)


def told(tables, *, decimals=3, beginning_decimals=1, only=None):
    """Claims of tables as an author prints them."""
    return claims_of(
        Given(stage, printed(table, beginning_decimals if stage in BEGINNING else decimals))
        for stage, table in tables.items()
        if only is None or stage in only
    )
