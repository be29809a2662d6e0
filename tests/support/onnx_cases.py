"""The conformance cases of the ONNX Attention operator, each folded into one plain call: queries, keys, values, a mask.

The operator takes heads, caches, padding and windows apart by itself. What its definition says about each of them is
written out in `fold`.
"""

import warnings

import numpy as np
from onnx.backend.test.case.node import collect_testcases
from onnx.helper import get_attribute_value

with warnings.catch_warnings():
    # Collecting builds the cases of every operator, some of which overflow on purpose.
    warnings.simplefilter("ignore")
    COLLECTED = collect_testcases("Attention")

# Each case comes twice: as the operator itself, and as the small graph that defines it. The numbers are the same.
CASES = {case.name: case for case in COLLECTED if not case.name.endswith("_expanded")}

# They squash the scores by a tanh, or compute the softmax in another precision than the inputs'. We do neither.
LEFT_OUT = {
    "test_attention_24_qk_matmul_output_mode3_softmax_precision",
    "test_attention_3d_diff_heads_sizes_softcap",
    "test_attention_3d_gqa_softcap",
    "test_attention_3d_softcap",
    "test_attention_3d_with_past_and_present_qk_matmul_softcap",
    "test_attention_4d_diff_heads_sizes_softcap",
    "test_attention_4d_gqa_softcap",
    "test_attention_4d_softcap",
    "test_attention_4d_softcap_neginf_mask",
    "test_attention_4d_softcap_neginf_mask_poison",
    "test_attention_4d_with_qk_matmul_softcap",
    "test_attention_local_window_gqa_rank4_mask",
}
RUN = sorted(CASES.keys() - LEFT_OUT)

# Half a unit in the last place of types narrower than the float32 we work in: the expected numbers are rounded to them.
ROUNDING = {"float16": 2.0**-11, "bfloat16": 2.0**-8}


def attributes(case):
    (node,) = case.model.graph.node
    return {attribute.name: get_attribute_value(attribute) for attribute in node.attribute}


def named(names, arrays):
    """Inputs or outputs by name; those that are left out have an empty name and no array."""
    return dict(zip([name for name in names if name], arrays, strict=True))


def heads_apart(x, count):
    """(batch, words, heads * d) -> (batch, heads, words, d)"""
    return x.reshape(*x.shape[:2], count, -1).swapaxes(1, 2)


def heads_together(x):
    """(batch, heads, words, d) -> (batch, words, heads * d)"""
    return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)


def fold(inputs, options):
    """The operator's inputs as query, key and value with one head each, and one mask that says all it forbids."""
    q, k, v = inputs["Q"], inputs["K"], inputs["V"]
    if q.ndim == 3:
        q = heads_apart(q, options["q_num_heads"])
        k, v = (heads_apart(x, options["kv_num_heads"]) for x in (k, v))
    past = 0
    if "past_key" in inputs:
        past = inputs["past_key"].shape[2]
        k, v = np.concatenate([inputs["past_key"], k], axis=2), np.concatenate([inputs["past_value"], v], axis=2)
    n_q, n_k = q.shape[2], k.shape[2]

    # Where a word stands among the keys: after the cached ones; in a cache with padding it is the last that is filled.
    filled = inputs.get("nonpad_kv_seqlen")
    before = np.array(past) if filled is None else filled.reshape(-1, 1, 1, 1) - n_q
    at, looked_at = before + np.arange(n_q)[:, None], np.arange(n_k)
    left, right = options.get("left_window_size", -1), options.get("right_window_size", -1)
    allowed = np.ones(np.broadcast_shapes(at.shape, (1, n_k)), bool)
    if options.get("is_causal"):
        allowed &= looked_at <= at
    if left >= 0:
        allowed &= looked_at >= at - left
    if right >= 0:
        allowed &= looked_at <= at + right
    if filled is not None:
        allowed = allowed & (looked_at < filled.reshape(-1, 1, 1, 1))

    mask = inputs.get("attn_mask")
    if mask is None:
        mask = allowed
    else:
        missing = [(0, 0)] * (mask.ndim - 1) + [(0, n_k - mask.shape[-1])]
        if mask.dtype == bool:
            mask = np.pad(mask, missing, constant_values=False) & allowed
        else:
            mask = np.where(allowed, np.pad(mask.astype(np.float32), missing, constant_values=-np.inf), -np.inf)
    return q, k, v, mask


def of_case(case):
    """-> inputs and what is expected, both by name, and the options"""
    (node,) = case.model.graph.node
    ((given, expected),) = case.data_sets
    return named(node.input, given), named(node.output, expected), attributes(case)


def assert_close(case, output, ours, right):
    assert ours.shape == right.shape
    assert not np.isnan(ours.astype(np.float32)).any()
    rounding = ROUNDING.get(right.dtype.name, 0)
    np.testing.assert_allclose(
        ours.astype(np.float32),
        right.astype(np.float32),
        rtol=case.rtol + 4 * rounding,
        atol=case.atol + 4 * rounding,
        err_msg=output,
    )
