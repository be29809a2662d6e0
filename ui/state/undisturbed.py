"""What a person did is taken in to its end, whatever comes meanwhile.

While a run goes on, Streamlit asks at every command, and whenever the session's state is read, whether there is another
run to begin, and then gives this one up: also in the middle of a callback, so that a click is lost or done by half.
Drawing may be given up like that, since the next run draws everything; taking in may not.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

_here = threading.local()  # each run has a thread


def guard() -> None:
    """From now on, let every callback come to its end."""
    SafeSessionState.on_script_will_rerun = _undisturbed(SafeSessionState.on_script_will_rerun)  # type: ignore[method-assign]
    ScriptRequests.on_scriptrunner_yield = _asked_later(ScriptRequests.on_scriptrunner_yield)  # type: ignore[method-assign, assignment]


def _undisturbed(take_in: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(take_in)
    def taken_in(*args: Any, **kwargs: Any) -> None:
        _here.takes_in = True
        try:
            take_in(*args, **kwargs)
        finally:
            _here.takes_in = False

    return taken_in


def _asked_later(
    ask: Callable[[ScriptRequests], ScriptRequest | None],
) -> Callable[[ScriptRequests], ScriptRequest | None]:
    @functools.wraps(ask)
    def asked(requests: ScriptRequests) -> ScriptRequest | None:
        return None if getattr(_here, "takes_in", False) else ask(requests)

    return asked
