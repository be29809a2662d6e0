"""The first screen of the Playground: what is done on it is seen on it, at any width, and pointing lights."""

import pytest
from support.browser import (
    STAGES,
    box_of,
    boxes,
    cell_of,
    exact,
    fill_sentence,
    is_on_screen,
    open_table,
    said_of,
    settle,
    touching_texts,
    type_number,
    until,
    written,
)
from support.server import DESK

pytestmark = pytest.mark.browser

MONEY = "We walked to the money bank"
WIDTHS = (390, 683, 820, 911, 1024, 1093, 1180, 1366)


def all_said(page):
    return [said for stage in STAGES for said in said_of(page, stage)]


def picture(page):
    return page.locator(".st-key-attention .stVegaLiteChart")


def typed_into(tab, row, column, number):
    def act(page):
        open_table(page, tab)
        type_number(page, row, column, number)

    return act


DEEDS = {
    "a word": lambda page: fill_sentence(page, MONEY),
    "a cell of the embeddings": typed_into("Embeddings", 5, 2, "0.9"),
    "a cell of W_Q": typed_into("W_Q", 2, 2, "1"),
    "a cell of W_K": typed_into("W_K", 2, 2, "1"),
    "a cell of W_V": typed_into("W_V", 2, 2, "3"),
    "scaling": lambda page: page.locator(".st-key-scaled label").first.click(),
    "the mask": lambda page: page.locator(".st-key-causal label").first.click(),
    "the way": lambda page: page.get_by_role("radio", name="Similarity").click(),
}


def test_whatever_is_done_changes_numbers_on_the_first_screen(visit):
    page = visit(viewport=DESK)
    for deed, do in DEEDS.items():
        if deed.startswith("a cell of W"):  # the table itself changes the screen, so it is opened first
            open_table(page, deed.split()[-1])
        before, seen = all_said(page), picture(page).screenshot()
        do(page)
        until(page, lambda before=before: all_said(page) != before, f"other numbers after {deed}")
        settle(page)
        page.mouse.move(5, 5)
        until(page, lambda: is_on_screen(page, picture(page), DESK), f"the picture on the first screen after {deed}")
        until(page, lambda seen=seen: picture(page).screenshot() != seen, f"another picture after {deed}")
        until(page, lambda: any(", before " in each for each in all_said(page)), f"a mark on what {deed} changed")


def test_river_to_money_tells_its_story_without_scrolling(visit):
    page = visit(viewport=DESK)
    fill_sentence(page, MONEY)
    until(page, lambda: "context, bank → money: 0.64, before 0.07" in all_said(page), "bank turned to money")
    until(page, lambda: "context, bank → water: 0.07, before 0.64" in all_said(page), "and no longer to water")
    story = page.locator(".stMarkdown").filter(has_text="The last change moved the context of bank").first
    until(page, lambda: "water 0.64 → 0.07" in story.inner_text(), "the story")
    assert "money 0.07 → 0.64" in story.inner_text()
    for part in (story, picture(page)):
        until(page, lambda part=part: is_on_screen(page, part, DESK), "all of it on the first screen")


# --- readable everywhere ---------------------------------------------------------------------------------------------


def until_no_texts_touch(page, width, *, least):
    """In none of the charts, each of which holds so many texts at least."""

    def apart():
        charts = touching_texts(page)
        return charts and all(texts >= least and not touching for texts, touching in charts)

    until(page, apart, f"texts that do not touch at {width}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_and_names_never_touch_at_any_width(visit, scheme):
    page = visit(color_scheme=scheme)
    assert_nothing_touches(page)
    for sentence in ("The old cat sat by a big river today", "Ja"):
        fill_sentence(page, sentence)
        until(page, lambda sentence=sentence: len(written(page)) == len(sentence.split()), sentence)
        assert_nothing_touches(page)


def assert_nothing_touches(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})

        def fitted(width=width):
            box, svg = picture(page).bounding_box(), picture(page).locator("svg.marks").bounding_box()
            return abs(box["width"] - svg["width"]) < 1.5 and box["x"] + box["width"] <= width

        until(page, fitted, f"the picture at {width}")
        until_no_texts_touch(page, width, least=7)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lesson", "card", "maps"), [("three_ways", 0, 3), ("step_by_step", 2, 2)])
