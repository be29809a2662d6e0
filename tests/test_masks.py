"""Masks: what each forbids, how they combine, and that an entry in the registry is all that the app needs."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.experiments import two_columns
from support.oracles import may_look

from attention_core import OPENING, attend
from attention_core.masks import CAUSAL, MASKS, NEIGHBOURS, NOT_ITSELF, OWN, Mask, allowed_by
from exports.article import article
from exports.pictures import caption
from exports.scripts import numpy_script, pytorch_script
from sharing.document import from_document, to_document

FIRST_ALONE = Mask(
    id="first_alone",
    name="First alone",
    summary="A word sees the first word alone.",
    told="A word sees **only the first word**.",
    forbids="any word but the first",
    rule="column + 0 * row == 0",
    allows=lambda row, column: column + 0 * row == 0,
)
CELLS = ((0, 2), (0, 3), (4, 0), (7, 7))  # the last one is beyond a sentence of five words


def person(*, neighbours=1, forbidden=(), n=5):
    return SimpleNamespace(words="abcdefgh"[:n], neighbours=neighbours, forbidden=forbidden)


def test_the_causal_mask_lets_a_word_see_itself_and_the_words_before():
    assert CAUSAL.table(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_not_itself_forbids_the_diagonal_alone():
    assert NOT_ITSELF.table(3).tolist() == [[False, True, True], [True, False, True], [True, True, False]]


def test_neighbours_are_those_within_so_many_places_on_each_side():
    assert NEIGHBOURS.of(person(neighbours=0)).table(3).tolist() == np.eye(3, dtype=bool).tolist()
    assert NEIGHBOURS.of(person(neighbours=1)).table(4).tolist() == may_look(4, neighbours=1).tolist()
    assert NEIGHBOURS.of(person(neighbours=9)).table(4).all()


def test_ones_own_mask_forbids_the_cells_that_were_forbidden_and_no_other():
    table = OWN.of(person(forbidden=CELLS)).table(5)
    assert sorted(zip(*np.nonzero(~table), strict=True)) == [(0, 2), (0, 3), (4, 0)]


def test_several_masks_forbid_together_and_none_forbids_nothing():
    assert allowed_by([CAUSAL, NOT_ITSELF], 3).tolist() == [[False] * 3, [True, False, False], [True, True, False]]
    assert allowed_by([], 2).tolist() == [[True, True], [True, True]]


@given(
    st.sets(st.sampled_from(list(MASKS))),
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8),
)
def test_any_masks_let_a_word_look_where_each_of_them_does(masks, neighbours, forbidden):
    calculation = attend(two_columns("a b a b a", masks=tuple(masks), neighbours=neighbours, forbidden=forbidden))
    apart = {
        "causal": {"causal": True},
        "not_itself": {"itself": False},
        "neighbours": {"neighbours": neighbours},
        "own_mask": {"forbidden": forbidden},
    }
    expected = np.ones((5, 5), dtype=bool)
    for mask in masks:
        expected &= may_look(5, **apart[mask])
    assert calculation.allowed.tolist() == expected.tolist()
    assert (calculation.attention.weights[~expected] == 0).all()
    sums = calculation.attention.weights.sum(axis=1)
    np.testing.assert_allclose(sums, expected.any(axis=1), atol=1e-12)


@pytest.mark.parametrize("mask", MASKS.values(), ids=lambda mask: mask.id)
@pytest.mark.parametrize("set_here", [{}, {"neighbours": 0}, {"neighbours": 3, "forbidden": CELLS}], ids=str)
def test_what_a_script_writes_for_a_mask_is_what_the_mask_allows(mask, set_here):
    mask, places = mask.of(person(**set_here)), np.arange(5)
    written = eval(mask.rule, {"row": places[:, None], "column": places, "abs": abs})
    assert np.array_equal(written, mask.table(5))


@pytest.mark.parametrize("mask", MASKS.values(), ids=lambda mask: mask.id)
@pytest.mark.parametrize("set_here", [{}, {"neighbours": 0}, {"neighbours": 2, "forbidden": CELLS[:1]}], ids=str)
def test_what_is_said_of_a_mask_can_stand_where_it_stands(mask, set_here):
    assert MASKS[mask.id] is mask
    mask = mask.of(person(**set_here))
    assert mask.summary.endswith(".") and mask.told.endswith(".")
    assert mask.forbids[0].islower() and not mask.forbids.endswith(".")


def test_the_mask_of_neighbours_says_how_many():
    told = [NEIGHBOURS.of(person(neighbours=count)).told for count in (0, 1, 2)]
    assert told == [
        "A word and its **neighbours**: it sees only itself and no other word.",
        "A word and its **neighbours**: it sees only itself and the word on each side.",
        "A word and its **neighbours**: it sees only itself and the 2 words on each side.",
    ]


def test_ones_own_mask_counts_the_looks_of_this_sentence():
    told = [OWN.of(person(forbidden=cells)).told for cells in ((), CELLS[:1], CELLS)]
    assert [each.split(" **")[0] for each in told] == ["No look is", "One look is", "3 looks are"]


def test_a_mask_is_switched_on_and_off_and_stands_in_the_order_of_the_registry():
    opening = OPENING.build()
    both = opening.with_mask("neighbours", True).with_mask("causal", True)
    assert both.masks == ("causal", "neighbours")
    assert both.with_mask("causal", True) == both
    assert both.with_mask("causal", False).masks == ("neighbours",)
    assert both.with_mask("causal", False).with_mask("neighbours", False) == opening


def test_a_look_is_forbidden_and_allowed_again_and_the_mask_is_then_on():
    opening = OPENING.build()
    forbidden = opening.with_look(5, 4, forbidden=True)
    assert (forbidden.masks, forbidden.forbidden) == (("own_mask",), ((5, 4),))
    assert not attend(forbidden).allowed[5, 4] and attend(forbidden).allowed.sum() == 35
    assert forbidden.with_look(5, 4, forbidden=True) == forbidden
    assert forbidden.with_look(5, 4, forbidden=False) == opening.with_mask("own_mask", True)


def test_a_forbidden_look_stays_at_its_place_while_the_sentence_grows_and_shrinks():
    forbidden = OPENING.build().with_look(5, 4, forbidden=True)
    shorter = forbidden.with_sentence("We walked")
    assert attend(shorter).allowed.all()
    assert shorter.with_sentence(forbidden.sentence) == forbidden
    longer = attend(forbidden.with_sentence(f"{forbidden.sentence} there"))
    assert sorted(zip(*np.nonzero(~longer.allowed), strict=True)) == [(5, 4)]


WRONG = {
    "a place below 0": ({"forbidden": [(-1, 0)]}, "two positions from 0 to 511"),
    "a place beyond every sentence": ({"forbidden": [(0, 512)]}, "two positions from 0 to 511"),
    "one place": ({"forbidden": [(0,)]}, "two positions from 0 to 511"),
    "a place that is no whole number": ({"forbidden": [(0, 1.5)]}, "two positions from 0 to 511"),
    "too many": (
        {"forbidden": [divmod(at, 512) for at in range(4097)]},
        "4,097 looks are forbidden by hand; up to 4,096",
    ),
    "neighbours below 0": ({"neighbours": -1}, "0 to 511 neighbours on each side, not -1"),
    "neighbours that are text": ({"neighbours": "2"}, "0 to 511 neighbours on each side, not '2'"),
    "a divisor of 0": ({"divisor": 0}, "divided by 0.01 to 1,000 here, not by 0"),
    "a divisor below 0": ({"divisor": -2.0}, "divided by 0.01 to 1,000 here, not by -2"),
    "a divisor that is no number": ({"divisor": float("nan")}, "divided by 0.01 to 1,000 here, not by nan"),
    "a divisor that is text": ({"divisor": "2"}, "divided by a number, not by '2'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_mask_and_no_divisor_can_be_is_refused_in_plain_words(name):
    given_here, told = WRONG[name]
    with pytest.raises(ValueError, match=told):
        two_columns(**given_here)


def test_a_word_that_may_look_nowhere_gets_zeros():
    calculation = attend(two_columns("a b", forbidden=((0, 0), (0, 1)), masks=("own_mask",)))
    assert calculation.attention.weights.tolist()[0] == calculation.context.tolist()[0] == [0, 0]


def test_a_further_mask_needs_an_entry_in_the_registry_and_nothing_else(monkeypatch):
    monkeypatch.setitem(MASKS, FIRST_ALONE.id, FIRST_ALONE)
    experiment = replace(two_columns("a b a b"), masks=("first_alone", "causal"))
    calculation = attend(experiment)
    assert calculation.allowed.tolist() == (CAUSAL.table(4) & FIRST_ALONE.table(4)).tolist()
    assert from_document(to_document(experiment)) == experiment
    assert caption(calculation).endswith("(Full Q, K, V, scaled, causal mask, first alone)")
    assert FIRST_ALONE.told in article(calculation, word=0).markdown
    assert "allowed = (column <= row) & (column + 0 * row == 0)" in numpy_script(experiment)


def test_captions_and_scripts_tell_what_the_person_set():
    experiment = two_columns("a b a b", masks=("neighbours",), neighbours=2, divisor=0.5)
    assert caption(attend(experiment)).endswith("(Full Q, K, V, divided by 0.5, only neighbours (2))")
    for script in (numpy_script(experiment), pytorch_script(experiment)):
        assert "allowed = abs(column - row) <= 2\n" in script
        assert "scaled_scores = scores / 0.5\n" in script


def test_a_way_that_does_not_score_a_word_against_itself_brings_its_own_mask_once():
    calculation = attend(two_columns("a b", variant="embeddings_only", masks=("causal",)))
    assert calculation.masks == (CAUSAL, NOT_ITSELF)
    assert calculation.allowed.tolist() == [[False, False], [True, False]]
    assert attend(two_columns("a b", variant="embeddings_only", masks=("not_itself",))).masks == (NOT_ITSELF,)
