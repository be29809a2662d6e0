"""Similarity without a browser: every dot product, length, angle and projection follows from the vectors."""

import math

import numpy as np
import pytest
from support.latex_reader import assert_rounded
from support.lesson_documents import DOCUMENTS, EVERYTHING, with_lessons
from support.lesson_screen import (
    assert_formulas,
    assert_projection_is_told,
    axis_titles,
    infos,
    lesson,
    lines_on,
    picture,
    read_document,
    set_,
    tightness,
    write,
)
from support.oracles import named_vectors
from support.screen import coded, shown_table, widget


def captions(page):
    return "\n".join(each.value for each in page.caption)


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
