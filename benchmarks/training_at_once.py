"""How long does a click take while others train?   python benchmarks/training_at_once.py

Real connections that speak Streamlit's own messages. One person switches scaling on the Playground again and again,
and two train on Teach it: one watches weights move towards a target, one has the tiny language learned. Both ask for
the next picture as a browser does, stop after a few by their own button (Pause, Cancel), and begin again.

Each of the three is measured alone first, then all at once. Told are the seconds of a click (median, 95th percentile,
longest) and of a picture: a click that comes while one's own picture is drawn waits for it too. At the end stands how
much longer each person waits because of the others; the goal is at most 0.3 seconds.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.replicas import APP
from support.server import running
from support.visitor import Visitor

CLICKS = 60
BETWEEN = 0.15  # seconds between two clicks
ROUNDS = 15  # of a trainer who is alone
PICTURES = 4  # before a trainer stops
GOAL = 0.3  # seconds


@dataclass(frozen=True)
class Trainer:
    """Which part of Teach it is open, which buttons begin and stop, and how often the page asks for a picture."""

    name: str
    part: str
    begin: str
    stop: str
    tick: float  # as in ui/teach_it


@dataclass
class Waited:
    """Seconds that a person waited."""

    clicks: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)


TRAINERS = (
    Trainer("Pause, of a training towards a target", "Paint what you want", "train", "pause", 0.15),
    Trainer("Cancel, of the tiny language", "A tiny language", "learn_language", "cancel_learning", 0.1),
)
SWITCHES = "the scaling switch, of somebody else"


async def switch(address: str, waited: Waited, over: Callable[[], bool]) -> None:
    async with Visitor(address) as visitor:
        await visitor.open()
        while not over() and len(waited.clicks) < CLICKS:
            began = time.perf_counter()
            await visitor.act("scaled", bool_value=bool(len(waited.clicks) % 2))
            waited.clicks.append(time.perf_counter() - began)
            await asyncio.sleep(BETWEEN)


async def train(address: str, trainer: Trainer, waited: Waited, over: Callable[[], bool]) -> None:
    async with Visitor(address, page="teach_it") as visitor:
        await visitor.open()
        await visitor.act("teach_part", string_array_value={"data": [trainer.part]})
        while not over():
            await visitor.act(trainer.begin, trigger_value=True)
            for _ in range(PICTURES):
                await asyncio.sleep(trainer.tick)
                fragment = next(shown.fragment for shown in visitor.elements() if shown.fragment)
                began = time.perf_counter()
                await visitor.run(fragment=fragment)
                waited.pictures.append(time.perf_counter() - began)
                await visitor.settle(0.01)
            assert visitor.has(trainer.stop), "it was over before it could be stopped"
            began = time.perf_counter()
            await visitor.act(trainer.stop, trigger_value=True)
            waited.clicks.append(time.perf_counter() - began)
            assert not visitor.has(trainer.stop), "the click did not stop it"


def told(name: str, times: list[float]) -> str:
    middle, high = np.percentile(times, [50, 95])
    return f"| {name} | {middle:.3f} | {high:.3f} | {max(times):.3f} | {len(times)} |"


async def measured(address: str) -> None:
    await switch(address, Waited(), lambda: False)  # imports, and the specifications of the charts
    for trainer in TRAINERS:
        unused = Waited()
        await train(address, trainer, unused, lambda seen=unused: len(seen.clicks) >= 2)
    alone = {SWITCHES: Waited(), **{trainer.name: Waited() for trainer in TRAINERS}}
    at_once = {name: Waited() for name in alone}
    await switch(address, alone[SWITCHES], lambda: False)
    for trainer in TRAINERS:
        own = alone[trainer.name]
        await train(address, trainer, own, lambda own=own: len(own.clicks) >= ROUNDS)
    over = [False]
    going = [
        asyncio.ensure_future(train(address, trainer, at_once[trainer.name], lambda: over[0])) for trainer in TRAINERS
    ]
    await asyncio.sleep(1)
    await switch(address, at_once[SWITCHES], lambda: False)
    over[0] = True
    await asyncio.gather(*going)
    print("| a click on | median | p95 | longest | clicks |\n|---|---:|---:|---:|---:|")
    for name in alone:
        print(told(f"{name}: alone", alone[name].clicks))
        print(told(f"{name}: all three at once", at_once[name].clicks))
        if alone[name].pictures:
            print(told("a picture of it: alone", alone[name].pictures))
            print(told("a picture of it: all three at once", at_once[name].pictures))
    print()
    for name in alone:
        longer = [
            float(np.percentile(at_once[name].clicks, at) - np.percentile(alone[name].clicks, at)) for at in (50, 95)
        ]
        kept = "kept" if max(longer) <= GOAL else "not kept"
        print(f"{name}: {longer[0]:+.3f} s longer at the median, {longer[1]:+.3f} s at p95 (goal {GOAL} s: {kept})")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(APP, Path(folder) / "log.txt") as (server, _):
        asyncio.run(measured(server.address))


if __name__ == "__main__":
    main()
