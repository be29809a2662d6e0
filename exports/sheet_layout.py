"""What a spreadsheet is made of: blocks of numbers, the tables that fill them, and switches.

Where they stand in the workbook of an experiment is in sheet_plans.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from attention_core.attention import Floats
from attention_core.experiment import MAX_DIVISOR, MIN_DIVISOR
from attention_core.masks import MASKS
from attention_core.matrices import MAX_MAGNITUDE
from attention_core.positions import MAX_BASE, MIN_BASE, WORD_ORDERS
from attention_core.words import MAX_WORDS

# Spreadsheets in some languages keep single letters such as C, K, R and V for rows and columns, and refuse them as
# names. So every name begins alike.
NAME_PREFIX = "attention_"
FORBIDDEN = "–"  # instead of a score where a word may not look

TITLE = "Self-attention, calculated cell by cell"
READ_ME, INPUTS, ORDER, MASK = "Read me", "Inputs", "Order", "Mask"
VECTORS, SCORES, SOFTMAX, CONTEXT = "Vectors", "Scores", "Softmax", "Context"

FIRST_ROW = 5

Numbers = Floats | Sequence[Sequence[float | str]]
Formula = Callable[[int, int], str]  # of a row and a column of a table, both from 0

# Tables that no stage of the calculation has.
DIVISOR, OWN_POSITIONS, OWN_LOOKS, ANGLES = "divisor", "own_positions", "own_looks", "angles"
MASK_TABLE, LARGEST, TOTALS = "mask", "largest", "totals"
WORD_ORDER = "word_order"  # the switch


@dataclass(frozen=True, slots=True)
class Block:
    """Where the numbers of a table stand; rows and columns count from 0."""

    sheet: str
    row: int
    column: int
    rows: int
    columns: int

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """First row and column, last row and column."""
        return self.row, self.column, self.row + self.rows - 1, self.column + self.columns - 1

    @property
    def on_sheet(self) -> str:
        """What stands before a cell in a formula of another sheet, such as Inputs! or 'Head 1'!."""
        return f"'{self.sheet}'!" if " " in self.sheet else f"{self.sheet}!"

    def seen_from(self, other: "Block") -> str:
        """The same in a formula of another block: nothing where both stand on one sheet."""
        return "" if other.sheet == self.sheet else self.on_sheet

    @property
    def range(self) -> str:
        """Such as $B$5:$E$9."""
        return f"{self.cell(0, 0, '$$')}:{self.cell(self.rows - 1, self.columns - 1, '$$')}"

    def cell(self, row: int, column: int, fixed: str = "") -> str:
        """Such as B5; `fixed` "$B" gives $B5, "$5" gives B$5 and "$$" gives $B$5."""
        row_fixed, column_fixed = fixed in ("$5", "$$"), fixed in ("$B", "$$")
        return str(xl_rowcol_to_cell(self.row + row, self.column + column, row_fixed, column_fixed))

    def across(self, row: int, fixed: str = "$B") -> str:
        """The range of one row, such as $B5:$E5."""
        return f"{self.cell(row, 0, fixed)}:{self.cell(row, self.columns - 1, fixed)}"

    def down(self, column: int) -> str:
        """The range of one column, such as B$5:B$9."""
        return f"{self.cell(0, column, '$5')}:{self.cell(self.rows - 1, column, '$5')}"


@dataclass(frozen=True, slots=True)
class Switch:
    """A cell that takes one of a few words."""

    label: str  # before it
    choices: tuple[str, ...] = ("on", "off")


SWITCHES = {"scaling": Switch("scaling")} | {mask.id: Switch(mask.name.lower()) for mask in MASKS.values()}
ORDER_SWITCH = {WORD_ORDER: Switch("word order", tuple(order.name for order in WORD_ORDERS.values()))}
# The numbers that stand below the switches, with what is said behind each.
SETTING_LABELS = {"own_divisor": "own divisor", "neighbour_count": "neighbours", "wave_base": "base of waves"}
SETTING_NOTES = {
    "own_divisor": "what scores are divided by while scaling is on; empty: the root of how many numbers are compared",
    "neighbour_count": "how many words on each side a word sees under the mask of neighbours",
    "wave_base": "of the sines and cosines that a place adds, where word order is that of waves",
}
SETTING_LIMITS = {
    "own_divisor": (MIN_DIVISOR, MAX_DIVISOR),
    "neighbour_count": (0, MAX_WORDS - 1),
    "wave_base": (MIN_BASE, MAX_BASE),
}


@dataclass(frozen=True)
class Table:
    """What is written at a block and around it. Numbers without a formula are inputs."""

    name: str
    block: Block
    numbers: Numbers
    formula: Formula | None = None
    title: str = ""
    colour: str = "#000000"
    headings: Sequence[str] = ()
    labels: Sequence[str] = ()  # of the rows
    label_column: int = 0
    notes: Sequence[str] = ()  # behind the rows
    whole: bool = False  # whether it is shown without decimals
    heat: str = ""  # "weights", "signed" or no colours
    below: bool = False  # whether the sheet has tables below each other, with the headings above the first one's title
    limits: tuple[float, float] = (-MAX_MAGNITUDE, MAX_MAGNITUDE)  # of an input


@dataclass(frozen=True)
class Layout:
    """The sheets of a workbook and where everything stands on them."""

    contents: Mapping[str, str]  # the sheets after the first, and what each holds
    switches: Mapping[str, Switch]
    blocks: Mapping[str, Block]  # the tables that all heads share
    heads: Sequence[Mapping[str, Block]]  # for each head those, and its own
    prefixes: Sequence[str]  # what begins the names of each head's own tables
    frozen: Mapping[str, tuple[int, int]]  # how many rows and columns of a sheet stay in sight

    @property
    def controls(self) -> dict[str, Block]:
        """The cell of each switch and of each number below them."""
        names = (*self.switches, *SETTING_LABELS)
        return {name: Block(INPUTS, 2 + place, 1, 1, 1) for place, name in enumerate(names)}

    @property
    def has_order(self) -> bool:
        """Whether word order can be switched."""
        return WORD_ORDER in self.switches

    def name(self, head: int, table: str) -> str:
        """What a table of a head is called in formulas, without what all names begin with."""
        return table if table in self.blocks else f"{self.prefixes[head]}{table}"
