"""Each claim of the four articles is named in docs/claims.md, with a card or a page that is there."""

import re

import pytest
from support.server import ROOT

from attention_core import sources
from attention_core.lessons import PRINTED_EXPONENTIALS, PRINTED_SCORES, PRINTED_TOTAL, PRINTED_WEIGHTS
from serving.fronts import FRONTS
from ui.course import COURSE

TEXT = (ROOT / "docs" / "claims.md").read_text("utf-8")
CARDS = {f"{lesson.script}/{card.id}": card for lesson in COURSE for card in lesson.cards}
ARTICLES = (sources.CAT_AND_MOUSE, sources.RIVER_AND_MONEY, sources.CORE_MECHANISM, sources.LECTURE)


def claims_under(heading):
    """The rows of the table under a heading: claim, places, what to do."""
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in re.findall(r"^\|.*\|$", section, re.M)]
    assert rows[0] == ["claim", "where", "what to do there"]
    return [
        (claim, re.findall(r"`([^`]+)`", where), act) for claim, where, act in (map(str.strip, r) for r in rows[2:])
    ]


@pytest.mark.parametrize("article", ARTICLES)
def test_every_claim_of_an_article_has_a_place_that_is_there_and_something_to_do(article):
    claims = claims_under(article)
    assert len(claims) >= 15
    assert len({claim for claim, _, _ in claims}) == len(claims)
    for claim, places, act in claims:
        assert claim and places and act, claim
        assert set(places) <= CARDS.keys() | FRONTS.keys(), claim


def test_no_article_is_left_out_and_no_other_is_named():
    headings = re.findall(r"^## (.*)$", TEXT, re.M)
    assert headings == [*ARTICLES, "Cards without a claim"]


def test_every_card_is_named_by_a_claim_or_says_why_not():
    named = {place for article in ARTICLES for _, places, _ in claims_under(article) for place in places}
    without = set(re.findall(r"`([^`]+/[^`]+)`", TEXT.split("## Cards without a claim")[1]))
    assert named & CARDS.keys() | without == CARDS.keys()
    assert not named & without


def test_the_numbers_that_the_claims_quote_are_those_that_the_cards_show():
    told = " ".join(claim for claim, _, _ in claims_under(sources.CAT_AND_MOUSE))
    for numbers in (PRINTED_SCORES, PRINTED_EXPONENTIALS, (PRINTED_TOTAL,), PRINTED_WEIGHTS):
        assert ", ".join(f"{number:.3f}" for number in numbers) in told


def test_the_paper_is_linked_from_the_card_that_the_claim_names():
    (places,) = [places for claim, places, _ in claims_under(sources.LECTURE) if claim.startswith("There is a paper")]
    assert any(f"]({sources.PAPER_LINK})" in CARDS[place].text for place in places)
