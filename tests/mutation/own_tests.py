"""Which tests are a room's own: those that import from it, and nothing that lies beyond it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A room comes after those that it is built on.
ROOMS = ("attention_core", "learning", "sharing", "presentation", "exports", "checking", "exercises", "ui", "pages")
# What starts the whole app without importing it.
BEYOND = {"streamlit": "ui", "support.server.serving": "pages", "support.browser": "pages"}


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules that a test file imports, also through what the test files share."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    for name in list(found):
        shared = ROOT / "tests" / f"{name.replace('.', '/')}.py"
        if shared.is_file():
            found |= imported(shared)
    return frozenset(found)


def room_of(path: Path) -> str | None:
    """The room whose own a test file is."""
    named = imported(path) | {name.split(".")[0] for name in imported(path)}
    rooms = named & set(ROOMS)
    rooms |= {room for name, room in BEYOND.items() if name in named}
    return max(rooms, key=ROOMS.index, default=None)


def own_tests(room: str, module: str) -> list[str]:
    """The test files of a room, those first that import the module itself."""
    name = module.removesuffix(".py").replace("/", ".")
    own = [path for path in sorted((ROOT / "tests").glob("test_*.py")) if room_of(path) == room]
    own.sort(key=lambda path: (path.stem != f"test_{Path(module).stem}", name not in imported(path)))
    return [path.relative_to(ROOT).as_posix() for path in own]
