"""Experiment <-> document: plain JSON with a version and a published schema (experiment.schema.json).

A document names every number that the picture needs, also those that still are the starter ones, so that it shows the
same picture when a later version starts words with other numbers. What the lessons add is left out where nothing in
them was changed.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from attention_core import Experiment
from attention_core.lessons import Lessons

FORMAT = "self-attention-experiment"
VERSION = 1


class DocumentError(ValueError):
    """A document that cannot be opened; the message says why in words for a person."""


def to_document(experiment: Experiment) -> dict[str, Any]:
    rows = {word: list(experiment.row(word)) for word in experiment.vocabulary}
    others = {word: list(row) for word, row in experiment.rows.items() if word not in rows}
    return {
        "format": FORMAT,
        "version": VERSION,
        "sentence": experiment.sentence,
        "split_into": experiment.split_into,
        "dimensions": list(experiment.dimensions),
        "rows": rows | others,
        "w_q": experiment.w_q.tolist(),
        "w_k": experiment.w_k.tolist(),
        "w_v": experiment.w_v.tolist(),
        "variant": experiment.variant,
        "scaled": experiment.scaled,
        "causal": experiment.causal,
        "decimals": experiment.decimals,
        "example": experiment.example,
        **({} if experiment.lessons == Lessons() else {"lessons": _of_lessons(experiment.lessons)}),
    }


def _of_lessons(lessons: Lessons) -> dict[str, Any]:
    part = asdict(lessons)
    return part | {"vectors": list(map(list, lessons.vectors)), "score_row": list(lessons.score_row)}


def from_document(document: object) -> Experiment:
    """The experiment of a document. Raises DocumentError for anything else, saying what is wrong and where."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentError("This is not an experiment of this playground.")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    fault = best_match(_validator().iter_errors(document))
    if fault is not None:
        raise DocumentError(f"The part {_place(fault.absolute_path)} does not hold what an experiment needs there.")
    content = {name: value for name, value in document.items() if name not in ("format", "version", "lessons")}
    try:
        return Experiment(**content, lessons=Lessons(**document.get("lessons", {})))
    except ValueError as error:
        raise DocumentError(str(error)) from None


def to_json(experiment: Experiment) -> str:
    """The document on one line; every float survives the round trip bit for bit."""
    return json.dumps(to_document(experiment), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Experiment:
    """Raises DocumentError."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates)
        json.dumps(document, ensure_ascii=False).encode()  # refuses halves of characters, which no screen can show
        return from_document(document)
    except DocumentError:
        raise
    except (ValueError, RecursionError):
        raise DocumentError("It is not readable as JSON.") from None


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(files(__package__).joinpath("experiment.schema.json").read_text("utf-8")))


def _refuse_constant(name: str) -> float:
    raise DocumentError(f"It holds {name}, which is not a number to calculate with.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise DocumentError("It names the same part twice.")
    return document


def _place(path: Any) -> str:
    return " › ".join(_shortened(str(step)) for step in path) or "at the top"


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
