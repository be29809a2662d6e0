"""How fast is the Playground beside an empty Streamlit page?   python benchmarks/page_speed.py

Beside it: a cell that is edited, a first visit with an empty and with a filled browser cache, what a page takes that
has nothing but one chart or one table of the same size (`--only floors`), the lessons, and memory.

Needs what the tests need (requirements-dev.txt) and a Chromium. About twenty minutes on two cores; `--quick` needs
half, and `--only playground visits` measures these parts alone.

From a click on the scaling switch to the frame in which the picture of attention has its new numbers, in headless
Chromium. The pages take turns, click by click, and what is printed is the median over the rounds of their ratio, so
that a machine that slows down for a while slows all of them. The pages:

  empty      a switch and one line of text that follows it, under Streamlit's stock settings
  importing  the same, importing numpy, pandas and altair as any page with tables and charts does: after every run
             stock Streamlit collects garbage, and what is imported makes that slower
  ours       the Playground as it is delivered
  usual      the Playground as such pages are usually written: the whole of it runs after every click, from top to
             bottom, its Altair chart built and validated anew, under stock settings
"""

import argparse
import contextlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from compared_pages.scripts import EMPTY, FLOOR_CHART, FLOOR_TABLE, IMPORTING, READING_ORDER, USUAL  # noqa: E402

from attention_core.lexicon import lexicon  # noqa: E402

CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")

# Notes when the watched part of the page was last drawn: an SVG by its changes, a canvas by its calls.
WATCH = """
(watched) => {
  const inside = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest?.(watched);
  const drawn = () => window.__draws.push(performance.now());
  window.__draws = [];
  new MutationObserver((changes) => {
    if (changes.some(({target}) => inside(target) && (watched.includes('stMarkdown') || target.closest?.('svg')
      || target.parentElement?.closest?.('svg')))) drawn();
  }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
  const watchedCanvases = new WeakMap();  // looking for it at each of thousands of calls would take longer than they
  const isWatched = (canvas) => {
    if (!watchedCanvases.has(canvas)) watchedCanvases.set(canvas, Boolean(canvas.closest?.(watched)));
    return watchedCanvases.get(canvas);
  };
  for (const call of ['fill', 'fillRect', 'fillText', 'stroke']) {
    const original = CanvasRenderingContext2D.prototype[call];
    CanvasRenderingContext2D.prototype[call] = function (...given) {
      if (isWatched(this.canvas)) drawn();
      return original.apply(this, given);
    };
  }
  const begins = () => {
    window.__clicked = performance.now();
    window.__draws = [];
  };
  document.addEventListener('pointerdown', begins, true);
  document.addEventListener('keydown', ({key}) => key === 'Enter' && begins(), true);
}
"""
# From the click to the last drawing of the burst that the click set off.
TAKEN = """
() => {
  let last = window.__draws[0];
  for (const at of window.__draws) if (at - last < 200) last = at;
  return last - window.__clicked;
}
"""
TEXT, CHART = '[data-testid="stMarkdown"]', '[data-testid="stVegaLiteChart"]'
PICTURE, HEAT_MAP = ".st-key-attention", ".st-key-weights"  # on the Playground; in the lessons
SWITCH = ".st-key-scaled label"
PARTS = ("visits", "playground", "edits", "floors", "lessons", "memory")

# Lesson, its card from 0, what is clicked there, and the picture that follows.
LESSONS = (
    ("same_word", 1, SWITCH, CHART),
    ("step_by_step", 0, ".st-key-stage button", ".st-key-ledger"),
    ("step_by_step", 2, SWITCH, HEAT_MAP),
    ("three_ways", 0, SWITCH, ".st-key-weights_c"),
    ("why_scale", 0, '[data-testid="stNumberInputStepUp"]', CHART),
)


