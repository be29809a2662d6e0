"""The tasks of Heads and word order."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from attention_core import EXAMPLES, Calculation, Experiment, Stage, attend
from attention_core.examples import TWO_HEADS
from attention_core.heads import Head
from attention_core.masks import CAUSAL
from attention_core.positions import NONE, SINUSOIDAL
from attention_core.shuffling import Reordered, reordered, shuffled
from attention_core.telling import as_shown, most_looked_at
from attention_core.words import identity
from attention_core.writing import changed_by_the_last
from presentation.heads_text import in_a_sentence
from presentation.looks import LEAST_DECIMALS
from presentation.tables import context_columns
from presentation.text import plain, shown
from ui.tasks.task import Change, Shown, Task, Type

_ANY_ORDER = 1  # the seed of the other order of the words


def another_order(experiment: Experiment) -> Experiment | None:
    """The same words in the other order that the card shows; None where there is none."""
    return shuffled(experiment, _ANY_ORDER)


def _decimals(calculation: Calculation) -> int:
    """Of a number that is told."""
    return max(calculation.experiment.decimals, LEAST_DECIMALS)


def _favourite(calculation: Calculation, place: int, word: int) -> int | None:
    """The one word that a word looks at most in a head, from 0; None where several share that."""
    weights = calculation.heads[place].attention.weights
    most = most_looked_at(weights[word], calculation.allowed[word], decimals=_decimals(calculation))
    return most[0] if len(most) == 1 else None


# --- two heads, one sentence -----------------------------------------------------------------------------------------


def _apart(card: Shown) -> tuple[int, int] | None:
    """The first two heads in which the followed word looks most at different words."""
    it, word = card.every_head, card.cell[0]
    favourites = [_favourite(it, place, word) for place in range(len(it.heads))]
    for one, other in combinations(range(len(favourites)), 2):
        if None not in (favourites[one], favourites[other]) and favourites[one] != favourites[other]:
            return one, other
    return None


def _two_looks(card: Shown) -> str:
    it, word, heads = card.every_head, card.cell[0], _apart(card)
    assert heads is not None
    told = []
    for place in heads:
        at = _favourite(it, place, word)
        assert at is not None
        weight = shown(it.heads[place].attention.weights[word, at], _decimals(it))
        told.append(f"at **{plain(it.labels[at])}** in {in_a_sentence(it, place)} (**{weight}**)")
    return f"**{plain(it.labels[word])}** looks most {' and '.join(told)}."


def _with_a_copy() -> Experiment:
    """The first head of the example twice; the second is to be changed."""
    start = EXAMPLES[TWO_HEADS].build()
    return replace(start, other_heads=(Head("", start.w_q, start.w_k, start.w_v),)).with_head_chosen(1)


# --- blind to order --------------------------------------------------------------------------------------------------


def in_another_order(given: Experiment) -> Reordered | None:
    """What the other order of the words does to their context vectors; None where there is no other."""
    other = another_order(given)
    return None if other is None else reordered(attend(given), attend(other))


def _sees_order(card: Shown) -> bool:
    """Whether order counts, also where no mask tells places apart."""
    if not card.every_head.word_order.counts:
        return False
    found = [in_another_order(each) for each in (card.given, replace(card.given, masks=()))]
    return all(each is not None and each.different for each in found)


def _order(card: Shown) -> str:
    found = in_another_order(card.given)
    assert found is not None
    return (
        f"In another order **{len(found.different)} of {len(card.given.vocabulary)}** words have another context "
        f"vector; the largest difference is **{found.largest:.2g}**."
    )


# --- the same word twice ---------------------------------------------------------------------------------------------


def told_apart(card: Shown) -> tuple[int, int] | None:
    """The first two places of one word that looks most at different words there, for its places alone."""
    it = card.every_head
    blind = attend(replace(card.given, positions=NONE.id)).attention.weights
    words = [identity(word) for word in it.words]
    for one, other in combinations(range(len(words)), 2):
        if words[one] != words[other] or not np.allclose(blind[one], blind[other], rtol=0, atol=1e-9):
            continue
        looks = {_favourite(it, it.place, place) for place in (one, other)}
        if None not in looks and len(looks) == 2:
            return one, other
    return None


def _two_of_a_word(card: Shown) -> str:
    it, places = card.every_head, told_apart(card)
    assert places is not None
    told = []
    for word in places:
        at = _favourite(it, it.place, word)
        assert at is not None
        weight = shown(it.attention.weights[word, at], _decimals(it))
        looked_at = "itself" if at == word else f"**{plain(it.labels[at])}**"
        told.append(f"**{plain(it.labels[word])}** looks most at {looked_at} (**{weight}**)")
    return f"{' and '.join(told)}. Without positions both have the same weights."


def _without_places() -> Experiment:
    """The head that looks for the word before, while no place has numbers."""
    return replace(EXAMPLES[TWO_HEADS].build().with_head_chosen(1), position_rows=())


# --- writing word by word --------------------------------------------------------------------------------------------


def _keeps_what_was_written(card: Shown) -> bool:
    changed, without = _changed(card.given), _changed(replace(card.given, masks=()))
    return changed is not None and without is not None and not changed[0] and without[0] > 0


def _changed(experiment: Experiment) -> tuple[int, int] | None:
    """How many context vectors the last word changed, of how many before it."""
    changed = changed_by_the_last(attend(experiment))
    return None if changed is None else (int(changed.sum()), len(changed))


def _kept(card: Shown) -> str:
    changed, without = _changed(card.given), _changed(replace(card.given, masks=()))
    assert changed is not None and without is not None
    return (
        f"Writing **{plain(card.every_head.labels[-1])}** changes **{changed[0]} of {changed[1]}** context vectors "
        f"before it; without a mask it changes **{without[0]} of {without[1]}**."
    )


# --- what W_O is for -------------------------------------------------------------------------------------------------


def parts_of(it: Calculation, word: int, column: int) -> list[float]:
    """What each head gives to a number of a context vector, by W_O."""
    given = it.joined[word] * it.w_o[:, column]
    return [float(part.sum()) for part in np.split(given, len(it.heads))]


def _mixed(card: Shown) -> tuple[int, int] | None:
    """The first number of a context vector that takes from two heads, as far as is shown: of the followed word, or
    else of another."""
    it = card.every_head
    for word in (card.cell[0], *range(len(it.words))):
        for column in range(it.w_o.shape[1]):
            if np.count_nonzero(as_shown(np.array(parts_of(it, word, column)), _decimals(it))) > 1:
                return word, column
    return None


def _two_parts(card: Shown) -> str:
    it, place = card.every_head, _mixed(card)
    assert place is not None
    word, column = place
    decimals = _decimals(it)
    parts = [
        f"**{shown(part, decimals)}** comes from {in_a_sentence(it, head)}"
        for head, part in enumerate(parts_of(it, word, column))
        if round(part, decimals)
    ]
    name = plain(context_columns(it)[column])
    told = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of **{name}** of **{plain(it.labels[word])}**, {told}."


TASKS = {
    "jobs": Task(
        lambda card: _apart(card) is not None,
        _two_looks,
        (
            "Head 2 looks for action, because the only number of its W_K is in the row *action*. What else is there?",
            "In W_K of head 2, type 3 in the row *living*, under *k1*, and 0 in the row *action*.",
        ),
        (
            Type(
                "In W_K of head 2, *living* becomes 3 and *action* 0 under k1: nouns are found instead of the verb.",
                "w_k",
                {0: {"k1": 3.0}, 1: {"k1": 0.0}},
            ),
        ),
        start=_with_a_copy,
        table="w_k",
    ),
    "order": Task(
        _sees_order,
        _order,
        (
            "None, waves, a table of your own, or rotary: choose above the table.",
            "Choose Waves. Each place then adds its own sines and cosines to the embedding.",
        ),
        (
            Change(
                "Waves are chosen: each place adds sines and cosines to the embedding of its word.",
                lambda experiment: replace(experiment, positions=SINUSOIDAL.id),
            ),
        ),
    ),
    "twice": Task(
        lambda card: told_apart(card) is not None,
        _two_of_a_word,
        (
            "A query looks one step back on a circle: 30° behind its own place. Give places numbers on that circle.",
            "p1 and p2 of a place are its cosine and sine: 1 and 0, then 0.87 and 0.5, 0.5 and 0.87, 0 and 1.",
        ),
        (
            Type("The place of the first *the* gets 1 and 0: it then looks at itself.", "positions", {0: {"p1": 1.0}}),
            Type(
                "The place of *chased* gets 0.5 and 0.87, which is 60° further on the circle.",
                "positions",
                {2: {"p1": 0.5, "p2": 0.87}},
            ),
            Type(
                "The place of the second *the* gets 0 and 1, a step of 30° further: it looks at the place before it.",
                "positions",
                {3: {"p2": 1.0}},
            ),
        ),
        start=_without_places,
    ),
    "writing": Task(
        _keeps_what_was_written,
        _kept,
        (
            "A context vector changes if its word looks at the one that was written last.",
            "Switch on the causal mask: each word then sees itself and the words before it.",
        ),
        (
            Change(
                "The causal mask is switched on: no word looks at one that comes later.",
                lambda experiment: experiment.with_mask(CAUSAL.id, True),
            ),
        ),
    ),
    "output": Task(
        lambda card: _mixed(card) is not None,
        _two_parts,
        (
            "A column of W_O makes one number of the context vector. A 1 in a row lets that row's number in.",
            "The column o1 has a 1 for the first number of head 1. Type another 1 there, in the row *H2 v1*.",
        ),
        (
            Type(
                "In W_O the row H2 v1 gets a 1 under o1: o1 now adds up the first numbers of both heads.",
                Stage.W_O,
                {2: {"o1": 1.0}},
            ),
        ),
        start=EXAMPLES[TWO_HEADS].build,
    ),
}
