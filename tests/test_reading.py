"""Numbers and tables as people paste them: every number with the digits it was printed with."""

import math

import pytest
from support.read_tables import only, refusal, texts, values

from checking.reading import Number, read


def number_of(text):
    return only(f"Scores: [7, {text}]").rows[0][1]


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


@pytest.mark.parametrize(("after_word", "between"), [(" ", " "), (": ", " "), ("\t", "\t"), (" | ", " | ")])
@pytest.mark.parametrize("named", [True, False])
def test_tables_of_different_widths_with_words_are_parted_by_an_empty_line(after_word, between, named):
    def table(*rows):
        return "\n".join(f"{word}{after_word}{between.join(numbers.split())}" for word, numbers in rows)

    first, second = table(("The", "1 2 3"), ("cat", "4 5 6")), table(("The", "7 8"), ("cat", "9 0"))
    read_tables = read(f"Q\n{first}\n\nWeights\n{second}" if named else f"{first}\n\n{second}")
    assert [table.stage for table in read_tables] == (["q", "weights"] if named else [None, None])
    assert [values(table) for table in read_tables] == [[[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 0]]]
    assert [table.row_labels for table in read_tables] == [("The", "cat")] * 2
