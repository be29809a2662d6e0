"""The tasks of Transformer."""

from dataclasses import replace

import numpy as np

from attention_core import EXAMPLES, Calculation, Experiment, unedited
from attention_core.lessons import Lessons
from attention_core.masks import CAUSAL
from attention_core.network import fed_forward, queries
from attention_core.telling import most_looked_at
from attention_core.travel import NEVER, brought, steps_by_attention
from presentation.looks import LEAST_DECIMALS
from presentation.text import plain, shown
from ui.course import FAR, LONG_SENTENCE, PICTURE
from ui.tasks.task import Change, Shown, Task, Type, Wait


def _reads_back_only(card: Shown) -> str:
    seen = card.calculation.allowed.sum(axis=1)
    whole = int((seen == len(seen)).sum())
    return f"With the causal mask **{whole} of {len(seen)}** words see the whole sentence."


def _has_travelled(card: Shown) -> bool:
    """Whether what the first word says has reached the last one in both ways."""
    last = len(card.calculation.words) - 1
    return last > 0 and card.taken >= last and steps_by_attention(card.calculation.allowed, 0)[-1] != NEVER


def _ways(card: Shown) -> str:
    last = len(card.calculation.words) - 1
    by_attention = int(steps_by_attention(card.calculation.allowed, 0)[-1])
    steps = "step" if last == 1 else "steps"
    return f"Over {last + 1} words it takes **{last}** {steps} one after another, and **{by_attention}** by attention."


def _most(card: Shown, word: int) -> tuple[int, ...]:
    """Where a word looks most."""
    weights, allowed = card.calculation.attention.weights[word], card.calculation.allowed[word]
    return most_looked_at(weights, allowed, decimals=_decimals(card))


def _decimals(card: Shown) -> int:
    """Of a weight that is told."""
    return max(card.experiment.decimals, LEAST_DECIMALS)


def _looks_far(card: Shown) -> bool:
    """Whether the followed word looks most at one word that stands far away."""
    word, most = card.cell[0], _most(card, card.cell[0])
    return len(most) == 1 and abs(most[0] - word) >= FAR


def _far_look(card: Shown) -> str:
    word, (most,) = card.cell[0], _most(card, card.cell[0])
    labels = card.calculation.labels
    weight = shown(card.calculation.attention.weights[word, most], _decimals(card))
    return (
        f"**{plain(labels[word])}** looks most at **{plain(labels[most])}**, {abs(most - word)} places away, with a "
        f"weight of {weight}."
    )


def _last_looks_at_first(card: Shown) -> bool:
    """Whether numbers were edited until the last row looks most at the first."""
    experiment = card.experiment
    if np.array_equal(experiment.embeddings, unedited(experiment).embeddings):
        return False
    last = len(card.calculation.words) - 1
    return last > 0 and _most(card, last) == (0,)


def _patch_look(card: Shown) -> str:
    labels, weights = card.calculation.labels, card.calculation.attention.weights
    weight = shown(weights[-1, 0], _decimals(card))
    return f"**{plain(labels[-1])}** now gives **{plain(labels[0])}** the largest share of its attention, {weight}."


def _with_first_networks(calculation: Calculation) -> Calculation:
    """The calculation with the networks that the app came with."""
    return replace(calculation, experiment=replace(calculation.experiment, lessons=Lessons()))


def _silenced(card: Shown) -> list[int]:
    """The words to which the person's network gives no query, and the first one did."""
    first, now = (queries(each).outputs.any(axis=1) for each in (_with_first_networks(card.full), card.full))
    return [int(at) for at in np.flatnonzero(first & ~now)]


def _silent_words(card: Shown) -> str:
    silenced = _silenced(card)
    if len(silenced) > 1:
        return f"Your network leaves **{len(silenced)}** words without a query that had one."
    return f"Your network leaves **{plain(card.full.labels[silenced[0]])}** without the query that it had."


def _nothing_hidden(card: Shown) -> bool:
    """Whether nothing hidden is left of any word, while the first network left something."""
    first = fed_forward(_with_first_networks(card.calculation))
    return bool(first.hidden.any()) and not fed_forward(card.calculation).hidden.any()


def _same_output(card: Shown) -> str:
    decimals = card.experiment.decimals
    output = ", ".join(shown(number, decimals) for number in fed_forward(card.calculation).outputs[0])
    return f"Your network gives every word the same output: **{output}**."


def _with_river_in_front(experiment: Experiment) -> Experiment:
    """The sentence of thirty words with its one *river* at the beginning."""
    return brought(experiment, experiment.words.index("river"), 0) or experiment


TASKS = {
    "pipeline": Task(
        lambda card: CAUSAL.id in card.experiment.masks,
        _reads_back_only,
        (
            "The switch stands above the table: Causal mask.",
            "Switch it on. Then look whose row still has all the others before it.",
        ),
        (
            Change(
                "The causal mask is switched on: each word now sees itself and those before it.",
                lambda experiment: experiment.with_mask(CAUSAL.id, True),
            ),
        ),
    ),
    "at_once": Task(
        _has_travelled,
        _ways,
        (
            "The slider takes the steps; the arrow keys move it too.",
            "Each step brings the first word one place further in the upper row. Move the slider to its right end.",
        ),
        tuple(Wait(f"After step {step} one word more has heard of the first.", step) for step in range(1, 6)),
    ),
    "far": Task(
        _looks_far,
        _far_look,
        (
            f"To look {FAR} places away, a word needs a sentence that is long enough.",
            "Open the sentence of thirty words. *bank* looks most at *river* beside it. Move *river* to the beginning.",
        ),
        (
            Change(
                "The sentence of thirty words is opened.",
                lambda experiment: replace(EXAMPLES[LONG_SENTENCE].build(), lessons=experiment.lessons),
            ),
            Change(
                "*river* moves from beside *bank* to the beginning of the sentence. *bank* looks at it as before.",
                _with_river_in_front,
            ),
        ),
    ),
    "patches": Task(
        _last_looks_at_first,
        _patch_look,
        (
            "A patch looks at those whose bright pixels lie where its own do. Where are those of the last patch?",
            "Make the pixels of the first patch bright where those of the last one are: type 4 there.",
        ),
        (Type("In the first patch, a1, the pixels p1 and p4 become 4.", "embeddings", {0: {"p1": 4.0, "p4": 4.0}}),),
        start=EXAMPLES[PICTURE].build,
    ),
    "network": Task(
        lambda card: bool(_silenced(card)),
        _silent_words,
        (
            "A bias is added before what is below 0 becomes 0. A negative one lets only strong inputs through.",
            "In the row *bias* of the first table, type −1 under *h2*.",
        ),
        (Type("In the first table, the bias of h2 becomes −1.", "query_first", {0: {"h2": -1.0}}),),
    ),
    "next": Task(
        _nothing_hidden,
        _same_output,
        (
            "What is below 0 becomes 0. So every hidden number has to be pushed below 0, for every word.",
            "Type −9 into all three cells of the row *bias* of the first table.",
        ),
        (
            Type(
                "In the first table all three biases become −9.",
                "forward_first",
                {0: {"h1": -9.0, "h2": -9.0, "h3": -9.0}},
            ),
        ),
    ),
}
