"""Tables under a finger, in a real Chromium that says it has one: what is above them can be touched still."""

import pytest
from support.browser import settle

pytestmark = pytest.mark.browser

TOOLBARS = """() => [...document.querySelectorAll("[data-testid=stElementToolbar]")]
    .filter(bar => getComputedStyle(bar).opacity > 0 && bar.getClientRects().length)"""
COVERED = f"""() => {{
  const bars = ({TOOLBARS})();
  const controls = [...document.querySelectorAll(".stMain button, .stMain input, .stMain summary, .stMain a[href]")];
  return controls.filter(each => !bars.some(bar => bar.contains(each))).filter(each => {{
    const {{ left, top, width, height }} = each.getBoundingClientRect();
    if (!width || !height) return false;
    return [0.25, 0.5, 0.75].some(part => {{
      const there = document.elementFromPoint(left + part * width, top + height / 2);
      return there && bars.some(bar => bar.contains(there));
    }});
  }}).map(each => each.textContent || each.ariaLabel);
}}"""


@pytest.mark.parametrize("width", [360, 820])
def test_a_touched_table_covers_no_control(visit, width):
    page = visit(viewport={"width": width, "height": 800}, fresh=True, has_touch=True, is_mobile=True)
    table = page.locator(".st-key-tables .stDataFrame").first
    table.scroll_into_view_if_needed()
    settle(page)
    box = table.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 55)
    settle(page)  # the buttons come with the touch, if they come
    assert page.evaluate(COVERED) == []
