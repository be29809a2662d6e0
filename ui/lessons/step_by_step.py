"""Step by step: one word through seven stages, and the row of scores that an article prints."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from attention_core import Calculation, Derivation, Quantity, Stage, derive
from attention_core.derivation import Operator, Symbol, quantity
from attention_core.lessons import (
    PRINTED_DECIMALS,
    PRINTED_EMBEDDINGS,
    PRINTED_EXPONENTIALS,
    PRINTED_SCORES,
    PRINTED_TOTAL,
    PRINTED_WEIGHTS,
    PRINTED_WORDS,
)
from attention_core.reach import along_line, closest_row
from attention_core.softmax_steps import softmax_steps
from attention_core.stages import PARTS, PROJECTED, STAGES, TABLE_OF
from presentation import ledger, lesson_charts, tables
from presentation.blocks import MOST_ROWS, Block, blocks, rows_drawn
from presentation.formula_line import formula_line, letters
from presentation.formulas import position_names, row_names
from presentation.looks import row_sums
from presentation.palette import colour_of, in_colour
from presentation.scaling import divided_by, softmax_takes
from presentation.text import plain, shown
from ui import explanation, pictures
from ui.state import address, current, keys, widgets
from ui.tasks.step_by_step import ROUNDING

_MOST_SUMS = 12  # sums written below each other


@dataclass(frozen=True)
class Step:
    """`told` says what happens in it, with the words of the sentence."""

    name: str
    told: Callable[[Calculation, int], str]


def _embedding(calculation: Calculation, word: int) -> str:
    position = " with the numbers of its place added" if calculation.word_order.adds else ""
    return (
        f"Each word is a row of numbers, its **embedding**{position}. {_bold(calculation, word)} stands on top, "
        "because it is the one that looks. All words stand on the left, to be compared with it, and on the right, for "
        "what they pass on."
    )


def _projections(calculation: Calculation, word: int) -> str:
    if not calculation.variant.parts.intersection(PROJECTED):
        return "This way to attend uses the embeddings as they are: there is no query, key or value to make."
    return (
        "Three tables make three vectors of each embedding: times :blue[W_Q] the **:blue[query]** of the word that "
        "looks, times :orange[W_K] the **:orange[keys]** that it is compared with, times :green[W_V] the "
        "**:green[values]** that are passed on."
    )


def _scores(calculation: Calculation, word: int) -> str:
    asked = "every word" if calculation.variant.scores_itself else "every other word"
    may = "" if calculation.allowed[word].all() else " A dash stands where it may not look."
    turned = ", each turned by its place first" if calculation.word_order.turns else ""
    return (
        f"The **score** of a word is the dot product of what stands on top with what stands in its row{turned}. "
        f"{_bold(calculation, word)} is compared with {asked}.{may}"
    )


def _scaling(calculation: Calculation, word: int) -> str:
    if not calculation.experiment.scaled:
        return "Scaling is off in this experiment, so the scores stay as they are. Switch it on to see them divided."
    size = calculation.table(calculation.variant.key).shape[1]
    compared = STAGES[calculation.variant.key].singular
    article = "an" if compared.startswith("e") else "a"
    if not calculation.divides_by_root:
        return f"Every score is divided by **{divided_by(calculation)}**, the number that was set for it."
    if size == 1:
        return f"Every score is divided by **√1** = 1, as {article} {compared} has one number. That changes nothing."
    return (
        f"Every score is divided by **√{size}**, as {article} {compared} has {size} numbers. Where scores "
        "differ it brings them closer together, so that softmax shares the weight out more evenly."
    )


def _softmax(calculation: Calculation, word: int) -> str:
    allowed = calculation.allowed[word]
    if not allowed.any():
        return f"{_bold(calculation, word)} may look at no word, so there is nothing to share out: all weights are 0."
    masked = "" if allowed.all() else " A word that it may not look at gets 0."
    return (
        "**Softmax** turns the scores into shares: raise e to each, add up, and divide each by the sum. No "
        f"**weight** is negative, and together they make 1.{masked}"
    )


def _weighting(calculation: Calculation, word: int) -> str:
    return "Each word passes on its numbers on the right **times its weight**: with a weight of 0.1, a tenth of them."


def _context(calculation: Calculation, word: int) -> str:
    return (
        f"Add up each column on the right: that is the **context vector** of {_bold(calculation, word)}. "
        "It has taken from each word as much as its weight says."
    )


STEPS = (
    Step("Embeddings", _embedding),
    Step("Q, K, V", _projections),
    Step("Scores", _scores),
    Step("Scaling", _scaling),
    Step("Softmax", _softmax),
    Step("Weighting", _weighting),
    Step("Context", _context),
)


def stages(calculation: Calculation) -> None:
    """The stage on screen: what happens in it, the picture, and the sums behind the chosen row."""
    number = current.step()
    word, other = pictures.chosen_cell(calculation)
    choice, told = st.container(), st.empty()
    chart = ledger.one_word(calculation, word, other, reached=number, title=STEPS[number - 1].name)
    pictures.clickable(chart, "ledger", pictures.looked_at_in(word))
    _write_sums(calculation, word, other, number)
    told.markdown(STEPS[number - 1].told(calculation, word))
    with choice:
        _stage_choice(number, calculation)


def _stage_choice(stage: int, calculation: Calculation) -> None:
    """Jump to a stage, or go back and forth, by keyboard too; and what of the formula the stage works out."""
    st.segmented_control(
        "Stage",
        range(1, len(STEPS) + 1),
        key=widgets.mirror(keys.STAGE, stage),
        format_func=lambda number: f"{number} {STEPS[number - 1].name}",
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_jump),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for label, icon, shortcut, to in (
            ("Stage before", ":material/chevron_left:", "B", stage - 1),
            ("Next stage", ":material/chevron_right:", "N", stage + 1),
        ):
            st.button(
                label,
                key=f"stage_to_{shortcut.lower()}",
                icon=icon,
                shortcut=shortcut,
                disabled=not 1 <= to <= len(STEPS),
                on_click=widgets.callback(current.go_to_step),
                args=(to,),
            )
        if address.shows("sums"):
            st.latex(formula_line(calculation, stage), width="content", help=letters(calculation))


def _jump() -> None:
    picked = widgets.held_by(keys.STAGE)
    if picked is not None:
        current.go_to_step(picked)


def _write_sums(calculation: Calculation, word: int, other: int, number: int) -> None:
    """The sums of a stage behind the chosen row."""
    steps = _sums(calculation, word, other, number)
    if number == ledger.SOFTMAX:
        row = softmax_steps(calculation.attention.scaled_scores[word])
        if np.isfinite(row.scores[other]):
            steps = [row.exponential(other), row.sum(), row.share(other)]
            names = row_names(calculation.labels, score=softmax_takes(calculation), lowered=bool(row.subtracted))
            explanation.write_sums(steps, names, decimals=calculation.experiment.decimals)
        else:
            st.info(f"{plain(calculation.labels[word])} may not look at {plain(calculation.labels[other])}.")
    elif steps:
        explanation.write(steps, calculation)


def _sums(calculation: Calculation, word: int, other: int, number: int) -> list[Derivation]:
    """The sums of a stage for the chosen word and the word that it looks at."""
    variant = calculation.variant
    if number == ledger.PROJECT:
        made = ((variant.query, word), (variant.key, other), (variant.value, other))
        places = [
            (part, row, column)
            for part, row in dict.fromkeys(made)
            if part != Stage.X
            for column in range(calculation.table(part).shape[1])
        ]
        return [derive(calculation, *place) for place in places[:_MOST_SUMS]]
    if number in (ledger.SCORE, ledger.SCALE):
        return [derive(calculation, Stage.SCORES if number == ledger.SCORE else Stage.SCALED_SCORES, word, other)]
    columns = range(min(calculation.context.shape[1], _MOST_SUMS))
    if number == ledger.WEIGH and calculation.allowed[word, other]:
        weight = quantity(calculation, Stage.WEIGHTS, word, other)
        values = [quantity(calculation, variant.value, other, column) for column in columns]
        return [
            Derivation(Quantity(Symbol.PART, other, at, weight.value * each.value), Operator.SUM, ((weight, each),))
            for at, each in enumerate(values)
        ]
    return [derive(calculation, Stage.CONTEXT, word, column) for column in columns] if number == ledger.ADD else []


def projections(calculation: Calculation) -> None:
    """Embedding, query, key and value of every word, and the sums behind one column of them."""
    word, other = pictures.chosen_cell(calculation)
    x, q, k, v = (
        Block(tables.stage_columns(calculation, part), calculation.table(part), colour_of(part)) for part in PARTS
    )
    pairs = (("Embeddings and queries", (x, q)), ("Keys and values", (k, v)))  # two fit a phone as well
    for (title, pair), place in zip(pairs, pictures.side_by_side(2), strict=True):
        with place:
            decimals = calculation.experiment.decimals
            chart = blocks(calculation.labels, pair, title=title, decimals=decimals, chosen=word)
            pictures.clickable(
                chart, title, lambda picked: current.choose_cell(picked.get("key_position"), other + 1, counted_from=1)
            )
    if len(calculation.words) > MOST_ROWS:
        st.caption(f"{MOST_ROWS} of the {len(calculation.words)} words, the one you follow among them.")
    if not address.shows("sums"):
        return
    part, column = _column_choice(calculation)
    table = STAGES[TABLE_OF[part]].symbol
    position = " with its position" if calculation.word_order.adds else ""
    drawn = rows_drawn(len(calculation.words), word)[:_MOST_SUMS]
    st.markdown(
        f"Each word’s embedding{position}, number by number times column {column + 1} of "
        f"{in_colour(TABLE_OF[part], table)} and added up:"
    )
    explanation.flow([derive(calculation, part, row, column) for row in drawn], calculation, key="projections")


def _column_choice(calculation: Calculation) -> tuple[Stage, int]:
    """Whose sums to write: a column of the queries, keys or values."""
    places = [(part, at) for part in PROJECTED for at in range(calculation.table(part).shape[1])]
    chosen: int = st.selectbox(
        "The sums behind",
        range(len(places)),
        key=widgets.versioned("projected", len(places)),
        format_func=lambda at: f"{places[at][0]}{places[at][1] + 1} of every word",
        on_change=widgets.keep_address,
    )
    return places[chosen]


def every_word(calculation: Calculation) -> None:
    """The same for every word: the full matrices."""
    raw, weighed = pictures.side_by_side(2)
    with raw:
        pictures.scores(calculation)
    with weighed:
        pictures.weights(calculation, key="weights", title=f"Weights: {row_sums(calculation.allowed)}")
    st.markdown("**Context vectors**, one for each word")
    pictures.context_table(calculation)
    explanation.cell(calculation)


def printed_row() -> None:
    """The softmax of the printed scores, or of the person's own, as the article writes it."""
    row = softmax_steps(current.lessons().score_row)
    chart = ledger.row_of_scores(row, PRINTED_WORDS, decimals=PRINTED_DECIMALS)
    picture, told = pictures.side_by_side(2)
    with picture:
        pictures.still(chart, "ledger")
    with told:
        if current.lessons().score_row == PRINTED_SCORES:
            st.markdown(
                f"The article prints {_listed(PRINTED_EXPONENTIALS)}, their sum {PRINTED_TOTAL} and the weights "
                f"{_listed(PRINTED_WEIGHTS)}. All are right: {PRINTED_TOTAL} is the sum of the rounded exponentials; "
                f"unrounded it is {shown(row.total, PRINTED_DECIMALS)}."
            )
        else:
            st.markdown(
                f"Printed were the scores {_listed(PRINTED_SCORES)} and the weights {_listed(PRINTED_WEIGHTS)}."
            )
    places = range(len(PRINTED_WORDS))
    steps = [*map(row.exponential, places), row.sum(), *map(row.share, places)]
    explanation.write_sums(steps, row_names(PRINTED_WORDS, lowered=bool(row.subtracted)), decimals=PRINTED_DECIMALS)


