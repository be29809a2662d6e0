"""What leaves the app and comes back, in a real Chromium: downloads, a file, a link for a class."""

import io
import runpy
import zipfile
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from support.browser import (
    boxes,
    button,
    exact,
    fill_sentence,
    sentence,
    settle,
    table_choice,
    turn_to,
    type_number,
    undo_and_redo,
    until,
    written,
)
from support.server import DESK

from attention_core import attend
from exports.catalogue import EXPORTS
from sharing.file import MAX_FILE, from_file

pytestmark = pytest.mark.browser

SCRIPT = "take_it_with_you"
PHONE = {"width": 390, "height": 844}
CLASS_LINK = "class=tables.examples.sums~Which+word+does+%3Cb%3Ebank%3C%2Fb%3E+look+at%3F"
TASK = "Which word does <b>bank</b> look at?"


def saved(page, label):
    """Click a download button; the name of the file and what is in it."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).first.click()
    name = download.value.suggested_filename
    with open(download.value.path(), "rb") as file:
        return name, file.read()


def turn_to_page(page):
    page.get_by_role("button", name="Share").last.click()
    page.get_by_role("link", name="Spreadsheet, article").click()
    page.wait_for_selector(".st-key-picture_name")
    settle(page)


def open_file(page, content, name="experiment.json"):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/json", "buffer": content})


def told(page):
    return " ".join(page.locator(".stAlert").all_inner_texts())


def classes_link(page):
    return page.locator(".stCode code").last.inner_text()


# --- downloads -------------------------------------------------------------------------------------------------------


def test_each_button_saves_its_file(visit):
    page = visit(script=SCRIPT)
    until(page, lambda: page.locator(".stDownloadButton").count() == 10, "the buttons")
    for label, file in (
        ("Spreadsheet (.xlsx)", "attention.xlsx"),
        ("Web page (.html)", "attention.html"),
        ("Markdown with pictures (.zip)", "article.zip"),
        ("NumPy (.py)", "attention_numpy.py"),
        ("PyTorch (.py)", "attention_pytorch.py"),
        ("Save the experiment", "experiment.json"),
        ("SVG", "weights.svg"),
        ("PNG", "weights.png"),
        ("CSV", "context.csv"),
    ):
        name, content = saved(page, label)
        assert name == file and name in EXPORTS
        assert len(content) > 100
    names = [zipfile.ZipFile(io.BytesIO(saved(page, "Markdown with pictures (.zip)")[1])).namelist()]
    assert "article.md" in names[0]


def test_what_is_saved_is_what_was_made_on_the_playground(visit, capsys, tmp_path):
    page = visit()
    fill_sentence(page, "the money bank")
    until(page, lambda: len(written(page)) == 3, "three words")
    before = exact(page)
    type_number(page, 2, 3, "0.7")
    until(page, lambda: exact(page) != before, "the edit")
    shown = exact(page)
    turn_to_page(page)
    _, content = saved(page, "Save the experiment")
    experiment = from_file(content)
    assert (experiment.sentence, experiment.row("bank")[3]) == ("the money bank", 0.7)
    weights = attend(experiment).attention.weights
    assert f"{weights[2, 1]:.2f}" in shown["bank", "money"]
    _, script = saved(page, "NumPy (.py)")
    (tmp_path / "attention.py").write_bytes(script)
    runpy.run_path(str(tmp_path / "attention.py"))
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"bank {[round(number, 6) for number in attend(experiment).context[2].tolist()]}"


def test_the_link_on_the_page_opens_the_same_in_another_browser(visit):
    page = visit()
    fill_sentence(page, "नमस्ते river bank")
    until(page, lambda: len(written(page)) == 3, "three words")
    shown = exact(page)
    turn_to_page(page)
    link = urlsplit(page.locator(".stCode code").first.inner_text())
    assert link.path == "/"
    other = visit(query=link.query, fresh=True)
    until(other, lambda: exact(other) == shown, "the same numbers")


# --- a file ----------------------------------------------------------------------------------------------------------


def test_a_saved_file_opens_in_another_browser_and_can_be_undone(visit):
    page = visit()
    fill_sentence(page, "my tall tree")
    until(page, lambda: len(written(page)) == 3, "three words")
    shown = exact(page)
    turn_to_page(page)
    _, content = saved(page, "Save the experiment")
    other = visit(script=SCRIPT, fresh=True)
    open_file(other, content)
    until(other, lambda: undo_and_redo(other) == (True, False), "the file is open")
    turn_to(other, "Playground")
    until(other, lambda: exact(other) == shown, "its numbers")
    until(other, lambda: sentence(other).input_value() == "my tall tree", "its sentence")
    button(other, "undo").click()
    until(other, lambda: len(written(other)) == 6, "the experiment before")


def test_a_bad_file_is_one_sentence_and_a_good_one_after_it_opens(visit):
    page = visit(script=SCRIPT)
    for content, problem in (
        (b"[" * 100_000, "not"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "not a text file"),
        (b"", "empty"),
    ):
        open_file(page, content)
        until(page, lambda problem=problem: "could not be opened" in told(page) and problem in told(page), problem)
        assert page.locator(".stException").count() == 0
        settle(page)
    until(page, lambda: undo_and_redo(page) == (False, False), "nothing to undo")
    _, good = saved(page, "Save the experiment")
    open_file(page, good.replace(b"river bank", b"money bank"))
    until(page, lambda: undo_and_redo(page) == (True, False) and "could not" not in told(page), "the good file")


def test_a_file_of_100_megabytes_is_refused_by_the_page_and_by_the_server(visit):
    page = visit(script=SCRIPT, fresh=True)
    uploads = []
    page.on("request", lambda request: uploads.append(request) if "/upload_file" in request.url else None)
    _, good = saved(page, "Save the experiment")
    open_file(page, good)
    until(page, lambda: uploads, "an upload")
    settle(page)
    assert sent_again(uploads[0], megabytes=1) < 400
    assert sent_again(uploads[0], megabytes=100) == 413
    before = len(uploads)
    open_file(page, b" " * (3 * MAX_FILE))
    until(page, lambda: "must be" in page.locator("[data-testid=stFileUploader]").inner_text(), "what is wrong")
    assert len(uploads) == before


def sent_again(upload, *, megabytes):
    """The server's answer to the same upload with a file of so many megabytes, whatever the page allows."""
    url, headers = urlsplit(upload.url), upload.all_headers()
    boundary = "----a-part"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="large.json"\r\n\r\n'.encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    server = HTTPConnection(url.netloc, timeout=60)
    server.putrequest(upload.method, url.path)
    for name in ("cookie", "x-xsrftoken", "x-streamlit-session-id"):
        if name in headers:
            server.putheader(name, headers[name])
    server.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    server.putheader("Content-Length", str(len(head) + megabytes * 2**20 + len(tail)))
    server.endheaders()
    with suppress(ConnectionError):  # the server hangs up as soon as it is too much
        for part in (head, *[bytes(2**20)] * megabytes, tail):
            server.send(part)
    with closing(server):
        return server.getresponse().status


