"""What holds for attention whatever the numbers are, and a slow second opinion in exact fractions."""

import warnings
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from attention_core.attention import causal_mask, scaled_dot_product_attention, softmax

# Every run tries the same examples, so that a red test is red for everyone.
settings.register_profile("attention", derandomize=True, deadline=None, max_examples=150)
SETTINGS = settings(settings.get_profile("attention"))

few = st.integers(1, 5)
everyday = st.floats(-30, 30, allow_subnormal=False)
any_finite = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True)
extreme = st.one_of(
    any_finite,
    st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 2.3e-308, 1e-200, 1e20, 1e154, -1e154, 1e200, 1.7e308, -1.7e308]),
    st.sampled_from([np.finfo(float).max, -np.finfo(float).max]),
)


@st.composite
def inputs(draw, numbers=everyday):
    """Queries, keys and values of a few words."""
    n_q, n_k, d_k, d_v = (draw(few) for _ in range(4))
    return tuple(draw(arrays(float, shape, elements=numbers)) for shape in ((n_q, d_k), (n_k, d_k), (n_k, d_v)))


@st.composite
def masked_inputs(draw, numbers=everyday, added=everyday):
    """The same with a mask: none, boolean, or numbers to be added among which -inf forbids."""
    q, k, v = draw(inputs(numbers))
    shape = (len(q), len(k))
    mask = draw(
        st.one_of(
            st.none(),
            arrays(bool, shape),
            arrays(float, shape, elements=st.one_of(added, st.just(-np.inf))),
        )
    )
    return q, k, v, mask, draw(st.booleans())


def visible(q, k, mask, is_causal):
    """Where a word may look. -> (n_q, n_k)"""
    seen = np.ones((len(q), len(k)), bool)
    if mask is not None:
        seen &= mask if mask.dtype == bool else mask > -np.inf
    return seen & causal_mask(len(q), len(k)) if is_causal else seen


def close(actual, expected, tolerance=1e-10):
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


# --- a second opinion ------------------------------------------------------------------------------------------------


def exact_attention(q, k, v, mask, is_causal, scale):
    """Scores as fractions, exp to 40 digits: slow, plain, and without any NumPy. -> weights, context"""
    weights, context = [], []
    for i, query in enumerate(q.tolist()):
        logits = {}
        for j, key in enumerate(k.tolist()):
            score = sum(Fraction(a) * Fraction(b) for a, b in zip(query, key, strict=True)) * Fraction(scale)
            if is_causal and j > i:
                continue
            if mask is not None and mask.dtype == bool and not mask[i, j]:
                continue
            if mask is not None and mask.dtype != bool:
                if mask[i, j] == -np.inf:
                    continue
                score += Fraction(float(mask[i, j]))
            logits[j] = score
        top = max(logits.values(), default=0)
        with localcontext(Context(prec=40)):
            sizes = {j: (Decimal((s - top).numerator) / (s - top).denominator).exp() for j, s in logits.items()}
            total = sum(sizes.values())
            row = {j: Fraction(size / total) for j, size in sizes.items()}
        weights.append([float(row.get(j, 0)) for j in range(len(k))])
        context.append([float(sum(row[j] * Fraction(v[j, c]) for j in row)) for c in range(v.shape[1])])
    return weights, context


@SETTINGS
@given(masked_inputs(), st.sampled_from([None, 1.0, 0.5, -2.0, 0.0]))
def test_it_agrees_with_exact_fractions(given_inputs, scale):
    q, k, v, mask, is_causal = given_inputs
    result = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal, scale=scale)
    weights, context = exact_attention(q, k, v, mask, is_causal, 1 / sqrt(q.shape[1]) if scale is None else scale)
    close(result.weights, weights)
    close(result.context, context)


# --- weights ---------------------------------------------------------------------------------------------------------


