"""Goals that are checked: what an experiment is to be brought to, as data. Puzzles and worksheets choose from them.

A goal may be about words of the sentence, which it gets by their positions, from 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attention_core import Calculation, Experiment
from attention_core.stages import WEIGHT_TABLES
from presentation.text import plain

Places = tuple[int, ...]

_NEARLY_ALL = 0.99  # of a word's attention
_EVEN = 0.01  # that weights which look even may differ
_NEAR = 0.01  # that vectors which count as the same may differ, in each number


@dataclass(frozen=True)
class Goal:
    """`told`: what is to be reached, with {0}, {1} … for the words.  `names`: what its words are there for."""

    id: str
    told: str
    names: tuple[str, ...]
    is_so: Callable[[Calculation, Places], bool]

    def sentence(self, labels: Sequence[str], places: Places) -> str:
        """What is to be reached, with people's words.  Markdown"""
        return self.told.format(*(f"**{plain(labels[place])}**" for place in places))

    def fits(self, n: int, places: Places) -> bool:
        """Whether a sentence of n words has the words of the goal, each another one."""
        in_sentence = all(0 <= place < n for place in places)
        return len(places) == len(self.names) == len(set(places)) and in_sentence

    def reached(self, calculation: Calculation, places: Places) -> bool:
        return self.fits(len(calculation.words), places) and bool(self.is_so(calculation, places))


def _weights(calculation: Calculation) -> np.ndarray:
    return calculation.attention.weights


def _itself(calculation: Calculation, places: Places) -> bool:
    return bool((np.diag(_weights(calculation)) >= _NEARLY_ALL).all())


def _more(calculation: Calculation, places: Places) -> bool:
    one, other, less = places
    return float(_weights(calculation)[one, other]) >= float(_weights(calculation)[one, less]) + _EVEN


def _even(calculation: Calculation, places: Places) -> bool:
    row, allowed = _weights(calculation)[places[0]], calculation.allowed[places[0]]
    return allowed.sum() > 1 and bool(np.ptp(row[allowed]) <= _EVEN)


def _sharp(calculation: Calculation, places: Places) -> bool:
    row = places[0]
    return calculation.allowed[row].sum() > 1 and float(_weights(calculation)[row].max()) >= _NEARLY_ALL


def _deaf(calculation: Calculation, places: Places) -> bool:
    heard = False
    for row, allowed in enumerate(calculation.allowed):
        if allowed.sum() < 2:
            continue
        if np.ptp(_weights(calculation)[row][allowed]) > _EVEN:
            return False
        heard |= bool(np.ptp(calculation.attention.scores[row][allowed]) >= 1)
    return heard


def _differs(calculation: Calculation, places: Places) -> bool:
    one, other = (calculation.context[place] for place in places)
    return bool(np.abs(one - other).max() > _NEAR)


def _same(calculation: Calculation, places: Places) -> bool:
    first, second = places
    vocabulary = calculation.experiment.vocabulary_index
    start = calculation.experiment.embeddings
    apart = np.abs(start[vocabulary[first]] - start[vocabulary[second]]).max() > _NEAR
    return bool(apart) and not _differs(calculation, places)


def _ignored(calculation: Calculation, places: Places) -> bool:
    return bool((_weights(calculation)[:, places[0]] <= 0.05).all()) and bool(calculation.allowed[:, places[0]].any())


def _everyone(calculation: Calculation, places: Places) -> bool:
    return bool((_weights(calculation)[:, places[0]] >= 0.5).all())


def _zero(calculation: Calculation, places: Places) -> bool:
    values = calculation.table(calculation.variant.value)
    mixed = np.abs(values[calculation.allowed[places[0]]])
    return bool(mixed.max(initial=0.0) > 0.1) and bool(np.abs(calculation.context[places[0]]).max() <= _NEAR)


def _mutual(calculation: Calculation, places: Places) -> bool:
    return _looks_most(calculation, *places) and _looks_most(calculation, *reversed(places))


def _looks_most(calculation: Calculation, row: int, column: int) -> bool:
    others = np.delete(_weights(calculation)[row], column)
    return float(_weights(calculation)[row, column]) >= float(others.max(initial=0.0)) + _EVEN


def _unrequited(calculation: Calculation, places: Places) -> bool:
    one, other = places
    return float(_weights(calculation)[one, other]) >= 0.6 and float(_weights(calculation)[other, one]) <= 0.3


def _half(calculation: Calculation, places: Places) -> bool:
    return abs(float(_weights(calculation)[places]) - 0.5) <= _EVEN


