"""Where everything stands in the workbook of an experiment.

One head that is the whole has its steps on sheets of their own. Several heads, or one before W_O, have a sheet each, on
which everything from the head's tables to what it makes of the words stands below each other. Word order has a sheet
and a switch wherever the experiment has one, or several heads.

Letters: n words at their positions.
"""

from collections.abc import Mapping, Sequence

from attention_core import Calculation, Stage
from attention_core.stages import EDITED, PARTS, TABLE_OF, TURNED
from exports.sheet_layout import (
    ANGLES,
    CONTEXT,
    DIVISOR,
    FIRST_ROW,
    INPUTS,
    LARGEST,
    MASK,
    MASK_TABLE,
    ORDER,
    ORDER_SWITCH,
    OWN_LOOKS,
    OWN_POSITIONS,
    SCORES,
    SETTING_LABELS,
    SOFTMAX,
    SWITCHES,
    TOTALS,
    VECTORS,
    Block,
    Layout,
)

Shape = tuple[int, ...]

_VECTORS = "X, the embedding at each position, and the queries Q, keys K and values V that the tables make of it."
_ONE_HEAD = {
    INPUTS: "What you can change: the switches, the embedding of each different word, and W_Q, W_K and W_V.",
    VECTORS: _VECTORS,
    SCORES: "How well each word (row) fits each word (column), where it may look, and the scores after scaling.",
    SOFTMAX: "The scores of each row turned into weights: positive numbers that sum to 1.",
    CONTEXT: "What attention makes of each word: the vectors of the words it looks at, mixed by the weights.",
}
_ORDER = "What each place adds to the embedding of its word, and by how much it turns queries and keys."
_ONE_HEAD_WITH_ORDER = {  # the sheets that differ
    INPUTS: "What you can change: the switches, the embedding of each different word, W_Q, W_K, W_V, and an own order.",
    ORDER: _ORDER,
    VECTORS: "X, the embedding at each position, Q, K and V that the tables make of it, and what is compared, turned.",
}
_HEADS = {
    INPUTS: "The switches, the embedding of each different word, and positions of your own.",
    ORDER: f"{_ORDER} X is the embedding at each place, with what the place adds.",
    MASK: "What scores are divided by, and which word may look at which; the same for all heads.",
}
_OUTPUT = "What the heads make of each word, side by side, W_O, and what attention makes of the word."


def layout_of(calculation: Calculation) -> Layout:
    return _of_heads(calculation) if calculation.joins else _of_one_head(calculation)


def head_sheet(place: int) -> str:
    """The sheet of one of several heads, whose places count from 0."""
    return f"Head {place + 1}"


def _first_input_row(switches: Mapping[str, object]) -> int:
    return 2 + len(switches) + len(SETTING_LABELS) + 3


def _of_one_head(calculation: Calculation) -> Layout:
    n, has_order = len(calculation.words), calculation.word_order.counts
    switches = SWITCHES | (ORDER_SWITCH if has_order else {})
    inputs: dict[str, Shape] = {name: calculation.table(name).shape for name in EDITED}
    vectors: dict[str, Shape] = {name: calculation.table(name).shape for name in PARTS}
    contents, order = _ONE_HEAD, {}
    if has_order:
        contents = {**_ONE_HEAD_WITH_ORDER, **{name: _ONE_HEAD[name] for name in (SCORES, SOFTMAX, CONTEXT)}}
        inputs[OWN_POSITIONS] = calculation.x.shape
        order = _beside_each_other(ORDER, FIRST_ROW, _of_places(calculation))
        vectors |= {stage: calculation.table(stage).shape for stage in TURNED}
    pairs = _below_each_other(SCORES, 1, n, ("scores", MASK_TABLE, "scaled_scores"))
    shares = _below_each_other(SOFTMAX, 3, n, ("exponentials", "weights"))
    first = shares["exponentials"].row
    rows, columns = calculation.context.shape
    inputs_from = _first_input_row(switches)
    blocks = {
        **_beside_each_other(INPUTS, inputs_from, inputs),
        **order,
        **_beside_each_other(VECTORS, FIRST_ROW, vectors),
        DIVISOR: Block(SCORES, 2, 1, 1, 1),
        **pairs,
        LARGEST: Block(SOFTMAX, first, 1, n, 1),
        TOTALS: Block(SOFTMAX, first, 2, n, 1),
        **shares,
        Stage.CONTEXT: Block(CONTEXT, FIRST_ROW, 1, rows, columns),
    }
    frozen = {INPUTS: (inputs_from, 1)} | dict.fromkeys((ORDER,) * has_order + (VECTORS, CONTEXT), (FIRST_ROW, 1))
    frozen |= dict.fromkeys((SCORES, SOFTMAX), (FIRST_ROW - 1, 1))
    return Layout(contents, switches, blocks, [blocks], [""], frozen)


