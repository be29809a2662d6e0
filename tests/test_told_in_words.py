"""What is told beside a picture or inside an article is of its numbers, and nothing is left empty."""

from dataclasses import replace

import numpy as np
import pytest

from attention_core import EXAMPLES, VARIANTS, attend
from exports.article import article
from presentation import charts, word_charts
from presentation.ledger_chart import Ledger
from presentation.palette import EMBEDDING, QUERY, contrast

LABELS = ("a", "b")
EVERYWHERE = np.ones((2, 2), dtype=bool)
SWITCHES = {"labels": LABELS, "title": "Scores", "decimals": 2}


@pytest.mark.parametrize(
    ("variant", "product"), [("qkv", "QK"), ("queries_and_keys", "QK"), ("similarity", "XX"), ("embeddings_only", "XX")]
)
def test_the_article_names_the_product_that_makes_its_scores(variant, product):
    told = article(attend(replace(EXAMPLES["cat-and-mouse"].build(), variant=variant)), word=0).markdown
    assert f"a column for each word it meets (${product}^\\top$):" in told


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_no_article_says_none(example, variant):
    told = article(attend(replace(EXAMPLES[example].build(), variant=variant)), word=0, link="https://a.b/").markdown
    assert "None" not in told.replace("None is learned.", "")


def test_a_map_of_scores_tells_its_least_and_its_greatest():
    chart = charts.signed_map(np.array([[-1.5, 2.0], [0.0, 7.25]]), allowed=EVERYWHERE, **SWITCHES)
    assert chart.alt.endswith("From -1.50 to 7.25.")


def test_a_map_of_scores_under_a_mask_tells_only_what_may_be_seen():
    allowed = np.array([[True, False], [True, False]])
    chart = charts.signed_map(np.array([[-1.5, 99.0], [0.25, 99.0]]), allowed=allowed, **SWITCHES)
    assert chart.alt.endswith("From -1.50 to 0.25.")


def test_a_map_of_scores_in_which_nobody_may_look_says_so():
    chart = charts.signed_map(np.zeros((2, 2)), allowed=~EVERYWHERE, **SWITCHES)
    assert chart.alt.endswith("No word may look anywhere.")


def test_moves_tell_how_many_words_they_draw_and_how_far_the_chosen_one_goes():
    before, after = np.zeros((2, 2)), np.array([[3.0, 4.0], [0.0, 1.0]])
    chart = word_charts.moves(before, after, LABELS, axes=("living", "water"), word=0)
    assert chart.alt == "Context vectors of 2 words along living and water. a moves by 5.00 from its embedding."
    alone = word_charts.moves(None, after, LABELS, axes=("v1", "v2"), word=0)
    assert alone.alt == "Context vectors of 2 words along v1 and v2."


def test_bars_tell_where_the_word_looks_most_or_that_it_looks_nowhere():
    told = word_charts.weight_bars(np.array([0.25, 0.75]), LABELS, decimals=2, word="a").alt
    assert told == "Where a looks. a looks most at b: 0.75 of its attention."
    assert "may look at no word" in word_charts.weight_bars(np.zeros(2), LABELS, decimals=2, word="a").alt


@pytest.mark.parametrize("colour", [QUERY, EMBEDDING, "#2c8c83", "#7447a3"])
def test_figures_on_a_cell_can_be_read_however_dark_it_is(colour):
    ledger = Ledger([str(step) for step in range(11)], ["n"])
    for step in range(11):
        ledger.put(step, 0, 1.0, colour=colour, shade=step / 10, decimals=1)
    frame = ledger.chart([(step, 0) for step in range(11)], title="", alt_text="").frame

    def rgb(colour):
        return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))

    assert all(contrast(rgb(fill), rgb(ink)) >= 4.5 for fill, ink in zip(frame["fill"], frame["ink"], strict=True))
    assert len(set(frame["fill"])) == 11, "and each is darker than the one before"
