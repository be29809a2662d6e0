"""How precisely a number is printed: half a unit of its last digit, as its whole table tells it."""

from collections.abc import Callable, Sequence

import numpy as np

from attention_core.attention import Floats
from checking.reading import Number

SLACK = 1 + 1e-9  # a number that lies exactly half a unit off may be printed either way
_DUST = 1e-12  # what float64 itself may be off, as a part of a number
MOST_PLACES = 60  # before and after the point; a score multiplies four numbers, and it has to stay finite

Printed = Sequence[Sequence[Number | None]]


def decimals_of(rows: Printed) -> int:
    """The places after the point that a table is printed with: those of its most precise number."""
    return max((number.decimals for number in numbers_of(rows)), default=0)


def halves_of(rows: Printed, decimals: int | None = None) -> Floats:
    """Half a unit of the last printed digit of each number; NaN where there is none.

    Numbers of a table have equally many decimals, trailing zeros being dropped, or equally many significant digits:
    as numbers with fewer decimals have as many significant digits as all others. Those with an exponent have as many
    digits before it, trailing zeros being dropped, as NumPy prints an array.
    """
    numbers = numbers_of(rows)
    most = max((number.decimals for number in numbers if not _has_exponent(number)), default=0)
    mantissa = max((_mantissa_places(number) for number in numbers if _has_exponent(number)), default=0)
    digits = max(map(_significant, numbers), default=0)
    finest = decimals_of(rows)
    by_digits = any(number.decimals < finest for number in numbers)
    by_digits = by_digits and all(_significant(each) == digits for each in numbers if _has_digits(each))

    def half(number: Number | None) -> float:
        if number is None:
            return np.nan
        if decimals is not None:
            return half_unit(decimals)
        if by_digits:
            return half_unit(number.decimals)
        return half_unit(number.decimals - _mantissa_places(number) + mantissa if _has_exponent(number) else most)

    return table_of(rows, half)


def numbers_of(rows: Printed) -> list[Number]:
    return [number for row in rows for number in row if number is not None]


def _significant(number: Number) -> int:
    """How many significant digits are printed."""
    mantissa = number.text.lower().split("e")[0]
    return len("".join(filter(str.isdigit, mantissa)).lstrip("0"))


def _has_exponent(number: Number) -> bool:
    return "e" in number.text.lower() and bool(np.isfinite(number.value))


def _mantissa_places(number: Number) -> int:
    """The places after the point that stand before an exponent."""
    mantissa = number.text.lower().split("e")[0].replace(",", ".")
    return len("".join(filter(str.isdigit, mantissa.partition(".")[2])))


def _has_digits(number: Number) -> bool:
    """Not 0 and not forbidden, whose digits tell nothing."""
    return bool(number.value) and np.isfinite(number.value)


def dust_of(values: Floats) -> Floats:
    """What float64 itself may be off."""
    return _DUST * np.abs(np.where(np.isfinite(values), values, 0.0))


def half_unit(decimals: int) -> float:
    """Half a unit of the last of so many decimals."""
    return 0.5 * 10.0 ** -min(max(decimals, -MOST_PLACES), MOST_PLACES)


def table_of(rows: Printed, value: Callable[[Number | None], float]) -> Floats:
    return np.array([[value(number) for number in row] for row in rows], dtype=np.float64)
