"""The worked example: every number of it is computed once more in plain NumPy, and words stay words."""

import numpy as np
import pytest
from support.article_oracle import assert_sums, assert_tables
from support.articles import CASES, each_article, opening, read, read_article
from support.latex_reader import lines_of
from support.oracles import labels_of

from attention_core import attend

LARGEST_EXPONENT = 20.0


# --- reading the article ---------------------------------------------------------------------------------------------


def test_plain_labels_are_those_of_the_core():
    experiment = opening("The bank the river bank")
    assert list(attend(experiment).labels) == labels_of(experiment.words)


# --- tables ----------------------------------------------------------------------------------------------------------


@each_article
def test_every_number_of_every_table_is_the_calculations(story):
    assert_tables(story)


def test_the_table_of_embeddings_has_a_row_for_each_different_word():
    story = read_article(opening("The bank of the river bank"), 0)
    before, (heading, *rows) = story.tables()[0]
    assert before.startswith("Each word becomes a row of four numbers, its embedding: living, action, water and money.")
    assert heading == ["", "living", "action", "water", "money"]
    assert [row[0] for row in rows] == ["The", "bank", "of", "river"]
    assert "A word that comes more than once has one embedding for all its places." in story.text
    assert "more than once" not in read_article(opening(), 0).text


def test_what_is_forbidden_is_minus_infinity_and_has_no_weight():
    story = read("qkv, scaled, causal", 0)
    tables = dict(story.tables())
    scaled = [row[1:] for row in tables["All of them:"][1:]]
    weights = [row[1:] for row in tables["All attention weights:"][1:]]
    for row, column in zip(*np.triu_indices(5, 1), strict=True):
        assert (scaled[row][column], weights[row][column]) == ("−∞", "0.0000")
    assert sum(row.count("−∞") for row in scaled) == 10


@pytest.mark.parametrize(("n", "is_long"), [(16, False), (17, True)])
def test_a_long_sentence_shows_the_words_looked_at_most_and_says_so(n, is_long):
    story = read(f"{n} words", n - 1)
    note = f"The table has {n} rows and columns; these are the 12 words that {story.label} looks at most."
    assert story.text.count(note) == (3 if is_long else 0)
    rows = dict(story.tables())["All attention weights:"]
    assert (len(rows) - 1, len(rows[0]) - 1) == ((1, 12) if is_long else (16, 16))


# --- sums ------------------------------------------------------------------------------------------------------------


@each_article
def test_every_sum_gives_its_result_and_every_result_is_the_calculations(story):
    assert_sums(story)


def test_sums_of_more_than_nine_terms_are_abbreviated_and_others_are_not():
    story = read("many columns", 0)
    dotted = {
        name for block in story.formulas() for name, written, _ in lines_of(block) if r"\dots" in "".join(written)
    }
    assert {name.partition("_")[0].partition("(")[0] for name in dotted} == {"q", "k", "v", "score", "sum", "context"}
    assert len(dotted) == 12 + 12 + 2 + 10 + 1 + 2


def test_large_scores_have_the_largest_taken_off_first_and_it_is_said():
    said = "From each score the largest is subtracted first."
    for name in CASES:
        story = read(name, 0)
        visible = story.it.divided[0, story.it.allowed[0]]
        subtracted = visible.size > 0 and np.abs(visible).max() > LARGEST_EXPONENT and visible.max() != 0
        assert (said in story.text) == subtracted, name
    assert said in read("large", 0).text and said not in read("example river-bank", 0).text


@pytest.mark.parametrize(
    ("variant", "product"),
    [
        ("similarity", r"$XX^\top$"),
        ("embeddings_only", r"$XX^\top$"),
        ("queries_and_keys", r"$QK^\top$"),
        ("qkv", r"$QK^\top$"),
    ],
)
def test_the_scores_are_said_to_be_the_product_that_they_are(variant, product):
    markdown = read_article(opening(variant=variant), 0).told.markdown
    assert f"({product})" in markdown
