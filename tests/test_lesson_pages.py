"""The lessons as a visitor meets them, without a browser: every number of their cards follows from what is set.

What the cards should show is computed here once more, from the tables and switches on the pages, in plain NumPy, and
every formula is read and worked out again: nothing of `attention_core` is used for it.
"""

import json
import math
import re
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from support.latex_reader import Formula, assert_lines, assert_rounded, lines_of
from support.oracles import VARIANTS, attended, labels_of, named, named_row, softmax
from support.screen import (
    MONEY,
    RIVER,
    TABLES,
    assert_words_are_escaped,
    code_of,
    coded,
    context_table,
    everything_set,
    in_places,
    opened,
    press,
    shown_table,
    squares,
    widget,
)

from attention_core import EXAMPLES
from sharing.document import to_document
from ui.course import COURSE

CARDS = [(lesson.script, number) for lesson in COURSE for number in range(len(lesson.cards))]
CARD_IDS = [f"{lesson.script}/{card.id}" for lesson in COURSE for card in lesson.cards]
STAGES = range(1, 8)


# --- documents to open -----------------------------------------------------------------------------------------------


def document(example="river-bank", **changed):
    return to_document(EXAMPLES[example].build()) | changed


def with_lessons(example="river-bank", decimals=2, sentence=None, variant=None, **changed):
    """The code of an example with other numbers of the lessons."""
    built = EXAMPLES[example].build()
    numbers = {name: getattr(built.lessons, name) for name in ("vectors", "other_sentence", "score_row")}
    numbers |= {"key_size": built.lessons.key_size, "seed": built.lessons.seed} | changed
    others = {"sentence": sentence or built.sentence, "variant": variant or built.variant, "decimals": decimals}
    return coded(document(example, lessons=numbers, **others))


def random_document(seed, sentence, sizes=(5, 3, 5), **changed):
    """Every number drawn from the seed; the sentence may have words twice."""
    generator = np.random.default_rng(seed)
    d_model, d_k, d_v = sizes
    vocabulary = list(dict.fromkeys(sentence.casefold().split()))

    def drawn(rows, columns):
        return np.round(generator.normal(size=(rows, columns)), 2).tolist()

    return document() | {
        "sentence": sentence,
        "dimensions": [f"d{column}" for column in range(1, d_model + 1)],
        "rows": dict(zip(vocabulary, drawn(len(vocabulary), d_model), strict=True)),
        "w_q": drawn(d_model, d_k),
        "w_k": drawn(d_model, d_k),
        "w_v": drawn(d_model, d_v),
        "example": "",
        **changed,
    }


RANDOM = random_document(7, "one two three one four bank", decimals=8)
WIDE = random_document(8, "The bank of the river bank", sizes=(3, 4, 2), decimals=6, scaled=False, causal=True)
DOCUMENTS = {
    "opening": document(),
    "opening exactly": document(decimals=8),
    "cat-and-mouse": document("cat-and-mouse", decimals=8),
    "bank-as-printed": document("bank-as-printed", decimals=5),
    "unfold-causal-identity": document("unfold-causal-identity", decimals=8),
    "random": RANDOM,
    "random, another width": WIDE,
}
IN_EVERY_WAY = {
    f"{variant}, {'scaled' if scaled else 'not scaled'}, {'causal' if causal else 'all'}": RANDOM
    | {"variant": variant, "scaled": scaled, "causal": causal}
    for variant in VARIANTS
    for scaled, causal in ((True, False), (False, False), (True, True))
}
EVERYTHING = DOCUMENTS | IN_EVERY_WAY


# --- reading the page ------------------------------------------------------------------------------------------------


def turn_to(page, script, card=None):
    """Go to a page as a browser does, and to one of its cards."""
    _arrive(page, script)
    if card is not None and widget(page, f"card_{script}").value != card:
        widget(page, f"card_{script}").set_value(card).run()
    assert not page.exception, page.exception
    return page


def _arrive(page, script):
    """A browser forgets on the way every widget but those that stand around all pages."""
    page.switch_page(f"../pages/{script}.py")
    around = tuple(f"-{key}" for key in ("x", "undo", "redo"))
    kept = [each for each in page._tree.get_widget_states().widgets if each.id.endswith(around)]
    page._run(WidgetStates(widgets=kept))
    assert not page.exception, page.exception


def lesson(script, card=0, code=None):
    return turn_to(opened(code), script, card)


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


def captions(page):
    return "\n".join(each.value for each in page.caption)


def infos(page):
    """What is said beside the task."""
    return [each.value for each in page.info if not each.value.startswith("**To do:**")]


def lines_on(page):
    """Every line of every formula: its name, what is written between the equals signs, and the result."""
    for element in page.latex:
        yield from lines_of(element.value)


def assert_formulas(page, expected, *, tight=math.inf, dots=0):
    """See `assert_lines`."""
    return assert_lines(lines_on(page), expected, tight=tight, dots=dots)


# --- the same numbers, computed from what is set ---------------------------------------------------------------------


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


def named_vectors(vectors, labels):
    """Dot products, lengths, cosines, angles and distances of labelled vectors."""
    names = {}
    sizes = [math.sqrt(sum(each * each for each in vector)) for vector in vectors]
    for one, a in enumerate(vectors):
        names[f"|{labels[one]}|"] = sizes[one]
        for other, b in enumerate(vectors):
            dot = sum(p * q for p, q in zip(a, b, strict=True))
            names[f"{labels[one]} · {labels[other]}"] = dot
            apart = math.sqrt(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
            names[f"|{labels[one]} - {labels[other]}|"] = apart
            if sizes[one] and sizes[other]:
                cosine = min(max(dot / (sizes[one] * sizes[other]), -1.0), 1.0)
                names[f"cos({labels[one]}, {labels[other]})"] = cosine
                names[f"angle({labels[one]}, {labels[other]})"] = math.degrees(math.acos(cosine))
    return names


def tightness(given):
    """How wide the value of a formula may be, where so many decimals are shown that it is not wide."""
    return 1e-5 if given.decimals == 8 else math.inf


@cache
def read_document(name):
    return read(opened(coded(EVERYTHING[name])))


def distances(points):
    return np.linalg.norm(points[:, None] - points[None], axis=2).sum()


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


# --- reading formulas, itself tested ---------------------------------------------------------------------------------


def worked_out(formula):
    value = Formula(formula).value()
    return (value.low + value.high) / 2


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (r"(-1) \cdot 4 + 5 \cdot 3", 11),
        (r"\sqrt{(-3)^2 + 4^2}", 5),
        (r"\frac{26}{\textcolor{#b5485d}{13} \cdot 2}", 1),
        (r"20 \div \sqrt{4}", 10),
        (r"\arccos (-1)", 180),
        (r"e^{2 - 2} + e^{(-1) + 1}", 2),
        (r"-(0.25 \log_2 0.25 + 0.25 \log_2 0.25)", 1),
        (r"1 \cdot (1 - 3)", -2),
        (r"\mathbf{2 \cdot 10^{7}}", 2e7),
    ],
)
def test_a_formula_is_read_as_it_is_written(formula, value):
    assert worked_out(formula) == pytest.approx(value, rel=0.02)


def test_a_formula_that_gives_something_else_or_says_too_little_is_found():
    page = SimpleNamespace(latex=[SimpleNamespace(value=r"\text{A} \cdot \text{C} &= 2.00 \cdot 3.00 = \mathbf{6.00}")])
    assert assert_formulas(page, {"A · C": 6.0}, tight=0.1) == ["A · C"]
    with pytest.raises(AssertionError, match="should be"):
        assert_formulas(page, {"A · C": 6.01})
    with pytest.raises(AssertionError, match="too little"):
        assert_formulas(page, {"A · C": 6.0}, tight=1e-4)
    page.latex[0].value = page.latex[0].value.replace("2.00", "2.02")
    with pytest.raises(AssertionError, match="is from"):
        assert_formulas(page, {"A · C": 6.0})


# --- Similarity ------------------------------------------------------------------------------------------------------

