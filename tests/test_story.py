"""The story of a word, read as a person reads it and held against numbers that are worked out anew in plain loops."""

import re
from itertools import pairwise

import numpy as np
import pytest
from support.experiments import any_experiment
from support.oracles import VARIANTS as PARTS
from support.oracles import attention, divisor_of, masks_of, may_look, places_of

from attention_core import OPENING, attend
from presentation.story_text import story_text

MARKS = re.compile(r"\*\*|\\")


def worked(experiment):
    """Weights, who may look at whom, embeddings, context vectors and what is mixed, without the core's mathematics."""
    x = np.array([experiment.row(word.casefold()) for word in experiment.words]) + places_of(experiment)
    tables = {"x": x, "q": x @ experiment.w_q, "k": x @ experiment.w_k, "v": x @ experiment.w_v}
    query, key, value, _, added = PARTS[experiment.variant]
    n = len(x)
    allowed = may_look(n, **masks_of(experiment))
    done = attention(tables[query], tables[key], tables[value], divisor=divisor_of(experiment), allowed=allowed)
    return done.weights, allowed, x, done.context + (x if added else 0), tables[value]


def number(text):
    return float(text.replace("−", "-"))


def named(text, labels, word):
    """The positions that a list such as "A, B and 3 others" names, and how many it leaves out."""
    left = re.search(r"and (\d+) others$", text)
    names = re.split(r", | and ", text[: left.start()].rstrip(" ,") if left else text)
    return {word if name == "itself" else labels.index(name) for name in names}, int(left[1]) if left else 0


@pytest.mark.parametrize("seed", range(300))
def test_every_story_of_any_experiment_is_true(seed):
    experiment = any_experiment(seed)
    calculation = attend(experiment)
    weights, allowed, x, context, mixed = worked(experiment)
    decimals, labels = max(experiment.decimals, 2), calculation.labels
    unit = 10.0**-decimals
    for word in range(len(labels)):
        told = MARKS.sub("", story_text(calculation, word))
        row, seen = weights[word], allowed[word]
        assert told.startswith(labels[word])
        if match := re.search(r"looks most at (.+?): ([−\d.]+) (each|of its attention)", told):
            most, left_out = named(match[1], labels, word)
            assert len(most) + left_out == (1 if match[3] == "of its attention" else len(most) + left_out) > 0
            assert all(abs(row[at] - number(match[2])) <= unit / 2 + 1e-12 for at in most)
            others = [row[at] for at in np.flatnonzero(seen) if at not in most]
            assert all(other <= min(row[at] for at in most) + unit for other in others)
            equal = [other for other in others if abs(other - number(match[2])) < unit / 2 - 1e-12]
            assert len(equal) <= left_out, "those that look equal are all told"
        elif match := re.search(r"looks evenly at (?:all|the) (\d+) words.*?: ([\d.]+) each", told):
            assert int(match[1]) == seen.sum() > 1
            assert ("that it may look at" in told) == (not seen.all())
            assert all(abs(weight - number(match[2])) <= unit / 2 + 1e-12 for weight in row[seen])
        elif match := re.search(r"may look only at (.+?), which gets all", told):
            (only,), _ = named(match[1], labels, word)
            assert np.flatnonzero(seen).tolist() == [only]
            assert row[only] == pytest.approx(1)
        else:
            assert "may look at no word" in told
            assert not seen.any()
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
