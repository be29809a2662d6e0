"""Check my numbers as a visitor meets it, without a browser: published examples and corrections."""

import re

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from support.check_screen import (
    FIND_OUT,
    FORGOT_TO_SCALE,
    LEAVE_OUT,
    SCRIPT,
    SEED,
    TWO_WORDS,
    WRONG_IN_PRINT,
    as_understood,
    assert_is_one_sentence_and_nothing_else,
    captions,
    checked_as,
    corrected,
    correction,
    corrections,
    experiment_of,
    headings,
    judged,
    loaded,
    marks,
    opened,
    read_tables,
    results,
    sentences,
    typed,
    verdict_tables,
)
from support.screen import run, turned, widget

from attention_core import OPENING, VARIANTS
from attention_core.words import position_labels
from checking.judge import CARRIED, DEPENDS, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG
from checking.model import STAGE_ORDER
from checking.published import published
from checking.reading import STAGES, read
from presentation.text import plain
from ui.state import keys

pytestmark = pytest.mark.usefixtures("handed_over")


MARKS = {GIVEN: "", NOTHING: "", RIGHT: "✓", ROUNDING: "≈", DEPENDS: "?", CARRIED: "↳", WRONG: "✗"}


ALL_RIGHT = [id for id in published() if id not in (SEED, *WRONG_IN_PRINT)]


# As the article "Understanding Self-Attention in Transformers" prints it, its pictures left out.
ARTICLE = """\
Step 1 : Covert Words into Embeddings
We assign the following embeddings to the words:
Step 2 : Compute Q, K & V Vectors
We use the following weight matrices:
Step 2.1 : For "The" [0.1,0.2,0.3] :
Step 2.2 : For "cat" [0.5,0.6,0.7] :
Step 2.3 : For "chased" [0.8,0.9,1.0] :
Step 2.4 : For "mouse" [1.1,1.2,1.3] :
Step 3 : Compute Attention Scores
The attention scores between two words is calculated as :
3.1: Compute Scores for "The":
This forms the first row of the score matrix.
3.2: Compute Scores for Remaining Words:
Repeat the process for "cat", "chased" and "mouse", calculating their scores against every other word.
The final score matrix is :
领英推荐
Step 4: Normalize the Scores using Softmax
Apply softmax to each row of the score matrix to convert raw scores into probabilities. This step ensures that the \
scores for each word sum to 1.
Formula for Softmax is :
Softmax for "The" :
Score : [0.150, 0.559, 0.902, 1.261]
Exponentiate each value:
Sum of exponentials : 1.162 + 1.749 + 2.465 +3.529 = 8.905
Normalize each value :
Normalized probabilities for "The": [0.130, 0.196, 0.277, 0.396]
"""


SAID = (keys.CHECK_WAY, keys.CHECK_SCALING, keys.CHECK_MASK)


# --- reading the page ------------------------------------------------------------------------------------------------


def is_alone(page):
    """Whether nothing on the page touched the experiment."""
    return experiment_of(page) == OPENING.build() and widget(page, "undo").disabled


# --- the empty page --------------------------------------------------------------------------------------------------


def test_the_empty_page_says_what_it_does_and_nothing_is_wrong():
    page = opened()
    assert not page.error and not page.warning and not page.success and not page.dataframe
    (told,) = (each.value for each in page.info)
    for part in ("Paste the numbers", "**right**", "**right but for rounding**", "**wrong**", "load an example"):
        assert part in told
    assert widget(page, keys.NUMBERS).value == "" and widget(page, keys.PUBLISHED).value is None
    assert widget(page, keys.PUBLISHED).options == [each.title for each in published().values()]
    assert widget(page, keys.CHECK_WAY).options == [FIND_OUT, *(each.name for each in VARIANTS.values())]
    assert [widget(page, key).value for key in SAID] == [FIND_OUT] * 3
    assert is_alone(page)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_a_text_of_spaces_is_an_empty_page(text):
    page = typed(text, typed("Scores: [1, 2]"))
    assert len(page.info) == 1 and not page.error and not page.dataframe


