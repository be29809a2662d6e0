"""What a training left in the tables, in words.  Markdown"""

from collections.abc import Collection, Iterable

from attention_core import STAGES, Experiment, Stage
from attention_core.positions import OWN
from attention_core.stages import WEIGHT_TABLES
from attention_core.teaching import METHOD_NAMES
from presentation.tables import matrix_of
from presentation.text import plain, shown

_DECIMALS = 4
_TASKS = {
    "target": "to bring the attention weights towards a target that was set for them",
    "language": "to guess words that were blanked out in the sentences of a tiny language",
}


def learned_tables(experiment: Experiment) -> tuple[Stage, ...]:
    """The tables in which a row still is as a training left it."""
    return tuple(
        table for table in experiment.learned.tables if _counts(experiment, table) and any(_held(experiment, table))
    )


def learned_text(experiment: Experiment) -> str:
    """Which tables were learned, for what, and how; empty where nothing was."""
    tables, learned = learned_tables(experiment), experiment.learned
    if not tables or learned.task not in _TASKS:
        return ""
    names = [_name(table, first=not place) for place, table in enumerate(tables)]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    start = (
        f"random numbers (seed {learned.seed})" if learned.start == "drawn" else "the numbers that stood there before"
    )
    steps = f"{learned.steps:,} step{'s' * (learned.steps != 1)} of {METHOD_NAMES[learned.method]}"
    went = f"{shown(learned.before, _DECIMALS)} to {shown(learned.after, _DECIMALS)}"
    told = (
        f"{listed} {'were' if len(names) > 1 or names[0].endswith('s') else 'was'} learned, {_TASKS[learned.task]}: "
        f"{steps} with a learning rate of {learned.rate:g}, from {start}. The loss went from {went}."
    )
    changed = not all(all(_held(experiment, table)) for table in tables)
    return f"{told} Some of these numbers were changed afterwards." if changed else told


def tables_text(experiment: Experiment, tables: Collection[Stage]) -> str:
    """Whether these tables of weights were learned, and where that is not told of the embeddings yet, how."""
    learned = learned_tables(experiment)
    if not set(tables) & set(learned):
        return "In a trained model these tables are learned; here they are not."
    return (
        "Which of them were learned, and how, is told above."
        if Stage.EMBEDDINGS in learned
        else learned_text(experiment)
    )


def _name(table: Stage, *, first: bool) -> str:
    heading = plain(STAGES[table].heading)
    return heading if first or table in WEIGHT_TABLES else heading[:1].lower() + heading[1:]


def _counts(experiment: Experiment, table: Stage) -> bool:
    """Whether a table is in use: one's own positions are where word order is one's own."""
    return table is not Stage.POSITIONS or experiment.positions == OWN.id


def _held(experiment: Experiment, table: Stage) -> list[bool]:
    """For each row of a table that a training left whether it still is as it was."""
    learned, rows = experiment.learned, matrix_of(experiment, table).tolist()
    names: Iterable[str | int] = experiment.vocabulary if table is Stage.EMBEDDINGS else range(len(rows))
    named = [(name, row) for name, row in zip(names, rows, strict=True) if f"{table}:{name}" in learned.prints]
    return [learned.holds(table, name, row) for name, row in named]
