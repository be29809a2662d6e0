"""What the app is put on servers with names what there is, and pins what it brings."""

import json
import re
import subprocess

import pytest
from support.server import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))


def test_the_lock_file_has_every_package_of_the_requirements_at_its_version():
    required = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    assert len(required) >= 8
    assert {name: PINNED.get(name) for name in required} == required


def test_every_package_in_the_lock_file_has_hashes_and_nothing_names_a_place_to_load_it_from():
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINNED) > 30
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "http" not in LOCK and "file:" not in LOCK


def test_the_image_takes_in_every_room_of_the_app_and_none_of_the_tests():
    taken = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"pages"}
    assert rooms - {"tests", "benchmarks"} <= taken
    assert {"app.py", ".streamlit/config.toml", "docs/playground.png", "requirements.lock", "packages.txt"} <= taken
    assert not taken & {"tests", "benchmarks", ".git"}
    assert all((ROOT / name).exists() for name in taken)


def test_the_image_runs_without_root_and_is_asked_for_its_health():
    steps = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER app$", steps, re.MULTILINE)
    assert "--require-hashes" in steps
    assert "/_stcore/health" in steps


def test_the_development_container_is_described_in_json():
    described = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert "requirements-dev.txt" in described["updateContentCommand"]


@pytest.mark.parametrize(
    "command", re.findall(r"```powershell\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
)
def test_commands_for_powershell_use_nothing_that_its_version_5_does_not_know(command):
    assert "&&" not in command and "||" not in command
    assert len(command.splitlines()) >= 2


def test_the_workflow_tries_each_python_that_is_supported():
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    assert 'python: ["3.11", "3.12", "3.13", "3.14"]' in workflow


def test_the_scripts_of_the_repository_are_valid_shell():
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
