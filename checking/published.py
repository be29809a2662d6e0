"""Worked examples that others published, as text to load: right ones, rounded ones, and some that are wrong in print.

published.json says where each comes from, which numbers it prints, and how far they can be trusted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from attention_core.sources import CAT_AND_MOUSE
from checking.claims import PAIRS
from checking.reading import STAGES


@dataclass(frozen=True)
class Published:
    """One example. `key_size` is d_k where the printed vectors do not tell it."""

    id: str
    title: str
    source: str
    text: str
    key_size: int | None = None


# What the picker shows. Titles say what is to be seen, the rest is in published.json.
_TITLES = {
    "seed000-row-the": "The cat chased the mouse: a row that cannot be",
    "karim-unscaled": "Three inputs, exact",
    "karim-rounded": "Three inputs, rounded half-way",
    "bad-amanailab-2x2": "A coding exercise whose solution is off",
    "bad-click4ai": "A problem whose answer cannot be",
    "alammar-thinking-machines": "Thinking Machines, two scores",
    "statquest": "write a poem, every table",
    "raschka-no-weights": "Your journey starts with one step, no matrices",
    "raschka-v2-seed789": "Your journey starts with one step",
    "raschka-v2-causal-seed789": "Your journey starts with one step, looking back only",
    "mlm-from-scratch": "Four words, whole numbers",
    "christos-she-likes-coffee": "she likes coffee",
    "unfold-the-cat-sat": "The cat sat",
    "unfold-causal-identity": "The cat sat, looking back only",
}
_CAT_AND_MOUSE = """Embeddings
The: [0.1, 0.2, 0.3]
cat: [0.5, 0.6, 0.7]
chased: [0.8, 0.9, 1.0]
mouse: [1.1, 1.2, 1.3]

Softmax for "The"
Scores: [0.150, 0.559, 0.902, 1.261]
Exponentials: 1.162 + 1.749 + 2.465 + 3.529
Normalized probabilities: [0.130, 0.196, 0.277, 0.396]
"""
_STAGE_OF = {"scores_lower": "scores", "exp": "exponentials"}
_SIGNIFICANT = {("karim-unscaled", "weights"), ("mlm-from-scratch", "weights")}  # printed with as many digits each


@cache
def published() -> Mapping[str, Published]:
    """Every example by its id, in the order of the picker."""
    found = {each["id"]: each for each in json.loads(files(__package__).joinpath("published.json").read_text("utf-8"))}
    return {id: _published(title, found[id]) for id, title in _TITLES.items()}


def _published(title: str, example: Mapping[str, Any]) -> Published:
    if example["id"] == "seed000-row-the":
        return Published(example["id"], title, CAT_AND_MOUSE, _CAT_AND_MOUSE)
    key_size = round(example["scale"] ** -2) if "scale" in example else None
    return Published(example["id"], title, example["source"], _text(example), key_size)


def _text(example: Mapping[str, Any]) -> str:
    """Its tables as an author would type them."""
    given = ("embeddings", "w_q", "w_k", "w_v", "q", "k", "v")
    tables = [_table(stage, example[stage], example["tokens"]) for stage in given if example.get(stage)]
    for name, rows in example["expected"].items():
        stage = _STAGE_OF.get(name, name)
        digits = None if (example["id"], name) in _SIGNIFICANT else example["decimals"]
        padded = [[*row, *[None] * (max(map(len, rows)) - len(row))] for row in rows]
        tables.append(_table(stage, padded, example["tokens"], digits))
    return "\n".join(tables)


def _table(
    stage: str, rows: Sequence[Sequence[float | None]], words: Sequence[str] | None, decimals: int | None = None
) -> str:
    """A Markdown table: a heading, the words before the rows where they are known."""
    labels = words if words and stage not in ("w_q", "w_k", "w_v") and len(words) == len(rows) else None
    cells = [[_written(number, decimals) for number in row] for row in rows]
    heads = ["", *(words if words and stage in PAIRS and len(words) == len(cells[0]) else _counted(len(cells[0])))]
    lines = [heads, ["---"] * len(heads)]
    lines += [[labels[place] if labels else "", *row] for place, row in enumerate(cells)]
    return "\n".join([f"{STAGES[stage]}", "", *(f"| {' | '.join(line)} |" for line in lines), ""])


def _counted(columns: int) -> list[str]:
    return [str(column) for column in range(1, columns + 1)]


def _written(number: float | None, decimals: int | None) -> str:
    if number is None:
        return ""
    return repr(number) if decimals is None else f"{number:.{decimals}f}"
