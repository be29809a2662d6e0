"""Nothing vanishes in reading: each number is in a table, is left out with a reason, or is quoted in an error."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pasted import EXAMPLES, FORMATS

from checking.reading import STAGES, ReadingError, reading_of

SETTINGS = settings(derandomize=True, deadline=None, max_examples=300)
BESIDE = "beside an array: given to a function, or a size"
DIGITS = re.compile(r"\d+")
STOPPED = re.compile(r"Reading stopped in line (\d+) at “(.+)”: .+\.", re.DOTALL)


def digits(texts):
    return Counter(run for text in texts for run in DIGITS.findall(text))


def letters(text):
    return re.sub(r"[\W_]", "", text)


def shown(reading):
    """Everything that is shown of a text: the tables with their words, and what was left out."""
    for table in reading.tables:
        yield from (number.text for row in table.rows for number in row if number)
        yield from (*table.row_labels, *table.column_labels)
    for each in reading.left_out:
        yield from each.numbers


def assert_nothing_vanishes(text):
    try:
        reading = reading_of(text)
    except ReadingError as error:
        told = str(error)
        stopped = STOPPED.fullmatch(told)
        if stopped:
            line, quoted = int(stopped[1]), " ".join(stopped[2].rstrip("…").split())
            assert letters(quoted[:20]) in letters(text), "what stopped the reading is quoted"
            assert 1 <= line <= text.count("\n") + 1
        else:
            count = len(re.findall(r"\d", text))
            assert told.startswith("No table of numbers was found") and (not count or " among words" in told)
        return None
    missing = digits([text.replace(" border=1", "")]) - digits(shown(reading))
    assert not missing, f"{dict(missing)} of {text!r} vanished"
    assert not digits(each for left in reading.left_out for each in left.numbers) - digits([text])
    assert all(each.why and each.numbers and 1 <= each.line <= text.count("\n") + 1 for each in reading.left_out)
    return reading


NUMBERS = st.one_of(
    st.integers(-20, 2000).map(str),
    st.floats(-50, 50).map(lambda value: f"{value:.3f}"),
    st.floats(0.01, 99).map(lambda value: f"{value:.2f}%"),
    st.floats(1e-9, 1e9).map(lambda value: f"{value:.4e}"),
    st.sampled_from(["-inf", "−0.25", ".5", "7."]),
)
NAMES = st.sampled_from(
    [*STAGES.values(), "Step 2", "In 2017 it began", "d_k = 64", "The 3 words", "x_1", "Input 1", "", "#"]
)
WORDS = st.sampled_from(["The", "cat", "sat", "q1", "Input 2", "3rd", "word_4", "1984", "“the”", "a|b", "="])


@st.composite
def rows(draw):
    count, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = draw(st.lists(st.lists(NUMBERS, min_size=columns, max_size=columns), min_size=count, max_size=count))
    return (
        cells,
        draw(st.lists(WORDS, min_size=count, max_size=count)),
        draw(st.lists(WORDS, min_size=columns, max_size=columns)),
    )


def each_row(form):
    return lambda cells, words, heads: "\n".join(form(word, row) for word, row in zip(words, cells, strict=True))


def as_pipes(cells, words, heads):
    body = each_row(lambda word, row: f"|{word}|{'|'.join(row)}|")(cells, words, heads)
    return f"| |{'|'.join(heads)}|\n{'|---' * (len(heads) + 1)}|\n{body}"


def as_html(cells, words, heads):
    body = each_row(lambda word, row: f"<tr><td>{word}<td>{'<td>'.join(row)}</tr>")(cells, words, heads)
    return f"<table border=1><tr><th><th>{'<th>'.join(heads)}</tr>{body}</table>"


def as_latex(cells, words, heads):
    body = " \\\\ ".join(map(" & ".join, cells))
    return f"$$\\begin{{bmatrix}}{body}\\end{{bmatrix}}$$"


def cell_by_cell(cells, words, heads):
    return "\n".join(["", *heads, each_row(lambda word, row: "\n".join([word, *row]))(cells, words, heads)])


def in_words(cells, words, heads):
    return f"score = {cells[0][0]} × {cells[-1][-1]} = 0.5\nAs {cells[0][0]} is more than {cells[-1][0]}, it follows."


def nested(cells, opening="[", closing="]", between=", "):
    return opening + between.join(f"[{', '.join(row)}]" for row in cells) + closing


WRITTEN = (
    as_pipes,
    as_html,
    cell_by_cell,
    in_words,
    each_row(lambda word, row: f"{word}: {' '.join(row)}"),
    each_row(lambda word, row: f"{word} = [{', '.join(row)}]"),
    each_row(lambda word, row: "\t".join([word, *row])),
    each_row(lambda word, row: ", ".join(row)),
    lambda cells, *_: nested(cells, between=",\n "),
    lambda cells, *_: nested(cells, "np.array([", "], dtype=float32)"),
    lambda cells, *_: f"[{'; '.join(map(' '.join, cells))}]",
    as_latex,
    lambda cells, *_: f"softmax([{', '.join(cells[0])}]) = [{', '.join(cells[-1])}]",
)


@st.composite
def articles(draw):
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        parts += [
            draw(NAMES),
            draw(st.sampled_from(WRITTEN))(*draw(rows())),
            draw(st.sampled_from(["", "", "So 12 of 20 are it."])),
        ]
    return draw(st.sampled_from(["\n", "\n\n", ":\n"])).join(parts)


@SETTINGS
@given(articles())
def test_every_number_of_an_article_is_used_or_left_out_or_quoted(text):
    assert_nothing_vanishes(text)


@SETTINGS
@given(st.text(st.sampled_from("[](){}|\\&$#\"':;=,.-−0123456789eE% \t\nabQK*+_^<>/"), max_size=80))
def test_no_number_of_any_text_vanishes(text):
    assert_nothing_vanishes(text)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("id", EXAMPLES)
def test_no_number_of_a_published_example_vanishes(id, form):
    assert assert_nothing_vanishes(FORMATS[form](id))


@pytest.mark.parametrize(
    ("text", "line", "numbers", "why"),
    [
        ("In 2017 it began.", 1, ("2017",), "among words, in no row or table"),
        ("The score is 0.56 and 0.902 then", 1, ("0.56", "0.902"), "among words, in no row or table"),
        ("$$\n\\frac{1.5}{2}\n$$", 2, ("1.5", "2"), "in a formula without a matrix"),
        ("w = softmax([2, 4]) = [0.1, 0.9]", 1, ("2", "4"), BESIDE),
        ("Sum of exponentials : 1.162 + 1.749 = 2.911", 1, ("2.911",), "what a sum comes to"),
        ('Step 2.1: For "The" [1, 2]', 1, ("2.1",), BESIDE),
    ],
)
def test_what_is_left_out_says_where_it_stands_and_why(text, line, numbers, why):
    found = reading_of(f"{text}\n\nKeys: [1, 2]").left_out
    assert [(each.line, each.numbers, each.why) for each in found] == [(line, numbers, why)]
    assert found[0].text == text.split("\n")[line - 1]


def test_a_text_whose_numbers_all_stand_among_words_says_how_many_they_are():
    with pytest.raises(ReadingError, match=r"holds 2 numbers among words, the first “0\.56” in line 2"):
        reading_of("So we see:\nthe score is 0.56 and 0.9 then")
