"""Texts whose evidence is thin, judged as the page judges them: what is said of them, and what is left unsaid."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from check_accuracy import judged, orders, verdict
from worked_examples.examples import Order

from checking.corrections import lone_misprint
from checking.hypotheses import Said
from checking.pasted import checked
from checking.story import headline

TWO_WORDS = """Queries
1.0 0.5
-0.4 2.0

Keys
0.7 -1.1
2.1 0.3

Attention weights
{}
"""


def test_a_row_that_sums_to_less_than_one_is_wrong_whatever_the_mask():
    """Without a mask the 0 is wrong, with a causal one the other number: something is, in any case."""
    findings = checked(TWO_WORDS.format("0.18 0.00\n0.17 0.83")).only
    assert findings.verdict == "wrong"


def test_a_row_of_zeros_alone_tells_of_a_mask_that_came_too_late():
    """In each of these the first word has most of its weight above the diagonal, so that its row is all zeros."""
    for number in (26, 53, 68):
        example = Order("listed", "masked-after-softmax", 21, number).made()
        assert "masked-after-softmax" in [slip.id for slip in judged(example, told=False).slips], example.text


def test_scores_beside_embeddings_that_do_not_lead_to_them_are_not_counted_as_fine():
    findings = checked("Embeddings\n1 0\n0 1\n\nScores\n3.0 1.0\n0.5 2.0\n\nWeights\n0.8808 0.1192\n0.1824 0.8176").only
    assert findings.verdict == "depends" and findings.not_told == ("scores",)
    assert "The scores could not be checked: queries are not given" in headline(findings)


def test_powers_of_two_are_named_beside_the_odd_divisor_that_does_the_same():
    example = Order("listed", "base-2", 31, 46).made()
    found = judged(example, told=False)
    assert verdict(example, found) == "named"
    assert {slip.id.split(":")[0] for slip in found.slips} == {"base-2", "wrong-divisor"}


def test_examples_may_be_ordered_by_name_and_in_any_number():
    ordered = orders(1000, 5, names=["base-2", "truncated"], each=3)
    assert [(each.kind, each.name) for each in ordered] == [("right", "truncated")] * 3 + [("listed", "base-2")] * 3
    with pytest.raises(ValueError, match="nothing called base-3"):
        orders(1000, 5, names=["base-3"])


@pytest.mark.parametrize(("habit", "number"), [("truncated", 27), ("truncated", 35), ("rounded on the way", 26)])
def test_digits_cut_off_and_weights_rounded_by_hand_are_right_but_for_rounding(habit, number):
    """Each stands behind another explanation that leaves a little wrong: one wrong digit, or another scaling."""
    example = Order("right", habit, 306, number).made()
    assert judged(example, told=False).verdict == "rounded", example.text


def test_scores_that_are_said_to_be_scaled_by_what_no_table_tells_are_right_if_it_was_that():
    example = Order("right", "scores, weights, values, context", 308, 0).made()
    told = judged(example, told=True)
    assert told.verdict == "depends", example.text
    assert "right if d_k = " in headline(told)


def test_a_number_where_minus_infinity_belongs_is_wrong_and_no_misprint_with_digits():
    q = "1.0 0.5\n-0.4 2.0\n0.3 -0.7"
    text = f"Queries\n{q}\n\nKeys\n{q}\n\nScores\n1.25 0.60 -inf\n0.60 4.16 -inf\n-0.05 -1.52 0.58\n"
    findings = checked(text, Said(causal=True)).only
    assert findings.verdict == "wrong" and findings.correction is None
    assert lone_misprint(findings.judgement) is None
    assert headline(findings).startswith("1 number of 9 is wrong: the score (word 1, word 2).")
