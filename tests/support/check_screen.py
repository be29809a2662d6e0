"""Check my numbers without a browser: pasted into, corrected, and its verdicts read."""

import re

import numpy as np
from support.checks import found_out
from support.screen import arrived, run, widget

from checking.claims import claims_of
from checking.judge import judge
from checking.placing import placed
from checking.reading import read
from ui.state import keys

SCRIPT = "check_my_numbers"


FIND_OUT, LEAVE_OUT = "Find out", "leave out"


SEED = "seed000-row-the"


WRONG_IN_PRINT = {"bad-amanailab-2x2": 4, "bad-click4ai": 4}  # how many of their numbers


# Two words, d_k = 4. Scores by hand: 4·1 = 4 and 0.
UNSCALED = np.exp([4, 0]) / np.exp([4, 0]).sum()


FORGOT_TO_SCALE = f"""\
Q
1 1 1 1
1 1 1 1

K
1 1 1 1
0 0 0 0

Scores
4 0
4 0

Weights
{UNSCALED[0]:.4f} {UNSCALED[1]:.4f}
{UNSCALED[0]:.4f} {UNSCALED[1]:.4f}
"""


def opened(experiment=None, **params):
    return arrived(SCRIPT, experiment, **params)


def typed(text, page=None):
    """The page after a text was typed or pasted into its field."""
    return run(widget(page or opened(), keys.NUMBERS).set_value(text))


def loaded(id, page=None):
    return run(widget(page or opened(), keys.PUBLISHED).set_value(id))


def corrected(page, table, what, value):
    """The page after a correction of a table, counted from 0."""
    return run(correction(page, table, what).set_value(value))


def correction(page, table, what):
    (found,) = (
        each
        for kind in ("selectbox", "number_input")
        for each in page.get(kind)
        if re.fullmatch(rf"{keys.READ_TABLE}_\d+_{table}_{what}", str(each.key))
    )
    return found


def corrections(page):
    """Everything that was understood: stage, decimals and first word of each table."""
    count = sum(str(each.key).startswith(f"{keys.READ_TABLE}_") for each in page.selectbox)
    parts = ("stage", "decimals", "row")
    return [tuple(correction(page, table, what).value for what in parts) for table in range(count)]


def as_understood(text):
    """The same as it is before anything is corrected."""
    return [
        (table.stage or FIND_OUT, None, None if table.first_row is None else table.first_row + 1)
        for table in placed(read(text))
    ]


def read_tables(page):
    """The tables in which stands what was read."""
    return [table for table in _without_verdicts(page) if "Where" not in table]


def left_out(page):
    """The numbers that stand in no table, a line a row."""
    return next((table for table in _without_verdicts(page) if "Where" in table), None)


def _without_verdicts(page):
    return [each.value for each in page.dataframe if each.key is None]


def verdict_elements(page):
    return {each.key.split("_", 1)[1].rpartition("_")[0]: each for each in page.dataframe if each.key is not None}


def verdict_tables(page):
    """The tables with the marks: stage -> table of text."""
    return {stage: each.value for stage, each in verdict_elements(page).items()}


def marks(page, signs="✓≈↳✗"):
    """How often each mark stands in the tables."""
    cells = [cell for table in verdict_tables(page).values() for cell in table.to_numpy().ravel()]
    return {mark: sum(cell.endswith(mark) for cell in cells) for mark in signs}


def headings(page):
    """The sentence on each stage, in the order of the page."""
    told = [re.match(r"\*\*([^*]+)\*\* · (.*)", each.value) for each in page.markdown]
    return {each[1]: each[2] for each in told if each}


def sentences(page):
    """What is told of single numbers."""
    return [each.value for each in page.markdown if each.value.startswith("The ")]


def results(page):
    """The numbers at which the sums on the page arrive."""
    return [float(re.findall(r"\\mathbf\{([^{}]+)\}", each.value)[-1].replace("−", "-")) for each in page.latex]


def choose(page, stage, row, column):
    """Click a cell of a table of verdicts: its row, counted from 0, and the name of its column."""
    key = verdict_elements(page)[stage].key
    page.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [(row, column)]}}
    return run(page)


def captions(page):
    return [each.value for each in page.caption]


def checked_as(page):
    (told,) = (each for each in captions(page) if each.startswith("Checked as "))
    return told.split(". ")[0]


def experiment_of(page):
    return page.session_state["_session"].document.experiment


def judged(text, key_size=None):
    claims = claims_of(placed(read(text)))
    return judge(claims, found_out(claims, key_size=key_size))


def assert_is_one_sentence_and_nothing_else(page):
    """What could not be read or does not fit is told once, and no verdict stands beside it."""
    (told,) = (each.value for each in page.error)
    assert not page.warning and not page.success and not verdict_tables(page) and not page.latex
    assert not [each for each in page.get("download_button") if each.key == "download_report"]
    readable = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", told)
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", told), "nothing in it is interpreted"
    assert readable.endswith(".") and len(readable) < 300 and not re.search(r"Traceback|Error\b", readable)
    return readable


def experiment_after_opening(page):
    return experiment_of(run(widget(page, "to_playground").click()))


TWO_WORDS = "Q\n1 2\n3 4\n\nK\n1 2\n3 4\n\nScores\n5 11\n11 25\n"
