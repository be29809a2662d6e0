"""What makes each page, and each card of a lesson, begin at its top.

`ui/frame.py` writes it into the page beside what is on screen, and the browser runs it whenever that is another page or
card. The policy of serving/headers.py lets it in by its hash, and no other that is written into the page.
"""

import html
from pathlib import Path

SCRIPT = Path(__file__).with_name("begin_at_top.js").read_text("utf-8")


def turned_to(place: str) -> str:
    """HTML that scrolls to the top once, for each other `place` that it is written with."""
    return f'<div data-turned-to="{html.escape(place)}"></div><script>{SCRIPT}</script>'