# --- a link for a class ----------------------------------------------------------------------------------------------


def test_a_teacher_makes_a_link_and_the_class_sees_what_it_should(visit):
    page = visit(script=SCRIPT)
    page.get_by_role("combobox", name="Hide").click()
    page.get_by_role("option", name="Tables to edit").click()
    until(page, lambda: "class=tables" in classes_link(page), "what is hidden, in the link")
    task = page.locator(".st-key-task input")
    task.fill("Look at bank")
    task.press("Enter")
    until(page, lambda: "class=tables~Look+at+bank" in classes_link(page), "the link")
    link = urlsplit(classes_link(page))
    page.close()
    pupil = visit(query=link.query, viewport=PHONE, has_touch=True, is_mobile=True, fresh=True)
    until(pupil, lambda: "Look at bank" in told(pupil), "the task")
    settle(pupil)
    assert table_choice(pupil, "W_Q").count() == 0
    until(pupil, lambda: pupil.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "all in width")


def test_a_class_link_survives_edits_and_pages_until_everything_is_shown(visit):
    page = visit(query=CLASS_LINK, viewport=DESK, fresh=True)
    until(page, lambda: TASK in told(page), "the task, as text")
    assert page.locator(".stAlert b").count() == 0
    settle(page)
    for hidden in ("[class*=st-key-example]", ".st-key-open_table", ".katex"):
        assert page.locator(hidden).count() == 0, hidden
    fill_sentence(page, "a money bank")
    until(page, lambda: len(written(page)) == 3 and "class=" in page.url and "x=" in page.url, "the edit")
    turn_to(page, "Step by step")
    page.wait_for_selector(".st-key-card_step_by_step button")
    until(page, lambda: TASK in told(page) and "class=" in page.url, "the task on the lesson")
    until(page, lambda: page.locator(".katex").count() == 0, "no sums")
    page.reload()
    page.wait_for_selector(".st-key-card_step_by_step button")
    until(page, lambda: TASK in told(page), "the task after a reload")
    page.get_by_role("button", name="Show everything").click()
    until(page, lambda: TASK not in told(page) and "class=" not in page.url, "everything")
    turn_to(page, "Playground")
    page.wait_for_selector(".st-key-attention svg")
    until(page, lambda: table_choice(page, "W_Q").count() == 1, "the tables")
    until(page, lambda: sentence(page).input_value() == "a money bank" and "class=" not in page.url, "the sentence")


# --- other screens ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(visit, scheme):
    page = visit(script=SCRIPT, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"]
    parts = boxes(page, ".stDownloadButton, .stSelectbox, .stCode, .stFileUploader, .stVegaLiteChart")
    assert len(parts) > 10 and [part for part in parts if part[1] < 0 or part[3] > PHONE["width"]] == []
