"""The scripts run as they are, print the numbers of the app and hold people's text as nothing but text."""

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
import pytest
from hypothesis import given, settings
from support.documents import experiments as experiments_of_any_words
from support.experiments import EYE, experiments, two_columns

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from exports.scripts import numpy_script, pytorch_script

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)

LINK = "https://example.org/?x=abc~1-2"

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
    {"variant": variant, "scaled": scaled, "causal": causal}
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


def lines_of(script, *starts):
    return [line for line in script.splitlines() if line.startswith(starts)]


# --- they print the numbers of the app -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_script_of_an_example_prints_its_context_vectors(name):
    experiment = EXAMPLES[name].build()
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_way_to_attend_prints_its_context_vectors(sentence, switches):
    experiment = opening(sentence, **switches)
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@SETTINGS
@given(experiments())
def test_any_experiment_prints_its_context_vectors(experiment):
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@pytest.mark.parametrize(
    "experiment",
    [
        OPENING.build(),
        opening(variant="embeddings_only", causal=True),
        opening(HOSTILE["words of quotes"]),
        opening(HOSTILE["pictures"], split_into="characters"),
    ],
    ids=["opening", "looks nowhere", "quotes", "pictures"],
)
def test_a_student_can_run_the_file(experiment, tmp_path):
    assert_prints_the_context_of(experiment, run_as_a_student_does(numpy_script(experiment), tmp_path))


def test_numbers_are_printed_with_up_to_six_decimals_and_no_minus_zero():
    experiment = two_columns("a", rows={"a": (-1e-9, 1 / 3)}, variant="similarity")
    assert printed(numpy_script(experiment)) == "a [0.0, 0.333333]\n"


def test_scores_as_large_as_they_may_be_are_no_trouble():
    experiment = two_columns(w_q=1e6 * EYE, w_k=1e6 * EYE, rows={"a": (1e6, 0), "b": (-1e6, 1)})
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


@SETTINGS
@given(experiments_of_any_words())
def test_every_number_is_in_the_script_exactly(experiment):
    _, names = ran(numpy_script(experiment))
    calculation = attend(experiment)
    assert names["X"].tobytes() == calculation.x.tobytes()
    for part in "qkv":
        if part in calculation.variant.parts:
            assert names[f"W_{part.upper()}"].tobytes() == getattr(experiment, f"w_{part}").tobytes()


@pytest.mark.parametrize("number", [1e-300, 5e-324, 0.1 + 0.2, 1e6, -1e6, -0.0, 123456.78901234567])
def test_an_odd_number_is_in_both_scripts_exactly(number):
    experiment = two_columns(w_q=[[number, 0], [0, 1]])
    for script in (numpy_script(experiment), pytorch_script(experiment)):
        assert f"    [{number + 0.0!r}, 0.0],  # 'd1'" in script.splitlines()


# --- they have only the lines that are needed ------------------------------------------------------------------------


def test_the_whole_script_of_a_small_experiment():
    experiment = two_columns("The cat the", rows={"the": (1, 0.5), "cat": (-2, 0)}, causal=True)
    assert (
        numpy_script(replace(experiment, variant="embeddings_only"), link=LINK)
        == '''\
"""Self-attention step by step, in NumPy (pip install numpy).

The sentence: “The cat the”
The way to attend: Embeddings only
    A word is scored against the others but not itself; its own embedding is added just as it is.
The same in the playground: https://example.org/?x=abc~1-2
"""

import numpy as np

words = ['The', 'cat', 'the']

# X: the embedding of each word. Its columns: 'd1', 'd2'.
X = np.array([
    [1.0, 0.5],  # 'The'
    [-2.0, 0.0],  # 'cat'
    [1.0, 0.5],  # 'the'
])

# Scores: the dot product of the row's embedding and the column's embedding.
scores = X @ X.T

# Scale: divide by the square root of how many numbers the embedding of a word has.
scaled_scores = scores / X.shape[1] ** 0.5

# Mask: a word may look at the words before it. Everywhere else its score is minus infinity.
n = len(words)
allowed = np.tril(np.ones((n, n)), -1) == 1
masked_scores = np.where(allowed, scaled_scores, -np.inf)

# Softmax: exp makes every score positive, and dividing by the row's total makes each row sum to 1.
# Subtracting the row's largest score first changes nothing but keeps exp from overflowing.
largest = masked_scores.max(axis=1, keepdims=True)
largest[largest == -np.inf] = 0  # a word that may look nowhere
exponentials = np.exp(masked_scores - largest)
total = exponentials.sum(axis=1, keepdims=True)
total[total == 0] = 1  # so that its weights are 0
weights = exponentials / total

# Context: the embeddings, mixed by the weights, and the word's own embedding added as it is.
context = weights @ X + X

# What each word has become. Adding 0.0 turns -0.0 into 0.0.
for word, vector in zip(words, context.tolist()):
    print(word, [round(number, 6) + 0.0 for number in vector])
'''
    )


