"""A step in the browser's history, back or forward, brings what its address says, and leaves that address alone.

Streamlit's page goes there by itself and asks for a run. Where another page is there, the run must not take out of the
address what is in it: a reload, and the next step past it, would find something else.
"""

import asyncio

import pytest
from support.people import holds_own_numbers, sentence_of
from support.visitor import Visitor

from ui.course import SIMILARITY, WHY_SCALE


def of(visitor):
    return visitor.page, visitor.query


async def changed(visitor, key, **value):
    """Where a change leads in the browser's history."""
    await visitor.act(key, **value)
    await visitor.settle()
    return of(visitor)


async def turned(visitor, page):
    """Turn to a page by a link, of which the browser keeps what belongs to all pages."""
    await visitor.turn_to(page)
    await visitor.settle()
    return of(visitor)


async def steps_to(visitor, place):
    """Step to that place, whose address nobody corrects."""
    await visitor.step(*place)
    await visitor.settle()
    assert visitor.corrected == [] and of(visitor) == place


def visit(server, act):
    async def opened():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await act(visitor)

    asyncio.run(opened())


def test_a_step_to_a_card_of_another_lesson_shows_it_and_keeps_it_in_the_address(server):
    second = WHY_SCALE.cards[1].title

    async def act(visitor):
        await turned(visitor, WHY_SCALE.script)
        first = await changed(visitor, "key_size", int_value=400)
        saturate = await changed(visitor, "why_scale_card_1", trigger_value=True)
        assert "card=grow." in first[1] and saturate[1] == "card=saturate"
        other = await turned(visitor, "transformer")
        for place, told in ((saturate, second), (other, "From text to context"), (saturate, second)):
            await steps_to(visitor, place)
            assert told in visitor.texts()
        await steps_to(visitor, first)
        assert "With d_k = 400" in visitor.texts()

    visit(server, act)


def test_a_step_to_the_playground_keeps_its_experiment_in_the_address(server):
    async def act(visitor):
        place = await changed(visitor, "sentence", string_value=sentence_of(5))
        await turned(visitor, SIMILARITY.script)
        await steps_to(visitor, place)
        assert holds_own_numbers(visitor, 5)

    visit(server, act)


def test_a_step_over_several_pages_brings_the_experiment_of_that_time(server):
    async def act(visitor):
        earlier = await changed(visitor, "sentence", string_value=sentence_of(5))
        later = await changed(visitor, "sentence", string_value=sentence_of(6))
        lesson = await turned(visitor, SIMILARITY.script)
        await steps_to(visitor, earlier)
        assert holds_own_numbers(visitor, 5)
        await steps_to(visitor, lesson)
        await steps_to(visitor, later)
        assert holds_own_numbers(visitor, 6)

    visit(server, act)


@pytest.mark.parametrize(
    ("page", "query"),
    [("practise", "p=puzzles.more"), ("three_ways", "card=alike.own"), ("", "class=tables..Look")],
    ids=str,
)
def test_whatever_an_address_holds_is_there_after_a_step_from_another_page(server, page, query):
    async def act(visitor):
        await turned(visitor, "take_it_with_you")
        await steps_to(visitor, (page, query))

    visit(server, act)
