"""The tasks of Why scale?"""

from collections.abc import Callable
from dataclasses import replace

from attention_core import Experiment, attend
from attention_core.matrices import Matrix
from attention_core.saturation import Measured, measured, random_scores
from presentation.looks import LEAST_DECIMALS
from presentation.text import plain, shown
from ui.tasks.task import Change, Shown, Task, Type

_WIDE_SPREAD = 16
_GREAT_WEIGHT = 0.9
_GREAT_FALL = 0.3
_DECIMALS = 4


def _mean(card: Shown, name: str, *, scaled: bool) -> float:
    """The mean of a measure over the random rows."""
    d_k, seed = card.lessons.key_size, card.lessons.seed
    found: Measured = next(each for each in measured(seed, name, (d_k,)) if each.scaled == scaled)
    return found.mean


def _deviation(card: Shown) -> float:
    return random_scores(card.lessons.seed).deviation(card.lessons.key_size)


def _means_told(name: str, called: str) -> Callable[[Shown], str]:
    def told(card: Shown) -> str:
        with_scaling, without = (shown(_mean(card, name, scaled=scaled), _DECIMALS) for scaled in (True, False))
        return (
            f"With d_k = {card.lessons.key_size} the {called} is on average **{without}** without scaling, and "
            f"**{with_scaling}** with it."
        )

    return told


def _gradient_vanishes(card: Shown) -> bool:
    with_scaling, without = (_mean(card, "gradient", scaled=scaled) for scaled in (True, False))
    return without < with_scaling / 3


def both_rows(card: Shown) -> tuple[Matrix, Matrix]:
    """The chosen word's weights with scaling, and without."""
    other = attend(replace(card.experiment, scaled=not card.experiment.scaled))
    on, off = (card.calculation, other) if card.experiment.scaled else (other, card.calculation)
    word, _ = card.cell
    return on.attention.weights[word], off.attention.weights[word]


def _largest_of_both(card: Shown) -> tuple[float, float]:
    on, off = both_rows(card)
    return float(on.max()), float(off.max())


def _listens(card: Shown) -> bool:
    """Whether scaling lowers the largest weight of the chosen word's row by much."""
    on, off = _largest_of_both(card)
    return off - on > _GREAT_FALL


def _fall(card: Shown) -> str:
    on, off = (shown(each, max(card.experiment.decimals, LEAST_DECIMALS)) for each in _largest_of_both(card))
    return (
        f"Scaling lowers the largest weight of **{plain(card.calculation.labels[card.cell[0]])}** from {off} to {on}."
    )


def _with_size(size: int) -> Callable[[Experiment], Experiment]:
    return lambda experiment: replace(experiment, lessons=replace(experiment.lessons, key_size=size))


TASKS = {
    "grow": Task(
        lambda card: _deviation(card) > _WIDE_SPREAD,
        lambda card: (
            f"With d_k = {card.lessons.key_size} the standard deviation of the scores is "
            f"**{shown(_deviation(card), 2)}**."
        ),
        (
            "The standard deviation is close to √d_k. Of which number is 16 the square root?",
            "16 · 16 = 256. Take a little more to be on the safe side, say 300.",
        ),
        (Change("d_k becomes 300.", _with_size(300)),),
    ),
    "saturate": Task(
        lambda card: _mean(card, "largest", scaled=False) > _GREAT_WEIGHT,
        _means_told("largest", "largest weight"),
        (
            "The larger d_k, the further apart the scores lie. Which way would you go?",
            "Follow the line without scaling to the right end of the picture: try 512.",
        ),
        (Change("d_k becomes 512.", _with_size(512)),),
    ),
    "gradient": Task(
        _gradient_vanishes,
        _means_told("gradient", "size of the softmax’s gradient"),
        (
            "The picture shows both lines. Where does the one without scaling lie far below the other?",
            "The lines part to the right. Try 512.",
        ),
        (Change("d_k becomes 512.", _with_size(512)),),
    ),
    "own": Task(
        _listens,
        _fall,
        (
            "Scaling shrinks differences between scores. So it can only take much away where one score is far ahead.",
            "One word has to be well ahead without scaling, but not by far: at 0.99 of the weight, halving the scores "
            "changes little. Lower the *money* of *bank* to 0 and the *water* of *river* to 0.8.",
        ),
        (
            Type(
                "*river* gets 0.8 under *water*, and *bank* 0 under *money*.",
                "embeddings",
                {4: {"water": 0.8}, 5: {"money": 0.0}},
            ),
        ),
    ),
}
