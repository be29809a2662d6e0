"""Whose file is made next.

Small files and large ones have places of their own, so that neither waits for the other. Of those who wait for the same
kind, the one whose last file was begun longest ago is next; one visitor has one file of a kind made at a time.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_SMALL = 2  # files at a time
MAX_LARGE = 1
MAX_OF_ONE = 8  # small files that one visitor may wait for, as many as buttons can be clicked in a hurry
MAX_WAITING = 200  # files that all visitors together may wait for


class TooMany(RuntimeError):
    """More than one visitor, or all of them, may wait for."""


@dataclass(eq=False, slots=True)
class _Ticket:
    visitor: object
    large: bool
    number: int
    begun: bool = False


@dataclass(slots=True)
class Line:
    """Hands out places. Threads wait in `place`; all that is kept is who waits and who has a place."""

    _tickets: list[_Ticket] = field(default_factory=list)
    _last: dict[object, int] = field(default_factory=dict)  # visitor -> when their last file was begun, counted
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def place(self, visitor: object, large: bool, waiting: Callable[[int], None], pulse: float) -> Iterator[None]:
        """Wait for a place and hold it. `waiting` is told every `pulse` seconds how many come before, and may raise."""
        ticket = self._enter(visitor, large)
        try:
            while not self._begin(ticket, pulse):
                waiting(self.ahead_of(ticket))
            yield
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                if not self._tickets:
                    self._last.clear()
                self._changed.notify_all()

    @contextmanager
    def place_for_a_start(self) -> Iterator[bool]:
        """A place for a small file, if one is free; tells whether it is."""
        ticket = _Ticket(object(), False, next(self._numbers))
        with self._changed:
            free = self._at_work(False) < MAX_SMALL
            if free:
                ticket.begun = True
                self._tickets.append(ticket)
        try:
            yield free
        finally:
            with self._changed:
                if free:
                    self._tickets.remove(ticket)
                    self._changed.notify_all()

    def ahead_of(self, ticket: _Ticket) -> int:
        """How many files of its kind are made, or will be made, before it."""
        with self._changed:
            same = [each for each in self._tickets if each.large == ticket.large and each is not ticket]
            return sum(each.begun or self._rank(each) < self._rank(ticket) for each in same)

    def _enter(self, visitor: object, large: bool) -> _Ticket:
        ticket = _Ticket(visitor, large, next(self._numbers))
        with self._changed:
            theirs = [each for each in self._tickets if each.visitor == visitor and each.large == large]
            if theirs and large:
                raise TooMany("Your other large file is still being made. One at a time, please.")
            if len(theirs) >= MAX_OF_ONE:
                raise TooMany("You have asked for many files at once. Please wait for the first of them.")
            if len(self._tickets) >= MAX_WAITING:
                raise TooMany("Very many people take files along just now. Please try again in a minute.")
            self._tickets.append(ticket)
        return ticket

    def _begin(self, ticket: _Ticket, pulse: float) -> bool:
        """Whether the ticket has its place now, or got it within the pulse."""
        with self._changed:
            if self._changed.wait_for(lambda: self._is_next(ticket), timeout=pulse):
                ticket.begun = True
                self._last[ticket.visitor] = ticket.number
                self._changed.notify_all()
        return ticket.begun

    def _is_next(self, ticket: _Ticket) -> bool:
        if self._at_work(ticket.large) >= (MAX_LARGE if ticket.large else MAX_SMALL):
            return False
        busy = {each.visitor for each in self._tickets if each.begun and each.large == ticket.large}
        able = [
            each for each in self._tickets if not each.begun and each.large == ticket.large and each.visitor not in busy
        ]
        return min(able, key=self._rank, default=None) is ticket

    def _at_work(self, large: bool) -> int:
        return sum(each.begun and each.large == large for each in self._tickets)

    def _rank(self, ticket: _Ticket) -> tuple[int, int]:
        return self._last.get(ticket.visitor, 0), ticket.number
