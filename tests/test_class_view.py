"""A teacher's link: what it hides is gone, what it asks is text, and one click shows everything again."""

import re
import string
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, MONEY, RIVER, TABLES, edit, turned, widget

from attention_core.masks import MASKS
from presentation.text import plain
from sharing.class_view import ANSWERS, CONTROLS, MAX_TASK, RESULTS, ClassView, from_text, to_text
from ui import take_away
from ui.course import COURSE

SETTINGS = settings(derandomize=True, deadline=None, max_examples=300)

VIEWS = st.builds(ClassView, st.frozensets(st.sampled_from(list(CONTROLS))), st.text(max_size=2 * MAX_TASK))
TASKS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=MAX_TASK)

TASK = "Which word does “bank” look at most?"
HIDE_EVERYTHING = f"{'.'.join(set(CONTROLS) - RESULTS)}~{TASK}"  # results: see test_hidden_results.py

FILLS = {f"fill_{table}" for table in (*TABLES, "w_o")} | {"seed"}
ORDER = {"word_order", "shuffle"}
HEADS = {"head", "head_add", "head_copy", "head_remove", "head_name", "output_size", "w_o"}
DIVISOR = {"softness", "divisor", "usual_divisor", "divide_by", "popover: ÷ √d"}
SIZES = {"d_model", "d_k", "d_v", "decimals", "split"}
GONE = {  # what a link hides -> what is gone from the Playground with it, as `shown` names it
    "sentence": {"sentence"},
    "examples": {"example"},
    "way": {"variant"},
    "scaling": {"scaled", *DIVISOR},
    "mask": {*MASKS, "neighbour_count", "more_masks", "popover: More masks"},
    "order": ORDER,
    "heads": HEADS,
    "sizes": {*SIZES, "sizes", "popover: Sizes"},
    "tables": {
        *TABLES,
        "tables",
        "open_table",
        "word_order",
        "shuffle",
        *HEADS,
        *FILLS,
        "fill",
        "popover: Fill a table",
    },
    "fills": {*FILLS, "fill", "popover: Fill a table"},
    "story": {"the story"},
    "sums": {"sums", "flowing_sums", "sums_behind", "terms", "popover: What do the numbers mean?"},
    "scores": {"sums", "flowing_sums", "terms", "popover: What do the numbers mean?"},
    "weights": {"the story", "terms", "popover: What do the numbers mean?"},
    "context": {"the story", "moves", "terms", "popover: What do the numbers mean?"},
    "target": set(),  # on Teach it alone; see test_teach_page.py
}
GONE_FROM_LESSONS = {
    "other_sentence",
    "edited_table",
    "open_cat-and-mouse",
    "open_bank-as-printed",
    "open_lecture-40-26",
}
OFFERED = {"show_me_around", "skip_the_tour"}  # to those who come without a link; see test_tour.py
ALL_GONE = set().union(*GONE.values()) | GONE_FROM_LESSONS


# --- as text ---------------------------------------------------------------------------------------------------------


@SETTINGS
@given(VIEWS)
def test_every_view_comes_back_from_its_text(view):
    assert from_text(to_text(view)) == view


@SETTINGS
@given(st.frozensets(st.sampled_from(list(CONTROLS))), TASKS)
@example(frozenset(), "~")
@example(frozenset(), "tables.examples~mask")
@example(frozenset({"tables"}), "~.~")
@example(frozenset({"way"}), "1. Look. ~ 2. Tell.")
def test_a_task_comes_back_as_it_was_written(hidden, task):
    back = from_text(to_text(ClassView(hidden, task)))
    assert (back.hidden, back.task) == (hidden, task)


@SETTINGS
@given(st.text() | st.text(string.printable) | st.text("~.\n tables"))
@example("~" * 10_000)
@example("a" * 10_000)
@example("." * 10_000)
@example("tables~\x00\x1b[31m\ud800")
def test_any_text_is_a_view_whose_task_is_one_line(text):
    view = from_text(text)
    assert view.hidden <= CONTROLS.keys()
    assert len(view.task) <= MAX_TASK and len(view.task.splitlines()) <= 1 and view.task == view.task.strip()
    assert from_text(to_text(view)) == view


def test_a_view_is_written_as_names_with_dots_a_tilde_and_the_task():
    view = ClassView(frozenset({"tables", "examples"}), " Where does bank \n look? ")
    assert to_text(view) == "examples.tables~Where does bank look?"


@pytest.mark.parametrize("view", [ClassView(), ClassView(task=" \t\n "), ClassView(frozenset({"no such name"}))])
def test_a_view_that_hides_and_asks_nothing_is_empty_text(view):
    assert not view
    assert to_text(view) == ""


@pytest.mark.parametrize("text", ["", "~", "~ \n", ".", "..~", "no.such.names~", "TABLES~", " tables ~", "tables,mask"])
def test_text_that_names_nothing_hides_nothing(text):
    assert from_text(text) == ClassView()


