"""The scripts run as they are, print the numbers of the app and hold people's text as nothing but text."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from support.documents import experiments as experiments_of_any_words
from support.experiments import EYE, experiments, two_columns
from support.scripts import (
    ALL_SWITCHES,
    HOSTILE,
    SENTENCES,
    assert_prints_the_context_of,
    opening,
    printed,
    ran,
    run_as_a_student_does,
)

from attention_core import EXAMPLES, OPENING, attend
from exports.scripts import numpy_script, pytorch_script

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


LINK = "https://example.org/?x=abc~1-2"


def lines_of(script, *starts):
    return [line for line in script.splitlines() if line.startswith(starts)]


# --- they print the numbers of the app -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_script_of_an_example_prints_its_context_vectors(name):
    experiment = EXAMPLES[name].build()
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_way_to_attend_prints_its_context_vectors(sentence, switches):
    experiment = opening(sentence, **switches)
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@SETTINGS
@given(experiments())
def test_any_experiment_prints_its_context_vectors(experiment):
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@pytest.mark.parametrize(
    "experiment",
    [
        OPENING.build(),
        opening(variant="embeddings_only", masks=("causal",)),
        opening(HOSTILE["words of quotes"]),
        opening(HOSTILE["pictures"], split_into="characters"),
    ],
    ids=["opening", "looks nowhere", "quotes", "pictures"],
)
def test_a_student_can_run_the_file(experiment, tmp_path):
    assert_prints_the_context_of(experiment, run_as_a_student_does(numpy_script(experiment), tmp_path))


def test_numbers_are_printed_with_up_to_six_decimals_and_no_minus_zero():
    experiment = two_columns("a", rows={"a": (-1e-9, 1 / 3)}, variant="similarity")
    assert printed(numpy_script(experiment)) == "a [0.0, 0.333333]\n"


def test_scores_as_large_as_they_may_be_are_no_trouble():
    experiment = two_columns(w_q=1e6 * EYE, w_k=1e6 * EYE, rows={"a": (1e6, 0), "b": (-1e6, 1)})
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@SETTINGS
@given(experiments_of_any_words())
def test_every_number_is_in_the_script_exactly(experiment):
    _, names = ran(numpy_script(experiment))
    calculation = attend(experiment)
    assert names["X"].tobytes() == calculation.x.tobytes()
    for part in "qkv":
        if part in calculation.variant.parts:
            assert names[f"W_{part.upper()}"].tobytes() == getattr(experiment, f"w_{part}").tobytes()


@pytest.mark.parametrize("number", [1e-300, 5e-324, 0.1 + 0.2, 1e6, -1e6, -0.0, 123456.78901234567])
def test_an_odd_number_is_in_both_scripts_exactly(number):
    experiment = two_columns(w_q=[[number, 0], [0, 1]])
    for script in (numpy_script(experiment), pytorch_script(experiment)):
        assert f"    [{number + 0.0!r}, 0.0],  # 'd1'" in script.splitlines()


# --- they have only the lines that are needed ------------------------------------------------------------------------


def test_the_whole_script_of_a_small_experiment():
    experiment = two_columns("The cat the", rows={"the": (1, 0.5), "cat": (-2, 0)}, masks=("causal",))
    assert (
        numpy_script(replace(experiment, variant="embeddings_only"), link=LINK)
        == '''\
"""Self-attention step by step, in NumPy (pip install numpy).

The sentence: “The cat the”
The way to attend: Embeddings only
    A word is scored against the others but not itself; its own embedding is added just as it is.