def test_the_script_of_the_opening_has_no_mask():
    code = lines_of(numpy_script(OPENING.build()), "Q", "K", "V", "s", "m", "allowed", "l", "e", "t", "weights", "c")
    assert code == [
        "Q = X @ W_Q",
        "K = X @ W_K",
        "V = X @ W_V",
        "scores = Q @ K.T",
        "scaled_scores = scores / K.shape[1] ** 0.5",
        "largest = scaled_scores.max(axis=1, keepdims=True)",
        "exponentials = np.exp(scaled_scores - largest)",
        "total = exponentials.sum(axis=1, keepdims=True)",
        "weights = exponentials / total",
        "context = weights @ V",
    ]


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("write", [numpy_script, pytorch_script])
def test_a_script_has_the_lines_of_its_switches_and_no_others(write, sentence, switches):
    experiment = opening(sentence, **switches)
    calculation, script = attend(experiment), write(experiment)
    assigned = {line.split(" = ")[0] for line in script.splitlines() if " = " in line and line[0] not in "# "}
    projected = {part.upper() for part in calculation.variant.parts - {"x"}}
    looks_nowhere = not calculation.allowed.any(axis=1).all()
    assert {name for name in assigned if name in ("Q", "K", "V")} == projected
    assert {name for name in assigned if name.startswith("W_")} == {f"W_{part}" for part in projected}
    assert ("scaled_scores" in assigned) is experiment.scaled
    assert ("masked_scores" in assigned) is ("allowed" in assigned) is ("n" in assigned)
    assert ("masked_scores" in assigned) is bool((~calculation.allowed).any())
    assert ("total[total == 0]" in assigned) is looks_nowhere
    assert ("may look nowhere" in script) is looks_nowhere


def test_a_short_list_of_words_takes_a_line_and_a_long_one_a_line_for_each():
    assert "words = ['a', 'b']\n" in numpy_script(two_columns())
    assert "words = [\n    'a',\n    'b',\n" in numpy_script(two_columns("a b " * 20))


def test_without_a_link_it_names_none():
    assert "playground" not in numpy_script(two_columns())


# --- one outline -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("switches", ALL_SWITCHES, ids=str)
def test_both_scripts_are_the_same_but_for_the_words_of_the_library_and_the_closing_check(switches):
    script, check, _ = pytorch_script(opening(**switches)).partition("\n# PyTorch's own function")
    for theirs, ours in {
        "in PyTorch (pip install torch)": "in NumPy (pip install numpy)",
        "import torch": "import numpy as np",
        "torch.tensor(": "np.array(",
        ", dtype=torch.float64": "",
        "amax(": "max(",
        "(dim=": "(axis=",
        "keepdim=": "keepdims=",
        "torch.": "np.",
    }.items():
        script = script.replace(theirs, ours)
    assert script == numpy_script(opening(**switches))
    assert bool(check) is not (switches["variant"] == "embeddings_only" and switches["causal"])


@pytest.mark.parametrize(
    ("switches", "call"),
    [
        ({}, "(Q, K, V)"),
        ({"scaled": False, "causal": True}, "(Q, K, V, attn_mask=allowed, scale=1)"),
        ({"variant": "queries_and_keys"}, "(Q, K, K)"),
        ({"variant": "embeddings_only"}, "(X, X, X, attn_mask=allowed) + X"),
    ],
    ids=str,
)
def test_the_closing_check_calls_pytorchs_own_function_with_what_it_needs(switches, call):
    assert pytorch_script(opening(**switches)).endswith(
        "\n\n# PyTorch's own function does all these steps at once.\n"
        f"expected = torch.nn.functional.scaled_dot_product_attention{call}\n"
        "assert torch.allclose(context, expected)\n"
    )


