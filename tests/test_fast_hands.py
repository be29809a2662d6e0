"""Whoever does two things faster than the page is drawn gets both, and nothing that was done comes back by itself."""

import asyncio
from urllib.parse import parse_qsl

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from support.people import holds_own_numbers, sentence_of
from support.visitor import Visitor


async def _type_and_go_back(visitor: Visitor, pause: float) -> None:
    """Type twice, then undo and, before the browser has heard of that, report once more what it still shows."""
    await visitor.open()
    await visitor.act("sentence", string_value=sentence_of(1))
    await visitor.settle()
    sentence, undo = visitor.widget("sentence"), visitor.widget("undo")
    await visitor.send(WidgetState(id=sentence.id, string_value=sentence_of(2)), fragment=sentence.fragment)
    await asyncio.sleep(pause)
    await visitor.send(WidgetState(id=undo.id, trigger_value=True), fragment=undo.fragment)
    await visitor.send()
    await visitor.settle(0.3)


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.03, 0.06, 0.1], ids=str)
def test_an_old_report_after_a_click_on_undo_does_not_bring_back_what_was_undone(server, pause):
    async def act():
        async with Visitor(server.address) as visitor:
            await _type_and_go_back(visitor, pause)
            assert holds_own_numbers(visitor, 1)

    asyncio.run(act())


def test_an_address_that_the_browser_has_heard_of_is_a_visitors_own_step(server):
    async def act():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.act("sentence", string_value=sentence_of(1))
            await visitor.settle()
            code = dict(parse_qsl(visitor.query))["x"]
            await visitor.act("sentence", string_value=sentence_of(2))
            await visitor.settle()
            await visitor.act("x", string_value=code)
            await visitor.settle()
            assert holds_own_numbers(visitor, 1)

    asyncio.run(act())
