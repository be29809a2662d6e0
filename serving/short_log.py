"""A log that strangers cannot fill: of what repeats, a few are written a minute, and how many were not."""

import logging
import threading
import time
from collections.abc import Callable, Iterable

A_MINUTE = 3
MAX_LENGTH = 4000  # characters of one message
_MAX_KINDS = 500


class FewOfAKind(logging.Filter):
    """Lets `a_minute` records from the same line of code pass in a minute; the next says how many were left out."""

    def __init__(self, a_minute: int = A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._a_minute = a_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, int, str], tuple[float, int]] = {}  # -> when its minute began, how many came

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        kind = (record.pathname, record.lineno, fault)
        with self._lock:
            if len(self._kinds) > _MAX_KINDS:
                self._kinds.clear()
            began, came = self._kinds.get(kind, (self._clock(), 0))
            left_out = 0
            if self._clock() - began >= 60:
                left_out, began, came = max(0, came - self._a_minute), self._clock(), 0
            self._kinds[kind] = (began, came + 1)
        if came >= self._a_minute:
            return False
        text = record.getMessage()
        if len(text) > MAX_LENGTH or left_out:
            more = f" (and {left_out} more like this before)" if left_out else ""
            record.msg, record.args = text[:MAX_LENGTH] + more, ()
        return True


def keep_short(loggers: Iterable[logging.Logger]) -> None:
    """Give every handler of the loggers the same filter, once; a handler sees what its logger's children say too."""
    few = FewOfAKind()
    for logger in loggers:
        for handler in logger.handlers:
            if not any(isinstance(each, FewOfAKind) for each in handler.filters):
                handler.addFilter(few)


def all_loggers() -> list[logging.Logger]:
    """Every logger that there is by now."""
    named = (each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger))
    return [logging.getLogger(), *named]
