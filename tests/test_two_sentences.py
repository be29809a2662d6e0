"""One word in two sentences has one embedding and two context vectors, and there is always a pair to show."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from support.experiments import two_columns
from support.oracles import attention

from attention_core import EXAMPLES, OPENING
from attention_core.lessons import Lessons
from attention_core.lexicon import lexicon
from attention_core.two_sentences import TwoSentences, pair_of, pair_with, position_of
from attention_core.words import identity, split

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def opening(sentence, other="", **change):
    return replace(OPENING.build(), sentence=sentence, lessons=Lessons(other_sentence=other), **change)


# --- which pair ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "second", "shared", "telling"),
    [
        ("We walked to the river bank", "We walked to the money bank", ["we", "walked", "to", "the", "bank"], "bank"),
        ("We walked to the money bank", "We walked to the river bank", ["we", "walked", "to", "the", "bank"], "bank"),
        ("THE BANK", "We walked to the money bank", ["the", "bank"], "bank"),
        ("Bank of the money", "We walked to the river bank", ["bank", "the"], "bank"),
        ("zebrafish swim", "money swim", ["swim"], "swim"),
        ("水 größe", "money größe", ["grösse"], "grösse"),
        ("hello.", "money hello", ["hello"], "hello"),
    ],
)
def test_a_second_sentence_is_made_that_fits_the_first(sentence, second, shared, telling):
    pair = pair_of(opening(sentence))
    assert pair.second.sentence == second
    assert list(pair.shared) == shared
    assert pair.telling() == telling


def test_ones_own_second_sentence_is_taken_where_it_fits():
    pair = pair_of(opening("the river bank", "a bank of fish"))
    assert (pair.first.sentence, pair.second.sentence) == ("the river bank", "a bank of fish")
    assert pair.shared == ("bank",)
    assert pair.unshared == ("the", "river", "a", "of", "fish")
    assert pair.vocabulary == ("the", "river", "bank", "a", "of", "fish")
    assert pair.words == ("the", "river", "bank", "a", "bank", "of", "fish")


@pytest.mark.parametrize("own", ["fish swim", "?!", "   ", "river " * 513], ids=["strangers", "no word", "", "long"])
def test_ones_own_second_sentence_that_does_not_fit_gives_way_to_one_that_does(own):
    pair = pair_of(opening("the river bank", own))
    assert pair.second.sentence == "We walked to the money bank"


def test_the_printed_bank_has_the_river_for_its_second_sentence():
    pair = pair_of(EXAMPLES["bank-as-printed"].build())
    assert pair.second.words == ("river", "bank", "flows")
    assert pair.shared == ("bank",)
    assert pair.embeddings.tolist() == [
        [-0.9, 0.1, 0.3, 0.2],
        [0.6, 0.2, 0.1, 0.7],
        [-1.2, -0.4, 0.3, -0.4],
        [0.1, 0.9, -0.3, -0.8],
        [-0.8, 0.6, 0.5, -1.0],
    ]


def test_a_word_as_long_as_a_sentence_may_be_is_put_beside_itself():
    experiment = opening("a" * 10_000)
    pair = pair_of(experiment)
    assert pair.first == pair.second == experiment
    assert pair.shared == ("a" * 10_000,)


def test_characters_are_compared_with_characters():
    assert pair_of(opening("xyz", split_into="characters")).shared == ("y",)
    strangers = pair_of(opening("xz", split_into="characters"))
    assert strangers.second.words == ("m", "o", "n", "e", "y", "z")
    assert strangers.shared == ("z",)


SCRIPTS = [
    "bank",
    "Bank",
    "水",
    "银行",
    "größe",
    "GRÖSSE",
    "नमस्ते",
    "ธนาคาร",
    "👩\u200d👩\u200d👧",
    "שלום",
    "café",
    "İ",
    "🇩🇪🇫",
    "don't",
]
anything = st.text(st.characters(categories=["L", "N", "M", "So", "P", "Zs", "Cf"]), max_size=12)
sentences = st.one_of(anything, st.lists(st.sampled_from(SCRIPTS), max_size=4).map(" ".join))


@SETTINGS
@given(sentences, sentences, st.sampled_from(["words", "characters"]))
@example("money", "", "words")
@example("İ", "", "words")
@example("🇩🇪🇫", "", "characters")
def test_a_pair_always_shares_a_word_whatever_was_typed(sentence, own, split_into):
    assume(split(sentence, split_into))
    experiment = opening(sentence, own, split_into=split_into)
    pair = pair_of(experiment)
    assert pair.first == experiment
    assert pair.second == experiment.with_sentence(pair.second.sentence)
    words, others = ({identity(word) for word in each.words} for each in (pair.first, pair.second))
    assert set(pair.shared) == words & others != set()
    assert set(pair.unshared) == words ^ others
    assert set(pair.vocabulary) == words | others
    assert pair.telling() in pair.shared
    for each in (pair.first, pair.second):
        position = position_of(pair.telling(), each)
        assert identity(each.words[position]) == pair.telling()
        assert pair.telling() not in [identity(word) for word in each.words[:position]]
    if own and split(own, split_into) and {identity(word) for word in split(own, split_into)} & words:
        assert pair.second.sentence == own


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("fish swim", "The two sentences share no word. Type one word into both, such as bank."),
        ("", "Type at least one word. Spaces and punctuation alone are not words."),
        (" ?! ", "Type at least one word. Spaces and punctuation alone are not words."),
        ("bank " * 513, "The sentence has 513 words; up to 512 work here."),
        ("b" * 10_001, "The sentence has 10,001 characters; up to 10,000 work here."),
    ],
    ids=["no shared word", "empty", "punctuation", "too many words", "too long"],
)
def test_a_second_sentence_that_does_not_fit_is_refused_in_words(other, message):
    with pytest.raises(ValueError) as error:
        pair_with(opening("the river bank"), other)
    assert str(error.value) == message


def test_one_word_typed_in_capitals_is_enough():
    assert pair_with(opening("the river bank"), "BANK").shared == ("bank",)


# --- one embedding, two contexts -------------------------------------------------------------------------------------


def contexts_by_hand(sentence, experiment):
    """Scaled attention, from the lexicon and the matrices of the opening."""
    x = np.array([lexicon()[word][:4] for word in sentence.casefold().split()])
    return x, attention(x @ experiment.w_q, x @ experiment.w_k, x @ experiment.w_v).context


def test_bank_has_one_embedding_and_another_context_beside_river_than_beside_money():
    pair = pair_of(OPENING.build())
    found = []
    for experiment, calculation in zip((pair.first, pair.second), pair.calculations, strict=True):
        x, context = contexts_by_hand(experiment.sentence, experiment)
        np.testing.assert_array_equal(calculation.x, x)
        np.testing.assert_allclose(calculation.context, context, rtol=1e-12)
        bank = position_of("bank", experiment)
        assert bank == 5
        found.append((calculation.x[bank], calculation.context[bank]))
    (embedding, by_the_river), (same_embedding, by_the_money) = found
    assert embedding.tolist() == same_embedding.tolist() == list(lexicon()["bank"][:4])
    water, money = 2, 3
    assert by_the_river[water] > by_the_money[water] + 0.4
    assert by_the_money[money] > by_the_river[money] + 0.4


def test_without_another_word_beside_it_the_context_stays():
    pair = TwoSentences(OPENING.build(), OPENING.build())
    one, other = pair.calculations
    np.testing.assert_array_equal(one.context, other.context)
    assert pair.unshared == ()


def test_both_sentences_use_one_table_of_embeddings():
    pair = pair_with(two_columns("a b", rows={"a": (1, 2), "b": (3, 4), "c": (5, 6)}), "c a")
    assert pair.vocabulary == ("a", "b", "c")
    assert pair.embeddings.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert pair.calculations[1].x.tolist() == [[5, 6], [1, 2]]
    with pytest.raises(ValueError, match="read-only"):
        pair.embeddings[0, 0] = 9


# --- the word to look at ---------------------------------------------------------------------------------------------


def test_the_word_to_look_at_is_the_last_shared_one_with_a_direction():
    experiment = two_columns("a b c", rows={"a": (1, 0), "b": (0, -1), "c": (0, 0)})
    assert pair_with(experiment, "c b a").telling() == "b"
    assert pair_with(experiment, "c a").telling() == "a"


def test_where_no_shared_word_has_a_direction_it_is_the_last():
    experiment = two_columns("a b", rows={"a": (0, 0), "b": (0, 0)})
    assert pair_with(experiment, "b a").telling() == "b"


def test_a_word_stands_where_it_comes_first():
    experiment = two_columns("The cat saw the cat")
    assert [position_of(word, experiment) for word in experiment.vocabulary] == [0, 1, 2]
    with pytest.raises(ValueError):
        position_of("dog", experiment)
