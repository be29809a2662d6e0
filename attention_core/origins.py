"""How each word came by its numbers, so that nothing made up passes for set by hand, and nothing set for learned.

All but what an unknown word is like is derived from the numbers themselves, so that it is true of any document.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from attention_core.examples import EXAMPLES
from attention_core.experiment import Experiment
from attention_core.lexicon import has_meaning, known_word, made_up_row
from attention_core.stages import Stage


class Source(StrEnum):
    """Where numbers come from. The values are what tables and files call it; some also name a word."""

    HAND_SET = "hand-set"  # the lexicon's, of the word itself
    FORM = "form"  # the lexicon's, of the word that it is a form of
    TRANSLATION = "translation"  # the lexicon's, of the English word
    LIKE = "like"  # those of a word that the person named
    EXAMPLE = "example"  # the numbers are the ones that the example gives
    LEARNED = "learned"  # left by a training
    EDITED = "edited"  # the person's own
    MADE_UP = "made up"  # seeded by the word's spelling; they mean nothing
    UNKNOWN = "unknown"  # zeros, because nothing is known of it


@dataclass(frozen=True, slots=True)
class Origin:
    """How a word came by its numbers."""

    source: Source
    word: str = ""  # the word whose numbers they are, where it is another
    language: str = ""  # of a translation, such as "German"

    @property
    def means_something(self) -> bool:
        """Whether somebody set these numbers: false for made-up ones and for the zeros of an unknown word."""
        return self.source not in (Source.MADE_UP, Source.UNKNOWN)

    @property
    def note(self) -> str:
        """In a few words, the telling ones first, to stand beside the numbers."""
        match self.source:
            case Source.FORM:
                return f"as {self.word}"
            case Source.TRANSLATION:
                return f"as {self.word} ({self.language})"
            case Source.LIKE:
                return f"like {self.word}"
        return self.source.value


def origin_of(experiment: Experiment, word: str) -> Origin:
    """How a word of the sentence, by its identity, came by the numbers that it has now."""
    like = experiment.likes.get(word, "")
    if experiment.learned.holds(Stage.EMBEDDINGS, word, experiment.row(word)):
        return Origin(Source.LEARNED)
    if word in experiment.rows:
        return _of_given_numbers(experiment, word, like)
    if like and like != word:
        return Origin(Source.LIKE, like)
    if like == word or not has_meaning(experiment.dimensions):
        return Origin(Source.MADE_UP)
    found = known_word(word)
    if found is None:
        return Origin(Source.UNKNOWN)
    if found.language:
        return Origin(Source.TRANSLATION, found.word, found.language)
    return Origin(Source.FORM, found.word) if found.word != word else Origin(Source.HAND_SET)


def words_without_meaning(experiment: Experiment) -> tuple[str, ...]:
    """The distinct words of the sentence, by their identities, of whose numbers nobody said anything."""
    return tuple(word for word in experiment.vocabulary if not origin_of(experiment, word).means_something)


def _of_given_numbers(experiment: Experiment, word: str, like: str) -> Origin:
    row = experiment.rows[word]
    if like and like != word and row == experiment.row(like):
        return Origin(Source.LIKE, like)
    if row == _row_of_example(experiment.example, word, len(row)):
        return Origin(Source.EXAMPLE)
    # Older documents hold made-up numbers for words that were not known then.
    return Origin(Source.MADE_UP if row == made_up_row(word, len(row)) else Source.EDITED)


@lru_cache(maxsize=1024)
def _row_of_example(id: str, word: str, count: int) -> tuple[float, ...] | None:
    """The example's numbers for a word in a table of so many columns."""
    rows = EXAMPLES[id].build().rows if id in EXAMPLES else {}
    return (rows[word] + (0.0,) * count)[:count] if word in rows else None
