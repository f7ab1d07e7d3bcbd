"""What the mirror owes those whose data it passes on: a word of each event, and that none is left lying."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.adapters.registry_http import HttpRegistry
from app.db.driver import Driver
from app.domain.registry.mirror import LEASE
from app.runtime import Runtime
from services.audit.commands import record_change
from services.consents.ledger import CONSENTS_CHANGED
from services.locations.commands import RECORDED
from services.registry import repository
from services.registry.handling import mirror_handlers
from services.registry.queueing import Item, put
from services.registry.turns.repository import Applied, Lease, claim, write_and_claim
from services.registry.withdrawing import withdraw
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


@pytest.mark.parametrize("along", [False, True])
async def test_what_is_queued_while_its_person_is_given_back_is_sent_all_the_same(mirror: Mirror, along: bool) -> None:
    person, _ = await mirror.queued()
    database, engine = mirror.runtime.database, mirror.runtime.database.engines.of(mirror.region.code)
    now = database.clock.now()
    lease = Lease(uuid4(), now + LEASE, 1, 1)
    [line] = (await claim(Driver(engine), mirror.grounds.lives, now, lease)).lines

    async def give_back() -> bool:
        """By itself, or with what was applied."""
        if not along:
            async with database.writing(mirror.region) as uow:
                return await repository.finish(uow, lease.id, [person], [line.id])
        applied, following = Applied(lease.id, [person], [line.id], [], [], []), replace(lease, id=uuid4())
        _, next_ones = await write_and_claim(Driver(engine), mirror.grounds.lives, now, applied, following)
        async with database.writing(mirror.region) as uow:
            return await repository.finish(uow, following.id, next_ones.people, [])

    async with database.writing(mirror.region) as uow:
        item = Item("location", "latest", "mirror_location", "", {"cell": OTHER})
        assert await put(uow, mirror.grounds, person, item)
        giving_back = asyncio.create_task(give_back())
        await asyncio.sleep(0.3)
        assert not giving_back.done(), "it waits for the person's row"
    assert await giving_back, "there is something to send at once, and nobody else says so"
    await mirror.send()
    assert await mirror.told(person) == [("put", "received")] * 2


@pytest.mark.parametrize("payload", [{}, {"status": "given", "purpose": "mirror_location", "scope": None}])
async def test_what_is_read_to_be_queued_waits_for_a_withdrawal_under_way(
    mirror: Mirror, payload: dict[str, Any]
) -> None:
    """Reading writes to the person's log, which a withdrawal locks after the sequence: the other way round the two
    would wait for each other.
    """
    person, _ = await mirror.queued()
    handlers = mirror_handlers(mirror.runtime.database, mirror.region, mirror.grounds)
    told: Any = handlers[CONSENTS_CHANGED if payload else RECORDED]
    async with mirror.runtime.database.writing(mirror.region) as uow:
        assert await repository.lock(uow, person) is not None
        reading: asyncio.Task[None] = asyncio.create_task(told({"person_id": str(person)} | payload))
        await asyncio.sleep(0.3)
        await record_change(uow, person, "mirror_cancelled")
    await reading


async def test_withdrawals_and_acknowledgements_at_once_lock_nobody_out(mirror: Mirror, second: Runtime) -> None:
    """Two workers send, settle, put back and withdraw for the same people, in whatever order they meet."""
    people = [await mirror.queued() for _ in range(8)]
    ports = [mirror.port, mirror.batching]

    async def send(port: HttpRegistry, runtime: Runtime) -> None:
        relay, collector = mirror.relay(port=port), mirror.collector(port=port)
        relay._database = collector._database = runtime.database
        for _ in range(6):
            await relay.tick()
            await relay.finish()
            await collector.collect(wait=0)

    async def locate(person: UUID, consent: UUID) -> None:
        for cell in (OTHER, CELL) * 2:
            await mirror.put(person, cell=cell)
        await mirror.withdraw(person, consent, told=False)
        async with second.database.writing(mirror.region) as uow:
            await withdraw(uow, person, consent)

    sending = [send(port, runtime) for port in ports for runtime in (mirror.runtime, second)]
    await asyncio.gather(*sending, *(locate(*one) for one in people))
    mirror.clock.move(minutes=1)
    for _ in range(3):
        await mirror.deliver()
    for person, _ in people:
        assert {status for _, status in await mirror.told(person)} == {"applied"}
        assert await mirror.held(person) == []
