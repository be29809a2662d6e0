"""The tables of the spreadsheet from scores to context: formulas, and the numbers that the core gives for them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypedDict

import numpy as np

from attention_core import STAGES, Calculation, Stage
from attention_core.masks import MASKS, NEIGHBOURS, OWN
from attention_core.stages import TURNED
from exports.sheet_layout import (
    DIVISOR,
    FIRST_ROW,
    FORBIDDEN,
    LARGEST,
    MASK_TABLE,
    NAME_PREFIX,
    OWN_LOOKS,
    TOTALS,
    Block,
    Layout,
    Table,
)
from presentation.palette import colour_of
from presentation.tables import stage_columns

Blocks = Mapping[str, Block]


def divisor_table(calculation: Calculation, layout: Layout) -> Table:
    own = f"{NAME_PREFIX}own_divisor"
    key = f"{NAME_PREFIX}{layout.name(0, calculation.variant.key)}"
    root = f'=IF({NAME_PREFIX}scaling="on",IF(ISNUMBER({own}),{own},SQRT(COLUMNS({key}))),1)'
    block = layout.blocks[DIVISOR]
    return Table(DIVISOR, block, [[calculation.divisor]], lambda row, column: root, labels=["divisor"])


def mask_tables(calculation: Calculation, blocks: Blocks) -> list[Table]:
    """Who may look at whom, and before it, where there is a table for that, what was forbidden by hand."""
    labels, experiment = calculation.labels, calculation.experiment
    n = len(labels)
    masks = {id: mask.of(experiment).table(n) for id, mask in MASKS.items()}
    own = blocks.get(OWN_LOOKS)
    by_rule = [id for id in masks if id not in (NEIGHBOURS.id, *((OWN.id,) if own else ()))]

    def may_look(row: int, column: int) -> str:
        if row == column and not calculation.variant.scores_itself:
            return "=0"
        forbid = [f'{NAME_PREFIX}{id}="on"' for id in by_rule if not masks[id][row, column]]
        if row != column:  # how far neighbours reach is a number of the sheet, so that the formula asks for it
            away = f"{abs(row - column)}>{NAME_PREFIX}neighbour_count"
            forbid.append(f'AND({NAME_PREFIX}{NEIGHBOURS.id}="on",{away})')
        if own:
            forbid.append(f'AND({NAME_PREFIX}{OWN.id}="on",{own.cell(row, column)}=0)')
        if not forbid:
            return "=1"
        return f"=IF({forbid[0]},0,1)" if len(forbid) == 1 else f"=IF(OR({','.join(forbid)}),0,1)"

    block = blocks[MASK_TABLE]
    below = own is None
    square = partial(Table, labels=labels, whole=True, below=below, headings=() if below else labels)
    allowed = calculation.allowed.astype(float)
    tables = [square(MASK_TABLE, block, allowed, may_look, title="Mask: 1 where the word of the row may look")]
    if own:
        by_hand = masks[OWN.id].astype(float)
        title = f"Own mask: 1, or 0 where a word may not look while {MASKS[OWN.id].name.lower()} is on"
        tables.insert(0, square(OWN_LOOKS, own, by_hand, title=title, limits=(0, 1)))
    return tables


def steps_of(calculation: Calculation, blocks: Blocks, layout: Layout) -> list[Table]:
    """A head's scores, scaled scores, exponentials and weights."""
    return [*_score_tables(calculation, blocks, layout), *_softmax_tables(calculation, blocks)]


class _Around(TypedDict, total=False):
    """What stands around a square."""

    labels: Sequence[str]
    headings: Sequence[str]
    below: bool


def _around(block: Block, calculation: Calculation) -> _Around:
    """Where a sheet has nothing but squares, one stands right below the other, with headings above the first."""
    below = not calculation.joins
    headings = calculation.labels if not below or block.row == FIRST_ROW else ()
    return {"labels": calculation.labels, "below": below, "headings": headings}


def _score_tables(calculation: Calculation, blocks: Blocks, layout: Layout) -> list[Table]:
    variant, attention = calculation.variant, calculation.attention
    compared = TURNED if layout.has_order else (variant.query, variant.key)
    query, key = (blocks[stage] for stage in compared)
    scores, scaled, mask = blocks[Stage.SCORES], blocks[Stage.SCALED_SCORES], blocks[MASK_TABLE]

    def score(row: int, column: int) -> str:
        rows = f"{query.seen_from(scores)}{query.across(row)}", f"{key.seen_from(scores)}{key.across(column, '$$')}"
        return f"=SUMPRODUCT({','.join(rows)})"

    def scaled_score(row: int, column: int) -> str:
        place = row, column
        divided = f"{scores.cell(*place)}/{NAME_PREFIX}divisor"
        return f'=IF({mask.seen_from(scaled)}{mask.cell(*place)}=1,{divided},"{FORBIDDEN}")'

    text_or_number = np.where(calculation.allowed, attention.scaled_scores.astype(object), FORBIDDEN).tolist()
    names = " and of ".join(STAGES[stage].symbol for stage in compared)
    divided = f"Scaled scores: raw scores ÷ divisor; {FORBIDDEN} where the mask is 0"
    return [
        Table(
            Stage.SCORES,
            scores,
            attention.scores,
            score,
            title=f"Raw scores: products of the rows of {names}, added up",
            heat="signed",
            **_around(scores, calculation),
        ),
        Table(
            Stage.SCALED_SCORES,
            scaled,
            text_or_number,
            scaled_score,
            title=divided,
            heat="signed",
            **_around(scaled, calculation),
        ),
    ]


