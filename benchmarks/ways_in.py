"""Does any text, file or link break anything?   python benchmarks/ways_in.py --seconds 300

What hypothesis makes up for each way in (tests/support/ways_in.py) is let in, as often as the time allows, each way an
equal share of it; `--seed` chooses what. Told are how much was tried by each way and the longest that one took; what
breaks a promise is shown with the smallest text that breaks it, and ends the run.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, given, seed, settings
from support.ways_in import WAYS_IN, WayIn

_AT_ONCE = 500


def tried(way: WayIn, number: int, until: float) -> tuple[int, float]:
    """How much was let in until then, and the seconds that the slowest took."""
    count, slowest = 0, 0.0

    def once(come: object) -> None:
        nonlocal count, slowest
        began = time.perf_counter()
        way.check(come)
        count, slowest = count + 1, max(slowest, time.perf_counter() - began)

    calm = settings(max_examples=_AT_ONCE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    while time.monotonic() < until:
        seed(number)(calm(given(way.comes)(once)))()
        number += 1
    return count, slowest


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--seed", type=int, default=1)
    given_ = asked.parse_args()
    print("| way in | tried | slowest, seconds |\n|---|---:|---:|")
    total = 0
    for name, way in WAYS_IN.items():
        count, slowest = tried(way, given_.seed * 1000, time.monotonic() + given_.seconds / len(WAYS_IN))
        total += count
        print(f"| {name} | {count:,} | {slowest:.2f} |", flush=True)
    print(f"{total:,} in all, nothing broken")


if __name__ == "__main__":
    main()
