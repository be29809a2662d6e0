"""Formats beside the usual ones: how notebooks, MATLAB, web pages and people's own lists write the same table."""

import pytest

from checking.reading import Number, ReadingError, read, reading_of


def only(text):
    (table,) = read(text)
    return table


def values(table):
    return [[None if number is None else number.value for number in row] for row in table.rows]


def stages_and_values(text):
    return [(table.stage, values(table)) for table in read(text)]


MATRIX = [[1, 2.5], [3, 4]]


@pytest.mark.parametrize(
    "written",
    [
        "[1 2.5; 3 4]",
        "[1, 2.5; 3, 4];",
        "[1, 2.5;\n     3, 4];",
        "((1, 2.5), (3, 4))",
        "{{1, 2.5}, {3, 4}}",
        "Array([[1. , 2.5],\n       [3. , 4. ]], dtype=float32)",
        "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1. , 2.5],\n       [3. , 4. ]], dtype=float32)>",
        "tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]], grad_fn=<UnsafeViewBackward0>)",
        "tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]], device='cuda:0')",
        "Matrix([[1, 2.5], [3, 4]])",
    ],
)
@pytest.mark.parametrize("lead", ["Q = ", "Q = \n", "Q:\n"])
def test_a_matrix_is_read_as_every_tool_writes_it(lead, written):
    assert stages_and_values(lead + written) == [("q", MATRIX)]


def test_numbers_that_only_tell_a_size_are_left_out():
    reading = reading_of("tf.Tensor(\n[[1. 2.]], shape=(1, 2), dtype=float32)")
    assert [values(table) for table in reading.tables] == [[[1, 2]]]
    assert [(each.line, each.numbers) for each in reading.left_out] == [(2, ("1", "2", "32"))]


@pytest.mark.parametrize("vector", ["(1, 0, 2)", "(1, 0, 2)^T", "[1, 0, 2]^\\top", "{1, 0, 2}", "[1 0 2]"])
def test_a_vector_may_stand_in_any_brackets(vector):
    table = only(f"x_1 = {vector}")
    assert (table.stage, table.row_labels, values(table)) == ("embeddings", ("x_1",), [[1, 0, 2]])


@pytest.mark.parametrize(
    "prose", ["The weights lie in (0, 1).", "See (1, 2) and (3).", "torch.zeros((2, 3))", "np.ones(shape=(2, 3))"]
)
def test_round_brackets_in_prose_and_calls_hold_no_vector(prose):
    reading = reading_of(f"{prose}\n\nKeys: [1, 2]")
    assert [values(table) for table in reading.tables] == [[[1, 2]]]
    assert reading.left_out[0].line == 1 and len(reading.left_out[0].numbers) >= 2


@pytest.mark.parametrize("text", ["[1,2;3,4]", "Q = [1,2;3,4]"])
def test_pairs_of_whole_numbers_with_commas_and_semicolons_are_refused(text):
    with pytest.raises(ReadingError, match="decimal comma"):
        read(text)


# --- percent and powers of ten ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("90.02%", Number("90.02%", 0.9002, 4)),
        ("90.02 %", Number("90.02%", 0.9002, 4)),
        (r"90.02\%", Number("90.02%", 0.9002, 4)),
        ("9%", Number("9%", 0.09, 2)),
        ("6.03 × 10⁻⁶", Number("6.03e-6", 6.03e-6, 8)),
        (r"6.03 \times 10^{-6}", Number("6.03e-6", 6.03e-6, 8)),
        ("1.5·10^2", Number("1.5e2", 150, -1)),
    ],
)
def test_percent_and_powers_of_ten_are_numbers_with_their_digits(text, number):
    assert only(f"| Values | a |\n|---|---|\n| b | {text} |\n| c | 1 |").rows[0] == (number,)


def test_a_table_of_percent_has_its_words():
    table = only("Weights\n| | The | cat |\n|---|---|---|\n| The | 90.02 % | 9.98 % |\n| cat | 50 % | 50 % |")
    assert (table.stage, table.row_labels) == ("weights", ("The", "cat"))
    assert values(table) == [[0.9002, 0.0998], [0.5, 0.5]]


# --- names of rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["Input {}: {} 0 1 0", "Input {}: [{}, 0, 1, 0]", "Input {} {} 0 1 0", "- Input {}: {}, 0, 1, 0"]
)
def test_inputs_that_are_counted_are_rows_of_one_table(line):
    table = only("\n".join(line.format(place, place * 2) for place in (1, 2, 3)))
    assert (table.stage, table.row_labels) == ("embeddings", ("Input 1", "Input 2", "Input 3"))
    assert values(table) == [[2, 0, 1, 0], [4, 0, 1, 0], [6, 0, 1, 0]]


