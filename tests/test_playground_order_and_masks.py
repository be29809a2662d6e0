"""Masks, the divisor and word order on the Playground, without a browser."""

from dataclasses import replace

import numpy as np
import pytest
from support.screen import arrived, chart, edit, in_places, run, squares, widget

from attention_core import OPENING, attend
from attention_core.mask_changes import with_forbidden
from sharing.address import from_code

PAGE = "playground"
OPEN = OPENING.build()


@pytest.fixture
def page():
    return arrived(PAGE)


def experiment_of(page):
    return from_code(page.session_state["x"])


def press(page, key):
    run(widget(page, key).click())


def click(page, stage, row, column):
    """A click on a number of the picture, by its positions from 1."""
    picked = {"stage": stage, "query_position": row, "key_position": column, "forbidden": False}
    page.session_state["attention"] = {"selection": {"clicked": [picked]}}
    return run(page)


def story(page):
    return " ".join(each.value for each in page.markdown)


def test_every_mask_has_a_switch_and_they_combine(page):
    for mask in ("causal", "not_itself", "neighbours"):
        run(widget(page, mask).set_value(True))
    assert experiment_of(page).masks == ("causal", "not_itself", "neighbours")
    run(widget(page, "neighbour_count").set_value(2))
    assert experiment_of(page).neighbours == 2
    assert (np.isnan(squares(page, "weights")) == ~attend(experiment_of(page)).allowed).all()
    run(widget(page, "not_itself").set_value(False))
    assert experiment_of(page).masks == ("causal", "neighbours")


def test_the_chosen_look_is_forbidden_and_allowed_again_by_a_button(page):
    run(widget(page, "own_mask").set_value(True))
    press(page, "forbid_chosen")
    assert experiment_of(page).forbidden == ((5, 4),), "bank may not look at river"
    assert np.isnan(squares(page, "weights")[5, 4])
    assert widget(page, "forbid_chosen").label == "Allow bank → river"
    press(page, "forbid_chosen")
    assert experiment_of(page).forbidden == ()
    press(page, "undo")
    assert experiment_of(page).forbidden == ((5, 4),)


def test_a_divisor_of_ones_own_makes_weights_harder_and_the_usual_one_comes_back(page):
    usual = squares(page, "weights")
    run(widget(page, "softness").set_value(0.5))
    assert (experiment_of(page).divisor, experiment_of(page).scaled) == (0.5, True)
    assert squares(page, "weights")[5].max() > usual[5].max()
    run(widget(page, "divisor").set_value(100.0))
    assert experiment_of(page).divisor == 100 and np.ptp(squares(page, "weights")[5]) < 0.05
    press(page, "usual_divisor")
    assert experiment_of(page) == OPEN
    np.testing.assert_array_equal(squares(page, "weights"), usual)


def test_a_divisor_switches_scaling_on(page):
    run(widget(page, "scaled").set_value(False))
    run(widget(page, "divisor").set_value(3.0))
    assert (experiment_of(page).divisor, experiment_of(page).scaled) == (3, True)


@pytest.mark.parametrize("order", ["none", "sinusoidal"])
def test_the_words_are_shuffled_and_one_sentence_says_what_that_did(order):
    page = arrived(PAGE, replace(OPEN, positions=order))
    press(page, "shuffle")
    shuffled = experiment_of(page)
    assert sorted(shuffled.words) == sorted(OPEN.words) and shuffled.words != OPEN.words
    assert ("The order matters:" in story(page)) == (order == "sinusoidal")
    assert ("The order does not matter:" in story(page)) == (order == "none")
    before, now = attend(replace(OPEN, positions=order)).context, in_places(chart(page, "context"))
    rows = [shuffled.words.index(word) for word in OPEN.words]
    assert np.allclose(before, now[rows]) == (order == "none")
    press(page, "undo")
    assert experiment_of(page).sentence == OPEN.sentence


