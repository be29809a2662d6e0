"""What a card says was found, held against numbers that are worked out anew, over many drawn experiments."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from support.experiments import any_experiment
from support.found_readers import READERS
from support.heads import some_heads
from support.told import MARKS

from attention_core import EXAMPLES, OPENING
from attention_core.head_changes import output_of
from attention_core.lessons import PRINTED_EMBEDDINGS, Lessons
from ui.tasks import TASKS
from ui.tasks.task import Shown

SEEDS = 300
LEAST = 10  # experiments in which a task is done, so that its sentence was read
KNOWN = ("river", "money", "bank", "the", "cat", "we", "walked", "boat", "loan", "water", "zorp")


def any_lessons(draw, words):
    """Numbers of the lessons, with ties, zeros and negatives."""

    def table(rows, columns, scale=1.0):
        whole = draw.integers(2)
        drawn = draw.integers(-3, 4, (rows, columns)) if whole else draw.normal(size=(rows, columns)).round(3)
        return tuple(map(tuple, (drawn * scale).tolist()))

    scores = table(1, 4)[0]
    if draw.integers(2):  # on the line, or nearly
        slope, miss = draw.normal(size=2)
        scores = tuple(1 + slope * row[0] + 0.0004 * miss for row in PRINTED_EMBEDDINGS)
    values = table(4, 3) if draw.integers(4) == 0 else np.tile([1, 0, 0], (4, 1)) + draw.normal(size=(4, 3)) * 0.005
    return Lessons(
        vectors=table(3, int(draw.integers(2, 5)), float(draw.choice([1, 100, 1e-3]))),
        other_sentence=" ".join(draw.permutation(words)) if draw.integers(2) else "the bank and the river cat we",
        score_row=scores,
        values=tuple(map(tuple, values)),
        key_size=int(draw.integers(1, 513)),
        seed=int(draw.integers(1, 4)),
        query_first=table(5, 3),
        query_second=table(4, 4),
        forward_first=(tuple(draw.choice([-90, 0], size=3).tolist()), *table(4, 3)),
        forward_second=table(4, 4),
    )


@cache
def any_card(seed):
    draw = np.random.default_rng([seed, 12])
    experiment = any_experiment(seed)
    if draw.integers(3) == 0:
        experiment = experiment.with_sentence(" ".join(draw.choice(experiment.words, size=draw.integers(16, 31))))
    n = len(experiment.words)
    experiment = replace(experiment, lessons=any_lessons(draw, experiment.words))
    row, column = map(int, draw.integers(0, n, 2))
    clicked = [None, (row, column), (row, row), (n - 1, 0)][draw.integers(4)]
    return Shown(experiment, clicked, step=7, taken=int(draw.integers(0, n + 1)))


def any_lecture(seed):
    """The lecture's own numbers, looked at in every way."""
    draw = np.random.default_rng(seed)
    lecture = EXAMPLES["lecture-40-26"].build()
    clicked = tuple(map(int, draw.integers(0, len(lecture.words), 2)))
    return Shown(replace(lecture, scaled=bool(draw.integers(2)), decimals=int(draw.integers(5))), clicked)


def any_scaled(seed):
    """Numbers near those of the solution, of which scaling makes much."""
    draw, task = np.random.default_rng(seed), TASKS["why_scale/own"]
    experiment = task.shown(len(task.solution)).experiment
    numbers = experiment.embeddings + draw.normal(0, 0.08, experiment.embeddings.shape).round(2)
    return Shown(replace(experiment.with_embeddings(numbers), decimals=int(draw.integers(5))))


def any_long(seed):
    """Long sentences of known words, followed from their ends."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(16, 31))
    words = draw.permutation([*KNOWN, *["the"] * (n - len(KNOWN))])
    masks = ("not_itself",) if draw.integers(2) else ()
    experiment = replace(OPENING.build().with_sentence(" ".join(words)), masks=masks, decimals=int(draw.integers(5)))
    return Shown(experiment, (int(draw.choice([0, 1, n - 2, n - 1])), 0))


def any_network(seed):
    """The first network with other biases."""
    draw = np.random.default_rng(seed)
    bias, *others = Lessons().query_first
    first = (tuple(draw.choice([0, -0.3, -0.5, -1], size=len(bias)).tolist()), *others)
    experiment = OPENING.build().with_sentence(" ".join(draw.choice(KNOWN, size=draw.integers(1, 7))))
    return Shown(replace(experiment, lessons=replace(experiment.lessons, query_first=first)))


def any_heads(seed):
    """Several heads, with and without W_O, of sentences in which words come twice, under every order of words."""
    draw = np.random.default_rng([seed, 14])
    experiment = any_experiment(seed).with_sentence(" ".join(draw.choice(KNOWN[:6], size=draw.integers(1, 8))))
    experiment = some_heads(experiment, int(draw.integers(1, 5)), seed, head_name=str(draw.choice(["", "its verb"])))
    count = len(experiment.heads)
    experiment = experiment.with_head_chosen(int(draw.integers(count)))
    masks = [(), ("causal",), ("causal", "not_itself"), experiment.masks][draw.integers(4)]
    size = len(output_of(experiment))
    w_o = draw.normal(size=(size, draw.integers(1, 5))).round(1) if draw.integers(2) else np.zeros((0, 0))
    order = str(draw.choice(["none", "sinusoidal", "own", "rotary"]))
    experiment = replace(experiment, masks=masks, positions=order, w_o=w_o.tolist())
    n = len(experiment.words)
    return Shown(experiment, [None, tuple(map(int, draw.integers(0, n, 2)))][draw.integers(2)])


DRAWN = {
    **dict.fromkeys(("heads/jobs", "heads/order", "heads/twice", "heads/writing", "heads/output"), any_heads),
    "three_ways/forty": any_lecture,
    "why_scale/own": any_scaled,
    "transformer/far": any_long,
    "transformer/network": any_network,
}


def test_every_card_has_a_reader_of_what_was_found():
    assert set(READERS) == set(TASKS)


@pytest.mark.parametrize("name", READERS)
def test_what_was_found_is_true_of_any_experiment(name):
    task, read = TASKS[name], 0
    for seed in range(SEEDS):
        card = DRAWN.get(name, any_card)(seed)
        if task.is_done(card):
            READERS[name](card, MARKS.sub("", task.found(card)))
            read += 1
    assert read >= LEAST, f"the task is done in {read} of {SEEDS} experiments"
