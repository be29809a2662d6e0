"""What was found, in words: the printed text, the true value, the sum behind it, and a report that is only text."""

import pytest
from support.checks import all_of
from support.hostile_text import NASTY, unescaped
from support.printed import BEGINNING, UNSCALED, beginning, given, slipped, told
from support.story_numbers import WORDS, K, V, two

from attention_core.masks import CAUSAL
from checking.claims import claims_of
from checking.findings import Findings
from checking.impossible import impossible
from checking.judge import judge
from checking.model import Method
from checking.story import as_printed, headline, number_sentence, place, stage_sentence
from presentation.text import plain

pytestmark = pytest.mark.filterwarnings("error")


# --- the whole -------------------------------------------------------------------------------------------------------


def test_all_right():
    judgement = two(given("weights", "0.5 0.5", "0.25 0.75"))
    assert headline(Findings(judgement)) == "All 4 numbers that could be checked are right."


def test_right_but_for_rounding():
    judgement = two(given("weights", "0.5 0.5", "0.3 0.8"), given("context", "2.0 4.5", "3.2 6.7"))
    assert headline(Findings(judgement)) == "All 8 numbers that could be checked are right, some but for rounding."


def test_one_wrong_and_where_it_is():
    judgement = two(given("weights", "0.50 0.50", "0.25 0.76"))
    assert headline(Findings(judgement)) == "1 number of 4 is wrong: the weight (cat, cat)."


def test_several_wrong():
    judgement = two(given("context", "9 9", "9 9"))
    assert headline(Findings(judgement, impossible=impossible(judgement))) == (
        "4 numbers of 4 are wrong. The first that is off is the context vector of The, number 1. "
        "2 rows cannot come from the printed tables by the usual steps."
    )


def test_one_row_that_cannot_be():
    judgement = judge(claims_of([given("weights", "0.9 0.9", "0.5 0.5")]), UNSCALED)
    assert headline(Findings(judgement, impossible=impossible(judgement))) == (
        "Nothing could be calculated from these tables alone: paste an earlier stage too. "
        "1 row cannot come from the printed tables by the usual steps."
    )


def test_a_slip_is_told_first():
    start = beginning(4, n=3, d_model=3, d_k=3, d_v=3)
    judgement = judge(told(dict(zip(BEGINNING, start, strict=True)) | slipped("forgot-to-scale", start)), Method())
    assert headline(all_of(judgement)) == (
        "One slip explains the wrong numbers: **the scores were not scaled**. "
        "The first that is off is the scaled score (word 1, word 1)."
    )


# --- a stage ---------------------------------------------------------------------------------------------------------


def test_a_stage_that_is_given_says_so():
    assert stage_sentence(two(), "q") == "Taken as given: nothing before it says what it should be."


def test_a_stage_that_is_right_says_so():
    assert stage_sentence(two(given("weights", "0.5 0.5", "0.25 0.75")), "weights") == "All 4 right."


def test_a_stage_that_is_rounded_says_why():
    judgement = two(given("context", "2.00 4.50", "3.20 6.60"))
    assert stage_sentence(judgement, "context") == (
        "Right, 2 of 4 but for rounding; it follows when the weights are first rounded to 1 decimal."
    )


def test_a_stage_with_a_wrong_number_says_where_and_what_follows():
    q = given("q", "0", "2", labels=WORDS)
    x = [given("embeddings", "0", "1", labels=WORDS), given("w_q", "1"), given("w_k", "1.0986122886681098")]
    judgement = judge(claims_of([*x, q, K, V, given("scores", "0.00 0.00", "0.00 2.20")]), UNSCALED)
    assert stage_sentence(judgement, "q") == "1 number of 2 is wrong; the first is the query of cat, number 1."
    assert stage_sentence(judgement, "scores") == "1 number follows from wrong ones before."


# --- a number --------------------------------------------------------------------------------------------------------


