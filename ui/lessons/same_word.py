"""Same word, two sentences: one embedding, two context vectors."""

import math

import numpy as np
import streamlit as st

from attention_core import STAGES, Calculation, Stage, derive
from attention_core.geometry import cosine, distance, flatten
from attention_core.matrices import Matrix
from attention_core.two_sentences import TwoSentences, position_of
from presentation import palette, tables, word_charts
from presentation.blocks import rows_drawn
from presentation.equations import equation, right_side, same_vectors
from presentation.formulas import calculation_names, vector_names
from presentation.text import plain, shown
from ui import controls, explanation, pictures
from ui.state import address, current, drafts, keys, widgets

_SAME = 0.01  # closer than this two vectors count as the same
_MOST_TERMS = 8  # of a sum in words
_MOST_REFERENCES = 6  # words of one sentence alone that are drawn


def sentences(pair: TwoSentences, followed: str) -> None:
    """Both sentences to type, and the word to follow, by its identity."""
    one, other, word = st.columns([0.37, 0.37, 0.26], gap="small")
    with one:
        controls.sentence_field("Sentence 1")
    with other:
        _other_sentence_field(pair)
    with word:
        _shared_word(pair, followed)
    controls.typing_problem(keys.SENTENCE)
    controls.typing_problem(keys.OTHER_SENTENCE)
    own = pair.first.lessons.other_sentence
    if own and own != pair.second.sentence:
        st.info(f"Your sentence 2, “{plain(own)}”, shares no word with sentence 1. This one stands in for it.")


def _other_sentence_field(pair: TwoSentences) -> None:
    if not address.shows("sentence"):
        return
    st.text_input(
        "Sentence 2",
        key=widgets.mirror(keys.OTHER_SENTENCE, drafts.typed(keys.OTHER_SENTENCE, pair.second.sentence)),
        live=True,
        on_change=widgets.callback(drafts.type_other_sentence),
    )


def _shared_word(pair: TwoSentences, followed: str) -> None:
    words = list(pair.shared)
    key = widgets.versioned(keys.SHARED_WORD, (words, followed))
    names = {word: pair.first.words[position_of(word, pair.first)] for word in words}
    st.selectbox(
        "Shared word",
        words,
        index=words.index(followed),
        key=key,
        format_func=names.__getitem__,
        on_change=widgets.callback(lambda: current.follow_word(widgets.held_by(key))),
    )


def static_rows(pair: TwoSentences, word: str) -> None:
    """The word's row in both sentences, and their difference, which is zero."""
    first, second = (_calculation_row(each, word) for each in pair.calculations)
    x, y = (np.array(each.row(word)) for each in (pair.first, pair.second))  # of the table: no place is added
    name, labels = plain(_name(pair, word)), ("in sentence 1", "in sentence 2", "difference")
    st.markdown(f"**Static**: the row of {name} in the table, in both sentences")
    _rows_table("static", [x, y, x - y], labels, pair)
    st.markdown(
        f"No difference: the distance is **{shown(float(np.linalg.norm(x - y)), pair.first.decimals)}**, so nothing "
        "made from this row alone can tell the two sentences apart.\n\n"
        f"**Contextual**: {name} after attention"
    )
    a, b = (each.context[row] for each, row in zip(pair.calculations, (first, second), strict=True))
    _rows_table("contextual", [a, b, a - b], labels, pair)
    steps = distance(np.array([a, b]), 0, 1)
    explanation.write_sums(steps[-1:], vector_names(labels), decimals=pair.first.decimals)


def weighted_sums(pair: TwoSentences, word: str) -> None:
    """The word as a weighted sum, in both sentences."""
    columns = pictures.side_by_side(2)
    for number, (calculation, column) in enumerate(zip(pair.calculations, columns, strict=True), start=1):
        row = _calculation_row(calculation, word)
        with column:
            chart = word_charts.weight_bars(
                calculation.attention.weights[row],
                calculation.labels,
                decimals=pair.first.decimals,
                word=f"{calculation.labels[row]} in sentence {number}",
            )
            pictures.still(chart, f"sum_bars_{number}")
    _sum_in_words(pair, word)
    if address.shows("sums"):
        _sum_behind_one_number(pair, word)


def _sum_behind_one_number(pair: TwoSentences, word: str) -> None:
    names = tables.context_columns(pair.calculations[0])
    key = widgets.versioned(keys.ENTRY, names)
    entry = st.selectbox(
        "The sum behind one number",
        range(len(names)),
        index=_telling_column(pair, word),
        key=key,
        format_func=names.__getitem__,
        on_change=widgets.keep_address,
    )
    steps = [
        (
            derive(each, Stage.CONTEXT, _calculation_row(each, word), entry),
            calculation_names(each, f"sentence {number}:"),
        )
        for number, each in enumerate(pair.calculations, start=1)
    ]
    explanation.write_named(steps, decimals=pair.first.decimals)


def _sum_in_words(pair: TwoSentences, word: str) -> None:
    """Bank = 0.57 · river + 0.22 · bank + …, as the article writes it; with values it is these that are added up."""
    lines = [f"- sentence {number}: {_in_words(each, word)}" for number, each in enumerate(pair.calculations, start=1)]
    st.markdown("\n".join(lines))


