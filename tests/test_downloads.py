"""A file that cannot be made when its button is clicked says why, in our words."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime import app_session
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from support.experiments import two_columns

from exports.catalogue import Order
from exports.workshop import WorkshopError
from serving.downloads import CannotBeMade, TellingHandler, tell_why
from ui import take_away


def answered(make):
    """What a session answers to a click on a button whose file `make` makes."""
    files = MediaFileManager(MemoryMediaFileStorage("/media"))
    request = BackendOperationRequest(request_id="7")
    request.deferred_file.file_id = files.add_deferred(make, "text/plain", "1.1", file_name="a.txt")
    return asyncio.run(TellingHandler(lambda: files).handle(request, "session"))


def failing(fault):
    def make():
        raise fault

    return make


def test_a_file_that_is_made_has_an_address():
    answer = answered(lambda: b"content")
    assert answer.request_id == "7" and answer.error_msg == ""
    assert answer.deferred_file.url.startswith("/media/")


def test_a_file_that_cannot_be_made_says_why():
    answer = answered(failing(CannotBeMade("The sentence has 300 words; a workbook holds up to 256.")))
    assert answer.request_id == "7"
    assert answer.error_msg == "The sentence has 300 words; a workbook holds up to 256."


@pytest.mark.parametrize("fault", [KeyError("stage"), MemoryError(), ValueError("<b>&amp;</b>")], ids=repr)
def test_a_fault_that_nobody_foresaw_is_one_plain_sentence(fault):
    assert answered(failing(fault)).error_msg == "The file could not be made. Please try once more."


def test_every_session_that_begins_has_the_handler(monkeypatch):
    monkeypatch.setattr(app_session, "DeferredFileHandler", DeferredFileHandler)
    tell_why()
    assert app_session.DeferredFileHandler is TellingHandler
    assert issubclass(TellingHandler, DeferredFileHandler)


@pytest.mark.parametrize("fault", [WorkshopError("The workshop is full."), ValueError("Too many words.")], ids=repr)
def test_the_buttons_of_the_page_hand_on_what_the_workshop_says(monkeypatch, fault):
    buttons = []
    monkeypatch.setattr(take_away, "st", SimpleNamespace(download_button=lambda *given, **_: buttons.append(given)))
    monkeypatch.setattr(take_away, "WORKSHOP", SimpleNamespace(make=lambda *_, **__: failing(fault)()))
    take_away._download("CSV", "context.csv", Order(two_columns()))
    ((_, make),) = buttons
    assert answered(make).error_msg == str(fault)
