"""The same text in one spelling: spaces, powers of ten, percent, drawn lines and vectors in round or curly brackets.

Line breaks stay where they are, so that a line keeps its number.
"""

import re
from html import unescape

_NUMBER = r"[-+−–‒]?\s?(?:[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)(?:[eE][-+−]?[0-9]{1,4})?%?"

_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\ufeff\u200b]")  # that do not look different
_IS_HTML = re.compile(r"<(?:table|html|body|div|p|pre|ul|ol)\b[^<>]*>", re.IGNORECASE)
_HEADING_TAG = re.compile(r"<h[1-6]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?!/?(?:table|tr|t[dh]|br)\b)[a-z][a-z0-9]*\b[^<>]*>", re.IGNORECASE)
_DELIMITER_SIZE = re.compile(r"\\(?:left|right|bigl|bigr|Bigl|Bigr)(?=[\[\]()|.])\.?")
_POWER_OF_TEN = re.compile(
    r"(?<=[0-9.])\s?(?:×|·|\*|\\times|\\cdot)\s?10\s?(?:\^\s?\{?\s?([-+−–]?[0-9]{1,4})\s?\}?|([⁺⁻]?[⁰¹²³⁴-⁹]{1,4}))"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–", "0123456789+---")
_PERCENT = re.compile(r"(?<=[0-9.])\s?\\?[%٪]")
_DRAWN = str.maketrans("│┃║┆┊─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╭╮╰╯", "|||||---" + "+" * 22)
_BEFORE_VECTOR = r"(?P<before>^[ \t]*+|[=:≈→,(\[{\"”»'][ \t]*+|\b(?:is|are)[ \t]++)"
_NOT_A_VECTOR = re.compile(r"(?:shape|size|dims?|axis|range)\s*=\s*$", re.IGNORECASE)
_VECTOR = re.compile(
    rf"{_BEFORE_VECTOR}(?:\((?P<round>\s*{_NUMBER}(?:\s*[,;]\s*{_NUMBER})+\s*,?\s*)\)"
    rf"|\{{(?P<curly>\s*{_NUMBER}(?:\s*[,;]\s*{_NUMBER})+\s*)\}})",
    re.MULTILINE,
)
_VECTORS = re.compile(r"\((\s*\[[^\[\](){}]*\](?:\s*,\s*\[[^\[\](){}]*\])*\s*,?\s*)\)(?!\s*\.)")
_CURLY_VECTORS = re.compile(r"\{(\s*\[[^\[\](){}]*\](?:\s*,\s*\[[^\[\](){}]*\])+\s*,?\s*)\}")
_CALLED = re.compile(r"[\w}]\s?$")
_TURNED = re.compile(r"(?<=[0-9.]\])(?:\s*\^\s*\{?\s*(?:T|\\top|\\intercal)\b\s*\}?|\s?[ᵀ⊤])")


def spelled(text: str) -> str:
    """The text in the spelling that every format is read in."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _IS_HTML.search(text):
        text = _TAG.sub(" ", _HEADING_TAG.sub("## ", text))
        text = (
            text
            if "<table" in text.lower()
            else "\n".join(" ".join(unescape(line).splitlines()) for line in text.split("\n"))
        )
    text = _DELIMITER_SIZE.sub("", _SPACES.sub(" ", text)).translate(_DRAWN)
    text = _PERCENT.sub("%", _POWER_OF_TEN.sub(_exponent, text))
    text = _VECTOR.sub(_in_square_brackets, text)
    for vectors in (_VECTORS, _CURLY_VECTORS):
        text = vectors.sub(_unless_called, text)
    return _TURNED.sub("", text)


def _exponent(match: re.Match[str]) -> str:
    return "e" + (match[1] or match[2]).translate(_RAISED)


def _in_square_brackets(match: re.Match[str]) -> str:
    if _NOT_A_VECTOR.search(match.string[max(0, match.start() - 20) : match.start()] + match["before"]):
        return match[0]
    return f"{match['before']}[{match['round'] or match['curly']}]"


def _unless_called(match: re.Match[str]) -> str:
    """What is given to a function stays in its brackets."""
    is_called = _CALLED.search(match.string[max(0, match.start() - 2) : match.start()])
    return match[0] if is_called else f"[{match[1]}]"
