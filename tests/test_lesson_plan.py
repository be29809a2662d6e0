"""The lesson plan's links open what it says, and the tasks of its worksheet can be done."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from support.screen import arrived

from docs.make_lesson_plan import HOME, LINKS, PLAN, START, WORKSHEET
from exercises import worksheet as worksheets
from exercises.grading import Mark
from exercises.making import make
from exercises.puzzles import PUZZLES
from exercises.worksheet import MAX_LINK, mark

TEXT = PLAN.read_text("utf-8")
TARGETS = dict(re.findall(r"^\[(\w+)\]: (\S+)$", TEXT, re.M))
SHOWS = {  # what stands on the page that a link opens
    "guess": "Which word does “bank” look at most",
    "multiply": "Multiply and add",
    "practise": make("score", 1, 1).told,
    "row": make("row", 1, 1).told,
    "worksheet": "What is the score of dog → cat",
    "turn": PUZZLES["more"].told,
    "even": PUZZLES["even"].told,
    "two": PUZZLES["differs"].cannot,
}


def test_the_links_are_those_that_the_script_writes_and_each_is_used():
    assert {name: f"{HOME}{path}" for name, path in LINKS.items()} == TARGETS
    assert set(re.findall(r"\]\[(\w+)\]", TEXT)) == set(TARGETS) == set(SHOWS)


@pytest.mark.parametrize("name", SHOWS)
def test_a_link_opens_what_the_plan_says(name):
    address = urlsplit(TARGETS[name])
    assert len(TARGETS[name]) < MAX_LINK
    params = {key: values[0] for key, values in parse_qs(address.query).items()}
    page = arrived(address.path.strip("/") or "playground", **params)
    kinds = ("markdown", "info", "warning")
    assert SHOWS[name] in "\n".join(each.value for kind in kinds for each in page.get(kind)).replace("\\", "")
    assert not page.error


def test_the_tasks_of_the_worksheet_can_be_done():
    code = parse_qs(urlsplit(TARGETS["worksheet"]).query)["w"][0]
    assert worksheets.from_code(code) == WORKSHEET
    score, word, weight, goal, why = WORKSHEET.tasks
    assert mark(score, "2", START).mark is Mark.RIGHT
    assert mark(word, "cat", START).mark is Mark.RIGHT
    assert mark(weight, "0.67", START).mark is Mark.RIGHT
    assert mark(goal, "", START.with_rows(["dog"], [[1, 1]])).mark is Mark.RIGHT
    assert mark(why, "Dog has wheels now.", START).mark is Mark.TEXT
    assert mark(weight, "0.5", START).mark is Mark.WRONG


def test_the_minutes_of_the_plan_follow_each_other_and_are_45():
    minutes = [tuple(map(int, each)) for each in re.findall(r"^\| (\d+)–(\d+) \|", TEXT, re.M)]
    assert minutes[0][0] == 0 and minutes[-1][1] == 45
    assert all(end == start for (_, end), (start, _) in pairwise(minutes))
