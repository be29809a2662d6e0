"""Plain lines: numbers with spaces between them, perhaps with a name before them."""

import re
from collections.abc import Sequence

from checking.reading.cells import MISSING, is_number, looks_numeric, split_cells
from checking.reading.source import Found, Row, Source
from checking.reading.stage_names import FAR, STAGES, stage_in
from checking.reading.words_before import BULLET, MAX_LABEL_WORDS, STEP, introduces, is_heading

_HOLDS_NUMBER = re.compile(r"[0-9∞]|\binf\b|\\infty", re.IGNORECASE)
_NAMED_NUMBER = re.compile(
    r"(?:[-*•]\s+|\|)?(?P<name>[^\W\d_][^:=≈→|]{0,39}?|[\"'“][^\"'”]+[\"'”])\s*(?P<link>[:=≈→]|(?<=[\w\"'”])\s)"
    r"\s*\[?(?P<number>[-+−–‒]?[0-9]*[.,]?[0-9]+(?:[eE][-+−]?[0-9]{1,4})?%?|[-−–]∞|[-−–]inf)\]?[,;.]?"
)
_SIZE = re.compile(  # what a line such as "d_k: 64" or "seed = 0" is about
    r"(?:d|n|h|m|t)(?:_?\{?\\?(?:text\{)?(?:k|v|q|model|head|heads)\}*)?"
    r"|(?:number|size|dim|step|chapter|section|seed|temperature|scale|scaling|sum|total|sqrt|max|figure|table|page|epoch"
    r"|year|heads?|batch|time)\b.*|.*\b(?:size|dimensions?|sum)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s*((?:Input|Word|Token|Row|Query|Key|Value|Vector|Position)s?)\s+([0-9]{1,3})\s+(?=\S+\s+\S)", re.IGNORECASE
)
_ENUMERATION = re.compile(r"(\S+(?:, \S+)*,? and \S*[0-9])\.?")
_TOLD = re.compile(
    r"([A-Z][^0-9.]{0,60}\b(?:are|is)) ([-+−–]?[0-9.]\S*(?:, \S+)*,? and \S+|[-+−–]?[0-9.]\S*(?:, \S+)+)"
)
_AND = re.compile(r",? and ")
_SUM = re.compile(r"([^:=]*)[:=]([-+−0-9.,eE\s]+(?:[=≈][-+−0-9.,eE\s]*)?)")
_CONNECTOR = re.compile(r"[:=≈→](?![0-9])|(?<![0-9])[:=≈→]")


def sums(source: Source, line: int) -> Found:
    """A sum of exponentials, term by term; what it comes to is left out."""
    match = _SUM.fullmatch(source.lines[line].strip()) if "+" in source.lines[line] else None
    if match is None or stage_in(match[1]) != "exponentials":
        return None
    terms = match[2].split("=")[0].rstrip("≈ ").split(" +" if "+ " not in match[2] else "+")
    cells = tuple(term.strip() for term in terms)
    return ([Row(line + 1, match[1], cells)], line + 1) if all(map(is_number, cells)) else None


def plain_row(source: Source, line: int) -> Found:
    """Numbers with spaces or commas between them, perhaps with a name before them."""
    text = source.lines[line].strip().rstrip(":")
    if not _HOLDS_NUMBER.search(text):
        return None
    lead, body = _counted_label(source.lines, line) or _before_numbers(text)
    if not body:
        return None
    enumerated = _ENUMERATION.fullmatch(body)
    if enumerated:
        body = _AND.sub(", ", enumerated[1]).rstrip(".")
    cells = split_cells(body, line + 1)
    numbers = sum(map(is_number, cells))
    is_alone = not lead and len(cells) == 1
    if not all(looks_numeric(cell) or cell in MISSING for cell in cells) or numbers == 0:
        return None
    if numbers * 2 < len(cells) and not (is_number(cells[0]) and not any(map(is_number, cells[numbers:]))):
        return None  # more is missing than there is, and it is no row of a triangle
    if len(cells) < 2 and not (_has_lone_neighbour if is_alone else _is_listed)(source.lines, line):
        return None
    return [Row(line + 1, lead, tuple(cells))], line + 1


def _before_numbers(text: str) -> tuple[str, str]:
    """The words of a line and the numbers behind them; no numbers where it is prose."""
    text = STEP.sub("", BULLET.sub("", text))
    connectors = list(_CONNECTOR.finditer(text[:FAR]))
    if connectors:
        lead, body = text[: connectors[-1].end()], text[connectors[-1].end() :]
        return (lead, body) if introduces(lead, is_first=True) else ("", "")
    if (told := _TOLD.fullmatch(text)) and stage_in(told[1]) in STAGES:
        return told[1], told[2]
    words = text.split(maxsplit=MAX_LABEL_WORDS)
    for count, word in enumerate(words):
        if looks_numeric(word.rstrip(",;")) or (word in MISSING and count < len(words) - 1):
            return " ".join(words[:count]), text.split(maxsplit=count)[count]
    return "", ""


def _has_lone_neighbour(lines: Sequence[str], line: int) -> bool:
    return any(0 <= other < len(lines) and is_number(lines[other].strip()) for other in (line - 1, line + 1))


def _is_listed(lines: Sequence[str], line: int) -> bool:
    """Whether a name with one number stands beside another of the same form: a column, written as a list."""
    mine = _NAMED_NUMBER.fullmatch(lines[line].strip())
    neighbours = [lines[other].strip() for other in (line - 1, line + 1) if 0 <= other < len(lines)]
    others = [match for neighbour in neighbours if (match := _NAMED_NUMBER.fullmatch(neighbour))]
    if mine is None or not _names_a_row(mine):
        return False
    if line and mine["link"] and is_heading(lines[line - 1]):
        return True
    return any(mine["link"] == other["link"] and _names_a_row(other) for other in others)


def _names_a_row(match: re.Match[str]) -> bool:
    """Whether a name is that of a row, and neither a size (d_k: 64) nor a title with its number (Chapter 3)."""
    is_size = _SIZE.fullmatch(match["name"].strip("$\\ "))
    return not is_size and bool(match["link"] or not match["number"].isdigit())


def _counted_label(lines: Sequence[str], line: int) -> tuple[str, str] | None:
    """A name that counts up or down from line to line, and the numbers behind it: `Input 1 0.5 0.25`."""
    mine = _COUNTED.match(lines[line])
    if mine is None:
        return None
    for other in (line - 1, line + 1):
        match = _COUNTED.match(lines[other]) if 0 <= other < len(lines) else None
        if match and match[1] == mine[1] and int(match[2]) == int(mine[2]) + other - line:
            return f"{mine[1]} {mine[2]}:", lines[line][mine.end() :].strip()
    return None
