"""An experiment survives the way through a link bit for bit, its lessons with it."""

import json
from dataclasses import asdict, fields, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.documents import SCHEMA, assert_plain, bits, experiments, packed, some_experiment
from support.experiments import lessons

from attention_core import EXAMPLES, OPENING, Experiment, attend
from attention_core.lessons import FIRST_VECTORS, PRINTED_SCORES, Lessons
from sharing.address import MAX_TEXT_CODE, from_code, text_from_code, text_to_code, to_code
from sharing.document import MAX_DOCUMENT, DocumentError, encoded, from_document, from_json, to_document, to_json
from sharing.migrations import VERSION

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


# --- there and back --------------------------------------------------------------------------------------------------


@SETTINGS
@given(experiments())
@example(some_experiment(rows={"cat": (0.1 + 0.2, 1e-300, -0.0, 5e-324)}))
def test_a_document_gives_the_same_experiment_bit_for_bit(experiment):
    again = from_json(to_json(experiment))
    assert again == experiment
    assert bits(again) == bits(experiment)
    assert attend(again).context.tobytes() == attend(experiment).context.tobytes()


@SETTINGS
@given(experiments())
def test_an_address_gives_the_same_experiment(experiment):
    code = to_code(experiment)
    assert from_code(code) == experiment
    assert bits(from_code(code)) == bits(experiment)
    assert to_code(from_code(code)) == code
    assert all(character.isalnum() or character in "~-_" for character in code), "nothing that an address would escape"


@SETTINGS
@given(experiments())
def test_every_document_keeps_to_the_published_schema(experiment):
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(to_json(experiment)))) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_shared(name):
    experiment = EXAMPLES[name].build()
    assert from_code(to_code(experiment)) == from_json(to_json(experiment)) == experiment


def test_the_schema_is_itself_a_valid_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_names_every_part_of_a_document_and_no_other():
    unchanged = to_document(some_experiment())
    changed = to_document(some_experiment(lessons=Lessons(seed=2)).with_like("cat", "dog"))
    assert set(SCHEMA["required"]) == set(unchanged)
    assert set(SCHEMA["properties"]) >= set(changed) >= {*unchanged, "likes", "lessons"}
    assert set(SCHEMA["properties"]) == {"format", "version", *(field.name for field in fields(Experiment))}
    part = SCHEMA["properties"]["lessons"]
    names = {field.name for field in fields(Lessons)}
    assert set(part["properties"]) == set(changed["lessons"]) == names >= set(part["required"])


def test_a_document_is_plain_json_that_names_its_format_and_version():
    document = json.loads(to_json(some_experiment()))
    assert (document["format"], document["version"]) == ("self-attention-experiment", VERSION)
    assert document["sentence"] == "the cat saw the dog"


def test_a_document_holds_the_starter_numbers_too_so_that_it_outlives_another_lexicon():
    document = to_document(some_experiment())
    assert list(document["rows"]) == ["the", "cat", "saw", "dog"]
    assert document["rows"]["cat"] == list(some_experiment().row("cat"))


def test_words_that_left_the_sentence_keep_their_edited_numbers():
    experiment = some_experiment(rows={"gone": (1, 2, 3, 4)})
    assert from_code(to_code(experiment)).with_sentence("gone").embeddings.tolist() == [[1, 2, 3, 4]]


def test_the_opening_has_the_empty_code():
    assert to_code(OPENING.build()) == ""
    assert from_code("") == OPENING.build()


def test_any_other_code_begins_with_its_version():
    assert to_code(some_experiment()).startswith("2~")


# --- the lessons in it -----------------------------------------------------------------------------------------------


LESSONS = {
    "vectors": [[0.1 + 0.2, -1e6], [5e-324, 1 / 3]],
    "other_sentence": "The **bank** 銀行 👩\u200d👩\u200d👧",
    "score_row": [0.1, -1e6, 1e-300, 0],
    "key_size": 512,
    "seed": 0,
}


FIRST_LESSONS = json.loads(json.dumps(asdict(Lessons())))


@pytest.mark.parametrize("name", LESSONS)
def test_each_part_of_the_lessons_survives_a_document_and_an_address(name):
    experiment = replace(OPENING.build(), lessons=Lessons(**{name: LESSONS[name]}))
    assert experiment.lessons != Lessons()
    for again in (from_json(to_json(experiment)), from_code(to_code(experiment))):
        assert again == experiment
        assert again.lessons == experiment.lessons
    assert json.loads(to_json(experiment))["lessons"] == {**FIRST_LESSONS, name: LESSONS[name]}


