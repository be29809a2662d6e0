"""The examples of several heads do what their stories say, and a person who changes them finds their way back."""

from dataclasses import replace

import numpy as np
import pytest
from support.oracles import all_heads

from attention_core import EXAMPLES, Stage, attend, unedited
from attention_core.comparisons import COMPARISONS, Remembered
from attention_core.examples import is_as_it_came
from attention_core.head_changes import with_head_added, with_head_named, with_head_removed
from attention_core.matrices import MAX_DIMENSION
from attention_core.shuffling import shuffled
from presentation.tables import TABLES, notes

TWO = EXAMPLES["two-heads"].build()
JOURNEY = EXAMPLES["journey-two-heads"].build()
OF_HEADS = [name for name, example in EXAMPLES.items() if len(example.build().heads) > 1]

# Printed in chapter 3 of the book, with four decimals.
PRINTED_JOURNEY = [
    [-0.4519, 0.2216, 0.4772, 0.1063],
    [-0.5874, 0.0058, 0.5891, 0.3257],
    [-0.6300, -0.0632, 0.6202, 0.3860],
    [-0.5675, -0.0843, 0.5478, 0.3589],
    [-0.5526, -0.0981, 0.5321, 0.3428],
    [-0.5299, -0.1081, 0.5077, 0.3493],
]


def looks_most(experiment, head):
    """Where each word looks most in a head; None where it looks nowhere most."""
    rows = attend(experiment).heads[head].attention.weights
    return [int(row.argmax()) if np.sum(row > row.max() - 1e-3) == 1 else None for row in rows]


def test_each_noun_finds_the_verb_and_each_word_the_one_before_it():
    assert TWO.words == ("The", "dog", "chased", "the", "mouse")
    assert [looks_most(TWO, 0)[noun] for noun in (1, 4)] == [2, 2]
    assert looks_most(TWO, 1) == [0, 0, 1, 2, 3]
    for head, word, at in ((0, 1, 2), (0, 4, 2), *((1, word, max(word - 1, 0)) for word in range(5))):
        assert attend(TWO).heads[head].attention.weights[word, at] > 0.95


@pytest.mark.parametrize("count", range(1, 11))
def test_the_word_before_is_found_for_up_to_ten_words_whichever_they_are(count):
    words = ["zorp", "river", "zorp", "money", "the", "the", "dog", "ran", "to", "ran"]
    some = TWO.with_sentence(" ".join(words[:count]))
    assert looks_most(some, 1) == [max(word - 1, 0) for word in range(count)]


def test_only_the_first_job_follows_its_words_when_they_are_shuffled():
    for seed in range(5):
        other = shuffled(TWO, seed)
        verb = other.words.index("chased")
        assert [looks_most(other, 0)[other.words.index(noun)] for noun in ("dog", "mouse")] == [verb, verb]
        np.testing.assert_array_equal(attend(other).heads[1].attention.weights, attend(TWO).heads[1].attention.weights)


def test_without_positions_no_word_finds_the_one_before_it():
    assert looks_most(replace(TWO, positions="none"), 1) == [None] * 5


def test_the_two_heads_of_the_book_give_what_it_prints():
    np.testing.assert_allclose(attend(JOURNEY).context, PRINTED_JOURNEY, atol=0.5e-4)
    np.testing.assert_allclose(all_heads(JOURNEY)[2], PRINTED_JOURNEY, atol=0.5e-4)


@pytest.mark.parametrize("name", OF_HEADS)
def test_looking_at_another_head_changes_nothing_of_an_example(name):
    example = EXAMPLES[name].build()
    for place in range(len(example.heads)):
        other = example.with_head_chosen(place)
        assert is_as_it_came(other, example) and unedited(other) == other
        assert COMPARISONS["example"].other(other, Remembered(None, None)) == other
        assert not any("was" in note for table in ("w_q", "w_k", "w_v") for note in notes(other, table))
    assert not is_as_it_came(with_head_added(example), example)
    assert not is_as_it_came(replace(example, scaled=False), example)


def test_what_a_head_was_is_told_of_that_head_also_once_another_is_gone():
    changed = TWO.with_head_chosen(1)
    changed = TABLES[Stage.W_Q].replaced(changed, changed.w_q + 1)
    assert notes(changed, "w_q")[2] == "q1 was 52, q2 was -30"
    alone = with_head_removed(changed.with_head_chosen(0))
    assert alone.head == 0 and notes(alone, "w_q")[2] == "q1 was 52, q2 was -30"
    renamed = with_head_named(changed, "before it")
    assert notes(renamed, "w_q")[2] == "q1 was 52, q2 was -30", "by its place"


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_an_experiment_started_from_is_known_for_any_sizes_and_any_number_of_heads(name):
    experiment = with_head_added(EXAMPLES[name].build())
    assert len(unedited(experiment).heads) == 1
    wide = EXAMPLES[name].build()
    while len(wide.heads) > 1:
        wide = with_head_removed(wide)
    wide = wide.resized(d_model=MAX_DIMENSION, d_k=MAX_DIMENSION, d_v=MAX_DIMENSION)
    assert unedited(wide).d_v == MAX_DIMENSION
