"""Strangers cannot fill the log, and what is left out is counted."""

import logging

import pytest

from serving.short_log import FewOfAKind, keep_short


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def told():
    return []


@pytest.fixture
def logger(told):
    class Told(logging.Handler):
        def emit(self, record):
            told.append(record.getMessage())

    made = logging.Logger("stranger")
    made.addHandler(Told())
    return made


def test_of_what_repeats_three_are_written_a_minute_and_the_next_minute_counts_the_rest(logger, told):
    clock = Clock()
    logger.handlers[0].addFilter(FewOfAKind(clock=clock))
    for minute in (0, 60):
        clock.now = minute
        for number in range(1000):
            logger.warning("broken message %s", number)
    assert told[:3] == ["broken message 0", "broken message 1", "broken message 2"]
    assert told[3] == "broken message 0 (and 997 more like this before)"
    assert len(told) == 6


def test_other_faults_are_still_written(logger, told):
    logger.handlers[0].addFilter(FewOfAKind(clock=Clock()))
    for _ in range(50):
        logger.warning("one")
    logger.error("another")
    for _ in range(50):
        logger.info("said in passing")
    assert told == ["one"] * 3 + ["another"] + ["said in passing"] * 50


def test_a_long_message_is_cut(logger, told):
    logger.handlers[0].addFilter(FewOfAKind(clock=Clock()))
    logger.error("x" * 10**6)
    assert len(told[0]) == 4000


def test_a_logger_gets_its_filter_once(logger):
    keep_short([logger])
    keep_short([logger])
    assert len(logger.handlers[0].filters) == 1
