"""`python -m tests.mutation ROOM`: a sample of small faults in a room, each put into a copy of the tree, and whether
the room's own tests notice it.

First all of them run once without a fault, to see which lines each one runs. Then each fault meets the tests that run
its line, the quickest first, and only if none of them notices it, all others: what a test was given by a cache or a
fixture was made while another test ran.

It is no part of the checks: whether a fault that nothing notices is one is for a person to judge.
"""

import argparse
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutation.mutants import Mutant, lines_around, mutants_of
from tests.mutation.own_tests import ROOMS, ROOT, own_tests
from tests.mutation.tracing import CHOSEN, ROOM, WRITTEN, Traced

LEFT_BEHIND = shutil.ignore_patterns(".*_cache", "__pycache__", ".git", ".venv", ".hypothesis", "*.png")
ENVIRONMENT = os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser")
PYTEST += ("-p", "no:cacheprovider", "-p", "tests.mutation.tracing")
KILLED, SLOW, SURVIVED = "killed", "killed (too slow)", "survived"


def main() -> int:
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"  # which stays as it is, whatever is edited meanwhile
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
        modules = {path.relative_to(copy).as_posix(): path.read_bytes() for path in (copy / asked.room).rglob("*.py")}
        candidates = [mutant for module in sorted(modules) for mutant in mutants_of(module, modules[module])]
        if asked.only:
            sample = [each for each in candidates if each.id in asked.only or each.module in asked.only]
        else:
            sample = random.Random(asked.seed).sample(candidates, min(asked.mutants, len(candidates)))
        print(f"{len(sample)} of {len(candidates)} faults in {asked.room}, seed {asked.seed}", flush=True)
        results = judged(copy, asked.room, sample)
    counted = Counter(results)
    found = counted[KILLED] + counted[SLOW]
    print(f"\n{found} of {len(sample)} noticed ({found / max(len(sample), 1):.0%})")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--mutants", type=int, default=25, help="how many faults (25)")
    parser.add_argument("--seed", type=int, default=1, help="which of them (1)")
    parser.add_argument("--only", nargs="+", help="these faults (as they are printed) or modules instead of a sample")
    return parser.parse_args()


def judged(copy: Path, room: str, sample: list[Mutant]) -> list[str]:
    """What became of each fault. The tests have to pass without any."""
    started = time.monotonic()
    traced = traced_tests(copy, room)
    whole = time.monotonic() - started
    print(f"{len(traced.seconds)} tests, {whole:.0f} s", flush=True)
    results = []
    for number, mutant in enumerate(sample, start=1):
        target = copy / mutant.module
        source = target.read_bytes()
        near = traced.near(mutant.module, lines_around(source, mutant.line))
        started = time.monotonic()
        target.write_bytes(mutant.applied(source))
        try:
            survived = (
                passes_near(copy, near, 3 * sum(map(traced.seconds.__getitem__, near)) + 30)
                and ran(copy, own_tests(room, mutant.module), 3 * whole + 30, {}).returncode == 0
            )
            results.append(SURVIVED if survived else KILLED)
        except subprocess.TimeoutExpired:
            results.append(SLOW)
        finally:
            target.write_bytes(source)
        took = f"{time.monotonic() - started:4.0f} s"
        print(f"{number:4d}  {results[-1]:10s} {took} {mutant.id} line {mutant.line}", flush=True)
        if results[-1] == SURVIVED:
            print(diff_of(mutant, source), flush=True)
    return results


def traced_tests(copy: Path, room: str) -> Traced:
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "traced.json"
        done = ran(copy, own_tests(room, ""), None, {ROOM: room, WRITTEN: str(written)})
        if done.returncode:
            sys.exit(f"the tests of {room} fail without any fault:\n{done.stdout.decode()[-2000:]}")
        return Traced.read(written)


def passes_near(copy: Path, tests: list[str], patience: float) -> bool:
    """Whether none of some tests fails, taken in their order."""
    if not tests:
        return True
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(folder) / "chosen.json"
        chosen.write_text(json.dumps(tests), "utf-8")
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        return ran(copy, files, patience, {CHOSEN: str(chosen)}).returncode == 0


def ran(copy: Path, files: list[str], patience: float | None, told: dict[str, str]) -> subprocess.CompletedProcess:
    """pytest on some files, up to the first test that fails; `told` is for its plugin."""
    return subprocess.run(
        [*PYTEST, *files],
        cwd=copy,
        env=ENVIRONMENT | told,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=patience,
    )


def diff_of(mutant: Mutant, source: bytes) -> str:
    before, after = source.decode().splitlines(), mutant.applied(source).decode().splitlines()
    return "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=1))[2:])


if __name__ == "__main__":
    sys.exit(main())