def equations(pair: TwoSentences, word: str) -> None:
    """Every word of both sentences as a sum of its context words, and how many shared words get the same vector."""
    columns = pictures.side_by_side(2)
    for number, (calculation, column) in enumerate(zip(pair.calculations, columns, strict=True), start=1):
        drawn = rows_drawn(len(calculation.words), _calculation_row(calculation, word))
        lines = [f"- {equation(calculation, row)}" for row in drawn]
        with column:
            st.markdown(f"**Sentence {number}**, each word after attention\n\n" + "\n".join(lines))
            if len(drawn) < len(calculation.words):
                st.caption(f"{len(drawn)} of its {len(calculation.words)} words.")
    same, shared = same_vectors(pair)
    st.markdown(
        f"On the right, words stand for {right_side(pair.calculations[0])}. Of the **{shared}** different "
        f"{'word' if shared == 1 else 'words'} that both sentences have, **{same}** {'gets' if same == 1 else 'get'} "
        "the same vector in both."
    )


def _in_words(calculation: Calculation, word: str) -> str:
    row, decimals = _calculation_row(calculation, word), calculation.experiment.decimals
    weights, allowed = calculation.attention.weights[row], calculation.allowed[row]
    seen = np.flatnonzero(allowed)
    greatest = sorted(sorted(seen, key=lambda at: -weights[at])[:_MOST_TERMS])
    given = "" if calculation.variant.value is Stage.X else f"{STAGES[calculation.variant.value].singular} of "
    parts = [f"{shown(weights[at], decimals)} · {given}{plain(calculation.labels[at])}" for at in greatest]
    if len(seen) > len(greatest):
        parts.append(f"… ({len(seen) - len(greatest)} more, none with a larger weight)")
    if calculation.variant.adds_itself:
        parts.append(f"{plain(calculation.labels[row])} as it is")
    name = plain(calculation.labels[row])
    if not parts:
        return f"**{name}** may look at no word, so its context is 0 throughout"
    return f"**{name}** after attention = {' + '.join(parts)}"


def moved(pair: TwoSentences, word: str) -> None:
    """Where the two context vectors went: arrows, and how far they are from each other word."""
    vectors, labels, colours = _vectors(pair, word)
    if vectors is None:
        st.info(
            "An embedding and a context vector have different numbers of columns here, so they share no picture. "
            "Give W_V as many columns as the embeddings have, under Sizes on the Playground."
        )
        return
    flat = flatten(vectors)
    starts = flat.points.copy()
    starts[1:3] = flat.points[0]
    picture, numbers = pictures.side_by_side(2)
    with picture:
        columns = tables.context_columns(pair.calculations[0])
        pictures.arrows(flat, starts, labels, colours, columns=columns, title="From the static vector")
    with numbers:
        _measures(vectors, labels, pair.first.decimals)
    _apart(vectors, labels, pair.first.decimals)


def _measures(vectors: Matrix, labels: list[str], decimals: int) -> None:
    """Cosine and distance of both context vectors to the static one and to the words of one sentence alone."""
    targets = [0, *range(3, len(labels))]
    rows = []
    for target in targets:
        row: dict[str, object] = {"to": labels[target]}
        for at in (1, 2):
            angle = cosine(vectors, at, target)
            row[f"cosine, {at}"] = "–" if angle is None else shown(angle.target.value, decimals)
            row[f"distance, {at}"] = shown(distance(vectors, at, target)[-1].target.value, decimals)
        rows.append(row)
    st.markdown("**How near the word is**, in sentence 1 and in 2")
    st.dataframe(
        rows, key="measures", hide_index=True, row_height=30, alt="Cosines and distances of the two context vectors"
    )


def _apart(vectors: Matrix, labels: list[str], decimals: int) -> None:
    """How far the two context vectors are from each other."""
    steps = [*distance(vectors, 1, 2)[-1:], *(each for each in (cosine(vectors, 1, 2),) if each)]
    explanation.write_sums(steps, vector_names(labels), decimals=decimals)


def _vectors(pair: TwoSentences, word: str) -> tuple[Matrix | None, list[str], list[str]]:
    """The static vector, both context vectors and the embeddings of some words that one sentence has alone."""
    first, second = pair.calculations
    if first.context.shape[1] != first.x.shape[1]:
        return None, [], []
    references = _references(pair)
    table = np.array([pair.first.row(each) for each in (word, *references)])
    contexts = [each.context[_calculation_row(each, word)] for each in (first, second)]
    name = _name(pair, word)
    labels = [f"{name} (static)", f"{name} in 1", f"{name} in 2", *references]
    colours = [palette.EMBEDDING, palette.VALUE, palette.VALUE, *[palette.GREY] * len(references)]
    return np.vstack([table[:1], *contexts, table[1:]]), labels, colours


def _references(pair: TwoSentences) -> list[str]:
    """The words of one sentence alone that have a direction, the longest vectors first."""
    longest_first = sorted(pair.unshared, key=lambda word: -math.hypot(*pair.first.row(word)))
    return [word for word in longest_first if any(pair.first.row(word))][:_MOST_REFERENCES]


def _telling_column(pair: TwoSentences, word: str) -> int:
    """The number in which the two context vectors differ most."""
    a, b = (each.context[_calculation_row(each, word)] for each in pair.calculations)
    return int(np.argmax(np.abs(a - b)))


def _calculation_row(calculation: Calculation, word: str) -> int:
    return position_of(word, calculation.experiment)


def _name(pair: TwoSentences, word: str) -> str:
    return pair.first.words[position_of(word, pair.first)]


def _rows_table(key: str, rows: list[Matrix], labels: tuple[str, ...], pair: TwoSentences) -> None:
    names = pair.first.dimensions if key == "static" else tables.context_columns(pair.calculations[0])
    frame = tables.vectors_frame(np.array(rows), labels, names)
    pictures.number_table(frame, key, decimals=pair.first.decimals, alt=f"The {key} vectors of the shared word")
