"""The numbers that words start with: hand-set ones that read well, made-up ones that never change."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_core import EXAMPLES, lexicon
from attention_core.lexicon import LEXICON_DIMENSIONS, OPENING_DIMENSIONS, made_up_row, starter_row
from attention_core.matrices import MAX_DIMENSION
from attention_core.words import identity, split

SETTINGS = settings(derandomize=True, deadline=None, max_examples=200)

FILE = Path(lexicon.__file__).with_name("lexicon.csv")
HEADER, *ROWS = csv.reader(FILE.read_text("utf-8").splitlines())
WORDS = [row[0] for row in ROWS]
NUMBERS = {word: tuple(map(float, numbers)) for word, _, *numbers in ROWS}
OLDER = Path(__file__).parent.parent / "sharing" / "older_versions" / "lexicon_1.csv"


# --- the file --------------------------------------------------------------------------------------------------------


def test_its_columns_are_the_word_its_kind_and_sixteen_dimensions_that_a_person_can_read():
    assert ["word", "kind", *LEXICON_DIMENSIONS] == HEADER
    assert OPENING_DIMENSIONS == ("living", "action", "water", "money")
    assert len(LEXICON_DIMENSIONS) == MAX_DIMENSION


def test_it_knows_more_than_two_thousand_words_of_everyday_english():
    assert len(WORDS) >= 2_000


def test_its_words_are_sorted_and_none_comes_twice():
    assert sorted(set(WORDS)) == WORDS


def test_each_is_one_word_as_the_sentence_would_give_it():
    assert [word for word in WORDS if split(word) != (word,) or identity(word) != word] == []


def test_every_number_is_between_minus_1_and_1_with_one_decimal_at_most():
    for word, _, *numbers in ROWS:
        assert len(numbers) == len(LEXICON_DIMENSIONS), word
        for number in numbers:
            assert -1 <= float(number) <= 1, word
            assert number in ("0", "1", "-1") or number.lstrip("-") == f"0.{number[-1]}", f"{word}: {number}"


def test_what_python_reads_is_what_stands_in_the_file():
    assert lexicon.lexicon() == NUMBERS


def test_the_first_four_numbers_of_the_first_words_never_change():
    """The stories of the opening pictures rest on them."""
    first = list(csv.reader(OLDER.read_text("utf-8").splitlines()))[1:]
    assert len(first) == 476
    for word, *numbers in first:
        assert NUMBERS[word][:4] == tuple(map(float, numbers)), word


def test_the_story_of_the_bank_is_in_the_numbers():
    def named(word):
        return dict(zip(LEXICON_DIMENSIONS, lexicon.lexicon()[word], strict=True))

    assert named("river")["water"] > 0.5 and named("river")["money"] == 0
    assert named("money")["money"] > 0.5 and named("money")["water"] == 0
    assert named("bank")["water"] == named("bank")["money"] > 0


def test_every_word_of_the_hand_set_examples_is_in_it():
    for name in ("river-bank", "money-bank"):
        assert set(EXAMPLES[name].build().vocabulary) <= set(WORDS)


def test_every_dimension_earns_its_place_as_the_largest_of_many_words():
    largest = Counter(
        LEXICON_DIMENSIONS[max(range(len(row)), key=lambda column: abs(row[column]))]
        for row in NUMBERS.values()
        if any(row)
    )
    assert min(largest[name] for name in LEXICON_DIMENSIONS) >= 40


@pytest.mark.parametrize("word", ["the", "a", "of", "and", "to", "in", "is", "that", "with", "for", "not", "or", "but"])
def test_words_that_only_join_others_are_near_neutral(word):
    assert max(map(abs, NUMBERS[word])) <= 0.1


# --- starter rows ----------------------------------------------------------------------------------------------------


def test_a_word_of_the_lexicon_starts_with_its_hand_set_numbers():
    assert starter_row("money", LEXICON_DIMENSIONS) == lexicon.lexicon()["money"]


def test_they_follow_the_names_of_the_columns_and_are_0_in_columns_of_other_names():
    living, _, water, money, *_ = lexicon.lexicon()["bank"]
    assert starter_row("bank", ("money", "d2", "living")) == (money, 0.0, living)
    assert starter_row("bank", ("water",)) == (water,)


def test_an_unknown_word_says_nothing_under_columns_that_mean_something():
    assert starter_row("zebrafish", LEXICON_DIMENSIONS) == starter_row("the", LEXICON_DIMENSIONS)
    assert not any(starter_row("zebrafish", ("d1", "money")))


def test_a_table_without_the_lexicons_columns_gets_made_up_numbers():
    assert starter_row("bank", ("d1", "d2")) == starter_row("bank", ("x", "y")) == made_up_row("bank", 2)
    assert starter_row("bank", ("d1", "d2")) != (0.0, 0.0)


@pytest.mark.parametrize(
    ("word", "numbers"), [("zebrafish", (-0.13, 0.42, 0.07, 0.47)), ("नमस्ते", (0.41, 0.07, 0.34, 0.06))]
)
def test_made_up_numbers_are_the_same_on_every_machine_and_in_every_version(word, numbers):
    assert made_up_row(word, 4) == numbers


def test_sixteen_of_them_are_pinned_too():
    first = (-0.13, 0.42, 0.07, 0.47, -0.48, -0.29, -0.19, 0.18)
    assert made_up_row("zebrafish", 16) == (*first, 0.19, -0.49, 0.15, 0.16, 0.26, -0.1, 0.1, -0.37)


anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@SETTINGS
@given(anything, st.integers(1, 16), st.integers(1, 16))
def test_more_columns_keep_the_first_made_up_numbers(word, one, other):
    few, many = sorted((one, other))
    assert made_up_row(word, many)[:few] == made_up_row(word, few)


@SETTINGS
@given(anything, st.integers(1, 16))
def test_made_up_numbers_are_small_and_have_two_decimals(word, count):
    row = made_up_row(word, count)
    assert len(row) == count
    assert all(-0.5 <= number <= 0.5 and round(number, 2) == number for number in row)


def test_made_up_numbers_depend_on_the_word_and_rarely_agree():
    rows = {made_up_row(f"word{number}", 4) for number in range(1_000)}
    assert len(rows) == 1_000


def test_made_up_numbers_spread_evenly_around_zero():
    drawn = [number for word in range(1_000) for number in made_up_row(f"word{word}", 16)]
    assert abs(sum(drawn) / len(drawn)) < 0.01
    assert min(drawn) == -0.5 and max(drawn) == 0.5
