"""What is pasted from an article becomes tables, with their stages and labels, or one plain sentence."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_core import EXAMPLES, OPENING, attend
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_EXPONENTIALS, PRINTED_SCORES, PRINTED_WEIGHTS
from checking import reading
from checking.reading import MAX_NUMBERS, MAX_TEXT, STAGES, Number, ReadingError, read, tables
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


def only(text):
    (table,) = read(text)
    return table


def values(table):
    return [[None if number is None else number.value for number in row] for row in table.rows]


def texts(table):
    return [["" if number is None else number.text for number in row] for row in table.rows]


def number_of(text):
    return only(f"Scores: [7, {text}]").rows[0][1]


def refusal(text):
    with pytest.raises(ReadingError) as error:
        read(text)
    return str(error.value)


# --- one number ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("0.150", 0.15, 3),
        ("4", 4, 0),
        ("4.", 4, 0),
        (".5", 0.5, 1),
        ("+1.25", 1.25, 2),
        ("−1.5", -1.5, 1),
        ("–1.5", -1.5, 1),
        ("6.0337e-06", 6.0337e-06, 10),
        ("1.5e3", 1500, -2),
        ("2.e-03", 0.002, 3),
        ("1E2", 100, -2),
        ("1e-400", 0, 400),
    ],
)
def test_a_number_keeps_its_text_its_value_and_its_places(text, value, decimals):
    assert number_of(text) == Number(text, value, decimals)


@pytest.mark.parametrize("text", ["-inf", "−∞", "-Infinity", '"-inf"', "-np.inf", "–INF"])
def test_what_is_forbidden_is_minus_infinity_in_any_writing(text):
    number = number_of(text)
    assert number.value == -math.inf
    assert number.decimals == 0


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "∞", "1e400", "-1e400", "0.3x", "1.2.3", "12%%", "1e99999"])
def test_what_is_no_finite_number_stops_the_reading_where_it_stands(text):
    told = refusal(f"Scores:\nThe\t0.5\t0.25\ncat\t{text}\t0.75")
    assert told.startswith(f"Reading stopped in line 3 at “{text}”: ")
    assert "expected was" in told


# --- spreadsheets and CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", ", ", "; "])
def test_a_block_of_cells_has_words_as_labels(delimiter):
    lines = (("", "The", "cat"), ("The", "0.1", "-0.2"), ("cat", "3", "4.50"))
    table = only("Attention scores\n" + "\n".join(map(delimiter.join, lines)))
    assert (table.stage, table.heading, table.line) == ("scores", "Attention scores", 2)
    assert table.row_labels == table.column_labels == ("The", "cat")
    assert texts(table) == [["0.1", "-0.2"], ["3", "4.50"]]


def test_a_block_without_words_has_no_labels():
    table = only("0.1\t0.2\n0.3\t0.4")
    assert (table.stage, table.heading, table.row_labels, table.column_labels) == (None, "", (), ())
    assert values(table) == [[0.1, 0.2], [0.3, 0.4]]


def test_a_column_may_have_only_a_heading_or_only_words():
    assert only("\td1\nThe\t0.1\ncat\t0.2").column_labels == ("d1",)
    assert only("The\t0.1\ncat\t0.2").row_labels == ("The", "cat")
    assert values(only("0.1\n0.2\n0.3")) == [[0.1], [0.2], [0.3]]


def test_names_that_are_numbers_are_names_under_an_empty_corner():
    table = only("\t0\t1\n1984\t0.1\t0.2\n2001\t0.3\t0.4")
    assert (table.row_labels, table.column_labels) == (("1984", "2001"), ("0", "1"))


def test_a_first_cell_names_the_stage_where_nothing_else_does():
    table = only("Weights,The,cat\nThe,0.5,0.5\ncat,0.1,0.9")
    assert (table.stage, table.row_labels) == ("weights", ("The", "cat"))


def test_empty_cells_are_kept_apart_from_numbers():
    table = only("\tThe\tcat\nThe\t0.1\t\ncat\t–\t0.2\nsat\t…\t-")
    assert values(table) == [[0.1, None], [None, 0.2], [None, None]]


def test_tables_below_each_other_in_a_spreadsheet_have_their_headings():
    first, second = read("Scores\t\t\nThe\t1\t2\n\t\t\nWeights\t\t\nThe\t3\t4")
    assert (first.stage, values(first), first.line) == ("scores", [[1, 2]], 2)
    assert (second.stage, values(second), second.line) == ("weights", [[3, 4]], 5)


def test_quoted_cells_may_hold_the_delimiter():
    assert only('"a, b",0.1,0.2\n"c ""d""",0.3,0.4').row_labels == ("a, b", 'c "d"')


