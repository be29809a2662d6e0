"""Pictures of several heads: a map for each in one picture, and every head's maps in the archive."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from support.articles import opening
from support.heads import some_heads

from attention_core import attend
from exports.article import article
from exports.pictures import OF_ALL_HEADS, pictures, png, svg, svg_in_text, titles
from exports.web_page import web_page
from presentation.palette import SEQUENTIAL, colour_at

SVG = "{http://www.w3.org/2000/svg}"
THREE = some_heads(
    opening(positions="rotary", decimals=4, masks=("own_mask",), forbidden=((0, 1),)), 3, head_name="<b>$x$</b> _1_"
)


def cells_of(text):
    """What each cell says of itself, with its colour, in the order in which they are drawn."""
    told = (path for path in ElementTree.fromstring(text).iter(f"{SVG}path") if path.get("aria-label"))
    found = []
    for path in told:
        if match := re.fullmatch(r"looking (.+), at (.+), number (.*)", path.get("aria-label")):
            found.append((*match.groups(), path.get("fill")))
    return found


def rgb(fill):
    return tuple(int(number) / 255 for number in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", fill).groups())


def texts_of(text):
    return ["".join(each.itertext()) for each in ElementTree.fromstring(text).iter(f"{SVG}text")]


@pytest.mark.parametrize("written", [svg, svg_in_text])
def test_every_head_has_its_own_numbers_and_colours_in_one_picture(written):
    calculation = attend(THREE)
    cells = cells_of(written(pictures(calculation)[OF_ALL_HEADS]))
    n = len(calculation.words)
    assert len(cells) == 3 * n * n
    for place, head in enumerate(calculation.heads):
        weights = head.attention.weights
        for at, (looking, looked_at, number, fill) in enumerate(cells[place * n * n : (place + 1) * n * n]):
            row, column = divmod(at, n)
            assert (looking, looked_at) == (calculation.labels[row], calculation.labels[column])
            if calculation.allowed[row, column]:
                assert float(number) == pytest.approx(weights[row, column], abs=5.1e-5)
                np.testing.assert_allclose(rgb(fill), colour_at(SEQUENTIAL, weights[row, column]), atol=0.02)
            else:
                assert number in ("", "None") or not number.strip("–−")


def test_a_picture_says_which_head_it_is_of_and_names_are_text():
    drawn = pictures(attend(THREE))
    assert "“<b>$x$</b> _1_” of 3 heads" in drawn["weights"].caption
    assert drawn[OF_ALL_HEADS].caption.endswith("own mask, word order: rotary, 3 heads)")
    written = texts_of(svg(drawn[OF_ALL_HEADS]))
    assert {"<b>$x$</b> _1_", "head 2", "head 3", "Attention weights of all heads"} <= set(written)
    assert png(drawn[OF_ALL_HEADS]).startswith(b"\x89PNG")


def test_the_archive_has_the_maps_of_each_head_and_of_one_head_no_more_than_before():
    drawn = pictures(attend(THREE))
    kinds = ("scores", "scaled_scores", "weights")
    assert {f"head_{head}/{name}" for head in (1, 2, 3) for name in kinds} <= set(drawn)
    assert cells_of(svg(drawn["head_1/weights"])) == cells_of(svg(drawn["weights"]))
    assert cells_of(svg(drawn["head_2/weights"])) != cells_of(svg(drawn["weights"]))
    alone = attend(replace(THREE, other_heads=()))
    assert pictures(alone).keys() == titles(alone).keys() == titles(attend(THREE)).keys() - {OF_ALL_HEADS}


def test_an_article_shows_all_heads_and_one_of_a_single_head_does_not():
    told = article(attend(THREE), word=0)
    assert f"pictures/{OF_ALL_HEADS}.svg" in told.markdown
    page = web_page(told)
    assert page.count("<figure") == 3 and "a heat map for each" in page
    assert OF_ALL_HEADS not in article(attend(replace(THREE, other_heads=())), word=0).markdown