def test_scores_so_large_that_rounding_shows_are_not_checked():
    assert "assert" in pytorch_script(two_columns(w_q=1e6 * EYE))
    assert "assert" not in pytorch_script(two_columns(w_q=1e6 * EYE, w_k=2 * EYE))


# --- people's text is nothing but text -------------------------------------------------------------------------------


def strings_and_code(script):
    """The strings of a script in their order, and its syntax tree without them."""
    tree, strings = ast.parse(script), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.append(node.value)
            node.value = ""
    return strings, ast.dump(tree)


def assert_holds_text_as_text(experiment, link=""):
    """Every string is the docstring or a word; all else is as in the script of harmless words and no link."""
    harmless = replace(
        experiment,
        sentence=" ".join(f"w{position}" for position in range(len(experiment.words))),
        split_into="words",
        dimensions=tuple(f"d{column}" for column in range(experiment.d_model)),
        rows={f"w{position}": tuple(row) for position, row in enumerate(attend(experiment).x)},
    )
    for write in (numpy_script, pytorch_script):
        script = write(experiment, link=link)
        with warnings.catch_warnings(action="error"):
            (docstring, *words), code = strings_and_code(script)
        assert code == strings_and_code(write(harmless))[1]
        assert words == list(experiment.words)
        assert f"“{repr(experiment.sentence)[1:-1]}”" in docstring
        assert repr(link)[1:-1] in docstring
        assert all(character.isprintable() or character == "\n" for character in script)
        assert script.encode("utf-8").decode("utf-8") == script


@pytest.mark.parametrize("into", ["words", "characters"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_text(name, into):
    sentence = HOSTILE[name][:500] if into == "characters" else HOSTILE[name]
    experiment = opening(sentence, split_into=into)
    assert_holds_text_as_text(experiment, link=HOSTILE[name])
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))


def test_hostile_words_with_quotes_and_backslashes_are_among_those_tested():
    words = opening(HOSTILE["words of quotes"]).words
    assert {word[0] for word in words} == {'"', "'", "\\", "#", "="}
    assert " ﾞ" in opening(HOSTILE["many words"], split_into="characters").words


@SETTINGS
@given(experiments_of_any_words())
def test_any_text_is_text(experiment):
    assert_holds_text_as_text(experiment, link=experiment.sentence)


def test_a_column_named_like_code_is_text():
    assert_holds_text_as_text(two_columns(dimensions=("import", "größe")))


# --- with PyTorch, where it is installed -----------------------------------------------------------------------------


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def assert_both_print_the_very_same(experiment):
    assert printed(pytorch_script(experiment)) == printed(numpy_script(experiment)), experiment


def test_both_scripts_of_every_example_print_the_very_same(torch):
    for example in EXAMPLES.values():
        assert_both_print_the_very_same(example.build())


def test_both_scripts_of_every_way_to_attend_print_the_very_same(torch):
    for sentence, switches in product([*SENTENCES, *HOSTILE.values()], ALL_SWITCHES):
        assert_both_print_the_very_same(opening(sentence, **switches))


def test_any_experiment_prints_its_context_vectors_from_pytorch_too(torch):
    @SETTINGS
    @given(experiments())
    def prints(experiment):
        assert_prints_the_context_of(experiment, printed(pytorch_script(experiment)))

    prints()


def test_every_number_is_in_the_pytorch_script_exactly_and_its_check_passes(torch):
    @SETTINGS
    @given(experiments_of_any_words())
    def holds(experiment):
        _, names = ran(pytorch_script(experiment))
        assert names["X"].numpy().tobytes() == attend(experiment).x.tobytes()

    holds()


def test_a_student_can_run_the_pytorch_file(torch, tmp_path):
    experiment = OPENING.build()
    assert run_as_a_student_does(pytorch_script(experiment), tmp_path) == printed(numpy_script(experiment))
