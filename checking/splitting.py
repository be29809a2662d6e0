"""The tables of several heads, apart: those of each head, those that all share, and those of all heads together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from attention_core.stages import PROJECTED, WEIGHT_TABLES, Stage
from checking.claims import Given
from checking.slips import OF_ALL_HEADS

SHARED = (Stage.EMBEDDINGS.value, Stage.POSITIONS.value, Stage.X.value)
_SLICED = (*WEIGHT_TABLES, *PROJECTED)  # of which one table may hold all heads side by side
_NUMBERED = "Head "


@dataclass(frozen=True)
class Split:
    """The tables of a text by whose they are. Every table of a head stands beside those that all heads share."""

    heads: tuple[tuple[str, tuple[Given, ...]], ...]  # what a head is called ("" for an only one), and its tables
    together: tuple[Given, ...]  # the joined vectors, W_O and the output
    left: tuple[Given, ...] = ()  # of which nothing tells whose they are
    in_order: bool = True  # the heads are numbered; else they stand in the order of the text


def split(given: Sequence[Given]) -> Split:
    """Apart by what the words say; a text that speaks of no heads has one, without a name."""
    labels = list(dict.fromkeys(table.head for table in given if table.head and table.stage not in SHARED))
    numbered = all(label.startswith(_NUMBERED) and label[len(_NUMBERED) :].isdigit() for label in labels)
    if numbered:
        labels.sort(key=_number)
    several = len(labels) > 1 or any(table.stage in OF_ALL_HEADS for table in given)
    together = [table for table in given if several and _is_of_all(table, several=len(labels) > 1)]
    if not labels:
        return _of_one(given, together)
    rest = [table for table in given if not any(table is each for each in together)]
    shared = [replace(table, head="") for table in rest if table.stage in SHARED]
    own = {label: [table for table in rest if table.head == label and table.stage not in SHARED] for label in labels}
    nobodys = [table for table in rest if not table.head and table.stage not in SHARED]
    if numbered and nobodys and _number(labels[0]) == 2:  # the first one is told before anything is said of heads
        own = {f"{_NUMBERED}1": nobodys, **own}
        nobodys = []
    left = [table for table in nobodys if not _sliced_into(table, own)]
    return Split(
        tuple((label, (*shared, *_in_order(tables))) for label, tables in own.items()),
        tuple(together),
        tuple(left),
        numbered,
    )


def _is_of_all(table: Given, *, several: bool) -> bool:
    if table.stage in OF_ALL_HEADS:
        return True
    return table.stage == Stage.CONTEXT.value and not table.head and (several or table.is_together)


def _of_one(given: Sequence[Given], together: Sequence[Given]) -> Split:
    """One head. What it makes may stand before the output: the last of several tables of that name."""
    contexts = [table for table in given if table.stage == Stage.CONTEXT.value]
    last = contexts[-1:] if together and len(contexts) > 1 else []
    of_all = [table for table in given if any(table is each for each in (*together, *last))]
    return Split((("", tuple(table for table in given if not any(table is each for each in of_all))),), tuple(of_all))


def _sliced_into(table: Given, own: dict[str, list[Given]]) -> bool:
    """Add a table of all heads side by side to each head, as far as it is its own; whether that could be done."""
    columns = len(table.rows[0])
    if table.stage not in _SLICED or columns % len(own):
        return False
    width = columns // len(own)
    sizes = {len(each.rows[0]) for tables in own.values() for each in tables if each.stage == table.stage}
    if sizes - {width}:
        return False
    for place, tables in enumerate(own.values()):
        rows = tuple(row[place * width : (place + 1) * width] for row in table.rows)
        if not any(each.stage == table.stage for each in tables):
            tables.append(replace(table, rows=rows))
    return True


def _in_order(tables: Iterable[Given]) -> Iterator[Given]:
    return iter(sorted(tables, key=lambda table: table.line))


def _number(label: str) -> int:
    return int(label[len(_NUMBERED) :])
