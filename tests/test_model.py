"""Attention on numbers that are known only so far, and every usual slip: held against plain NumPy written here."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support.oracles import softmax
from support.printed import MATRICES, beginning, slipped, worked_out

from attention_core.masks import CAUSAL
from attention_core.variants import EMBEDDINGS_ONLY, QKV, QUERIES_AND_KEYS, SIMILARITY, VARIANTS
from checking.model import STAGE_ORDER, Method, Value, softmax_with_bounds
from checking.slips import slips

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


# --- the oracle ------------------------------------------------------------------------------------------------------


def chained(method, tables, *, sizes=None):
    """Every stage that a method makes from the tables at the beginning."""
    x, w_q, _, w_v = tables
    sizes = sizes or {"n": len(x), "d_model": x.shape[1], "d_k": w_q.shape[1], "d_v": w_v.shape[1]}
    known = {name: Value.exact(table) for name, table in zip(("embeddings", *MATRICES), tables, strict=True)}
    for stage in STAGE_ORDER:
        made = method.step(stage, known, sizes)
        if made is not None:
            known[stage] = made
    return {stage: value.numbers for stage, value in known.items()}


# --- right -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_way_to_attend_gives_the_numbers_of_plain_numpy(variant, scaled, causal):
    tables = beginning(1)
    made = chained(Method(VARIANTS[variant], scaled, (CAUSAL,) * causal), tables, sizes=_sizes(tables, variant))
    for stage, wanted in worked_out(*tables, scaled=scaled, causal=causal, variant=variant).items():
        np.testing.assert_allclose(made[stage], wanted, atol=1e-12, err_msg=stage)


def _sizes(tables, variant):
    x, w_q, _, w_v = tables
    d_k = x.shape[1] if VARIANTS[variant].key == "x" else w_q.shape[1]
    return {"n": len(x), "d_model": x.shape[1], "d_k": d_k, "d_v": w_v.shape[1]}


def test_the_numbers_of_a_hand_solvable_example():
    # Two words, one number: scores 0 and ln 3, so the weights are 1/4 and 3/4.
    tables = [np.array(each, float) for each in ([[0], [1]], [[math.log(3)]], [[1]], [[4]])]
    made = chained(Method(), tables)
    np.testing.assert_allclose(made["scores"], [[0, 0], [0, math.log(3)]])
    np.testing.assert_allclose(made["exponentials"], [[1, 1], [1, 3]])
    np.testing.assert_allclose(made["weights"], [[0.5, 0.5], [0.25, 0.75]])
    np.testing.assert_allclose(made["context"], [[2], [3]])


def test_a_size_that_is_said_is_scaled_by():
    assert Method(key_size=64).divisor({"d_k": 64}) == 8
    assert Method().divisor({"d_k": 0}) == 1
    assert Method().divisor({}) == 1
    assert Method(scaled=False).divisor({"d_k": 64}) == 1


@pytest.mark.parametrize("stage", STAGE_ORDER)
def test_a_stage_whose_parents_are_not_given_is_not_made(stage):
    assert Method().step(stage, {}, {}) is None


def test_tables_that_do_not_fit_are_not_how_it_was_made():
    given = {"weights": Value.exact(np.ones((2, 3))), "v": Value.exact(np.ones((2, 2)))}
    assert Method().step("context", given, {}) is None


@pytest.mark.parametrize(
    ("variant", "stage", "parents"),
    [
        (QKV, "x", ("embeddings",)),
        (QKV, "q", ("x", "w_q")),
        (QKV, "scores", ("q", "k")),
        (QKV, "context", ("weights", "v")),
        (QUERIES_AND_KEYS, "context", ("weights", "k")),
        (SIMILARITY, "scores", ("x", "x")),
        (EMBEDDINGS_ONLY, "context", ("weights", "x", "x")),
    ],
)
def test_a_way_to_attend_says_what_a_stage_is_made_of(variant, stage, parents):
    assert Method(variant).parents(stage) == parents


# --- what is not known -----------------------------------------------------------------------------------------------


def test_what_is_not_known_spreads_to_what_needs_it_and_no_further():
    x, w_q, w_k, w_v = beginning(2, n=3)
    x[1, 0] = np.nan
    made = chained(Method(), (x, w_q, w_k, w_v))
    row, column = np.zeros((3, 1), bool), np.zeros((1, 3), bool)
    row[1], column[0, 1] = True, True
    np.testing.assert_array_equal(np.isnan(made["q"]), np.broadcast_to(row, (3, 2)))
    np.testing.assert_array_equal(np.isnan(made["scores"]), row | column)
    assert np.isnan(made["weights"]).all() and np.isnan(made["context"]).all()


def test_a_masked_score_needs_not_be_known():
    scores = Value.exact(np.array([[1.0, np.nan], [2.0, 2.0]]))
    scaled = Method(scaled=False, masks=(CAUSAL,)).step("scaled_scores", {"scores": scores}, {})
    np.testing.assert_array_equal(scaled.numbers, [[1, -np.inf], [2, 2]])
    np.testing.assert_array_equal(softmax_with_bounds(scaled).numbers, [[1, 0], [0.5, 0.5]])


def test_a_word_that_may_look_nowhere_has_weights_0_for_certain():
    value = softmax_with_bounds(Value(np.full((1, 2), -np.inf), np.zeros((1, 2))))
    assert value.numbers.tolist() == value.off.tolist() == [[0, 0]]


# --- how far numbers may be off --------------------------------------------------------------------------------------

scores = arrays(float, (3, 4), elements=st.floats(-30, 30))
doubts = arrays(float, (3, 4), elements=st.one_of(st.just(0.0), st.floats(0, 0.1), st.floats(0, 60)))
shares = arrays(float, (3, 4), elements=st.floats(-1, 1))


@SETTINGS
@given(scores, doubts, shares, st.sampled_from([0, 1]))
def test_the_bounds_of_a_softmax_contain_whatever_the_scores_may_be(numbers, off, part, axis):
    value = softmax_with_bounds(Value(numbers, off), axis)
    np.testing.assert_allclose(value.numbers, softmax(numbers, axis), atol=1e-12)
    assert (np.abs(softmax(numbers + part * off, axis) - value.numbers) <= value.off + 1e-12).all()


@SETTINGS
@given(scores, doubts, st.integers(0, 3))
def test_the_bounds_of_a_softmax_are_reached(numbers, off, column):
    # Its own score highest with all others lowest, or the other way round.
    signs = np.where(np.arange(4) == column, 1.0, -1.0)
    value = softmax_with_bounds(Value(numbers, off))
    ends = [np.abs(softmax(numbers + sign * signs * off) - value.numbers)[:, column] for sign in (1, -1)]
    np.testing.assert_allclose(np.maximum(*ends), value.off[:, column], atol=1e-9)


def test_the_bounds_of_two_equal_scores_by_hand():
    # exp(ln 2) / (exp(ln 2) + exp(-ln 2)) = 2 / 2.5.
    value = softmax_with_bounds(Value(np.zeros((1, 2)), np.full((1, 2), math.log(2))))
    np.testing.assert_allclose(value.numbers, [[0.5, 0.5]])
    np.testing.assert_allclose(value.off, [[0.3, 0.3]])


def test_scores_that_may_be_anything_give_weights_that_may_be_anything():
    value = softmax_with_bounds(Value(np.array([[0.0, -1000.0]]), np.array([[1e10, 1e10]])))
    assert (value.off >= 1 - 1e-12).all()


def test_one_score_that_may_be_far_off_moves_the_others_weight_but_not_that_of_a_word_alone():
    value = softmax_with_bounds(Value(np.array([[0.0, 0.0], [0.0, -np.inf]]), np.array([[50.0, 0.0], [50.0, 0.0]])))
    np.testing.assert_allclose(value.off, [[0.5, 0.5], [0, 0]], atol=1e-12)


@SETTINGS
@given(st.integers(0, 10**6), st.sampled_from(sorted(VARIANTS)), st.booleans())
def test_what_may_be_off_at_the_beginning_stays_within_what_is_said_to_be_off_at_the_end(seed, variant, causal):
    random = np.random.default_rng(seed)
    tables = beginning(seed, decimals=3)
    offs = [np.abs(random.normal(size=table.shape)) * 0.05 for table in tables]
    method, sizes = Method(VARIANTS[variant], True, (CAUSAL,) * causal), _sizes(tables, variant)
    names = ("embeddings", *MATRICES)
    known = {name: Value(table, off) for name, table, off in zip(names, tables, offs, strict=True)}
    for stage in STAGE_ORDER[STAGE_ORDER.index("x") :]:
        known[stage] = method.step(stage, known, sizes)
    for _ in range(5):
        moved = [table + random.choice([-1, 1], table.shape) * off for table, off in zip(tables, offs, strict=True)]
        for stage, truth in worked_out(*moved, causal=causal, variant=variant).items():
            value = known[stage]
            seen = np.isfinite(truth)
            assert (np.abs(truth[seen] - value.numbers[seen]) <= value.off[seen] + 1e-9).all(), stage


def test_exact_numbers_stay_exact():
    tables = beginning(3)
    known = {name: Value.exact(table) for name, table in zip(("embeddings", *MATRICES), tables, strict=True)}
    for stage in STAGE_ORDER[STAGE_ORDER.index("x") :]:
        known[stage] = Method(masks=(CAUSAL,)).step(stage, known, {"d_k": 2})
        assert not known[stage].off.any() or known[stage].off.max() < 1e-15, stage


def test_huge_scores_and_doubts_give_exponentials_without_a_warning():
    scores = Value(np.array([[1e24, 0.0, -1e24]]), np.array([[0.0, 1e3, 1.0]]))
    powers = Method().step("exponentials", {"scaled_scores": scores}, {})
    assert powers.numbers.tolist() == [[np.inf, 1, 0]]
    assert powers.off.tolist() == [[0, np.inf, 0]]


def test_the_doubt_of_an_exponential_grows_with_it():
    scores = Value(np.array([[2.0, -np.inf]]), np.array([[0.1, 0.0]]))
    powers = Method().step("exponentials", {"scaled_scores": scores}, {})
    np.testing.assert_allclose(powers.numbers, [[math.exp(2), 0]])
    np.testing.assert_allclose(powers.off, [[math.exp(2.1) - math.exp(2), 0]])


# --- slips -----------------------------------------------------------------------------------------------------------


# n = 5, d_model = d_k = d_v = 3 fit together in as many ways as they can; √5 and 5 are wrong divisors.
SQUARE = beginning(4, n=5, d_model=3, d_k=3, d_v=3)
SIZES = {"n": 5, "d_model": 3, "d_k": 3, "d_v": 3}
SLIPS = {slip.id: slip for slip in slips(Method(), SIZES)}


def test_the_usual_slips_are_known_and_have_different_names():
    assert len(SLIPS) == len(list(slips(Method(), SIZES)))
    kinds = dict.fromkeys(id.partition(":")[0] for id in SLIPS)
    assert list(kinds) == [
        "forgot-to-scale",
        "softmax-of-unscaled-scores",
        "divided-by-d",
        "wrong-divisor",
        "softmax-over-columns",
        "queries-and-keys-swapped",
        "keys-used-as-values",
        "queries-used-as-values",
        "embeddings-used-as-values",
        "transposed",
        "transposed-in-use",
        "no-exponentials",
        "hardest-weight",
        "base-2",
        "base-10",
        "cosine",
        "left-out",
        "left-out-of-sum",
    ]


@pytest.mark.parametrize("id", [id for id in SLIPS if not id.startswith("transposed:")])
def test_a_slip_changes_what_it_says(id):
    right, wanted = slipped("", SQUARE), slipped(id, SQUARE)
    made = chained(Method(slip=SLIPS[id]), SQUARE)
    for stage, table in wanted.items():
        np.testing.assert_allclose(made[stage], table, atol=1e-12, err_msg=stage)
    assert any(not np.allclose(right[stage], wanted[stage]) for stage in wanted)


def test_what_a_slip_says():
    assert {id: SLIPS[id].told for id in ("forgot-to-scale", "divided-by-d", "left-out:1", "transposed:q")} == {
        "forgot-to-scale": "the scores were not scaled",
        "divided-by-d": "the scores were divided by d_k = 3 instead of its root",
        "left-out:1": "word 2 was left out of the softmax",
        "transposed:q": "the table of queries is transposed",
    }
    assert SLIPS[f"wrong-divisor:{math.sqrt(5):g}"].told == (
        "the scores were divided by √5, the root of the number of words, instead of √3"
    )
    assert SLIPS["wrong-divisor:5"].told == "the scores were divided by the number of words = 5 instead of √3"
    assert SLIPS["keys-used-as-values"].told == "the keys were mixed instead of the values"


@pytest.mark.parametrize("stage", STAGE_ORDER[STAGE_ORDER.index("q") :])
def test_a_table_that_is_transposed_in_print_was_made_rightly(stage):
    made, right = chained(Method(slip=SLIPS[f"transposed:{stage}"]), SQUARE), slipped("", SQUARE)
    for name, table in right.items():
        np.testing.assert_allclose(made[name], table, atol=1e-12)


def test_every_wrong_divisor_is_another_number_than_the_right_one_and_the_other_slips():
    sizes = {"n": 4, "d_model": 16, "d_k": 4, "d_v": 9}
    divisors = [slip.divisor(sizes) for slip in slips(Method(), sizes) if slip.divisor]
    assert divisors == [1, 4, 16, 3, 9]


def test_with_one_number_a_key_there_is_no_scaling_to_get_wrong():
    assert not [slip.id for slip in slips(Method(), {"n": 5, "d_model": 3, "d_k": 1, "d_v": 2}) if slip.divisor]


def test_who_does_not_scale_may_have_scaled_after_all():
    (slip,) = [slip for slip in slips(Method(scaled=False), {"n": 2, "d_model": 2, "d_k": 9}) if slip.divisor]
    assert (slip.id, slip.told, slip.divisor({})) == ("scaled-after-all", "the scores were divided by √9", 3)


@pytest.mark.parametrize(
    ("variant", "absent"),
    [
        (QKV, "values-used-as-values"),
        (QUERIES_AND_KEYS, "keys-used-as-keys"),
        (SIMILARITY, "queries-and-keys-swapped"),
        (SIMILARITY, "embeddings-used-as-embeddings"),
    ],
)
def test_a_slip_that_changes_nothing_is_none(variant, absent):
    assert absent not in [slip.id for slip in slips(Method(variant), SIZES)]


def test_words_left_out_are_not_tried_in_a_long_text():
    assert not [slip.id for slip in slips(Method(), {**SIZES, "n": 64}) if slip.id.startswith("left-out")]


def test_shares_of_scores_that_sum_to_nothing_are_not_known():
    scores = {"scaled_scores": Value.exact(np.array([[1.0, -1.0], [1.0, 3.0]]))}
    weights = Method(slip=SLIPS["no-exponentials"]).step("weights", scores, {})
    np.testing.assert_array_equal(weights.numbers, [[np.nan, np.nan], [0.25, 0.75]])


def test_steps_do_not_change_what_they_are_given():
    given = {"scaled_scores": Value.exact(np.array([[1.0, 2.0], [3.0, 4.0]]))}
    for id in ("left-out:0", "softmax-over-columns", "no-exponentials"):
        Method(slip=SLIPS[id]).step("weights", given, {})
    assert given["scaled_scores"].numbers.tolist() == [[1, 2], [3, 4]]
