"""Each word as an equation of its context: shares that are right, and the same in any order of the words."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import experiments, two_columns

from attention_core import attend
from attention_core.lessons import Lessons
from attention_core.two_sentences import pair_of
from presentation.equations import equation, right_side, same_vectors
from presentation.text import plain, shown

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


@SETTINGS
@given(experiments())
def test_an_equation_gives_the_largest_shares_of_the_words_that_it_names(experiment):
    calculation = attend(experiment)
    names = [plain(label) for label in calculation.labels]
    for row, (weights, allowed) in enumerate(zip(calculation.attention.weights, calculation.allowed, strict=True)):
        left, _, right = equation(calculation, row).partition(" = ")
        assert left == f"**{names[row]}**"
        terms = [] if right == "0" else right.split(" + ")
        if experiment.variant == "embeddings_only":
            assert terms.pop() == f"{names[row]} as it was"
        seen = np.flatnonzero(allowed)
        if len(seen) > 4:
            assert terms.pop() == f"… ({len(seen) - 4} more)"
        assert len(terms) == min(len(seen), 4)
        named = [names.index(term.split(" · ")[1]) for term in terms]
        for term, at in zip(terms, named, strict=True):
            assert at in seen and term.split(" · ")[0] == shown(weights[at], experiment.decimals)
        others = [weights[at] for at in seen if at not in named]
        assert not others or min(weights[named]) >= max(others)


@SETTINGS
@given(experiments(), st.randoms(use_true_random=False))
def test_without_a_mask_and_places_the_same_words_in_any_order_get_the_same_vectors(experiment, random):
    order = list(experiment.words)
    random.shuffle(order)
    lessons = Lessons(other_sentence=" ".join(order))
    pair = pair_of(replace(experiment, masks=(), positions="none", lessons=lessons))
    assert list(pair.second.words) == order or pair.second.words == pair.first.words
    same, shared = same_vectors(pair)
    assert same == shared == len(pair.first.vocabulary)


def test_with_a_mask_the_order_counts():
    experiment = two_columns("a b", masks=("causal",), lessons=Lessons(other_sentence="b a"))
    assert same_vectors(pair_of(experiment)) == (0, 2)


def test_what_the_right_side_stands_for_follows_the_way_to_attend():
    told = {way: right_side(attend(two_columns(variant=way))) for way in ("similarity", "queries_and_keys", "qkv")}
    assert told == {"similarity": "their embeddings", "queries_and_keys": "their keys", "qkv": "their values"}


def test_a_word_that_may_look_nowhere_is_nothing():
    alone = two_columns("a b", variant="embeddings_only", masks=("causal",))
    assert equation(attend(alone), 0) == "**a** = a as it was"
