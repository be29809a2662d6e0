"""Sums that break at their operators wherever the room ends, for a screen of any width."""

import re

_BREAK = re.compile(r"(?<!\\)\\\\(\[[^\]]*\])?\s*(?<!\\)&(\\quad)?\s*")
_LONGEST = 36  # characters of what stands in a fraction; a longer one cannot break and becomes a division
_INVISIBLE = re.compile(r"\\textcolor\{#\w+\}|\\(?:text|mathbf|dots|cdot|quad|,)|[{}^_\\ ]")


def flowing(formula: str) -> str:
    """One sum of `formulas.sums` as a line of its own that a browser can break between its terms."""
    body = formula.removeprefix(r"\small\begin{aligned}").removesuffix(r"\end{aligned}")
    body = _BREAK.sub(" ", body)
    return r"\small " + _divided(re.sub(r"(?<!\\)&", "", body))


def _divided(body: str) -> str:
    """The same with long fractions written as divisions."""
    start = body.find(r"\frac{")
    if start < 0:
        return body
    above, middle = _in_braces(body, start + len(r"\frac"))
    below, end = _in_braces(body, middle)
    rest = _divided(body[end:])
    if max(len(_INVISIBLE.sub("", each)) for each in (above, below)) <= _LONGEST:
        return f"{body[:start]}\\frac{{{above}}}{{{below}}}{rest}"
    return f"{body[:start]}{above} \\div ({below}){rest}"


def _in_braces(text: str, start: int) -> tuple[str, int]:
    """What stands between the brace at `start` and its partner, and the place behind that."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "{}" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return text[start + 1 : at], at + 1
    raise ValueError(f"The brace at {start} of {text!r} has no partner.")
