"""Whatever numbers stand in the tables, there is a verdict that can be told, or one plain sentence why not."""

import random

import numpy as np
import pytest

from checking.claims import ClaimError, claims_of
from checking.finding_out import find
from checking.placing import placed
from checking.reading import ReadingError, read
from checking.story import headline, how, report

HEADINGS = ("Embeddings", "W_Q", "W_K", "W_V", "Q", "K", "V", "Scores", "Scaled scores", "Weights", "Context", "")
VERDICTS = ("right", "rounded", "depends", "nothing", "wrong")


def cell(number, decimals, choose):
    fixed = f"{number:.{decimals}f}"
    return choose.choice([fixed, fixed, f"{number:.{decimals}e}", "0", "1", f"{abs(number) % 1:.1%}"])


def paste(seed):
    """Tables of any size and any numbers."""
    choose, numbers = random.Random(seed), np.random.default_rng(seed)
    n = choose.randint(1, 4)
    parts = []
    for heading in choose.sample(HEADINGS, choose.randint(1, 6)):
        rows, columns = choose.choice([n, n, choose.randint(1, 5)]), choose.choice([n, choose.randint(1, 4)])
        table = numbers.normal(size=(rows, columns)) * 10.0 ** choose.choice([-30, -5, 0, 0, 0, 3, 40])
        decimals = choose.choice([0, 1, 2, 5])
        lines = [" ".join(cell(number, decimals, choose) for number in row) for row in table]
        parts.append("\n".join([heading, *lines]))
    return "\n\n".join(parts)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(40))
def test_any_tables_get_a_verdict_or_a_plain_error(seed):
    try:
        claims = claims_of(placed(read(paste(seed))))
    except (ReadingError, ClaimError) as error:
        assert str(error).endswith((".", "?"))
        return
    findings = find(claims)
    assert findings.verdict in VERDICTS
    assert headline(findings) and how(findings) and report(findings)


def test_numbers_of_40_digits_are_told_without_trouble():
    findings = find(claims_of(placed(read(f"K\n{'5' * 39} 1{'3' * 40}\n\nW_Q\n-0.5 0\n0.2 1\n"))))
    assert findings.verdict == "nothing" and headline(findings)
