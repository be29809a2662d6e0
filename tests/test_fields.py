"""Whatever is a field of an experiment or of its lessons is compared, written, described and read again.

A field that is added goes into OTHER or OTHER_LESSONS, with a value that the opening experiment does not have; without
it the first test fails, and with it the others say what was forgotten.
"""

import json
from dataclasses import dataclass, fields, replace
from importlib.resources import files

import numpy as np
import pytest

from attention_core import OPENING, Experiment
from attention_core.heads import Head
from attention_core.lessons import Lessons
from attention_core.teaching import Learned, Teaching
from sharing.address import from_code, to_code
from sharing.document import DocumentError, from_document, from_json, to_document, to_json
from sharing.file import from_file, to_file

SCHEMA = json.loads(files("sharing").joinpath("experiment.schema.json").read_text("utf-8"))

OTHER = {
    "sentence": "We walked to the money bank",
    "w_q": 2 * np.eye(4),
    "w_k": 3 * np.eye(4),
    "w_v": 4 * np.eye(4),
    "rows": {"bank": (1.0, 2.0, 3.0, 4.0)},
    "likes": {"zorp": "river"},
    "dimensions": ("a", "b", "c", "d"),
    "split_into": "characters",
    "variant": "similarity",
    "scaled": False,
    "divisor": 0.5,
    "masks": ("causal",),
    "neighbours": 2,
    "forbidden": ((0, 1),),
    "positions": "sinusoidal",
    "position_base": 100.0,
    "position_rows": ((1.0, 2.0, 3.0, 4.0),),
    "other_heads": (Head("second", np.eye(4), 2 * np.eye(4), 3 * np.eye(4)),),
    "head_name": "first",
    "w_o": ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0), (7.0, 8.0)),
    "decimals": 5,
    "example": "cat-and-mouse",
    "lessons": Lessons(seed=7),
    "teaching": Teaching(seed=7),
    "learned": Learned("target", steps=7),
}
OTHER_LESSONS = {
    "vectors": ((1.0, 2.0), (3.0, 4.0)),
    "other_sentence": "the bank of England",
    "score_row": (1.0, 2.0, 3.0, 4.0),
    "key_size": 8,
    "seed": 7,
    "values": ((1.0, 0.0, 0.0),) * 4,
    "query_first": ((0.5, 0.0, 0.0), (1.0, 2.0, 3.0)),
    "query_second": ((0.0,), (1.0,), (2.0,), (3.0,)),
    "forward_first": ((1.0, 2.0, 3.0),) * 17,
    "forward_second": ((1.0,) * 16,) * 4,
}
OTHER_TEACHING = {
    "target": ((0.0, 1.0), (0.25, 0.75)),
    "tables": ("embeddings",),
    "method": "descent",
    "rate": 0.125,
    "steps": 8,
    "start": "own",
    "seed": 7,
    "grammar": "sentence: a/what b",
    "size": 3,
}
OTHER_LEARNED = {
    "task": "target",
    "method": "descent",
    "rate": 0.125,
    "steps": 8,
    "seed": 7,
    "start": "drawn",
    "before": 0.75,
    "after": 0.25,
    "prints": {"w_q:0": "01234567"},
}
GROUPS = {
    "lessons": (Lessons, OTHER_LESSONS),
    "teaching": (Teaching, OTHER_TEACHING),
    "learned": (Learned, OTHER_LEARNED),
}
CHANGED = {name: replace(OPENING.build(), **{name: value}) for name, value in OTHER.items()} | {
    f"{group}: {name}": replace(OPENING.build(), **{group: made(**{name: value})})
    for group, (made, others) in GROUPS.items()
    for name, value in others.items()
}


CHANGED["head"] = replace(CHANGED["other_heads"], head=1)  # another can be chosen only where there are several


def test_every_field_has_another_value_here():
    assert OTHER.keys() | {"head"} == {each.name for each in fields(Experiment)}
    for made, others in GROUPS.values():
        assert others.keys() == {each.name for each in fields(made)}


def test_every_field_is_a_part_of_a_document_and_of_its_schema():
    names = {each.name for each in fields(Experiment)}
    assert SCHEMA["properties"].keys() - {"format", "version"} == names
    for group, (made, _) in GROUPS.items():
        assert SCHEMA["properties"][group]["properties"].keys() == {each.name for each in fields(made)}


@pytest.mark.parametrize("name", CHANGED)
def test_an_experiment_with_one_other_field_is_another_experiment(name):
    changed, opening = CHANGED[name], OPENING.build()
    assert changed != opening and opening != changed
    assert hash(changed) != hash(opening)
    assert len({changed, opening, CHANGED[name]}) == 2


@pytest.mark.parametrize("name", CHANGED)
def test_one_other_field_is_in_the_document_in_the_address_and_in_the_file(name):
    changed = CHANGED[name]
    assert to_document(changed) != to_document(OPENING.build())
    assert to_code(changed) not in ("", to_code(replace(changed, decimals=8)))
    assert from_document(to_document(changed)) == from_json(to_json(changed)) == changed
    assert from_code(to_code(changed)) == from_file(to_file(changed)) == changed


@dataclass(frozen=True, eq=False)
class Longer(Experiment):
    layers: int = 1


def test_a_field_that_somebody_adds_is_compared_and_written_and_missed_in_the_schema():
    opening = OPENING.build()
    same = {each.name: getattr(opening, each.name) for each in fields(Experiment)}
    assert Longer(**same, layers=2) != Longer(**same)
    assert Longer(**same, layers=2) == Longer(**same, layers=2)
    document = to_document(Longer(**same, layers=2))
    assert document["layers"] == 2
    with pytest.raises(DocumentError, match='The part "layers" is none that an experiment has'):
        from_document(document)
