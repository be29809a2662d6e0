"""The page Practise as a visitor uses it: exercises answered, helped with and shared; puzzles solved and undone."""

from dataclasses import replace

import pytest
from support.screen import arrived, chart, code_of, edit, run, turned, widget

from exercises.grading import Mark, grade
from exercises.making import KINDS, LEVELS, make
from exercises.puzzles import PUZZLES, Order, Set
from presentation.tables import NOTE_COLUMN
from presentation.text import plain, shown
from sharing.address import explicit_code


def opened(said=""):
    return arrived("practise", **({"p": said} if said else {}))


def written(page):
    return "\n".join(each.value for kind in ("markdown", "success", "info", "warning") for each in page.get(kind))


def field(page, cell):
    return widget(page, f"answer_{cell[0]}_{cell[1]}")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", KINDS)
def test_right_answers_are_right_and_before_them_no_result_is_on_the_page(kind, level):
    exercise = make(kind, level, 9)
    page = opened(f"exercises.{kind}.{level}.9")
    assert exercise.told in written(page) and not page.latex and not page.success
    for cell in exercise.asked.cells:
        assert field(page, cell).label == plain(exercise.asked.name(cell))
        field(page, cell).set_value(f"{exercise.asked.true(cell):.{exercise.asked.decimals}f}")
    run(page)
    assert page.success[0].value == "All right." and page.latex


def test_a_slip_is_named_and_help_comes_in_three_steps():
    exercise = make("row", 2, 3)
    page = opened("exercises.row.2.3")
    scores = exercise.asked.calculation.attention.scores
    cell = exercise.asked.cells[0]
    run(field(page, cell).set_value(f"{scores[cell] + 40:g}"))
    assert "No usual slip" in written(page)
    run(field(page, cell).set_value("one"))
    assert "This is not a number" in written(page)
    for label in ("Hint", "Show me the sum", "Show me the result"):
        button = widget(page, "exercise_help")
        assert button.label == label and not page.latex
        run(button.click())
    assert page.latex and "÷ √2" in written(page)


def test_the_exercise_is_in_the_address_and_typed_answers_stay_while_pages_are_turned():
    page = opened()
    assert not page.query_params.get("p")
    run(widget(page, "exercise_kind").set_value("context"))
    run(widget(page, "exercise_level").set_value(3))
    run(widget(page, "exercise_seed").set_value(41))
    run(widget(page, "another_exercise").click())
    assert page.query_params["p"] == "exercises.context.3.42"
    (cell,) = make("context", 3, 42).asked.cells
    run(field(page, cell).set_value("7"))
    turned(turned(page, "playground"), "practise")
    assert page.query_params["p"] == "exercises.context.3.42" and field(page, cell).value == "7"
    run(widget(page, "another_exercise").click())
    assert not [each.value for each in page.text_input if str(each.key).startswith("answer_") and each.value]


@pytest.mark.parametrize(
    "said",
    [
        *("x", "exercises", "exercises.", "exercises.score.9.1", "exercises.score.1.-1", "exercises.score.²1.1"),
        *(
            "exercises.none.1.1",
            "puzzles",
            "puzzles.none",
            "puzzles.__class__",
            "." * 50,
            "<b>",
            "exercises.score.1.999999",
        ),
    ],
)
def test_an_address_that_names_nothing_opens_the_first_exercise(said):
    page = opened(said)
    assert make("score", 1, 1).told in written(page) and not page.error


@pytest.mark.parametrize("puzzle", PUZZLES.values(), ids=PUZZLES)
def test_a_puzzle_opens_unsolved_and_show_me_solves_it_with_three_stars(puzzle):
    page = opened(f"puzzles.{puzzle.id}")
    assert puzzle.told in written(page) and not page.success
    assert [each.value for each in page.warning] == ([puzzle.cannot] if puzzle.cannot else [])
    run(widget(page, "puzzle_hint").click())
    assert puzzle.hint in written(page) and not page.success
    for _ in puzzle.solution:
        run(widget(page, "puzzle_step").click())
    assert "★★★" in page.success[0].value and puzzle.why in page.success[0].value
    run(widget(page, "undo").click())
    assert not page.success
    run(widget(page, "redo").click())
    run(widget(page, "puzzle_again").click())
    assert not page.success and "You solved it before: ★★★" in str([each.value for each in page.caption])