# --- the published examples ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", published())
def test_an_example_loads_with_its_source_and_its_tables(id):
    example = published()[id]
    page = loaded(id)
    assert widget(page, keys.NUMBERS).value == example.text
    assert widget(page, keys.PUBLISHED).value == id
    assert plain(example.source) in captions(page)
    tables = read(example.text)
    assert [stage for stage, _, _ in corrections(page)] == [table.stage for table in tables]
    assert all(table.stage in STAGES for table in tables), "nothing of an example is left out"
    shown = read_tables(page)
    assert len(shown) == len(tables)
    for frame, table in zip(shown, tables, strict=True):
        assert frame.to_numpy().tolist() == [[each.text if each else "" for each in row] for row in table.rows]
        assert list(frame.index) == list(table.row_labels or map(str, range(1, len(table.rows) + 1)))
    assert is_alone(page)


@pytest.mark.parametrize("id", published())
def test_the_marks_are_the_verdicts_number_by_number(id):
    example = published()[id]
    page = loaded(id)
    judgement = judged(example.text, example.key_size)
    shown = verdict_tables(page)
    assert list(shown) == [stage for stage in judgement.stages if stage in STAGE_ORDER]
    assert list(headings(page)) == [STAGES[stage] for stage in shown]
    names = judgement.claims.words
    for stage, frame in shown.items():
        verdict = judgement.stages[stage]
        rows = np.flatnonzero(verdict.claim.claimed.any(axis=1))
        assert list(frame.index) == list(position_labels([names[row] for row in rows]))
        if stage in ("scores", "scaled_scores", "exponentials", "weights"):
            assert list(frame.columns) == list(position_labels(names))
        assert frame.shape == (len(rows), verdict.claim.values.shape[1])
        for (place, column), cell in np.ndenumerate(frame.to_numpy()):
            number, mark = re.fullmatch(r"(\S*) ?(\S*)", cell).groups()
            row = rows[place]
            assert mark == MARKS[int(verdict.verdicts[row, column])], (stage, row, column)
            if verdict.claim.claimed[row, column]:
                claimed = verdict.claim.values[row, column]
                assert float(number.replace("−", "-").replace("∞", "inf")) == claimed
            else:
                assert cell == ""


@pytest.mark.parametrize("id", ALL_RIGHT)
def test_a_right_example_is_right(id):
    page = loaded(id)
    assert not page.error and not page.warning and not page.info
    found = marks(page)
    assert found["✗"] == found["↳"] == 0 and found["✓"] + found["≈"] > 0
    ending = ", some but for rounding." if found["≈"] else "."
    assert [each.value for each in page.success] == [
        f"All {found['✓'] + found['≈']} numbers that could be checked are right{ending}"
    ]
    assert (id == "karim-rounded") == bool(found["≈"])
    assert not page.latex and not sentences(page), "what is right needs no sum until it is asked for"


@pytest.mark.parametrize(("id", "count"), WRONG_IN_PRINT.items())
def test_an_example_that_is_wrong_in_print_is_told_so(id, count):
    page = loaded(id)
    assert not page.success
    (told,) = (each.value for each in page.error)
    assert told.startswith(f"{count} numbers of {count} are wrong. ")
    assert "The first that is off is the context vector of word 1, number 1." in told
    assert marks(page) == {"✓": 0, "≈": 0, "↳": 0, "✗": count}


def test_a_coding_exercise_is_put_right():
    """By hand: q1·k1/√2 = 1/√2 and q1·k2 = 0, so the first weight is 1/(1 + e^(-1/√2)) of 1, the rest of 3."""
    page = loaded("bad-amanailab-2x2")
    weight = 1 / (1 + np.exp(-1 / np.sqrt(2)))
    true = weight * 1 + (1 - weight) * 3
    (told,) = sentences(page)
    assert f"is printed 1.66082, but it is {true:.7f}, off by {1.66082 - true:.7f}." in told
    assert results(page) == [round(true, 4)]


def test_what_lies_outside_of_everything_that_is_mixed_cannot_be():
    page = loaded("bad-click4ai")
    told = [each.value for each in page.warning]
    assert len(told) == 2 and all("the values go from 9 to 11 there" in each for each in told)
    assert page.error[0].value.endswith("2 rows cannot come from the printed tables by the usual steps.")
    assert not page.get("vega_lite_chart"), "only a row of scores is drawn"


