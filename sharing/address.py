"""Experiment <-> the code in the address bar: the version, a tilde, and the compressed document.

The opening experiment has the empty code, so that a bare address opens it.
"""

import base64
import binascii
import re
import zlib

from attention_core import OPENING, Experiment
from sharing.document import MAX_DOCUMENT, DocumentError, encoded, from_json, to_json

MAX_CODE = 48_000  # characters; servers commonly refuse an address of more than 64 KiB
_VERSION = 1
_CODE = re.compile(r"([1-9][0-9]{0,5})~([A-Za-z0-9_-]*)")


def to_code(experiment: Experiment) -> str:
    """Raises ValueError where the experiment is too large for an address."""
    if experiment == OPENING.build():
        return ""
    packed = zlib.compress(encoded(to_json(experiment)), level=9)
    code = f"{_VERSION}~{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
    if len(code) > MAX_CODE:
        raise ValueError(
            f"This experiment is too large for an address ({len(code):,} characters; {MAX_CODE:,} fit). "
            "It stays in this tab, but the address does not hold it; save it as a file instead."
        )
    return code


def from_code(code: str) -> Experiment:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    if code == "":
        return OPENING.build()
    match = _CODE.fullmatch(code) if len(code) <= MAX_CODE else None
    if match is None:
        raise DocumentError("It is not a code of this playground, or it was cut.")
    if int(match[1]) > _VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    return from_json(_expanded(match[2]))


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
