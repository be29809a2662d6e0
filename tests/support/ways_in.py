"""Every way in for text, what may come by it, and what has to become of it. Without a page, so that it is cheap.

`WAYS_IN` feeds tests/test_ways_in.py, which tries a little of each, and benchmarks/ways_in.py, which tries a lot.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from support.hostile_messages import TEXTS
from support.hostile_text import NASTY

from attention_core import OPENING, attend
from checking.claims import ClaimError, claims_of
from checking.finding_out import find
from checking.placing import placed
from checking.reading import ReadingError, read
from checking.story import headline
from presentation import tables
from presentation.announcement import announcement
from presentation.attention_picture import Place, attention_picture
from presentation.story_text import story_text
from sharing.address import from_code, to_code
from sharing.class_view import from_text, to_text
from sharing.document import DocumentError, to_json
from sharing.file import from_file, to_file

NAMES = (
    "__proto__",
    "constructor",
    "toString",
    "null",
    "nan",
    "the",
    "the·1",
    "=1+1",
    "\ud800",
    "\u202e",
    "👩\u200d👧",
    "e\u0301",
)
NUMBERS = (
    "1e-170",
    "9.357622968839299e-14",
    "1e308",
    "-0.0",
    "0",
    "5e-324",
    "−1",
    "1e400",
    "nan",
    "inf",
    "½",
    "1,5",
    "",
)
PLAIN_END = (".", "?", "!", "”")

pieces = st.one_of(st.sampled_from([*TEXTS, *NASTY, *NAMES]), st.text(max_size=40))
texts = st.lists(pieces, min_size=1, max_size=4).map(" ".join)
_cell = st.one_of(st.sampled_from(NUMBERS), st.floats(width=64).map(repr), st.integers(-99, 99).map(str))
_row = st.builds(
    lambda name, cells, between: between.join([*name, *cells]),
    st.lists(st.sampled_from(NAMES), max_size=1),
    st.lists(_cell, min_size=1, max_size=4),
    st.sampled_from([" ", "\t", ",", " & ", "|", ", "]),
)
_heading = st.sampled_from(
    ["Embeddings", "W_Q", "Q", "K", "Scores", "Weights", "Context", "", "# Scores:", "$$QK^T$$", "[["]
)
blocks = st.lists(
    st.builds(lambda heading, rows: "\n".join([heading, *rows]), _heading, st.lists(_row, min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
).map("\n\n".join)
opened = st.sampled_from([OPENING.build(), OPENING.build().with_sentence("the cat saw the dog")])


def _damaged(content: str, damage: tuple[float, int, str]) -> str:
    """A text of which a few characters somewhere are replaced."""
    where, length, with_ = damage
    start = int(where * len(content))
    return content[:start] + with_ + content[start + length :]


_damages = st.tuples(st.floats(0, 1), st.integers(0, 12), pieces)


def sentence(text: str) -> None:
    """It is drawn and told, or refused in a plain sentence."""
    before = OPENING.build()
    try:
        now = before.with_sentence(text)
    except ValueError as error:
        assert str(error).endswith(PLAIN_END), error
        return
    calculation = attend(now)
    assert np.isfinite(calculation.context).all()
    assert announcement(now, before, 0) and story_text(calculation, 0)
    attention_picture(calculation, Place("weights", 0, 0))


def cells(typed: dict[int, dict[str, object]]) -> None:
    """Numbers are taken, and of the rest the first is told; what stays is calculated with."""
    new, problem = tables.with_edits(OPENING.build(), "embeddings", typed)
    assert problem is None or problem.endswith(PLAIN_END), problem
    assert np.isfinite(attend(new).context).all()


def numbers_to_check(text: str) -> None:
    """There is a verdict, or a plain sentence why not."""
    try:
        findings = find(claims_of(placed(read(text))))
    except (ReadingError, ClaimError) as error:
        assert str(error).endswith(PLAIN_END), error
        return
    assert headline(findings)


def code(text: str) -> None:
    """An address opens something that can be drawn, or says what is wrong."""
    try:
        attend(from_code(text))
    except DocumentError as error:
        assert str(error).endswith(PLAIN_END), error


def file(content: bytes) -> None:
    try:
        attend(from_file(content))
    except DocumentError as error:
        assert str(error).endswith(PLAIN_END), error


def class_link(text: str) -> None:
    """Whatever it says, it hides controls that there are and asks something, and says so again."""
    view = from_text(text)
    assert from_text(to_text(view)) == view


@dataclass(frozen=True)
class WayIn:
    comes: st.SearchStrategy
    check: Callable[..., None]


WAYS_IN = {
    "a sentence": WayIn(texts, sentence),
    "a sentence of names that machines hold dear": WayIn(
        st.lists(st.sampled_from(NAMES), min_size=1).map(" ".join), sentence
    ),
    "cells of a table": WayIn(
        st.dictionaries(
            st.integers(-2, 9),
            st.dictionaries(
                st.sampled_from(["living", "water", "✎", "nothing"]),
                st.one_of(st.none(), st.booleans(), st.floats(), pieces, st.lists(st.integers(), max_size=2)),
            ),
            max_size=4,
        ),
        cells,
    ),
    "a pasted block": WayIn(blocks, numbers_to_check),
    "any text to check": WayIn(texts, numbers_to_check),
    "any code in an address": WayIn(texts, code),
    "a code that was changed": WayIn(
        st.builds(
            lambda experiment, damage: _damaged(to_code(replace(experiment, scaled=False)), damage), opened, _damages
        ),
        code,
    ),
    "a class link": WayIn(
        st.builds(lambda *parts: "".join(parts), texts, st.sampled_from(["~", ".", "tables.", ""]), texts), class_link
    ),
    "a file that was changed": WayIn(
        st.builds(
            lambda experiment, damage: _damaged(to_file(experiment).decode(), damage).encode("utf-8", "surrogatepass"),
            opened,
            _damages,
        ),
        file,
    ),
    "a document that was changed, in a file": WayIn(
        st.builds(
            lambda experiment, damage: _damaged(to_json(experiment), damage).encode("utf-8", "surrogatepass"),
            opened,
            _damages,
        ),
        file,
    ),
}
