"""The slip that explains wrong numbers, and how numbers were made when nobody said."""

import math

import numpy as np
import pytest
from support.checks import explain, found_out, said_of
from support.judging import hand_tables, only_right, random_experiment, verdicts
from support.oracles import softmax
from support.printed import BEGINNING, UNSCALED, beginning, given, printed, slipped, told, worked_out

from attention_core import VARIANTS, attend
from attention_core.masks import CAUSAL
from checking.claims import Given, claims_of
from checking.hypotheses import Said
from checking.judge import RIGHT, WRONG, judge
from checking.model import Method
from checking.standing import sizes_of

pytestmark = pytest.mark.filterwarnings("error")


# --- masks and ways to attend ----------------------------------------------------------------------------------------


MASKED = (given("scores", "1 5", "0 0"), given("scaled_scores", "1 -inf", "0 0"), given("weights", "1 0", "0.5 0.5"))


def test_forbidden_cells_are_right_as_minus_infinity_and_as_weight_0():
    judgement = judge(claims_of(MASKED), Method(scaled=False, masks=(CAUSAL,)))
    assert verdicts(judgement, "scaled_scores") == verdicts(judgement, "weights") == [[RIGHT] * 2] * 2


def test_without_a_mask_they_are_wrong():
    judgement = judge(claims_of(MASKED), UNSCALED)
    assert verdicts(judgement, "scaled_scores") == [[RIGHT, WRONG], [RIGHT, RIGHT]]


def test_a_number_where_a_word_may_not_look_is_wrong():
    claims = claims_of([given("scores", "1 5", "0 0"), given("weights", "0.9 0.1", "0.5 0.5")])
    judgement = judge(claims, Method(scaled=False, masks=(CAUSAL,)))
    assert verdicts(judgement, "weights") == [[WRONG, WRONG], [RIGHT, RIGHT]]
    assert judgement.stages["weights"].true.tolist() == [[1, 0], [0.5, 0.5]]


def test_embeddings_only_scores_no_word_against_itself_and_adds_it():
    # Two words: each looks at the other alone, so its context is the other plus itself.
    claims = claims_of(
        [given("embeddings", "1 0", "0 2"), given("weights", "0 1", "1 0"), given("context", *["1 2"] * 2)]
    )
    judgement = judge(claims, Method(VARIANTS["embeddings_only"], scaled=False))
    assert judgement.checked == 8 and only_right(judgement)


def test_the_size_of_a_key_may_be_said():
    claims = claims_of([given("scores", "112 96"), given("scaled_scores", "14 12")])
    assert judge(claims, Method(key_size=64)).wrong == 0
    assert judge(claims, Method(key_size=16)).wrong == 2


def test_sizes_are_told_by_any_table_that_has_them():
    claims = claims_of([given("w_q", "1 2", "3 4"), given("v", "1 2 3", "4 5 6")])
    assert sizes_of(claims, Method()) == {"n": 2, "missing": 0, "d_model": 0, "d_k": 2, "d_v": 3}
    assert sizes_of(claims_of([given("embeddings", "1 2 3")]), Method(VARIANTS["similarity"]))["d_k"] == 3
    assert sizes_of(claims, Method(key_size=64))["d_k"] == 64


# --- the slip that explains it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id",
    [
        "forgot-to-scale",
        "softmax-of-unscaled-scores",
        "divided-by-d",
        f"wrong-divisor:{math.sqrt(5):g}",
        "wrong-divisor:5",
        "softmax-over-columns",
        "queries-and-keys-swapped",
        "keys-used-as-values",
        "queries-used-as-values",
        "embeddings-used-as-values",
        "transposed-in-use:w_q",
        "transposed-in-use:w_k",
        "transposed-in-use:w_v",
        "transposed-in-use:scores",
        "transposed-in-use:weights",
        "no-exponentials",
        *(f"left-out:{word}" for word in range(5)),
        *(f"left-out-of-sum:{word}" for word in range(5)),
    ],
)
def test_a_slip_is_named(id):
    start = beginning(4, n=5, d_model=3, d_k=3, d_v=3)
    tables = dict(zip(BEGINNING, start, strict=True)) | slipped(id, start)
    judgement = judge(told(tables), Method())
    assert judgement.wrong
    assert explain(judgement).id == id


