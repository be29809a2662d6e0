"""Take it with you as a visitor meets it, without a browser: links, files to open, and a button for each file.

Files are made here in this process (tests/test_workshop.py has the workers); what a button serves is read where
Streamlit hands it to the browser.
"""

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, MONEY, RIVER, assert_words_are_escaped, widget

from attention_core import EXAMPLES, OPENING, attend
from exports import catalogue
from exports.catalogue import EXPORTS, TABLES, Order
from exports.pictures import HEAT_MAPS, caption
from exports.workbook import MAX_WORKBOOK_WORDS
from exports.workshop import LARGE_WORKBOOK, WorkshopError
from presentation.text import plain
from sharing.address import from_code, to_code
from sharing.class_view import CONTROLS, MAX_TASK, ClassView, from_text
from sharing.file import MAX_FILE, from_file, to_file
from ui import take_away
from ui.course import COURSE

SCRIPT = "take_it_with_you"
HOME = "https://play.example/room/"
SLOW = LARGE_WORKBOOK

HOSTILE = {
    "markdown": "**bold** _it_ `code` # head [a](https://b.c)",
    "formulas": r"$x^2$ \frac{a}{b} =1+1 @cmd -x +y",
    "html": "<b>hi</b> <script>alert(1)</script> &lt;",
    "names": "nan None __index__ ✎ {{x}} %s ${y} :red[x] :material/home:",
    "scripts": "مرحبا \u202eabc\u202c नमस्ते ฉันรัก 我爱猫 👩\u200d👩\u200d👧",
    "long": "a" * 10_000,
}


def kept_in(page):
    """What the session holds."""
    return page.session_state["_session"].document.experiment


def experiment_of(sentence):
    return OPENING.build().with_sentence(sentence)


def words(count):
    return " ".join(f"w{position}" for position in range(count))


def largest():
    """512 different words and 16 columns of random numbers, more than an address holds."""
    generator = np.random.default_rng(1)
    experiment = experiment_of(words(512)).resized(d_model=16, d_k=16, d_v=16)
    return replace(experiment, rows={word: tuple(generator.normal(size=16)) for word in experiment.vocabulary})


EXPERIMENTS = {
    **{name: example.build() for name, example in EXAMPLES.items()},
    "one word": experiment_of("bank"),
    **{f"hostile {name}": experiment_of(sentence) for name, sentence in HOSTILE.items()},
    "512 words": experiment_of(words(512)),
}


# --- reading the page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """What a button gives to the browser."""

    label: str
    name: str
    mime: str
    content: bytes


def made_at_once(name, order, progress=lambda done: None, *, visitor=None, waiting=None):
    return catalogue.made(name, order, progress)


class FakeWorkshop:
    """Makes files at once, in this process; `make` can be replaced."""

    def __init__(self):
        self.make = made_at_once

    def get_ready(self):
        """There is nothing to start."""


@pytest.fixture(autouse=True)
def workshop(monkeypatch):
    replacement = FakeWorkshop()
    monkeypatch.setattr(take_away, "WORKSHOP", replacement)
    return replacement


@pytest.fixture(autouse=True)
def handed_over(monkeypatch):
    """What was handed to Streamlit for the browser: the id or address that the button has -> name, type and content."""
    found = {}

    def watched(handing_over):
        def hand_over(manager, content, mime, *args, **kwargs):
            reference = handing_over(manager, content, mime, *args, **kwargs)
            found[reference] = (kwargs.get("file_name"), mime, content)
            return reference

        return hand_over

    for name in ("add", "add_deferred"):
        monkeypatch.setattr(MediaFileManager, name, watched(getattr(MediaFileManager, name)))
    return found


