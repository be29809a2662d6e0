"""How long people wait when one of two replicas dies: `python benchmarks/replicas.py` (HAProxy has to be installed).

Two app processes behind the proxy of deploy/haproxy.cfg. People change their sentence every few seconds; in the middle
the first replica is killed. Each of its people connects again as a browser does (at once, then every half second), on
the other replica. Told are the seconds until each sees the page again, whether it holds that person's own numbers, and
what happened to the other replica's people meanwhile.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.people import holds_own_numbers, sentence_of
from support.replicas import Site, site
from support.visitor import Lost, Visitor

AGAIN = 0.5  # seconds between tries to connect


class Person:
    def __init__(self, number: int, address: str) -> None:
        self.number = number
        self.visitor = Visitor(address)
        self.away: list[float] = []  # seconds without a page, each time the connection was lost
        self.changes = self.wrong = self.dropped = 0
        self.round = 0

    async def work(self, until: float) -> None:
        while time.monotonic() < until:
            self.round += 1
            try:
                await self.visitor.act("sentence", string_value=sentence_of(self.number, self.round))
            except Lost:
                await self.come_back()
                continue
            self.changes += 1
            self.wrong += not holds_own_numbers(self.visitor, self.number, self.round)
            await asyncio.sleep(2)

    async def come_back(self) -> None:
        lost = time.perf_counter()
        while True:
            await self.visitor.leave()
            try:
                await self.visitor.connect()
                await self.visitor.run()
                break
            except Lost:
                await asyncio.sleep(AGAIN)
        self.away.append(time.perf_counter() - lost)
        if holds_own_numbers(self.visitor, self.number, self.round):
            return  # the change that was under way came through
        self.dropped += 1
        self.round -= 1
        self.wrong += not holds_own_numbers(self.visitor, self.number, self.round)


async def rehearse(people: int, seconds: float, where: Site) -> list[Person]:
    everybody = [Person(number, where.address) for number in range(people)]
    for person in everybody:
        await person.visitor.__aenter__()
        await person.visitor.open()
        await person.visitor.act("sentence", string_value=sentence_of(person.number, 0))
    until = time.monotonic() + seconds
    at_work = [asyncio.create_task(person.work(until)) for person in everybody]
    await asyncio.sleep(seconds / 2)
    where.replicas["app1"].kill()
    await asyncio.gather(*at_work)
    for person in everybody:
        await person.visitor.__aexit__()
    return everybody


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=20)
    asked.add_argument("--seconds", type=float, default=20)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as where:
        everybody = asyncio.run(rehearse(given.people, given.seconds, where))
    lost = [seconds for person in everybody for seconds in person.away]
    print(f"{given.people} people, {sum(person.changes for person in everybody)} changes")
    print(f"lost their replica: {sum(bool(person.away) for person in everybody)}")
    if lost:
        print(f"back after {statistics.median(lost):.2f} s (median), {max(lost):.2f} s (last)")
        print(f"changes under way that have to be done again: {sum(person.dropped for person in everybody)}")
    print(f"pages that held other numbers than that person's: {sum(person.wrong for person in everybody)}")


if __name__ == "__main__":
    main()
