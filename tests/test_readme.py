"""The README says what is there: its commands, tables and figures are held against the code."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.heads import some_heads

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from attention_core.experiment import MAX_CHARACTERS
from attention_core.matrices import MAX_DIMENSION
from attention_core.word_forms import LANGUAGES
from attention_core.words import MAX_WORDS
from exports.catalogue import EXPORTS
from exports.workbook import MAX_WORKBOOK_WORDS, most_words
from presentation.squares import MAX_ROWS
from serving.fronts import FRONTS
from ui.course import COURSE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MAIN = (ROOT / "ui" / "main.py").read_text("utf-8")


def table_under(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_every_page_is_in_the_table_of_pages_and_no_other():
    served = re.findall(r'page_of\("(\w+)"', MAIN)
    served[1:1] = [lesson.script for lesson in COURSE]
    assert [(row[0], row[1]) for row in table_under("The pages")] == [
        (FRONTS[script].name, f"`pages/{script}.py`") for script in served
    ]
    assert {f"{script}.py" for script in served} == {path.name for path in (ROOT / "pages").glob("*.py")}


def test_every_language_whose_words_are_known_is_named():
    (named,) = re.findall(r"The commonest words of \*\*other languages\*\* \(([^)]+)\)", " ".join(README.split()))
    assert named.split(", ") == [name for name, _ in LANGUAGES.values()]


def test_the_ways_to_attend_are_those_of_the_registry():
    assert [(row[0], row[1]) for row in table_under("The ways to attend")] == [
        (variant.name, variant.summary) for variant in VARIANTS.values()
    ]


def test_every_example_is_named():
    for example in EXAMPLES.values():
        assert example.title in " ".join(README.split())


@pytest.mark.parametrize("path", re.findall(r"^([\w./-]+)  +\S", README.split("```text", 1)[1].split("```")[0], re.M))
def test_what_the_layout_names_is_there(path):
    assert (ROOT / path.strip()).exists()


def test_every_link_to_a_file_leads_somewhere():
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_the_limits_are_those_of_the_code():
    for limit in (f"{MAX_WORDS} words", f"{MAX_CHARACTERS:,} characters", f"1 to {MAX_DIMENSION}"):
        assert limit in README
    assert f"{MAX_ROWS} words" in README
    assert f"spreadsheet can hold up to {MAX_WORKBOOK_WORDS} words" in README
    for heads in (2, 8):
        assert f"{most_words(attend(some_heads(OPENING.build(), heads)))} words and {heads}" in README


def test_the_files_to_take_along_are_those_of_the_catalogue():
    named = re.findall(r"`([^`]+)`", " ".join(row[1] for row in table_under("Take it with you")))
    assert len(named) > 8 and set(named) <= EXPORTS.keys()
    kinds = {name for name in EXPORTS if not name.endswith((".svg", ".png", ".csv"))}
    assert kinds <= set(named)


def test_the_example_for_notebooks_runs_and_prints_what_it_says(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert len(example.strip().splitlines()) <= 12
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == re.findall(r"^print.*  # (.+)$", example, re.M)
    written = {path.name for path in tmp_path.iterdir() if path.stat().st_size}
    assert written == set(re.findall(r'"([\w]+\.\w+)"', example))


def test_the_test_command_is_what_ci_runs():
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"<!-- test command -->\n```\w*\n.*-m tests\n```", README)


def test_figures_name_the_script_that_measures_them():
    for script in (ROOT / "benchmarks").glob("*.py"):
        assert f"python benchmarks/{script.name}" in README


def test_the_fixed_colours_are_the_same_in_theme_and_charts():
    """Blue is queries, orange keys, green values: the theme names them, prose and tabs use the names."""
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    for mode in ("light", "dark"):
        assert {"blueColor", "orangeColor", "greenColor"} <= theme[mode].keys()
