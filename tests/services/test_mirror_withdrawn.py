"""A withdrawal at every stage: in the end the registry holds nothing of it, the receipt verifies, the log tells it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.adapters.registry_single import OneByOne
from app.domain.registry.mirror import ERASED_WITHIN, ESCALATED_AFTER, LEASE, Answer
from app.models.audit import AuditEntry
from app.wire import receipts
from app.wire.keys import read_set
from services.locations.commands import RECORDED
from services.registry.handling import mirror_handlers
from services.registry.queries import mirror_faults
from services.registry.withdrawing import escalate_late, withdraw_ended
from tests.support.mirroring import DOCUMENT, Mirror

STAGES = ["before it is queued", "queued", "in flight", "stored unanswered", "received", "applied"]


@dataclass
class Holding(OneByOne):
    """A port whose answers wait until they are let go."""

    mirror: Mirror
    reached: asyncio.Event
    go: asyncio.Event
    before: bool = False

    async def send(self, body: bytes, event_id: UUID) -> Answer:
        answer = None if self.before else await self.mirror.port.send(body, event_id)
        self.reached.set()
        await self.go.wait()
        return answer or await self.mirror.port.send(body, event_id)


async def actions(mirror: Mirror, person: UUID) -> list[str]:
    async with mirror.runtime.database.reading(mirror.region) as uow:
        query = select(AuditEntry.action).where(AuditEntry.person_id == person).order_by(AuditEntry.seq)
        return list(await uow.session.scalars(query))


@pytest.mark.parametrize("stage", STAGES)
async def test_a_withdrawal_is_carried_out_at_every_stage(mirror: Mirror, stage: str) -> None:
    person = await mirror.person()
    consent, kept = await mirror.consent(person), await mirror.consent(person, DOCUMENT, "passport")
    await mirror.put(person, key="p1", document="passport")
    if stage != "before it is queued":
        await mirror.put(person)
    match stage:
        case "in flight" | "stored unanswered":
            port = Holding(mirror, asyncio.Event(), asyncio.Event(), before=stage == "in flight")
            relay = mirror.relay(port=port)
            await relay.tick()
            await port.reached.wait()
            await mirror.withdraw(person, consent)
            port.go.set()
            await relay.finish()
        case _:
            if stage in {"received", "applied"}:
                await mirror.send()
            if stage == "applied":
                await mirror.collector().drain()
            await mirror.withdraw(person, consent)
    if stage == "before it is queued":
        assert not await mirror.put(person), "and nothing is queued after it"
    await mirror.deliver()
    await mirror.deliver()
    assert [record["kind"] for record in await mirror.held(person)] == ["document"], "the other consent lives"
    assert {status for _, status in await mirror.told(person)} == {"applied"}
    erasures = await mirror.erasures(person)
    if stage in {"before it is queued", "queued"}:
        assert erasures == [], "it never left"
    else:
        await verified(mirror, person, consent)
    told = await actions(mirror, person)
    assert ("mirror_erased" in told) == bool(erasures)
    assert ("mirror_cancelled" in told) == (stage == "queued")
    assert all(event.content_sealed is None for event in await mirror.events(person) if event.consent_id == consent)
    assert any(event.content_sealed for event in await mirror.events(person) if event.consent_id == kept)
    subject = await mirror.subject(person)
    left = await mirror.registry.sql("SELECT sealed FROM events WHERE subject = $1 AND sealed IS NOT NULL", subject)
    assert left == []


async def verified(mirror: Mirror, person: UUID, consent: UUID) -> None:
    (erasure,) = await mirror.erasures(person)
    keys = read_set((await mirror.registry.client.get("/.well-known/jwks.json")).json())
    stated = receipts.read(erasure.receipt or "", keys)
    assert (stated["consent"], stated["event"]) == (str(consent), str(erasure.event_id))
    assert stated["subject"] == str(await mirror.subject(person))
    assert stated["key_destroyed"] is True
    assert erasure.due_by - erasure.asked_at == ERASED_WITHIN


async def test_a_worker_that_has_not_heard_of_the_withdrawal_sends_nothing(mirror: Mirror) -> None:
    """Consent is asked for again when it is sent: the event of its end is still in the outbox."""
    person, consent = await mirror.queued()
    await mirror.withdraw(person, consent, told=False)
    await mirror.send()
    assert not await mirror.registry.sql("SELECT FROM records WHERE subject = $1", await mirror.subject(person))
    assert [act for act, _ in await mirror.told(person)] == ["tombstone"]
    await mirror.tell()
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied")]


async def test_a_withdrawal_whose_event_was_lost_is_found_by_looking(mirror: Mirror) -> None:
    person, consent = await mirror.mirrored()
    await mirror.withdraw(person, consent, told=False)
    after = UUID(int=0)
    async with mirror.runtime.database.writing(mirror.region) as uow:
        assert await withdraw_ended(uow, mirror.grounds, after) == person
    await mirror.deliver()
    assert await mirror.held(person) == []
    await verified(mirror, person, consent)


async def test_a_withdrawal_told_twice_erases_once_and_a_new_consent_starts_anew(mirror: Mirror) -> None:
    person, consent = await mirror.mirrored()
    await mirror.withdraw(person, consent)
    await mirror.withdraw(person, consent)
    again = await mirror.consent(person)
    assert again != consent
    await mirror.put(person)
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied"), ("erase", "applied"), ("put", "applied")]
    assert len(await mirror.held(person)) == 1


async def test_a_worker_that_died_in_flight_is_followed_by_tombstone_and_erasure(mirror: Mirror) -> None:
    """The late original comes after its own tombstone: nothing of it stays."""
    person, consent = await mirror.queued()
    late: list[tuple[bytes, UUID]] = []

    class Dying(OneByOne):
        async def send(self, body: bytes, event_id: UUID) -> Answer:
            late.append((body, event_id))
            raise ConnectionError

    await mirror.send(port=Dying())
    await mirror.withdraw(person, consent)
    mirror.clock.at += LEASE
    await mirror.deliver()
    await mirror.port.send(*late[0])
    assert await mirror.held(person) == []
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied"), ("erase", "applied")]
    await verified(mirror, person, consent)


async def test_an_erasure_without_a_receipt_raises_the_alarm_before_the_laws_deadline(mirror: Mirror) -> None:
    person, consent = await mirror.mirrored()
    await mirror.withdraw(person, consent)

    async def escalated() -> int:
        async with mirror.runtime.database.writing(mirror.region) as uow:
            return await escalate_late(uow)

    mirror.clock.at += ESCALATED_AFTER - timedelta(minutes=1)
    assert await escalated() == 0
    mirror.clock.at += timedelta(minutes=1)
    assert await escalated() == 1
    assert await escalated() == 0, "once"
    assert "erasure_late" in await mirror.alarms()
    assert ERASED_WITHIN > 2 * ESCALATED_AFTER
    async with mirror.runtime.database.reading(mirror.region) as uow:
        assert any("no receipt" in fault for fault in await mirror_faults(uow))
    mirror.clock.at -= ESCALATED_AFTER
    await mirror.deliver()
    await verified(mirror, person, consent)


async def test_a_receipt_that_does_not_hold_is_none(mirror: Mirror) -> None:
    person, consent = await mirror.mirrored()
    await mirror.withdraw(person, consent)
    await mirror.send()
    signing: Any = mirror.registry.sql
    await signing("UPDATE acknowledgements SET receipt = left(receipt, -4) || 'AAAA' WHERE receipt IS NOT NULL")
    with pytest.raises(Exception, match="receipt"):
        await mirror.collector().collect(wait=0)
    (erasure,) = await mirror.erasures(person)
    assert erasure.receipt is None
    await signing("DELETE FROM acknowledgements WHERE receipt IS NOT NULL")


async def test_a_new_state_is_removed_when_the_thing_is_gone(mirror: Mirror) -> None:
    from services.registry.queueing import remove  # noqa: PLC0415 — here only

    person = await mirror.person()
    await mirror.consent(person, DOCUMENT, "passport")
    await mirror.put(person, key="p1", document="passport")
    await mirror.deliver()
    for key in ("p1", "never"):
        async with mirror.runtime.database.writing(mirror.region) as uow:
            await remove(uow, person, "document", key)
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied"), ("remove", "applied")]
    assert await mirror.held(person) == []


async def test_a_place_that_was_deleted_here_is_removed_there_once(mirror: Mirror) -> None:
    """By oneself, or because it grew too old: there is no event of its own for that, only that there is nothing now."""
    person, _ = await mirror.mirrored()
    recorded = mirror_handlers(mirror.runtime.database, mirror.region, mirror.grounds)[RECORDED]
    for _ in range(2):
        await recorded({"person_id": str(person)})
        await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied"), ("remove", "applied")]
    assert await mirror.held(person) == []
    await mirror.put(person)
    await mirror.deliver()
    assert [record["key"] for record in await mirror.held(person)] == ["latest"]
