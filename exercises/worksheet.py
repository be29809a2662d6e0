"""A worksheet: several tasks in order, each with a starting experiment, what is hidden, and what is asked.

It is plain JSON with a version, compressed into one code for a link. Tasks that start from the same experiment hold it
once, and one that starts from a slightly different one holds the difference.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from attention_core import Experiment, Stage, attend
from exercises.goals import GOALS, Places
from exercises.grading import MAX_ANSWER, Cell, Mark, Numbers, Verdict, grade
from exercises.hints import ASKED
from sharing.address import packed, unpacked
from sharing.class_view import CONTROLS
from sharing.document import DocumentError, from_document, to_document

FORMAT, VERSION = "self-attention-worksheet", 1
MAX_TASKS, MAX_TASK_TEXT, MAX_TITLE = 12, 800, 80
MAX_LINK = 8_000  # characters of a whole address; common proxies refuse from 8,100 on
MAX_FREE_TEXT = 1_000  # of an answer


class Kind(StrEnum):
    """What a task asks for."""

    NUMBER = "number"
    WORD = "word"
    TEXT = "text"
    GOAL = "goal"


@dataclass(frozen=True)
class Asked:
    """What is asked: a number of the starting experiment, a word of its sentence, a text, or a goal to reach."""

    kind: Kind = Kind.TEXT
    stage: Stage = Stage.WEIGHTS
    cell: Cell = (0, 0)
    decimals: int = 2
    word: int = 0  # the position of the right one
    goal: str = "itself"
    places: Places = ()


@dataclass(frozen=True)
class Task:
    """One task. Raises ValueError, in words, for what does not fit its experiment."""

    text: str
    experiment: Experiment
    hidden: frozenset[str] = frozenset()  # of class_view.CONTROLS
    asked: Asked = field(default_factory=Asked)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text[:MAX_TASK_TEXT])
        object.__setattr__(self, "hidden", frozenset(self.hidden).intersection(CONTROLS))
        n, asked = len(self.experiment.words), self.asked
        if asked.kind is Kind.NUMBER:
            if asked.stage not in ASKED:
                raise ValueError(f"No number of the stage {asked.stage} can be asked for.")
            rows, columns = attend(self.experiment).table(asked.stage).shape
            if not (0 <= asked.cell[0] < rows and 0 <= asked.cell[1] < columns):
                raise ValueError(f"There is no number at {asked.cell[0]}, {asked.cell[1]} of {rows} × {columns}.")
            if not 0 <= asked.decimals <= 8:
                raise ValueError("Numbers are asked for with 0 to 8 decimals.")
        elif asked.kind is Kind.WORD and not 0 <= asked.word < n:
            raise ValueError(f"There is no word {asked.word} in a sentence of {n}.")
        elif asked.kind is Kind.GOAL and not (asked.goal in GOALS and GOALS[asked.goal].fits(n, asked.places)):
            raise ValueError("The goal is not known here, or its words are not in the sentence.")

    @property
    def hides(self) -> frozenset[str]:
        """What is hidden until it is answered or asked for: what the teacher chose, and what would tell the answer."""
        return self.hidden | (_TELLS.get(self.asked.stage, frozenset({"sums"})) if self.is_number else frozenset())

    @property
    def is_number(self) -> bool:
        return self.asked.kind is Kind.NUMBER

    @property
    def numbers(self) -> Numbers:
        """The number that is asked for, for `grading`."""
        given = (Stage.EMBEDDINGS, Stage.W_Q, Stage.W_K, Stage.W_V)
        return Numbers(self.experiment, self.asked.stage, (self.asked.cell,), self.asked.decimals, given)


_TELLS = {
    Stage.SCORES: frozenset({"scores", "sums"}),
    Stage.SCALED_SCORES: frozenset({"scores", "sums"}),
    Stage.WEIGHTS: frozenset({"weights", "story", "sums"}),
    Stage.CONTEXT: frozenset({"context", "story", "sums"}),
}


@dataclass(frozen=True)
class Worksheet:
    """Its tasks in order. `tells`: whether pupils are told at once whether an answer is right."""

    title: str = ""
    tasks: tuple[Task, ...] = ()
    tells: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", " ".join(self.title.split())[:MAX_TITLE])
        if len(self.tasks) > MAX_TASKS:
            raise ValueError(f"A worksheet has up to {MAX_TASKS} tasks, not {len(self.tasks)}.")


def mark(task: Task, text: str, experiment: Experiment) -> Verdict:
    """What is said of an answer: of what was typed, or of the experiment where a goal is to be reached."""
    asked, typed = task.asked, text.strip()
    if asked.kind is Kind.GOAL:
        if GOALS[asked.goal].reached(attend(experiment), asked.places):
            return Verdict(Mark.RIGHT)
        return Verdict(Mark.EMPTY if experiment == task.experiment else Mark.WRONG)
    if not typed:
        return Verdict(Mark.EMPTY)
    if asked.kind is Kind.TEXT:
        return Verdict(Mark.TEXT)
    if asked.kind is Kind.NUMBER:
        return _mark_of_a_number(task, typed[:MAX_ANSWER])
    labels = attend(task.experiment).labels
    if typed not in labels:
        return Verdict(Mark.UNREADABLE, "This is not a word of the sentence.")
    return Verdict(Mark.RIGHT if typed == labels[asked.word] else Mark.WRONG)


@lru_cache(maxsize=1_024)  # a class is marked again whenever the page is drawn, and a slip takes its time to be found
def _mark_of_a_number(task: Task, typed: str) -> Verdict:
    """Without what was handed in beside it, of which a class would fill the memory."""
    return grade(task.numbers, {task.asked.cell: typed})[task.asked.cell]


# --- as a document ---------------------------------------------------------------------------------------------------


def document_of(worksheet: Worksheet) -> dict[str, Any]:
    documents = [to_document(task.experiment) for task in worksheet.tasks]
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": worksheet.title,
        "tells": worksheet.tells,
        "tasks": [
            {
                "text": task.text,
                "hidden": sorted(task.hidden),
                "asked": _asked_as_parts(task.asked),
                "experiment": document if not at else difference(documents[0], document),
            }
            for at, (task, document) in enumerate(zip(worksheet.tasks, documents, strict=True))
        ],
    }


def worksheet_of(document: object) -> Worksheet:
    """The worksheet of a document. Raises DocumentError for anything else, in words."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentError("This is not a worksheet of this playground.")
    if document.get("version") != VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    tasks = _list(document.get("tasks"), "tasks")[: MAX_TASKS + 1]
    first: Mapping[str, Any] = {}
    found = []
    try:
        for at, each in enumerate(tasks):
            parts = _group(each, f"task {at + 1}")
            whole = _group(parts.get("experiment"), f"experiment of task {at + 1}")
            first = whole if not at else first
            found.append(
                Task(
                    _text(parts.get("text"), "text"),
                    from_document(dict(whole) if not at else patched(first, whole)),
                    frozenset(_text(name, "hidden") for name in _list(parts.get("hidden"), "hidden")),
                    _asked(_group(parts.get("asked"), "asked")),
                )
            )
        return Worksheet(_text(document.get("title"), "title"), tuple(found), document.get("tells") is not False)
    except DocumentError:
        raise
    except (ValueError, TypeError) as error:
        raise DocumentError(str(error)) from None


