"""Whose file is made next: no crowd and no eager visitor keeps others waiting."""

import threading
import time
from contextlib import ExitStack

import pytest

from exports.waiting_line import MAX_LARGE, MAX_OF_ONE, MAX_SMALL, MAX_WAITING, Line, TooMany

PATIENCE = 20


class Gone(BaseException):
    pass


class Asking:
    """Visitors who wait in threads; each file is held until it is let go."""

    def __init__(self):
        self.line = Line()
        self.begun = []
        self.let_go = {}
        self.threads = []
        self.ahead = {}

    def ask(self, name, visitor, large=False):
        self.let_go[name] = threading.Event()

        def wait():
            with self.line.place(visitor, large, lambda ahead: self.ahead.update({name: ahead}), 0.01):
                self.begun.append(name)
                self.let_go[name].wait(PATIENCE)

        waiting = len(self.line._tickets)
        thread = threading.Thread(target=wait, daemon=True)
        self.threads.append(thread)
        thread.start()
        until(lambda: len(self.line._tickets) > waiting)

    def finish(self, name):
        until(lambda: name in self.begun)
        self.let_go[name].set()


def until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def asking():
    made = Asking()
    yield made
    for event in made.let_go.values():
        event.set()
    for thread in made.threads:
        thread.join(PATIENCE)
    assert made.line._tickets == [] and made.line._last == {}


def test_a_small_file_does_not_wait_for_any_number_of_large_ones(asking):
    for number in range(10):
        asking.ask(f"large {number}", f"visitor {number}", large=True)
    until(lambda: len(asking.begun) == MAX_LARGE)
    asking.ask("small", "another")
    until(lambda: "small" in asking.begun)


def test_large_files_are_not_starved_by_small_ones(asking):
    for number in range(10):
        asking.ask(f"small {number}", f"visitor {number}")
    until(lambda: len(asking.begun) == MAX_SMALL)
    asking.ask("large", "another", large=True)
    until(lambda: "large" in asking.begun)


def test_one_eager_visitor_never_takes_the_second_place_that_another_needs(asking):
    for number in range(MAX_OF_ONE):
        asking.ask(f"eager {number}", "eager")
    until(lambda: asking.begun == ["eager 0"])
    asking.ask("modest", "modest")
    until(lambda: asking.begun == ["eager 0", "modest"])


def test_whoever_had_a_file_lets_those_who_had_none_go_first(asking):
    asking.ask("a0", "a")
    asking.ask("b0", "b")
    until(lambda: len(asking.begun) == 2)
    for visitor in ("a", "a", "b", "c", "d"):
        asking.ask(f"{visitor}{len(asking.let_go)}", visitor)
    for name in ("a0", "b0"):
        asking.finish(name)
    until(lambda: len(asking.begun) == 4)
    assert set(asking.begun[2:]) == {"c5", "d6"}


def test_a_visitors_second_large_file_is_refused_and_the_crowd_has_an_end(asking):
    asking.ask("one", "a", large=True)
    with pytest.raises(TooMany, match="One at a time"), asking.line.place("a", True, print, 0.01):
        pass
    with ExitStack() as many:
        for number in range(MAX_OF_ONE):
            asking.ask(f"small {number}", "a")
        with pytest.raises(TooMany, match="many files at once"):
            many.enter_context(asking.line.place("a", False, print, 0.01))
    for number in range(MAX_WAITING - 1 - MAX_OF_ONE):
        asking.ask(f"other {number}", f"b{number}")
    with pytest.raises(TooMany, match="Very many people"), asking.line.place("z", False, print, 0.01):
        pass


def test_whoever_waits_is_told_how_many_come_before_and_may_go(asking):
    asking.ask("one", "a", large=True)
    asking.ask("two", "b", large=True)
    asking.ask("three", "c", large=True)
    until(lambda: asking.ahead.get("three") == 2 and asking.ahead.get("two") == 1)

    def leave(ahead):
        raise Gone

    with pytest.raises(Gone), asking.line.place("d", True, leave, 0.01):
        pass
    assert len(asking.line._tickets) == 3
    asking.finish("one")
    until(lambda: asking.begun == ["one", "two"])
    until(lambda: asking.ahead.get("three") == 1)
