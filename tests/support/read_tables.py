"""What the tests of reading compare."""

import pytest

from checking.reading import ReadingError, read


def only(text):
    (table,) = read(text)
    return table


def values(table):
    return [[None if number is None else number.value for number in row] for row in table.rows]


def texts(table):
    return [["" if number is None else number.text for number in row] for row in table.rows]


def refusal(text):
    with pytest.raises(ReadingError) as error:
        read(text)
    return str(error.value)
