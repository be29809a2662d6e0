"""Why scale? without a browser: every row, gradient and measured size follows from what is drawn."""

import math
import re

import numpy as np
import pytest
from support.latex_reader import assert_rounded
from support.lesson_documents import EVERYTHING, with_lessons
from support.lesson_screen import assert_formulas, lesson, picture, read_document, set_, tables_to_read, told
from support.oracles import MEASURES, attended, entropy_of, measured, random_draw, softmax
from support.screen import coded, widget

SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

TAKEN = {"with scaling": "scaled score", "without": "score"}  # by the softmax


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
        r"deviation \*\*(.+)\*\*; √\d+ [=≈] (.+)\. The middle 80 % lie between (.+) and (.+)\. The", told(page)
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
        slopes[f"{which}: ∂weight({key})/∂{TAKEN[which]}({key})"] = max(row) * (1 - max(row))
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
        slope = f"{which}: ∂weight({label})/∂{TAKEN[which]}({label})"
        expected |= {f"{which}: entropy": entropy_of(weights), slope: share * (1 - share)}
        wanted += [f"{which}: entropy", slope]
    assert assert_formulas(page, expected, tight=1e-4 if given.decimals == 8 else math.inf) == wanted
