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
from attention_core.stages import PROJECTED, STAGES
from presentation import ledger, lesson_charts, tables
from presentation.formulas import row_names
from presentation.looks import row_sums
from presentation.text import plain, shown
from ui import explanation, pictures
from ui.state import current, keys, widgets
from ui.tasks.step_by_step import ROUNDING

_MOST_SUMS = 12  # sums written below each other


@dataclass(frozen=True)
class Step:
    """`told` says what happens in it, with the words of the sentence."""

    name: str
    told: Callable[[Calculation, int], str]


def _embedding(calculation: Calculation, word: int) -> str:
    return (
        f"Each word is a row of numbers, its **embedding**. {_bold(calculation, word)} stands on top, because it is "
        "the one that asks; all words stand on the left, to be asked, and on the right, to give."
    )


def _projections(calculation: Calculation, word: int) -> str:
    if not calculation.variant.parts.intersection(PROJECTED):
        return "This way to attend uses the embeddings as they are: there is no query, key or value to make."
    return (
        "Three tables make three vectors of each embedding: times :blue[W_Q] the **:blue[query]** of the word that "
        "asks, times :orange[W_K] the **:orange[keys]** of those asked, times :green[W_V] the **:green[values]** that "
        "they give."
    )


def _scores(calculation: Calculation, word: int) -> str:
    asked = "every word" if calculation.variant.scores_itself else "the other words"
    may = "" if calculation.allowed[word].all() else " A dash stands where it may not look."
    return (
        "The **score** of a word is the dot product of what stands on top with what stands in its row. "
        f"{_bold(calculation, word)} scores {asked}.{may}"
    )


def _scaling(calculation: Calculation, word: int) -> str:
    if not calculation.experiment.scaled:
        return "Scaling is off in this experiment, so the scores stay as they are. Switch it on to see them divided."
    size = calculation.table(calculation.variant.key).shape[1]
    compared = STAGES[calculation.variant.key].singular
    article = "an" if compared.startswith("e") else "a"
    if size == 1:
        return f"Every score is divided by **√1** = 1, as {article} {compared} has one number. That changes nothing."
    return (
        f"Every score is divided by **√{size}**, as {article} {compared} has {size} numbers. It brings different "
        "scores closer together, so that softmax shares the weight out more evenly."
    )


def _softmax(calculation: Calculation, word: int) -> str:
    allowed = calculation.allowed[word]
    if not allowed.any():
        return f"{_bold(calculation, word)} may look at no word, so there is nothing to share out: all weights are 0."
    masked = "" if allowed.all() else " A word that it may not look at gets 0."
    return (
        "**Softmax** makes shares of the scores: raise e to each, add up, and divide each by the sum. No **weight** is "
        f"negative, and together they make 1.{masked}"
    )


def _weighting(calculation: Calculation, word: int) -> str:
    return "Each word gives its numbers on the right, **times its weight**: a weight of 0.1 passes on a tenth of them."


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
        _stage_choice(number)


def _stage_choice(stage: int) -> None:
    """Jump to a stage, or go back and forth, by keyboard too."""
    st.segmented_control(
        "Stage",
        range(1, len(STEPS) + 1),
        key=widgets.mirror(keys.STAGE, stage),
        format_func=lambda number: f"{number} {STEPS[number - 1].name}",
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_jump),
    )
    with st.container(horizontal=True, gap="small"):
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
            explanation.write_sums(steps, row_names(calculation.labels), decimals=calculation.experiment.decimals)
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


def every_word(calculation: Calculation) -> None:
    """The same for every word: the full matrices."""
    raw, weighed = st.columns(2, gap="small")
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
    picture, told = st.columns([0.5, 0.5], gap="small")
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
    explanation.write_sums(steps, row_names(PRINTED_WORDS), decimals=PRINTED_DECIMALS)


def out_of_reach() -> None:
    """The scores over the line of the embeddings, and how far each is from the closest straight line."""
    scores = np.array(current.lessons().score_row)
    places, closest = along_line(PRINTED_EMBEDDINGS), closest_row(PRINTED_EMBEDDINGS, scores)
    assert places is not None
    left, right = st.columns(2, gap="small")
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


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.{PRINTED_DECIMALS}f}" for number in numbers)


def _bold(calculation: Calculation, word: int) -> str:
    return f"**{plain(calculation.labels[word])}**"
