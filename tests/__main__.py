"""`python -m tests` checks everything: style, format, types, every test. Style and format are quick and come first.

The tests in a browser wait for the browser at times, so they run beside all the rest, which takes what they leave: it
steps back for them, because a browser test has somebody's patience, and what only calculates has not.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CORES = os.cpu_count() or 1
FIRST = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)
CALCULATING = (
    ("mypy",),
    ("pytest", "-m", "not browser", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"),
)
# Each process has a server and a browser of its own.
IN_A_BROWSER = ("pytest", "-m", "browser", "-n", str(max(2, CORES)), "--dist", "worksteal")
# Tests that are named after sets have the same names in every process.
ENVIRONMENT = os.environ | {"PYTHONHASHSEED": "0"}
STEP_BACK = 10  # of 19: how much a process leaves to others


def command(check: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", *check]


def told(check: tuple[str, ...]) -> str:
    return f"$ python -m {shlex.join(check)}"


def passes(check: tuple[str, ...]) -> bool:
    print(told(check), flush=True)
    return not subprocess.run(command(check), cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL).returncode


def main() -> int:
    if not all(map(passes, FIRST)):
        return 1
    with tempfile.TemporaryFile("w+") as written:
        print(f"{told(IN_A_BROWSER)}  # beside the following", flush=True)
        browsing = subprocess.Popen(
            command(IN_A_BROWSER),
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            if hasattr(os, "nice"):
                os.nice(STEP_BACK)
            calculated = [passes(check) for check in CALCULATING]
            passed = all(calculated) and not browsing.wait()
        finally:
            browsing.terminate()
            browsing.wait()
        written.seek(0)
        print(told(IN_A_BROWSER), written.read(), sep="\n", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
