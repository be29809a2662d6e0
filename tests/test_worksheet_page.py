"""The page Worksheet as pupils and teachers use it: answered, handed in, made by clicks, and a class marked."""

import json

import pytest
from support.classroom import CALCULATION, CELL, CODE, EVEN, RIGHT, SLIPPED, START, WORKSHEET, answers, link, thirty
from support.screen import arrived, chart, code_of, edit, run, turned, widget

from exercises import hand_in as hand_ins
from exercises import worksheet as worksheets
from exercises.hand_in import HandIn
from exercises.worksheet import Kind
from presentation.text import plain


def opened(code=CODE, handed_in=""):
    return arrived("worksheet", **{name: text for name, text in (("w", code), ("h", handed_in)) if text})


def handed_in(page):
    """What the address holds."""
    return hand_ins.from_code(page.query_params.get("h", ""), WORKSHEET)


def keyed(page, start):
    """The widget whose key begins so."""
    (found,) = (each for each in page.main if str(getattr(each, "key", None)).startswith(start))
    return found


def written(page):
    kinds = ("markdown", "success", "info", "warning", "caption", "error", "code")
    return "\n".join(each.value for kind in kinds for each in page.get(kind))


def to_task(page, number):
    run(keyed(page, "work_task").set_value(number - 1))
    return page


def test_a_pupil_sees_the_tasks_and_no_answer_that_they_hide():
    page = opened()
    assert plain(WORKSHEET.title) in written(page) and plain(WORKSHEET.tasks[0].text) in written(page)
    assert set(chart(page, "weights")["shown"]) == {"?"} and not page.latex
    assert f"{CALCULATION.attention.weights[CELL]:.2f}" not in written(page)
    to_task(page, 2)
    assert set(chart(page, "weights")["shown"]) == {"?"} and "river" not in written(page).replace("river bank", "")
    to_task(page, 3)
    assert not chart(page, "weights")["value"].isna().any()


def test_answers_are_marked_at_once_and_the_right_one_shows_what_was_hidden():
    page = opened()
    run(keyed(page, "work_answer").set_value(SLIPPED))
    assert "Your number comes out if the scores were not scaled" in written(page)
    assert set(chart(page, "weights")["shown"]) == {"?"}
    run(keyed(page, "work_answer").set_value(RIGHT))
    assert page.success[0].value == "Right." and not chart(page, "weights")["value"].isna().any()
    to_task(page, 2)
    run(keyed(page, "work_answer").set_value("walked"))
    assert "Not yet." in written(page)
    run(keyed(page, "work_answer").set_value("river"))
    assert page.success[0].value == "Right."
    answered = handed_in(page).answers
    assert (answered[0].text, answered[0].tried) == (RIGHT, (SLIPPED,))
    assert (answered[1].text, answered[1].tried) == ("river", ("walked",))


def test_who_asks_for_what_is_hidden_hands_that_in():
    page = opened()
    run(widget(page, "work_ask").click())
    assert not chart(page, "weights")["value"].isna().any()
    assert handed_in(page).answers[0].asked and not handed_in(page).answers[1].asked


def test_where_pupils_are_not_told_nothing_says_whether_an_answer_is_right():
    quiet = worksheets.to_code(worksheets.Worksheet("Quiet", WORKSHEET.tasks, tells=False))
    pages = [opened(quiet) for _ in range(2)]
    for page, text in zip(pages, (RIGHT, "0.99"), strict=True):
        run(keyed(page, "work_answer").set_value(text))
        assert set(chart(page, "weights")["shown"]) == {"?"}
    links = [each.value for page in pages for each in page.code]
    shown = [written(page) for page in pages]
    for link_ in links:
        shown = [text.replace(link_, "") for text in shown]
    assert shown[0] == shown[1] and "Your answer is kept." in shown[0]


def test_a_goal_is_reached_by_editing_and_the_experiment_is_handed_in():
    page = to_task(opened(), 4)
    assert "Goal: **bank** looks at all words" in written(page)
    before = code_of(page)
    edit(page, "w_q", {widget(page, "w_q").value.columns[2]: 0.0, widget(page, "w_q").value.columns[3]: 0.0}, 2)
    edit(page, "w_q", {widget(page, "w_q").value.columns[2]: 0.0, widget(page, "w_q").value.columns[3]: 0.0}, 3)
    assert page.success[0].value == "Right."
    answer = handed_in(page).answers[3]
    assert answer.experiment is not None and answer.steps >= 1 and code_of(page) == before
    run(widget(page, "undo").click())
    assert not page.success


def test_the_work_survives_page_turns_the_page_of_files_edits_elsewhere_and_a_reload():
    page = to_task(opened(), 4)
    edit(page, "w_q", {widget(page, "w_q").value.columns[2]: 0.0}, 2)
    run(keyed(page, "work_name").set_value("  Ada \n L. "))
    to_task(page, 1)
    run(keyed(page, "work_answer").set_value(RIGHT))
    said = page.query_params["h"]
    for script in ("take_it_with_you", "playground", "similarity", "practise"):
        turned(page, script)
        assert (page.query_params["w"], page.query_params["h"]) == (CODE, said), script
    turned(page, "playground")
    edit(page, "embeddings", {"living": 9.0})
    turned(page, "worksheet")
    assert keyed(page, "work_answer").value == RIGHT and keyed(page, "work_name").value == "Ada L."
    again = opened(CODE, said)
    assert keyed(again, "work_answer").value == RIGHT and again.query_params["h"] == said
    to_task(again, 4)
    assert widget(again, "w_q").value.iloc[2, 2] == 0.0
    assert handed_in(again) == handed_in(page)