@contextlib.contextmanager
def server(script: Path, *flags: str, cwd: Path) -> Iterator[tuple[str, int]]:
    """A Streamlit server -> its address and its process id."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen([*command, *flags], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health")
                break
            time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sentence_of(count: int) -> str:
    """So many different words that the lexicon knows, from all over it. Those that it does not know have no numbers
    that a switch could change."""
    known = sorted(lexicon())
    return " ".join(known[:: len(known) // count][:count])


def opened(browser: Browser, address: str, watched: str, sentence: str | None = None) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address)
    page.wait_for_selector(f"{watched} svg, {watched} canvas" if watched == PICTURE else watched)
    page.wait_for_timeout(1500)
    if sentence:
        page.locator(".st-key-sentence input").fill(sentence)
        page.wait_for_timeout(6000)
    page.evaluate(WATCH, watched)
    return page


def opened_lesson(browser: Browser, address: str, lesson: str, card: int, watched: str) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{address}/{lesson}")
    page.locator(f".st-key-card_{lesson} button").nth(card).click()
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, watched)
    return page


def click(page: Page, place: str = SWITCH) -> float:
    """Milliseconds from a click to the new picture. Of several places each gets its turn."""
    page.bring_to_front()
    page.wait_for_timeout(150)
    places = page.locator(place)
    at = page.evaluate("window.__turn = (window.__turn ?? 0) + 1") % places.count()
    places.nth(at).click()
    page.wait_for_function("() => window.__draws.length > 0", timeout=30_000)
    page.wait_for_timeout(600)
    return float(page.evaluate(TAKEN))


def edit(page: Page, number: str) -> float:
    """Milliseconds from Enter in a cell of the table to the new picture."""
    page.bring_to_front()
    table = page.locator(".st-key-tables .stDataFrame").bounding_box()
    assert table
    page.mouse.click(table["x"] + 150, table["y"] + 90)  # a number of the second word
    page.wait_for_timeout(150)
    page.keyboard.type(number)
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.__draws.length > 0", timeout=30_000)
    page.wait_for_timeout(600)
    return float(page.evaluate(TAKEN))


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


def first_page(browser: Browser, address: str, watched: str, *, again: bool = False) -> float:
    """Milliseconds until a new visitor sees the picture, or one who comes `again` with what the browser has kept."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    for _ in range(2 if again else 1):
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(f"{watched} svg, {watched} canvas" if watched == PICTURE else watched)
        taken = time.perf_counter() - start
        page.close()
    context.close()
    return taken * 1000


