"""People's words are shown, never interpreted, and numbers are shown as they are."""

import math
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hostile_text import NASTY, braces_left_open, unescaped

from presentation.text import latex_text, plain, shown

SETTINGS = settings(derandomize=True, deadline=None, max_examples=200)


# --- in Markdown -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", string.punctuation)
def test_every_mark_of_ascii_is_escaped(mark):
    assert plain(f"a{mark}b") == f"a\\{mark}b"


@pytest.mark.parametrize("text", ["", "word", "नमस्ते", "café·1", "don’t", "👩\u200d👩\u200d👧", "x…"])
def test_words_without_such_marks_stay_as_they_are(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", NASTY)
def test_a_reader_sees_exactly_what_was_typed(text):
    assert unescaped(plain(text)).replace("\u2060", "") == text  # an invisible joiner keeps www. from being a link


@SETTINGS
@given(st.text())
def test_a_reader_sees_exactly_what_was_typed_whatever_it_was(text):
    # An invisible joiner keeps www. from being a link; whether one was typed, nobody sees.
    assert unescaped(plain(text)).replace("\u2060", "") == text.replace("\u2060", "")
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", plain(text)), "every mark has its backslash"


# --- in formulas -----------------------------------------------------------------------------------------------------

BACK = {
    r"\textbackslash{}": "\\",
    r"\char94{}": "^",
    r"\char126{}": "~",
    **{f"\\{mark}": mark for mark in "{}$&#%_"},
}
_PIECE = re.compile("|".join(sorted(map(re.escape, BACK), key=len, reverse=True)))


def read_back(latex):
    """What a formula shows of `\\text{...}`, the escapes undone; fails where anything else has a meaning to LaTeX."""
    inside = latex.removeprefix("\\text{")
    assert latex.startswith("\\text{") and inside.endswith("}")
    inside = inside[:-1]
    assert not re.search(r"[\\{}$&#%_^~]", _PIECE.sub("", inside))
    return _PIECE.sub(lambda piece: BACK[piece[0]], inside)


@pytest.mark.parametrize("text", NASTY)
def test_a_formula_shows_exactly_what_was_typed(text):
    assert read_back(latex_text(text)) == text


@SETTINGS
@given(st.text())
def test_a_formula_shows_exactly_what_was_typed_whatever_it_was(text):
    assert read_back(latex_text(text)) == text


@pytest.mark.parametrize("text", [*NASTY, "{" * 9, "}" * 9, "\\{", "\\\\}"])
def test_its_braces_are_balanced(text):
    assert braces_left_open(latex_text(text)) == 0


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 2, "0.50"),
        (2 / 3, 3, "0.667"),
        (1.005, 0, "1"),
        (12345.678, 1, "12345.7"),
        (-1.5, 2, "−1.50"),
        (-0.004, 2, "0.00"),
        (-0.005001, 2, "−0.01"),
        (-0.0, 2, "0.00"),
        (-0.4, 0, "0"),
        (0.0, 8, "0.00000000"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (9_999_999, 0, "9999999"),
        (1e7, 2, "1.00e+07"),
        (-2.5e12, 1, "−2.5e+12"),
    ],
)
def test_a_number_is_rounded_only_for_showing(value, decimals, text):
    assert shown(value, decimals) == text


@SETTINGS
@given(st.floats(-9e6, 9e6), st.integers(0, 8))
def test_what_is_shown_is_within_half_a_unit_of_the_last_decimal(value, decimals):
    text = shown(value, decimals)
    assert "-" not in text, "a hyphen is no minus sign"
    assert abs(float(text.replace("−", "-")) - value) <= 0.5000001 * 10.0**-decimals
    assert len(text.partition(".")[2]) == decimals


@pytest.mark.parametrize(
    "text",
    [
        "www.a.b",
        "https://a.b",
        "http://a.b",
        "ftp://a.b",
        "me@home.org",
        "a -> b",
        "a--b",
        "<- a",
        "a >= b",
        "a <= b",
        "a ~= b",
    ],
)
def test_what_a_reader_would_turn_into_a_link_or_an_arrow_is_kept_apart(text):
    shown = unescaped(plain(text))
    assert shown != text and shown.replace("\u2060", "") == text
    assert not re.search(r"www\.|https?://|ftp://|@[\w-]+\.|--|->|<-|[<>~]=", shown)


@pytest.mark.parametrize("text", ["    four spaces", "\ttab", "a\n\n    b", "a\n\n\tb", " one"])
def test_no_line_begins_with_spaces_which_would_make_code_of_it(text):
    assert not re.search(r"(?m)^[ \t]", plain(text))
    assert plain(text).replace("\u2060", "") == text
