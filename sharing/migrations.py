"""Documents of older versions -> the newest: one function for each version, which brings a document to the next.

A document that comes here keeps to the schema of its version (older_versions/), so that a function need not doubt it.
"""

import csv
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from attention_core.masks import CAUSAL
from attention_core.words import identity, split

VERSION = 2
_MOST_WORDS = 512  # of a sentence that version 1 drew

Document = dict[str, Any]


def migrated(document: Document, version: int) -> Document:
    """A document of any version as one of the newest."""
    for older in range(version, VERSION):
        document = MIGRATIONS[older](document) | {"version": older + 1}
    return document


def _to_2(document: Document) -> Document:
    """Version 2 lists its masks, and names the numbers of the words of a second sentence too.

    Version 1 left those to its lexicon, so they are taken from there.
    """
    parts = {name: part for name, part in document.items() if name != "causal"}
    second = split(document.get("lessons", {}).get("other_sentence", ""), document["split_into"])[:_MOST_WORDS]
    rows = {word: _row_of_version_1(word, document["dimensions"]) for word in map(identity, second)}
    return parts | {"masks": [CAUSAL.id] if document["causal"] else [], "rows": rows | document["rows"]}


def _row_of_version_1(word: str, dimensions: Sequence[str]) -> list[float]:
    """What version 1 started a word with, written down here so that it stays when the app's lexicon changes."""
    known = _lexicon_of_version_1()
    if word in known and any(name in known[word] for name in dimensions):
        return [known[word].get(name, 0.0) for name in dimensions]
    digest = sha256(word.encode()).digest()
    return [(int.from_bytes(digest[2 * at : 2 * at + 2], "big") % 101 - 50) / 100 for at in range(len(dimensions))]


@cache
def _lexicon_of_version_1() -> dict[str, dict[str, float]]:
    rows = csv.DictReader(files(__package__).joinpath("older_versions/lexicon_1.csv").read_text("utf-8").splitlines())
    return {row.pop("word"): {name: float(number) for name, number in row.items()} for row in rows}


MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _to_2}
