"""What an experiment can be compared with. The registry feeds the choice on screen, the address and the tests."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from attention_core.examples import EXAMPLES, OPENING, with_same_head
from attention_core.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Remembered:
    """Experiments that a session remembers beside the one on screen; None where there is none."""

    before: Experiment | None  # as it was before the last change
    pinned: Experiment | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One experiment to compare with."""

    id: str
    title: str  # after "Compare with"
    missing: str  # what to say where there is none
    other: Callable[[Experiment, Remembered], Experiment | None]


def _scaled_the_other_way(experiment: Experiment, remembered: Remembered) -> Experiment:
    return replace(experiment, scaled=not experiment.scaled)


def _as_it_came(experiment: Experiment, remembered: Remembered) -> Experiment:
    return with_same_head(EXAMPLES.get(experiment.example, OPENING).build(), experiment)


_ALL = (
    Comparison(
        "change",
        "before the last change",
        "Nothing was changed yet. Change something, and the picture shows what it did.",
        lambda experiment, remembered: remembered.before,
    ),
    Comparison("scaling", "scaling the other way", "", _scaled_the_other_way),
    Comparison("example", "the example as it came", "", _as_it_came),
    Comparison(
        "pin",
        "the pinned experiment",
        "Nothing is pinned. Pin the experiment, then change it.",
        lambda experiment, remembered: remembered.pinned,
    ),
)

COMPARISONS = {each.id: each for each in _ALL}
