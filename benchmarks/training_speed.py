"""How long does a training take, and how long its pictures?   python benchmarks/training_speed.py

400 steps of Adam towards a target, embeddings, W_Q and W_K learning, for sentences of 6, 12 and 24 words: the app's
`Training`, beside the same steps written as one loop of bare NumPy calls with nothing kept, checked or named. That loop
is the floor: some fifty calls a step on tables of a few numbers, each of which costs NumPy most of a microsecond
whatever the tables hold. Beside them the pictures that are drawn meanwhile, as data for the browser.

The rounds take turns, and the quickest of each is told, so that a busy machine disturbs all alike.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attention_core import OPENING, Experiment, Stage, attend
from attention_core.teaching import Teaching
from learning.targets import at_state, training_of
from learning.training import Recording, Training
from presentation import charts, training_charts
from ui.state.teach import FRAMES

STEPS = 400
ROUNDS = 15
WORDS = (6, 12, 24)


def experiment_of(words: int) -> Experiment:
    sentence = " ".join(("We walked to the river bank " * 4).split()[:words])
    return replace(OPENING.build().with_sentence(sentence), teaching=Teaching(steps=STEPS))


def bare(training: Training) -> float:
    """The same steps with as few calls as they need; the loss at the end."""
    start, loss = training.start, training.loss
    words, places, target, divisor = loss.setup.words, loss.setup.places, loss.target, loss.setup.divisor
    tables = [start[Stage.EMBEDDINGS], start[Stage.W_Q], start[Stage.W_K]]
    ends = np.cumsum([table.size for table in tables])
    shapes = [table.shape for table in tables]

    def parts(row: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (
            row[: ends[0]].reshape(shapes[0]),
            row[ends[0] : ends[1]].reshape(shapes[1]),
            row[ends[1] :].reshape(shapes[2]),
        )

    row = np.concatenate([table.ravel() for table in tables])
    mean, square, rows = np.zeros_like(row), np.zeros_like(row), len(words)
    for step in range(1, training.steps + 2):
        embeddings, w_q, w_k = parts(row)
        x = embeddings[words]
        q, k = x @ w_q, x @ w_k
        weights = q @ k.T
        weights /= divisor
        weights -= np.maximum.reduce(weights, -1, keepdims=True)
        np.exp(weights, out=weights)
        weights /= np.add.reduce(weights, -1, keepdims=True)
        missed = weights - target
        value = float(np.vdot(missed, missed)) / rows
        missed *= 2 / rows
        missed -= np.add.reduce(weights * missed, -1, keepdims=True)
        missed *= weights
        missed /= divisor
        by_q, by_k = missed @ k, missed.T @ q
        slope = np.empty_like(row)
        by_embeddings, by_w_q, by_w_k = parts(slope)
        np.matmul(x.T, by_q, out=by_w_q)
        np.matmul(x.T, by_k, out=by_w_k)
        by_x = by_q @ w_q.T
        by_x += by_k @ w_k.T
        np.matmul(places, by_x, out=by_embeddings)
        if step > training.steps:
            break
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        row = row - training.rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return value


def ours(training: Training) -> float:
    recording = Recording(training)
    recording.advance(training.steps)
    return recording.losses[-1]


def pictures(experiment: Experiment, recording: Recording) -> None:
    """What the page builds for each of its pictures while a training plays."""
    for number in range(FRAMES):
        state = recording.states[number * STEPS // FRAMES]
        shown = at_state(experiment, state.tables)
        charts.weights_map(shown.attention.weights, shown.labels, shown.allowed, title="The weights now", decimals=2)
        training_charts.losses({"loss": recording.losses[: state.step + 1]}, steps=STEPS, at=state.step)


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def main() -> None:
    print(f"| words | {STEPS} steps | bare loop | {FRAMES} pictures | steps ÷ bare loop |\n|---:|---:|---:|---:|---:|")
    for words in WORDS:
        experiment = experiment_of(words)
        training = training_of(attend(experiment))
        assert abs(ours(training) - bare(training)) < 1e-9, "the bare loop is another training"
        recording = Recording(training)
        recording.advance(STEPS)
        pictures(experiment, recording)  # its specifications are built once
        doing = [
            lambda t=training: ours(t),
            lambda t=training: bare(t),
            lambda e=experiment, r=recording: pictures(e, r),
        ]
        best = np.min([[seconds(do) for do in doing] for _ in range(ROUNDS)], axis=0)
        told = " | ".join(f"{1000 * each:.1f} ms" for each in best)
        print(f"| {words} | {told} | {best[0] / best[1]:.2f} |")


if __name__ == "__main__":
    main()