def out_of_reach() -> None:
    """The scores over the line of the embeddings, and how far each is from the closest straight line."""
    scores = np.array(current.lessons().score_row)
    places, closest = along_line(PRINTED_EMBEDDINGS), closest_row(PRINTED_EMBEDDINGS, scores)
    assert places is not None
    left, right = pictures.side_by_side(2)
    with left:
        pictures.still(lesson_charts.along_a_line(places, scores, closest.row, PRINTED_WORDS, decimals=3), "along")
    with right:
        errors = scores - closest.row
        pictures.still(lesson_charts.misses(errors, PRINTED_WORDS, rounding=ROUNDING, decimals=4), "misses")
    frame = tables.vectors_frame(
        np.column_stack([PRINTED_EMBEDDINGS, places, scores, closest.row]),
        PRINTED_WORDS,
        ("d1", "d2", "d3", "place", "score", "line"),
    )
    pictures.number_table(frame, "reach", decimals=4, alt="Embeddings, their places on the line, scores and the line")
    worst = shown(closest.largest_error, 4)
    st.markdown(
        f"The closest that any straight line comes leaves an error of **{worst}**; rounding to three decimals "
        f"explains {ROUNDING:g}."
    )


def context_of_the() -> None:
    """The printed weights times values, added up: the context vector that the article does not print."""
    lessons = current.lessons()
    weights, values = softmax_steps(lessons.score_row).weights, np.array(lessons.values)
    names = tables.column_names(current.experiment(), "values")
    row, given = softmax_steps(lessons.score_row), Block(names, values, colour_of(Stage.V))
    left, right = pictures.side_by_side(2)
    with left:
        pictures.still(ledger.row_of_scores(row, PRINTED_WORDS, decimals=PRINTED_DECIMALS), "ledger")
    with right:
        drawn = range(len(PRINTED_WORDS))
        chart = ledger.added_up(row, PRINTED_WORDS, drawn, given, decimals=PRINTED_DECIMALS)
        pictures.still(chart, "added_up")
    steps = [_weighted_sum(weights, values[:, column], column) for column in range(len(names))]
    name = position_names(PRINTED_WORDS, names)
    explanation.flow_sums(steps, name, decimals=PRINTED_DECIMALS, key="context_of_the")
    st.markdown(
        "The weights are shares of one whole. So each number of the context lies between the smallest and the largest "
        "value of its column."
    )


def _weighted_sum(weights: np.ndarray, values: np.ndarray, column: int) -> Derivation:
    """A number of the context of the first printed word."""
    terms = tuple(
        (Quantity(Stage.WEIGHTS, 0, row, float(weight)), Quantity(Stage.V, row, column, float(value)))
        for row, (weight, value) in enumerate(zip(weights, values, strict=True))
    )
    return Derivation(Quantity(Stage.CONTEXT, 0, column, float(weights @ values)), Operator.SUM, terms)


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.{PRINTED_DECIMALS}f}" for number in numbers)


def _bold(calculation: Calculation, word: int) -> str:
    return f"**{plain(calculation.labels[word])}**"
