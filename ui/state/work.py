"""A worksheet that is worked on or made: its tasks, the answers, the experiments they were reached with.

Two parts of the address hold all of it: the worksheet (`w`) and what is handed in (`h`). The second follows every
answer and every change, on all pages, so that the address is at any time what a pupil hands in.
"""

from dataclasses import replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from attention_core import Experiment, attend
from exercises import hand_in as hand_ins
from exercises import worksheet as worksheets
from exercises.grading import Mark, Verdict
from exercises.hand_in import Answer, HandIn, one_line
from exercises.marking import MAX_HANDED_IN
from exercises.worksheet import Kind, Task, Worksheet, mark
from sharing.address import MAX_CODE
from sharing.class_view import ClassView
from sharing.document import DocumentError
from ui.state import keys
from ui.state.document import Document
from ui.state.session import session

DO, MAKE, MARK = "do", "make", "mark"
_PAGE = "worksheet"
_MOST_STEPS = 30


def turn_to(page: str) -> None:
    """Note which page is drawn from now on."""
    if page == _PAGE:
        _open_document()


def _open_document() -> None:
    kept = session().work
    if kept.at < len(kept.worksheet.tasks) and kept.at not in kept.documents:
        start, left = kept.worksheet.tasks[kept.at].experiment, kept.answers[kept.at].experiment
        document = Document(start, f"task{kept.at}v{kept.version}.", _MOST_STEPS, start=start)
        if left is not None:
            document.commit(left)
            document.before = None
        kept.documents[kept.at] = document


def is_on_screen() -> bool:
    """Whether a task of a worksheet is on screen."""
    kept = session()
    return kept.page == _PAGE and kept.work.part != MARK and kept.work.at < len(kept.work.worksheet.tasks)


def part() -> str:
    return session().work.part


def open_part(part: object) -> None:
    if part in (DO, MAKE, MARK):
        session().work.part = str(part)


def worksheet() -> Worksheet:
    return session().work.worksheet


def problem() -> str | None:
    return session().work.problem


def number() -> int:
    """Which task is on screen, from 0."""
    return session().work.at


def version() -> int:
    return session().work.version


def task() -> Task:
    kept = session().work
    return kept.worksheet.tasks[kept.at]


def open_task(at: object) -> None:
    kept = session().work
    if isinstance(at, int) and 0 <= at < len(kept.worksheet.tasks):
        kept.at = at
        _open_document()


# --- answers ---------------------------------------------------------------------------------------------------------


def answers() -> tuple[Answer, ...]:
    """An answer for each task, with the experiments as they are now."""
    kept = session().work
    return tuple(_with_experiment(at, answer) for at, answer in enumerate(kept.answers))


def _with_experiment(at: int, answer: Answer) -> Answer:
    kept = session().work
    document = kept.documents.get(at)
    if document is None:
        return answer
    changed = document.experiment != kept.worksheet.tasks[at].experiment
    return replace(
        answer,
        experiment=document.experiment if changed else None,
        steps=max(answer.steps, len(document.back)) if changed or document.back else answer.steps,
    )


def answer() -> Answer:
    """That of the task on screen."""
    return answers()[number()]


def give(text: object) -> None:
    """Take an answer to the task on screen."""
    kept = session().work
    if isinstance(text, str) and kept.at < len(kept.answers):
        kept.answers[kept.at] = kept.answers[kept.at].with_text(text)


def ask() -> None:
    """Show what the task on screen hides; that it was asked for is handed in."""
    kept = session().work
    kept.answers[kept.at] = replace(kept.answers[kept.at], asked=True)


def verdict(at: int) -> Verdict:
    """What is said of the answer to a task."""
    found, of = answers()[at], worksheet().tasks[at]
    return mark(of, found.text, found.experiment or of.experiment)


def name() -> str:
    return session().work.name


def call(name: object) -> None:
    """Take the name that the pupil types."""
    session().work.name = one_line(str(name))


def hand_in() -> HandIn:
    return HandIn(name(), answers())


def codes() -> tuple[str, str]:
    """The two parts of the address: the worksheet, and what is handed in."""
    _encode()
    return session().work.code, session().work.hand_in


def class_view() -> ClassView:
    """What the task on screen hides."""
    return ClassView(task().hides)


def shows_answers() -> bool:
    """Whether what tells the answer is shown: the pupil asked for it, or is told that the answer is right."""
    if session().work.answers[number()].asked:
        return True
    if not worksheet().tells or task().asked.kind in (Kind.GOAL, Kind.TEXT):
        return False
    return verdict(number()).mark is Mark.RIGHT


# --- the address -----------------------------------------------------------------------------------------------------


