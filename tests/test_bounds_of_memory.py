"""What a visitor's steps back and files may take is bounded, whatever is in them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from attention_core import OPENING
from attention_core.lexicon import _known_word, _starter_row, known_word, starter_row
from exercises.worksheet import Asked, Kind, Task, _mark_of_a_number, mark
from serving.uploads import KEPT, _keeping_few
from ui.state.document import MAX_UNDO, MAX_UNDO_NUMBERS, Document

LARGE = OPENING.build().resized(d_model=16).with_sentence(" ".join(f"w{place}" for place in range(512)))
RANDOM = np.random.default_rng(1)


def filled(experiment):
    return experiment.with_embeddings(RANDOM.normal(size=experiment.embeddings.shape))


def test_steps_of_large_tables_are_kept_as_far_as_their_numbers_may_go():
    document = Document(filled(LARGE))
    for _ in range(60):
        document.commit(filled(document.experiment))
    numbers = [len(step.rows) * step.d_model for step in document.back]
    assert 30 <= len(numbers) < 60
    assert 0.7 * MAX_UNDO_NUMBERS < sum(numbers) <= MAX_UNDO_NUMBERS


def test_steps_of_positions_forbidden_looks_and_heads_are_bounded_too():
    looks = tuple((row, column) for row in range(64) for column in range(64))
    for start, change in (
        (LARGE, lambda at: {"positions": "own", "position_rows": RANDOM.normal(size=(512, 16))}),
        (LARGE, lambda at: {"masks": ("own_mask",), "forbidden": looks[at:]}),
    ):
        document = Document(start)
        for at in range(90):
            document.commit(replace(document.experiment, **change(at)))
        assert 25 <= len(document.back) <= 65


def test_the_last_step_is_kept_and_undone_however_large_it_is(monkeypatch):
    monkeypatch.setattr("ui.state.document.MAX_UNDO_NUMBERS", 10)
    first = filled(LARGE)
    document = Document(first)
    document.commit(filled(first))
    document.undo()
    assert document.experiment is first


def test_steps_of_small_tables_are_counted():
    document = Document(OPENING.build())
    for step in range(MAX_UNDO + 5):
        document.commit(replace(document.experiment, decimals=step % 2))
    assert len(document.back) == MAX_UNDO


def test_a_step_shares_the_rows_that_it_did_not_change():
    before = filled(LARGE)
    changed = before.embeddings.copy()
    changed[3, 4] = 7.0
    after = before.with_embeddings(changed)
    shared = [after.rows[word] is before.rows[word] for word in before.vocabulary]
    assert shared.count(False) == 1 and after.rows[before.vocabulary[3]][4] == 7.0


def test_a_negative_zero_is_not_taken_for_the_zero_that_it_becomes():
    word = LARGE.vocabulary[0]
    kept = replace(LARGE, rows={word: (-0.0, *[1.0] * 15)}).rows[word]
    assert not np.signbit(kept[0]), "it would be shown as -0"


def test_of_a_session_s_files_the_last_ones_are_kept():
    manager = MemoryUploadedFileManager("/upload")
    add = _keeping_few(MemoryUploadedFileManager.add_file)
    for session in ("one", "other"):
        for number in range(50):
            add(manager, session, SimpleNamespace(file_id=f"{number}", data=b"x" * 10))
    for session in ("one", "other"):
        assert list(manager.file_storage[session]) == [str(number) for number in range(50 - KEPT, 50)]
    assert manager._total_bytes == 2 * KEPT * 10


def test_words_as_long_as_a_sentence_are_looked_up_but_not_remembered():
    before = _known_word.cache_info().currsize, _starter_row.cache_info().currsize
    for dimensions in (OPENING.build().dimensions, ("d1", "d2")):
        words = [f"{at}{'x' * 9_000}" for at in range(5)]
        rows = [starter_row(word, dimensions) for word in words]
        assert rows[0] != rows[1] or dimensions != ("d1", "d2")
        assert [known_word(word) for word in words] == [None] * 5
    assert (_known_word.cache_info().currsize, _starter_row.cache_info().currsize) == before


def test_what_is_handed_in_beside_a_number_is_not_remembered():
    task = Task("", OPENING.build(), asked=Asked(Kind.NUMBER))
    before = _mark_of_a_number.cache_info().currsize
    marks = {mark(task, "0.5", filled(LARGE)).mark for _ in range(3)}
    assert len(marks) == 1 and _mark_of_a_number.cache_info().currsize <= before + 1