def opened(experiment=None, **params):
    """The page, opened by an address."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    page.context = {"url": HOME + SCRIPT}
    if experiment is not None and (code := to_code(experiment)):
        params["x"] = code
    page.query_params.update(params)
    page.run()
    return turned(page)


def turned(page, script=SCRIPT):
    page.switch_page(f"../pages/{script}.py")
    return run(page)


def run(element):
    page = element.run()
    assert not page.exception, page.exception
    return page


def upload(page, content, name="experiment.json"):
    (field,) = page.file_uploader
    return run(field.upload(name, content))


def opened_by_file(experiment):
    page = upload(opened(), to_file(experiment))
    assert not page.error
    return page


def buttons(page):
    return {each.proto.label: each for each in page.get("download_button")}


def served(page, handed_over):
    """What each download button serves: the name of the file -> it."""
    found = {}
    for each in page.get("download_button"):
        name, mime, content = handed_over[each.proto.deferred_file_id or each.proto.url]
        assert each.key == f"download_{name}" and each.proto.ignore_rerun
        found[name] = Served(each.proto.label, name, mime, content)
    return found


def links(page):
    return [each.value for each in page.get("code")]


def query_of(link):
    assert link.startswith(HOME)
    address = urlsplit(link)
    assert address.path == urlsplit(HOME).path
    return {name: value for name, (value,) in parse_qs(address.query, strict_parsing=bool(address.query)).items()}


def headings(page):
    return [text for each in page.markdown for text in re.findall(r"^##### :material/\w+: (.*)$", each.value, re.M)]


def sentence_on_the_playground(page):
    value = widget(turned(page, "playground"), "sentence").value
    turned(page)
    return value


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_page_opens_and_its_link_opens_the_same_experiment(name):
    experiment = EXPERIMENTS[name]
    page = opened(experiment)
    assert not page.error and not page.warning
    first, *others = links(page)
    assert not others, "a link for a class only where something is chosen"
    assert from_code(query_of(first).get("x", "")) == experiment
    assert set(query_of(first)) <= {"x"}
    (told,) = (each.value for each in page.markdown if each.value.startswith("Take **"))
    assert plain(caption(attend(experiment))) in told
    assert_words_are_escaped(page, attend(experiment).labels)


def test_everything_that_can_be_taken_has_its_place():
    assert set(headings(opened())) == {
        *("Spreadsheet", "Article", "Script", "File", "Tables", "Link", "A link for a class", "Pictures")
    }


@pytest.mark.parametrize("script", ["playground", *(lesson.script for lesson in COURSE), SCRIPT])
def test_every_page_leads_there(script):
    page = turned(opened(), script)
    assert SCRIPT in [each.proto.page for each in page.page_link]


@pytest.mark.parametrize("home", ["http://127.0.0.1:8501/", "https://university.example/a/b/"])
def test_a_link_names_the_playground_wherever_the_app_lives(home):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for script, address in (("playground", ""), ("same_word", "same_word"), (SCRIPT, SCRIPT)):
        page.context = {"url": home + address}
        run(page) if script == "playground" else turned(page, script)
    assert links(page) == [home]


def test_the_link_follows_what_is_changed():
    page = opened()
    assert links(page) == [HOME]
    turned(page, "playground")
    run(widget(page, "sentence").set_value(MONEY))
    link = links(turned(page))[0]
    assert from_code(query_of(link)["x"]).sentence == MONEY
    run(widget(page, "undo").click())
    assert links(page) == [HOME]


def test_an_experiment_too_large_for_an_address_has_no_link_and_the_file_holds_it(handed_over):
    experiment = largest()
    with pytest.raises(ValueError, match="too large"):
        to_code(experiment)
    page = opened_by_file(experiment)
    assert links(page) == [] and not page.link_button
    told = [each.value for each in page.warning]
    assert sum("Save it as a file instead" in each for each in told) == 1
    assert sum("no link for a class" in each for each in told) == 1
    assert from_file(served(page, handed_over)["experiment.json"].content()) == experiment
    run(widget(page, "task").set_value("Why?"))
    assert links(page) == [] and not page.link_button
    run(widget(page, "undo").click())
    assert links(page)[0] == HOME and not page.warning


# --- a link for a class ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "task"),
    [
        ([], ""),
        (["sums"], ""),
        ([], "Which word does “bank” look at, & why? 50 % #1 ~ a.b + c = d"),
        (["tables", "fills"], "=1+1 <b>x</b> 👩\u200d👧"),
        (list(CONTROLS), "Why?"),
    ],
)
def test_the_link_for_a_class_holds_what_was_chosen(hidden, task):
    experiment = EXPERIMENTS["cat-and-mouse"]
    page = opened(experiment)
    run(widget(page, "hidden_controls").set_value(hidden))
    run(widget(page, "task").set_value(task))
    first, *others = links(page)
    assert from_code(query_of(first)["x"]) == experiment and set(query_of(first)) == {"x"}
    if not hidden and not task:
        assert not others and not page.link_button
        return
    (made,) = others
    query = query_of(made)
    assert query["x"] == query_of(first)["x"]
    assert from_text(query["class"]) == ClassView(frozenset(hidden), task)
    assert [each.url for each in page.link_button] == [made]
    assert set(re.findall(r"[^\w.~%/:?=&+-]", made, re.ASCII)) == set(), "it survives being pasted anywhere"
    again = AppTest.from_file(str(MAIN), default_timeout=60)
    again.query_params.update(query)
    run(again)
    assert [each.value for each in again.info] == ([plain(task)] if task else [])
    assert kept_in(again) == experiment
    assert bool(again.data_editor) == ("tables" not in hidden)


def test_every_control_can_be_chosen_by_the_name_it_has_on_screen():
    assert widget(opened(), "hidden_controls").options == list(CONTROLS.values())


@pytest.mark.parametrize("task", ["   ", " \t\n "])
def test_a_task_of_spaces_is_none(task):
    page = run(widget(opened(), "task").set_value(task))
    assert links(page) == [HOME] and not page.link_button


def test_a_task_that_is_too_long_is_cut_in_the_link():
    page = run(widget(opened(), "task").set_value("a" * MAX_TASK))
    assert from_text(query_of(links(page)[1])["class"]).task == "a" * MAX_TASK
    assert widget(page, "task").proto.max_chars == MAX_TASK


def test_the_teacher_finds_what_was_chosen_again_after_another_page():
    page = run(widget(opened(), "hidden_controls").set_value(["mask"]))
    run(widget(page, "task").set_value("Why?"))
    made = links(page)[1]
    turned(turned(page, "playground"))
    assert links(page)[1] == made
    assert (widget(page, "hidden_controls").value, widget(page, "task").value) == (["mask"], "Why?")


def test_choosing_for_a_class_hides_nothing_for_the_teacher():
    page = run(widget(opened(), "hidden_controls").set_value(list(CONTROLS)))
    turned(page, "playground")
    assert page.data_editor and page.latex and "class" not in page.query_params


def test_what_a_teachers_own_link_hides_is_not_in_the_link_of_a_visitor():
    page = opened(**{"class": "tables~Look!"})
    assert links(page) == [HOME]


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
    upload(turned(page), to_file(experiment_of(MONEY)))
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
    "newer": (changed(version=2), "newer version"),
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
    page = opened()
    found = set(served(page, handed_over))
    for picked, names in (("picture_name", list(HEAT_MAPS)), ("table_name", list(TABLES))):
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
    turned(turned(page, "playground"))
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
    said = f"For sentences of up to {MAX_WORKBOOK_WORDS} words; yours has {MAX_WORKBOOK_WORDS + 1}."
    assert said in [each.value for each in page.caption]