def _asked_as_parts(asked: Asked) -> dict[str, Any]:
    parts: dict[str, Any] = {"kind": asked.kind.value}
    if asked.kind is Kind.NUMBER:
        parts |= {"stage": asked.stage.value, "cell": list(asked.cell), "decimals": asked.decimals}
    elif asked.kind is Kind.WORD:
        parts["word"] = asked.word
    elif asked.kind is Kind.GOAL:
        parts |= {"goal": asked.goal, "places": list(asked.places)}
    return parts


def _asked(parts: Mapping[str, Any]) -> Asked:
    if parts.get("kind") not in list(Kind):
        raise DocumentError("What a task asks for is not known here.")
    kind = Kind(str(parts["kind"]))
    if kind is Kind.NUMBER:
        cell, stage = [_whole(each) for each in _list(parts.get("cell"), "cell")], parts.get("stage")
        if len(cell) != 2 or stage not in ASKED:
            raise DocumentError("The number that a task asks for is not one of the calculation.")
        return Asked(kind, Stage(str(stage)), (cell[0], cell[1]), _whole(parts.get("decimals")))
    if kind is Kind.WORD:
        return Asked(kind, word=_whole(parts.get("word")))
    if kind is Kind.GOAL:
        places = tuple(_whole(each) for each in _list(parts.get("places"), "places"))
        return Asked(kind, goal=_text(parts.get("goal"), "goal"), places=places)
    return Asked(kind)


def difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a document of another one: its parts that are different, and the names of those it does not have."""
    changed = {name: part for name, part in other.items() if name not in one or one[name] != part}
    gone = [name for name in one if name not in other]
    return {"changed": changed} | ({"gone": gone} if gone else {})


def patched(one: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """The other document again."""
    gone = set(map(str, _list(parts.get("gone", []), "gone")))
    return {name: part for name, part in one.items() if name not in gone} | dict(
        _group(parts.get("changed"), "changed")
    )


def _group(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise DocumentError(f"The part {name} is missing or of another kind.")
    return value


def _list(value: object, name: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise DocumentError(f"The part {name} is missing or of another kind.")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise DocumentError(f"The part {name} is missing or of another kind.")
    return value.encode("utf-8", "replace").decode()


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**6:
        raise DocumentError("A whole number is missing, or of another kind.")
    return value


# --- as a code and a file --------------------------------------------------------------------------------------------


def to_code(worksheet: Worksheet) -> str:
    """Empty for a worksheet without tasks."""
    return packed(_json(document_of(worksheet))) if worksheet.tasks else ""


def from_code(code: str) -> Worksheet:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    return worksheet_of(read_json(unpacked(code))) if code else Worksheet()


def to_file(worksheet: Worksheet) -> bytes:
    return _json(document_of(worksheet))


def read_json(text: str) -> object:
    """Raises DocumentError for what is no JSON."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DocumentError("It is not readable as JSON.") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
