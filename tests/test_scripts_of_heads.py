"""The scripts of experiments of several heads, and of places that turn: they print the context vectors of the app."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from support.heads import some_heads
from support.scripts import assert_prints_the_context_of, opening, printed, ran, run_as_a_student_does

from attention_core import attend
from exports.scripts import numpy_script, pytorch_script

PAPER_SHAPE = some_heads(opening().resized(d_k=2, d_v=2), 2)
EXPERIMENTS = {
    "two heads side by side": some_heads(opening(), 2),
    "heads that W_O mixes": some_heads(opening(), 3, w_o=np.arange(24.0).reshape(12, 2).tolist()),
    "one head and W_O": opening(w_o=[[1.0], [2.0], [3.0], [4.0]]),
    "the paper's shape": replace(PAPER_SHAPE, w_o=(np.arange(16.0).reshape(4, 4) / 8).tolist(), head=1),
    "the paper's shape without W_O": replace(PAPER_SHAPE, masks=("causal",)),
    "heads of queries and keys": some_heads(opening(variant="queries_and_keys"), 2),
    "a mask that forbids a whole row": some_heads(
        opening("a b"), 2, masks=("own_mask",), forbidden=((0, 0), (0, 1)), scaled=False
    ),
    "places that turn": opening(positions="rotary", position_base=50.0),
    "an odd number that turns": opening(positions="rotary").resized(d_k=3),
    "heads whose places turn": some_heads(opening(positions="rotary"), 2, divisor=0.5),
    "embeddings that turn": opening(positions="rotary", variant="similarity"),
    "a name that is code": some_heads(opening(head_name='"""\nexit()'), 2),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_numpy_script_prints_the_context_vectors(name):
    experiment = EXPERIMENTS[name]
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


def test_the_weights_of_the_last_head_are_left_in_the_script():
    experiment = EXPERIMENTS["two heads side by side"]
    names = ran(numpy_script(experiment))[1]
    np.testing.assert_allclose(names["weights"], attend(experiment).heads[-1].attention.weights)
    assert len(names["heads"]) == len(names["outputs"]) == 2


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_pytorch_script_prints_the_same_and_its_own_layer_agrees(name, tmp_path):
    experiment = EXPERIMENTS[name]
    script = pytorch_script(experiment)
    assert ("torch.nn.MultiheadAttention" in script) is name.startswith("the paper's shape")
    if find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    assert_prints_the_context_of(experiment, run_as_a_student_does(script, tmp_path))
