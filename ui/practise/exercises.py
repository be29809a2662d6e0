"""Exercises: what is given, fields for what is asked, what is said of each answer, and help that leads to the sum."""

from collections.abc import Iterable

import streamlit as st

from attention_core.stages import STAGES, Stage
from exercises.grading import Cell, Mark, Numbers, Verdict, grade
from exercises.hints import sum_to_do, what_to_do, whole_sum
from exercises.making import KINDS, LEVELS, MAX_SEED, Exercise, make
from presentation.tables import stage_columns, stage_rows, vectors_frame
from presentation.text import plain
from ui import pictures
from ui.state import keys, practise, widgets

_FIELD = 118  # pixels of a field for a number
_SIGNS = {
    Mark.RIGHT: ":green[:material/check:]",
    Mark.ROUNDING: ":green[:material/check:] ≈",
    Mark.WRONG: ":red[:material/close:]",
    Mark.UNREADABLE: ":orange[:material/help:]",
}


def page() -> None:
    kind, level, seed = practise.name().split(".")
    exercise = make(kind, int(level), int(seed))
    _choice(exercise)
    given, asked = st.columns([0.42, 0.58], gap="medium")
    verdicts = grade(exercise.asked, practise.answers())
    with asked:
        st.markdown(exercise.told)
        _fields(exercise.asked)
        _result(exercise.asked, verdicts)
        _help(exercise.asked, verdicts)
    with given:
        for stage in exercise.asked.given:
            _table(exercise.asked, stage)


def _choice(exercise: Exercise) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "What to work out",
            list(KINDS),
            key=widgets.mirror(keys.EXERCISE_KIND, exercise.kind),
            format_func=lambda kind: KINDS[kind].title,
            required=True,
            on_change=widgets.callback(
                lambda: practise.open_exercise(widgets.held_by(keys.EXERCISE_KIND), exercise.level, exercise.seed)
            ),
        )
        st.segmented_control(
            "Level",
            list(LEVELS),
            key=widgets.mirror(keys.EXERCISE_LEVEL, exercise.level),
            required=True,
            on_change=widgets.callback(
                lambda: practise.open_exercise(exercise.kind, widgets.held_by(keys.EXERCISE_LEVEL), exercise.seed)
            ),
        )
        st.number_input(
            "Number",
            min_value=0,
            max_value=MAX_SEED,
            step=1,
            width=130,
            key=widgets.mirror(keys.EXERCISE_SEED, exercise.seed),
            help="The same number gives the same exercise, on every machine. The address holds it.",
            on_change=widgets.callback(
                lambda: practise.open_exercise(exercise.kind, exercise.level, widgets.held_by(keys.EXERCISE_SEED))
            ),
        )
        st.button(
            "Another one",
            key="another_exercise",
            icon=":material/casino:",
            on_click=widgets.callback(practise.another),
        )


def _table(asked: Numbers, stage: Stage) -> None:
    """A table that is given, with its numbers as they are or to the experiment's decimals."""
    calculation = asked.calculation
    numbers = calculation.table(stage)
    whole = bool((numbers == numbers.round()).all())
    rows, columns = stage_rows(calculation, stage), stage_columns(calculation, stage)
    heading = STAGES[stage].heading
    st.markdown(f"**{heading}**" + (": a row for each word that looks" if STAGES[stage].is_square else ""))
    pictures.number_table(
        vectors_frame(numbers, rows, columns),
        f"given_{stage}:{practise.name()}",
        decimals=0 if whole else asked.experiment.decimals,
        alt=f"{heading}: " + "; ".join(f"{row}: {_listed(line)}" for row, line in zip(rows, numbers, strict=True)),
    )


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _fields(asked: Numbers) -> None:
    """A field for each number, the numbers of a word's row beside each other where there is room."""
    rows: dict[int, list[Cell]] = {}
    for cell in asked.cells:
        rows.setdefault(cell[0], []).append(cell)
    for cells in rows.values():
        with st.container(horizontal=True, gap="small"):
            for cell in cells:
                key = f"answer_{cell[0]}_{cell[1]}:{practise.name()}"
                st.text_input(
                    plain(asked.name(cell)),
                    key=widgets.mirror(key, practise.answers().get(cell, "")),
                    max_chars=200,
                    width=_FIELD,
                    on_change=widgets.callback(_take),
                    args=(cell, key),
                )


def _take(cell: Cell, key: str) -> None:
    practise.answer(cell, widgets.held_by(key) or "")


def _result(asked: Numbers, verdicts: dict[Cell, Verdict]) -> None:
    marks = [verdict.mark for verdict in verdicts.values()]
    told = [
        f"{_SIGNS[verdict.mark]} **{plain(asked.name(cell))}** {plain(verdict.told)}"
        for cell, verdict in verdicts.items()
        if verdict.mark in _SIGNS
    ]
    if not told:
        st.caption("Type a number and press Enter, or leave the field.")
        return
    st.markdown("  \n".join(told))
    if all(mark in (Mark.RIGHT, Mark.ROUNDING) for mark in marks):
        st.success("All right.", icon=":material/check_circle:")
        with st.expander("The sum, with its result"):
            st.latex(whole_sum(asked, asked.cells[0]), width="stretch")


def _help(asked: Numbers, verdicts: dict[Cell, Verdict]) -> None:
    """Help for the first number that is not right yet: what to do, then the sum, then its result."""
    cell = next((each for each, verdict in verdicts.items() if verdict.mark not in (Mark.RIGHT, Mark.ROUNDING)), None)
    if cell is None:
        return
    given = practise.help_given()
    if given:
        st.info(what_to_do(asked, cell), icon=":material/lightbulb:")
    if given > 1:
        st.info(f"**{plain(asked.name(cell))}** = {plain(sum_to_do(asked, cell))}", icon=":material/function:")
    if given > 2:
        st.latex(whole_sum(asked, cell), width="stretch")
    if given < len(_HELP):
        st.button(
            _HELP[given],
            key="exercise_help",
            icon=":material/lightbulb:",
            type="tertiary",
            on_click=widgets.callback(practise.give_help),
        )


_HELP = ("Hint", "Show me the sum", "Show me the result")