def test_columns_that_were_copied_along_empty_are_left_out():
    table = only("\t0.1\t0.2\t\n\t0.3\t0.4\t")
    assert (values(table), table.row_labels) == ([[0.1, 0.2], [0.3, 0.4]], ())


def test_names_of_columns_may_begin_above_the_words_of_the_rows():
    table = only("The\tcat\nThe\t0.1\t0.2\ncat\t0.3\t0.4")
    assert table.row_labels == table.column_labels == ("The", "cat")


def test_prose_with_commas_right_below_rows_is_no_row():
    assert values(only("The,0.1,0.2\ncat,0.3,0.4\nSo, as we see, that is all.")) == [[0.1, 0.2], [0.3, 0.4]]


# --- decimal commas --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Scores: 0,5; 1,25", "Scores: 0,5 1,25", "Scores\n0,5\t1,25", "Scores: [0,5; 1,25]", "Scores: [0,5 1,25]"]
)
def test_a_comma_is_a_decimal_comma_where_something_else_parts_the_numbers(text):
    assert only(text).rows == ((Number("0,5", 0.5, 1), Number("1,25", 1.25, 2)),)


def test_commas_and_points_in_one_table_are_refused_by_name():
    told = refusal("a\t0,5\t1\nb\t2\t1.75")
    assert "line 1" in told
    assert "“0,5”" in told
    assert "“1.75”" in told


@pytest.mark.parametrize("text", ["[0,5, 0,6]", "Q: 0,5, 0,6", "The,0,05,0,06", "a\n0,5, 0,6\n0,7, 0,8"])
def test_a_comma_that_may_be_either_is_refused(text):
    assert "decimal comma" in refusal(text)


def test_thousands_are_not_guessed():
    assert "“1,234.5”" in refusal("a\t1,234.5\t2\nb\t3\t4")


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_a_markdown_table_loses_its_decoration():
    table = only(
        "**Scaled scores**\n\n|  | a\\|b | c |\n| --- | ---: | :---: |\n| **x\\*y** | −0.10 | – |\n| z | **0.3** | −∞ |"
    )
    assert (table.stage, table.heading, table.line) == ("scaled_scores", "Scaled scores", 3)
    assert (table.row_labels, table.column_labels) == (("x*y", "z"), ("a|b", "c"))
    assert texts(table) == [["−0.10", ""], ["0.3", "−∞"]]
    assert values(table) == [[-0.1, None], [0.3, -math.inf]]


def test_pipes_need_no_dashes_and_no_edges():
    assert values(only("0.1 | 0.2\n0.3 | 0.4")) == [[0.1, 0.2], [0.3, 0.4]]
    assert only("word | d1\n--- | ---\nThe | 0.2").row_labels == ("The",)


def test_a_table_of_words_is_no_table():
    assert values(only("| word | meaning |\n|---|---|\n| bank | money |\n\nScores: 1 2")) == [[1, 2]]


# --- LaTeX -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bmatrix", "pmatrix", "matrix", "array"])
def test_a_latex_matrix_is_read_with_its_name(kind):
    columns = "{cc}" if kind == "array" else ""
    table = only(rf"$$Q = \begin{{{kind}}}{columns} 1.0 & \mathbf{{4.80}} \\ \textcolor{{#abc}}{{0.3}} & -\infty \\"
                 rf" \end{{{kind}}}$$ and so on")  # fmt: skip
    assert (table.stage, table.heading) == ("q", "Q")
    assert texts(table) == [["1.0", "4.80"], ["0.3", r"-\infty"]]
    assert table.rows[1][1].value == -math.inf


def test_a_latex_matrix_over_several_lines_says_where_a_cell_is_wrong():
    text = "$$\nK =\n\\left[\\begin{array}{cc}\n0.1 & 0.2 \\\\\n0.3 & oops\n\\end{array}\\right]\n$$"
    assert "line 5 at “oops”" in refusal(text)
    table = only(text.replace("oops", "0.4"))
    assert (table.stage, values(table)) == ("k", [[0.1, 0.2], [0.3, 0.4]])


