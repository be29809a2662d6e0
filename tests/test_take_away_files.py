"""Files on Take it with you: what is opened, what each button serves, and what takes its time."""

import json
import re
from dataclasses import replace

import pytest
from support.screen import MONEY, RIVER, run, turned, widget
from support.take_away_screen import (
    EXPERIMENTS,
    SCRIPT,
    experiment_of,
    kept_in,
    links,
    opened,
    opened_by_file,
    query_of,
    served,
    upload,
    words,
)

from attention_core import EXAMPLES, OPENING
from attention_core.head_changes import with_head_added
from exports import catalogue
from exports.catalogue import EXPORTS, TABLES, Order
from exports.pictures import HEAT_MAPS, OF_ALL_HEADS
from exports.workbook import MAX_WORKBOOK_WORDS
from exports.workshop import LARGE_WORKBOOK, WorkshopError
from sharing.address import from_code
from sharing.file import MAX_FILE, from_file, to_file

pytestmark = pytest.mark.usefixtures("handed_over", "workshop")


SLOW = LARGE_WORKBOOK


def buttons(page):
    return {each.proto.label: each for each in page.get("download_button")}


def sentence_on_the_playground(page):
    value = widget(turned(page, "playground"), "sentence").value
    turned(page, SCRIPT)
    return value


# --- opening a file --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cat-and-mouse", "one word", "hostile markdown", "hostile scripts", "512 words"])
def test_a_file_opens_its_experiment_and_undo_brings_the_old_one_back(name):
    experiment = EXPERIMENTS[name]
    page = opened_by_file(experiment)
    assert kept_in(page) == experiment
    assert from_code(page.query_params["x"]) == experiment, "the address follows"
    assert from_code(query_of(links(page)[0])["x"]) == experiment
    assert [each.value for each in page.toast] and not page.warning
    assert sentence_on_the_playground(page) == experiment.sentence
    run(widget(page, "undo").click())
    assert kept_in(page) == OPENING.build() and not page.query_params.get("x")
    assert sentence_on_the_playground(page) == RIVER
    run(widget(page, "redo").click())
    assert kept_in(page) == experiment


def test_the_same_file_can_be_opened_again_after_something_changed():
    page = opened_by_file(experiment_of(MONEY))
    run(widget(page, "undo").click())
    upload(page, to_file(experiment_of(MONEY)))
    assert kept_in(page).sentence == MONEY


def test_what_was_typed_and_could_not_be_drawn_gives_way_to_the_file():
    page = turned(opened(), "playground")
    run(widget(page, "sentence").set_value(""))
    assert len(page.error) == 1
    upload(turned(page, SCRIPT), to_file(experiment_of(MONEY)))
    assert sentence_on_the_playground(page) == MONEY
    assert not turned(page, "playground").error


GOOD = to_file(EXAMPLES["cat-and-mouse"].build())


DOCUMENT = json.loads(GOOD)


def changed(**parts):
    return json.dumps(DOCUMENT | parts).encode()


