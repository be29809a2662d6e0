"""What the words of a text say of its numbers, read as a hint."""

import numpy as np
import pytest

from attention_core.masks import CAUSAL, NOT_ITSELF
from checking.masking import neighbours
from checking.pasted import checked
from checking.stated import stated_in
from checking.story import headline, how


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Here d_k = 4.", (4,)),
        ("with dk=64,", (64,)),
        ("$d_k = 64$", (64,)),
        ("d_{k} = 8", (8,)),
        (r"d_{\text{k}} is 8", (8,)),
        ("dₖ = 8", (8,)),
        ("√64 = 8", (64,)),
        (r"\sqrt{64} = 8", (64,)),
        ("divided by the root √16", (16,)),
        ("the dimension of the key vectors is 64", (64,)),
        ("head_dim = 32", (32,)),
        ("d_k is the number of columns", ()),
        ("d_k = 4.5", ()),
        ("√64 = 7", ()),
        ("1 2\n3 4", ()),
    ],
)
def test_d_k_is_read_from_prose(text, sizes):
    assert stated_in(text).key_sizes == sizes


@pytest.mark.parametrize(
    ("text", "divisors"),
    [
        ("In this experiment every score is **divided by** 0.5.", (0.5,)),
        ("Divide each by 8", (8.0,)),
        ("divided by 0", ()),
        ("divided by two", ()),
    ],
)
def test_a_divisor_is_read_from_prose(text, divisors):
    assert stated_in(text).divisors == divisors


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("A **causal mask** lets a word see only itself", (CAUSAL,)),
        ("masked self-attention", (CAUSAL,)),
        ("A word is **not scored against itself**.", (NOT_ITSELF,)),
        ("it sees only itself and the 2 words on each side", (neighbours(2),)),
        ("it sees only itself and the word on each side", (neighbours(1),)),
        ("it sees only itself and no other word", (neighbours(0),)),
        ("scores", ()),
    ],
)
def test_masks_are_read_from_prose(text, masks):
    assert stated_in(text).masks == masks


def scores_and_weights(divisor):
    scores = np.array([[4.0, 1.0, 2.0], [1.0, 9.0, 3.0], [2.0, 3.0, 5.0]])
    powers = np.exp(scores / divisor)
    tables = (scores, 1), (powers / powers.sum(axis=1, keepdims=True), 4)
    return "\n\n".join(
        f"{name}\n" + "\n".join(" ".join(f"{number:.{places}f}" for number in row) for row in table)
        for name, (table, places) in zip(("Scores", "Weights"), tables, strict=True)
    )


def test_what_is_right_if_d_k_is_four_is_right_where_the_text_says_so():
    assert checked(scores_and_weights(2)).verdict == "depends"
    findings = checked(f"Here d_k = 4.\n\n{scores_and_weights(2)}").only
    assert findings.verdict == "right" and "scores divided by √4" in how(findings)


def test_a_d_k_that_does_not_fit_is_only_a_hint():
    findings = checked(f"In the paper d_k = 64.\n\n{scores_and_weights(2)}").only
    assert findings.verdict == "depends" and "right if d_k = 4" in headline(findings)


def test_a_long_text_of_almost_statements_is_read_in_no_time():
    assert stated_in("d_k = √(divided by dimension of the key " * 5000).key_sizes == ()
