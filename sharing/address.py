"""Experiment <-> the code in the address bar: the version of the code, a tilde, and the document compressed.

Version 2 is the bare deflated text and its CRC-32. Version 1 was zlib's format, whose Adler-32 misses a changed
character now and then; its codes still open. The opening experiment has the empty code, so that a bare address opens
it.
"""

import base64
import binascii
import re
import zlib

from attention_core import OPENING, Experiment
from sharing.document import MAX_DOCUMENT, DocumentError, encoded, from_json, to_json

MAX_CODE = 48_000  # characters; servers commonly refuse an address of more than 64 KiB
MAX_TEXT_CODE = 12_000  # of the numbers to check, so that both fit together
TOO_LARGE = "too-large"  # instead of the code of an experiment that an address cannot hold
_VERSION = 2
_DAMAGED = "It is damaged, perhaps cut or changed on the way."
_CODE = re.compile(r"([1-9][0-9]{0,5})~([A-Za-z0-9_-]*)")


def to_code(experiment: Experiment) -> str:
    """Raises ValueError where the experiment is too large for an address."""
    return "" if experiment == OPENING.build() else explicit_code(experiment)


def explicit_code(experiment: Experiment, *, beside: int = 0) -> str:
    """The code also of the opening experiment, for a place where an empty one means something else.

    Raises ValueError where it is too large for an address that holds so many characters `beside` it.
    """
    code = packed(encoded(to_json(experiment)))
    room = MAX_CODE - beside
    if len(code) > room:
        raise ValueError(
            f"This experiment is too large for an address ({len(code):,} characters; {max(room, 0):,} fit). "
            "It stays in this tab, but the address does not hold it; save it as a file instead."
        )
    return code


def from_code(code: str) -> Experiment:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    if code == TOO_LARGE:
        raise DocumentError(
            "It stands for an experiment that was too large for an address, so that only its own tab had it. If you "
            "saved it as a file, open that on Take it with you."
        )
    return OPENING.build() if code == "" else from_json(unpacked(code))


def text_to_code(text: str) -> str:
    """The numbers to check, as a second part of an address; empty where they are too many for one."""
    code = packed(text.encode("utf-8", "replace")) if text else ""
    return code if len(code) <= MAX_TEXT_CODE else ""


def text_from_code(code: str) -> str:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    return "" if code == "" else unpacked(code)


def packed(content: bytes) -> str:
    """Bytes as a code: the version, a tilde, and the bytes compressed, with a checksum."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    compressed = deflater.compress(content) + deflater.flush() + _checksum(content)
    return f"{_VERSION}~{base64.urlsafe_b64encode(compressed).decode().rstrip('=')}"


def unpacked(code: str) -> str:
    """The text of a code. Raises DocumentError for one that is damaged, foreign or newer, saying which."""
    match = _CODE.fullmatch(code) if len(code) <= MAX_CODE else None
    if match is None:
        raise DocumentError("It is not a code of this playground, or it was cut.")
    version = int(match[1])
    if version > _VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    try:
        compressed = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
        content, rest = _inflated(compressed, zlib.MAX_WBITS if version == 1 else -zlib.MAX_WBITS)
        text = content.decode("utf-8")
    except (zlib.error, binascii.Error, UnicodeDecodeError):
        raise DocumentError(_DAMAGED) from None
    if rest != (b"" if version == 1 else _checksum(content)):
        raise DocumentError(_DAMAGED)
    return text


def _inflated(compressed: bytes, window: int) -> tuple[bytes, bytes]:
    """The content, and what stands behind it. No more than a document can be is ever expanded."""
    decompressor = zlib.decompressobj(window)
    content = decompressor.decompress(compressed, MAX_DOCUMENT)
    if not decompressor.eof:
        raise DocumentError("It is damaged, or far too large.")
    return content, decompressor.unused_data


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "big")
