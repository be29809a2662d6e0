"""How people's words and the calculation's numbers are written on screen."""

import math
import re

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # all of ASCII punctuation
_LINK = re.compile(r"(?i)(www)(?=\.)")
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


def plain(text: str) -> str:
    """People's text made safe inside Markdown: it is shown, never interpreted."""
    return _MARKDOWN.sub(r"\\\1", _LINK.sub("\\1\u2060", text))  # a word joiner, which no link survives


def latex_text(text: str) -> str:
    """People's text made safe inside a formula."""
    return rf"\text{{{''.join(_LATEX.get(character, character) for character in text)}}}"


def shown(value: float, decimals: int) -> str:
    """A number as it stands on screen: rounded, with a true minus sign, and −∞ for what is forbidden."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{decimals}e}" if abs(value) >= 1e7 else f"{value:.{decimals}f}"
    is_zero = not text.strip("-0.")
    return text.removeprefix("-") if is_zero else text.replace("-", "−")
