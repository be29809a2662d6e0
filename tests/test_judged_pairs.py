"""Near words are near in the lexicon: pairs judged by us, opposites as far, and the neighbours of some words."""

import csv
from pathlib import Path

import numpy as np
import pytest

from attention_core.lexicon import LEXICON_DIMENSIONS, lexicon

THRESHOLD = 0.6  # of the cosine over all dimensions
PAIRS = list(csv.DictReader((Path(__file__).parent / "data" / "judged_pairs.csv").read_text("utf-8").splitlines()))
LEXICON = lexicon()


def cosine(one, other):
    one, other = (np.array(LEXICON[word]) for word in (one, other))
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def cosines(judged):
    return np.array([cosine(pair["one"], pair["other"]) for pair in PAIRS if pair["judged"] == judged])


def test_there_are_more_than_three_hundred_judged_pairs_and_none_comes_twice():
    assert len({frozenset((pair["one"], pair["other"])) for pair in PAIRS}) == len(PAIRS) > 300
    assert {pair["judged"] for pair in PAIRS} == {"near", "far"}


def test_at_least_95_of_100_near_pairs_are_near():
    assert np.mean(cosines("near") >= THRESHOLD) >= 0.95


def test_at_least_95_of_100_far_pairs_are_far():
    assert np.mean(cosines("far") < THRESHOLD) >= 0.95


def test_every_dimension_is_needed_to_tell_near_from_far():
    """Without any one of them, words that it alone holds become nothing, or like words of another kind."""
    numbers = np.array(list(LEXICON.values()))
    rows = {tuple(row) for row in numbers}
    for column, name in enumerate(LEXICON_DIMENSIONS):
        without = {tuple(row) for row in np.delete(numbers, column, axis=1)}
        assert len(without) < len(rows), name


@pytest.mark.parametrize(
    ("word", "neighbours"),
    [
        ("dog", "wolf cat fox horse puppy kitten pet calf pony deer lamb goat"),
        ("river", "lake creek stream bay canal pond coast gulf ditch riverbank shore water"),
        ("tea", "coffee cocoa juice lemonade soda beer wine alcohol vodka whisky"),
        ("train", "tram carriage aircraft airplane helicopter jet scooter bus motorbike motorcycle"),
        ("mother", "father sister aunt brother bride cousin daughter grandfather grandma dad mum mom mama"),
        ("sad", "afraid angry anxious ashamed despair disappointed embarrassed fear frightened sadness miserable"),
        ("think", "believe know understand guess consider imagine analyse compare intend assume"),
        ("kitchen", "bar bakery mill cafe pub restaurant room hall attic oven pan"),
        ("school", "college university classroom library church laboratory kindergarten museum courthouse map address"),
        ("music", "song opera melody tune jazz hum lyrics concert performance design"),
        ("war", "battle conflict attack invasion military conquer hostile"),
        ("winter", "autumn summer spring season snow"),
    ],
)
def test_the_nearest_neighbours_of_a_word_are_such_as_a_person_would_name(word, neighbours):
    near = {other: cosine(word, other) for other in LEXICON if other != word and any(LEXICON[other])}
    fifth = sorted(near.values())[-5]  # several may be as near as that
    assert sum(near[other] >= fifth for other in neighbours.split()) >= 3


def test_the_readme_tells_these_figures():
    root = Path(__file__).parent.parent
    readme = " ".join((root / "README.md").read_text("utf-8").split())
    rows = list(csv.DictReader((root / "attention_core" / "lexicon.csv").read_text("utf-8").splitlines()))
    near, far = np.mean(cosines("near") >= THRESHOLD), np.mean(cosines("far") < THRESHOLD)
    assert f"some {round(len(rows), -2):,} words of everyday English" in readme
    assert f"one of {len({row['kind'] for row in rows})}: animal" in readme
    assert f"{len(PAIRS)} pairs of words that we judged" in readme
    assert far == 1
    assert (
        f"a cosine of {THRESHOLD} separates {near:.0%} of the near pairs and all of the far ones".replace("%", " %")
        in readme
    )
