"""Worksheets and what is handed in: there and back as codes and files, on paper, and refused where they are damaged."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.classroom import CALCULATION, CELL, CODE, EVEN, RIGHT, SLIPPED, START, WORKSHEET, answers, link

from attention_core import EXAMPLES, Stage
from exercises import hand_in as hand_ins
from exercises import worksheet as worksheets
from exercises.grading import Mark
from exercises.hand_in import MAX_NAME, MAX_TRIED, Answer, HandIn
from exercises.sheets import sheet
from exercises.worksheet import MAX_LINK, MAX_TASKS, Asked, Kind, Task, Worksheet, mark
from sharing.address import packed
from sharing.document import DocumentError

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
NUMBER, WORD, TEXT, GOAL = WORKSHEET.tasks
HANDED_IN = HandIn("Ada", answers(tried=("0.1", "0.2")))


def test_a_worksheet_comes_back_from_its_code_and_its_file():
    assert worksheets.from_code(CODE) == WORKSHEET
    assert worksheets.worksheet_of(json.loads(worksheets.to_file(WORKSHEET))) == WORKSHEET
    assert worksheets.to_code(Worksheet()) == "" and worksheets.from_code("") == Worksheet()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_tasks_may_start_from_any_experiment(example):
    made = Worksheet("x", (NUMBER, Task("y", example.build()), replace(TEXT, experiment=example.build())), tells=False)
    assert worksheets.from_code(worksheets.to_code(made)) == made


@SETTINGS
@given(st.text(max_size=900), st.text(max_size=90), st.booleans())
def test_any_text_of_a_teacher_comes_back(text, title, tells):
    made = Worksheet(title, (replace(TEXT, text=text),), tells)
    back = worksheets.from_code(worksheets.to_code(made))
    assert back == made or "\ufffd" in back.title + back.tasks[0].text


def test_what_is_handed_in_comes_back_from_its_code_and_its_file():
    code = hand_ins.to_code(HANDED_IN, WORKSHEET)
    assert hand_ins.from_code(code, WORKSHEET) == HANDED_IN
    assert hand_ins.from_file(hand_ins.to_file(HANDED_IN, WORKSHEET)) == (WORKSHEET, HANDED_IN)
    assert len(link(HANDED_IN)) < MAX_LINK / 4
    untouched = hand_ins.from_code("", WORKSHEET)
    assert untouched.is_empty and hand_ins.to_code(untouched, WORKSHEET) == ""


@SETTINGS
@given(st.text(max_size=80), st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_name_and_answers_come_back(name, texts):
    made = HandIn(hand_ins.one_line(name), tuple(Answer(text) for text in texts))
    back = hand_ins.from_code(hand_ins.to_code(made, WORKSHEET), WORKSHEET)
    assert back == made or any(0xD800 <= ord(each) < 0xE000 for each in name + "".join(texts))
    assert len(back.name) <= MAX_NAME and len(back.name.splitlines()) <= 1


def test_an_answer_keeps_what_was_tried_before():
    answer = Answer()
    for text in ("1", "1", "2", "", "3"):
        answer = answer.with_text(text)
    assert (answer.text, answer.tried) == ("3", ("1", "2"))
    for at in range(100):
        answer = answer.with_text(f"{at}")
    assert len(answer.tried) == MAX_TRIED and answer.tried[:2] == ("1", "2")


@pytest.mark.parametrize(
    "asked",
    [
        Asked(Kind.NUMBER, Stage.WEIGHTS, (6, 0)),
        Asked(Kind.NUMBER, Stage.CONTEXT, (0, -1)),
        Asked(Kind.NUMBER, Stage.EMBEDDINGS),
        Asked(Kind.NUMBER, decimals=9),
        Asked(Kind.WORD, word=6),
        Asked(Kind.GOAL, goal="none"),
        Asked(Kind.GOAL, goal="more", places=(0, 0, 1)),
        Asked(Kind.GOAL, goal="even", places=(9,)),
    ],
)
def test_what_cannot_be_asked_of_an_experiment_is_refused(asked):
    with pytest.raises(ValueError):
        Task("x", START, asked=asked)


def damaged():
    whole = json.loads(worksheets.to_file(WORKSHEET))
    yield "[]"
    yield "{}"
    yield "[" * 100_000
    yield "nan"
    yield json.dumps(whole | {"version": 2})
    yield json.dumps(whole | {"tasks": None})
    yield json.dumps(whole | {"tasks": whole["tasks"] * (MAX_TASKS + 1)})
    yield json.dumps(whole | {"title": 7})
    for name in ("text", "experiment", "asked", "hidden"):
        for value in (None, 7, [], {}, "x", [None], {"changed": 1}, {"kind": "number"}, {"kind": "no"}):
            if (name, value) not in (("text", "x"), ("hidden", [])):
                yield json.dumps(whole | {"tasks": [whole["tasks"][0] | {name: value}]})
    for asked in ({"kind": "number", "stage": "x", "cell": [0, 0], "decimals": 2}, {"kind": "word", "word": True}):
        yield json.dumps(whole | {"tasks": [whole["tasks"][0] | {"asked": asked}]})


@pytest.mark.parametrize("text", list(damaged()), ids=lambda text: ascii(text[:30]))
def test_a_damaged_worksheet_is_refused_in_words(text):
    with pytest.raises(DocumentError) as refused:
        worksheets.from_code(packed(text.encode()))
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("length", [1, 7, 40, -1])
def test_a_code_that_was_cut_is_refused(length):
    with pytest.raises(DocumentError):
        worksheets.from_code(CODE[:length])
    with pytest.raises(DocumentError):
        hand_ins.from_code(hand_ins.to_code(HANDED_IN, WORKSHEET)[:length], WORKSHEET)


@pytest.mark.parametrize(
    "parts",
    [
        {"answers": []},
        {"answers": [1, 2, 3, 4]},
        {"name": None},
        {"version": 9},
        {"format": "x"},
        {"answers": [{"experiment": {"changed": {"sentence": 7}}}, {}, {}, {}]},
        {"answers": [{"experiment": {"changed": 7}}, {}, {}, {}]},
    ],
    ids=str,
)
def test_a_damaged_hand_in_is_refused_in_words(parts):
    document = hand_ins.document_of_hand_in(HANDED_IN, WORKSHEET) | parts
    with pytest.raises(DocumentError):
        hand_ins.hand_in_of(document, WORKSHEET)


def test_odd_parts_of_an_answer_are_read_as_far_as_they_mean_something():
    document = hand_ins.document_of_hand_in(HANDED_IN, WORKSHEET)
    odd = {"text": 7, "tried": [1, "2", *"x" * 99], "asked": "yes", "steps": -5, "experiment": None}
    found = hand_ins.hand_in_of(document | {"answers": [odd, {}, {}, {}]}, WORKSHEET).answers[0]
    assert found == Answer("", ("2", *"x" * 6))


def test_answers_are_marked():
    assert mark(NUMBER, RIGHT, START).mark is Mark.RIGHT
    assert mark(NUMBER, SLIPPED, START).slip == "the scores were not scaled"
    assert mark(NUMBER, " ", START).mark is Mark.EMPTY
    assert [mark(WORD, text, START).mark for text in ("river", "to", "x", "")] == [
        Mark.RIGHT,
        Mark.WRONG,
        Mark.UNREADABLE,
        Mark.EMPTY,
    ]
    assert [mark(TEXT, text, START).mark for text in ("yes", " ")] == [Mark.TEXT, Mark.EMPTY]
    changed = replace(START, decimals=3)
    assert [mark(GOAL, "", each).mark for each in (EVEN, START, changed)] == [Mark.RIGHT, Mark.EMPTY, Mark.WRONG]


def test_what_tells_the_answer_is_hidden_with_it():
    assert NUMBER.hides >= {"weights", "story", "sums", "fills"} and "scores" not in NUMBER.hides
    assert TEXT.hides == frozenset()
    for stage, name in ((Stage.SCORES, "scores"), (Stage.CONTEXT, "context")):
        assert name in Task("x", START, asked=Asked(Kind.NUMBER, stage)).hides


def test_the_sheet_to_print_is_blank_where_the_task_hides_and_the_solutions_are_not():
    blank, solved = sheet(WORKSHEET), sheet(WORKSHEET, solved=True)
    number = f"{CALCULATION.attention.weights[CELL]:.2f}"
    assert f"≈ <strong>{number}</strong>" in solved and f"<td>{number}</td>" in solved
    first = blank.split("Task 2")[0]
    assert f"{number}" not in first and "_____" in first and "Name:" in first
    assert "The word: <strong>river</strong>" in solved and "<strong>river</strong>" not in blank.split("Task 2")[1]
    for page in (blank, solved):
        assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/1998/Math/MathML", "")


@pytest.mark.parametrize("text", ["<script>x</script>", "**a** $x$ [b](http://c)", "| a | b |", "# h\n- i"])
def test_words_of_a_teacher_are_text_on_paper(text):
    made = sheet(Worksheet(text, (replace(TEXT, text=text, experiment=START.with_sentence("a|b <i>c</i> $d$")),)))
    assert "<script>" not in made and "<i>" not in made and "<a " not in made and "<em>" not in made
