"""`python -m tests.mutation ROOM`: a sample of small faults in a room, each put into a copy of the tree, and whether
the room's own tests notice it.

It is no part of the checks: whether a fault that nothing notices is one is for a person to judge.
"""

import argparse
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.own_tests import ROOMS, ROOT, own_tests

LEFT_BEHIND = shutil.ignore_patterns(".*_cache", "__pycache__", ".git", ".venv", ".hypothesis", "*.png")
ENVIRONMENT = os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
KILLED, SLOW, SURVIVED = "killed", "killed (too slow)", "survived"


def main() -> int:
    asked = arguments()
    candidates = [mutant for module in modules_of(asked.room) for mutant in mutants_of(module, source_of(module))]
    if asked.only:
        sample = [each for each in candidates if each.id in asked.only or each.module in asked.only]
    else:
        sample = random.Random(asked.seed).sample(candidates, min(asked.mutants, len(candidates)))
    print(f"{len(sample)} of {len(candidates)} faults in {asked.room}, seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
        results = judged(copy, asked.room, sample)
    counted = Counter(results.values())
    found = counted[KILLED] + counted[SLOW]
    print(f"\n{found} of {len(sample)} noticed ({found / max(len(sample), 1):.0%}); not noticed:")
    for mutant, result in results.items():
        if result == SURVIVED:
            print(f"\n{mutant.id}\n{diff_of(mutant)}")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--mutants", type=int, default=25, help="how many faults (25)")
    parser.add_argument("--seed", type=int, default=1, help="which of them (1)")
    parser.add_argument("--only", nargs="+", help="these faults (as they are printed) or modules instead of a sample")
    return parser.parse_args()


def modules_of(room: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*.py"))


def source_of(module: str) -> bytes:
    return (ROOT / module).read_bytes()


def judged(copy: Path, room: str, sample: list[Mutant]) -> dict[Mutant, str]:
    """Each fault with what became of it. The tests have to pass without any."""
    started = time.monotonic()
    if (code := passes(copy, own_tests(room, ""), None)) != 0:
        sys.exit(f"the tests of {room} fail without any fault (pytest ends with {code})")
    patience = 3 * (time.monotonic() - started) + 30
    results = {}
    for number, mutant in enumerate(sample, start=1):
        target = copy / mutant.module
        target.write_bytes(mutant.applied(source_of(mutant.module)))
        try:
            survived = passes(copy, own_tests(room, mutant.module), patience) == 0
            results[mutant] = SURVIVED if survived else KILLED
        except subprocess.TimeoutExpired:
            results[mutant] = SLOW
        finally:
            target.write_bytes(source_of(mutant.module))
        print(f"{number:4d}  {results[mutant]:10s} {mutant.id} line {mutant.line}", flush=True)
    return results


def passes(copy: Path, tests: list[str], patience: float | None) -> int:
    """pytest's code: 0 where no test fails. Stops at the first that does."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not browser", *tests]
    return subprocess.run(
        command, cwd=copy, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience
    ).returncode


def diff_of(mutant: Mutant) -> str:
    source = source_of(mutant.module)
    before, after = source.decode().splitlines(), mutant.applied(source).decode().splitlines()
    return "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=1))[2:])


if __name__ == "__main__":
    sys.exit(main())