def test_a_heading_says_what_counted_rows_are():
    assert only("Context vectors:\nInput 1: 1 2\nInput 2: 3 4").stage == "context"
    assert only("Weights\n\nQuery 1: 0.1 0.9\nQuery 2: 0.3 0.7").stage == "weights"
    assert [table.stage for table in read("Query 1: 1 2\nQuery 2: 3 4\nKey 1: 5 6\nKey 2: 7 8")] == ["q", "k"]


@pytest.mark.parametrize("name", ["Attention(Q,K,V) =", "Attention(Q, K, V) =\n", r"\text{Attention}(Q, K, V) ="])
def test_attention_of_q_k_and_v_is_the_context(name):
    assert only(f"{name} [[1, 2], [3, 4]]").stage == "context"


def test_a_title_tells_the_stage_across_a_paragraph_if_it_is_only_a_name():
    assert only("Keys\n\nHere they are, as shown below.\n\n1\t2\n3\t4").stage == "k"
    assert only("All about keys today\n\nHere they are, as shown below.\n\n1\t2\n3\t4").stage is None


# --- one number a row, and rows of nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["{}: {}", "{} = {}", "- {}: {}", "{} → {}", "{} {}", '"{}": {},', "{}: [{}]"])
def test_a_list_of_one_number_a_word_is_a_column(line):
    table = only(
        "Values:\n" + "\n".join(line.format(*each) for each in (("The", "1.5"), ("cat", "2.5"), ("sat", "-0.5")))
    )
    assert (table.stage, table.row_labels, values(table)) == ("v", ("The", "cat", "sat"), [[1.5], [2.5], [-0.5]])


def test_a_softmax_that_is_written_downwards_is_one_row():
    table = only('Attention weights for "cat":\nThe: 0.2\ncat: 0.5\nsat: 0.3')
    assert (table.stage, values(table)) == ("weights", [[0.2, 0.5, 0.3]])
    assert (table.row_labels, table.column_labels) == (("cat",), ("The", "cat", "sat"))


def test_a_single_number_right_below_a_heading_is_a_row():
    assert stages_and_values("Queries:\nThinking: 1.0") == [("q", [[1.0]])]


@pytest.mark.parametrize(
    "sizes", ["d_k: 64\nd_model: 512", "n = 3\nd_k = 4", "Step 2\nStep 3", "seed: 1\nheads: 8", "Chapter 3\nChapter 4"]
)
def test_sizes_and_titles_are_no_rows(sizes):
    reading = reading_of(f"{sizes}\n\nKeys: [1, 2]")
    assert [values(table) for table in reading.tables] == [[[1, 2]]]
    assert sum(len(each.numbers) for each in reading.left_out) == 2


@pytest.mark.parametrize("row", ["-inf -inf", "−∞ −∞", "The: -inf -inf", "[-inf, -inf]"])
def test_a_row_of_nothing_but_minus_infinity_is_a_row(row):
    other = row.replace("-inf", "1").replace("−∞", "1").replace("The", "cat")
    assert values(only(f"Scaled scores:\n{row}\n{other}")) == [[float("-inf")] * 2, [1, 1]]


def test_a_triangle_with_dashes_is_read_from_its_first_row():
    table = only("Scores:\nThe: 0.1 - -\ncat: 0.2 0.3 -\nsat: 0.4 0.5 0.6")
    assert values(table) == [[0.1, None, None], [0.2, 0.3, None], [0.4, 0.5, 0.6]]


# --- a stage a column or a row ---------------------------------------------------------------------------------------


def test_columns_that_are_stages_are_tables_of_their_own():
    text = "| word | score | scaled score | exp | softmax |\n|---|---|---|---|---|\n"
    first, second, third, fourth = read(
        text + "| The | 1.0 | 0.5 | 1.649 | 0.378 |\n| cat | 2.0 | 1.0 | 2.718 | 0.622 |"
    )
    assert [values(table) for table in (first, second, third, fourth)] == [
        [[1, 2]],
        [[0.5, 1]],
        [[1.649, 2.718]],
        [[0.378, 0.622]],
    ]
    assert [table.stage for table in (first, second, third, fourth)] == [
        "scores",
        "scaled_scores",
        "exponentials",
        "weights",
    ]
    assert first.column_labels == ("The", "cat")


@pytest.mark.parametrize("cells", ["[1, 0]\t[2, 1]\t[3, 3]", "(1, 0)\t(2, 1)\t(3, 3)", "[1 0]\t[2 1]\t[3 3]"])
def test_a_word_a_row_with_its_query_key_and_value_beside_it(cells):
    q, k, v = read(f"word\tQ\tK\tV\nThe\t{cells}\ncat\t{cells}")
    assert [(table.stage, table.row_labels, values(table)) for table in (q, k, v)] == [
        ("q", ("The", "cat"), [[1, 0]] * 2),
        ("k", ("The", "cat"), [[2, 1]] * 2),
        ("v", ("The", "cat"), [[3, 3]] * 2),
    ]


