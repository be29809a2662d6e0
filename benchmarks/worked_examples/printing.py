"""Numbers as people print them, and tables as people paste them."""

import numpy as np

HEADINGS = {
    "embeddings": "Embeddings",
    "w_q": "W_Q",
    "w_k": "W_K",
    "w_v": "W_V",
    "positions": "Positions",
    "q": "Queries",
    "k": "Keys",
    "v": "Values",
    "scores": "Scores",
    "scaled_scores": "Scaled scores",
    "weights": "Attention weights",
    "context": "Context vectors",
}
WORDS = ("the", "cat", "sat", "near", "our", "mat")
PRINTS = ("fixed", "float64", "float32", "scientific", "percent", "truncated")


def truncated(number, decimals):
    text = f"{number:.{decimals + 12}f}"
    return text[: len(text) - 12] if decimals else text.split(".")[0]


def cell(number, stage, how, decimals):
    """One number as text."""
    if np.isneginf(number):
        return "-inf"
    if how == "scientific":
        return f"{number:.{decimals}e}"
    if how == "percent" and stage == "weights":
        return f"{100 * number:.{max(decimals - 2, 0)}f}%"
    if how == "truncated" and stage not in ("embeddings", "w_q", "w_k", "w_v"):
        return truncated(float(number), decimals)
    return f"{number:.{decimals}f}"


def numpy_print(table):
    """As print() shows an array: numbers of a table share their digits."""
    return np.array2string(table, max_line_width=10_000, threshold=10**9)


def rows_of(table, stage, how, decimals):
    return [[cell(number, stage, how, decimals) for number in row] for row in table]


def plain(stage, table, how, decimals, labels, heading):
    rows = rows_of(table, stage, how, decimals)
    lines = [f"{f'{label}: ' if label else ''}{' '.join(row)}" for label, row in zip(labels, rows, strict=True)]
    return "\n".join([*([heading] if heading else []), *lines])


def markdown(stage, table, how, decimals, labels, heading):
    rows = rows_of(table, stage, how, decimals)
    heads = [f"c{column + 1}" for column in range(len(rows[0]))]
    lines = [
        ["", *heads],
        ["---"] * (len(heads) + 1),
        *([label, *row] for label, row in zip(labels, rows, strict=True)),
    ]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{heading}\n\n{text}" if heading else text


def brackets(stage, table, how, decimals, labels, heading):
    if how in ("float64", "float32"):
        text = numpy_print(table)
    else:
        text = "[" + ",\n ".join(f"[{', '.join(row)}]" for row in rows_of(table, stage, how, decimals)) + "]"
    return f"{heading} =\n{text}" if heading else text


FORMATS = {"plain": plain, "markdown": markdown, "brackets": brackets}
