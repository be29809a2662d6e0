"""How long do the files take, and who waits meanwhile?   python benchmarks/export_speed.py

Needs what the tests need (requirements-dev.txt) and a Chromium; about two minutes on two cores.

First the seconds for each kind of file of a sentence of 12 words from the workshop, the first one (three seconds
after the page was opened, which starts the worker) and the median of five later ones. Then two visitors: one clicks
the scaling switch on the Playground as in page_speed.py, the other takes an article with its pictures along again and
again. The first one's clicks alternate between times in which the other rests and times in which files are being made,
so that both see the same machine; printed is the ratio of the medians. The same again with the files made in the
server's own process, which is what the workshop avoids.
"""

import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from page_speed import CHROMIUM, HEAT_MAP, ROOT, click, opened, server
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(ROOT))

from attention_core import OPENING
from exports.catalogue import EXPORTS, Order
from exports.workshop import Workshop

TWELVE = "We walked to the river bank and then we swam back home"
ROUNDS = 20
READING = 3.0  # seconds that somebody looks at the page before the first click on it

# The app with the workshop's work done where the visitors are served.
IN_THE_SERVER = f"""
import sys, runpy
sys.path.insert(0, {str(ROOT)!r})
from exports import catalogue, workshop
workshop.WORKSHOP.make = lambda name, order, progress=lambda done: None, **others: catalogue.made(name, order, progress)
runpy.run_path({str(ROOT / "ui" / "main.py")!r})
"""


# Clicks the button whenever the file of the click before has arrived, which the page tells by clicking a link.
TAKE_AGAIN_AND_AGAIN = """
(button) => {
  let waiting = false;
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () { waiting = false; return click.call(this); };
  setInterval(() => { if (window.__more && !waiting) { waiting = true; button.click(); } }, 50);
}
"""


def seconds(workshop: Workshop, name: str, order: Order) -> float:
    start = time.perf_counter()
    workshop.make(name, order)
    return time.perf_counter() - start


def measure_files() -> None:
    order = Order(OPENING.build().with_sentence(TWELVE), word=5, link="https://example.org/?x=1~code")
    print("| file, 12 words | first (s) | later (s) |")
    print("|---|---:|---:|")
    for name in EXPORTS:
        if name.endswith((".svg", ".png", ".csv")) and not name.startswith(("weights.", "context.")):
            continue  # its kind is in the table
        with contextlib.closing(Workshop()) as workshop:
            workshop.get_ready()  # as the page does when it is opened
            time.sleep(READING)
            first, *later = [seconds(workshop, name, order) for _ in range(6)]
        print(f"| {name} | {first:.2f} | {statistics.median(later):.2f} |", flush=True)


@contextlib.contextmanager
def taking_along(page: Page) -> Iterator[None]:
    """A visitor whose browser asks for the article with its pictures again and again, as often as they arrive."""
    page.evaluate("window.__more = true")
    yield
    page.evaluate("window.__more = false")
    page.wait_for_timeout(2000)


def measure_two_visitors(browser: Browser, address: str, told: str) -> None:
    clicking = opened(browser, address, HEAT_MAP)
    taking = browser.new_page(accept_downloads=True)
    taking.goto(f"{address}/take_it_with_you")
    button = taking.get_by_role("button", name="Markdown with pictures (.zip)")
    button.wait_for()
    made = []
    taking.on("download", lambda download: made.append(download))
    button.evaluate(TAKE_AGAIN_AND_AGAIN)
    for _ in range(3):
        click(clicking)
    alone, beside = [], []
    for _ in range(ROUNDS // 4):
        alone += [click(clicking) for _ in range(4)]
        with taking_along(taking):
            beside += [click(clicking) for _ in range(4)]
    ratio = statistics.median(beside) / statistics.median(alone)
    print(
        f"| {told} | {ratio:.2f} | {max(beside) / statistics.median(alone):.2f} | {len(made)} |",
        flush=True,
    )
    clicking.close()
    taking.close()


def main() -> None:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if found is None:
        sys.exit("This needs Chromium or Chrome, and none was found.")
    measure_files()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "ui").mkdir()
        (folder / "ui" / "main.py").write_text(IN_THE_SERVER)
        shutil.copytree(ROOT / "pages", folder / "pages")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        print("\n| a visitor's clicks while another takes an article along | median ÷ alone | worst ÷ alone | zips |")
        print("|---|---:|---:|---:|")
        ours, _ = stack.enter_context(server(ROOT / "app.py", cwd=ROOT))
        measure_two_visitors(browser, ours, "files made in the workshop")
        same, _ = stack.enter_context(server(folder / "ui" / "main.py", cwd=folder))
        measure_two_visitors(browser, same, "files made in the server")
        browser.close()


if __name__ == "__main__":
    main()
