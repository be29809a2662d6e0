"""Making a worksheet by clicks: a form beside the task as pupils will see it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from attention_core import EXAMPLES, Experiment, attend
from attention_core.stages import STAGES
from exercises import sheets, worksheet
from exercises.goals import GOALS
from exercises.hints import ASKED
from exercises.worksheet import MAX_LINK, MAX_TASK_TEXT, MAX_TASKS, MAX_TITLE, Asked, Kind, Task, Worksheet
from presentation.tables import stage_columns, stage_rows
from presentation.text import plain
from sharing.class_view import CONTROLS
from ui.school import doing, parts, task
from ui.state import widgets, work

_KINDS = {Kind.NUMBER: "A number", Kind.WORD: "A word", Kind.TEXT: "A text", Kind.GOAL: "A goal"}
_USUALLY_HIDDEN = frozenset({"examples", "heads", "fills", "sizes", "target"})
_OWN = "own"


def page() -> None:
    _of_all()
    if not work.worksheet().tasks:
        st.caption("A task starts from an experiment: that of your Playground, or an example.")
        return
    parts.of_tasks()
    form, seen = st.columns([0.36, 0.64], gap="medium")
    with form:
        _form()
    with seen:
        st.caption("As pupils see it. You can try it; your answers are kept only here.")
        task.show()
    _links()


def _key(name: str) -> str:
    """Of a widget of the form, which is another one after another task or worksheet came."""
    return f"make_{name}_{work.number()}"


def _of_all() -> None:
    made = work.worksheet()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "Title",
            key=widgets.mirror("make_title", made.title),
            max_chars=MAX_TITLE,
            width=320,
            on_change=widgets.callback(
                lambda: work.change(replace(work.worksheet(), title=widgets.held_by("make_title") or ""))
            ),
        )
        if len(made.tasks) < MAX_TASKS:
            _button("Add a task", "add_task", "add", _add)
        if made.tasks:
            _button("Remove this task", "remove_task", "delete", _remove)
            if work.number():
                _button("Earlier", "task_up", "arrow_upward", _earlier)
            _button("Begin a new worksheet", "new_worksheet", "note_add", work.start_anew)
    if made.tasks:
        st.toggle(
            "Pupils are told at once whether an answer is right",
            key=widgets.mirror("make_tells", made.tells),
            on_change=widgets.callback(
                lambda: work.change(replace(work.worksheet(), tells=bool(widgets.held_by("make_tells"))))
            ),
        )


def _button(label: str, key: str, icon: str, act: Callable[[], None]) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", on_click=widgets.callback(act))


def _add() -> None:
    made = work.worksheet()
    start = made.tasks[work.number()] if made.tasks else None
    added = Task("", start.experiment if start else work.own_experiment(), start.hidden if start else _USUALLY_HIDDEN)
    work.change(replace(made, tasks=(*made.tasks, added)), at=len(made.tasks))


def _remove() -> None:
    tasks = list(work.worksheet().tasks)
    del tasks[work.number()]
    work.change(replace(work.worksheet(), tasks=tuple(tasks)))


def _earlier() -> None:
    tasks, at = list(work.worksheet().tasks), work.number()
    tasks[at - 1], tasks[at] = tasks[at], tasks[at - 1]
    work.change(replace(work.worksheet(), tasks=tuple(tasks)), at=at - 1)


def _form() -> None:
    of = work.task()
    st.text_area(
        "What the task says",
        key=widgets.mirror(_key("text"), of.text),
        max_chars=MAX_TASK_TEXT,
        height=110,
        placeholder="Which word does “bank” look at most, and why?",
        on_change=widgets.callback(lambda: _changed(text=widgets.held_by(_key("text")) or "")),
    )
    _start(of)
    st.multiselect(
        "Hide",
        list(CONTROLS),
        key=widgets.mirror(_key("hidden"), [name for name in CONTROLS if name in of.hidden]),
        format_func=CONTROLS.__getitem__,
        on_change=widgets.callback(lambda: _changed(hidden=frozenset(widgets.held_by(_key("hidden")) or ()))),
    )
    if more := of.hides - of.hidden:
        names = ", ".join(CONTROLS[name] for name in CONTROLS if name in more)
        st.caption(f"Hidden as well until it is answered, because it would tell the answer: {names}.")
    st.segmented_control(
        "What is asked",
        list(_KINDS),
        key=widgets.mirror(_key("kind"), of.asked.kind),
        format_func=_KINDS.__getitem__,
        required=True,
        on_change=widgets.callback(lambda: _ask_for(widgets.held_by(_key("kind")))),
    )
    _ASKS[of.asked.kind](of)


def _changed(**parts_of_it: object) -> None:
    """Change the task on screen; what does not fit it is passed over."""
    try:
        work.change_task(replace(work.task(), **parts_of_it))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        widgets.refuse(plain(str(error)), icon=":material/error:")


def _asks(**parts_of_it: object) -> None:
    _changed(asked=replace(work.task().asked, **parts_of_it))  # type: ignore[arg-type]


def _start(of: Task) -> None:
    options = [_OWN, *EXAMPLES]
    key = f"{_key('start')}_{work.version()}"
    st.selectbox(
        "Start from another experiment",
        options,
        key=key,
        index=None,
        placeholder=of.experiment.sentence[:60],
        format_func=lambda id: "That of my Playground" if id == _OWN else EXAMPLES[id].title,
        help="What you try beside this changes nothing here: a task starts as it stood when you chose it.",
        on_change=widgets.callback(lambda: _start_from(widgets.held_by(key))),
    )


def _start_from(chosen: object) -> None:
    if chosen == _OWN or chosen in EXAMPLES:
        experiment: Experiment = work.own_experiment() if chosen == _OWN else EXAMPLES[str(chosen)].build()
        _changed(experiment=experiment, asked=Asked())


def _ask_for(kind: object) -> None:
    if kind not in _KINDS:
        return
    n = len(work.task().experiment.words)
    goal = next((id for id, each in GOALS.items() if len(each.names) <= n), "itself")
    _changed(asked=Asked(Kind(str(kind)), goal=goal, places=tuple(range(len(GOALS[goal].names)))))


def _box(label: str, name: str, options: list, chosen: object, told, take) -> None:  # type: ignore[no-untyped-def,type-arg]
    key = _key(name)
    st.selectbox(
        label,
        options,
        key=widgets.mirror(key, chosen),
        format_func=told,
        on_change=widgets.callback(lambda: take(widgets.held_by(key))),
    )


def _number(of: Task) -> None:
    calculation, asked = attend(of.experiment), of.asked
    rows, columns = stage_rows(calculation, asked.stage), stage_columns(calculation, asked.stage)
    _box(
        "Of which table",
        "stage",
        list(ASKED),
        asked.stage,
        lambda stage: STAGES[stage].heading,
        lambda stage: _asks(stage=stage, cell=(0, 0)),
    )
    _box(
        "Row",
        f"row_{asked.stage}",
        list(range(len(rows))),
        asked.cell[0],
        rows.__getitem__,
        lambda row: _asks(cell=(row, work.task().asked.cell[1])),
    )
    _box(
        "Column",
        f"column_{asked.stage}",
        list(range(len(columns))),
        asked.cell[1],
        columns.__getitem__,
        lambda column: _asks(cell=(work.task().asked.cell[0], column)),
    )
    _box("Decimals", "decimals", list(range(5)), asked.decimals, str, lambda decimals: _asks(decimals=decimals))


def _word(of: Task) -> None:
    labels = attend(of.experiment).labels
    places = list(range(len(labels)))
    if not {"weights", "story"} <= of.hidden:
        st.caption("If the weights or the story tell the word, hide them.")
    _box("The right word", "word", places, of.asked.word, labels.__getitem__, lambda at: _asks(word=at))


def _text(of: Task) -> None:
    st.caption("A text is not marked; you read it in the table of your class.")


def _goal(of: Task) -> None:
    labels, asked = attend(of.experiment).labels, of.asked
    fitting = [id for id, goal in GOALS.items() if len(goal.names) <= len(labels)]
    _box("Goal", "goal", fitting, asked.goal, lambda id: GOALS[id].told.format("A", "B", "C"), _take_goal)
    for at, name in enumerate(GOALS[asked.goal].names):
        _box(
            f"{'ABC'[at]}: {name}",
            f"place_{asked.goal}_{at}",
            list(range(len(labels))),
            asked.places[at],
            labels.__getitem__,
            lambda place, at=at: _take_place(at, place),
        )
    if GOALS[asked.goal].reached(attend(of.experiment), asked.places):
        st.warning("The start reaches this goal already. Choose another start or other words.")


def _take_goal(goal: object) -> None:
    if goal in GOALS:
        _asks(goal=goal, places=tuple(range(len(GOALS[str(goal)].names))))


def _take_place(at: int, place: int) -> None:
    places = list(work.task().asked.places)
    if place in places:  # each word of a goal is another one, so the two change places
        places[places.index(place)] = places[at]
    places[at] = place
    _asks(places=tuple(places))


_ASKS = {Kind.NUMBER: _number, Kind.WORD: _word, Kind.TEXT: _text, Kind.GOAL: _goal}


def _links() -> None:
    made: Worksheet = work.worksheet()
    with st.container(border=True):
        st.markdown("## :material/school: For your class")
        link = doing.link(handed_in=False)
        if len(link) <= MAX_LINK:
            st.markdown("This link opens the worksheet. The address of this page holds it too: nothing is lost.")
            st.code(link, language=None, wrap_lines=True, height=120)
            st.link_button("Open it in a new tab", link, icon=":material/open_in_new:")
        else:
            st.warning(
                f"With {len(link):,} characters this is too long for a link that every network lets through "
                f"({MAX_LINK:,}). Give your class the file: it is opened on this page.",
                icon=":material/link_off:",
            )
        with st.container(horizontal=True, gap="small"):
            for label, name, content, mime, icon in (
                ("Worksheet (.json)", "worksheet.json", worksheet.to_file(made), "application/json", "save"),
                ("Print the tasks (.html)", "worksheet.html", sheets.sheet(made).encode(), "text/html", "print"),
                (
                    "Print the solutions (.html)",
                    "solutions.html",
                    sheets.sheet(made, solved=True).encode(),
                    "text/html",
                    "fact_check",
                ),
            ):
                st.download_button(
                    label,
                    content,
                    file_name=name,
                    mime=mime,
                    key=f"make_{name}",
                    icon=f":material/{icon}:",
                    on_click="ignore",
                )
