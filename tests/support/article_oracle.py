"""What an article of an experiment must print: its tables and sums, computed once more."""

import re

import numpy as np
from support.articles import seen
from support.latex_reader import Formula, Range, assert_lines, assert_rounded, lines_of
from support.oracles import named, named_row, power_of

from presentation.tables import row_labels

TABLE_OF_WORDS, LINES_OF_WORDS = 16, 12  # of a longer sentence the words looked at most are shown


ABBREVIATED = 9  # longer sums show their first seven terms and the last


def looked_at_most(read):
    """The words of a long sentence that the chosen word looks at most, in sentence order."""
    weights = read.it.weights[read.word]
    n = len(weights)
    most = sorted(range(n), key=lambda other: (-weights[other], other))[:LINES_OF_WORDS]
    return sorted(most)


def expected_tables(read):
    """What is said before each table, and what is in it: numbers, names of the rows and of the columns."""
    it, experiment, word = read.it, read.experiment, read.word
    labels, n = it.labels, len(it.labels)
    short = n <= TABLE_OF_WORDS
    most = looked_at_most(read)
    rows = list(range(n)) if short else sorted({word, *most})

    def by_word(matrix, columns):
        return matrix[rows], [labels[row] for row in rows], columns

    def square(matrix):
        if short:
            return matrix, labels, labels
        return matrix[[word]][:, most], [labels[word]], [labels[other] for other in most]

    if len(experiment.vocabulary) <= TABLE_OF_WORDS:
        yield (
            "Each word becomes",
            (np.array(experiment.embeddings), row_labels(experiment, "embeddings"), it.dimensions),
        )
    else:
        yield "Each word becomes", by_word(it.x - it.places, it.dimensions)
    if experiment.positions != "none":
        yield "The positions of all words:", by_word(it.places, it.dimensions)
        yield "From here on ", by_word(it.x, it.dimensions)
    used = [letter for letter in "qkv" if letter in it.letters.values()]
    for letter in used:
        matrix = it.tables[f"w_{letter}"]
        columns = [f"{letter}{at}" for at in range(1, matrix.shape[1] + 1)]
        yield f"W_{letter.upper()}:", (matrix, it.dimensions, columns)
    for letter, called in (("q", "Queries"), ("k", "Keys"), ("v", "Values")):
        if letter in used:
            matrix = it.parts[letter]
            yield f"{called} {letter.upper()}:", by_word(matrix, [f"{letter}{at + 1}" for at in range(matrix.shape[1])])
    yield "All scores, ", square(it.scores)
    if it.scaled or not it.allowed.all():
        yield "All of them:", square(it.divided)
    yield "All attention weights:", square(it.weights)
    if len(it.heads) == 1:
        yield "The context vectors of all words:", by_word(it.context, it.columns)
        return
    yield "What this head makes of all words:", by_word(it.context, it.columns)
    tables = [(each.w_q, each.w_k, each.w_v) for each in experiment.heads]
    for place, (head, own) in enumerate(zip(it.heads, tables, strict=True)):
        if place != experiment.head:
            for letter, matrix in zip("qkv", own, strict=True):
                if letter in used:
                    columns = [f"{letter}{at}" for at in range(1, matrix.shape[1] + 1)]
                    yield f"W_{letter.upper()}:", (matrix, it.dimensions, columns)
            yield "Weights:", square(head.weights)
            yield "Head's context vectors:", by_word(head.context, it.columns)
    both = [f"H{place} {name}" for place in range(1, len(tables) + 1) for name in it.columns]
    yield "What each head made", by_word(it.joined, both)


def assert_tables(read):
    found, expected = read.tables(), list(expected_tables(read))
    assert [before for before, _ in expected] == [
        next((text for text, _ in expected if before.startswith(text)), before) for before, _ in found
    ]
    for (before, (heading, *rows)), (_, (matrix, names, columns)) in zip(found, expected, strict=True):
        assert list(map(seen, heading)) == ["", *columns], before
        assert [seen(row[0]) for row in rows] == list(names), before
        assert (len(rows), len(heading) - 1) == matrix.shape, before
        for row, numbers in zip(rows, matrix, strict=True):
            for text, value in zip(row[1:], numbers, strict=True):
                assert_rounded(text, value, read.experiment.decimals)


def expected_lines(read):
    """The names of all lines in their order."""
    it, label, word = read.it, read.label, read.word
    others = [it.labels[other] for other in looked_at_most(read)]
    order = {"none": (), "own": ("x",), "sinusoidal": ("positions", "x")}[read.experiment.positions]
    for letter in order:
        yield from (f"{letter}_{at + 1}({label})" for at in range(it.x.shape[1]))
    for letter in "qkv":
        if letter in it.letters.values():
            yield from (f"{letter}_{at + 1}({label})" for at in range(it.parts[letter].shape[1]))
    yield from (f"score({label} → {other})" for other in others)
    if it.scaled or not it.allowed.all():
        yield from (f"scaled score({label} → {other})" for other in others)
    visible = [it.labels[other] for other in looked_at_most(read) if it.allowed[word, other]]
    if visible:
        yield from (power_of(it, word, other) for other in visible)
        yield "sum"
        yield from (f"weight({other})" for other in visible)
    yield from (f"context_{column}({label})" for column in it.columns)


def terms_of(read):
    """The terms of each sum by its name, each a product of numbers."""
    it, word, label = read.it, read.word, read.label
    terms = {}
    for letter, table in (("q", "w_q"), ("k", "w_k"), ("v", "w_v")):
        for at, column in enumerate(it.tables[table].T):
            terms[f"{letter}_{at + 1}({label})"] = list(it.x[word] * column)
    for other, name in enumerate(it.labels):
        terms[f"score({label} → {name})"] = list(it.query[word] * it.key[other])
    visible = np.flatnonzero(it.allowed[word])
    terms["sum"] = list(it.exponentials[word, visible])
    for at, name in enumerate(it.columns):
        own = [it.x[word, at]] if it.adds_itself else []
        terms[f"context_{name}({label})"] = [*(it.weights[word, visible] * it.value[visible, at]), *own]
    return terms


def of_the_chosen_head(name, read):
    """The name of a number as it would be if its head were the only one."""
    if len(read.it.heads) == 1:
        return name
    numbers = re.findall(r"\^\((\d)\)", name)
    assert set(numbers) <= {str(read.experiment.head + 1)}, name
    return re.sub(r"\^\(\d\)", "", name).replace("head_", "context_")


def assert_sums(read):
    lines = [line for block in read.formulas() for line in lines_of(block)]
    lines = [(of_the_chosen_head(name, read), *others) for name, *others in lines]
    names = list(expected_lines(read))
    terms = terms_of(read)
    long = {name for name in names if len(terms.get(name, ())) > ABBREVIATED}
    values = named(read.it) | named_row(read.it, read.word)
    whole = read.experiment.decimals == 0
    assert assert_lines(lines, values, dots=len(long), whole=whole) == names
    for name, written, _ in lines:
        for each in written:
            if r"\dots" in each:
                assert_abbreviated(each, terms[name], whole)


def assert_abbreviated(written, terms, whole):
    """The first seven terms and the last are right, and so is how many are left out."""
    *first, dots, last = written.split(" + ")
    assert dots == rf"\dots\,({len(terms) - 8}\ \text{{more}})"
    assert len(first) == 7
    for text, value in zip([*first, last], [*terms[:7], terms[-1]], strict=True):
        assert Formula(text, whole=whole).value().meets(Range(value, value)), (text, value)
