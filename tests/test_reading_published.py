"""The published examples in every format that people paste: each number is read, and nothing else is taken for one."""

from collections import Counter

import numpy as np
import pytest
from support.pasted import EXAMPLES, FORMATS, PROSE, tables_of

from checking.reading import reading_of

MASKED = ("NumPy", "LaTeX")  # where what is not printed in a row is −∞


def numbers(rows):
    return np.array([[np.nan if each is None else each.value for each in row] for row in rows])


def expected(table, form):
    nothing = -np.inf if form in MASKED else np.nan
    return np.array([[float(text) if text else nothing for text in row] for row in table.rows])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("id", EXAMPLES)
def test_an_example_is_read_completely_in_every_format(id, form):
    reading = reading_of(FORMATS[form](id))
    documents = tables_of(id)
    assert [table.stage for table in reading.tables] == [table.stage for table in documents]
    for table, document in zip(reading.tables, documents, strict=True):
        exact = 5.1e-9 if form == "NumPy" else 0  # it prints eight decimals
        np.testing.assert_allclose(numbers(table.rows), expected(document, form), atol=exact, rtol=0)
    left = Counter(number for each in reading.left_out for number in each.numbers)
    assert left == (PROSE if form == "web page" else {})


@pytest.mark.parametrize("form", ["Markdown", "plain lines", "tabs", "web page"])
@pytest.mark.parametrize("id", [id for id in EXAMPLES if EXAMPLES[id]["tokens"]])
def test_the_words_of_an_example_are_read_with_its_rows(id, form):
    for table, document in zip(reading_of(FORMATS[form](id)).tables, tables_of(id), strict=True):
        assert table.row_labels == document.words


@pytest.mark.parametrize("id", EXAMPLES)
def test_the_digits_of_an_example_are_kept_as_they_are_printed(id):
    for table, document in zip(reading_of(FORMATS["LaTeX"](id)).tables, tables_of(id), strict=True):
        texts = [[each.text for each in row] for row in table.rows]
        assert texts == [[text or r"-\infty" for text in row] for row in document.rows]
