"""How long does Check my numbers take for damaged and hostile texts?   python benchmarks/hostile_pastes.py

Each text goes the way of the page: read, placed, judged. It ends in a verdict or in an error of one sentence; whatever
else is raised ends the run. Times are of the processor, the middle of three.
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from checking.claims import ClaimError
from checking.pasted import checked
from checking.reading import MAX_TEXT, ReadingError
from checking.whole import headline_of, how_of, report_of

_UNITS = (
    "1", "1 ", "1.5 2.5\n", "1\n", "[", "]", "[1, ", "[[1]]", "|", "| 1 ", "| 1 | 2 |\n", "&", "1 & 2 \\\\\n", "\\",
    "$", "{", "\\begin{bmatrix}", "e", "1e400 ", "1e-400 ", "-", "−∞ ", "inf ", "nan ", "=", ":", "a: 1 2\n",
    "Scores\n1 2\n", "Q = [[1]]\n", "<table><tr><td>1", "<td>", "</td>", "<", "%", "50% ", "\t", "1\t2\n", ",", "1,5;",
    "\"", "√64 = ", "d_k = ", "divided by ", "Head 1\n\nQ\n1 2\n3 4\n\n", "Weights\n0.5 0.5\n0.5 0.5\n\n", "ﾞ",
    "\u202e", "9" * 50 + "\n",
)  # fmt: skip


def texts(random: np.random.Generator) -> dict[str, str]:
    """Each hostile text by what it is."""
    made = {f"{unit[:16]!r} over and over": (unit * MAX_TEXT)[:MAX_TEXT] for unit in _UNITS}

    def table(rows: int, columns: int, number: Callable[[], str]) -> str:
        return "\n".join(" ".join(number() for _ in range(columns)) for _ in range(rows))

    def exponent() -> str:
        return f"{random.normal():.3f}e{random.integers(-400, 400)}"

    for n in (2, 6, 24, 64, 120):
        made[f"{n} words, exponents up to 400"] = "\n\n".join(
            f"{name}\n{table(n, columns, exponent)}"
            for name, columns in (("Q", 4), ("K", 4), ("V", 4), ("Scores", n), ("Weights", n), ("Context", 4))
        )
        made[f"{n} words, numbers that fit nothing"] = "\n\n".join(
            f"{name}\n{table(rows, columns, lambda: f'{random.normal():.4f}')}"
            for name, rows, columns in (
                ("Embeddings", n, 4),
                ("Positions", n, 4),
                *((f"W_{part}", 4, 4) for part in "QKV"),
                *((part, n, 4) for part in "QKV"),
                ("Scores", n, n),
                ("Scaled scores", n, n),
                ("Weights", n, n),
                ("Output", n, 4),
            )
        )
        made[f"{n} words, zeros and −∞ at random"] = "\n\n".join(
            f"{name}\n{table(n, n, lambda nothing=nothing: str(random.choice([nothing, '0.5', '0.25'])))}"
            for name, nothing in (("Scaled scores", "-inf"), ("Weights", "0"))
        )
    made["eight tables without a name"] = "\n\n".join(table(5, 5, lambda: f"{random.random():.3f}") for _ in range(8))
    made["a hundred tables"] = "\n\n".join(f"Scores\n{table(3, 3, lambda: '1.25')}" for _ in range(100))
    made["200 × 200"] = f"Weights\n{table(200, 200, lambda: '0.005')}"
    made["numbers of 5,000 digits"] = "Scores\n" + "\n".join(" ".join(["7" * 5000] * 3) for _ in range(3))
    return made


def seconds(text: str) -> tuple[float, str]:
    """Processor time, the middle of three, and what came of it."""
    times, told = [], ""
    for _ in range(3):
        begun = time.process_time()
        try:
            whole = checked(text)
            told = f"{whole.verdict}: {headline_of(whole)} {how_of(whole)}"
            report_of(whole)
        except (ReadingError, ClaimError) as error:
            told = f"refused: {error}"
        times.append(time.process_time() - begun)
        if times[0] > _PLAINLY:
            break
    return sorted(times)[len(times) // 2], told


_PLAINLY = 3.0  # seconds after which nothing is measured again


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--slowest", type=int, default=10, help="how many are listed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    measured = {what: seconds(text) for what, text in texts(np.random.default_rng(options.seed)).items()}
    by_time = sorted(measured.items(), key=lambda each: -each[1][0])
    for what, (taken, told) in by_time[: options.slowest]:
        print(f"{taken:6.2f} s  {what}: {told[:100]}")
    print(f"{len(measured)} texts, {sum(taken > 1 for taken, _ in measured.values())} of them took more than a second")


if __name__ == "__main__":
    main()
