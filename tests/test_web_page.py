"""The web page holds the article and nothing else, loads nothing, and draws every formula with the words as typed."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.articles import LINK, each_article, opening, read, read_article, seen
from support.colours import contrast, luminance
from support.documents import experiments as experiments_of_any_words
from support.experiments import two_columns
from support.latex_reader import TEXT, texts_in

from attention_core import Derivation, Quantity
from attention_core.derivation import OPERATORS
from exports import web_page as web_page_module
from exports.article import Article
from exports.web_page import web_page
from presentation.formulas import sums
from presentation.palette import EMBEDDING, KEY, QUERY, VALUE
from presentation.text import latex_text

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)

VOID = {"meta", "br", "hr"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
ROLES = {QUERY: "query", KEY: "key", VALUE: "value", EMBEDDING: "embedding"}


# --- reading the page ------------------------------------------------------------------------------------------------


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


def formulas_of(story):
    """The LaTeX of every formula of an article, in order. A dollar that a person wrote has a backslash before it."""
    markdown = story.told.markdown
    return [
        block or inline
        for block, inline in re.findall(r"^\$\$\n(.*?)\n\$\$$|(?<!\\)\$([^$\n]+)(?<!\\)\$", markdown, re.M | re.S)
    ]


def page_with(latex):
    """A page with one formula."""
    (drawn,) = tree_of(web_page(Article("A sum", f"$$\n{latex}\n$$\n", {}))).all("math")
    return drawn


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


def assert_formula_is_drawn(drawn, latex):
    texts = [spaced(each.text) for each in drawn.all("mtext")]
    assert [text for text in texts if text != " "] == list(map(spaced, texts_in(latex)))
    assert numbers_drawn(drawn) == numbers_written(latex)
    roles = [
        ROLES.get(colour, "result") for colour in re.findall(r"\\textcolor\{(#\w+)\}|\\mathbf", TEXT.sub("", latex))
    ]
    assert [each.attributes["class"] for each in drawn.all() if "class" in each.attributes] == roles
    assert not [each for each in drawn.all() if "color" in each.attributes.get("style", "")]
    assert len(list(drawn.all("mfrac"))) == latex.count(r"\frac") and len(list(drawn.all("msqrt"))) == latex.count(
        r"\sqrt"
    )
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


@SETTINGS
@given(experiments_of_any_words(), st.integers(0, 99))
def test_so_it_is_whatever_the_words(experiment, word):
    story = read_article(experiment, word % len(experiment.words))
    page = page_of(story)
    assert_stands_alone(page, story.told.title)
    assert_drawn(list(page.all("math")), formulas_of(story))


# --- every formula that can be written -------------------------------------------------------------------------------

WORDS = [
    *(mark for mark in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    *(
        "don't",
        "``quoted''",
        "--",
        "---",
        "...",
        "<!--",
        "&amp;",
        "\\frac{1}{0}",
        "\\char94{}",
        "\\textbackslash{}",
        "}{",
    ),
    *(
        "\\",
        "\\\\",
        "\\{",
        "a b",
        "שלום",
        "नमस्ते",
        "สวัสดี",
        "猫",
        "👩\u200d👩\u200d👧",
        "e\u0301",
        "ffi",
        "nan",
        "x·1",
        "−1",
        "…",
    ),
]


@pytest.mark.parametrize("word", WORDS)
def test_any_word_stands_in_a_formula_as_it_was_typed(word):
    (text,) = page_with(latex_text(word)).all("mtext")
    assert spaced(text.text) == word


@SETTINGS
@given(st.text(st.characters(categories=["L", "N", "M", "So", "P", "S"]), min_size=1, max_size=20))
def test_so_does_any_text(word):
    drawn = page_with(latex_text(word) + r" \to " + latex_text(word))
    assert [each.text for each in drawn.all("mtext")] == [word, word]


def one_of_each(values):
    """A sum of each kind whose terms are these numbers, three at most where it takes so few."""
    at = iter(range(1_000))

    def factor(value):
        return Quantity("x", next(at) % 3, 0, value)

    terms = tuple((factor(value),) for value in values)
    products = tuple((factor(value), factor(-value)) for value in values)
    given_terms = {
        "sum": products,
        "difference": terms,
        "quotient": (terms[0], (Quantity("divisor", None, None, 2.0),)),
        "root of sum": products,
        "angle": ((factor(0.5),),),
        "exponential": terms[:1],
        "entropy": ((factor(0.25),), (factor(0.75),)),
        "slope": ((factor(0.25),), (factor(1.0),), (factor(0.25),)),
        "softmax": (terms[0], *terms),
        "unchanged": terms[:1],
        "forbidden score": terms[:1],
        "forbidden weight": terms[:1],
    }
    return {name: Derivation(factor(values[0]), name, given_terms[name]) for name in OPERATORS}


NUMBERS = {
    "small": [1.5, -0.25, 0.0],
    "large": [1.5e7, -3e9, 2.0],
    "many": [0.5 * at for at in range(-20, 20)],
    "beyond bounds": [1e18, -1e18],
}


@pytest.mark.parametrize("decimals", [0, 2, 8])
@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("operator", OPERATORS)
def test_every_kind_of_sum_can_be_drawn(operator, numbers, decimals):
    derivation = one_of_each(NUMBERS[numbers])[operator]
    latex = sums([(derivation, lambda quantity: latex_text("a_{b"))] * 2, decimals=decimals)
    drawn = page_with(latex)
    assert_formula_is_drawn(drawn, latex)
    assert drawn.attributes == {"display": "block"}
    if numbers == "many" and operator in ("sum", "softmax"):
        assert len([each for each in drawn.all("mtext") if each.text == "more"]) >= 2
    if numbers == "large" and operator in ("sum", "difference"):
        assert next(drawn.all("msup")).text.startswith("10")


def test_large_numbers_and_minus_infinity_are_drawn():
    page = page_of(read("large, not scaled", 0))
    assert "∞" in {each.text for each in page.all("mi")}
    assert {each.text for each in page.all("msup")} >= {"1018"}  # 10 to the 18
    assert "−∞" in {cell.text for cell in page.all("td")}


def test_the_bold_result_can_be_copied_as_digits():
    page = page_of(read_article(two_columns("a", rows={"a": (3, 4)}, variant="similarity"), 0))
    results = [each.text for each in page.all("mrow", "mn") if each.attributes.get("class") == "result"]
    assert results[0] == "25.00"


# --- in a browser ----------------------------------------------------------------------------------------------------

TELLS_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
GROUND = """element => { for (let at = element; at; at = at.parentElement) {
  const ground = getComputedStyle(at).backgroundColor;
  if (!ground.endsWith(", 0)") && ground != "transparent") return ground; } }"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["opening", "long words"])
