"""Attention once more, without the core: what the tests hold the numbers on screen and on paper against.

Nothing of `attention_core` is used for it.
"""

import cmath
import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import numpy as np

# What plays the query, the key and the value, whether a word scores itself, and whether it is added as it is.
VARIANTS = {
    "similarity": ("x", "x", "x", True, False),
    "embeddings_only": ("x", "x", "x", False, True),
    "queries_and_keys": ("q", "k", "k", True, False),
    "qkv": ("q", "k", "v", True, False),
}


def softmax(scores, axis=1):
    """Of rows or columns; one of -inf throughout becomes 0."""
    top = scores.max(axis=axis, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = powers.sum(axis=axis, keepdims=True)
    return np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)


@dataclass(frozen=True)
class Worked:
    """Every step of one attention."""

    scores: np.ndarray  # (n_q, n_k)
    scaled_scores: np.ndarray  # (n_q, n_k), -inf where a word may not look
    weights: np.ndarray  # (n_q, n_k)
    context: np.ndarray  # (n_q, d_v)


def attention(queries, keys, values, *, divisor=None, allowed=None, added=None):
    """Attention as the paper's formula says it, number by number in plain loops: the one oracle of all tests.

    queries (n_q, d_k), keys (n_k, d_k), values (n_k, d_v); `divisor` is √d_k where it is not given, `allowed` says
    which word may look at which, `added` is added to the divided scores.
    """
    queries, keys, values = (np.asarray(table, dtype=float).tolist() for table in (queries, keys, values))
    divisor = math.sqrt(len(keys[0])) if divisor is None else divisor
    columns = list(zip(*values, strict=True))
    worked = []
    for i, query in enumerate(queries):
        scores = [_dot(query, key) for key in keys]
        scaled = [
            -math.inf
            if allowed is not None and not allowed[i][j]
            else score / divisor + (0 if added is None else added[i][j])
            for j, score in enumerate(scores)
        ]
        largest = max(scaled)
        powers = [0.0 if largest == -math.inf else math.exp(each - largest) for each in scaled]
        total = sum(powers)
        weights = [power / total if total else 0.0 for power in powers]
        worked.append((scores, scaled, weights, [_dot(weights, column) for column in columns]))
    return Worked(*(np.array(part) for part in zip(*worked, strict=True)))


