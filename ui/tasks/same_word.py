"""The tasks of Same word, two sentences."""

from dataclasses import replace

import numpy as np

from attention_core import EXAMPLES, OPENING, Calculation, Experiment, unedited
from attention_core.telling import most_looked_at
from attention_core.two_sentences import position_of
from attention_core.words import identity
from presentation.equations import same_vectors
from presentation.looks import LEAST_DECIMALS
from presentation.text import plain, shown, shown_apart
from ui.tasks.task import Change, Shown, Task, Type

_SAME = 0.01  # closer than this two vectors count as the same
_SAME_TO_ROUNDING = 1e-9


def _rows(card: Shown) -> tuple[tuple[Calculation, int], ...]:
    """Both calculations, each with the position of the word that is followed."""
    return tuple((each, position_of(card.shared_word, each.experiment)) for each in card.pair.calculations)


def _name(card: Shown) -> str:
    (first, row), _ = _rows(card)
    return plain(first.words[row])


def _apart(card: Shown) -> float:
    """How far the two context vectors of the word are from each other."""
    one, other = (each.context[row] for each, row in _rows(card))
    return float(np.linalg.norm(one - other))


def _are_own(card: Shown) -> bool:
    """Whether the person has typed both sentences, and the second is not one that stands in for theirs."""
    first, second = card.pair.first, card.pair.second
    example = EXAMPLES.get(first.example, OPENING).build()
    own = first.lessons.other_sentence
    typed = first.sentence != example.sentence and own not in ("", example.lessons.other_sentence)
    return typed and second.sentence == own


def _two_vectors(card: Shown) -> str:
    apart = _apart(card)
    told = f"**{_name(card)}** has the same row in both of your sentences, and attention makes"
    if apart < _SAME_TO_ROUNDING:
        return f"{told} the same vector of it in both."
    one, _ = shown_apart(apart, 0.0, decimals=card.experiment.decimals)
    return f"{told} two vectors of it that are **{one}** apart."


def _keeps_most_for_itself(card: Shown) -> bool:
    """Whether the word's numbers were edited, and its greatest weight is its own in both sentences."""
    first = card.pair.first
    if first.row(card.shared_word) == unedited(first).row(card.shared_word):
        return False
    return all(_prefers_itself(each, row) for each, row in _rows(card))


def _prefers_itself(calculation: Calculation, row: int) -> bool:
    """Whether a word gives itself more than any other, of which there is one at least."""
    weights, allowed = calculation.attention.weights[row], calculation.allowed[row]
    decimals = max(calculation.experiment.decimals, LEAST_DECIMALS)
    return len(weights) > 1 and most_looked_at(weights, allowed, decimals=decimals) == (row,)


def _own_shares(card: Shown) -> str:
    decimals = max(card.experiment.decimals, LEAST_DECIMALS)
    one, other = (shown(each.attention.weights[row, row], decimals) for each, row in _rows(card))
    return f"**{_name(card)}** keeps **{one}** of its attention in sentence 1 and **{other}** in sentence 2."


def _meet(card: Shown) -> bool:
    """Whether both sentences give the word the same vector although they are not the same."""
    return card.pair.first.words != card.pair.second.words and _apart(card) < _SAME


def _is_reordered(card: Shown) -> bool:
    """Whether both sentences have the same words, each as often, in another order."""
    one, other = ([identity(word) for word in each.words] for each in (card.pair.first, card.pair.second))
    return one != other and sorted(one) == sorted(other)


def _equal_vectors(card: Shown) -> str:
    same, shared = same_vectors(card.pair)
    words, get = "word" if shared == 1 else "words", "gets" if same == 1 else "get"
    return f"The order is different, and **{same} of the {shared} {words}** {get} the same vector as before."


def _with_sentences(experiment: Experiment, first: str, second: str) -> Experiment:
    lessons = replace(experiment.lessons, other_sentence=second)
    return replace(experiment.with_sentence(first), lessons=lessons)


TASKS = {
    "static": Task(
        _are_own,
        _two_vectors,
        (
            "Think of a word that means two things: bank, light, bat, spring.",
            "Type over both sentences, for example “The bank lends money” and “We sat on the bank”.",
        ),
        (
            Change(
                "Sentence 1 becomes “The bank lends money”, and sentence 2 “We sat on the bank”. They share *bank*.",
                lambda experiment: _with_sentences(experiment, "The bank lends money", "We sat on the bank"),
            ),
        ),
    ),
    "sum": Task(
        _keeps_most_for_itself,
        _own_shares,
        (
            "A word gives the most to whatever has the largest score with it. What would make *bank* fit itself best?",
            "The longer a vector, the larger its product with itself. Type large numbers into the row of *bank*, "
            "under *water* and *money*.",
        ),
        (
            Type(
                "In row **bank**, *water* and *money* both become 3.",
                "both",
                {5: {"water": 3.0, "money": 3.0}},
            ),
        ),
    ),
    "equations": Task(
        _is_reordered,
        _equal_vectors,
        (
            "Sentence 1 is “We walked to the river bank”. Which other sentence can you make of these six words?",
            "For sentence 2, type “To the river bank we walked”.",
        ),
        (
            Change(
                "Sentence 2 becomes “To the river bank we walked”.",
                lambda experiment: _with_sentences(experiment, experiment.sentence, "To the river bank we walked"),
            ),
        ),
    ),
    "moved": Task(
        _meet,
        lambda card: (
            f"The sentences differ, and the two vectors of **{_name(card)}** are **{shown(_apart(card), 4)}** apart."
        ),
        (
            "Only the words that one sentence has alone can pull *bank* in different directions. Which are they?",
            "If *river* and *money* had the same numbers, it would not matter which of them stands there. "
            "Make both rows zero.",
        ),
        (
            Type(
                "*river* gets 0 under *water*, and *money* 0 under *money*: both rows are zero throughout now.",
                "both",
                {4: {"water": 0.0}, 6: {"money": 0.0}},
            ),
        ),
    ),
}
