"""What a class handed in, marked: a row a pupil, a column a task, the most frequent slip first.

Anything may be pasted. What is damaged, foreign or handed in twice is named, and disturbs nothing else.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from attention_core import Experiment
from exercises import hand_in as hand_ins
from exercises import worksheet as worksheets
from exercises.grading import Mark, Verdict
from exercises.hand_in import Answer, HandIn
from exercises.worksheet import Kind, Worksheet
from exports.csv_tables import harmless
from sharing.document import DocumentError

MAX_HANDED_IN = 200
MAX_PASTED = 4 << 20  # characters
WORKSHEET, HANDED_IN = "w", "h"  # the parts of an address

_ADDRESS = re.compile(r"\S+")
_AROUND = "<>()[]{}\"'“”.,;|"  # that a message or a list puts around a link


@dataclass(frozen=True)
class Source:
    """One link or file. `label` says which, for a person: “link 3”, or the name of the file."""

    label: str
    content: str | bytes


@dataclass(frozen=True)
class Pupil:
    """One row. `notes`: what a teacher should know of it, such as that another one is the same."""

    label: str
    name: str
    worksheet: Worksheet
    hand_in: HandIn
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()

    def experiment(self, task: int) -> Experiment:
        """As the pupil left it."""
        return self.hand_in.answers[task].experiment or self.worksheet.tasks[task].experiment

    @property
    def right(self) -> int:
        """How many answers are right, those that are right but for rounding too."""
        return sum(verdict.mark in (Mark.RIGHT, Mark.ROUNDING) for verdict in self.verdicts)


@dataclass(frozen=True)
class Refused:
    """What is not in the table, and why."""

    label: str
    reason: str


@dataclass(frozen=True)
class Marked:
    """A class, marked."""

    worksheet: Worksheet
    pupils: tuple[Pupil, ...] = ()
    refused: tuple[Refused, ...] = field(default=())

    @cached_property
    def slips(self) -> list[tuple[str, int]]:
        """Each slip and how many pupils made it, the most frequent first."""
        made = Counter(slip for pupil in self.pupils for slip in {each.slip for each in pupil.verdicts if each.slip})
        return sorted(made.items(), key=lambda each: (-each[1], each[0]))

    def counts(self, task: int) -> Counter[Mark]:
        return Counter(pupil.verdicts[task].mark for pupil in self.pupils)

    def csv(self) -> str:
        """A row a pupil: name, how many are right, and of each task the mark, the answer, what was tried, the slip."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        heads = [f"task {at} {what}" for at in range(1, len(self.worksheet.tasks) + 1) for what in _COLUMNS]
        writer.writerow(["from", "name", "right", *heads, "notes"])
        for pupil in self.pupils:
            cells: list[str | int] = []
            for answer, verdict in zip(pupil.hand_in.answers, pupil.verdicts, strict=True):
                tried = " | ".join(answer.tried)
                cells += [verdict.mark.value, harmless(answer.text), harmless(tried), harmless(verdict.slip)]
                cells += ["yes" if answer.asked else "no", answer.steps]
            row = [harmless(pupil.label), harmless(pupil.name), pupil.right, *cells, harmless(" ".join(pupil.notes))]
            writer.writerow(row)
        for refused in self.refused:
            writer.writerow([harmless(refused.label), "", "", harmless(refused.reason)])
        return text.getvalue()


_COLUMNS = ("mark", "answer", "tried before", "slip", "asked for the results", "changes")


def links_in(pasted: str) -> list[Source]:
    """Every address in a pasted text, by its place; other words between them and marks around them are passed over."""
    words = [each.strip(_AROUND).replace("&amp;", "&") for each in _ADDRESS.findall(pasted[:MAX_PASTED])]
    found = [each for each in words if "://" in each or f"{WORKSHEET}=" in each]
    return [Source(f"link {at}", each) for at, each in enumerate(found, start=1)]


