"""How many people does one process hold?   python benchmarks/load.py --people 1 10 50 100 200

Real connections that speak Streamlit's own messages. For each number of people: they arrive within five seconds, and
then each changes their sentence every five seconds (`--every`) for `--seconds`. Every answer is checked to hold that
person's own attention weights, to 1e-12. Told are the seconds from asking to the end of the run, for arrivals and
changes, errors and wrong answers, the server's processor time a change, and its memory.

The visitors run in a process of their own on the same machine and need about as much processor time as the checks of
their answers take, so figures are those of a machine that does both.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.people import holds_own_numbers, sentence_of
from support.replicas import APP
from support.server import running
from support.visitor import Lost, Visitor

ARRIVE = 5.0  # seconds in which everybody comes


@dataclass
class Told:
    arrivals: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    errors: int = 0
    wrong: int = 0


async def person(address: str, number: int, told: Told, arrive: float, every: float, until: float) -> None:
    await asyncio.sleep(arrive)
    async with Visitor(address) as visitor:
        try:
            began = time.perf_counter()
            await visitor.open()
            told.arrivals.append(time.perf_counter() - began)
            await asyncio.sleep(random.uniform(0, every))
            change = 0
            while time.monotonic() < until:
                change += 1
                began = time.perf_counter()
                await visitor.act("sentence", string_value=sentence_of(number, change))
                took = time.perf_counter() - began
                told.changes.append(took)
                told.wrong += not holds_own_numbers(visitor, number, change)
                await asyncio.sleep(max(0.0, every - took))
        except (Lost, KeyError):
            told.errors += 1


def used(process: int) -> tuple[float, float]:
    """Seconds of processor time so far, and MB (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    memory = Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(memory) / 1024


async def crowd(address: str, people: int, seconds: float, every: float) -> Told:
    told, until = Told(), time.monotonic() + ARRIVE + seconds
    arrivals = (ARRIVE * number / people for number in range(people))
    await asyncio.gather(
        *(person(address, number, told, arrive, every, until) for number, arrive in enumerate(arrivals))
    )
    return told


def quantiles(times: list[float]) -> str:
    if not times:
        return "– | –"
    return " | ".join(f"{value:.2f}" for value in np.percentile(times, [50, 95]))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="+", default=[1, 10, 50, 100, 200])
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--every", type=float, default=5)
    given = asked.parse_args()
    print("| people | arrival, median | p95 | change, median | p95 | changes | errors | wrong | ms a change | MB |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for people in given.people:
        with (
            tempfile.TemporaryDirectory() as folder,
            running(APP, Path(folder) / "log.txt") as (server, process),
        ):
            asyncio.run(crowd(server.address, 1, 1, 1))  # imports, and the specifications of the charts
            before, _ = used(process.pid)
            told = asyncio.run(crowd(server.address, people, given.seconds, given.every))
            after, memory = used(process.pid)
        each = 1000 * (after - before) / max(1, len(told.changes) + len(told.arrivals))
        print(
            f"| {people} | {quantiles(told.arrivals)} | {quantiles(told.changes)} | {len(told.changes)} | "
            f"{told.errors} | {told.wrong} | {each:.0f} | {memory:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
