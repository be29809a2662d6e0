"""Small calculations to judge, and reading the verdicts."""

import numpy as np
from support.printed import beginning, worked_out

from attention_core import VARIANTS, Experiment
from attention_core.words import identity
from checking.judge import GIVEN, NOTHING, RIGHT


def verdicts(judgement, stage):
    return judgement.stages[stage].verdicts.tolist()


def only_right(judgement):
    return all(verdict.count(RIGHT, GIVEN, NOTHING) == verdict.verdicts.size for verdict in judgement.stages.values())


def hand_tables():
    return worked_out(*beginning(5, n=3, d_model=3, d_k=2, d_v=2))


def random_experiment(seed, *, decimals=2, exact=True, **switches):
    """Any experiment; words come more than once."""
    random = np.random.default_rng(seed)
    n, d_model, d_k, d_v = random.integers(2, 6, size=4)
    words = [str(word) for word in random.choice(["the", "cat", "a", "dog", "ran"], n)]

    def table(*shape):
        return np.round(random.normal(size=shape), decimals if exact else 9)

    return Experiment(
        sentence=" ".join(words),
        rows={identity(word): tuple(map(float, table(d_model))) for word in words},
        dimensions=tuple(f"d{column}" for column in range(1, d_model + 1)),
        w_q=table(d_model, d_k),
        w_k=table(d_model, d_k),
        w_v=table(d_model, d_v),
        variant=switches.get("variant", str(random.choice(list(VARIANTS)))),
        scaled=switches.get("scaled", bool(random.random() < 0.5)),
        masks=switches.get("masks", ("causal",) * bool(random.random() < 0.5)),
        decimals=decimals,
    )
