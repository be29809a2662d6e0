"""The ONNX cases once more, as experiments of several heads.

Every word is an axis of its own, so that a table of weights holds the queries, keys or values themselves. What a mask
adds to scores is written behind them: queries end with what is added to the score of each key, and each key ends with a
1 in its own column.
"""

from collections import Counter

import numpy as np
import pytest
from support.onnx_cases import CASES, RUN, assert_close, fold, heads_together, of_case

from attention_core import Experiment, attend
from attention_core.experiment import MAX_DIVISOR, MIN_DIVISOR
from attention_core.heads import MAX_HEADS, MAX_JOINED, Head
from attention_core.masks import MAX_FORBIDDEN
from attention_core.matrices import MAX_DIMENSION

MANY_HEADS = f"more than {MAX_HEADS} heads"
WIDE = f"more than {MAX_JOINED} numbers side by side"
LONG = f"more than {MAX_DIMENSION} words that share no numbers"
ADDED = f"more than {MAX_DIMENSION} numbers of a query and what a mask adds to it"
OF_HEADS = "a mask for each head, where ours holds for all"


def folded(case):
    """Queries, keys and values of as many heads each, (batch, heads, n, d), and a mask (batch, heads, n_q, n_k)."""
    inputs, expected, options = of_case(case)
    q, k, v, mask = fold(inputs, options)
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    mask = np.broadcast_to(mask, (*q.shape[:3], k.shape[2]))
    return *(each.astype(np.float64) for each in (q, k, v)), mask, options, inputs, expected


def why_not(case):
    """Why a case is no experiment; empty where it is one."""
    q, k, v, mask, *_ = folded(case)
    heads = q.shape[1]
    if heads > MAX_HEADS:
        return MANY_HEADS
    if heads * v.shape[3] > MAX_JOINED:
        return WIDE
    if max(q.shape[2], k.shape[2]) > MAX_DIMENSION:
        return LONG
    if adds(mask) and q.shape[3] + k.shape[2] > MAX_DIMENSION:
        return ADDED
    allowed = may_look(mask)
    return "" if (allowed == allowed[:, :1]).all() else OF_HEADS


def may_look(mask):
    return mask if mask.dtype == bool else ~np.isneginf(mask)


def adds(mask):
    """Whether it adds numbers to scores, beside allowing and forbidding."""
    return mask.dtype != bool and bool(mask[may_look(mask)].any())


def with_what_a_mask_adds(q, k, mask, scale):
    """(batch, heads, n_q, d), (batch, heads, n_k, d) -> longer queries and keys, whose products hold the mask too."""
    added = np.where(may_look(mask), mask, 0) / scale
    own_columns = np.broadcast_to(np.eye(k.shape[2]), (*k.shape[:3], k.shape[2]))
    return np.concatenate([q, added], axis=3), np.concatenate([k, own_columns], axis=3)


def experiment_of(q, k, v, allowed, scale):
    """(heads, n_q, d_k), (heads, n_k, d_k), (heads, n_k, d_v), (n_q, n_k) -> an experiment with as many words as the
    longer of queries and keys has rows: what is missing is 0, and nobody may look at it."""
    n_q, n_k = allowed.shape
    n = max(n_q, n_k)

    def table(rows):
        return np.pad(rows, ((0, n - len(rows)), (0, 0)))

    heads = [Head("", *map(table, of_head)) for of_head in zip(q, k, v, strict=True)]
    may_look = np.pad(allowed, ((0, n - n_q), (0, n - n_k)), constant_values=False)
    forbidden = [(int(row), int(column)) for row, column in zip(*np.nonzero(~may_look), strict=True)]
    assert len(forbidden) <= MAX_FORBIDDEN and MIN_DIVISOR <= 1 / scale <= MAX_DIVISOR
    words = [f"w{place}" for place in range(n)]
    first, *others = heads
    return Experiment(
        " ".join(words),
        w_q=first.w_q,
        w_k=first.w_k,
        w_v=first.w_v,
        dimensions=tuple(f"d{place}" for place in range(1, n + 1)),
        rows={word: tuple(float(at == place) for at in range(n)) for place, word in enumerate(words)},
        other_heads=tuple(others),
        divisor=1 / scale,
        masks=("own_mask",),
        forbidden=tuple(forbidden),
    )


def step_of(attention, mode, scale):
    return {0: attention.scores * scale, 2: attention.scaled_scores, 3: attention.weights}[mode]


AS_EXPERIMENTS = [name for name in RUN if not why_not(CASES[name])]


@pytest.mark.parametrize("name", AS_EXPERIMENTS)
def test_an_experiment_gives_what_the_operator_gives(name):
    case = CASES[name]
    q, k, v, mask, options, inputs, expected = folded(case)
    allowed, folds = may_look(mask), adds(mask)
    scale = options.get("scale", 1 / np.sqrt(q.shape[-1]))
    if folds:
        q, k = with_what_a_mask_adds(q, k, mask, scale)
    mode = options.get("qk_matmul_output_mode", 0)
    made = {"Y": []} | ({} if folds and mode == 0 else {"qk_matmul_output": []})  # mode 0 is the scores without a mask
    for batch in range(len(q)):
        calculation = attend(experiment_of(q[batch], k[batch], v[batch], allowed[batch, 0], scale))
        n_q, n_k = allowed.shape[2:]
        heads = len(calculation.heads)
        assert heads == q.shape[1]
        made["Y"].append(np.stack(np.split(calculation.context[:n_q], heads, axis=1)))
        if "qk_matmul_output" in made:
            steps = [step_of(head.attention, mode, scale) for head in calculation.heads]
            made["qk_matmul_output"].append(np.stack(steps)[:, :n_q, :n_k])
    made = {output: np.stack(batches) for output, batches in made.items()}
    if inputs["Q"].ndim == 3:
        made["Y"] = heads_together(made["Y"])
    for output in expected.keys() & made.keys():
        assert_close(case, output, made[output].astype(np.float32), expected[output])


def test_of_81_cases_55_are_experiments_and_the_others_are_too_long_or_have_too_many_heads():
    reasons = Counter(why_not(CASES[name]) for name in RUN)
    assert reasons == {"": 55, LONG: 15, MANY_HEADS: 11}
