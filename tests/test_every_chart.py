"""Every chart's specification, whatever it draws: nothing in it names what is not there, and nothing is left to chance.

Vega draws a picture with a wrong name in it without a word, and lets what it cannot read fall away.
"""

import json
import re
from functools import cache

import altair as alt
import jsonschema
import numpy as np
import pandas as pd
import pytest
from support.heads import some_heads

from attention_core import OPENING, attend
from attention_core.lessons import PRINTED_WORDS
from attention_core.stages import Stage
from presentation import charts, lesson_charts, training_charts, transformer_charts, word_charts
from presentation.attention_picture import Place, attention_picture
from presentation.attention_picture_map import MOUSE
from presentation.blocks import Block, blocks
from presentation.heads_chart import heads_chart
from presentation.ledger import one_word
from presentation.palette import CHOSEN

OPENED = OPENING.build()
NOW = attend(OPENED)
LABELS = list(NOW.labels)
NUMBERS = np.array([0.5, -0.25, 0.75, 0.0])
SIZES = pd.DataFrame({"d_k": [1, 2], "which": ["a", "b"], "mean": [1.0, 2.0], "low": [0.5, 1.0], "high": [1.5, 3.0]})
WEIGHTS = NOW.attention.weights
OTHER = Place(Stage.WEIGHTS, 0, 0)


def picture(words):
    return attention_picture(attend(OPENED.with_sentence(" ".join(f"w{at}" for at in range(words)))), OTHER)


CHARTS = {
    "weights": lambda: charts.weights_map(WEIGHTS, LABELS, NOW.allowed, title="W", decimals=2),
    "scores": lambda: charts.signed_map(NOW.attention.scores, LABELS, NOW.allowed, title="S", decimals=2),
    "arrows": lambda: lesson_charts.arrows(
        np.zeros((2, 2)), np.eye(2), ["A", "B"], ["#000000"] * 2, axes=("d1", "d2"), title="Arrows"
    ),
    "signed bars": lambda: lesson_charts.signed_bars(
        NUMBERS, PRINTED_WORDS, title="t", axis="cosine", decimals=2, marked=0
    ),
    "compared bars": lambda: lesson_charts.compared_bars(
        NUMBERS, NUMBERS / 2, PRINTED_WORDS, names=("with", "without"), title="Row", decimals=2
    ),
    "along a line": lambda: lesson_charts.along_a_line(NUMBERS, NUMBERS, NUMBERS, PRINTED_WORDS, decimals=2),
    "misses": lambda: lesson_charts.misses(NUMBERS, PRINTED_WORDS, rounding=0.25, decimals=2),
    "over sizes": lambda: lesson_charts.over_sizes(SIZES, ("a", "b"), title="t", axis="y", at=2, alt_text="told"),
    "over sizes, one expected": lambda: lesson_charts.over_sizes(
        SIZES, ("a", "b"), title="t", axis="y", at=2, alt_text="told", expected=True
    ),
    "target": lambda: training_charts.target_map(WEIGHTS, np.arange(len(LABELS)) > 0, LABELS, decimals=2),
    "words on paper": lambda: training_charts.words_map(
        np.eye(3)[:, :2], ["a", "b", "c"], ["who", "", "what"], followed="b"
    ),
    "losses": lambda: training_charts.losses({"loss": [0.5, 0.25, 0.125]}, steps=4, at=1, best=0.1),
    "two losses": lambda: training_charts.losses({"with": [0.5, 0.25], "without": [0.5, 0.5]}, steps=2),
    "ledger": lambda: one_word(NOW, 5, 4, reached=7, title="Ledger"),
    "blocks": lambda: blocks(LABELS, (Block(("x",), NOW.x[:, :1], "#123456"),), title="t", decimals=2, chosen=0),
    "reached": lambda: transformer_charts.reached(np.arange(6), np.ones(6, dtype=int), LABELS, taken=3),
    "by distance": lambda: transformer_charts.by_distance(WEIGHTS[5], LABELS, 5, 4, decimals=2),
    "pixels": lambda: transformer_charts.pixels(NOW.x, LABELS, 1),
    "looks": lambda: transformer_charts.looks(WEIGHTS[5], LABELS, 5, decimals=2),
    "weight bars": lambda: word_charts.weight_bars(WEIGHTS[5], LABELS, decimals=2, word="bank"),
    "moves": lambda: word_charts.moves(NOW.x[:, :2], NOW.context[:, :2], LABELS, axes=("d1", "d2"), word=5),
    "picture": lambda: attention_picture(NOW, OTHER),
    "picture of many words": lambda: picture(40),
    "picture of more words than squares": lambda: picture(200),
}
each_chart = pytest.mark.parametrize("name", CHARTS)

COLOUR = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|rgba?\([\d., ]+\)|transparent|currentColor")
COLOURED = {"color", "fill", "stroke", "titleColor", "labelColor"}
EXPRESSIONS = {"expr", "test", "filter", "calculate"}
ALWAYS_THERE = {"datum", "width", "height", "event", "item", "true", "false", "null", "NaN", "PI"}


