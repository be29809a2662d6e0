"""Pictures of heat maps for a text: what is drawn is what is calculated, under its title, with words as words."""

import re
import struct
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.articles import FORTY, HOSTILE, numpy_of, opening
from support.experiments import two_columns
from support.latex_reader import assert_rounded

from attention_core import EXAMPLES, VARIANTS, attend
from attention_core.words import position_labels
from exports.pictures import HEAT_MAPS, Picture, caption, picture, png, svg, svg_in_text
from presentation.palette import DARK_INK, LIGHT_INK, colour_at, contrast
from presentation.squares import MAX_ROWS

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)

SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = "rgba(136, 136, 136, 0.27)"
TITLES = {
    "scores": "Scores",
    "scaled_scores": "Scores after scaling and mask",
    "weights": "Attention weights",
    "weights_with_scaling": "Attention weights with scaling",
    "weights_without_scaling": "Attention weights without scaling",
    "scaling_difference": "Weights with scaling minus without",
}


def expected(experiment, name):
    """The numbers of a heat map in plain NumPy, NaN where a word may not look."""
    it = numpy_of(experiment)
    seen = np.where(it.allowed, 0.0, np.nan)
    with_it, without = (numpy_of(replace(experiment, scaled=scaled)).weights for scaled in (True, False))
    return {
        "scores": it.scores,
        "scaled_scores": np.where(it.allowed, it.divided, np.nan),
        "weights": it.weights + seen,
        "weights_with_scaling": with_it + seen,
        "weights_without_scaling": without + seen,
        "scaling_difference": with_it - without + seen,
    }[name]


def drawn_of(experiment, name):
    return picture(attend(experiment), name)


class Drawing:
    """A picture as XML, and the data that it was drawn from."""

    def __init__(self, drawn, written=svg):
        self.text = text = written(drawn)
        self.data = drawn.chart.frame.to_dict("records")
        self.shade = drawn.chart.spec["layer"][0]["encoding"]["color"]["field"]
        self.root = ElementTree.fromstring(text)
        self.parent_of = {child: parent for parent in self.root.iter() for child in parent}

    def texts(self, role=""):
        """Every line of text in the groups of this role, with its colour."""
        groups = [group for group in self.root.iter(f"{SVG}g") if role in group.get("class", "").split()]
        texts = [text for group in groups for text in group.iter(f"{SVG}text")]
        return [(line.text, text.get("fill")) for text in texts for line in list(text) or [text]]

    def words(self, role):
        return [text for text, _ in self.texts(role)]

    def cells(self):
        """What each cell stands for and its colour, row by row. Where a picture tells its cells one by one, each is
        told in the words that stand in its data."""
        squares = next(
            [path for path in group.iter(f"{SVG}path") if path.get("fill") != "none"]
            for group in self.root.iter(f"{SVG}g")
            if {"mark-rect", "role-mark"} <= set(group.get("class", "").split())
        )
        found = []
        for square, row in zip(squares, self.data, strict=True):
            told = square.get("aria-label")
            assert told in (None, f"looking {row['query']}, at {row['key']}, number {row.get('shown')}")
            number = row["shown"] if told else None
            cell = {"query": row["query"], "key": row["key"], "shade": row[self.shade], "number": number}
            found.append((cell, square.get("fill")))
        return found

    def numbers(self):
        """What is written into the cells, with its colour: the first group of texts that are marks."""
        return next(
            [(text.text, text.get("fill")) for text in group.iter(f"{SVG}text")]
            for group in self.root.iter(f"{SVG}g")
            if {"mark-text", "role-mark"} <= set(group.get("class", "").split())
        )


def shade_of(cell):
    """What colours a cell: a weight, or any other number beside the greatest of its picture."""
    return cell["shade"]


