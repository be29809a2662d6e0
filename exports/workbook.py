"""An experiment -> a spreadsheet in which the whole calculation is live formulas.

Somebody who has it changes a yellow cell and sees what follows, without the playground. No formula needs array entry,
so that Excel, LibreOffice and Google Sheets read them alike. Each carries the number that the core computed, for
viewers that do not calculate.

Letters: n words at their positions.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from attention_core import EXAMPLES, STAGES, Calculation, Experiment, Stage, attend
from attention_core.attention import Floats
from attention_core.masks import MASKS
from attention_core.matrices import MAX_MAGNITUDE
from attention_core.stages import EDITED, PARTS, TABLE_OF
from presentation.palette import DIVERGING, GREY, INK_TURNS_LIGHT, LIGHT_INK, SEQUENTIAL, colour_of
from presentation.tables import NOTE_COLUMN, notes, stage_columns, stage_rows
from presentation.text import shown

MAX_WORKBOOK_WORDS = 256  # which takes about 9 s: each pair of words has five formulas of about 25 µs

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
_READ_ME = "Read me"
_INPUTS, _VECTORS, _SCORES, _SOFTMAX, _CONTEXT = CONTENTS

_FIRST_ROW = 5

_MAX_URL, _MAX_TEXT = 2_079, 32_767  # characters, Excel's limits
_MADE = datetime(2024, 1, 1)  # always, so that the same experiment gives the same bytes
_SHARE_OF_WRITING = 0.85  # of the time; packing the file takes the rest
_INPUT_GROUND = "#fff8d0"
_FIRST_COLUMN_WIDTH, _MAX_WIDTH = 13, 26  # characters
_TEXT_WIDTH = 100  # in figures, which are wider than most letters
_LETTERS_A_LINE = 108
_LINE_HEIGHT, _MAX_LINES = 15, 27  # points; a row cannot be higher

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
_SWITCH_LABELS = {"scaling": "scaling"} | {mask.id: mask.name.lower() for mask in MASKS.values()}
_SWITCHES = {name: Block(_INPUTS, 2 + place, 1, 1, 1) for place, name in enumerate(_SWITCH_LABELS)}
_FIRST_INPUT_ROW = 2 + len(_SWITCHES) + 3


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


def workbook(experiment: Experiment, *, link: str = "", progress: Callable[[float], None] = lambda done: None) -> bytes:
    """The workbook as the bytes of an .xlsx file; the same experiment and link give the same bytes.

    `link` is the address that reopens the experiment, and `progress` hears the share done, up to 1.
    Raises ValueError where the sentence has more than MAX_WORKBOOK_WORDS words.
    """
    count = len(experiment.words)
    if count > MAX_WORKBOOK_WORDS:
        raise ValueError(
            f"The sentence has {count} {experiment.split_into}; a workbook holds up to {MAX_WORKBOOK_WORDS}."
        )
    calculation = attend(experiment)
    tables = _tables(calculation)
    file = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    writer = _Writer(Workbook(file, {"in_memory": True, **plain_text}), experiment.decimals)
    writer.write_sheets(tables)
    writer.write_read_me(_read_me(calculation, tables), link)
    writer.write_switches(_switches(experiment))
    done, told = 0, 0.0
    total = sum(table.block.rows * table.block.columns for table in tables)
    for table in tables:
        for written in writer.write_table(table):
            done += written
            share = _SHARE_OF_WRITING * done / total
            if share >= told + 0.01:
                progress(share)
                told = share
    writer.book.close()
    progress(1.0)
    return file.getvalue()


# --- what stands where -----------------------------------------------------------------------------------------------


def _blocks(calculation: Calculation) -> dict[str, Block]:
    """The place of every table by its name."""
    n = len(calculation.words)
    inputs = {name: calculation.table(name).shape for name in EDITED}
    vectors = {name: calculation.table(name).shape for name in PARTS}
    pairs = _below_each_other(_SCORES, 1, n, ("scores", "mask", "scaled_scores"))
    shares = _below_each_other(_SOFTMAX, 3, n, ("exponentials", "weights"))
    first = shares["exponentials"].row
    rows, columns = calculation.context.shape
    return {
        **_beside_each_other(_INPUTS, _FIRST_INPUT_ROW, inputs),
        **_beside_each_other(_VECTORS, _FIRST_ROW, vectors),
        "divisor": Block(_SCORES, 2, 1, 1, 1),
        **pairs,
        "largest": Block(_SOFTMAX, first, 1, n, 1),
        "totals": Block(_SOFTMAX, first, 2, n, 1),
        **shares,
        "context": Block(_CONTEXT, _FIRST_ROW, 1, rows, columns),
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
    return {name: Block(sheet, _FIRST_ROW + place * (n + 2), column, n, n) for place, name in enumerate(names)}


def _tables(calculation: Calculation) -> list[Table]:
    """Every table with its formulas and what they give, in the order of the sheets."""
    blocks = _blocks(calculation)
    return [
        *(_input_table(calculation, name, blocks[name]) for name in EDITED),
        *(_vector_table(calculation, name, blocks) for name in PARTS),
        *_score_tables(calculation, blocks),
        *_softmax_tables(calculation, blocks),
        _context_table(calculation, blocks),
    ]


def _input_table(calculation: Calculation, name: Stage, block: Block) -> Table:
    experiment = calculation.experiment
    made = next((part for part, table in TABLE_OF.items() if table == name), Stage.X)
    title = "Embeddings, a row for each different word" if made == Stage.X else STAGES[name].symbol
    return Table(
        name,
        block,
        calculation.table(name),
        title=title + _unused(calculation, made),
        colour=colour_of(name),
        headings=stage_columns(calculation, name),
        labels=stage_rows(calculation, name),
        label_column=block.column - 1,
        notes=notes(experiment, name),
    )


def _vector_table(calculation: Calculation, name: Stage, blocks: Mapping[str, Block]) -> Table:
    block, x, embeddings = blocks[name], blocks["x"], blocks["embeddings"]
    experiment = calculation.experiment

    def embedding(row: int, column: int) -> str:
        return f"={_INPUTS}!{embeddings.cell(int(experiment.vocabulary_index[row]), column)}"

    def projection(row: int, column: int) -> str:
        weights = blocks[TABLE_OF[name]]
        products = (f"{x.cell(row, i, '$B')}*{_INPUTS}!{weights.cell(i, column, '$5')}" for i in range(x.columns))
        return "=" + "+".join(products)

    given = name == Stage.X
    symbol = STAGES[name].symbol
    title = f"{symbol}, the embedding at each position" if given else f"{symbol} = X · {STAGES[TABLE_OF[name]].symbol}"
    return Table(
        name,
        block,
        calculation.table(name),
        embedding if given else projection,
        title=title + _unused(calculation, name),
        colour=colour_of(name),
        headings=stage_columns(calculation, name),
        labels=calculation.labels,
        label_column=block.column - 1,
    )


def _unused(calculation: Calculation, part: Stage) -> str:
    """Said beside the title of a table that takes no part. The embeddings always do."""
    return "" if part == Stage.X or part in calculation.variant.parts else " (not used by this way to attend)"


def _score_tables(calculation: Calculation, blocks: Mapping[str, Block]) -> list[Table]:
    variant, attention, labels = calculation.variant, calculation.attention, calculation.labels
    query, key = blocks[variant.query], blocks[variant.key]
    scores, mask = blocks["scores"], blocks["mask"]

    def score(row: int, column: int) -> str:
        return f"=SUMPRODUCT({_VECTORS}!{query.across(row)},{_VECTORS}!{key.across(column, '$$')})"

    always = [mask.table(len(labels)) for mask in calculation.masks if mask.id not in calculation.experiment.masks]
    switched = {f'{NAME_PREFIX}{mask.id}="on"': mask.table(len(labels)) for mask in MASKS.values()}

    def may_look(row: int, column: int) -> str:
        if not all(table[row, column] for table in always):
            return "=0"
        forbid = [is_on for is_on, table in switched.items() if not table[row, column]]
        if not forbid:
            return "=1"
        return f"=IF({forbid[0]},0,1)" if len(forbid) == 1 else f"=IF(OR({','.join(forbid)}),0,1)"

    def scaled_score(row: int, column: int) -> str:
        place = row, column
        return f'=IF({mask.cell(*place)}=1,{scores.cell(*place)}/{NAME_PREFIX}divisor,"{FORBIDDEN}")'

    root = f'=IF({NAME_PREFIX}scaling="on",SQRT(COLUMNS({NAME_PREFIX}{variant.key})),1)'
    allowed = calculation.allowed
    text_or_number = np.where(allowed, attention.scaled_scores.astype(object), FORBIDDEN).tolist()
    square = partial(Table, labels=labels, below=True)
    names = f"{STAGES[variant.query].symbol} and of {STAGES[variant.key].symbol}"
    return [
        Table("divisor", blocks["divisor"], [[calculation.divisor]], lambda row, column: root, labels=["divisor"]),
        square(
            "scores",
            scores,
            attention.scores,
            score,
            title=f"Raw scores: products of the rows of {names}, added up",
            headings=labels,
            heat="signed",
        ),
        square(
            "mask",
            mask,
            allowed.astype(float),
            may_look,
            whole=True,
            title="Mask: 1 where the word of the row may look",
        ),
        square(
            "scaled_scores",
            blocks["scaled_scores"],
            text_or_number,
            scaled_score,
            title=f"Scaled scores: raw scores ÷ divisor; {FORBIDDEN} where the mask is 0",
            heat="signed",
        ),
    ]


def _softmax_tables(calculation: Calculation, blocks: Mapping[str, Block]) -> list[Table]:
    scaled, labels = calculation.attention.scaled_scores, calculation.labels
    top = np.where(calculation.allowed.any(1), scaled.max(1), 0.0)[:, None]
    powers = calculation.exponentials
    scores, largest, totals, exponentials = (
        blocks[name] for name in ("scaled_scores", "largest", "totals", "exponentials")
    )

    def exponential(row: int, column: int) -> str:
        score = f"{_SCORES}!{scores.cell(row, column)}"
        return f"=IF(ISNUMBER({score}),EXP({score}-{largest.cell(row, 0, '$B')}),0)"

    def weight(row: int, column: int) -> str:
        total = totals.cell(row, 0, "$B")
        return f"=IF({total}=0,0,{exponentials.cell(row, column)}/{total})"

    return [
        Table(
            "largest",
            largest,
            top,
            lambda row, column: f"=MAX({_SCORES}!{scores.across(row)})",
            title="Exponentials: e to the power of (scaled score − largest of its row)",
            headings=["largest"],
            labels=labels,
            below=True,
        ),
        Table(
            "totals",
            totals,
            powers.sum(1, keepdims=True),
            lambda row, column: f"=SUM({exponentials.across(row)})",
            headings=["sum"],
            below=True,
        ),
        Table("exponentials", exponentials, powers, exponential, headings=labels, below=True),
        Table(
            "weights",
            blocks["weights"],
            calculation.attention.weights,
            weight,
            title="Weights: exponentials ÷ their sum",
            labels=labels,
            heat="weights",
            below=True,
        ),
    ]


def _context_table(calculation: Calculation, blocks: Mapping[str, Block]) -> Table:
    variant, block = calculation.variant, blocks["context"]
    x, value, weights = blocks["x"], blocks[variant.value], blocks["weights"]

    def mixed(row: int, column: int) -> str:
        own = f"+{_VECTORS}!{x.cell(row, column)}" if variant.adds_itself else ""
        return f"=SUMPRODUCT(MMULT({_SOFTMAX}!{weights.across(row)},{_VECTORS}!{value.down(column)})){own}"

    return Table(
        "context",
        block,
        calculation.context,
        mixed,
        title=f"Context = weights · {STAGES[variant.value].symbol}" + (" + X" if variant.adds_itself else ""),
        headings=stage_columns(calculation, variant.value),
        labels=calculation.labels,
        heat="signed",
    )


def _read_me(calculation: Calculation, tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Heading and text of each row of the first sheet."""
    experiment, variant = calculation.experiment, calculation.variant
    first = next(table.block.cell(0, 0) for table in tables if table.name == "embeddings")
    names = ", ".join(NAME_PREFIX + name for name in (*_SWITCHES, *(table.name for table in tables)))
    example = EXAMPLES.get(experiment.example)
    return [
        ("Sentence", experiment.sentence),
        ("Way to attend", f"{variant.name}. {variant.summary}"),
        ("", f"Source: {variant.source}"),
        *CONTENTS.items(),
        ("Yellow cells", f"The inputs, all on the sheet {_INPUTS}. All other numbers are formulas."),
        *_what_to_switch(experiment),
        ("", f"Change the number in {_INPUTS}!{first} and watch {_CONTEXT}."),
        ("", "Click a number to see the formula that made it."),
        ("Forbidden", f"Where a word may not look, its score is {FORBIDDEN} and its weight 0."),
        *([("Example", f"It began with “{example.title}”. {_without_marks(example.source)}")] if example else []),
        ("The numbers", f"The column {NOTE_COLUMN} of {_INPUTS} says where the embeddings come from."),
        ("", "hand-set: from a small lexicon whose columns can be read by a person; nothing in it was learned."),
        ("", "as dollar: a form or a translation of that word, with its numbers. like cat: said to be like it."),
        ("", "unknown word: zeros, because nothing is known of it."),
        ("", "made up: small numbers that follow from the spelling of the word and mean nothing."),
        ("", "from the example: as the example gives them. A number that was changed tells what it was."),
        ("Names", f"Each table and switch has a name that formulas can use: {names}."),
    ]


