"""Behind the shipped proxy a visitor stays with a replica, and comes back on the other one, numbers and all.

The time that this takes is measured by `python benchmarks/replicas.py`.
"""

import asyncio
import os

import pytest
from support.people import holds_own_numbers, sentence_of
from support.replicas import proxy_program, site
from support.visitor import Lost, Visitor

from attention_core import OPENING
from sharing.file import to_file

pytestmark = pytest.mark.long

PEOPLE = 20


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    if proxy_program() is None:
        if os.environ.get("CI"):
            pytest.fail("HAProxy is not installed")
        pytest.skip("HAProxy is not installed")
    with site(tmp_path_factory.mktemp("site")) as started:
        yield started


async def come_back(visitor):
    """What a browser does: connect again, with the session it had, the address and what stands in its widgets."""
    await visitor.leave()
    for _ in range(200):
        try:
            await visitor.connect()
            await visitor.run()
            return
        except Lost:
            await asyncio.sleep(0.1)
    raise Lost("for good")


def test_twenty_people_lose_no_number_when_the_replica_they_are_on_dies(two):
    async def class_of_twenty():
        visitors = [Visitor(two.address) for _ in range(PEOPLE)]
        for visitor in visitors:
            await visitor.__aenter__()
            await visitor.open()
        for person, visitor in enumerate(visitors):
            await visitor.act("sentence", string_value=sentence_of(person))
        assert all(holds_own_numbers(visitor, person) for person, visitor in enumerate(visitors))
        homes = [visitor.cookie("REPLICA") for visitor in visitors]
        assert {"app1", "app2"} == set(homes), "both are used"
        for visitor in visitors:
            await visitor.act("scaled", bool_value=True)  # nobody wanders
        assert [visitor.cookie("REPLICA") for visitor in visitors] == homes

        two.replicas["app1"].kill()
        await asyncio.gather(
            *(come_back(visitor) for visitor, home in zip(visitors, homes, strict=True) if home == "app1")
        )
        assert {visitor.cookie("REPLICA") for visitor in visitors} == {"app2"}
        assert all(holds_own_numbers(visitor, person) for person, visitor in enumerate(visitors))
        for visitor in visitors:
            await visitor.__aexit__()

    asyncio.run(class_of_twenty())


def test_files_go_up_and_come_down_through_the_proxy(two):
    async def exchange():
        async with Visitor(two.address, page="take_it_with_you") as visitor:
            await visitor.open()
            await visitor.upload("upload", "experiment.json", to_file(OPENING.build().with_sentence("up and down")))
            assert visitor.errors() == []
            await visitor.run()
            document = await visitor.download("download_experiment.json")
            assert b"up and down" in document.content
            assert document.headers["content-security-policy"].endswith("sandbox")

    asyncio.run(exchange())


def test_a_long_address_passes_the_proxy(two):
    async def ask():
        async with Visitor(two.address) as visitor:
            return (await visitor.get("/?x=" + "a" * 48_000)).status_code

    assert asyncio.run(ask()) == 200