@SETTINGS
@given(lessons())
def test_any_lessons_come_back_bit_for_bit(edited):
    experiment = some_experiment(lessons=edited)
    again = from_json(to_json(experiment)).lessons
    assert again == edited
    assert again.vector_table.tobytes() == edited.vector_table.tobytes()
    assert np.array(again.score_row).tobytes() == np.array(edited.score_row).tobytes()
    assert from_code(to_code(experiment)).lessons == edited


def test_lessons_in_which_nothing_was_changed_are_left_out_and_start_anew():
    document = json.loads(to_json(some_experiment()))
    assert "lessons" not in document
    assert from_document(document).lessons == Lessons()
    assert from_document({**document, "lessons": FIRST_LESSONS}) == some_experiment()


def test_lessons_in_a_document_are_plain_numbers_and_text():
    document = json.loads(to_json(some_experiment(lessons=Lessons(seed=7))))
    assert document["lessons"] == {
        **FIRST_LESSONS,
        "vectors": [list(vector) for vector in FIRST_VECTORS],
        "other_sentence": "",
        "score_row": list(PRINTED_SCORES),
        "key_size": 64,
        "seed": 7,
    }


def test_an_opening_with_other_lessons_has_a_code_of_its_own():
    assert to_code(replace(OPENING.build(), lessons=Lessons(seed=2))) != ""


def test_a_document_that_was_not_written_down_can_be_opened_too():
    experiment = some_experiment(lessons=Lessons(seed=2))
    assert from_document(to_document(experiment)) == experiment


BAD_LESSONS = {
    "text": "lessons",
    "nothing": None,
    "a list": [],
    "a number": 1,
    "no parts": {},
    "something more": {**FIRST_LESSONS, "heads": 8},
    "a name of Python's": {**FIRST_LESSONS, "__class__": "object"},
    "vectors as text": {**FIRST_LESSONS, "vectors": "1 2"},
    "no vectors": {**FIRST_LESSONS, "vectors": None},
    "one vector": {**FIRST_LESSONS, "vectors": [[1, 2]]},
    "four vectors": {**FIRST_LESSONS, "vectors": [[1, 2]] * 4},
    "numbers for vectors": {**FIRST_LESSONS, "vectors": [1, 2]},
    "vectors of one number": {**FIRST_LESSONS, "vectors": [[1], [2]]},
    "vectors of nine numbers": {**FIRST_LESSONS, "vectors": [[1] * 9] * 2},
    "vectors of far too many numbers": {**FIRST_LESSONS, "vectors": [[1] * 1_000] * 2},
    "vectors of nothing": {**FIRST_LESSONS, "vectors": [[], []]},
    "vectors of different sizes": {**FIRST_LESSONS, "vectors": [[1, 2], [1, 2, 3]]},
    "a vector with text": {**FIRST_LESSONS, "vectors": [[1, "2"], [3, 4]]},
    "a vector with a hole": {**FIRST_LESSONS, "vectors": [[1, None], [3, 4]]},
    "a vector with a yes": {**FIRST_LESSONS, "vectors": [[1, True], [3, 4]]},
    "a vector out of range": {**FIRST_LESSONS, "vectors": [[1, 1e7], [3, 4]]},
    "a vector beyond floats": {**FIRST_LESSONS, "vectors": [[1, 10**400], [3, 4]]},
    "a sentence that is a number": {**FIRST_LESSONS, "other_sentence": 5},
    "no sentence": {**FIRST_LESSONS, "other_sentence": None},
    "a sentence that is a list": {**FIRST_LESSONS, "other_sentence": ["bank"]},
    "a sentence too long": {**FIRST_LESSONS, "other_sentence": "a" * 10_001},
    "scores as text": {**FIRST_LESSONS, "score_row": "1 2 3 4"},
    "three scores": {**FIRST_LESSONS, "score_row": [1, 2, 3]},
    "five scores": {**FIRST_LESSONS, "score_row": [1, 2, 3, 4, 5]},
    "scores in rows": {**FIRST_LESSONS, "score_row": [[1], [2], [3], [4]]},
    "a score in text": {**FIRST_LESSONS, "score_row": [1, 2, 3, "4"]},
    "a score out of range": {**FIRST_LESSONS, "score_row": [1, 2, 3, -1e300]},
    "a score beyond floats": {**FIRST_LESSONS, "score_row": [1, 2, 3, 10**400]},
    "keys of no number": {**FIRST_LESSONS, "key_size": 0},
    "keys too large": {**FIRST_LESSONS, "key_size": 513},
    "keys of half a number": {**FIRST_LESSONS, "key_size": 1.5},
    "a key size with a point": {**FIRST_LESSONS, "key_size": 64.0},
    "a key size that is on": {**FIRST_LESSONS, "key_size": True},
    "a key size in text": {**FIRST_LESSONS, "key_size": "64"},
    "a seed below 0": {**FIRST_LESSONS, "seed": -1},
    "a seed too large": {**FIRST_LESSONS, "seed": 10**400},
    "a seed with a point": {**FIRST_LESSONS, "seed": 2.0},
    "no seed": {**FIRST_LESSONS, "seed": None},
}


