"""Cells: what is a number, what a word, what is missing, and where one cell ends and the next begins."""

import math
import re
from dataclasses import dataclass

from checking.reading.errors import stopped
from checking.reading.markup import from_latex

COMMA_MAY_BE_EITHER = (
    "a comma may be a decimal comma here or stand between two numbers; expected were points as in 0.5, or semicolons "
    "between the numbers"
)
_MINUS = ("-", "−", "–", "‒")
MISSING = {"", "-", "–", "—", "−", "…", "..."}
_NUMBER = re.compile(r"([-+−–‒]?)\s?([0-9]+(?:\.[0-9]*|,[0-9]+)?|\.[0-9]+)(?:[eE]([-+−]?[0-9]{1,4}))?(%?)")
_INFINITY = re.compile(r"([-+−–‒]?)\s?(?:(?:np|numpy|math|torch)\.)?(?:inf|infinity|∞|\\infty)", re.IGNORECASE)
_MEANT = re.compile(r"[-+−–‒]?\s?[.,]?[0-9]\S*")
DAMAGED = re.compile(r"[-+−–‒]?\s?[0-9]*[.,][0-9]")
_PAIR = re.compile(r"[-+−–‒]?[0-9]+,[0-9]+")
_PADDED = re.compile(r"0[0-9]+")
_LOOSE_COMMA = re.compile(r",\s+")


@dataclass(frozen=True)
class Number:
    """One printed number."""

    text: str  # as it stood there
    value: float
    decimals: int  # places after the point of the last printed digit; "6.03e-06" has 8, "1.5e3" has -2, "90.02%" 4


def split_cells(content: str, line: int) -> list[str]:
    """Numbers without brackets, parted at semicolons, commas or spaces. A comma may be a decimal one."""
    if ";" in content:
        cells = [cell.strip() for cell in content.split(";")]
    elif "," in content:
        words = content.split()
        if len(words) > 1 and all(map(is_number, words)):
            return words
        check_commas(content, line)
        cells = [cell.strip() for cell in content.split(",")]
    else:
        return content.split()
    return cells[:-1] if not cells[-1] else cells


def check_commas(content: str, line: int) -> None:
    """Raise ReadingError where it cannot be told whether a comma parts two numbers or a number's decimals."""
    if ";" in content or "." in content or "," not in content:
        return
    groups = [group.strip() for group in _LOOSE_COMMA.split(content.strip(" ,"))]
    pairs = len(groups) > 1 and all(map(_PAIR.fullmatch, groups))
    padded = next((cell for cell in content.split(",") if _PADDED.fullmatch(cell.strip())), None)
    if pairs or padded:
        raise stopped(line, content, COMMA_MAY_BE_EITHER)


def is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _INFINITY.fullmatch(cell))


def looks_numeric(cell: str) -> bool:
    """Whether a cell is a number, is meant as one, or says that it is none."""
    return bool(_MEANT.fullmatch(cell) or _INFINITY.fullmatch(cell) or cell.lower() == "nan")


def is_word(cell: str) -> bool:
    return cell not in MISSING and cell.lower() != "nan" and not is_number(cell) and not DAMAGED.match(cell)


def number_of(cell: str, line: int) -> Number | None:
    """The number of a cell, or None where it is empty. Percent are hundredths: "90.02%" is 0.9002."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return _special(cell, line)
    sign, digits, written, percent = match.groups()
    exponent = int(_ascii_minus(written or "0")) - (2 if percent else 0)
    value = float(("" if sign in ("", "+") else "-") + digits.replace(",", ".") + f"e{exponent}")
    if math.isinf(value):
        raise stopped(line, cell, "the number is too large; expected was one below 10 to the power of 308")
    places = len(digits) - 1 - max(digits.find("."), digits.find(",")) if "." in digits or "," in digits else 0
    return Number(cell, value, places - exponent)


def _special(cell: str, line: int) -> Number | None:
    if cell in MISSING:
        return None
    bare = from_latex(cell.strip("*`$\"' "))
    if bare != cell:
        return number_of(bare, line)
    infinity = _INFINITY.fullmatch(cell)
    if infinity and infinity[1] in _MINUS:
        return Number(cell, -math.inf, 0)
    if infinity or cell.lower() in ("nan", "+nan", "-nan"):
        raise stopped(line, cell, "it is not a number that can be checked; expected was one, or −∞ for what is masked")
    raise stopped(line, cell, "it cannot be read as a number; expected was one like 0.25")


def _ascii_minus(digits: str) -> str:
    return digits.replace("−", "-")
