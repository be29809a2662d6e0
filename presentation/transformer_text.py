"""What the lesson on transformers says of a person's numbers. Every sentence is true of any experiment.

All texts are Markdown; people's words are text in them.
"""

from collections import Counter

import numpy as np

from attention_core import Calculation, attend
from attention_core.attention import Floats
from attention_core.masks import CAUSAL
from attention_core.network import Passed
from attention_core.travel import NEVER, Steps, farthest_place, steps_by_attention, weight_if_brought
from attention_core.words import identity
from presentation.text import plain, shown

_MOST_REPEATED = 3


def counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def different(vectors: Floats) -> int:
    """How many of the rows differ from all before them, by more than rounding in the calculation."""
    kept = vectors[:1]
    for row in vectors[1:]:
        if not np.isclose(kept, row, rtol=1e-9, atol=1e-12).all(axis=1).any():
            kept = np.vstack([kept, row])
    return len(kept)


def stations(calculation: Calculation) -> tuple[tuple[str, str, str], ...]:
    """From text to contextual vectors: the name of each station, what stands there, and what it is."""
    n, rows = len(calculation.words), len(calculation.experiment.vocabulary)
    vectors = f"{counted(n, 'vector')}, {different(calculation.context)} different"
    return (
        ("Text", counted(n, "word"), "as it was typed"),
        ("Static vectors", counted(rows, "row"), "one for each different word, as in Word2Vec and GloVe"),
        ("Attention", f"{n} × {n} weights", "which word looks at which"),
        ("Contextual vectors", vectors, "one for each place, as in BERT and GPT"),
    )


def repeated(calculation: Calculation) -> list[str]:
    """What becomes of the words that stand there more than once."""
    often = [word for word, count in Counter(map(identity, calculation.words)).items() if count > 1]
    lines = []
    for word in often[:_MOST_REPEATED]:
        places = [at for at, each in enumerate(calculation.words) if identity(each) == word]
        vectors = different(calculation.context[places])
        lines.append(
            f"**{plain(calculation.words[places[0]])}** stands there {len(places)} times: one static vector, "
            f"{counted(vectors, 'contextual vector')}."
        )
    return lines


def changed_by_the_mask(calculation: Calculation) -> str:
    """How many words the causal mask gives a different contextual vector, whether or not it is on."""
    experiment = calculation.experiment
    other = attend(experiment.with_mask(CAUSAL.id, CAUSAL.id not in experiment.masks))
    changed = int((~np.isclose(calculation.context, other.context, rtol=1e-9, atol=1e-12)).any(axis=1).sum())
    n = len(calculation.words)
    return f"The causal mask gives **{changed} of {counted(n, 'word')}** a different contextual vector."


def travelled(calculation: Calculation, one_by_one: Steps, taken: int) -> str:
    """How far what the first word says has come, read one after another and by attention."""
    n = len(calculation.words)
    at_once = steps_by_attention(calculation.allowed, 0)
    first, last = plain(calculation.labels[0]), plain(calculation.labels[-1])
    heard = [int(((steps != NEVER) & (steps <= taken)).sum()) for steps in (one_by_one, at_once)]
    all_at_once = "never" if at_once[-1] == NEVER else counted(int(at_once[-1]), "step")
    weights = counted(int(calculation.allowed.sum()), "weight")
    return (
        f"After {counted(taken, 'step')}, **{heard[0]} of {counted(n, 'word')}** know of **{first}** when read "
        f"one after another, and **{heard[1]}** when all attend at once.\n\n"
        f"From **{first}** to **{last}**: {counted(n - 1, 'step')} one after another, {all_at_once} all at once. The "
        f"price is {weights}, one for each word and each that it may look at; but none of them waits for another."
    )


def at_a_distance(calculation: Calculation, word: int, other: int) -> list[str]:
    """What a word gets, what it would get far away, and how much work a look is, near and far."""
    labels, decimals = calculation.labels, calculation.experiment.decimals
    lines = []
    if (elsewhere := weight_if_brought(calculation, word, other)) is not None:
        away, weight = elsewhere
        lines.append(
            f"**{plain(labels[word])}** gives **{plain(labels[other])}**, {counted(abs(word - other), 'place')} away, "
            f"{shown(float(calculation.attention.weights[word, other]), decimals)} of its attention. At the far end of "
            f"the sentence, {counted(away, 'place')} away, it would get {shown(weight, decimals)}."
        )
    pairs = near_and_far(len(labels), word)
    products = counted(calculation.table(calculation.variant.key).shape[1], "product")
    if len(pairs) == 2:
        places = [counted(abs(at - word), "place") for at in pairs]
        lines.append(f"A score across {places[0]} takes {products}, and one across {places[1]} as many.")
    elif pairs:
        lines.append(f"A score across {counted(abs(pairs[0] - word), 'place')} takes {products}.")
    return lines


def near_and_far(n: int, word: int) -> tuple[int, ...]:
    """A neighbour of a word, and the word that stands farthest from it."""
    if n == 1:
        return ()
    return tuple(dict.fromkeys((word - 1 if word else 1, farthest_place(n, word))))


def pixels_told(calculation: Calculation) -> str:
    size = calculation.experiment.d_model
    return (
        f"Each row has {counted(size, 'number')}, drawn as {counted(size, 'pixel')}: the smaller, the darker. "
        "Attention knows nothing of pictures or words; it compares the numbers."
    )


def passed_alone(it: Passed) -> str:
    """How many rows went into a network, and how many different ones came out."""
    n = len(it.inputs)
    each = "the one word" if n == 1 else f"each of the {n} words"
    return (
        f"The same two tables for {each}, and each goes in alone: {counted(different(it.inputs), 'different vector')} "
        f"in, {counted(different(it.outputs), 'different vector')} out."
    )
