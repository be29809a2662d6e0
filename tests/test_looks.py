"""Where a word looks is told in sentences that are true of ties, masks and a single word."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from support.experiments import experiments, two_columns

from attention_core import attend
from attention_core.telling import as_shown, most_looked_at
from exports.article import article
from presentation.looks import looks_most, row_sums

SETTINGS = settings(derandomize=True, deadline=None, max_examples=300)
LABELS = ("a", "b", "c", "d", "e")


def told(weights, allowed=None):
    allowed = np.ones(len(weights), dtype=bool) if allowed is None else np.array(allowed, dtype=bool)
    return looks_most("x", np.array(weights), allowed, LABELS[: len(weights)], decimals=2)


@pytest.mark.parametrize(
    ("weights", "allowed", "sentence"),
    [
        ([0.25, 0.75], None, "x looks most at b: 0.75 of its attention."),
        ([0.2] * 5, None, "x looks equally at all 5 words: 0.20 of its attention at each."),
        ([0.4, 0.2, 0.4], None, "x looks most at a and c: 0.40 of its attention at each."),
        ([0.5, 0.5, 0.0], [1, 1, 0], "x looks equally at a and b: 0.50 of its attention at each."),
        ([0.24, 0.24, 0.24, 0.24, 0.04], None, "x looks most at a, b and 2 others: 0.24 of its attention at each."),
        ([1.0], None, "x looks only at a: 1.00 of its attention."),
        ([0.0, 1.0], [0, 1], "x looks only at b: 1.00 of its attention."),
        ([0.334, 0.333, 0.333], None, "x looks equally at all 3 words: 0.33 of its attention at each."),
        ([0.336, 0.332, 0.332], None, "x looks most at a: 0.34 of its attention."),
        ([0.0, 0.0], [0, 0], "x may look at no word, so all its weights are 0."),
    ],
)
def test_ties_masks_and_single_words_are_told_as_they_are(weights, allowed, sentence):
    assert told(weights, allowed) == sentence


@pytest.mark.parametrize(("decimals", "most"), [(2, (0, 1)), (3, (0, 1)), (4, (1,))])
def test_weights_share_the_first_place_where_they_look_equal(decimals, most):
    weights, everything = np.array([0.3451, 0.3454, 0.3095]), np.ones(3, dtype=bool)
    assert most_looked_at(weights, everything, decimals=decimals) == most
    assert most_looked_at(weights, ~everything, decimals=decimals) == ()


def test_equal_is_what_is_printed_equal():
    near = np.array([1.115, 1.11])  # 1.115 is stored a little below, and printed 1.11
    assert as_shown(near, 2).tolist() == [1.11, 1.11] and [f"{each:.2f}" for each in near] == ["1.11", "1.11"]


def test_two_decimals_are_told_where_the_tables_show_none():
    weights = np.array([0.2, 0.3, 0.5])
    sentence = looks_most("x", weights, weights > 0, LABELS[:3], decimals=0)
    assert sentence == "x looks most at c: 0.50 of its attention."


@pytest.mark.parametrize(("allowed", "sums"), [([[1, 0], [1, 1]], {1}), ([[0, 0], [1, 1]], {0, 1})])
def test_what_rows_sum_to_is_told_of_this_mask(allowed, sums):
    assert ("or to 0" in row_sums(np.array(allowed, dtype=bool))) == (0 in sums)


@SETTINGS
@given(experiments())
def test_whoever_is_told_to_get_most_gets_it(experiment):
    calculation = attend(experiment)
    for word, (weights, allowed) in enumerate(zip(calculation.attention.weights, calculation.allowed, strict=True)):
        labels = [f"<{at}>" for at in range(len(weights))]
        sentence = looks_most("x", weights, allowed, labels, decimals=6)
        named = [int(each) for each in re.findall(r"<(\d+)>", sentence)]
        others = int((re.findall(r"and (\d+) others", sentence) or [0])[0])
        printed = [f"{weight:.6f}" for weight in weights[allowed]]
        largest = printed.count(max(printed, default=""))
        whole = "all" in sentence and not named and allowed.any()
        assert (len(weights) if whole else len(named) + others) == largest, (word, sentence)
        assert all(allowed[at] and f"{weights[at]:.6f}" == max(printed) for at in named)
        if amount := re.search(r": (\d\.\d+) of its attention", sentence):
            assert float(amount[1]) == pytest.approx(weights.max(), abs=5.1e-7)
        assert ("equally" in sentence) == (largest == allowed.sum() > 1)


@SETTINGS
@given(experiments())
def test_an_article_claims_of_the_rows_only_what_they_sum_to(experiment):
    calculation = attend(experiment)
    text = article(calculation, word=0).markdown
    (claimed,) = re.findall(r"Each row sums to 1(, or to 0 where a word may look nowhere)?", text)
    assert bool(claimed) == bool((calculation.attention.weights.sum(axis=1) < 0.5).any())
    assert ("where a word may not look its weight is 0" in text) == (not calculation.allowed.all())
    assert "positive" not in text.partition("Softmax")[2]


def test_an_article_on_vectors_of_one_number_does_not_praise_a_division_by_one():
    one = replace(two_columns(), w_q=np.ones((2, 1)), w_k=np.ones((2, 1)))
    text = article(attend(one), word=0).markdown
    assert r"$\sqrt{1} = 1.00$. Here that changes nothing" in text and "vanishes" not in text
    assert "vanishes" in article(attend(two_columns()), word=0).markdown


def test_an_article_does_not_say_that_words_changed_what_nothing_changed():
    alone = article(attend(two_columns("a")), word=0).markdown
    assert "looks only at **a**: 1.00 of its attention." in alone
    assert "have changed what it means" not in alone
