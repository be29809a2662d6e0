"""Experiment <-> the code in the address bar: the version of the document, a tilde, and the document compressed.

The opening experiment has the empty code, so that a bare address opens it.
"""

import base64
import binascii
import re
import zlib

from attention_core import OPENING, Experiment
from sharing.document import MAX_DOCUMENT, DocumentError, encoded, from_json, to_json
from sharing.migrations import VERSION

MAX_CODE = 48_000  # characters; servers commonly refuse an address of more than 64 KiB
MAX_TEXT_CODE = 12_000  # of the numbers to check, so that both fit together
_TEXT_VERSION = 1  # of the codes of numbers to check
_CODE = re.compile(r"([1-9][0-9]{0,5})~([A-Za-z0-9_-]*)")


def to_code(experiment: Experiment) -> str:
    """Raises ValueError where the experiment is too large for an address."""
    if experiment == OPENING.build():
        return ""
    code = _packed(encoded(to_json(experiment)), VERSION)
    if len(code) > MAX_CODE:
        raise ValueError(
            f"This experiment is too large for an address ({len(code):,} characters; {MAX_CODE:,} fit). "
            "It stays in this tab, but the address does not hold it; save it as a file instead."
        )
    return code


def from_code(code: str) -> Experiment:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    return OPENING.build() if code == "" else from_json(_unpacked(code, VERSION))


def text_to_code(text: str) -> str:
    """The numbers to check, as a second part of an address; empty where they are too many for one."""
    code = _packed(text.encode("utf-8", "replace"), _TEXT_VERSION) if text else ""
    return code if len(code) <= MAX_TEXT_CODE else ""


def text_from_code(code: str) -> str:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    return "" if code == "" else _unpacked(code, _TEXT_VERSION)


def _packed(content: bytes, version: int) -> str:
    compressed = zlib.compress(content, level=9)
    return f"{version}~{base64.urlsafe_b64encode(compressed).decode().rstrip('=')}"


def _unpacked(code: str, newest: int) -> str:
    match = _CODE.fullmatch(code) if len(code) <= MAX_CODE else None
    if match is None:
        raise DocumentError("It is not a code of this playground, or it was cut.")
    if int(match[1]) > newest:
        raise DocumentError("It was made by a newer version of this playground.")
    return _expanded(match[2])


def _expanded(packed: str) -> str:
    decompressor = zlib.decompressobj()
    try:
        compressed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        document = decompressor.decompress(compressed, MAX_DOCUMENT)  # and expands no further
        text = document.decode("utf-8")
    except (zlib.error, binascii.Error, ValueError):
        raise DocumentError("It is damaged, perhaps cut or changed on the way.") from None
    if not decompressor.eof or decompressor.unused_data:
        raise DocumentError("It is damaged, or far too large.")
    return text
