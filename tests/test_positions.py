"""Word order: what a place adds, what follows from it, and whether another order of the words matters."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import EYE, experiments, two_columns
from support.oracles import places_of

from attention_core import OPENING, attend, derive, trace
from attention_core.positions import WORD_ORDERS, sinusoidal
from attention_core.shuffling import reordered, shuffled
from exports.scripts import numpy_script
from presentation.order_text import order_text
from sharing.document import from_document, to_document

THE_CAT = "the cat saw the dog"
OPEN = OPENING.build()


def test_the_waves_are_those_of_the_paper():
    """PE(pos, 2i) = sin(pos ÷ 10000^(2i/d)), PE(pos, 2i + 1) = cos of the same; worked out by hand for d = 4."""
    table = sinusoidal(3, 4, 10_000.0)
    assert table[0].tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(table[2], [math.sin(2), math.cos(2), math.sin(0.02), math.cos(0.02)], atol=1e-15)


@given(st.integers(1, 40), st.integers(1, 16), st.floats(1, 1e6))
def test_the_waves_of_any_size_are_those_of_the_formula(n, d_model, base):
    experiment = replace(OPEN.resized(d_model=d_model), sentence="a " * n, positions="sinusoidal", position_base=base)
    np.testing.assert_allclose(sinusoidal(n, d_model, base), places_of(experiment), atol=1e-12)


@pytest.mark.parametrize("order", WORD_ORDERS)
def test_what_a_place_adds_is_added_before_anything_is_projected(order):
    experiment = two_columns(
        "a b a", positions=order, position_rows=((1, 2), (3, 4)), w_q=2 * EYE, w_k=3 * EYE, w_v=5 * EYE
    )
    calculation = attend(experiment)
    x = np.array([[1.0, 0], [0, 1], [1, 0]]) + places_of(experiment)
    np.testing.assert_allclose(calculation.x, x, atol=1e-15)
    for part, times in (("q", 2), ("k", 3), ("v", 5)):
        np.testing.assert_allclose(calculation.table(part), times * x, atol=1e-12)


def test_a_table_of_ones_own_may_be_shorter_or_longer_than_the_sentence():
    rows = ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0))
    long, short = (attend(two_columns(words, positions="own", position_rows=rows)) for words in ("a b a b", "a b"))
    assert long.positions.tolist() == [[1, 2], [3, 4], [5, 6], [0, 0]]
    assert short.positions.tolist() == [[1, 2], [3, 4]]
    assert short.experiment.position_rows == rows, "the third row waits for a third word"
    typed = short.experiment.with_positions([[9, 9], [8, 8]])
    assert typed.position_rows == ((9.0, 9.0), (8.0, 8.0), (5.0, 6.0))


def test_a_table_of_positions_that_is_typed_is_in_use_and_one_of_zeros_is_none():
    typed = two_columns("a b").with_positions([[0, 0], [0, 7]])
    assert (typed.positions, typed.position_rows) == ("own", ((0.0, 0.0), (0.0, 7.0)))
    assert typed.with_positions([[0, 0], [0, 0]]).position_rows == ()


def test_positions_follow_the_number_of_columns():
    wide = two_columns("a b", positions="own", position_rows=((1, 2),)).resized(d_model=3)
    assert attend(wide).positions.tolist() == [[1, 2, 0], [0, 0, 0]]
    assert attend(wide.resized(d_model=1)).positions.tolist() == [[1], [0]]


@settings(max_examples=40, deadline=None)
@given(experiments())
def test_positions_survive_the_document(experiment):
    assert from_document(to_document(experiment)) == experiment


WRONG = {
    "another order": ({"positions": "clockwise"}, "There is no word order called 'clockwise'"),
    "a base of 0": ({"position_base": 0}, "a number from 1 to 1,000,000, not 0"),
    "a base that is no number": ({"position_base": math.nan}, "a number from 1 to 1,000,000, not nan"),
    "a base that is text": ({"position_base": "10"}, "a number from 1 to 1,000,000, not '10'"),
    "rows of different lengths": ({"position_rows": ((1, 2), (1,))}, "rows of different lengths"),
    "a number that is not finite": ({"position_rows": ((1, math.inf),)}, "a cell that is not a finite number"),
    "too many rows": ({"position_rows": ((1, 2),) * 513}, "has 513 rows; up to 512 work here"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_word_order_can_be_is_refused_in_plain_words(name):
    changed, told = WRONG[name]
    with pytest.raises(ValueError, match=told):
        two_columns("a b", **changed)


# --- sums ------------------------------------------------------------------------------------------------------------


def test_a_query_goes_back_to_the_embedding_and_its_place():
    calculation = attend(replace(OPEN, positions="sinusoidal"))
    steps = trace(calculation, "weights", 5, 4)
    assert [step.target.symbol for step in steps][:4] == ["q"] * 4
    embedding, place = derive(calculation, "x", 5, 1).terms
    assert (embedding[0].symbol, place[0].symbol) == ("embeddings", "positions")
    assert derive(calculation, "positions", 5, 1).evaluate() == math.cos(5)


def test_without_word_order_no_sum_speaks_of_it():
    similarity = attend(replace(OPEN, variant="similarity"))
    assert {step.target.symbol for step in trace(similarity, "weights", 5, 4)} == {"scores", "scaled_scores", "weights"}
    placed = attend(replace(OPEN, variant="similarity", positions="sinusoidal"))
    assert "x" in {step.target.symbol for step in trace(placed, "weights", 5, 4)}


def test_a_script_makes_the_waves_itself():
    script = numpy_script(replace(OPEN, positions="sinusoidal", position_base=50.0))
    assert "place / 50.0 ** ((number - number % 2) / X.shape[1])" in script
    assert "X = X + P" in script and "P = " not in numpy_script(OPEN)


# --- does the order matter? ------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(experiments(), st.integers(0, 9))
def test_without_word_order_and_masks_of_places_another_order_changes_no_context_vector(experiment, seed):
    plain = replace(experiment, positions="none", masks=())
    other = shuffled(plain, seed)
    if other is None:
        return
    before, now = attend(plain), attend(other)
    found = reordered(before, now)
    assert found.different == () and found.moved > 0
    for word in set(plain.vocabulary):
        old, new = (
            np.sort(each.context[[label.casefold() == word for label in each.words]], axis=0) for each in (before, now)
        )
        np.testing.assert_allclose(old, new, rtol=1e-9, atol=1e-9)


def test_with_word_order_or_a_causal_mask_another_order_changes_context_vectors_and_the_reason_is_told():
    for changed, reason in (({"positions": "sinusoidal"}, "“Waves”"), ({"masks": ("causal",)}, "The causal mask")):
        experiment = replace(OPEN, **changed)
        before, now = attend(experiment), attend(shuffled(experiment, 1))
        assert reordered(before, now).different
        told = order_text(before, now)
        assert told.startswith("**The order matters:**") and reason in told


def test_that_the_order_does_not_matter_is_told_of_numbers_that_were_compared():
    before, now = attend(OPEN), attend(shuffled(OPEN, 1))
    largest = max(
        abs(before.context[before.words.index(word)] - now.context[now.words.index(word)]).max() for word in now.words
    )
    told = order_text(before, now)
    assert told.startswith("**The order does not matter:**")
    assert ("exactly the same" in told) == (largest == 0)


def test_places_alone_tell_two_the_apart():
    same = attend(two_columns(THE_CAT))
    apart = attend(two_columns(THE_CAT, positions="sinusoidal"))
    assert same.context[0].tolist() == same.context[3].tolist()
    assert np.abs(apart.context[0] - apart.context[3]).max() > 0.01


def test_a_shuffle_keeps_the_words_and_everything_else():
    other = shuffled(OPEN, 3)
    assert sorted(other.words) == sorted(OPEN.words) and other.words != OPEN.words
    assert other.agrees_with(OPEN, but_for={"sentence"})
    characters = shuffled(replace(OPEN, sentence="bank", split_into="characters"), 3)
    assert sorted(characters.words) == sorted("bank")


@pytest.mark.parametrize("sentence", ["bank", "bank bank Bank"])
def test_equal_words_have_no_other_order(sentence):
    assert shuffled(replace(OPEN, sentence=sentence), 1) is None


def test_two_sentences_are_compared_only_if_their_order_alone_differs():
    now = attend(OPEN)
    assert reordered(now, now) is None
    assert reordered(attend(OPEN.with_sentence("We walked to the money bank")), now) is None
    assert reordered(attend(replace(shuffled(OPEN, 1), scaled=False)), now) is None
    assert order_text(now, now) == ""
