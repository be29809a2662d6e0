"""axe-core on a page as it is in the browser: what bars people who cannot see, or move, as others do."""

from axe_playwright_python.base import AXE_SCRIPT
from support.browser import soon

# What Streamlit 1.67 draws itself and gives no say in: rule -> the beginning of the element, and why it stays.
STREAMLITS = {
    "empty-table-header": ('<th role="columnheader"', "the index column of a data editor, for which it has no name"),
    "scrollable-region-focusable": ('<span class="katex-display">', "a wide formula; which browsers focus themselves"),
    "presentation-role-conflict": ('<section role="presentation"', "the uploader's place to drop a file"),
}
_RUN = "axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}})"


def assert_bars_nobody(page):
    """No finding that is ours. One that is there while something is drawn anew is looked for again."""
    if not soon(page, lambda: not findings(page)):
        assert findings(page) == []


def findings(page):
    """What axe finds, targets below 24 pixels included, but for what is Streamlit's."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}"
        for found in page.evaluate(_RUN)["violations"]
        for node in found["nodes"]
        if not _is_streamlits(found["id"], node["html"])
    ]


def _is_streamlits(rule, html):
    return rule in STREAMLITS and html.startswith(STREAMLITS[rule][0])
