"""Files come out of the workshop as they are made anywhere, and nothing that happens to a worker reaches the next file.

Each test has a workshop of its own. A worker that a test leaves idle and well is the first that the next one starts:
starting takes more than all that most tests ask of it.
"""

import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest

import exports.workshop
from attention_core import EXAMPLES, OPENING
from exports.catalogue import ALL_TABLES, DOCUMENT, NUMPY, WORKBOOK, Order, made
from exports.waiting_line import MAX_SMALL
from exports.workbook import MAX_WORKBOOK_WORDS
from exports.workshop import MAX_WORKERS, Workshop, WorkshopError

pytestmark = pytest.mark.long

PATIENCE = 60  # seconds until a test counts as stuck
SMALL = "context.csv"
LARGE = 24  # words of a spreadsheet that counts as a large file here
HOSTILE = "=1+1 <b>hi</b> $x^2$ مرحبا 👩\u200d👩\u200d👧 {{x}} \\frac"


def order(words=None, **parts):
    """An order for the opening experiment, or for a sentence of so many different words."""
    experiment = OPENING.build()
    if words is not None:
        experiment = experiment.with_sentence(" ".join(f"w{position}" for position in range(words)))
    return Order(experiment, **parts)


def no_room(*args, **kwargs):
    raise BlockingIOError(11, "Resource temporarily unavailable")


@pytest.fixture(scope="module")
def left_over():
    """Workers that are idle and well, as their process and its answers."""
    kept = []
    yield kept
    for process, _ in kept:
        process.kill()
        process.wait()


class Watched(exports.workshop._Worker):
    """A worker that is remembered, and whose place among those alive is counted."""

    def __init__(self):
        with self.lock:
            taken = self.left_over.pop() if self.left_over else None
        if taken:
            self._process, self._answers = taken
        else:
            super().__init__()
        with self.lock:
            self.started.append(self)
            self.most_alive[0] = max(self.most_alive[0], sum(each.is_alive() for each in self.started))

    def is_alive(self):
        return self._process.poll() is None

    def kill(self):
        self._process.kill()
        self._process.wait()


@dataclass
class Watch:
    shop: Workshop
    started: list[Watched]
    most_alive: list[int]

    def make(self, name=SMALL, given=None, progress=lambda done: None):
        """Fails where the workshop never answers."""
        return soon(lambda: self.shop.make(name, given or order(), progress))

    def alive(self):
        return [each for each in self.started if each.is_alive()]


def soon(act):
    """What `act` returns or raises."""
    (ended,) = all_soon([act])
    return ended.result()


@dataclass
class Ended:
    value: object = None
    error: BaseException | None = None

    def result(self):
        if self.error is not None:
            raise self.error
        return self.value