def test_rows_that_are_stages_are_tables_of_their_own():
    scores, weights = read("| | The | cat |\n|---|---|---|\n| Scores | 1 | 2 |\n| Softmax | 0.27 | 0.73 |")
    assert (scores.stage, values(scores), scores.column_labels) == ("scores", [[1, 2]], ("The", "cat"))
    assert (weights.stage, values(weights)) == ("weights", [[0.27, 0.73]])


def test_words_that_sound_like_stages_name_no_stage_of_their_own():
    text = "Weights\n| | query | key | value |\n|---|---|---|---|\n"
    table = only(text + "| query | 1 | 0 | 0 |\n| key | 0.5 | 0.5 | 0 |\n| value | 0.2 | 0.3 | 0.5 |")
    assert (table.stage, table.row_labels) == ("weights", ("query", "key", "value"))


def test_a_column_that_is_no_stage_is_left_out_and_said():
    reading = reading_of("| word | place | Q | K |\n|---|---|---|---|\n| The | 17 | 1 | 2 |\n| cat | 18 | 3 | 4 |")
    assert [(table.stage, values(table)) for table in reading.tables] == [("q", [[1], [3]]), ("k", [[2], [4]])]
    assert [each.numbers for each in reading.left_out] == [("17",), ("18",)]


# --- web pages -------------------------------------------------------------------------------------------------------

ROWS = (
    "<tr><th></th><th>The</th><th>cat</th></tr><tr><th>The</th><td>1.0</td><td>2.0</td></tr>"
    "<tr><th>cat</th><td>3</td><td>&minus;4</td></tr>"
)
IN_LINES = ROWS.replace("<tr>", "\n<tr>")


@pytest.mark.parametrize(
    "page",
    [
        f"<h2>Scores</h2><table>{ROWS}</table>",
        f"<h2 class='x'>Scores</h2>\n<p>Some words</p>\n<table border=1>{IN_LINES}\n</table>\n<p>More</p>",
        f"<div>Scores</div><TABLE><thead>{ROWS.replace('</tr><tr>', '</tr></thead><tbody><tr>', 1)}</tbody></TABLE>",
        f"Scores\n<table>{ROWS.replace('</td>', '').replace('</th>', '').replace('</tr>', '')}</table>",
        f"Scores\n<table><tr><td colspan=3></td></tr>{ROWS.replace('1.0', '<b style=x>1.0</b>')}",
    ],
)
def test_a_table_of_html_is_read_with_its_heading(page):
    table = only(page)
    assert (table.stage, table.row_labels, table.column_labels) == ("scores", ("The", "cat"), ("The", "cat"))
    assert values(table) == [[1, 2], [3, -4]]


def test_a_row_of_html_has_the_line_where_it_stands():
    with pytest.raises(ReadingError, match=r"line 4 at “0\.3x”"):
        read("Q\n<table>\n<tr><td>1</td><td>2</td></tr>\n<tr><td>3</td><td>0.3x</td></tr>\n</table>")


def test_a_web_page_that_was_copied_cell_by_cell_is_a_table():
    table = only("Scores\nThe\ncat\nThe\n1.0\n2.0\ncat\n3.0\n4.0\n\nThat is all.")
    assert (table.stage, table.row_labels, table.column_labels) == ("scores", ("The", "cat"), ("The", "cat"))
    assert values(table) == [[1, 2], [3, 4]]


def test_numbered_rows_as_pandas_prints_them():
    table = only("Q\n      0     1\n0  0.10  0.20\n1  0.30  0.40\n")
    assert (table.stage, table.row_labels, values(table)) == ("q", ("0", "1"), [[0.1, 0.2], [0.3, 0.4]])


@pytest.mark.parametrize(
    "drawn",
    [
        "+-----+-----+\n| 1.0 | 2.0 |\n+-----+-----+\n| 3.0 | 4.0 |\n+-----+-----+",
        "┌─────┬─────┐\n│ 1.0 │ 2.0 │\n├─────┼─────┤\n│ 3.0 │ 4.0 │\n└─────┴─────┘",
    ],
)
def test_a_table_with_drawn_lines_is_one_table(drawn):
    assert stages_and_values(f"Q\n{drawn}") == [("q", [[1, 2], [3, 4]])]


@pytest.mark.parametrize("space", ["\u2009", "\u202f", "\u00a0", "\u2003", "\u3000"])
def test_spaces_of_every_width_part_numbers(space):
    assert values(only(f"Scores\n0.5{space}0.6\n0.7{space}0.8")) == [[0.5, 0.6], [0.7, 0.8]]


def test_numbers_of_a_sentence_that_lists_them_are_a_row():
    assert stages_and_values("The scores are 0.15, 0.56 and 0.90.") == [("scores", [[0.15, 0.56, 0.9]])]
