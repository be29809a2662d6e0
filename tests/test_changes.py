"""What is different between two calculations, word by word."""

from dataclasses import replace

import numpy as np
import pytest

from attention_core import OPENING, attend
from attention_core.changes import counterpart, same_places

NOW = attend(OPENING.build())


def of(sentence, **changed):
    return attend(replace(OPENING.build().with_sentence(sentence), **changed))


def test_the_same_calculation_has_its_own_numbers_everywhere():
    same = counterpart(NOW, NOW)
    assert np.array_equal(same.scores, NOW.attention.scores)
    assert np.array_equal(same.weights, NOW.attention.weights)
    assert np.array_equal(same.context, NOW.context)
    assert not same.forbidden.any()


def test_a_word_in_the_place_of_another_has_its_numbers_as_counterparts():
    money = of("We walked to the money bank")
    before = counterpart(money, NOW)
    assert np.array_equal(before.context[5], NOW.context[5])
    assert np.array_equal(before.weights[5, 4:5], NOW.attention.weights[5, 4:5])


@pytest.mark.parametrize(
    ("now", "then", "places"),
    [
        ("a b c", "a b c", [0, 1, 2]),
        ("a x c", "a b c", [0, 1, 2]),
        ("new a b", "a b", [-1, 0, 1]),
        ("b", "a b c", [1]),
        ("a c", "a b c", [0, 2]),
        ("a q r c", "a b c", [0, -1, -1, 2]),
        ("x", "a b", [-1]),
        ("The cat the dog", "the dog", [-1, -1, 0, 1]),
    ],
)
def test_words_find_their_places_in_another_sentence(now, then, places):
    assert same_places(now.split(), then.split()).tolist() == places


def test_a_word_that_came_in_has_no_counterpart_in_its_row_and_column():
    longer = of("We all walked to the river bank")
    before = counterpart(longer, NOW)
    assert (
        np.isnan(before.scores[1]).all() and np.isnan(before.weights[:, 1]).all() and np.isnan(before.context[1]).all()
    )
    kept = [0, 2, 3, 4, 5, 6]
    assert np.array_equal(before.weights[np.ix_(kept, kept)], NOW.attention.weights)
    assert np.array_equal(before.context[kept], NOW.context)


def test_where_it_was_forbidden_to_look_the_weight_was_0_and_that_is_known():
    before = counterpart(NOW, attend(replace(OPENING.build(), masks=("causal",))))
    above = np.triu(np.ones((6, 6), bool), 1)
    assert np.array_equal(before.forbidden, above)
    assert (before.weights[above] == 0).all()


def test_context_vectors_of_another_length_have_no_counterpart():
    wider = attend(OPENING.build().resized(d_v=5))
    assert np.isnan(counterpart(wider, NOW).context).all()
    assert np.array_equal(counterpart(wider, NOW).weights, NOW.attention.weights)
