"""The conformance cases of the ONNX Attention operator, each folded into one plain call of ours."""

import numpy as np
import pytest
from support.onnx_cases import (
    CASES,
    COLLECTED,
    LEFT_OUT,
    RUN,
    assert_close,
    attributes,
    fold,
    heads_together,
    of_case,
)

from attention_core.attention import scaled_dot_product_attention


def run(case):
    """-> what the operator gives, by the names of its outputs, and what it should give"""
    inputs, expected, options = of_case(case)
    q, k, v, mask = fold(inputs, options)
    group = q.shape[1] // k.shape[1]
    wide = [x.astype(np.float32) for x in (q, np.repeat(k, group, axis=1), np.repeat(v, group, axis=1))]
    result = scaled_dot_product_attention(*wide, mask=mask, scale=options.get("scale"))
    scale = options.get("scale", 1 / np.sqrt(q.shape[-1]))
    outputs = {
        "Y": heads_together(result.context) if inputs["Q"].ndim == 3 else result.context,
        "present_key": k,
        "present_value": v,
        # Mode 1 is the scores after the tanh, which only cases that are left out ask for.
        "qk_matmul_output": {0: result.scores * scale, 2: result.scaled_scores, 3: result.weights}[
            options.get("qk_matmul_output_mode", 0)
        ],
    }
    return outputs, expected


@pytest.mark.parametrize("name", RUN)
def test_our_attention_gives_what_the_operator_gives(name):
    case = CASES[name]
    outputs, expected = run(case)
    assert "Y" in expected
    for output, right in expected.items():
        assert_close(case, output, outputs[output], right)


def test_of_93_cases_81_are_run_and_the_others_need_what_we_do_not_offer():
    needing_more = {name for name, case in CASES.items() if attributes(case).keys() & {"softcap", "softmax_precision"}}
    assert needing_more == LEFT_OUT
    assert len(CASES) == 93
    assert len(CASES.keys() - LEFT_OUT) == 81


def test_each_case_comes_twice_with_the_same_numbers():
    expanded = {case.name.removesuffix("_expanded"): case for case in COLLECTED if case.name.endswith("_expanded")}
    assert expanded.keys() == CASES.keys()
    assert len(COLLECTED) == 2 * len(CASES)
    for name, case in expanded.items():
        for arrays, others in zip(case.data_sets[0], CASES[name].data_sets[0], strict=True):
            for array, other in zip(arrays, others, strict=True):
                assert array.tobytes() == other.tobytes()
