"""Masks: what each forbids, and that an entry in the registry is all that the rest of the app needs."""

from dataclasses import replace

import numpy as np
import pytest
from support.experiments import two_columns

from attention_core import OPENING, attend
from attention_core import experiment as experiments
from attention_core.masks import CAUSAL, MASKS, NOT_ITSELF, Mask, allowed_by
from exports.article import article
from exports.pictures import caption
from exports.scripts import numpy_script
from sharing.document import from_document, to_document

NEIGHBOURS = Mask(
    id="neighbours",
    name="Neighbours only",
    summary="A word sees itself and the words beside it.",
    told="A word sees **only its neighbours** and itself.",
    forbids="words farther away than its neighbours",
    rule="abs(column - row) <= 1",
    allows=lambda row, column: abs(column - row) <= 1,
)


def test_the_causal_mask_lets_a_word_see_itself_and_the_words_before():
    assert CAUSAL.table(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_not_itself_forbids_the_diagonal_alone():
    assert NOT_ITSELF.table(3).tolist() == [[False, True, True], [True, False, True], [True, True, False]]


def test_several_masks_forbid_together_and_none_forbids_nothing():
    assert allowed_by([CAUSAL, NOT_ITSELF], 3).tolist() == [[False] * 3, [True, False, False], [True, True, False]]
    assert allowed_by([], 2).tolist() == [[True, True], [True, True]]


@pytest.mark.parametrize("mask", [CAUSAL, NOT_ITSELF, NEIGHBOURS], ids=lambda mask: mask.id)
def test_what_a_script_writes_for_a_mask_is_what_the_mask_allows(mask):
    places = np.arange(5)
    written = eval(mask.rule, {"row": places[:, None], "column": places, "abs": abs})
    assert np.array_equal(written, mask.table(5))


@pytest.mark.parametrize("mask", MASKS.values(), ids=lambda mask: mask.id)
def test_what_is_said_of_a_mask_can_stand_where_it_stands(mask):
    assert MASKS[mask.id] is mask
    assert mask.summary.endswith(".") and mask.told.endswith(".")
    assert mask.forbids[0].islower() and not mask.forbids.endswith(".")


def test_a_mask_is_switched_on_and_off_and_stands_in_the_order_of_the_registry(monkeypatch):
    monkeypatch.setitem(experiments.MASKS, NEIGHBOURS.id, NEIGHBOURS)
    opening = OPENING.build()
    both = opening.with_mask("neighbours", True).with_mask("causal", True)
    assert both.masks == ("causal", "neighbours")
    assert both.with_mask("causal", True) == both
    assert both.with_mask("causal", False).masks == ("neighbours",)
    assert both.with_mask("causal", False).with_mask("neighbours", False) == opening


def test_a_further_mask_needs_an_entry_in_the_registry_and_nothing_else(monkeypatch):
    monkeypatch.setitem(MASKS, NEIGHBOURS.id, NEIGHBOURS)
    experiment = replace(two_columns("a b a b"), masks=("neighbours", "causal"))
    calculation = attend(experiment)
    assert calculation.allowed.tolist() == (CAUSAL.table(4) & NEIGHBOURS.table(4)).tolist()
    assert from_document(to_document(experiment)) == experiment
    assert caption(calculation).endswith("(Full Q, K, V, scaled, causal mask, neighbours only)")
    assert NEIGHBOURS.told in article(calculation, word=0).markdown
    assert "allowed = (column <= row) & (abs(column - row) <= 1)" in numpy_script(experiment)


def test_a_way_that_does_not_score_a_word_against_itself_brings_its_own_mask():
    calculation = attend(two_columns("a b", variant="embeddings_only", masks=("causal",)))
    assert calculation.masks == (CAUSAL, NOT_ITSELF)
    assert calculation.allowed.tolist() == [[False, False], [True, False]]