def follow() -> None:
    """Let the address say what is on the worksheet, where that changed. Else it may be a visitor's own step."""
    if keys.WORKSHEET not in st.session_state:
        return
    if _encode():
        kept = session().work
        st.session_state[keys.WORKSHEET], st.session_state[keys.HAND_IN] = kept.code, kept.hand_in


def _encode() -> bool:
    """The codes of what is there, made anew where something changed, and whether it did."""
    kept = session().work
    of = (kept.worksheet, name(), answers())
    if kept.of == of or kept.problem:
        return False
    kept.of = of
    if kept.worksheet.tasks:
        kept.code = worksheets.to_code(kept.worksheet)
        code = hand_ins.to_code(hand_in(), kept.worksheet)
        kept.hand_in = code if len(code) + len(kept.code) <= MAX_CODE else ""
    else:
        kept.code = kept.hand_in = ""
    return True


def take_in(*, is_first: bool) -> None:
    """Open what an address says, where the visitor brought another one."""
    code, handed_in = (st.session_state.get(key) or "" for key in (keys.WORKSHEET, keys.HAND_IN))
    kept = session().work
    if (code, handed_in) == (kept.code, kept.hand_in):
        return
    try:
        opened = worksheets.from_code(code)
        found = hand_ins.from_code(handed_in, opened)
    except DocumentError as error:
        kept.problem, kept.code, kept.hand_in = str(error), code, handed_in
        return
    _open(opened, found)
    kept.code, kept.hand_in = code, handed_in


def _open(opened: Worksheet, found: HandIn) -> None:
    kept = session().work
    if opened != kept.worksheet:
        kept.at = 0
        kept.part = DO
    kept.problem = None
    kept.worksheet, kept.name, kept.answers = opened, found.name, list(found.answers)
    kept.documents, kept.version = {}, kept.version + 1
    kept.of = (kept.worksheet, name(), answers())
    if session().page == _PAGE:
        _open_document()


# --- making ----------------------------------------------------------------------------------------------------------


def change(made: Worksheet, *, at: int | None = None) -> None:
    """Make the worksheet another one; answers to it begin anew."""
    kept = session().work
    kept.problem = None
    kept.worksheet, kept.answers, kept.documents = made, [Answer()] * len(made.tasks), {}
    kept.version += 1
    kept.at = max(0, min(kept.at if at is None else at, len(made.tasks) - 1))
    _open_document()


def change_task(changed: Task) -> None:
    """Make the task on screen another one."""
    kept, tasks = session().work, list(worksheet().tasks)
    tasks[kept.at] = changed
    change(replace(kept.worksheet, tasks=tuple(tasks)))


def own_experiment() -> Experiment:
    """That of the person's Playground."""
    return session().own.experiment


def start_anew() -> None:
    change(Worksheet(), at=0)


def labels() -> tuple[str, ...]:
    """The words of the task on screen, a different name for each place."""
    return attend(task().experiment).labels


# --- files and marking -----------------------------------------------------------------------------------------------


def upload_key(field: str) -> str:
    """The key of a field that takes files; those that were taken in give it a new one, which is empty."""
    return f"{field}:{session().work.opened}"


def open_file(key: str) -> None:
    """Take in a worksheet, or what was handed in with its worksheet, from the field `key`."""
    kept, uploaded = session().work, widget_of(key)
    if not isinstance(uploaded, UploadedFile):
        return
    kept.opened += 1
    content = uploaded.getvalue()
    try:
        document = worksheets.read_json(content.decode("utf-8", "replace"))
        is_handed_in = isinstance(document, dict) and document.get("format") == hand_ins.FORMAT
        opened, found = hand_ins.from_file(content) if is_handed_in else _unanswered(worksheets.worksheet_of(document))
    except DocumentError as error:
        kept.problem = str(error)
        return
    _open(opened, found)
    kept.of = ()


def _unanswered(opened: Worksheet) -> tuple[Worksheet, HandIn]:
    return opened, hand_ins.from_code("", opened)


def widget_of(key: str) -> object:
    return st.session_state.get(key)


def pasted() -> str:
    """What a teacher pasted, to be marked."""
    return session().work.pasted


def paste(text: object) -> None:
    session().work.pasted = str(text)


def files() -> list[tuple[str, bytes]]:
    """The files that a teacher dropped: name and content."""
    return session().work.files


def drop(key: str) -> None:
    """Take in the files of the field `key`, beside those that are there."""
    kept, uploaded = session().work, widget_of(key)
    if isinstance(uploaded, list):
        found = [(each.name, each.getvalue()) for each in uploaded if isinstance(each, UploadedFile)]
        kept.files = [*kept.files, *found][:MAX_HANDED_IN]
        kept.opened += bool(found)


def forget_class() -> None:
    kept = session().work
    kept.pasted, kept.files = "", []


def look_at(experiment: Experiment) -> None:
    """Show a pupil's experiment on the Playground, where one step brings back what was there."""
    session().own.commit(experiment)
