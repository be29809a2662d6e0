"""Why scale?: random queries and keys of every size, and the person's own row."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from attention_core.fills import MAX_SEED
from attention_core.geometry import dot_product
from attention_core.lessons import MAX_KEY_SIZE
from attention_core.saturation import (
    MEASURES,
    RANDOM_ROWS,
    RANDOM_WORDS,
    Measured,
    RandomScores,
    entropy_sum,
    measured,
    powers_of_two,
    random_scores,
    slope,
)
from presentation import lesson_charts, tables
from presentation.formulas import row_names, vector_names
from presentation.text import plain, shown
from ui import explanation, pictures
from ui.state import current, edits, keys, widgets
from ui.tasks.task import Shown
from ui.tasks.why_scale import both_rows

_WITH, _WITHOUT = "with scaling", "without"
_TAKEN = {_WITH: "scaled score", _WITHOUT: "score"}  # what the softmax takes
_AXES = {"largest": "largest weight", "entropy": "entropy in bits", "gradient": "size of the gradient"}
_DECIMALS = 4


def size_and_seed() -> None:
    """How many numbers the random vectors have, and which draw it is."""
    lessons = current.lessons()
    size, seed = st.columns(2)
    with size:
        key = widgets.mirror(keys.KEY_SIZE, lessons.key_size)
        st.number_input(
            f"d_k, from 1 to {MAX_KEY_SIZE}",
            min_value=1,
            max_value=MAX_KEY_SIZE,
            step=1,
            key=key,
            on_change=widgets.callback(edits.change_lessons),
            args=(lambda lessons, value: replace(lessons, key_size=int(value)), key),
        )
    with seed:
        key = widgets.mirror(keys.RANDOM_SEED, lessons.seed)
        st.number_input(
            "Seed of the random numbers",
            min_value=0,
            max_value=MAX_SEED,
            step=1,
            key=key,
            icon=":material/casino:",
            help="The same seed draws the same numbers.",
            on_change=widgets.callback(edits.change_lessons),
            args=(lambda lessons, value: replace(lessons, seed=int(value)), key),
        )
    st.caption(
        f"{RANDOM_ROWS} random queries, each with {RANDOM_WORDS} random keys; their numbers have mean 0 and standard "
        "deviation 1. The same seed gives the same numbers."
    )


def growth(d_k: int, seed: int) -> None:
    """How wide scores are spread, for every size."""
    scores = random_scores(seed)
    names = ("standard deviation", "√d_k")
    rows = []
    for size in _sizes(d_k):
        low, high = scores.spread(size)
        rows.append((size, names[0], scores.deviation(size), low, high))
        rows.append((size, names[1], math.sqrt(size), math.sqrt(size), math.sqrt(size)))
    chart = lesson_charts.over_sizes(
        pd.DataFrame(rows, columns=["d_k", "which", "mean", "low", "high"]),
        names,
        title="Standard deviation of the scores\nthe band holds the middle 80 % of the scores",
        axis="score",
        at=d_k,
        alt_text=f"With {d_k} numbers the standard deviation of the scores is {scores.deviation(d_k):.2f}.",
        expected=True,
    )
    pictures.still(chart, "growth")
    low, high = scores.spread(d_k)
    is_ = "=" if math.isqrt(d_k) ** 2 == d_k else "≈"
    st.markdown(
        f"With d_k = {d_k} the scores have the standard deviation **{shown(scores.deviation(d_k), 2)}**; "
        f"√{d_k} {is_} {shown(math.sqrt(d_k), 2)}. The middle 80 % lie between {shown(low, 2)} and "
        f"{shown(high, 2)}. The first of them:"
    )
    first = np.array([scores.first_query[:d_k], scores.first_key[:d_k]])
    explanation.write_sums([dot_product(first, 0, 1)], vector_names(("query", "key")), decimals=2)


def saturation(d_k: int, seed: int) -> None:
    """Largest weight or entropy for every size, and one random row."""
    measures = ["largest", "entropy"]
    said = st.segmented_control(
        "Measure",
        measures,
        default="largest",
        format_func=_AXES.__getitem__,
        key=keys.MEASURE,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.keep_address,
    )
    name = widgets.option(said, measures)
    picture, row = pictures.side_by_side(2)
    with picture:
        _measure(name, d_k, seed)
    with row:
        scores = random_scores(seed)
        one, other = (scores.weights(d_k, scaled=scaled)[0] for scaled in (True, False))
        labels = [f"key {number}" for number in range(1, RANDOM_WORDS + 1)]
        chart = lesson_charts.compared_bars(
            one, other, labels, names=(_WITH, _WITHOUT), title="The first random row", decimals=2
        )
        pictures.still(chart, "random_row")
    st.markdown(_told(name, d_k, seed))


def gradient(d_k: int, seed: int) -> None:
    """The size of the softmax's gradient for every size, and what it is in one random row."""
    _measure("gradient", d_k, seed)
    st.markdown(_told("gradient", d_k, seed))
    st.markdown(
        "The gradient of a softmax says how each weight grows when a score that enters it grows: weight · (1 − weight) "
        "for the word's own score, −weight · other weight for another's. Its size is the root of the sum of the "
        "squares of all of them. In the first random row, for the largest weight:"
    )
    scores = random_scores(seed)
    labels = [f"key {number}" for number in range(1, RANDOM_WORDS + 1)]
    steps = []
    for scaled, called in ((True, _WITH), (False, _WITHOUT)):
        weights = scores.weights(d_k, scaled=scaled)[0]
        best = int(np.argmax(weights))
        steps.append((slope(weights, best, best), row_names(labels, f"{called}:", score=_TAKEN[called])))
    explanation.write_named(steps, decimals=_DECIMALS)
    st.markdown(f"{_first_row_told(scores, d_k)}\n\n{_query_told(scores, d_k)}")


