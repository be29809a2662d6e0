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
from attention_core.variants import QKV

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
    joined: str  # the function that puts tables beside each other
    copy: str
    own_attention: str = ""  # the library's function for all the steps at once, where it has one
    own_layer: str = ""  # and its layer of several heads


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
    joined="concatenate",
    copy="copy",
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
    joined="cat",
    copy="clone",
    own_attention="torch.nn.functional.scaled_dot_product_attention",
    own_layer="torch.nn.MultiheadAttention",
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
        _turning(calculation, library),
        *_heads(calculation, library),
        _PRINTING,
        _check_all_heads(calculation, library) if calculation.joins else _check(calculation, library),
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


def _weight_tables(calculation: Calculation, library: _Library, of_head: str = "") -> list[str]:
    def written(table: Stage) -> str:
        about = STAGES[table]
        told = f"# {about.symbol} {about.meaning[:1].lower()}{about.meaning[1:]}"
        rows = calculation.experiment.dimensions
        return f"{told}\n{_table(about.symbol + of_head, calculation.table(table), library, rows)}"

    return [written(TABLE_OF[part]) for part in _projected(calculation)]


# --- heads ---------------------------------------------------------------------------------------------------------


def _heads(calculation: Calculation, library: _Library) -> list[str]:
    """The tables and the steps: of the only head, or of each in a loop, and what becomes of all."""
    if not calculation.joins:
        return [*_weight_tables(calculation, library), *_steps(calculation, library)]
    tables, rows = [], []
    for place in range(len(calculation.heads)):
        number = f"_{place + 1}"
        one = calculation.of_head(place)
        tables += [f"# Head {place + 1}: {calculation.head_name(place)!r}", *_weight_tables(one, library, number)]
        rows.append(f"    ({', '.join(f'{STAGES[TABLE_OF[part]].symbol}{number}' for part in _projected(one))}),")
    symbols = ", ".join(STAGES[TABLE_OF[part]].symbol for part in _projected(calculation))
    sections = [*_steps(calculation, library), _check(calculation, library)]
    steps = "\n\n".join(section for section in sections if section)
    inside = "\n".join(f"    {line}" if line else "" for line in f"{steps}\n\noutputs.append(context)".split("\n"))
    output = []
    if calculation.mixes_heads:
        names = [f"head {at + 1}" for at in range(len(calculation.heads)) for _ in calculation.head_context[0]]
        told = f"# W_O {STAGES[Stage.W_O].meaning[:1].lower()}{STAGES[Stage.W_O].meaning[1:]}"
        output = [f"{told}\n{_table('W_O', calculation.w_o, library, names)}"]
    mixed = " @ W_O" if calculation.mixes_heads else ""
    return [
        *tables,
        "\n".join(["heads = [", *rows, "]"]),
        *output,
        f"outputs = []\nfor {symbols} in heads:\n{inside}",
        "# What the heads made, side by side"
        f"{', and mixed by W_O' if mixed else ''}.\ncontext = {library.prefix}.{library.joined}(outputs, "
        f"{library.axis}=1){mixed}",
    ]


def _steps(calculation: Calculation, library: _Library) -> list[str]:
    """From the embeddings to what one head makes of them."""
    return [
        _projections(calculation),
        *_scores(calculation, library),
        _context(calculation),
    ]


def _turning(calculation: Calculation, library: _Library) -> str:
    """The function that turns queries and keys by their place, where word order does so."""
    if not calculation.word_order.turns:
        return ""
    prefix, base = library.prefix, calculation.experiment.position_base
    return (
        "# Word order: each pair of neighbouring numbers is turned by the place of its word, the first pair fastest.\n"
        "def turned(vectors):\n"
        "    n, d = vectors.shape\n"
        f"    places = {prefix}.arange(n, dtype={prefix}.float64)[:, None]\n"
        f"    pairs = {prefix}.arange(d // 2, dtype={prefix}.float64)\n"
        f"    angle = places / {base!r} ** (2 * pairs / d)\n"
        "    first, second = vectors[:, 0 : d - d % 2 : 2], vectors[:, 1::2]\n"
        f"    result = vectors.{library.copy}()  # the last of an odd number stays as it is\n"
        f"    result[:, 0 : d - d % 2 : 2] = first * {prefix}.cos(angle) - second * {prefix}.sin(angle)\n"
        f"    result[:, 1::2] = first * {prefix}.sin(angle) + second * {prefix}.cos(angle)\n"
        "    return result"
    )


def _compared(calculation: Calculation) -> tuple[str, str]:
    """What is multiplied for the scores, in code."""
    symbols = (STAGES[part].symbol for part in (calculation.variant.query, calculation.variant.key))
    query, key = (f"turned({each})" if calculation.word_order.turns else each for each in symbols)
    return query, key


def _check_all_heads(calculation: Calculation, library: _Library) -> str:
    """The whole by the library's own layer, where the tables have the shapes that it asks for."""
    experiment = calculation.experiment
    width = len(calculation.heads) * experiment.d_k
    fits = width == len(calculation.heads) * experiment.d_v == experiment.d_model == calculation.context.shape[1]
    plain = calculation.divides_by_root and calculation.variant is QKV and not calculation.word_order.turns
    if not (library.own_layer and fits and plain and _can_be_checked(calculation)):
        return ""
    mask = "" if calculation.allowed.all() else ", attn_mask=~allowed"
    return (
        f"# {library.name}'s own layer, given the same tables, does all of this at once.\n"
        f"layer = {library.own_layer}({width}, {len(calculation.heads)}, bias=False, dtype=torch.float64)\n"
        "with torch.no_grad():\n"
        "    side_by_side = [torch.cat([head[part] for head in heads], dim=1) for part in range(3)]\n"
        "    layer.in_proj_weight.copy_(torch.cat(side_by_side, dim=1).T)\n"
        f"    layer.out_proj.weight.copy_({'W_O.T' if calculation.mixes_heads else f'torch.eye({width})'})\n"
        f"    expected, _ = layer(X, X, X{mask})\n"
        "assert torch.allclose(context, expected)"
    )


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
    query, key = (STAGES[stage] for stage in calculation.compared)
    asking, asked = _compared(calculation)
    sections = [
        f"# Scores: the dot product of the row's {query.singular} and the column's {key.singular}.\n"
        f"scores = {asking} @ {asked}.T"
    ]
    latest = "scores"
    if calculation.experiment.scaled:
        sections.append(
            f"# Scale: divide by the square root of how many numbers the {key.singular} of a word has.\n"
            f"scaled_scores = scores / {STAGES[calculation.variant.key].symbol}.shape[1] ** 0.5"
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
    if not library.own_attention or not _can_be_checked(calculation):
        return ""
    variant = calculation.variant
    arguments = [*_compared(calculation), STAGES[variant.value].symbol]
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


def _can_be_checked(calculation: Calculation) -> bool:
    scores = max(np.abs(head.attention.scores).max() for head in calculation.heads)
    return bool(scores <= _LARGEST_CHECKED_SCORE) and not _has_word_that_looks_nowhere(calculation)


def _has_word_that_looks_nowhere(calculation: Calculation) -> bool:
    return not calculation.allowed.any(axis=1).all()