The same in the playground: https://example.org/?x=abc~1-2
"""

import numpy as np

words = ['The', 'cat', 'the']

# X: the embedding of each word. Its columns: 'd1', 'd2'.
X = np.array([
    [1.0, 0.5],  # 'The'
    [-2.0, 0.0],  # 'cat'
    [1.0, 0.5],  # 'the'
])

# Scores: the dot product of the row's embedding and the column's embedding.
scores = X @ X.T

# Scale: divide by the square root of how many numbers the embedding of a word has.
scaled_scores = scores / X.shape[1] ** 0.5

# Mask: a word may not look at the words after it or at itself; there its score is minus infinity.
n = len(words)
row, column = np.arange(n)[:, None], np.arange(n)
allowed = (column <= row) & (column != row)
masked_scores = np.where(allowed, scaled_scores, -np.inf)

# Softmax: exp makes every score positive, and dividing by the row's total makes each row sum to 1.
# Subtracting the row's largest score first changes nothing but keeps exp from overflowing.
largest = masked_scores.max(axis=1, keepdims=True)
largest[largest == -np.inf] = 0  # a word that may look nowhere
exponentials = np.exp(masked_scores - largest)
total = exponentials.sum(axis=1, keepdims=True)
total[total == 0] = 1  # so that its weights are 0
weights = exponentials / total

# Context: the embeddings, mixed by the weights, and the word's own embedding added as it is.
context = weights @ X + X

# What each word has become. Adding 0.0 turns -0.0 into 0.0.
for word, vector in zip(words, context.tolist()):
    print(word, [round(number, 6) + 0.0 for number in vector])
'''
    )


def test_the_script_of_the_opening_has_no_mask():
    code = lines_of(numpy_script(OPENING.build()), "Q", "K", "V", "s", "m", "allowed", "l", "e", "t", "weights", "c")
    assert code == [
        "Q = X @ W_Q",
        "K = X @ W_K",
        "V = X @ W_V",
        "scores = Q @ K.T",
        "scaled_scores = scores / K.shape[1] ** 0.5",
        "largest = scaled_scores.max(axis=1, keepdims=True)",
        "exponentials = np.exp(scaled_scores - largest)",
        "total = exponentials.sum(axis=1, keepdims=True)",
        "weights = exponentials / total",
        "context = weights @ V",
    ]


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("write", [numpy_script, pytorch_script])
def test_a_script_has_the_lines_of_its_switches_and_no_others(write, sentence, switches):
    experiment = opening(sentence, **switches)
    calculation, script = attend(experiment), write(experiment)
    assigned = {line.split(" = ")[0] for line in script.splitlines() if " = " in line and line[0] not in "# "}
    projected = {part.upper() for part in calculation.variant.parts - {"x"}}
    looks_nowhere = not calculation.allowed.any(axis=1).all()
    assert {name for name in assigned if name in ("Q", "K", "V")} == projected
    assert {name for name in assigned if name.startswith("W_")} == {f"W_{part}" for part in projected}
    assert ("scaled_scores" in assigned) is experiment.scaled
    assert ("masked_scores" in assigned) is ("allowed" in assigned) is ("n" in assigned)
    assert ("masked_scores" in assigned) is bool((~calculation.allowed).any())
    assert ("total[total == 0]" in assigned) is looks_nowhere
    assert ("may look nowhere" in script) is looks_nowhere


def test_a_short_list_of_words_takes_a_line_and_a_long_one_a_line_for_each():
    assert "words = ['a', 'b']\n" in numpy_script(two_columns())
    assert "words = [\n    'a',\n    'b',\n" in numpy_script(two_columns("a b " * 20))


def test_without_a_link_it_names_none():
    assert "playground" not in numpy_script(two_columns())


# --- one outline -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
def test_both_scripts_are_the_same_but_for_the_words_of_the_library_and_the_closing_check(switches):
    script, check, _ = pytorch_script(opening(**switches)).partition("\n# PyTorch's own function")
    for theirs, ours in {
        "in PyTorch (pip install torch)": "in NumPy (pip install numpy)",
        "import torch": "import numpy as np",
        "torch.tensor(": "np.array(",
        ", dtype=torch.float64": "",
        "amax(": "max(",
        "(dim=": "(axis=",
        "keepdim=": "keepdims=",
        "torch.": "np.",
    }.items():
        script = script.replace(theirs, ours)
    assert script == numpy_script(opening(**switches))
    assert bool(check) is not (switches["variant"] == "embeddings_only" and switches["masks"])


@pytest.mark.parametrize(
    ("switches", "call"),
    [
        ({}, "(Q, K, V)"),
        ({"scaled": False, "masks": ("causal",)}, "(Q, K, V, attn_mask=allowed, scale=1)"),
        ({"variant": "queries_and_keys"}, "(Q, K, K)"),
        ({"variant": "embeddings_only"}, "(X, X, X, attn_mask=allowed) + X"),
    ],
    ids=str,
)
def test_the_closing_check_calls_pytorchs_own_function_with_what_it_needs(switches, call):
    assert pytorch_script(opening(**switches)).endswith(
        "\n\n# PyTorch's own function does all these steps at once.\n"
        f"expected = torch.nn.functional.scaled_dot_product_attention{call}\n"
        "assert torch.allclose(context, expected)\n"
    )


def test_scores_so_large_that_rounding_shows_are_not_checked():
    assert "assert" in pytorch_script(two_columns(w_q=1e6 * EYE))
    assert "assert" not in pytorch_script(two_columns(w_q=1e6 * EYE, w_k=2 * EYE))
