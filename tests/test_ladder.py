"""The three forms of the lecture on the same numbers, and whom each word prefers in them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from support.experiments import experiments, two_columns

from attention_core import EXAMPLES, OPENING, attend
from attention_core.ladder import LADDER, Favourites, ladder, looked_at_most, most_similar

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def softmax_by_hand(table):
    exponentials = np.exp(table - table.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


# --- the three forms -------------------------------------------------------------------------------------------------


def test_the_forms_come_in_the_order_of_the_lecture():
    assert [variant.id for variant in LADDER] == ["embeddings_only", "queries_and_keys", "qkv"]
    assert [each.experiment.variant for each in ladder(OPENING.build())] == [
        "embeddings_only",
        "queries_and_keys",
        "qkv",
    ]


@pytest.mark.parametrize("name", ["river-bank", "lecture-40-26", "mlm-from-scratch"])
def test_each_form_is_the_lectures_formula(name):
    experiment = EXAMPLES[name].build()
    x = np.array([experiment.row(word.casefold()) for word in experiment.words])
    q, k, v = x @ experiment.w_q, x @ experiment.w_k, x @ experiment.w_v
    to_others = x @ x.T / np.sqrt(x.shape[1])
    np.fill_diagonal(to_others, -np.inf)
    weights = softmax_by_hand(q @ k.T / np.sqrt(k.shape[1]))
    expected = (x + softmax_by_hand(to_others) @ x, weights @ k, weights @ v)
    for calculation, context in zip(ladder(experiment), expected, strict=True):
        np.testing.assert_allclose(calculation.context, context, rtol=1e-10, atol=1e-12)


def test_the_second_and_the_third_form_have_the_same_weights():
    _, second, third = ladder(OPENING.build())
    assert second.attention.weights.tobytes() == third.attention.weights.tobytes()


def test_whatever_form_was_chosen_the_ladder_is_the_same():
    experiment = OPENING.build()
    for variant in LADDER:
        for one, other in zip(ladder(experiment), ladder(replace(experiment, variant=variant.id)), strict=True):
            assert one.experiment == other.experiment


# --- favourites ------------------------------------------------------------------------------------------------------


def test_a_word_prefers_another_word_and_never_itself():
    calculation = attend(two_columns("a b c", rows={"a": (3, 0), "b": (1, 0), "c": (2, 1)}))
    assert most_similar(calculation).words == (2, 0, 0)
    assert looked_at_most(calculation).words == (2, 0, 0)


def test_between_equals_a_word_has_no_favourite():
    calculation = attend(two_columns("a b B", rows={"a": (1, 0), "b": (0, 1)}))
    assert most_similar(calculation).words == looked_at_most(calculation).words == (None, 2, 1)


def test_equal_up_to_rounding_is_equal():
    calculation = attend(two_columns("a b c", rows={"a": (1, 1), "b": (0.3, 0), "c": (0.1, 0.2)}))
    similarities = calculation.x @ calculation.x.T
    assert similarities[0, 1] != 0.1 + 0.2
    assert most_similar(calculation).words[0] is None
    assert looked_at_most(calculation).words[0] is None


def test_a_single_word_prefers_none():
    calculation = attend(two_columns("a"))
    assert most_similar(calculation).words == looked_at_most(calculation).words == (None,)


def test_under_the_mask_a_word_prefers_one_that_came_before():
    calculation = attend(two_columns("a b c", rows={"a": (1, 0), "b": (2, 0), "c": (5, 0)}, masks=("causal",)))
    assert most_similar(calculation).words == looked_at_most(calculation).words == (None, 0, 1)


def test_queries_and_keys_may_prefer_another_word_than_the_most_similar():
    crossed = [[0, 1], [1, 0]]
    experiment = two_columns("a b c", rows={"a": (1, 0), "b": (2, 0), "c": (0, 3)}, w_q=crossed)
    first, *others = ladder(experiment)
    assert most_similar(first).words[0] == looked_at_most(first).words[0] == 1
    assert [looked_at_most(each).words[0] for each in others] == [2, 2]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, 0, 0), (1, 0, 0), (3, 3)),
        ((1, 0, 0), (2, 0, 1), (1, 3)),
        ((1, None, 0), (1, 0, None), (1, 1)),
        ((None, None), (None, None), (0, 0)),
        ((), (), (0, 0)),
    ],
)
def test_favourites_are_the_same_in_so_many_words_of_those_that_have_one_in_both(one, other, expected):
    assert Favourites(one).same_as(Favourites(other)) == expected


def test_favourites_of_sentences_of_different_lengths_are_not_compared():
    with pytest.raises(ValueError):
        Favourites((1, 0)).same_as(Favourites((1,)))


@SETTINGS
@given(experiments())
def test_by_embeddings_alone_a_word_always_prefers_the_most_similar(experiment):
    first = ladder(experiment)[0]
    same, compared = most_similar(first).same_as(looked_at_most(first))
    assert same == compared


@SETTINGS
@given(experiments())
def test_a_favourite_is_clearly_ahead_of_every_other_word_it_may_look_at(experiment):
    for calculation in ladder(experiment):
        similarity = [[float(np.dot(a, b)) for b in calculation.x] for a in calculation.x]
        for favourites, table in (
            (most_similar(calculation), similarity),
            (looked_at_most(calculation), calculation.attention.scaled_scores.tolist()),  # weights may be too small
        ):
            for i, favourite in enumerate(favourites.words):
                others = [j for j in range(len(table)) if j != i and calculation.allowed[i, j]]
                ranked = sorted((table[i][j] for j in others), reverse=True)
                if favourite is not None:
                    assert favourite in others
                    assert table[i][favourite] == pytest.approx(ranked[0], rel=1e-9, abs=1e-12)
                    assert len(ranked) == 1 or ranked[0] > ranked[1]
                else:
                    near = 1e-11 * max(map(abs, ranked), default=0.0)
                    assert not ranked or ranked[0] == pytest.approx(ranked[1], abs=near)


# --- printed numbers -------------------------------------------------------------------------------------------------


def test_the_lecture_has_scores_40_and_26_for_its_second_word_and_halves_them():
    experiment = EXAMPLES["lecture-40-26"].build()
    assert (experiment.words, experiment.variant) == (("hello", "world"), "queries_and_keys")
    calculation = attend(experiment)
    assert calculation.attention.scores[1].tolist() == [40, 26]
    assert calculation.attention.scaled_scores[1].tolist() == [20, 13]
    assert calculation.divisor == 2


def test_the_score_40_can_be_done_in_the_head():
    calculation = attend(EXAMPLES["lecture-40-26"].build())
    assert calculation.q[1].tolist() == [1, 2, 0, 4]
    assert calculation.k.tolist() == [[4, 6, 3, 6], [2, 4, 0, 4]]
    assert 1 * 4 + 2 * 6 + 0 * 3 + 4 * 6 == 40
    assert 1 * 2 + 2 * 4 + 0 * 0 + 4 * 4 == 26


def test_bank_is_a_fifth_of_money_seven_tenths_of_itself_and_a_tenth_of_grows():
    calculation = attend(EXAMPLES["bank-as-printed"].build())
    assert calculation.words == ("money", "bank", "grows")
    assert calculation.x[1].tolist() == [0.6, 0.2, 0.1, 0.7]
    assert [f"{weight:.1f}" for weight in calculation.attention.weights[1]] == ["0.2", "0.7", "0.1"]
    np.testing.assert_allclose(calculation.attention.weights[1], [0.2, 0.7, 0.1], atol=0.001)


def test_its_weights_are_the_softmax_of_its_dot_products():
    x = np.array([[-0.9, 0.1, 0.3, 0.2], [0.6, 0.2, 0.1, 0.7], [-1.2, -0.4, 0.3, -0.4]])
    calculation = attend(EXAMPLES["bank-as-printed"].build())
    weights = softmax_by_hand(x @ x.T)
    np.testing.assert_allclose(calculation.attention.weights, weights, rtol=1e-12)
    np.testing.assert_allclose(calculation.context, weights @ x, rtol=1e-12)