def test_words_of_a_latex_matrix_are_its_labels():
    body = r"& \text{a\_b} & \text{cat} \\ \hline \text{a\_b} & 0.1 & 0.2 \\ \textbf{cat} & 0.3 & 0.4"
    table = only(rf"\begin{{array}}{{c|cc}} {body} \end{{array}}")
    assert table.row_labels == table.column_labels == ("a_b", "cat")


def test_in_a_product_only_the_result_has_the_name():
    one = r"\begin{{bmatrix}} {} \end{{bmatrix}}".format
    row, column, product = one("1 & 2"), one(r"3 \\ 4"), one("11")
    tables = read(rf"$$Q = X W_Q = {row} \cdot {column} = {product}$$")
    assert [(table.stage, values(table)) for table in tables] == [
        (None, [[1, 2]]),
        (None, [[3], [4]]),
        ("q", [[11]]),
    ]


def test_formulas_that_are_no_matrices_are_skipped():
    assert values(only("$$\n\\text{score} &= 0.1 \\cdot 0.2 + [3pt] = \\mathbf{4}\n$$\nV: [1, 2]")) == [[1, 2]]


def test_a_formula_that_is_skipped_names_nothing_and_one_with_a_vector_is_read():
    table = only("$$\n\\text{score} = 0.1 \\cdot 2\n$$\n[[1, 2]]")
    assert (table.stage, table.heading) == (None, "")
    assert only("$$\nq = [1, 2]\n$$").stage == "q"


# --- Python ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "[[1, 2.5], [3, 4]]",
        "np.array([[1, 2.5], [3, 4]])",
        "np.array([\n    [1, 2.5],\n    [3, 4],\n], dtype=np.float32)",
        "tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]], dtype=torch.float64, grad_fn=<MmBackward0>)",
        "[[1.  2.5]\n [3.  4. ]]",
        "torch.tensor([[1, 2.5], [3, 4]]).float()",
        "[[np.float64(1.0), np.float64(2.5)], [3, 4]]",
        "[[[1, 2.5], [3, 4]]]",
    ],
)
@pytest.mark.parametrize("lead", ["W_Q = ", "W_Q: ", "W_Q:\n", ">>> print(W_Q)\n"])
def test_an_array_is_read_as_python_numpy_or_pytorch_print_it(lead, written):
    table = only(f"import numpy as np\n{lead}{written}\nprint(q)")
    assert (table.stage, values(table)) == ("w_q", [[1, 2.5], [3, 4]])


def test_a_batch_is_several_tables():
    assert [values(table) for table in read("[[[1, 2], [3, 4]],\n\n [[5, 6], [7, 8]]]")] == [
        [[1, 2], [3, 4]],
        [[5, 6], [7, 8]],
    ]


def test_comments_behind_rows_are_their_labels():
    table = only('x = np.array([[1, 0],  # "The"\n              [0, 1]])  # cat')
    assert (table.stage, table.row_labels) == ("embeddings", ("The", "cat"))


def test_a_dictionary_of_rows_is_a_table():
    table = only('embeddings = {\n    "The": [0.1, 0.2],\n    "cat": [0.3, 0.4],\n}')
    assert (table.stage, table.row_labels, values(table)) == ("embeddings", ("The", "cat"), [[0.1, 0.2], [0.3, 0.4]])


def test_what_a_function_is_given_is_not_what_it_returns():
    table = only("torch.Size([2, 3])\nweights = softmax([0.1, 0.2]) = [0.475, 0.525]")
    assert (table.stage, values(table)) == ("weights", [[0.475, 0.525]])


def test_a_long_row_may_go_over_several_lines():
    assert values(only("[[0.1 0.2\n  0.3]\n [0.4 0.5\n  0.6]]")) == [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]


# --- plain lines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "{}: 0.1 0.2 0.3",
        "{} 0.1 0.2 0.3",
        "{} [0.1, 0.2, 0.3]",
        'For "{}" [0.1,0.2,0.3] :',
        "- {}: 0.1, 0.2, 0.3",
        "1. {} 0.1 0.2 0.3",
        "{} = [0.1 0.2 0.3]",
        "{} → 0.1 0.2 0.3",
        "{} is [0.1, 0.2, 0.3].",
        'Step 2.1 : For "{}" [0.1,0.2,0.3] :',
    ],
)
def test_lines_with_a_word_before_their_numbers_are_one_table(line):
    table = only("Value vectors:\n" + "\n".join(map(line.format, ("The", "cat", "mouse"))))
    assert (table.stage, table.heading, table.line) == ("v", "Value vectors", 2)
    assert table.row_labels == ("The", "cat", "mouse")
    assert values(table) == [[0.1, 0.2, 0.3]] * 3


