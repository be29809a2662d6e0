"""Experiment <-> document: plain JSON with a version and a published schema (experiment.schema.json).

A document has a part for each field of an `Experiment`, and names every number that the picture needs, also those that
still are the starter ones, so that it shows the same picture when a later version starts words with other numbers. A
part that the schema does not require is left out where nothing in it was changed.

The schema is that of the newest version. A change that makes older documents mean something else, or unreadable, raises
VERSION; `sharing/migrations.py` then brings documents of the version before to it. The address and the file hold such a
document and need no more.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator, ValidationError

from attention_core import Experiment
from attention_core.lessons import Lessons
from attention_core.stages import WEIGHT_TABLES
from attention_core.teaching import Learned, Teaching
from attention_core.words import MAX_WORDS, identity, split
from sharing.migrations import MIGRATIONS, VERSION, migrated

FORMAT = "self-attention-experiment"
MAX_DOCUMENT = 2 << 20  # bytes; about twice the largest experiment, of whose words none has over 100 characters

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of named parts",
}
_GROUPS: dict[str, Callable[..., Any]] = {"lessons": Lessons, "teaching": Teaching, "learned": Learned}
_MAX_EXCERPT = 40  # characters of somebody's text in a message
_MAX_DIGITS = 20  # a whole number of more is far out of range, and reading it would take long


class DocumentError(ValueError):
    """A document that cannot be opened; the message says why in words for a person."""


def to_document(experiment: Experiment) -> dict[str, Any]:
    """A part for each field of the experiment, those that the schema names in its order."""
    parts = {each.name: _written(getattr(experiment, each.name)) for each in fields(experiment)}
    parts["rows"] = _rows(experiment)
    document = {"format": FORMAT, "version": VERSION} | parts
    for each in fields(experiment):
        if each.name not in _schema(VERSION)["required"] and getattr(experiment, each.name) == _default(each):
            del document[each.name]
    order = dict.fromkeys((*_schema(VERSION)["properties"], *document))
    return {name: document[name] for name in order if name in document}


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _rows(experiment: Experiment) -> dict[str, list[float]]:
    """The embedding of every word that is drawn, those of a second sentence too, and of every other that was edited."""
    second = split(experiment.lessons.other_sentence, experiment.split_into)[:MAX_WORDS]
    drawn = dict.fromkeys((*experiment.vocabulary, *map(identity, second)))
    rows = {word: list(experiment.row(word)) for word in drawn}
    return rows | {word: list(row) for word, row in experiment.rows.items() if word not in rows}


def _written(value: object) -> Any:
    """A field as JSON: tables and tuples as lists, what has fields of its own as a group of them."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    if is_dataclass(value):
        return {each.name: _written(getattr(value, each.name)) for each in fields(value)}
    return value


def from_document(document: object) -> Experiment:
    """The experiment of a document. Raises DocumentError for anything else, saying what is wrong and where."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentError("This is not an experiment of this playground.")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    version = next((older for older in MIGRATIONS if older == version and version is not True), VERSION)
    fault = next(_faults(document, version), None)
    if fault is not None:
        raise DocumentError(f"The part {_told(fault)}.")
    _refuse_half_characters(document)
    parts = {name: part for name, part in migrated(document, version).items() if name not in ("format", "version")}
    try:
        groups = {name: made(**parts.get(name, {})) for name, made in _GROUPS.items()}
        return Experiment(**parts | groups)
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
def _schema(version: int) -> dict[str, Any]:
    """The schema of a version; the newest is the published one."""
    name = "experiment.schema.json" if version == VERSION else f"older_versions/schema_{version}.json"
    schema: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return schema


@cache
def _validator(version: int) -> Draft202012Validator:
    return Draft202012Validator(_schema(version))


def _faults(document: dict[str, Any], version: int) -> Iterator[ValidationError]:
    """What does not keep to the schema, one fault at a time: a hostile document has hundreds of thousands."""
    yield from _validator(version).iter_errors(document)
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
