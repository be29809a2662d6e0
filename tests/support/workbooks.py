"""Workbooks of many experiments, and reading them by the names of their blocks."""

import io
import re
import zipfile
from dataclasses import replace
from functools import cache

import numpy as np
import openpyxl
from support.heads import some_heads

from attention_core import EXAMPLES, OPENING, VARIANTS, Experiment, attend
from exports.workbook import workbook

INPUTS = {"embeddings", "w_q", "w_k", "w_v"}


FORMULAS = {
    *("x", "q", "k", "v", "scores", "divisor", "mask", "scaled_scores"),
    *("largest", "totals", "exponentials", "weights", "context"),
}


TYPED = {*INPUTS, "own_positions", "own_looks", "w_o"}  # inputs of any workbook, without the number of a head


HOSTILE = "=1+1 +x @a {=1+1} http://x.y =SUM(A1) nan TRUE 1e5 2024 R1C1 <b>&amp;</b> 'quoted' \"too\" שלום 👩‍👩‍👧"


def small(sentence="The cat chased the mouse", **changes):
    """Every table has another shape, so that none can be taken for another."""
    numbers = np.random.default_rng(7)
    tables = {
        "w_q": numbers.normal(size=(3, 2)),
        "w_k": numbers.normal(size=(3, 2)),
        "w_v": numbers.normal(size=(3, 5)),
    }
    return Experiment(sentence, dimensions=("d1", "d2", "d3"), **tables | changes)


def has_order(experiment):
    """Whether the workbook has a switch for word order."""
    return attend(experiment).joins or experiment.positions != "none"


def expected(experiment):
    """What stands in every block, by the core; "–" where a word may not look."""
    calculation = attend(experiment)
    joins = calculation.joins
    found = {
        "embeddings": experiment.embeddings,
        "x": calculation.x,
        "divisor": [[calculation.divisor]],
        "mask": calculation.allowed.astype(float),
        "context": calculation.context,
    }
    if has_order(experiment):
        found |= places_of(calculation)
    if joins:
        found |= {"joined": calculation.joined, "w_o": calculation.w_o, "own_looks": looks_of(experiment)}
    for place in range(len(calculation.heads)):
        head = calculation.of_head(place) if joins else calculation
        prefix = f"head_{place + 1}_" if joins else ""
        found |= {f"{prefix}{name}": numbers for name, numbers in of_a_head(head).items()}
    return found


def of_a_head(head):
    attention = head.attention
    scaled = attention.scaled_scores
    largest = np.array([[max(row[np.isfinite(row)], default=0.0)] for row in scaled])
    exponentials = np.exp(scaled - largest)
    parts = [part for part in "qkv" if part in head.variant.parts or not head.joins]
    found = {f"w_{part}": getattr(head.experiment, f"w_{part}") for part in parts}
    found |= {part: head.table(part) for part in parts}
    if has_order(head.experiment):
        found |= {"turned_query": head.turned_query, "turned_key": head.turned_key}
    if head.joins:
        found["head_context"] = head.head_context
    return found | {
        "scores": attention.scores,
        "scaled_scores": scaled,
        "largest": largest,
        "totals": exponentials.sum(axis=1, keepdims=True),
        "exponentials": exponentials,
        "weights": attention.weights,
    }