@pytest.mark.parametrize("page_of", [lambda: loaded(SEED), lambda: typed(ARTICLE)], ids=["the example", "the article"])
def test_the_cat_and_the_mouse_have_right_weights_from_a_row_of_scores_that_cannot_be(page_of):
    page = page_of()
    assert [stage for stage, _, _ in corrections(page)] == ["embeddings", "scores", "exponentials", "weights"]
    assert list(read_tables(page)[0].index) == ["The", "cat", "chased", "mouse"]
    shown = verdict_tables(page)
    assert shown["scores"].to_numpy().tolist() == [["0.150", "0.559", "0.902", "1.261"]]
    assert shown["exponentials"].to_numpy().tolist() == [["1.162 ✓", "1.749 ✓", "2.465 ✓", "3.529 ✓"]]
    assert shown["weights"].to_numpy().tolist() == [["0.130 ✓", "0.196 ✓", "0.277 ✓", "0.396 ✓"]]
    assert all(list(frame.index) == ["The"] for frame in shown.values())
    assert "not scaled" in checked_as(page)
    assert [each.value for each in page.error] == [
        "All 8 numbers that could be checked are right. 1 row cannot come from the printed tables by the usual steps."
    ]
    (told,) = (each.value for each in page.warning)
    assert told.startswith("**Scores** of The: No matrices W_Q and W_K could give this row from these embeddings")
    (drawn,) = page.get("vega_lite_chart")
    frame = convert_arrow_bytes_to_pandas_df(drawn.proto.data.data)
    assert list(frame["word"]) == ["The", "cat", "chased", "mouse"]
    # By hand: the embeddings lie on a line, at 0, 4, 7 and 10 tenths from the first, and so must their scores. The
    # closest line (Chebyshev) goes up as from the first to the last, halfway between the highest and the lowest.
    scores, at = np.array([0.150, 0.559, 0.902, 1.261]), np.array([0, 4, 7, 10])
    slope = (scores[3] - scores[0]) / 10
    errors = scores - scores[0] - slope * at
    np.testing.assert_allclose(frame["value"], errors - (errors.max() + errors.min()) / 2, atol=1e-9)
    assert "leaves an error of 0.0177, and rounding explains 0.0005" in told and frame["beyond"].any()


# --- corrections -----------------------------------------------------------------------------------------------------


def test_another_stage_changes_what_is_checked():
    page = typed(FORGOT_TO_SCALE)
    assert len(page.success) == 1 and set(verdict_tables(page)) == {"q", "k", "scores", "weights"}
    corrected(page, 2, "stage", "context")
    assert set(verdict_tables(page)) == {"q", "k", "weights", "context"}
    (told,) = (each.value for each in page.warning)
    assert told == (
        "All 4 numbers that could be checked are right. The context vectors could not be checked: values are not given."
    )
    assert not page.success and not page.error
    assert headings(page)["Context vectors"].startswith("Taken as given")


def test_a_table_that_is_left_out_is_not_checked():
    page = typed(TWO_WORDS.replace("25", "26"))
    assert marks(page)["✗"] >= 1 and len(page.error) == 1
    corrected(page, 2, "stage", LEAVE_OUT)
    assert set(verdict_tables(page)) == {"q", "k"} and not page.error
    for table in (0, 1):
        corrected(page, table, "stage", LEAVE_OUT)
    assert not verdict_tables(page) and "Paste the numbers" in page.info[0].value
    assert len(read_tables(page)) == 3, "what was left out is still there to be taken in again"


def test_a_table_without_a_name_can_be_given_one():
    page = typed("first\n1 2\n3 4\n\nsecond\n5 11\n11 25\n")
    assert [stage for stage, _, _ in corrections(page)] == [FIND_OUT, FIND_OUT]
    assert [each.value for each in page.success] == ["All 4 numbers that could be checked are right."], "found out"
    corrected(corrected(page, 0, "stage", "embeddings"), 1, "stage", "context")
    assert not page.success or "4 numbers" not in page.success[0].value
    corrected(page, 1, "stage", "scores")
    assert [each.value for each in page.success] == ["All 4 numbers that could be checked are right."]


def test_the_decimals_say_how_exact_a_number_is_meant():
    text = "Q\n1 0\n1 0\n\nK\n0.123 0\n0.456 0\n\nScores\n0.10 0.50\n"
    page = typed(text)
    assert correction(page, 2, "decimals").proto.placeholder == "2"
    assert len(page.error) == 1 and marks(page)["✗"] == 2
    corrected(page, 2, "decimals", 1)
    assert len(page.success) == 1
    assert verdict_tables(page)["scores"].to_numpy().tolist() == [["0.1 ✓", "0.5 ✓"]]
    corrected(page, 2, "decimals", None)
    assert len(page.error) == 1


