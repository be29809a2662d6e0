"""The app in a real Chromium, with real clicks and keys; numbers are read from the picture itself."""

import re
from math import exp

import pytest
from support.browser import (
    address_code,
    all_tables,
    box_of,
    boxes,
    button,
    cell_of,
    cells,
    choose,
    exact,
    fill_sentence,
    is_on_screen,
    names,
    open_table,
    row_of_table,
    said_of,
    sentence,
    settle,
    sums,
    type_number,
    type_sentence,
    undo_and_redo,
    until,
    visible_table,
    written,
)
from support.colours import contrast, luminance
from support.server import DESK, serving

pytestmark = pytest.mark.browser

WORDS = ["We", "walked", "to", "the", "river", "bank"]
MONEY = "We walked to the money bank"
WEIGHTS = '.st-key-attention svg.marks path[aria-label^="weights, "]'


# --- the opening -----------------------------------------------------------------------------------------------------


def test_the_table_and_the_picture_are_both_on_the_first_screen(visit):
    page = visit(viewport=DESK)
    for place in (visible_table(page), page.locator(".st-key-attention .stVegaLiteChart")):
        until(page, lambda place=place: is_on_screen(page, place, DESK), "all of it on the first screen")
    assert names(page) == WORDS
    powers = [1, 1, 1, 1, exp(2.4), exp(1.44)]  # by hand: 1.2·4 and 1.2·1.2·2, divided by √4
    assert written(page)[5] == [f"{power / sum(powers):.2f}" for power in powers]
    until(page, lambda: row_of_table(page, 5) == [0, 0, 0.3, 0.3], "the numbers of “bank”")
    assert undo_and_redo(page) == (False, False)


def test_every_chart_and_table_has_a_name_for_those_who_cannot_see_it(visit):
    page = visit()
    charts = page.locator(".stVegaLiteChart").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert len(charts) == 1 and "heat maps" in charts[0]
    assert "weights, bank → river: 0.57" in said_of(page, "weights")
    page.get_by_text("Where each word goes").click()
    ways = page.locator(".st-key-context_moves .stVegaLiteChart")
    until(page, lambda: "bank moves by" in ways.get_attribute("aria-label"), "the words' ways")
    table = visible_table(page).get_by_role("button", name="Editable table embeddings")
    until(page, table.count, "the table's name")


# --- acting ----------------------------------------------------------------------------------------------------------


def test_the_picture_follows_the_sentence_while_it_is_typed(visit):
    page = visit()
    type_sentence(page, MONEY.rsplit(" ", 1)[0])
    until(page, lambda: len(written(page)) == 5, "five words")
    page.keyboard.type(" bank", delay=20)
    until(page, lambda: len(written(page)) == 6, "six words")
    until(page, lambda: "bank → money" in page.locator(".katex").first.inner_text().replace("\n", " "), "its sum")
    until(page, lambda: names(page) == MONEY.split(), "the words along the rows")
    assert page.evaluate("document.activeElement.value") == MONEY  # nobody pressed Enter, and typing can go on
    until(page, lambda: undo_and_redo(page) == (True, False), "undo")


def test_an_edited_cell_changes_its_word_and_those_who_look_at_it_and_the_address(visit):
    page = visit()
    before = exact(page)
    assert address_code(page) == ""
    type_number(page, WORDS.index("the"), 2, "1")  # "the" becomes as wet as the river
    until(page, lambda: written(page)[3] == ["0.00", "0.00", "0.00", "0.50", "0.50", "0.00"], "the weights of “the”")

    def changed():
        after = exact(page)
        return {looking for looking, looked_at in before if before[looking, looked_at] != after[looking, looked_at]}

    until(page, lambda: changed() == {"the", "river", "bank"}, "the words that look at it")
    until(page, lambda: address_code(page), "the address")
    until(page, lambda: undo_and_redo(page) == (True, False), "undo")


def test_a_reload_restores_what_was_edited(visit):
    page = visit()
    type_number(page, 3, 2, "1")
    until(page, lambda: address_code(page), "the address")
    tables, weights = all_tables(page), exact(page)
    assert tables["Embeddings"][3] == [0, 0, 1, 0]
    page.reload()
    page.wait_for_selector(WEIGHTS)
    until(page, lambda: exact(page) == weights, "the weights")
    until(page, lambda: all_tables(page) == tables, "the tables")