def _first_row_told(scores: RandomScores, d_k: int) -> str:
    """Whether the first row does what the mean does, and how many rows do."""
    largest = [scores.weights(d_k, scaled=scaled).max(axis=-1) for scaled in (True, False)]
    with_scaling, without = (each * (1 - each) for each in largest)
    smaller = without < with_scaling
    told = f"Scaling makes this slope larger in **{int(smaller.sum())} of {RANDOM_ROWS}** rows"
    return f"{told}, and in this one." if smaller[0] else f"{told}, but not in this one."


def _query_told(scores: RandomScores, d_k: int) -> str:
    """The gradient by the numbers of the query, which scaling itself divides by √d_k."""
    with_scaling, without = (float(scores.query_gradient(d_k, scaled=scaled).mean()) for scaled in (True, False))
    return (
        f"By the **numbers of the query** instead of the scores, the gradient is on average "
        f"**{shown(with_scaling, _DECIMALS)}** with scaling and **{shown(without, _DECIMALS)}** without: scaling "
        "changes how the softmax answers to a score, and also divides what the query does to the scores by √d_k."
    )


def own_row(card: Shown) -> None:
    """The chosen word's weights with scaling and without."""
    calculation, (word, other) = card.calculation, card.cell
    labels, decimals = calculation.labels, calculation.experiment.decimals
    rows = both_rows(card)
    picture, numbers = pictures.side_by_side(2)
    with picture:
        chart = lesson_charts.compared_bars(
            *rows, labels, names=(_WITH, _WITHOUT), title=f"Where {labels[word]} looks", decimals=decimals
        )
        pictures.still(chart, "own_row")
    with numbers:
        frame = tables.vectors_frame(
            np.array([[float(measure(row)) for row in rows] for measure in MEASURES.values()]),
            tuple(_AXES[name] for name in MEASURES),
            (_WITH, _WITHOUT),
        )
        pictures.number_table(
            frame, "own_measures", decimals=decimals, alt="Measures of the row, with scaling and without"
        )
    if not rows[0].any():
        st.info(f"{plain(labels[word])} may look at no word, so there are no weights to compare.")
        return
    steps = []
    for called, weights in zip((_WITH, _WITHOUT), rows, strict=True):
        name = row_names(labels, f"{called}:", score=_TAKEN[called])
        steps += [(entropy_sum(weights), name), (slope(weights, other, other), name)]
    explanation.write_named(steps, decimals=decimals)


def _sizes(d_k: int) -> tuple[int, ...]:
    return tuple(sorted({*powers_of_two(), d_k}))


def _at(name: str, d_k: int, seed: int, *, scaled: bool) -> Measured:
    return next(each for each in measured(seed, name, _sizes(d_k)) if (each.d_k, each.scaled) == (d_k, scaled))


def _measure(name: str, d_k: int, seed: int) -> None:
    chart = lesson_charts.over_sizes(
        _frame(measured(seed, name, _sizes(d_k))),
        (_WITH, _WITHOUT),
        title=f"Mean of the {_AXES[name]}\nthe band holds the middle 80 % of the rows",
        axis=_AXES[name],
        at=d_k,
        alt_text=f"The {_AXES[name]} over d_k. {_told(name, d_k, seed)}",
    )
    pictures.still(chart, name)


def _told(name: str, d_k: int, seed: int) -> str:
    with_scaling, without = (_at(name, d_k, seed, scaled=scaled).mean for scaled in (True, False))
    return (
        f"With d_k = {d_k} the {_AXES[name]} is on average **{shown(with_scaling, _DECIMALS)}** with scaling and "
        f"**{shown(without, _DECIMALS)}** without."
    )


def _frame(values: Iterable[Measured]) -> pd.DataFrame:
    rows = [(each.d_k, _WITH if each.scaled else _WITHOUT, each.mean, each.low, each.high) for each in values]
    return pd.DataFrame(rows, columns=["d_k", "which", "mean", "low", "high"])
