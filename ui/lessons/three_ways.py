"""Three ways: the lecture's forms side by side on the same numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from attention_core import STAGES, Calculation, Stage, derive
from attention_core.ladder import Favourites, looked_at_most, most_similar
from attention_core.softmax_steps import softmax_steps
from attention_core.telling import telling_columns
from presentation import ledger, tables
from presentation.blocks import Block
from presentation.formulas import calculation_names
from presentation.palette import colour_of, in_colour
from presentation.scaling import divided_by
from presentation.text import plain
from ui import explanation, pictures
from ui.state import address, keys, widgets

_LETTERS = ("a", "b", "c")
_FIXES = (
    "What is missing: a word has no say in what it looks for.",
    "What is new: a word may look for something other than what it is. What is missing: it passes on its key, which "
    "was made to be found.",
    "What is new: what is passed on comes from a table of its own.",
)
_MOST_ROWS = 12
_MOST_SUMS = 8

Forms = Sequence[Calculation]


def weights(forms: Forms) -> None:
    """The weights of each form, and the sums behind the chosen cell."""
    for letter, calculation, place in zip(_LETTERS, forms, pictures.side_by_side(3), strict=True):
        with place:
            pictures.weights(calculation, key=f"weights_{letter}", title=f"({letter}) {calculation.variant.name}")
    row, column = pictures.chosen_cell(forms[0])
    lines, sums = [], []
    for letter, calculation, fixes in zip(_LETTERS, forms, _FIXES, strict=True):
        lines.append(f"- **({letter})** {_compared(calculation, row, column)} {fixes}")
        name = calculation_names(calculation, f"({letter})")
        sums += [(step, name) for step in explanation.cell_steps(calculation, row, column)]
    explanation.flow_named(sums, decimals=forms[0].experiment.decimals, key="looks")
    st.markdown("\n".join(lines))


def _compared(calculation: Calculation, row: int, column: int) -> str:
    """What a form does where one word looks at another, or at itself."""
    variant, labels = calculation.variant, calculation.labels
    if row == column and not variant.scores_itself:
        return f"does not compare {plain(labels[row])} with itself."
    other = f"the {_one(variant.key)} of {plain(labels[column])}"
    return f"compares the {_one(variant.query)} of {plain(labels[row])} with {other}."


def _one(stage: Stage) -> str:
    return in_colour(stage, STAGES[stage].singular)


def likes(forms: Forms) -> None:
    """Which other word each word prefers, by its embedding and in each form."""
    labels = forms[0].labels
    alike = most_similar(forms[0])
    preferred = [looked_at_most(form) for form in forms]
    frame = pd.DataFrame(
        {
            "largest dot product": _named(alike, labels),
            **{f"({letter}) prefers": _named(each, labels) for letter, each in zip(_LETTERS, preferred, strict=True)},
        },
        index=pd.Index(labels, dtype="str"),
    )
    st.dataframe(
        frame,
        key="likes",
        height=39 + 35 * min(len(frame), 9),
        row_height=35,
        alt="For each word the other one with the largest dot product, and the one that it prefers in each form",
    )
    counts = [each.same_as(alike) for each in preferred]
    told = ", ".join(f"({letter}) **{same} of {both}**" for letter, (same, both) in zip(_LETTERS, counts, strict=True))
    st.markdown(
        f"Words that prefer the one with the largest dot product: {told}. Only **other** words count here: how much a "
        "word looks at itself is in the pictures, and (a) does not score it. A dash: no other word is ahead, as where "
        "all scores are equal."
    )
    left, right = pictures.side_by_side(2)
    with left:
        pictures.weights(forms[0], key="weights_a", title="(a) Embeddings only")
    with right:
        pictures.weights(forms[1], key="weights_b", title="(b) Queries and keys")


def _named(favourites: Favourites, labels: Sequence[str]) -> list[str]:
    return ["–" if at is None else labels[at] for at in favourites.words]


def contexts(forms: Forms) -> None:
    """The context vector of the chosen word in each form, and the sum behind one of its numbers."""
    word, _ = pictures.chosen_cell(forms[0])
    rows = {"embedding": forms[0].x[word]} | {
        f"({letter}) {form.variant.name}": form.context[word] for letter, form in zip(_LETTERS, forms, strict=True)
    }
    size = max(map(len, rows.values()))
    frame = tables.vectors_frame(
        np.array([[*row, *[np.nan] * (size - len(row))] for row in rows.values()]),
        tuple(rows),
        tuple(str(number) for number in range(1, size + 1)),
    )
    pictures.number_table(
        frame, "contexts", decimals=forms[0].experiment.decimals, alt="The context vector of the word in each form"
    )
    if address.shows("sums"):
        _sum_behind_one_number(forms, word)


def _sum_behind_one_number(forms: Forms, word: int) -> None:
    smallest = min(form.context.shape[1] for form in forms)
    number = st.selectbox(
        "The sum behind number",
        range(smallest),
        index=min(telling_columns(None, forms[0].context, word)[0], smallest - 1),
        key=widgets.versioned(keys.ENTRY, ("ways", smallest, word)),
        format_func=lambda at: str(at + 1),
        on_change=widgets.keep_address,
    )
    sums, mixed = [], []
    for letter, form in zip(_LETTERS, forms, strict=True):
        added = ", plus its own embedding as it is" if form.variant.adds_itself else ""
        given = in_colour(form.variant.value, STAGES[form.variant.value].plural)
        mixed.append(f"**({letter})** weights times the {given}{added}")
        sums.append((derive(form, Stage.CONTEXT, word, number), calculation_names(form, f"({letter})")))
    explanation.flow_named(sums, decimals=forms[0].experiment.decimals, key="mixes")
    st.markdown("; ".join(mixed) + ".")
    st.caption("The lecture passes the context on to a feed-forward network: the last card of *In a transformer*.")


def division(calculation: Calculation) -> None:
    """The chosen word's scores, their division, their weights and its context vector in the second form."""
    word, _ = pictures.chosen_cell(calculation)
    attention, experiment = calculation.attention, calculation.experiment
    seen = [at for at in range(len(calculation.words)) if calculation.allowed[word, at]]
    drawn = sorted(sorted(seen, key=lambda at: -attention.weights[word, at])[:_MOST_ROWS])
    if len(drawn) < len(seen):
        st.caption(f"The {len(drawn)} words with the greatest weights, of {len(seen)}.")
    steps = softmax_steps(attention.scaled_scores[word])
    chart = ledger.row_of_scores(
        steps,
        calculation.labels,
        drawn=drawn,
        decimals=experiment.decimals,
        raw=attention.scores[word] if experiment.scaled else None,
        divisor=divided_by(calculation),
    )
    part = calculation.variant.value
    given = Block(tables.stage_columns(calculation, part), calculation.table(part), colour_of(part))
    left, right = pictures.side_by_side(2)
    with left:
        pictures.still(chart, "ledger")
    with right:
        summed = ledger.added_up(steps, calculation.labels, drawn, given, decimals=experiment.decimals)
        pictures.still(summed, "added_up")
    explanation.cell(calculation)
    columns = range(min(calculation.context.shape[1], _MOST_SUMS))
    explanation.write([derive(calculation, Stage.CONTEXT, word, column) for column in columns], calculation)
