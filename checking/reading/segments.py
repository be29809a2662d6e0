"""Several matrices or arrays on one line, as in X · W = Q: which of them has the name before the first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checking.reading.source import Grid, Piece, Row, Words

_OPERATORS = {"", "@", "*", "+", "-", "·", "×", r"\cdot", r"\times", r"\,"}
_CONTINUED = {"@", "*", "·", "×"}


@dataclass(frozen=True)
class Segment:
    """A matrix, the words before it, and where it stands in its text."""

    gap: str
    rows: tuple[tuple[Row, ...], ...]  # of each table, more than one where an array has three dimensions
    is_row: bool = False


def from_segments(segments: Sequence[Segment], tail: str, line: int) -> list[Piece]:
    """The matrices of a line. In X · W = Q, each written out, only the result has the name before the first."""
    pieces: list[Piece] = []
    gaps = [segment.gap.strip(" \t\n$") for segment in segments[1:]] + [tail.strip(" \t\n$")]
    before, lead = "", segments[0].gap
    for segment, after in zip(segments, gaps, strict=True):
        if before not in _OPERATORS and before != "=":
            lead = segment.gap
        is_last = segment is segments[-1]
        is_product = (segment is not segments[0] and before in _OPERATORS) or (
            after in _OPERATORS if not is_last else after[:1] in _CONTINUED
        )
        for rows in segment.rows:
            if segment.is_row:
                pieces.append(replace(rows[0], lead=lead))
            elif rows:
                pieces.append(Grid(rows, lead=lead, is_factor=is_product))
        before = after
    return pieces or [Words(line + 1, "")]