def test_a_right_number_is_told_with_more_digits():
    judgement = two(given("scores", "0.00 0.00", "0.00 1.10"))
    assert number_sentence(judgement, "scores", 1, 1) == (
        "The score (cat, cat) is printed 1.10, and that is right: 1.0986."
    )


def test_a_wrong_number_is_told_with_what_it_is_and_how_far_off():
    judgement = two(given("scores", "0.00 0.00", "0.00 -1.10"))
    assert number_sentence(judgement, "scores", 1, 1) == (
        "The score (cat, cat) is printed −1.10, but it is 1.0986, off by 2.1986."
    )


def test_a_rounded_number_is_told_with_its_reason():
    judgement = two(given("context", "2.00 4.50", "3.20 6.60"))
    assert number_sentence(judgement, "context", 1, 1) == (
        "The context vector of cat, number 2 is printed 6.60; unrounded it is 6.2500. "
        "Right but for rounding: it follows when the weights are first rounded to 1 decimal."
    )


def test_a_number_that_follows_from_a_wrong_one_says_so():
    tables = [given("embeddings", "0", "1"), given("w_q", "1"), given("w_k", "1"), given("k", "0", "1")]
    judgement = judge(claims_of([*tables, given("q", "0", "2"), given("scores", "0 0", "0 2")]), UNSCALED)
    assert number_sentence(judgement, "scores", 1, 1) == (
        "The score (word 2, word 2) is printed 2, but it is 1.00, off by 1.00. "
        "It follows from a wrong number before it."
    )


def test_a_given_number_is_told_as_such():
    assert number_sentence(two(), "q", 1, 0) == (
        "The query of cat, number 1 is printed 1; nothing before it says what it should be."
    )


def test_what_is_not_printed_is_told_without_a_printed_number():
    judgement = two(given("scores", "_ 0.00", "0.00 1.10"))
    assert number_sentence(judgement, "scores", 0, 0) == "The score (The, The) is not printed; it is 0.0000."
    judgement = judge(claims_of([given("weights", "_ 0.5", "0.5 0.5")]), UNSCALED)
    assert number_sentence(judgement, "weights", 0, 0) == "The weight (word 1, word 1) is not printed."


def test_what_should_be_masked_is_minus_infinity():
    judgement = judge(
        claims_of([given("scores", "1 5", "0 0"), given("scaled_scores", "1 5", "0 0")]), Method(masks=(CAUSAL,))
    )
    assert number_sentence(judgement, "scaled_scores", 0, 1) == (
        "The scaled score (word 1, word 2) is printed 5, but it is −∞."
    )


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("0.50 1.25", ["0.50", "1.25"]),
        ("-3 7", ["−3", "7"]),
        ("6.0337e-06 0.98201", ["0.0000060337", "0.98201"]),
        ("0.31605908274650574 0.5", ["0.31605908274650574", "0.50000000000000000"]),
        ("1500 2e3", ["1500", "2000"]),
        ("_ 1.5", ["", "1.5"]),
    ],
)
def test_a_claimed_number_is_told_with_the_digits_that_were_printed(line, texts):
    verdict = judge(claims_of([given("q", line)]), UNSCALED).stages["q"]
    assert [as_printed(verdict, 0, column) for column in (0, 1)] == texts


def test_a_number_of_a_matrix_has_a_row_and_no_word():
    assert place(two().claims, "w_q", 0, 1) == "W_Q, row 1, number 2"


@pytest.mark.parametrize("text", NASTY)
def test_a_hostile_word_is_escaped_wherever_it_is_told(text):
    judgement = two(given("scores", "0 0", "0 9"), q=given("q", "0", "1", labels=("a", text)))
    shown = " ".join(text.split())
    assert unescaped(place(judgement.claims, "scores", 1, 0)).replace("\u2060", "") == f"score ({shown}, a)"
    for sentence in (
        number_sentence(judgement, "scores", 1, 1),
        stage_sentence(judgement, "scores"),
        headline(Findings(judgement)),
    ):
        assert f"({plain(shown)}, {plain(shown)})" in sentence
