"""Running a script and reading what it prints."""

import ast
import io
import os
import subprocess
import sys
import warnings
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import product

import numpy as np

from attention_core import OPENING, VARIANTS, attend

# Half-width sound marks join what stands before them, so that even quotes and backslashes become words.
HOSTILE = {
    "quotes": '"""\nimport os\nos.abort()\n""" \'\'\' a\'b"c d',
    "words of quotes": '"ﾞ """ﾞ \'ﾞ \\ﾞ #ﾞ =ﾞ',
    "backslashes": 'a\\ \\" \\N{BULLET} \\u0041 \\x41 \\',
    "line ends": "a\nb\rc\u2028d\u2029e\x85f\x0cg\x0bh",
    "nothing": "a\x00b",
    "direction marks": "a\u202eb \u2066c\u2069 \u200fd שלום",
    "invisible marks": "a\u200db\ufeffc\u00add",
    "half a pair": "a\ud800b \udfff",
    "code": "__import__('os').abort() exit() {X} %s # coding: utf-7",
    "pictures": "👩\u200d👩\u200d👧 ❤️ 1️⃣ नमस्ते",
    "many words": " ﾞ \"ﾞ \\ﾞ 'ﾞ " * 20,
    "a long word": "a" * 10_000,
}


ALL_SWITCHES = [
    {"variant": variant, "scaled": scaled, "masks": ("causal",) * causal}
    for variant, scaled, causal in product(VARIANTS, (True, False), (True, False))
]


SENTENCES = ["We walked to the river bank", "bank", "so so So bank so"]


def ran(script):
    """What a script prints, and its names afterwards. A warning is a failure too."""
    names = {}
    with redirect_stdout(io.StringIO()) as output, warnings.catch_warnings(action="error"):
        exec(compile(script, "attention.py", "exec"), names)
    return output.getvalue(), names


def printed(script):
    return ran(script)[0]


def run_as_a_student_does(script, folder):
    """What a script prints, run from its file in a Python of its own."""
    path = folder / "attention.py"
    path.write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def assert_prints_the_context_of(experiment, text):
    context = attend(experiment).context
    lines = text.removesuffix("\n").split("\n")
    assert "-0.0]" not in text and "-0.0," not in text
    for line, word, row in zip(lines, experiment.words, context, strict=True):
        assert line.startswith(f"{word} [")
        numbers = ast.literal_eval(line.removeprefix(word).strip())
        np.testing.assert_allclose(numbers, row, rtol=0, atol=1e-6 * max(1, np.abs(context).max()))


def opening(sentence=SENTENCES[0], **switches):
    return replace(OPENING.build(), sentence=sentence, **switches)
