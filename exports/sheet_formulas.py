"""The tables of the spreadsheet up to what is compared: inputs, word order, vectors, and those of all heads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from attention_core import STAGES, Calculation, Stage
from attention_core.positions import NONE, OWN, ROTARY, SINUSOIDAL, angles
from attention_core.stages import EDITED, PROJECTED, TABLE_OF, TURNED
from exports.sheet_attention import context_table, divisor_table, head_context_table, mask_tables, steps_of
from exports.sheet_layout import ANGLES, NAME_PREFIX, OWN_POSITIONS, WORD_ORDER, Block, Formula, Layout, Table
from presentation.palette import colour_of
from presentation.tables import notes, stage_columns, stage_rows

Blocks = Mapping[str, Block]


def tables_of(calculation: Calculation, layout: Layout) -> list[Table]:
    """Every table with its formulas and what they give, in the order of the sheets."""
    heads = (
        [calculation.of_head(place) for place in range(len(calculation.heads))] if calculation.joins else [calculation]
    )
    shared = layout.blocks
    tables = [
        *(_input_table(calculation, stage, shared[stage]) for stage in EDITED if stage in shared),
        *(_order_tables(calculation, shared) if layout.has_order else ()),
        _embedded(calculation, layout),
        divisor_table(calculation, layout),
        *mask_tables(calculation, shared),
    ]
    for place, (head, blocks) in enumerate(zip(heads, layout.heads, strict=True)):
        own = [
            *(_input_table(head, stage, blocks[stage]) for stage in EDITED if stage not in shared and stage in blocks),
            *(_projected(head, part, blocks) for part in PROJECTED if part in blocks),
            *(_turned(head, stage, blocks) for stage in TURNED if stage in blocks),
            *steps_of(head, blocks, layout),
            *([head_context_table(head, blocks)] if calculation.joins else ()),
        ]
        tables += [replace(table, name=layout.name(place, table.name)) for table in own]
    if calculation.joins:
        tables += [_joined(calculation, layout), _input_table(calculation, Stage.W_O, shared[Stage.W_O])]
    sheets = list(layout.contents)
    return sorted(
        [*tables, context_table(calculation, shared)],
        key=lambda table: (sheets.index(table.block.sheet), table.block.row, table.block.column),
    )


def _labelled(
    calculation: Calculation,
    stage: Stage,
    block: Block,
    formula: Formula | None,
    *,
    title: str,
    told: Sequence[str] = (),
) -> Table:
    """A stage with the names of its rows and columns around it."""
    return Table(
        stage,
        block,
        calculation.table(stage),
        formula,
        title=title,
        colour=colour_of(stage),
        headings=stage_columns(calculation, stage),
        labels=stage_rows(calculation, stage),
        label_column=block.column - 1,
        notes=told,
    )


def _input_table(calculation: Calculation, stage: Stage, block: Block) -> Table:
    made = next((part for part, table in TABLE_OF.items() if table == stage), Stage.X)
    title = "Embeddings, a row for each different word" if stage is Stage.EMBEDDINGS else STAGES[stage].symbol
    title += _unused(calculation, made)
    told = notes(calculation.experiment, stage) if stage in EDITED else ()
    return _labelled(calculation, stage, block, None, title=title, told=told)


def _order_tables(calculation: Calculation, blocks: Blocks) -> list[Table]:
    """Numbers that a person gives each place; what is added where; and by how much each place turns."""
    block, given = blocks[Stage.POSITIONS], blocks[OWN_POSITIONS]
    experiment, way = calculation.experiment, calculation.variant
    chosen = f"{NAME_PREFIX}{WORD_ORDER}"

    def added(row: int, column: int) -> str:
        angle = _angle(row, column - column % 2, experiment.d_model)
        wave = f"{'COS' if column % 2 else 'SIN'}({angle})"
        own = f"{given.seen_from(block)}{given.cell(row, column)}"
        return f'=IF({chosen}="{SINUSOIDAL.name}",{wave},IF({chosen}="{OWN.name}",{own},0))'

    order = f"while word order is “{OWN.name}”"
    own_table = Table(
        OWN_POSITIONS,
        given,
        OWN.table(experiment),
        title=f"What each place adds {order}",
        colour=colour_of(Stage.POSITIONS),
        headings=experiment.dimensions,
        labels=calculation.labels,
        label_column=given.column - 1,
    )
    title = f"P, what each place adds; 0 where word order is “{NONE.name}” or “{ROTARY.name}”"
    tables = [own_table, _labelled(calculation, Stage.POSITIONS, block, added, title=title)]
    if ANGLES in blocks:
        size = experiment.size(way.key)
        turning = angles(range(len(calculation.words)), size, experiment.position_base)
        angle_block = blocks[ANGLES]
        tables.append(
            Table(
                ANGLES,
                angle_block,
                turning if calculation.word_order.turns else np.zeros_like(turning),
                lambda row, pair: f'=IF({chosen}="{ROTARY.name}",{_angle(row, 2 * pair, size)},0)',
                title=f"Angle, in radians, by which each place turns a pair; 0 unless word order is “{ROTARY.name}”",
                headings=[f"pair {pair}" for pair in range(1, angle_block.columns + 1)],
                labels=calculation.labels,
                label_column=angle_block.column - 1,
            )
        )
    return tables


def _angle(place: int, exponent: int, size: int) -> str:
    return f"{place}/{NAME_PREFIX}wave_base^({exponent}/{size})"


def _embedded(calculation: Calculation, layout: Layout) -> Table:
    """X: the embedding of the word at each place, with what the place adds."""
    blocks, experiment = layout.blocks, calculation.experiment
    block, embeddings = blocks[Stage.X], blocks[Stage.EMBEDDINGS]

    def embedding(row: int, column: int) -> str:
        place = embeddings.cell(int(experiment.vocabulary_index[row]), column)
        given = f"={embeddings.seen_from(block)}{place}"
        if not layout.has_order:
            return given
        positions = blocks[Stage.POSITIONS]
        return f"{given}+{positions.seen_from(block)}{positions.cell(row, column)}"

    added = ", with what the place adds" if layout.has_order else ""
    title = f"{STAGES[Stage.X].symbol}, the embedding at each position{added}"
    return _labelled(calculation, Stage.X, block, embedding, title=title)


def _projected(calculation: Calculation, part: Stage, blocks: Blocks) -> Table:
    block, x, weights = blocks[part], blocks[Stage.X], blocks[TABLE_OF[part]]

    def projection(row: int, column: int) -> str:
        products = (
            f"{x.seen_from(block)}{x.cell(row, i, '$B')}*{weights.seen_from(block)}{weights.cell(i, column, '$5')}"
            for i in range(x.columns)
        )
        return "=" + "+".join(products)

    title = f"{STAGES[part].symbol} = X · {STAGES[TABLE_OF[part]].symbol}{_unused(calculation, part)}"
    return _labelled(calculation, part, block, projection, title=title)


def _unused(calculation: Calculation, part: Stage) -> str:
    """Said beside the title of a table that takes no part. The embeddings always do."""
    return "" if part == Stage.X or part in calculation.variant.parts else " (not used by this way to attend)"


def _turned(calculation: Calculation, stage: Stage, blocks: Blocks) -> Table:
    """Each pair of neighbouring numbers turned by the angle of its place; the last of an odd number stays."""
    (made_from,) = STAGES[stage].made_from(calculation.variant)
    block, given = blocks[stage], blocks[made_from]
    before = given.seen_from(block)

    def turned(row: int, column: int) -> str:
        itself = f"{before}{given.cell(row, column)}"
        first = column - column % 2
        if first + 1 == given.columns:
            return f"={itself}"
        angles_of = blocks[ANGLES]
        angle = f"{angles_of.seen_from(block)}{angles_of.cell(row, column // 2, '$B')}"
        if column == first:
            return f"={itself}*COS({angle})-{before}{given.cell(row, column + 1)}*SIN({angle})"
        return f"={before}{given.cell(row, first)}*SIN({angle})+{itself}*COS({angle})"

    title = f"{STAGES[stage].symbol} = {STAGES[made_from].symbol}, turned"
    return _labelled(calculation, stage, block, turned, title=title)


def _joined(calculation: Calculation, layout: Layout) -> Table:
    block = layout.blocks[Stage.JOINED]
    size = block.columns // len(layout.heads)

    def side_by_side(row: int, column: int) -> str:
        made = layout.heads[column // size][Stage.HEAD_CONTEXT]
        return f"={made.seen_from(block)}{made.cell(row, column % size)}"

    return _labelled(calculation, Stage.JOINED, block, side_by_side, title="What the heads make, side by side")
