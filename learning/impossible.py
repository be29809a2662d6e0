"""What cannot be learned, and why: targets that fail for a reason that can be worked out. A registry.

Each has one experiment or two to compare, with a target and a training that is run as it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from attention_core import OPENING, Calculation, Experiment, attend
from attention_core.masks import CAUSAL
from attention_core.positions import SINUSOIDAL
from attention_core.teaching import Teaching
from learning.best_possible import best_possible
from learning.targets import at_state, loss_of, training_of
from learning.training import Recording


@dataclass(frozen=True)
class Impossible:
    """One target that fails. `experiments`: what each curve is called -> what is trained."""

    id: str
    title: str
    why: str  # Markdown; true whatever the numbers are
    experiments: Callable[[], Mapping[str, Experiment]]
    see: str = ""  # the script of a page that says more


@dataclass(frozen=True, eq=False)
class Outcome:
    """One training, as far as it has gone."""

    experiment: Experiment
    recording: Recording
    reached: Calculation
    best: float  # no training goes below it


class Trial:
    """The trainings of one target that fails, side by side, a few steps at a time."""

    def __init__(self, id: str) -> None:
        self.id = id
        self._begun = {name: _begun(experiment) for name, experiment in IMPOSSIBLE[id].experiments().items()}

    def advance(self, steps: int) -> None:
        """Go on by so many steps of each, as far as there are any."""
        for recording in self._recordings:
            recording.advance(steps)

    @property
    def is_over(self) -> bool:
        return all(recording.is_over for recording in self._recordings)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return min((len(recording.states) - 1) / recording.training.steps for recording in self._recordings)

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        return {
            name: Outcome(experiment, recording, at_state(experiment, recording.states[-1].tables), best)
            for name, (experiment, recording, best) in self._begun.items()
        }

    @property
    def _recordings(self) -> list[Recording]:
        return [recording for _, recording, _ in self._begun.values()]


def _begun(experiment: Experiment) -> tuple[Experiment, Recording, float]:
    calculation = attend(experiment)
    return experiment, Recording(training_of(calculation)), best_possible(calculation, loss_of(calculation))


def _asked(experiment: Experiment, target: object, **settings: object) -> Experiment:
    teaching = replace(Teaching(rate=0.05), **settings)  # type: ignore[arg-type]
    return replace(experiment, teaching=teaching.with_target(np.array(target, dtype=float)))


def _equal_words() -> Mapping[str, Experiment]:
    sentence = OPENING.build().with_sentence("the cat saw the dog")
    target = np.zeros((5, 5))
    target[0, 1] = target[3, 4] = 1  # each "the" at the noun that follows it
    return {
        "without word order": _asked(sentence, target),
        "with it": _asked(replace(sentence, positions=SINUSOIDAL.id), target),
    }


def _one_number() -> Mapping[str, Experiment]:
    experiment = Experiment(
        sentence="left middle right",
        w_q=np.array([[-2.0], [-0.5], [1.0]]),
        w_k=np.array([[-1.0], [-0.5], [1.0]]),
        w_v=np.eye(3),
        rows={"left": (1.0, 0.0, 0.0), "middle": (0.0, 1.0, 0.0), "right": (0.0, 0.0, 1.0)},
        dimensions=("d1", "d2", "d3"),
    )
    settings = {"tables": ("w_q", "w_k"), "rate": 0.1, "start": "own"}
    return {
        "d_k = 1": _asked(experiment, np.eye(3), **settings),
        "d_k = 3": _asked(experiment.resized(d_k=3), np.eye(3), **settings | {"start": "drawn"}),
    }


def _looking_ahead() -> Mapping[str, Experiment]:
    sentence = OPENING.build().with_sentence("a bird sang")
    target = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    return {
        "causal mask": _asked(replace(sentence, masks=(CAUSAL.id,)), target),
        "no mask": _asked(sentence, target),
    }


def _saturated() -> Mapping[str, Experiment]:
    """Large numbers to begin with, so that without scaling the softmax gives nearly everything to one word."""
    generator = np.random.default_rng(4)
    sentence = OPENING.build().with_sentence("We walked to the river bank").resized(d_model=16, d_k=16)
    drawn = np.round(generator.standard_normal((2, 16, 16)), 2)
    embeddings = np.round(generator.standard_normal((6, 16)), 2)
    experiment = replace(sentence, w_q=0.5 * drawn[0], w_k=0.5 * drawn[1]).with_embeddings(embeddings)
    settings = {"tables": ("w_q", "w_k"), "rate": 0.1, "method": "descent", "start": "own"}
    target = np.eye(6)[[1, 2, 3, 4, 5, 0]]
    return {
        "with scaling": _asked(experiment, target, **settings),
        "without": _asked(replace(experiment, scaled=False), target, **settings),
    }


_ALL = (
    Impossible(
        "equal-words",
        "Two equal words",
        "Each *the* is to look at the noun behind it. But both start with the same embedding, so they have the same "
        "query and the same weights: whatever one does, the other does too. The best that can be is to share, half "
        "for each noun. Numbers that are added for the **places** tell the two apart, and then it can be learned.",
        _equal_words,
    ),
    Impossible(
        "one-number",
        "One number a key",
        "Each of three words is to look at itself. With **d_k = 1** a score is query × key, one number times one "
        "number, so along a row the weights can only rise or fall in the order of the keys. The word in the middle is "
        "never first; at best it shares with a neighbour. With three numbers a key nothing is in the way.",
        _one_number,
    ),
    Impossible(
        "looking-ahead",
        "A mask against the target",
        "Two of the words are to look at the word behind them. The **causal mask** gives everything behind a word the "
        "weight 0, and no training changes a mask.",
        _looking_ahead,
    ),
    Impossible(
        "saturated",
        "A saturated softmax",
        "This one can be learned, but not in time. With sixteen numbers a key and no **scaling** the scores are so "
        "far apart that the softmax gives nearly everything to one word, and there its gradient is nearly 0: nothing "
        "says which way to go. *Why scale?* shows the same for random rows.",
        _saturated,
        see="why_scale",
    ),
)

IMPOSSIBLE = {each.id: each for each in _ALL}