@cache
def spec_of(name):
    return json.loads(json.dumps(CHARTS[name]().spec))


def read_together(name):
    """The parts of a specification that read the same table, each with the columns of that table."""
    chart, spec = CHARTS[name](), spec_of(name)
    columns = set(chart.frame.columns if hasattr(chart, "frame") else chart.table.column_names)
    more = getattr(chart, "more", {})
    apart = [layer for layer in spec.get("layer", []) if "data" in layer]
    yield {**spec, "layer": [layer for layer in spec.get("layer", []) if layer not in apart]}, columns
    for layer in apart:
        yield layer, set(more[layer["data"]["name"]].column_names)


def parts(tree, key=None):
    """Every dictionary of a specification with the key under which it stands."""
    if isinstance(tree, dict):
        yield key, tree
        for name, value in tree.items():
            yield from parts(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from parts(value, key)


def expressions(spec):
    for _, part in parts(spec):
        for key in EXPRESSIONS & part.keys():
            if isinstance(part[key], str):
                yield part[key]


def names_in(expression):
    """What an expression reads: no texts, no members of something, no functions, no keys."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", expression)
    return set(re.findall(r"(?<![\w.$])([A-Za-z_]\w*)\b(?!\s*[(:])", bare)) | set(
        re.findall(r"\?\s*([A-Za-z_]\w*)\s*:", bare)
    )


@each_chart
def test_every_specification_is_one_by_the_schema_of_vega_lite(name):
    """Altair does not check them where they are made: see presentation/specifications.py. MOUSE goes on to Vega."""
    spec = spec_of(name)
    given = [each for each in spec["params"] if each != MOUSE] if "params" in spec else None
    alt.TopLevelSpec.validate(spec | ({"params": given} if given else {}))


def test_so_is_that_of_all_heads():
    alt.TopLevelSpec.validate(heads_chart(attend(some_heads(OPENED, 3))).spec)


def test_a_part_that_vega_lite_does_not_know_would_be_noticed():
    wrong = json.loads(json.dumps(spec_of("weights")))
    wrong["layer"][0]["encoding"]["x"]["axis"]["labelAngel"] = 0
    with pytest.raises(jsonschema.ValidationError):
        alt.TopLevelSpec.validate(wrong)


@each_chart
def test_every_expression_reads_only_what_is_there(name):
    spec = spec_of(name)
    given = {each["name"] for _, part in parts(spec) for each in part.get("params", [])}
    for expression in expressions(spec):
        assert names_in(expression) <= given | ALWAYS_THERE, expression


def test_every_signal_that_is_given_is_read_in_some_chart():
    given, read = set(), {charts.CLICK, "width", "height"}  # a click is told to Streamlit, the size to Vega
    for spec in map(spec_of, CHARTS):
        given |= {each["name"] for _, part in parts(spec) for each in part.get("params", [])}
        read |= {part["param"] for _, part in parts(spec) if "param" in part}.union(*map(names_in, expressions(spec)))
    assert charts.CLICK in given and given <= read


@each_chart
def test_every_field_is_a_column_of_the_data(name):
    for spec, columns in read_together(name):
        made = {part["as"] for _, part in parts(spec) if isinstance(part.get("as"), str)}
        fields = {part["field"] for key, part in parts(spec) if isinstance(part.get("field"), str)}
        told = {read for expression in expressions(spec) for read in re.findall(r"\bdatum\.(\w+)", expression)}
        if made & {"numbers"}:  # a table of which a map reads one row alone
            told |= {read for each in expressions(spec_of(name)) for read in re.findall(r"pointed_datum\.(\w+)", each)}
        assert fields | told
        assert fields | told <= columns | made


@each_chart
def test_every_colour_is_one(name):
    for key, part in parts(spec_of(name)):
        said = [value for channel, value in part.items() if channel in COLOURED and isinstance(value, str)]
        if key in COLOURED:
            said += [part["value"]] if isinstance(part.get("value"), str) else []
            scale = part.get("scale") or {}
            said += [each for each in scale.get("range", []) if isinstance(each, str)]
        assert all(COLOUR.fullmatch(each) for each in said), said


@each_chart
def test_every_scale_goes_up_and_has_a_range_as_long_as_its_domain(name):
    for _, part in parts(spec_of(name)):
        domain, ends = part.get("domain"), part.get("range")
        if isinstance(domain, list) and all(isinstance(each, int | float) for each in domain):
            assert domain == sorted(set(domain))
        if isinstance(domain, list) and isinstance(ends, list) and len(domain) > 2:
            assert len(domain) == len(ends)


@each_chart
def test_no_axis_is_named_after_a_column_and_no_legend_stands_by_chance(name):
    """Without a title Vega-Lite writes the name of our column beside an axis, and a legend takes the picture's room."""
    for channels in (part["encoding"] for _, part in parts(spec_of(name)) if "encoding" in part):
        for channel, part in channels.items():
            if channel in ("x", "y") and "field" in part:
                assert "axis" in part, f"{channel} of {part['field']}"
                assert part["axis"] is None or "title" in part["axis"], f"{channel} of {part['field']}"
            conditional = part.get("condition", {}) if isinstance(part, dict) else {}
            for drawn in (part, conditional):
                if (
                    channel in ("color", "strokeDash", "opacity", "size")
                    and isinstance(drawn, dict)
                    and drawn.get("scale")
                ):
                    assert "legend" in drawn, channel


@each_chart
def test_no_tooltip_calls_a_number_what_no_person_would(name):
    """A title that is a space leaves the word to speak for itself; any other has no space around it."""
    for key, part in parts(spec_of(name)):
        if key == "tooltip" and "field" in part:
            title = part.get("title", part["field"])
            assert title == " " or (title == title.strip() and "_" not in title.replace("d_k", "")), title


def test_the_words_looked_at_are_named_above_a_heat_map_and_the_looking_words_beside_it():
    for name in ("weights", "scores"):
        found = {
            (axis, layer["encoding"][axis]["field"], layer["encoding"][axis]["axis"]["title"])
            for layer in spec_of(name)["layer"]
            for axis in "xy"
            if layer["encoding"].get(axis, {}).get("axis")
        }
        assert found == {("x", "key", "attention to"), ("y", "query", "attention from")}


def test_an_error_as_large_as_what_rounding_explains_is_not_beyond_it():
    chart = lesson_charts.misses(NUMBERS, PRINTED_WORDS, rounding=0.5, decimals=2)
    assert chart.frame["beyond"].tolist() == [False, False, True, False]
    assert "1 of 4 by more than rounding explains (0.5)" in chart.alt


def test_words_that_have_no_room_in_a_ledger_are_one_row_that_counts_them():
    many = attend(OPENED.with_sentence(" ".join(f"w{at}" for at in range(40))))
    rows = list(one_word(many, 3, 1, reached=7, title="Ledger").frame["row"].cat.categories)
    drawn = [row for row in rows if re.fullmatch(r"w\d+", row)]
    assert f"{40 - len(drawn)} others" in rows and len(drawn) < 40
    assert not [row for row in one_word(NOW, 3, 1, reached=7, title="").frame["row"].cat.categories if "others" in row]


@pytest.mark.parametrize("name", ["ledger", "blocks"])
def test_cells_that_keep_their_places_have_names_around_them_and_no_lines(name):
    axes = [part for key, part in parts(spec_of(name)) if key == "axis" and isinstance(part, dict) and "domain" in part]
    assert len(axes) >= 2 and all((axis["ticks"], axis["domain"]) == (False, False) for axis in axes)


def test_the_corner_on_a_changed_number_is_a_small_triangle():
    marks = (part for key, part in parts(spec_of("picture")) if key == "mark")
    (mark,) = (mark for mark in marks if str(mark.get("shape", "")).startswith("M"))
    assert (mark["shape"], mark["size"], mark["fill"]) == ("M-1,-1L1,-1L1,1Z", 36, CHOSEN)
    assert "- 4.5" in mark["xOffset"]["expr"] and mark["yOffset"]["expr"].startswith("4 - ")


@each_chart
def test_every_mark_is_told_once_at_most_to_those_who_cannot_see(name):
    marks = [layer["mark"] for layer in spec_of(name)["layer"]]
    told = [mark for mark in marks if mark.get("aria", True)]
    assert all("description" in mark for mark in told)
    assert len(told) == 1 or name.startswith("picture") or name in ("losses", "two losses")


def test_what_is_told_of_a_mark_is_what_its_tooltip_says_in_words():
    (told,) = (
        layer["mark"]["description"]["expr"] for layer in spec_of("weights")["layer"] if "aria" not in layer["mark"]
    )
    assert told == '"looking " + datum.query + \', \' + "at " + datum.key + \', \' + "number " + datum.shown'


def test_a_heat_map_of_too_many_cells_to_listen_to_is_told_as_a_whole():
    many = attend(OPENED.with_sentence(" ".join(f"w{at}" for at in range(40))))
    chart = charts.weights_map(many.attention.weights, many.labels, many.allowed, title="W", decimals=2)
    assert all(layer["mark"]["aria"] is False for layer in chart.spec["layer"])
    assert "w39" in chart.alt


def test_a_name_that_could_be_an_expression_is_text_where_a_mark_is_told():
    axes = ('d1" + event + "', "d2'")
    chart = lesson_charts.arrows(np.zeros((1, 2)), np.eye(2)[:1], ["A"], ["#000000"], axes=axes, title="t")
    (told,) = (layer["mark"]["description"]["expr"] for layer in chart.spec["layer"] if "aria" not in layer["mark"])
    assert json.dumps(axes[0] + " ") in told and json.dumps(axes[1] + " ") in told
