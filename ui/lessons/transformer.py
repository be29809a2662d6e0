"""In a transformer: what comes before attention, how far it reaches, what it is not bound to, and what comes after."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from attention_core import Calculation, Derivation, Stage, derive
from attention_core.network import Passed, attend_with_network, fed_forward, queries
from attention_core.travel import steps_by_attention, steps_one_after_another
from presentation import lesson_charts, tables, transformer_charts, transformer_text
from presentation.blocks import MOST_ROWS, Block, blocks
from presentation.formulas import network_names
from presentation.palette import EMBEDDING, HIDDEN, QUERY, VALUE
from ui import explanation, pictures
from ui.state import current, widgets

_MOST_SUMS = 8

# --- from text to context --------------------------------------------------------------------------------------------


def pipeline(calculation: Calculation) -> None:
    """What becomes of the text, and the static and the contextual vector of each word."""
    stations = transformer_text.stations(calculation)
    for (title, count, told), column in zip(stations, st.columns(len(stations), gap="small", border=True), strict=True):
        column.markdown(f"**{title}**  \n{count}  \n:gray[:small[{told}]]")
    word, _ = pictures.chosen_cell(calculation)
    before = Block(calculation.experiment.dimensions, calculation.x, EMBEDDING)
    after = Block(tables.context_columns(calculation), calculation.context, VALUE)
    _clickable_blocks(calculation, (before, after), word, title="Static vector → contextual vector", key="pipeline")
    lines = (*transformer_text.repeated(calculation), transformer_text.changed_by_the_mask(calculation))
    st.markdown("\n".join(f"- {line}" for line in lines))


# --- all at once -----------------------------------------------------------------------------------------------------


def all_at_once(calculation: Calculation, taken: int) -> None:
    """How far what the first word says has travelled after so many steps."""
    n = len(calculation.words)
    one_by_one, at_once = steps_one_after_another(n, 0), steps_by_attention(calculation.allowed, 0)
    taken = min(taken, n - 1)
    if n > 1:
        key = widgets.own_key("steps_taken")
        st.slider(
            "Steps taken",
            0,
            n - 1,
            key=widgets.mirror(key, taken),
            on_change=widgets.callback(lambda: current.take_steps(widgets.held_by(key))),
        )
    pictures.still(transformer_charts.reached(one_by_one, at_once, calculation.labels, taken=taken), "reached")
    if n > transformer_charts.MOST_COLUMNS:
        st.caption(f"The first {transformer_charts.MOST_COLUMNS - 1} of {n} words, and the last.")
    st.markdown(transformer_text.travelled(calculation, one_by_one, taken))


# --- far apart -------------------------------------------------------------------------------------------------------


def far_apart(calculation: Calculation) -> None:
    """One word's weights by distance, a near and a far score, and what a word would get at the far end."""
    word, other = pictures.chosen_cell(calculation)
    weights, decimals = calculation.attention.weights[word], calculation.experiment.decimals
    chart = transformer_charts.by_distance(weights, calculation.labels, word, other, decimals=decimals)
    pictures.clickable(chart, "by_distance", pictures.looked_at_in(word))
    if lines := transformer_text.at_a_distance(calculation, word, other):
        st.markdown("\n\n".join(lines))
        pairs = transformer_text.near_and_far(len(calculation.words), word)
        steps = [derive(calculation, Stage.SCORES, word, at) for at in pairs]
        explanation.flow(steps, calculation, key="near_and_far")


# --- not only words --------------------------------------------------------------------------------------------------


