"""What a pupil hands in: a name or none, an answer for each task, and how each was reached. A link or a file holds it.

It belongs to its worksheet, which the link and the file hold beside it: of an experiment it has what was changed.
"""

import json
from dataclasses import dataclass
from typing import Any

from attention_core import Experiment
from exercises.worksheet import (
    MAX_FREE_TEXT,
    Worksheet,
    difference,
    document_of,
    patched,
    read_json,
    worksheet_of,
)
from sharing.address import packed, unpacked
from sharing.document import DocumentError, from_document, to_document

FORMAT, VERSION = "self-attention-hand-in", 1
MAX_NAME = 60
MAX_TRIED = 8  # answers before the last one that are kept
MAX_FILE = 2 << 20  # bytes


@dataclass(frozen=True)
class Answer:
    """`text`: what was typed or chosen. `tried`: what stood there before, the first ones first.

    `experiment`: as it was left, None where it was not changed; `steps`: changes that led there. `asked`: whether the
    hidden results were asked for before it was answered.
    """

    text: str = ""
    tried: tuple[str, ...] = ()
    asked: bool = False
    steps: int = 0
    experiment: Experiment | None = None

    @property
    def is_empty(self) -> bool:
        return self == Answer()

    def with_text(self, text: str) -> "Answer":
        """Another answer, the one before being kept among those that were tried."""
        text = text[:MAX_FREE_TEXT]
        if text == self.text:
            return self
        tried = (*self.tried, self.text)[:MAX_TRIED] if self.text else self.tried
        return Answer(text, tried, self.asked, self.steps, self.experiment)


@dataclass(frozen=True)
class HandIn:
    """An answer for each task of the worksheet, in order."""

    name: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def is_empty(self) -> bool:
        return all(answer.is_empty for answer in self.answers)


def one_line(name: str) -> str:
    """A name as it is kept: on one line, of limited length."""
    return " ".join(name.split())[:MAX_NAME].rstrip()


def document_of_hand_in(hand_in: HandIn, worksheet: Worksheet) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": hand_in.name,
        "answers": [
            _parts(answer, to_document(task.experiment))
            for answer, task in zip(hand_in.answers, worksheet.tasks, strict=True)
        ],
    }


def _parts(answer: Answer, start: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if answer.text:
        parts["text"] = answer.text
    if answer.tried:
        parts["tried"] = list(answer.tried)
    if answer.asked:
        parts["asked"] = True
    if answer.steps:
        parts["steps"] = answer.steps
    if answer.experiment is not None:
        parts["experiment"] = difference(start, to_document(answer.experiment))
    return parts


def hand_in_of(document: object, worksheet: Worksheet) -> HandIn:
    """Raises DocumentError for what is none of this worksheet, in words."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentError("This is not what a pupil hands in.")
    if document.get("version") != VERSION:
        raise DocumentError("It was made by a newer version of this playground.")
    name, answers = document.get("name"), document.get("answers")
    if not isinstance(name, str) or not isinstance(answers, list):
        raise DocumentError("The name or the answers are missing.")
    if len(answers) != len(worksheet.tasks):
        raise DocumentError(f"It has {len(answers)} answers, but the worksheet has {len(worksheet.tasks)} tasks.")
    found = [_answer(parts, to_document(task.experiment)) for parts, task in zip(answers, worksheet.tasks, strict=True)]
    return HandIn(one_line(_clean(name)), tuple(found))


def _answer(parts: object, start: dict[str, Any]) -> Answer:
    if not isinstance(parts, dict):
        raise DocumentError("An answer is of another kind.")
    text, tried, steps, changed = (parts.get(name) for name in ("text", "tried", "steps", "experiment"))
    tried = tried if isinstance(tried, list) else []
    return Answer(
        _clean(text)[:MAX_FREE_TEXT] if isinstance(text, str) else "",
        tuple(_clean(each)[:MAX_FREE_TEXT] for each in tried[:MAX_TRIED] if isinstance(each, str)),
        parts.get("asked") is True,
        min(steps, 10_000) if isinstance(steps, int) and not isinstance(steps, bool) and steps > 0 else 0,
        from_document(patched(start, changed)) if isinstance(changed, dict) and "changed" in changed else None,
    )


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def to_code(hand_in: HandIn, worksheet: Worksheet) -> str:
    """Empty where nothing was answered and no name was typed."""
    if hand_in.is_empty and not hand_in.name:
        return ""
    return packed(_json(document_of_hand_in(hand_in, worksheet)))


def from_code(code: str, worksheet: Worksheet) -> HandIn:
    """Raises DocumentError for a code that is damaged, foreign or newer, saying which."""
    if not code:
        return HandIn("", (Answer(),) * len(worksheet.tasks))
    return hand_in_of(read_json(unpacked(code)), worksheet)


def to_file(hand_in: HandIn, worksheet: Worksheet) -> bytes:
    """The worksheet and what is handed in, as JSON."""
    return _json({**document_of_hand_in(hand_in, worksheet), "worksheet": document_of(worksheet)})


def from_file(content: bytes) -> tuple[Worksheet, HandIn]:
    """Raises DocumentError, and nothing else whatever the bytes are."""
    if len(content) > MAX_FILE:
        raise DocumentError(f"The file is too large ({len(content):,} bytes; {MAX_FILE:,} fit).")
    try:
        document = read_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DocumentError("It is not a text file.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentError("This is not what a pupil hands in.")
    worksheet = worksheet_of(document.get("worksheet"))
    return worksheet, hand_in_of(document, worksheet)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