def test_back_is_undo_and_forward_redo_and_back_again_leaves(visit):
    page = visit()
    opening = exact(page)
    fill_sentence(page, "river bank")
    until(page, lambda: len(written(page)) == 2 and address_code(page), "two words")
    first, scaled = address_code(page), exact(page)
    page.locator(".st-key-scaled label").first.click()
    until(page, lambda: address_code(page) not in ("", first), "another address")
    until(page, lambda: exact(page) != scaled, "other weights")
    second, unscaled = address_code(page), exact(page)
    settle(page)
    page.go_back()
    until(page, lambda: undo_and_redo(page) == (True, True), "back to the first change")
    until(page, lambda: exact(page) == scaled, "its weights")
    until(page, lambda: (address_code(page), sentence(page).input_value()) == (first, "river bank"), "its sentence")
    settle(page)
    page.go_back()
    until(page, lambda: undo_and_redo(page) == (False, True), "back to the opening")
    until(page, lambda: exact(page) == opening, "its weights")
    until(page, lambda: (address_code(page), sentence(page).input_value()) == ("", " ".join(WORDS)), "its sentence")
    settle(page)
    page.go_forward()
    until(page, lambda: undo_and_redo(page) == (True, True), "forward again")
    settle(page)
    page.go_forward()
    until(page, lambda: undo_and_redo(page) == (True, False), "forward to the last change")
    until(page, lambda: exact(page) == unscaled, "its weights")
    until(page, lambda: address_code(page) == second, "its address")
    for _ in range(3):
        page.go_back()
    assert page.url == "about:blank"


def test_the_undo_and_redo_buttons_bring_a_number_in_a_table_back(visit):
    page = visit()
    opening = exact(page)
    type_number(page, 3, 2, "1")
    until(page, lambda: exact(page) != opening, "the change")
    changed = exact(page)
    settle(page)
    button(page, "undo").click()
    until(page, lambda: exact(page) == opening and row_of_table(page, 3) == [0, 0, 0, 0], "the number before")
    until(page, lambda: undo_and_redo(page) == (False, True), "redo")
    button(page, "redo").click()
    until(page, lambda: exact(page) == changed and row_of_table(page, 3) == [0, 0, 1, 0], "the number again")
    type_number(page, 3, 2, "0.5")
    until(page, lambda: exact(page) not in (opening, changed), "another number in the same cell")


def test_a_link_restores_every_number_in_another_browser_and_on_another_server(visit, tmp_path):
    page = visit()
    fill_sentence(page, "The bank by the river, नमस्ते 🇩🇪")
    until(page, lambda: len(written(page)) == 7, "seven words")
    type_number(page, 1, 0, "0.123456789")
    open_table(page, "W_Q")
    before = exact(page)
    type_number(page, 0, 0, "-7.5")
    until(page, lambda: exact(page) != before, "the query")
    settle(page)
    page.locator(".st-key-causal label").first.click()
    until(page, lambda: "–" in written(page)[0], "the causal mask")
    settle(page)
    shared = all_tables(page), exact(page), exact(page, "scores"), sentence(page).input_value()
    assert shared[0]["W_Q"][0][0] == -7.5

    def seen(page):
        picture = exact(page), exact(page, "scores"), sentence(page).input_value()
        return picture == shared[1:] and all_tables(page) == shared[0]

    with serving(tmp_path / "log.txt") as elsewhere:
        other = visit(query=f"x={address_code(page)}", address=elsewhere.address, fresh=True)
        until(other, lambda: seen(other), "every number in another browser, from another server")
        assert undo_and_redo(other) == (False, False)
        other.close()


def test_a_damaged_link_is_a_sentence_over_the_opening_picture(visit):
    page = visit(query="x=1~damaged")
    page.locator(".stAlert").wait_for()

    def told():
        return page.locator(".stAlert").all_inner_texts()

    until(page, lambda: len(told()) == 1 and "This link could not be opened" in told()[0], "one sentence")
    until(page, lambda: names(page) == WORDS, "the opening picture")


