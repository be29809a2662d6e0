"""Comparing on the Playground: what changed is marked, and differences are what they say they are."""

from dataclasses import replace

import numpy as np
import pytest
from support.playground_screen import assert_follows_from_tables
from support.screen import MONEY, STAGES, assert_sound, chart, code_of, edit, everything_drawn, opened, press, widget

from attention_core import OPENING, attend
from attention_core.comparisons import COMPARISONS, Remembered

OPENED = OPENING.build()


def numbers(experiment):
    calculation = attend(experiment)
    weights = np.where(calculation.allowed, calculation.attention.weights, np.nan)
    return {"scores": calculation.attention.scores, "weights": weights, "context": calculation.context}


def assert_is_difference(page, now, then):
    for stage in STAGES:
        np.testing.assert_allclose(
            everything_drawn(page)[stage], numbers(now)[stage] - numbers(then)[stage], atol=1e-12
        )


def marked(page):
    return {stage: chart(page, stage)["before"].notna().sum() for stage in STAGES}


def compare(page, id):
    widget(page, "compare").set_value(id).run()
    assert_sound(page)


def test_nothing_is_marked_before_a_change_and_after_it_what_changed():
    page = opened()
    assert not any(marked(page).values())
    widget(page, "scaled").set_value(False).run()
    assert marked(page)["scores"] == 0 and marked(page)["weights"] > 0 and marked(page)["context"] > 0
    press(page, "undo")
    assert marked(page)["weights"] > 0, "undo is a change as well"
    widget(page, "looking_word").set_value(1).run()
    assert marked(page)["weights"] > 0, "looking at another word is none"


def test_a_link_brings_no_marks():
    page = opened()
    widget(page, "sentence").set_value(MONEY).run()
    again = opened(code_of(page))
    assert not any(marked(again).values())
    assert_follows_from_tables(again)


def test_compared_with_the_state_before_the_last_change():
    page = opened()
    compare(page, "change")
    assert "Nothing was changed yet" in " ".join(each.value for each in page.markdown)
    assert_follows_from_tables(page)
    widget(page, "sentence").set_value(MONEY).run()
    assert_is_difference(page, OPENED.with_sentence(MONEY), OPENED)
    assert not any(marked(page).values())


def test_compared_with_scaling_the_other_way():
    page = opened()
    compare(page, "scaling")
    assert_is_difference(page, OPENED, replace(OPENED, scaled=False))
    widget(page, "scaled").set_value(False).run()
    assert_is_difference(page, replace(OPENED, scaled=False), OPENED)


def test_compared_with_the_example_as_it_came():
    page = opened()
    edit(page, "w_v", {"v3": 5.0}, row=2)
    widget(page, "scaled").set_value(False).run()
    compare(page, "example")
    changed = page.session_state["_session"].document.experiment
    assert changed != OPENED
    assert_is_difference(page, changed, OPENED)


def test_compared_with_what_was_pinned_however_much_is_done_since():
    page = opened()
    compare(page, "pin")
    assert "Nothing is pinned" in " ".join(each.value for each in page.markdown)
    widget(page, "scaled").set_value(False).run()
    press(page, "pin_experiment")
    pinned = replace(OPENED, scaled=False)
    widget(page, "sentence").set_value(MONEY).run()
    edit(page, "w_q", {"q1": 1.0})
    assert_is_difference(page, page.session_state["_session"].document.experiment, pinned)
    compare(page, None)
    assert_follows_from_tables(page)


def test_the_opening_can_be_pinned_too():
    page = opened()
    press(page, "pin_experiment")
    widget(page, "scaled").set_value(False).run()
    compare(page, "pin")
    assert_is_difference(page, replace(OPENED, scaled=False), OPENED)


@pytest.mark.parametrize("code", ["nonsense", "1~damaged", "2~" + "A" * 500])
def test_a_pin_that_cannot_be_opened_is_none(code):
    page = opened()
    widget(page, "pin").set_value(code).run()
    compare(page, "pin")
    assert "Nothing is pinned" in " ".join(each.value for each in page.markdown)
    assert_follows_from_tables(page)


@pytest.mark.parametrize("comparison", COMPARISONS.values(), ids=COMPARISONS)
def test_every_comparison_gives_an_experiment_or_says_what_is_missing(comparison):
    remembered = Remembered(before=None, pinned=None)
    assert comparison.other(OPENED, remembered) is not None or comparison.missing
    assert comparison.title
