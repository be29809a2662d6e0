"""Documents of older versions become documents of the newest, and are refused in the words of their own version."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.documents import packed

from attention_core import OPENING
from sharing.address import from_code
from sharing.document import DocumentError, from_document, to_document
from sharing.migrations import MIGRATIONS, VERSION, migrated

NEWEST = json.loads(files("sharing").joinpath("experiment.schema.json").read_text("utf-8"))


STORED = json.loads((Path(__file__).parent / "data" / "version_1.json").read_text("utf-8"))


def of_version_1(**changed):
    """The opening example, as version 1 wrote it."""
    (document,) = (each["document"] for each in STORED["experiments"] if each["name"] == "the example river-bank")
    return document | changed


def test_every_older_version_has_a_step_and_a_schema():
    assert list(MIGRATIONS) == list(range(1, VERSION))
    assert NEWEST["properties"]["version"] == {"const": VERSION}
    for version in MIGRATIONS:
        schema = json.loads(files("sharing").joinpath(f"older_versions/schema_{version}.json").read_text("utf-8"))
        assert schema["properties"]["version"] == {"const": version}
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("causal", "masks"), [(True, ["causal"]), (False, [])])
def test_the_switch_of_version_1_becomes_a_list_of_masks(causal, masks):
    document = migrated(of_version_1(causal=causal), 1)
    assert document["version"] == VERSION and document["masks"] == masks and "causal" not in document
    assert list(Draft202012Validator(NEWEST).iter_errors(document)) == []
    assert from_document(of_version_1(causal=causal)).masks == tuple(masks)


def test_the_words_of_a_second_sentence_get_the_numbers_that_version_1_started_them_with():
    lessons = {"vectors": [[1, 2], [3, 4]], "other_sentence": "zorp money Bank", "score_row": [1, 2, 3, 4]}
    document = migrated(of_version_1(lessons=lessons | {"key_size": 1, "seed": 1}), 1)
    assert document["rows"]["zorp"] == [-0.3, -0.39, 0.24, 0.12]
    assert document["rows"]["money"] == [0.0, 0.0, 0.0, 1.0]
    assert document["rows"]["bank"] == of_version_1()["rows"]["bank"], "what the document names stays"


def test_a_document_of_the_newest_version_stays_as_it_is():
    document = to_document(OPENING.build())
    assert migrated(document, VERSION) == document


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"causal": "true"}, 'The part causal holds "true"; true or false is needed there.'),
        ({"masks": []}, 'The part "masks" is none that an experiment has.'),
        ({"decimals": 9}, "The part decimals holds 9; a whole number from 0 to 8 is needed there."),
    ],
    ids=str,
)
def test_a_document_of_version_1_that_does_not_fit_is_refused_in_the_words_of_version_1(changed, told):
    with pytest.raises(DocumentError) as error:
        from_document(of_version_1(**changed))
    assert str(error.value) == told


def test_a_document_of_version_1_without_its_switch_is_refused():
    document = of_version_1()
    del document["causal"]
    with pytest.raises(DocumentError, match="The part causal is missing"):
        from_document(document)


def test_a_newer_document_with_the_switch_of_version_1_is_refused():
    with pytest.raises(DocumentError, match='The part "causal" is none that an experiment has'):
        from_document(to_document(OPENING.build()) | {"causal": True})


@pytest.mark.parametrize("version", [VERSION + 1, 17, 10**9])
def test_a_newer_document_says_that_it_is_newer(version):
    for document in (of_version_1(version=version), to_document(OPENING.build()) | {"version": version}):
        with pytest.raises(DocumentError, match="It was made by a newer version of this playground"):
            from_document(document)


def test_a_code_of_version_1_opens():
    document = json.dumps(of_version_1(causal=True))
    assert from_code(packed(document, 1)).masks == ("causal",)
