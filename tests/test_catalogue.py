"""Every file that can be taken along is made, the same each time, and holds what its name says."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from support.articles import HOSTILE, blocks_of, opening

from attention_core import OPENING, attend
from exports.article import article
from exports.catalogue import ALL_TABLES, ARTICLE, DOCUMENT, EXPORTS, PICTURES, TABLES, WEB_PAGE, WORKBOOK, Order, made
from exports.csv_tables import csv_table, csv_tables
from exports.pictures import HEAT_MAPS, OF_ALL_HEADS, picture, svg
from exports.web_page import web_page
from exports.workbook import MAX_WORKBOOK_WORDS
from sharing.file import from_file, to_file

ROOT = Path(__file__).resolve().parent.parent
LINK = "https://play.example/?x=1~eJyrVk_-A"

MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
    "py": "text/x-python",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv",
}
BEGINNINGS = {
    "xlsx": b"PK\x03\x04",
    "html": b"<!doctype html>",
    "zip": b"PK\x03\x04",
    "py": b'"""',
    "json": b"{",
    "svg": b"<svg ",
    "png": b"\x89PNG\r\n\x1a\n",
    "csv": "\ufeff".encode(),
}
SENTENCE = "=1+1 @a nan <b> {X} שלום 👩\u200d👩\u200d👧"
AS_TEXT = {"html": "&lt;b&gt;", "svg": "&lt;b&gt;", "py": "<b>", "json": "<b>"}  # how it stands in each kind of file

ORDERS = {
    "opening": Order(OPENING.build(), 5, LINK),
    "hostile": Order(opening(SENTENCE, variant="embeddings_only", masks=("causal",), decimals=8)),
}


@cache
def file_of(name, order):
    return made(name, ORDERS[order])


def kind_of(name):
    return name.rpartition(".")[2]


