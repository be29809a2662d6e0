"""The numbers of the lessons: those that the articles print, and those that a person may put in their place."""

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import lessons

from attention_core import OPENING
from attention_core.lessons import (
    FIRST_VECTORS,
    PRINTED_DECIMALS,
    PRINTED_EMBEDDINGS,
    PRINTED_EXPONENTIALS,
    PRINTED_SCORES,
    PRINTED_TOTAL,
    PRINTED_WEIGHTS,
    PRINTED_WORDS,
    VECTOR_NAMES,
    Lessons,
)

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
HALF_A_UNIT = 0.5 * 10**-PRINTED_DECIMALS


def dot(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


# --- what they start with --------------------------------------------------------------------------------------------


def test_the_first_vectors_have_the_two_printed_dot_products():
    a, b, c = FIRST_VECTORS
    assert dot(b, c) == 26
    assert dot(a, c) == 11


def test_lessons_start_with_the_printed_numbers():
    lessons = Lessons()
    assert lessons.vectors == FIRST_VECTORS
    assert lessons.score_row == PRINTED_SCORES == (0.150, 0.559, 0.902, 1.261)
    assert (lessons.other_sentence, lessons.key_size, lessons.seed) == ("", 64, 1)


def test_every_printed_word_has_a_number_at_every_stage():
    stages = (PRINTED_EMBEDDINGS, PRINTED_SCORES, PRINTED_EXPONENTIALS, PRINTED_WEIGHTS)
    assert {len(stage) for stage in stages} == {len(PRINTED_WORDS)} == {4}
    assert len(VECTOR_NAMES) == len(FIRST_VECTORS)


def test_the_printed_exponentials_are_those_of_the_printed_scores():
    for score, printed in zip(PRINTED_SCORES, PRINTED_EXPONENTIALS, strict=True):
        assert abs(math.exp(score) - printed) <= HALF_A_UNIT


def test_the_printed_total_is_the_sum_of_the_rounded_exponentials_and_not_of_the_exact_ones():
    assert PRINTED_TOTAL == 8.905
    assert sum(PRINTED_EXPONENTIALS) == pytest.approx(8.905, abs=1e-12)
    exact = sum(map(math.exp, PRINTED_SCORES))
    assert f"{exact:.3f}" == "8.904"
    assert abs(exact - PRINTED_TOTAL) > HALF_A_UNIT


def test_the_printed_weights_are_those_of_the_printed_scores_by_either_total():
    exponentials = [math.exp(score) for score in PRINTED_SCORES]
    for total in (sum(exponentials), PRINTED_TOTAL):
        for exponential, printed in zip(exponentials, PRINTED_WEIGHTS, strict=True):
            assert abs(exponential / total - printed) <= HALF_A_UNIT


def test_the_printed_weights_lack_a_thousandth_of_1():
    assert sum(PRINTED_WEIGHTS) == pytest.approx(0.999, abs=1e-12)


# --- what is refused, word for word ----------------------------------------------------------------------------------

VECTORS = "The table of vectors"
ROW = "The row of scores"
NOT_A_NUMBER = "{} has a cell that is not a number, or rows of different lengths."
NOT_FINITE = "{} has a cell that is not a finite number."
BEYOND = "{} has a number beyond ±1,000,000; numbers up to that work here."
SIZE = "A vector has 2 to 8 numbers here."
KEY_SIZE = "The key size is a whole number from 1 to 512."
SEED = "The seed is a whole number from 0 to 9999."

REFUSED = {
    "no vector": ({"vectors": ()}, "There are 2 or 3 vectors here, not 0."),
    "one vector": ({"vectors": ((1, 2),)}, "There are 2 or 3 vectors here, not 1."),
    "four vectors": ({"vectors": ((1, 2),) * 4}, "There are 2 or 3 vectors here, not 4."),
    "vectors of one number": ({"vectors": ((1,), (2,))}, SIZE),
    "vectors of nine numbers": ({"vectors": ((1,) * 9,) * 2}, SIZE),
    "vectors of no number": ({"vectors": ((), ())}, f"{VECTORS} has 0 columns; 1 to 16 work here."),
    "vectors of different sizes": ({"vectors": ((1, 2), (1, 2, 3))}, NOT_A_NUMBER.format(VECTORS)),
    "a vector of text": ({"vectors": ((1, 2), ("a", "b"))}, NOT_A_NUMBER.format(VECTORS)),
    "two numbers for vectors": ({"vectors": (1, 2)}, f"{VECTORS} came as 2; needed is 2 × 1 to 16 (rows × columns)."),
    "an infinite vector": ({"vectors": ((1, 2), (math.inf, 0))}, NOT_FINITE.format(VECTORS)),
    "a huge vector": ({"vectors": ((1, 2), (1e7, 0))}, BEYOND.format(VECTORS)),
    "three scores": ({"score_row": (1, 2, 3)}, f"{ROW} came as 1 × 3; needed is 1 × 4 (rows × columns)."),
    "five scores": ({"score_row": (1,) * 5}, f"{ROW} came as 1 × 5; needed is 1 × 4 (rows × columns)."),
    "no scores": ({"score_row": ()}, f"{ROW} came as 1 × 0; needed is 1 × 4 (rows × columns)."),
    "a score that is no number": ({"score_row": (1, 2, 3, math.nan)}, NOT_FINITE.format(ROW)),
    "a score in text": ({"score_row": (1, 2, 3, "four")}, NOT_A_NUMBER.format(ROW)),
    "a huge score": ({"score_row": (1, 2, 3, -1e7)}, BEYOND.format(ROW)),
    "keys of no number": ({"key_size": 0}, KEY_SIZE),
    "keys too large": ({"key_size": 513}, KEY_SIZE),
    "keys of half a number": ({"key_size": 2.5}, KEY_SIZE),
    "a key size with a point": ({"key_size": 64.0}, KEY_SIZE),
    "a key size that is on": ({"key_size": True}, KEY_SIZE),
    "a key size in text": ({"key_size": "64"}, KEY_SIZE),
    "a seed below 0": ({"seed": -1}, SEED),
    "a seed too large": ({"seed": 10_000}, SEED),
    "no seed": ({"seed": None}, SEED),
    "a sentence too long": (
        {"other_sentence": "a" * 10_001},
        "The second sentence has 10,001 characters; up to 10,000 work here.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_in_words(name):
    change, message = REFUSED[name]
    with pytest.raises(ValueError) as error:
        Lessons(**change)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "change",
    [
        {"vectors": ((1.0, 2.0), (3.0, 4.0))},
        {"vectors": ((1.0,) * 8,) * 3},
        {"vectors": ((1e6, -1e6), (0.0, 0.0))},
        {"score_row": (1e6, -1e6, 0.0, 5e-324)},
        {"key_size": 1},
        {"key_size": 512},
        {"seed": 0},
        {"seed": 9_999},
        {"other_sentence": "a" * 10_000},
    ],
    ids=lambda change: str(change)[:60],
)
def test_what_just_fits_is_taken_as_it_is(change):
    ((name, value),) = change.items()
    assert getattr(Lessons(**change), name) == value


# --- lessons never change --------------------------------------------------------------------------------------------


def test_they_are_frozen_and_their_table_is_read_only():
    with pytest.raises(FrozenInstanceError):
        Lessons().seed = 2
    with pytest.raises(ValueError, match="read-only"):
        Lessons().vector_table[0, 0] = 9
    assert Lessons().vector_table.tolist() == [list(vector) for vector in FIRST_VECTORS]


def test_lists_and_arrays_become_the_same_as_tuples():
    from_lists = Lessons(vectors=[[1, 2], [3, 4]], score_row=[1, 2, 3, 4])
    from_arrays = Lessons(vectors=np.array([[1, 2], [3, 4]]), score_row=np.array([1, 2, 3, 4]))
    assert from_lists == from_arrays == Lessons(vectors=((1.0, 2.0), (3.0, 4.0)), score_row=(1.0, 2.0, 3.0, 4.0))
    assert hash(from_lists) == hash(from_arrays)
    assert {type(number) for vector in from_arrays.vectors for number in vector} == {float}


def test_minus_zero_is_zero():
    lessons = Lessons(vectors=((-0.0, 1), (1, 1)), score_row=(-0.0, 1, 2, 3))
    assert math.copysign(1, lessons.vectors[0][0]) == math.copysign(1, lessons.score_row[0]) == 1


OTHER = {
    "vectors": ((1.0, 2.0), (3.0, 4.0)),
    "other_sentence": "the bank",
    "score_row": (0.0, 0.0, 0.0, 0.0),
    "key_size": 63,
    "seed": 2,
}


@pytest.mark.parametrize("name", OTHER)
def test_an_experiment_whose_lessons_differ_in_anything_is_another(name):
    experiment = OPENING.build()
    other = replace(experiment, lessons=Lessons(**{name: OTHER[name]}))
    assert other != experiment
    assert other.with_sentence("another").lessons == other.resized(d_model=2).lessons == other.lessons


# --- edits -----------------------------------------------------------------------------------------------------------


def test_edited_vectors_take_the_place_of_the_old():
    lessons = Lessons(seed=7).with_vectors([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert lessons == Lessons(vectors=((1, 2, 3), (4, 5, 6), (7, 8, 9)), seed=7)


def test_edited_vectors_are_as_many_as_before():
    with pytest.raises(ValueError) as error:
        Lessons().with_vectors([[1, 2], [3, 4]])
    assert str(error.value) == f"{VECTORS} came as 2 × 2; needed is 3 × 1 to 16 (rows × columns)."


@pytest.mark.parametrize("columns", [1, 9])
def test_edited_vectors_have_2_to_8_numbers(columns):
    with pytest.raises(ValueError) as error:
        Lessons().with_vectors([[0] * columns] * 3)
    assert str(error.value) == SIZE


def test_edited_scores_stand_below_each_other():
    assert Lessons(seed=7).with_score_row([[1], [2], [3], [4]]) == Lessons(score_row=(1, 2, 3, 4), seed=7)


@pytest.mark.parametrize(("table", "given_shape"), [([[1, 2, 3, 4]], "1 × 4"), ([[1, 1]] * 4, "4 × 2")])
def test_edited_scores_of_another_shape_are_refused(table, given_shape):
    with pytest.raises(ValueError) as error:
        Lessons().with_score_row(table)
    assert str(error.value) == f"{ROW} came as {given_shape}; needed is 4 × 1 (rows × columns)."


def test_the_third_vector_goes_and_comes_back_with_its_first_numbers():
    edited = Lessons(vectors=((1, 2), (3, 4), (5, 6)))
    two = edited.with_vector_count(2)
    assert two.vectors == ((1, 2), (3, 4))
    assert two.with_vector_count(3).vectors == ((1, 2), (3, 4), (4, 3))


def test_a_third_vector_that_comes_back_has_as_many_numbers_as_the_others():
    longer = Lessons(vectors=((1, 2, 3), (4, 5, 6)))
    assert longer.with_vector_count(3).vectors == ((1, 2, 3), (4, 5, 6), (4, 3, 0))


def test_as_many_vectors_as_there_are_changes_nothing():
    edited = Lessons(vectors=((1, 2), (3, 4), (5, 6)), seed=3)
    assert edited.with_vector_count(3) == edited
    assert edited.with_vector_count(2).with_vector_count(2) == edited.with_vector_count(2)


def test_fewer_than_two_vectors_are_refused():
    with pytest.raises(ValueError) as error:
        Lessons().with_vector_count(1)
    assert str(error.value) == "There are 2 or 3 vectors here, not 1."


def test_longer_vectors_are_padded_with_0_and_shorter_ones_are_cut():
    edited = Lessons(vectors=((1, 2, 3), (4, 5, 6)))
    assert edited.with_vector_size(5).vectors == ((1, 2, 3, 0, 0), (4, 5, 6, 0, 0))
    assert edited.with_vector_size(2).vectors == ((1, 2), (4, 5))


@pytest.mark.parametrize("size", [1, 9, 16])
def test_a_size_beyond_2_to_8_is_refused(size):
    with pytest.raises(ValueError) as error:
        Lessons().with_vector_size(size)
    assert str(error.value) == SIZE


@SETTINGS
@given(lessons(), st.integers(2, 8))
def test_growing_and_shrinking_again_gives_the_same_lessons(edited, size):
    smaller, larger = sorted((size, len(edited.vectors[0])))
    if len(edited.vectors[0]) == smaller:
        assert edited.with_vector_size(larger).with_vector_size(smaller) == edited
    resized = edited.with_vector_size(size)
    assert [vector[:smaller] for vector in resized.vectors] == [vector[:smaller] for vector in edited.vectors]
    assert {len(vector) for vector in resized.vectors} == {size}
    assert {number for vector in resized.vectors for number in vector[smaller:]} <= {0}


@SETTINGS
@given(lessons(), st.integers(2, 3))
def test_another_number_of_vectors_keeps_those_that_stay_and_everything_else(edited, count):
    changed = edited.with_vector_count(count)
    stay = min(count, len(edited.vectors))
    assert len(changed.vectors) == count
    assert changed.vectors[:stay] == edited.vectors[:stay]
    assert replace(changed, vectors=edited.vectors) == edited


def test_values_of_ones_own_are_a_row_for_each_printed_word():
    values = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0), (0.0, -1.0, 0.5))
    assert Lessons(seed=7).with_values(np.array(values)) == Lessons(values=values, seed=7)
    with pytest.raises(ValueError, match="The table of values"):
        Lessons().with_values(values[:3])
