"""Tables of several heads, and what is solved for, on their way to a verdict and back to the Playground."""

import numpy as np
import pytest

from attention_core import attend
from checking.back import experiment_of
from checking.claims import claims_of
from checking.finding_out import find
from checking.judge import RIGHT, WRONG
from checking.placing import placed
from checking.reading import read
from checking.story import headline


def found(text):
    return find(claims_of(placed(read(text))))


def lines(table, decimals):
    return "\n".join(" ".join(f"{number:.{decimals}f}" for number in row) for row in table)


def softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


def two_heads():
    """Two heads and their output projection, right in print."""
    random = np.random.default_rng(3)
    x = np.round(random.normal(size=(4, 4)), 2)
    text, contexts = f"Multi-head attention\n\nEmbeddings\n{lines(x, 2)}\n", []
    for head in (1, 2):
        w_q, w_k, w_v = (np.round(random.normal(size=(4, 2)), 2) for _ in range(3))
        weights = softmax((x @ w_q) @ (x @ w_k).T / np.sqrt(2))
        contexts.append(weights @ x @ w_v)
        text += f"\nHead {head}\n\nW_Q\n{lines(w_q, 2)}\n\nW_K\n{lines(w_k, 2)}\n\nW_V\n{lines(w_v, 2)}\n"
        text += f"\nAttention weights\n{lines(weights, 4)}\n"
    w_o = np.round(random.normal(size=(4, 4)), 2)
    return f"{text}\nW_O\n{lines(w_o, 2)}\n\nOutput\n{lines(np.hstack(contexts) @ w_o, 4)}\n"


def test_two_heads_that_are_right_in_print_are_not_called_wrong():
    findings = found(two_heads())
    assert findings.verdict == "depends" and not findings.impossible and not findings.slips
    weights = findings.judgement.stages["weights"]
    assert (weights.count(RIGHT), weights.count(WRONG)) == (16, 0)
    assert "Tables 6, 7, 8 and 9 were not used: another table of the same name says otherwise." in headline(findings)


def test_a_context_whose_values_are_not_printed_is_not_counted_as_fine():
    findings = found("Q\n1 2\n3 4\n\nK\n1 2\n3 1\n\nScores\n5 5\n11 13\n\nContext\n0.5 1 2\n0.5 1 2\n")
    assert findings.verdict == "depends"
    assert "The context vectors could not be checked: values are not given." in headline(findings)


def test_scores_that_are_printed_after_the_mask_are_right():
    x = np.array([[1.0, 2.0], [3.0, 1.0], [0.5, 2.0]])
    scores = x @ x.T
    masked = np.where(np.tri(3, dtype=bool), scores, -np.inf)
    weights = softmax(masked / np.sqrt(2))
    text = f"Embeddings\n{lines(x, 1)}\n\nScores\n{lines(masked, 2)}\n\nWeights\n{lines(weights, 4)}\n"
    findings = found(text)
    assert findings.verdict == "right" and findings.judgement.method.causal
    assert findings.judgement.stages["scores"].count(RIGHT) == 9


@pytest.mark.parametrize("divisor", [8.0, 2.5])
def test_the_playground_divides_by_what_was_solved_for(divisor):
    q, k, v = (np.array(table) for table in ([[10.0], [-14.0]], [[2.0], [0.5]], [[1.0], [2.0]]))
    weights = softmax(q @ k.T / divisor)
    named = zip("QKV", (q, k, v), strict=True)
    text = "\n\n".join(f"{name}\n{lines(table, 1)}" for name, table in named)
    findings = found(f"{text}\n\nScores\n{lines(q @ k.T, 1)}\n\nWeights\n{lines(weights, 6)}\n")
    assert findings.verdict == "depends"
    back = experiment_of(findings.judgement).experiment
    assert back.divisor == pytest.approx(divisor, rel=1e-3)
    np.testing.assert_allclose(attend(back).attention.weights, weights, atol=1e-3)


def test_what_came_of_one_word_may_have_the_words_as_columns():
    findings = found("Scores\n\n| the | cat | sat |\n|---|---|---|\n| 1.0 | 1.405 | 1.916 |\n\nWeights\n\n"
                     "| the | cat | sat |\n|---|---|---|\n| 0.2 | 0.3 | 0.5 |\n")  # fmt: skip
    assert findings.verdict == "right" and findings.judgement.stages["weights"].count(RIGHT) == 3
