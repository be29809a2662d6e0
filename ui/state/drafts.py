"""Texts that are typed: those that can be drawn become the experiment's, the others stay in their field as drafts."""

from collections.abc import Callable
from dataclasses import replace

from attention_core import Experiment
from attention_core.two_sentences import pair_with
from ui.state import keys, widgets
from ui.state.current import experiment, lessons
from ui.state.document import Draft
from ui.state.session import session

MAX_DRAFT = 100_000  # characters; of a longer text, only its beginning stays in the field


def typed(key: str, drawn: str) -> str:
    """What a text field shows: the text that is drawn, or one that was typed and cannot be."""
    draft = session().document.drafts.get(key)
    return draft.text if draft else drawn


def problem(key: str) -> str | None:
    """Why the text in a field cannot be drawn, if it cannot."""
    draft = session().document.drafts.get(key)
    return draft.problem if draft else None


def type_sentence() -> None:
    """Take in what stands in the sentence field."""
    _take_in(keys.SENTENCE, experiment().with_sentence)


def type_other_sentence() -> None:
    """Take in what stands in the field of the second sentence."""
    _take_in(keys.OTHER_SENTENCE, _with_other_sentence)


def forget() -> None:
    session().document.drafts = {}


def _with_other_sentence(sentence: str) -> Experiment:
    pair_with(experiment(), sentence)
    return replace(experiment(), lessons=replace(lessons(), other_sentence=sentence))


def _take_in(key: str, taken: Callable[[str], Experiment]) -> None:
    text, document = widgets.held_by(key) or "", session().document
    try:
        new = taken(text)
    except ValueError as error:
        document.drafts[key] = Draft(text[:MAX_DRAFT], str(error))
        return
    document.drafts.pop(key, None)
    document.commit(new, typed=True)
