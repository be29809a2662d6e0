"""Cards done as a visitor does them, by their stored solutions: with the keyboard alone, or with a finger.

What to do is worked out from the solution: an act that types says what, of one that changes the experiment the
difference tells which control does it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from support.browser import CELL, box_of, settle, soon, until

from attention_core import Experiment
from attention_core.masks import MASKS
from presentation import tables
from ui.tasks import TASKS
from ui.tasks.task import Choose, GoTo, Shown, Type, Wait, shown_by

TITLES = {"embeddings": "Embeddings", "w_q": "W_Q", "w_k": "W_K", "w_v": "W_V"}  # of the tables to choose from
_MOST_TABS = 150  # on a page
_HAS_FOCUS = "field => field === document.activeElement"
_WORDS = ("looking_word", "looked_at_word")


@dataclass(frozen=True)
class Deed:
    """One thing to do: how, with which control (its key), and what."""

    how: str
    key: str
    what: Any = None


def deeds(card: str) -> Iterator[Deed]:
    """What a person does on a card, in order."""
    task = TASKS[card]
    document = task.document("", 1)
    for act in task.solution:
        before, shown = document.experiment, shown_by(document)
        if isinstance(act, Type):
            if act.table in TITLES and act.table != document.table:
                yield Deed("pick", "edited_table", TITLES[act.table])
            columns = list(tables.editable_frame(before, act.table, None).columns)
            for row, numbers in act.numbers.items():
                for column, number in numbers.items():
                    if float(tables.matrix_of(before, act.table)[row, columns.index(column)]) != number:
                        yield Deed("cell", act.table, (row, columns.index(column), f"{number:g}"))
        elif isinstance(act, Choose):
            yield Deed("point", "weights", (act.cell(shown), shown))
        elif isinstance(act, GoTo):
            yield Deed("press", "stage_to_n")
        elif isinstance(act, Wait):
            yield Deed("slide", "steps_taken", act.steps)
        act.on(document)
        yield from _changes(before, document.experiment) if not isinstance(act, Type) else ()


_KNOWN = {"sentence", "scaled", "masks", "lessons", "example"}  # what of an experiment a control below changes


def _changes(before: Experiment, after: Experiment) -> Iterator[Deed]:
    """The controls that make one experiment of the other."""
    if before.example != after.example and before.sentence != after.sentence:
        yield Deed("press", f"open_{after.example}")
        return
    if not before.agrees_with(after, but_for=_KNOWN):
        raise ValueError("Nothing here says which control changes that.")
    if after.sentence != before.sentence:
        yield Deed("write", "sentence", after.sentence)
    if after.scaled != before.scaled:
        yield Deed("switch", "scaled")
    for mask in MASKS:
        if (mask in after.masks) != (mask in before.masks):
            yield Deed("switch", mask)
    if after.lessons.other_sentence != before.lessons.other_sentence:
        yield Deed("write", "other_sentence", after.lessons.other_sentence)
    if after.lessons.key_size != before.lessons.key_size:
        yield Deed("write", "key_size", str(after.lessons.key_size))


def told(page: Any) -> str:
    """The card's task, and whether it is done."""
    return " ".join(page.locator(".stAlert").all_inner_texts())


def open_card(page: Any) -> None:
    """Wait for a card whose task is still to do."""
    until(page, lambda: "To do:" in told(page) and "Done." not in told(page), "what is to do")
    settle(page)


def solve(hand: "Keys", card: str) -> None:
    for deed in deeds(card):
        hand.do(deed)
        settle(hand.page)


def is_done(page: Any) -> None:
    until(page, lambda: "Done." in told(page), "the card is done")


class Keys:
    """A visitor with a keyboard and no mouse; counts the keys."""

    def __init__(self, page: Any):
        self.page, self.pressed, self.longest = page, 0, 0

    def do(self, deed: Deed) -> None:
        getattr(self, deed.how)(deed.key, deed.what)

    def _press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def _is_in(self, key: str) -> bool:
        return bool(self.page.evaluate("key => !!document.activeElement.closest(`[class*='st-key-${key}']`)", key))

    def _go_to(self, key: str) -> None:
        for tabs in range(_MOST_TABS):
            if self._is_in(key):
                self.longest = max(self.longest, tabs)
                return
            self._press("Tab")
        raise AssertionError(f"{key} cannot be reached with Tab")

    def press(self, key: str, _: Any) -> None:
        self._go_to(key)
        self._press("Enter")

    def switch(self, key: str, _: Any) -> None:
        self._go_to(key)
        self._press("Space")

    def slide(self, key: str, steps: int) -> None:
        self._go_to(key)
        self._press("ArrowRight")

    def write(self, key: str, text: str) -> None:
        self._go_to(key)
        self._press("ControlOrMeta+a")
        self.page.keyboard.type(text, delay=15)
        self._press("Enter")

    def pick(self, key: str, title: str) -> None:
        self._go_to(key)
        focused = "document.activeElement.innerText.trim()"
        for turn in ("Tab", "ArrowRight"):
            for _ in range(6):
                if self._is_in(key) and self.page.evaluate(focused) == title:
                    self._press("Space")
                    return
                self._press(turn)
            self._press("Shift+Tab")
        raise AssertionError(f"{title} cannot be chosen with keys")

    def point(self, key: str, what: tuple[tuple[int, int], Shown]) -> None:
        cell, shown = what
        for name, now, before in zip(_WORDS, cell, shown.cell, strict=True):
            if now == before:
                continue
            self._go_to(name)
            self.page.keyboard.type(shown.calculation.labels[now], delay=15)
            until(self.page, lambda: self.page.locator("[role=option]").count() >= 1, "the options")
            self._press("Enter")
            settle(self.page)

    def cell(self, key: str, what: tuple[int, int, str]) -> None:
        row, column, number = what
        self._go_to(f"{key}-")
        while self.page.evaluate("!!document.activeElement.closest('[data-testid=stElementToolbar]')"):
            self._press("Tab")
        wanted = (row, column + 1)  # the words stand in the first column
        until(self.page, lambda: self._chosen(key), "a chosen cell")
        while (at := self._chosen(key)) != wanted:
            self._press(_towards(at, wanted))
            until(self.page, lambda at=at: self._chosen(key) not in (at, None), f"a way from {at} to {wanted}")
        self._press("Enter")
        self._fill_in(number)

    def _fill_in(self, number: str) -> None:
        """The field of a cell, which opens a moment later."""
        field = self.page.locator("#portal input")
        until(self.page, lambda: field.evaluate(_HAS_FOCUS), "the field of the cell")
        self._press("ControlOrMeta+a")
        self.page.keyboard.type(number, delay=15)
        until(self.page, lambda: field.input_value() == number, f"{number} in the field")
        self._press("Enter")
        if not soon(self.page, lambda: field.count() == 0):
            self._press("Escape")  # opened again in the last row, where no cell is below
        until(self.page, lambda: field.count() == 0, "the field is closed")

    def _chosen(self, key: str) -> tuple[int, int] | None:
        found = self.page.locator(f"[class*='st-key-{key}-'] td[aria-selected=true]")
        ids = [each.split("-") for each in found.evaluate_all("all => all.map(e => e.id)")]
        places = [(int(parts[3]), int(parts[2])) for parts in ids if len(parts) == 4]
        return places[0] if places else None


