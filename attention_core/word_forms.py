"""Which word of the lexicon a word stands for: itself, the word it is a form of, or the one it means in English.

English forms are looked up with simplemma, whose dictionary knows the irregular ones (swung -> swing). The commonest
words of other languages are in translations.csv, a row for each English word; their forms are found by Snowball's
stems, because simplemma's dictionaries of those languages would take seconds and 80 MB.

Where a word exists in several languages, English comes first, then the order of LANGUAGES: die is the English verb.
"""

import csv
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile
from threading import Lock
from typing import Any

import regex

from attention_core.words import identity

# The columns of translations.csv: the name on screen, and the stemmer of the language where there is one.
LANGUAGES = {
    "de": ("German", "german"),
    "fr": ("French", "french"),
    "es": ("Spanish", "spanish"),
    "it": ("Italian", "italian"),
    "pt": ("Portuguese", "portuguese"),
    "nl": ("Dutch", "dutch"),
    "ru": ("Russian", "russian"),
    "hi": ("Hindi", "hindi"),
    "ar": ("Arabic", "arabic"),
    "zh": ("Chinese", ""),
}
_NUMBER = "number"  # the word that digits are taken as
_LONGEST_WORD = 40  # what is longer is no word of a dictionary
_SHORTEST_STEM = 3  # shorter ones agree by chance
_STEMMING = Lock()  # a stemmer keeps the word that it works on, and all visitors share it
_OWNERS = ("'s", "’s", "'", "’")
_ADVERBS = (("ily", "y"), ("ly", "le"), ("ly", ""), ("ally", ""))  # happily, gently, quietly, tragically
_ELIDED = regex.compile(r"^\p{L}{1,5}['’](?=\p{L}{2})")  # l'eau, d'argent, dell'acqua


@dataclass(frozen=True, slots=True)
class Known:
    """What a word was taken as."""

    word: str  # a word of the lexicon
    language: str = ""  # the language it was found in, "German", where that is not English


def known(word: str, lexicon: Container[str]) -> Known | None:
    """What `word`, as `words.identity` gives it, is taken as; None for a word that nothing is known of."""
    if word in lexicon:
        return Known(word)
    if word.isdecimal():
        return Known(_NUMBER)
    if len(word) > _LONGEST_WORD:
        return None
    for candidate in _english_forms(word):
        if candidate in lexicon:
            return Known(candidate)
    return _translated(word)


def _english_forms(word: str) -> Iterator[str]:
    """The words that it may be a form of, the likeliest first."""
    owner = next((word.removesuffix(ending) for ending in _OWNERS if word.endswith(ending)), word)
    yield owner
    lemma = _english_lemma(owner)
    if lemma is not None:
        yield identity(lemma)
    yield _ELIDED.sub("", word)
    for ending, adjective in _ADVERBS:
        if owner.endswith(ending):
            yield owner.removesuffix(ending) + adjective


def _english_lemma(word: str) -> str | None:
    # Imported where it is first needed: the opening sentence needs no dictionary.
    from simplemma.strategies import DictionaryLookupStrategy
    from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

    return DictionaryLookupStrategy(LOW_MEMORY_DICTIONARY_FACTORY).get_lemma(word, "en")


def _translated(word: str) -> Known | None:
    """Found as it stands in translations.csv, without an elided article (l'eau), or by its stem."""
    bare = _ELIDED.sub("", word)
    exact = translations().get(word) or translations().get(bare)
    if exact is not None or _english_lemma(word) is not None:
        return exact
    for code, (name, _) in LANGUAGES.items():
        stem = _stem(code, bare)
        if len(stem) >= _SHORTEST_STEM and (alike := _stems(code).get(stem)):
            return Known(alike[max(alike, key=lambda other: _shared_beginning(other, bare))], name)
    return None


def _shared_beginning(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@cache
def translations() -> Mapping[str, Known]:
    """word of another language -> its English word. A word of several languages belongs to the first of them."""
    found: dict[str, Known] = {}
    for code, (name, _) in LANGUAGES.items():
        for word, english in _words_of(code):
            found.setdefault(word, Known(english, name))
    return found


@cache
def _stems(code: str) -> Mapping[str, Mapping[str, str]]:
    """stem -> the words of a language that share it -> the English word of each."""
    found: dict[str, dict[str, str]] = {}
    for word, english in _words_of(code):
        found.setdefault(_stem(code, word), {}).setdefault(word, english)
    return found


def _words_of(code: str) -> Iterator[tuple[str, str]]:
    return ((identity(word), row["en"]) for row in _table() for word in filter(None, row[code].split("|")))


@cache
def _table() -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath("translations.csv").read_text("utf-8").splitlines()))


def _stem(code: str, word: str) -> str:
    stemmer = _stemmer(code)
    if not stemmer:
        return word
    with _STEMMING:
        return str(stemmer.stemWord(word))


@cache
def _stemmer(code: str) -> Any:
    from snowballstemmer import stemmer

    algorithm = LANGUAGES[code][1]
    return stemmer(algorithm) if algorithm else None
