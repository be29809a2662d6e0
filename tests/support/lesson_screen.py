"""Lessons run without a browser: opened at a card, acted on, and what is set on them read for the oracle."""

import json
import math
import re
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from support.latex_reader import assert_lines, assert_rounded, lines_of
from support.lesson_documents import EVERYTHING
from support.oracles import attended, distances, labels_of, named, named_vectors
from support.screen import (
    TABLES,
    arrived,
    coded,
    context_table,
    everything_set,
    in_places,
    opened,
    shown_table,
    widget,
)

from ui.course import COURSE

CARDS = [(lesson.script, number) for lesson in COURSE for number in range(len(lesson.cards))]


def turn_to(page, script, card=None):
    """Go to a page as a browser does, and to one of its cards."""
    _arrive(page, script)
    return _at(page, script, card)


def _at(page, script, card):
    if card is not None and widget(page, f"card_{script}").value != card:
        widget(page, f"card_{script}").set_value(card).run()
    assert not page.exception, page.exception
    return page


def _arrive(page, script):
    """A browser forgets on the way every widget but those that stand around all pages."""
    page.switch_page(f"../pages/{script}.py")
    around = tuple(f"-{key}" for key in ("x", "card", "undo", "redo"))
    kept = [each for each in page._tree.get_widget_states().widgets if each.id.endswith(around)]
    page._run(WidgetStates(widgets=kept))
    assert not page.exception, page.exception


def lesson(script, card=0, code=None):
    """A card of a lesson that works on the person's own experiment, which is that of a code."""
    page = arrived(script) if code is None else arrived(script, x=code)
    return _at(with_own(page), script, card)


def turn_to_own(page, script, card=None):
    """Go to a page, where lessons work on the person's own experiment."""
    turn_to(page, script, card)
    return page if script == "playground" else with_own(page)


def fresh_card(script, card=0, page=None):
    """A card of a lesson with numbers of its own."""
    return turn_to(page, script, card) if page else _at(arrived(script), script, card)


def every_card(page):
    """Every card of every lesson, one after the other, on the person's own experiment."""
    for script, number in CARDS:
        if number:
            _at(page, script, number)
        else:
            turn_to_own(page, script, number)
        yield script, number


def with_own(page):
    """The lessons work on the person's own experiment from now on."""
    if not widget(page, "use_own").value:
        set_(page, "use_own", True)
    return page


