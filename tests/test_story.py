"""The story of a word, read as a person reads it and held against numbers that are worked out anew in plain loops."""

import re
from itertools import pairwise

import numpy as np
import pytest
from support.experiments import any_experiment
from support.oracles import worked_out
from support.told import MARKS, assert_look, number

from attention_core import OPENING, attend
from presentation.story_text import story_text


@pytest.mark.parametrize("seed", range(300))
def test_every_story_of_any_experiment_is_true(seed):
    experiment = any_experiment(seed)
    calculation = attend(experiment)
    it = worked_out(experiment)
    weights, allowed, x, context, mixed = it.weights, it.allowed, it.x, it.context, it.mixed
    decimals, labels = max(experiment.decimals, 2), calculation.labels
    unit = 10.0**-decimals
    for word in range(len(labels)):
        told = MARKS.sub("", story_text(calculation, word))
        assert told.startswith(labels[word])
        assert_look(told, weights[word], allowed[word], labels, word, decimals)
        assert_change(told, x[word], context[word], np.array_equal(mixed, x), experiment.dimensions, unit)


def assert_change(told, before, after, comparable, names, unit):
    change = re.search(
        r"greatest changes? from its embedding(?: with its position)? to its context vector: (.+?)\.(?: |$)", told
    )
    if not comparable:
        assert change is None
        assert "its context vector is its embedding" not in told
        return
    way = np.abs(after - before)
    if change is None:
        assert "its context vector is its embedding" in told
        assert (way <= unit + 1e-12).all()
        return
    parts = re.findall(r"(\w+) ([−\d.]+) → ([−\d.]+)", change[1])
    assert parts
    for name, was, became in parts:
        column = names.index(name)
        assert abs(before[column] - number(was)) <= unit / 2 + 1e-12
        assert abs(after[column] - number(became)) <= unit / 2 + 1e-12
        assert way[column] >= way.max() - 2 * unit
    shown_ways = [abs(number(became) - number(was)) for _, was, became in parts]
    assert all(abs(one - other) < unit / 2 for one, other in pairwise(shown_ways)), "only equal changes stand together"


def test_the_opening_example_tells_its_story_and_the_other_one_when_a_word_is_changed():
    river = OPENING.build()
    money = river.with_sentence("We walked to the money bank")
    assert story_text(attend(river), 5) == (
        "**bank** looks most at **river**: 0.57 of its attention. "
        "The greatest change from its embedding to its context vector: water 0.30 → **0.64**."
    )
    assert story_text(attend(money), 5) == (
        "**bank** looks most at **money**: 0.57 of its attention. "
        "The greatest change from its embedding to its context vector: money 0.30 → **0.64**."
    )


def test_ties_are_told_as_ties():
    story = story_text(attend(OPENING.build().with_sentence("buffalo buffalo buffalo")), 1)
    assert "looks evenly at all 3 words: 0.33 each." in story


def test_a_word_that_looks_most_at_itself_is_told_so():
    assert story_text(attend(OPENING.build()), 0).startswith("**We** looks most at itself: 0.68 of its attention.")


def test_an_unknown_word_and_a_made_up_one_are_told_as_such():
    unknown = OPENING.build().with_sentence("the zorp river")
    assert "**zorp** is an unknown word: nothing but zeros" in story_text(attend(unknown), 1)
    made_up = unknown.with_like("zorp", "zorp")
    assert "The numbers of **zorp** are made up" in story_text(attend(made_up), 1)
    assert "made up" not in story_text(attend(made_up), 2)


def test_words_are_people_s_text():
    story = story_text(attend(OPENING.build().with_sentence("a*b* [x](y) river")), 0)
    assert "](y)" not in story
