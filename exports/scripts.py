"""An experiment -> a short Python script, in NumPy or PyTorch, that a student can run and that gives the same numbers.

The script has only the lines that its experiment needs. People's text (the sentence, its words, the names of columns,
the link) is in it as strings, comments and one docstring, always through `repr`, so that none of it can become code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attention_core import STAGES, Calculation, Experiment, Stage, attend
from attention_core.attention import Floats
from attention_core.positions import SINUSOIDAL
from attention_core.stages import PROJECTED, TABLE_OF

_LONGEST_LINE = 88  # of the list of words; a longer one gets a line for each word

# A library's own function rounds in other places than the steps do; with scores beyond this it may show.
_LARGEST_CHECKED_SCORE = 1e6


@dataclass(frozen=True, slots=True)
class _Library:
    """The few words in which the two scripts differ."""

    name: str
    package: str
    imported: str
    prefix: str
    table: str  # what stands before and behind the rows of a table
    table_end: str
    largest: str
    axis: str
    keepdims: str
    own_attention: str = ""  # the library's function for all the steps at once, where it has one


_NUMPY = _Library(
    name="NumPy",
    package="numpy",
    imported="import numpy as np",
    prefix="np",
    table="np.array([",
    table_end="])",
    largest="max",
    axis="axis",
    keepdims="keepdims",
)
_PYTORCH = _Library(
    name="PyTorch",
    package="torch",
    imported="import torch",
    prefix="torch",
    table="torch.tensor([",
    table_end="], dtype=torch.float64)",
    largest="amax",
    axis="dim",
    keepdims="keepdim",
    own_attention="torch.nn.functional.scaled_dot_product_attention",
)


def numpy_script(experiment: Experiment, *, link: str = "") -> str:
    """A Python script that needs NumPy alone and prints each word with its context vector."""
    return _script(attend(experiment), _NUMPY, link)


def pytorch_script(experiment: Experiment, *, link: str = "") -> str:
    """The same steps and the same printed text as `numpy_script`, in PyTorch."""
    return _script(attend(experiment), _PYTORCH, link)


def _script(calculation: Calculation, library: _Library, link: str) -> str:
    """The outline of both scripts. Each section is some lines of code; one that is not needed is empty."""
    sections = (
        _docstring(calculation, library, link),
        library.imported,
        _word_list(calculation.words),
        _embeddings(calculation, library),
        _positions(calculation, library),
        *_weight_tables(calculation, library),
        _projections(calculation),
        *_scores(calculation, library),
        _context(calculation),
        _PRINTING,
        _check(calculation, library),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


_PRINTING = """\
# What each word has become. Adding 0.0 turns -0.0 into 0.0.
for word, vector in zip(words, context.tolist()):
    print(word, [round(number, 6) + 0.0 for number in vector])"""


# --- people's text ---------------------------------------------------------------------------------------------------


def _inside_docstring(text: str) -> str:
    """People's text within three double quotes: nothing in it can end them, and no backslash means anything."""
    return repr(text)[1:-1].replace("\\", r"\\").replace('"', r"\"")


def _docstring(calculation: Calculation, library: _Library, link: str) -> str:
    variant = calculation.variant
    lines = [
        f'"""Self-attention step by step, in {library.name} (pip install {library.package}).',
        "",
        f"The sentence: “{_inside_docstring(calculation.experiment.sentence)}”",
        f"The way to attend: {variant.name}",
        f"    {variant.summary}",
    ]
    if link:
        lines.append(f"The same in the playground: {_inside_docstring(link)}")
    return "\n".join([*lines, '"""'])


def _word_list(words: Sequence[str]) -> str:
    literals = [repr(word) for word in words]
    line = f"words = [{', '.join(literals)}]"
    if len(line) <= _LONGEST_LINE:
        return line
    return "\n".join(["words = [", *(f"    {literal}," for literal in literals), "]"])


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(symbol: str, rows: Floats, library: _Library, row_names: Sequence[str]) -> str:
    """The exact numbers, a line for each row, with its name beside it."""
    lines = [f"    {row},  # {name!r}" for row, name in zip(rows.tolist(), row_names, strict=True)]
    return "\n".join([f"{symbol} = {library.table}", *lines, library.table_end])


def _embeddings(calculation: Calculation, library: _Library) -> str:
    columns = ", ".join(repr(name) for name in calculation.experiment.dimensions)
    comment = f"# X: the embedding of each word. Its columns: {columns}."
    given = calculation.experiment.embeddings[calculation.experiment.vocabulary_index]
    return f"{comment}\n{_table('X', given, library, calculation.words)}"


def _positions(calculation: Calculation, library: _Library) -> str:
    """What each place adds, from the formula or as numbers."""
    if not calculation.word_order.adds:
        return ""
    if calculation.word_order is not SINUSOIDAL:
        table = _table("P", calculation.positions, library, calculation.words)
        return f"# P: what each place adds to the embedding of its word.\n{table}\nX = X + P"
    prefix = library.prefix
    return (
        "# P: what each place adds to the embedding of its word, sines and cosines that get slower from pair to pair.\n"
        f"place, number = {prefix}.arange(X.shape[0])[:, None], {prefix}.arange(X.shape[1])\n"
        f"angle = place / {calculation.experiment.position_base!r} ** ((number - number % 2) / X.shape[1])\n"
        f"P = {prefix}.where(number % 2 == 1, {prefix}.cos(angle), {prefix}.sin(angle))\n"
        "X = X + P"
    )