@pytest.mark.parametrize("stage", ["q", "k", "v", "scores", "scaled_scores", "exponentials", "weights", "context"])
def test_a_table_printed_transposed_is_named(stage):
    tables = worked_out(*beginning(4, n=3, d_model=3, d_k=3, d_v=3))
    tables[stage] = tables[stage].T
    judgement = judge(told(tables), Method())
    assert judgement.wrong
    assert explain(judgement).id == f"transposed:{stage}"


def test_scaled_after_all_is_named():
    judgement = judge(told(worked_out(*beginning(4))), UNSCALED)
    assert explain(judgement).id == "scaled-after-all"


def test_weights_rounded_before_the_sum_are_a_rounding_and_no_slip():
    start = beginning(4)
    tables = worked_out(*start)
    tables["context"] = np.round(tables["weights"], 1) @ tables["v"]
    del tables["weights"]
    judgement = judge(told(tables), Method())
    assert judgement.wrong == 0 and explain(judgement) is None
    assert judgement.stages["context"].reason == "it follows when the weights are first rounded to 1 decimal"


def test_a_lone_typo_and_nonsense_are_no_slip():
    tables = hand_tables()
    tables["weights"] = np.round(tables["weights"], 3)
    tables["weights"][0, 0] += 0.09
    assert explain(judge(told(tables), Method())) is None
    tables["weights"] = np.random.default_rng(0).uniform(size=(3, 3))
    judgement = judge(told(tables, only=(*BEGINNING, "weights")), Method())
    assert judgement.wrong > 3 and explain(judgement) is None


def test_what_is_right_has_no_slip():
    assert explain(judge(told(hand_tables()), Method())) is None


def test_a_slip_does_not_explain_numbers_by_not_being_able_to_tell_them():
    # With the two words' keys as values the three columns of the context would not fit.
    tables = worked_out(*beginning(4, d_k=2, d_v=3))
    tables["context"] = tables["context"] + 1
    assert explain(judge(told(tables), Method())) is None


# --- how it was made -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_way_the_scaling_and_the_mask_are_found_out(variant, scaled, causal, seed):
    calculation = attend(random_experiment(seed + 100, variant=variant, scaled=scaled, masks=("causal",) * causal))
    part = VARIANTS[variant].parts
    tables = {"embeddings": calculation.x}
    tables |= {f"w_{name}": getattr(calculation.experiment, f"w_{name}") for name in part - {"x"}}
    tables |= {"weights": calculation.attention.weights, "context": calculation.context}
    claims = told(tables, decimals=4, beginning_decimals=2)
    method = found_out(claims)
    assert (method.variant.id, method.scaled, method.causal) == (variant, scaled, causal)
    assert judge(claims, method).wrong == 0


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_said_is_kept(variant, scaled):
    claims = told(hand_tables())
    method = found_out(claims, variant=VARIANTS[variant], scaled=scaled, causal=True, key_size=7)
    assert said_of(method) == Said(VARIANTS[variant], scaled, True, 7)


def test_nothing_is_divided_by_the_root_of_an_unknown_size():
    claims = claims_of([given("scores", "1 2", "3 4"), given("weights", "0.27 0.73", "0.27 0.73")])
    assert found_out(claims) == Method(scaled=False)
    assert found_out(claims, key_size=4).scaled is False
    weights = printed(softmax(np.array([[1.0, 2], [3, 5]]) / 2), 3)
    claims = claims_of([given("scores", "1 2", "3 5"), Given("weights", weights)])
    assert found_out(claims, key_size=4).scaled is True


def test_of_equals_the_more_usual_is_taken():
    assert found_out(claims_of([])) == Method(scaled=False)
    assert found_out(claims_of([given("embeddings", "1 2", "3 4")])).variant.id == "similarity"
    assert found_out(claims_of([given("embeddings", "1 2"), given("w_q", "1", "2")])) == Method()


def test_a_weight_above_the_diagonal_speaks_against_a_mask():
    scores = given("scores", "1 5", "0 0")
    assert found_out(claims_of([scores, given("weights", "1.0 0.0", "0.5 0.5")])).causal is True
    assert found_out(claims_of([scores, given("weights", "1.0 0.3", "0.5 0.5")])).causal is False
    assert found_out(claims_of([scores, given("scaled_scores", "1 -inf", "0 0")])).causal is True