@pytest.mark.parametrize("name", BAD_LESSONS)
def test_lessons_that_do_not_fit_are_refused_in_plain_words(name):
    document = {**to_document(OPENING.build()), "lessons": BAD_LESSONS[name]}
    for open_it in (lambda: from_document(document), lambda: from_code(packed(json.dumps(document)))):
        with pytest.raises(DocumentError) as error:
            open_it()
        assert_plain(error.value)


@pytest.mark.parametrize("name", SCHEMA["properties"]["lessons"]["required"])
def test_lessons_without_one_of_their_parts_are_refused(name):
    rest = {part: value for part, value in FIRST_LESSONS.items() if part != name}
    with pytest.raises(DocumentError) as error:
        from_document({**to_document(OPENING.build()), "lessons": rest})
    assert str(error.value) == f"The part lessons › {name} is missing."


def test_it_says_where_in_the_lessons_the_misfit_is():
    document = {**to_document(OPENING.build()), "lessons": {**FIRST_LESSONS, "vectors": [[1, 2], [3, "x"]]}}
    with pytest.raises(DocumentError) as error:
        from_document(document)
    assert str(error.value) == 'The part lessons › vectors › 1 › 1 holds "x"; a number is needed there.'


anything_in_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda parts: st.one_of(st.lists(parts, max_size=4), st.dictionaries(st.text(max_size=8), parts, max_size=3)),
    max_leaves=12,
)


@SETTINGS
@given(st.sampled_from(sorted(FIRST_LESSONS)), anything_in_json)
def test_whatever_stands_in_the_lessons_is_taken_or_refused_as_promised(name, value):
    document = {**to_document(OPENING.build()), "lessons": {**FIRST_LESSONS, name: value}}
    try:
        opened = from_document(document)
    except DocumentError as error:
        assert_plain(error)
    else:
        assert json.loads(to_json(opened)).get("lessons", FIRST_LESSONS) == {**FIRST_LESSONS, name: value}


# --- the numbers to check --------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_numbers_to_check_come_back_from_their_code(text):
    assert text_from_code(text_to_code(text)) == text


def test_too_many_numbers_have_no_code():
    random = np.random.default_rng(1)
    many = " ".join(map(str, random.normal(size=3000)))
    assert text_to_code(many) == ""
    assert len(text_to_code(many[:9000])) <= MAX_TEXT_CODE


@pytest.mark.parametrize("code", ["1~damaged", "2~eJw", "x", "1~" + "A" * 100, "0~eJwDAAAAAAE"])
def test_a_damaged_code_of_numbers_is_refused_in_words(code):
    with pytest.raises(DocumentError):
        text_from_code(code)


# --- what a document looks like --------------------------------------------------------------------------------------


def test_a_document_holds_letters_as_they_are_which_keeps_an_address_short():
    assert "नदी का 岸" in to_json(some_experiment(sentence="नदी का 岸"))


@pytest.mark.parametrize(("length", "quoted"), [(39, "a" * 39), (40, "a" * 40), (41, f"{'a' * 39}…")])
def test_somebodys_text_is_quoted_whole_as_long_as_40_characters_hold_it(length, quoted):
    with pytest.raises(DocumentError) as error:
        from_document(to_document(some_experiment()) | {"split_into": "a" * length})
    assert f'"{quoted}"' in str(error.value)
    assert (f"({length} characters)" in str(error.value)) == (length > 40)


def test_a_document_of_exactly_the_largest_size_can_be_opened_again_and_is_encoded():
    assert len(encoded("a" * MAX_DOCUMENT)) == MAX_DOCUMENT
    with pytest.raises(ValueError, match=f"{MAX_DOCUMENT:,}"):
        encoded("a" * (MAX_DOCUMENT + 1))
