"""The tables of the spreadsheet: their formulas, and the numbers that the core gives for them."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from attention_core import STAGES, Calculation, Stage
from attention_core.masks import MASKS, NEIGHBOURS
from attention_core.positions import OWN
from attention_core.stages import EDITED, PARTS, TABLE_OF
from exports.sheet_layout import FORBIDDEN, INPUTS, NAME_PREFIX, SCORES, SOFTMAX, VECTORS, Block, Table, blocks_of
from presentation.palette import colour_of
from presentation.tables import notes, stage_columns, stage_rows


def tables_of(calculation: Calculation) -> list[Table]:
    """Every table with its formulas and what they give, in the order of the sheets."""
    blocks = blocks_of(calculation)
    return [
        *(_input_table(calculation, name, blocks[name]) for name in EDITED),
        *([_positions_table(calculation, blocks)] if calculation.word_order.adds else ()),
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


def _positions_table(calculation: Calculation, blocks: Mapping[str, Block]) -> Table:
    """What each place adds: numbers to change, or waves of the base that stands among the inputs."""
    block = blocks[Stage.POSITIONS]
    size = calculation.experiment.d_model

    def wave(row: int, column: int) -> str:
        angle = f"{row}/{NAME_PREFIX}wave_base^({column - column % 2}/{size})"
        return f"={'COS' if column % 2 else 'SIN'}({angle})"

    return Table(
        Stage.POSITIONS,
        block,
        calculation.positions,
        None if calculation.word_order is OWN else wave,
        title="P, what each place adds",
        colour=colour_of(Stage.POSITIONS),
        headings=stage_columns(calculation, Stage.POSITIONS),
        labels=calculation.labels,
        label_column=block.column - 1,
    )


def _vector_table(calculation: Calculation, name: Stage, blocks: Mapping[str, Block]) -> Table:
    block, x, embeddings = blocks[name], blocks["x"], blocks["embeddings"]
    experiment = calculation.experiment

    def embedding(row: int, column: int) -> str:
        given = f"={INPUTS}!{embeddings.cell(int(experiment.vocabulary_index[row]), column)}"
        if not calculation.word_order.adds:
            return given
        positions = blocks[Stage.POSITIONS]
        return f"{given}+{positions.sheet}!{positions.cell(row, column)}"

    def projection(row: int, column: int) -> str:
        weights = blocks[TABLE_OF[name]]
        products = (f"{x.cell(row, i, '$B')}*{INPUTS}!{weights.cell(i, column, '$5')}" for i in range(x.columns))
        return "=" + "+".join(products)

    given = name == Stage.X
    added = ", with what the place adds" if calculation.word_order.adds else ""
    symbol = STAGES[name].symbol
    title = (
        f"{symbol}, the embedding at each position{added}"
        if given
        else f"{symbol} = X · {STAGES[TABLE_OF[name]].symbol}"
    )
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
        return f"=SUMPRODUCT({VECTORS}!{query.across(row)},{VECTORS}!{key.across(column, '$$')})"

    masks = {id: mask.of(calculation.experiment).table(len(labels)) for id, mask in MASKS.items()}

    def may_look(row: int, column: int) -> str:
        if row == column and not variant.scores_itself:
            return "=0"
        forbid = [f'{NAME_PREFIX}{id}="on"' for id in masks if id != NEIGHBOURS.id and not masks[id][row, column]]
        if row != column:  # how far neighbours reach is a number of the sheet, so that the formula asks for it
            away = f"{abs(row - column)}>{NAME_PREFIX}neighbour_count"
            forbid.append(f'AND({NAME_PREFIX}{NEIGHBOURS.id}="on",{away})')
        if not forbid:
            return "=1"
        return f"=IF({forbid[0]},0,1)" if len(forbid) == 1 else f"=IF(OR({','.join(forbid)}),0,1)"

    def scaled_score(row: int, column: int) -> str:
        place = row, column
        return f'=IF({mask.cell(*place)}=1,{scores.cell(*place)}/{NAME_PREFIX}divisor,"{FORBIDDEN}")'

    own, usual = f"{NAME_PREFIX}own_divisor", f"SQRT(COLUMNS({NAME_PREFIX}{variant.key}))"
    root = f'=IF({NAME_PREFIX}scaling="on",IF(ISNUMBER({own}),{own},{usual}),1)'
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
        score = f"{SCORES}!{scores.cell(row, column)}"
        return f"=IF(ISNUMBER({score}),EXP({score}-{largest.cell(row, 0, '$B')}),0)"

    def weight(row: int, column: int) -> str:
        total = totals.cell(row, 0, "$B")
        return f"=IF({total}=0,0,{exponentials.cell(row, column)}/{total})"

    return [
        Table(
            "largest",
            largest,
            top,
            lambda row, column: f"=MAX({SCORES}!{scores.across(row)})",
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
        own = f"+{VECTORS}!{x.cell(row, column)}" if variant.adds_itself else ""
        return f"=SUMPRODUCT(MMULT({SOFTMAX}!{weights.across(row)},{VECTORS}!{value.down(column)})){own}"

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