def test_unknown_names_are_passed_over_and_known_ones_beside_them_are_not():
    assert from_text("later.tables.__class__.tables.mask~x") == ClassView(frozenset({"tables", "mask"}), "x")


def test_a_task_that_is_too_long_is_cut():
    assert from_text("~" + "a" * 10_000).task == "a" * MAX_TASK
    assert from_text("~" + "a" * (MAX_TASK - 1) + " b").task == "a" * (MAX_TASK - 1)


def test_what_can_be_hidden_can_be_told_apart_in_the_text():
    assert GONE.keys() == CONTROLS.keys()
    assert all(re.fullmatch("[a-z]+", name) for name in CONTROLS)
    assert len(set(CONTROLS.values())) == len(CONTROLS)


# --- on the Playground -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    monkeypatch.setattr(take_away, "WORKSHOP", SimpleNamespace(get_ready=lambda: None, make=None))


def visited(text=""):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if text:
        page.query_params["class"] = text
    page.run()
    assert not page.exception, page.exception
    return page


def shown(page):
    """The names of everything on the page that a link may hide, and of everything else that has a name."""
    named = {str(each.key).split(":")[0] for each in page.main if getattr(each, "key", None)} - OFFERED
    told = "\n".join(each.value for each in page.markdown)
    popovers = {f"popover: {each.proto.popover.label}" for each in page.get("popover")}
    headings = {f"heading: {heading}" for heading in re.findall("^#+ (.*)$", told, re.M)}
    others = {"sums": bool(page.latex), "the story": "looks most at **" in told}
    return named | popovers | headings | {name for name, is_there in others.items() if is_there}


def task_shown(page):
    """The task of the link, if one is on screen."""
    tasks = [each.value for each in page.info if each.icon == ":material/school:"]
    assert len(tasks) <= 1
    return tasks[0] if tasks else None


def test_without_a_link_for_a_class_everything_is_shown():
    page = visited()
    assert shown(page) >= set().union(*GONE.values())
    assert task_shown(page) is None and "show_everything" not in shown(page)


@pytest.mark.parametrize("control", CONTROLS)
def test_what_a_link_hides_is_gone_and_everything_else_is_there(control):
    asked = {"show_answers"} if control in ANSWERS else set()
    assert shown(visited(f"{control}~")) == shown(visited()) - GONE[control] | {"show_everything"} | asked


def test_a_link_that_hides_without_a_task_says_that_something_is_hidden():
    page = visited("tables")
    assert task_shown(page) is None
    assert "The link you opened hides some of the controls." in [each.value for each in page.caption]


def test_a_link_that_only_asks_hides_nothing():
    page = visited(f"~{TASK}")
    assert task_shown(page) == plain(TASK)
    assert shown(page) == shown(visited()) | {"show_everything"}


@pytest.mark.parametrize(
    "task",
    [
        "**bold** _it_ `code` # head",
        "# heading",
        "- item",
        "1. item",
        "> quote",
        r"$x^2$ \frac{a}{b} $$y$$",
        "<b>hi</b> <script>alert(1)</script> &lt;",
        ":red[x] :material/home: :smile: :small[y] :blue-badge[z]",
        "[a link](https://example.com) ![](https://example.com/x.png)",
        "see www.example.com",
        "~~gone~~ a ~ b ~. c.d",
        "=1+1 {{x}} %s",
        "\u202eabc مرحبا नमस्ते 👩\u200d👩\u200d👧",
        "nan",
    ],
)
def test_a_task_is_shown_as_text(task):
    page = visited(f"tables~{task}")
    told = task_shown(page)
    assert told == plain(task)
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", told)  # as CommonMark 0.31 reads it, section 2.4
    assert unescaped.replace("\u2060", "") == task
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", told)


