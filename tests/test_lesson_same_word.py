"""Same word, two sentences, without a browser: where each vector moved follows from what is set."""

import math

import numpy as np
import pytest
from support.lesson_documents import EVERYTHING, document, with_lessons
from support.lesson_screen import (
    assert_formulas,
    assert_moved,
    assert_same_word,
    assert_sum_in_words,
    infos,
    lesson,
    pair_on,
    pictures,
    read,
    read_document,
    set_,
    tightness,
    turn_to_own,
    write,
    write_all,
)
from support.oracles import VARIANTS, named
from support.screen import MONEY, RIVER, coded, opened, shown_table, widget


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_word_in_two_sentences_is_one_row_and_two_sums(name):
    given = read_document(name)
    page = opened(coded(EVERYTHING[name]))
    assert_same_word(page, given, tight=tightness(given))


def test_every_shared_word_can_be_followed_and_every_number_summed():
    page = lesson("same_word", 1)
    given = read_document("opening")
    for word in ("we", "walked", "the", "bank"):
        set_(page, "shared_word", word)
        for entry in range(4):
            set_(page, "context_entry", entry)
            pair = pair_on(page, given)
            names = assert_formulas(page, named(pair[0], "sentence 1: ") | named(pair[1], "sentence 2: "))
            assert [name.split("(")[0] for name in names] == [
                f"sentence {which}: context_{given.dimensions[entry]}" for which in (1, 2)
            ]
            assert_sum_in_words(page, 1, pair[0], 2)
    set_(page, "card_same_word", 3)
    assert_moved(page, given, pair_on(page, given), math.inf)


def test_own_sentences_are_followed_as_they_are_typed():
    page = opened()
    given = read(page)
    turn_to_own(page, "same_word")
    set_(page, "sentence", "The old bank by the river gave no money to us on that long cold day")
    set_(page, "other_sentence", "Money in the bank")
    assert not page.error and not infos(page)
    pair = assert_same_word(page, given)
    assert [len(it.words) for it in pair] == [16, 4]


def test_two_sentences_without_a_shared_word_are_one_plain_sentence_over_the_last_picture():
    page = lesson("same_word", 1)
    before = [frame.to_dict() for frame in pictures(page, "key_position")]
    set_(page, "other_sentence", "nothing alike here")
    assert [each.value for each in page.error] == [
        "The two sentences share no word\\. Type one word into both\\, such as bank\\. "
        "The picture still shows the last sentence that worked."
    ]
    assert widget(page, "other_sentence").value == "nothing alike here"
    assert [frame.to_dict() for frame in pictures(page, "key_position")] == before
    set_(page, "other_sentence", "")
    assert len(page.error) == 1 and [frame.to_dict() for frame in pictures(page, "key_position")] == before
    set_(page, "other_sentence", "bank")
    assert not page.error
    assert_same_word(page, read_document("opening"))


@pytest.mark.parametrize(("first", "second"), [("bank", "bank"), ("bank", "the bank"), ("river bank", "bank")])
@pytest.mark.parametrize("variant", VARIANTS)
def test_sentences_of_one_word_are_sums_too(first, second, variant):
    page = opened(with_lessons(sentence=first, variant=variant, other_sentence=second))
    assert_same_word(page, read(page))


def test_a_first_sentence_that_shares_no_word_any_more_gets_another_beside_it():
    page = lesson("same_word")
    set_(page, "other_sentence", "my bank")
    set_(page, "sentence", "We walked to the sea")
    assert widget(page, "other_sentence").value != "my bank"
    assert infos(page)[0].startswith("Your sentence 2, “my bank”, shares no word with sentence 1.")
    assert_same_word(page, read_document("opening"))
    set_(page, "sentence", RIVER)
    assert widget(page, "other_sentence").value == "my bank" and not infos(page)


def test_editing_the_joint_table_changes_both_sentences_and_the_playground():
    page = lesson("same_word", 1)
    write(page, "both", {5: {"water": 0.9}, 6: {"money": -0.5}, 4: {"living": 0.25}})
    assert_same_word(page, read_document("opening"))
    turn_to_own(page, "playground")
    table = shown_table(page, "embeddings")
    assert (table.loc["bank", "water"], table.loc["river", "living"]) == (0.9, 0.25)
    set_(page, "sentence", MONEY)
    assert shown_table(page, "embeddings").loc["money", "money"] == -0.5


def test_random_numbers_in_the_joint_table_give_random_sums():
    page = opened(coded(document(decimals=8)))
    given = read(page)
    turn_to_own(page, "same_word")
    write_all(page, "both", np.round(np.random.default_rng(11).normal(size=(7, 4)), 3))
    for variant in VARIANTS:
        turn_to_own(page, "same_word", 1)
        set_(page, "variant", variant)
        for scaled in (False, True):
            set_(page, "scaled", scaled)
            given.variant, given.scaled = variant, scaled
            assert_same_word(page, given, tight=1e-5)
            turn_to_own(page, "same_word", 1)


@pytest.mark.parametrize("sentence", ["w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 bank", "bank " * 10])
def test_a_long_sum_in_words_names_its_greatest_weights(sentence):
    page = opened(coded(document(sentence=sentence.strip(), decimals=8)))
    assert_same_word(page, read(page))