def _switches(experiment: Experiment) -> dict[str, bool]:
    return {"scaling": experiment.scaled} | {mask: mask in experiment.masks for mask in MASKS}


def _what_to_switch(experiment: Experiment) -> list[tuple[str, str]]:
    """A line for each switch, to turn it the other way."""
    lines = []
    for name, is_on in _switches(experiment).items():
        called = _SWITCH_LABELS[name] if name == "scaling" else f"the {_SWITCH_LABELS[name]}"
        place, watched = f"{_INPUTS}!{_SWITCHES[name].cell(0, 0)}", _SOFTMAX if name == "scaling" else _SCORES
        lines.append(f"Switch {called} {'off' if is_on else 'on'} in {place} and watch {watched}.")
    return list(zip(["Try", *[""] * len(lines)], lines, strict=False))


def _without_marks(markdown: str) -> str:
    """Our own short texts without the stars of their emphasis."""
    return markdown.replace("*", "")


# --- writing ---------------------------------------------------------------------------------------------------------


class _Writer:
    """A workbook that is being written, and the formats of its cells."""

    def __init__(self, book: Workbook, decimals: int) -> None:
        self.book = book
        self.decimals = decimals
        book.set_properties({"title": TITLE, "created": _MADE})
        number = {"num_format": f"0.{'0' * decimals}" if decimals else "0", "align": "right"}
        ground = {"bg_color": _INPUT_GROUND, "border": 1, "border_color": "#d9cf9a"}
        self._number = book.add_format(number)
        self._whole = book.add_format({"num_format": "0", "align": "right"})
        self._input = book.add_format(number | ground)
        self._switch = book.add_format({"align": "center", "bold": True} | ground)
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._heading = book.add_format({"bold": True, "align": "right"})
        self._label = book.add_format({"bold": True, "align": "left"})
        self._hint = book.add_format({"font_color": GREY, "italic": True})
        self._note = book.add_format({"font_color": GREY, "italic": True, "indent": 1})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._key = book.add_format({"bold": True, "valign": "top"})
        self._link = book.add_format({"hyperlink": True, "valign": "top"})
        self._light_ink = book.add_format({"font_color": LIGHT_INK})

    def write_sheets(self, tables: Sequence[Table]) -> None:
        """The empty sheets with their titles and widths, and the names of all tables."""
        for name in (_READ_ME, *CONTENTS):
            self.book.add_worksheet(name).hide_gridlines(2)
        for name, holds in CONTENTS.items():
            sheet = self._sheet(name)
            _write_text(sheet, 0, 0, name, self._title)
            _write_text(sheet, 1, 0, holds, self._hint)
            self._set_widths(sheet, [table for table in tables if table.block.sheet == name])
        self._sheet(_INPUTS).freeze_panes(_FIRST_INPUT_ROW, 1)
        for name in (_VECTORS, _CONTEXT):
            self._sheet(name).freeze_panes(_FIRST_ROW, 1)
        for name in (_SCORES, _SOFTMAX):
            self._sheet(name).freeze_panes(_FIRST_ROW - 1, 1)
        for table in tables:
            self.book.define_name(NAME_PREFIX + table.name, f"={table.block.sheet}!{table.block.range}")

    def _set_widths(self, sheet: Worksheet, tables: Sequence[Table]) -> None:
        """Numbers are equally wide on a whole sheet; labels and notes as they need."""
        numbers = [cell for table in tables for row in table.numbers for cell in row if not isinstance(cell, str)]
        texts = [shown(number, self.decimals) for number in (min(numbers), max(numbers))]
        headings = [heading for table in tables for heading in table.headings]
        last = max(table.block.corners[3] for table in tables)
        sheet.set_column(1, last, _width([*texts, *headings]))
        for table in tables:
            if table.labels:
                narrowest = 0 if table.label_column else _FIRST_COLUMN_WIDTH
                sheet.set_column(table.label_column, table.label_column, max(_width(table.labels), narrowest))
            if table.notes:
                behind = table.block.column + table.block.columns
                sheet.set_column(behind, behind, _width(table.notes))

    def write_read_me(self, rows: Sequence[tuple[str, str]], link: str) -> None:
        sheet = self._sheet(_READ_ME)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, _TEXT_WIDTH)
        _write_text(sheet, 0, 0, TITLE, self._title)
        for row, (heading, text) in enumerate(rows, start=2):
            _write_text(sheet, row, 0, heading, self._key)
            _write_text(sheet, row, 1, text, self._text)
            lines = min(-(-len(text) // _LETTERS_A_LINE), _MAX_LINES)
            sheet.set_row(row, _LINE_HEIGHT * lines)
            if heading in CONTENTS:
                sheet.write_url(row, 0, f"internal:'{heading}'!A1", self._link, heading)
        if link:
            row = len(rows) + 2
            _write_text(sheet, row, 0, "Open it again", self._key)
            self._write_link(sheet, row, link)

    def _write_link(self, sheet: Worksheet, row: int, link: str) -> None:
        if len(link) > _MAX_TEXT:
            _write_text(sheet, row, 1, "The address of this experiment is too long for a cell.", self._text)
        elif len(link) > _MAX_URL or not link.startswith(("http://", "https://")):
            _write_text(sheet, row, 1, link, self._text)
        else:
            sheet.write_url(row, 1, link, self._link, "This experiment in the playground")

    def write_switches(self, switches: Mapping[str, bool]) -> None:
        sheet = self._sheet(_INPUTS)
        for name, block in _SWITCHES.items():
            _write_text(sheet, block.row, 0, _SWITCH_LABELS[name], self._label)
            _write_text(sheet, block.row, 1, "on" if switches[name] else "off", self._switch)
            sheet.data_validation(*block.corners, {"validate": "list", "source": ["on", "off"]})
            self.book.define_name(NAME_PREFIX + name, f"={_INPUTS}!{block.range}")

    def write_table(self, table: Table) -> Iterator[int]:
        """Write it row by row, telling how many numbers each row has."""
        block, sheet = table.block, self._sheet(table.block.sheet)
        title_row, heading_row = (block.row - 1, block.row - 2) if table.below else (block.row - 2, block.row - 1)
        if table.title:
            title = self.book.add_format({"bold": True, "font_color": table.colour})
            _write_text(sheet, title_row, table.label_column, table.title, title)
        for place, heading in enumerate(table.headings):
            _write_text(sheet, heading_row, block.column + place, heading, self._heading)
        for place, label in enumerate(table.labels):
            _write_text(sheet, block.row + place, table.label_column, label, self._label)
        if table.notes:
            behind = block.column + block.columns
            for place, note in enumerate((NOTE_COLUMN, *table.notes)):
                _write_text(sheet, block.row - 1 + place, behind, note, self._note)
        if table.formula is None:
            self._accept_only_numbers(sheet, block)
        self._colour(sheet, table)
        number_format = self._whole if table.whole else self._number
        for row, numbers in enumerate(table.numbers):
            for column, number in enumerate(numbers):
                at = block.row + row, block.column + column
                value = number if isinstance(number, str) else float(number) + 0.0  # which turns -0.0 into 0.0
                if table.formula is None:
                    sheet.write_number(*at, value, self._input)
                else:
                    sheet.write_formula(*at, table.formula(row, column), number_format, value)
            yield block.columns

    def _accept_only_numbers(self, sheet: Worksheet, block: Block) -> None:
        limits = {"criteria": "between", "minimum": -MAX_MAGNITUDE, "maximum": MAX_MAGNITUDE}
        told = f"A number from -{MAX_MAGNITUDE:,.0f} to {MAX_MAGNITUDE:,.0f} works here."
        sheet.data_validation(*block.corners, {"validate": "decimal", "error_message": told, **limits})

    def _colour(self, sheet: Worksheet, table: Table) -> None:
        block = table.block
        if table.heat == "weights":
            kind, limits, colours = "num", ("0", "0.5", "1"), SEQUENTIAL[::2]
            turn = INK_TURNS_LIGHT["weights"]
            light = {"type": "cell", "criteria": ">", "value": turn, "format": self._light_ink}
            sheet.conditional_format(*block.corners, light)
        elif table.heat == "signed":
            greatest = f"MAX(MAX({block.range}),-MIN({block.range}))"
            kind, limits = "formula", (f"=-{greatest}", "=0", f"={greatest}")
            colours = DIVERGING[1::2]  # not the very ends, on which black figures cannot be read
        else:
            return
        scale = {"type": "3_color_scale"}
        for end, limit, colour in zip(("min", "mid", "max"), limits, colours, strict=True):
            scale |= {f"{end}_type": kind, f"{end}_value": limit, f"{end}_color": colour}
        sheet.conditional_format(*block.corners, scale)

    def _sheet(self, name: str) -> Worksheet:
        return self.book.get_worksheet_by_name(name)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, text_format: Format) -> None:
    """As text, whatever it looks like. Half a surrogate pair, which no file can hold, becomes a question mark."""
    sheet.write_string(row, column, text.encode("utf-8", "replace").decode(), text_format)


def _width(texts: Sequence[str]) -> int:
    """Of a column, in characters."""
    return min(max((len(text) for text in texts), default=0) + 2, _MAX_WIDTH)
