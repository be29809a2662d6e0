"""A class of thirty, made by a script: every row is right, and what is damaged disturbs nothing."""

import csv
import io

import pytest
from support.classroom import CODE, HOME, WORKSHEET, answers, link, thirty

from exercises import hand_in as hand_ins
from exercises.hand_in import HandIn
from exercises.marking import MAX_HANDED_IN, Source, links_in, marked

CLASS = thirty()
LINKS = "\n".join(text for text, _ in CLASS)


def test_the_table_is_right_for_all_thirty():
    assert len(CLASS) == 30
    found = marked(links_in(LINKS))
    assert found.worksheet == WORKSHEET
    expected = {f"link {at}": marks for at, (_, marks) in enumerate(CLASS, start=1) if marks is not None}
    assert {pupil.label: [each.mark.value for each in pupil.verdicts] for pupil in found.pupils} == expected
    refused = {each.label: each.reason for each in found.refused}
    assert refused.keys() == {f"link {at}" for at, (_, marks) in enumerate(CLASS, start=1) if marks is None}
    said = " ".join(refused.values())
    for word in ("damaged", "JSON", "another worksheet", "the same as link 1"):
        assert word in said


def test_the_most_frequent_slip_comes_first():
    assert marked(links_in(LINKS)).slips[0] == ("the scores were not scaled", 5)


def test_files_and_links_give_the_same_table():
    links = [Source(f"{at}", text) for at, (text, marks) in enumerate(CLASS) if marks is not None]
    by_link = marked(links, WORKSHEET)
    files = [Source(pupil.label, hand_ins.to_file(pupil.hand_in, WORKSHEET)) for pupil in by_link.pupils]
    by_file = marked(files, WORKSHEET)
    assert [pupil.verdicts for pupil in by_file.pupils] == [pupil.verdicts for pupil in by_link.pupils]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"{}", b"[" * 10**6, b"null", b"x" * (3 << 20), b'{"format":1}']
)
def test_a_file_that_is_none_is_named_and_disturbs_nothing(content):
    good = Source("good.json", hand_ins.to_file(HandIn("Ada", answers()), WORKSHEET))
    found = marked([Source("bad.json", content), good])
    assert [pupil.label for pupil in found.pupils] == ["good.json"]
    assert [each.label for each in found.refused] == ["bad.json"] and found.refused[0].reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "hello there",
            f"{HOME}worksheet",
            f"{HOME}worksheet?w=",
            f"{HOME}?x=2~abc",
            "http://[",
            f"{HOME}?w=2~&h=2~",
        ),
        f"{HOME}worksheet?w={CODE}",
        f"{HOME}worksheet?w={CODE}&h=2~AAAA",
        "w=" + "~" * 100_000,
        "://" * 10_000,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_what_is_no_hand_in_is_named_and_makes_no_row(text):
    found = marked(links_in(text))
    assert not found.pupils and len(found.refused) == len(links_in(text))
    assert marked(links_in(f"{text}\n{link(HandIn('Ada', answers()))}")).pupils[0].name == "Ada"


@pytest.mark.parametrize("around", ["<{}>", "Ada: {}.", "({});", '"{}",', "- {}", "Hello, here it is:\n{}\n\nAda"])
def test_a_link_is_found_in_a_message(around):
    text = around.format(link(HandIn("Ada", answers())))
    assert [pupil.name for pupil in marked(links_in(text)).pupils] == ["Ada"]
    assert marked(links_in(text.replace("&", "&amp;").replace("~", "%7E"))).pupils


def test_a_class_is_marked_by_the_teachers_own_worksheet_where_there_is_one():
    easier = WORKSHEET.tasks[1:]
    other = type(WORKSHEET)("easier", easier)
    links = [link(HandIn(f"{at}", answers()[1:]), other) for at in range(3)] + [link(HandIn("Ada", answers()))]
    assert len(marked(links_in("\n".join(links))).pupils) == 3
    own = marked(links_in("\n".join(links)), WORKSHEET)
    assert [pupil.name for pupil in own.pupils] == ["Ada"] and len(own.refused) == 3


def test_a_copy_under_another_name_and_a_name_that_comes_twice_are_noted():
    same = answers(text="word for word")
    found = marked(links_in("\n".join(link(HandIn(name, same)) for name in ("Ada", "Bo", "ada"))))
    notes = [" ".join(pupil.notes) for pupil in found.pupils]
    assert notes[0] == "" and "The same answers in the same steps as link 1." in notes[1]
    assert "The same name is there already." in notes[2]


def test_no_more_are_read_than_a_school_has():
    sources = [Source(f"{at}", "http://nothing") for at in range(MAX_HANDED_IN + 5)]
    assert len(marked(sources).refused) == MAX_HANDED_IN + 1


def test_the_table_as_csv_has_a_row_for_each_and_no_formula():
    found = marked(links_in(LINKS))
    rows = list(csv.reader(io.StringIO(found.csv())))
    assert len(rows) == 1 + len(found.pupils) + len(found.refused)
    assert {len(row) for row in rows[1 : 1 + len(found.pupils)]} == {len(rows[0])}
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "@"))]
    names = [row[1] for row in rows[1 : 1 + len(found.pupils)]]
    assert "'=HYPERLINK(1)" in names and "<script>alert(1)</script>" in names
