"""Learning a tiny language from nothing: what is seen, what is kept back, the training, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from attention_core import Calculation, Experiment, Stage, attend
from attention_core.lessons import Lessons
from attention_core.stages import EDITED, WEIGHT_TABLES
from attention_core.teaching import Learned, prints_of
from learning.forward import Tables
from learning.grammar import Language, Sentence, language_of
from learning.guessing import GuessLoss, tasks_of
from learning.targets import KEPT_DECIMALS
from learning.training import BlewUpError, State, Training

STEPS = 600
RATE = 0.03
METHOD = "adam"
_UNSEEN = 0.25  # of the sentences are kept back
_SPREAD = 0.5  # of the numbers at the start


@dataclass(frozen=True)
class Result:
    """How often the blanked word of sentences that were never seen is guessed."""

    guesses: int  # so many were asked for
    attention: float
    evenly: float  # the same model and training where every word counts the same
    most_frequent: float  # always the word that was blanked out most often in training
    seen: float  # with attention, of the sentences that it learned from


@dataclass(frozen=True)
class Guess:
    """What stands in place of a word that was blanked out, and what a course makes of it."""

    question: str
    words: tuple[tuple[str, float], ...]  # the three that fit best, each with its share
    calculation: Calculation  # of the sentence with the question in it


class Course:
    """One training of a language with attention and one without, a few steps at a time.

    The same grammar, size and seed give the same numbers: the order of all operations is fixed.
    """

    def __init__(self, text: str, *, size: int, seed: int, steps: int = STEPS) -> None:
        self.text = text
        self.language: Language = language_of(text)
        self.size, self.seed, self.steps = size, seed, steps
        generator = np.random.default_rng(seed)
        order = generator.permutation(len(self.language.sentences)).tolist()
        kept_back = max(1, round(_UNSEEN * len(order)))
        self.unseen = tuple(self.language.sentences[at] for at in sorted(order[:kept_back]))
        self.seen = tuple(self.language.sentences[at] for at in sorted(order[kept_back:]))
        self.start = self._drawn(generator)
        loss = GuessLoss(tasks_of(self.language, self.seen), len(self.language.vocabulary), size)
        if not len(loss.tasks.answer):
            raise ValueError(
                "None of the sentences to learn from has a word to blank out. Mark more words, as boat/what."
            )
        self.with_attention, self.evenly = loss, replace(loss, evenly=True)
        self.losses: list[float] = []
        self.taken = 0  # steps of both trainings together
        self.learned: State | None = None
        self._learned_evenly: State | None = None
        self.problem: str | None = None
        self._going = self._states()

    def advance(self, steps: int) -> None:
        """Go on by so many steps, as far as there are any."""
        for _ in range(steps):
            if self.is_over:
                return
            try:
                next(self._going, None)
            except BlewUpError as error:
                self.problem = str(error)

    @property
    def is_over(self) -> bool:
        return self.problem is not None or self.taken >= 2 * (self.steps + 1)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return min(self.taken / (2 * (self.steps + 1)), 1.0)

    @cached_property
    def result(self) -> Result:
        """Once it is over."""
        assert self.learned is not None and self._learned_evenly is not None
        tasks = tasks_of(self.language, self.unseen)
        answers = self.with_attention.tasks.answer
        counts = np.bincount(answers, minlength=len(self.language.vocabulary))
        frequent = np.flatnonzero(counts == counts.max())  # where several tie, each is as good a guess
        return Result(
            guesses=len(tasks.answer),
            attention=self.with_attention.on(tasks).accuracy(self.learned.tables),
            evenly=self.evenly.on(tasks).accuracy(self._learned_evenly.tables),
            most_frequent=float(np.mean(tasks.answer[:, None] == frequent)) if len(tasks.answer) else 0.0,
            seen=self.with_attention.accuracy(self.learned.tables),
        )

    def experiment(self, sentence: Sentence, other: Sentence | None = None, *, decimals: int = 2) -> Experiment:
        """What was learned, under one of its sentences. Once the training with attention is over."""
        return replace(
            self._opened,
            sentence=str(sentence),
            decimals=decimals,
            lessons=Lessons(other_sentence="" if other is None else str(other)),
        )

    def guess(self, sentence: Sentence, place: int) -> Guess:
        """What it says of a sentence whose word at a place is blanked out. Once the training with attention is over."""
        calculation = attend(replace(self._opened, sentence=" ".join(sentence.blanked(place))))
        embeddings = np.array([self._opened.row(word) for word in self.language.vocabulary])
        fits = embeddings @ calculation.context[place]
        powers = np.exp(fits - fits.max())
        shares = powers / powers.sum()
        best = np.argsort(-shares, kind="stable")[:3]
        words = tuple((self.language.vocabulary[at], float(shares[at])) for at in best)
        return Guess(sentence.questions[place], words, calculation)

    @cached_property
    def _opened(self) -> Experiment:
        """What was learned, rounded to KEPT_DECIMALS, under the first sentence of the language."""
        assert self.learned is not None and (self.taken > self.steps or self.is_over)
        tables: dict[Stage, Any] = {
            name: np.round(table, KEPT_DECIMALS) + 0.0 for name, table in self.learned.tables.items()
        }
        words = self.language.vocabulary
        return Experiment(
            sentence=str(self.language.sentences[0]),
            **{table: tables[table] for table in WEIGHT_TABLES},
            rows={word: tuple(row) for word, row in zip(words, tables[Stage.EMBEDDINGS].tolist(), strict=True)},
            dimensions=tuple(f"d{column}" for column in range(1, self.size + 1)),
            learned=Learned(
                "language",
                method=METHOD,
                rate=RATE,
                steps=self.learned.step,
                seed=self.seed,
                start="drawn",
                before=self.losses[0],
                after=self.with_attention(tables)[0],
                prints=prints_of(tables, words),
            ),
        )

    def _drawn(self, generator: np.random.Generator) -> Tables:
        """The tables that it starts from."""
        shapes = {Stage.EMBEDDINGS: (len(self.language.vocabulary), self.size)}
        shapes |= dict.fromkeys(WEIGHT_TABLES, (self.size, self.size))
        return {Stage(table): _SPREAD * generator.standard_normal(shapes[Stage(table)]) for table in EDITED}

    def _states(self) -> Iterator[None]:
        for state in Training(self.start, self.with_attention, EDITED, METHOD, RATE, self.steps):
            self.learned = state
            self.losses.append(state.loss)
            self.taken += 1
            yield
        for state in Training(self.start, self.evenly, EDITED, METHOD, RATE, self.steps):
            self._learned_evenly = state
            self.taken += 1
            yield
