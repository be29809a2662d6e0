"""How long does a click take while others train?   python benchmarks/training_at_once.py

Real connections that speak Streamlit's own messages. One person switches scaling on the Playground again and again,
first alone, then while two others train on Teach it: one watches weights move towards a target, one has the tiny
language learned, each over and over, asking for the next picture as a browser does. Told are the seconds of a click
(median, 95th percentile, longest), and how long a trainer's own click on Pause takes.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.replicas import APP
from support.server import running
from support.visitor import Visitor

CLICKS = 60
BETWEEN = 0.15  # seconds between two clicks
TICKS = {"pause": 0.15, "cancel_learning": 0.1}  # as in ui/teach_it


async def clicks(address: str) -> list[float]:
    times = []
    async with Visitor(address) as visitor:
        await visitor.open()
        for number in range(CLICKS):
            began = time.perf_counter()
            await visitor.act("scaled", bool_value=bool(number % 2))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(BETWEEN)
    return times


async def train(address: str, begin: str, stop: str, until: Callable[[], bool], rounds: list[float]) -> None:
    """Press `begin` and ask for pictures until `stop` is gone, over and over."""
    async with Visitor(address, page="teach_it") as visitor:
        await visitor.open()
        if begin == "learn_language":
            await visitor.act("teach_part", string_array_value={"data": ["A tiny language"]})
        while not until():
            began = time.perf_counter()
            await visitor.act(begin, trigger_value=True)
            pictures = 0
            while visitor.has(stop) and not until():
                await asyncio.sleep(TICKS[stop])
                fragment = next(shown.fragment for shown in visitor.elements() if shown.fragment)
                await visitor.run(fragment=fragment)
                await visitor.settle(0.01)
                pictures += 1
            rounds.append(time.perf_counter() - began)


def told(name: str, times: list[float]) -> str:
    middle, high = np.percentile(times, [50, 95])
    return f"| {name} | {middle:.3f} | {high:.3f} | {max(times):.3f} |"


async def measured(address: str) -> None:
    await clicks(address)  # imports, and the specifications of the charts
    alone = await clicks(address)
    over, rounds = [False], list[float]()
    trainers: list[Awaitable[None]] = [
        train(address, "train", "pause", lambda: over[0], rounds),
        train(address, "learn_language", "cancel_learning", lambda: over[0], rounds),
    ]
    going = [asyncio.ensure_future(trainer) for trainer in trainers]
    await asyncio.sleep(3)
    while_others = await clicks(address)
    over[0] = True
    await asyncio.gather(*going)
    print("| a click on scaling | median | p95 | longest |\n|---|---:|---:|---:|")
    print(told("alone", alone))
    print(told("while two others train", while_others))
    print(f"{len(rounds)} trainings were watched meanwhile, {np.median(rounds):.1f} seconds each (median).")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(APP, Path(folder) / "log.txt") as (server, _):
        asyncio.run(measured(server.address))


if __name__ == "__main__":
    main()
