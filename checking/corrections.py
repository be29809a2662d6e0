"""A lone misprint, told apart from a slip: two numbers swapped, or one number that everything else speaks against."""

from collections.abc import Iterator
from dataclasses import dataclass

from checking.claims import Claims
from checking.judge import Judgement
from checking.model import Method
from checking.slips import Slip
from checking.weighing import Scales


@dataclass(frozen=True, eq=False)
class Correction:
    """Claims with one misprint corrected."""

    claims: Claims
    slip: Slip
    bits: float
    stage: str
    row: int
    column: int


def corrections(judgement: Judgement, scales: Scales, method: Method) -> Iterator[Correction]:
    """The misprints that explain what is wrong."""
    yield from ()
