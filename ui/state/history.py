"""The steps of the experiment on screen."""

from attention_core import Experiment
from ui.state.session import session


def commit(new: Experiment) -> None:
    """Make `new` the experiment on screen; the one before is a step back."""
    session().document.commit(new)


def undo() -> None:
    session().document.undo()


def redo() -> None:
    session().document.redo()


def can_undo() -> bool:
    return session().shows_document and bool(session().document.back)


def can_redo() -> bool:
    return session().shows_document and bool(session().document.forth)
