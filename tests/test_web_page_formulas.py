"""Every formula that can be written in an article is drawn in its web page, also in a browser."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.articles import opening, read, read_article
from support.colours import contrast, luminance
from support.experiments import two_columns
from support.web_pages import assert_formula_is_drawn, page_of, spaced, tree_of

from attention_core import Derivation, Quantity
from attention_core.derivation import OPERATORS
from exports.article import Article
from exports.web_page import web_page
from presentation.formulas import sums
from presentation.text import latex_text

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)


def page_with(latex):
    """A page with one formula."""
    (drawn,) = tree_of(web_page(Article("A sum", f"$$\n{latex}\n$$\n", {}))).all("math")
    return drawn


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
    angle = {"place": 3.0, "base": 10_000.0, "pair": 2.0, "columns": 4.0}  # of a sinusoidal position
    wave = tuple((Quantity(symbol, None, None, number),) for symbol, number in angle.items())
    given_terms = {
        "sine": wave,
        "cosine": wave,
        "sum": products,
        "turn, first of the pair": (*terms[:2], *wave),
        "turn, second of the pair": (*terms[:2], *wave),
        "positive part": products,
        "difference": terms,
        "quotient": (terms[0], (Quantity("divisor", None, None, 2.0),)),
        "root of sum": products,
        "angle": ((factor(0.5),),),
        "exponential": terms[:1],
        "entropy": ((factor(0.25),), (factor(0.75),)),
        "slope": ((factor(0.25),), (factor(1.0),), (factor(0.25),)),
        "softmax": (terms[0], *terms),
    }  # all others are of one number
    return {name: Derivation(factor(values[0]), name, given_terms.get(name, terms[:1])) for name in OPERATORS}


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
    path.write_text(web_page(read_article(replace(experiment, masks=("causal",)), 1).told), "utf-8")
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
