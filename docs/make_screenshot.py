"""The README's screenshots, made from the running app.   python docs/make_screenshot.py

Needs what the tests need (requirements-dev.txt) and a Chromium.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.server import BROWSER_ARGUMENTS, BROWSERS, DESK, serving  # noqa: E402


def main() -> None:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("This needs Chromium or Chrome, and none was found.")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=list(BROWSER_ARGUMENTS))
        page = browser.new_page(viewport=DESK)
        page.goto(server.address)
        page.wait_for_selector(".st-key-attention svg, .st-key-attention canvas")
        page.wait_for_timeout(1500)
        page.screenshot(path=ROOT / "docs" / "playground.png")
        page.goto(f"{server.address}step_by_step")
        page.locator(".st-key-stage button").nth(5).click()
        page.wait_for_timeout(1500)
        page.screenshot(path=ROOT / "docs" / "step_by_step.png")
        browser.close()


if __name__ == "__main__":
    main()
