"""Everything that a session keeps of its own: one typed object under one key, made by a factory.

The rooms beside this module work on it; each part below says which.
"""

from dataclasses import dataclass, field

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from attention_core import OPENING, Experiment
from exercises.hand_in import Answer
from exercises.worksheet import Worksheet
from exports.catalogue import Order
from learning.course import Course
from learning.impossible import Trial
from learning.training import Recording
from ui.state.document import Document

_SESSION = "_session"


@dataclass(slots=True)
class Address:
    """What the address says (`address`)."""

    code: str = ""  # stands for the experiment, or is the last one that could not be opened
    of: Experiment | None = None  # the experiment that the code was made for
    class_view: str = ""  # the text of the class view that is in force
    answered: str | None = None  # the text of the one whose hidden results were asked for
    notice: str | None = None  # what to tell about the person's own experiment in the address
    card_notice: str | None = None  # and about the card
    card: str = ""  # says which card of a lesson is open, and what it shows (`card_address`)
    of_card: tuple[object, ...] = ()  # what that was made for
    page: str | None = None  # the page that was drawn last
    turned_page: bool = False  # whether this run is the first of another page
    home: str = ""  # the address of the app, without page and experiment


@dataclass(frozen=True, slots=True)
class Made:
    """A file that took its time (`files`)."""

    name: str
    order: Order  # what it was made of
    content: bytes


@dataclass(slots=True)
class Files:
    """Files that came and went (`files`)."""

    opened: int = 0  # how many
    problem: str | None = None  # why the last one could not be opened
    made: Made | None = None  # the last one that took its time
    visitor: object = field(default_factory=object)  # who orders files


@dataclass(slots=True)
class Numbers:
    """The text of Check my numbers (`numbers_to_check`)."""

    text: str = ""
    example: str = ""  # the id of the published example that it is, as long as it was not changed
    version: int = 0  # how often it was changed
    code: str = ""  # stands for the text, or is the last one that could not be opened


@dataclass(slots=True)
class Cards:
    """The cards of the lessons (`cards`), and how far they are (`progress`). A card is named lesson/card."""

    opened: dict[str, int] = field(default_factory=dict)  # lesson -> its card that is open, from 0
    card: str | None = None  # the card on screen
    documents: dict[str, Document] = field(default_factory=dict)  # card -> what it works on, once it was opened
    uses_own: bool = False  # whether all cards show the person's own experiment instead
    was_open: bool = False  # whether the task of the card on screen was still to do since the card was opened
    done: dict[str, str] = field(default_factory=dict)  # card that was completed -> what was found there
    remembered: str = ""  # what was done when the session began, as the browser's cookie holds it
    hints: dict[str, int] = field(default_factory=dict)  # card -> how many hints are shown
    shown: dict[str, int] = field(default_factory=dict)  # card -> how many steps of its solution were shown


@dataclass(slots=True)
class Teach:
    """What is taught on Teach it (`teach`)."""

    part: str = "paint"  # the part of the page that is open
    of: Experiment | None = None  # the experiment whose training is recorded
    recording: Recording | None = None
    at: int = 0  # the step that is shown
    playing: bool = False
    number: tuple[str, int, int] = ("w_q", 0, 0)  # table, row and column of the number that is taught by hand
    trial: Trial | None = None  # of what cannot be learned, of which one is open
    trial_goes_on: bool = False
    course: Course | None = None  # the language that is learned, or was
    asked: tuple[int, int] = (0, 0)  # the unseen sentence and the place in it that is guessed


@dataclass(slots=True)
class Practise:
    """Exercises and puzzles (`practise`). An exercise is named kind.level.seed."""

    part: str = "exercises"
    kind: str = "score"
    level: int = 1
    seed: int = 1
    answers: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)  # exercise -> place -> what was typed
    help: dict[str, int] = field(default_factory=dict)  # exercise or puzzle -> how much help was asked for
    puzzle: str = "more"
    documents: dict[str, Document] = field(default_factory=dict)  # puzzle -> what it works on, once it was opened
    said: str = ""  # what the address says of it
    made: tuple[Experiment, str] | None = None  # what was made of a puzzle, and how the address says it
    stars: dict[str, int] = field(default_factory=dict)  # puzzle -> the most stars that it was solved with


