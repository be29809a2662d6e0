"""Several heads: each number against plain loops, and what must not change when heads change their places."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import EYE, two_columns
from support.heads import some_heads, with_heads
from support.oracles import all_heads, attention, may_look, turned_by_place

from attention_core import DERIVED, OPENING, VARIANTS, attend, derive, trace
from attention_core.head_changes import (
    with_head_added,
    with_head_copied,
    with_head_named,
    with_head_removed,
    with_output,
)
from attention_core.heads import Head, blocks
from attention_core.positions import turned
from sharing.address import from_code, to_code
from sharing.document import DocumentError, from_document, to_document

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
OPEN = OPENING.build()


def assert_as_in_loops(calculation):
    """Every head, the heads side by side, and the context."""
    worked, side_by_side, context = all_heads(calculation.experiment)
    assert len(calculation.heads) == len(worked)
    for ours, theirs in zip(calculation.heads, worked, strict=True):
        close(ours.attention.scores, theirs.scores)
        close(ours.attention.weights, theirs.weights)
        close(ours.attention.context, theirs.context)
    close(calculation.joined, side_by_side)
    close(calculation.context, context)


def close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


@SETTINGS
@given(with_heads())
def test_heads_are_those_of_plain_loops(experiment):
    assert_as_in_loops(attend(experiment))


@SETTINGS
@given(with_heads(fewest=2), st.randoms(use_true_random=False))
def test_heads_that_change_places_together_with_their_rows_of_w_o_change_nothing(experiment, random):
    joined = attend(experiment).joined.shape[1]
    experiment = replace(experiment, w_o=experiment.w_o or np.eye(joined)[:, ::-1].tolist())
    order = list(range(len(experiment.heads)))
    random.shuffle(order)
    rows = blocks(experiment.w_o, len(order))
    heads = [experiment.heads[at] for at in order]
    moved = experiment.with_heads(heads, order.index(experiment.head), tuple(row for at in order for row in rows[at]))
    assert np.array_equal(moved.w_q, experiment.w_q)
    close(attend(moved).context, attend(experiment).context)


@SETTINGS
@given(with_heads(), st.randoms(use_true_random=False))
def test_other_words_first_give_the_same_vectors_at_other_places_where_order_does_not_count(experiment, random):
    experiment = replace(experiment, positions="none", masks=(), rows={"a": (1,) * experiment.d_model})
    order = list(range(len(experiment.words)))
    random.shuffle(order)
    moved = replace(experiment, sentence=" ".join(experiment.words[at] for at in order))
    close(attend(moved).context, attend(experiment).context[order])


@SETTINGS
@given(with_heads())
def test_every_number_of_every_head_is_the_sum_it_is_said_to_be(experiment):
    calculation = attend(experiment)
    for stage in DERIVED:
        rows, columns = calculation.table(stage).shape
        for row, column in ((0, 0), (rows - 1, columns - 1)):
            derivation = derive(calculation, stage, row, column)
            assert derivation.target.value == calculation.table(stage)[row, column]
            assert derivation.evaluate() == pytest.approx(derivation.target.value, rel=1e-9, abs=1e-9)
            for factor in (factor for term in derivation.terms for factor in term if factor.symbol in DERIVED):
                head = calculation if factor.head is None else calculation.of_head(factor.head)
                assert factor.value == head.table(factor.symbol)[factor.row, factor.column]


@SETTINGS
@given(with_heads())
def test_heads_survive_the_document_and_the_address(experiment):
    assert from_document(to_document(experiment)) == experiment == from_code(to_code(experiment))


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_head_is_to_the_bit_what_it_was_before_there_were_heads(variant):
    experiment = replace(OPEN, variant=variant)
    calculation = attend(experiment)
    x = experiment.embeddings[experiment.vocabulary_index]
    parts = {"x": x, "q": x @ experiment.w_q, "k": x @ experiment.w_k, "v": x @ experiment.w_v}
    assert all(calculation.table(part).tobytes() == table.tobytes() for part, table in parts.items())
    added = x if calculation.variant.adds_itself else 0.0
    assert calculation.context.tobytes() == (calculation.attention.context + added).tobytes()
    assert len(calculation.heads) == 1 and not calculation.joins


def test_w_o_that_passes_everything_on_is_no_w_o():
    assert replace(OPEN, w_o=np.eye(4).tolist()) == OPEN
    assert replace(OPEN, w_o=np.eye(4)[:, :3].tolist()) != OPEN


@pytest.mark.parametrize("variant", ["similarity", "embeddings_only"])
def test_a_way_without_tables_has_one_head_and_no_w_o(variant):
    alone = attend(replace(OPEN, variant=variant))
    several = some_heads(OPEN, 3, variant=variant, w_o=np.ones((12, 2)).tolist())
    for place in range(3):
        calculation = attend(several.with_head_chosen(place))
        assert len(calculation.heads) == 1 and not calculation.mixes_heads
        assert calculation.context.tobytes() == alone.context.tobytes()


def test_the_chosen_head_is_the_one_whose_tables_stand_in_the_experiment():
    experiment = some_heads(OPEN, 3)
    heads = experiment.heads
    for place in (2, 0, 1):
        experiment = experiment.with_head_chosen(place)
        assert experiment.heads == heads and experiment.w_k.tobytes() == heads[place].w_k.tobytes()
        calculation = attend(experiment)
        assert calculation.chosen is calculation.heads[place]
        assert attend(experiment.with_head_chosen(0)).of_head(place).attention.weights.tobytes() == (
            calculation.attention.weights.tobytes()
        )


# --- adding, copying, removing ---------------------------------------------------------------------------------------


def test_a_head_that_is_added_leaves_the_others_and_the_context_as_they_were():
    before = replace(OPEN, w_o=[[1, 2], [3, 4], [5, 6], [7, 8]], head_name="first")
    after = with_head_added(before)
    assert after.head == 1 and after.heads[0] == before.heads[0]
    assert after.w_o[:4] == before.w_o and after.w_o[4:] == ((0.0, 0.0),) * 4
    close(attend(after).context, attend(before).context)
    np.testing.assert_array_equal(after.w_q, np.eye(4))


def test_a_head_that_is_removed_while_it_is_on_screen_leaves_the_next_one_there():
    experiment = some_heads(OPEN, 3, w_o=np.arange(24.0).reshape(12, 2).tolist())
    names = ("", "head 2", "head 3")
    for place, left in ((0, "head 2"), (1, "head 3"), (2, "head 2")):
        removed = with_head_removed(experiment.with_head_chosen(place))
        assert removed.head_name == left
        assert [head.name for head in removed.heads] == [name for at, name in enumerate(names) if at != place]
        assert [row[0] for row in removed.w_o] == [2.0 * row for row in range(12) if row // 4 != place]
        attend(removed)
    assert with_head_removed(with_head_added(OPEN)) == OPEN
    with pytest.raises(ValueError, match="only one head"):
        with_head_removed(OPEN)


def test_a_copy_has_the_numbers_of_its_head_and_a_name_of_its_own():
    copied = with_head_copied(with_head_named(OPEN, "verbs"))
    assert [head.name for head in copied.heads] == ["verbs", "verbs 2"]
    assert np.array_equal(copied.heads[0].w_q, copied.heads[1].w_q) and copied.head == 1
    assert [head.name for head in with_head_copied(copied.with_head_chosen(0)).heads] == ["verbs", "verbs 2", "verbs 3"]
    assert {head.name for head in with_head_copied(OPEN).heads} == {""}


def test_other_sizes_keep_what_fits_of_every_head_and_of_its_rows_of_w_o():
    experiment = some_heads(OPEN, 2, w_o=np.arange(1.0, 17).reshape(8, 2).tolist()).resized(d_v=3, d_k=5, d_model=6)
    assert {head.w_q.shape for head in experiment.heads} == {(6, 5)}
    assert {head.w_v.shape for head in experiment.heads} == {(6, 3)}
    assert [row[0] for row in experiment.w_o] == [1, 3, 5, 9, 11, 13]
    wider = experiment.resized(d_v=4)
    assert [row[0] for row in wider.w_o] == [1, 3, 5, 0, 9, 11, 13, 0]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"other_heads": OPEN.heads * 8}, "There are 9 heads; 1 to 8 work here."),
        ({"other_heads": (Head("", EYE, EYE, EYE),)}, "W_Q of another head came as 2 × 2; needed is 4 × 4"),
        ({"head": 1}, "There are 1 heads; the chosen one is counted from 0, not 1."),
        ({"head_name": "n" * 41}, "a text of up to 40 characters"),
        ({"w_o": [[1.0]] * 3}, "W_O has 3 rows, but 1 head with 4 numbers each give 4 numbers side by side"),
        ({"w_o": [[1.0] * 33] * 4}, "W_O has 33 columns; 1 to 32 work here."),
        ({"w_o": [[math.nan]] * 4}, "W_O has a cell that is not a finite number."),
    ],
)
def test_heads_that_do_not_fit_are_refused_in_plain_words(changed, told):
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        replace(OPEN, **changed)


def test_more_numbers_side_by_side_than_fit_are_refused():
    wide = OPEN.resized(d_v=16)
    two = with_head_added(wide)
    with pytest.raises(ValueError, match="3 heads with 16 numbers each give 48 numbers side by side; up to 32 fit"):
        with_head_added(two)
    with pytest.raises(ValueError, match="8 heads with 5 numbers each give 40"):
        some_heads(OPEN, 8).resized(d_v=5)


def test_a_document_with_a_head_of_another_size_is_refused():
    document = to_document(some_heads(OPEN, 2))
    document["other_heads"][0]["w_k"] = [[1.0], [2.0]]
    with pytest.raises(DocumentError, match="W_K of another head came as 2 × 1; needed is 4 × 4"):
        from_document(document)


# --- rotary ----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 12), st.integers(1, 9), st.floats(1, 1e6), st.integers(0, 99))
def test_places_turn_pairs_as_complex_numbers_do(n, d, base, seed):
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    np.testing.assert_allclose(turned(vectors, base), turned_by_place(vectors, base), atol=1e-12)


def test_a_turned_score_depends_on_how_far_apart_two_words_stand_and_not_on_where():
    experiment = two_columns("a b " * 4, positions="rotary", rows={"a": (1, 2), "b": (3, -1)})
    scores = attend(experiment).attention.scores
    for row in range(6):
        for column in range(6):
            assert scores[row, column] == pytest.approx(scores[row + 2, column + 2])
    assert scores[0, 1] != pytest.approx(scores[0, 3]), "the same two words, farther apart"


def test_rotary_leaves_the_embeddings_and_what_is_mixed_as_they_are():
    plain, rotary = (attend(replace(OPEN, positions=order)) for order in ("none", "rotary"))
    for part in ("x", "q", "k", "v"):
        assert plain.table(part).tobytes() == rotary.table(part).tobytes()
    assert plain.turned_query is plain.q and not np.allclose(rotary.turned_query, rotary.q)
    np.testing.assert_array_equal(rotary.turned_query[0], rotary.q[0])
    np.testing.assert_allclose(np.linalg.norm(rotary.turned_key, axis=1), np.linalg.norm(rotary.k, axis=1))


def test_the_sums_go_from_the_context_through_w_o_to_the_weights_and_the_turned_queries():
    experiment = some_heads(OPEN, 2, w_o=np.ones((8, 2)).tolist(), positions="rotary")
    calculation = attend(experiment)
    steps = trace(calculation, "context", 1, 0)
    assert [step.target.symbol for step in steps] == ["joined"] * 8 + ["context"]
    assert [step.terms[0][0].head for step in steps[:-1]] == [0] * 4 + [1] * 4
    symbols = dict.fromkeys(step.target.symbol for step in trace(calculation, "weights", 1, 2))
    assert list(symbols) == [
        "q",
        "k",
        "turned_query",
        "turned_key",
        "scores",
        "scaled_scores",
        "weights",
    ]


# --- broken on purpose -----------------------------------------------------------------------------------------------


def broken(experiment, fault):
    """The context of heads that somebody got wrong."""
    x = experiment.embeddings[experiment.vocabulary_index]
    n, d_model = x.shape
    places = attend(experiment).positions
    contexts = []
    for number, head in enumerate(experiment.heads):
        late = fault == "positions added after the projection"
        q, k, v = ((x if late else x + places) @ table for table in (head.w_q, head.w_k, head.w_v))
        if late:
            q, k, v = q + places, k + places, v + places
        if experiment.positions == "rotary":
            q, k = (turned(each, experiment.position_base) for each in (q, k))
            if fault == "rotary with the wrong sign":
                q = turned(x @ head.w_q, experiment.position_base)
                k = np.array([turned(np.tile(row, (n, 1)), experiment.position_base)[-at] for at, row in enumerate(k)])
        divisor = math.sqrt(d_model) if fault == "divided by the root of d_model" else None
        causal = number == 1 if fault == "the mask reaches one head alone" else True
        contexts.append(attention(q, k, v, divisor=divisor, allowed=may_look(n, causal=causal)).context)
    if fault == "heads joined in the wrong order":
        contexts.reverse()
    if fault == "heads averaged":
        return np.tile(sum(contexts) / len(contexts), (1, len(contexts))) @ np.array(experiment.w_o)
    w_o = np.array(experiment.w_o)
    return np.concatenate(contexts, axis=1) @ (w_o.T if fault == "W_O transposed" else w_o)


@pytest.mark.parametrize(
    "fault",
    [
        "heads joined in the wrong order",
        "heads averaged",
        "W_O transposed",
        "divided by the root of d_model",
        "positions added after the projection",
        "rotary with the wrong sign",
        "the mask reaches one head alone",
    ],
)
def test_a_fault_in_the_heads_gives_other_numbers(fault):
    """Which faults the loops would catch: each of these differs from them, and without it they agree."""
    order = {"positions added after the projection": "sinusoidal", "rotary with the wrong sign": "rotary"}
    w_o = np.random.default_rng(7).normal(size=(4, 4)).tolist()
    small = replace(OPEN.resized(d_k=2, d_v=2), masks=("causal",), positions=order.get(fault, "none"))
    if fault == "positions added after the projection":  # so that the two have as many numbers
        small, w_o = replace(small.resized(d_k=4, d_v=4)), np.random.default_rng(7).normal(size=(8, 4)).tolist()
    experiment = some_heads(small, 2, w_o=w_o)
    assert_as_in_loops(attend(experiment))
    np.testing.assert_allclose(broken(experiment, ""), all_heads(experiment)[2], atol=1e-9)
    assert np.abs(broken(experiment, fault) - all_heads(experiment)[2]).max() > 1e-3


def test_w_o_as_a_whole_table_is_taken_in():
    assert with_output(OPEN, 2 * np.eye(4)).w_o[1] == (0.0, 2.0, 0.0, 0.0)
