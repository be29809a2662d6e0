"""What cannot be learned: targets that fail for a reason, each with what was reached and what could be."""

import streamlit as st

from learning.impossible import IMPOSSIBLE, Impossible, Outcome
from presentation import charts, training_charts
from presentation.text import plain, shown
from serving.fronts import FRONTS
from ui import pictures
from ui.state import edits, keys, teach, widgets

_TICK = 0.15  # seconds between two pictures while it trains
_DECIMALS = 4


def page() -> None:
    """One of them: why, the target beside what was reached, and the loss."""
    chosen = IMPOSSIBLE[teach.trial().id]
    st.segmented_control(
        "What cannot be learned",
        list(IMPOSSIBLE),
        key=widgets.mirror(keys.TEACH_PRESET, chosen.id),
        format_func=lambda id: IMPOSSIBLE[id].title,
        required=True,
        label_visibility="collapsed",
        on_change=widgets.callback(_open),
    )
    st.markdown(chosen.why)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _open_it(chosen)
        _stop_or_go_on()
    st.fragment(_watched, run_every=_TICK if teach.trial_goes_on() else None)()
    st.caption(
        "The loss: for each word with a target, the squared differences between its weights and the target, added up; "
        "then the average of those words."
    )
    if chosen.see:
        st.page_link(f"../pages/{chosen.see}.py", label=FRONTS[chosen.see].title, icon=":material/arrow_forward:")


def _watched() -> None:
    """Target, weights and losses as far as the training has gone; drawn anew while it goes on."""
    if teach.trial_goes_on() and not teach.advance_trial():
        st.rerun()
    found = teach.trial().outcomes
    name, first = next(iter(found.items()))
    left, right = st.columns(2, gap="small")
    with left:
        n = len(first.reached.words)
        teaching = first.experiment.teaching
        target = training_charts.target_map(teaching.wanted(n), teaching.asked(n), first.reached.labels, decimals=2)
        pictures.still(target, "impossible_target")
    with right:
        _reached(first, f"What was learned{f', {name}' if len(found) > 1 else ''}")
    losses, told = st.columns(2, gap="small")
    with losses:
        steps = first.recording.training.steps
        curves = {name: outcome.recording.losses for name, outcome in found.items()}
        pictures.still(training_charts.losses(curves, steps=steps, best=first.best), "impossible_losses")
    with told:
        for name, outcome in found.items():
            st.markdown(_told(name if len(found) > 1 else "", outcome))
        if teach.trial_goes_on():
            st.progress(teach.trial().progress, text="Training")


def _stop_or_go_on() -> None:
    if teach.trial_goes_on():
        st.button("Stop", key="stop_trial", icon=":material/stop:", on_click=widgets.callback(teach.stop_trial))
    elif not teach.trial().is_over:
        st.button(
            "Go on", key="go_on_trial", icon=":material/play_arrow:", on_click=widgets.callback(teach.go_on_with_trial)
        )


def _reached(outcome: Outcome, title: str) -> None:
    calculation = outcome.reached
    chart = charts.weights_map(
        calculation.attention.weights, calculation.labels, calculation.allowed, title=title, decimals=2
    )
    pictures.still(chart, "impossible_weights")


def _told(name: str, outcome: Outcome) -> str:
    """From where to where the loss went, and how small it could have become."""
    before, after = outcome.recording.losses[0], outcome.recording.losses[-1]
    taken = len(outcome.recording.losses) - 1
    called = f"**{plain(name)}:** the loss" if name else "The loss"
    told = (
        f"{called} goes from {shown(before, _DECIMALS)} to **{shown(after, _DECIMALS)}** in "
        f"{taken} step{'s' * (taken != 1)}."
    )
    if outcome.best > 0:
        return f"{told} No numbers can bring it below **{shown(outcome.best, _DECIMALS)}**."
    return f"{told} Nothing forbids 0."


def _open_it(chosen: Impossible) -> None:
    st.button(
        "Open it in “Paint what you want”",
        key="open_impossible",
        icon=":material/format_paint:",
        help="Your sentence and tables are replaced; Undo brings them back.",
        on_click=widgets.callback(_take),
        args=(chosen.id,),
    )


def _take(id: str) -> None:
    experiments = IMPOSSIBLE[id].experiments()
    edits.open_experiment(next(iter(experiments.values())))
    teach.open_part("paint")


def _open() -> None:
    chosen = widgets.held_by(keys.TEACH_PRESET)
    if chosen in IMPOSSIBLE:
        teach.open_trial(chosen)
