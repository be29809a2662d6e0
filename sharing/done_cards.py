"""The cards of the lessons that somebody has done, as a code that a cookie can hold."""

import json
from collections.abc import Collection, Mapping

from sharing.address import text_from_code, text_to_code
from sharing.document import DocumentError

MAX_DONE = 3_600  # characters; browsers keep cookies of 4,096 bytes, with name and settings
_MAX_FOUND = 300  # characters of what was found on one card; what is longer is left out


def to_done_code(done: Mapping[str, str]) -> str:
    """`done`: card -> what was found there. Where all of it is too long, the cards alone; empty where none is done."""
    if not done:
        return ""
    short = {card: found if len(found) <= _MAX_FOUND else "" for card, found in sorted(done.items())}
    code = _packed(short)
    return code if 0 < len(code) <= MAX_DONE else _packed(dict.fromkeys(short, ""))


def from_done_code(code: str, known: Collection[str]) -> dict[str, str]:
    """Only what can be read of it, and only of cards that are `known`: a browser may send anything."""
    try:
        read = json.loads(text_from_code(code)) if code else {}
    except (DocumentError, ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {card: found for card, found in read.items() if card in known and _is_text(found)}


def _packed(done: Mapping[str, str]) -> str:
    return text_to_code(json.dumps(done, ensure_ascii=False, separators=(",", ":")))


def _is_text(found: object) -> bool:
    """Whether it can be shown: JSON can hold halves of characters, which no message can."""
    if not isinstance(found, str) or len(found) > _MAX_FOUND:
        return False
    return found == found.encode("utf-8", "ignore").decode("utf-8")