BAD_FILES = {  # what is opened -> what the sentence says of it
    "cut": (GOOD[:-20], "not readable as JSON"),
    "empty": (b"", "empty"),
    "text": (b"We walked to the river bank", "not readable as JSON"),
    "another document": (b'{"a": 1}', "not an experiment of this playground"),
    "a list": (b"[1, 2]", "not an experiment of this playground"),
    "newer": (changed(version=3), "newer version"),
    "a wrong part": (changed(scaled="yes"), "scaled"),
    "another shape": (changed(w_q=[[1.0] * 5] * 4), "w_q|W_Q"),
    "NaN": (changed(decimals=float("nan")), "NaN"),
    "no sentence": (changed(sentence="..."), "word"),
    "too many words": (changed(sentence="word " * 513), "512"),
    "hostile": (changed(**{"[a](https://b.c) **x** <b>": 1}), "none that an experiment has"),
    "too large": (b" " * (3 << 20), "too large"),
    "a picture": (bytes(range(256)) * 10, "not a text file"),
    "an archive": (b"PK\x03\x04" + bytes(range(128, 256)), "not a text file"),
    "deeply nested": (b"[" * 100_000, "Lists stand within lists"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_plain_sentence_that_loses_nothing_and_a_good_one_clears_it(kind):
    content, said = BAD_FILES[kind]
    own = experiment_of(MONEY)
    page = opened(own)
    code, link = page.query_params["x"], links(page)
    upload(page, content)
    assert len(page.error) == 1 and not page.warning
    told = page.error[0].value
    readable = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", told)
    assert readable.startswith("This file could not be opened. ") and re.search(said, readable)
    assert readable.endswith("Your experiment is still here.") and len(readable) < 400
    assert not re.search(r"Traceback|Error\b", readable)
    marks = told.removeprefix("This file could not be opened. ").removesuffix(" Your experiment is still here.")
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", marks), "nothing in it is interpreted"
    assert kept_in(page) == own
    assert (page.query_params["x"], links(page)) == (code, link)
    assert widget(page, "undo").disabled
    assert page.file_uploader[0].value is None, "the field is free for another"
    upload(page, GOOD)
    assert not page.error
    assert kept_in(page) == EXAMPLES["cat-and-mouse"].build()
    run(widget(page, "undo").click())
    assert kept_in(page) == own


def test_the_page_takes_files_as_large_as_one_may_be():
    (field,) = opened().file_uploader
    assert field.proto.max_upload_size_mb << 20 >= MAX_FILE
    assert list(field.proto.type) == [".json"]


# --- the files -------------------------------------------------------------------------------------------------------


def test_the_buttons_are_those_of_the_catalogue(handed_over):
    page = opened()
    found = served(page, handed_over)
    for name, each in found.items():
        assert each.mime == EXPORTS[name].mime
    assert {name: each.label for name, each in found.items()} == {
        "attention.xlsx": "Spreadsheet (.xlsx)",
        "attention.html": "Web page (.html)",
        "article.zip": "Markdown with pictures (.zip)",
        "attention_numpy.py": "NumPy (.py)",
        "attention_pytorch.py": "PyTorch (.py)",
        "experiment.json": "Save the experiment",
        "context.csv": "CSV",
        "tables.zip": "All (.zip)",
        "weights.svg": "SVG",
        "weights.png": "PNG",
    }
    assert [each.label for each in page.button if each.key == "make_pictures.zip"] == ["Make: All pictures (.zip)"]


def test_every_file_of_the_catalogue_can_be_had(handed_over):
    everything = replace(with_head_added(OPENING.build()), positions="rotary")
    page = opened(everything)
    found = set(served(page, handed_over))
    for picked, names in (("picture_name", [*HEAT_MAPS, OF_ALL_HEADS]), ("table_name", list(TABLES))):
        assert len(widget(page, picked).options) == len(names)
        for name in names:
            run(widget(page, picked).set_value(name))
            found |= set(served(page, handed_over))
    (pictures,) = (each for each in page.button if each.key == "make_pictures.zip")
    run(pictures.click())
    found |= set(served(page, handed_over))
    assert found == EXPORTS.keys()


def test_each_button_serves_the_file_of_what_is_on_screen(handed_over):
    experiment = EXPERIMENTS["hostile html"]
    page = run(widget(opened(experiment), "looking_word").set_value(1))
    order = Order(experiment, 1, links(page)[0])
    for each in served(page, handed_over).values():
        assert each.content() == catalogue.made(each.name, order), each.name


def test_a_button_serves_what_is_on_screen_after_a_change_too(handed_over):
    page = opened(experiment_of(MONEY))
    run(widget(page, "picture_name").set_value("scores"))
    run(widget(page, "table_name").set_value("q"))
    upload(page, to_file(EXPERIMENTS["cat-and-mouse"]))
    found = served(page, handed_over)
    assert {"scores.svg", "scores.png", "q.csv"} <= found.keys()
    assert from_file(found["experiment.json"].content()) == EXPERIMENTS["cat-and-mouse"]


# --- a file that takes its time --------------------------------------------------------------------------------------


MAKE, SAVE = "Make: Spreadsheet (.xlsx)", "Save: Spreadsheet (.xlsx)"


def makers(page):
    return [each for each in page.button if each.label == MAKE]


def make(page):
    (maker,) = makers(page)
    return run(maker.click())


@pytest.fixture
def slow(workshop):
    """Orders of a workshop that takes its time, as (name, order); the file tells what it was made of."""
    orders = []

    def made(name, order, progress=lambda done: None, *, visitor, waiting):
        orders.append((name, order))
        for done in (0.0, 0.5, 1.0 + 1e-9):
            progress(done)
        return f"{name} of {order.experiment.sentence}".encode()

    workshop.make = made
    return orders


@pytest.mark.parametrize("count", [SLOW, MAX_WORKBOOK_WORDS])
def test_a_large_spreadsheet_is_made_first_and_then_saved(count, slow, handed_over):
    experiment = experiment_of(words(count))
    page = opened(experiment)
    assert len(makers(page)) == 1 and SAVE not in buttons(page) and "Spreadsheet (.xlsx)" not in buttons(page)
    assert slow == []
    make(page)
    assert not page.progress and not page.error
    assert [(name, order.experiment) for name, order in slow] == [("attention.xlsx", experiment)]
    for _ in range(2):
        found = served(page, handed_over)["attention.xlsx"]
        assert (found.label, found.mime) == (SAVE, EXPORTS["attention.xlsx"].mime)
        assert found.content == f"attention.xlsx of {words(count)}".encode()
        page.run()
    assert len(slow) == 1 and not makers(page)


def test_what_was_made_disappears_when_the_experiment_changes(slow, handed_over):
    page = make(opened_by_file(experiment_of(words(SLOW))))
    assert SAVE in buttons(page)
    upload(page, to_file(experiment_of(words(SLOW + 1))))
    assert SAVE not in buttons(page) and len(makers(page)) == 1
    make(page)
    assert served(page, handed_over)["attention.xlsx"].content.endswith(f"w{SLOW}".encode())
    run(widget(page, "undo").click())
    assert SAVE not in buttons(page) and len(makers(page)) == 1


def test_what_was_made_is_still_there_after_another_page(slow):
    page = make(opened(experiment_of(words(SLOW))))
    turned(turned(page, "playground"), SCRIPT)
    assert SAVE in buttons(page) and len(slow) == 1


def test_a_spreadsheet_that_could_not_be_made_is_one_sentence_and_can_be_tried_again(workshop):
    def fail(name, order, progress, *, visitor, waiting):
        progress(0.2)
        raise WorkshopError("The file could not be made. Please try once more.")

    good, workshop.make = workshop.make, fail
    page = make(opened(experiment_of(words(SLOW))))
    assert [each.value for each in page.error] == ["The file could not be made. Please try once more."]
    assert not page.progress and SAVE not in buttons(page)
    workshop.make = good
    make(run(page))
    assert not page.error and SAVE in buttons(page)


def test_a_small_spreadsheet_is_made_when_it_is_saved():
    page = opened(experiment_of(words(SLOW - 1)))
    assert not makers(page) and "Spreadsheet (.xlsx)" in buttons(page)


def test_a_spreadsheet_that_would_be_too_large_says_so():
    page = opened(experiment_of(words(MAX_WORKBOOK_WORDS + 1)))
    assert not makers(page) and not {"Spreadsheet (.xlsx)", SAVE} & buttons(page).keys()
    said = f"The sentence has {MAX_WORKBOOK_WORDS + 1} words; a workbook holds up to {MAX_WORKBOOK_WORDS}."
    assert said in [each.value for each in page.caption]
