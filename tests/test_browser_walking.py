"""The picture with keys alone: arrows point at one number after the other, which lights and is said."""

import pytest
from support.axe import assert_bars_nobody
from support.browser import fill_sentence, settle, sums, until
from support.server import DESK

pytestmark = pytest.mark.browser

LONG = " ".join(["the old cat sat by a big river", "and a dog ran to the money bank", "with some water today"])
OPACITIES = "all => all.map(e => e.getAttribute('opacity') ?? '1')"
LIT_ROWS = "[...document.querySelectorAll('.lit-row')].map(bar => bar.style.display === 'block' ? bar.style.top : '')"


def said(page):
    return page.locator("#announcer").inner_text()


def walk(page, *steps):
    """Press keys; each leads to a number that is said."""
    for key, expected in steps:
        page.keyboard.press(key)
        until(page, lambda expected=expected: said(page) == expected, f"{expected} after {key}, not {said(page)}")


def to_the_picture(page):
    page.keyboard.press("Alt+Shift+P")
    until(page, lambda: page.evaluate("document.activeElement.matches('.st-key-attention svg.marks')"), "the picture")


@pytest.fixture
def messages(tabs, server):
    """A page of its own, and what it has told the server."""
    page, sent = tabs.take({"viewport": DESK}, fresh=True), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.goto(server.address)
    page.wait_for_selector(".st-key-attention svg.marks path[aria-label]", state="attached")
    settle(page)
    yield page, sent
    tabs.give_back(page)


def test_arrows_go_from_number_to_number_and_enter_writes_the_sum(messages):
    page, sent = messages
    to_the_picture(page)
    before = len(sent)
    walk(
        page,
        ("ArrowRight", "weights, bank → river: 0.57"),  # the first one finds the number that is chosen
        ("ArrowRight", "weights, bank → bank: 0.22"),
        ("ArrowRight", "context, bank → living: 0.05"),
        ("ArrowUp", "context, river → living: 0.00"),
        ("ArrowLeft", "weights, river → bank: 0.00"),
    )
    lit = page.locator(".st-key-attention svg.marks path[aria-label^='scores, river']")
    until(page, lambda: set(lit.evaluate_all(OPACITIES)) == {"1"}, "its row")
    assert_bars_nobody(page)
    assert len(sent) == before, "the server heard of it"
    page.keyboard.press("Enter")
    until(page, lambda: "weight}(\\text{river} \\to \\text{bank}" in sums(page), "the sum")
    walk(page, ("ArrowDown", "weights, bank → bank: 0.22"))
    page.keyboard.press("Escape")
    everything = page.locator(".st-key-attention svg.marks path[aria-label^='scores, ']")
    until(page, lambda: set(everything.evaluate_all(OPACITIES)) == {"1"}, "all of it again")


def test_a_long_sentence_is_walked_through_and_pointed_at_too(messages):
    page, sent = messages
    fill_sentence(page, LONG)
    until(page, lambda: page.locator(".st-key-attention image[aria-label]").count() == 3, "its maps")
    settle(page)
    before = len(sent)
    to_the_picture(page)
    page.keyboard.press("ArrowRight")
    until(page, lambda: said(page).startswith("weights, "), "the chosen number")
    looking = said(page).partition(" → ")[0]
    page.keyboard.press("ArrowRight")
    until(page, lambda: said(page).startswith(f"{looking} → "), "its neighbour")
    box = page.locator(".st-key-attention image[aria-label*=scores]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 4.5 / 20, box["y"] + box["height"] * 2.5 / 20)
    told = page.locator(".pointer_marks path")
    until(page, lambda: told.get_attribute("aria-label").startswith("scores, cat → by: "), "the number below the mouse")
    assert len(sent) == before, "the server heard of it"
    page.mouse.click(box["x"] + box["width"] * 4.5 / 20, box["y"] + box["height"] * 2.5 / 20)
    until(page, lambda: "score}(\\text{cat} \\to \\text{by}" in sums(page), "its sum")


def test_a_score_lights_the_embeddings_of_its_two_words(messages):
    page, _ = messages
    cell = page.locator(".st-key-attention svg.marks path[aria-label^='scores, to → river']")
    table = page.locator(".st-key-tables .stDataFrame").bounding_box()
    cell.hover()
    until(page, lambda: all(page.evaluate(LIT_ROWS)), "two rows")
    query, key = (float(top.removesuffix("px")) - table["y"] for top in page.evaluate(LIT_ROWS))
    assert key - query == 2 * 35 and 2 * 35 < query - 30 < 3 * 35, "the third row and the fifth below the heading"
    page.locator(".st-key-attention svg.marks path[aria-label^='weights, to → river']").hover()
    until(page, lambda: page.evaluate(LIT_ROWS) == ["", ""], "no rows, as a weight is made of scores")
    page.mouse.move(5, 5)
    to_the_picture(page)
    walk(page, ("ArrowRight", "weights, bank → river: 0.57"))
    for word in ("the", "to", "walked", "We"):
        page.keyboard.press("ArrowLeft")
        until(page, lambda word=word: said(page).startswith(f"weights, bank → {word}"), word)
    walk(page, ("ArrowLeft", "scores, bank → bank: 2.88"))
    until(page, lambda: all(page.evaluate(LIT_ROWS)), "two rows by keys as well")
    page.keyboard.press("Escape")
    until(page, lambda: page.evaluate(LIT_ROWS) == ["", ""], "none any more")
