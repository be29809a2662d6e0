"""What was typed into the tables.

A data editor cannot be set. It keeps its edits as long as its key and its shape stay, and reports all of them on every
run. So its edits are taken in once, at the start of the run after they were typed, and a table that changes from
elsewhere (undo, an example, a fill) is drawn by a new editor (`document.Editor`).
"""

from attention_core.fills import MAX_SEED
from ui.state import keys, widgets
from ui.state.document import Document, Edits
from ui.state.session import session

FIRST_SEED = 1


def take_in() -> None:
    """Take in what was typed since the last run; call before anything is drawn."""
    for document in session().documents():
        for table in tuple(document.editors):
            document.take_in(table, _edits(document, table))


def key(table: str) -> str:
    """The key of a table's editor; call just before it is drawn."""
    document = session().document
    return _key(document, table, document.editor(table).version)


def problem(table: str) -> str | None:
    """What is wrong with the cells that were typed into an editor, if anything is."""
    return session().document.editor(table).problem


def remember_seed(table: str, seed: int) -> None:
    """Remember that a table was filled from this seed."""
    session().document.seeds[table] = seed


def last_seed(table: str) -> int | None:
    """The seed of a table's last random filling."""
    return session().document.seeds.get(table)


def seed() -> int:
    """The seed that stands in its field, as far as it is one."""
    typed = widgets.held_by(keys.SEED)
    return min(max(typed, 0), MAX_SEED) if isinstance(typed, int) else FIRST_SEED


def _key(document: Document, table: str, version: int) -> str:
    return f"{table}:{document.name}{version}"


def _edits(document: Document, table: str) -> Edits:
    reported = widgets.held_by(_key(document, table, document.editors[table].version)) or {}
    edits: Edits = reported.get("edited_rows") or {}
    return edits
