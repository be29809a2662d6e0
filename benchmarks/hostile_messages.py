"""Does anything that a modified browser sends break a page?   python benchmarks/hostile_messages.py --messages 100000

Streamlit's own messages with hostile values for every widget of every page, and hostile addresses, over real
connections: `--messages` in all, `--burst` at a time without waiting for the answer in between, one visitor for each
page at once; `--seed` chooses them. Told are the faults (a last-resort sentence, a page that stays empty), each with
the message that makes it happen to a visitor alone, how long the slowest burst takes alone, how much the log grew and
what memory the server took. `--seconds` ends it early.

100,000 messages take long, and can be sent in pieces: `--seed 1 --seconds 200 --add FILE`, then other seeds; each
writes a line into FILE, and the last lines of what is told are the sum of all of them.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.replicas import APP
from support.server import running
from support.siege import PAGES, Siege

_PIECE = 250  # messages to a page between two looks at the clock


def memory(process: int) -> float:
    """MB that the process holds (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def besiege(siege: Siege, address: str, messages: int, burst: int, seed: int, until: float) -> None:
    piece = 0
    while siege.messages < messages and time.monotonic() < until:
        share = min(_PIECE, max(1, (messages - siege.messages) // len(PAGES)))
        jobs = (siege.of_page(address, page, share, seed + 1000 * piece, burst=burst) for page in PAGES)
        await asyncio.gather(*jobs)
        piece += 1
        if piece % 5 == 1:
            print(f"{siege.messages} messages, {siege.runs} runs, {sum(siege.faults.values())} faults", flush=True)
    await siege.of_frames(address, seed)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=2000)
    asked.add_argument("--burst", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=1e6)
    asked.add_argument("--log", type=Path, help="where to keep what the server writes")
    asked.add_argument("--warm-up", type=int, default=2000, help="messages before memory is looked at")
    asked.add_argument("--add", type=Path, help="a file of pieces that this one is added to")
    given = asked.parse_args()
    until = time.monotonic() + given.seconds
    siege = Siege()
    with tempfile.TemporaryDirectory() as folder:
        log = given.log or Path(folder) / "log.txt"
        with running(APP, log) as (server, process):
            asyncio.run(
                besiege(Siege(), server.address, given.warm_up, given.burst, 0, until)
            )  # all is imported and cached
            before = memory(process.pid)
            began = time.monotonic()
            with suppress(KeyboardInterrupt):
                asyncio.run(besiege(siege, server.address, given.messages, given.burst, given.seed, until))
            took, grown = time.monotonic() - began, memory(process.pid) - before
            slowest, told = asyncio.run(siege.alone(server.address))
        written = log.stat().st_size
        drawn = log.read_text(errors="replace").count("could not be drawn")
    print(f"{siege.messages} messages ({siege.runs} runs) in {took:.0f} s, {siege.closed} connections closed")
    print(f"{sum(siege.faults.values())} faults seen at the end of a burst; {drawn} in between, as the log tells")
    for fault, times in siege.faults.most_common():
        print(f"  {times} × {fault[:800]}")
    print(f"slowest burst, sent again alone: {slowest:.2f} s: {told[:300]}")
    print(f"memory grew by {grown:.0f} MB; the log has {written / 1024:.0f} KB")
    if given.add:
        piece = {
            "seed": given.seed,
            "messages": siege.messages,
            "runs": siege.runs,
            "faults": sum(siege.faults.values()),
            "could not be drawn": drawn,
            "seconds": round(took),
            "slowest burst": round(slowest, 2),
            "MB": round(grown),
        }
        with given.add.open("a") as file:
            file.write(json.dumps(piece) + "\n")
        summed_up([json.loads(line) for line in given.add.read_text().splitlines()])


def summed_up(pieces: list[dict[str, float]]) -> None:
    """What all pieces come to; of the slowest burst and of the memory, the most."""
    seeds = len({piece["seed"] for piece in pieces})
    print(f"{len(pieces)} pieces with {seeds} seeds:")
    for name in ("messages", "runs", "faults", "could not be drawn", "seconds"):
        print(f"  {name}: {sum(piece[name] for piece in pieces):,.0f}")
    for name in ("slowest burst", "MB"):
        print(f"  {name}: {max(piece[name] for piece in pieces):,g} at most")


if __name__ == "__main__":
    main()