def _projected(calculation: Calculation) -> list[Stage]:
    """Which of q, k and v the way to attend uses."""
    return [part for part in PROJECTED if part in calculation.variant.parts]


def _weight_tables(calculation: Calculation, library: _Library) -> list[str]:
    def written(table: Stage) -> str:
        about = STAGES[table]
        told = f"# {about.symbol} {about.meaning[:1].lower()}{about.meaning[1:]}"
        return f"{told}\n{_table(about.symbol, calculation.table(table), library, calculation.experiment.dimensions)}"

    return [written(TABLE_OF[part]) for part in _projected(calculation)]


# --- steps -----------------------------------------------------------------------------------------------------------


def _projections(calculation: Calculation) -> str:
    parts = _projected(calculation)
    if not parts:
        return ""
    *first, last = [STAGES[part].singular for part in parts]
    lines = [f"{STAGES[part].symbol} = X @ {STAGES[TABLE_OF[part]].symbol}" for part in parts]
    return "\n".join([f"# The {', '.join(first)} and {last} of each word.", *lines])


def _scores(calculation: Calculation, library: _Library) -> list[str]:
    """From queries and keys to weights: each step goes on with what the last one made."""
    query, key = STAGES[calculation.variant.query], STAGES[calculation.variant.key]
    sections = [
        f"# Scores: the dot product of the row's {query.singular} and the column's {key.singular}.\n"
        f"scores = {query.symbol} @ {key.symbol}.T"
    ]
    latest = "scores"
    if calculation.experiment.scaled:
        sections.append(
            f"# Scale: divide by the square root of how many numbers the {key.singular} of a word has.\n"
            f"scaled_scores = scores / {key.symbol}.shape[1] ** 0.5"
            if calculation.divides_by_root
            else f"# Scale: divide by a number that was chosen; the smaller it is, the sharper the softmax.\n"
            f"scaled_scores = scores / {calculation.divisor!r}"
        )
        latest = "scaled_scores"
    if not calculation.allowed.all():
        sections.append(_mask(calculation, library, latest))
        latest = "masked_scores"
    return [*sections, _softmax(calculation, library, latest)]


def _mask(calculation: Calculation, library: _Library, scores: str) -> str:
    prefix, masks = library.prefix, calculation.masks
    rules = [mask.rule for mask in masks]
    return (
        f"# Mask: a word may not look at {' or at '.join(mask.forbids for mask in masks)}; there its score is minus "
        "infinity.\n"
        "n = len(words)\n"
        f"row, column = {prefix}.arange(n)[:, None], {prefix}.arange(n)\n"
        f"allowed = {rules[0] if len(rules) == 1 else ' & '.join(f'({rule})' for rule in rules)}\n"
        f"masked_scores = {prefix}.where(allowed, {scores}, -{prefix}.inf)"
    )


def _softmax(calculation: Calculation, library: _Library, scores: str) -> str:
    along_rows = f"{library.axis}=1, {library.keepdims}=True"
    looks_nowhere = _has_word_that_looks_nowhere(calculation)
    no_largest = f"largest[largest == -{library.prefix}.inf] = 0  # a word that may look nowhere"
    no_total = "total[total == 0] = 1  # so that its weights are 0"
    lines = [
        "# Softmax: exp makes every score positive, and dividing by the row's total makes each row sum to 1.",
        "# Subtracting the row's largest score first changes nothing but keeps exp from overflowing.",
        f"largest = {scores}.{library.largest}({along_rows})",
        no_largest if looks_nowhere else "",
        f"exponentials = {library.prefix}.exp({scores} - largest)",
        f"total = exponentials.sum({along_rows})",
        no_total if looks_nowhere else "",
        "weights = exponentials / total",
    ]
    return "\n".join(line for line in lines if line)


def _context(calculation: Calculation) -> str:
    value = STAGES[calculation.variant.value]
    comment = f"# Context: the {value.plural}, mixed by the weights"
    code = f"context = weights @ {value.symbol}"
    if calculation.variant.adds_itself:
        return f"{comment}, and the word's own embedding added as it is.\n{code} + X"
    return f"{comment}.\n{code}"


def _check(calculation: Calculation, library: _Library) -> str:
    """The same by the library's own function, where it has one that can be relied on to give the same.

    Before PyTorch 2.5 it gave nan to a word that may look nowhere.
    """
    too_large = np.abs(calculation.attention.scores).max() > _LARGEST_CHECKED_SCORE
    if not library.own_attention or too_large or _has_word_that_looks_nowhere(calculation):
        return ""
    variant = calculation.variant
    arguments = [STAGES[part].symbol for part in (variant.query, variant.key, variant.value)]
    if not calculation.allowed.all():
        arguments.append("attn_mask=allowed")
    if not calculation.experiment.scaled:
        arguments.append("scale=1")
    elif not calculation.divides_by_root:
        arguments.append(f"scale=1 / {calculation.divisor!r}")
    itself = " + X" if variant.adds_itself else ""
    return (
        f"# {library.name}'s own function does all these steps at once.\n"
        f"expected = {library.own_attention}({', '.join(arguments)}){itself}\n"
        f"assert {library.prefix}.allclose(context, expected)"
    )


def _has_word_that_looks_nowhere(calculation: Calculation) -> bool:
    return not calculation.allowed.any(axis=1).all()
