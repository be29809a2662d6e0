"""Experiment <-> a file: the document (see `sharing.document`) laid out so that a person can read and change it."""

import json
from typing import Any

from attention_core import Experiment
from sharing.document import MAX_DOCUMENT, DocumentError, encoded, from_json, to_document

MAX_FILE = MAX_DOCUMENT  # bytes


def to_file(experiment: Experiment) -> bytes:
    """JSON in UTF-8, a row of numbers a line. Raises ValueError where words are so long that it exceeds MAX_FILE."""
    return encoded(_laid_out(to_document(experiment)) + "\n")


def from_file(content: bytes) -> Experiment:
    """Raises DocumentError, and nothing else whatever the bytes are, saying what is wrong and where.

    UTF-8, UTF-16 and UTF-32 are read, with or without a byte order mark, as editors save them.
    """
    if len(content) > MAX_FILE:
        raise DocumentError(f"The file is too large ({len(content):,} bytes; {MAX_FILE:,} fit).")
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        raise DocumentError(
            "It is not a text file but perhaps a picture, a spreadsheet or an archive; an experiment is text in JSON."
        ) from None
    if not text.strip():
        raise DocumentError("The file is empty.")
    return from_json(text)


def _laid_out(value: Any, line: str = "\n") -> str:
    """`line` is the line break and the indentation of the line on which the value ends."""
    inner = f"{line}  "
    if isinstance(value, dict):
        parts = (f"{inner}{_on_one_line(name)}: {_laid_out(part, inner)}" for name, part in value.items())
        return f"{{{','.join(parts)}{line}}}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return f"[{','.join(inner + _on_one_line(row) for row in value)}{line}]"
    return _on_one_line(value)


def _on_one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
