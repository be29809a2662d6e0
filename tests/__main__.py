"""`python -m tests` checks everything: style, format, types, then every test. It stops at the first that fails."""

import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("pytest",),  # last, so that its count is the last line
)


def main() -> int:
    for check in CHECKS:
        print(f"$ python -m {shlex.join(check)}", flush=True)
        code = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, stdin=subprocess.DEVNULL).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
