"""Codes that are too long, damaged on the way or hostile: nothing but an experiment gets through."""

import base64
import json
import random
import tracemalloc
import zlib

import numpy as np
import pytest
from support.documents import RANGE, SCHEMA, assert_plain, packed, some_experiment

from attention_core import OPENING
from attention_core.experiment import MAX_CHARACTERS, MAX_DECIMALS, MAX_KEPT_ROWS
from attention_core.matrices import MAX_DIMENSION, MAX_MAGNITUDE
from attention_core.words import MAX_WORDS, SPLITS
from sharing.address import MAX_CODE, from_code, to_code
from sharing.document import MAX_DOCUMENT, DocumentError, from_document, from_json, to_document, to_json
from sharing.migrations import VERSION

# --- how large -------------------------------------------------------------------------------------------------------


def test_as_many_words_as_there_may_be_fit_into_an_address():
    experiment = some_experiment(sentence=" ".join(f"word{number}" for number in range(512)))
    code = to_code(experiment)
    assert len(code) <= MAX_CODE
    assert from_code(code) == experiment


def too_large():
    """Every word with sixteen numbers that do not compress."""
    experiment = some_experiment(sentence=" ".join(f"word{number}" for number in range(512))).resized(d_model=16)
    return experiment.with_embeddings(np.random.default_rng(0).standard_normal((512, 16)))


def test_an_experiment_too_large_for_an_address_says_so_in_numbers():
    with pytest.raises(ValueError) as error:
        to_code(too_large())
    assert "too large for an address" in str(error.value)
    assert f"{MAX_CODE:,} fit" in str(error.value)
    assert "save it as a file" in str(error.value)


def test_an_experiment_too_large_for_an_address_still_fits_into_a_document():
    assert from_json(to_json(too_large())) == too_large()


def remembering(length):
    """As many words as are remembered, so alike and so long that only the document is large, not the code."""
    kept = {f"{number:04}" + "a" * length: (1.0, 2.0, 3.0, 4.0) for number in range(1_024)}
    return some_experiment(rows=kept)


@pytest.mark.parametrize("length", [1_100, 1_900])
def test_a_document_that_compresses_well_opens_again_from_its_code(length):
    assert 1 << 20 < len(to_json(remembering(length))) < MAX_DOCUMENT
    assert from_code(to_code(remembering(length))) == remembering(length)


def test_no_code_is_made_of_a_document_that_would_not_open_again():
    assert len(to_json(remembering(2_100))) > MAX_DOCUMENT
    with pytest.raises(ValueError) as error:
        to_code(remembering(2_100))
    assert "too large for an address or a file" in str(error.value)
    assert f"{MAX_DOCUMENT:,} fit" in str(error.value)


# --- damaged on the way ----------------------------------------------------------------------------------------------


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def opened_or_refused(code):
    """The experiment of a code, or None where it is refused in the promised manner."""
    try:
        return from_code(code)
    except DocumentError as error:
        assert_plain(error)
        return None


def test_no_changed_character_of_a_code_makes_another_experiment():
    experiment = some_experiment(sentence="a b", rows={"a": (0.5, 0, 0, 1)})
    code = to_code(experiment)
    for place in range(len(code)):
        for other in ALPHABET:
            assert opened_or_refused(code[:place] + other + code[place + 1 :]) in (None, experiment)


def test_no_cut_code_is_opened():
    code = to_code(some_experiment(sentence="a b"))
    for end in range(1, len(code)):
        assert opened_or_refused(code[:end]) is None


def test_no_code_with_something_lost_doubled_or_swapped_makes_another_experiment():
    experiment, chance = some_experiment(), random.Random(7)
    code = to_code(experiment)
    for _ in range(200):
        one, other = sorted(chance.sample(range(len(code)), 2))
        for changed in (
            code[:one] + code[other:],
            code[:other] + code[one:],
            code[:one] + code[other] + code[one + 1 : other] + code[one] + code[other + 1 :],
        ):
            assert opened_or_refused(changed) in (None, experiment)


@pytest.mark.parametrize(
    "junk", [" ", "x", "~", "%20", "1~", "1~~", "~1", "one~AAAA", "1~AAAA", "1~é", "<script>", "\x00"]
)
def test_a_foreign_code_is_refused(junk):
    assert opened_or_refused(junk) is None
    assert opened_or_refused(to_code(some_experiment()) + junk) is None


def test_something_behind_the_document_is_refused():
    compressed = zlib.compress(to_json(some_experiment()).encode()) + b"more"
    assert opened_or_refused(f"1~{base64.urlsafe_b64encode(compressed).decode().rstrip('=')}") is None


