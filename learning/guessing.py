"""Guessing a blanked word: the loss, its gradient, and how often a guess is right.

A word's context vector is multiplied with the embedding of every word; the word with the largest product is the guess,
and the softmax of the products says how sure it is. So embeddings, W_Q, W_K and W_V are all that is learned.

Letters: T tasks of n places (shorter sentences are filled up, and nobody may look there), m words of the language.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from attention_core import Stage, softmax
from attention_core.attention import Floats
from attention_core.variants import QKV
from learning.forward import Setup, Tables, run
from learning.gradients import gradients
from learning.grammar import Language, Sentence

OTHERS = 0.1  # of the loss are the guesses of the words around the blank, so that they too learn where to look
DECAY = 0.003  # what half the square of each number of the tables adds to the loss
_EVENLY = 1e12  # a divisor that makes all weights of a row the same


@dataclass(frozen=True, eq=False)
class Tasks:
    """Sentences, each with one word blanked out."""

    words: npt.NDArray[np.intp]  # (T, n)  rows of the embeddings; 0 where the sentence has ended
    there: npt.NDArray[np.bool_]  # (T, n)  whether there is a word
    place: npt.NDArray[np.intp]  # (T,)  where the blank is
    answer: npt.NDArray[np.intp]  # (T,)  the row of the word that was there


def tasks_of(language: Language, sentences: Sequence[Sentence]) -> Tasks:
    """A task for each word that can be blanked out."""
    asked = [(sentence, place) for sentence in sentences for place in sentence.blanks]
    longest = max((len(sentence.words) for sentence in sentences), default=1)
    words = np.zeros((len(asked), longest), dtype=np.intp)
    there = np.zeros(words.shape, dtype=bool)
    for row, (sentence, place) in enumerate(asked):
        there[row, : len(sentence.words)] = True
        words[row, : len(sentence.words)] = language.rows(sentence.blanked(place))
    answers = [language.rows((sentence.words[place],))[0] for sentence, place in asked]
    return Tasks(words, there, np.array([place for _, place in asked], dtype=np.intp), np.array(answers, dtype=np.intp))


@dataclass(frozen=True, eq=False)
class GuessLoss:
    """How surprising the right words are: minus the logarithm of what is given to each, on average.

    Large numbers cost a little, too (weight decay). That keeps the tables small, so that it pays to look at few words
    rather than to add up large numbers of all.
    """

    tasks: Tasks
    count: int  # m
    d_k: int
    evenly: bool = False  # without attention: every word counts the same

    @cached_property
    def setup(self) -> Setup:
        allowed = np.repeat(self.tasks.there[:, None, :], self.tasks.words.shape[1], axis=1)
        return Setup(QKV, self.tasks.words, self.count, allowed, _EVENLY if self.evenly else math.sqrt(self.d_k))

    @cached_property
    def shares(self) -> Floats:
        """How much the guess of each place counts: the blank's most, the others' OTHERS together.  (T, n)"""
        there = self.tasks.there.astype(np.float64)
        at_blank = np.zeros_like(there)
        at_blank[np.arange(len(there)), self.tasks.place] = 1.0
        others = there - at_blank
        count = np.maximum(others.sum(axis=1, keepdims=True), 1)
        shares: Floats = ((1 - OTHERS) * at_blank + OTHERS * others / count) / len(there)
        return shares

    def __call__(self, tables: Tables) -> tuple[float, dict[Stage, Floats]]:
        embeddings = tables[Stage.EMBEDDINGS]
        done = run(tables, self.setup)
        given = softmax(done.context @ embeddings.T)  # (T, n, m)
        answers = np.broadcast_to(self.tasks.answer[:, None, None], (*self.shares.shape, 1))
        right = np.take_along_axis(given, answers, axis=-1)
        loss = -float(np.sum(self.shares * np.log(np.maximum(right[..., 0], np.finfo(float).tiny))))
        by_products = np.array(given)
        np.put_along_axis(by_products, answers, right - 1, axis=-1)
        by_products *= self.shares[..., None]
        by = gradients(tables, self.setup, done, by_context=by_products @ embeddings)
        contexts = done.context.reshape(-1, embeddings.shape[1])
        by[Stage.EMBEDDINGS] = by[Stage.EMBEDDINGS] + by_products.reshape(-1, self.count).T @ contexts
        for table, numbers in tables.items():
            loss += DECAY / 2 * float(np.sum(numbers * numbers))
            by[table] = by[table] + DECAY * numbers
        return loss, by

    def guesses(self, tables: Tables) -> npt.NDArray[np.intp]:
        """The guessed word of each task, by its row.  (T,)"""
        context = run(tables, self.setup).context[np.arange(len(self.tasks.place)), self.tasks.place]
        return np.asarray(np.argmax(context @ tables[Stage.EMBEDDINGS].T, axis=-1))

    def accuracy(self, tables: Tables) -> float:
        """The share of the tasks whose word is guessed."""
        return float(np.mean(self.guesses(tables) == self.tasks.answer)) if len(self.tasks.answer) else 0.0

    def on(self, tasks: Tasks) -> "GuessLoss":
        """The same for other tasks."""
        return replace(self, tasks=tasks)