def test_a_stage_before_a_word_parts_the_tables():
    first, second = read('Query for "The": [1, 2]\nQuery for "cat": [3, 4]\nKey for "The": [5, 6]')
    assert (first.stage, first.row_labels) == ("q", ("The", "cat"))
    assert (second.stage, second.row_labels) == ("k", ("The",))


def test_numbered_vectors_are_rows_of_their_letter():
    table = only("q1 = [1, 2]\nq_2 = [3, 4]")
    assert (table.stage, table.row_labels, values(table)) == ("q", ("q1", "q_2"), [[1, 2], [3, 4]])
    assert only("k_{cat} = [1, 2]").row_labels == ("cat",)


def test_the_word_of_a_heading_is_the_label_of_a_single_row():
    assert only('Attention weights for "cat":\n0.25 0.75').row_labels == ("cat",)
    assert only("Embedding of cat: [1, 2]").row_labels == ("cat",)
    assert only("Sum of exponentials: 1 2").row_labels == ()


def test_names_of_columns_as_pandas_prints_them():
    table = only("      The  cat\nThe   0.1  0.2\ncat   0.3  0.4")
    assert (table.row_labels, table.column_labels) == (("The", "cat"), ("The", "cat"))


def test_rows_without_labels_below_each_other_are_one_table_and_an_empty_line_ends_it():
    first, second = read("V:\n1 2\n3 4\n\nOutput\n5 6")
    assert (first.stage, values(first)) == ("v", [[1, 2], [3, 4]])
    assert (second.stage, values(second)) == ("context", [[5, 6]])


@pytest.mark.parametrize(
    "prose",
    [
        "Let's calculate the score of 2 words.",
        "Step 2",
        "3.1: Compute Scores",
        "In 2017 it began.",
        "2017",
        "d_k = 4",
        "The weights lie in [0, 1] and sum to 1.",
        "They lie in the half-open range [0, 1).",
        "As shown in [1].",
        "Range [0, 1)",
        "For **bank**, whose embedding is [0.00, 0.30]:",
        "score = 0.1 × 0.2 + 0.3 × 0.4 = 0.14",
        "score = 0.1 + 0.2 = 0.3",
        r"$\sqrt{4} = 2.00$",
        "P(a|b) = 0.3",
        "q · k = [1, 2] · [3, 4] = 11",
    ],
)
def test_prose_is_skipped(prose):
    table = only(f"{prose}\n\nKeys: [1, 2]\n\n{prose}")
    assert (table.stage, values(table)) == ("k", [[1, 2]])
    assert "No table of numbers was found" in refusal(prose)


def test_rows_without_names_are_parted_by_an_empty_line_and_named_ones_are_not():
    assert [values(table) for table in read("1 2\n3 4\n\n5 6")] == [[[1, 2], [3, 4]], [[5, 6]]]
    assert only("Q:\nThe: 1 2\n\ncat: 3 4").row_labels == ("The", "cat")


# --- names of stages -------------------------------------------------------------------------------------------------

NAMES = {
    "embeddings": ["Embeddings", "Input", "X", "Word Embeddings", "input_embeddings"],
    "w_q": ["W_Q", "Wq", "W^Q", "W_{Q}", "WQ", "query weights", "Query weight matrix", "weight matrices W_Q", "$W_Q$"],
    "w_k": ["W_K", "wk", "key weights", "weights for the keys"],
    "w_v": ["W^{V}", "value weight matrix", "W_v"],
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


@pytest.mark.parametrize("example", EXAMPLES)
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


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "here", "others"),
    [
        ("1 2 3\n4 5 6\n7 8", 3, 2, 3),
        ("The: 1 2 3\ncat: 4 5", 2, 2, 3),
        ("Q:\nThe\t1\t2\ncat\t3\t4\tmore\t5\nsat\t5\t6", 3, 4, 2),
        ("a,1,2\nb,3,4\nc,5", 3, 1, 2),
        ("[[1, 2], [3, 4],\n [5]]", 2, 1, 2),
        (r"\begin{matrix}1 & 2 \\ 3 & 4 \\ 5\end{matrix}", 1, 1, 2),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 | 5 |", 4, 3, 2),
    ],
)
def test_ragged_rows_are_counted(text, line, here, others):
    told = refusal(text)
    counted = f"{here} number{'s' * (here != 1)}"
    assert f"line {line} has {counted}, but the others of its table have {others}" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nScores: [0.1, 0.2", 2),
        ("[[0.1, 0.2],\n[0.3", 1),
        ("x = np.array([[1, 2]]", 1),
        ("Q =\n\\begin{bmatrix} 1", 2),
    ],
)
def test_what_is_not_closed_is_told_where_it_began(text, line):
    told = refusal(text)
    assert told.startswith(f"Reading stopped in line {line} at “")
    assert "expected was" in told


