"""What others published: right numbers raise no alarm, rounded ones say why, and wrong ones are found wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
from support.checks import explain, found_out

from attention_core import VARIANTS
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_EXPONENTIALS, PRINTED_SCORES, PRINTED_WEIGHTS
from checking.claims import claims_of
from checking.impossible import impossible
from checking.judge import CARRIED, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG, judge
from checking.placing import placed
from checking.published import published
from checking.reading import STAGES, read

pytestmark = pytest.mark.filterwarnings("error")

EXAMPLES = {
    example["id"]: example
    for example in json.loads(
        (Path(__file__).parents[1] / "checking" / "published.json").read_text(encoding="utf-8"),
    )
}
TRUSTED = [id for id, example in EXAMPLES.items() if example["trust"] == "reference"]
SIGNIFICANT = {("karim-unscaled", "weights"), ("mlm-from-scratch", "weights")}  # printed with as many digits each
BAD = [id for id, example in EXAMPLES.items() if example["trust"] == "known-bad"]

# What the document calls the ways to attend; where it says how the table was handed over, it is the usual way.
WAYS = {"qkv": "qkv", "embeddings": "similarity", "scores-only": "qkv", "qkv-direct": "qkv"}
STAGE_OF = {"scores_lower": "scores", "exp": "exponentials"}
BEGINNING = ("embeddings", "w_q", "w_k", "w_v", "q", "k", "v")


def claims_in(id):
    return claims_of(placed(read(published()[id].text)))


def judged(id, *, said=False):
    """The example judged as a page does; `said`: with the settings that its document gives instead of found out."""
    example, claims, settings = EXAMPLES[id], claims_in(id), {}
    if said:
        settings = {"scaled": example["scaled"], "causal": example["causal"]}
        settings["variant"] = VARIANTS[WAYS[example["variant"]]]
    return judge(claims, found_out(claims, key_size=published()[id].key_size, **settings))


def counts(judgement, *verdicts):
    return sum(verdict.count(*verdicts) for verdict in judgement.stages.values())


# --- the texts -------------------------------------------------------------------------------------------------------


def test_every_example_can_be_picked_under_its_own_title():
    assert published().keys() == EXAMPLES.keys()
    titles = [example.title for example in published().values()]
    assert len(set(titles)) == len(titles) == 14
    assert all(example.source for example in published().values())


def tables_in(example):
    """Every table of the document as (stage, rows), rows filled up with None."""
    if example["id"] == "seed000-row-the":  # as the article prints it; what stands for q and k is ours
        yield "embeddings", example["embeddings"]
    else:
        yield from ((name, example[name]) for name in BEGINNING if example.get(name))
    for name, rows in example["expected"].items():
        if name != "exp_sum":
            rows = rows if isinstance(rows[0], list) else [rows]
            yield STAGE_OF.get(name, name), [[*row, *[None] * (max(map(len, rows)) - len(row))] for row in rows]


@pytest.mark.parametrize("id", EXAMPLES)
def test_the_text_gives_back_every_number_of_the_document(id):
    read_tables = [
        (table.stage, [[number and number.value for number in row] for row in table.rows])
        for table in read(published()[id].text)
    ]
    assert read_tables == list(tables_in(EXAMPLES[id]))


@pytest.mark.parametrize("id", EXAMPLES)
def test_the_text_is_printed_with_the_documents_decimals(id):
    for table in read(published()[id].text):
        if table.stage in (*BEGINNING, "exponentials") or (id, table.stage) in SIGNIFICANT:
            continue
        assert {number.decimals for row in table.rows for number in row if number} == {EXAMPLES[id]["decimals"]}


@pytest.mark.parametrize("id", [id for id in EXAMPLES if EXAMPLES[id]["tokens"]])
def test_the_words_are_those_of_the_document(id):
    assert claims_in(id).words == tuple(EXAMPLES[id]["tokens"])


@pytest.mark.parametrize("id", [id for id in EXAMPLES if id != "seed000-row-the"])
def test_columns_are_headed_by_the_words_where_they_stand_for_words_and_are_counted_elsewhere(id):
    words = EXAMPLES[id]["tokens"] or []
    lines = published()[id].text.splitlines()
    headed = {lines[at - 3]: _cells(lines[at - 1]) for at, line in enumerate(lines) if set(line) == set("| -")}
    assert len(headed) == len(list(tables_in(EXAMPLES[id])))
    for stage, rows in tables_in(EXAMPLES[id]):
        width = len(rows[0])
        of_words = stage in ("scores", "scaled_scores", "exponentials", "weights") and len(words) == width
        counted = [str(column) for column in range(1, width + 1)]
        assert headed[STAGES[stage]] == ["", *(words if of_words else counted)], stage


def _cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_cat_and_the_mouse_are_the_article_of_the_lessons():
    tables = {table.stage: np.array([[each.value for each in row] for row in table.rows]) for table in read_cat()}
    np.testing.assert_array_equal(tables["embeddings"], PRINTED_EMBEDDINGS)
    np.testing.assert_array_equal(tables["scores"], [PRINTED_SCORES])
    np.testing.assert_array_equal(tables["exponentials"], [PRINTED_EXPONENTIALS])
    np.testing.assert_array_equal(tables["weights"], [PRINTED_WEIGHTS])


def read_cat():
    return read(published()["seed000-row-the"].text)


def test_the_size_of_a_key_is_told_where_no_table_tells_it():
    assert published()["alammar-thinking-machines"].key_size == 64
    assert published()["statquest"].key_size is None


# --- what is right ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("id", TRUSTED)
def test_a_trusted_example_raises_no_alarm(id, said):
    judgement = judged(id, said=said)
    assert counts(judgement, WRONG, CARRIED) == judgement.wrong == 0
    assert judgement.checked > 0
    assert explain(judgement) is None
    assert judgement.first_wrong is None


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("id", TRUSTED)
def test_every_number_of_a_trusted_example_is_right_to_its_last_digit(id, said):
    judgement = judged(id, said=said)
    assert counts(judgement, RIGHT) == judgement.checked
    assert counts(judgement, ROUNDING) == 0


@pytest.mark.parametrize("id", TRUSTED)
def test_all_that_could_be_checked_was_checked(id):
    judgement = judged(id)
    claimed = sum(verdict.claim.count for verdict in judgement.stages.values())
    assert counts(judgement, RIGHT, GIVEN) == claimed
    later = sum(verdict.claim.count for stage, verdict in judgement.stages.items() if stage not in BEGINNING)
    # Its queries, keys and values follow from the embeddings too; without matrices the scores of the cat do not.
    differing = {"statquest": 18, "seed000-row-the": -4}
    assert judgement.checked == later + differing.get(id, 0)


@pytest.mark.parametrize("id", sorted({*TRUSTED, "karim-rounded", *BAD}))
def test_the_settings_that_are_found_out_are_those_of_the_document(id):
    method = judged(id).method
    example = EXAMPLES[id]
    assert (method.variant.id, method.scaled, method.causal) == (
        WAYS[example["variant"]],
        example["scaled"],
        example["causal"],
    )


@pytest.mark.parametrize("id", [id for id in TRUSTED if id != "seed000-row-the"])
def test_nothing_in_a_trusted_example_is_impossible(id):
    assert impossible(judged(id)) == ()


def test_no_claim_stands_where_nothing_is_printed():
    verdict = judged("raschka-v2-causal-seed789").stages["scores"]
    assert (verdict.count(RIGHT), verdict.count(NOTHING)) == (21, 15)


# --- what is right but for rounding ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [False, True])
def test_the_article_that_rounds_half_way_is_right_but_for_its_weights_of_1_decimal(said):
    judgement = judged("karim-rounded", said=said)
    verdict = judgement.stages["context"]
    assert judgement.wrong == 0 and explain(judgement) is None and impossible(judgement) == ()
    assert (verdict.count(ROUNDING), verdict.count(RIGHT)) == (8, 1)
    assert verdict.verdicts[1, 0] == RIGHT  # 2 is 2 however the weights are rounded
    assert verdict.reason == "it follows when the weights are first rounded to 1 decimal"
    np.testing.assert_allclose(verdict.true[0], [1.9366, 6.6831, 1.5951], atol=5e-5)


# --- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("id", BAD)
def test_what_is_known_to_be_bad_is_wrong_in_every_number(id, said):
    judgement = judged(id, said=said)
    context = judgement.stages["context"]
    assert context.count(WRONG) == context.claim.count == judgement.checked == 4
    assert judgement.first_wrong == ("context", 0, 0)
    assert explain(judgement) is None


def test_there_are_two_bad_ones():
    assert BAD == ["bad-amanailab-2x2", "bad-click4ai"]


def test_the_coding_exercise_should_say_1_66048():
    judgement = judged("bad-amanailab-2x2")
    assert [f"{number:.5f}" for number in judgement.stages["context"].true.ravel()] == [
        "1.66048",
        "2.66048",
        "2.33952",
        "3.33952",
    ]
    assert impossible(judgement) == ()


def test_an_answer_outside_the_values_is_impossible_too():
    found = impossible(judged("bad-click4ai"))
    assert [(each.stage, each.row) for each in found] == [("context", 0), ("context", 1)]
    assert "Number 1 is 2.5, but the values go from 9 to 11 there." in found[0].told
    assert "Number 1 is 6.5, but the values go from 9 to 11 there." in found[1].told


# --- the row that cannot be ------------------------------------------------------------------------------------------


def test_the_softmax_of_the_cat_and_the_mouse_is_right_and_not_scaled():
    judgement = judged("seed000-row-the")
    assert judgement.method.scaled is False
    assert judgement.stages["exponentials"].count(RIGHT) == judgement.stages["weights"].count(RIGHT) == 4
    assert judgement.stages["scores"].count(GIVEN) == 4


def test_its_row_of_scores_is_impossible_all_the_same():
    (each,) = impossible(judged("seed000-row-the"))
    assert (each.stage, each.row, each.base) == ("scores", 0, "embeddings")
    assert each.closest.largest_error == pytest.approx(0.0177, abs=1e-9)
    assert each.told.endswith("the closest leaves an error of 0.0177, and rounding explains 0.0005.")
