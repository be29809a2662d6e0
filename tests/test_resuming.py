"""What is done while the server is lost is not dropped: the new session takes it in, whichever widget it was.

`python benchmarks/lost_session.py` kills servers for it.
"""

import asyncio
import json
from dataclasses import replace

import pytest
from support.people import holds_own_numbers, sentence_of
from support.visitor import Visitor

from attention_core import OPENING
from sharing.address import TOO_LARGE, from_code

EDIT = json.dumps({"edited_rows": {"0": {"living": 0.75}}, "added_rows": [], "deleted_rows": []})
AGAIN = json.dumps({"edited_rows": {"0": {"living": 0.75}, "1": {"water": -2}}, "added_rows": [], "deleted_rows": []})


async def lost(visitor):
    """The server forgets the visitor, whose page knows nothing of it."""
    await visitor.leave()
    visitor.lose_session()
    await visitor.connect()


def after_the_loss(server, key, *, before=(), page="", **value):
    """A visitor who does `before`, is lost, and then acts: what the address holds, and what is told, afterwards."""

    async def act():
        async with Visitor(server.address, page=page) as visitor:
            await visitor.open()
            for earlier, held in before:
                await visitor.act(earlier, **held)
                await visitor.settle()
            await lost(visitor)
            await visitor.act(key, **value)
            await visitor.settle()
            return visitor.query, visitor.texts()

    return asyncio.run(act())


def experiment_in(query):
    (code,) = (part.removeprefix("x=") for part in query.split("&") if part.startswith("x="))
    return from_code(code.replace("%7E", "~"))


SENTENCE = ("sentence", {"string_value": sentence_of(5)})


def test_a_sentence_that_was_typed_as_the_server_went_is_taken_in(server):
    query, _ = after_the_loss(server, "sentence", before=[SENTENCE], string_value=sentence_of(6))
    assert experiment_in(query).sentence == sentence_of(6)


def test_a_switch_and_a_choice_act_beside_what_the_address_holds(server):
    query, _ = after_the_loss(server, "scaled", before=[SENTENCE], bool_value=False)
    assert experiment_in(query) == replace(OPENING.build().with_sentence(sentence_of(5)), scaled=False)
    query, _ = after_the_loss(server, "variant", before=[SENTENCE], string_array_value={"data": ["Similarity"]})
    assert experiment_in(query).variant == "similarity"


def test_a_number_that_was_typed_into_a_table_is_taken_in_once_with_those_before(server):
    before = [SENTENCE, ("embeddings", {"string_value": EDIT})]
    query, _ = after_the_loss(server, "embeddings", before=before, string_value=AGAIN)
    expected = OPENING.build().with_sentence(sentence_of(5)).embeddings.copy()
    expected[0, 0], expected[1, 2] = 0.75, -2
    assert experiment_in(query).embeddings.tolist() == expected.tolist()


def click(row, column):
    return json.dumps({"selection": {"cell": [{"stage": "scores", "query_position": row, "key_position": column}]}})


@pytest.mark.parametrize("is_forbidding", [False, True])
def test_a_click_chooses_a_number_and_one_that_would_turn_something_over_is_said_to_be_lost(server, is_forbidding):
    async def act():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.act("sentence", string_value=sentence_of(5))
            if is_forbidding:
                await visitor.act("more_masks", bool_value=True)
                await visitor.act("own_mask", bool_value=True)
                await visitor.act("click_to_forbid", bool_value=True)
            await visitor.settle()
            await lost(visitor)
            await visitor.act("attention", string_value=click(2, 3))
            await visitor.settle()
            toasts = [shown.message.body for shown in visitor.elements("toast")]
            assert experiment_in(visitor.query).forbidden == ()
            return visitor.chosen("scores"), toasts

    chosen, toasts = asyncio.run(act())
    assert (chosen, len(toasts)) == ((None, 1) if is_forbidding else ((2, 3), 0))


def test_a_popover_that_was_open_is_so_still_and_what_was_set_in_it_counts(server):
    before = [SENTENCE, ("sizes", {"bool_value": True})]
    query, _ = after_the_loss(server, "d_model", before=before, int_value=6)
    assert experiment_in(query).d_model == 6


def test_nothing_happens_where_nothing_was_done(server):
    async def act():
        async with Visitor(server.address) as visitor:
            await visitor.open()
            await visitor.act("sentence", string_value=sentence_of(7))
            held = visitor.query
            await lost(visitor)
            await visitor.run()
            await visitor.settle()
            assert visitor.query == held and holds_own_numbers(visitor, 7)
            assert visitor.widget("undo").message.disabled, "no step was made"

    asyncio.run(act())


def test_the_loss_of_an_experiment_that_no_address_holds_is_said(server):
    async def act():
        async with Visitor(server.address, query=f"x={TOO_LARGE}") as visitor:
            await visitor.open()
            return visitor.texts()

    told = asyncio.run(act())
    assert "too large for an address" in told and "saved it as a file" in told


@pytest.mark.parametrize("value", [{"string_value": "["}, {"string_value": '{"edited_rows": 5}'}, {"int_value": 5}])
def test_what_no_editor_reports_is_left_alone(server, value):
    query, _ = after_the_loss(server, "embeddings", before=[SENTENCE], **value)
    assert experiment_in(query) == OPENING.build().with_sentence(sentence_of(5))
