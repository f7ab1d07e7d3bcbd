"""What one person can make a server hold, by what they send and by what they do not."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.domain.documents.limits import MOST_COMING
from services.documents import receiving, uploads
from tests.api.helpers import refused
from tests.support.papers import TUS, begin, create, send
from tests.support.people import World


async def test_requests_of_which_nothing_comes_hold_neither_memory_nor_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file is received once, few files of one account at once, and what stays quiet is over."""
    person = await world.newcomer()
    document = await begin(person, pages=MOST_COMING + 1)
    places = [
        (await create(person, 3, document=document["id"], page=number)).headers["location"]
        for number in range(1, MOST_COMING + 2)
    ]
    stalled = asyncio.Event()

    async def one_byte() -> AsyncIterator[bytes]:
        yield b"x"
        await stalled.wait()

    async def until(count: int) -> None:
        for _ in range(1000):
            if len(receiving._coming) == count and all(one._waiting for one in receiving._coming.values()):
                return
            await asyncio.sleep(0.01)
        raise TimeoutError

    first = asyncio.create_task(send(person, places[0], 0, one_byte()))
    await until(1)
    again = asyncio.create_task(send(person, places[0], 0, one_byte()))
    refused(await first, 409, "offset_wrong")
    await until(1)
    monkeypatch.setattr(receiving, "QUIET_SECONDS", 0.5)
    others = [asyncio.create_task(send(person, place, 0, one_byte())) for place in places[1:MOST_COMING]]
    await until(MOST_COMING)
    assert refused(await send(person, places[-1], 0, b"xyz"), 409, "too_many_uploads")["limit"] == MOST_COMING
    assert [answer.headers["upload-offset"] for answer in await asyncio.gather(*others)] == ["1"] * len(others)
    assert (await send(person, places[0], 0, b"xyz")).status_code == 204
    refused(await again, 409, "offset_wrong")
    assert (await send(person, places[-1], 0, b"xyz")).status_code == 204
    assert not receiving._coming


async def test_all_files_of_a_person_take_no_more_than_so_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await world.newcomer()
    document = await begin(person, pages=3)
    monkeypatch.setattr(uploads, "MOST_KEPT", 250)
    made = [await create(person, 100, document=document["id"], page=number) for number in (1, 2, 3)]
    assert [answer.status_code for answer in made] == [201, 201, 409]
    assert refused(made[-1], 409, "storage_full")["limit"] == 250
    assert (await world.client.delete(made[0].headers["location"], headers=person.headers | TUS)).status_code == 204
    assert (await create(person, 150, document=document["id"], page=3)).status_code == 201