def write(page, table, rows):
    """Type numbers into a table: row position -> column name -> what was typed."""
    key = widget(page, table).key
    typed = dict(page.session_state[key]["edited_rows"]) if key in page.session_state else {}
    for row, cells in rows.items():
        typed[row] = typed.get(row, {}) | cells
    page.session_state[key] = {"edited_rows": typed, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception, page.exception


def write_all(page, table, matrix):
    columns = shown_table(page, table).columns
    rows = [dict(zip(columns, map(float, row), strict=True)) for row in matrix]
    write(page, table, dict(enumerate(rows)))


def set_(page, key, value):
    widget(page, key).set_value(value).run()
    assert not page.exception, page.exception


def choose_cell(page, row, column):
    """Choose a cell on the Playground, where it can be done without a click on a picture."""
    turn_to(page, "playground")
    if widget(page, "looking_word").value == row:  # what is chosen already cannot be chosen
        set_(page, "looking_word", (row + 1) % len(context_table(page)))
    set_(page, "looking_word", row)
    set_(page, "looked_at_word", column)
    assert (widget(page, "looking_word").value, widget(page, "looked_at_word").value) == (row, column)


def pictures(page, *columns, title=""):
    """The frames of the charts on the page that have these columns and this title."""
    found = []
    for each in page.get("vega_lite_chart"):
        frame = convert_arrow_bytes_to_pandas_df(each.proto.data.data)
        said = (json.loads(each.proto.spec).get("title") or {}).get("text", "")
        if set(columns) <= set(frame.columns) and title in said:
            found.append(frame)
    return found


def picture(page, *columns, title=""):
    (frame,) = pictures(page, *columns, title=title)
    return frame


def axis_titles(page):
    """The names of the axes of the picture with arrows."""
    (chart,) = page.get("vega_lite_chart")
    encodings = [layer["encoding"] for layer in json.loads(chart.proto.spec)["layer"]]
    return [{each[axis]["axis"]["title"] for each in encodings if axis in each}.pop() for axis in "xy"]


def heat_map(page, key):
    (chart,) = (each for each in page.get("vega_lite_chart") if each.key == key)
    return in_places(convert_arrow_bytes_to_pandas_df(chart.proto.data.data))


def tables_to_read(page):
    return [each.value for each in page.dataframe if "✎" not in each.value.columns]


def told(page):
    return "\n".join(each.value for each in page.markdown)


def infos(page):
    """What is said beside the task."""
    return [each.value for each in page.info if not each.value.startswith("**To do:**")]


def lines_on(page):
    """Every line of every formula: its name, what is written between the equals signs, and the result."""
    for element in page.latex:
        if " &= " in element.value or r"\small \text" in element.value:  # else it is the formula of attention
            yield from lines_of(element.value)


def assert_formulas(page, expected, *, tight=math.inf, dots=0):
    """See `assert_lines`."""
    return assert_lines(lines_on(page), expected, tight=tight, dots=dots)


def read(page):
    """What is set, from the Playground: the tables, the sentence and the switches, and the chosen cell."""
    turn_to(page, "playground")
    set_here = everything_set(page)
    words = re.findall(r"\w+", set_here["sentence"])
    embeddings = shown_table(page, "embeddings")
    vocabulary = list(dict.fromkeys(word.casefold() for word in words))
    assert [label.casefold().split("·")[0] for label in embeddings.index] == vocabulary
    return SimpleNamespace(
        labels=labels_of(words),
        x=embeddings.to_numpy()[[vocabulary.index(word.casefold()) for word in words]],
        dimensions=list(embeddings.columns),
        tables={table: shown_table(page, table).to_numpy() for table in TABLES[1:]},
        variant=set_here["variant"],
        scaled=set_here["scaled"],
        causal=set_here["causal"],
        decimals=set_here["decimals"],
        row=widget(page, "looking_word").value,
        column=widget(page, "looked_at_word").value,
    )


def tightness(given):
    """How wide the value of a formula may be, where so many decimals are shown that it is not wide."""
    return 1e-5 if given.decimals == 8 else math.inf


@cache
def read_document(name):
    return read(opened(coded(EVERYTHING[name])))


def assert_projection_is_told(page, vectors, drawn, from_origin):
    """The caption says which share of the distances the drawn points keep."""
    origin = [np.zeros((1, vectors.shape[1]))] if from_origin else []
    true = distances(np.vstack([vectors, *origin]))
    kept = distances(np.vstack([drawn, *[each[:, :2] for each in origin]])) / true if true else 1.0
    (text,) = (each.value for each in page.caption if each.value.startswith("A projection"))
    share = float(re.search(r"([\d.]+) % of the distances", text)[1])
    assert share == pytest.approx(math.floor(min(kept, 1) * 1000 + 1e-9) / 10, abs=1e-9)
    if "onto two of the" in text:
        assert f"two of the {vectors.shape[1]} columns" in text
    return "onto two of the" in text


def pair_on(page, given):
    """Both calculations from the two sentences and the joint table on the page, and the place of the word in each."""
    joint = shown_table(page, "both")
    rows = {label.casefold().split("·")[0]: row for label, row in zip(joint.index, joint.to_numpy(), strict=True)}
    word, both = widget(page, "shared_word").value, []
    for field in ("sentence", "other_sentence"):
        words = re.findall(r"\w+", widget(page, field).value)
        it = attended(given, x=np.array([rows[each.casefold()] for each in words]), labels=labels_of(words))
        it.at = [each.casefold() for each in words].index(word)
        it.words = words
        both.append(it)
    assert set(rows) == {each.casefold() for it in both for each in it.words}
    return both


def cosine_or_dash(a, b):
    sizes = math.sqrt((a * a).sum()), math.sqrt((b * b).sum())
    return None if not all(sizes) else float((a * b).sum() / sizes[0] / sizes[1])


def assert_same_word(page, given, *, tight=math.inf):
    """All three cards."""
    with_own(turn_to(page, "same_word", 0))
    pair = pair_on(page, given)
    (x, y), (a, b) = ([it.x[it.at] for it in pair], [it.context[it.at] for it in pair])
    static, contextual = tables_to_read(page)
    labels = ["in sentence 1", "in sentence 2", "difference"]
    assert list(static.index) == list(contextual.index) == labels
    np.testing.assert_array_equal(static.to_numpy(), [x, y, np.zeros_like(x)])
    np.testing.assert_allclose(contextual.to_numpy(), [a, b, a - b], rtol=1e-9, atol=1e-9 * max(1, abs(a).max()))
    assert list(static.columns) == given.dimensions and list(contextual.columns) == pair[0].columns
    assert_rounded(re.search(r"the distance is \*\*([^*]+)\*\*", told(page))[1], 0.0, given.decimals)
    assert assert_formulas(page, named_vectors([a, b], labels), tight=tight) == ["|in sentence 1 - in sentence 2|"]

    turn_to(page, "same_word", 1)
    for which, it in enumerate(pair, start=1):
        bars = picture(page, "key_position", "value", title=f"in sentence {which} looks")
        assert list(bars["key"]) == it.labels
        np.testing.assert_allclose(bars["value"], it.weights[it.at], rtol=1e-9, atol=1e-12)
        assert_sum_in_words(page, which, it, given.decimals)
    entry = widget(page, "context_entry").value
    assert abs(a - b)[entry] == pytest.approx(abs(a - b).max(), abs=1e-12)
    expected = named(pair[0], "sentence 1: ") | named(pair[1], "sentence 2: ")
    longest = max(it.allowed[it.at].sum() + it.adds_itself for it in pair)
    dots = sum(it.allowed[it.at].sum() + it.adds_itself > 9 for it in pair)
    assert longest <= 9 or dots
    assert assert_formulas(page, expected, tight=tight, dots=dots) == [
        f"sentence {which}: context_{it.columns[entry]}({it.labels[it.at]})" for which, it in enumerate(pair, start=1)
    ]

    turn_to(page, "same_word", 3)
    if pair[0].context.shape[1] != given.x.shape[1]:
        assert "share no picture" in infos(page)[0] and not page.get("vega_lite_chart")
        return pair
    assert_moved(page, given, pair, tight)
    return pair


def assert_sum_in_words(page, which, it, decimals):
    """- sentence 1: **bank** after attention = 0.57 · value of river + 0.22 · value of bank"""
    (line,) = re.findall(rf"^- sentence {which}: \*\*.*\*\* after attention = (.*)$", told(page), re.MULTILINE)
    *shares, own = line.split(" + ") if it.adds_itself else (*line.split(" + "), "")
    assert own == (f"{it.labels[it.at]} as it is" if it.adds_itself else "")
    seen = np.flatnonzero(it.allowed[it.at])
    drawn = [each.split(" · ") for each in shares if "more, none with a larger weight" not in each]
    given = {"x": "", "k": "key of ", "v": "value of "}[it.letters["value"]]
    assert all(label.startswith(given) for _, label in drawn)
    drawn = [(weight, label.removeprefix(given)) for weight, label in drawn]
    assert len(drawn) == min(len(seen), 8) and len(shares) - len(drawn) == (len(seen) > 8)
    for weight, label in drawn:
        assert_rounded(weight, it.weights[it.at, it.labels.index(label)], decimals)
    if len(seen) > 8:
        assert f"({len(seen) - 8} more" in shares[-1]
        least = min(it.weights[it.at, it.labels.index(label)] for _, label in drawn)
        assert (it.weights[it.at] > least).sum() < 8


def assert_moved(page, given, pair, tight):
    one, other = ({word.casefold() for word in it.words} for it in pair)
    joint = shown_table(page, "both")
    alone = {
        label.casefold(): row
        for label, row in zip(joint.index, joint.to_numpy(), strict=True)
        if (label.casefold() in one) != (label.casefold() in other) and row.any()
    }
    arrows = picture(page, "x0", "x", "label").query("label != ''")
    labels = list(arrows["label"])
    name = pair[0].words[pair[0].at]
    assert labels[:3] == [f"{name} (static)", f"{name} in 1", f"{name} in 2"]
    assert len(labels) == 3 + min(len(alone), 6) and set(labels[3:]) <= set(alone)
    lengths = {word: math.sqrt((row**2).sum()) for word, row in alone.items()}
    left_out = [lengths[word] for word in alone if word not in labels]
    assert not left_out or min(lengths[word] for word in labels[3:]) >= max(left_out)
    x, (a, b) = pair[0].x[pair[0].at], (it.context[it.at] for it in pair)
    vectors = np.array([x, a, b, *(alone[word] for word in labels[3:])])
    drawn = arrows[["x", "y"]].to_numpy()
    np.testing.assert_array_equal(arrows[["x0", "y0"]].to_numpy()[1:3], drawn[[0, 0]])
    np.testing.assert_array_equal(arrows[["x0", "y0"]].to_numpy()[3:], drawn[3:])
    if vectors.shape[1] <= 2 or assert_projection_is_told(page, vectors, drawn, from_origin=False):
        columns = [pair[0].columns.index(axis) for axis in axis_titles(page)]
        expected = vectors[:, columns] if vectors.shape[1] > 1 else np.column_stack([vectors, 0 * vectors])
        np.testing.assert_allclose(drawn, expected, rtol=1e-9, atol=1e-12)
    (measures,) = (each for each in tables_to_read(page) if "to" in each.columns)
    assert list(measures["to"]) == [labels[0], *labels[3:]]
    for _, row in measures.iterrows():
        target = vectors[labels.index(row["to"])]
        for which, vector in ((1, a), (2, b)):
            cosine = cosine_or_dash(vector, target)
            if cosine is None:
                assert row[f"cosine, {which}"] == "–"
            else:
                assert_rounded(row[f"cosine, {which}"], cosine, given.decimals)
            assert_rounded(row[f"distance, {which}"], math.sqrt(((vector - target) ** 2).sum()), given.decimals)
    names = assert_formulas(page, named_vectors([a, b], labels[1:3]), tight=tight)
    assert names == [f"|{labels[1]} - {labels[2]}|"] + (
        [f"cos({labels[1]}, {labels[2]})"] if a.any() and b.any() else []
    )


def ledger_of(page):
    """The first of the pictures that are made of cells in their places."""
    return pictures(page, "row_position", "column_position", "shown")[0]


def everything_said(page):
    """All that a lesson shows of its numbers."""
    return {
        "formulas": [each.value for each in page.latex],
        "tables": [each.value.to_dict("split") for each in page.dataframe],
        "pictures": [each.astype(object).fillna("none").to_dict("split") for each in pictures(page)],
        "fields": [
            each.value
            for kind in ("text_input", "number_input")
            for each in page.get(kind)
            if each.key not in ("card", "heard")
        ],
    }
