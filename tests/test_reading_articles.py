"""Names of stages, whole articles, and text that was made of tables read back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.read_tables import only, texts, values

from attention_core import EXAMPLES, OPENING, attend
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_EXPONENTIALS, PRINTED_SCORES, PRINTED_WEIGHTS
from checking.reading import STAGES, read
from checking.reading.stage_names import stage_in
from exports.article import article

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


CAT_AND_MOUSE = """Let’s calculate the attention for all the words step by step.
Step 1 : Covert Words into Embeddings
We assign the following embeddings to the words:
Step 2 : Compute Q, K & V Vectors
We use the following weight matrices:
Step 2.1 : For "The" [0.1,0.2,0.3] :
Step 2.2 : For "cat" [0.5,0.6,0.7] :
Step 2.3 : For "chased" [0.8,0.9,1.0] :
Step 2.4 : For "mouse" [1.1,1.2,1.3] :
Step 3 : Compute Attention Scores
The attention scores between two words is calculated as :
3.1: Compute Scores for "The":
This forms the first row of the score matrix.
The final score matrix is :
Step 4: Normalize the Scores using Softmax
Apply softmax to each row of the score matrix to convert raw scores into probabilities.
Softmax for "The" :
Score : [0.150, 0.559, 0.902, 1.261]
Exponentiate each value:
Sum of exponentials : 1.162 + 1.749 + 2.465 +3.529 = 8.905
Normalize each value :
Normalized probabilities for "The": [0.130, 0.196, 0.277, 0.396]
Step 5 : Weighted Sum of Values
For "The" :
Attention probabilities : [0.130, 0.196, 0.277, 0.396]
Value Vectors :
Weighted Sum :
Conclusion
1 个月Interesting"""


# --- names of stages -------------------------------------------------------------------------------------------------


NAMES = {
    "embeddings": ["Embeddings", "Input", "X", "Word Embeddings", "input_embeddings"],
    "w_q": ["W_Q", "Wq", "W^Q", "W_{Q}", "WQ", "query weights", "Query weight matrix", "weight matrices W_Q", "$W_Q$"],
    "w_k": ["W_K", "wk", "key weights", "weights for the keys"],
    "w_v": ["W^{V}", "value weight matrix", "W_v"],
    "positions": ["Positions", "Positional encoding", "The positions of all words", "position embeddings", "PE"],
    "x": ["Embeddings with positions", "E + P = embeddings plus positions", "X + PE", "Embeddings + positions"],
    "q": ["Q", "Queries", "query vectors", "Q (queries)", "Q = XW_Q", "q"],
    "k": ["K", "keys", "Key vectors"],
    "v": ["V", "value vectors", "VALUES"],
    "scores": ["Scores", "Attention scores", "QK^T", r"$QK^\top$", "raw scores", r"Q K^{T}", "Q @ K.T"],
    "scaled_scores": [
        "Scaled scores",
        "scores / sqrt(d_k)",
        "scaled attention scores",
        r"\frac{QK^T}{\sqrt{d_k}}",
        "QKᵀ/√d_k",
        "Step 4: Scaling",
    ],
    "exponentials": ["Exponentials", "e^score", "exp", "e^{scores}", "exp(scores)", "Sum of exponentials"],
    "weights": [
        "Weights",
        "Attention weights",
        "softmax",
        "Normalized probabilities",
        "Attention probabilities",
        "softmax of the scores",
        "attn_weights",
        "attentionWeights",
        r"softmax(QK^T/\sqrt{d_k})",
    ],
    "joined": ["Joined vectors", "Concatenation", "concat(head_1, head_2)", "The heads side by side"],
    "w_o": ["W_O", "W^O", "$W_O$", "output weight matrix"],
    "context": ["Context", "Context vectors", "Output", "Z", "Weighted Sum of Values", "softmax(QK^T) V"],
    None: ["Queries and keys", "Q, K & V vectors", "weight matrices", "K^T", "d_k", 'For "query"', "mask"],
}  # fmt: skip


@pytest.mark.parametrize(("stage", "name"), [(stage, name) for stage, names in NAMES.items() for name in names])
@pytest.mark.parametrize(
    "written", ["{}:\n[[1, 2], [3, 4]]", "## {}\n\n1\t2\n3\t4", "{}:\n\n| a | b |\n|---|---|\n| 1 | 2 |"]
)
def test_a_stage_is_known_by_what_people_call_it(written, name, stage):
    assert only(written.format(name)).stage == stage


def test_every_stage_has_names_to_know_it_by_and_they_come_in_the_order_of_the_calculation():
    assert list(STAGES) == list(NAMES)[:-1]
    assert [only(f"{name}: [1, 2]").stage for name in STAGES.values()] == list(STAGES)


def test_the_last_sentence_counts_most_where_it_ends_with_a_colon():
    assert only("The queries come first. Here are the keys:\n[[1, 2]]").stage == "k"
    assert only("These are the queries. They are not learned.\n[[1, 2]]").stage == "q"


def test_a_name_holds_for_the_next_table_only():
    assert [table.stage for table in read("Scores:\n[[1, 2]]\n\n[[3, 4]]\n\nSome words.\n\n[[5, 6]]")] == [
        "scores",
        None,
        None,
    ]


def test_another_name_of_its_own_keeps_the_stage_above_away():
    assert only("Scores:\nbias = [[1, 2], [3, 4]]").stage is None


def test_a_long_heading_is_shortened():
    heading = only(f"{'so ' * 100}the scores:\n[[1, 2]]").heading
    assert len(heading) <= 120
    assert heading.endswith("…")


# --- whole articles --------------------------------------------------------------------------------------------------


def test_the_article_of_the_cat_and_the_mouse_gives_its_printed_numbers():
    embeddings, scores, exponentials, weights, again = read(CAT_AND_MOUSE)
    assert (embeddings.stage, embeddings.row_labels) == ("embeddings", ("The", "cat", "chased", "mouse"))
    assert values(embeddings) == [list(row) for row in PRINTED_EMBEDDINGS]
    assert (scores.stage, values(scores)) == ("scores", [list(PRINTED_SCORES)])
    assert scores.rows[0][0].text == "0.150"
    assert (exponentials.stage, values(exponentials)) == ("exponentials", [list(PRINTED_EXPONENTIALS)])
    assert (weights.stage, weights.row_labels) == ("weights", ("The",))
    assert values(weights) == values(again) == [list(PRINTED_WEIGHTS)]
    assert again.stage == "weights"


def test_the_exported_article_is_read_completely():
    calculation = attend(OPENING.build())
    tables = {table.stage: table for table in read(article(calculation, word=5).markdown)}
    experiment, attention, words = calculation.experiment, calculation.attention, calculation.labels
    dimensions = experiment.dimensions
    expected = {
        "embeddings": (experiment.embeddings, words, dimensions),
        "w_q": (experiment.w_q, dimensions, ("q1", "q2", "q3", "q4")),
        "w_k": (experiment.w_k, dimensions, ("k1", "k2", "k3", "k4")),
        "w_v": (experiment.w_v, dimensions, ("v1", "v2", "v3", "v4")),
        "q": (calculation.q, words, ("q1", "q2", "q3", "q4")),
        "k": (calculation.k, words, ("k1", "k2", "k3", "k4")),
        "v": (calculation.v, words, ("v1", "v2", "v3", "v4")),
        "scores": (attention.scores, words, words),
        "scaled_scores": (attention.scaled_scores, words, words),
        "weights": (attention.weights, words, words),
        "context": (calculation.context, words, dimensions),
    }
    assert list(tables) == list(expected)
    for stage, (matrix, rows, columns) in expected.items():
        assert (tables[stage].row_labels, tables[stage].column_labels) == (rows, columns)
        np.testing.assert_allclose(values(tables[stage]), matrix, atol=0.005 + 1e-9)


@pytest.mark.parametrize("example", [id for id, each in EXAMPLES.items() if not each.build().other_heads])
def test_every_examples_article_has_known_stages_in_order(example):
    stages = [table.stage for table in read(article(attend(EXAMPLES[example].build()), word=0).markdown)]
    assert None not in stages
    assert stages == sorted(set(stages), key=list(STAGES).index)
    assert {"embeddings", "scores", "weights", "context"} <= set(stages)


def test_hostile_words_come_back_from_the_exported_article():
    words = ("=1+1", "nan", "{=x}", "a|b", "**", "-0.5", "😀")
    experiment = OPENING.build().with_sentence(" ".join(words))
    calculation = attend(experiment)
    weights = {table.stage: table for table in read(article(calculation, word=0).markdown)}["weights"]
    assert weights.row_labels == weights.column_labels == calculation.labels


def test_all_formats_may_come_in_one_paste():
    text = "Q\n1\t2\n3\t4\nK = [[1, 2], [3, 4]]\nV:\nThe: 1 2\ncat: 3 4\n"
    text += "$$W_Q = \\begin{matrix}1\\end{matrix}$$\nX\n| 1 | 2 |"
    assert [table.stage for table in read(text)] == ["q", "k", "v", "w_q", "embeddings"]
    assert [table.line for table in read(text)] == [2, 4, 6, 8, 10]


# --- there and back --------------------------------------------------------------------------------------------------


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäß", min_size=2, max_size=6).filter(
    lambda word: word not in ("nan", "inf") and stage_in(word) is None and not word.startswith("e")
)


@st.composite
def printed_tables(draw):
    """Numbers as they are printed, and perhaps labels for their rows and columns."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    decimals = draw(st.integers(2, 8))
    number = st.floats(-1000, 1000).map(lambda value: f"{value:.{decimals}f}")
    cells = draw(st.lists(st.lists(number, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    labels = (
        draw(st.lists(WORDS, min_size=rows, max_size=rows, unique=True)),
        draw(st.lists(WORDS, min_size=columns, max_size=columns, unique=True)),
    )
    return cells, decimals, *(labels if draw(st.booleans()) else ((), ()))


def grid_with(cells, rows, columns):
    if not rows:
        return cells
    return [["", *columns], *([label, *row] for label, row in zip(rows, cells, strict=True))]


def delimited(delimiter):
    return lambda *table: "\n".join(map(delimiter.join, grid_with(*table)))


def as_markdown(cells, rows, columns):
    lines = [f"| {' | '.join(row)} |".replace("-", "−") for row in grid_with(cells, rows, columns)]
    return "\n".join([lines[0], *(["|" + "---:|" * (len(columns) + 1)] if rows else []), *lines[1:]])


def as_latex(cells, rows, columns):
    body = " \\\\\n".join(" & ".join(row) for row in grid_with(cells, rows, columns))
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}"


def as_python(cells, rows, columns):
    remarks = [f"  # {row}" for row in rows] or [""] * len(cells)
    inner = "\n".join(f"  [{', '.join(row)}],{remark}" for row, remark in zip(cells, remarks, strict=True))
    return f"np.array([\n{inner}\n])"


def as_numpy(cells, rows, columns):
    inner = "\n ".join(f"[{'  '.join(row)}]" for row in cells)
    return f"[{inner}]"


def as_lines(cells, rows, columns):
    return "\n".join(
        f"{label + ': ' if label else ''}{' '.join(row)}"
        for label, row in zip(rows or [""] * len(cells), cells, strict=True)
    )


def as_vectors(cells, rows, columns):
    if not rows:
        return f"[{', '.join(f'[{row}]' for row in map(', '.join, cells))}]"
    return "\n".join(f'For "{label}" [{",".join(row)}] :' for label, row in zip(rows, cells, strict=True))


WRITERS = {  # format -> how it is written, whether it shows the labels of the rows and of the columns
    "spreadsheet": (delimited("\t"), True, True),
    "commas": (delimited(","), True, True),
    "semicolons": (delimited("; "), True, True),
    "markdown": (as_markdown, True, True),
    "latex": (as_latex, True, True),
    "python": (as_python, True, False),
    "numpy": (as_numpy, False, False),
    "lines": (as_lines, True, False),
    "vectors": (as_vectors, True, False),
}


@pytest.mark.parametrize("form", WRITERS)
@SETTINGS
@given(printed_tables(), st.sampled_from(list(STAGES)))
def test_what_is_printed_is_read_back_exactly(form, printed, stage):
    cells, decimals, rows, columns = printed
    write, shows_rows, shows_columns = WRITERS[form]
    table = only(f"Some words before.\n\n{STAGES[stage]}:\n{write(cells, rows, columns)}\n\nSome words behind.")
    assert (table.stage, table.heading, table.line) == (stage, STAGES[stage], 4 + (form == "python"))
    assert [[text.replace("−", "-") for text in row] for row in texts(table)] == cells
    assert values(table) == [[float(cell) for cell in row] for row in cells]
    assert {number.decimals for row in table.rows for number in row} == {decimals}
    assert table.row_labels == (tuple(rows) if shows_rows else ())
    assert table.column_labels == (tuple(columns) if shows_columns else ())


@pytest.mark.parametrize("form", ["spreadsheet", "semicolons", "lines", "latex"])
@SETTINGS
@given(printed_tables())
def test_decimal_commas_are_read_back_exactly(form, printed):
    cells, _, rows, columns = printed
    with_commas = [[cell.replace(".", ",") for cell in row] for row in cells]
    table = only("Scores:\n" + WRITERS[form][0](with_commas, rows, columns))
    assert texts(table) == with_commas
    assert values(table) == [[float(cell) for cell in row] for row in cells]
