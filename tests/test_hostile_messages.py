"""A modified browser may send what it likes: no page breaks, no session stays broken, nobody else notices.

`python benchmarks/hostile_messages.py` sends many more.
"""

import asyncio

import pytest
from support.people import holds_own_numbers, sentence_of
from support.siege import PAGES, Siege
from support.visitor import Visitor

MESSAGES = 25  # a page


@pytest.mark.parametrize("page", PAGES)
def test_hostile_values_of_any_widget_break_no_page(server, page):
    siege = Siege()
    asyncio.run(siege.of_page(server.address, page, MESSAGES, seed=1))
    assert siege.messages == MESSAGES
    assert siege.faults == {}


@pytest.mark.parametrize("value", [{"int_value": 5}, {"json_value": "{"}, {"bytes_value": b"\xff"}], ids=str)
def test_a_value_that_cannot_be_read_is_left_out_and_told_and_the_experiment_stays(server, value):
    async def act():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.act("sentence", string_value=sentence_of(7))
            await visitor.act("variant", **value)
            await visitor.settle()
            told = [shown.message.body for shown in visitor.elements("toast")]
            assert holds_own_numbers(visitor, 7)
            visitor.forget("variant")
            await visitor.act("sentence", string_value=sentence_of(8))
            await visitor.settle()
            assert holds_own_numbers(visitor, 8), "the next action works"
            return told

    (told,) = asyncio.run(act())
    assert told.startswith("Your browser sent something that could not be read")


def test_messages_that_no_page_sends_leave_the_server_well(server):
    async def act():
        siege = Siege()
        await siege.of_frames(server.address, seed=1)
        assert siege.messages >= 8
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.act("sentence", string_value=sentence_of(9))
            assert holds_own_numbers(visitor, 9)

    asyncio.run(act())


def test_a_field_of_whole_numbers_is_heard_as_browsers_report_it(server):
    async def act():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.turn_to("why_scale")
            await visitor.act("key_size", int_value=400)
            await visitor.settle()
            assert "With d_k = 400" in visitor.texts()
            assert not list(visitor.elements("toast"))

    asyncio.run(act())