def test_the_scaling_switch_changes_the_weights_and_back(visit):
    page = visit()
    scaled, scores = exact(page), exact(page, "scores")
    switch = page.locator(".st-key-scaled label").first
    switch.click()
    powers = [1, 1, 1, 1, exp(4.8), exp(2.88)]
    until(page, lambda: written(page)[5] == [f"{power / sum(powers):.2f}" for power in powers], "unscaled weights")
    until(page, lambda: exact(page, "scores") == scores, "the same scores")
    switch.click()
    until(page, lambda: exact(page) == scaled, "scaled weights")


def test_forbidden_cells_are_grey_and_no_others(visit):
    page = visit()
    page.locator(".st-key-causal label").first.click()
    until(page, lambda: "–" in written(page)[0], "the causal mask")

    def grey():
        fills = page.locator(WEIGHTS).evaluate_all("all => all.map(e => e.getAttribute('fill'))")
        return [place for place, fill in enumerate(fills) if fill.startswith("rgba")]

    forbidden = [row * 6 + column for row in range(6) for column in range(6) if column > row]
    until(page, lambda: grey() == forbidden, "grey cells")


def test_a_click_on_a_cell_shows_the_sum_behind_its_number(visit):
    page = visit()
    cell_of(page, "weights", 1, 0).click()
    until(page, lambda: r"\text{walked} \to \text{We}" in sums(page), "the sum of walked → We")
    for key in ("scores", "weights"):
        until(page, lambda key=key: rf"\mathbf{{{written(page, key)[1][0]}}}" in sums(page), f"the number of the {key}")
    cell_of(page, "scores", 4, 5).click()
    until(page, lambda: r"\text{river} \to \text{bank}" in sums(page), "the sum of river → bank")
    until(page, lambda: r"\mathbf{4.80}" in sums(page), "its score")
    cell_of(page, "context", 5, 2).click()
    until(page, lambda: r"\text{context}_{\text{water}}(\text{bank})" in sums(page), "the sum of bank's water")
    until(page, lambda: r"\mathbf{0.64}" in sums(page), "its number")


def test_a_cell_can_be_chosen_with_the_keyboard_alone(visit):
    page = visit()
    page.get_by_role("button", name="Choose a number").focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="Word that looks")
    field.wait_for()
    settle(page)  # then the focus is in what was opened
    for _ in range(12):
        if field.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("walked", delay=20)
    page.get_by_role("option", name="walked", exact=True).wait_for()
    page.keyboard.press("Enter")
    until(page, lambda: r"\text{walked} \to \text{river}" in sums(page), "the sum of walked → river")


