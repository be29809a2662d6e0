"""Can every card be done without a mouse?   python benchmarks/course_by_hand.py --by keys|touch --width 390 [card ...]

Each card is opened by its link in a Chromium and done by its stored solution, with the keyboard alone or with a finger
alone, from the card's opening to "Done". Told are the keys that it took and the most Tabs from one control to the next.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest
from playwright.sync_api import Error, sync_playwright
from support.by_hand import HANDS, is_done, open_card, solve
from support.server import BROWSER_ARGUMENTS, BROWSERS, serving

from ui.tasks import TASKS

HEIGHTS = {390: 844, 820: 1180}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--by", choices=HANDS, default="keys")
    asked.add_argument("--width", type=int, default=1366)
    asked.add_argument("cards", nargs="*", help="lesson/card, or a part of it; all where none is named")
    told = asked.parse_args()
    cards = [card for card in TASKS if not told.cards or any(part in card for part in told.cards)]
    left = []
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        for card in cards:
            size = {"width": told.width, "height": HEIGHTS.get(told.width, 768)}
            page = browser.new_page(viewport=size, has_touch=told.by == "touch")  # type: ignore[arg-type]
            script, _, one = card.partition("/")
            page.goto(f"{server.address}{script}?card={one}")
            hand = HANDS[told.by](page)
            why = ""
            try:
                open_card(page)
                solve(hand, card)
                is_done(page)
            except (Error, AssertionError, pytest.fail.Exception) as error:
                why = f"{type(error).__name__}: {str(error).splitlines()[0][:100]}"
                left.append(card)
            keys = f"{hand.pressed:4} keys, at most {hand.longest} Tabs" if told.by == "keys" else ""
            print(f"{card:26} {'not done, ' + why if why else 'done'} {keys}", flush=True)
            page.close()
        browser.close()
    print(f"{len(cards) - len(left)} of {len(cards)} cards done with {told.by} at {told.width} pixels")
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