def test_a_table_of_positions_is_typed_like_any_other(page):
    run(widget(page, "word_order").set_value("own"))
    edit(page, "positions", {"water": 2.5}, row=1)
    assert experiment_of(page).position_rows == ((0, 0, 0, 0), (0, 0, 2.5, 0))
    np.testing.assert_allclose(in_places(chart(page, "context")), attend(experiment_of(page)).context)
    edit(page, "positions", {"water": "much"}, row=1)
    assert any("needs a number" in each.value for each in page.error)


def test_the_base_of_the_waves_is_set_and_their_numbers_are_shown(page):
    run(widget(page, "word_order").set_value("sinusoidal"))
    run(widget(page, "position_base").set_value(50.0))
    experiment = experiment_of(page)
    assert (experiment.positions, experiment.position_base) == ("sinusoidal", 50)
    (shown,) = (each.value for each in page.dataframe if "✎" not in each.value.columns)
    np.testing.assert_allclose(shown.to_numpy(), attend(experiment).positions)


def test_ones_own_mask_is_ticked_in_a_table(page):
    run(widget(page, "own_mask").set_value(True))
    edit(page, "forbidden", {"→ river": True, "→ We": True}, row=5)
    assert experiment_of(page).forbidden == ((5, 0), (5, 4))
    assert np.isnan(squares(page, "weights")[5, [0, 4]]).all()
    press(page, "undo")
    assert experiment_of(page).forbidden == ()
    edit(page, "forbidden", {"→ river": True}, row=5)
    edit(page, "forbidden", {"→ river": False}, row=5)
    assert experiment_of(page).forbidden == ()
    edit(page, "forbidden", {"→ river": "perhaps"}, row=5)
    assert any("it is ticked or not" in each.value for each in page.error)


def test_a_word_whose_whole_row_is_forbidden_looks_nowhere_and_the_table_says_so(page):
    run(widget(page, "own_mask").set_value(True))
    edit(page, "forbidden", {f"→ {word}": True for word in OPEN.words}, row=2)
    calculation = attend(experiment_of(page))
    assert not calculation.allowed[2].any() and not calculation.context[2].any()
    assert np.isnan(squares(page, "weights")[2]).all()
    notes = [each.value["✎"] for each in page.dataframe if "→ We" in each.value.columns]
    assert [list(note) for note in notes] == [["", "", "looks nowhere", "", "", ""]]


def test_the_masks_are_ticked_and_switched_together_and_the_order_of_that_does_not_matter(page):
    run(widget(page, "causal").set_value(True))
    run(widget(page, "own_mask").set_value(True))
    edit(page, "forbidden", {"→ We": True}, row=5)
    both = attend(experiment_of(page)).allowed
    causal, own = (attend(replace(experiment_of(page), masks=(mask,))).allowed for mask in ("causal", "own_mask"))
    assert (both == (causal & own)).all() and both.sum() == 20
    other = replace(OPEN, forbidden=((5, 0),)).with_mask("own_mask", True).with_mask("causal", True)
    assert other == experiment_of(page)


def test_what_is_forbidden_beyond_the_sentence_stays_when_the_table_is_ticked():
    long = replace(OPEN, forbidden=((8, 0), (1, 1)), masks=("own_mask",))
    ticked = with_forbidden(long, np.eye(6))
    assert ticked.forbidden == tuple(sorted([*((at, at) for at in range(6)), (8, 0)]))
    with pytest.raises(ValueError, match="needed is 6 × 6"):
        with_forbidden(long, np.eye(5))


def test_a_sentence_too_long_for_the_table_says_so_and_still_has_the_button():
    page = arrived(PAGE, replace(OPEN, sentence="bank river " * 33, masks=("own_mask",)))
    assert any("up to 64 words" in each.value for each in page.caption)
    press(page, "forbid_chosen")
    assert len(experiment_of(page).forbidden) == 1