@dataclass(slots=True)
class Work:
    """A worksheet that is worked on or made (`work`)."""

    part: str = "do"
    code: str = ""  # of the worksheet in the address, or the last one that could not be opened
    hand_in: str = ""  # the code of what is handed in, likewise
    of: tuple[object, ...] = ()  # what that was made for
    worksheet: Worksheet = field(default_factory=Worksheet)
    at: int = 0  # the task on screen
    name: str = ""
    answers: list[Answer] = field(default_factory=list)
    documents: dict[int, Document] = field(default_factory=dict)  # task -> what it works on, once it was opened
    version: int = 0  # how often another worksheet or start came, which gives widgets other keys
    problem: str | None = None  # why the address could not be opened
    pasted: str = ""  # what a teacher pasted, to be marked
    files: list[tuple[str, bytes]] = field(default_factory=list)  # and the files that were dropped
    opened: int = 0  # how often files were taken in


@dataclass(slots=True)
class Tour:
    """Showing somebody around (`tour`)."""

    offered: bool = False
    known: bool = False  # whether it was seen or declined in this session
    step: int | None = None  # the step that is on screen, from 0


@dataclass(slots=True)
class Pin:
    """The experiment to compare with (`comparison`)."""

    code: str = ""  # in the address
    experiment: Experiment | None = None  # None where the code alone is known


@dataclass(slots=True)
class Session:
    """All of it."""

    own: Document = field(default_factory=lambda: Document(OPENING.build()))  # what the person works on
    cards: Cards = field(default_factory=Cards)
    refused: bool = False  # whether a callback has changed nothing and said why
    acting: Document | None = None  # what a widget's callback is about, while it runs
    address: Address = field(default_factory=Address)
    pin: Pin = field(default_factory=Pin)
    files: Files = field(default_factory=Files)
    numbers: Numbers = field(default_factory=Numbers)
    teach: Teach = field(default_factory=Teach)
    tour: Tour = field(default_factory=Tour)
    practise: Practise = field(default_factory=Practise)
    work: Work = field(default_factory=Work)
    page: str = ""  # that is drawn now; of the run before, until it is known
    announced: tuple[tuple[Experiment, Experiment], str] | None = (
        None  # a change, from the later one back, and its text
    )
    part: str | None = None  # the part of the page that is being drawn, if it can be drawn alone (`parts`)
    shown: dict[str, object] = field(default_factory=dict)  # part -> what it shows, where that can be told
    said: tuple[str, ...] = ()  # by the fields of the address (`heard`)
    sayings: int = 0  # how often that changed
    reported: dict[str, int] = field(default_factory=dict)  # widget -> a hash of what the browser said last (`heard`)
    untouched: set[str] = field(default_factory=set)  # the widgets of which it knows nothing newer
    resumed: WidgetStates | None = None  # what the widgets held when the session was lost (`resuming`)
    dropped_click: bool = False  # whether a click of then cannot be told again
    recovering: int = 0  # how many runs before this one could not be drawn (`recovery`)
    forgetting: int = 0  # before how many of them all that the widgets held was forgotten

    @property
    def shows_document(self) -> bool:
        """Whether an experiment that can be changed is on screen, so that a step back would be seen."""
        exercises = self.page == "practise" and self.practise.part == "exercises"
        return not (exercises or (self.page == "worksheet" and self.work.part == "mark"))

    @property
    def document(self) -> Document:
        """What everything on screen is about: the card's own document, or the person's."""
        return self.acting or self._on_screen()

    def documents(self) -> tuple[Document, ...]:
        return (
            self.own,
            *self.cards.documents.values(),
            *self.practise.documents.values(),
            *self.work.documents.values(),
        )

    def _on_screen(self) -> Document:
        practise = self.practise
        if self.page == "practise" and practise.part == "puzzles" and practise.puzzle in practise.documents:
            return practise.documents[practise.puzzle]
        if self.page == "worksheet" and self.work.part != "mark" and self.work.at in self.work.documents:
            return self.work.documents[self.work.at]
        if self.cards.card is None or self.cards.uses_own:
            return self.own
        return self.cards.documents[self.cards.card]


def has_begun() -> bool:
    """Whether a script has run for this visitor."""
    return _SESSION in st.session_state


def session() -> Session:
    """The session of the visitor for whom this script runs."""
    found: Session | None = st.session_state.get(_SESSION)
    if found is None:
        found = st.session_state[_SESSION] = Session()
    return found
