"""An experiment saved as a file is readable, opens again bit for bit, and nothing else opens."""

import base64
import gzip
import io
import json
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.documents import RANGE, assert_plain, bits, experiments, some_experiment

from attention_core import EXAMPLES, OPENING, Experiment
from attention_core.experiment import MAX_KEPT_ROWS, MAX_WORDS, WEIGHT_TABLES
from attention_core.lessons import Lessons
from attention_core.words import identity
from sharing.address import MAX_CODE, from_code, to_code
from sharing.document import DocumentError, from_json, to_document, to_json
from sharing.file import MAX_FILE, from_file, to_file

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


def refusal(content):
    """What is said of a file that does not open."""
    with pytest.raises(DocumentError) as error:
        from_file(content)
    assert_plain(error.value)
    return str(error.value)


# --- there and back --------------------------------------------------------------------------------------------------


@SETTINGS
@given(experiments())
@example(
    some_experiment(rows={"cat": (0.1 + 0.2, 1e-300, -0.0, 5e-324)}, lessons=Lessons(score_row=(-0.0, 1e-300, 1, 2)))
)
def test_a_file_gives_the_same_experiment_bit_for_bit(experiment):
    again = from_file(to_file(experiment))
    assert again == experiment
    assert bits(again) == bits(experiment)
    assert to_file(again) == to_file(experiment)
    assert to_code(again) == to_code(experiment)


@SETTINGS
@given(experiments())
def test_a_file_is_the_document_of_the_address_laid_out(experiment):
    assert json.loads(to_file(experiment)) == json.loads(to_json(experiment))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_saved(name):
    experiment = EXAMPLES[name].build()
    again = from_file(to_file(experiment))
    assert again == experiment and bits(again) == bits(experiment)


TEXTS = {
    "one word": "bank",
    "the same word ten times": "the " * 10,
    "10,000 characters": "a" * 10_000,
    "right-to-left": "שלום עולם مرحبا \u202eabc\u202c",
    "combining marks": "नमस्ते ภาษาไทย cafe\u0301 café",
    "Chinese": "我们走到银行",
    "emoji with joiners": "👩\u200d👩\u200d👧 🇩🇪 ❤\ufe0f",
    "Markdown": "**bold** [a](https://example.com) `x` | # a",
    "LaTeX": r"$x_1$ \frac{1}{2} \\ \text{a}",
    "HTML": "<script>alert(1)</script> &amp; <b>a</b>",
    "formulas": "=1+1 +a -a @a {=1+1} =SUM(A1)",
    "names of nothing": "nan NaN null None Infinity 1e400 true __index__ __class__",
    "look-alikes of columns": 'a.b a[0] "a" \'a\' a"b,c;d',
    "invisible": "a\u2028b\u2029c\u0085d\x00e\x1ff\ufeffg\u200e",
    "line ends": "a\nb\r\nc\rd\te",
    "a word of 100 characters": "a" * 100,
    "beyond the first plane": "𝔘𝔫𝔦 \U00020000\U00020001",
}