@pytest.mark.parametrize("version", ["0", "-1", "01", "1.0", "١", ""])
def test_a_code_of_a_version_that_never_was_is_refused(version):
    assert from_code(packed(to_json(some_experiment()))) == some_experiment()
    with pytest.raises(DocumentError) as error:
        from_code(packed(to_json(some_experiment()), version))
    assert str(error.value) == "It is not a code of this playground, or it was cut."


@pytest.mark.parametrize("version", [3, 17, 999_999])
def test_a_code_of_a_newer_version_says_so(version):
    with pytest.raises(DocumentError) as error:
        from_code(packed(to_json(some_experiment()), version))
    assert str(error.value) == "It was made by a newer version of this playground."


def test_a_document_of_a_newer_version_says_so_whatever_else_is_in_it():
    with pytest.raises(DocumentError) as error:
        from_code(packed(json.dumps({"format": "self-attention-experiment", "version": VERSION + 1, "heads": 8})))
    assert str(error.value) == "It was made by a newer version of this playground."


# --- hostile ---------------------------------------------------------------------------------------------------------


def memory_of(act):
    tracemalloc.start()
    act()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def zeros_compressed(size):
    compressor = zlib.compressobj(9)
    chunk = bytes(1 << 20)
    parts = [compressor.compress(chunk) for _ in range(size >> 20)]
    return b"".join([*parts, compressor.flush()])


@pytest.mark.parametrize("size", [1 << 30, 24 << 20], ids=["1 GiB", "as much as a code can hold"])
def test_a_compression_bomb_is_refused_before_it_expands(size):
    code = f"1~{base64.urlsafe_b64encode(zeros_compressed(size)).decode().rstrip('=')}"
    assert (len(code) <= MAX_CODE) == (size < 1 << 30)
    peak = memory_of(lambda: opened_or_refused(code) is None or pytest.fail("opened"))
    assert peak < 10 << 20


def test_a_code_longer_than_any_of_ours_is_refused():
    code = packed(to_json(too_large()))
    assert len(code) > MAX_CODE
    assert opened_or_refused(code) is None


@pytest.mark.parametrize("depth", [50, 500, *range(850, 1_001, 2), 5_000, 200_000])
def test_deep_nesting_is_refused_however_deep(depth):
    whole = json.dumps(to_document(OPENING.build()) | {"sentence": "@"})
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * depth + "1" + closing * depth
        for text in (nested, whole.replace('"@"', nested)):
            with pytest.raises(DocumentError):
                from_json(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "It is not readable as JSON from line 1, column 1 on."),
        ("{", "It is not readable as JSON from line 1, column 2 on."),
        ("[1, 2", "It is not readable as JSON from line 1, column 6 on."),
        ('{\n "a": 1,\n "b" 2\n}', "It is not readable as JSON from line 3, column 6 on."),
        ("\x00", "It is not readable as JSON from line 1, column 1 on."),
        ('{"format": 1, "format": 1}', 'The part "format" is there twice.'),
        ('{"rows": {"b": [], "a": [1], "c": [], "a": [2]}}', 'The part "a" is there twice.'),
        ('{"b": 1, "a": 1, "a": 2, "b": 2}', 'The part "a" is there twice.'),
        ("[" * 10**6, "Lists stand within lists in it, far deeper than in an experiment."),
        ("9" * 5_000, "This is not an experiment of this playground."),
        ("NaN", "This is not an experiment of this playground."),
        ("null", "This is not an experiment of this playground."),
        ("[]", "This is not an experiment of this playground."),
        ('"text"', "This is not an experiment of this playground."),
        ("{}", "This is not an experiment of this playground."),
        ('{"format": "another"}', "This is not an experiment of this playground."),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(text, message):
    with pytest.raises(DocumentError) as error:
        from_json(text)
    assert str(error.value) == message


