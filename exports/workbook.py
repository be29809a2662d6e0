"""An experiment -> a spreadsheet in which the whole calculation is live formulas.

Somebody who has it changes a yellow cell and sees what follows, without the playground. No formula needs array entry,
so that Excel, LibreOffice and Google Sheets read them alike. Each carries the number that the core computed, for
viewers that do not calculate. What stands where is in sheet_layout.py, the formulas are in sheet_formulas.py.
"""

import io
from collections.abc import Callable, Sequence

from xlsxwriter import Workbook

from attention_core import EXAMPLES, Calculation, Experiment, attend
from attention_core.masks import MASKS
from exports.sheet_formulas import tables_of
from exports.sheet_layout import (
    CONTENTS,
    CONTEXT,
    FORBIDDEN,
    INPUTS,
    NAME_PREFIX,
    SCORES,
    SETTINGS,
    SOFTMAX,
    SWITCH_LABELS,
    SWITCHES,
    Table,
)
from exports.sheet_writer import Writer
from presentation.tables import NOTE_COLUMN
from presentation.training_text import learned_text

MAX_WORKBOOK_WORDS = 256  # which takes about 9 s: each pair of words has five formulas of about 25 µs
_SHARE_OF_WRITING = 0.85  # of the time; packing the file takes the rest


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
    if problem := not_in_a_workbook(calculation):
        raise ValueError(problem)
    tables = tables_of(calculation)
    file = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    writer = Writer(Workbook(file, {"in_memory": True, **plain_text}), experiment.decimals)
    writer.write_sheets(tables)
    writer.write_read_me(_read_me(calculation, tables), link)
    writer.write_switches(_switches(experiment))
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


def not_in_a_workbook(calculation: Calculation) -> str:
    """Why there is no workbook of an experiment, in a sentence; empty where there is one."""
    if calculation.joins:
        return "The spreadsheet works for one head without W_O; this experiment has more. The script has them all."
    if calculation.word_order.turns:
        return "The spreadsheet does not know the word order “Rotary”. The script does."
    return ""


def _read_me(calculation: Calculation, tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Heading and text of each row of the first sheet."""
    experiment, variant = calculation.experiment, calculation.variant
    first = next(table.block.cell(0, 0) for table in tables if table.name == "embeddings")
    names = ", ".join(NAME_PREFIX + name for name in (*SWITCHES, *SETTINGS, *(table.name for table in tables)))
    example = EXAMPLES.get(experiment.example)
    return [
        ("Sentence", experiment.sentence),
        ("Way to attend", f"{variant.name}. {variant.summary}"),
        ("", f"Source: {variant.source}"),
        *CONTENTS.items(),
        ("Yellow cells", f"The inputs, all on the sheet {INPUTS}. All other numbers are formulas."),
        *_what_to_switch(experiment),
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
    ]


def _switches(experiment: Experiment) -> dict[str, bool]:
    return {"scaling": experiment.scaled} | {mask: mask in experiment.masks for mask in MASKS}


def _what_to_switch(experiment: Experiment) -> list[tuple[str, str]]:
    """A line for each switch, to turn it the other way."""
    lines = []
    for name, is_on in _switches(experiment).items():
        called = SWITCH_LABELS[name] if name == "scaling" else f"the {SWITCH_LABELS[name]}"
        place, watched = f"{INPUTS}!{SWITCHES[name].cell(0, 0)}", SOFTMAX if name == "scaling" else SCORES
        lines.append(f"Switch {called} {'off' if is_on else 'on'} in {place} and watch {watched}.")
    return list(zip(["Try", *[""] * len(lines)], lines, strict=False))


def _without_marks(markdown: str) -> str:
    """Our own short texts without the stars of their emphasis."""
    return markdown.replace("*", "")
