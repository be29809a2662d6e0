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
_LONGEST_WORD = 40  # what is longer is no word of a dictionary
_SHORTEST_STEM = 3  # shorter ones agree by chance
_OWNERS = ("'s", "’s", "'", "’")
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
    if len(word) > _LONGEST_WORD:
        return None
    for candidate in _english_forms(word):
        if candidate in lexicon:
            return Known(candidate)
    return _foreign(word)


@cache
def translations() -> Mapping[str, Known]:
    """word of another language -> its English word. A word of several languages belongs to the first of them."""
    found: dict[str, Known] = {}
    rows = list(_translated())
    for code, (name, _) in LANGUAGES.items():
        for row in rows:
            for word in filter(None, row[code].split("|")):
                found.setdefault(identity(word), Known(row["en"], name))
    return found


def _translated() -> Iterator[dict[str, str]]:
    yield from csv.DictReader(files(__package__).joinpath("translations.csv").read_text("utf-8").splitlines())


def _english_forms(word: str) -> Iterator[str]:
    """The words that it may be a form of, the likeliest first."""
    owner = next((word.removesuffix(ending) for ending in _OWNERS if word.endswith(ending)), word)
    yield owner
    lemma = _english_lemma(owner)
    if lemma is not None:
        yield identity(lemma)


def _english_lemma(word: str) -> str | None:
    # Imported where it is first needed: the opening sentence needs no dictionary.
    from simplemma.strategies import DictionaryLookupStrategy
    from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

    return DictionaryLookupStrategy(LOW_MEMORY_DICTIONARY_FACTORY).get_lemma(word, "en")


def _foreign(word: str) -> Known | None:
    """Found as it is in translations.csv, without an elided article (l'eau), or by its stem."""
    bare = _ELIDED.sub("", word)
    found = translations().get(word) or translations().get(bare)
    if found is not None or _english_lemma(word) is not None:
        return found
    for code, (name, _) in LANGUAGES.items():
        stem = _stem(code, bare)
        if len(stem) >= _SHORTEST_STEM and stem in _stems(code):
            return Known(_stems(code)[stem], name)
    return None


@cache
def _stems(code: str) -> Mapping[str, str]:
    """stem -> English word, for a language's words in translations.csv."""
    found: dict[str, str] = {}
    for row in _translated():
        for word in filter(None, row[code].split("|")):
            found.setdefault(_stem(code, identity(word)), row["en"])
    return found


def _stem(code: str, word: str) -> str:
    from snowballstemmer import stemmer

    algorithm = LANGUAGES[code][1]
    return str(stemmer(algorithm).stemWord(word)) if algorithm else word
