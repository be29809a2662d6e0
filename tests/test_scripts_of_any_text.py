"""People's text in a script is nothing but text, and PyTorch prints what NumPy prints."""

import ast
import warnings
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from support.documents import experiments as experiments_of_any_words
from support.experiments import experiments, two_columns
from support.scripts import (
    ALL_SWITCHES,
    HOSTILE,
    SENTENCES,
    assert_prints_the_context_of,
    opening,
    printed,
    ran,
    run_as_a_student_does,
)

from attention_core import EXAMPLES, OPENING, attend
from exports.scripts import numpy_script, pytorch_script

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


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
    embeddings = experiment.embeddings[experiment.vocabulary_index]
    harmless = replace(
        experiment,
        sentence=" ".join(f"w{position}" for position in range(len(experiment.words))),
        split_into="words",
        dimensions=tuple(f"d{column}" for column in range(experiment.d_model)),
        rows={f"w{position}": tuple(row) for position, row in enumerate(embeddings)},
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
