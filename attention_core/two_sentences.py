"""One word in two sentences: the same embedding, two context vectors.  Source: sources.RIVER_AND_MONEY."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

from attention_core.calculation import Calculation, attend
from attention_core.experiment import Experiment
from attention_core.matrices import Matrix, read_only
from attention_core.words import identity

_USUAL = {"money": "We walked to the money bank", "river": "We walked to the river bank"}


@dataclass(frozen=True, eq=False)
class TwoSentences:
    """Two experiments that differ in their sentence alone."""

    first: Experiment
    second: Experiment

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.first.words, *self.second.words)

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The identities of the m distinct words, those of the first sentence first."""
        return tuple(dict.fromkeys((*self.first.vocabulary, *self.second.vocabulary)))

    @property
    def embeddings(self) -> Matrix:
        """The one table that both sentences use.  (m, d_model)"""
        return read_only([self.first.row(word) for word in self.vocabulary])

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The identities of the words that both have, in the order of the first."""
        return tuple(word for word in self.first.vocabulary if word in set(self.second.vocabulary))

    @property
    def unshared(self) -> tuple[str, ...]:
        """The identities of the words that one of them has alone."""
        return tuple(word for word in self.vocabulary if word not in self.shared)

    @cached_property
    def calculations(self) -> tuple[Calculation, Calculation]:
        return attend(self.first), attend(self.second)

    def telling(self) -> str:
        """The shared word to look at first: the last one whose embedding is not zero, else the last."""
        with_direction = [word for word in self.shared if any(self.first.row(word))]
        return (with_direction or list(self.shared))[-1]


def pair_with(experiment: Experiment, other: str) -> TwoSentences:
    """Raises ValueError where the other sentence cannot be drawn, or shares no word with the first."""
    pair = TwoSentences(experiment, experiment.with_sentence(other))
    if not pair.shared:
        raise ValueError("The two sentences share no word. Type one word into both, such as bank.")
    return pair


@lru_cache(maxsize=8)  # whatever is shown of the two sentences asks for the pair
def pair_of(experiment: Experiment) -> TwoSentences:
    """With the person's own second sentence where it fits the first, or else with one that is made to fit."""
    if experiment.lessons.other_sentence:
        with suppress(ValueError):
            return pair_with(experiment, experiment.lessons.other_sentence)
    last = experiment.words[-1]
    companions = sorted(_USUAL, key=lambda word: word in experiment.vocabulary)
    for other in (*(_USUAL[word] for word in companions), *(f"{word} {last}" for word in companions)):
        with suppress(ValueError):
            pair = pair_with(experiment, other)
            if pair.first.words != pair.second.words:
                return pair
    return TwoSentences(experiment, experiment)


def position_of(word: str, experiment: Experiment) -> int:
    """Where a word, by its identity, stands for the first time in a sentence, from 0."""
    return [identity(each) for each in experiment.words].index(word)
