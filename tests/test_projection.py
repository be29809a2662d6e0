"""An output behind a projection that is not printed is left open; a context that is wrong is wrong."""

import numpy as np
import pytest

from checking.pasted import checked
from checking.story import headline


def lines(table, places):
    return "\n".join(" ".join(f"{number:.{places}f}" for number in row) for row in table)


def text(heading, n, change):
    random = np.random.default_rng(5)
    q, k, v = (np.round(random.normal(size=(n, 3)), 1) for _ in range(3))
    powers = np.exp(q @ k.T / np.sqrt(3))
    weights = powers / powers.sum(axis=1, keepdims=True)
    tables = {"Q": (q, 1), "K": (k, 1), "V": (v, 1), "Attention weights": (weights, 5)}
    tables[heading] = (change(weights @ v, random), 5)
    return "\n\n".join(f"{name}\n{lines(*table)}" for name, table in tables.items())


def projected(context, random):
    return context @ random.normal(size=(3, 3))


@pytest.mark.parametrize("n", [2, 6])
@pytest.mark.parametrize("heading", ["Output", "Multi-head output"])
def test_an_output_behind_a_projection_is_not_called_wrong(heading, n):
    findings = checked(text(heading, n, projected)).only
    assert findings.verdict == "depends" and findings.judgement.wrong == 0 and not findings.impossible
    assert "may be behind a projection W_O, which is not given" in headline(findings)


def test_an_output_that_is_the_context_is_right():
    assert checked(text("Output", 6, lambda context, random: context)).verdict == "right"


def test_an_output_that_no_projection_gives_is_wrong():
    findings = checked(text("Output", 8, lambda context, random: context + random.normal(size=context.shape))).only
    assert findings.verdict == "wrong"


def test_a_misprint_in_an_output_is_no_projection():
    def misprinted(context, random):
        return context + 0.3 * (np.arange(context.size) == 4).reshape(context.shape)

    assert checked(text("Output", 6, misprinted)).verdict == "wrong"


def test_a_table_that_is_called_a_context_is_not_projected():
    assert checked(text("Context", 3, projected)).verdict == "wrong"
