"""What a document remembers of the experiment before the last change."""

from dataclasses import replace

import pytest

from attention_core import OPENING
from ui.state import document as module
from ui.state.document import Document

START = OPENING.build()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is set."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def typed_into(document, clock, *sentences, pause=0.3):
    for sentence in sentences:
        clock[0] += pause
        document.commit(document.experiment.with_sentence(sentence), typed=True)


def test_nothing_was_before_a_document_that_was_never_changed():
    assert Document(START).before is None


def test_before_a_change_is_what_was_changed_whichever_way_the_change_went():
    document = Document(START)
    unscaled = replace(START, scaled=False)
    masked = replace(unscaled, masks=("causal",))
    document.commit(unscaled)
    assert document.before == START
    document.commit(masked)
    assert document.before == unscaled
    document.undo()
    assert document.before == masked
    document.redo()
    assert document.before == unscaled
    document.move_to(START)
    assert document.before == masked


def test_the_same_again_is_no_change():
    document = Document(START)
    document.commit(replace(START, scaled=False))
    document.commit(replace(START, scaled=False))
    assert document.before == START


def test_a_word_that_is_typed_letter_by_letter_is_one_change(clock):
    document = Document(START)
    river, bank = "We walked to the ", " bank"
    typed_into(document, clock, *(river + "money"[:letters] + bank for letters in range(1, 6)))
    assert document.before == START
    assert document.experiment.sentence == "We walked to the money bank"


def test_typing_after_a_pause_is_another_change(clock):
    document = Document(START)
    typed_into(document, clock, "We walked to the r bank")
    typed_into(document, clock, "We walked to the ri bank", pause=5)
    assert document.before.sentence == "We walked to the r bank"


def test_a_sentence_that_is_pasted_is_another_change_however_fast(clock):
    document = Document(START)
    typed_into(document, clock, "We walked to the money bank", "The cat saw the dog")
    assert document.before.sentence == "We walked to the money bank"


def test_what_is_done_otherwise_ends_the_typing(clock):
    document = Document(START)
    typed_into(document, clock, "We walked to the m bank")
    document.commit(replace(document.experiment, scaled=False))
    unscaled = document.experiment
    typed_into(document, clock, "We walked to the mo bank")
    assert document.before == unscaled
