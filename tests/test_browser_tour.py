"""Show me around in a browser: it points at the real things, and is in nobody's way."""

import pytest
from support.browser import box_of, boxes, is_on_screen, settle, until
from support.server import DESK

from serving.fronts import FRONTS

pytestmark = pytest.mark.browser

POINTED_AT = (".st-key-sentence", '[class*="st-key-embeddings"]', ".st-key-attention", ".st-key-attention")


def ringed(page, selector):
    outline = "(all) => all.some((each) => getComputedStyle(each).outlineStyle === 'solid')"
    return page.locator(selector).evaluate_all(outline)


def picture_ends(page):
    box = box_of(page, page.locator(".st-key-attention .stVegaLiteChart"))
    return box["y"] + box["height"]


@pytest.mark.parametrize("viewport", [DESK, {"width": 390, "height": 844}], ids=["desk", "phone"])
def test_each_step_points_at_what_it_speaks_of_and_stays_in_sight(visit, viewport):
    page = visit(viewport=viewport, fresh=True)
    offered = picture_ends(page)
    page.get_by_role("button", name="Show me around").click()
    for number, selector in enumerate(POINTED_AT, start=1):
        step = page.get_by_text(f"{number} of 4")
        step.wait_for()
        settle(page)
        until(page, lambda selector=selector: ringed(page, selector), f"a ring around {selector}")
        if viewport == DESK:
            until(page, lambda: picture_ends(page) <= DESK["height"], "the picture on the first screen")
        else:
            until(page, lambda: picture_ends(page) <= offered, "the picture where it was, or higher")
            page.locator(selector).first.scroll_into_view_if_needed()
        until(page, lambda step=step: is_on_screen(page, step, viewport), "the step itself on the screen")
        page.get_by_role("button", name="Done" if number == 4 else "Next", exact=True).click()
    step.wait_for(state="detached")
    until(page, lambda: not any(ringed(page, selector) for selector in POINTED_AT), "no ring any more")
    settle(page)
    page.goto(page.url.partition("?")[0])
    page.get_by_role("button", name="Tour").wait_for()
    assert page.get_by_role("button", name="Not now").count() == 0, "it is offered again"


def test_every_page_is_in_sight_by_name(visit):
    page = visit(viewport=DESK)
    links = page.get_by_test_id("stTopNavLink")
    names = [front.menu for script, front in FRONTS.items() if script and script != "worksheet"]  # Practise leads there
    until(page, lambda: [text.splitlines()[-1] for text in links.all_inner_texts()] == names, "all pages by name")
    places = boxes(page, "[data-testid=stTopNavLink]")
    assert len(places) == len(names) and all(right <= DESK["width"] for *_, right, _ in places)