def unpacked(content):
    """The files of an archive in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


each_file = pytest.mark.parametrize("name", EXPORTS)


# --- every file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
@each_file
def test_every_file_is_made_and_is_what_its_name_says(name, order):
    content, kind = file_of(name, order), kind_of(name)
    assert content.startswith(BEGINNINGS[kind])
    assert EXPORTS[name].mime == MIMES[kind]
    if kind in ("html", "py", "json", "csv"):
        content.decode("utf-8")
    if kind == "svg":
        ElementTree.fromstring(content)
    if kind == "py":
        compile(content, name, "exec")


@each_file
def test_a_name_is_one_that_every_system_can_keep(name):
    assert re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z]+", name)


def test_the_catalogue_is_what_is_promised():
    pictures = {f"{name}.{kind}" for name in (*HEAT_MAPS, OF_ALL_HEADS) for kind in ("svg", "png")}
    scripts = {"attention_numpy.py", "attention_pytorch.py"}
    whole = {"attention.xlsx", "attention.html", "article.zip", "pictures.zip", "tables.zip", "experiment.json"}
    assert set(EXPORTS) == whole | scripts | pictures | {f"{name}.csv" for name in TABLES}
    assert len(pictures) == 14 and len({name.casefold() for name in EXPORTS}) == len(EXPORTS)


@pytest.mark.parametrize("kind", AS_TEXT)
def test_the_sentence_is_text_in_every_kind_of_file(kind):
    for name in EXPORTS:
        if kind_of(name) == kind:
            content = file_of(name, "hostile").decode()
            assert AS_TEXT[kind] in content, name
            assert kind in ("py", "json") or "<b>" not in content, name


@each_file
def test_the_same_experiment_gives_the_same_bytes_twice_and_how_far_it_is_only_grows(name):
    told = []
    assert made(name, ORDERS["hostile"], told.append) == file_of(name, "hostile")
    assert told == sorted(told) and all(0 <= share <= 1 for share in told)
    assert bool(told) == (name == WORKBOOK)


def test_it_does_so_in_another_process_too():
    script = (
        "import hashlib, json, sys\n"
        "from attention_core import OPENING\n"
        "from exports.catalogue import EXPORTS, Order, made\n"
        "order = Order(OPENING.build(), 5, sys.argv[1])\n"
        "print(json.dumps({name: hashlib.sha256(made(name, order)).hexdigest() for name in reversed(EXPORTS)}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, LINK],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"},
        capture_output=True,
        timeout=120,
        check=True,
    )
    here = {name: hashlib.sha256(file_of(name, "opening")).hexdigest() for name in EXPORTS}
    assert json.loads(done.stdout) == here


@each_file
def test_making_a_file_changes_nothing(name):
    order = ORDERS["opening"]
    file_of(name, "opening")
    assert order == Order(OPENING.build(), 5, LINK)


def test_a_file_that_there_is_not_cannot_be_made():
    with pytest.raises(KeyError):
        made("attention.docx", ORDERS["opening"])


def test_too_many_words_for_a_spreadsheet_are_told_and_other_files_are_made():
    order = Order(opening(" ".join(f"w{at}" for at in range(MAX_WORKBOOK_WORDS + 1))))
    with pytest.raises(ValueError, match=f"{MAX_WORKBOOK_WORDS}"):
        made(WORKBOOK, order)
    assert made(DOCUMENT, order) and made("weights.csv", order)


# --- what is in them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
def test_the_article_stands_beside_the_pictures_that_it_names(order):
    files = unpacked(file_of(ARTICLE, order))
    assert list(files) == [
        "article.md",
        *(f"pictures/{name}.{kind}" for name in ("scores", "weights") for kind in ("svg", "png")),
    ]
    markdown = files["article.md"].decode()
    images = [image for block in blocks_of(markdown) for image in block.images]
    assert images and set(images) <= set(files)
    told = article(ORDERS[order].calculation, word=ORDERS[order].word, link=ORDERS[order].link)
    assert markdown == told.markdown
    for name, each in told.pictures.items():
        assert files[f"pictures/{name}.svg"].decode() == svg(each)
        assert files[f"pictures/{name}.png"].startswith(BEGINNINGS["png"])


def test_article_and_page_follow_the_word_that_was_chosen_and_open_the_experiment():
    markdown = unpacked(file_of(ARTICLE, "opening"))["article.md"].decode()
    assert "the word **bank** is followed" in markdown and markdown.count(f"]({LINK})") == 2
    page = file_of(WEB_PAGE, "opening").decode()
    assert "the word <strong>bank</strong> is followed" in page and page.count(f'href="{LINK}"') == 2
    assert page == web_page(article(attend(OPENING.build()), word=5, link=LINK))


@pytest.mark.parametrize("name", ["attention_numpy.py", "attention_pytorch.py", "attention.html"])
def test_the_link_is_in_what_has_room_for_it(name):
    assert LINK.encode() in file_of(name, "opening")
    assert b"play.example" not in file_of(name, "hostile")


def test_the_archive_of_pictures_holds_each_as_svg_and_png():
    files = unpacked(file_of(PICTURES, "opening"))
    assert sorted(files) == sorted(f"{name}.{kind}" for name in HEAT_MAPS for kind in ("svg", "png"))
    for name, content in files.items():
        assert content == file_of(name, "opening"), "the very file that can be taken alone"


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_a_picture_shows_its_own_numbers(name):
    assert file_of(f"{name}.svg", "opening").decode() == svg(picture(attend(OPENING.build()), name))


def test_the_archive_of_tables_holds_every_table():
    files = unpacked(file_of(ALL_TABLES, "opening"))
    of_heads_and_turns = {"turned_query", "turned_key", "head_context", "joined", "w_o"}
    there = tuple(name for name in TABLES if name not in of_heads_and_turns)
    assert list(files) == [f"{name}.csv" for name in there]
    assert tuple(csv_tables(attend(OPENING.build()))) == there
    for name, content in files.items():
        assert content == file_of(name, "opening")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_begins_with_the_mark_of_utf_8_and_holds_its_own_numbers(name, order):
    content = file_of(f"{name}.csv", order)
    assert content.startswith(b"\xef\xbb\xbf") and not content.startswith(b"\xef\xbb\xbf\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == csv_table(ORDERS[order].calculation, name)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    numbers = np.array([[float(cell or "-inf") for cell in row[1:]] for row in rows[1:]])
    calculation = ORDERS[order].calculation
    owners = (calculation, calculation.experiment, calculation.attention)
    expected = next(getattr(owner, name) for owner in owners if hasattr(owner, name))
    np.testing.assert_array_equal(numbers, expected)


@pytest.mark.parametrize("order", ORDERS)
def test_the_file_opens_the_same_experiment_again(order):
    experiment = ORDERS[order].experiment
    assert from_file(file_of(DOCUMENT, order)) == experiment
    assert file_of(DOCUMENT, order) == to_file(experiment)


@pytest.mark.parametrize("sentence", HOSTILE.values(), ids=HOSTILE)
def test_whatever_the_words_every_text_is_made(sentence):
    order = Order(replace(OPENING.build(), sentence=sentence), 0, LINK)
    for name in EXPORTS:
        if kind_of(name) in ("csv", "json", "py"):
            made(name, order).decode("utf-8")
