"""Heads and word order: where each head looks, what order and masks change, and how W_O mixes what heads make."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from attention_core import Calculation, Stage, attend, derive
from attention_core.attention import Floats
from attention_core.shuffling import places_in
from attention_core.writing import before_the_last, changed_by_the_last
from presentation import tables
from presentation.blocks import MOST_ROWS, Block, blocks
from presentation.heads_text import written_text
from presentation.order_text import order_text
from presentation.palette import VALUE
from presentation.story_text import look_text
from presentation.text import plain
from ui import explanation, heads, pictures
from ui.state import current
from ui.tasks.heads import another_order

_MOST_SUMS = 4
_MOST_COLUMNS = 8  # of a context vector


def looks(calculation: Calculation) -> None:
    """Every head small, the chosen one large, and where the followed word looks in each."""
    heads.row(calculation)
    pictures.weights(calculation, key="weights", title="Weights of the chosen head")
    word, other = pictures.chosen_cell(calculation)
    told = [look_text(calculation.of_head(place), word) for place in range(len(calculation.heads))]
    st.markdown("\n".join(f"- {line}" for line in told))
    explanation.flow(explanation.cell_steps(calculation, word, other), calculation, key="head_looks")


def same_word_twice(calculation: Calculation) -> None:
    """Where each word looks, and what its place adds."""
    looks(calculation)
    if len(calculation.experiment.vocabulary) == len(calculation.words):
        st.caption("No word comes twice here. Type a sentence in which one does.")


def in_another_order(calculation: Calculation) -> None:
    """The context vectors of the sentence beside those of the same words in another order."""
    other = another_order(calculation.experiment)
    if other is None:
        st.caption("There is no other order of these words. Type a sentence of different words.")
        return
    there = attend(other)
    st.markdown(f"The other order: **{plain(' '.join(there.words))}**")
    places = places_in(other, calculation.experiment)
    title = "Context vectors: in this order | in the other order"
    _beside(calculation, calculation.context, there.context[places], title=title, key="orders")
    st.markdown(order_text(calculation, there))
    heads.row(calculation)


def written(calculation: Calculation) -> None:
    """The context vectors before and after the last word was written, and where the words look."""
    shorter, changed = before_the_last(calculation.experiment), changed_by_the_last(calculation)
    if shorter is None or changed is None:
        st.caption("There is no word before the last one. Type a longer sentence.")
        return
    title = "Context vectors: before the last word was written | now"
    before = np.full(calculation.context.shape, np.nan)
    before[:-1] = attend(shorter).context
    _beside(calculation, before, calculation.context, title=title, key="written")
    st.markdown(written_text(calculation, changed))
    pictures.weights(calculation, key="weights", title="Attention weights")


def mixed(calculation: Calculation) -> None:
    """What the heads make side by side, what W_O makes of it, and the sums behind that."""
    heads.row(calculation)
    joined, made = tables.joined_columns(calculation), tables.context_columns(calculation)
    vectors = _block(joined, calculation.joined), _block(made, calculation.context)
    _blocks(calculation, vectors, title="Heads side by side → context vectors", key="mixed")
    word, _ = pictures.chosen_cell(calculation)
    steps = [derive(calculation, Stage.CONTEXT, word, column) for column in range(min(len(made), _MOST_SUMS))]
    explanation.flow(steps, calculation, key="mixed")


def _beside(calculation: Calculation, left: Floats, right: Floats, *, title: str, key: str) -> None:
    """Two context vectors of each word beside each other.  left, right: (n, numbers of a context vector)"""
    names = tables.context_columns(calculation)
    _blocks(calculation, (_block(names, left), _block(names, right)), title=title, key=key)


def _block(names: Sequence[str], numbers: Floats) -> Block:
    return Block(names[:_MOST_COLUMNS], numbers[:, :_MOST_COLUMNS], VALUE)


def _blocks(calculation: Calculation, vectors: Sequence[Block], *, title: str, key: str) -> None:
    """Tables of the same words; a click on a row follows its word."""
    word, other = pictures.chosen_cell(calculation)
    labels, count = calculation.labels, len(calculation.labels)
    chart = blocks(labels, vectors, title=title, decimals=calculation.experiment.decimals, chosen=word)
    pictures.clickable(
        chart, key, lambda picked: current.choose_cell(picked.get("key_position"), other + 1, counted_from=1)
    )
    told = [f"{MOST_ROWS} of {count} words"] if count > MOST_ROWS else []
    widest = max(calculation.context.shape[1], calculation.joined.shape[1])
    told += [f"the first {_MOST_COLUMNS} of {widest} numbers"] if widest > _MOST_COLUMNS else []
    if told:
        st.caption(f"{' and '.join(told).capitalize()}.")