def _of_heads(calculation: Calculation) -> Layout:
    n = len(calculation.words)
    switches = SWITCHES | ORDER_SWITCH
    square, inputs_from = (n, n), _first_input_row(switches)
    given = {Stage.EMBEDDINGS: calculation.table(Stage.EMBEDDINGS).shape, OWN_POSITIONS: calculation.x.shape}
    ends: list[Mapping[str, Shape]] = [
        {stage: calculation.table(stage).shape} for stage in (Stage.JOINED, Stage.W_O, Stage.CONTEXT)
    ]
    shared = {
        **_beside_each_other(INPUTS, inputs_from, given),
        **_bands(ORDER, [_of_places(calculation), {Stage.X: calculation.x.shape}]),
        DIVISOR: Block(MASK, 2, 1, 1, 1),
        **_bands(MASK, [{OWN_LOOKS: square}, {MASK_TABLE: square}]),
        **_bands(CONTEXT, ends),
    }
    heads = [
        {**shared, **_steps_of(head_sheet(place), calculation.of_head(place))}
        for place in range(len(calculation.heads))
    ]
    names = [calculation.head_name(place) for place in range(len(heads))]
    sheets = {head_sheet(place): _told_of(name, head_sheet(place)) for place, name in enumerate(names)}
    contents = {**_HEADS, **sheets, CONTEXT: _OUTPUT}
    frozen = {INPUTS: (inputs_from, 1)} | dict.fromkeys([ORDER, MASK, *sheets, CONTEXT], (FIRST_ROW - 3, 1))
    prefixes = [f"head_{place + 1}_" for place in range(len(heads))]
    return Layout(contents, switches, shared, heads, prefixes, frozen)


def _told_of(name: str, sheet: str) -> str:
    called = "" if name == sheet else f"“{name}”: "
    return f"{called}its tables, the vectors that they make, its scores and weights, and what it makes of each word."


def _steps_of(sheet: str, head: Calculation) -> dict[str, Block]:
    """Everything that a head has for itself, as far as the way to attend uses it."""
    n = len(head.words)
    parts = [part for part in TABLE_OF if part in head.variant.parts]
    in_bands: list[Mapping[str, Shape]] = [
        {TABLE_OF[part]: head.table(TABLE_OF[part]).shape for part in parts},
        {part: head.table(part).shape for part in parts},
        {stage: head.table(stage).shape for stage in TURNED},
        {Stage.SCORES: (n, n)},
        {Stage.SCALED_SCORES: (n, n)},
        {Stage.EXPONENTIALS: (n, n + 2)},
        {Stage.WEIGHTS: (n, n)},
        {Stage.HEAD_CONTEXT: head.head_context.shape},
    ]
    blocks = _bands(sheet, in_bands)
    row, column = blocks[Stage.EXPONENTIALS].row, blocks[Stage.EXPONENTIALS].column
    return blocks | {
        LARGEST: Block(sheet, row, column, n, 1),
        TOTALS: Block(sheet, row, column + 1, n, 1),
        Stage.EXPONENTIALS: Block(sheet, row, column + 2, n, n),
    }


def _of_places(calculation: Calculation) -> dict[str, Shape]:
    """What each place adds, and the angles by which it turns pairs of numbers, of which one number alone has none."""
    n, pairs = len(calculation.words), calculation.turned_query.shape[1] // 2
    return {Stage.POSITIONS: calculation.positions.shape} | ({ANGLES: (n, pairs)} if pairs else {})


def _bands(sheet: str, bands: Sequence[Mapping[str, Shape]]) -> dict[str, Block]:
    """Some tables beside each other, and the next ones below them."""
    blocks: dict[str, Block] = {}
    row = FIRST_ROW
    for band in bands:
        blocks |= _beside_each_other(sheet, row, band)
        row += max(rows for rows, _ in band.values()) + 3
    return blocks


def _beside_each_other(sheet: str, row: int, shapes: Mapping[str, Shape]) -> dict[str, Block]:
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
