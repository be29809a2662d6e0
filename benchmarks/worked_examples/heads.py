"""Worked examples with several heads, W_O and positions, right ones and ones with a slip, in plain NumPy.

Letters: n words, h heads, d_model numbers an embedding, d_k a query or key, d_v a value, d_out an output.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from worked_examples.calculation import softmax
from worked_examples.printing import FORMATS, HEADINGS, WORDS

# name -> whether it shows in a head or in what the heads make together
SLIPS = {
    "root of d_model": "wrong-divisor",
    "positions forgotten": "positions-forgotten",
    "heads averaged": "heads-averaged",
    "heads added up": "heads-added",
}
STYLES = ("sections", "titles", "names", "symbols", "by stage")
_SYMBOLS = {"w_q": "W_Q^{}", "w_k": "W_K^{}", "w_v": "W_V^{}", "q": "Q{}", "k": "K{}", "v": "V{}", "context": "head_{}"}
_OF_A_HEAD = ("w_q", "w_k", "w_v", "q", "k", "v", "scores", "scaled_scores", "weights", "context")


@dataclass(frozen=True)
class Example:
    """One text; `slip` is "" where it is right, else a name of SLIPS."""

    text: str
    style: str
    slip: str
    prints: Callable[[str], str]  # what another slip would print


def made(seed: int, number: int, style: str, slip: str) -> Example:
    """An example in one of the STYLES, with one of the SLIPS that changes a printed digit."""
    random = np.random.default_rng([seed, number, STYLES.index(style), list(SLIPS).index(slip) if slip else 9])
    while True:
        example = _drawn(random, style, slip)
        if not slip or example.text != example.prints(""):
            return example


def _drawn(random: np.random.Generator, style: str, slip: str) -> Example:
    n, h, d_k, d_v = (int(random.integers(2, top)) for top in (5, 4, 4, 4))
    d_model = int(random.choice([d_k * h, d_v * h, 4])) if slip != "root of d_model" else d_k * h
    positions = str(random.choice(["", "table", "waves"])) if slip != "positions forgotten" else "table"
    decimals, scaled = int(random.integers(3, 5)), slip == "root of d_model" or bool(random.random() < 0.8)
    causal, mixes = bool(random.random() < 0.25), bool(random.random() < 0.7)
    x = np.round(random.normal(size=(n, d_model)), 1)
    tables = [[np.round(random.normal(size=(d_model, d)), 1) for d in (d_k, d_k, d_v)] for _ in range(h)]
    d_out = int(random.integers(2, 5))
    rows = {"heads averaged": d_v, "heads added up": d_v}.get(slip, h * d_v)
    w_o = np.round(random.normal(size=(rows, d_out)), 1)
    shown = {stage for stage in _OF_A_HEAD if random.random() < 0.75} | {"w_q", "w_k", "w_v"}
    shows_joined = not mixes or bool(random.random() < 0.6)
    layout = str(random.choice(["plain", "markdown", "brackets"]))
    labelled = layout != "brackets" and bool(random.random() < 0.5)
    labels = list(WORDS[:n]) if labelled else [""] * n
    told_together = str(random.choice(["Concatenated heads", "Concatenation", "All heads side by side"]))
    told_output = str(random.choice(["Output", "Multi-head output", "Final output"]))

    def table(heading: str, stage: str, values: np.ndarray) -> str:
        names = labels if len(values) == n and not stage.startswith("w_") else [""] * len(values)
        digits = 1 if stage in ("embeddings", "w_q", "w_k", "w_v", "w_o") else decimals
        return FORMATS[layout](stage, values, "fixed", digits, names, heading)

    def text(other: str) -> str:
        added = _positions(positions, n, d_model)
        # who forgets them prints them, and goes on without
        used = x if other == "positions forgotten" or added is None else x + added
        divisor = np.sqrt(d_model if other == "root of d_model" else d_k) if scaled else 1.0
        heads = [_head(used, own, divisor, causal=causal) for own in tables]
        parts = [table("Embeddings", "embeddings", x)]
        if added is not None and positions == "table":
            parts.append(table("Positions", "positions", added))
        elif added is not None:
            parts.insert(0, "Sinusoidal positional encodings are added to the embeddings.")
        order = [(place, stage) for place in range(h) for stage in _OF_A_HEAD]
        order = sorted(order, key=lambda each: _OF_A_HEAD.index(each[1])) if style == "by stage" else order
        before = None
        for place, stage in order:
            if stage not in shown or (stage == "scaled_scores" and not scaled):
                continue
            above, heading = _called(style, stage, place + 1, before)
            parts += above
            parts.append(table(heading, stage, heads[place][stage]))
            before = place, stage
        contexts = [head["context"] for head in heads]
        joined = np.hstack(contexts)
        if other in ("heads averaged", "heads added up"):
            joined = sum(contexts) / (h if other == "heads averaged" else 1)
        if shows_joined:
            parts.append(table(told_together, "joined", joined))
        if mixes:
            fits = len(w_o) == joined.shape[1]
            parts += [table("W_O", "w_o", w_o), table(told_output, "output", joined @ w_o if fits else joined)]
        return "\n\n".join(parts) + "\n"

    return Example(text(slip), style, slip, text)


def _head(x: np.ndarray, own, divisor: float, *, causal: bool) -> dict[str, np.ndarray]:
    w_q, w_k, w_v = own
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T
    scaled = np.where(np.tri(len(x), dtype=bool) | (not causal), scores / divisor, -np.inf)
    weights = softmax(scaled)
    tables = (w_q, w_k, w_v, q, k, v, scores, scaled, weights, weights @ v)
    return dict(zip(_OF_A_HEAD, tables, strict=True))


def _positions(kind: str, n: int, d_model: int) -> np.ndarray | None:
    places, columns = np.arange(n)[:, None], np.arange(d_model)[None, :]
    if kind == "table":
        return np.round(np.sin(1.7 * places + 2.3 * columns), 1)
    angles = places / 10000 ** (2 * (columns // 2) / d_model)
    return np.where(columns % 2, np.cos(angles), np.sin(angles)) if kind else None


def _called(style: str, stage: str, head: int, before: tuple[int, str] | None) -> tuple[list[str], str]:
    """The lines above a table, and its own heading."""
    name = HEADINGS[stage]
    new_head = before is None or before[0] != head - 1
    if style in ("sections", "titles"):
        title = f"Head {head}" if style == "sections" else f"## Head {head}"
        return [title] if new_head else [], name
    if style == "by stage":
        new_stage = before is None or before[1] != stage
        return [f"## {name}"] if new_stage else [], f"Head {head}"
    if style == "symbols" and stage in _SYMBOLS:
        return [], _SYMBOLS[stage].format(head)
    return [], f"Head {head} {name[0].lower()}{name[1:]}" if not stage.startswith("w_") else f"{name} of head {head}"
