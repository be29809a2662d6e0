"""What several heads cost on the Playground: the same eight words with one head and with four.

python benchmarks/heads_speed.py

The two pages take turns, click by click, and what is printed is the median over the rounds of their ratio: from a click
on a switch, or from Enter in a cell of the table, to the frame in which the picture has its new numbers, in headless
Chromium. Needs what `page_speed.py` needs; about two minutes on two cores.
"""

import shutil
import statistics
import sys
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from page_speed import CHROMIUM, PICTURE, SWITCH, click, edit, opened, ratio, sentence_of, server  # noqa: E402

from attention_core import OPENING, Experiment  # noqa: E402
from attention_core.fills import random_table  # noqa: E402
from attention_core.heads import Head  # noqa: E402
from sharing.address import to_code  # noqa: E402

WORDS, HEADS, ROUNDS = 8, 4, 3
MOST = 1.5  # times the page of one head


def with_heads(count: int) -> Experiment:
    """The opening example's tables as the first head, the others random."""
    one = replace(OPENING.build(), sentence=sentence_of(WORDS))
    others = (
        Head("", *(random_table(*table.shape, seed) for table in (one.w_q, one.w_k, one.w_v)))
        for seed in range(1, count)
    )
    return replace(one, other_heads=tuple(others))


ACTIONS = {
    "scaling": lambda page, turn: click(page, SWITCH),
    "the causal mask": lambda page, turn: click(page, ".st-key-causal label"),
    "a cell that is edited": lambda page, turn: edit(page, f"0.{turn % 9 + 1}"),
}


def main() -> None:
    with sync_playwright() as playwright, server(ROOT / "app.py", cwd=ROOT) as (address, _):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM))
        pages: dict[str, Page] = {
            name: opened(browser, f"{address}/?x={to_code(with_heads(count))}", PICTURE)
            for name, count in (("one", 1), ("several", HEADS))
        }
        print(f"{WORDS} words, {HEADS} heads ÷ one head, medians of {ROUNDS} rounds")
        for action, act in ACTIONS.items():
            taken: dict[str, list[float]] = {name: [] for name in pages}
            for turn in range(-2, ROUNDS):  # the first two are not counted
                for name, page in pages.items():
                    milliseconds = act(page, turn)
                    if turn >= 0:
                        taken[name].append(milliseconds)
            value = ratio(taken, "several", "one")
            verdict = "holds" if value <= MOST else "does not hold"
            one, several = (statistics.median(taken[name]) for name in ("one", "several"))
            print(f"{action}: {several:.0f} ÷ {one:.0f} ms, {value:.2f} (goal {MOST}: {verdict})", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