def _twice(calculation: Calculation, places: Places) -> bool:
    one, other, less = places
    double, single = float(_weights(calculation)[one, other]), float(_weights(calculation)[one, less])
    return single >= 0.05 and abs(double - 2 * single) <= 2 * _EVEN


def _stays(calculation: Calculation, places: Places) -> bool:
    row = places[0]
    start, end = calculation.x[row], calculation.context[row]
    return calculation.allowed[row].sum() > 1 and start.shape == end.shape and bool(np.abs(start - end).max() <= _NEAR)


GOALS = {
    goal.id: goal
    for goal in (
        Goal("itself", "Every word looks only at itself: each gives itself at least 0.99.", (), _itself),
        Goal("more", "{0} looks at {1} more than at {2}.", ("looks", "more at", "than at"), _more),
        Goal("even", "{0} looks at all words it may look at as evenly as can be, within 0.01.", ("looks",), _even),
        Goal("sharp", "{0} looks at one word alone, as sharply as can be: at least 0.99.", ("looks",), _sharp),
        Goal("deaf", "The softmax is deaf: all weights of a row are even, although its scores differ.", (), _deaf),
        Goal("differs", "{0} and {1} get different context vectors.", ("one word", "the other"), _differs),
        Goal(
            "same",
            "{0} and {1} get the same context vector, although their embeddings differ.",
            ("one word", "the other"),
            _same,
        ),
        Goal("ignored", "No word gives {0} more than 0.05 of its attention.", ("ignored",), _ignored),
        Goal("everyone", "Every word gives {0} at least half of its attention.", ("looked at",), _everyone),
        Goal("zero", "The context vector of {0} is zero, although the vectors it mixes are not.", ("looks",), _zero),
        Goal("mutual", "{0} and {1} look at each other most.", ("one word", "the other"), _mutual),
        Goal(
            "unrequited",
            "{0} gives {1} at least 0.6 of its attention and gets at most 0.3 back.",
            ("looks", "looked at"),
            _unrequited,
        ),
        Goal("half", "{0} gives {1} half of its attention, within 0.01.", ("looks", "looked at"), _half),
        Goal("twice", "{0} looks at {1} twice as much as at {2}.", ("looks", "twice at", "once at"), _twice),
        Goal("stays", "Attention leaves {0} as it is: its context vector is its embedding.", ("word",), _stays),
    )
}


def changed_numbers(start: Experiment, now: Experiment) -> Mapping[str, int]:
    """What was changed between two experiments, and how many numbers, words or switches of it.

    A table of another size counts as a whole. Empty where nothing that the calculation reads is different.
    """
    counts = {"sentence": sum(one != other for one, other in _pairs(start.words, now.words))}
    words = dict.fromkeys((*start.vocabulary, *now.vocabulary))
    if start.dimensions == now.dimensions:
        rows = [(start.row(word), now.row(word)) for word in words]
        counts["embeddings"] = sum(a != b for one, other in rows for a, b in zip(one, other, strict=True))
    else:
        counts["embeddings"] = len(words) * now.d_model
    for table in WEIGHT_TABLES:
        one, other = getattr(start, table), getattr(now, table)
        counts[table.value] = int((one != other).sum()) if one.shape == other.shape else int(other.size)
    counts["way"] = int(start.variant != now.variant)
    counts["scaling"] = int((start.scaled, start.divisor) != (now.scaled, now.divisor))
    counts["mask"] = len(set(start.masks) ^ set(now.masks)) + int(start.neighbours != now.neighbours)
    counts["mask"] += len(set(start.forbidden) ^ set(now.forbidden))
    counts["order"] = int(start.positions != now.positions) + int(start.position_base != now.position_base)
    if start.positions == now.positions:
        counts["order"] += sum(
            a != b
            for one, other in _pairs(start.position_rows, now.position_rows)
            for a, b in _pairs(one or (), other or ())
        )
    counts["heads"] = int(not start.agrees_with(now, but_for=_COUNTED_ABOVE | _NOT_CALCULATED_WITH))
    return {name: count for name, count in counts.items() if count}


_COUNTED_ABOVE = {
    *("sentence", "split_into", "rows", "dimensions", "w_q", "w_k", "w_v", "variant", "scaled", "divisor"),
    *("masks", "neighbours", "forbidden", "positions", "position_base", "position_rows"),
}
_NOT_CALCULATED_WITH = {"likes", "decimals", "example", "lessons", "teaching", "learned"}


def _pairs(one: Sequence, other: Sequence) -> list[tuple]:  # type: ignore[type-arg]
    """Each with its counterpart, None where the other is shorter."""
    longest = max(len(one), len(other))
    return [(one[at] if at < len(one) else None, other[at] if at < len(other) else None) for at in range(longest)]
