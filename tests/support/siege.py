"""A modified browser against the app: message after message, and what became of the page."""

import random
from collections import Counter
from dataclasses import dataclass, field

from support.hostile_messages import frames, likely, states
from support.visitor import Lost, Visitor

PAGES = (
    "",
    "similarity",
    "same_word",
    "step_by_step",
    "three_ways",
    "why_scale",
    "check_my_numbers",
    "take_it_with_you",
)
LAST_RESORTS = ("made a mistake", "encountered an error", "Traceback")


@dataclass
class Siege:
    messages: int = 0
    closed: int = 0  # connections that the server ended, as it may
    faults: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    async def of_page(self, address: str, page: str, messages: int, seed: int) -> None:
        """Send so many messages about the page's widgets; each fault is noted, and the visitor begins anew."""
        chance = random.Random(f"{seed} {page}")
        left = messages
        while left > 0:
            async with Visitor(address, page=page) as visitor:
                await visitor.open()
                await visitor.settle()
                if not any(True for _ in visitor.widgets()):
                    self.faults[f"/{page} opened without a widget"] += 1
                    return
                while left > 0:
                    left -= 1
                    if not await self._survives(visitor, chance):
                        break

    async def _survives(self, visitor: Visitor, chance: random.Random) -> bool:
        shown = chance.choice(list(visitor.widgets()))
        state = likely(shown, chance) if chance.random() < 0.6 else states(shown.id, chance)
        told = f"/{visitor.page} {shown.kind} {shown.key.split(':')[0]} {str(state)[len(shown.id) + 8 :][:80]!r}"
        self.messages += 1
        try:
            await visitor.run(state, fragment=shown.fragment)
            await visitor.settle()
        except Lost:
            self.closed += 1
            return False
        self.slowest = max(self.slowest, (visitor.seconds, told))
        if any(resort in error for error in visitor.errors() for resort in LAST_RESORTS):
            self.faults[f"the last resort: {told}"] += 1
            return False
        if not any(True for _ in visitor.widgets()):
            self.faults[f"an empty page: {told}"] += 1
            return False
        return True

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
