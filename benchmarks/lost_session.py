"""What becomes of the first thing that somebody does after the server died?   python benchmarks/lost_session.py

One process serves some people, each with numbers of their own, and is killed (SIGKILL) and started anew at the same
address. Each connects again as a browser does (every half second, with what the widgets hold) and does one thing, each
another kind: what the browser keeps, such as a text or a switch, was done while nobody listened and is in the first
message; what it does not keep, such as a button, a file to open or to take along, comes once the page is back. Told are
the seconds from the kill until the page shows what was done, the start of the process included, and whether it did.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.people import sentence_of
from support.replicas import APP
from support.server import free_port, running
from support.visitor import Lost, Visitor

from attention_core import OPENING, Experiment
from presentation.tables import EXPERIMENT_TABLES
from sharing.address import TOO_LARGE, from_code
from sharing.file import to_file

W_Q = EXPERIMENT_TABLES["w_q"].title
AGAIN = 0.5  # seconds between two tries to connect
CELL = {"edited_rows": {"0": {"living": 0.75}}, "added_rows": [], "deleted_rows": []}
CLICK = {"selection": {"cell": [{"stage": "scores", "query_position": 2, "key_position": 3, "forbidden": False}]}}


def experiment_of(visitor: Visitor) -> Experiment:
    codes = dict(part.split("=", 1) for part in visitor.query.split("&") if "=" in part)
    return from_code(codes.get("x", "").replace("%7E", "~"))


@dataclass(frozen=True)
class Kind:
    name: str
    did: Callable[[Visitor], bool]  # whether the page shows what was done
    key: str = ""
    value: dict[str, Any] = field(default_factory=dict)  # what the widget holds
    later: Callable[[Visitor], Awaitable[object]] | None = None  # what is done once the page is back
    page: str = ""
    query: str = ""
    brings_a_sentence: bool = False  # instead of the one that the person had


def says(text: str) -> Callable[[Visitor], bool]:
    return lambda visitor: text in visitor.texts()


async def upload(visitor: Visitor) -> None:
    await visitor.upload("upload", "experiment.json", to_file(OPENING.build().with_sentence("up and away")))


async def download(visitor: Visitor) -> None:
    answer = await visitor.download("download_experiment.json")
    if b"sentence" not in answer.content:
        raise Lost("the file is not there")


KINDS = [
    Kind("a sentence", lambda v: experiment_of(v).sentence == "river bank", "sentence", {"string_value": "river bank"},
         brings_a_sentence=True),
    Kind("a number in a table", lambda v: experiment_of(v).embeddings[0, 0] == 0.75, "embeddings",
         {"string_value": json.dumps(CELL)}),
    Kind("a switch", lambda v: not experiment_of(v).scaled, "scaled", {"bool_value": False}),
    Kind("a choice of buttons", lambda v: experiment_of(v).variant == "similarity", "variant",
         {"string_array_value": {"data": ["Similarity"]}}),
    Kind("a selection", says("Every number is the difference"), "compare", {"string_value": "scaling the other way"}),
    Kind("a click in a picture", lambda v: v.chosen("scores") == (2, 3), "attention",
         {"string_value": json.dumps(CLICK)}),
    Kind("another table", lambda v: v.has("w_q"), "open_table", {"string_array_value": {"data": [W_Q]}}),
    Kind("a button", lambda v: "pin=" in v.query, later=lambda v: v.act("pin_experiment", trigger_value=True)),
    Kind("a file to take along", lambda v: True, later=download, page="take_it_with_you"),
    Kind("a file to open", lambda v: experiment_of(v).sentence == "up and away", later=upload, page="take_it_with_you",
         brings_a_sentence=True),
    Kind("what no address holds", says("too large for an address"), query=f"x={TOO_LARGE}"),
]  # fmt: skip


async def one(kind: Kind, person: int, visitor: Visitor, killed: asyncio.Event) -> tuple[float, bool]:
    if not kind.query:
        await visitor.turn_to("")
        await visitor.act("sentence", string_value=sentence_of(person))
        await visitor.settle()
        if kind.page:
            await visitor.turn_to(kind.page)
    ready.append(kind.name)
    await killed.wait()
    began = time.perf_counter()
    visitor.lose_session()
    while True:
        await visitor.leave()
        try:
            await visitor.connect()
            await (visitor.act(kind.key, **kind.value) if kind.key else visitor.run())
            break
        except Lost:
            await asyncio.sleep(AGAIN)
    await visitor.settle()
    if kind.later:
        await kind.later(visitor)
        await visitor.settle()
    took = time.perf_counter() - began
    kept = kind.brings_a_sentence or bool(kind.query) or experiment_of(visitor).sentence == sentence_of(person)
    return took, kept and kind.did(visitor)


ready: list[str] = []


async def rehearse(address: str, kill_and_start: Callable[[], object]) -> list[tuple[float, bool]]:
    killed = asyncio.Event()
    visitors = [Visitor(address, query=kind.query) for kind in KINDS]
    for visitor in visitors:
        await visitor.__aenter__()
        await visitor.open()
    jobs = [
        asyncio.create_task(one(kind, person, visitor, killed))
        for person, (kind, visitor) in enumerate(zip(KINDS, visitors, strict=True))
    ]
    while len(ready) < len(KINDS):
        await asyncio.sleep(0.1)
    killed.set()
    await asyncio.to_thread(kill_and_start)
    done = await asyncio.gather(*jobs)
    for visitor in visitors:
        await visitor.__aexit__()
    return done


def main() -> int:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        first = running(APP, Path(folder) / "first.txt", port=port)
        server, process = first.__enter__()
        second = running(APP, Path(folder) / "second.txt", port=port)

        def kill_and_start() -> None:
            process.kill()
            process.wait()
            second.__enter__()

        done = asyncio.run(rehearse(server.address, kill_and_start))
        second.__exit__(None, None, None)
        first.__exit__(None, None, None)
    print("| what was done | it did | seconds after the kill |\n|---|---|---:|")
    for kind, (seconds, did) in zip(KINDS, done, strict=True):
        print(f"| {kind.name} | {'yes' if did else 'NO'} | {seconds:.1f} |")
    return not all(did for _, did in done)


if __name__ == "__main__":
    sys.exit(main())
