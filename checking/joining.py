"""Printed numbers of one table in parts: which rows a part says, and whether it agrees with those before it."""

from dataclasses import dataclass

import numpy as np

from attention_core.attention import Floats
from checking.precision import SLACK, Printed, half_unit, halves_of, table_of


@dataclass(frozen=True, eq=False)
class Written:
    """Numbers as written, each with its halves. NaN where nothing is."""

    values: Floats
    halves: Floats
    loose: Floats

    def agrees(self, part: "Written", at: int) -> bool:
        """Whether no number of a part contradicts one that is here already, within their printing."""
        mine = slice(at, at + len(part.values))
        if len(self.values) < at + len(part.values):
            return False
        values = self.values[mine]
        allowed = np.fmax(self.loose[mine] + part.loose, self.halves[mine] + part.halves) * SLACK
        with np.errstate(invalid="ignore"):
            same = (values == part.values) | (np.abs(values - part.values) <= allowed)
        return bool((same | np.isnan(values) | np.isnan(part.values)).all())

    def place_of(self, part: "Written") -> int | None:
        """The rows that say the same, else the first free ones."""
        starts = range(len(self.values) - len(part.values) + 1)
        claimed = np.asarray(~np.isnan(self.values).all(axis=1))
        full = [start for start in starts if claimed[start : start + len(part.values)].all()]
        free = [start for start in starts if not claimed[start : start + len(part.values)].any()]
        return next((start for start in full if self.agrees(part, start)), free[0] if free else None)

    def take(self, part: "Written", at: int) -> None:
        """Write a part; where both claim a number the more precise one stays."""
        mine = slice(at, at + len(part.values))
        with np.errstate(invalid="ignore"):
            worse = np.isnan(part.values) | (self.halves[mine] <= part.halves)
        for whole, new in ((self.values, part.values), (self.halves, part.halves), (self.loose, part.loose)):
            whole[mine] = np.where(worse, whole[mine], new)


def written(rows: Printed, decimals: int | None) -> Written:
    values = table_of(rows, lambda number: np.nan if number is None else number.value)
    loose = table_of(rows, lambda number: np.nan if number is None else half_unit(number.decimals))
    return Written(values, halves_of(rows, decimals), loose)
