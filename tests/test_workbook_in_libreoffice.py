"""LibreOffice calculates in every workbook what the core calculates."""

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from support.workbooks import (
    CASES,
    FORMULAS,
    HOSTILE,
    assert_calculated,
    cells,
    expected,
    inputs_of,
    made,
    opened,
    sheets_of,
)

from attention_core import attend

pytestmark = pytest.mark.long

OFFICES = ("soffice", "libreoffice")


WITHOUT_EFFECT = {"no word may look at itself in this way"}  # whatever the switch says


CONVERSION_PATIENCE = 180  # seconds

# LibreOffice’s CSV filter: commas, quotes, UTF-8, from the first line; text quoted and numbers not, as they are shown
# (no format of ours hides a digit), no formulas, all sheets.
AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"

FIELD = re.compile(r'("(?:[^"]|"")*"|)([^,\n"]*)(,|\n|\Z)')
NUMBER = re.compile(r"-?\d+(\.\d+)?(E[+-]\d+)?")


@pytest.fixture(scope="module")
def office():
    path = next(filter(None, map(shutil.which, OFFICES)), None)
    if path is None:
        told = f"no LibreOffice on the path, looked for {', '.join(OFFICES)}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return path


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    """Every case after LibreOffice has calculated it from the inputs and formulas alone.

    It writes text files, a sheet each, with all digits: in half of the time that spreadsheets take. What they say then
    stands in the cells of the book that it read.
    """
    folder = tmp_path_factory.mktemp("workbooks")
    books, paths = {}, {}
    for place, (name, (_, change, _)) in enumerate(CASES.items()):
        books[name] = opened(made(name))
        change(books[name])
        paths[name] = folder / f"{place}.xlsx"
        books[name].save(paths[name])  # which drops the numbers that came with the formulas
        numbers = re.findall(r"<f>[^<]+</f>(<v>[^<]+)?", sheets_of(paths[name].read_bytes()))
        assert len(numbers) > len(FORMULAS) and not any(numbers)
    results = folder / "results"
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", AS_TEXT, "--outdir", str(results), *map(str, paths.values())]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=CONVERSION_PATIENCE
    )
    expected = [f"{paths[name].stem}-{sheet}.csv" for name, book in books.items() for sheet in book.sheetnames]
    assert sorted(path.name for path in results.glob("*")) == sorted(expected), done.stderr
    for name, book in books.items():
        for sheet in book:
            fill(sheet, (results / f"{paths[name].stem}-{sheet.title}.csv").read_text("utf-8"))
    return books


def fill(sheet, text):
    """Put what LibreOffice has written into a sheet's cells. All text is quoted, and nothing else is."""
    rows, row = [], []
    for quoted, bare, end in FIELD.findall(text):
        row.append((quoted[1:-1].replace('""', '"'), "s") if quoted else (bare, "n"))
        if end != ",":
            rows.append(row)
            row = []
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate(rows, start=1):
        for column, (content, kind) in enumerate(row, start=1):
            is_number = kind == "n" and NUMBER.fullmatch(content)
            if content:
                cell = sheet.cell(number, column, float(content) if is_number else content)
                cell.data_type = kind if kind == "s" or is_number else "e"  # an error is neither text nor a number


@pytest.mark.parametrize("name", CASES)
def test_libreoffice_calculates_what_the_core_calculates(recalculated, name):
    assert_calculated(recalculated[name], CASES[name][2])


@pytest.mark.parametrize("name", [name for name, (made, _, becomes) in CASES.items() if made != becomes])
def test_a_change_of_an_input_changes_the_result(name):
    made, _, becomes = CASES[name]
    before, after = expected(made), expected(becomes)
    formulas = before.keys() - inputs_of(made)
    changes = any(not np.array_equal(before[block], after[block]) for block in formulas)
    assert changes is (name not in WITHOUT_EFFECT)


@pytest.mark.parametrize("name", [name for name in CASES if "like formulas" in name])
def test_libreoffice_shows_words_that_look_like_formulas_as_text(recalculated, name):
    book = recalculated[name]
    assert book["Read me"]["B3"].value == HOSTILE
    labels = [row[0].offset(0, -1) for row in cells(book, "x")]
    assert [cell.value for cell in labels] == list(attend(CASES[name][0]).labels)
    assert {cell.data_type for cell in labels} == {"s"}