MISFITS = {
    "text for a table": {"w_q": "1 0 0 1"},
    "text for a number": {"w_q": [["1", 0], [0, 1], [0, 0], [0, 0]]},
    "a table of nothing": {"w_k": []},
    "a row of nothing": {"w_k": [[], [], [], []]},
    "an empty cell": {"w_v": [[None]] * 4},
    "a yes for a number": {"w_v": [[True]] * 4},
    "rows of different lengths": {"w_v": [[1, 2], [3], [4], [5]]},
    "too many rows": {"w_v": [[1]] * 5},
    "too many columns": {"w_v": [[1] * 17] * 4},
    "another number of columns in W_Q": {"w_q": [[1]] * 4},
    "a huge whole number": {"w_v": [[10**300]] * 4},
    "a whole number beyond floats": {"w_v": [[10**400]] * 4},
    "a number out of range": {"w_v": [[1e7]] * 4},
    "rows as a list": {"rows": [[1, 2, 3, 4]]},
    "a row of text": {"rows": {"a": "1234"}},
    "a row too short": {"rows": {"a": [1]}},
    "a row out of range": {"rows": {"a": [1, 2, 3, 1e300]}},
    "far too many rows": {"rows": {str(i): [0, 0, 0, 0] for i in range(2_100)}},
    "no sentence": {"sentence": None},
    "an empty sentence": {"sentence": ""},
    "punctuation only": {"sentence": "?!"},
    "a sentence too long": {"sentence": "a" * 10_001},
    "a sentence of too many words": {"sentence": "a " * 600},
    "names as text": {"dimensions": "abcd"},
    "a name in HTML": {"dimensions": ["<b>", "b", "c", "d"]},
    "a name twice": {"dimensions": ["a", "a", "b", "c"]},
    "a name with a line break": {"dimensions": ["a\n", "b", "c", "d"]},
    "an unknown variant": {"variant": "magic"},
    "a variant that is a number": {"variant": 1},
    "an unknown split": {"split_into": "syllables"},
    "a switch that is a number": {"scaled": 1},
    "masks that are text": {"masks": "causal"},
    "a mask that is a number": {"masks": [1]},
    "too many decimals": {"decimals": 99},
    "decimals in text": {"decimals": "2"},
    "half a decimal": {"decimals": 2.5},
    "decimals with a point": {"decimals": 2.0},
    "an example that is a list": {"example": []},
    "an old version": {"version": 0},
    "a version in text": {"version": "1"},
    "a version that is on": {"version": True},
    "something more": {"heads": 8},
    "a name of Python's": {"__class__": "object"},
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_document_that_does_not_fit_is_refused_in_plain_words(name):
    document = {**to_document(OPENING.build()), **MISFITS[name]}
    with pytest.raises(DocumentError) as error:
        from_code(packed(json.dumps(document)))
    assert_plain(error.value)


@pytest.mark.parametrize("part", to_document(OPENING.build()))
def test_a_document_without_one_of_its_parts_is_refused_in_plain_words(part):
    document = to_document(OPENING.build())
    del document[part]
    with pytest.raises(DocumentError) as error:
        from_document(document)
    assert_plain(error.value)


def test_it_says_where_the_misfit_is():
    document = to_document(OPENING.build())
    document["w_q"][2][1] = "x"
    with pytest.raises(DocumentError) as error:
        from_document(document)
    assert str(error.value) == 'The part w_q › 2 › 1 holds "x"; a number is needed there.'


@pytest.mark.parametrize(
    ("part", "written", "told"),
    [
        ("sentence", "5", "holds 5; text is needed there"),
        ("sentence", "NaN", "holds NaN; text is needed there"),
        ("sentence", f'"{"a" * 10_001}"', f'holds "{"a" * 39}…" (10,001 characters); text of up to 10,000 characters'),
        ("sentence", '"half a \\ud83d character"', "holds half of a character, which no screen can show"),
        ("rows", '{"\\ud83d": [1, 2, 3, 4]}', "holds half of a character, which no screen can show"),
        ("split_into", '"syllables"', 'holds "syllables"; one of words, characters is needed there'),
        ("split_into", '"a\\n\\u202eb"', 'holds "a  b"; one of words, characters is needed there'),
        ("dimensions", '["a", "<b>", "c", "d"]', '› 1 holds "<b>"; a name of 1 to 40 letters and digits is needed'),
        ("dimensions", "[]", "holds an empty list; a list of 1 to 16 is needed there"),
        ("rows", "[[1]]", "holds a list of 1; a group of named parts is needed there"),
        ("rows", '{"cat": [1, 2, 3]}', "› cat holds a list of 3; a list of 4 is needed there"),
        ("rows", '{"b": [1, 2], "a": [3], "c": []}', "› c holds an empty list; a list of 1 to 16 is needed there"),
        ("w_q", "null", "holds null; a list is needed there"),
        ("w_q", f"[{'[1],' * 16}[1]]", "holds a list of 17; a list of 1 to 16 is needed there"),
        ("w_q", "[[1, 2], [3, 4], [5], [6, 7]]", "› 2 holds a list of 1; a list of 2 is needed there"),
        ("w_k", "[[1, 2], [3, 4], [5, 6, 7], [6, 7]]", "› 2 holds a list of 3; a list of 2 is needed there"),
        ("w_v", '[[{"a": 1}]]', "› 0 › 0 holds a group of 1; a number is needed there"),
        ("w_v", "[[true]]", "› 0 › 0 holds true; a number is needed there"),
        ("w_v", "[[NaN]]", "› 0 › 0 holds NaN; a number is needed there"),
        ("w_v", "[[-Infinity]]", "› 0 › 0 holds -Infinity; a number is needed there"),
        ("w_v", "[[1], [1e400]]", f"› 1 › 0 holds a number far too large; {RANGE}"),
        ("w_v", f"[[{'9' * 100_000}]]", f"› 0 › 0 holds a number far too large; {RANGE}"),
        ("w_v", "[[1000000.1]]", f"› 0 › 0 holds 1000000.1; {RANGE}"),
        ("w_v", "[[-1000001]]", f"› 0 › 0 holds -1000001; {RANGE}"),
        ("decimals", "99", "holds 99; a whole number from 0 to 8 is needed there"),
        ("decimals", "-1", "holds -1; a whole number from 0 to 8 is needed there"),
        ("decimals", "2.5", "holds 2.5; a whole number is needed there"),
        ("masks", '"causal"', 'holds "causal"; a list is needed there'),
        ("version", "0", f"holds 0; {VERSION} is needed there"),
        ('"heads"', "8", "is none that an experiment has"),
        ('" "', "8", "is none that an experiment has"),
        ("version", '"1"', f'holds "1"; {VERSION} is needed there'),
        ("lessons", '{"heads": 8}', '› "heads" is none that an experiment has'),
        ("lessons", "{}", "› vectors is missing"),
    ],
)
def test_it_says_where_what_it_found_and_what_is_needed(part, written, told):
    document = json.dumps(to_document(OPENING.build()) | {part.strip('"'): "@"}).replace('"@"', written)
    with pytest.raises(DocumentError) as error:
        from_json(document)
    assert str(error.value).startswith(f"The part {part} {told}")
    assert_plain(error.value)


def test_of_several_misfits_the_first_is_told_and_an_unknown_part_before_all():
    document = to_document(OPENING.build())
    document["rows"] = {word: ["x"] for word in ("b", "d", "a", "c")}
    document["w_q"] = "x"
    for told in ("rows › b › 0 holds", '"heads" is none'):
        with pytest.raises(DocumentError, match=f"^The part {told}"):
            from_document(document)
        document |= {"heads": 1, "layers": 2}


def test_every_rule_of_the_schema_has_its_words():
    rules = {"type", "enum", "const", "pattern", "required", "additionalProperties", "maxLength", "maxProperties"}
    structure = {
        "$schema",
        "$comment",
        "title",
        "description",
        "properties",
        "patternProperties",
        "items",
        "$ref",
        "$defs",
    }
    pairs = {"minItems": "maxItems", "minimum": "maximum"}
    for part in parts_of(SCHEMA):
        assert set(part) <= rules | structure | {*pairs, *pairs.values()}
        assert all((least in part) == (most in part) for least, most in pairs.items())


def parts_of(schema):
    """The schema and every schema within it."""
    named = (schema.get(key, {}).values() for key in ("properties", "patternProperties", "$defs"))
    within = [part for parts in named for part in parts] + ([schema["items"]] if "items" in schema else [])
    return [schema, *(each for part in within for each in parts_of(part))]


def test_the_schema_has_the_limits_of_an_experiment():
    numbers, parts = SCHEMA["$defs"]["numbers"], SCHEMA["properties"]
    assert (numbers["items"]["minimum"], numbers["items"]["maximum"]) == (-MAX_MAGNITUDE, MAX_MAGNITUDE)
    assert numbers["maxItems"] == SCHEMA["$defs"]["table"]["maxItems"] == MAX_DIMENSION
    assert parts["dimensions"]["maxItems"] == MAX_DIMENSION
    assert parts["sentence"]["maxLength"] == MAX_CHARACTERS
    assert parts["rows"]["maxProperties"] == 2 * MAX_WORDS + MAX_KEPT_ROWS
    assert parts["decimals"]["maximum"] == MAX_DECIMALS
    assert parts["split_into"]["enum"] == list(SPLITS)


def test_a_number_too_large_for_a_float_is_refused():
    with pytest.raises(DocumentError) as error:
        from_json(to_json(some_experiment(rows={"cat": (0.625, 0, 0, 0)})).replace("0.625", "1e999"))
    assert str(error.value) == f"The part rows › cat › 0 holds a number far too large; {RANGE}."


def test_a_part_with_a_very_long_name_makes_no_long_message():
    with pytest.raises(DocumentError) as error:
        from_document({**to_document(OPENING.build()), "rows": {"a" * 100_000: []}})
    assert len(str(error.value)) < 250


@pytest.mark.parametrize(
    "tricky", ["**bold** $x$", "<b>hi</b> &amp;", "=SUM(A1)", 'a.b["c"] __index__ nan', "नमस्ते 👩\u200d👩\u200d👧 café"]
)
def test_text_of_any_kind_comes_back_as_it_was_typed(tricky):
    assert from_code(to_code(some_experiment(sentence=tricky))).sentence == tricky
