"""What Check my numbers takes on and leaves alone: people's words, the experiment beside it, and its address."""

import re

import numpy as np
import pytest
from support.check_screen import (
    FORGOT_TO_SCALE,
    LEAVE_OUT,
    SCRIPT,
    SEED,
    TWO_WORDS,
    WRONG_IN_PRINT,
    captions,
    checked_as,
    choose,
    corrected,
    corrections,
    experiment_after_opening,
    experiment_of,
    headings,
    judged,
    loaded,
    opened,
    read_tables,
    results,
    sentences,
    typed,
    verdict_tables,
)
from support.checks import explain, found_out
from support.screen import run, turned, widget

from attention_core import EXAMPLES, OPENING, attend
from attention_core.words import position_labels
from checking.claims import claims_of
from checking.judge import judge
from checking.placing import placed
from checking.published import published
from checking.reading import read
from presentation.formulas import latex_text
from presentation.text import plain
from sharing.address import to_code
from ui.state import keys

pytestmark = pytest.mark.usefixtures("handed_over")


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
    assert "wrong" not in downloaded(page, handed_over), "the row is found out"
    corrected(page, 2, "row", 1)
    assert "wrong" in downloaded(page, handed_over)


PLAYABLE = [id for id in published() if id not in (SEED, "alammar-thinking-machines")]


@pytest.mark.parametrize("id", PLAYABLE)
def test_the_playground_opens_with_these_numbers_and_undo_brings_the_old_ones_back(id):
    example = published()[id]
    page = opened(EXAMPLES["cat-and-mouse"].build())
    code = page.query_params["x"]
    loaded(id, page)
    assert experiment_of(page) == EXAMPLES["cat-and-mouse"].build() and page.query_params["x"] == code
    run(widget(page, "to_playground").click())
    assert "attention" in {each.key for each in page.get("vega_lite_chart")}, "the Playground"
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
    turned(page, SCRIPT)
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
