"""An experiment -> a spreadsheet in which the whole calculation is live formulas.

Somebody who has it changes a yellow cell and sees what follows, without the playground. No formula needs array entry,
so that Excel, LibreOffice and Google Sheets read them alike. Each carries the number that the core computed, for
viewers that do not calculate. What stands where is in sheet_layout.py, the formulas are in sheet_formulas.py.
"""

import io
import math
from collections.abc import Callable, Sequence

from xlsxwriter import Workbook

from attention_core import EXAMPLES, Calculation, Experiment, Stage, attend
from attention_core.masks import MASKS
from exports.sheet_formulas import tables_of
from exports.sheet_layout import (
    CONTEXT,
    FORBIDDEN,
    INPUTS,
    NAME_PREFIX,
    SCORES,
    SETTING_LABELS,
    SOFTMAX,
    WORD_ORDER,
    Layout,
    Table,
)
from exports.sheet_plans import head_sheet, layout_of
from exports.sheet_writer import Writer
from presentation.tables import NOTE_COLUMN
from presentation.training_text import learned_text

MAX_WORKBOOK_WORDS = 256  # which takes about 9 s: each pair of words has five formulas of about 25 µs
_FORMULAS_A_PAIR = 5  # of one head; each of several has four, and all share the mask with what was forbidden by hand
_SHARE_OF_WRITING = 0.85  # of the time; packing the file takes the rest


def workbook(experiment: Experiment, *, link: str = "", progress: Callable[[float], None] = lambda done: None) -> bytes:
    """The workbook as the bytes of an .xlsx file; the same experiment and link give the same bytes.

    `link` is the address that reopens the experiment, and `progress` hears the share done, up to 1.
    Raises ValueError where the sentence has more words than fit (see `most_words`).
    """
    calculation = attend(experiment)
    if problem := not_in_a_workbook(calculation):
        raise ValueError(problem)
    layout = layout_of(calculation)
    tables = tables_of(calculation, layout)
    file = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    writer = Writer(Workbook(file, {"in_memory": True, **plain_text}), layout, experiment.decimals)
    writer.write_sheets(tables)
    writer.write_read_me(_read_me(calculation, layout, tables), link)
    writer.write_switches(_chosen(calculation))
    writer.write_settings(
        {
            "own_divisor": experiment.divisor,
            "neighbour_count": experiment.neighbours,
            "wave_base": experiment.position_base,
        }
    )
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


def most_words(calculation: Calculation) -> int:
    """How many words a workbook of so many heads holds: as many formulas as that of one head, whatever there are."""
    if not calculation.joins:
        return MAX_WORKBOOK_WORDS
    a_pair = 4 * len(calculation.heads) + 2
    return math.isqrt(_FORMULAS_A_PAIR * MAX_WORKBOOK_WORDS**2 // a_pair)


def not_in_a_workbook(calculation: Calculation) -> str:
    """Why there is no workbook of an experiment, in a sentence; empty where there is one."""
    count, most = len(calculation.words), most_words(calculation)
    if count <= most:
        return ""
    heads = len(calculation.heads)
    of_heads = f" of {heads} heads" if heads > 1 else ""
    return f"The sentence has {count} {calculation.experiment.split_into}; a workbook{of_heads} holds up to {most}."


def _read_me(calculation: Calculation, layout: Layout, tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Heading and text of each row of the first sheet."""
    experiment, variant = calculation.experiment, calculation.variant
    first = layout.blocks[Stage.EMBEDDINGS].cell(0, 0)
    names = ", ".join(NAME_PREFIX + name for name in _names_told(layout, tables))
    on_one_sheet = all(table.block.sheet == INPUTS for table in tables if table.formula is None)
    inputs = f"The inputs, all on the sheet {INPUTS}." if on_one_sheet else "The inputs, on whatever sheet they stand."
    example = EXAMPLES.get(experiment.example)
    return [
        ("Sentence", experiment.sentence),
        ("Way to attend", f"{variant.name}. {variant.summary}"),
        ("", f"Source: {variant.source}"),
        *layout.contents.items(),
        ("Yellow cells", f"{inputs} All other numbers are formulas."),
        *_what_to_switch(calculation, layout),
        ("", f"Change the number in {INPUTS}!{first} and watch {CONTEXT}."),
        ("", "Click a number to see the formula that made it."),
        ("Forbidden", f"Where a word may not look, its score is {FORBIDDEN} and its weight 0."),
        *([("Example", f"It began with “{example.title}”. {_without_marks(example.source)}")] if example else []),
        ("The numbers", f"The column {NOTE_COLUMN} of {INPUTS} says where the embeddings come from."),
        ("", "hand-set: from a small lexicon whose columns can be read by a person; nothing in it was learned."),
        *([("", f"learned: {learned}")] if (learned := learned_text(experiment).replace("\\", "")) else []),
        ("", "as dollar: a form or a translation of that word, with its numbers. like cat: said to be like it."),
        ("", "unknown: zeros, because nothing is known of it."),
        ("", "made up: small numbers that follow from the spelling of the word and mean nothing."),
        ("", "example: as the example gives them. A number that was changed tells what it was."),
        ("Names", f"Each table and switch has a name that formulas can use: {names}."),
        *_more_names(layout),
    ]


def _names_told(layout: Layout, tables: Sequence[Table]) -> list[str]:
    """Of switches, settings and tables; of several heads those of the first."""
    others = tuple(layout.prefixes[1:])
    return [*layout.switches, *SETTING_LABELS, *(table.name for table in tables if not table.name.startswith(others))]


def _more_names(layout: Layout) -> list[tuple[str, str]]:
    if len(layout.heads) == 1:
        return []
    first, *others = (NAME_PREFIX + prefix for prefix in layout.prefixes)
    return [("", f"Where a name begins with {first}, those of the other heads begin with {' or '.join(others)}.")]


def _chosen(calculation: Calculation) -> dict[str, str]:
    """What each switch says."""
    experiment = calculation.experiment
    is_on = {"scaling": experiment.scaled} | {mask: mask in experiment.masks for mask in MASKS}
    switches = {name: "on" if on else "off" for name, on in is_on.items()}
    return switches | {WORD_ORDER: calculation.word_order.name}


def _what_to_switch(calculation: Calculation, layout: Layout) -> list[tuple[str, str]]:
    """A line for each switch, to turn it the other way."""
    chosen, lines = _chosen(calculation), []
    for name, switch in layout.switches.items():
        place = f"{INPUTS}!{layout.controls[name].cell(0, 0)}"
        watched = _watched(calculation, name)
        if name == WORD_ORDER:
            others = [choice for choice in switch.choices if choice != chosen[name]]
            lines.append(f"Choose another {switch.label} in {place} ({', '.join(others)}) and watch {watched}.")
        else:
            turned = "off" if chosen[name] == "on" else "on"
            lines.append(f"Switch “{switch.label}” {turned} in {place} and watch {watched}.")
    return list(zip(["Try", *[""] * len(lines)], lines, strict=False))


def _watched(calculation: Calculation, switch: str) -> str:
    """The sheet that shows what a switch does."""
    if calculation.joins:
        return head_sheet(calculation.place)
    return SOFTMAX if switch == "scaling" else SCORES


def _without_marks(markdown: str) -> str:
    """Our own short texts without the stars of their emphasis."""
    return markdown.replace("*", "")