def marked(sources: Iterable[Source], worksheet: Worksheet | None = None) -> Marked:
    """The class that handed in these. Without a worksheet it is the one that most of them belong to."""
    read: list[tuple[Source, Worksheet, HandIn]] = []
    refused: list[Refused] = []
    sources = list(sources)
    for source in sources[:MAX_HANDED_IN]:
        try:
            read.append((source, *_opened(source)))
        except DocumentError as error:
            refused.append(Refused(source.label, str(error)))
    if len(sources) > MAX_HANDED_IN:
        refused.append(Refused("the rest", f"Only the first {MAX_HANDED_IN} are read at a time."))
    codes = [worksheets.to_code(each) for _, each, _ in read]
    if worksheet is None:
        most = Counter(codes).most_common(1)
        worksheet = next((each for (_, each, _), code in zip(read, codes, strict=True) if code == most[0][0]), None)
    if worksheet is None:
        return Marked(Worksheet(), (), tuple(refused))
    own = worksheets.to_code(worksheet)
    pupils: list[Pupil] = []
    seen: dict[str, str] = {}
    for (source, _, handed_in), code in zip(read, codes, strict=True):
        if code != own:
            refused.append(Refused(source.label, "It belongs to another worksheet, or to one that was changed."))
            continue
        content = hand_ins.to_code(handed_in, worksheet)
        if content in seen:
            refused.append(Refused(source.label, f"It is the same as {seen[content]}, to the last character."))
            continue
        seen[content] = source.label
        pupils.append(_pupil(source, worksheet, handed_in, pupils))
    return Marked(worksheet, tuple(pupils), tuple(refused))


def _pupil(source: Source, worksheet: Worksheet, handed_in: HandIn, before: Sequence[Pupil]) -> Pupil:
    verdicts = tuple(_verdict(worksheet, handed_in, at) for at in range(len(worksheet.tasks)))
    notes = []
    if handed_in.is_empty:
        notes.append("Nothing was answered.")
    if handed_in.name and any(other.name.casefold() == handed_in.name.casefold() for other in before):
        notes.append("The same name is there already.")
    same = next((other for other in before if other.hand_in.answers == handed_in.answers), None)
    if same and not handed_in.is_empty:
        notes.append(f"The same answers in the same steps as {same.label}.")
    return Pupil(source.label, handed_in.name, worksheet, handed_in, verdicts, tuple(notes))


def _verdict(worksheet: Worksheet, handed_in: HandIn, at: int) -> Verdict:
    task, answer = worksheet.tasks[at], handed_in.answers[at]
    return worksheets.mark(task, answer.text, answer.experiment or task.experiment)


def _opened(source: Source) -> tuple[Worksheet, HandIn]:
    if isinstance(source.content, bytes):
        return hand_ins.from_file(source.content)
    try:
        parts = parse_qs(urlsplit(source.content).query, max_num_fields=40)
    except ValueError:
        raise DocumentError("It is not a link that can be read.") from None
    codes = [(parts.get(name) or [""])[0] for name in (WORKSHEET, HANDED_IN)]
    if not codes[0]:
        raise DocumentError("It is not a link to a worksheet.")
    worksheet = worksheets.from_code(codes[0])
    if not codes[1]:
        raise DocumentError("It is the link to the worksheet itself: no answer and no name is in it.")
    return worksheet, hand_ins.from_code(codes[1], worksheet)


def told(task: worksheets.Task, answer: Answer, verdict: Verdict) -> str:
    """An answer and its mark in a cell of the table.  Plain text"""
    sign = {Mark.RIGHT: "✓", Mark.ROUNDING: "≈", Mark.WRONG: "✗", Mark.UNREADABLE: "?", Mark.EMPTY: "–", Mark.TEXT: ""}
    text = "" if task.asked.kind is Kind.GOAL else answer.text
    slip = f" ({verdict.slip})" if verdict.slip else ""
    return f"{sign[verdict.mark]} {text}{slip}".strip()