@pytest.mark.parametrize("split_into", ["words", "characters"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_of_any_kind_comes_back_as_it_was_typed(name, split_into):
    experiment = some_experiment(sentence=TEXTS[name][:400], split_into=split_into)
    if split_into == "words":
        experiment = experiment.with_sentence(TEXTS[name])
    experiment = replace(
        experiment.with_embeddings(np.full((len(experiment.vocabulary), 4), 1 / 3)),
        example=TEXTS[name][:80],
        lessons=Lessons(other_sentence=TEXTS[name]),
    )
    ways = (from_file(to_file(experiment)), from_json(to_json(experiment)), from_code(to_code(experiment)))
    for again in ways:
        assert again == experiment
        assert again.sentence == experiment.sentence
        assert (again.example, again.lessons) == (TEXTS[name][:80], Lessons(other_sentence=TEXTS[name]))
        assert again.words == experiment.words and bits(again) == bits(experiment)


# --- for a person's eyes ---------------------------------------------------------------------------------------------


def test_a_file_has_a_row_of_numbers_a_line():
    lines = to_file(OPENING.build()).decode().split("\n")
    assert lines[:8] == [
        "{",
        '  "format": "self-attention-experiment",',
        '  "version": 1,',
        '  "sentence": "We walked to the river bank",',
        '  "split_into": "words",',
        '  "dimensions": ["living", "action", "water", "money"],',
        '  "rows": {',
        '    "we": [0.9, 0.0, 0.0, 0.0],',
    ]
    table = lines.index('  "w_q": [')
    assert lines[table + 1 : table + 6] == [
        "    [3.0, 0.0, 0.0, 0.0],",
        "    [3.0, 1.0, 0.0, 0.0],",
        "    [0.0, 0.0, 4.0, 0.0],",
        "    [0.0, 0.0, 0.0, 4.0]",
        "  ],",
    ]
    assert lines[-2:] == ["}", ""]


def test_the_lessons_in_a_file_are_laid_out_too():
    lines = to_file(some_experiment(lessons=Lessons(seed=7))).decode().split("\n")
    assert lines[lines.index('  "lessons": {') :] == [
        '  "lessons": {',
        '    "vectors": [',
        "      [-1.0, 5.0],",
        "      [5.0, 2.0],",
        "      [4.0, 3.0]",
        "    ],",
        '    "other_sentence": "",',
        '    "score_row": [0.15, 0.559, 0.902, 1.261],',
        '    "key_size": 64,',
        '    "seed": 7',
        "  }",
        "}",
        "",
    ]


def test_words_of_any_script_can_be_read_in_the_file():
    assert '"銀行": [' in to_file(some_experiment(sentence="a").with_rows(["銀行"], [[1, 2, 3, 4]])).decode("utf-8")


# --- saved by an editor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_that_an_editor_saved_in_its_own_way_opens(encoding, line_end):
    experiment = some_experiment(sentence="नमस्ते 銀行 👩\u200d👩\u200d👧")
    assert from_file(to_file(experiment).decode().replace("\n", line_end).encode(encoding)) == experiment


def test_a_number_changed_by_hand_is_the_number_that_is_opened():
    content = to_file(OPENING.build()).replace(b'"bank": [0.0, 0.0, 0.3, 0.3]', b'"bank": [-0.0, 0, 1E-1, 5e-324]')
    row = from_file(content).row("bank")
    assert np.array(row).tobytes() == np.array([0.0, 0.0, 0.1, 5e-324]).tobytes(), "and no zero is negative"


# --- how large -------------------------------------------------------------------------------------------------------


def largest():
    """As many words, remembered words, numbers and characters as there may be, in their longest spelling."""
    numbers = iter((-1e-5 * np.random.default_rng(0).uniform(0.1, 1, 40_000)).tolist())

    def table(rows, columns):
        return [[next(numbers) for _ in range(columns)] for _ in range(rows)]

    words = [chr(0x20000 + number) + "\U0001d165" * 17 for number in range(MAX_WORDS)]
    kept = [f"{number:04}" + "\U00020000" * 96 for number in range(MAX_KEPT_ROWS)]
    return Experiment(
        sentence=" ".join(words),
        **{name: table(16, 16) for name in WEIGHT_TABLES},
        rows=dict(zip(kept, map(tuple, table(MAX_KEPT_ROWS, 16)), strict=True)),
        dimensions=tuple("水" * 38 + f"{column:02}" for column in range(16)),
        lessons=Lessons(vectors=table(3, 8), other_sentence="\U00020000" * 10_000, score_row=table(1, 4)[0]),
    )


def test_the_largest_experiment_fits_into_a_file_with_room_to_spare():
    experiment = largest()
    assert len(to_document(experiment)["rows"]) == MAX_WORDS + MAX_KEPT_ROWS + 1, (
        "with the one word of the second sentence"
    )
    content = to_file(experiment)
    assert 900_000 < len(content) < MAX_FILE / 1.5
    assert len(content.decode().encode("utf-16")) < MAX_FILE
    again = from_file(content)
    assert again == experiment and bits(again) == bits(experiment)


def test_every_word_with_sixteen_unrounded_numbers_fits_into_a_file_though_not_into_an_address():
    experiment = some_experiment(sentence=" ".join(f"word{number}" for number in range(MAX_WORDS))).resized(d_model=16)
    experiment = experiment.with_embeddings(np.random.default_rng(0).standard_normal((MAX_WORDS, 16)))
    assert len(experiment.rows) == MAX_WORDS
    with pytest.raises(ValueError, match="save it as a file"):
        to_code(experiment)
    assert from_file(to_file(experiment)) == experiment


def test_words_too_long_for_a_file_are_refused_before_they_are_saved():
    kept = {identity(f"{number:04}" + "a" * 9_000): (1.0, 2.0, 3.0, 4.0) for number in range(MAX_KEPT_ROWS)}
    with pytest.raises(ValueError, match=rf"too large for an address or a file \(9,\d+,\d+ bytes; {MAX_FILE:,} fit\)"):
        to_file(some_experiment(rows=kept))


def padded(size):
    """The opening experiment in a file of so many bytes."""
    content = to_file(OPENING.build())
    return content + b" " * (size - len(content))


def test_a_file_as_large_as_there_may_be_opens_and_one_byte_more_does_not():
    assert from_file(padded(MAX_FILE)) == OPENING.build()
    assert refusal(padded(MAX_FILE + 1)) == f"The file is too large ({MAX_FILE + 1:,} bytes; {MAX_FILE:,} fit)."


def test_the_size_is_looked_at_before_anything_is_read():
    content = bytes([0xFF]) * (1 << 28)  # neither text nor JSON
    assert "too large" in refusal(content)


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
    "an older version": (b'"version": 1', b'"version": 0', "The part version holds 0; 1 is needed there."),
    "a newer version": (b'"version": 1', b'"version": 2', "It was made by a newer version of this playground."),
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