def patches(calculation: Calculation) -> None:
    """The rows of the table as patches of a picture, and where the chosen one looks."""
    word, other = pictures.chosen_cell(calculation)
    drawn = transformer_charts.drawable(calculation.labels, word)
    labels = [calculation.labels[at] for at in drawn]
    chosen = int(np.flatnonzero(drawn == word)[0])
    left, right = pictures.side_by_side(2)

    def choose(picked: Mapping[str, object]) -> None:
        place = picked.get("position")
        if isinstance(place, int) and 1 <= place <= len(drawn):
            current.choose_cell(int(drawn[place - 1]), other)

    with left:
        pictures.clickable(
            transformer_charts.pixels(calculation.x[drawn], labels, chosen), "pixels", choose, width="content"
        )
    with right:
        weights = calculation.attention.weights[word][drawn]
        chart = transformer_charts.looks(weights, labels, chosen, decimals=calculation.experiment.decimals)
        pictures.clickable(chart, "patch_looks", choose, width="content")
    if len(drawn) < len(calculation.words):
        st.caption(f"{len(drawn)} of {len(calculation.words)} rows.")
    st.markdown(transformer_text.pixels_told(calculation))
    explanation.flow(explanation.cell_steps(calculation, word, other), calculation, key="patches")


# --- networks --------------------------------------------------------------------------------------------------------


def query_network(calculation: Calculation) -> None:
    """Queries that a network makes, beside those of W_Q: where the chosen word looks with each."""
    word, _ = pictures.chosen_cell(calculation)
    it = queries(calculation)
    names = tables.vector_columns("q", it.outputs.shape[1])
    columns = calculation.experiment.dimensions
    _network_blocks(calculation, it, word, columns, names, QUERY, title="Embedding → hidden → query", key="network")
    chart = lesson_charts.compared_bars(
        attend_with_network(calculation).weights[word],
        calculation.attention.weights[word],
        calculation.labels,
        names=("query from the network", "query from W_Q"),
        title=f"Where {calculation.labels[word]} looks",
        decimals=calculation.experiment.decimals,
    )
    pictures.still(chart, "network_looks")
    _write_network_sums(calculation, it, word, "q")


def feed_forward(calculation: Calculation) -> None:
    """What the network behind attention makes of each context vector."""
    word, _ = pictures.chosen_cell(calculation)
    it = fed_forward(calculation)
    names = tables.vector_columns("o", it.outputs.shape[1])
    columns = tables.context_columns(calculation)
    _network_blocks(calculation, it, word, columns, names, VALUE, title="Context → hidden → output", key="forward")
    st.markdown(transformer_text.passed_alone(it))
    _write_network_sums(calculation, it, word, "o")


def _network_blocks(
    calculation: Calculation,
    it: Passed,
    word: int,
    inputs: Sequence[str],
    outputs: Sequence[str],
    colour: str,
    *,
    title: str,
    key: str,
) -> None:
    given = EMBEDDING if colour == QUERY else VALUE
    hidden = tables.vector_columns("h", it.hidden.shape[1])
    vectors = (Block(inputs, it.inputs, given), Block(hidden, it.hidden, HIDDEN), Block(outputs, it.outputs, colour))
    _clickable_blocks(calculation, vectors, word, title=title, key=key)


def _clickable_blocks(calculation: Calculation, vectors: Sequence[Block], word: int, *, title: str, key: str) -> None:
    """Tables of the same words side by side; a click on a row follows its word."""
    _, other = pictures.chosen_cell(calculation)
    chart = blocks(calculation.labels, vectors, title=title, decimals=calculation.experiment.decimals, chosen=word)
    pictures.clickable(
        chart, key, lambda picked: current.choose_cell(picked.get("key_position"), other + 1, counted_from=1)
    )
    if len(calculation.words) > MOST_ROWS:
        st.caption(f"{MOST_ROWS} of the {len(calculation.words)} words, the one you follow among them.")


def _write_network_sums(calculation: Calculation, it: Passed, word: int, output: str) -> None:
    steps: list[Derivation] = [it.hidden_sum(word, at) for at in range(it.hidden.shape[1])]
    steps += [it.output_sum(word, at) for at in range(min(it.outputs.shape[1], _MOST_SUMS))]
    name = network_names(calculation.labels, "h", output)
    explanation.flow_sums(steps, name, decimals=calculation.experiment.decimals, key=f"network_{output}")
