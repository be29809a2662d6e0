"""Does anything that a modified browser sends break a page?   python benchmarks/hostile_messages.py --messages 1000

Streamlit's own messages with hostile values for every widget of every page, `--messages` a page, over real
connections; `--seed` chooses them. Told are the faults (a last-resort sentence, a page that stays empty), the slowest
answer, how much the log grew and what memory the server took.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.replicas import APP
from support.server import running
from support.siege import PAGES, Siege


def memory(process: int) -> float:
    """MB that the process holds (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def besiege(address: str, messages: int, seed: int) -> Siege:
    siege = Siege()
    for page in PAGES:
        await siege.of_page(address, page, messages, seed)
        print(f"/{page}: {siege.messages} messages, {sum(siege.faults.values())} faults so far", flush=True)
    await siege.of_frames(address, seed)
    return siege


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with running(APP, Path(folder) / "log.txt") as (server, process):
            asyncio.run(besiege(server.address, 2, given.seed))
            before = memory(process.pid)
            siege = asyncio.run(besiege(server.address, given.messages, given.seed))
            grown = memory(process.pid) - before
        log = (Path(folder) / "log.txt").stat().st_size
    print(f"{siege.messages} messages, {siege.closed} connections closed, {sum(siege.faults.values())} faults")
    for fault, times in siege.faults.most_common():
        print(f"  {times} × {fault}")
    print(f"slowest answer: {siege.slowest[0]:.2f} s to {siege.slowest[1]}")
    print(f"memory grew by {grown:.0f} MB; the log has {log / 1024:.0f} KB")


if __name__ == "__main__":
    main()
