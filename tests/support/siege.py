"""A modified browser against the app: message after message, and what became of the page."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import nlargest
from urllib.parse import quote

from streamlit.proto.WidgetStates_pb2 import WidgetState
from support.hostile_messages import TEXTS, frames, likely, states
from support.visitor import Lost, Shown, Visitor

PAGES = (
    "",
    "similarity",
    "same_word",
    "step_by_step",
    "three_ways",
    "why_scale",
    "heads",
    "transformer",
    "teach_it",
    "check_my_numbers",
    "take_it_with_you",
    "practise",
    "worksheet",
)
LAST_RESORTS = ("made a mistake", "encountered an error", "Traceback")
PATIENCE = 3.0  # seconds that a page may take to come back
MEETINGS = 25  # bursts after which a visitor begins anew
Hostile = tuple[WidgetState, str]  # what is sent, and the fragment that it asks for


@dataclass(frozen=True, slots=True)
class Burst:
    """Messages that are sent one right after the other, without waiting for an answer."""

    page: str
    query: str
    messages: tuple[Hostile, ...]
    told: str

    def __str__(self) -> str:
        return self.told


@dataclass
class Siege:
    messages: int = 0
    runs: int = 0  # that the server made of them
    closed: int = 0  # connections that the server ended, as it may
    faults: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, int, Burst]] = field(default_factory=list)  # the slowest ones

    async def of_page(self, address: str, page: str, messages: int, seed: int, *, burst: int = 1) -> None:
        """Send so many messages about the page's widgets; each fault is noted, and the visitor begins anew."""
        chance = random.Random(f"{seed} {page}")
        left = messages
        while left > 0:
            query = _query(chance)
            async with Visitor(address, page=page, query=query) as visitor:
                await visitor.open()
                await visitor.settle()
                if not any(True for _ in visitor.widgets()):
                    self.faults[f"/{page}?{query} opened without a widget"] += 1
                for _ in range(MEETINGS):
                    sent = _burst(visitor, min(burst, left), chance, query)
                    left -= len(sent.messages)
                    fault = await self._fault_of(visitor, sent)
                    if fault and fault != "closed":
                        self.faults[f"{fault}: {await self._culprit(address, sent)}"] += 1
                    if fault or left <= 0:
                        break
                    if chance.random() < 0.5:
                        visitor.forget_all()  # so that later messages get further than the run before them

    async def _fault_of(self, visitor: Visitor, sent: Burst) -> str:
        self.messages += len(sent.messages)
        began, runs = asyncio.get_running_loop().time(), visitor.runs
        try:
            for state, fragment in sent.messages:
                await visitor.send(state, fragment=fragment)
            await visitor.listen()
            took = asyncio.get_running_loop().time() - began
            await visitor.settle()
        except Lost:
            self.closed += 1
            return "closed"
        self.runs += visitor.runs - runs
        self.times = nlargest(5, [*self.times, (took, self.messages, sent)])
        if fault := _fault_on(visitor):  # the run that draws the page anew may not have begun on a busy machine
            with suppress(Lost):
                await visitor.settle(PATIENCE)
            fault = _fault_on(visitor)
        return fault

    async def _culprit(self, address: str, sent: Burst) -> str:
        """Which message of a burst breaks the page that is opened for it alone; all of them where none does."""
        if len(sent.messages) > 1:
            for message in sent.messages:
                alone = Burst(sent.page, sent.query, (message,), _told(sent.page, message[0]))
                async with Visitor(address, page=sent.page, query=sent.query) as visitor:
                    await visitor.open()
                    if await Siege()._fault_of(visitor, alone):
                        return str(alone)
        return str(sent)

    async def alone(self, address: str) -> tuple[float, str]:
        """The slowest of the slowest bursts, each sent once more while nothing else is: its seconds and its text."""
        again = Siege()
        for _, _, sent in list(self.times):
            async with Visitor(address, page=sent.page, query=sent.query) as visitor:
                await visitor.open()
                await visitor.settle()
                await again._fault_of(visitor, sent)
        seconds, _, sent = max(again.times, key=lambda each: each[0])
        return seconds, str(sent)

    async def of_frames(self, address: str, seed: int) -> None:
        """Whole messages that no page sends; afterwards a good visitor's page has to open."""
        chance = random.Random(seed)
        async with Visitor(address) as sample:
            messages = list(frames(await sample.open(), chance))
        for message in [*messages, "text"]:
            async with Visitor(address) as visitor:
                await visitor.open()
                self.messages += 1
                try:
                    await visitor.raw(message)
                    await visitor.settle(0.3)
                except Lost:
                    self.closed += 1


def _fault_on(visitor: Visitor) -> str:
    if any(resort in error for error in visitor.errors() for resort in LAST_RESORTS):
        return "the last resort"
    return "" if any(True for _ in visitor.widgets()) else "an empty page"


def _burst(visitor: Visitor, count: int, chance: random.Random, query: str) -> Burst:
    widgets = list(visitor.widgets())
    chosen = chance.choices(widgets, k=count)
    sent = tuple((_value(shown, chance), shown.fragment) for shown in chosen)
    told = " + ".join(_told(f"{visitor.page}?{query[:60]}", state) for state, _ in sent)
    return Burst(visitor.page, query, sent, told)


def _value(shown: Shown, chance: random.Random) -> WidgetState:
    makes_a_file = shown.key.startswith("make_") and chance.random() < 0.98  # which rightly takes seconds
    return likely(shown, chance) if chance.random() < 0.6 and not makes_a_file else states(shown.id, chance)


def _told(page: str, state: WidgetState) -> str:
    key = state.id.split("-", 2)[-1]
    kind = state.WhichOneof("value")
    return f"/{page} {key}: {kind} {str(getattr(state, kind))[:80]!r}" if kind else f"/{page} {key}: nothing"


def _query(chance: random.Random) -> str:
    """Most addresses are plain; the others bring what no link of ours says."""
    if chance.random() < 0.8:
        return ""
    return f"{chance.choice(['x', 'class', 'n', 'pin', 'compare', 'nothing'])}={quote(chance.choice(TEXTS)[:2000])}"