@pytest.mark.parametrize(
    "text",
    [
        *("~~~", "~", "....", "TABLES~", "<script>"),
        *("a" * 10_000, "." * 10_000, "~" * 10_000, "tables~" + "x" * 10_000),
        *("\x00\x07\x1b[31m", "~\x00\x07\x1b[31m\x7f\u2028\u0085", "tables~\n\n# a\n\n- b"),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_a_damaged_value_is_harmless(text):
    page = visited(text)
    view = from_text(text)
    hidden = set().union(*(GONE[name] for name in view.hidden))
    assert shown(page) == shown(visited()) - hidden | ({"show_everything"} if view else set())
    assert task_shown(page) == (plain(view.task) if view.task else None)
    assert len(view.task) <= MAX_TASK
    assert not page.error and not page.warning
    edit(page, "embeddings", {"living": 9.0}) if "tables" not in view.hidden else page.run()
    assert not page.exception


def test_a_link_for_a_class_opens_its_experiment_too():
    page = visited()
    widget(page, "sentence").set_value(MONEY).run()
    again = AppTest.from_file(str(MAIN), default_timeout=60)
    again.query_params.update({"x": page.query_params["x"], "class": f"fills~{TASK}"})
    again.run()
    assert widget(again, "sentence").value == MONEY
    assert task_shown(again) == plain(TASK) and not shown(again) & FILLS


# --- everywhere and afterwards ---------------------------------------------------------------------------------------


def acts():
    """What a visitor does one after the other: its name -> how."""
    return {
        "edit a table": lambda page: edit(page, "embeddings", {"living": 9.0}),
        "undo": lambda page: widget(page, "undo").click().run(),
        "redo": lambda page: widget(page, "redo").click().run(),
        "type a sentence": lambda page: widget(page, "sentence").set_value(MONEY).run(),
        "choose a word": lambda page: widget(page, "looking_word").set_value(1).run(),
        "another example": lambda page: widget(page, "example").select("cat-and-mouse").run(),
        "switch": lambda page: widget(page, "scaled").set_value(False).run(),
        **{f"turn to {lesson.script}": lambda page, to=lesson.script: turned(page, to) for lesson in COURSE},
        "back to the playground": lambda page: turned(page, "playground"),
        "type another": lambda page: widget(page, "sentence").set_value(RIVER).run(),
        "take it along": lambda page: turned(page, "take_it_with_you"),
        "and back": lambda page: turned(page, "playground"),
        "again": lambda page: page.run(),
    }


def test_what_a_link_hides_and_asks_stays_whatever_is_done():
    text = f"mask.fills~{TASK}"
    page = visited(text)
    for name, act in acts().items():
        act(page)
        assert not page.exception, (name, page.exception)
        assert task_shown(page) == plain(TASK), name
        assert not shown(page) & (GONE["mask"] | GONE["fills"]), name
        assert page.query_params["class"] == text, f"{name}: the address holds it, for a reload"


@pytest.mark.parametrize("script", ["playground", "same_word", "take_it_with_you"])
def test_show_everything_does_so_at_once_and_for_good(script):
    page = turned(visited(f"mask.fills~{TASK}"), script)
    widget(page, "show_everything").click().run()
    assert not page.exception
    assert task_shown(page) is None and "show_everything" not in shown(page)
    assert not page.query_params.get("class")
    if script != "playground":
        turned(page, "playground")
    assert shown(page) == shown(visited())
    for name, act in acts().items():
        act(page)
        assert task_shown(page) is None and "show_everything" not in shown(page), name
        assert not page.query_params.get("class"), name
    assert shown(page) >= GONE["mask"] | GONE["fills"]


def test_show_everything_keeps_the_experiment_and_what_can_be_undone():
    page = visited(f"mask~{TASK}")
    widget(page, "sentence").set_value(MONEY).run()
    code = page.query_params["x"]
    widget(page, "show_everything").click().run()
    assert page.query_params["x"] == code
    assert widget(page, "sentence").value == MONEY and not widget(page, "undo").disabled
    widget(page, "undo").click().run()
    assert widget(page, "sentence").value == RIVER and task_shown(page) is None


def test_hidden_switches_keep_what_they_were_set_to():
    page = visited()
    widget(page, "causal").set_value(True).run()
    widget(page, "variant").set_value("similarity").run()
    hidden = AppTest.from_file(str(MAIN), default_timeout=60)
    hidden.query_params.update({"x": page.query_params["x"], "class": HIDE_EVERYTHING})
    hidden.run()
    assert hidden.query_params["x"] == page.query_params["x"]
    widget(hidden, "show_everything").click().run()
    assert (widget(hidden, "causal").value, widget(hidden, "variant").value) == (True, "similarity")


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.script)
def test_a_lesson_goes_on_when_everything_is_hidden(lesson):
    page = turned(visited(HIDE_EVERYTHING), lesson.script)
    for number in range(len(lesson.cards)):
        if number:
            widget(page, f"card_{lesson.script}").set_value(number).run()
        assert not page.exception, page.exception
        assert not page.error and not page.data_editor
        assert not shown(page) & GONE_FROM_LESSONS, lesson.cards[number].id
        assert task_shown(page) == plain(TASK)
        assert any(lesson.cards[number].title in each.value for each in page.markdown)


def test_the_playground_and_take_it_with_you_go_on_when_everything_is_hidden():
    page = visited(HIDE_EVERYTHING)
    gone = set().union(*(GONE[name] for name in CONTROLS.keys() - RESULTS))
    assert not shown(page) & gone and task_shown(page) == plain(TASK)
    assert {"attention", "looking_word", "looked_at_word"} <= shown(page)
    widget(page, "looking_word").set_value(1).run()
    assert not page.exception and not page.error
    turned(page, "take_it_with_you")
    assert task_shown(page) == plain(TASK) and page.get("download_button")
