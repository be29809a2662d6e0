"""Damaged and hostile text: read, or refused in plain words."""

import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.read_tables import only, refusal, values

from checking import reading
from checking.reading import MAX_LINES, MAX_NUMBERS, MAX_TABLES, MAX_TEXT, ReadingError, read, tables

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("text", "line", "here", "others"),
    [
        ("1 2 3\n4 5 6\n7 8", 3, 2, 3),
        ("The: 1 2 3\ncat: 4 5", 2, 2, 3),
        ("Q:\nThe\t1\t2\ncat\t3\t4\tmore\t5\nsat\t5\t6", 3, 4, 2),
        ("a,1,2\nb,3,4\nc,5", 3, 1, 2),
        ("[[1, 2], [3, 4],\n [5]]", 2, 1, 2),
        (r"\begin{matrix}1 & 2 \\ 3 & 4 \\ 5\end{matrix}", 1, 1, 2),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 | 5 |", 4, 3, 2),
    ],
)
def test_ragged_rows_are_counted(text, line, here, others):
    told = refusal(text)
    counted = f"{here} number{'s' * (here != 1)}"
    assert f"line {line} has {counted}, but the others of its table have {others}" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nScores: [0.1, 0.2", 2),
        ("[[0.1, 0.2],\n[0.3", 1),
        ("x = np.array([[1, 2]]", 1),
        ("Q =\n\\begin{bmatrix} 1", 2),
    ],
)
def test_what_is_not_closed_is_told_where_it_began(text, line):
    told = refusal(text)
    assert told.startswith(f"Reading stopped in line {line} at “")
    assert "expected was" in told


@pytest.mark.parametrize(
    "text",
    [
        "a\t0.3x\t0.1\nb\t1\t2",
        "The,0.3x,0.5\ncat,0.1,0.2",
        "Scores: [0.1, 0.3x]",
        "Scores: 0.1 0.3x 0.2",
        "| 0.1 | 0.3x |\n|--|--|\n| 1 | 2 |",
        r"\begin{matrix} 1 & 0.3x \end{matrix}",
    ],
)
def test_an_unreadable_cell_of_a_clear_table_is_told(text):
    assert refusal(text).startswith("Reading stopped in line 1 at “0.3x”")


def test_arrays_nested_unlike_are_refused():
    assert "nested alike" in refusal("[[1, 2], [[3, 4]]]")
    assert "nested alike" in refusal("[[1, 2], 3]")


@pytest.mark.parametrize("text", ["", "   \n\n", "Nothing here.", "[[]]", "[a, b]", "| a | b |\n|---|---|"])
def test_a_text_without_numbers_is_told_so(text):
    told = refusal(text)
    assert told.startswith("No table of numbers was found")
    assert "expected was" in told


def test_a_text_that_is_too_long_is_refused_at_once():
    assert "200,001 characters" in refusal("1" * (MAX_TEXT + 1))


def test_more_numbers_than_can_be_read_in_a_second_are_refused():
    row = " ".join(["1"] * 100)
    assert f"{MAX_NUMBERS:,} numbers" in refusal("\n".join([row] * (MAX_NUMBERS // 100 + 1)))
    assert len(only("\n".join([row] * (MAX_NUMBERS // 100))).rows) == MAX_NUMBERS // 100


def test_what_is_quoted_is_short():
    told = refusal(f"Scores: [0.1, 0.2x{'y' * 10_000}]")
    assert len(told) < 200
    assert "…" in told


def test_line_ends_and_spaces_of_all_kinds_are_read():
    table = only("\ufeffScores:\r\n0.1\u00a00.2\r\n0.3 0.4\r\n")
    assert (table.stage, values(table), table.line) == ("scores", [[0.1, 0.2], [0.3, 0.4]], 2)


@SETTINGS
@given(st.text(st.sampled_from("[](){}|\\&$#\"':;=,.-−–0123456789eE \t\nabQK*`+_^/…∞"), max_size=80))
def test_any_text_gives_tables_or_a_plain_sentence(text):
    try:
        tables = read(text)
    except ReadingError as error:
        assert str(error).endswith(".")
        assert len(str(error)) < 400
    else:
        for table in tables:
            assert len({len(row) for row in table.rows}) == 1
            assert len(table.row_labels) in (0, len(table.rows))
            assert len(table.column_labels) in (0, len(table.rows[0]))
            assert 1 <= table.line <= text.count("\n") + text.count("\r") + 1


UNITS = [
    *(
        "[",
        "[ ",
        "|",
        "[1, 2] ",
        "{",
        "1,",
        "a: ",
        "'a",
        '"',
        "[[1],",
        "(",
        "(1,",
        "(1,2) ",
        "1",
        "1 ",
        "9" * 400 + " ",
    ),
    *(
        "1e-400 ",
        "1e400 ",
        "-inf ",
        "%",
        "1% ",
        "1×10",
        "<table>",
        "<td>",
        "<p>",
        "&",
        "np.array([",
        "\\text{",
        " ",
        "=",
    ),
    *("$$\n", "\\begin{matrix}1", "1 & 2 \\\\\n", "a|b\n|--|\n", "+--+\n", "1\n", "1\t2\n", "a: 1\n", "The\n", "\n"),
    *("Q: 1 2\n\nK: 1 2\n\n", "a\n1\n2\n", "0 1 2\n", "Scores\n\n", "[1 2; 3 4]\n", "x = [1, 2]\n\n", "# 1\n"),
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_text_of_full_length_is_done_with(unit):
    begun = time.process_time()
    try:
        assert len(read((unit * MAX_TEXT)[:MAX_TEXT])) <= MAX_TABLES
    except ReadingError as error:
        assert str(error).endswith(".") and len(str(error)) < 300
    print(f"{unit!r}: {time.process_time() - begun:.2f} s")


def calls_to_read(text):
    """How many functions of Python are called until a text is done with."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read(text)
    except ReadingError:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_twice_as_much_text_is_at_most_a_little_more_than_twice_the_work(unit, monkeypatch):
    monkeypatch.setattr(tables, "MAX_TABLES", 10**9)
    once, twice = (calls_to_read(unit * (length // len(unit))) for length in (2000, 4000))
    assert twice <= 2.2 * once + 500


def test_more_lines_than_all_tables_of_the_longest_sentence_are_refused():
    assert "10,001 lines" in refusal("\n" * MAX_LINES)


def test_more_tables_than_a_page_can_show_are_refused():
    assert f"up to {MAX_TABLES} tables can be read here" in refusal("Q: 1 2\n\nK: 1 2\n\n" * 51)
    assert len(read("Q: 1 2\n\nK: 1 2\n\n" * 50)) == MAX_TABLES


@pytest.mark.parametrize("exponent", [-400, -9999, 300])
def test_exponents_of_any_size_are_numbers_or_told(exponent):
    number = only(f"V: 1e{exponent} 2e-5").rows[0][0]
    assert (number.text, number.value, number.decimals) == (f"1e{exponent}", float(f"1e{exponent}"), -exponent)


def test_the_table_of_the_longest_sentence_takes_little_time(monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT", 10_000_000)
    monkeypatch.setattr(tables, "MAX_NUMBERS", 512 * 512)
    matrix = np.random.default_rng(0).normal(size=(512, 512)).round(4)
    text = "\n".join("\t".join(map(str, row)) for row in matrix.tolist())
    begun = time.process_time()
    table = only(text)
    print(f"512 × 512: {time.process_time() - begun:.2f} s")
    assert np.array_equal(values(table), matrix)
