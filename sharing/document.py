"""Experiment <-> document: plain JSON with a version and a published schema (experiment.schema.json).

A document names every number that the picture needs, also those that still are the starter ones, so that it shows the
same picture when a later version starts words with other numbers. What the lessons add is left out where nothing in
them was changed.

The schema is that of the newest version. A change that makes older documents mean something else, or unreadable, raises
VERSION; one function for each older version then brings a document to the next, and `from_document` applies them in
turn where it looks at the version, before the schema. The address and the file hold such a document and need no more.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from attention_core import Experiment
from attention_core.lessons import Lessons
from attention_core.stages import WEIGHT_TABLES

FORMAT = "self-attention-experiment"
VERSION = 1
MAX_DOCUMENT = 2 << 20  # bytes; about twice the largest experiment, of whose words none has over 100 characters

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of named parts",
}
_MAX_EXCERPT = 40  # characters of somebody's text in a message
_MAX_DIGITS = 20  # a whole number of more is far out of range, and reading it would take long


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
    fault = next(_faults(document), None)
    if fault is not None:
        raise DocumentError(f"The part {_told(fault)}.")
    _refuse_half_characters(document)
    content = {name: value for name, value in document.items() if name not in ("format", "version", "lessons")}
    try:
        return Experiment(**content, lessons=Lessons(**document.get("lessons", {})))
    except ValueError as error:
        raise DocumentError(str(error)) from None


def to_json(experiment: Experiment) -> str:
    """The document on one line; every float survives the round trip bit for bit."""
    return json.dumps(to_document(experiment), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encoded(document: str) -> bytes:
    """As bytes that can be opened again. Raises ValueError where there are too many."""
    content = document.encode()
    if len(content) > MAX_DOCUMENT:
        raise ValueError(
            f"This experiment is too large for an address or a file ({len(content):,} bytes; {MAX_DOCUMENT:,} fit). "
            "It stays in this tab."
        )
    return content


def from_json(text: str) -> Experiment:
    """Raises DocumentError, and nothing else whatever the text is."""
    try:
        document = json.loads(
            text, parse_int=_whole_number, parse_constant=cache(_Constant), object_pairs_hook=_without_duplicates
        )
        return from_document(document)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno:,}, column {error.colno:,}"
        raise DocumentError(f"It is not readable as JSON from {place} on.") from None
    except RecursionError:
        raise DocumentError("Lists stand within lists in it, far deeper than in an experiment.") from None


@dataclass(eq=False, slots=True)
class _Constant:
    """NaN or Infinity, which JSON does not have. No type of a schema, so that it is refused with its place."""

    name: str


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = iter(document)
        twice = next(name for name, _ in pairs if name != next(names, None))
        raise DocumentError(f"The part {_found(twice)} is there twice.")
    return document


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(files(__package__).joinpath("experiment.schema.json").read_text("utf-8")))


def _faults(document: dict[str, Any]) -> Iterator[ValidationError]:
    """What does not keep to the schema, one fault at a time: a hostile document has hundreds of thousands."""
    yield from _validator().iter_errors(document)
    # The schema cannot compare one part with another: every row of a table is as long as it should be, or as its first.
    lengths = {name: {"items": _numbers(len(document[name][0]))} for name in WEIGHT_TABLES}
    rows = {"rows": {"patternProperties": {"": _numbers(len(document["dimensions"]))}}}
    yield from Draft202012Validator({"properties": rows | lengths}).iter_errors(document)


def _numbers(count: int) -> dict[str, int]:
    return {"minItems": count, "maxItems": count}


def _refuse_half_characters(document: dict[str, Any]) -> None:
    for name, part in document.items():
        try:
            json.dumps(part, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise DocumentError(f"The part {name} holds half of a character, which no screen can show.") from None


def _told(fault: ValidationError) -> str:
    """Where something does not fit, what stands there and what is needed."""
    value: Any = fault.validator_value
    schema: Any = fault.schema
    given: Any = fault.instance
    rule = fault.validator
    if rule == "required":
        return f"{_place(fault, next(name for name in value if name not in given))} is missing"
    if rule == "additionalProperties":
        unknown = next(name for name in given if name not in schema["properties"])
        return f"{_place(fault, _found(unknown))} is none that an experiment has"
    return f"{_place(fault)} holds {_found(given)}; {_needed(str(rule), value, schema)} is needed there"


def _place(fault: ValidationError, *further: str) -> str:
    return " › ".join((*(_excerpt(str(step)) for step in fault.absolute_path), *further))


def _found(value: object) -> str:
    match value:
        case str():
            length = f" ({len(value):,} characters)" if len(value) > _MAX_EXCERPT else ""
            return f'"{_excerpt(value)}"{length}'
        case list() | dict():
            kind = "list" if isinstance(value, list) else "group"
            return f"a {kind} of {len(value):,}" if value else f"an empty {kind}"
        case float() if math.isinf(value):
            return "a number far too large"
        case _Constant():
            return value.name
    return _excerpt(json.dumps(value))


def _needed(rule: str, value: Any, schema: Any) -> str:
    """What a rule of the schema asks for."""
    match rule:
        case "type":
            return _KINDS[value]
        case "enum":
            return f"one of {', '.join(value)}"
        case "minItems" | "maxItems":
            return f"a list of {_range(schema['minItems'], schema['maxItems'])}"
        case "minimum" | "maximum":
            return f"{_KINDS[schema['type']]} from {_range(schema['minimum'], schema['maximum'])}"
        case "maxProperties":
            return f"a group of up to {value:,}"
        case "maxLength":
            return f"text of up to {value:,} characters"
        case "pattern":
            return "a name of 1 to 40 letters and digits"
    return str(value)  # the rule "const"


def _range(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _excerpt(text: str) -> str:
    """The beginning of somebody's text, without what would break or turn around the line it is shown in."""
    start = text if len(text) <= _MAX_EXCERPT else f"{text[: _MAX_EXCERPT - 1]}…"
    return "".join(character if character.isprintable() or character == "\u200d" else " " for character in start)