def _dot(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


def may_look(n, *, causal=False, itself=True, neighbours=None, forbidden=()):
    """Which of n words may look at which: none at a later one under a mask, not at itself where that is not scored,
    not farther than its neighbours, and not where it was forbidden.

    (n, n)
    """
    allowed = np.ones((n, n), dtype=bool)
    for i in range(n):
        for j in range(n):
            too_late, too_far = causal and j > i, neighbours is not None and abs(i - j) > neighbours
            if too_late or too_far or (i == j and not itself) or [i, j] in [list(cell) for cell in forbidden]:
                allowed[i, j] = False
    return allowed


def masks_of(experiment):
    """What `may_look` is given for the masks of an experiment."""
    on = experiment.masks
    return {
        "causal": "causal" in on,
        "itself": "not_itself" not in on and VARIANTS[experiment.variant][3],
        "neighbours": experiment.neighbours if "neighbours" in on else None,
        "forbidden": experiment.forbidden if "own_mask" in on else (),
    }


def places_of(experiment):
    """What word order adds at each place, number by number from the formula of the paper.  (n, d_model)"""
    n, d = len(experiment.words), len(experiment.dimensions)
    table = np.zeros((n, d))
    for place in range(n):
        for column in range(d):
            if experiment.positions == "sinusoidal":
                i = column // 2
                angle = place / math.pow(experiment.position_base, 2 * i / d)
                table[place, column] = math.sin(angle) if column == 2 * i else math.cos(angle)
            elif experiment.positions == "own" and place < len(experiment.position_rows):
                table[place, column] = experiment.position_rows[place][column]
    return table


def turned_by_place(vectors, base):
    """Rotary: pair i of a vector is a complex number, multiplied by e to the i · place ÷ base^(2i/d).  (n, d)"""
    d = len(vectors[0])
    result = [list(map(float, vector)) for vector in vectors]
    for place, vector in enumerate(vectors):
        for i in range(d // 2):
            number = complex(vector[2 * i], vector[2 * i + 1]) * cmath.exp(1j * place / base ** (2 * i / d))
            result[place][2 * i : 2 * i + 2] = number.real, number.imag
    return np.array(result)


def all_heads(experiment):
    """Multi-head attention number by number in plain loops: each head's `Worked`, their contexts side by side, and what
    W_O makes of them. Only of a way that uses queries and keys.
    """
    embeddings = [experiment.row(word.casefold()) for word in experiment.words]
    x = (np.array(embeddings) + places_of(experiment)).tolist()
    mine = (experiment.w_q, experiment.w_k, experiment.w_v)
    tables = [(head.w_q, head.w_k, head.w_v) for head in experiment.other_heads]
    tables.insert(experiment.head, mine)
    worked = []
    for head in tables:
        q, k, v = ([[_dot(row, column) for column in zip(*table, strict=True)] for row in x] for table in head)
        value = {"q": q, "k": k, "v": v}[VARIANTS[experiment.variant][2]]
        if experiment.positions == "rotary":
            q, k = (turned_by_place(vectors, experiment.position_base).tolist() for vectors in (q, k))
        allowed = may_look(len(x), **masks_of(experiment))
        worked.append(attention(q, k, value, divisor=divisor_of(experiment), allowed=allowed))
    side_by_side = [[each for head in worked for each in head.context[place]] for place in range(len(x))]
    if not experiment.w_o:
        return worked, np.array(side_by_side), np.array(side_by_side)
    mixed = [[_dot(row, column) for column in zip(*experiment.w_o, strict=True)] for row in side_by_side]
    return worked, np.array(side_by_side), np.array(mixed)


def divisor_of(experiment):
    """What `attention` is given for the scaling of an experiment: None for the usual root."""
    return experiment.divisor if experiment.scaled else 1.0


def worked_out(experiment):
    """The calculation of an experiment: its parts, who may look at whom, scores, weights and context vectors."""
    x = np.array([experiment.row(word.casefold()) for word in experiment.words]) + places_of(experiment)
    parts = {"x": x, "q": x @ experiment.w_q, "k": x @ experiment.w_k, "v": x @ experiment.w_v}
    query, key, value, _, added = VARIANTS[experiment.variant]
    allowed = may_look(len(x), **masks_of(experiment))
    compared = parts[query], parts[key]
    if experiment.positions == "rotary":
        compared = tuple(turned_by_place(vectors, experiment.position_base) for vectors in compared)
    done = attention(*compared, parts[value], divisor=divisor_of(experiment), allowed=allowed)
    return SimpleNamespace(
        **parts,
        mixed=parts[value],
        allowed=allowed,
        scores=done.scores,
        scaled_scores=done.scaled_scores,
        weights=done.weights,
        context=done.context + (x if added else 0),
        labels=labels_of(experiment.words),
    )


def labels_of(words):
    count = Counter(word.casefold() for word in words)
    return [f"{word}·{at}" if count[word.casefold()] > 1 else word for at, word in enumerate(words, start=1)]


def attended(given, **changed):
    """The whole calculation."""
    it = SimpleNamespace(**vars(given) | changed)
    it.parts = {"x": it.x} | {table[-1]: it.x @ matrix for table, matrix in it.tables.items()}
    it.letters = dict(zip(("query", "key", "value"), VARIANTS[it.variant][:3], strict=True))
    it.query, it.key, it.value = (it.parts[letter] for letter in it.letters.values())
    scores_itself, it.adds_itself = VARIANTS[it.variant][3:]
    n = len(it.x)
    it.allowed = may_look(n, **getattr(it, "masks", None) or {"causal": it.causal, "itself": scores_itself})
    divisor = getattr(it, "divisor", None) if it.scaled else 1
    worked = attention(it.query, it.key, it.value, divisor=divisor, allowed=it.allowed)
    it.scores, it.divided, it.weights = worked.scores, worked.scaled_scores, worked.weights
    it.context = worked.context + (it.x if it.adds_itself else 0.0)
    it.exponentials, it.totals, it.subtracted = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    for row in range(n):
        seen = it.divided[row, it.allowed[row]]
        top = seen.max() if seen.size and np.abs(seen).max() > 20 else 0.0
        it.exponentials[row] = np.exp(it.divided[row] - top)
        it.subtracted[row] = top
        it.totals[row] = it.exponentials[row].sum()
    as_it_is = np.array_equal(it.value, it.x)
    it.columns = it.dimensions if as_it_is else [f"{it.letters['value']}{at}" for at in range(1, it.value.shape[1] + 1)]
    return it


def named(it, called=""):
    """Every number of a calculation by the name that it has on screen."""
    names, labels = {}, it.labels
    places = getattr(it, "places", np.zeros_like(it.x))
    for row, numbers in enumerate(places):
        names |= {f"positions_{at}({labels[row]})": each for at, each in enumerate(numbers, start=1)}
    for letter in "xqkv":
        for row, vector in enumerate(it.parts[letter]):
            names |= {f"{letter}_{at}({labels[row]})": each for at, each in enumerate(vector, start=1)}
    for row, looking in enumerate(labels):
        names |= {f"context_{name}({looking})": it.context[row, at] for at, name in enumerate(it.columns)}
        for column, looked_at in enumerate(labels):
            cell = f"({looking} → {looked_at})"
            names |= {
                f"score{cell}": it.scores[row, column],
                f"scaled score{cell}": it.divided[row, column],
                f"weight{cell}": it.weights[row, column],
            }
    return {f"{called}{name}": value for name, value in names.items()}


def power_of(it, row, label):
    """What the exponential for a word is called on screen, in one row of weights."""
    return f"e^{'scaled ' if it.scaled else ''}score({label}){' - max' if it.subtracted[row] else ''}"


def named_row(it, row):
    """The numbers of one row of weights by their names in the stages of Step by step."""
    names = {"sum": it.totals[row]}
    for column, label in enumerate(it.labels):
        names[power_of(it, row, label)] = it.exponentials[row, column]
        names[f"weight({label})"] = it.weights[row, column]
        names |= {
            f"part_{name}({label})": it.weights[row, column] * it.value[column, at]
            for at, name in enumerate(it.columns)
        }
    return names


def named_vectors(vectors, labels):
    """Dot products, lengths, cosines, angles and distances of labelled vectors."""
    names = {}
    sizes = [math.sqrt(sum(each * each for each in vector)) for vector in vectors]
    for one, a in enumerate(vectors):
        names[f"|{labels[one]}|"] = sizes[one]
        for other, b in enumerate(vectors):
            dot = sum(p * q for p, q in zip(a, b, strict=True))
            names[f"{labels[one]} · {labels[other]}"] = dot
            apart = math.sqrt(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
            names[f"|{labels[one]} - {labels[other]}|"] = apart
            if sizes[one] and sizes[other]:
                cosine = min(max(dot / (sizes[one] * sizes[other]), -1.0), 1.0)
                names[f"cos({labels[one]}, {labels[other]})"] = cosine
                names[f"angle({labels[one]}, {labels[other]})"] = math.degrees(math.acos(cosine))
    return names


def distances(points):
    return np.linalg.norm(points[:, None] - points[None], axis=2).sum()


@cache
def random_draw(seed):
    """400 queries, each with 8 keys, of 512 numbers, and the scores of their first 1, 2, 3 … numbers."""
    generator = np.random.default_rng(seed)
    queries = generator.standard_normal((512, 400, 1))
    keys = generator.standard_normal((512, 400, 8))
    return queries, keys, np.cumsum(queries * keys, axis=0)


def entropy_of(weights):
    return -sum(each * math.log2(each) for each in weights if each)


def gradient_of(weights):
    """Root of the sum of squares of weight · (1 − weight) and of −weight · other weight."""
    table = np.diag(weights) - np.outer(weights, weights)
    return math.sqrt((table**2).sum())


MEASURES = {"largest weight": max, "entropy in bits": entropy_of, "size of the gradient": gradient_of}


@cache
def measured(seed, d_k, scaled, name):
    scores = random_draw(seed)[2][d_k - 1]
    weights = softmax(scores / math.sqrt(d_k) if scaled else scores)
    return np.array([MEASURES[name](row) for row in weights])