@SETTINGS
@given(masked_inputs())
def test_weights_are_between_0_and_1_and_sum_to_1_wherever_a_word_may_look_at_all(given_inputs):
    q, k, v, mask, is_causal = given_inputs
    weights = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal).weights
    seen = visible(q, k, mask, is_causal)
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (weights[~seen] == 0).all()
    close(weights.sum(axis=-1), seen.any(axis=-1).astype(float), 1e-14)


@SETTINGS
@given(arrays(float, st.tuples(few, few), elements=everyday), everyday)
def test_adding_a_constant_to_a_row_of_scores_changes_nothing(scores, constant):
    close(softmax(scores + constant), softmax(scores))


@SETTINGS
@given(arrays(float, st.tuples(few, few), elements=everyday))
def test_a_higher_score_never_gets_a_lower_weight(scores):
    order = np.argsort(scores, axis=-1)
    assert (np.diff(np.take_along_axis(softmax(scores), order, axis=-1), axis=-1) >= 0).all()


@SETTINGS
@given(masked_inputs())
def test_scores_are_kept_raw_and_forbidden_ones_are_minus_infinity_after_the_mask(given_inputs):
    q, k, v, mask, is_causal = given_inputs
    result = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal)
    close(result.scores, q @ k.T)
    np.testing.assert_array_equal(np.isneginf(result.scaled_scores), ~visible(q, k, mask, is_causal))


# --- context ---------------------------------------------------------------------------------------------------------


@SETTINGS
@given(masked_inputs())
def test_context_lies_within_the_range_of_the_values_it_averages(given_inputs):
    q, k, v, mask, is_causal = given_inputs
    context = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal).context
    hair = 1e-14 * np.abs(v).max()
    for row, seen in zip(context, visible(q, k, mask, is_causal), strict=True):
        if seen.any():
            assert (v[seen].min(axis=0) - hair <= row).all()
            assert (row <= v[seen].max(axis=0) + hair).all()
        else:
            assert (row == 0).all()


@SETTINGS
@given(masked_inputs(), st.randoms(use_true_random=False))
def test_the_order_of_the_keys_does_not_matter_as_long_as_their_values_go_along(given_inputs, random):
    q, k, v, mask, _ = given_inputs
    order = random.sample(range(len(k)), len(k))
    before = scaled_dot_product_attention(q, k, v, mask=mask)
    after = scaled_dot_product_attention(q, k[order], v[order], mask=None if mask is None else mask[:, order])
    close(after.context, before.context)
    close(after.weights, before.weights[:, order])


@SETTINGS
@given(masked_inputs(), st.randoms(use_true_random=False))
def test_changing_the_order_of_the_queries_changes_the_order_of_the_rows_alone(given_inputs, random):
    q, k, v, mask, _ = given_inputs
    order = random.sample(range(len(q)), len(q))
    before = scaled_dot_product_attention(q, k, v, mask=mask)
    after = scaled_dot_product_attention(q[order], k, v, mask=None if mask is None else mask[order])
    close(after.weights, before.weights[order])
    close(after.context, before.context[order])


@SETTINGS
@given(inputs(), st.floats(0.1, 10))
def test_larger_queries_and_a_smaller_scale_cancel(given_inputs, factor):
    q, k, v = given_inputs
    scale = 1 / sqrt(q.shape[1])
    before = scaled_dot_product_attention(q, k, v)
    close(scaled_dot_product_attention(q * factor, k, v, scale=scale / factor).weights, before.weights)
    close(scaled_dot_product_attention(q, k * factor, v, scale=scale / factor).weights, before.weights)


@SETTINGS
@given(inputs(), everyday, everyday)
def test_context_follows_values_that_are_stretched_and_shifted(given_inputs, stretch, shift):
    q, k, v = given_inputs
    before = scaled_dot_product_attention(q, k, v)
    close(scaled_dot_product_attention(q, k, v * stretch + shift).context, before.context * stretch + shift)


