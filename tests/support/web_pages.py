"""Reading the article as a web page: its tree, and its formulas one by one."""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

import pytest
from support.latex_reader import TEXT, texts_in

from exports import web_page as web_page_module
from exports.web_page import web_page
from presentation.palette import EMBEDDING, KEY, QUERY, VALUE

VOID = {"meta", "br", "hr"}


ROLES = {QUERY: "query", KEY: "key", VALUE: "value", EMBEDDING: "embedding"}


@dataclass
class Node:
    name: str
    attributes: dict = field(default_factory=dict)
    inside: list = field(default_factory=list)

    def all(self, *names):
        """Every element below, those of these names, in the order of the page."""
        for each in self.inside:
            if isinstance(each, Node):
                if not names or each.name in names:
                    yield each
                yield from each.all(*names)

    @property
    def text(self):
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)


class Reader(HTMLParser):
    """A page as a tree. Fails at a tag that is not closed where it should be."""

    def __init__(self):
        super().__init__()
        self.open = [Node("page")]

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        node = Node(tag, dict(attrs))
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        assert {"svg", "math"} & {node.name for node in self.open}, f"<{tag}/>, which HTML takes for <{tag}>"
        self.open[-1].inside.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop().name == tag, f"</{tag}> closes another"

    def handle_data(self, data):
        self.open[-1].inside.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def tree_of(page):
    assert page.startswith("<!doctype html>\n")
    reader = Reader()
    reader.feed(page)
    reader.close()
    (root,) = reader.open
    return root


@cache
def page_of(story):
    """The page of an article that was read. Without its pictures it is made much faster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web_page_module, "svg_in_text", lambda picture: f"<svg><title>{picture.title}</title></svg>")
        return tree_of(web_page(story.told))


def assert_formula_is_drawn(drawn, latex):
    texts = [spaced(each.text) for each in drawn.all("mtext")]
    assert [text for text in texts if text != " "] == list(map(spaced, texts_in(latex)))
    assert numbers_drawn(drawn) == numbers_written(latex)
    roles = [
        ROLES.get(colour, "result") for colour in re.findall(r"\\textcolor\{(#\w+)\}|\\mathbf", TEXT.sub("", latex))
    ]
    assert [each.attributes["class"] for each in drawn.all() if "class" in each.attributes] == roles
    assert not [each for each in drawn.all() if "color" in each.attributes.get("style", "")]
    assert len(list(drawn.all("mfrac"))) == len(re.findall(r"\\t?frac", latex))
    assert len(list(drawn.all("msqrt"))) == latex.count(r"\sqrt")
    assert len(list(drawn.all("mtr"))) == (latex.count(r"\\") + 1 if "aligned" in latex else 0)
    assert "\\" not in "".join(each.text for each in drawn.all("mi", "mo", "mn"))


def spaced(text):
    """Text as it looks: a space that holds a line together is one."""
    return text.replace("\u00a0", " ")


def numbers_written(latex):
    """Every number, minus and infinity of a formula, in order."""
    bare = re.sub(r"\\textcolor\{#\w+\}|\[3pt\]", "", TEXT.sub("", latex))
    return re.findall(r"\d+(?:\.\d+)?|-|\\infty", bare)


def numbers_drawn(drawn):
    found = (each.text for each in drawn.all("mn", "mo", "mi"))
    read = {"−": "-", "∞": r"\infty"}
    return [read.get(text, text) for text in found if re.fullmatch(r"[\d.]*\d|−|∞", text)]
