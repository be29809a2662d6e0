"""Opening the pages that page_speed.py measures, acting on them, and when they were drawn."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page
from websockets.sync.client import connect

from attention_core.lexicon import lexicon

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
  const points = () => {
    if (window.__points) begins();
    window.__points = false;
  };
  document.addEventListener('pointerover', points, true);
  document.addEventListener('pointermove', points, true);
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
    page.wait_for_selector(f"{watched} svg.marks" if watched == PICTURE else watched)
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
    table = page.locator(".st-key-tables .stDataFrame canvas").first.bounding_box()
    assert table
    field = page.locator("#portal input")
    for _ in range(9):  # a table that is drawn anew meanwhile closes the field
        page.mouse.click(table["x"] + 120, table["y"] + 36 + 35 + 17)  # a number of the second word
        page.wait_for_timeout(150)
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)
        if field.count():
            break
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(number)
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.__draws.length > 0", timeout=30_000)
    page.wait_for_timeout(600)
    return float(page.evaluate(TAKEN))


def point(page: Page, x: float, y: float) -> float:
    """Milliseconds from pointing at a place of the picture to the last mark that lights."""
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    page.evaluate("window.__points = true")
    page.mouse.move(x, y)
    page.wait_for_function("() => window.__draws.length > 0", timeout=30_000)
    page.wait_for_timeout(500)
    return float(page.evaluate(TAKEN))


def first_page(browser: Browser, address: str, watched: str, *, again: bool = False) -> float:
    """Milliseconds until a new visitor sees the picture, or one who comes `again` with what the browser has kept."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    for _ in range(2 if again else 1):
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(f"{watched} svg.marks" if watched == PICTURE else watched)
        taken = time.perf_counter() - start
        page.close()
    context.close()
    return taken * 1000


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


def cpu_ms(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
