"""An experiment worked through in every way to attend: by hand, and against attention in plain Python loops."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from support.experiments import EYE, experiments, sizes, two_columns
from support.oracles import VARIANTS as WAYS
from support.oracles import attention, divisor_of, masks_of, may_look, places_of

from attention_core import VARIANTS, Experiment, attend

SETTINGS = settings(derandomize=True, deadline=None, max_examples=100)


# --- any experiment --------------------------------------------------------------------------------------------------


@SETTINGS
@given(experiments(), sizes, sizes, sizes)
def test_growing_and_shrinking_again_gives_the_same_experiment(experiment, more, wider, deeper):
    grown = experiment.resized(
        d_model=experiment.d_model + more, d_k=experiment.d_k + wider, d_v=experiment.d_v + deeper
    )
    back = grown.resized(d_model=experiment.d_model, d_k=experiment.d_k, d_v=experiment.d_v)
    assert back == experiment


# --- a second opinion ------------------------------------------------------------------------------------------------


@SETTINGS
@given(experiments())
def test_every_way_to_attend_agrees_with_plain_loops(experiment):
    x = np.array([experiment.row(word.casefold()) for word in experiment.sentence.split()])
    x = x + places_of(experiment)
    parts = {"x": x, "q": x @ experiment.w_q, "k": x @ experiment.w_k, "v": x @ experiment.w_v}
    *roles, _, adds_itself = WAYS[experiment.variant]
    worked = attention(
        *(parts[role] for role in roles),
        divisor=divisor_of(experiment),
        allowed=may_look(len(x), **masks_of(experiment)),
    )
    calculation = attend(experiment)
    np.testing.assert_allclose(calculation.x, x, rtol=0, atol=1e-12)
    np.testing.assert_allclose(calculation.attention.scores, worked.scores, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(calculation.attention.scaled_scores, worked.scaled_scores, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(calculation.attention.weights, worked.weights, rtol=1e-9, atol=1e-9)
    context = worked.context + (x if adds_itself else 0)
    np.testing.assert_allclose(calculation.context, context, rtol=1e-9, atol=1e-9)


# --- each way to attend, by hand -------------------------------------------------------------------------------------


LN3, LN9 = math.log(3), math.log(9)


def by_hand(variant, **switches):
    """Two words whose embeddings are at right angles: e^1 for itself and e^0 for the other, before any weights."""
    return attend(two_columns("a b", variant=variant, **{"scaled": False, **switches}))


def test_similarity_scores_a_word_with_itself_too():
    calculation = by_hand("similarity", rows={"a": (LN3, 1), "b": (0, 1)})
    assert calculation.attention.scores.tolist() == [[LN3**2 + 1, 1], [1, 1]]
    np.testing.assert_allclose(calculation.attention.weights[1], [0.5, 0.5])
    np.testing.assert_allclose(calculation.context[1], [LN3 / 2, 1])


def test_embeddings_only_does_not_score_the_word_itself_and_adds_its_embedding_as_it_is():
    calculation = attend(
        two_columns("a b c", variant="embeddings_only", scaled=False, rows={"a": (1, 0), "b": (LN3, 5), "c": (0, 7)})
    )
    assert calculation.allowed.tolist() == [[False, True, True], [True, False, True], [True, True, False]]
    assert calculation.attention.weights.diagonal().tolist() == [0, 0, 0]
    # a's scores are ln 3 and 0, so b weighs 3/4 and c 1/4; then a itself is added.
    np.testing.assert_allclose(calculation.attention.weights[0], [0, 0.75, 0.25])
    np.testing.assert_allclose(calculation.attention.context[0], [0.75 * LN3, 0.75 * 5 + 0.25 * 7])
    np.testing.assert_allclose(calculation.context[0], [1 + 0.75 * LN3, 0.75 * 5 + 0.25 * 7])


def test_embeddings_only_divides_by_2_where_an_embedding_has_four_numbers():
    tables = {name: np.eye(4) for name in ("w_q", "w_k", "w_v")}
    rows = {"a": (1, 0, 0, 0), "b": (LN9, 0, 0, 0), "c": (0, 1, 0, 0)}
    experiment = Experiment(sentence="a b c", rows=rows, variant="embeddings_only", **tables)
    assert attend(experiment).divisor == 2
    np.testing.assert_allclose(attend(experiment).attention.weights[0], [0, 0.75, 0.25])


def test_queries_and_keys_makes_the_context_of_keys_and_leaves_the_values_out():
    calculation = by_hand("queries_and_keys", w_q=[[0, LN3], [0, 0]], w_k=[[4, 0], [0, 1]], w_v=[[99], [99]])
    # The query of a is (0, ln 3), the keys are (4, 0) and (0, 1): weights 1/4 and 3/4.
    np.testing.assert_allclose(calculation.attention.scores[0], [0, LN3])
    np.testing.assert_allclose(calculation.attention.weights[0], [0.25, 0.75])
    np.testing.assert_allclose(calculation.context[0], [1, 0.75])


def test_full_qkv_makes_the_context_of_values():
    calculation = by_hand("qkv", w_q=[[0, LN3], [0, 0]], w_k=[[4, 0], [0, 1]], w_v=[[8], [16]])
    np.testing.assert_allclose(calculation.attention.weights[0], [0.25, 0.75])
    np.testing.assert_allclose(calculation.context[0], [14])


def test_scaling_divides_by_the_root_of_how_many_numbers_are_compared():
    wide = {"w_q": np.ones((2, 9)), "w_k": np.ones((2, 9))}
    scaled, unscaled = (by_hand("qkv", scaled=switch, **wide) for switch in (True, False))
    assert (scaled.divisor, unscaled.divisor) == (3, 1)
    np.testing.assert_array_equal(scaled.attention.scores, np.full((2, 2), 9))
    np.testing.assert_allclose(scaled.attention.scaled_scores, np.full((2, 2), 3))
    np.testing.assert_array_equal(unscaled.attention.scaled_scores, unscaled.attention.scores)


def test_similarity_divides_by_the_root_of_the_embeddings_size_whatever_the_weights_are():
    wide = {"w_q": np.ones((2, 9)), "w_k": np.ones((2, 9))}
    assert by_hand("similarity", scaled=True, **wide).divisor == math.sqrt(2)


def test_under_the_causal_mask_a_word_sees_only_itself_and_what_came_before():
    calculation = attend(two_columns("a b a b", masks=("causal",)))
    assert calculation.allowed.tolist() == np.tri(4, dtype=bool).tolist()
    assert calculation.attention.weights[0].tolist() == [1, 0, 0, 0]
    assert (calculation.attention.weights[np.triu_indices(4, 1)] == 0).all()


def test_a_first_word_that_sees_neither_itself_nor_any_other_keeps_its_embedding():
    calculation = by_hand("embeddings_only", masks=("causal",))
    assert calculation.attention.weights.tolist() == [[0, 0], [1, 0]]
    assert calculation.context.tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("variant", "weight", "context"),
    [("similarity", 1, [2, 3]), ("embeddings_only", 0, [2, 3]), ("queries_and_keys", 1, [6, 9]), ("qkv", 1, [10, 15])],
)
@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_a_single_word_has_nobody_else_to_look_at(variant, weight, context, scaled, causal):
    experiment = two_columns(
        "a", rows={"a": (2, 3)}, w_k=3 * EYE, w_v=5 * EYE, variant=variant, scaled=scaled, masks=("causal",) * causal
    )
    calculation = attend(experiment)
    assert calculation.attention.weights.tolist() == [[weight]]
    assert calculation.context.tolist() == [context]


def test_all_cases_of_the_registry_were_worked_by_hand():
    cases = Path(__file__).read_text("utf-8")
    assert [way for way in VARIANTS if f'"{way}"' not in cases] == []
