"""What the mirror owes those whose data it passes on: a word of each event, and that none is left lying."""

import asyncio
from uuid import uuid4

from sqlalchemy import text

from app.domain.registry.mirror import LEASE
from services.registry import repository
from services.registry.queueing import Item, put
from tests.support.mirroring import Mirror
from tests.support.registry import CELL

OTHER = "881f1d4813fffff"


async def test_who_is_mirrored_is_told_once_for_each_event_to_whom_and_on_what_ground(mirror: Mirror) -> None:
    person = await mirror.person()
    consent = await mirror.consent(person)
    for cell in (OTHER, CELL):
        await mirror.put(person, cell=cell)
        await mirror.deliver()
    await mirror.withdraw(person, consent)
    await mirror.deliver()
    async with mirror.runtime.database.writing(mirror.region) as uow:
        query = text("""SELECT purpose, receiver, system, left(ground, 6) AS law FROM audit_entries
            WHERE person_id = :id AND action = 'passed_on'""")
        told = [tuple(row) for row in await uow.session.execute(query, {"id": person})]
    assert told == [("mirror_location", "regional registry", "regional_registry", "152-FZ")] * 2


async def test_what_is_queued_while_its_person_is_given_back_is_sent_all_the_same(mirror: Mirror) -> None:
    person, _ = await mirror.queued()
    lease, database = uuid4(), mirror.runtime.database
    async with database.writing(mirror.region) as uow:
        _, [line] = await repository.claim(uow, lease, uow.now + LEASE, 1, 1)
    async with database.writing(mirror.region) as uow:
        item = Item("location", "latest", "mirror_location", "", {"cell": OTHER})
        assert await put(uow, mirror.grounds, person, item)
        giving_back = asyncio.create_task(repository.finish(database, mirror.region, lease, [person], [line.id]))
        await asyncio.sleep(0.3)
        assert not giving_back.done(), "it waits for the person's row"
    await giving_back
    await mirror.send()
    assert await mirror.told(person) == [("put", "received")] * 2
