"""A sentence -> its words, and what each position is called on screen.

Words are people's text: nothing here or elsewhere interprets them.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

# UAX #29 (Unicode text segmentation): the word boundaries keep contractions, combining marks and joined emoji whole.
_WORD_BOUNDARY = regex.compile(r"(?wV1)\b")
_GRAPHEME = regex.compile(r"\X")

# Invisible marks that only steer the direction of text; left inside a word they would turn its neighbours around.
_DIRECTION_MARKS = regex.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

MAX_WORDS = 512  # of a sentence

_LABEL_LENGTH = 14


def _words(text: str) -> list[str]:
    return [piece for part in text.split() for piece in _WORD_BOUNDARY.split(part) if _says_something(piece)]


def _characters(text: str) -> list[str]:
    return [piece for piece in _GRAPHEME.findall(text) if _says_something(piece)]


# What a sentence can be split into: the name on screen and in documents -> how.
SPLITS: dict[str, Callable[[str], list[str]]] = {"words": _words, "characters": _characters}


@lru_cache(maxsize=64)  # every experiment on the same sentence asks for the same words
def split(sentence: str, into: str = "words") -> tuple[str, ...]:
    """The words (or characters) of a sentence in order, without spaces and punctuation.

    Chinese, Japanese and Thai, which write no spaces, come apart at the boundaries of UAX #29, mostly between
    characters: finding their words by meaning is left to the reader.
    """
    return tuple(SPLITS[into](_DIRECTION_MARKS.sub("", sentence)))


def identity(word: str) -> str:
    """What makes two words the same word: case and Unicode spelling do not count.

    "The" and "the" share one embedding, and so do "é" written as one code point or as two.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())


def position_labels(words: Sequence[str]) -> tuple[str, ...]:
    """A name for each position, all different: the word, and its position where the word comes more than once.

    >>> position_labels(["The", "cat", "chased", "the", "mouse"])
    ('The·1', 'cat', 'chased', 'the·4', 'mouse')
    """
    short = [_shortened(word) for word in words]
    count = Counter(identity(word) for word in short)
    return tuple(
        f"{word}·{position}" if count[identity(word)] > 1 else word for position, word in enumerate(short, start=1)
    )


def _shortened(word: str) -> str:
    characters = _GRAPHEME.findall(word)
    return word if len(characters) <= _LABEL_LENGTH else "".join(characters[: _LABEL_LENGTH - 1]) + "…"


def _says_something(piece: str) -> bool:
    """Letters, digits and pictures do; spaces, punctuation and mathematical signs do not."""
    return any(
        unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So" for character in piece
    )