def all_soon(acts):
    """How each of the acts ended, done at the same time."""
    ended = [None] * len(acts)

    def run(number):
        try:
            ended[number] = Ended(acts[number]())
        except BaseException as error:
            ended[number] = Ended(error=error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert None not in ended, "an order was never answered"
    return ended


def until(true, told):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, told
        time.sleep(0.02)


@pytest.fixture
def watch(monkeypatch, left_over):
    monkeypatch.setattr(exports.workshop, "IDLE_SECONDS", 0.5)
    monkeypatch.setattr(exports.workshop, "LARGE_WORKBOOK", LARGE)

    class Own(Watched):
        started, most_alive, lock = [], [0], threading.Lock()

    Own.left_over = left_over
    monkeypatch.setattr(exports.workshop, "_Worker", Own)
    shop = Workshop()
    yield Watch(shop, Own.started, Own.most_alive)
    with shop._lock:
        well, shop._idle = [each for each in shop._idle if each.is_alive()], []
    left_over += [(each._process, each._answers) for each in well]
    for worker in Own.started:
        if worker not in well:
            worker.end()


@pytest.fixture
def none_left_over(left_over):
    """Whatever is started is a new process."""
    ready, left_over[:] = left_over[:], []
    yield
    left_over += ready


@pytest.fixture
def full_machine(monkeypatch, none_left_over):
    """A machine that has no room for one more process, until the context ends."""

    @contextmanager
    def filled():
        with monkeypatch.context() as full:
            full.setattr(subprocess, "Popen", no_room)
            yield

    return filled


# --- what is made ----------------------------------------------------------------------------------------------------


def test_a_file_is_byte_for_byte_the_one_that_is_made_in_this_process(watch):
    orders = [
        order(),
        Order(EXAMPLES["cat-and-mouse"].build(), word=3, link="https://play.example/?x=1~abc&class=~a+b"),
        Order(OPENING.build().with_sentence(HOSTILE), word=2, link="https://play.example/"),
    ]
    for each in orders:
        for name in (SMALL, WORKBOOK, "attention.html", NUMPY, ALL_TABLES, DOCUMENT, "weights.svg"):
            assert watch.make(name, each) == made(name, each), name
    assert len(watch.started) == 1


def test_progress_is_told_as_it_grows_and_ends_at_one(watch):
    told = []
    file = watch.make(WORKBOOK, order(20), told.append)
    assert file == made(WORKBOOK, order(20))
    assert len(told) > 10 and 0 <= told[0] < 0.5 and told[-1] == 1.0
    assert all(one <= next_one for one, next_one in pairwise(told))


# --- what cannot be made ---------------------------------------------------------------------------------------------


def test_an_experiment_that_does_not_fit_is_told_in_its_sentence_and_the_next_order_works(watch):
    too_many = order(MAX_WORKBOOK_WORDS + 1)
    with pytest.raises(ValueError) as here:
        made(WORKBOOK, too_many)
    with pytest.raises(ValueError) as there:
        watch.make(WORKBOOK, too_many)
    assert str(there.value) == str(here.value)
    assert f"{MAX_WORKBOOK_WORDS + 1} words" in str(there.value)
    assert watch.make() == made(SMALL, order())


def test_the_worker_of_a_large_file_gives_its_memory_back_and_that_of_a_small_one_is_kept(watch):
    watch.make(WORKBOOK, order(LARGE - 1))
    assert len(watch.alive()) == 1
    watch.make(WORKBOOK, order(LARGE))
    assert len(watch.started) == 2 and watch.alive() == [watch.started[0]]


def test_a_fault_of_ours_is_a_workshop_error_and_the_next_order_works(none_left_over, watch, capfd):
    with pytest.raises(WorkshopError, match="could not be made"):
        watch.make("no such file")
    assert "KeyError" in capfd.readouterr().err, "the server's log tells what it was"
    assert not watch.alive()
    assert watch.make() == made(SMALL, order())


def test_a_worker_that_is_killed_in_the_middle_is_a_workshop_error_and_the_next_order_works(watch):
    with pytest.raises(WorkshopError, match="could not be made"):
        watch.make(WORKBOOK, order(LARGE - 1), lambda done: watch.started[-1].kill())
    assert watch.make() == made(SMALL, order())
    assert len(watch.started) == 2


def test_a_worker_that_was_killed_while_it_was_idle_is_a_workshop_error_and_the_next_order_works(watch):
    watch.make()
    watch.started[0].kill()
    with pytest.raises(WorkshopError, match="could not be made"):
        watch.make()
    assert watch.make() == made(SMALL, order())
    assert len(watch.started) == 2


def test_a_machine_without_room_for_a_process_is_a_workshop_error(full_machine, watch):
    with full_machine():
        for _ in range(MAX_WORKERS + 1):
            with pytest.raises(WorkshopError, match="could not be made"):
                watch.make()
    assert watch.make() == made(SMALL, order())


def test_a_worker_that_takes_too_long_is_ended_and_the_next_order_works(watch, monkeypatch):
    watch.make()
    with monkeypatch.context() as hurried:
        hurried.setattr(exports.workshop, "MAX_SECONDS", 0.2)
        with pytest.raises(WorkshopError, match="took too long"):
            watch.make(WORKBOOK, order(MAX_WORKBOOK_WORDS))
    assert watch.alive() == [watch.started[0]]
    assert watch.make() == made(SMALL, order())


def test_nothing_ends_a_worker_that_was_in_time(watch, monkeypatch):
    monkeypatch.setattr(exports.workshop, "MAX_SECONDS", 20)
    for _ in range(3):
        watch.make()
    assert len(watch.started) == len(watch.alive()) == 1


class TurnedAway(BaseException):
    """As Streamlit ends a run whose visitor has gone on; it is none of the errors that are caught."""


def test_whoever_turns_away_ends_the_worker_and_frees_its_place(watch):
    ways = [TurnedAway, ValueError, RuntimeError]
    assert len(ways) > MAX_SMALL, "so that the last would wait for ever for a place that was not freed"

    for number, gone in enumerate(ways, start=1):

        def turn_away(done, gone=gone):
            raise gone

        with pytest.raises(gone):
            watch.make(WORKBOOK, order(20), turn_away)
        assert len(watch.started) == number and not watch.alive()
    assert watch.make() == made(SMALL, order())


# --- several at a time -----------------------------------------------------------------------------------------------


def test_more_orders_than_workers_all_arrive_and_never_more_workers_than_allowed_are_there(watch):
    orders = [(name, order(words)) for words in (3, 5, 7) for name in (SMALL, NUMPY, WORKBOOK)]
    ended = all_soon([lambda each=each: watch.shop.make(*each) for each in orders])
    assert [each.result() for each in ended] == [made(*each) for each in orders]
    assert watch.most_alive == [MAX_SMALL]
    until(lambda: len(watch.alive()) == 1, "one is kept for the next file")


def test_as_many_files_as_there_are_workers_are_made_at_the_same_time(watch):
    together = threading.Barrier(MAX_WORKERS)  # breaks where the other files are not being made meanwhile

    def made_together(words):
        met = []

        def meet(done):
            if not met:
                met.append(together.wait(PATIENCE))

        return watch.shop.make(WORKBOOK, order(words), meet)

    small = [lambda: made_together(10)] * MAX_SMALL
    large = [lambda: made_together(LARGE)] * (MAX_WORKERS - MAX_SMALL)
    ended = [each.result() for each in all_soon(small + large)]
    assert ended[:MAX_SMALL] == [made(WORKBOOK, order(10))] * MAX_SMALL
    assert ended[MAX_SMALL:] == [made(WORKBOOK, order(LARGE))]
    assert len(watch.started) == MAX_WORKERS


def test_whoever_turns_away_while_nothing_is_told_ends_the_worker_too(watch):
    watch.make()
    told = []

    def turn_away(ahead):
        told.append(ahead)
        raise TurnedAway

    with pytest.raises(TurnedAway):
        watch.shop.make("pictures.zip", order(), waiting=turn_away)
    assert told == [0]
    assert watch.alive() == [watch.started[0]]
    assert watch.make() == made(SMALL, order())


def test_a_visitors_second_large_file_is_refused_while_the_first_is_made(watch):
    refused = []

    def ask_again(done):
        if not refused:
            with pytest.raises(WorkshopError, match="One at a time") as error:
                watch.shop.make("pictures.zip", order(), visitor="a")
            refused.append(error)

    watch.shop.make(WORKBOOK, order(LARGE), ask_again, visitor="a")
    assert refused
    assert watch.shop.make(SMALL, order(), visitor="a") == made(SMALL, order())


def test_orders_that_fail_among_others_disturb_none(watch, capfd):
    good, too_many = order(4), order(MAX_WORKBOOK_WORDS + 1)
    orders = [(SMALL, good), ("no such file", good), (WORKBOOK, too_many), (NUMPY, good)] * 2
    ended = all_soon([lambda each=each: watch.shop.make(*each) for each in orders])
    assert [type(each.error) for each in ended[1::4]] == [WorkshopError] * 2
    assert all(isinstance(each.error, ValueError) for each in ended[2::4])
    assert [each.result() for each in ended[::4]] == [made(SMALL, good)] * 2
    assert [each.result() for each in ended[3::4]] == [made(NUMPY, good)] * 2
    assert watch.most_alive[0] <= MAX_WORKERS


# --- getting ready ---------------------------------------------------------------------------------------------------


def test_who_got_ready_makes_the_first_file(watch):
    for _ in range(3):
        watch.shop.get_ready()
    assert len(watch.alive()) == 1
    assert watch.make() == made(SMALL, order())
    assert len(watch.started) == 1


def test_getting_ready_while_files_are_made_starts_no_worker_too_many(watch):
    together = threading.Barrier(MAX_SMALL)

    def get_ready(done):
        together.wait(PATIENCE)
        watch.shop.get_ready()

    orders = [lambda: watch.shop.make(WORKBOOK, order(10), get_ready)] * MAX_SMALL
    assert [each.result() for each in all_soon(orders)] == [made(WORKBOOK, order(10))] * MAX_SMALL
    assert watch.most_alive == [MAX_SMALL] and len(watch.started) == MAX_SMALL
    until(lambda: len(watch.alive()) == 1, "one is kept")


def test_getting_ready_on_a_machine_without_room_is_no_error(full_machine, watch):
    with full_machine():
        for _ in range(MAX_WORKERS + 1):
            watch.shop.get_ready()
    assert not watch.started
    watch.shop.get_ready()
    assert len(watch.alive()) == 1, "every place is still free"


def test_closing_ends_the_idle_worker(watch):
    watch.shop.get_ready()
    watch.shop.close()
    assert len(watch.started) == 1 and not watch.alive()