@pytest.mark.parametrize(
    "text",
    [
        "a\t0.3x\t0.1\nb\t1\t2",
        "The,0.3x,0.5\ncat,0.1,0.2",
        "Scores: [0.1, 0.3x]",
        "Scores: 0.1 0.3x 0.2",
        "| 0.1 | 0.3x |\n|--|--|\n| 1 | 2 |",
        r"\begin{matrix} 1 & 0.3x \end{matrix}",
    ],
)
def test_an_unreadable_cell_of_a_clear_table_is_told(text):
    assert refusal(text).startswith("Reading stopped in line 1 at “0.3x”")


def test_arrays_nested_unlike_are_refused():
    assert "nested alike" in refusal("[[1, 2], [[3, 4]]]")
    assert "nested alike" in refusal("[[1, 2], 3]")


@pytest.mark.parametrize("text", ["", "   \n\n", "Nothing here.", "[[]]", "[a, b]", "| a | b |\n|---|---|"])
def test_a_text_without_numbers_is_told_so(text):
    told = refusal(text)
    assert told.startswith("No table of numbers was found")
    assert "expected was" in told


def test_a_text_that_is_too_long_is_refused_at_once():
    assert "200,001 characters" in refusal("1" * (MAX_TEXT + 1))


def test_more_numbers_than_can_be_read_in_a_second_are_refused():
    row = " ".join(["1"] * 100)
    assert f"{MAX_NUMBERS:,} numbers" in refusal("\n".join([row] * (MAX_NUMBERS // 100 + 1)))
    assert len(only("\n".join([row] * (MAX_NUMBERS // 100))).rows) == MAX_NUMBERS // 100


def test_what_is_quoted_is_short():
    told = refusal(f"Scores: [0.1, 0.2x{'y' * 10_000}]")
    assert len(told) < 200
    assert "…" in told


def test_line_ends_and_spaces_of_all_kinds_are_read():
    table = only("\ufeffScores:\r\n0.1\u00a00.2\r\n0.3 0.4\r\n")
    assert (table.stage, values(table), table.line) == ("scores", [[0.1, 0.2], [0.3, 0.4]], 2)


@SETTINGS
@given(st.text(st.sampled_from("[](){}|\\&$#\"':;=,.-−–0123456789eE \t\nabQK*`+_^/…∞"), max_size=80))
def test_any_text_gives_tables_or_a_plain_sentence(text):
    try:
        tables = read(text)
    except ReadingError as error:
        assert str(error).endswith(".")
        assert len(str(error)) < 400
    else:
        for table in tables:
            assert len({len(row) for row in table.rows}) == 1
            assert len(table.row_labels) in (0, len(table.rows))
            assert len(table.column_labels) in (0, len(table.rows[0]))
            assert 1 <= table.line <= text.count("\n") + text.count("\r") + 1


@pytest.mark.parametrize(
    "unit", ["[", "[ ", "|", "[1, 2] ", "$$\n", "\\begin{matrix}1", "{", "1,", "a: ", "'a", '"', "[[1],"]
)
def test_a_hostile_text_of_full_length_is_done_with(unit):
    begun = time.process_time()
    told = refusal((unit * MAX_TEXT)[:MAX_TEXT])
    print(f"{unit!r}: {time.process_time() - begun:.2f} s")
    assert told.endswith(".")


def test_the_table_of_the_longest_sentence_takes_little_time(monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT", 10_000_000)
    monkeypatch.setattr(tables, "MAX_NUMBERS", 512 * 512)
    matrix = np.random.default_rng(0).normal(size=(512, 512)).round(4)
    text = "\n".join("\t".join(map(str, row)) for row in matrix.tolist())
    begun = time.process_time()
    table = only(text)
    print(f"512 × 512: {time.process_time() - begun:.2f} s")
    assert np.array_equal(values(table), matrix)


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
