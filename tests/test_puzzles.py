"""Puzzles: each is open at its start, done by its solution with as few changes as are known, and by nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from attention_core import OPENING, attend
from attention_core.masks import CAUSAL
from attention_core.positions import SINUSOIDAL
from exercises.goals import GOALS, changed_numbers
from exercises.puzzles import PUZZLES, Set

BY_ID = pytest.mark.parametrize("puzzle", PUZZLES.values(), ids=PUZZLES)


@BY_ID
def test_a_puzzle_is_open_at_its_start_and_done_by_its_solution(puzzle):
    for steps in range(len(puzzle.solution)):
        assert not puzzle.solved(puzzle.after(steps)) and not puzzle.stars(puzzle.after(steps))
    done = puzzle.after(len(puzzle.solution))
    assert puzzle.solved(done) and puzzle.stars(done) == 3
    assert all(step.told(puzzle.start) for step in puzzle.solution)


@BY_ID
def test_the_solution_changes_as_many_numbers_as_it_has_steps_and_only_what_may_be_changed(puzzle):
    changed = changed_numbers(puzzle.start, puzzle.after(len(puzzle.solution)))
    assert sum(changed.values()) == len(puzzle.solution) and changed.keys() <= puzzle.may


@BY_ID
def test_what_reaches_the_goal_by_something_else_does_not_count(puzzle):
    done = puzzle.after(len(puzzle.solution))
    for other in (
        replace(done, masks=(CAUSAL.id,)),
        done.with_sentence(f"{done.sentence} too"),
        replace(done, variant="similarity"),
    ):
        assert not puzzle.solved(other)


@BY_ID
def test_further_changes_cost_stars(puzzle):
    table = next(iter(sorted(puzzle.may - {"scaling", "order"})), None)
    if table is None:
        return
    done, stars = puzzle.after(len(puzzle.solution)), []
    untouched = [
        (row, column)
        for row, column in np.ndindex(done.d_model, done.d_model)
        if not any((step.row, step.column) == (row, column) for step in puzzle.solution if isinstance(step, Set))
    ]
    for row, column in untouched:
        now = np.array(getattr(done, table)) if table != "embeddings" else None
        if now is None:
            done = Set(table, row % 2, column % 2, 0.001 + done.row(done.vocabulary[row % 2])[column % 2]).on(done)
        else:
            done = Set(table, row, column, float(now[row, column]) + 1e-6).on(done)
        stars.append(puzzle.stars(done))
    assert stars == sorted(stars, reverse=True) and stars[-1] < 3


@pytest.mark.parametrize("name", [each.id for each in PUZZLES.values() if len(each.solution) > 1])
def test_no_single_number_does_what_our_solution_needs_more_for(name):
    puzzle = PUZZLES[name]
    for table in puzzle.may:
        for row, column in np.ndindex(puzzle.start.d_model, puzzle.start.d_model):
            for number in np.linspace(-20, 20, 21):
                assert not puzzle.solved(Set(table, row, column, float(number)).on(puzzle.start))


def test_no_table_tells_two_places_of_a_word_apart_and_the_page_says_why():
    puzzle, random = PUZZLES["differs"], np.random.default_rng(4)
    assert "No table can do this alone" in puzzle.cannot
    for _ in range(200):
        tables = {table: random.normal(size=(2, 2)) * 5 for table in ("w_q", "w_k", "w_v")}
        rows = random.normal(size=(4, 2)) * 5
        experiment = replace(puzzle.start, **tables).with_embeddings(rows)
        assert not puzzle.solved(experiment)
        context = attend(experiment).context
        assert (context[0] == context[3]).all(), "to the last bit"
        assert puzzle.solved(replace(experiment, positions=SINUSOIDAL.id)) == (
            np.abs(np.subtract(*attend(replace(experiment, positions=SINUSOIDAL.id)).context[[0, 3]])).max() > 0.01
        )


def test_every_goal_has_a_puzzle_and_is_told_with_its_words():
    assert {puzzle.goal.id for puzzle in PUZZLES.values()} == set(GOALS) and len(PUZZLES) == 15
    for goal in GOALS.values():
        labels = ["*one*", "two", "three"]
        told = goal.sentence(labels, tuple(range(len(goal.names))))
        assert "{" not in told and told.endswith(".") and "*one*" not in told.replace("**\\*one\\***", "")


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS)
def test_a_goal_about_words_that_are_not_there_is_not_reached(goal):
    calculation = attend(OPENING.build())
    for places in ((), (0,), (0, 0), (0, 1, 1), (99, 98), (-1, 2), (0, 1, 99), (5, 4, 3, 2)):
        if not goal.fits(len(calculation.words), places):
            assert not goal.reached(calculation, places)
    assert not goal.fits(1, (0, 1)) and (goal.fits(3, (0, 1, 2)) == (len(goal.names) == 3))


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS)
@pytest.mark.parametrize("sentence", ["one", "one one one", "a b", "We walked to the river bank"])
def test_a_goal_is_judged_of_any_sentence_and_mask(goal, sentence):
    places = tuple(range(len(goal.names)))
    for masks in ((), (CAUSAL.id,), ("not_itself",), ("causal", "not_itself")):
        calculation = attend(replace(OPENING.build().with_sentence(sentence), masks=masks))
        assert goal.reached(calculation, places) in (True, False)


def test_changed_numbers_are_counted_where_they_are():
    start = OPENING.build()
    assert not changed_numbers(start, start)
    assert changed_numbers(start, replace(start, scaled=False)) == {"scaling": 1}
    assert changed_numbers(start, start.with_sentence("We walked to the money bank")) == {"sentence": 1}
    assert changed_numbers(start, Set("embeddings", 5, 2, 9).on(start)) == {"embeddings": 1}
    assert changed_numbers(start, start.resized(d_model=5))["embeddings"] > 1
    assert changed_numbers(start, replace(start, decimals=5)) == {}
    moved = start.with_positions(np.ones((6, 4)))
    assert changed_numbers(start, moved) == {"order": 1}
    assert changed_numbers(moved, moved.with_positions(np.eye(6, 4))) == {"order": 20}
