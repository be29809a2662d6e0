"""Experiments that may be shared, drawn of any words and numbers, and what is compared when they come back."""

import base64
import json
import re
import zlib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import strategies as st
from support.experiments import lessons

from attention_core import EXAMPLES, OPENING, VARIANTS, Experiment
from attention_core.lessons import Lessons
from sharing.document import DocumentError
from sharing.file import from_file

numbers = st.one_of(
    st.floats(-1e6, 1e6),
    st.sampled_from([0.1 + 0.2, 1e-300, 5e-324, -0.0, 1 / 3, 1e6, -1e6, 0.1, 2.0**-52, 123456.78901234567]),
)


words = st.text(st.characters(categories=["L", "N", "M", "So", "P", "Zs"]), min_size=1, max_size=8)


@st.composite
def experiments(draw):
    """Anything that may be shared: any words, any allowed numbers, any switch."""
    d_model, d_k, d_v = (draw(st.integers(1, 4)) for _ in range(3))

    def table(rows, columns):
        return draw(st.lists(st.lists(numbers, min_size=columns, max_size=columns), min_size=rows, max_size=rows))

    row = st.lists(numbers, min_size=d_model, max_size=d_model).map(tuple)
    return Experiment(
        sentence="a " + " ".join(draw(st.lists(words, max_size=4))),
        w_q=table(d_model, d_k),
        w_k=table(d_model, d_k),
        w_v=table(d_model, d_v),
        rows=draw(st.dictionaries(st.one_of(words, st.sampled_from(["a", "river", "gone"])), row, max_size=3)),
        dimensions=draw(st.sampled_from([("living", "water", "money", "x"), ("d1", "d2", "größe", "水")]))[:d_model],
        split_into=draw(st.sampled_from(["words", "characters"])),
        variant=draw(st.sampled_from(list(VARIANTS))),
        scaled=draw(st.booleans()),
        divisor=draw(st.one_of(st.none(), st.floats(0.01, 1000))),
        masks=draw(st.lists(st.sampled_from(["causal", "not_itself", "neighbours", "own_mask"]), max_size=3)),
        neighbours=draw(st.integers(0, 511)),
        positions=draw(st.sampled_from(["none", "sinusoidal", "own"])),
        position_base=draw(st.floats(1, 1e6)),
        position_rows=table(draw(st.integers(1, 3)), d_model),
        forbidden=draw(st.lists(st.tuples(st.integers(0, 511), st.integers(0, 511)), max_size=6)),
        decimals=draw(st.integers(0, 8)),
        example=draw(st.sampled_from(["", *EXAMPLES])),
        lessons=draw(st.one_of(st.just(Lessons()), lessons())),
    )


def some_experiment(**change):
    return replace(OPENING.build(), **{"sentence": "the cat saw the dog", "scaled": False, **change})


def bits(experiment):
    lessons = experiment.lessons
    tables = (experiment.w_q, experiment.w_k, experiment.w_v, lessons.vectors, lessons.score_row)
    return [np.asarray(table).tobytes() for table in tables] + [
        (word, np.array(row).tobytes()) for word, row in sorted(experiment.rows.items())
    ]


JARGON = (
    "array",
    "dict",
    "inhomogeneous",
    "Traceback",
    "tuple",
    "float",
    "None",
    "True",
    "[",
    "{",
    "\\",
    "'x'",
    "of type",
)


def assert_plain(error):
    """One sentence or two for a person, without the words of programmers."""
    message = str(error)
    assert message[0].isupper() and message.endswith(".")
    assert len(message) < 200 and "\n" not in message
    message = re.sub(r'".*"', "", message)  # what somebody wrote
    assert message.count(". ") <= 1
    assert [word for word in JARGON if word in message] == []


RANGE = "a number from -1,000,000 to 1,000,000 is needed there"


SCHEMA = json.loads(files("sharing").joinpath("experiment.schema.json").read_text("utf-8"))


def packed(text, version=1):
    compressed = zlib.compress(text if isinstance(text, bytes) else text.encode(), 9)
    return f"{version}~{base64.urlsafe_b64encode(compressed).decode().rstrip('=')}"


def refusal(content):
    """What is said of a file that does not open."""
    with pytest.raises(DocumentError) as error:
        from_file(content)
    assert_plain(error.value)
    return str(error.value)
