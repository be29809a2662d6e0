"""How fast is the Playground beside an empty Streamlit page?   python benchmarks/page_speed.py

From a click on the scaling switch (or Enter in a cell) to the frame in which the picture of attention has its new
numbers, in headless Chromium. The pages take turns, click by click, and what is printed is the median over the rounds
of their ratio, so that a machine that slows down for a while slows all of them. The pages:

  empty      a switch and one line of text that follows it, under Streamlit's stock settings
  importing  the same, importing numpy, pandas and altair as any page with tables and charts does: after every run
             stock Streamlit collects garbage, and what is imported makes that slower
  ours       the Playground as it is delivered
  usual      the Playground as such pages are usually written: the whole of it runs after every click, from top to
             bottom, its Altair chart built and validated anew, under stock settings
  floors     a stock page that has nothing but a switch and one chart or one table of the same size

Beside it: the first visit with an empty and with a filled browser cache, from pointing at a number to its light, the
server's CPU for a change, the lessons, and memory.

Needs what the tests need (requirements-dev.txt) and a Chromium. Each of its parts takes one to four minutes on two
cores, all of them half an hour; `--only words_6 edits` measures some, and `--quick` takes fewer clicks. With
`--keep FILE` what was measured is added to a file, and `--table FILE` prints the README's table of all that is in it.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from compared_pages.browsing import (  # noqa: E402
    CHART,
    CHROMIUM,
    HEAT_MAP,
    PICTURE,
    SWITCH,
    TEXT,
    click,
    cpu_ms,
    edit,
    first_page,
    open_session,
    opened,
    opened_lesson,
    point,
    resident_mib,
    sentence_of,
    server,
)
from compared_pages.scripts import READING_ORDER, STOCK, USUAL  # noqa: E402

OPENING_WORDS = 6
SCORES = (
    f"{PICTURE} svg.marks :is(path[aria-label^='scores, '], image[aria-label*='scores'])"  # cells, or a map of them
)

# Lesson, its card from 0, what is clicked there, and the picture that follows.
LESSONS = (
    ("same_word", 1, SWITCH, CHART),
    ("step_by_step", 0, ".st-key-stage button", ".st-key-ledger"),
    ("step_by_step", 2, SWITCH, HEAT_MAP),
    ("three_ways", 0, SWITCH, ".st-key-weights_c"),
    ("why_scale", 0, '[data-testid="stNumberInputStepUp"]', CHART),
)


def clicks(pages: dict[str, Page], rounds: int, places: dict[str, str] | None = None) -> dict[str, list[float]]:
    where = dict.fromkeys(pages, SWITCH) | (places or {})
    for name, page in pages.items():
        for _ in range(3):
            click(page, where[name])
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, page in pages.items():
            taken[name].append(click(page, where[name]))
    return taken


def ratio(taken: dict[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(taken[one], taken[other], strict=True))


@dataclass(frozen=True)
class Measured:
    """One figure, its unit, and what it should not exceed, if anything."""

    what: str
    beside: str
    value: float
    unit: str = "×"
    goal: float | None = None


@dataclass
class Bench:
    """The pages under measurement, which are opened when they are asked for, and what was found."""

    stack: contextlib.ExitStack
    folder: Path
    browser: Browser
    rounds: int
    found: list[Measured] = field(default_factory=list)
    servers: dict[str, tuple[str, int]] = field(default_factory=dict)

    def server(self, name: str) -> tuple[str, int]:
        if name not in self.servers:
            script, cwd = self._script(name)
            self.servers[name] = self.stack.enter_context(server(script, cwd=cwd))
        return self.servers[name]

    def _script(self, name: str) -> tuple[Path, Path]:
        if name == "ours":
            return ROOT / "app.py", ROOT
        if name == "usual":
            (self.folder / "ui").mkdir()
            (self.folder / "ui" / "main.py").write_text(USUAL)
            shutil.copytree(ROOT / "pages", self.folder / "pages")
            (self.folder / "pages" / "playground.py").write_text(READING_ORDER)
            return self.folder / "ui" / "main.py", self.folder
        script = self.folder / f"{name}.py"
        script.write_text(STOCK[name])
        return script, self.folder

    def opened(self, name: str, watched: str = TEXT, sentence: str | None = None) -> Page:
        return opened(self.browser, self.server(name)[0], watched, sentence)

    def beside(self) -> dict[str, Page]:
        return {name: self.opened(name) for name in ("empty", "importing")}

    def note(self, what: str, beside: str, value: float, goal: float | None = None, unit: str = "×") -> None:
        self.found.append(Measured(what, beside, value, unit, goal))
        verdict = "" if goal is None else f"(goal {goal:g}{unit}: {'reached' if value <= goal else 'not reached'})"
        print(f"{what} ÷ {beside}" if beside else what, f"{value:.2f}{unit}", verdict, flush=True)

    def compare(
        self, what: str, pages: dict[str, Page], goals: Mapping[str, float], places: dict[str, str] | None = None
    ) -> None:
        """Click by click in turns; notes the first of the pages beside each of the others."""
        taken = clicks(pages, self.rounds, places)
        first = next(iter(pages))
        for other in list(pages)[1:]:
            self.note(what, other, ratio(taken, first, other), goals.get(other))
        self.note(what, "", statistics.median(taken[first]), unit=" ms")
        for page in pages.values():
            page.close()


def measure_words(bench: Bench, words: int) -> None:
    """A switch, for a sentence of so many words."""
    sentence = None if words == OPENING_WORDS else sentence_of(words)
    pages = {"ours": bench.opened("ours", PICTURE, sentence)} | bench.beside()
    goals = {OPENING_WORDS: {"importing": 1.1, "usual": 0.5}, 64: {"empty": 2.5}, 512: {"empty": 4.0}}[words]
    if words == OPENING_WORDS:
        pages["usual"] = bench.opened("usual", PICTURE)
    bench.compare(f"{words} words, scaling", pages, goals)


def measure_visits(bench: Bench, *, again: bool) -> None:
    visits: dict[str, list[float]] = {"empty": [], "ours": []}
    empty, ours = bench.server("empty")[0], bench.server("ours")[0]
    first_page(bench.browser, ours, PICTURE)  # the server's own first one loads all modules
    for _ in range(bench.rounds // 2):
        visits["empty"].append(first_page(bench.browser, empty, TEXT, again=again))
        visits["ours"].append(first_page(bench.browser, ours, PICTURE, again=again))
    what = f"first page, {'warm' if again else 'cold'} cache"
    bench.note(what, "empty", ratio(visits, "ours", "empty"), 1.4)
    bench.note(what, "", statistics.median(visits["ours"]), unit=" ms")


def measure_edits(bench: Bench) -> None:
    page, beside = bench.opened("ours", PICTURE), bench.beside()
    taken: dict[str, list[float]] = {"ours": [], "empty": [], "importing": []}
    for turn in range(bench.rounds + 2):
        measured = {"ours": edit(page, f"0.{2 + turn % 8}"), **{name: click(each) for name, each in beside.items()}}
        if turn >= 2:
            for name, value in measured.items():
                taken[name].append(value)
    bench.note("6 words, a cell", "empty", ratio(taken, "ours", "empty"))
    bench.note("6 words, a cell", "importing", ratio(taken, "ours", "importing"), 1.1)
    bench.note("6 words, a cell", "", statistics.median(taken["ours"]), unit=" ms")
    for each in (page, *beside.values()):
        each.close()


def measure_pointing(bench: Bench, words: int) -> None:
    page = bench.opened("ours", PICTURE, None if words == OPENING_WORDS else sentence_of(words))
    boxes = page.locator(SCORES).evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    left, top = min(box["left"] for box in boxes), min(box["top"] for box in boxes)
    right, bottom = max(box["right"] for box in boxes), max(box["bottom"] for box in boxes)
    shares = [(at + 0.5) / bench.rounds for at in range(bench.rounds)]  # from corner to corner
    taken = [point(page, left + share * (right - left), top + share * (bottom - top)) for share in shares]
    bench.note(f"{words} words, pointing at a number until it is lit", "", statistics.median(taken), 30, " ms")
    page.close()


def measure_cpu(bench: Bench, words: int) -> None:
    page, pid = bench.opened("ours", PICTURE, None if words == OPENING_WORDS else sentence_of(words)), 0
    pid = bench.server("ours")[1]
    for _ in range(3):
        click(page)
    before = cpu_ms(pid)
    for _ in range(bench.rounds):
        click(page)
    used = (cpu_ms(pid) - before) / bench.rounds
    bench.note(f"{words} words, the server's CPU for a switch", "", used, 20 if words == OPENING_WORDS else None, " ms")
    page.close()


def measure_floor(bench: Bench, name: str, what: str, watched: str) -> None:
    bench.compare(what, {name: bench.opened(name, watched)} | bench.beside(), {})


def measure_lesson(bench: Bench, at: int) -> None:
    lesson, card, place, watched = LESSONS[at]
    pages = {"ours": opened_lesson(bench.browser, bench.server("ours")[0], lesson, card, watched)} | bench.beside()
    bench.compare(f"{lesson}, card {card + 1}", pages, {}, {"ours": place})


def measure_memory(bench: Bench) -> None:
    page, pid = bench.opened("ours", PICTURE), bench.server("ours")[1]
    for _ in range(20):
        click(page)
    before = resident_mib(pid)
    for _ in range(200):
        page.locator(SWITCH).first.click()
        page.wait_for_timeout(200)
    bench.note("memory added by 200 changes", "", (resident_mib(pid) / before - 1) * 100, 2, " %")
    page.close()


def measure_sessions(bench: Bench) -> None:
    address, pid = bench.server("ours")
    for _ in range(20):
        open_session(address, bench.stack)
    before = resident_mib(pid)
    for _ in range(100):
        open_session(address, bench.stack)
    bench.note("memory of a further session", "", (resident_mib(pid) - before) / 100, 0.2, " MiB")


PARTS: dict[str, Callable[[Bench], None]] = {
    "first_cold": partial(measure_visits, again=False),
    "first_warm": partial(measure_visits, again=True),
    **{f"words_{words}": partial(measure_words, words=words) for words in (6, 64, 512)},
    "edits": measure_edits,
    **{f"pointing_{words}": partial(measure_pointing, words=words) for words in (6, 64, 512)},
    **{f"cpu_{words}": partial(measure_cpu, words=words) for words in (6, 64)},
    "floor_6": partial(measure_floor, name="chart_6", what="floor: one chart of 6 words alone", watched=CHART),
    "floor_64": partial(measure_floor, name="chart_64", what="floor: one chart of 64 words alone", watched=CHART),
    "floor_table": partial(measure_floor, name="table", what="floor: one table alone", watched=TEXT),
    **{f"lesson_{at + 1}": partial(measure_lesson, at=at) for at in range(len(LESSONS))},
    "memory": measure_memory,
    "sessions": measure_sessions,
}


def table(found: list[Measured]) -> str:
    """Markdown: a row for each thing that was measured, the latest figure of each."""
    latest = {(each.what, each.beside): each for each in found}
    lines = ["| | ÷ empty page | ÷ empty page that imports the same | ÷ the usual way | |", "|---|---:|---:|---:|---:|"]
    for what in dict.fromkeys(each.what for each in found):
        of_it = {beside: each for (named, beside), each in latest.items() if named == what}
        cells = [f"{of_it[name].value:.2f}" if name in of_it else "" for name in ("empty", "importing", "usual")]
        alone = f"{of_it[''].value:.{0 if of_it[''].unit == ' ms' else 2}f}{of_it[''].unit}" if "" in of_it else ""
        goals = [f"{name or 'goal'} ≤ {each.goal:g}" for name, each in of_it.items() if each.goal is not None]
        lines.append(f"| {what}{f' ({chr(44).join(goals)})' if goals else ''} | {' | '.join(cells)} | {alone} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer clicks, for a first impression")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts alone")
    parser.add_argument("--keep", type=Path, help="add what was measured to this file")
    parser.add_argument("--table", type=Path, help="print the table of what was kept, and measure nothing")
    asked = parser.parse_args()
    if asked.table:
        print(table([Measured(**json.loads(line)) for line in asked.table.read_text("utf-8").splitlines()]))
        return
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if chromium is None:
        sys.exit("This needs Chromium or Chrome, and none was found.")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        stack.callback(browser.close)
        bench = Bench(stack, folder, browser, 10 if asked.quick else 24)
        print(f"{bench.rounds} clicks a page in turns, medians.\n")
        for name in asked.only:
            PARTS[name](bench)
            if asked.keep:
                with asked.keep.open("a", encoding="utf-8") as kept:
                    kept.writelines(f"{json.dumps(asdict(each))}\n" for each in bench.found)
                bench.found.clear()
        if not asked.keep:
            print(f"\n{table(bench.found)}")


if __name__ == "__main__":
    main()
