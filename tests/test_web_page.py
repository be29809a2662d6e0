"""The web page holds the article and nothing else, loads nothing, and draws every formula with the words as typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.articles import LINK, each_article, opening, read, read_article, seen
from support.documents import experiments as experiments_of_any_words
from support.web_pages import Node, assert_formula_is_drawn, page_of, tree_of

from exports.article import Article
from exports.web_page import web_page

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)


POLICY = "default-src 'none'; style-src 'unsafe-inline'"


# --- reading the page ------------------------------------------------------------------------------------------------


def formulas_of(story):
    """The LaTeX of every formula of an article, in order. A dollar that a person wrote has a backslash before it."""
    markdown = story.told.markdown
    return [
        block or inline
        for block, inline in re.findall(r"^\$\$\n(.*?)\n\$\$$|(?<!\\)\$([^$\n]+)(?<!\\)\$", markdown, re.M | re.S)
    ]


# --- it stands alone -------------------------------------------------------------------------------------------------


@each_article
def test_the_page_is_well_formed_has_a_policy_and_loads_nothing(story):
    assert_stands_alone(page_of(story), story.told.title)


@pytest.mark.parametrize("name", ["example river-bank", "hostile: HTML", "hostile: control characters", "40 words"])
def test_so_it_is_with_its_pictures(name):
    story = read(name, 0)
    page = tree_of(web_page(story.told))
    assert_stands_alone(page, story.told.title)
    drawings = list(page.all("svg"))
    assert len(drawings) == 2
    for each in drawings:
        assert len(list(each.all("path"))) > len(story.it.labels) ** 2
        assert "currentColor" in {text.attributes["fill"] for text in each.all("text")}


LOADING = {"script", "iframe", "object", "embed", "link", "img", "image", "base", "form", "audio", "video", "use"}


FOREIGN = {"foreignobject", "merror", "template", "input", "button", "frame", "applet", "animate", "set"}


LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "xlink:href", "srcdoc"}


def assert_stands_alone(page, title):
    (html,) = page.all("html")
    assert html.attributes == {"lang": "en"}
    head, body = (each for each in html.inside if isinstance(each, Node))
    assert (head.name, body.name) == ("head", "body")
    assert [each.name for each in head.all()] == ["meta", "meta", "meta", "title", "style"]
    charset, _, policy = head.all("meta")
    assert charset.attributes == {"charset": "utf-8"}
    assert policy.attributes == {"http-equiv": "Content-Security-Policy", "content": POLICY}
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|expression|[<>]", style.text)
    assert next(head.all("title")).text == title
    for each in page.all():
        assert each.name not in LOADING | FOREIGN
        assert not LOADS & each.attributes.keys()
        assert not [name for name in each.attributes if name.startswith("on")]
        if each.name == "a":
            assert each.attributes == {"href": LINK}
        else:
            assert "href" not in each.attributes
        for name, value in each.attributes.items():
            assert "url(" not in (value or ""), (name, value)
            assert (
                ":" not in value
                or not re.search(r"(https?|javascript|data):", value)
                or name.startswith(("xmlns", "aria-label", "href"))
            ), (name, value)


def test_without_a_link_the_page_has_none():
    page = page_of(read_article(opening(), 0, link=""))
    assert not list(page.all("a"))


def test_markup_in_an_article_is_never_let_through():
    scripts = "<script>alert(1)</script> **bold** <img src=x onerror=alert(1)> &lt;b&gt;"
    written = f"{scripts}\n\n<div onclick=x>\n\n[a](javascript:b)"
    page = tree_of(web_page(Article("</title><script>alert(1)</script>", written, {})))
    names = {each.name for each in page.all()}
    assert names == {"html", "head", "meta", "title", "style", "body", "p", "strong"}
    assert next(page.all("title")).text == "</title><script>alert(1)</script>"
    assert "<img src=x onerror=alert(1)> <b>" in next(page.all("body")).text


# --- it tells what the article tells ---------------------------------------------------------------------------------


@each_article
def test_headings_tables_and_figures_are_those_of_the_article(story):
    page = page_of(story)
    headings = [(each.name, seen(each.text)) for each in page.all("h1", "h2")]
    assert headings == [(block.kind, seen(block.text)) for block in story.blocks if block.kind in ("h1", "h2")]
    tables = [[[cell.text for cell in row.all("th", "td")] for row in table.all("tr")] for table in page.all("table")]
    assert tables == [rows for _, rows in story.tables()]
    figures = list(page.all("figure"))
    told = [block.text for block in story.blocks if block.emphasised and "heat map" in block.text]
    assert [each.attributes for each in figures] == [{"role": "img", "aria-label": text} for text in told]
    drawn = [next(each.all("title")).text for each in figures]
    assert drawn == [each.title for each in story.told.pictures.values()]
    assert sum(each.name == "strong" for each in page.all()) == sum(len(block.strong) for block in story.blocks)


@each_article
def test_every_word_and_number_of_every_formula_is_drawn_as_it_is_written(story):
    assert_drawn(list(page_of(story).all("math")), formulas_of(story))


def assert_drawn(drawn, written):
    assert len(drawn) == len(written) >= 5
    for each, latex in zip(drawn, written, strict=True):
        assert_formula_is_drawn(each, latex)


@SETTINGS
@given(experiments_of_any_words(), st.integers(0, 99))
def test_so_it_is_whatever_the_words(experiment, word):
    story = read_article(experiment, word % len(experiment.words))
    page = page_of(story)
    assert_stands_alone(page, story.told.title)
    assert_drawn(list(page.all("math")), formulas_of(story))
