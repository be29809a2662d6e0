"""The gradients and the steps of a training beside PyTorch's autograd and its Adam and SGD, in float64.

Needs PyTorch; without it this says so and ends. Prints the largest difference over 100 steps, for every way to attend,
with scaling and without, with a causal mask and without.  `python benchmarks/training_beside_pytorch.py`
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attention_core import OPENING, VARIANTS, Experiment, attend
from attention_core.stages import EDITED, TABLE_OF
from learning.course import RATE, Course
from learning.forward import setup_of, tables_of, with_tables
from learning.grammar import GRAMMAR
from learning.guessing import DECAY
from learning.losses import TargetLoss
from learning.training import Training

STEPS = 100
AGREES = 1e-9


def experiments() -> list[Experiment]:
    """The opening sentence with drawn tables, in every way, scaling and mask."""
    generator = np.random.default_rng(1)
    opening = OPENING.build()
    drawn = with_tables(opening, {t: generator.normal(0, 0.7, getattr(opening, t).shape) for t in EDITED})
    return [
        replace(drawn, variant=variant, scaled=scaled, masks=masks)
        for variant in VARIANTS
        for scaled in (True, False)
        for masks in ((), ("causal",))
    ]


def target_of(experiment: Experiment) -> TargetLoss:
    calculation = attend(experiment)
    n = len(calculation.words)
    target = np.random.default_rng(2).dirichlet(np.ones(n), size=n)
    return TargetLoss(setup_of(calculation), target, np.ones(n, dtype=bool))


def steps_of_pytorch(torch, experiment: Experiment, loss: TargetLoss, method: str, rate: float) -> list[dict]:
    """The tables after each step, with PyTorch's own softmax, autograd and optimiser."""
    tables = {t: torch.tensor(np.array(m), requires_grad=True) for t, m in tables_of(experiment).items()}
    maker = {"adam": torch.optim.Adam, "descent": torch.optim.SGD}[method]
    optimiser = maker(tables.values(), lr=rate)
    words, target = torch.tensor(loss.setup.words), torch.tensor(loss.target)
    allowed, way = torch.tensor(loss.setup.allowed), loss.setup.variant
    seen = []
    for _ in range(STEPS):
        x = tables["embeddings"][words]
        parts = {"x": x} | {str(part): x @ tables[table] for part, table in TABLE_OF.items()}
        scores = parts[way.query] @ parts[way.key].T / loss.setup.divisor
        somewhere = allowed.any(dim=1, keepdim=True)  # a row of -inf throughout would have no gradient
        weights = torch.softmax(scores.masked_fill(~allowed & somewhere, -torch.inf), dim=-1) * somewhere
        optimiser.zero_grad()
        (((weights - target) ** 2).sum() / loss.rows).backward()
        optimiser.step()
        seen.append({t: m.detach().numpy().copy() for t, m in tables.items()})
    return seen


def language_apart(torch) -> float:
    """The largest difference over 100 steps of learning the tiny language, in which W_V has its part."""
    course = Course(GRAMMAR, size=6, seed=1)
    loss = course.with_attention
    tables = {t: torch.tensor(np.array(m), requires_grad=True) for t, m in course.start.items()}
    optimiser = torch.optim.Adam(tables.values(), lr=RATE)
    words, shares = torch.tensor(loss.tasks.words), torch.tensor(loss.shares)
    allowed, answers = torch.tensor(loss.setup.allowed), torch.tensor(loss.tasks.answer)
    worst = 0.0
    for state in list(Training(course.start, loss, EDITED, "adam", RATE, STEPS))[1:]:
        x = tables["embeddings"][words]
        query, key, value = (x @ tables[table] for table in ("w_q", "w_k", "w_v"))
        scores = query @ key.transpose(-1, -2) / loss.setup.divisor
        weights = torch.softmax(scores.masked_fill(~allowed, -torch.inf), dim=-1)
        given = torch.log_softmax(weights @ value @ tables["embeddings"].T, dim=-1)
        right = given.gather(-1, answers[:, None, None].expand(*shares.shape, 1))[..., 0]
        decay = sum((table**2).sum() for table in tables.values()) * DECAY / 2
        optimiser.zero_grad()
        (decay - (shares * right).sum()).backward()
        optimiser.step()
        worst = max(worst, *(float(np.abs(tables[t].detach().numpy() - state.tables[t]).max()) for t in EDITED))
    return worst


def main() -> None:
    try:
        import torch
    except ModuleNotFoundError:
        print("PyTorch is not installed here, so there is nothing to compare with: pip install torch==2.13.0")
        return
    worst = 0.0
    for method, rate in (("adam", 0.05), ("descent", 0.5)):
        for experiment in experiments():
            loss = target_of(experiment)
            theirs = steps_of_pytorch(torch, experiment, loss, method, rate)
            ours = list(Training(tables_of(experiment), loss, EDITED, method, rate, STEPS))[1:]
            apart = max(
                float(np.abs(one.tables[table] - other[table]).max())
                for one, other in zip(ours, theirs, strict=True)
                for table in EDITED
            )
            worst = max(worst, apart)
            print(f"{method:8}{experiment.variant:18}scaled {experiment.scaled!s:6}{experiment.masks!s:14}{apart:.1e}")
    apart = language_apart(torch)
    worst = max(worst, apart)
    print(f"adam    the tiny language, all four tables        {apart:.1e}")
    told = "within" if worst < AGREES else "beyond"
    print(f"The largest difference over {STEPS} steps: {worst:.1e} ({told} {AGREES:g})")


if __name__ == "__main__":
    main()
