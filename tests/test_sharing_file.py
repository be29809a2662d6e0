"""An experiment saved as a file is readable, opens again bit for bit, and nothing else opens."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from support.documents import bits, experiments, refusal, some_experiment

from attention_core import EXAMPLES, OPENING, Experiment
from attention_core.experiment import MAX_KEPT_ROWS, WEIGHT_TABLES
from attention_core.lessons import Lessons
from attention_core.words import MAX_WORDS, identity
from sharing.address import from_code, to_code
from sharing.document import from_json, to_document, to_json
from sharing.file import MAX_FILE, from_file, to_file
from sharing.migrations import VERSION

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


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
        f'  "version": {VERSION},',
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
    begin = lines.index('  "lessons": {')
    assert [line.removesuffix(",") if "seed" in line else line for line in lines[begin : begin + 10]] == [
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
    ]
    assert lines[-3:] == ["  }", "}", ""]


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
    assert len(to_document(experiment)["rows"]) == MAX_WORDS + MAX_KEPT_ROWS + 1, "and the word of the second sentence"
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
