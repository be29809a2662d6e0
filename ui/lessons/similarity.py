"""Similarity: vectors of one's own, and the words of the sentence."""

import numpy as np
import streamlit as st

from attention_core import Calculation
from attention_core.geometry import angle, cosine, cosines, dot_product, flatten, length
from attention_core.lessons import MAX_VECTOR_SIZE, MIN_VECTOR_SIZE, VECTOR_NAMES
from attention_core.matrices import Matrix
from presentation import lesson_charts, tables
from presentation.formulas import vector_names
from presentation.text import plain, shown
from ui import editors, explanation, pictures
from ui.state import current, edits, keys, widgets
from ui.tasks.similarity import A, B, C, greatest

_COLOURS = ("#b5485d", "#7a5ea8", "#64748b")  # of A, B and C; none of those of queries, keys and values
_DECIMALS = 2
_PAIRS = {2: ((A, B),), 3: ((A, C), (B, C), (A, B))}


def table_of_vectors(table: Matrix) -> None:
    """The vectors to edit, and how many there are of which size."""
    editors.editor("vectors")
    with st.popover("Size of the table", icon=":material/tune:"):
        count, size = table.shape
        key = widgets.versioned(keys.VECTOR_COUNT, count)
        st.segmented_control(
            "Vectors",
            [2, 3],
            default=count,
            key=key,
            required=True,
            on_change=widgets.callback(edits.change_lessons),
            args=(lambda lessons, value: lessons.with_vector_count(value), key),
        )
        key = widgets.versioned(keys.VECTOR_SIZE, size)
        st.number_input(
            "Numbers in a vector",
            min_value=MIN_VECTOR_SIZE,
            max_value=MAX_VECTOR_SIZE,
            value=size,
            step=1,
            key=key,
            on_change=widgets.callback(edits.change_lessons),
            args=(lambda lessons, value: lessons.with_vector_size(value), key),
        )


def picture(table: Matrix) -> None:
    """The vectors as arrows from the origin."""
    flat = flatten(table, from_origin=True)
    pictures.arrows(
        flat,
        np.zeros_like(flat.points),
        VECTOR_NAMES[: len(table)],
        _COLOURS[: len(table)],
        columns=tables.column_names(current.experiment(), "vectors"),
        title="The vectors, from the origin",
    )


def dot_products(table: Matrix) -> None:
    names = vector_names(VECTOR_NAMES)
    explanation.write_sums([dot_product(table, *pair) for pair in _PAIRS[len(table)]], names, decimals=_DECIMALS)


def lengths_and_angles(table: Matrix) -> None:
    steps = [length(table, row) for row in range(len(table))]
    for pair in _PAIRS[len(table)]:
        steps += [dot_product(table, *pair), *(each for each in (cosine(table, *pair), angle(table, *pair)) if each)]
    explanation.write_sums(steps, vector_names(VECTOR_NAMES), decimals=_DECIMALS)
    for row in np.flatnonzero(~table.any(axis=1)):
        st.info(f"{VECTOR_NAMES[row]} is zero: it has no direction, so no angle to it and no cosine.")


def words(calculation: Calculation) -> None:
    """The chosen word beside each word of the sentence."""
    word, other = pictures.chosen_cell(calculation)
    labels, decimals = calculation.labels, calculation.experiment.decimals
    dots, angles = calculation.x @ calculation.x[word], cosines(calculation.x, word)
    left, right = pictures.side_by_side(2)
    with left:
        _bars(dots, calculation, word, key="dots", title=f"Dot product with {labels[word]}", axis="dot product")
    with right:
        _bars(angles, calculation, word, key="cosines", title=f"Cosine with {labels[word]}", axis="cosine")
    st.markdown(_told(calculation, word, dots, angles))
    steps = [dot_product(calculation.x, word, other), length(calculation.x, word), length(calculation.x, other)]
    quotient = cosine(calculation.x, word, other)
    explanation.write_sums([*steps, *([quotient] if quotient else [])], vector_names(labels), decimals=decimals)
    if quotient is None:
        zero = labels[word] if not calculation.x[word].any() else labels[other]
        st.info(f"All numbers of {plain(zero)} are zero: it has no direction, so no cosine.")


def _told(calculation: Calculation, word: int, dots: Matrix, angles: Matrix) -> str:
    """Which other word is most similar to the chosen one."""
    name, decimals = plain(calculation.labels[word]), calculation.experiment.decimals
    parts = []
    for values, called in ((dots, "dot product"), (angles, "cosine")):
        others = values.copy()
        others[word] = np.nan
        best = greatest(others)
        if best is not None:
            parts.append(f"by {called} **{plain(calculation.labels[best])}** ({shown(values[best], decimals)})")
    if not parts:
        return f"No other word is ahead of the rest in being similar to **{name}**."
    return f"Of the other words the most similar to **{name}** is {' and '.join(parts)}."


def _bars(values: Matrix, calculation: Calculation, word: int, *, key: str, title: str, axis: str) -> None:
    chart = lesson_charts.signed_bars(
        values,
        calculation.labels,
        title=title,
        axis=axis,
        decimals=calculation.experiment.decimals,
        marked=greatest(values),
    )
    pictures.clickable(chart, key, lambda picked: current.choose_cell(word + 1, picked.get("position"), counted_from=1))
