"""Paint what you want: a target for the weights, and a training that is watched while they move towards it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from attention_core import STAGES, Calculation, Stage
from attention_core.fills import MAX_SEED
from attention_core.matrices import Matrix
from attention_core.positions import OWN
from attention_core.teaching import MAX_STEPS, METHOD_NAMES, TRAINABLE, looking_back
from learning.best_possible import best_possible
from learning.targets import loss_of, training_of
from learning.training import Recording
from presentation import charts, training_charts
from presentation.palette import in_colour
from presentation.tables import TARGET_SUM_TOLERANCE
from presentation.text import plain, shown
from ui import controls, editors, pictures, word_order
from ui.state import address, current, edits, keys, teach, widgets
from ui.teach_it.target import sentence_and_loss

_TICK = 0.15  # seconds between two pictures while it plays
_DECIMALS = 4
_REACHED = 0.001
_STARTS = {"own": "the tables as they are", "drawn": "random numbers"}
_METHODS_TOLD = (
    "Gradient descent goes against the gradient, times the learning rate. Adam (Kingma & Ba 2015) moves each number by "
    "about the learning rate, whatever the size of its gradient."
)
_WHOLE_TARGETS: dict[str, Callable[[int], Matrix]] = {
    "Each word at itself": lambda n: np.eye(n),
    "Each word at the one before": looking_back,
    "Each word at the next one": lambda n: np.eye(n, k=1) + np.eye(n, 1, 1 - n) * np.eye(1, n, n - 1),
    "All words at all words": lambda n: np.full((n, n), 1 / n),
    "Nothing": lambda n: np.zeros((n, n)),
}


def page() -> None:
    """Target and weights beside each other, the loss below, and what may change."""
    st.markdown(
        "Nobody sets the tables of a trained model by hand: training moves their numbers, a little at a time, until "
        "the right thing comes out. **Click where each word should look**, then train it."
    )
    calculation = current.calculation()
    sentence, buttons = st.columns(2, vertical_alignment="bottom", gap="small")
    loss = sentence_and_loss(calculation, sentence)
    if loss is None:
        return
    left, right = st.columns(2, gap="small")
    with left:
        _target(calculation)
        _settings()
    with right:
        st.fragment(_watched, run_every=_TICK if teach.is_playing() else None)(best_possible(calculation, loss))
    with buttons, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _buttons(calculation)


def _target(calculation: Calculation) -> None:
    n, experiment = len(calculation.words), calculation.experiment
    wanted, asked = experiment.teaching.wanted(n), experiment.teaching.asked(n)
    chart = training_charts.target_map(wanted, asked, calculation.labels, decimals=experiment.decimals)
    if address.shows("target"):
        pictures.clickable(
            chart, "target", lambda picked: edits.paint(picked.get("query_position"), picked.get("key_position"))
        )
    else:
        pictures.still(chart, "target")
    sums = experiment.teaching.painted(n).sum(axis=1)
    for row in np.flatnonzero(asked & (np.abs(sums - 1) > TARGET_SUM_TOLERANCE)):
        st.warning(
            f"The row of {plain(calculation.labels[row])} sums to {sums[row]:.4g}, and a row of weights sums to 1. "
            f"The target is each number divided by {sums[row]:.4g}.",
            icon=":material/percent:",
        )
    if not address.shows("target"):
        return
    with st.container(horizontal=True, gap="small"):
        st.menu_button(
            "Paint all",
            list(_WHOLE_TARGETS),
            key="paint_all",
            icon=":material/format_paint:",
            on_click=widgets.callback(_paint_all),
        )
        with st.popover("Type the weights", icon=":material/keyboard:"):
            st.caption("A row that asks for something sums to 1. A row of zeros leaves its word free to look anywhere.")
            editors.editor("target")


def _paint_all() -> None:
    chosen = _WHOLE_TARGETS.get(widgets.held_by("paint_all"))
    if chosen is not None:
        edits.set_target(chosen(len(current.experiment().words)))


def _buttons(calculation: Calculation) -> None:
    """Train, pause, go on; and what to do with what was learned."""
    recording = teach.recording()
    try:
        training_of(calculation)
        problem = None
    except ValueError as error:
        problem = str(error)
    if recording is None:
        st.button(
            "Train",
            key="train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=problem is not None,
            on_click=widgets.callback(teach.start),
        )
        if problem:
            st.caption(plain(problem), width="stretch")
        return
    if teach.is_playing():
        st.button("Pause", key="pause", icon=":material/pause:", on_click=widgets.callback(teach.pause))
    else:
        st.button("Play", key="play", icon=":material/play_arrow:", on_click=widgets.callback(teach.go_on))
    st.button("To the end", key="to_the_end", icon=":material/skip_next:", on_click=widgets.callback(teach.to_the_end))
    st.button("Start anew", key="train", icon=":material/replay:", on_click=widgets.callback(teach.start))
    st.button(
        "Keep these numbers",
        key="keep_learned",
        icon=":material/save:",
        help="Puts the numbers of the step on screen into your tables, rounded to 4 decimals. Undo brings yours back.",
        on_click=widgets.callback(teach.keep),
    )


def _watched(best: float) -> None:
    """The weights at the step on screen, the loss so far, and the steps to go back to; drawn anew while it plays."""
    was_playing = teach.is_playing()
    if was_playing and not teach.play():
        st.rerun()
    calculation, recording, state = teach.calculation(), teach.recording(), teach.shown()
    chart = charts.weights_map(
        calculation.attention.weights,
        calculation.labels,
        calculation.allowed,
        title="The weights now",  # the same at every step: another title would be another specification
        decimals=calculation.experiment.decimals,
    )
    pictures.still(chart, "trained_weights")
    if recording is None or state is None:
        loss = loss_of(calculation)
        now = shown(loss.of(calculation.attention.weights), _DECIMALS)
        st.markdown(
            f"Before the first step the loss is **{now}**: for each word with a target, the squared differences "
            "between its weights and the target, added up; then the average of those words."
        )
        _bound(best)
        return
    st.markdown(_told(recording, state.step))
    _bound(best)
    pictures.still(
        training_charts.losses({"loss": recording.losses}, steps=recording.training.steps, at=state.step, best=best),
        "losses",
    )
    if recording.problem:
        st.error(plain(recording.problem), icon=":material/bolt:")
    last = len(recording.states) - 1
    if teach.is_playing():
        st.progress(state.step / recording.training.steps, text=f"Step {state.step} of {recording.training.steps}")
    elif last:
        key = widgets.versioned(keys.TEACH_AT, (last, state.step))
        st.slider("Step", 0, last, value=state.step, key=key, on_change=widgets.callback(teach.show), args=(key,))


def _told(recording: Recording, step: int) -> str:
    before, now = recording.losses[0], recording.losses[step]
    told = f"Loss: **{shown(before, _DECIMALS)}** at the start, **{shown(now, _DECIMALS)}** after {_steps(step)}."
    if now < _REACHED:
        return f"{told} The target is reached: the loss is below {_REACHED:g}."
    if step and now > before:
        told += " It has grown: the learning rate is too large for this."
    return told


def _bound(best: float) -> None:
    if best > 0:
        st.caption(
            f"No numbers can bring it below **{shown(best, _DECIMALS)}**. *What cannot be learned* says why.",
        )


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _settings() -> None:
    """What may change, how it changes, and where it starts."""
    teaching = current.teaching()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.pills(
            "Tables that may change",
            list(TRAINABLE),
            selection_mode="multi",
            key=widgets.mirror(keys.TEACH_TABLES, list(teaching.tables)),
            format_func=lambda table: in_colour(table, STAGES[table].heading),
            width="content",
            on_change=widgets.callback(edits.change_teaching),
            args=("tables", keys.TEACH_TABLES),
        )
        with st.popover("How it learns", icon=":material/tune:"):
            _choice("Method", "method", keys.TEACH_METHOD, METHOD_NAMES, _METHODS_TOLD)
            _number("Learning rate", "rate", keys.TEACH_RATE, step=0.01, min_value=0.0, format="%g")
            _number("Steps", "steps", keys.TEACH_STEPS, step=100, min_value=1, max_value=MAX_STEPS)
            _choice("Start from", "start", keys.TEACH_START, _STARTS, "The same seed draws the same random numbers.")
            if teaching.start == "drawn":
                _number("Seed", "seed", keys.TEACH_SEED, step=1, min_value=0, max_value=MAX_SEED)
        with st.popover("Word order", icon=":material/format_list_numbered:"):
            word_order.choice()
        controls.scaling()
    if Stage.POSITIONS in teaching.tables and not word_order.is_own():
        st.caption(
            "**Positions** learn only where word order is a table of your own; now there is none to change. Choose "
            f"*{OWN.name}* under *Word order*."
        )


def _choice(label: str, field: str, name: str, options: Mapping[str, str], told: str) -> None:
    value = getattr(current.teaching(), field)
    key = widgets.versioned(name, value)
    st.segmented_control(
        label,
        list(options),
        default=value,
        key=key,
        format_func=lambda option: options[option][:1].upper() + options[option][1:],
        required=True,
        help=told,
        on_change=widgets.callback(edits.change_teaching),
        args=(field, key),
    )


def _number(label: str, field: str, name: str, **limits: Any) -> None:
    value = getattr(current.teaching(), field)
    key = widgets.versioned(name, value)
    st.number_input(
        label, value=value, key=key, on_change=widgets.callback(edits.change_teaching), args=(field, key), **limits
    )
