"""Acting on the app in a real browser, and reading it: each waits for what it reads."""

import re
import time

import pytest
from playwright.sync_api import Error

PATIENCE = 40  # seconds until a change has to be on screen, on a busy machine
GLANCE = 2  # seconds that one look at the page may take, as what it reads may be drawn anew meanwhile


STAGES = ("scores", "weights", "context")  # the panels of the picture on the Playground

CELL = "svg.marks g.mark-rect.role-mark:not(g.mark-text ~ g) path"  # the last such layer marks the chosen cell


def until(page, condition, told):
    """Wait for a condition, and fail with what was told."""
    deadline = time.monotonic() + PATIENCE
    while not held(page, condition):
        if time.monotonic() > deadline:
            pytest.fail(f"{told}: not within {PATIENCE} seconds; undo and redo {undo_and_redo(page)}, {page.url[-60:]}")
        page.wait_for_timeout(50)


def held(page, condition):
    """Whether a condition holds; not on a page that is half drawn and cannot be read yet."""
    page.set_default_timeout(GLANCE * 1000)
    try:
        return condition()
    except (IndexError, AssertionError, TypeError, Error):  # a TypeError of an element that has no place yet
        return False
    finally:
        page.set_default_timeout(PATIENCE * 1000)


def settle(page):
    """Wait until the page is finished and a moment more, as anybody does who looks at it.

    Streamlit forgets a step in the history when a widget reports before it has handled the step (says a comment in its
    script_requests.py), which happens on a busy machine.
    """
    until(page, lambda: page.locator(".stApp[data-test-script-state=notRunning]").count(), "the end of the run")
    page.wait_for_timeout(500)


def soon(page, condition, seconds=2):
    """Whether a condition holds within a few seconds."""
    for _ in range(round(20 * seconds)):
        if held(page, condition):
            return True
        page.wait_for_timeout(50)
    return False


def written(page, key="weights"):
    """The numbers written into a heat map, row by row."""
    if in_picture(page, key):
        numbers = [said.rsplit(": ", 1)[1].split(", before ")[0] for said in said_of(page, key)]
        numbers = ["–" if number == "not allowed" else number for number in numbers]
        across = len(numbers) // len(names(page, key))
        return [numbers[start : start + across] for start in range(0, len(numbers), across)]
    texts = page.locator(f"[class*=st-key-{key}] svg.marks g.mark-text.role-mark text").all_text_contents()
    numbers = [text for text in texts if not text.startswith("=")]
    side = round(len(numbers) ** 0.5)
    assert side**2 == len(numbers), texts
    return [numbers[start : start + side] for start in range(0, len(numbers), side)]


def in_picture(page, key):
    """Whether a heat map is a stage of the Playground's picture."""
    return key in STAGES and page.locator(".st-key-attention").count() > 0


def said_of(page, stage):
    """What the picture's cells of a stage tell those who cannot see, in order: "weights, bank → river: 0.57"."""
    said = page.locator(".st-key-attention svg.marks path[aria-label]")
    found = [
        label
        for label in said.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
        if label.startswith(f"{stage}, ")
    ]
    assert found
    return found


def exact(page, key="weights"):
    """What a heat map's cells tell those who cannot see: (looking, looked at) -> text with the number."""
    if in_picture(page, key):
        pairs = [(said.split(", before ")[0]).split(", ", 1)[1].rsplit(": ", 1) for said in said_of(page, key)]
        told = {tuple(names.split(" → ")): number for names, number in pairs}
        assert len(told) == len(pairs)
        return told
    labels = page.locator(f"[class*=st-key-{key}] {CELL}").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    parts = [re.fullmatch("looking (.*), at (.*), number (.*)", label).groups() for label in labels]
    told = {(looking, looked_at): number for looking, looked_at, number in parts}
    assert len(told) == len(labels)
    return told


def names(page, key="weights"):
    """The words along the rows of a heat map."""
    if in_picture(page, key):
        return list(dict.fromkeys(said.split(", ", 1)[1].split(" → ")[0] for said in said_of(page, key)))
    texts = page.locator(f"[class*=st-key-{key}] svg.marks g.role-axis").filter(has_text="attention from")
    return texts.locator("g.role-axis-label text").all_text_contents()[: len(written(page, key))]


def cell_of(page, stage, row, column):
    """A cell of the picture, rows and columns from 0."""
    across = len(written(page, stage)[0])
    said = page.locator(f'.st-key-attention svg.marks path[aria-label^="{stage}, "]')
    return said.nth(row * across + column)


def address_code(page):
    return page.evaluate("new URLSearchParams(location.search).get('x') || ''")


def sentence(page):
    return page.locator(".st-key-sentence input")


def heading(page):
    """Of a lesson's card."""
    return page.locator("h2").first.inner_text()


