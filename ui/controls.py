"""The sentence, the examples and the switches."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attention_core import EXAMPLES, VARIANTS, Calculation
from attention_core.experiment import MAX_DECIMALS
from attention_core.lexicon import LEXICON_DIMENSIONS
from attention_core.matrices import MAX_DIMENSION
from attention_core.words import SPLITS
from presentation.text import plain
from ui import divisor, explanation, masks
from ui.state import address, current, drafts, edits, keys, parts, widgets

_KEPT = "Numbers that still fit are kept. New cells start at 0; words you have not edited get starter numbers."


def sentence() -> None:
    """The sentence, which is followed while it is typed, and the examples to start from."""
    typing, picking = _columns([0.64, 0.36], ("sentence", "examples"))
    with typing:
        sentence_field("Your sentence")
    with picking:
        _example_picker()
    typing_problem(keys.SENTENCE)


def part_of_page(page: str, titles: Mapping[str, str], key: str, opened: str, open_: Callable[[object], None]) -> None:
    """The choice of one of the parts that a page has, by their titles; `open_` is told which."""
    st.segmented_control(
        f"Parts of {page}",
        list(titles),
        key=widgets.mirror(key, opened),
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(lambda: open_(widgets.held_by(key))),
    )


def _columns(widths: Sequence[float], controls: Sequence[str]) -> Sequence[DeltaGenerator]:
    """A column for each control, or the whole width for the only one that is shown."""
    if all(map(address.shows, controls)):
        return st.columns(widths, vertical_alignment="bottom", gap="small")
    whole = st.container()
    return [whole] * len(widths)


def sentence_field(label: str) -> None:
    """`typing_problem` tells what is wrong with it."""
    if not address.shows("sentence"):
        return
    st.text_input(
        label,
        key=widgets.mirror(keys.SENTENCE, drafts.typed(keys.SENTENCE, current.experiment().sentence)),
        live=True,
        on_change=widgets.callback(drafts.type_sentence),
    )


@parts.part(parts.EXAMPLES)
def _example_picker() -> None:
    if not address.shows("examples"):
        return
    unchanged = current.unchanged_example()
    # Versioned, because the first edit ends the choice: a browser that has not heard of that must not choose it again.
    key = widgets.versioned(keys.EXAMPLE, unchanged.id if unchanged else "")
    st.selectbox(
        "Start from an example",
        list(EXAMPLES),
        key=key,
        index=list(EXAMPLES).index(unchanged.id) if unchanged else None,
        placeholder="Your own; choose one to start over",
        format_func=lambda id: EXAMPLES[id].title,
        on_change=widgets.callback(_open_example),
        args=(key,),
    )


def sentence_and_word(calculation: Calculation, label: str) -> None:
    """The sentence, and which of its words to follow."""
    sentence, word = _columns([0.68, 0.32], ("sentence",))
    with sentence:
        sentence_field("Your sentence")
    with word:
        explanation.word_choice(calculation, label)
    typing_problem(keys.SENTENCE)


def sentence_and_cell(calculation: Calculation) -> None:
    """The sentence, and which two of its words make the cell that is chosen."""
    shares = [0.52, 0.24, 0.24] if address.shows("sentence") else [0.01, 0.5, 0.5]
    sentence, word, other = st.columns(shares, vertical_alignment="bottom", gap="small")
    with sentence:
        sentence_field("Your sentence")
    with word:
        explanation.word_choice(calculation, "Follow this word")
    with other:
        explanation.looked_at_choice(calculation)
    typing_problem(keys.SENTENCE)


def sentence_alone() -> None:
    """The sentence, where no word of it is to be chosen."""
    sentence_field("Your sentence")
    typing_problem(keys.SENTENCE)


def typing_problem(key: str) -> None:
    """One sentence on why what was typed into a text field is not drawn, if it is not."""
    if problem := drafts.problem(key):
        st.error(f"{plain(problem)} The picture still shows the last sentence that worked.", icon=":material/edit:")


def switches_and_comparison() -> tuple[DeltaGenerator, DeltaGenerator]:
    """One row, with room for the switches and for what to compare with."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches")
    return (
        row.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"),
        row.container(width="content"),
    )


def switches(calculation: Calculation) -> None:
    way()
    with st.container(width="content"):
        _scaling()
    divisor.choice(calculation)
    with st.container(width="content"):
        _causal()
    masks.others()
    if address.shows("sizes"):
        opened = st.popover("Sizes", icon=":material/tune:", **widgets.filled_when_opened("sizes"))
        if widgets.is_looked_into(opened):
            with opened:
                _sizes_and_decimals()


@parts.part(parts.SCALING)
def _scaling() -> None:
    divisor.switch("Scaling")


@parts.part(parts.CAUSAL)
def _causal() -> None:
    masks.causal()


def way() -> None:
    if not address.shows("way"):
        return
    st.segmented_control(
        "Way to attend",
        list(VARIANTS),
        key=widgets.mirror(keys.VARIANT, current.experiment().variant),
        format_func=lambda id: VARIANTS[id].name,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(edits.change),
        args=("variant", keys.VARIANT),
    )


def scaling() -> None:
    divisor.switch("Scaling ÷ √d")


def way_and_scaling() -> None:
    way()
    scaling()


def _known_further(dimensions: tuple[str, ...]) -> str:
    """What a wider table of embeddings would show, where the lexicon has names for more columns."""
    further = LEXICON_DIMENSIONS[len(dimensions) :][:3]
    if dimensions != LEXICON_DIMENSIONS[: len(dimensions)] or not further:
        return ""
    return f"Wider embeddings show more of what is known of a word; next: {', '.join(further)}."


def _sizes_and_decimals() -> None:
    experiment = current.experiment()
    meanings = {
        "d_model": "numbers in an embedding",
        "d_k": "numbers in a query and a key",
        "d_v": "numbers in a value",
    }
    for size in keys.SIZES:
        value = getattr(experiment, size)
        key = widgets.versioned(size, value)
        st.number_input(
            f"{size}: {meanings[size]}",
            min_value=1,
            max_value=MAX_DIMENSION,
            value=value,
            step=1,
            key=key,
            on_change=widgets.callback(edits.resize),
            args=(size, key),
        )
    st.caption(f"{_KEPT} {_known_further(experiment.dimensions)}")
    key = widgets.versioned(keys.DECIMALS, experiment.decimals)
    st.number_input(
        "Decimals shown",
        min_value=0,
        max_value=MAX_DECIMALS,
        value=experiment.decimals,
        step=1,
        key=key,
        on_change=widgets.callback(edits.change),
        args=("decimals", key),
    )
    key = widgets.versioned(keys.SPLIT, experiment.split_into)
    st.segmented_control(
        "Split the sentence into",
        list(SPLITS),
        default=experiment.split_into,
        key=key,
        required=True,
        on_change=widgets.callback(edits.change),
        args=("split_into", key),
    )


def open_example(example: str, label: str) -> None:
    """One example to start from, where a lesson speaks of it."""
    if not address.shows("examples"):
        return
    st.button(
        label,
        key=f"open_{example}",
        icon=":material/menu_book:",
        help=EXAMPLES[example].source,
        on_click=widgets.callback(edits.start_from),
        args=(EXAMPLES[example],),
    )


def _open_example(key: str) -> None:
    chosen = EXAMPLES.get(widgets.held_by(key))
    if chosen is not None and not widgets.is_what_it_showed(key):
        edits.start_from(chosen)
