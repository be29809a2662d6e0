"""Visitors share the stemmers, which keep the word that they work on: nobody's word may become another's."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from attention_core.word_forms import _stem

WORDS = ("читающимися", "наибольшего", "переговорами", "a", "река", "деньгами", "x" * 30, "собаками")


@pytest.fixture
def restless():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_words_that_are_stemmed_at_the_same_time_keep_their_own_stems():
    alone = [_stem("ru", word) for word in WORDS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda at: _stem("ru", WORDS[at % len(WORDS)]), range(4000)))
    assert together == [alone[at % len(WORDS)] for at in range(4000)]
