"""Every way in is capped before it is read: a paste of megabytes costs nobody else their time."""

import pytest
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, widget

from attention_core import OPENING
from attention_core.experiment import MAX_CHARACTERS
from sharing.address import MAX_CODE
from sharing.class_view import CONTROLS, MAX_TASK, MAX_TEXT, ClassView, from_text, to_text
from ui.state.drafts import MAX_DRAFT

PASTE = "word " * 200_000


def test_a_sentence_that_is_too_long_is_refused_before_it_is_split(monkeypatch):
    experiment = OPENING.build()

    def never(*given):
        raise AssertionError("it was split")

    monkeypatch.setattr("attention_core.experiment.split", never)
    with pytest.raises(ValueError, match="1,000,000 characters"):
        experiment.with_sentence(PASTE)


def test_of_a_long_text_for_a_class_only_the_beginning_is_read():
    assert from_text("tables~" + "x" * MAX_TEXT * 1000) == from_text("tables~" + "x" * MAX_TEXT)
    assert from_text("a." * 10**6) == ClassView()


def test_every_text_for_a_class_that_the_app_writes_is_read_as_a_whole():
    longest = ClassView(frozenset(CONTROLS), "é" * MAX_TASK)
    assert len(to_text(longest)) <= MAX_TEXT
    assert from_text(to_text(longest)) == longest


def test_the_fields_in_the_share_panel_take_what_can_be_opened_and_no_megabytes():
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert widget(page, "x").proto.max_chars == MAX_CODE + 1
    assert widget(page, "class").proto.max_chars == MAX_TEXT


def test_a_paste_of_a_megabyte_is_one_sentence_and_its_beginning_stays_in_the_field():
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    page = widget(page, "sentence").set_value(PASTE).run()
    assert not page.exception
    assert "1\\,000\\,000 characters" in page.error[0].value
    assert widget(page, "sentence").value == PASTE[:MAX_DRAFT]
    assert MAX_DRAFT > MAX_CHARACTERS