def rgb(fill):
    return tuple(int(number) / 255 for number in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", fill).groups())


def ink(fill):
    return {DARK_INK: (0.0, 0.0, 0.0), "black": (0.0, 0.0, 0.0), LIGHT_INK: (1.0, 1.0, 1.0), "white": (1.0, 1.0, 1.0)}[
        fill
    ]


CASES = {
    "opening": opening(),
    "causal": opening(masks=("causal",), decimals=3),
    "not scaled": opening("The bank of the river", scaled=False, decimals=0),
    "embeddings only": opening("a river a", variant="embeddings_only", masks=("causal",)),
    "cat-and-mouse": EXAMPLES["cat-and-mouse"].build(),
    "large": two_columns(rows={"a": (1e6, -3), "b": (-1e6, 1)}),
    "one word": opening("bank"),
    "zeros": two_columns("a b", rows={"a": (0, 0), "b": (0, 0)}),
}
EACH = [(case, name) for case in CASES for name in HEAT_MAPS]
each_picture = pytest.mark.parametrize(("case", "name"), EACH)


@cache
def drawing(case, name):
    return Drawing(drawn_of(CASES[case], name))


# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_every_heat_map_is_tested_here():
    assert list(TITLES) == list(HEAT_MAPS)


@each_picture
def test_every_cell_has_the_number_of_the_calculation_in_its_place(case, name):
    experiment, matrix = CASES[case], expected(CASES[case], name)
    labels = attend(experiment).labels
    cells = drawing(case, name).cells()
    greatest = 1.0 if "weights" in name else np.nanmax(np.abs(matrix)) or 1.0
    assert [(cell["query"], cell["key"]) for cell, _ in cells] == [(row, column) for row in labels for column in labels]
    for (cell, fill), value in zip(cells, matrix.ravel(), strict=True):
        assert (fill == FORBIDDEN) == np.isnan(value)
        if np.isnan(value):
            assert np.isnan(cell["shade"]) and cell["number"] == "–"
        else:
            assert shade_of(cell) == pytest.approx(value / greatest, rel=1e-9, abs=1e-12)
            assert_rounded(cell["number"], value, experiment.decimals)


@each_picture
def test_the_numbers_are_written_into_the_cells_and_can_be_read(case, name):
    cells, numbers = drawing(case, name).cells(), drawing(case, name).numbers()
    for (cell, fill), (number, colour) in zip(cells, numbers, strict=True):
        assert number == cell["number"]
        if fill == FORBIDDEN:
            assert ink(colour) == (0.0, 0.0, 0.0)
        else:
            assert contrast(rgb(fill), ink(colour)) >= 4.5, (cell, fill, colour)


@each_picture
def test_it_says_what_it_is_and_which_words_look_at_which(case, name):
    experiment, found = CASES[case], drawing(case, name)
    title, *lines = (text for text in found.words("role-title"))
    assert title == TITLES[name]
    assert " ".join(lines) == caption(attend(experiment))
    labels = list(attend(experiment).labels)
    assert found.words("role-axis-label") == [*labels, *labels]
    assert sorted(found.words("role-axis-title")) == ["attention from", "attention to"]
    assert {fill for _, fill in found.texts("role-axis-label")} <= {"black", "#000"}


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_only_weights_tell_the_sum_of_each_row(name):
    found = [text for text in drawing("causal", name).words("role-mark") if text.startswith("=")]
    assert found == (["= 1.000"] * 6 if "weights" in name else [])


def test_a_row_that_may_look_nowhere_sums_to_zero():
    found = [text for text in drawing("embeddings only", "weights").words("role-mark") if text.startswith("=")]
    assert found == ["= 0.00", "= 1.00", "= 1.00"]


def test_the_more_weight_the_darker():
    cells = [(shade_of(cell), fill) for cell, fill in drawing("opening", "weights").cells()]
    shades = [sum(rgb(fill)) for _, fill in sorted(cells)]
    assert shades == sorted(shades, reverse=True) and shades[0] > 2.8 and shades[-1] < 1


def test_scores_are_green_above_zero_brown_below_and_pale_at_zero():
    cells = [(shade_of(cell), rgb(fill)) for cell, fill in drawing("large", "scores").cells()]
    assert {value > 0 for value, _ in cells} == {True, False}
    for value, (red, _, blue) in cells:
        assert (blue > red) == (value > 0) and (red > blue) == (value < 0)
    pale = colour_at(("#fafafa", "#fafafa"), 0)
    assert {rgb(fill) for _, fill in drawing("zeros", "scores").cells()} == {pale}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("scaled", "causal"), [(True, False), (False, True)])