def test_the_first_row_says_whose_row_it_is():
    page = typed("Q\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n11 25\n")
    assert len(page.success) == 1 and verdict_tables(page)["scores"].index.tolist() == ["word 2"], "it is found out"
    corrected(page, 2, "row", 1)
    assert len(page.error) == 1 and verdict_tables(page)["scores"].index.tolist() == ["word 1"]
    corrected(page, 2, "row", 10**9)
    assert "up to 512 can be checked" in assert_is_one_sentence_and_nothing_else(page)


def test_the_first_row_is_asked_only_where_rows_are_words():
    page = loaded("karim-unscaled")
    asked = {stage: not correction(page, table, "row").disabled for table, (stage, *_) in enumerate(corrections(page))}
    assert asked == {stage: stage not in ("w_q", "w_k", "w_v") for stage in asked}


def test_corrections_do_not_carry_over_to_another_text():
    text = TWO_WORDS.replace("25", "26")
    page = typed(TWO_WORDS)
    corrected(corrected(page, 1, "stage", LEAVE_OUT), 2, "decimals", 1)
    corrected(page, 0, "row", 2)
    typed(text, page)
    assert corrections(page) == as_understood(text)
    loaded("statquest", page)
    assert corrections(page) == as_understood(published()["statquest"].text)
    typed(TWO_WORDS, page)
    assert corrections(page) == as_understood(TWO_WORDS)


# --- how the numbers were made ---------------------------------------------------------------------------------------


def test_forgetting_to_scale_is_named_when_the_author_says_scaled():
    page = typed(FORGOT_TO_SCALE)
    assert len(page.success) == 1 and "not scaled" in checked_as(page)
    run(widget(page, keys.CHECK_SCALING).set_value("Scaled"))
    assert not page.success and marks(page)["✗"] == 4
    assert page.error[0].value.startswith("One slip explains the wrong numbers: **the scores were not scaled**.")
    assert checked_as(page) == "Checked as Full Q, K, V, scores divided by √4"
    run(widget(page, keys.CHECK_SCALING).set_value("Not scaled"))
    assert len(page.success) == 1
    run(widget(page, keys.CHECK_SCALING).set_value(FIND_OUT))
    assert len(page.success) == 1


@pytest.mark.parametrize(
    ("id", "key", "right", "wrong"),
    [
        ("statquest", keys.CHECK_SCALING, "Scaled", "Not scaled"),
        ("karim-unscaled", keys.CHECK_SCALING, "Not scaled", "Scaled"),
        ("statquest", keys.CHECK_MASK, "Without", "With"),
        ("unfold-causal-identity", keys.CHECK_MASK, "With", "Without"),
        ("raschka-no-weights", keys.CHECK_WAY, "similarity", "embeddings_only"),
        ("statquest", keys.CHECK_WAY, "qkv", "queries_and_keys"),
    ],
)
def test_what_the_author_says_is_what_is_checked(id, key, right, wrong):
    page = loaded(id)
    found = checked_as(page)
    run(widget(page, key).set_value(wrong))
    assert len(page.error) == 1 and not page.success and marks(page)["✗"] > 0 and checked_as(page) != found
    run(widget(page, key).set_value(right))
    assert len(page.success) == 1 and marks(page)["✗"] == 0 and checked_as(page) == found
    assert is_alone(page)


def test_another_page_and_back_keeps_the_text_and_everything_said():
    text = TWO_WORDS.replace("25", "26") + "\nV\n1 2\n3 4\n"
    page = typed(text)
    run(widget(page, keys.CHECK_WAY).set_value("queries_and_keys"))
    run(widget(page, keys.CHECK_SCALING).set_value("Not scaled"))
    run(widget(page, keys.CHECK_MASK).set_value("Without"))
    corrected(corrected(page, 2, "decimals", 1), 1, "row", 1)
    corrected(page, 3, "stage", LEAVE_OUT)

    def everything():
        said = [widget(page, key).value for key in (keys.NUMBERS, *SAID)]
        return said, corrections(page), page.error[0].value, [each.to_dict() for each in verdict_tables(page).values()]

    before = everything()
    assert before[0] == [text, "queries_and_keys", "Not scaled", "Without"]
    for script in ("playground", "take_it_with_you", "similarity"):
        turned(turned(page, script), SCRIPT)
        assert everything() == before


def test_another_page_and_back_keeps_the_example():
    page = turned(turned(loaded("bad-click4ai"), "playground"), SCRIPT)
    assert widget(page, keys.PUBLISHED).value == "bad-click4ai"
    assert plain(published()["bad-click4ai"].source) in captions(page)
    assert len(page.error) == 1
