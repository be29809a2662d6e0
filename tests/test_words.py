"""A sentence of any script, symbol or trick comes apart into words that are shown as they were typed."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attention_core.words import SPLITS, identity, position_labels, split

SETTINGS = settings(derandomize=True, deadline=None, max_examples=300)

# Text as hostile as hypothesis makes it, and text that repeats itself, joins and combines far more often.
_KNOTS = (
    "the The a é e\u0301 ß ss · ·1 ·2 1 2 … \u200d \ufe0f \u200f \u202e ' . _ 👩 👍🏽 🇩 🇪 न ् ั 猫 ש xxxxxxxxx \ud800"
)
knots = st.lists(st.sampled_from([" ", *_KNOTS.split(" ")]), max_size=40).map("".join)
texts = st.one_of(st.text(max_size=60), knots)


# --- splitting -------------------------------------------------------------------------------------------------------

FAMILY, THUMB, FLAGS, ASTRONAUT = "👩\u200d👩\u200d👧", "👍🏽", "🇩🇪🇫🇷", "👨🏽\u200d🚀"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The cat chased the mouse.", ["The", "cat", "chased", "the", "mouse"]),
        ("don't can’t rock'n'roll", ["don't", "can’t", "rock'n'roll"]),
        ("'quoted' ‘words’ “here”", ["quoted", "words", "here"]),
        ("3.14 1,000 a_b ½ x²", ["3.14", "1,000", "a_b", "½", "x", "²"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("ฉันรัก", ["ฉั", "น", "รั", "ก"]),
        ("我爱猫。你好", ["我", "爱", "猫", "你", "好"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("שלום, עולם!", ["שלום", "עולם"]),
        (f"{FAMILY} {THUMB} {ASTRONAUT} ❤️ 1️⃣", [FAMILY, THUMB, ASTRONAUT, "❤️", "1️⃣"]),
        (FLAGS, ["🇩🇪", "🇫🇷"]),
        (f"{THUMB}👍", [THUMB, "👍"]),
        ("**bold** # [a](b) `code`", ["bold", "a", "b", "code"]),
        ("$x^2$ \\frac{a}{b}", ["x", "2", "frac", "a", "b"]),
        ("<script>hi</script> &amp;", ["script", "hi", "script", "amp"]),
        ("=SUM(A1:A2)", ["SUM", "A1", "A2"]),
        ('nan __index__ a.b["c"]', ["nan", "__index__", "a.b", "c"]),
        ("C++ C# +1 5 > 3 € $", ["C", "C", "1", "5", "3"]),
        ("☃ © °", ["☃", "©", "°"]),
    ],
)
def test_a_sentence_comes_apart_into_its_words(sentence, words):
    assert list(split(sentence)) == words


@pytest.mark.parametrize(
    "nothing", ["", " ", "\t\n\u00a0\u3000", "... — !? “”", "\u200d\u200b\ufeff", "\u0301", "\x00", "$ + €"]
)
@pytest.mark.parametrize("into", SPLITS)
def test_spaces_punctuation_and_invisible_marks_alone_are_no_words(nothing, into):
    assert split(nothing, into) == ()


@pytest.mark.parametrize("mark", list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
@pytest.mark.parametrize("into", SPLITS)
def test_marks_that_steer_the_direction_of_text_are_removed(mark, into):
    assert split(f"{mark}a{mark} {mark}b", into) == ("a", "b")


def test_a_direction_mark_inside_a_word_does_not_cut_it():
    assert split("sha\u200flom") == ("shalom",)


def test_characters_keep_what_a_reader_sees_as_one():
    assert split(f"Hi, स्ते e\u0301{FAMILY}🇩🇪!", "characters") == ("H", "i", "स्ते", "e\u0301", FAMILY, "🇩🇪")


def test_the_same_word_ten_times_is_ten_words():
    assert split("so " * 10) == ("so",) * 10


def test_ten_thousand_characters_without_a_space_are_one_word():
    assert split("x" * 10_000) == ("x" * 10_000,)


@SETTINGS
@given(texts, st.sampled_from(list(SPLITS)))
@example("🇦 cat 🇧 dog", "words")  # half a flag
def test_no_word_is_empty_or_holds_a_space(text, into):
    words = split(text, into)
    assert all(word and not any(character.isspace() for character in word) for word in words)


@SETTINGS
@given(texts, st.sampled_from(list(SPLITS)))
def test_no_letter_is_lost_doubled_or_moved(text, into):
    def letters(string):
        return [character for character in string if unicodedata.category(character)[0] in "LN"]

    assert letters("".join(split(text, into))) == letters(text)


# --- identity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The", "the"),
        ("THE", "the"),
        ("café", "cafe\u0301"),
        ("CAFÉ", "cafe\u0301"),
        ("STRASSE", "Straße"),
        ("Ω", "ω"),
        ("ᾴ", "α\u0345\u0301"),
    ],
)
def test_case_and_unicode_spelling_do_not_make_another_word(one, other):
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("the", "then"), ("cafe", "café"), ("👍", "👍🏽"), ("nan", "none"), ("can't", "can’t"), ("1", "²")],
)
def test_anything_else_does(one, other):
    assert identity(one) != identity(other)


@SETTINGS
@given(texts)
@example("ǰ ᾳ İ ﬁ ͅ ΐ")
def test_the_identity_of_an_identity_is_itself(text):
    assert identity(identity(text)) == identity(text)


@SETTINGS
@given(texts)
def test_decomposing_a_word_does_not_change_its_identity(text):
    assert identity(unicodedata.normalize("NFD", text)) == identity(text)


# --- labels ----------------------------------------------------------------------------------------------------------


def labels(sentence, into="words"):
    return list(position_labels(split(sentence, into)))


def test_a_word_that_comes_once_is_its_own_label():
    assert labels("We walked home") == ["We", "walked", "home"]


def test_a_word_that_comes_again_is_told_apart_by_its_position():
    assert labels("the cat saw the dog") == ["the·1", "cat", "saw", "the·4", "dog"]


def test_repetition_does_not_look_at_case_or_spelling_but_labels_keep_them():
    assert labels("The cat the café CAFE\u0301") == ["The·1", "cat", "the·3", "café·4", "CAFE\u0301·5"]


def test_the_same_word_ten_times_has_ten_labels():
    assert labels("so " * 10) == [f"so·{position}" for position in range(1, 11)]


def test_a_long_word_is_cut_where_its_reader_sees_whole_characters():
    assert labels("x" * 14) == ["x" * 14]
    assert labels("x" * 15) == ["x" * 13 + "…"]
    assert labels("x" * 10_000) == ["x" * 13 + "…"]
    assert labels("a" + "e\u0301" * 20) == ["a" + "e\u0301" * 12 + "…"]


def test_long_words_that_begin_alike_are_told_apart():
    assert labels("x" * 20 + " " + "x" * 21 + " y") == ["x" * 13 + "…·1", "x" * 13 + "…·2", "y"]


@pytest.mark.parametrize("word", ["nan", "__index__", "a.b", "None", "index", "value", "key"])
def test_a_word_that_looks_like_a_name_of_ours_is_shown_as_it_is(word):
    assert labels(f"{word} cat") == [word, "cat"]


@SETTINGS
@given(texts, st.sampled_from(list(SPLITS)))
@example("a·2 a a", "words")
@example("x…·1 " + "x" * 20, "words")
def test_there_is_one_label_a_position_and_all_differ_whatever_the_case(text, into):
    words = split(text, into)
    names = position_labels(words)
    assert len(names) == len(words)
    assert max(Counter(map(identity, names)).values(), default=1) == 1


@SETTINGS
@given(texts)
def test_a_label_begins_as_its_word_does(text):
    for word, label in zip(split(text), labels(text), strict=True):
        assert label[: min(len(word), 1)] == word[:1]
        assert len(label) <= max(len(word), 14) + len("…·512")
