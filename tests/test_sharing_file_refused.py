"""Files that hold no experiment, or a hostile one: refused in plain words, in little memory."""

import base64
import gzip
import io
import json
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.documents import RANGE, assert_plain, refusal, some_experiment

from attention_core import OPENING
from attention_core.experiment import WEIGHT_TABLES
from attention_core.lessons import Lessons
from sharing.address import MAX_CODE, from_code, to_code
from sharing.document import DocumentError, to_document
from sharing.file import MAX_FILE, from_file, to_file
from sharing.migrations import VERSION

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


# --- what is none ----------------------------------------------------------------------------------------------------


def spreadsheet():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as sheet:
        sheet.writestr("[Content_Types].xml", "<Types/>" * 1_000)
        sheet.writestr("xl/worksheets/sheet1.xml", bytes(range(256)) * 100)
    return archive.getvalue()


NO_TEXT = "It is not a text file but perhaps a picture, a spreadsheet or an archive; an experiment is text in JSON."


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


NO_EXPERIMENTS = {
    "nothing": (b"", "The file is empty."),
    "spaces": (b" \r\n\t", "The file is empty."),
    "a byte order mark": (b"\xef\xbb\xbf", "The file is empty."),
    "another byte order mark": (b"\xff\xfe", "The file is empty."),
    "a picture": (PICTURE, NO_TEXT),
    "a photo": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", NO_TEXT),
    "a spreadsheet": (spreadsheet(), NO_TEXT),
    "a bomb": (gzip.compress(bytes(1 << 26)), NO_TEXT),
    "its own code, compressed": (zlib.compress(to_file(OPENING.build())), NO_TEXT),
    "Latin-1": ('{"sentence": "café"}'.encode("latin-1"), NO_TEXT),
    "half of UTF-16": ("a".encode("utf-16") + b"\x00", NO_TEXT),
    "a poem": (b"Roses are red", "It is not readable as JSON from line 1, column 1 on."),
    "a table": (b"word,living\nwe,0.9\n", "It is not readable as JSON from line 1, column 1 on."),
    "a code": (to_code(some_experiment()).encode(), "It is not readable as JSON from line 1, column 2 on."),
    "other JSON": (b'{"cells": []}', "This is not an experiment of this playground."),
    "a list": (b"[1, 2]", "This is not an experiment of this playground."),
    "lists in lists": (b"[" * 10**6, "Lists stand within lists in it, far deeper than in an experiment."),
    "parts in parts": (b'{"a":' * 10**5, "Lists stand within lists in it, far deeper than in an experiment."),
}


@pytest.mark.parametrize("kind", NO_EXPERIMENTS)
def test_what_is_no_experiment_is_told_from_one(kind):
    content, told = NO_EXPERIMENTS[kind]
    assert refusal(content) == told


