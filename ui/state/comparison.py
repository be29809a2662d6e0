"""What the experiment on screen is compared with: the choice, and the experiment that was pinned."""

from functools import lru_cache

from attention_core import OPENING, Experiment
from sharing.address import MAX_TEXT_CODE, from_code, to_code
from sharing.document import DocumentError
from ui.state import keys, widgets
from ui.state.current import experiment
from ui.state.session import session

_OPENING_CODE = "opening"  # its own code is empty, which in the address means that nothing is pinned


def chosen() -> str | None:
    """The id of what is compared with, if anything is."""
    held: str | None = widgets.held_by(keys.COMPARE)
    return held


def before_the_change() -> Experiment | None:
    """The experiment as it was before the last change, if anything was changed."""
    return session().document.before


def pinned() -> Experiment | None:
    """The experiment that was pinned, if one was, and if its code can be opened."""
    kept = session().pin
    return kept.experiment or _opened(kept.code)


def pin() -> None:
    """Pin the experiment on screen. One that is too large for the address stays in the session alone."""
    kept, own = session().pin, experiment()
    kept.experiment, kept.code = own, ""
    try:
        code = to_code(own) or _OPENING_CODE
    except ValueError:
        return
    if len(code) <= MAX_TEXT_CODE:
        kept.code = code


@lru_cache(maxsize=64)
def _opened(code: str) -> Experiment | None:
    if code == _OPENING_CODE:
        return OPENING.build()
    try:
        return from_code(code) if code else None
    except DocumentError:
        return None
