"""The charts of the lessons: true lengths on paper, readable cells, and one specification for all stages."""

import json

import numpy as np
import pytest

from attention_core import EXAMPLES, OPENING, attend
from presentation.ledger import ADD, EMBED, one_word
from presentation.lesson_charts import arrows, compared_bars, signed_bars
from presentation.palette import colour_at, contrast

STAGES = range(EMBED, ADD + 1)


def ledger(stage, experiment=None, word=5, other=4):
    return one_word(attend(experiment or OPENING.build()), word, other, reached=stage, title="stage")


def drawn(ends, starts=None):
    ends = np.array(ends, dtype=float)
    starts = np.zeros_like(ends) if starts is None else np.array(starts, dtype=float)
    labels = [chr(ord("A") + at) for at in range(len(ends))]
    return arrows(starts, ends, labels, ["#000000"] * len(ends), axes=("d1", "d2"), title="Arrows").frame


@pytest.mark.parametrize("ends", [[(3, 1)], [(-1, 5), (5, 2), (4, 3)], [(0, 1e-6)], [(1e6, 0), (0, 1)], [(0, 0)]])
def test_paper_is_as_wide_as_high_and_holds_every_arrow(ends):
    frame = drawn(ends)
    width, height = (np.ptp(frame[axis].to_numpy()) for axis in "xy")
    assert width == pytest.approx(height, rel=1e-9) and width > 0
    for axis in "xy":
        unseen = frame.loc[frame["label"] == "", axis]
        inside = frame.loc[frame["label"] != "", axis]
        assert unseen.min() <= min(inside.min(), 0) and unseen.max() >= max(inside.max(), 0)


def test_an_arrow_of_no_length_is_a_point():
    assert list(drawn([(1, 1), (2, 2)], starts=[(1, 1), (0, 0)])["moves"][:2]) == [False, True]


def test_a_name_is_written_towards_the_middle():
    assert list(drawn([(-1, 5), (5, 2)])["on_right"][:2]) == [False, True]


@pytest.mark.parametrize("example", EXAMPLES)
def test_all_stages_share_one_specification_so_that_cells_stay(example):
    experiment = EXAMPLES[example].build()
    last = len(experiment.words) - 1
    specs = [ledger(stage, experiment, last, 0).spec for stage in STAGES]
    assert all(spec is specs[0] for spec in specs)


@pytest.mark.parametrize("stage", STAGES)
def test_numbers_are_readable_on_their_cells(stage):
    frame = ledger(stage).frame
    filled = frame[frame["shown"] != ""]
    assert len(filled) > 20
    for fill, ink in zip(filled["fill"], filled["ink"], strict=True):
        assert contrast(colour_at((fill, fill), 0.0), colour_at((ink, ink), 0.0)) >= 4.5


def test_what_is_not_computed_yet_is_an_empty_place():
    first, last = (ledger(stage).frame.set_index(["row_position", "column_position"]) for stage in (EMBED, ADD))
    assert set(first.index) == set(last.index)
    waiting = first[(first["shown"] == "") & (first["fill"] != "transparent")]
    assert len(waiting) == 6 * 3 + 2 + 4  # scores, exponentials and weights, their sums, and the context
    assert (last.loc[waiting.index, "shown"] != "").all()


def test_names_of_columns_that_are_the_same_to_the_eye_are_told_apart():
    columns = ledger(EMBED).frame["column"].cat.categories
    assert len(set(columns)) == len(columns)
    assert [name.rstrip("\u200b") for name in columns].count("water") == 2


def test_an_undefined_cosine_is_said_and_not_drawn():
    chart = signed_bars(np.array([0.5, np.nan]), ["a", "b"], title="t", axis="cosine", decimals=2, marked=0)
    assert list(chart.frame["shown"]) == ["0.50", "undefined"]
    assert "a has the greatest: 0.50" in chart.alt


def test_compared_bars_hold_both_rows_and_name_them():
    chart = compared_bars(
        np.array([0.75, 0.25]), np.array([0.5, 0.5]), ["a", "b"], names=("with", "without"), title="Row", decimals=2
    )
    rows = chart.frame.groupby("which")["value"].apply(list)
    assert rows["with"] == [0.75, 0.25] and rows["without"] == [0.5, 0.5]
    assert "with: most at a (0.75)" in chart.alt
    json.dumps(chart.spec)