def _towards(at: tuple[int, int], wanted: tuple[int, int]) -> str:
    if at[0] != wanted[0]:
        return "ArrowDown" if at[0] < wanted[0] else "ArrowUp"
    return "ArrowRight" if at[1] < wanted[1] else "ArrowLeft"


class Finger(Keys):
    """A visitor with a touch screen, whose keyboard appears where a field is touched."""

    def _place(self, key: str) -> Any:
        return self.page.locator(f"[class*='st-key-{key}']").first

    def _touch(self, key: str, inner: str) -> None:
        self._place(key).locator(f"{inner}:visible").first.tap()

    def press(self, key: str, _: Any) -> None:
        self._touch(key, "button")

    def switch(self, key: str, _: Any) -> None:
        self._touch(key, "label")

    def slide(self, key: str, steps: int) -> None:
        slider = self._place(key).locator("input[type=range]")
        box = box_of(self.page, self._place(key).locator("[data-orientation=horizontal][style]"))
        part = steps / int(slider.get_attribute("max") or 1)
        self.page.touchscreen.tap(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)

    def write(self, key: str, text: str) -> None:
        self._touch(key, "input")
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text, delay=15)
        self.page.keyboard.press("Enter")

    def pick(self, key: str, title: str) -> None:
        self._place(key).get_by_role("radio", name=title).tap()

    def point(self, key: str, what: tuple[tuple[int, int], Shown]) -> None:
        (row, column), shown = what
        cells = self.page.locator(f"[class*=st-key-{key}] {CELL}")
        until(self.page, lambda: cells.count() >= len(shown.calculation.labels) ** 2, "the heat map")
        cells.nth(row * len(shown.calculation.labels) + column).tap()

    def cell(self, key: str, what: tuple[int, int, str]) -> None:
        row, column, number = what
        grid = self.page.locator(f"[class*='st-key-{key}-'] .stDataFrame").first
        grid.scroll_into_view_if_needed()
        field, canvas = self.page.locator("#portal input"), grid.locator("canvas").first

        def tap(x: int) -> None:
            box = box_of(self.page, canvas)  # the page moves a little when a cell gets the focus
            self.page.touchscreen.tap(box["x"] + x, box["y"] + 36 + 35 * row + 17)

        for _ in range(2):
            for x in range(60, int(box_of(self.page, canvas)["width"]), 30):
                if field.is_visible():  # that of a cell which was touched twice
                    self.page.keyboard.press("Escape")
                    until(self.page, lambda: field.count() == 0, "the field is closed")
                tap(x)
                if not soon(self.page, lambda: self._chosen(key) == (row, column + 1), 0.7):
                    continue
                if not soon(self.page, field.is_visible, 1):
                    tap(x)
                if not soon(self.page, lambda: field.evaluate(_HAS_FOCUS), 1):
                    field.tap()
                self._fill_in(number)
                self.page.wait_for_timeout(800)  # nobody is at the next cell sooner
                return
            self._swipe(canvas)
        raise AssertionError(f"{what} of {key} cannot be touched")

    def _swipe(self, place: Any) -> None:
        """To the columns on the right."""
        self.page.keyboard.press("Escape")
        box = box_of(self.page, place)
        touch = self.page.context.new_cdp_session(self.page)
        for kind, way in (
            ("touchStart", 0.8),
            *(("touchMove", 0.8 - at / 20) for at in range(1, 13)),
            ("touchEnd", None),
        ):
            at = [] if way is None else [{"x": box["x"] + box["width"] * way, "y": box["y"] + 60}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
            self.page.wait_for_timeout(16)
        settle(self.page)


HANDS: Mapping[str, Callable[[Any], Keys]] = {"keys": Keys, "touch": Finger}
