"""A teacher's link <-> what it hides and asks: one part of the address, beside the code of the experiment.

What is hidden is not in the page, neither on screen nor in its text; who wants to can work it out from what is shown.

Written as the hidden controls, joined by dots, a tilde, and the task: "tables.examples~Where does bank look?".
"""

from dataclasses import dataclass

MAX_TEXT = 2_000  # characters of the whole, several times what `to_text` writes
MAX_TASK = 300  # characters; one line to read, not a worksheet

# What can be hidden: its name in the address -> what it is called on screen.
CONTROLS = {
    "sentence": "Your sentence",
    "examples": "Examples to start from",
    "way": "Way to attend",
    "scaling": "Scaling and divisor",
    "mask": "Masks",
    "order": "Word order",
    "heads": "Heads",
    "sizes": "Sizes and decimals",
    "tables": "Tables to edit",
    "fills": "Ways to fill a table",
    "scores": "Result: scores",
    "weights": "Result: weights",
    "context": "Result: context vectors",
    "story": "The picture in one sentence",
    "sums": "Sums behind the numbers",
    "target": "Changes of the target on Teach it",
}
RESULTS = frozenset({"scores", "weights", "context"})
ANSWERS = RESULTS | {"story", "sums"}  # what a question may be about, so that a pupil can ask for it


@dataclass(frozen=True, slots=True)
class ClassView:
    """What a class sees: everything but the `hidden` controls, and one line that says what to do.

    Names that are unknown hide nothing, and a task is cut where it becomes too long.
    """

    hidden: frozenset[str] = frozenset()
    task: str = ""

    def __post_init__(self) -> None:
        set_field = object.__setattr__
        set_field(self, "hidden", self.hidden.intersection(CONTROLS))
        set_field(self, "task", _one_line(self.task))

    def __bool__(self) -> bool:
        return bool(self.hidden or self.task)


def to_text(view: ClassView) -> str:
    """Empty where nothing is hidden and nothing asked."""
    if not view:
        return ""
    return f"{'.'.join(name for name in CONTROLS if name in view.hidden)}~{view.task}"


def from_text(text: str) -> ClassView:
    """Of any text, also one that `to_text` did not write; of a longer one than MAX_TEXT the beginning is read."""
    text = text[:MAX_TEXT]
    names, _, task = text.partition("~")
    return ClassView(frozenset(names.split(".")), task)


def _one_line(task: str) -> str:
    return " ".join(task.split())[:MAX_TASK].rstrip()
