"""A method of training is known wherever it has to be: where it is taken, named, and written down."""

from support.documents import SCHEMA

from attention_core.teaching import METHOD_NAMES
from learning.methods import METHODS


def test_every_method_has_a_name_and_can_be_written_into_a_document():
    assert METHODS.keys() == METHOD_NAMES.keys()
    for part in ("teaching", "learned"):
        assert set(SCHEMA["properties"][part]["properties"]["method"]["enum"]) == METHODS.keys()