@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_without_a_network(browser, tmp_path, scheme, width, name):
    experiment = opening() if name == "opening" else opening("a" * 100 + " " + "w" * 60 + " <b>", decimals=8)
    path = tmp_path / "attention.html"
    path.write_text(web_page(read_article(replace(experiment, causal=True), 1).told), "utf-8")
    context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if request.is_navigation_request() else faults.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate(TELLS_OVERFLOW) == 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.05) == (scheme == "dark")
    for place in (
        "h1",
        "h2",
        "p",
        "a",
        "strong",
        "th",
        "td",
        "math",
        ".query",
        ".key",
        ".value",
        ".embedding",
        ".result",
    ):
        found = page.locator(f"body {place}").all()[:4]
        assert found, place
        for part in found:
            assert contrast(part.evaluate("part => getComputedStyle(part).color"), part.evaluate(GROUND)) >= 4.5, place
    for role in ("query", "key", "value", "embedding"):
        assert (
            len(
                {page.locator(f".{each}").first.evaluate("e => getComputedStyle(e).color") for each in ("result", role)}
            )
            == 2
        )
    drawings = page.locator("figure svg")
    assert drawings.count() == 2
    for drawing in drawings.all():
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert drawing.is_visible() and box["width"] >= 300 and box["height"] >= 100
        for text in drawing.locator("g.role-axis text").all():
            assert contrast(text.evaluate("text => getComputedStyle(text).fill"), ground) >= 3
    blocks = page.locator("math[display=block]")
    sizes = blocks.evaluate_all(
        "all => all.map(e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height])"
    )
    assert len(sizes) >= 7 and all(width > 60 and height > 15 for width, height in sizes)
    rows = page.locator("mtr").evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
    assert len(set(rows)) == len(rows), "the sums stand below each other"
    context.close()
    assert not faults
