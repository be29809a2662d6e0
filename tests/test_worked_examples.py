"""Examples that others published with printed numbers: ours must round to them, digit by digit.

`checking/published.json` says where each comes from and how far it can be trusted. Two are wrong in print and one was
rounded half-way; those are held against what is right.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from attention_core.attention import scaled_dot_product_attention, softmax

EXAMPLES = {
    example["id"]: example
    for example in json.loads((Path(__file__).parents[1] / "checking" / "published.json").read_text(encoding="utf-8"))
}
RIGHT = [name for name, example in EXAMPLES.items() if example["trust"] == "reference"]
# The printed sum of exponentials is a sum of rounded numbers, and has a test of its own.
STAGES = [(name, stage) for name in RIGHT for stage in EXAMPLES[name]["expected"] if stage != "exp_sum"]


def vectors(example):
    """The queries, keys and values of an example: printed, made by its matrices, or its embeddings as they are."""
    if example["embeddings"] is not None and example["variant"] == "qkv":
        x = np.array(example["embeddings"], float)
        return tuple(x @ np.array(example[w], float) for w in ("w_q", "w_k", "w_v"))
    if example["variant"] == "embeddings":
        return (np.array(example["embeddings"], float),) * 3
    q, k = np.array(example["q"]), np.array(example["k"])
    # Where only scores and weights are printed any values will do.
    return q, k, np.array(example.get("v", np.zeros((len(k), 1))))


def attend(example):
    scale = example.get("scale", None if example["scaled"] else 1)
    return scaled_dot_product_attention(*vectors(example), is_causal=example["causal"], scale=scale)


def half_a_unit(printed, example, stage):
    """Half a unit of the last printed digit: the farthest that rounding can take a number from what is printed."""
    printed = np.asarray(printed, float)
    if example["id"] == "karim-unscaled" and stage == "weights":  # printed with 5 significant digits instead
        leading = np.floor(np.log10(printed))
        return 0.5 * 10.0 ** (leading - 4)
    return np.full(printed.shape, 0.5 * 10.0 ** -example["decimals"])


def computed(example, stage):
    result = attend(example)
    if stage == "exp":
        return np.exp(result.scores[0])
    if stage == "scores_lower":
        return result.scores[np.tril_indices(len(result.scores))]
    return getattr(result, stage)


def rounds_to(numbers, printed, example, stage):
    return np.abs(numbers - printed) <= half_a_unit(printed, example, stage)


def printed_in(example, stage):
    printed = example["expected"][stage]
    return np.concatenate(printed) if stage == "scores_lower" else np.array(printed, float)


@pytest.mark.parametrize(("name", "stage"), STAGES, ids=[f"{name}-{stage}" for name, stage in STAGES])
def test_our_numbers_round_to_the_printed_ones(name, stage):
    numbers, printed = computed(EXAMPLES[name], stage), printed_in(EXAMPLES[name], stage)
    assert np.shape(numbers) == np.shape(printed)
    right = rounds_to(numbers, printed, EXAMPLES[name], stage)
    assert np.all(right), f"{np.asarray(numbers)[~right]} is printed {printed[~right]}"


@pytest.mark.parametrize("letter", ["q", "k", "v"])
def test_statquest_prints_queries_keys_and_values_too(letter):
    example = EXAMPLES["statquest"]
    ours = dict(zip("qkv", vectors(example), strict=True))[letter]
    assert np.all(rounds_to(ours, example[letter], example, letter))


def test_the_rows_with_scores_alone_are_the_only_ones_without_a_context():
    without = {name for name in RIGHT if "context" not in EXAMPLES[name]["expected"]}
    assert without == {"alammar-thinking-machines", "seed000-row-the", "raschka-v2-causal-seed789"}


def test_the_printed_sum_of_exponentials_adds_the_printed_ones_and_the_printed_weights_still_follow():
    """Exactly, the sum is 8.904; adding the four as they are printed gives 8.905, which changes no printed weight."""
    expected = EXAMPLES["seed000-row-the"]["expected"]
    exact = np.exp(expected["scores"][0])
    assert round(sum(expected["exp"]), 3) == expected["exp_sum"] == 8.905
    assert round(exact.sum(), 3) == 8.904
    assert [round(weight, 3) for weight in np.array(expected["exp"]) / expected["exp_sum"]] == expected["weights"][0]
    assert [round(weight, 3) for weight in softmax(expected["scores"])[0]] == expected["weights"][0]
    assert round(sum(expected["weights"][0]), 3) == 0.999


# --- wrong in print, or rounded half-way -----------------------------------------------------------------------------


def test_karims_headline_is_not_the_exact_answer():
    example = EXAMPLES["karim-rounded"]
    assert example["trust"] == "rounded-intermediate"
    right = rounds_to(attend(example).context, example["expected"]["context"], example, "context")
    assert not right.all(axis=-1).any(), "no row of the headline is exact"


def test_karims_headline_comes_from_weights_rounded_before_the_sum():
    example = EXAMPLES["karim-rounded"]
    rounded, (_, _, values) = np.array(example["rounded_weights"]), vectors(example)
    np.testing.assert_allclose(rounded @ values, example["expected"]["context"], rtol=0, atol=1e-12)
    # The first row's 0.063 became 0 and not 0.1, so that the row still sums to 1.
    np.testing.assert_allclose(attend(example).weights, rounded, rtol=0, atol=0.07)


def test_the_exercise_of_amanailab_is_wrong_in_print():
    example = EXAMPLES["bad-amanailab-2x2"]
    context = attend(example).context
    assert not rounds_to(context, example["expected"]["context"], example, "context").any()
    weight = 1 / (1 + np.exp(-1 / np.sqrt(2)))
    np.testing.assert_allclose(context[0], [3 - 2 * weight, 4 - 2 * weight], rtol=1e-14)
    np.testing.assert_allclose(context[0, 0], 1.66048, rtol=0, atol=5e-6)


def test_the_exercise_of_click4ai_prints_averages_that_lie_outside_the_averaged_values():
    example = EXAMPLES["bad-click4ai"]
    printed, values = np.array(example["expected"]["context"]), np.array(example["v"])
    assert not rounds_to(attend(example).context, printed, example, "context").any()
    assert (printed < values.min(axis=0)).all()
    context = attend(example).context
    assert ((values.min(axis=0) <= context) & (context <= values.max(axis=0))).all()


# --- that none is skipped --------------------------------------------------------------------------------------------


def test_there_are_14_examples_of_which_11_can_be_trusted():
    assert len(EXAMPLES) == 14
    trust = Counter(example["trust"] for example in EXAMPLES.values())
    assert trust == {"reference": 11, "rounded-intermediate": 1, "known-bad": 2}
    assert {name for name, example in EXAMPLES.items() if example["trust"] == "known-bad"} == {
        "bad-amanailab-2x2",
        "bad-click4ai",
    }
    assert {name for name, _ in STAGES} == set(RIGHT)
    assert Counter(stage for _, stage in STAGES) == {
        "scores": 8,
        "scores_lower": 1,
        "scaled_scores": 4,
        "exp": 1,
        "weights": 11,
        "context": 8,
    }
