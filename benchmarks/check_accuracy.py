"""How often does Check my numbers judge rightly?   python benchmarks/check_accuracy.py

Random worked examples: embeddings and matrices printed at 2, 3 or 4 decimals, the calculation carried out without
rounding in plain NumPy, and every stage, or some of them, printed at as many decimals. In half of them the numbers at
the beginning had more digits than are printed. Then one usual slip is put into the calculation.

  alarms   how many of the correct tables (and numbers) are called wrong
  named    of the examples in which the slip changes a printed digit, how many get the slip's name. A slip that gives
           the very same printed numbers as another counts where either is named.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checking.claims import Claims, Given, claims_of
from checking.judge import CARRIED, WRONG, explain, judge
from checking.model import Method
from checking.reading import Number

STAGES = ("embeddings", "w_q", "w_k", "w_v", "q", "k", "v", "scores", "scaled_scores", "weights", "context")
BEGINNING = STAGES[:4]

# Each slip as the steps that it changes; what it is called there.
SLIPS = (
    "forgot-to-scale",
    "softmax-of-unscaled-scores",
    "divided-by-d",
    "wrong-divisor",
    "softmax-over-columns",
    "queries-and-keys-swapped",
    "keys-used-as-values",
    "transposed",
    "transposed-in-use",
    "left-out",
    "left-out-of-sum",
    "weights-rounded",
)


def softmax(scores, axis=1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def calculated(x, w_q, w_k, w_v, name=""):
    """Every stage in plain NumPy, with the slip of that name in it."""
    slip, _, detail = name.partition(":")
    used = {"w_q": w_q, "w_k": w_k, "w_v": w_v}
    if slip == "transposed-in-use" and detail in used:
        used[detail] = used[detail].T
    q, k, v = (x @ used[table] for table in ("w_q", "w_k", "w_v"))
    scores = k @ q.T if slip == "queries-and-keys-swapped" else q @ k.T
    divisors = {
        "forgot-to-scale": 1.0,
        "divided-by-d": q.shape[1],
        "wrong-divisor": float(detail or 1) if slip == "wrong-divisor" else 1,
    }
    scaled = (scores.T if name == "transposed-in-use:scores" else scores) / divisors.get(slip, np.sqrt(q.shape[1]))
    softened = (scores if slip == "softmax-of-unscaled-scores" else scaled).copy()
    if slip == "left-out":
        softened[:, int(detail)] = -np.inf
    weights = softmax(softened, 0 if slip == "softmax-over-columns" else 1)
    if slip == "no-exponentials":
        weights = softened / softened.sum(axis=1, keepdims=True)
    mixing = weights.T.copy() if name == "transposed-in-use:weights" else weights.copy()
    if slip == "left-out-of-sum":
        mixing[:, int(detail)] = 0.0
    elif slip == "weights-rounded":
        mixing = np.round(weights, int(detail))
    values = {"keys-used-as-values": k, "queries-used-as-values": q, "embeddings-used-as-values": x}.get(slip, v)
    stages = {"q": q, "k": k, "v": v, "scores": scores, "scaled_scores": scaled, "weights": weights}
    stages["context"] = mixing @ values
    if slip == "transposed":
        stages[detail] = stages[detail].T
    return stages


def details(slip, n, d_model, d_k, d_v):
    """What a slip may be about."""
    roots = [np.sqrt(d_model), np.sqrt(d_v), np.sqrt(n), d_model, d_v, n]
    return {
        "wrong-divisor": [f"{root:g}" for root in roots if root not in (np.sqrt(d_k), d_k, 1)],
        "transposed": ["q", "k", "v", "scores", "scaled_scores", "weights"],
        "transposed-in-use": ["w_q", "w_k", "w_v", "scores", "weights"],
        "left-out": range(n),
        "left-out-of-sum": range(n),
        "weights-rounded": [1],
    }.get(slip, [])


def printed(matrix, decimals):
    rows = [[f"{number:.{decimals}f}" for number in row] for row in matrix]
    return tuple(tuple(Number(text, float(text), decimals) for text in row) for row in rows)


def example(random, decimals, slip=""):
    """The tables of one example, right and with the slip, the slip's full name, and how any other would print."""
    n, d_model = int(random.integers(2, 7)), int(random.integers(2, 6))
    d_k, d_v = int(random.integers(2, 6)), int(random.integers(1, 6))
    if slip.startswith("transposed"):
        d_k = d_v = n = d_model
    if slip == "keys-used-as-values":
        d_v = d_k
    beginning = [random.normal(size=shape) for shape in ((n, d_model), (d_model, d_k), (d_model, d_k), (d_model, d_v))]
    if random.random() < 0.5:
        beginning = [np.round(table, decimals) for table in beginning]
    choices = details(slip, n, d_model, d_k, d_v)
    name = f"{slip}:{choices[int(random.integers(len(choices)))]}" if len(choices) else slip
    stages = ["q", "k", "v", "scores", "scaled_scores", "weights", "context"]
    shown = [stage for stage in stages if random.random() < 0.7] or ["context"]
    if slip == "softmax-of-unscaled-scores" and "scaled_scores" not in shown:
        shown.append("scaled_scores")  # without it this is the same as not scaling

    def tables(name):
        made = dict(zip(BEGINNING, beginning, strict=True)) | calculated(*beginning, name)
        return {stage: printed(made[stage], decimals) for stage in STAGES if stage in (*BEGINNING, *shown)}

    return tables(""), tables(name), name, tables


def claims(tables) -> Claims:
    return claims_of(Given(stage, rows, decimals=None) for stage, rows in tables.items())


def measure_alarms(random, decimals, count):
    tables = numbers = false_tables = false_numbers = 0
    for _ in range(count):
        right, *_ = example(random, decimals)
        for verdict in judge(claims(right), Method()).stages.values():
            alarms = verdict.count(WRONG, CARRIED)
            tables, numbers = tables + 1, numbers + verdict.claim.count
            false_tables, false_numbers = false_tables + bool(alarms), false_numbers + alarms
    return tables, false_tables, numbers, false_numbers


def measure_names(random, decimals, slip, count):
    seen, named, others = 0, 0, Counter()
    while seen < count:
        right, wrong, name, tables = example(random, decimals, slip)
        if right == wrong:
            continue
        seen += 1
        judged = judge(claims(wrong), Method())
        found = explain(judged)
        told = found.id if found else ("rounded" if not judged.wrong else "nothing")
        if slip == "weights-rounded":
            good = not judged.wrong or told == "rounded"
        else:
            good = told == name or (found is not None and tables(told) == wrong)
        named += good
        if not good:
            others[told] += 1
    return seen, named, others


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300, help="examples of each kind")
    count = parser.parse_args().count
    random = np.random.default_rng(1)
    print("| decimals | correct tables | called wrong | correct numbers | called wrong |")
    print("|---:|---:|---:|---:|---:|")
    for decimals in (2, 3, 4):
        tables, false_tables, numbers, false_numbers = measure_alarms(random, decimals, count * 3)
        print(f"| {decimals} | {tables} | {false_tables} | {numbers} | {false_numbers} |", flush=True)
    print("\n| slip | changes a digit | named | % | otherwise |")
    print("|---|---:|---:|---:|---|")
    for slip in SLIPS:
        seen, named, others = 0, 0, Counter()
        for decimals in (2, 3, 4):
            one, good, told = measure_names(random, decimals, slip, count // 3)
            seen, named, others = seen + one, named + good, others + told
        print(f"| {slip} | {seen} | {named} | {100 * named / seen:.1f} | {dict(others.most_common(4))} |", flush=True)


if __name__ == "__main__":
    main()
