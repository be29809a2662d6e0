"""Plain lines: numbers with spaces between them, perhaps with a name before them."""

import re
from collections.abc import Sequence

from checking.reading.cells import MISSING, is_number, looks_numeric, split_cells
from checking.reading.source import Found, Row, Source
from checking.reading.stage_names import FAR, stage_in
from checking.reading.words_before import BULLET, MAX_LABEL_WORDS, STEP, introduces

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
    if not text or not any(character in text for character in "0123456789∞"):
        return None
    lead, body = _before_numbers(text)
    if not body:
        return None
    cells = split_cells(body, line + 1)
    numbers = sum(map(is_number, cells))
    is_alone = not lead and len(cells) == 1
    if not all(looks_numeric(cell) or cell in MISSING for cell in cells) or numbers == 0 or numbers * 2 < len(cells):
        return None
    if len(cells) < 2 and not (is_alone and _has_lone_neighbour(source.lines, line)):
        return None
    return [Row(line + 1, lead, tuple(cells))], line + 1


def _before_numbers(text: str) -> tuple[str, str]:
    """The words of a line and the numbers behind them; no numbers where it is prose."""
    text = STEP.sub("", BULLET.sub("", text))
    connectors = list(_CONNECTOR.finditer(text[:FAR]))
    if connectors:
        lead, body = text[: connectors[-1].end()], text[connectors[-1].end() :]
        return (lead, body) if introduces(lead, is_first=True) else ("", "")
    words = text.split(maxsplit=MAX_LABEL_WORDS)
    for count, word in enumerate(words):
        if looks_numeric(word.rstrip(",;")) or (word in MISSING and count < len(words) - 1):
            return " ".join(words[:count]), text.split(maxsplit=count)[count]
    return "", ""


def _has_lone_neighbour(lines: Sequence[str], line: int) -> bool:
    return any(0 <= other < len(lines) and is_number(lines[other].strip()) for other in (line - 1, line + 1))


def column_names(source: Source, line: int) -> Found:
    """The names of columns above a labelled row, as pandas prints them: indented, as many as there are columns."""
    names = source.lines[line].split()
    if not names or not source.lines[line][0].isspace() or line + 1 == len(source.lines):
        return None
    below = None if any(map(looks_numeric, names)) else plain_row(source, line + 1)
    if not below or not isinstance(row := below[0][0], Row) or not row.lead or len(row.cells) != len(names):
        return None
    return [Row(line + 1, "", tuple(names), names_columns=True)], line + 1
