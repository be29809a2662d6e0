"""Puzzles: a goal, what may be changed, the picture that follows, and stars once the goal is reached."""

from collections.abc import Callable

import streamlit as st

from attention_core import Calculation
from exercises.goals import changed_numbers
from exercises.puzzles import MOST_STARS, PUZZLES, Puzzle
from presentation import tables
from presentation.text import plain
from ui import attention, comparison, divisor, editors, word_order
from ui.state import current, keys, practise, widgets


def page() -> None:
    puzzle = PUZZLES[practise.puzzle()]
    calculation = current.calculation()
    stars = practise.note_stars(puzzle.stars(calculation.experiment))
    _choice(puzzle)
    left, look = st.columns([0.38, 0.62], gap="medium")
    with look:
        attention.picture(calculation, comparison.before_the_change(calculation), comparing=False)
        attention.sums(calculation)
        attention.choice(calculation)
    with left:
        st.markdown(f"## {puzzle.title}\n**Goal:** {puzzle.told}")
        _state(puzzle, calculation, stars)
        _may(puzzle, calculation)
        _help(puzzle)


def _choice(puzzle: Puzzle) -> None:
    """The puzzles, whose names stay as they are: a browser reports the name that it saw."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Puzzle",
            list(PUZZLES),
            key=widgets.mirror(keys.PUZZLE, puzzle.id),
            format_func=lambda id: PUZZLES[id].title,
            width=280,
            on_change=widgets.callback(lambda: practise.open_puzzle(widgets.held_by(keys.PUZZLE))),
        )
        solved = [f"{PUZZLES[id].title} {'★' * practise.stars_of(id)}" for id in PUZZLES if practise.stars_of(id)]
        if solved:
            st.caption(f"{len(solved)} of {len(PUZZLES)} solved: {', '.join(solved)}", width="stretch")


def _state(puzzle: Puzzle, calculation: Calculation, stars: int) -> None:
    changed = changed_numbers(puzzle.start, calculation.experiment)
    count, now = sum(changed.values()), puzzle.stars(calculation.experiment)
    counted = f"{count} {'change' if count == 1 else 'changes'} so far"
    if now:
        best = "" if now == MOST_STARS else f" It can be done with {len(puzzle.solution)}."
        st.success(f"**Solved** with {counted.removesuffix(' so far')}: {'★' * now}.{best}  \n{puzzle.why}")
    else:
        st.info(f"Not reached yet; {counted}.", icon=":material/flag:")
    if puzzle.cannot and not now:
        st.warning(puzzle.cannot, icon=":material/block:")
    if stars and not now:
        st.caption(f"You solved it before: {'★' * stars}.")


def _may(puzzle: Puzzle, calculation: Calculation) -> None:
    """What may be changed, and nothing else."""
    may = puzzle.may
    if "scaling" in may:
        with st.container(horizontal=True, gap="small"):
            divisor.switch("Scaling")
            divisor.choice(calculation)
    offered = [table for table in tables.EXPERIMENT_TABLES if table in may]
    if offered:
        editors.chosen_editor(offered)
    if "order" in may:
        st.markdown("**Word order**")
        word_order.choice()
    names = [tables.EXPERIMENT_TABLES[table].title for table in offered]
    names += [name for part, name in (("scaling", "the division"), ("order", "the word order")) if part in may]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
    st.caption(f"You may change {listed}.")


def _help(puzzle: Puzzle) -> None:
    given = practise.help_given()
    steps = puzzle.solution[: max(0, given - 1)]
    told = [f"**Hint:** {puzzle.hint}"] if given else []
    told += [f"**Step {number}:** {plain(step.told(puzzle.start))}" for number, step in enumerate(steps, start=1)]
    if told:
        st.markdown("  \n".join(told))
    with st.container(horizontal=True, gap="small"):
        if not given:
            _button("Hint", "puzzle_hint", ":material/lightbulb:", practise.give_help)
        elif given <= len(puzzle.solution):
            _button("Next step" if given > 1 else "Show me", "puzzle_step", ":material/visibility:", practise.show_step)
        _button("Start again", "puzzle_again", ":material/restart_alt:", practise.start_again)


def _button(label: str, key: str, icon: str, act: Callable[[], None]) -> None:
    st.button(label, key=key, icon=icon, type="tertiary", on_click=widgets.callback(act))