def test_the_caption_tells_the_sentence_and_the_switches(variant, scaled, causal):
    experiment = opening("The  bank\nof the river", variant=variant, scaled=scaled, masks=("causal",) * causal)
    told = caption(attend(experiment))
    switches = "scaled" if scaled else "not scaled, causal mask"
    assert told == f"“The bank of the river” ({VARIANTS[variant].name}, {switches})"


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("word " * 40, " ".join(["word"] * 32) + " …"),
        ("a" * 200 + " b", "a" * 160 + " …"),
        ("我们沿着河岸走" * 30, ("我们沿着河岸走" * 30)[:160] + " …"),
        ("a" * 160, "a" * 160),
    ],
    ids=["many words", "a long word", "no spaces", "just short enough"],
)
def test_a_long_sentence_is_quoted_as_far_as_there_is_room(sentence, quoted):
    assert caption(attend(opening(sentence))).startswith(f"“{quoted}” (")


def test_a_caption_is_broken_into_lines_of_a_picture():
    found = Drawing(drawn_of(opening("word " * 40), "weights"))
    lines = found.words("role-title")[1:]
    assert len(lines) == 3 and max(map(len, lines)) <= 72
    assert " ".join(lines) == caption(attend(opening("word " * 40)))


# --- many words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["scores", "weights"])
def test_many_words_share_squares(name):
    n = MAX_ROWS + 6
    rows = {f"w{number}": tuple(vector) for number, vector in enumerate(np.random.default_rng(3).normal(size=(n, 4)))}
    experiment = opening(" ".join(rows), rows=rows, masks=("causal",))
    found = Drawing(drawn_of(experiment, name))
    cells = found.cells()
    assert len(cells) == (n // 2) ** 2
    matrix = expected(experiment, name)
    blocks = np.nan_to_num(matrix).reshape(n // 2, 2, n // 2, 2).sum(axis=(1, 3))
    held = blocks / (2 if name == "weights" else 4)
    spans = [f"{start}–{start + 1}" for start in range(1, n, 2)]
    assert [(cell["query"], cell["key"]) for cell, _ in cells] == [(row, column) for row in spans for column in spans]
    greatest = np.abs(held).max() if name == "scores" else 1.0
    np.testing.assert_allclose([shade_of(cell) for cell, _ in cells], held.ravel() / greatest, rtol=1e-9, atol=1e-12)
    told = {"scores": "the average of", "weights": "the weight given to"}[name]
    assert found.words("role-title")[:2] == [TITLES[name], f"each square: {told} 2 × 2 words"]


def test_cells_too_narrow_for_numbers_have_none_but_keep_their_colours():
    found = Drawing(drawn_of(opening(FORTY, decimals=8), "weights"))
    assert len(found.cells()) == 1600 and {cell["number"] for cell, _ in found.cells()} == {None}
    assert not found.words("mark-text") or "0.0" not in "".join(found.words("role-mark"))


# --- words stay words ------------------------------------------------------------------------------------------------

QUICK = [name for name in HOSTILE if name != "signs that are words"]  # whose letters most machines look for for long
ELEMENTS = {"svg", "rect", "g", "path", "text", "tspan", "line"}
SIGNS = "<ﾞ >ﾞ &ﾞ \"ﾞ 'ﾞ"


def as_drawn(text):
    """Control characters, which XML cannot hold, are drawn as a mark."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)


@pytest.mark.parametrize("sentence", [*(HOSTILE[name] for name in QUICK), SIGNS], ids=[*QUICK, "signs"])
def test_any_word_is_drawn_as_text(sentence):
    experiment = opening(sentence)
    found = Drawing(drawn_of(experiment, "weights"))
    labels = list(position_labels(list(map(as_drawn, experiment.words))))
    assert [cell["key"].rstrip("\u2060") for cell, _ in found.cells()[: len(labels)]] == labels  # see `text.drawn`
    for text in (text.rstrip("\u2060") for text in found.words("role-axis-label")):
        assert text in labels or any(label.startswith(text.removesuffix("…")) for label in labels), text
    title, *lines = found.words("role-title")
    whole = as_drawn(" ".join(sentence.split()))
    assert (title, re.sub(r"\s", "", "".join(lines))) == (
        TITLES["weights"],
        re.sub(r"\s", "", f"“{whole}” (Full Q, K, V, scaled)"),
    )
    assert {element.tag.removeprefix(SVG) for element in found.root.iter()} <= ELEMENTS


def test_control_characters_stop_no_picture_and_keep_words_apart():
    experiment = opening("a\x00b \x01ﾞ \x02ﾞ \ufffeﾞ")
    found = Drawing(drawn_of(experiment, "weights"))
    assert found.words("role-axis-label")[:5] == ["a", "b", "\ufffdﾞ·3", "\ufffdﾞ·4", "\ufffdﾞ·5"]
    assert caption(attend(experiment)).startswith("“a\ufffdb \ufffdﾞ")
    assert png(drawn_of(experiment, "weights")).startswith(b"\x89PNG")


@SETTINGS
@given(st.text(max_size=200).map(lambda text: f"a {text}"))
def test_a_caption_and_labels_hold_nothing_that_a_picture_cannot(sentence):
    text = sentence.encode("utf-8", "ignore").decode()
    found = drawn_of(opening(text), "scores")
    told = "".join([found.caption, *found.chart.frame["key"].astype(str)])
    ElementTree.fromstring(f"<a>{re.sub('[&<>]', '', told)}</a>")
    assert found.caption.startswith("“a") and "\n" not in found.caption


# --- in a text, and as PNG -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_in_a_text_it_takes_the_colour_of_the_text_and_leaves_the_title_to_it(name):
    drawn = drawn_of(CASES["causal"], name)
    alone, inside = drawing("causal", name), Drawing(drawn, svg_in_text)
    assert not inside.words("role-title") and TITLES[name] not in inside.text
    assert {fill for _, fill in inside.texts("role-axis-label")} == {"currentColor"}
    assert "currentColor" not in alone.text
    ground = [each.get("fill") for each in inside.root if each.tag == f"{SVG}rect"]
    assert not {"white", "#fff", "#ffffff"} & set(ground)
    assert "white" in [each.get("fill") for each in alone.root if each.tag == f"{SVG}rect"]
    assert repr(inside.cells()) == repr(alone.cells())  # in which a forbidden look is no number, equal to nothing
    assert {
        colour for (_, fill), (_, colour) in zip(inside.cells(), inside.numbers(), strict=True) if fill == FORBIDDEN
    } <= {"currentColor"}


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_a_png_is_twice_the_size_of_the_picture(name):
    drawn = drawn_of(CASES["opening"], name)
    content = png(drawn)
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    root = drawing("opening", name).root
    assert (width, height) == pytest.approx((2 * float(root.get("width")), 2 * float(root.get("height"))), abs=2)
    assert 700 < width < 2_000 and 500 < height < 1_500
    assert len(content) > 5_000


def test_drawing_changes_neither_the_picture_nor_the_next():
    drawn = drawn_of(CASES["opening"], "weights")
    before = (dict(drawn.chart.spec), drawn.chart.frame.copy())
    first = svg(drawn)
    svg_in_text(drawn)
    assert drawn.chart.spec == before[0] and drawn.chart.frame.equals(before[1])
    again = svg(Picture(drawn.title, drawn.caption, drawn.chart))
    assert re.sub(r"view_\w+", "", again) == re.sub(r"view_\w+", "", first)


def test_a_picture_that_there_is_not_is_no_picture():
    with pytest.raises(KeyError):
        picture(attend(opening()), "moves")
