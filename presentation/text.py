"""How people's words and the calculation's numbers are written on screen."""

import math
import re
from decimal import Decimal

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII punctuation
# Where a word joiner keeps text from becoming a link, an arrow, another sign (≥ ≤ ≈) or, by the spaces that a line
# begins with, a block of code. Backslashes do not.
_ACTIVE = re.compile(
    r"(?im)(?<=www)(?=\.)|(?<=http)(?=s?://)|(?<=ftp)(?=://)|(?<=@)(?=[\w-]+\.)|(?<=[-<])(?=[->])|(?<=[<>~])(?==)"
    r"|^(?=[ \t])"
)
_JOINER = "\u2060"
_TAKEN = {
    *("__proto__", "constructor", "toString", "toLocaleString", "valueOf"),
    *("hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"),
    *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
}
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\char94{}",
    "~": r"\char126{}",
}
_UNESCAPED = {escaped: character for character, escaped in _LATEX.items()}
_ESCAPED = re.compile("|".join(map(re.escape, sorted(_UNESCAPED, key=len, reverse=True))))


def drawn(name: str) -> str:
    """A name as data of a picture. Vega keeps names as keys of JavaScript's objects, some of which are taken."""
    return name + _JOINER if name in _TAKEN else name


def plain(text: str) -> str:
    """People's text made safe inside Markdown: it is shown, never interpreted."""
    return _MARKDOWN.sub(r"\\\1", _ACTIVE.sub(_JOINER, text))


def latex_text(text: str) -> str:
    """People's text made safe inside a formula."""
    return rf"\text{{{''.join(_LATEX.get(character, character) for character in text)}}}"


def from_latex_text(escaped: str) -> str:
    """People's text again from what stands between the braces of `latex_text`."""
    return _ESCAPED.sub(lambda match: _UNESCAPED[match[0]], escaped)


def in_full(value: float) -> str:
    """A number that a person set, with all of its digits: 0.5, 2, 1000."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def equals(given: float, result: float, decimals: int) -> str:
    """= where what the written numbers give is written like the result, elsewhere ≈."""
    return "=" if shown(given, decimals) == shown(result, decimals) else "≈"


def as_written(value: float, decimals: int) -> float:
    """The number that a reader sees."""
    return float(shown(value, decimals).replace("−", "-").replace("∞", "inf"))


def shown_apart(one: float, other: float, *, decimals: int) -> tuple[str, str]:
    """Two numbers that differ, with so many decimals or as many as it takes to see that they do."""
    for enough in range(decimals, 18):
        written = shown(one, enough), shown(other, enough)
        if written[0] != written[1]:
            return written
    return repr(one), repr(other)


def shown(value: float, decimals: int) -> str:
    """A number as it stands on screen: rounded, with a true minus sign, and −∞ for what is forbidden."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{decimals}e}" if abs(value) >= 1e7 else f"{value:.{decimals}f}"
    is_zero = not text.strip("-0.")
    return text.removeprefix("-") if is_zero else text.replace("-", "−")
