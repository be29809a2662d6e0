"""Check my numbers as a visitor meets it, without a browser: paste, correct, read the verdicts, go on."""

import re

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest
from support.checks import explain, found_out
from support.screen import MAIN, widget

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from attention_core.words import position_labels
from checking.claims import claims_of
from checking.judge import CARRIED, DEPENDS, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG, judge
from checking.model import STAGE_ORDER
from checking.placing import placed
from checking.published import published
from checking.reading import MAX_TEXT, STAGES, read
from exports.article import article
from presentation.formulas import latex_text
from presentation.text import plain
from sharing.address import to_code
from ui.state import keys

SCRIPT = "check_my_numbers"
FIND_OUT, LEAVE_OUT = "Find out", "leave out"
MARKS = {GIVEN: "", NOTHING: "", RIGHT: "✓", ROUNDING: "≈", DEPENDS: "?", CARRIED: "↳", WRONG: "✗"}
SEED = "seed000-row-the"
WRONG_IN_PRINT = {"bad-amanailab-2x2": 4, "bad-click4ai": 4}  # how many of their numbers
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

# Two words, d_k = 4. Scores by hand: 4·1 = 4 and 0.
UNSCALED = np.exp([4, 0]) / np.exp([4, 0]).sum()
FORGOT_TO_SCALE = f"""\
Q
1 1 1 1
1 1 1 1

K
1 1 1 1
0 0 0 0

Scores
4 0
4 0

Weights
{UNSCALED[0]:.4f} {UNSCALED[1]:.4f}
{UNSCALED[0]:.4f} {UNSCALED[1]:.4f}
"""


SAID = (keys.CHECK_WAY, keys.CHECK_SCALING, keys.CHECK_MASK)


# --- reading the page ------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def handed_over(monkeypatch):
    """What was handed to Streamlit for the browser: the address that the button has -> name, type and content."""
    found = {}
    handing_over = MediaFileManager.add

    def hand_over(manager, content, mime, *args, **kwargs):
        address = handing_over(manager, content, mime, *args, **kwargs)
        found[address] = (kwargs.get("file_name"), mime, content)
        return address

    monkeypatch.setattr(MediaFileManager, "add", hand_over)
    return found


