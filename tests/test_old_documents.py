"""Links and files that were made by earlier versions open to the numbers that they had then.

`data/version_N.json` holds documents and codes as version N wrote them, and what it calculated from them
(`python -m tests.stored` writes the next). Nobody makes these files again: what they hold was true when they were
written.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from attention_core import Experiment, attend
from attention_core.stages import WEIGHT_TABLES
from attention_core.two_sentences import pair_of
from sharing.address import from_code, text_from_code
from sharing.document import from_document
from sharing.file import from_file
from sharing.migrations import MIGRATIONS, VERSION, migrated

DATA = Path(__file__).parent / "data"
STORED = {
    version: json.loads(path.read_text("utf-8"))
    for version in range(1, VERSION + 1)
    if (path := DATA / f"version_{version}.json").exists()
}
EXPERIMENTS = {each["name"]: each for each in STORED[1]["experiments"]}
OF_ALL_VERSIONS = [
    pytest.param(each, id=f"{version}: {each['name']}")
    for version, stored in STORED.items()
    for each in stored["experiments"]
]
FILE = "lessons of the opening"  # the one that was also saved as a file


def assert_holds(experiment, document):
    """That everything of a document is in the experiment: its numbers bit for bit, the rest as its migration says."""
    assert experiment.sentence == document["sentence"]
    for word, row in document["rows"].items():
        assert np.array(experiment.row(word)).tobytes() == np.array(row, float).tobytes(), word
    for table in WEIGHT_TABLES:
        assert getattr(experiment, table).tobytes() == np.array(document[table], float).tobytes(), table
    newest = migrated(document, document["version"])
    kept = {each.name for each in fields(Experiment)} - {"rows", "lessons", *WEIGHT_TABLES}
    for name in kept & newest.keys():
        assert plain(getattr(experiment, name)) == newest[name], name
    for name, part in newest.get("lessons", {}).items():
        assert plain(getattr(experiment.lessons, name)) == part, name


def plain(part):
    """A part of an experiment as a document writes it."""
    return json.loads(json.dumps(dict(part) if isinstance(part, Mapping) else part))


def assert_gives(calculation, stored):
    at = stored["positions"]
    assert list(calculation.words) == stored["words"]
    np.testing.assert_allclose(calculation.attention.weights[at], stored["weights"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(calculation.context[at], stored["context"], rtol=1e-12, atol=1e-12)


def test_every_older_version_is_stored():
    assert STORED.keys() >= MIGRATIONS.keys()


@pytest.mark.parametrize("stored", OF_ALL_VERSIONS)
def test_a_document_of_any_version_opens_to_the_same_numbers(stored):
    experiment = from_document(stored["document"])
    assert_holds(experiment, stored["document"])
    assert_gives(attend(experiment), stored)


@pytest.mark.parametrize("stored", OF_ALL_VERSIONS)
def test_a_link_of_any_version_opens_the_same_experiment(stored):
    opened = from_code(stored["code"])
    assert opened == from_document(stored["document"])
    assert_gives(attend(opened), stored)


@pytest.mark.parametrize("name", [name for name, each in EXPERIMENTS.items() if each["document"]["causal"]])
def test_under_the_causal_mask_of_version_1_no_word_looks_ahead(name):
    calculation = attend(from_document(EXPERIMENTS[name]["document"]))
    assert not np.triu(calculation.allowed, 1).any()


@pytest.mark.parametrize("name", [name for name, each in EXPERIMENTS.items() if "other" in each])
def test_the_second_sentence_of_version_1_keeps_its_numbers_too(name):
    """Also those of its words that the document does not name, as they were no words of the first sentence."""
    stored = EXPERIMENTS[name]
    assert_gives(pair_of(from_document(stored["document"])).calculations[1], stored["other"])


def test_a_file_of_version_1_opens():
    opened = from_file((DATA / "version_1_file.json").read_bytes())
    assert isinstance(opened, Experiment)
    assert_holds(opened, EXPERIMENTS[FILE]["document"])
    assert_gives(attend(opened), EXPERIMENTS[FILE])


@pytest.mark.parametrize("stored", STORED[1]["numbers to check"], ids=lambda stored: repr(stored["text"]))
def test_numbers_to_check_in_a_link_of_version_1_are_read_again(stored):
    assert text_from_code(stored["code"]) == stored["text"]


def test_what_is_stored_covers_what_an_experiment_can_be():
    documents = [each["document"] for each in EXPERIMENTS.values()]
    assert len(documents) >= 30
    assert len({(d["variant"], d["causal"], d["scaled"]) for d in documents}) == 16
    assert {d["split_into"] for d in documents} == {"words", "characters"}
    assert {0, 8} <= {d["decimals"] for d in documents}
    assert any("lessons" in d for d in documents)
    assert max(len(each["words"]) for each in EXPERIMENTS.values()) == 512