def test_the_link_and_the_file_hold_what_is_handed_in():
    page = opened()
    run(keyed(page, "work_answer").set_value(RIGHT))
    run(keyed(page, "work_name").set_value("<b>Ada</b>"))
    links = [each.value for each in page.code]
    assert links and links[0].endswith(f"worksheet?w={CODE}&h={page.query_params['h']}")
    assert handed_in(page).name == "<b>Ada</b>"


@pytest.mark.parametrize(("code", "handed"), [("x", ""), (CODE[:-5], ""), (CODE, "2~abc"), ("2~" + "A" * 900, "y")])
def test_a_damaged_link_is_told_and_the_page_goes_on(code, handed):
    page = opened(code, handed)
    assert page.error and "could not be opened" in page.error[0].value
    run(widget(page, "work_part").set_value("make"))
    run(widget(page, "add_task").click())
    assert not page.error and page.query_params["w"]


# --- made by clicks --------------------------------------------------------------------------------------------------


def made(page):
    return worksheets.from_code(page.query_params["w"])


def test_a_worksheet_is_made_by_clicks_alone():
    page = arrived("worksheet")
    assert "No worksheet is open" in written(page)
    run(widget(page, "work_part").set_value("make"))
    run(widget(page, "make_title").set_value("Lesson 1"))
    run(widget(page, "add_task").click())
    run(widget(page, "make_text_0").set_value("Work *this* out"))
    run(widget(page, "make_kind_0").set_value(Kind.NUMBER))
    run(widget(page, "make_row_weights_0").set_value(5))
    run(widget(page, "make_column_weights_0").set_value(4))
    assert made(page).tasks[0].asked.cell == CELL and "Hidden as well" in written(page)
    run(widget(page, "make_stage_0").set_value("context"))
    assert made(page).tasks[0].asked.cell == (0, 0)
    run(widget(page, "add_task").click())
    run(widget(page, "make_kind_1").set_value(Kind.WORD))
    run(widget(page, "make_word_1").set_value(4))
    run(widget(page, "make_hidden_1").set_value(["weights", "story"]))
    run(widget(page, "add_task").click())
    run(widget(page, "make_kind_2").set_value(Kind.GOAL))
    run(widget(page, "make_goal_2").set_value("more"))
    run(widget(page, "make_place_more_0_2").set_value(2))
    run(widget(page, "make_tells").set_value(False))
    sheet = made(page)
    assert (sheet.title, sheet.tells, len(sheet.tasks)) == ("Lesson 1", False, 3)
    assert sheet.tasks[0].text == "Work *this* out" and sheet.tasks[0].experiment == START
    assert sheet.tasks[1].asked.word == 4 and sheet.tasks[1].hidden == {"weights", "story"}
    assert (sheet.tasks[2].asked.goal, sheet.tasks[2].asked.places) == ("more", (2, 1, 0))
    run(widget(page, "task_up").click())
    assert made(page).tasks[1].asked.kind is Kind.GOAL
    run(widget(page, "remove_task").click())
    assert [task.asked.kind for task in made(page).tasks] == [Kind.NUMBER, Kind.WORD]
    (given,) = (each.value for each in page.code)
    assert given.endswith(f"worksheet?w={page.query_params['w']}")
    pupil = opened(page.query_params["w"])
    assert plain("Work *this* out") in written(pupil)


def test_a_task_starts_from_the_playgrounds_experiment_or_an_example():
    page = arrived("worksheet", EVEN)
    run(widget(page, "work_part").set_value("make"))
    run(widget(page, "add_task").click())
    assert made(page).tasks[0].experiment == EVEN
    start = keyed(page, "make_start_0")
    run(start.select_index(start.options.index("That of my Playground") + 2))
    assert made(page).tasks[0].experiment != EVEN and code_of(page)


# --- a class is marked -----------------------------------------------------------------------------------------------


def test_a_pasted_class_of_thirty_is_a_table_with_its_most_frequent_slip_first():
    page = opened()
    run(widget(page, "work_part").set_value("mark"))
    run(widget(page, "pasted_links").set_value("\n".join(text for text, _ in thirty())))
    table = page.dataframe[0].value
    good = [marks for _, marks in thirty() if marks is not None]
    assert len(table) == len(good)
    signs = {"right": "✓", "wrong": "✗", "rounding": "≈", "empty": "–", "unreadable": "?", "text": ""}
    for row, marks in zip(table.itertuples(index=False), good, strict=True):
        for cell, mark in zip(row[2:6], marks, strict=True):
            assert cell.startswith(signs[mark])
    assert "Most frequent slip: **the scores were not scaled** (5 pupils)" in written(page)
    assert f"{30 - len(good)} not in the table" in str([each.label for each in page.expander])
    assert "What they do not prove" in written(page)


def test_one_click_opens_a_pupils_experiment_on_the_playground():
    page = opened()
    run(widget(page, "work_part").set_value("mark"))
    run(widget(page, "pasted_links").set_value(link(HandIn("Ada", answers()))))
    widget(page, "look_at_3").click().run()
    turned(page, "playground")
    assert page.session_state["_session"].own.experiment == EVEN
    run(widget(page, "undo").click())
    assert page.session_state["_session"].own.experiment == START


@pytest.mark.parametrize("text", ["hello", "http://x", "=1+1", "<script>", "w=" * 1000, json.dumps({"a": 1})])
def test_nothing_that_is_pasted_breaks_the_page(text):
    page = arrived("worksheet")
    run(widget(page, "work_part").set_value("mark"))
    run(widget(page, "pasted_links").set_value(text))
    assert not page.dataframe