@SETTINGS
@given(masked_inputs())
def test_a_boolean_mask_and_the_same_in_zeros_and_minus_infinities_agree(given_inputs):
    q, k, v, mask, is_causal = given_inputs
    seen = visible(q, k, mask, is_causal)
    boolean = scaled_dot_product_attention(q, k, v, mask=seen)
    added = scaled_dot_product_attention(q, k, v, mask=np.where(seen, 0.0, -np.inf))
    np.testing.assert_array_equal(boolean.weights, added.weights)
    np.testing.assert_array_equal(boolean.context, added.context)


@SETTINGS
@given(masked_inputs())
def test_what_a_word_may_not_see_does_not_matter(given_inputs):
    q, k, v, mask, is_causal = given_inputs
    before = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal)
    unseen = ~visible(q, k, mask, is_causal).any(axis=0)
    k, v = k.copy(), v.copy()
    k[unseen], v[unseen] = 17, 99
    after = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal)
    close(after.context, before.context)


# --- any float there is ----------------------------------------------------------------------------------------------


@settings(SETTINGS, max_examples=600)
@given(masked_inputs(extreme, extreme), st.sampled_from([None, 1.0, -1.0, 0.0, 1e-300, 1e300, 1.7e308]))
def test_no_finite_numbers_give_nan_or_a_warning(given_inputs, scale):
    q, k, v, mask, is_causal = given_inputs
    v = v / 2  # beyond, rounding may take an average past the largest float
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = scaled_dot_product_attention(q, k, v, mask=mask, is_causal=is_causal, scale=scale)
    assert not np.isnan(result.scores).any()
    assert not np.isnan(result.scaled_scores).any()
    seen = visible(q, k, mask, is_causal).any(axis=-1)
    close(result.weights.sum(axis=-1), seen.astype(float), 1e-14)
    assert np.isfinite(result.context).all()
    assert (np.abs(result.context) / 2 <= np.abs(v).max(axis=0) * 0.5000001).all()


@settings(SETTINGS, max_examples=300)
@given(arrays(float, st.tuples(few, few), elements=st.one_of(extreme, st.sampled_from([np.inf, -np.inf]))))
def test_softmax_of_anything_but_nan_gives_weights_without_a_warning(scores):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        weights = softmax(scores)
    assert ((weights >= 0) & (weights <= 1)).all()
    close(weights.sum(axis=-1), (scores > -np.inf).any(axis=-1).astype(float), 1e-14)


@settings(SETTINGS, max_examples=300)
@given(st.integers(1, 4).flatmap(lambda n: st.tuples(arrays(float, (n, 1), elements=extreme), extreme)))
def test_weights_beyond_the_range_of_a_float_are_still_those_of_the_exact_scores(keys_and_query):
    """One number a word, so that a score is one product and the exact answer is known: the fractions say it."""
    keys, query = keys_and_query
    q, v = np.array([[query]]), np.arange(1.0, len(keys) + 1)[:, None]
    result = scaled_dot_product_attention(q, keys, v, scale=1)
    logits = [Fraction(query) * Fraction(key) for key in keys[:, 0].tolist()]
    below = [max(logits) - logit for logit in logits]
    # A product has 53 bits. Where the next bits would move a weight, floats cannot say which weight is right.
    assume(all(gap == 0 or gap > max(map(abs, logits)) / 10**12 or max(map(abs, logits)) < 1000 for gap in below))
    sizes = [Decimal(-float(min(gap, 800))).exp() for gap in below]
    close(result.weights, [[float(size / sum(sizes)) for size in sizes]])


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1.0, 1e150, 1e200, 1.7e308])
def test_the_same_word_ten_times_shares_evenly_at_any_size(size):
    """Equal scores must come out equal to the last bit, or one of them would take all."""
    for n in range(1, 11):
        for d in (1, 2, 3, 4, 7):
            x = np.full((n, d), size / 2) * (1 + np.arange(d) / 10)
            close(scaled_dot_product_attention(x, x, x).weights, np.full((n, n), 1 / n), 1e-14)