def test_a_block_of_a_spreadsheet_can_be_pasted(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    before = cells(page)
    page.evaluate(r"navigator.clipboard.writeText('1.5\t2.5\n-3\t4')")
    choose(page, 1, 1)
    page.keyboard.press("ControlOrMeta+v")
    until(page, lambda: [row[1:3] for row in cells(page)[1:3]] == [[1.5, 2.5], [-3, 4]], "the block")
    after = cells(page)
    changed = [(row, column) for row in range(6) for column in range(4) if before[row][column] != after[row][column]]
    assert changed == [(1, 1), (1, 2), (2, 1), (2, 2)]
    until(page, lambda: address_code(page), "the address")
    assert page.locator(".stAlert").count() == 0


# --- bad and big input -----------------------------------------------------------------------------------------------


def test_an_empty_sentence_keeps_the_picture_and_says_what_is_needed(visit):
    page = visit()
    before = exact(page)
    fill_sentence(page, "")
    page.locator(".stAlert").wait_for()
    until(page, lambda: "Type at least one word" in page.locator(".stAlert").inner_text(), "what is needed")
    until(page, lambda: exact(page) == before, "the picture as it was")
    fill_sentence(page, "river bank")
    until(page, lambda: len(written(page)) == 2 and page.locator(".stAlert").count() == 0, "the picture again")


HOSTILE = "__index__ www.a.bc a.b don't_$x <b>bold</b> :red[hi]"


def test_hostile_words_are_text_on_every_part_of_the_page(visit):
    page = visit()
    fill_sentence(page, HOSTILE)
    until(page, lambda: len(written(page)) == 10, "ten words")
    until(page, lambda: names(page)[:2] == ["__index__", "www.a.bc"], "the words along the rows")
    page.get_by_role("button", name="Choose a number").click()
    for word in ("__index__", "www.a.bc"):
        page.get_by_role("combobox", name="Word that looks").fill(word)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
        until(
            page,
            lambda word=word: f"({word}→" in page.locator(".katex-html").first.inner_text().replace("\n", ""),
            word,
        )
        story = page.locator(".stMarkdown").filter(has_text=re.compile("looks (most|evenly) at")).first
        until(
            page,
            lambda word=word, story=story: word in story.inner_text().replace("\u2060", ""),
            f"the story of {word}",
        )
        assert story.locator("a").count() == 0, "a word became a link"
    assert page.locator(".stMarkdown b, .stMarkdown em").count() == 0
    assert page.locator(".katex-error").count() == 0


@pytest.mark.parametrize("words", [64, 512])
def test_a_long_sentence_is_drawn_and_its_cells_can_be_clicked(visit, words):
    page = visit()
    fill_sentence(page, " ".join(f"w{position}" for position in range(words)))
    picture = page.locator(".st-key-attention").locator("canvas, svg.marks").first
    until(page, lambda: address_code(page), "the address")
    assert page.locator(".stAlert, .stException").count() == 0
    until(page, lambda: r"\text{" + f"w{words - 1}" + "}" in sums(page), "the sum of the last word")
    before = sums(page)
    picture.click(position={"x": box_of(page, picture)["width"] * 0.25, "y": 200})
    until(page, lambda: sums(page) != before, "the sum of the clicked cell")
    until(page, lambda: re.search(r"\\text\{w\d+\} \\to \\text\{w\d+\}", sums(page)), "its words")


# --- other screens ---------------------------------------------------------------------------------------------------

PARTS = ".stTextInput, .stSelectbox, .stCheckbox, .stButton, .stPopover, .stVegaLiteChart, .stDataFrame, .katex-display"


def test_on_a_phone_nothing_is_wider_than_the_screen(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("window.innerWidth") == 390
    until(page, lambda: len(written(page)) == 6, "six words")
    until(page, lambda: len(boxes(page, PARTS)) > 12, "the parts of the page")
    assert [part for part in boxes(page, PARTS) if part[1] < 0 or part[3] > 390] == []
    page.locator(".st-key-scaled label").first.tap()
    until(page, lambda: undo_and_redo(page) == (True, False), "the switch")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_readable_in_either_theme(visit, scheme):
    page = visit(color_scheme=scheme)
    ground = page.locator(".stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert (luminance(ground) < 0.05) == (scheme == "dark")
    for place in (
        ".stMarkdown p",
        ".st-key-sentence input",
        ".st-key-open_table button",
        ".st-key-scaled label",
        ".katex",
    ):
        inks = page.locator(place).evaluate_all("all => all.map(e => [e.textContent, getComputedStyle(e).color])")
        assert [told for told in inks if contrast(told[1], ground) < 4.5] == [] != inks, (place, ground)
    drawn = page.locator(".st-key-attention svg.marks text").filter(has_text=re.compile("^[A-Za-z]+$"))
    inks = drawn.evaluate_all("all => all.map(e => [e.textContent, getComputedStyle(e).fill])")
    assert [told for told in inks if contrast(told[1], ground) < 4.5] == [] != inks, ground


def test_every_number_is_readable_on_its_cell(visit):
    page = visit()
    fills = page.locator(".st-key-attention svg.marks path[aria-label]")
    fills = fills.evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    inks = page.locator(".st-key-attention svg.marks g.mark-text.role-mark").first.locator("text")
    inks = inks.evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert len(fills) == len(inks) == 36 + 36 + 24
    for fill, ink in zip(fills, inks, strict=True):
        assert contrast(fill, ink) >= 4.5, (fill, ink)
