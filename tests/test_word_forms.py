"""Forms and translations of known words, and words that nothing is known of."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from attention_core import word_forms
from attention_core.lexicon import known_word, lexicon
from attention_core.word_forms import LANGUAGES, Known, translations
from attention_core.words import identity, split

FILE = Path(word_forms.__file__).with_name("translations.csv")
HEADER, *ROWS = csv.reader(FILE.read_text("utf-8").splitlines())


def taken_as(word):
    found = known_word(identity(word))
    return found and (found.word, found.language)


# --- English forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("dollars", "dollar"),
        ("swung", "swing"),
        ("banks", "bank"),
        ("mice", "mouse"),
        ("Rivers", "river"),
        ("studying", "study"),
        ("cities", "city"),
        ("wolves", "wolf"),
        ("happier", "happy"),
        ("biggest", "big"),
        ("thought", "thought"),
        ("river's", "river"),
        ("river’s", "river"),
        ("dogs'", "dog"),
        ("children's", "children"),
        ("quietly", "quiet"),
        ("gently", "gentle"),
        ("angrily", "angry"),
        ("tragically", "tragic"),
        ("l'animal", "animal"),
    ],
)
def test_a_form_of_a_known_word_is_taken_as_it(form, word):
    assert taken_as(form) == (word, "")


def test_a_word_of_the_lexicon_is_taken_as_itself_though_it_is_a_form_too():
    assert taken_as("walked") == ("walked", "")
    assert taken_as("better") == ("better", "")


def test_digits_are_taken_as_a_number():
    assert taken_as("42") == taken_as("७") == ("number", "")


@pytest.mark.parametrize("word", ["zorp", "zorps", "Kevin", "xqzt", "👩‍👩‍👧", "a" * 5_000, "__index__", "1e5", "½"])
def test_nothing_is_known_of_other_words(word):
    assert taken_as(word) is None


def test_a_word_that_only_begins_like_a_known_one_is_not_taken_as_it():
    assert taken_as("unbank") is None
    assert taken_as("coma") is None, "which has the stem of a Spanish word, but is an English one"


# --- other languages -------------------------------------------------------------------------------------------------


def test_each_language_has_a_column_and_its_words_are_ones_that_a_sentence_would_give():
    assert ["en", *LANGUAGES] == HEADER
    for english, *cells in ROWS:
        assert english in lexicon()
        for word in filter(None, "|".join(cells).split("|")):
            assert split(word) == (word,), word


def test_each_language_has_the_commonest_few_hundred_words_as_far_as_they_are_not_english_too():
    count = Counter(known.language for known in translations().values())
    assert set(count) == {name for name, _ in LANGUAGES.values()}
    assert all(200 <= number <= 500 for number in count.values()), count
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 200


@pytest.mark.parametrize(
    ("word", "english", "language"),
    [
        ("Fluss", "river", "German"),
        ("Straße", "street", "German"),
        ("argent", "money", "French"),
        ("père", "father", "French"),
        ("año", "year", "Spanish"),
        ("acqua", "water", "Italian"),
        ("coração", "heart", "Portuguese"),
        ("geld", "money", "German"),
        ("rivier", "river", "Dutch"),
        ("деньги", "money", "Russian"),
        ("नदी", "river", "Hindi"),
        ("بنك", "bank", "Arabic"),
        ("河", "river", "Chinese"),
    ],
)
def test_a_common_word_of_another_language_has_the_row_of_its_english_word(word, english, language):
    assert taken_as(word) == (english, language)


@pytest.mark.parametrize(
    ("form", "english", "language"),
    [
        ("Katzen", "cat", "German"),
        ("rivières", "river", "French"),
        ("gatos", "cat", "Spanish"),
        ("comemos", "eat", "Spanish"),
        ("mangiano", "eat", "Italian"),
        ("рекой", "river", "Russian"),
        ("बिल्लियाँ", "cat", "Hindi"),
        ("النهر", "river", "Arabic"),
        ("l'eau", "water", "French"),
        ("dell’acqua", "water", "Italian"),
        ("qu'il", "he", "French"),
        ("hijos", "son", "Spanish"),
        ("hijas", "daughter", "Spanish"),
    ],
)
def test_so_have_its_forms_as_far_as_stems_and_elided_articles_go(form, english, language):
    assert taken_as(form) == (english, language)


def test_accents_may_be_written_in_either_way_and_capitals_do_not_matter():
    assert taken_as("rivie\u0300re") == taken_as("RIVIÈRE") == ("river", "French")


@pytest.mark.parametrize("word", ["die", "war", "son", "dove", "hat", "era", "pour", "no", "ours", "see"])
def test_a_word_that_is_english_too_is_english(word):
    assert taken_as(word)[1] == ""


def test_no_entry_is_hidden_by_an_english_word():
    assert {word for word, known in translations().items() if known_word(word) != known} == set()


def test_a_word_of_several_languages_belongs_to_the_first_of_them():
    assert translations()["lago"] == Known("lake", "Spanish"), "Italian and Portuguese too"


def test_chinese_words_are_found_by_their_characters_because_a_sentence_is_split_there():
    assert [taken_as(word) for word in split("我看河")] == [("i", "Chinese"), ("see", "Chinese"), ("river", "Chinese")]


# --- how much it costs -----------------------------------------------------------------------------------------------


def test_the_opening_sentence_needs_neither_dictionary():
    script = (
        "import sys; from attention_core import OPENING; OPENING.build().embeddings; "
        "print({'simplemma', 'snowballstemmer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