@pytest.mark.parametrize("name", [each.id for each in PUZZLES.values() if isinstance(each.solution[0], Set)])
def test_a_puzzle_is_solved_by_typing_into_its_table(name):
    puzzle = PUZZLES[name]
    page = opened(f"puzzles.{name}")
    for step in puzzle.solution:
        if [each for each in page.get("button_group") if str(each.key) == "edited_table"]:
            run(widget(page, "edited_table").set_value(step.table))
        table = widget(page, step.table)
        edit(page, step.table, {table.value.columns[step.column]: step.number}, step.row)
    assert "★★★" in page.success[0].value


def test_what_is_done_in_a_puzzle_leaves_the_playground_alone_and_stays_there():
    page = opened("puzzles.even")
    before = code_of(page)
    edit(page, "w_q", {widget(page, "w_q").value.columns[1]: 0.0}, 0)
    assert page.success and code_of(page) == before
    own = turned(page, "playground")
    assert len(chart(own, "weights")) == 36
    turned(page, "practise")
    assert page.success and page.query_params["p"].startswith("puzzles.even.")
    run(widget(page, "puzzle").set_value("more"))
    assert not page.success and page.query_params["p"] == "puzzles.more"
    assert "1 of 15 solved: No favourites ★★★" in [each.value for each in page.caption]


def test_what_was_made_of_a_puzzle_is_there_again_after_a_reload_and_its_notes_tell_the_start():
    page = opened("puzzles.even")
    column = widget(page, "w_q").value.columns[1]
    start = widget(page, "w_q").value[column].iloc[0]
    edit(page, "w_q", {column: 0.0}, 0)
    said = page.query_params["p"]
    again = opened(said)
    assert again.success and widget(again, "w_q").value[column].iloc[0] == 0
    assert widget(again, "w_q").value[NOTE_COLUMN].tolist()[0] == f"{column} was {start:g}"
    assert not any(widget(again, "w_q").value[NOTE_COLUMN].tolist()[1:]) and widget(again, "undo").disabled
    run(widget(again, "puzzle_again").click())
    assert not again.success and again.query_params["p"] == "puzzles.even"


def test_a_link_makes_nothing_of_a_puzzle_that_may_not_be_made():
    other = f"puzzles.even.{explicit_code(replace(PUZZLES['even'].start, sentence='cat dog'))}"
    for said in (other, "puzzles.even.2~AAAA", "puzzles.even.too-large", "puzzles.even..", f"puzzles.even.{'A' * 999}"):
        page = opened(said)
        assert PUZZLES["even"].told in written(page) and not page.error
        assert page.session_state["_session"].document.experiment == PUZZLES["even"].start


def test_undo_waits_where_no_experiment_is_on_screen():
    page = opened("puzzles.even")
    edit(page, "w_q", {widget(page, "w_q").value.columns[1]: 0.0}, 0)
    assert not widget(page, "undo").disabled
    run(widget(page, "practise_part").set_value("exercises"))
    assert widget(page, "undo").disabled and widget(page, "redo").disabled
    run(widget(page, "practise_part").set_value("puzzles"))
    assert not widget(page, "undo").disabled


def test_only_what_may_be_changed_is_offered():
    page = opened("puzzles.deaf")
    assert not page.data_editor and widget(page, "scaled") is not None
    assert len(opened("puzzles.even").data_editor) == 1
    order = opened("puzzles.differs")
    assert isinstance(PUZZLES["differs"].solution[0], Order) and widget(order, "word_order") is not None


def test_the_marks_on_the_page_are_those_of_the_room():
    asked = make("stage", 2, 2).asked
    page = opened("exercises.stage.2.2")
    typed = {cell: shown(asked.true(cell) + place, 2) for place, cell in enumerate(asked.cells)}
    for cell, text in typed.items():
        field(page, cell).set_value(text)
    run(page)
    marks = [verdict.mark for verdict in grade(asked, typed).values()]
    assert written(page).count(":material/check:") == marks.count(Mark.RIGHT) + marks.count(Mark.ROUNDING)
    assert written(page).count(":material/close:") == marks.count(Mark.WRONG)