def places_of(calculation):
    """What each place adds and by how much it turns, from plain loops."""
    experiment, n, d = calculation.experiment, len(calculation.words), calculation.turned_query.shape[1]
    turns = experiment.positions == "rotary"
    angles = [
        [place / experiment.position_base ** (2 * pair / d) if turns else 0 for pair in range(d // 2)]
        for place in range(n)
    ]
    own = np.zeros((n, experiment.d_model))
    for row, numbers in zip(own, experiment.position_rows, strict=False):
        row[:] = numbers
    return {"own_positions": own, "positions": calculation.positions} | ({"angles": angles} if d > 1 else {})


def looks_of(experiment):
    n = len(experiment.words)
    return [[float((row, column) not in experiment.forbidden) for column in range(n)] for row in range(n)]


def inputs_of(experiment):
    return {name for name in expected(experiment) if re.sub(r"^head_\d_", "", name) in TYPED}


def opened(file, **options):
    return openpyxl.load_workbook(io.BytesIO(file), **options)


def sheets_of(file):
    """What is written of all sheets, as XML."""
    inside = zipfile.ZipFile(io.BytesIO(file))
    return "".join(inside.read(name).decode() for name in inside.namelist() if "worksheets/sheet" in name)


def cells(book, name):
    """The cells of the range that a name stands for."""
    sheet, place = book.defined_names[f"attention_{name}"].attr_text.split("!")
    found = book[sheet.strip("'")][place.replace("$", "")]
    return found if isinstance(found, tuple) else ((found,),)


def values(book, name):
    return [[cell.value for cell in row] for row in cells(book, name)]


def all_cells(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def assert_calculated(book, experiment):
    for name, numbers in expected(experiment).items():
        found = [[-np.inf if value == "–" else value for value in row] for row in values(book, name)]
        if name in inputs_of(experiment):
            found = [[0 if value is None else value for value in row] for row in found]  # an empty cell counts as 0
        assert all(type(value) in (int, float) for row in found for value in row), name
        assert np.shape(found) == np.shape(numbers), name
        np.testing.assert_allclose(found, numbers, rtol=1e-9, atol=1e-9, err_msg=name)
    assert not [cell.coordinate for cell in all_cells(book) if cell.data_type == "e"]


def with_number(experiment, table, row, column, number):
    matrix = np.array(getattr(experiment, table))
    matrix[row, column] = number
    return experiment.with_embeddings(matrix) if table == "embeddings" else replace(experiment, **{table: matrix})


def type_number(table, row, column, number):
    def change(book):
        cells(book, table)[row][column].value = number

    return change


def turn(switch, position):
    def change(book):
        cells(book, switch)[0][0].value = position

    return change


def set_number(setting, number):
    def change(book):
        cells(book, setting)[0][0].value = number

    return change


def unchanged(book):
    pass


def cases():
    """Name -> the experiment of the workbook, what is typed into it, and the experiment that then must be in it."""
    found = {}
    for variant in VARIANTS:
        for scaled in (True, False):
            for causal in (True, False):
                same = small(variant=variant, scaled=scaled, masks=("causal",) * causal)
                found[f"{variant} scaled={scaled} causal={causal}"] = (same, unchanged, same)
        start = small(variant=variant)
        found |= {
            f"{variant} embedding typed": (
                start,
                type_number("embeddings", 0, 2, -2.5),
                with_number(start, "embeddings", 0, 2, -2.5),
            ),
            f"{variant} W_K typed": (start, type_number("w_k", 2, 1, 3.25), with_number(start, "w_k", 2, 1, 3.25)),
            f"{variant} W_V emptied": (start, type_number("w_v", 0, 0, None), with_number(start, "w_v", 0, 0, 0)),
            f"{variant} scaling switched": (start, turn("scaling", "off"), replace(start, scaled=False)),
            f"{variant} mask switched on": (start, turn("causal", "on"), replace(start, masks=("causal",))),
            f"{variant} mask switched off": (replace(start, masks=("causal",)), turn("causal", "off"), start),
        }
        found[f"{variant} one word"] = (small("alone", variant=variant),) * 2
        found[f"{variant} words like formulas"] = (small(HOSTILE, variant=variant),) * 2
    masked = small(masks=("not_itself", "neighbours", "own_mask"), forbidden=((0, 0), (3, 2), (9, 9)))
    waves = small(positions="sinusoidal", position_base=100)
    own_positions = np.arange(15.0).reshape(5, 3)
    own = small(positions="own", position_rows=own_positions)
    own_positions[3, 1] = 4.5
    start, itself = small(), small(variant="embeddings_only", masks=("not_itself", "own_mask"), forbidden=((0, 1),))
    found |= {
        "masks together": (masked,) * 2,
        "own mask switched off": (masked, turn("own_mask", "off"), masked.with_mask("own_mask", False)),
        "own mask switched on": (masked.with_mask("own_mask", False), turn("own_mask", "on"), masked),
        "not itself switched off": (masked, turn("not_itself", "off"), masked.with_mask("not_itself", False)),
        "no word may look at itself in this way": (
            itself,
            turn("not_itself", "off"),
            itself.with_mask("not_itself", False),
        ),
        "more neighbours": (masked, set_number("neighbour_count", 3), replace(masked, neighbours=3)),
        "waves": (waves, unchanged, waves),
        "waves of another base": (waves, set_number("wave_base", 50), replace(waves, position_base=50)),
        "own positions": (own, type_number("own_positions", 3, 1, 4.5), own.with_positions(own_positions)),
        "own divisor": (replace(start, divisor=0.25),) * 2,
        "own divisor typed": (start, set_number("own_divisor", 3), replace(start, divisor=3)),
        "own divisor emptied": (replace(start, divisor=0.25), set_number("own_divisor", None), start),
    }
    wide = OPENING.build().resized(d_model=16, d_k=16, d_v=16)
    found |= {
        **{example: (EXAMPLES[example].build(),) * 2 for example in EXAMPLES},
        "the same word again and again": (small("no No NO no"),) * 2,
        "characters": (small("=a+a!", split_into="characters"),) * 2,
        "the largest tables": (replace(wide, w_q=np.full((16, 16), 0.3), w_k=np.eye(16)),) * 2,
        "the smallest tables": (small(w_q=[[1], [2], [0]], w_k=[[3], [0], [1]], w_v=[[1], [0], [1]]),) * 2,
        "the largest numbers": (with_number(small(w_k=1e6 * np.eye(3, 2)), "w_q", 0, 0, -1e6),) * 2,
        "many words": (small(" ".join(f"w{place % 40}" for place in range(60)), masks=("causal",)),) * 2,
    }
    found |= of_several_heads()
    return {name: case if len(case) == 3 else (case[0], unchanged, case[1]) for name, case in found.items()}


def of_several_heads():
    """Every way that has heads with every word order, and each switch and table changed once."""
    shape = {"w_v": [[1, 0.5], [-1, 2], [0.25, 1]], "position_base": 20, "decimals": 3}
    rows = np.arange(15.0).reshape(5, 3) / 8
    found, orders = {}, {"none": "None", "sinusoidal": "Waves", "own": "My own", "rotary": "Rotary"}
    output = np.random.default_rng(3).normal(size=(6, 4)).round(2)
    for way in ("qkv", "queries_and_keys"):
        three = some_heads(small(variant=way, position_rows=rows, **shape), 3, w_o=output.tolist())
        for order, name in orders.items():
            ordered = replace(three, positions=order)
            found[f"three heads {way} {order}"] = (ordered,) * 2
            found[f"three heads {way} switched to {order}"] = (three, turn("word_order", name), ordered)
            found[f"three heads {way} switched from {order}"] = (ordered, turn("word_order", "None"), three)
    three = found["three heads qkv rotary"][0].with_head_chosen(1)
    masked = replace(three, masks=("neighbours", "own_mask"), forbidden=((0, 0), (0, 1), (3, 2), (9, 9)), divisor=0.3)
    typed_output = output.copy()
    typed_output[4, 2] = -3
    key_of_third = np.array(three.heads[2].w_k)
    key_of_third[2, 1] = 7.5
    third, wide = three.with_head_chosen(2), some_heads(OPENING.build(), 2, positions="rotary")
    found |= {
        "three heads masked": (masked,) * 2,
        "three heads own mask off": (masked, turn("own_mask", "off"), masked.with_mask("own_mask", False)),
        "three heads look forbidden": (
            masked,
            type_number("own_looks", 4, 4, 0),
            masked.with_look(4, 4, forbidden=True),
        ),
        "three heads look allowed": (
            masked,
            type_number("own_looks", 0, 1, 1),
            masked.with_look(0, 1, forbidden=False),
        ),
        "three heads causal": (masked, turn("causal", "on"), masked.with_mask("causal", True)),
        "three heads neighbours": (masked, set_number("neighbour_count", 0), replace(masked, neighbours=0)),
        "three heads not scaled": (masked, turn("scaling", "off"), replace(masked, scaled=False)),
        "three heads divisor emptied": (masked, set_number("own_divisor", None), replace(masked, divisor=None)),
        "two heads turned by another base": (wide, set_number("wave_base", 5), replace(wide, position_base=5)),
        "three heads W_O typed": (
            three,
            type_number("w_o", 4, 2, -3),
            replace(three, w_o=typed_output.tolist()),
        ),
        "three heads W_K of the third typed": (
            three,
            type_number("head_3_w_k", 2, 1, 7.5),
            replace(third, w_k=key_of_third).with_head_chosen(1),
        ),
        "three heads embedding typed": (
            three,
            type_number("embeddings", 1, 1, -4),
            with_number(three, "embeddings", 1, 1, -4),
        ),
        "heads side by side": (some_heads(small(**shape), 2),) * 2,
        "heads and W_O typed": (
            some_heads(small(**shape), 2),
            type_number("w_o", 0, 3, 2),
            some_heads(small(**shape), 2, w_o=(np.eye(4) + 2 * np.eye(4, k=3)).tolist()),
        ),
        "one head and W_O": (small(w_o=np.arange(10.0).reshape(5, 2).tolist()),) * 2,
        "eight heads": (some_heads(OPENING.build(), 8, positions="sinusoidal"),) * 2,
        "heads of an odd size turned": (
            some_heads(OPENING.build().resized(d_k=3), 2, positions="rotary", variant="queries_and_keys"),
        )
        * 2,
        "heads of one number": (
            some_heads(small(w_q=[[1], [2], [0]], w_k=[[3], [0], [1]], w_v=[[1], [0], [1]]), 2, positions="rotary"),
        )
        * 2,
        "heads with one word": (some_heads(small("alone", **shape), 2, positions="rotary"),) * 2,
        "heads with words like formulas": (
            replace(some_heads(small(HOSTILE, **shape), 2, positions="own"), head_name="=1+1"),
        )
        * 2,
        "heads but a way without": (some_heads(small(variant="similarity"), 3, positions="rotary"),) * 2,
        "own embedding added and waves": (small(variant="embeddings_only", positions="sinusoidal"),) * 2,
        "one head turned": (small(positions="rotary"),) * 2,
        "one head switched": (
            small(positions="rotary", position_rows=rows),
            turn("word_order", "My own"),
            small(positions="own", position_rows=rows),
        ),
    }
    return found


CASES = cases()


@cache
def made(name):
    """The workbook of a case, made once in a process."""
    return workbook(CASES[name][0])