def test_numbers_of_a_lesson_s_heat_maps_never_touch_at_any_width(visit, scheme, lesson, card, maps):
    page = visit(script=lesson, color_scheme=scheme)
    page.locator(f".st-key-card_{lesson} button").nth(card).click()
    until(page, lambda: page.locator(".stVegaLiteChart svg.marks").count() == maps, "its heat maps")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})

        def fitted(width=width):
            rooms, drawn = boxes(page, ".stVegaLiteChart"), boxes(page, ".stVegaLiteChart svg.marks")
            return len(rooms) == len(drawn) == maps and all(
                abs((a[3] - a[1]) - (b[3] - b[1])) < 1.5 and a[3] <= width for a, b in zip(rooms, drawn, strict=True)
            )

        until(page, fitted, f"the heat maps at {width}")
        # six rows of numbers, the names along two sides, the title and what stands along the axes
        until_no_texts_touch(page, width, least=36 + 12 + 3)


@pytest.mark.parametrize("sentence", [None, "The old cat sat by the river bank and saw the money float past"])
def test_no_sum_is_wider_than_a_phone(visit, sentence):
    page = visit(viewport={"width": 360, "height": 800})
    if sentence:
        fill_sentence(page, sentence)
        until(page, lambda: page.locator(".katex-html").filter(has_text="past").count(), "its sums")
        settle(page)
    else:
        cell_of(page, "context", 5, 2).click()
        until(page, lambda: page.locator(".katex-html").filter(has_text="context").count(), "the sum of a context")
    over = page.locator(".katex-display").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert over and max(over) <= 0, over
    assert [box for box in boxes(page, ".katex-display") if box[1] < 0 or box[3] > 360] == []


def test_on_a_phone_the_table_and_the_picture_are_seen_together(visit):
    page = visit(viewport={"width": 390, "height": 844})
    table = box_of(page, page.locator(".st-key-tables .stDataFrame"))
    drawn = box_of(page, picture(page))
    assert drawn["y"] + drawn["height"] - table["y"] <= 844


# --- point and see ---------------------------------------------------------------------------------------------------

LIT = """
(stage) => [...document.querySelectorAll(`.st-key-attention svg.marks path[aria-label^="${stage}, "]`)]
  .map((cell, at) => (cell.getAttribute('opacity') ?? '1') === '1' ? at : -1).filter((at) => at >= 0)
"""


def row(number, across=6):
    return list(range(number * across, (number + 1) * across))


POINTED_AT = (
    ("weights", (3, 2), {"scores": row(3), "weights": [20], "context": row(3, 4)}),
    ("scores", (1, 4), {"scores": [10], "weights": row(1), "context": []}),
    ("context", (5, 2), {"scores": [], "weights": row(5), "context": [22]}),
)


def test_pointing_lights_what_a_number_is_made_from_and_goes_into_without_the_server(tabs, server):
    page = tabs.take({"viewport": DESK}, fresh=True)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.goto(server.address)
    page.wait_for_selector(".st-key-attention svg.marks path[aria-label]", state="attached")
    settle(page)
    before = len(sent)
    everything = {each: page.evaluate(LIT, each) for each in STAGES}
    assert [len(cells) for cells in everything.values()] == [36, 36, 24]

    def lights():
        return {each: page.evaluate(LIT, each) for each in STAGES}

    for stage, place, lit in POINTED_AT:
        cell_of(page, stage, *place).hover()
        until(page, lambda lit=lit: lights() == lit, f"what belongs to {stage} {place}")
        page.mouse.move(5, 5)
        until(page, lambda: lights() == everything, "all of it again")
    assert len(sent) == before, "the server heard of it"
    tabs.give_back(page)


def test_a_changed_number_tells_what_it_was_when_pointed_at(visit):
    page = visit()
    fill_sentence(page, MONEY)
    until(page, lambda: "context, bank → money: 0.64, before 0.07" in all_said(page), "the change")
    cell_of(page, "context", 5, 3).hover()
    until(page, lambda: page.locator("#vg-tooltip-element").is_visible(), "the tooltip")
    tooltip = page.locator("#vg-tooltip-element")
    until(page, lambda: all(part in tooltip.inner_text() for part in ("0.64", "before", "0.07")), "what it says")


# --- compare ---------------------------------------------------------------------------------------------------------


def test_the_choice_and_the_pin_travel_in_the_address(visit):
    page = visit()
    page.get_by_role("button", name="Pin").click()
    until(page, lambda: "pin=" in page.url, "the pin in the address")
    settle(page)
    fill_sentence(page, MONEY)
    until(page, lambda: exact(page).get(("bank", "money")) == "0.57", "money")
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="the pinned experiment").click()
    difference = f"{0.64 - 0.07:.2f}"
    until(page, lambda: exact(page, "context").get(("bank", "money")) == difference, "the difference")
    until(page, lambda: "compare=" in page.url and "x=" in page.url, "the choice in the address")
    settle(page)
    other = visit(query=page.url.partition("?")[2], fresh=True)
    until(other, lambda: exact(other, "context") == exact(page, "context"), "the same differences elsewhere")