def opened(experiment=None, **params):
    """The page, opened by an address."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    if experiment is not None and (code := to_code(experiment)):
        params["x"] = code
    page.query_params.update(params)
    page.run()
    return turned(page)


def turned(page, script=SCRIPT):
    page.switch_page(f"../pages/{script}.py")
    return run(page)


def run(element):
    page = element.run()
    assert not page.exception, page.exception
    return page


def typed(text, page=None):
    """The page after a text was typed or pasted into its field."""
    return run(widget(page or opened(), keys.NUMBERS).set_value(text))


def loaded(id, page=None):
    return run(widget(page or opened(), keys.PUBLISHED).set_value(id))


def corrected(page, table, what, value):
    """The page after a correction of a table, counted from 0."""
    return run(correction(page, table, what).set_value(value))


def correction(page, table, what):
    (found,) = (
        each
        for kind in ("selectbox", "number_input")
        for each in page.get(kind)
        if re.fullmatch(rf"{keys.READ_TABLE}_\d+_{table}_{what}", str(each.key))
    )
    return found


def corrections(page):
    """Everything that was understood: stage, decimals and first word of each table."""
    count = sum(str(each.key).startswith(f"{keys.READ_TABLE}_") for each in page.selectbox)
    parts = ("stage", "decimals", "row")
    return [tuple(correction(page, table, what).value for what in parts) for table in range(count)]


def as_understood(text):
    """The same as it is before anything is corrected."""
    return [
        (table.stage or FIND_OUT, None, None if table.first_row is None else table.first_row + 1)
        for table in placed(read(text))
    ]


def read_tables(page):
    """The tables in which stands what was read."""
    return [each.value for each in page.dataframe if each.key is None]


def verdict_elements(page):
    return {each.key.split("_", 1)[1].rpartition("_")[0]: each for each in page.dataframe if each.key is not None}


def verdict_tables(page):
    """The tables with the marks: stage -> table of text."""
    return {stage: each.value for stage, each in verdict_elements(page).items()}


def marks(page, signs="✓≈↳✗"):
    """How often each mark stands in the tables."""
    cells = [cell for table in verdict_tables(page).values() for cell in table.to_numpy().ravel()]
    return {mark: sum(cell.endswith(mark) for cell in cells) for mark in signs}


def headings(page):
    """The sentence on each stage, in the order of the page."""
    told = [re.match(r"\*\*([^*]+)\*\* · (.*)", each.value) for each in page.markdown]
    return {each[1]: each[2] for each in told if each}


def sentences(page):
    """What is told of single numbers."""
    return [each.value for each in page.markdown if each.value.startswith("The ")]


def results(page):
    """The numbers at which the sums on the page arrive."""
    return [float(re.findall(r"\\mathbf\{([^{}]+)\}", each.value)[-1].replace("−", "-")) for each in page.latex]


def choose(page, stage, row, column):
    """Click a cell of a table of verdicts: its row, counted from 0, and the name of its column."""
    key = verdict_elements(page)[stage].key
    page.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [(row, column)]}}
    return run(page)


def captions(page):
    return [each.value for each in page.caption]


def checked_as(page):
    (told,) = (each for each in captions(page) if each.startswith("Checked as "))
    return told.split(". ")[0]


def experiment_of(page):
    return page.session_state["_session"].document.experiment


def is_alone(page):
    """Whether nothing on the page touched the experiment."""
    return experiment_of(page) == OPENING.build() and widget(page, "undo").disabled


def judged(text, key_size=None):
    claims = claims_of(placed(read(text)))
    return judge(claims, found_out(claims, key_size=key_size))


def assert_is_one_sentence_and_nothing_else(page):
    """What could not be read or does not fit is told once, and no verdict stands beside it."""
    (told,) = (each.value for each in page.error)
    assert not page.warning and not page.success and not verdict_tables(page) and not page.latex
    assert not [each for each in page.get("download_button") if each.key == "download_report"]
    readable = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", told)
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", told), "nothing in it is interpreted"
    assert readable.endswith(".") and len(readable) < 300 and not re.search(r"Traceback|Error\b", readable)
    return readable


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


# --- typing ----------------------------------------------------------------------------------------------------------

CHANGES = {  # stage -> a number of write a poem as printed, as mistyped, and its row and column
    "q": ("-0.0428", "-0.0438", 0, 1),
    "k": ("0.3685", "0.3675", 1, 1),
    "v": ("3.8695", "3.8795", 2, 0),
    "scores": ("-0.6523", "-0.6623", 0, 2),
    "scaled_scores": ("0.2883", "0.2983", 1, 1),
    "weights": ("0.6047", "0.6147", 1, 1),
    "context": ("0.7057", "0.8057", 1, 1),
}


@pytest.mark.parametrize("stage", CHANGES)
def test_one_changed_digit_is_one_wrong_number_with_the_true_one_and_its_sum(stage):
    right, wrong, row, column = CHANGES[stage]
    text = published()["statquest"].text
    assert text.count(right) == 1
    page = typed(text.replace(right, wrong), loaded("statquest"))
    assert marks(page) == {"✓": 50, "≈": 0, "↳": 0, "✗": 1}
    cell = verdict_tables(page)[stage].iloc[row, column]
    assert cell == f"{wrong.replace('-', '−')} ✗"
    assert page.error[0].value.startswith("One number looks like a misprint: the ")
    assert not page.success
    (told,) = sentences(page)
    told = told.replace("−", "-")
    true = float(re.search(r"but it is (-?[\d.]+\d)", told)[1])
    assert f"is printed {wrong}, but it is" in told and f"{true:.4f}" == right
    assert results(page) == [float(right)]
    others = [name for name in headings(page) if name != STAGES[stage]]
    assert all("all" in headings(page)[name].lower() for name in others)


def test_the_marks_have_a_ground_of_their_own():
    page = typed(published()["statquest"].text.replace("0.6047", "0.6147"))
    styles = {stage: each.proto.arrow_data.styler.styles for stage, each in verdict_elements(page).items()}
    assert len(re.findall("background-color", styles["scores"])) == 1, "all alike"
    (rules,) = {tuple(re.findall(r"([^{}]*)\{ background-color: ([^}]*)\}", styles["weights"]))}
    assert len(rules) == 2 and len({colour for _, colour in rules}) == 2
    (wrong,) = (places for places, _ in rules if "," not in places)
    assert wrong.strip().endswith("_row1_col1")


def test_what_follows_from_a_wrong_number_is_marked_as_that():
    text = published()["christos-she-likes-coffee"].text
    judgement = judged(text)
    x, w = (judgement.chain[name].numbers for name in ("embeddings", "w_q"))
    q = x @ w
    q[0] += 1.0
    scores = q @ (x @ w).T
    tables = [("Embeddings", x), ("W_Q", w), ("W_K", w), ("Q", q), ("Scores", scores)]
    page = typed("\n".join(block(name, table) for name, table in tables))
    assert marks(page) == {"✓": 14, "≈": 0, "↳": 3, "✗": 4}
    assert [cell[-1] for cell in verdict_tables(page)["scores"].iloc[0]] == ["↳"] * 3
    assert "3 numbers follow from wrong ones before" in headings(page)["Scores"].lower()


def block(name, table):
    return "\n".join([name, *("\t".join(f"{number:.4f}" for number in row) for row in table), ""])


def test_typing_takes_the_examples_name_away_and_it_can_be_loaded_again():
    text = published()["bad-click4ai"].text
    page = loaded("bad-click4ai")
    typed(text.replace("6.5", "10.5"), page)
    assert widget(page, keys.PUBLISHED).value is None
    assert plain(published()["bad-click4ai"].source) not in captions(page)
    assert widget(page, keys.NUMBERS).value == text.replace("6.5", "10.5")
    loaded("bad-click4ai", page)
    assert widget(page, keys.NUMBERS).value == text
    assert widget(page, keys.PUBLISHED).value == "bad-click4ai"
    loaded("statquest", page)
    assert widget(page, keys.NUMBERS).value == published()["statquest"].text


def test_the_size_of_an_examples_keys_is_known_as_long_as_it_is_unchanged():
    text = published()["alammar-thinking-machines"].text
    page = loaded("alammar-thinking-machines")
    assert len(page.success) == 1 and not marks(page)["✗"]
    typed(text + " ", page)
    assert not page.error and not page.success and marks(page, "?")["?"] == 2, "the numbers printed do not tell d_k"
    assert "right if d_k = 64 (the scores were divided by √64 = 8.00)" in page.warning[0].value


def test_any_number_can_be_asked_for():
    page = loaded("statquest")
    shown = verdict_tables(page)
    true = attend(experiment_after_opening(loaded("statquest")))
    parts = {
        "q": true.q,
        "k": true.k,
        "v": true.v,
        "scores": true.attention.scores,
        "scaled_scores": true.attention.scaled_scores,
        "weights": true.attention.weights,
        "context": true.context,
    }
    assert list(shown) == list(parts)
    for stage in parts:
        choose(page, stage, 2, shown[stage].columns[1])
    assert results(page) == [pytest.approx(numbers[2, 1], abs=5.1e-5) for numbers in parts.values()]
    assert len(sentences(page)) == 7 and all("and that is right" in each for each in sentences(page))
    assert ("(poem, a)" in sentences(page)[3]) and "poem, number 2" in sentences(page)[0]


def experiment_after_opening(page):
    return experiment_of(run(widget(page, "to_playground").click()))


def test_the_number_that_is_asked_for_comes_before_the_first_wrong_one():
    page = loaded("bad-amanailab-2x2")
    choose(page, "context", 1, "c2")
    (told,) = sentences(page)
    assert told.startswith("The context vector of word 2, number 2 is printed 3.33918")


def test_a_chosen_number_that_is_no_longer_there_gives_way():
    page = loaded("statquest")
    choose(page, "scores", 2, "poem")
    assert len(sentences(page)) == 1
    page.session_state[verdict_elements(page)["scores"].key] = {
        "selection": {"rows": [], "columns": [], "cells": [(99, "nobody")]}
    }
    run(page)
    assert not sentences(page) and len(page.success) == 1


# --- what cannot be read or does not fit -----------------------------------------------------------------------------

UNREADABLE = {  # text -> what the sentence says of it
    "no numbers": ("We walked to the river bank", "No table of numbers was found from line 1 to line 1"),
    "not closed": ("Scores = [[1, 2],\n[3, 4]", "line 1 at “\\[\\[1, 2\\],”: its bracket is not closed"),
    "ragged": ("Scores\n1 2 3\n4 5\n", "line 3 has 2 numbers, but the others of its table have 3"),
    "ragged in brackets": ("Scores: [[1,2,3],[4,5]]", "line 1 has 2 numbers, but the others of its table have 3"),
    "nan": ("Scores\n1 nan\n2 3", "line 2 at “nan”: it is not a number"),
    "1e400": ("Scores\n1e400 3\n2 3", "line 2 at “1e400”: the number is too large"),
    "200,000 letters": ("a" * MAX_TEXT, "No table of numbers was found"),
    "100,000 numbers in a row": ("1 " * (MAX_TEXT // 2), "up to 60,000 numbers can be read"),
    "hostile": ("Scores = [[1, 2], [3, <b>**x**</b> $y$]]", "line 1 at “<b>"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_one_sentence_and_the_text_stays(kind):
    text, said = UNREADABLE[kind]
    page = loaded("statquest")
    typed(text, page)
    assert re.search(said, assert_is_one_sentence_and_nothing_else(page))
    assert widget(page, keys.NUMBERS).value == text and not corrections(page)
    typed("Scores: [1, 2]", page)
    assert not page.error


UNFIT = {
    "W_Q with too many rows": (
        "Embeddings\n1 2\n3 4\n\nW_Q\n1 0\n0 1\n1 1\n",
        "W_Q has 3 rows, but an embedding has 2 numbers; they must be equally many.",
    ),
    "scores with too few columns": (
        "Embeddings\n1 2\n3 4\n5 6\n\nScores\n1 2\n3 4\n",
        "Scores has 2 columns, but there are 3 words; it needs a column for each.",
    ),
    "queries and keys": ("Q\n1 2\n3 4\n\nK\n1 2 3\n4 5 6\n", "Queries has 2 columns but Keys has 3"),
    "a mask where there is none": ("Weights\n1 -inf\n0.5 0.5\n", "only scores can be masked by it."),
    "513 words": ("Embeddings\n" + "1 2\n" * 513, "The tables have 513 words; up to 512 can be checked."),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_tables_that_do_not_fit_are_one_sentence_and_can_be_corrected(kind):
    text, said = UNFIT[kind]
    page = typed(text)
    assert said in assert_is_one_sentence_and_nothing_else(page)
    assert widget(page, keys.NUMBERS).value == text
    assert corrections(page) == as_understood(text), "each table is still there"
    corrected(page, len(corrections(page)) - 1, "stage", LEAVE_OUT)
    assert not page.error


def test_a_text_longer_than_the_field_holds_is_cut_by_the_field():
    assert widget(opened(), keys.NUMBERS).proto.max_chars == MAX_TEXT


# --- much ------------------------------------------------------------------------------------------------------------


def test_sixty_four_words_with_every_table_and_one_wrong_number():
    generator = np.random.default_rng(0)
    x, w_q, w_k, w_v = (np.round(generator.normal(size=shape), 4) for shape in ((64, 4), (4, 4), (4, 4), (4, 4)))
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T
    powers = np.exp(scores / 2)
    weights = powers / powers.sum(axis=1, keepdims=True)
    printed = weights.copy()
    printed[10, 20] += 0.1
    tables = {
        **{"Embeddings": x, "W_Q": w_q, "W_K": w_k, "W_V": w_v, "Queries": q, "Keys": k, "Values": v},
        **{"Scores": scores, "Scaled scores": scores / 2, "Weights": printed, "Context": weights @ v},
    }
    page = typed("\n".join(block(name, table) for name, table in tables.items()))
    found = marks(page)
    assert (found["✗"], found["↳"]) == (1, 0) and found["✓"] + found["≈"] + 1 == 3 * 256 + 3 * 4096 + 256
    assert verdict_tables(page)["weights"].iloc[10, 20].endswith("✗")
    assert "One number looks like a misprint: the weight (word 11, word 21) is printed" in page.error[0].value
    assert results(page) == [pytest.approx(weights[10, 20], abs=5.1e-5)]
    assert ["sum to 1.1" in each.value for each in page.warning] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Embeddings\n" + "\n".join(["1 1"] * 200) + "\n\nScores\n" + "\n".join([" ".join(["2"] * 200)] * 200),
        "Embeddings\n" + "1 2\n" * 512,
        "Scores: [1]",
        "nan nan\n1 2",
        "Q\n1e59 1e59\n2 3\nK\n1e59 2\n3 4\nScores\n1e59 2\n3 4",
        "Scores\n1000 -1000\n-1000 1000\n\nWeights\n1 0\n0 1",
        "Scores\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 1 | |\n",
        "Scores\n-inf -inf\n-inf 1\n\nWeights\n0 0\n0 1",
        "1.5e3\t2\n3\t4\n",
    ],
    ids=lambda text: text[:20],
)
def test_whatever_can_be_read_has_a_result_or_waits_to_be_named(text):
    page = typed(text)
    unnamed = all(stage == FIND_OUT for stage, _, _ in corrections(page))
    assert sum(each.value.startswith("There is no table to check") for each in page.info) == unnamed
    assert len(page.error) + len(page.success) + len(page.info) - unnamed == 1
    assert not page.error or "wrong" in page.error[0].value or "cannot be" in page.error[0].value


def test_the_article_of_the_app_has_only_right_numbers():
    calculation = attend(OPENING.build())
    page = typed(article(calculation, word=5).markdown)
    n, d = len(calculation.words), 4
    count = 3 * n * d + 3 * n * n + n * d
    assert [each.value for each in page.success] == [f"All {count} numbers that could be checked are right."]
    assert not page.error and not page.warning
    assert marks(page) == {"✓": count, "≈": 0, "↳": 0, "✗": 0}


# --- corrections -----------------------------------------------------------------------------------------------------

TWO_WORDS = "Q\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n5 11\n11 25\n"


def test_another_stage_changes_what_is_checked():
    page = typed(FORGOT_TO_SCALE)
    assert len(page.success) == 1 and set(verdict_tables(page)) == {"q", "k", "scores", "weights"}
    corrected(page, 2, "stage", "context")
    assert set(verdict_tables(page)) == {"q", "k", "weights", "context"}
    assert [each.value for each in page.success] == ["All 4 numbers that could be checked are right."]
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
    assert "Paste the numbers" in page.info[0].value
    corrected(corrected(page, 0, "stage", "embeddings"), 1, "stage", "scores")
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
        turned(turned(page, script))
        assert everything() == before


def test_another_page_and_back_keeps_the_example():
    page = turned(turned(loaded("bad-click4ai"), "playground"))
    assert widget(page, keys.PUBLISHED).value == "bad-click4ai"
    assert plain(published()["bad-click4ai"].source) in captions(page)
    assert len(page.error) == 1


# --- people's words --------------------------------------------------------------------------------------------------

HOSTILE = [
    *("**b**", "_i_", "`c`", "# head", "> quote", "- item", "[a](https://b.c)", ":red[x]", ":material/home:"),
    *("<b>x</b>", "<script>alert(1)</script>", "&lt;", "$x^2$", r"\frac{a}{b}", "a\\b", "{=1+1}", "=1+1", "+1a"),
    *("-x", "@cmd", "nan", "__index__", "a|b", '"q"', "www.a.de", "Scores", "the·2", "x" * 100, "c1"),
    *("مرحبا", "👩\u200d👩\u200d👧", "a\u202eb"),
]


@pytest.mark.parametrize("word", HOSTILE, ids=lambda word: word[:12])
def test_peoples_words_are_text_in_every_sentence_table_sum_and_report(word, handed_over):
    """The score of the word with itself is 5, and 6 is printed; and its weights sum to more than 1."""
    rows = [["", word, "b"], [word, "6", "11"], ["b", "11", "25"]]
    vectors = f"\t1\t2\n{word}\t1\t2\nb\t3\t4\n\n"
    page = typed(
        f"Q\n{vectors}K\n{vectors}Scores\n"
        + "\n".join(map("\t".join, rows))
        + f"\n\nWeights\n\t{word}\tb\n{word}\t0.9\t0.9\n"
    )
    labels = list(position_labels([word, "b"]))
    for frame in [*read_tables(page), *verdict_tables(page).values()]:
        assert list(frame.index) == labels[: len(frame)]
    assert list(verdict_tables(page)["scores"].columns) == labels
    assert verdict_tables(page)["scores"].iloc[0, 0] == "6 ✗"
    written = plain(word)
    told = [each.value for kind in ("markdown", "caption", "error", "warning", "info") for each in page.get(kind)]
    report = downloaded(page, handed_over)
    for text in (*told, report):
        assert written == word or word not in text.replace(written, ""), "nothing in it is interpreted"
    assert f"score ({written}, {written})" in page.error[0].value
    assert f"score ({written}, {written}) is printed 6, but it is 5" in sentences(page)[0]
    assert f"**Attention weights** of {written}: " in page.warning[0].value
    assert latex_text(word)[6:-1] in page.latex[0].value or len(word) > 50
    assert f"| score ({written}, {written}) | 6 | 5" in report
    assert not any(each.proto.allow_html for kind in ("markdown", "caption") for each in page.get(kind))
    assert not any("\\" in each.proto.alt for each in page.dataframe if "\\" not in word), "told as it is, not escaped"


# --- what is taken on ------------------------------------------------------------------------------------------------


def downloaded(page, handed_over):
    """The report that the button serves."""
    (button,) = (each for each in page.get("download_button") if each.key == "download_report")
    assert button.proto.ignore_rerun
    name, mime, content = handed_over[button.proto.url]
    assert (name, mime) == ("check.md", "text/markdown")
    return content.decode("utf-8") if isinstance(content, bytes) else content


@pytest.mark.parametrize("id", [SEED, "statquest", "karim-rounded", *WRONG_IN_PRINT])
def test_the_report_tells_what_the_page_tells(id, handed_over):
    page = loaded(id)
    report = downloaded(page, handed_over)
    (told,) = (each.value for each in (*page.error, *page.success))
    assert told in report and checked_as(page) in report
    for name, sentence in headings(page).items():
        assert f"**{name}**: {sentence}" in report
    for each in page.warning:
        assert each.value.partition(": ")[2] in report
    wrong = [
        cell.split()[0] for frame in verdict_tables(page).values() for cell in frame.to_numpy().ravel() if "✗" in cell
    ]
    assert re.findall(r"^\| [a-z].* \| (\S+) \| \S+ \|$", report, re.M) == wrong


def test_the_report_follows_what_is_corrected(handed_over):
    page = typed("Q\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n11 25\n")
    assert "wrong" in downloaded(page, handed_over)
    corrected(page, 2, "row", 2)
    assert "wrong" not in downloaded(page, handed_over)


PLAYABLE = [id for id in published() if id not in (SEED, "alammar-thinking-machines")]


@pytest.mark.parametrize("id", PLAYABLE)
def test_the_playground_opens_with_these_numbers_and_undo_brings_the_old_ones_back(id):
    example = published()[id]
    page = opened(EXAMPLES["cat-and-mouse"].build())
    code = page.query_params["x"]
    loaded(id, page)
    assert experiment_of(page) == EXAMPLES["cat-and-mouse"].build() and page.query_params["x"] == code
    run(widget(page, "to_playground").click())
    assert {"scores", "weights", "context"} <= {each.key for each in page.get("vega_lite_chart")}, "the Playground"
    calculation = attend(experiment_of(page))
    stages = {
        **{"embeddings": calculation.x, "q": calculation.q, "k": calculation.k, "v": calculation.v},
        **{name: getattr(calculation.attention, name) for name in ("scores", "scaled_scores", "weights")},
        "context": calculation.context,
    }
    judgement = judged(example.text, example.key_size)
    compared = 0
    for stage, claim in judgement.claims.tables.items():
        known = judgement.chain[stage].numbers
        if stage not in stages or np.isnan(known).all():
            continue
        seen = ~np.isnan(known) & np.isfinite(stages[stage])
        np.testing.assert_allclose(stages[stage][seen], known[seen], rtol=1e-9, atol=1e-12, err_msg=stage)
        claimed = seen & claim.claimed
        if id not in WRONG_IN_PRINT and id != "karim-rounded":
            off = np.abs(stages[stage] - claim.values)[claimed]
            assert (off <= claim.halves[claimed]).all(), stage
        compared += int(claimed.sum())
    assert compared >= 4
    turned(page, "playground")
    assert experiment_of(page) == calculation.experiment and page.query_params["x"] == to_code(calculation.experiment)
    assert widget(page, "sentence").value == calculation.experiment.sentence
    run(widget(page, "undo").click())
    assert experiment_of(page) == EXAMPLES["cat-and-mouse"].build() and page.query_params["x"] == code
    run(widget(page, "redo").click())
    assert experiment_of(page) == calculation.experiment
    turned(page)
    assert widget(page, keys.NUMBERS).value == example.text and len(page.success) + len(page.error) == 1


def test_words_that_make_a_sentence_are_those_of_the_playground():
    assert experiment_after_opening(loaded("statquest")).sentence == "write a poem"


@pytest.mark.parametrize(
    ("id", "told"),
    [
        (SEED, "W_Q, W_K and W_V are not known: the identity stands there."),
        ("bad-amanailab-2x2", "The embeddings are not known: each word's query, key and value stand side by side"),
        ("statquest", None),
    ],
)
def test_what_had_to_be_made_up_is_told(id, told):
    said = [each for each in captions(loaded(id)) if "not known" in each]
    assert not said if told is None else len(said) == 1 and said[0].startswith(told)


@pytest.mark.parametrize("text", [published()["alammar-thinking-machines"].text, "Q\n1 2\n3 4\n\nScores\n1 2\n3 4\n"])
def test_where_too_little_is_known_for_the_playground_it_is_told_what_is_missing(text):
    page = typed(text)
    assert not [each for each in page.button if each.key == "to_playground"]
    assert plain("The Playground needs the embeddings, or the queries, keys and values.") in captions(page)
    assert [each for each in page.get("download_button") if each.key == "download_report"]


# --- beside the experiment -------------------------------------------------------------------------------------------


def test_checking_leaves_the_experiment_and_its_address_alone():
    own = OPENING.build().with_sentence("We walked to the money bank")
    page = opened(own, **{"class": "tables~Look!"})
    before = dict(page.query_params)
    loaded("bad-click4ai", page)
    assert [each.value for each in page.info] == [plain("Look!")]
    corrected(page, 3, "stage", LEAVE_OUT)
    run(widget(page, keys.CHECK_MASK).set_value("With"))
    choose(page, "q", 0, "q1")
    typed("[[1, 2", page)
    typed("", page)
    assert experiment_of(page) == own and dict(page.query_params) == before and widget(page, "undo").disabled


@pytest.mark.parametrize("hidden", ["tables", "sums", "tables,fills,sums,mask"])
def test_a_class_link_changes_nothing_here(hidden):
    page, same = (loaded("bad-amanailab-2x2", opened(**params)) for params in ({"class": f"{hidden}~Look!"}, {}))
    assert [each.value for each in page.error] == [each.value for each in same.error]
    assert sentences(page) == sentences(same) and results(page) == results(same)
    assert corrections(page) == corrections(same)
    run(widget(page, "to_playground").click())
    assert page.query_params["class"] == f"{hidden}~Look!"
    assert experiment_of(page) != OPENING.build()


def test_two_visitors_have_their_own_numbers():
    one, other = typed(TWO_WORDS), opened()
    assert widget(other, keys.NUMBERS).value == "" and widget(one, keys.NUMBERS).value == TWO_WORDS


def test_a_slip_is_explained_as_the_checking_explains_it():
    page = run(widget(typed(FORGOT_TO_SCALE), keys.CHECK_SCALING).set_value("Scaled"))
    claims = claims_of(placed(read(FORGOT_TO_SCALE)))
    slip = explain(judge(claims, found_out(claims, scaled=True)))
    assert slip.id == "forgot-to-scale" and f"**{slip.told}**" in page.error[0].value
