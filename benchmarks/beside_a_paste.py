"""How long do others wait while one visitor pastes?   python benchmarks/beside_a_paste.py

One visitor switches scaling on the Playground off and on without a pause. Meanwhile another pastes into every text
field of every page, those of the frame once: nine million characters, which no field takes, and a text as long as the
field's own limit, of words, of numbers and of one word without an end. Told are the middle of all switches while nobody
pastes, the longest one that overlapped each paste, and how long the pasting visitor waited, the slowest first.
`--pages` chooses some of the pages.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.replicas import APP
from support.server import running
from support.siege import PAGES
from support.visitor import Lost, Visitor

_HUGE = 9_000_000  # characters
_CALM = 30  # switches while nobody pastes
_TEXTS = {"words": "word and the river bank ", "numbers": "0.5 -1.25 1e-170\n", "one word": "a"}
_FIELDS = ("text_input", "text_area")


@dataclass
class Switching:
    """A visitor who switches scaling off and on, and when each switch began and ended."""

    address: str
    switches: list[tuple[float, float]] = field(default_factory=list)
    goes_on: bool = True

    async def go_on(self) -> None:
        async with Visitor(self.address) as visitor:
            await visitor.open()
            await visitor.settle()
            on = False
            while self.goes_on:
                began = time.monotonic()
                await visitor.act("scaled", bool_value=on)
                self.switches.append((began, time.monotonic()))
                on = not on
                await asyncio.sleep(0.02)

    async def so_many(self, count: int) -> None:
        until = len(self.switches) + count
        while len(self.switches) < until:
            await asyncio.sleep(0.02)

    def longest(self, began: float, ended: float) -> float:
        return max((end - start for start, end in self.switches if end >= began and start <= ended), default=0.0)


async def pasted(address: str, page: str, switching: Switching, seen: set[str]) -> list[tuple[float, float, str]]:
    """For each paste into a field of the page: the longest switch meanwhile, its own time, and what it was."""
    measured = []
    async with Visitor(address, page=page) as visitor:
        await visitor.open()
        await visitor.settle()
        fields = [shown for kind in _FIELDS for shown in visitor.elements(kind) if shown.key not in seen]
        seen |= {shown.key for shown in fields}
    for shown in fields:
        limit = shown.message.max_chars or _HUGE
        pastes = {"nine million letters": "a" * _HUGE} | {
            f"{limit:,} characters, {name}": (text * (limit // len(text) + 1))[:limit] for name, text in _TEXTS.items()
        }
        for told, text in pastes.items():
            async with Visitor(address, page=page) as visitor:
                await visitor.open()
                await visitor.settle()
                began = time.monotonic()
                try:
                    await visitor.act(shown.key, string_value=text)
                    await visitor.settle()
                    what = told
                except (Lost, KeyError):
                    what = f"{told} (connection closed)"
                ended = time.monotonic()
                await switching.so_many(1)
                measured.append((switching.longest(began, ended), ended - began, f"/{page} {shown.key}: {what}"))
    return measured


async def measure(address: str, pages: list[str]) -> tuple[float, list[tuple[float, float, str]]]:
    switching = Switching(address)
    going = asyncio.create_task(switching.go_on())
    await switching.so_many(_CALM)
    calm = median(end - start for start, end in switching.switches[5:])
    measured: list[tuple[float, float, str]] = []
    seen: set[str] = set()
    for page in pages:
        measured += await pasted(address, page, switching, seen)
        print(f"/{page}: {len(measured)} pastes so far", flush=True)
    switching.goes_on = False
    await going
    return calm, measured


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", nargs="*", default=list(PAGES))
    asked.add_argument("--slowest", type=int, default=12, help="how many are listed")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(APP, Path(folder) / "log.txt") as (server, _):
        calm, measured = asyncio.run(measure(server.address, given.pages))
    print(f"a switch takes {calm:.3f} s while nobody pastes")
    print("| longest switch beside it, s | more than that, s | the paste itself, s | paste |\n|---:|---:|---:|---|")
    for beside, own, told in sorted(measured, reverse=True)[: given.slowest]:
        print(f"| {beside:.2f} | {beside - calm:.2f} | {own:.2f} | {told} |")
    late = sum(beside - calm > 0.3 for beside, _, _ in measured)
    print(f"{len(measured)} pastes, {late} of them cost another visitor more than 0.3 s")


if __name__ == "__main__":
    main()