RANDOM_VECTORS = np.round(np.random.default_rng(3).normal(scale=3, size=(3, 8)), 2).tolist()
VECTORS = {
    "preset": [[-1, 5], [5, 2], [4, 3]],
    "two": [[-1, 5], [5, 2]],
    "random": np.round(np.random.default_rng(2).normal(scale=3, size=(3, 2)), 2).tolist(),
    **{f"{size} numbers": [row[:size] for row in RANDOM_VECTORS] for size in range(3, 9)},
    "two of five numbers": [row[:5] for row in RANDOM_VECTORS[:2]],
    "along two columns": [[5, 0, 0.1, 0], [0, 4, 0, 0.1], [-3, 2, 0, 0]],
    "a zero vector": [[0, 0], [5, 2], [4, 3]],
    "zero vectors": [[0, 0, 0]] * 3,
    "equal": [[1.5, -2]] * 3,
    "opposite": [[1, 2], [-1, -2], [2, 4]],
    "huge": [[1e6, 1e6], [-1e6, 1e6], [1e6, -1e6]],
    "huge and long": [[1e6] * 8, [-1e6] * 8, [1e6] * 4 + [1.0] * 4],
    "tiny": [[1e-5, 0], [0, 1e-5], [1e-5, 1e-5]],
}


@pytest.mark.parametrize("kind", VECTORS)
def test_the_vectors_are_drawn_multiplied_and_measured(kind):
    vectors = np.array(VECTORS[kind], dtype=float)
    page = lesson("similarity", 0, with_lessons(vectors=vectors.tolist()))
    np.testing.assert_array_equal(shown_table(page, "vectors").to_numpy(), vectors)
    expected = named_vectors(vectors, "ABC")
    pairs = ["A · C", "B · C", "A · B"] if len(vectors) == 3 else ["A · B"]
    assert assert_formulas(page, expected) == pairs
    arrows = picture(page, "x0", "x", "label").query("label != ''")
    assert list(arrows["label"]) == list("ABC")[: len(vectors)]
    drawn = arrows[["x", "y"]].to_numpy()
    assert not arrows[["x0", "y0"]].to_numpy().any()
    if vectors.shape[1] == 2:
        np.testing.assert_array_equal(drawn, vectors)
        assert "projection" not in captions(page)
    elif assert_projection_is_told(page, vectors, drawn, from_origin=True):
        columns = [int(name.removeprefix("d")) - 1 for name in axis_titles(page)]
        np.testing.assert_array_equal(drawn, vectors[:, columns])
    set_(page, "card_similarity", 1)
    names = assert_formulas(page, expected)
    lengths = [f"|{name}|" for name in "ABC"[: len(vectors)]]
    measured = [[f"cos({pair})", f"angle({pair})"] for pair in (each.replace(" · ", ", ") for each in pairs)]
    wanted = lengths + [name for pair, both in zip(pairs, measured, strict=True) for name in (pair, *both)]
    assert names == [name for name in wanted if name in expected]
    zeros = [f"{name} is zero" for name, row in zip("ABC", vectors, strict=False) if not row.any()]
    assert [each.partition(":")[0] for each in infos(page)] == zeros


def test_the_article_gets_26_and_11_and_this_page_too():
    page = lesson("similarity")
    assert [(name, result) for name, _, result in lines_on(page)][:2] == [
        ("A · C", r"\mathbf{11.00}"),
        ("B · C", r"\mathbf{26.00}"),
    ]


def test_a_number_typed_into_the_vectors_changes_every_sum_with_it():
    page = lesson("similarity", 1)
    write(page, "vectors", {0: {"d1": 2.5}, 2: {"d2": -1.25}})
    table = shown_table(page, "vectors").to_numpy()
    assert table.tolist() == [[2.5, 5], [5, 2], [4, -1.25]]
    assert len(assert_formulas(page, named_vectors(table, "ABC"))) == 12
    drawn = picture(page, "x0", "x", "label").query("label != ''")
    np.testing.assert_array_equal(drawn[["x", "y"]].to_numpy(), table)


def test_vectors_can_become_fewer_and_longer_and_keep_what_fits():
    page = lesson("similarity")
    set_(page, "vector_size", 4)
    assert shown_table(page, "vectors").to_numpy().tolist() == [[-1, 5, 0, 0], [5, 2, 0, 0], [4, 3, 0, 0]]
    assert "100 % of the distances" in captions(page)
    assert_formulas(page, named_vectors(shown_table(page, "vectors").to_numpy(), "ABC"))
    set_(page, "vector_count", 2)
    assert shown_table(page, "vectors").to_numpy().tolist() == [[-1, 5, 0, 0], [5, 2, 0, 0]]
    assert assert_formulas(page, named_vectors(shown_table(page, "vectors").to_numpy(), "ABC")) == ["A · B"]
    set_(page, "vector_count", 3)
    set_(page, "vector_size", 2)
    assert shown_table(page, "vectors").to_numpy().tolist() == [[-1, 5], [5, 2], [4, 3]]


