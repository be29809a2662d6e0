"""The slips that are put into examples: the usual ones by name, and some that are on nobody's list."""

import numpy as np


def _divisors(settings, random):
    width = settings.d_model if settings.way in ("similarity", "embeddings_only") else settings.d_k
    known = {1.0, float(np.sqrt(width)), float(width)}
    others = [settings.d_model, settings.d_v, settings.n]
    found = [each for size in others for each in (float(np.sqrt(size)), float(size))]
    return [f"{each!r}" for each in found if not any(abs(each - other) < 1e-9 for other in known)] + ["10.0", "1.7"]


def _typo(stages):
    def details(settings, random):
        stage = str(random.choice(stages))
        widths = {"embeddings": settings.d_model, "w_v": settings.d_v, "v": settings.d_v, "context": settings.d_v}
        widths |= dict.fromkeys(("scores", "weights"), settings.n) | dict.fromkeys(
            ("w_q", "w_k", "q", "k"), settings.d_k
        )
        heights = dict.fromkeys(("w_q", "w_k", "w_v"), settings.d_model)
        row, column = random.integers(heights.get(stage, settings.n)), random.integers(widths[stage])
        off = float(random.choice([-1, 1]) * random.choice([0.1, 0.3, 0.9, 1.0, 2.0]))
        return [f"{stage},{row},{column},{off!r}"]

    return details


def _swapped(settings, random):
    stage = str(random.choice(["scores", "weights", "q", "k"]))
    width = settings.n if stage in ("scores", "weights") else settings.d_k
    return [f"{stage},{random.integers(settings.n)},{random.integers(width - 1)}"]


def _words(settings, random):
    return [str(word) for word in range(settings.n)]


# name -> (what it may be about, what the settings must be). `square` makes every table n by n.
LISTED = {
    "forgot-to-scale": (None, {"scaled": True, "shown": ("scores", "scaled_scores")}),
    "softmax-of-unscaled-scores": (None, {"scaled": True, "shown": ("scaled_scores",)}),
    "divided-by-d": (None, {"scaled": True}),
    "wrong-divisor": (_divisors, {"scaled": True}),
    "softmax-over-columns": (None, {"causal": False}),
    "queries-and-keys-swapped": (None, {"way": "qkv"}),
    "keys-used-as-values": (None, {"way": "qkv", "values": True}),
    "queries-used-as-values": (None, {"way": "qkv", "values": True}),
    "embeddings-used-as-values": (None, {"way": "qkv", "values": True, "square": True}),
    "transposed": (lambda settings, random: ["q", "k", "v", "scores", "weights"], {"square": True, "transposed": True}),
    "transposed-in-use": (
        lambda settings, random: ["w_q", "w_k", "w_v", "scores", "weights"],
        {"square": True, "tables": True},
    ),
    "left-out": (_words, {}),
    "left-out-of-sum": (_words, {"shown": ("context",)}),
    "no-exponentials": (None, {"causal": False}),
    "base-2": (None, {}),
    "hardest-weight": (None, {"shown_one": ("weights", "context")}),
    "cosine": (None, {}),
    "strict-mask": (None, {"way": "qkv", "causal": True}),
    "masked-after-softmax": (None, {"causal": True, "shown_one": ("weights", "context")}),
    "swapped": (_swapped, {"way": "qkv", "print": True, "all": True}),
    "typo": (_typo(["q", "k", "scores", "weights", "context"]), {"way": "qkv", "print": True, "all": True}),
    "typo-at-the-beginning": (
        _typo(["embeddings", "w_q", "w_k", "w_v"]),
        {"way": "qkv", "print": True, "all": True, "tables": True},
    ),
    "two": (None, {"way": "qkv", "values": True}),
}
PAIRS_OF_SLIPS = (
    "forgot-to-scale+keys-used-as-values",
    "divided-by-d+queries-and-keys-swapped",
    "divided-by-d+keys-used-as-values",
    "queries-and-keys-swapped+keys-used-as-values",
    "softmax-over-columns+queries-and-keys-swapped",
)


def _row_copied(table, stages, settings):
    table = table.copy()
    table[-1] = table[0]
    return table


def _column_dropped(table, stages, settings):
    query, key = ("q", "k") if settings.way in ("qkv", "queries_and_keys") else ("embeddings", "embeddings")
    return stages[query][:, :-1] @ stages[key][:, :-1].T


def _noise(size):
    def noisy(table, stages, settings):
        wave = np.sin(np.arange(table.size).reshape(table.shape) * 2.7 + table.sum())
        return table + np.where(np.isfinite(table), size * wave, 0)

    return noisy


# name -> (the stage that it changes, what becomes of it)
UNLISTED = {
    "first-row-copied": ("scores", _row_copied),
    "relu-of-scores": ("scores", lambda table, stages, settings: np.maximum(table, 0)),
    "squared-scores": ("scores", lambda table, stages, settings: table**2),
    "absolute-scores": ("scores", lambda table, stages, settings: np.abs(table)),
    "negative-scores": ("scores", lambda table, stages, settings: -table),
    "one-product-forgotten": ("scores", _column_dropped),
    "distance-bias": (
        "scores",
        lambda table, stages, settings: table - 0.5 * np.abs(np.subtract.outer(*[np.arange(len(table))] * 2)),
    ),
    "a-bias-in-the-queries": ("q", lambda table, stages, settings: table + 0.37),
    "a-bias-in-the-values": ("v", lambda table, stages, settings: table - 0.61),
    "sign-of-a-key": ("k", lambda table, stages, settings: table * np.where(np.arange(table.shape[1]) == 0, -1, 1)),
    "softmax-over-everything": ("weights", lambda table, stages, settings: table / len(table)),
    "sigmoid-of-scores": (
        "weights",
        lambda table, stages, settings: 1 / (1 + np.exp(-np.where(table > 0, stages["scaled_scores"], -np.inf))),
    ),
    "squared-weights": ("weights", lambda table, stages, settings: table**2),
    "average-of-values": ("context", lambda table, stages, settings: np.broadcast_to(table.mean(0), table.shape)),
    "halved-context": ("context", lambda table, stages, settings: table / 2),
    "value-added": ("context", lambda table, stages, settings: table + 0.2 * table[::-1]),
    "invented-scores": ("scores", _noise(0.8)),
    "invented-weights": ("weights", _noise(0.15)),
    "invented-context": ("context", _noise(0.5)),
}
