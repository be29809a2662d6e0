"""A tiny language: a grammar that a person can read and edit, its sentences, and the words that can be blanked out.

A line is NAME: one option | another. A name in capitals stands for its options; "sentence" is where it begins, and may
have several lines. boat/what is a word that can be blanked out: the question "what" then stands in its place.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from attention_core.words import identity, split

MAX_SENTENCES = 400  # of a larger language so many are drawn
MAX_LENGTH = 16  # words of a sentence
MAX_WORDS = 80  # different ones
MIN_SENTENCES = 5
_MOST_EXPANDED = 20_000  # sentences that are written out before some are drawn
_DEEPEST = 40  # names within names
_START = "sentence"

GRAMMAR = """\
sentence: the sailor/who AFLOAT by the river/where bank
sentence: the fisher/who AFLOAT by the lake/where bank
sentence: the heron/who AFLOAT by the stream/where bank
sentence: the child/who AFLOAT by the canal/where bank
sentence: the clerk/who TRADE at the city/where bank
sentence: the trader/who TRADE at the market/where bank
sentence: the teller/who TRADE at the village/where bank
sentence: the widow/who TRADE at the corner/where bank
AFLOAT: rowed/did the boat/what | cast/did the net/what | drank/did the water/what | caught/did the fish/what
TRADE: counted/did the cash/what | took/did the loan/what | brought/did the money/what | signed/did the cheque/what
"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, and for each the question that can stand in its place; "" where none can."""

    words: tuple[str, ...]
    questions: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)

    def blanked(self, place: int) -> tuple[str, ...]:
        """The words with the question in place of one."""
        return (*self.words[:place], self.questions[place], *self.words[place + 1 :])

    @property
    def blanks(self) -> tuple[int, ...]:
        """The places that can be blanked out."""
        return tuple(place for place, question in enumerate(self.questions) if question)


@dataclass(frozen=True, eq=False)
class Language:
    """All sentences of a grammar, or MAX_SENTENCES of them, in an order that only the grammar decides."""

    sentences: tuple[Sentence, ...]
    vocabulary: tuple[str, ...]  # the identities of all words and questions

    def rows(self, words: tuple[str, ...]) -> list[int]:
        """For each word its row in the embeddings."""
        return [self._row_of[identity(word)] for word in words]

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self.vocabulary)}

    def question_of(self, word: str) -> str:
        """The question that stands for a word, by its identity; "" where none does."""
        return next(
            (
                question
                for sentence in self.sentences
                for each, question in zip(sentence.words, sentence.questions, strict=True)
                if identity(each) == word and question
            ),
            "",
        )


@lru_cache(maxsize=8)
def language_of(text: str) -> Language:
    """Raises ValueError, in words for the person who edits the grammar, where it gives no language."""
    rules = _rules(text)
    found = dict.fromkeys(_read(words) for words in _expanded(_START, rules, ()))
    sentences = list(found)
    if len(sentences) < MIN_SENTENCES:
        raise ValueError(
            f"The grammar gives {len(sentences)} different sentences; {MIN_SENTENCES} at least are needed to learn."
        )
    if not any(sentence.blanks for sentence in sentences):
        raise ValueError("No word can be blanked out. Write a question behind some words, such as boat/what.")
    if len(sentences) > MAX_SENTENCES:
        drawn = np.random.default_rng(0).choice(len(sentences), MAX_SENTENCES, replace=False)
        sentences = [sentences[at] for at in sorted(drawn.tolist())]
    words = (word for sentence in sentences for word in (*sentence.words, *filter(None, sentence.questions)))
    vocabulary = tuple(dict.fromkeys(map(identity, words)))
    if len(vocabulary) > MAX_WORDS:
        raise ValueError(f"The language has {len(vocabulary)} different words; up to {MAX_WORDS} work here.")
    return Language(tuple(sentences), vocabulary)


def _rules(text: str) -> dict[str, list[list[str]]]:
    rules: dict[str, list[list[str]]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, colon, options = line.partition(":")
        name = name.strip()
        if not colon or not (name == _START or _is_name(name)):
            raise ValueError(
                f"Line {number} needs a name in capitals, or “{_START}”, and a colon: “{line.strip()[:40]}”."
            )
        for option in options.split("|"):
            if not option.split():
                raise ValueError(f"Line {number} has an empty option; each needs at least one word.")
            rules.setdefault(name, []).append(option.split())
    if _START not in rules:
        raise ValueError(f"A line must begin with “{_START}:”; that is where every sentence starts.")
    return rules


def _is_name(word: str) -> bool:
    return word.isupper() and word.isalpha() and len(word) > 1


def _expanded(symbol: str, rules: dict[str, list[list[str]]], within: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All that a symbol can stand for."""
    if symbol not in rules:
        if _is_name(symbol):
            raise ValueError(f"{symbol} is used, but no line says what it stands for.")
        return [(symbol,)]
    if symbol in within:
        raise ValueError(f"{symbol} stands for itself, directly or by way of another, so a sentence would never end.")
    if len(within) > _DEEPEST:
        raise ValueError(f"Names stand within names, more than {_DEEPEST} deep; {symbol} is one too many.")
    found: list[tuple[str, ...]] = []
    for option in rules[symbol]:
        parts = [_expanded(each, rules, (*within, symbol)) for each in option]
        for chosen in product(*parts):
            words = tuple(word for part in chosen for word in part)
            if len(words) > MAX_LENGTH:  # here, because names within names can double it with every line
                raise ValueError(
                    f"A sentence that begins with “{' '.join(words[:4])[:40]}” or holds it has more than {MAX_LENGTH} "
                    "words; so many work here."
                )
            found.append(words)
            if len(found) > _MOST_EXPANDED:
                raise ValueError(f"The grammar gives more than {_MOST_EXPANDED:,} sentences; use fewer options.")
    return found


def _read(tokens: tuple[str, ...]) -> Sentence:
    pairs = [token.partition("/")[::2] for token in tokens]
    for word, question in pairs:
        for each in filter(None, (word, question)):
            if split(each, "words") != (each,):
                raise ValueError(f"“{each[:40]}” is not one word.")
        if not word:
            raise ValueError(f"Before “/{question[:40]}” a word is missing.")
    return Sentence(tuple(word for word, _ in pairs), tuple(question for _, question in pairs))
