"""Where everything stands in the spreadsheet: its sheets, switches and the blocks of numbers.

Letters: n words at their positions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from attention_core import Calculation, Stage
from attention_core.attention import Floats
from attention_core.experiment import MAX_DIVISOR, MIN_DIVISOR
from attention_core.masks import MASKS
from attention_core.positions import MAX_BASE, MIN_BASE, OWN
from attention_core.stages import EDITED, PARTS
from attention_core.words import MAX_WORDS

# Spreadsheets in some languages keep single letters such as C, K, R and V for rows and columns, and refuse them as
# names. So every name begins alike.
NAME_PREFIX = "attention_"
FORBIDDEN = "–"  # instead of a score where a word may not look

TITLE = "Self-attention, calculated cell by cell"
CONTENTS = {  # the sheets after the first, and what each holds
    "Inputs": "What you can change: the switches, the embedding of each different word, and W_Q, W_K and W_V.",
    "Vectors": "X, the embedding at each position, and the queries Q, keys K and values V that the tables make of it.",
    "Scores": "How well each word (row) fits each word (column), where it may look, and the scores after scaling.",
    "Softmax": "The scores of each row turned into weights: positive numbers that sum to 1.",
    "Context": "What attention makes of each word: the vectors of the words it looks at, mixed by the weights.",
}
READ_ME = "Read me"
INPUTS, VECTORS, SCORES, SOFTMAX, CONTEXT = CONTENTS

FIRST_ROW = 5

Numbers = Floats | Sequence[Sequence[float | str]]
Formula = Callable[[int, int], str]  # of a row and a column of a table, both from 0


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


# The switches, and what stands before them.
SWITCH_LABELS = {"scaling": "scaling"} | {mask.id: mask.name.lower() for mask in MASKS.values()}
SWITCHES = {name: Block(INPUTS, 2 + place, 1, 1, 1) for place, name in enumerate(SWITCH_LABELS)}
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
SETTINGS = {name: Block(INPUTS, 2 + len(SWITCHES) + place, 1, 1, 1) for place, name in enumerate(SETTING_LABELS)}
FIRST_INPUT_ROW = 2 + len(SWITCHES) + len(SETTINGS) + 3


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


def blocks_of(calculation: Calculation) -> dict[str, Block]:
    """The place of every table by its name."""
    n = len(calculation.words)
    inputs = {name: calculation.table(name).shape for name in EDITED}
    vectors = {name: calculation.table(name).shape for name in PARTS}
    if calculation.word_order is OWN:
        inputs[Stage.POSITIONS] = calculation.positions.shape
    elif calculation.word_order.adds:
        vectors = {Stage.POSITIONS: calculation.positions.shape, **vectors}
    pairs = _below_each_other(SCORES, 1, n, ("scores", "mask", "scaled_scores"))
    shares = _below_each_other(SOFTMAX, 3, n, ("exponentials", "weights"))
    first = shares["exponentials"].row
    rows, columns = calculation.context.shape
    return {
        **_beside_each_other(INPUTS, FIRST_INPUT_ROW, inputs),
        **_beside_each_other(VECTORS, FIRST_ROW, vectors),
        "divisor": Block(SCORES, 2, 1, 1, 1),
        **pairs,
        "largest": Block(SOFTMAX, first, 1, n, 1),
        "totals": Block(SOFTMAX, first, 2, n, 1),
        **shares,
        "context": Block(CONTEXT, FIRST_ROW, 1, rows, columns),
    }


def _beside_each_other(sheet: str, row: int, shapes: Mapping[Stage, tuple[int, ...]]) -> dict[str, Block]:
    """Blocks with a column for their labels before each and one for notes behind it."""
    blocks: dict[str, Block] = {}
    column = 1
    for name, (rows, columns) in shapes.items():
        blocks[name] = Block(sheet, row, column, rows, columns)
        column += columns + 2
    return blocks


def _below_each_other(sheet: str, column: int, n: int, names: Sequence[str]) -> dict[str, Block]:
    """Blocks of n × n, with an empty row and one for a title between them."""
    return {name: Block(sheet, FIRST_ROW + place * (n + 2), column, n, n) for place, name in enumerate(names)}