def one_greatest(values):
    """Which value is the one greatest, as a list of truths."""
    known = values[~np.isnan(values)]
    close = np.isclose(values, known.max(), rtol=1e-9, atol=1e-12) if known.size else np.zeros(len(values), bool)
    return close if close.sum() == 1 else np.zeros(len(values), bool)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_words_of_the_sentence_are_compared_by_dot_product_and_cosine(name):
    given = read_document(name)
    page = lesson("similarity", 2, coded(EVERYTHING[name]))
    assert widget(page, "looking_word").value == given.row
    x, word = given.x, given.row
    sizes = np.sqrt((x**2).sum(axis=1))
    dots = np.array([sum(a * b) for a, b in zip(x, np.tile(x[word], (len(x), 1)), strict=True)])
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = dots / (sizes * sizes[word])
    for title, expected in (("Dot product", dots), ("Cosine", cosines)):
        bars = picture(page, "word", "marked", title=title)
        assert list(bars["word"]) == given.labels
        np.testing.assert_allclose(bars["value"].astype(float), expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(bars["marked"], one_greatest(expected))
        for text, value in zip(bars["shown"], expected, strict=True):
            assert text == "undefined" if math.isnan(value) else assert_rounded(text, value, given.decimals) is None
    names = assert_formulas(page, named_vectors(x, given.labels), tight=tightness(given))
    one, other = given.labels[word], given.labels[given.column]
    assert names[:3] == [f"{one} · {other}", f"|{one}|", f"|{other}|"]
    assert (f"cos({one}, {other})" in names) == (sizes[word] > 0 < sizes[given.column])


def test_another_word_can_be_compared_and_one_without_direction_is_told():
    page = lesson("similarity", 2)
    write(page, "embeddings", {3: {"living": 0.0, "action": 0.0, "water": 0.0, "money": 0.0}, 5: {"water": -2.0}})
    x = shown_table(page, "embeddings").to_numpy()
    set_(page, "looking_word", 3)
    np.testing.assert_array_equal(picture(page, "marked", title="Dot")["value"], x @ x[3])
    assert picture(page, "marked", title="Cosine")["shown"].tolist() == ["undefined"] * 6
    assert infos(page) == ["All numbers of the are zero: it has no direction, so no cosine."]
    set_(page, "looking_word", 5)
    np.testing.assert_allclose(picture(page, "marked", title="Dot")["value"], x @ x[5])


# --- Same word, two sentences ----------------------------------------------------------------------------------------


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
    turn_to(page, "same_word", 0)
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

    turn_to(page, "same_word", 2)
    if pair[0].context.shape[1] != given.x.shape[1]:
        assert "share no picture" in infos(page)[0] and not page.get("vega_lite_chart")
        return pair
    assert_moved(page, given, pair, tight)
    return pair


def assert_sum_in_words(page, which, it, decimals):
    """- sentence 1: **bank** = 0.57 · river + 0.22 · bank"""
    (line,) = re.findall(rf"^- sentence {which}: \*\*.*\*\* = (.*)$", told(page), re.MULTILINE)
    *shares, own = line.split(" + ") if it.adds_itself else (*line.split(" + "), "")
    assert own == (f"{it.labels[it.at]} as it is" if it.adds_itself else "")
    seen = np.flatnonzero(it.allowed[it.at])
    drawn = [each.split(" · ") for each in shares if "more with smaller weights" not in each]
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


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_word_in_two_sentences_is_one_row_and_two_sums(name):
    given = read_document(name)
    page = opened(coded(EVERYTHING[name]))
    assert_same_word(page, given, tight=tightness(given))


def test_every_shared_word_can_be_followed_and_every_number_summed():
    page = lesson("same_word", 1)
    given = read_document("opening")
    for word in ("we", "walked", "the", "bank"):
        set_(page, "shared_word", word)
        for entry in range(4):
            set_(page, "context_entry", entry)
            pair = pair_on(page, given)
            names = assert_formulas(page, named(pair[0], "sentence 1: ") | named(pair[1], "sentence 2: "))
            assert [name.split("(")[0] for name in names] == [
                f"sentence {which}: context_{given.dimensions[entry]}" for which in (1, 2)
            ]
            assert_sum_in_words(page, 1, pair[0], 2)
    set_(page, "card_same_word", 2)
    assert_moved(page, given, pair_on(page, given), math.inf)


def test_own_sentences_are_followed_as_they_are_typed():
    page = opened()
    given = read(page)
    turn_to(page, "same_word")
    set_(page, "sentence", "The old bank by the river gave no money to us on that long cold day")
    set_(page, "other_sentence", "Money in the bank")
    assert not page.error and not infos(page)
    pair = assert_same_word(page, given)
    assert [len(it.words) for it in pair] == [16, 4]


def test_two_sentences_without_a_shared_word_are_one_plain_sentence_over_the_last_picture():
    page = lesson("same_word", 1)
    before = [frame.to_dict() for frame in pictures(page, "key_position")]
    set_(page, "other_sentence", "nothing alike here")
    assert [each.value for each in page.error] == [
        "The two sentences share no word\\. Type one word into both\\, such as bank\\. "
        "The picture is still that of the last sentence."
    ]
    assert widget(page, "other_sentence").value == "nothing alike here"
    assert [frame.to_dict() for frame in pictures(page, "key_position")] == before
    set_(page, "other_sentence", "")
    assert len(page.error) == 1 and [frame.to_dict() for frame in pictures(page, "key_position")] == before
    set_(page, "other_sentence", "bank")
    assert not page.error
    assert_same_word(page, read_document("opening"))


@pytest.mark.parametrize(("first", "second"), [("bank", "bank"), ("bank", "the bank"), ("river bank", "bank")])
@pytest.mark.parametrize("variant", VARIANTS)
def test_sentences_of_one_word_are_sums_too(first, second, variant):
    page = opened(with_lessons(sentence=first, variant=variant, other_sentence=second))
    assert_same_word(page, read(page))


def test_a_first_sentence_that_shares_no_word_any_more_gets_another_beside_it():
    page = lesson("same_word")
    set_(page, "other_sentence", "my bank")
    set_(page, "sentence", "We walked to the sea")
    assert widget(page, "other_sentence").value != "my bank"
    assert infos(page)[0].startswith("Your sentence 2, “my bank”, shares no word with sentence 1.")
    assert_same_word(page, read_document("opening"))
    set_(page, "sentence", RIVER)
    assert widget(page, "other_sentence").value == "my bank" and not infos(page)


def test_editing_the_joint_table_changes_both_sentences_and_the_playground():
    page = lesson("same_word", 1)
    write(page, "both", {5: {"water": 0.9}, 6: {"money": -0.5}, 4: {"living": 0.25}})
    assert_same_word(page, read_document("opening"))
    turn_to(page, "playground")
    table = shown_table(page, "embeddings")
    assert (table.loc["bank", "water"], table.loc["river", "living"]) == (0.9, 0.25)
    set_(page, "sentence", MONEY)
    assert shown_table(page, "embeddings").loc["money", "money"] == -0.5


def test_random_numbers_in_the_joint_table_give_random_sums():
    page = opened(coded(document(decimals=8)))
    given = read(page)
    turn_to(page, "same_word")
    write_all(page, "both", np.round(np.random.default_rng(11).normal(size=(7, 4)), 3))
    for variant in VARIANTS:
        turn_to(page, "same_word", 1)
        set_(page, "variant", variant)
        for scaled in (False, True):
            set_(page, "scaled", scaled)
            given.variant, given.scaled = variant, scaled
            assert_same_word(page, given, tight=1e-5)
            turn_to(page, "same_word", 1)


@pytest.mark.parametrize("sentence", ["w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 bank", "bank " * 10])
def test_a_long_sum_in_words_names_its_greatest_weights(sentence):
    page = opened(coded(document(sentence=sentence.strip(), decimals=8)))
    assert_same_word(page, read(page))


# --- Step by step ----------------------------------------------------------------------------------------------------


def ledger_of(page):
    return picture(page, "row_position", "column_position", "shown")


def places_of(frame):
    return set(zip(frame["row_position"], frame["column_position"], strict=True))


def expected_cells(it, word, drawn, reached):
    """What stands in the picture of a stage: row and column -> the number, or NaN for a dash."""
    parts = {name: letter if reached > 1 else "x" for name, letter in it.letters.items()}
    asking, asked, giving = (it.parts[parts[name]] for name in ("query", "key", "value"))
    score = max(it.x.shape[1], it.key.shape[1]) + 1
    right, rest = score + 4, [at for at in range(len(it.x)) if at not in drawn]
    cells = {(0, column): value for column, value in enumerate(asking[word])}
    gives = it.weights[word][:, None] * giving if reached >= 6 else giving
    rows = [*enumerate(drawn, start=1)]
    for row, at in rows:
        cells |= {(row, column): value for column, value in enumerate(asked[at])}
        cells |= {(row, right + column): value for column, value in enumerate(gives[at])}
        if reached >= 3:
            scores = it.scores if reached == 3 else it.divided
            cells[row, score] = scores[word, at] if it.allowed[word, at] else math.nan
        if reached >= 5:
            cells[row, score + 1] = it.exponentials[word, at] if it.allowed[word, at] else math.nan
            cells[row, score + 2] = it.weights[word, at] if it.allowed[word, at] else math.nan
    last = len(rows) + bool(rest) + it.adds_itself + 1
    if reached >= 5:
        cells |= {(last, score + 1): it.totals[word], (last, score + 2): it.weights[word].sum()}
        if rest:
            cells[len(rows) + 1, score + 1] = it.exponentials[word, rest].sum()
            cells[len(rows) + 1, score + 2] = it.weights[word, rest].sum()
    if reached >= 6:
        if rest:
            summed = enumerate(gives[rest].sum(axis=0))
            cells |= {(len(rows) + 1, right + column): value for column, value in summed}
        if it.adds_itself:
            cells |= {(last - 1, right + column): value for column, value in enumerate(it.x[word])}
    if reached >= 7:
        cells |= {(last, right + column): value for column, value in enumerate(it.context[word])}
    return cells


def assert_ledger(page, it, word, other, drawn, reached):
    frame = ledger_of(page)
    expected, found = expected_cells(it, word, drawn, reached), {}
    for _, cell in frame.iterrows():
        place = cell["row_position"], cell["column_position"]
        assert place not in found
        found[place] = cell["shown"]
        if cell["shown"] == "":
            assert place not in expected and math.isnan(cell["value"]), place
        elif math.isnan(expected[place]):
            assert cell["shown"] == "–" and math.isnan(cell["value"])
        else:
            assert cell["value"] == pytest.approx(expected[place], rel=1e-9, abs=1e-12), place
            assert_rounded(cell["shown"], expected[place], it.decimals)
    assert expected.keys() <= found.keys()
    names = dict(zip(frame["row_position"], frame["row"].astype(str), strict=True))
    asks = {"x": "embedding", "q": "query", "k": "key"}[it.letters["query"] if reached > 1 else "x"]
    assert names[0] == f"{it.labels[word]}: {asks}"
    assert [names[row] for row in range(1, len(drawn) + 1)] == [it.labels[at] for at in drawn]
    assert names[max(names)] == "sum"
    key_of = dict(zip(frame["row_position"], frame["key_position"], strict=True))
    assert key_of == {row: drawn[row - 1] + 1 if 1 <= row <= len(drawn) else 0 for row in names}
    assert set(frame.loc[frame["chosen"], "row_position"]) == {1 + drawn.index(other)}
    columns = dict(zip(frame["column_position"], frame["column"].astype(str), strict=True))
    score = max(it.x.shape[1], it.key.shape[1]) + 1
    scaled = reached >= 4 and it.scaled
    assert [columns[score + at] for at in range(3)] == [
        "score ÷ √d" if scaled else "score",
        "exponential",
        "weight",
    ]
    return frame


def names_in_stage(it, word, other, reached):
    """Which sums stand under the picture of a stage."""
    one, looked_at = it.labels[word], it.labels[other]
    if reached == 2:
        made = dict.fromkeys(zip(it.letters.values(), (one, looked_at, looked_at), strict=True))
        every = [
            f"{letter}_{at}({label})"
            for letter, label in made
            if letter != "x"
            for at in range(1, it.parts[letter].shape[1] + 1)
        ]
        return every[:12]
    if reached in (3, 4):
        return [f"{'score' if reached == 3 else 'scaled score'}({one} → {looked_at})"]
    if reached == 5 and it.allowed[word, other]:
        return [f"e^score({looked_at})", "sum", f"weight({looked_at})"]
    if reached == 6 and it.allowed[word, other]:
        return [f"part_{name}({looked_at})" for name in it.columns]
    return [f"context_{name}({one})" for name in it.columns] if reached == 7 else []


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_stage_keeps_its_cells_in_their_places_and_adds_the_next_numbers(name):
    given = read_document(name)
    it = attended(given)
    page = lesson("step_by_step", 0, coded(EVERYTHING[name]))
    expected = named(it) | named_row(it, given.row)
    places = {}
    for reached in STAGES:
        if reached > 1:
            set_(page, "stage", reached)
        frame = assert_ledger(page, it, given.row, given.column, list(range(len(it.x))), reached)
        places[reached] = places_of(frame)
        names = assert_formulas(page, expected, tight=tightness(given))
        assert names == names_in_stage(it, given.row, given.column, reached)
    assert all(places[reached] == places[2] for reached in range(2, 8))
    if {it.parts[letter].shape[1] for letter in it.letters.values()} == {it.x.shape[1]}:
        assert places[1] == places[2]


def test_a_word_that_may_not_be_looked_at_has_dashes_and_a_plain_sentence():
    page = opened(coded(RANDOM | {"causal": True}))
    choose_cell(page, 1, 4)
    given = read(page)
    assert (given.row, given.column) == (1, 4)
    it = attended(given)
    for reached in STAGES:
        turn_to(page, "step_by_step", 0)
        set_(page, "stage", reached)
        frame = assert_ledger(page, it, 1, 4, list(range(6)), reached)
        assert (frame["shown"] == "–").sum() == (0 if reached < 3 else 4 if reached < 5 else 12)
        assert_formulas(page, named(it) | named_row(it, 1), tight=1e-5)
    set_(page, "stage", 5)
    assert infos(page) == ["two may not look at four."]


def test_of_many_words_the_heaviest_are_drawn_and_the_others_are_one_row():
    sentence = " ".join(f"w{at}" for at in range(24))
    for variant in ("qkv", "embeddings_only"):
        page = opened(coded(random_document(5, sentence, decimals=7, variant=variant)))
        choose_cell(page, 20, 3)
        given = read(page)
        it = attended(given)
        turn_to(page, "step_by_step", 0)
        for reached in STAGES:
            set_(page, "stage", reached)
            frame = ledger_of(page)
            drawn = [at - 1 for at in dict.fromkeys(frame["key_position"]) if at]
            assert_ledger(page, it, 20, 3, drawn, reached)
        assert len(drawn) == 16 and {20, 3} <= set(drawn)
        assert "8 others" in set(frame["row"].astype(str))
        others = np.delete(it.weights[20], drawn)
        chosen = [at for at in drawn if at not in (20, 3)]
        assert it.weights[20, chosen].min() >= others.max()
        assert_formulas(page, named(it), dots=len(it.columns))


def test_the_stages_are_walked_with_buttons_and_reached_by_a_jump():
    page = lesson("step_by_step")
    assert widget(page, "stage").value == 1 and widget(page, "stage_to_b").disabled
    for reached in range(2, 8):
        widget(page, "stage_to_n").click().run()
        assert widget(page, "stage").value == reached
        assert not page.success or reached == 7
    assert widget(page, "stage_to_n").disabled and page.success
    widget(page, "stage_to_b").click().run()
    assert widget(page, "stage").value == 6
    set_(page, "stage", 3)
    assert widget(page, "stage").value == 3
    turn_to(page, "similarity")
    turn_to(page, "step_by_step")
    assert widget(page, "stage").value == 3


def test_the_way_the_scaling_and_the_numbers_can_be_changed_beside_the_stages():
    page = opened(coded(document(decimals=8)))
    given = read(page)
    turn_to(page, "step_by_step")
    set_(page, "stage", 7)
    set_(page, "edited_table", "w_v")
    write_all(page, "w_v", np.round(np.random.default_rng(4).normal(size=(4, 4)), 3))
    given.tables["w_v"] = shown_table(page, "w_v").to_numpy()
    set_(page, "edited_table", "embeddings")
    write(page, "embeddings", {0: {"living": 0.7, "water": -1.25}})
    given.x = shown_table(page, "embeddings").to_numpy()
    for variant in VARIANTS:
        set_(page, "variant", variant)
        for scaled in (True, False):
            set_(page, "scaled", scaled)
            it = attended(given, variant=variant, scaled=scaled)
            for reached in (4, 7):
                set_(page, "stage", reached)
                assert_ledger(page, it, given.row, given.column, list(range(6)), reached)
                assert assert_formulas(page, named(it), tight=1e-5) == names_in_stage(it, 5, 4, reached)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_word_at_once_is_the_full_matrices(name):
    given = read_document(name)
    it = attended(given)
    page = lesson("step_by_step", 1, coded(EVERYTHING[name]))
    np.testing.assert_allclose(heat_map(page, "scores"), it.scores, rtol=1e-9, atol=1e-12)
    weights = np.where(it.allowed, it.weights, np.nan)
    np.testing.assert_allclose(heat_map(page, "weights"), weights, rtol=1e-9, atol=1e-12)
    (context,) = tables_to_read(page)
    assert list(context.index) == it.labels and list(context.columns) == it.columns
    np.testing.assert_allclose(context.to_numpy(), it.context, rtol=1e-9, atol=1e-12)
    cell = f"({it.labels[given.row]} → {it.labels[given.column]})"
    names = assert_formulas(page, named(it), tight=tightness(given))
    assert names == [f"{what}{cell}" for what in ("score", "scaled score", "weight")]


PRINTED = [0.150, 0.559, 0.902, 1.261]
PRINTED_WORDS = ["The", "cat", "chased", "mouse"]


def assert_printed_card(page, scores):
    scores = np.array(scores, dtype=float)
    top = scores.max() if np.abs(scores).max() > 20 else 0.0
    powers = np.exp(scores - top)
    frame = ledger_of(page)
    cells = {(row, column): value for row, column, value in frame[["row_position", "column_position", "value"]].values}
    expected = np.column_stack([scores, powers, powers / powers.sum()])
    assert cells == {
        **{(row, column): pytest.approx(expected[row, column]) for row in range(4) for column in range(3)},
        (4, 1): pytest.approx(powers.sum()),
        (4, 2): pytest.approx(1.0),
        **{place: value for place, value in cells.items() if place == (4, 0) and math.isnan(value)},
    }
    for _, cell in frame[frame["shown"] != ""].iterrows():
        assert_rounded(cell["shown"], cell["value"], 3)
    names = {f"e^score({word})": power for word, power in zip(PRINTED_WORDS, powers, strict=True)}
    names |= {f"weight({word})": power / powers.sum() for word, power in zip(PRINTED_WORDS, powers, strict=True)}
    assert len(assert_formulas(page, names | {"sum": powers.sum()})) == 9


def test_the_printed_row_is_as_the_article_prints_it():
    page = lesson("step_by_step", 2)
    assert shown_table(page, "score_row")["score"].tolist() == PRINTED
    assert_printed_card(page, PRINTED)
    results = [Formula(result).written for _, _, result in lines_on(page)]
    printed = ["1.162", "1.749", "2.465", "3.529", "8.904", "0.130", "0.196", "0.277", "0.396"]
    assert results == [rf"\mathbf{{{each}}}" for each in printed]
    assert "8.905 is the sum of the rounded exponentials; unrounded it is 8.904." in told(page)
    assert round(sum(np.round(np.exp(PRINTED), 3)), 3) == 8.905


@pytest.mark.parametrize(
    "scores",
    [
        [0, 0, 0, 0],
        [-1.5, 0.559, 2.25, 1.261],
        [19.9, -19.9, 3, 1],
        [20.5, 1, 2, 3],
        [1e6, -1e6, 1e6, 0],
        [1e6] * 4,
        pytest.param([-30, -31, -32, -33]),
        pytest.param([-1e6] * 4),
    ],
)
def test_a_changed_row_of_scores_gives_its_own_softmax(scores):
    page = lesson("step_by_step", 2)
    write(page, "score_row", {row: {"score": score} for row, score in enumerate(scores)})
    assert_printed_card(page, scores)
    assert "Printed were the scores 0.150, 0.559, 0.902, 1.261 and the weights 0.130, 0.196, 0.277, 0.396." in told(
        page
    )
    assert_line_card(turn_to(page, "step_by_step", 3), scores)


def assert_line_card(page, scores):
    """A straight line over the places, as close as can be: half the width of the narrowest band that holds all."""
    (reach,) = tables_to_read(page)
    assert list(reach.index) == PRINTED_WORDS
    embeddings = reach[["d1", "d2", "d3"]].to_numpy()
    np.testing.assert_array_equal(embeddings, [[0.1, 0.2, 0.3], [0.5, 0.6, 0.7], [0.8, 0.9, 1.0], [1.1, 1.2, 1.3]])
    places, scores = embeddings[:, 0] - 0.1, np.array(scores, dtype=float)
    np.testing.assert_allclose(reach["place"], places, atol=1e-12)
    np.testing.assert_array_equal(reach["score"], scores)

    def band(slope):
        return np.ptp(scores - slope * places) / 2

    slopes = [(scores[i] - scores[j]) / (places[i] - places[j]) for i in range(4) for j in range(i)]
    best = min(slopes, key=band)
    size = max(1.0, np.abs(scores).max())
    errors = scores - reach["line"].to_numpy()
    assert np.abs(errors).max() == pytest.approx(band(best), abs=1e-9 * size)
    straight = np.polyfit(places, reach["line"], 1)
    np.testing.assert_allclose(np.polyval(straight, places), reach["line"], atol=1e-8 * size)
    along, misses = picture(page, "place", "line", "score"), picture(page, "low", "high", "beyond")
    np.testing.assert_array_equal(along[["place", "score", "line"]], reach[["place", "score", "line"]])
    for text, word, score in zip(along["told"], PRINTED_WORDS, scores, strict=True):
        assert text.startswith(f"{word} ")
        assert_rounded(text.removeprefix(f"{word} "), score, 3)
    np.testing.assert_allclose(misses["value"], errors, atol=1e-12 * size)
    for text, error in zip(misses["shown"], errors, strict=True):
        assert_rounded(text, error, 4)
    assert set(misses["high"]) == {0.0005} and set(misses["low"]) == {-0.0005}
    assert misses["beyond"].tolist() == (np.abs(errors) > 0.0005).tolist()
    assert_rounded(re.search(r"an error of \*\*([^*]+)\*\*", told(page))[1], band(best), 4)
    return band(best)


def test_the_printed_row_is_0177_off_every_line_until_it_is_edited_onto_one():
    page = lesson("step_by_step", 3)
    assert assert_line_card(page, PRINTED) == pytest.approx(0.0177, abs=5e-5)
    assert "**0.0177**" in told(page) and not page.success
    on_line = [0.15, 0.594, 0.927, 1.26]
    write(page, "score_row", {row: {"score": score} for row, score in enumerate(on_line)})
    assert assert_line_card(page, on_line) <= 0.0005
    assert "**0.0000**" in told(page) and page.success


# --- Three ways ------------------------------------------------------------------------------------------------------

FORMS = {"a": "embeddings_only", "b": "queries_and_keys", "c": "qkv"}


def forms_of(given):
    return {letter: attended(given, variant=variant) for letter, variant in FORMS.items()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_three_forms_are_drawn_from_the_same_numbers(name):
    given = read_document(name)
    forms = forms_of(given)
    page = opened(coded(EVERYTHING[name]))
    choose_cell(page, given.row, given.column)
    turn_to(page, "three_ways", 0)
    expected, wanted = {}, []
    for letter, it in forms.items():
        weights = np.where(it.allowed, it.weights, np.nan)
        np.testing.assert_allclose(heat_map(page, f"weights_{letter}"), weights, rtol=1e-9, atol=1e-12)
        expected |= named(it, f"({letter}) ")
        cell = f"({it.labels[given.row]} → {it.labels[given.column]})"
        wanted += [f"({letter}) {what}{cell}" for what in ("score", "scaled score", "weight")]
    assert assert_formulas(page, expected, tight=tightness(given)) == wanted


def favourites(table, allowed):
    """For each word the other word that is ahead of all, or None."""
    ahead = []
    for row, scores in enumerate(table):
        others = [at for at in np.flatnonzero(allowed[row]) if at != row]
        best = max(others, key=lambda at: scores[at], default=None)
        ties = [at for at in others if math.isclose(scores[at], scores[best], rel_tol=1e-9, abs_tol=1e-12)]
        ahead.append(best if len(ties) == 1 else None)
    return ahead


@pytest.mark.parametrize("name", DOCUMENTS)
def test_which_word_each_word_prefers(name):
    given = read_document(name)
    forms = forms_of(given)
    page = lesson("three_ways", 1, coded(EVERYTHING[name]))
    alike = favourites(given.x @ given.x.T, forms["a"].allowed)
    preferred = {letter: favourites(it.scores, it.allowed) for letter, it in forms.items()}
    (table,) = tables_to_read(page)
    assert list(table.index) == given.labels
    for column, ahead in zip(table.columns, (alike, *preferred.values()), strict=True):
        assert table[column].tolist() == ["–" if at is None else given.labels[at] for at in ahead], column
    for letter, ahead in preferred.items():
        both = [(one, other) for one, other in zip(alike, ahead, strict=True) if one is not None and other is not None]
        same = sum(one == other for one, other in both)
        assert f"({letter}) **{same} of {len(both)}**" in told(page)
    for letter in "ab":
        weights = np.where(forms[letter].allowed, forms[letter].weights, np.nan)
        np.testing.assert_allclose(heat_map(page, f"weights_{letter}"), weights, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_comes_out_of_each_form(name):
    given = read_document(name)
    forms = forms_of(given)
    page = lesson("three_ways", 2, coded(EVERYTHING[name]))
    (table,) = tables_to_read(page)
    rows = [given.x[given.row], *(it.context[given.row] for it in forms.values())]
    assert [label[:3] for label in table.index] == ["emb", "(a)", "(b)", "(c)"]
    assert list(table.columns) == [str(at) for at in range(1, max(map(len, rows)) + 1)]
    for found, row in zip(table.to_numpy(), rows, strict=True):
        np.testing.assert_allclose(found[: len(row)], row, rtol=1e-9, atol=1e-12)
        assert np.isnan(found[len(row) :]).all()
    numbers = range(min(len(it.context[0]) for it in forms.values()))
    for entry in numbers:
        set_(page, "context_entry", entry)
        expected = {key: value for letter, it in forms.items() for key, value in named(it, f"({letter}) ").items()}
        wanted = [f"({letter}) context_{it.columns[entry]}({it.labels[given.row]})" for letter, it in forms.items()]
        assert assert_formulas(page, expected, tight=tightness(given)) == wanted


def assert_division(page, given):
    it = attended(given, variant="queries_and_keys")
    word, frame = given.row, ledger_of(page)
    cells = {(row, column): value for row, column, value in frame[["row_position", "column_position", "value"]].values}
    columns = list(dict.fromkeys(frame["column"].astype(str)))
    divided = [f"÷ √{it.key.shape[1]}"] if it.scaled else []
    assert columns == ["score", *divided, "exponential", "weight"]
    scores = [it.scores[word], it.divided[word]][: 1 + it.scaled]
    blocks = [*scores, it.exponentials[word], it.weights[word]]
    for column, block in enumerate(blocks):
        for row, value in enumerate(block):
            if it.allowed[word, row]:
                assert cells[row, column] == pytest.approx(value, rel=1e-9, abs=1e-12)
    n = int(it.allowed[word].sum())
    assert cells[n, len(columns) - 2] == pytest.approx(it.totals[word])
    assert cells[n, len(columns) - 1] == pytest.approx(1.0)
    for _, cell in frame[frame["shown"] != ""].iterrows():
        assert_rounded(cell["shown"], cell["value"], it.decimals)
    pair = f"({it.labels[word]} → {it.labels[given.column]})"
    wanted = [f"{what}{pair}" for what in ("score", "scaled score", "weight")]
    assert assert_formulas(page, named(it), tight=tightness(given)) == wanted
    return it


@pytest.mark.parametrize("name", ["opening", "opening exactly", "cat-and-mouse", "random", "random, another width"])
def test_the_division_is_worked_out_for_any_sentence(name):
    given = read_document(name)
    if given.causal:
        given = SimpleNamespace(**vars(given) | {"row": len(given.x) - 1})
    assert_division(lesson("three_ways", 3, coded(EVERYTHING[name])), given)


def test_the_lecture_gets_40_and_26_and_scaling_keeps_the_second_word_in_play():
    page = lesson("three_ways", 3)
    widget(page, "open_lecture-40-26").click().run()
    choose_cell(page, 1, 1)
    given = read(page)
    turn_to(page, "three_ways", 3)
    it = assert_division(page, given)
    assert sorted(it.scores[1]) == [26, 40] and sorted(it.divided[1]) == [13, 20]
    assert {"40.000", "26.000", "20.000", "13.000"} <= set(ledger_of(page)["shown"])
    assert it.weights[1].min() == pytest.approx(0.00091, abs=5e-6)
    assert not page.success
    set_(page, "scaled", False)
    assert page.success
    turn_to(page, "playground")
    set_(page, "decimals", 8)
    given = read(page)
    turn_to(page, "three_ways", 3)
    it = assert_division(page, given)
    assert it.weights[1].min() == pytest.approx(0.00000083, abs=5e-9)
    assert "0.00000083" in set(ledger_of(page)["shown"])


# --- Why scale? ------------------------------------------------------------------------------------------------------

SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


@cache
def random_draw(seed):
    """400 queries, each with 8 keys, of 512 numbers, and the scores of their first 1, 2, 3 … numbers."""
    generator = np.random.default_rng(seed)
    queries = generator.standard_normal((512, 400, 1))
    keys = generator.standard_normal((512, 400, 8))
    return queries, keys, np.cumsum(queries * keys, axis=0)


def entropy_of(weights):
    return -sum(each * math.log2(each) for each in weights if each)


def gradient_of(weights):
    """Root of the sum of squares of weight · (1 − weight) and of −weight · other weight."""
    table = np.diag(weights) - np.outer(weights, weights)
    return math.sqrt((table**2).sum())


MEASURES = {"largest weight": max, "entropy in bits": entropy_of, "size of the gradient": gradient_of}


@cache
def measured(seed, d_k, scaled, name):
    scores = random_draw(seed)[2][d_k - 1]
    weights = softmax(scores / math.sqrt(d_k) if scaled else scores)
    return np.array([MEASURES[name](row) for row in weights])


def assert_over_sizes(frame, expected, d_k):
    """expected: (d_k, which) -> mean, low, high"""
    drawn = frame[frame["mean"].notna()]
    found = {(row["d_k"], row["which"]): (row["mean"], row["low"], row["high"]) for _, row in drawn.iterrows()}
    assert found.keys() == expected.keys() and len(drawn) == len(expected)
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, rel=1e-9, abs=1e-12), key
    assert frame.loc[frame["at"] == True, "d_k"].tolist() == [d_k]  # noqa: E712


@pytest.mark.parametrize(("d_k", "seed"), [(64, 1), (1, 1), (512, 1), (37, 2024)])
def test_random_scores_grow_saturate_and_lose_their_gradient(d_k, seed):
    page = lesson("why_scale", 0, with_lessons(key_size=d_k, seed=seed))
    assert (widget(page, "key_size").value, widget(page, "random_seed").value) == (d_k, seed)
    queries, keys, scores = random_draw(seed)
    sizes = sorted({*SIZES, d_k})
    expected = {}
    for size in sizes:
        row = scores[size - 1]
        expected[size, "standard deviation"] = (row.std(), *np.percentile(row, [10, 90]))
        expected[size, "√d_k"] = (math.sqrt(size),) * 3
    assert_over_sizes(picture(page, "d_k", "mean"), expected, d_k)
    deviation, low, high = expected[d_k, "standard deviation"]
    numbers = re.search(
        r"deviation \*\*(.+)\*\*; √\d+ = (.+)\. The middle 80 of 100 lie between (.+) and (.+)\. The", told(page)
    )
    for text, value in zip(numbers.groups(), (deviation, math.sqrt(d_k), low, high), strict=True):
        assert_rounded(text, value, 2)
    first = float(queries[:d_k, 0, 0] @ keys[:d_k, 0, 0])
    assert first == pytest.approx(scores[d_k - 1, 0, 0])
    assert assert_formulas(page, {"query · key": first}, dots=int(d_k > 9)) == ["query · key"]

    def assert_measure(name):
        expected = {
            (size, which): (
                measured(seed, size, scaled, name).mean(),
                *np.percentile(measured(seed, size, scaled, name), [10, 90]),
            )
            for size in sizes
            for which, scaled in (("with scaling", True), ("without", False))
        }
        assert_over_sizes(picture(page, "d_k", "mean"), expected, d_k)
        said_here = re.search(
            rf"the {name} is on average \*\*(.+)\*\* with scaling and \*\*(.+)\*\* without", told(page)
        )
        for text, which in zip(said_here.groups(), ("with scaling", "without"), strict=True):
            assert_rounded(text, expected[d_k, which][0], 4)

    set_(page, "card_why_scale", 1)
    assert_measure("largest weight")
    rows = {
        "with scaling": softmax(scores[d_k - 1][:1] / math.sqrt(d_k))[0],
        "without": softmax(scores[d_k - 1][:1])[0],
    }
    bars = picture(page, "word", "which", title="first random row")
    for which, row in rows.items():
        one = bars[bars["which"] == which]
        np.testing.assert_allclose(one["value"], row, rtol=1e-9)
        for text, value in zip(one["shown"], row, strict=True):
            assert_rounded(text, value, 2)
    set_(page, "measure", "entropy")
    assert_measure("entropy in bits")
    set_(page, "card_why_scale", 2)
    assert_measure("size of the gradient")
    slopes = {}
    for which, row in rows.items():
        key = f"key {int(np.argmax(row)) + 1}"
        slopes[f"{which}: ∂weight({key})/∂score({key})"] = max(row) * (1 - max(row))
    assert assert_formulas(page, slopes) == list(slopes)


def own_rows(given):
    """The chosen word's weights with scaling and without."""
    return {which: attended(given, scaled=scaled) for which, scaled in (("with scaling", True), ("without", False))}


def numerical_gradient(scores):
    """The size of the softmax's Jacobian from small changes of each score."""
    seen = np.array([score for score in scores if math.isfinite(score)])
    step = 1e-5
    changes = [
        (softmax((seen + step * unit)[None])[0] - softmax((seen - step * unit)[None])[0]) / (2 * step)
        for unit in np.eye(len(seen))
    ]
    return math.sqrt((np.array(changes) ** 2).sum())


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_own_row_is_measured_with_scaling_and_without(name):
    given = read_document(name)
    page = lesson("why_scale", 3, coded(EVERYTHING[name]))
    rows, word = own_rows(given), given.row
    bars = picture(page, "word", "which")
    (table,) = tables_to_read(page)
    assert list(table.index) == list(MEASURES)
    expected, wanted = {}, []
    for which, it in rows.items():
        weights = it.weights[word]
        one = bars[bars["which"] == which]
        assert list(one["word"]) == it.labels
        np.testing.assert_allclose(one["value"], weights, rtol=1e-9, atol=1e-12)
        for text, value in zip(one["shown"], weights, strict=True):
            assert_rounded(text, value, given.decimals)
        assert table.loc["largest weight", which] == pytest.approx(weights.max())
        assert table.loc["entropy in bits", which] == pytest.approx(entropy_of(weights), abs=1e-12)
        assert table.loc["size of the gradient", which] == pytest.approx(numerical_gradient(it.divided[word]), abs=1e-8)
        label, share = it.labels[given.column], weights[given.column]
        slope = f"{which}: ∂weight({label})/∂score({label})"
        expected |= {f"{which}: entropy": entropy_of(weights), slope: share * (1 - share)}
        wanted += [f"{which}: entropy", slope]
    assert assert_formulas(page, expected, tight=1e-4 if given.decimals == 8 else math.inf) == wanted


# --- the cards: what is to be done, done, and the way on -------------------------------------------------------------


def is_done(page, script, number):
    """Whether the card says that its task is done; the picker must say the same."""
    ticked = [option.content_icon == ":material/check:" for option in widget(page, f"card_{script}").proto.options]
    says_done = [each.value for each in page.success]
    assert ticked[number] == bool(says_done)
    assert len(says_done) <= 1 and all(each.startswith("Done. ") for each in says_done)
    assert bool(says_done) != any(each.value.startswith("**To do:**") for each in page.info)
    return bool(says_done)


def longer_a(page):
    write(page, "vectors", {0: {"d1": -3.0, "d2": 15.0}})


def own_sentences(page):
    set_(page, "sentence", "The bank lends money")
    set_(page, "other_sentence", "We sat on the bank")


def greatest_cell(page):
    weights = squares(turn_to(page, "playground"), "weights")
    choose_cell(page, *map(int, np.unravel_index(np.nanargmax(weights), weights.shape)))


def turned_queries(page):
    set_(page, "edited_table", "w_q")
    write_all(page, "w_q", 4 * np.eye(4)[::-1])


def other_values(page):
    set_(page, "edited_table", "w_v")
    write(page, "w_v", {0: {"v1": 5.0}})


def lecture_unscaled(page):
    widget(page, "open_lecture-40-26").click().run()
    set_(page, "scaled", False)


TASKS = {
    "similarity/multiply": lambda page: write(page, "vectors", {0: {"d1": 5.0}}),
    "similarity/angle": longer_a,
    "similarity/words": lambda page: write(page, "embeddings", {1: {"water": 5.0}}),
    "same_word/static": own_sentences,
    "same_word/sum": lambda page: write(page, "both", {5: {"water": 3.0, "money": 3.0}}),
    "same_word/moved": lambda page: write(page, "both", {4: {"water": 0.0}, 6: {"money": 0.0}}),
    "step_by_step/stages": lambda page: set_(page, "stage", 7),
    "step_by_step/every": greatest_cell,
    "step_by_step/printed": lambda page: write(page, "score_row", {3: {"score": 1.5}}),
    "step_by_step/line": lambda page: write(page, "score_row", dict(enumerate({"score": s} for s in (1, 1, 1, 1)))),
    "three_ways/forms": lambda page: choose_cell(page, 2, 2),
    "three_ways/alike": turned_queries,
    "three_ways/context": other_values,
    "three_ways/forty": lecture_unscaled,
    "why_scale/grow": lambda page: set_(page, "key_size", 300),
    "why_scale/saturate": lambda page: set_(page, "key_size", 512),
    "why_scale/gradient": lambda page: set_(page, "key_size", 512),
    "why_scale/own": lambda page: write(page, "embeddings", {4: {"water": 0.8}, 5: {"money": 0.0}}),
}


def test_every_card_has_a_way_to_do_it_here():
    assert list(TASKS) == CARD_IDS and len(TASKS) == 18


@pytest.mark.parametrize("card", TASKS)
def test_a_task_is_open_at_first_can_be_done_and_stays_done(card):
    script, number = CARDS[CARD_IDS.index(card)]
    page = lesson(script, number)
    assert not is_done(page, script, number)
    TASKS[card](page)
    turn_to(page, script, number)
    assert is_done(page, script, number)
    turn_to(page, "playground")
    while not widget(page, "undo").disabled:
        press(page, "undo")
    turn_to(page, script, number)
    assert is_done(page, script, number)


@pytest.mark.parametrize(
    ("card", "act"),
    {
        "similarity/multiply": lambda page: write(page, "vectors", {0: {"d1": 2.75}}),  # exactly 26: not greater
        "similarity/angle": lambda page: write(page, "vectors", {0: {"d1": 5.0}}),
        "similarity/words": lambda page: write(page, "embeddings", {4: {"water": 5.0}}),
        "same_word/static": lambda page: set_(page, "other_sentence", "We sat on the bank"),
        "same_word/moved": lambda page: set_(page, "other_sentence", RIVER),
        "step_by_step/stages": lambda page: set_(page, "stage", 6),
        "step_by_step/line": lambda page: write(page, "score_row", {0: {"score": 0.16}}),
        "three_ways/forms": lambda page: choose_cell(page, 2, 1),
        "three_ways/forty": lambda page: set_(page, "scaled", False),
        "why_scale/grow": lambda page: set_(page, "key_size", 200),
        "why_scale/saturate": lambda page: set_(page, "key_size", 64),
        "why_scale/gradient": lambda page: set_(page, "key_size", 2),
    }.items(),
)
def test_what_comes_close_does_not_do_the_task(card, act):
    script, number = CARDS[CARD_IDS.index(card)]
    page = lesson(script, number)
    act(page)
    assert not is_done(turn_to(page, script, number), script, number)


def test_next_leads_through_every_card_and_to_the_next_lesson():
    page = opened()
    links = {}
    for place, each in enumerate(COURSE):
        turn_to(page, each.script)
        for number, card in enumerate(each.cards):
            assert f"{each.title} · {card.title}" in told(page)
            assert f"lesson {place + 1} of 5" in told(page)
            ways = [(link.proto.label, link.proto.page) for link in page.get("page_link")]
            links[f"{each.script}/{card.id}"] = [way for way in ways if way[1] != "take_it_with_you"]
            if number + 1 < len(each.cards):
                label = widget(page, f"{each.script}_card_{number + 1}").label
                assert label == f"Next: {each.cards[number + 1].title}"
                widget(page, f"{each.script}_card_{number + 1}").click().run()
                assert not page.exception
        for number in reversed(range(len(each.cards) - 1)):
            widget(page, f"{each.script}_card_{number}").click().run()
            assert f"· {each.cards[number].title}" in told(page)
    ways = [(f"Lesson: {each.title}", each.script) for each in COURSE] + [("To the Playground", "")]
    for place, each in enumerate(COURSE):
        assert links[f"{each.script}/{each.cards[0].id}"] == ways[max(place - 1, 0) : place]
        assert links[f"{each.script}/{each.cards[-1].id}"] == [ways[place + 1]]
        assert not any(links[f"{each.script}/{card.id}"] for card in each.cards[1:-1])


def test_the_open_card_is_remembered_for_each_lesson():
    page = lesson("three_ways", 2)
    turn_to(page, "similarity", 1)
    turn_to(page, "three_ways")
    assert widget(page, "card_three_ways").value == 2
    turn_to(page, "similarity")
    assert widget(page, "card_similarity").value == 1


EDITS = {
    "vectors": ("similarity", 0, lambda page: write(page, "vectors", {0: {"d1": 2.5}, 2: {"d2": -1 / 3}})),
    "number of vectors": ("similarity", 0, lambda page: set_(page, "vector_count", 2)),
    "numbers in a vector": ("similarity", 0, lambda page: set_(page, "vector_size", 5)),
    "other sentence": ("same_word", 0, lambda page: set_(page, "other_sentence", "a bank, নদী")),
    "joint table": ("same_word", 0, lambda page: write(page, "both", {6: {"money": 0.1 + 0.2}})),
    "score row": ("step_by_step", 2, lambda page: write(page, "score_row", {1: {"score": -1 / 3}})),
    "d_k": ("why_scale", 0, lambda page: set_(page, "key_size", 200)),
    "seed": ("why_scale", 0, lambda page: set_(page, "random_seed", 9999)),
    "scaling": ("step_by_step", 0, lambda page: set_(page, "scaled", False)),
    "way": ("step_by_step", 0, lambda page: set_(page, "variant", "similarity")),
    "sentence": ("three_ways", 0, lambda page: set_(page, "sentence", MONEY)),
}


def everything_said(page):
    """All that a lesson shows of its numbers."""
    return {
        "formulas": [each.value for each in page.latex],
        "tables": [each.value.to_dict("split") for each in page.dataframe],
        "pictures": [each.astype(object).fillna("none").to_dict("split") for each in pictures(page)],
        "fields": [each.value for kind in ("text_input", "number_input") for each in page.get(kind)],
    }


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_in_a_lesson_survives_other_pages_is_in_the_address_and_can_be_undone(what):
    script, number, act = EDITS[what]
    page = lesson(script, number)
    before = everything_said(page)
    act(page)
    after, code = everything_said(page), code_of(page)
    assert after != before and code
    turn_to(page, "playground")
    turn_to(page, script, number)
    assert (everything_said(page), code_of(page)) == (after, code)
    again = lesson(script, number, code)
    assert everything_said(again) == after and widget(again, "undo").disabled
    widget(page, "undo").click().run()
    assert everything_said(page) == before and code_of(page) == ""
    widget(page, "redo").click().run()
    assert everything_said(page) == after and code_of(page) == code


def test_an_edit_can_be_undone_from_another_page():
    page = lesson("similarity")
    write(page, "vectors", {0: {"d1": 2.5}})
    turn_to(page, "why_scale")
    set_(page, "key_size", 8)
    turn_to(page, "playground")
    press(page, "undo")
    press(page, "undo")
    assert widget(page, "undo").disabled
    assert widget(turn_to(page, "why_scale"), "key_size").value == 64
    assert shown_table(turn_to(page, "similarity"), "vectors").iloc[0, 0] == -1


@pytest.mark.parametrize(
    ("script", "field", "value"),
    [
        ("same_word", "sentence", RIVER),
        ("step_by_step", "sentence", RIVER),
        ("step_by_step", "scaled", True),
        ("step_by_step", "variant", "qkv"),
        ("three_ways", "scaled", True),
    ],
)
def test_a_page_turned_to_first_shows_the_sentence_and_the_switches(script, field, value):
    page = opened()
    turn_to(page, script)
    assert widget(page, field).value == value


# --- bad input -------------------------------------------------------------------------------------------------------


def every_view(page):
    """Every card of every lesson, and every stage."""
    for script, number in CARDS:
        turn_to(page, script, number)
        yield f"{script} {number}"
        if (script, number) == ("step_by_step", 0):
            for reached in range(2, 8):
                set_(page, "stage", reached)
                yield f"stage {reached}"
            set_(page, "stage", 1)


def assert_sensible(page, where, labels):
    assert not page.exception and not page.error, where
    for frame in pictures(page):
        numbers = frame.select_dtypes("number").to_numpy()
        assert not np.isinf(numbers).any(), where
    for name, written, result in lines_on(page):
        for each in [*written, result]:
            if r"\dots" not in each and each != r"-\infty":
                value = Formula(each).value()
                assert not math.isnan(value.low), (where, name)
    assert_words_are_escaped(page, labels)
    if where.startswith("stage") and where >= "stage 5":
        frame = ledger_of(page)
        weights = frame[frame["column"].astype(str) == "weight"].dropna(subset="value")
        if len(weights):
            *shares, total = weights.sort_values("row_position")["value"]
            assert sum(shares) == pytest.approx(total) and total == pytest.approx(round(total)), where


HUGE = random_document(1, "one two three two") | {
    "rows": {"one": [1e6] * 5, "two": [-1e6] * 5, "three": [1e6, -1e6, 0, 1, 1e-6]},
    "w_q": [[1e6] * 3] * 5,
    "w_k": [[1e6, -1e6, 1]] * 5,
    "w_v": [[1e6, -1e6, 0, 1, 2]] * 5,
    "lessons": {
        "vectors": [[1e6, -1e6]] * 3,
        "other_sentence": "",
        "score_row": [1e6, -1e6, 0, 1e6],
        "key_size": 512,
        "seed": 0,
    },
}
ZEROS = random_document(1, "one two three two") | {
    "rows": {word: [0.0] * 5 for word in ("one", "two", "three")},
    **{table: [[0.0] * size] * 5 for table, size in (("w_q", 3), ("w_k", 3), ("w_v", 5))},
}
EQUAL = ZEROS | {
    "rows": {word: [1.0] * 5 for word in ("one", "two", "three")},
    **{table: [[1.0] * size] * 5 for table, size in (("w_q", 3), ("w_k", 3), ("w_v", 5))},
}
NOWHERE = RANDOM | {"variant": "embeddings_only", "causal": True, "sentence": "alone"}
NARROW = random_document(6, "one two bank", sizes=(1, 1, 1))
BROAD = random_document(6, "one two bank", sizes=(16, 16, 16))
STRANGE = {
    "one word": document(sentence="bank"),
    "ten times the same": document(sentence=" ".join(["bank"] * 10)),
    "dollars": document(sentence=r"$x$ \frac{a}{b} $$y^2$$ #1 %&_"),
    "markdown": document(sentence="**b** _it_ `code` [x](y) a*b*c ~~no~~"),
    "html": document(sentence="<b>hi</b> <script>alert(1)</script>"),
    "formulas of a spreadsheet": document(sentence="=1+1 nan None inf NaN"),
    "selectors": document(sentence='a.b[0]" d[0].e c["x"] it\'s'),
    "Arabic": document(sentence="مرحبا بالعالم يا مرحبا"),
    "Thai": document(sentence="ฉันรักแมว"),
    "emoji": document(sentence="👩\u200d👩\u200d👧 loves 👍🏽 🇩🇪"),
    "zeros": ZEROS,
    "zeros, embeddings only": ZEROS | {"variant": "embeddings_only"},
    "equal": EQUAL,
    "nowhere to look": NOWHERE,
    "embeddings only, causal": RANDOM | {"variant": "embeddings_only", "causal": True},
    "vectors of one number": NARROW,
    "vectors of sixteen": BROAD,
    "no decimals": RANDOM | {"decimals": 0},
}


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_sentences_and_numbers_are_drawn_on_every_card(kind):
    page = opened(coded(STRANGE[kind]))
    labels = list(context_table(page).index)
    views = 0
    for where in every_view(page):
        assert_sensible(page, where, labels)
        views += 1
    assert views == 18 + 6


def test_huge_numbers_are_drawn_on_every_card():
    page = opened(coded(HUGE))
    labels = list(context_table(page).index)
    for where in every_view(page):
        assert_sensible(page, where, labels)


def test_context_vectors_of_more_than_ten_million_are_measured_in_readable_formulas():
    page = lesson("same_word", 0, coded(document(w_v=(1e6 * np.eye(4)).tolist())))
    write(page, "both", {4: {"water": 1e6}})
    assert_same_word(page, read(page))


def test_scores_far_below_zero_are_written_with_brackets():
    far_below = ZEROS | {"rows": {word: [-10.0] * 5 for word in ("one", "two", "three")}, "decimals": 8}
    identity = np.eye(5, 3).tolist()
    page = opened(coded(far_below | {"w_q": identity, "w_k": (-1 * np.eye(5, 3)).tolist()}))
    given = read(page)
    turn_to(page, "step_by_step", 1)
    assert_formulas(page, named(attended(given)))


def test_the_first_word_that_may_look_nowhere_gets_dashes_on_every_card():
    page = opened(coded(STRANGE["embeddings only, causal"]))
    choose_cell(page, 0, 2)
    labels = list(context_table(page).index)
    for where in every_view(page):
        assert_sensible(page, where, labels)
        if where.startswith("stage") and where >= "stage 5":
            frame = ledger_of(page)
            assert (frame["shown"] == "–").sum() == 18
    turn_to(page, "why_scale", 3)
    assert infos(page) == ["one·1 may look at no word, so there are no weights to compare."]


def test_five_hundred_and_twelve_words_are_drawn():
    page = opened(coded(document(sentence=" ".join(f"w{at % 300}" for at in range(512)))))
    for script, number in (("similarity", 2), ("same_word", 1), ("same_word", 2), ("three_ways", 3), ("why_scale", 3)):
        turn_to(page, script, number)
        assert not page.error and pictures(page)
    turn_to(page, "step_by_step", 0)
    set_(page, "stage", 7)
    assert "496 others" in set(ledger_of(page)["row"].astype(str))


@pytest.mark.parametrize(("script", "number"), [("similarity", 2), ("same_word", 1), ("step_by_step", 0)])
@pytest.mark.parametrize("typed", ["", "... !?", "word " * 513])
def test_a_sentence_that_cannot_be_drawn_is_told_on_a_lesson_and_the_picture_stays(script, number, typed):
    page = lesson(script, number)
    before = everything_said(page)
    set_(page, "sentence", typed)
    assert len(page.error) == 1 and "The picture is still that of the last sentence." in page.error[0].value
    after = everything_said(page)
    assert {key: after[key] for key in ("formulas", "tables", "pictures")} == {
        key: before[key] for key in ("formulas", "tables", "pictures")
    }
    assert widget(page, "sentence").value == typed
    set_(page, "sentence", RIVER)
    assert not page.error and everything_said(page) == before


@pytest.mark.parametrize("typed", [None, "abc", float("nan"), float("inf"), 1_000_001, True])
@pytest.mark.parametrize(
    ("script", "number", "table", "column"),
    [("similarity", 0, "vectors", "d1"), ("same_word", 0, "both", "water"), ("step_by_step", 2, "score_row", "score")],
)
def test_a_cell_without_a_number_is_told_on_a_lesson_and_the_last_number_counts(script, number, table, column, typed):
    page = lesson(script, number)
    formulas = [each.value for each in page.latex]
    write(page, table, {1: {column: typed}})
    assert len(page.error) == 1
    assert column in page.error[0].value.replace("\\", "") and "number" in page.error[0].value
    assert [each.value for each in page.latex] == formulas and code_of(page) == ""
    write(page, table, {1: {column: 2.5}})
    assert not page.error and code_of(page)
