"""`python -m tests` checks everything: style, format, types, then every test. It stops at the first that fails.

The tests share the processor's cores, first those without a browser. Of the others each process has a server and a
browser of its own, which wait for each other at times, so there are half as many processes again as cores.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CORES = os.cpu_count() or 1
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("pytest", "-m", "not browser", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"),
    ("pytest", "-m", "browser", "-n", str(max(2, CORES * 3 // 2)), "--dist", "worksteal"),
)
# Tests that are named after sets have the same names in every process.
ENVIRONMENT = os.environ | {"PYTHONHASHSEED": "0"}


def main() -> int:
    for check in CHECKS:
        print(f"$ python -m {shlex.join(check)}", flush=True)
        command = [sys.executable, "-m", *check]
        code = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