def turn_to(page, title):
    """Another page, from the row of pages on top."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()


def button(page, key):
    return page.locator(f".st-key-{key} button")


def undo_and_redo(page):
    return button(page, "undo").is_enabled(), button(page, "redo").is_enabled()


def sums(page):
    """The formulas on the page, as they were given to the typesetter."""
    return "\n".join(page.locator(".katex annotation").all_text_contents())


def boxes(page, selector):
    """Where each visible element is, all of them in one look: for each its class, left, top, right and bottom."""
    return page.locator(selector).evaluate_all(
        """all => all.map(e => [e.getAttribute('class'), e.getBoundingClientRect()])
            .filter(([_, box]) => box.width > 0 && box.height > 0)
            .map(([name, box]) => [name, box.left, box.top, box.right, box.bottom])"""
    )


def box_of(page, locator):
    """Where an element is, as soon as it is there."""
    found = []
    until(page, lambda: found.append(locator.bounding_box()) or found[-1], "its place on the screen")
    return found[-1]


def is_on_screen(page, locator, size):
    """Whether all of it is, without scrolling."""
    box = locator.bounding_box()
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] + box["height"] <= size["height"]
    )


def visible_table(page):
    """The one table to edit: that which is chosen, or of the lesson's card."""
    if page.locator(".st-key-tables").count():
        return page.locator(".st-key-tables .stDataFrame")
    return page.locator(".stDataFrame").last


def cells(page):
    """The numbers in the visible table, row by row, as the table tells them to those who cannot see."""
    rows = (
        visible_table(page)
        .locator("table[role=grid] tbody tr")
        .evaluate_all("all => all.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))")
    )
    return [[float(text) for text in row if re.fullmatch(r"-?[\d.]+", text)] for row in rows]


def table_choice(page, title):
    return page.locator(".st-key-open_table").get_by_role("radio", name=title)


def open_table(page, title):
    """The numbers of a table, as soon as it is there instead of the one before."""
    table_choice(page, title).click()
    found, own = [], page.locator(f".st-key-tables [class*='st-key-{title.lower()}'] .stDataFrame")
    until(page, lambda: (own.count() == 1 and found.extend(cells(page))) or found, f"the table {title}")
    return found


def all_tables(page):
    found = {title: open_table(page, title) for title in ("W_Q", "W_K", "W_V")}
    return found | {"Embeddings": open_table(page, "Embeddings")}


def choose(page, row, column):
    """Choose a cell of a table, rows and columns of numbers from 0: a click into its row, and arrows to its column."""
    until(page, lambda: len(cells(page)) > row, f"row {row} of the table")

    def chosen(column):
        return visible_table(page).locator(f"td[aria-selected=true]#glide-cell-{column + 1}-{row}").count() == 1

    def chosen_column():
        """That of the chosen cell of the row, counted from 1; 0 where there is none."""
        found = visible_table(page).locator(f"td[aria-selected=true][id$='-{row}']")
        return int(found.first.get_attribute("id").split("-")[2]) if found.count() else 0

    def clicked():
        box = visible_table(page).locator("canvas").first.bounding_box()
        if box is None:  # drawn anew this moment
            return False
        page.mouse.click(box["x"] + 120, box["y"] + 36 + 35 * row + 17)  # in one of the first columns, below the head
        if not soon(page, lambda: chosen_column() > 0):  # the page moved meanwhile
            return False
        for _ in range(chosen_column() - 1):
            page.keyboard.press("ArrowLeft")
        return soon(page, lambda: chosen(0))

    until(page, lambda: chosen(0) or clicked(), f"the first cell of row {row}")
    for step in range(1, column + 1):
        page.keyboard.press("ArrowRight")
        until(page, lambda step=step: chosen(step), f"cell {step} of row {row}")


def type_number(page, row, column, number):
    """Type into a cell. A table that is drawn anew meanwhile closes the field, and then it is typed once more."""
    field = page.locator("#portal input")

    def typed():
        choose(page, row, column)
        page.keyboard.press("Enter")
        if not soon(page, field.is_visible):
            return False
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(number, delay=20)
        if not soon(page, lambda: field.evaluate_all("all => all.map(e => e.value)") == [number]):
            return False
        page.keyboard.press("Enter")
        return soon(page, lambda: row_of_table(page, row)[column:][:1] == [float(number)], seconds=8)

    until(page, typed, f"{number} in the table")


def row_of_table(page, row):
    """Empty as long as the table is being drawn anew."""
    return dict(enumerate(cells(page))).get(row, [])


def type_sentence(page, typed):
    sentence(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(typed, delay=20)


def fill_sentence(page, typed):
    sentence(page).fill(typed)


# A box is taken a little lower than its line, as no letter fills it.
_TOUCHING = """
() => [...document.querySelectorAll('.stVegaLiteChart svg.marks')].map((svg) => {
  const shown = [...svg.querySelectorAll('text')].filter((text) => {
    for (let at = text; at !== svg; at = at.parentElement)
      if (getComputedStyle(at).opacity === '0' || at.getAttribute('opacity') === '0') return false;
    return text.textContent.trim();
  });
  const boxes = shown.map((text) => [text.textContent, text.getBoundingClientRect()]);
  const room = svg.getBoundingClientRect();
  const found = [];
  boxes.forEach(([one, a], at) => {
    if (a.left < room.left - 1 || a.right > room.right + 1 || a.bottom > room.bottom + 1) found.push([one, 'the edge']);
    boxes.slice(at + 1).forEach(([other, b]) => {
      if (a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3)
        found.push([one, other]);
    });
  });
  return [boxes.length, found];
})
"""


def touching_texts(page):
    """For each chart how many texts are seen in it, and the pairs of them whose boxes meet."""
    return page.evaluate(_TOUCHING)
