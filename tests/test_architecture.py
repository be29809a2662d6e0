"""Imports point one way, towards attention_core: pages -> ui -> sharing and presentation. Each room has its tools."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What a room may import of ours. A room that is not named here fails the first test.
MAY_IMPORT = {
    "attention_core": {"attention_core"},
    "learning": {"attention_core", "learning"},
    "sharing": {"attention_core", "sharing"},
    "presentation": {"attention_core", "presentation"},
    "exports": {"attention_core", "learning", "sharing", "presentation", "exports"},
    "checking": {"attention_core", "presentation", "checking"},
    "exercises": {"attention_core", "sharing", "presentation", "exports", "checking", "exercises"},
    "ui": {
        *("attention_core", "learning", "sharing", "presentation", "exports", "checking", "exercises", "serving", "ui"),
    },
    "pages": {"attention_core", "ui"},
    "serving": {"serving"},
    "app.py": {"serving", "ui"},
}
NOT_THE_APP = {"tests", "benchmarks", "docs"}

# What a room may import of others', beside Python's own library.
TOOLS = {
    "attention_core": {"numpy", "regex", "simplemma", "snowballstemmer"},
    "learning": {"numpy"},
    "sharing": {"jsonschema", "numpy"},
    "presentation": {"numpy", "pandas", "pyarrow", "altair", "PIL"},
    "exports": {"numpy", "pandas", "xlsxwriter", "vl_convert", "markdown_it", "mdit_py_plugins", "math_core"},
    "checking": {"numpy"},
    "exercises": {"numpy"},
    "ui": {"streamlit", "numpy", "pandas"},
    "pages": {"streamlit"},
    "serving": {"starlette", "anyio", "streamlit"},
    "app.py": {"streamlit", "starlette"},
}
NO_STREAMLIT = {"ui/course.py", "ui/state/document.py", "ui/state/keys.py"}
NO_NUMBERS_OR_CHARTS = {"numpy", "pandas", "altair"}

MAX_PAGE = 60  # lines
MAX_TEST_FILE = 400
TESTS_IMPORTED = {
    "test_broken_cores.py": {"test_attention"},  # whose tests it runs on cores that are wrong
    "stored.py": {"test_fields"},  # another value of each field, to be stored
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def room_of(name):
    return name.split("/")[0]


def modules():
    hidden = (path for path in ROOT.rglob("*.py") if any(part.startswith(".") for part in path.relative_to(ROOT).parts))
    return sorted(map(name_of, set(ROOT.rglob("*.py")) - set(hidden)))


OURS = [name for name in modules() if room_of(name) not in NOT_THE_APP]


def tree_of(name):
    return ast.parse((ROOT / name).read_text("utf-8"), filename=name)


def imports_in(tree):
    """The full name of everything that is imported anywhere in a module, also inside functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here, so that this test can read them"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            found.add("dynamic import")
    return found


def roots_of(imports):
    return {name.split(".")[0] for name in imports}


def test_every_module_is_in_a_room_that_is_named_here():
    assert {room_of(name) for name in OURS} == set(MAY_IMPORT)
    assert len(OURS) > 20


@pytest.mark.parametrize("name", OURS)
def test_imports_point_one_way_and_keep_to_the_rooms_tools(name):
    roots, room = roots_of(imports_in(tree_of(name))), room_of(name)
    others = roots - set(sys.stdlib_module_names)
    assert others <= MAY_IMPORT[room] | TOOLS[room]


@pytest.mark.parametrize("name", sorted(NO_STREAMLIT))
def test_what_only_tells_the_screen_what_to_draw_knows_no_streamlit(name):
    assert "streamlit" not in roots_of(imports_in(tree_of(name)))


@pytest.mark.parametrize("name", [name for name in OURS if room_of(name) == "pages"])
def test_a_page_draws_and_neither_calculates_nor_builds_charts(name):
    imports = imports_in(tree_of(name))
    assert not roots_of(imports) & NO_NUMBERS_OR_CHARTS
    assert not {each for each in imports if each.startswith("pages")}, "no page imports another"


@pytest.mark.parametrize("name", [name for name in OURS if room_of(name) == "pages"])
def test_a_page_is_a_paragraph(name):
    source = (ROOT / name).read_text("utf-8")
    assert len(source.splitlines()) <= MAX_PAGE
    assert ast.get_docstring(ast.parse(source)), "which says what the page is for"


@pytest.mark.parametrize("name", [name for name in OURS if room_of(name) in ("attention_core", "learning", "sharing")])
def test_the_core_neither_prints_nor_asks(name):
    called = {ast.unparse(node.func) for node in ast.walk(tree_of(name)) if isinstance(node, ast.Call)}
    assert not called & {"print", "input", "open", "eval", "exec", "warnings.warn"}


@pytest.mark.parametrize("name", OURS)
def test_every_module_says_what_it_is_for(name):
    assert ast.get_docstring(tree_of(name))


# --- the one home of the session ------------------------------------------------------------------------------------


def is_session_state(node):
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


def touches_state(tree):
    return any(is_session_state(node) for node in ast.walk(tree))


def test_one_package_alone_reads_and_sets_the_session_state():
    touching = {name for name in OURS if touches_state(tree_of(name))}
    assert "ui/state/session.py" in touching and all(name.startswith("ui/state/") for name in touching)


def test_nobody_keeps_query_parameters_or_caches_of_his_own():
    for name in OURS:
        used = {node.attr for node in ast.walk(tree_of(name)) if isinstance(node, ast.Attribute)}
        assert not used & {"query_params", "cache_data", "cache_resource"}, name


# --- the tests -------------------------------------------------------------------------------------------------------


def test_a_test_file_is_one_topic_in_400_lines_and_imports_no_other():
    for path in (ROOT / "tests").rglob("*.py"):
        source = path.read_text("utf-8")
        assert len(source.splitlines()) <= MAX_TEST_FILE, path.name
        others = {root for root in roots_of(imports_in(ast.parse(source))) if root.startswith("test_")}
        assert others <= TESTS_IMPORTED.get(path.name, set()), f"{path.name}: what is shared is in tests/support"


# --- this test can fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "root"),
    [
        ("import streamlit as st", "streamlit"),
        ("from ui import state", "ui"),
        ("from ui.charts import KEY", "ui"),
        ("def f():\n    import pandas.api", "pandas"),
        ("if True:\n    from pages import playground", "pages"),
    ],
)
def test_an_import_is_found_wherever_it_stands(source, root):
    assert roots_of(imports_in(ast.parse(source))) == {root}


def test_a_dynamic_import_is_none_that_any_room_may_use():
    assert imports_in(ast.parse("importlib.import_module('streamlit')")) == {"dynamic import"}


@pytest.mark.parametrize(
    ("source", "touches"),
    [
        ("st.session_state['a'] = 1", True),
        ("st.session_state.a = 1", True),
        ("state = st.session_state", True),
        ("def f():\n    return st.session_state.get('a')", True),
        ("x = 'session_state'", False),
    ],
)
def test_touching_the_session_state_is_found_wherever_it_stands(source, touches):
    assert touches_state(ast.parse(source)) is touches