NEWEST = b'"version": %d' % VERSION
CHANGED = {
    "too large a number": (
        b"0.9, 0.0",
        b"1e400, 0.0",
        f"The part rows › we › 0 holds a number far too large; {RANGE}.",
    ),
    "no number": (b"0.9, 0.0", b"NaN, 0.0", "The part rows › we › 0 holds NaN; a number is needed there."),
    "text": (b"[3.0, 1.0", b'[3.0, "abc"', 'The part w_q › 1 › 1 holds "abc"; a number is needed there.'),
    "a row cut": (
        b"[3.0, 1.0, 0.0, 0.0]",
        b"[3.0]",
        "The part w_q › 1 holds a list of 1; a list of 4 is needed there.",
    ),
    "a row lost": (
        b"    [3.0, 1.0, 0.0, 0.0],\n",
        b"",
        "W_Q came as 3 × 4; needed is 4 × 1 to 16 (rows × columns).",
    ),
    "a part lost": (b'  "scaled": true,\n', b"", "The part scaled is missing."),
    "a part twice": (
        b'  "scaled": true,\n',
        b'  "scaled": true,\n  "scaled": true,\n',
        'The part "scaled" is there twice.',
    ),
    "a part more": (b'"scaled"', b'"heads": 8, "scaled"', 'The part "heads" is none that an experiment has.'),
    "a variant": (
        b'"qkv"',
        b'"magic"',
        "There is no way to attend called 'magic'; there are similarity, embeddings_only, queries_and_keys, qkv.",
    ),
    "an older version": (NEWEST, b'"version": 0', f"The part version holds 0; {VERSION} is needed there."),
    "a newer version": (NEWEST, b'"version": %d' % (VERSION + 1), "It was made by a newer version of this playground."),
    "a comma": (b'"qkv",', b'"qkv"', "It is not readable as JSON from line 34, column 3 on."),
    "half a character": (
        b"river bank",
        b"\\ud83d",
        "The part sentence holds half of a character, which no screen can show.",
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_file_with_a_fault_says_what_is_wrong_and_where(kind):
    old, new, told = CHANGED[kind]
    content = to_file(OPENING.build())
    assert old in content
    assert refusal(content.replace(old, new, 1)) == told


# --- hostile ---------------------------------------------------------------------------------------------------------


GOOD = to_document(OPENING.build())


ROOM = MAX_FILE - 2_000


def whole(**parts):
    """A document in which some parts are as they are written here."""
    text = json.dumps(GOOD | {name: f"@{name}@" for name in parts})
    for name, written in parts.items():
        text = text.replace(f'"@{name}@"', written)
    return text


def many(piece):
    """As many pieces, numbered, as a file has room for."""
    count = ROOM // (len(piece.format(0)) + 7)
    return ",".join(piece.format(number) for number in range(count))


WIDE = dict.fromkeys(WEIGHT_TABLES, f"[{'[1],' * 15}[1]]") | {
    "dimensions": json.dumps([f"d{column}" for column in range(16)])
}


def rows(last):
    """All rows that there may be, with a fault at the very end or with none."""
    table = {f"w{number}": [-1.2345678901234567e-300] * 16 for number in range(1_535)}
    return json.dumps(table | {"last": [1] * 15 + [last]})


HOSTILE = {
    "all rows": whole(**WIDE, rows=rows(1)),
    "all rows, the last faulty": whole(**WIDE, rows=rows("x")),
    "all rows, with text only": whole(rows=json.dumps({f"w{n}": ["a" * 70] * 16 for n in range(1_536)})),
    "rows of text": whole(rows="{" + many('"w{}":["a","b"]') + "}"),
    "unknown parts": whole()[:-1] + "," + many('"u{}":1') + "}",
    "unknown lessons": whole(lessons="{" + many('"u{}":[]') + "}"),
    "many rows of W_Q": whole(w_q="[" + many('["{}"]') + "]"),
    "one row of W_Q": whole(w_q="[[" + many("1e{}") + "]]"),
    "many dimensions": whole(dimensions="[" + many('"d{}"') + "]"),
    "long dimensions": whole(dimensions=json.dumps(["a" * (ROOM // 16)] * 15)),
    "a long sentence": whole(sentence=f'"{"a" * ROOM}"'),
    "a long variant": whole(variant=f'"{"a" * ROOM}"'),
    "a long number": whole(decimals="9" * ROOM),
    "a long fraction": whole(w_v=f"[[0.{'9' * ROOM}]]"),
    "a long exponent": whole(w_v=f"[[1e{'9' * ROOM}]]"),
    "long numbers": whole(w_v="[[" + ",".join(["9" * 4_300] * (ROOM // 4_301)) + "]]"),
    "NaN again and again": "[" + "NaN," * (ROOM // 4) + "1]",
    "small numbers": "[" + "1," * (ROOM // 2) + "1]",
    "empty parts": "[" + "{}," * (ROOM // 3) + "{}]",
    "a part again and again": "{" + '"a":1,' * (ROOM // 6) + '"a":1}',
    "lists in lists": "[" * ROOM,
    "lists in lists in a part": whole(sentence="[" * 900 + "]" * 900),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_and_as_large_as_can_be_is_refused_as_a_file_and_from_a_code(kind):
    content = HOSTILE[kind].encode()
    code = f"1~{base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip('=')}"
    told = [said_on_opening(from_file, content), said_on_opening(from_code, code)]
    assert "too large (" not in told[0], "it was read, not refused unread"
    if len(code) <= MAX_CODE:
        assert told[0] == told[1]
    assert (told[0] == "") == (kind == "all rows")


def said_on_opening(open_it, sent):
    """What is said where it does not open."""
    try:
        open_it(sent)
        told = ""
    except DocumentError as error:
        assert_plain(error)
        told = str(error)
    return told


@SETTINGS
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_plain_words(content):
    refusal(content)


@settings(SETTINGS, max_examples=400)
@given(st.data())
def test_a_file_changed_anywhere_opens_or_is_refused_in_plain_words(data):
    content = to_file(data.draw(st.sampled_from([OPENING.build(), some_experiment(lessons=Lessons(seed=3))])))
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 12)))
    pieces = [
        b"null",
        b"1e400",
        b"-0.0",
        b"NaN",
        b'"a"',
        b"[]",
        b"{}",
        b",",
        b"\\ud800",
        b"9" * 5_000,
        b"\xff",
        b"\x00",
    ]
    new = data.draw(st.one_of(st.sampled_from(pieces), st.binary(max_size=4)))
    try:
        opened = from_file(content[:start] + new + content[end:])
    except DocumentError as error:
        assert_plain(error)
    else:
        assert from_file(to_file(opened)) == opened