def _softmax_tables(calculation: Calculation, blocks: Blocks) -> list[Table]:
    scaled = calculation.attention.scaled_scores
    top = np.where(calculation.allowed.any(1), scaled.max(1), 0.0)[:, None]
    powers = calculation.exponentials
    scores, largest, totals, exponentials, weights = (
        blocks[name] for name in (Stage.SCALED_SCORES, LARGEST, TOTALS, Stage.EXPONENTIALS, Stage.WEIGHTS)
    )
    taken = scores.seen_from(exponentials)

    def exponential(row: int, column: int) -> str:
        score = f"{taken}{scores.cell(row, column)}"
        return f"=IF(ISNUMBER({score}),EXP({score}-{largest.cell(row, 0, '$B')}),0)"

    def weight(row: int, column: int) -> str:
        total = totals.cell(row, 0, "$B")
        return f"=IF({total}=0,0,{exponentials.cell(row, column)}/{total})"

    labels, below = calculation.labels, not calculation.joins
    return [
        Table(
            LARGEST,
            largest,
            top,
            lambda row, column: f"=MAX({taken}{scores.across(row)})",
            title="Exponentials: e to the power of (scaled score − largest of its row)",
            labels=labels,
            headings=["largest"],
            below=below,
        ),
        Table(
            TOTALS,
            totals,
            powers.sum(1, keepdims=True),
            lambda row, column: f"=SUM({exponentials.across(row)})",
            headings=["sum"],
            below=below,
        ),
        Table(Stage.EXPONENTIALS, exponentials, powers, exponential, headings=labels, below=below),
        Table(
            Stage.WEIGHTS,
            weights,
            calculation.attention.weights,
            weight,
            title="Weights: exponentials ÷ their sum",
            heat="weights",
            **_around(weights, calculation),
        ),
    ]


def head_context_table(calculation: Calculation, blocks: Blocks) -> Table:
    """What one of several heads makes of the words."""
    block = blocks[Stage.HEAD_CONTEXT]
    return Table(
        Stage.HEAD_CONTEXT,
        block,
        calculation.head_context,
        lambda row, column: f"={_mixed(calculation, blocks, block, row, column)}",
        title=f"What this head makes: weights · {STAGES[calculation.variant.value].symbol}",
        colour=colour_of(Stage.HEAD_CONTEXT),
        headings=stage_columns(calculation, Stage.HEAD_CONTEXT),
        labels=calculation.labels,
        label_column=block.column - 1,
        heat="signed",
    )


def context_table(calculation: Calculation, blocks: Blocks) -> Table:
    """What attention makes of the words: of one head, or of all of them side by side through W_O."""
    variant, block, x = calculation.variant, blocks[Stage.CONTEXT], blocks[Stage.X]

    def made(row: int, column: int) -> str:
        if not calculation.joins:
            return _mixed(calculation, blocks, block, row, column)
        joined, output = blocks[Stage.JOINED], blocks[Stage.W_O]
        return f"SUMPRODUCT(MMULT({joined.across(row)},{output.down(column)}))"

    def formula(row: int, column: int) -> str:
        own = f"+{x.seen_from(block)}{x.cell(row, column)}" if variant.adds_itself else ""
        return f"={made(row, column)}{own}"

    product = (
        f"heads · {STAGES[Stage.W_O].symbol}" if calculation.joins else f"weights · {STAGES[variant.value].symbol}"
    )
    return Table(
        Stage.CONTEXT,
        block,
        calculation.context,
        formula,
        title=f"Context = {product}" + (" + X" if variant.adds_itself else ""),
        headings=stage_columns(calculation, Stage.CONTEXT if calculation.joins else variant.value),
        labels=calculation.labels,
        label_column=block.column - 1,
        heat="signed",
    )


def _mixed(calculation: Calculation, blocks: Blocks, block: Block, row: int, column: int) -> str:
    """A number of the weighted sum of vectors, for a formula of the block."""
    weights, value = blocks[Stage.WEIGHTS], blocks[calculation.variant.value]
    rows = f"{weights.seen_from(block)}{weights.across(row)}", f"{value.seen_from(block)}{value.down(column)}"
    return f"SUMPRODUCT(MMULT({','.join(rows)}))"
