"""How many keys does each thing take that a mouse can do?   python benchmarks/keys.py   (needs a Chromium)

Each begins in the table or the picture that it belongs to, or where the one before left the focus, and is done with the
keyboard alone; it counts once the page shows what it did and the focus is where the next key is expected. A chord such
as Ctrl+Z is one key, what is typed is one key a letter.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright
from support.browser import held
from support.server import BROWSER_ARGUMENTS, BROWSERS, DESK, serving

PATIENCE = 150  # tenths of a second until what was done has to be on the page
MOST = 40  # keys after which a place counts as out of reach

IN_TABLE = "document.activeElement.closest('.st-key-tables') !== null"
IN_POPOVER = "document.activeElement.closest('[data-testid=stPopoverBody]') !== null"
ON = "document.activeElement.closest('.st-key-{0}, [class*=st-key-{0}-]') !== null"


class Hands:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.page.wait_for_timeout(120)

    def until_there(self, key: str, there: str) -> None:
        for _ in range(MOST):
            if self.page.evaluate(there):
                return
            self.press(key)
        raise TimeoutError(there)

    def wait(self, condition: str) -> None:
        for _ in range(PATIENCE):
            if held(self.page, lambda: self.page.evaluate(condition)):
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError(condition)


def said(text: str) -> str:
    return f"document.querySelector('#announcer').textContent.includes({text!r})"


@dataclass(frozen=True)
class Deed:
    name: str
    begins: str  # "table" or "picture"
    do: Callable[[Hands], None]
    keeps: str = IN_TABLE  # where the focus has to be afterwards


def open_popover(hands: Hands, name: str, way: str = "Tab") -> None:
    hands.until_there(way, ON.format(name))
    hands.press("Enter")
    hands.wait(IN_POPOVER)


def change_a_number(hands: Hands) -> None:
    hands.press("ArrowDown", "ArrowRight", "7", "Enter")
    hands.wait(said("is 7, before"))


def undo(hands: Hands) -> None:
    hands.press("Control+z")
    hands.wait(said(", before 7"))


def redo(hands: Hands) -> None:
    hands.press("Control+Shift+z")
    hands.wait(said("is 7, before"))


def sentence(hands: Hands) -> None:
    hands.press("Alt+Shift+S", "End", "s")
    hands.wait(said("banks”"))


def scaling(hands: Hands) -> None:
    hands.press("Alt+Shift+W", "Space")
    hands.wait(said("Scaling is off"))


def causal(hands: Hands) -> None:
    hands.press("Alt+Shift+W")
    hands.until_there("Tab", ON.format("causal"))
    hands.press("Space")
    hands.wait(said("Masks: Causal mask"))


def way(hands: Hands) -> None:
    hands.press("Alt+Shift+W", "Shift+Tab", "ArrowLeft", "Space")
    hands.wait(said("The way to attend is now"))


def size(hands: Hands) -> None:
    hands.press("Alt+Shift+W")
    open_popover(hands, "sizes")
    hands.press("ArrowUp")
    hands.wait(said("5 columns"))


def fill(hands: Hands) -> None:
    open_popover(hands, "fill")
    hands.press("Enter")
    hands.wait(
        "document.activeElement.role === 'menuitem' || document.activeElement.getAttribute('role') === 'menuitem'"
    )
    hands.press("ArrowDown", "Enter")
    hands.wait(said("numbers changed"))


def other_table(hands: Hands) -> None:
    hands.until_there("Shift+Tab", ON.format("open_table"))
    hands.press("ArrowRight", "Space")
    hands.wait("document.querySelector('.st-key-w_q-0, [class*=st-key-w_q-]') !== null")


def pin(hands: Hands) -> None:
    hands.press("Alt+Shift+W")
    hands.until_there("Tab", ON.format("pin_experiment"))
    hands.press("Enter")
    hands.wait("location.search.includes('pin=')")


def as_a_table(hands: Hands) -> None:
    hands.press("Enter")
    hands.wait("document.querySelector('.st-key-attention canvas, [data-testid=stDataFrame] canvas') !== null")


def choose(hands: Hands) -> None:
    open_popover(hands, "choose")
    hands.press(*"wal", "Enter")
    hands.wait("document.querySelector('.st-key-flowing_sums, [class*=st-key-flowing]').textContent.includes('walked')")


def behind(hands: Hands) -> None:
    hands.until_there("Tab", ON.format("sums_behind"))
    hands.press("Enter")
    hands.wait("document.querySelector('.st-key-sums_behind details').open")


DEEDS = [
    Deed("change a number", "table", change_a_number),
    Deed("undo", "table", undo),
    Deed("redo", "table", redo),
    Deed("another table", "table", other_table),
    Deed("fill a table", "table", fill, IN_POPOVER),
    Deed("change the sentence", "table", sentence, ON.format("sentence")),
    Deed("scaling off", "picture", scaling, ON.format("scaled")),
    Deed("the causal mask", "picture", causal, ON.format("causal")),
    Deed("another way to attend", "picture", way, ON.format("variant")),
    Deed("a size", "table", size, IN_POPOVER),
    Deed("pin, to compare with", "picture", pin, ON.format("pin_experiment")),
    Deed("choose a word", "picture", choose, IN_POPOVER),
    Deed("the sums behind it", "picture", behind, ON.format("sums_behind")),
    Deed("the picture as a table", "picture", as_a_table, "document.activeElement !== document.body"),
]
_PLACE = {"table": ".st-key-tables canvas", "picture": ".st-key-attention button"}


def done(page: Page, deed: Deed, address: str, *, goes_on: bool) -> tuple[int, str]:
    if not goes_on:
        page.goto(address)
        page.wait_for_selector(".st-key-attention svg.marks path[aria-label]")
        page.wait_for_selector(_PLACE[deed.begins], state="attached")
        page.wait_for_timeout(1500)
        page.locator(_PLACE[deed.begins]).first.focus()
        page.wait_for_timeout(300)
    hands = Hands(page)
    try:
        deed.do(hands)
    except Exception as error:
        return hands.keys, f"not done: {str(error).splitlines()[0][:60]}"
    page.wait_for_timeout(1500)
    return hands.keys, "stays" if held(page, lambda: page.evaluate(deed.keeps)) else "lost"


def main() -> None:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as server,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=browser_path, args=list(BROWSER_ARGUMENTS))
        page = browser.new_context(viewport=DESK).new_page()
        print("| what | from | keys | focus |\n|---|---|---:|---|")
        for deed in DEEDS:
            keys, focus = done(page, deed, server.address, goes_on=deed.name in ("undo", "redo"))
            print(f"| {deed.name} | the {deed.begins} | {keys} | {focus} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