def ratio(taken: dict[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(taken[one], taken[other], strict=True))


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def open_session(address: str, stack: contextlib.ExitStack) -> None:
    """A visitor without a browser: the page is computed and sent, and the connection stays open."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    session = stack.enter_context(connect(stream, max_size=None, subprotocols=["streamlit"]))
    request = BackMsg()
    request.rerun_script.query_string = ""
    session.send(request.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(session.recv(timeout=30))
        if message.WhichOneof("type") == "script_finished":
            return


def row(what: str, value: float, target: float, unit: str = "×", digits: int = 2) -> None:
    verdict = "holds" if value <= target else "does not hold"
    print(f"| {what} | {value:.{digits}f}{unit} | ≤ {target:g}{unit} | {verdict} |", flush=True)


def measure_lessons(browser: Browser, pages: dict[str, Page], ours: str, rounds: int) -> None:
    for lesson, card, place, watched in LESSONS:
        pages["ours"] = opened_lesson(browser, ours, lesson, card, watched)
        taken = clicks(pages, rounds, {"ours": place})
        row(f"{lesson}, card {card + 1} ÷ empty page", ratio(taken, "ours", "empty"), 1.5)
        row(f"{lesson}, card {card + 1} ÷ empty page that imports the same", ratio(taken, "ours", "importing"), 1.5)
        pages.pop("ours").close()


def measure_playground(browser: Browser, pages: dict[str, Page], ours: str, usual: str, rounds: int) -> None:
    pages |= {"ours": opened(browser, ours, PICTURE), "usual": opened(browser, usual, PICTURE)}
    taken = clicks(pages, rounds)
    row("6 words ÷ empty page", ratio(taken, "ours", "empty"), 1.1)
    row("6 words ÷ empty page that imports the same", ratio(taken, "ours", "importing"), 1.1)
    row("6 words ÷ the same page written the usual way", ratio(taken, "ours", "usual"), 0.5)
    times = ", ".join(f"{name} {statistics.median(values):.0f}" for name, values in taken.items())
    pages.pop("usual").close()
    for words, target in ((64, 2.5), (512, 4.0)):
        pages.pop("ours").close()
        pages["ours"] = opened(browser, ours, PICTURE, sentence_of(words))
        taken = clicks(pages, rounds)
        row(f"{words} words ÷ empty page", ratio(taken, "ours", "empty"), target)
        row(f"{words} words ÷ empty page that imports the same", ratio(taken, "ours", "importing"), target)
    pages.pop("ours").close()
    print(f"| milliseconds, median: {times} | | | |", flush=True)


def measure_visits(browser: Browser, empty: str, ours: str, rounds: int) -> None:
    for again in (False, True):
        visits: dict[str, list[float]] = {"empty": [], "ours": []}
        for _ in range(rounds // 2):
            visits["empty"].append(first_page(browser, empty, TEXT, again=again))
            visits["ours"].append(first_page(browser, ours, PICTURE, again=again))
        row(f"first page, {'warm' if again else 'cold'} cache ÷ empty app", ratio(visits, "ours", "empty"), 1.4)


def measure_edits(browser: Browser, pages: dict[str, Page], ours: str, rounds: int) -> None:
    page = opened(browser, ours, PICTURE)
    taken: dict[str, list[float]] = {"ours": [], "empty": [], "importing": []}
    for turn in range(rounds + 2):
        measured = {"ours": edit(page, f"0.{1 + turn % 9}"), **{name: click(each) for name, each in pages.items()}}
        if turn >= 2:
            for name, value in measured.items():
                taken[name].append(value)
    row("6 words, a cell is edited ÷ empty page", ratio(taken, "ours", "empty"), 1.1)
    row("6 words, a cell is edited ÷ empty page that imports the same", ratio(taken, "ours", "importing"), 1.1)
    page.close()


def measure_floors(browser: Browser, pages: dict[str, Page], folder: Path, rounds: int) -> None:
    floors = {f"one chart of {words} words alone": (FLOOR_CHART.format(words=words), CHART) for words in (6, 64)}
    for name, (script, watched) in (floors | {"one table alone": (FLOOR_TABLE, TEXT)}).items():
        file = folder / f"{name.replace(' ', '_')}.py"
        file.write_text(script)
        with server(file, cwd=folder) as (address, _):
            pages["floor"] = opened(browser, address, watched)
            taken = clicks(pages, rounds)
            row(f"{name} ÷ empty page", ratio(taken, "floor", "empty"), 1.1)
            row(f"{name} ÷ empty page that imports the same", ratio(taken, "floor", "importing"), 1.1)
            pages.pop("floor").close()


def measure_memory(browser: Browser, ours: str, ours_pid: int) -> None:
    page = opened(browser, ours, PICTURE)
    for _ in range(20):
        click(page)
    before = resident_mib(ours_pid)
    for _ in range(200):
        page.locator(SWITCH).first.click()
        page.wait_for_timeout(200)
    row("memory added by 200 reruns", (resident_mib(ours_pid) / before - 1) * 100, 2, " %", 1)
    page.close()


def measure_sessions(ours: str, ours_pid: int, stack: contextlib.ExitStack) -> None:
    for _ in range(20):
        open_session(ours, stack)
    before = resident_mib(ours_pid)
    for _ in range(100):
        open_session(ours, stack)
    row("memory of a further session", (resident_mib(ours_pid) - before) / 100, 0.2, " MiB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer clicks, for a first impression")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts alone")
    asked = parser.parse_args()
    rounds = 10 if asked.quick else 24
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if found is None:
        sys.exit("This needs Chromium or Chrome, and none was found.")

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, script in (("empty", EMPTY), ("importing", IMPORTING), ("usual", USUAL)):
            (folder / f"{name}.py").write_text(script)
        empty, _ = stack.enter_context(server(folder / "empty.py", cwd=folder))
        importing, _ = stack.enter_context(server(folder / "importing.py", cwd=folder))
        ours, ours_pid = stack.enter_context(server(ROOT / "app.py", cwd=ROOT))
        (folder / "ui").mkdir()
        shutil.copy(folder / "usual.py", folder / "ui" / "main.py")
        shutil.copytree(ROOT / "pages", folder / "pages")
        (folder / "pages" / "playground.py").write_text(READING_ORDER)
        usual, _ = stack.enter_context(server(folder / "ui" / "main.py", cwd=folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)

        print(f"{rounds} clicks a page in turns, medians.\n")
        print("| from the click to the new picture | measured | target | |")
        print("|---|---:|---:|---|")
        if "visits" in asked.only:
            measure_visits(browser, empty, ours, rounds)
        pages = {"empty": opened(browser, empty, TEXT), "importing": opened(browser, importing, TEXT)}
        if "playground" in asked.only:
            measure_playground(browser, pages, ours, usual, rounds)
        if "edits" in asked.only:
            measure_edits(browser, pages, ours, rounds)
        if "floors" in asked.only:
            measure_floors(browser, pages, folder, rounds)
        if "lessons" in asked.only:
            measure_lessons(browser, pages, ours, rounds)
        if "memory" in asked.only:
            measure_memory(browser, ours, ours_pid)
        browser.close()
        if "memory" in asked.only:
            measure_sessions(ours, ours_pid, stack)


if __name__ == "__main__":
    main()
