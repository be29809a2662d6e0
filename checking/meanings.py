"""What tables without a heading may be, and which word a row without a name may belong to: solved, not assumed."""

from collections.abc import Iterator
from dataclasses import dataclass

from checking.claims import Claims, Given
from checking.reading import STAGES

_MOST = 120  # meanings that are weighed
_ORDER = tuple(STAGES)


@dataclass(frozen=True, eq=False)
class Meaning:
    """The claims once each table has a stage and each row a word."""

    claims: Claims
    bits: float = 0.0  # of a meaning that is not the first to come to mind
    named: tuple[tuple[Given, str], ...] = ()  # tables without a heading, and what they are taken for
    row: int | None = None  # where rows without a word stand


def meanings(claims: Claims) -> Iterator[Meaning]:
    """Every meaning that the sizes of the tables allow, the simplest first."""
    yield Meaning(claims)
