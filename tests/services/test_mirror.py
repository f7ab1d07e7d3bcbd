"""From what is queued to what is applied: order, answers, leases, dead letters, and nothing without a ground."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.adapters.registry_single import OneByOne
from app.domain.registry.mirror import LEASE, Answer, Verdict
from app.ports import Acknowledged
from app.runtime import Runtime
from app.wire.bodies import event_of
from services.registry.acknowledging import send_again_what_is_silent, take_into_account
from services.registry.dying import put_letter_back
from services.registry.errors import NoGroundLeft
from tests.support.mirroring import DOCUMENT, Mirror
from tests.support.registry import CELL

OTHER = "881f1d4813fffff"


@dataclass
class Flaky(OneByOne):
    """A port that may answer something else before, or after, the registry has got it."""

    mirror: Mirror
    answer: Callable[[int], Answer | None]
    after: bool = False
    bodies: list[bytes] = field(default_factory=list)

    async def send(self, body: bytes, event_id: UUID) -> Answer:
        self.bodies.append(body)
        said = self.answer(event_of(body).sequence)
        if said is None or self.after:
            told = await self.mirror.port.send(body, event_id)
        return said or told


async def test_what_is_queued_is_applied_and_only_then_counts(mirror: Mirror) -> None:
    person = await mirror.person()
    await mirror.consent(person)
    assert await mirror.put(person)
    assert await mirror.told(person) == [("put", "queued")]
    await mirror.send()
    assert await mirror.told(person) == [("put", "received")]
    await mirror.collector().drain()
    assert await mirror.told(person) == [("put", "applied")]
    assert [record["content"] for record in await mirror.held(person)] == [{"cell": CELL}]
    assert (await mirror.held(person))[0]["ground"].startswith("152-FZ")
    subject = await mirror.subject(person)
    told = await mirror.registry.sql("SELECT FROM acknowledgements WHERE subject = $1", subject)
    assert told == [], "the registry knows that we have it"


async def test_without_a_ground_nothing_is_queued_and_nothing_is_kept(mirror: Mirror) -> None:
    person = await mirror.person()
    assert not await mirror.put(person)
    await mirror.consent(person, DOCUMENT, "passport")
    assert not await mirror.put(person)
    assert not await mirror.put(person, document="identity_card")
    assert await mirror.put(person, document="passport")
    assert await mirror.told(person) == [("put", "queued")]


async def test_a_newer_state_takes_the_number_of_one_that_nobody_was_sent(mirror: Mirror) -> None:
    person = await mirror.person()
    await mirror.consent(person)
    for cell in (OTHER, CELL):
        await mirror.put(person, cell=cell)
    assert len(await mirror.events(person)) == 1
    await mirror.deliver()
    await mirror.put(person, cell=OTHER)
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied")] * 2
    assert [record["content"] for record in await mirror.held(person)] == [{"cell": OTHER}]
    first, last = await mirror.events(person)
    assert (first.content_sealed, last.content_sealed is not None) == (None, True), "a track stays nowhere"


@pytest.mark.parametrize("verdict", [Verdict.BUSY, Verdict.FAULT, Verdict.UNKNOWN, Verdict.AWAY])
@pytest.mark.parametrize("stored", [False, True])
async def test_what_failed_is_sent_again_under_the_same_id_and_holds_nobody_up(
    mirror: Mirror, verdict: Verdict, stored: bool
) -> None:
    """Case: the registry has it, and its answer never came."""
    person = await mirror.person()
    await mirror.consent(person, DOCUMENT, "passport")
    for number in range(3):
        await mirror.put(person, key=f"d{number}", document="passport")
    port = Flaky(mirror, lambda sequence: Answer(verdict) if sequence == 1 else None, after=stored)
    await mirror.send(port=port)
    mirror.clock.move(seconds=40)
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied")] * 3
    assert [record["key"] for record in await mirror.held(person)] == ["d0", "d1", "d2"]
    assert await mirror.letters() == []
    query = "SELECT seq FROM events WHERE state = 'applied' AND subject = $1 ORDER BY applied_at, seq"
    applied = await mirror.registry.sql(query, await mirror.subject(person))
    assert [row["seq"] for row in applied] == [1, 2, 3]


async def test_two_workers_never_send_the_same_event_at_once(mirror: Mirror, second: Runtime) -> None:
    people = [await mirror.person() for _ in range(12)]
    for person in people:
        await mirror.consent(person, DOCUMENT, "passport")
        for number in range(4):
            await mirror.put(person, key=f"d{number}", document="passport")
    sent: Counter[UUID] = Counter()
    order: dict[UUID, list[int]] = {}

    @dataclass
    class Counting(OneByOne):
        async def send(self, body: bytes, event_id: UUID) -> Answer:
            event = event_of(body)
            sent[event_id] += 1
            order.setdefault(event.subject, []).append(event.sequence)
            return await mirror.port.send(body, event_id)

    here, there = (mirror.relay(port=Counting()) for _ in range(2))
    there._database = second.database
    for relay in (here, there, here, there):
        await relay.tick()
    for relay in (here, there):
        await relay.finish()
    assert set(sent.values()) == {1}
    assert len(sent) == 48
    assert list(order.values()) == [[1, 2, 3, 4]] * 12


async def test_whom_a_dead_worker_had_is_taken_up_when_its_lease_ends(mirror: Mirror) -> None:
    person, _ = await mirror.queued()
    dying = mirror.relay(port=Flaky(mirror, lambda _: Answer(Verdict.RECEIVED)))

    dying._begin = lambda _: None  # type: ignore[method-assign, assignment]
    await dying._take()
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "sent")], "another may still be sending"
    mirror.clock.at += LEASE
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied")]


async def test_what_the_registry_refuses_dies_leaves_a_tombstone_and_can_be_put_back(mirror: Mirror) -> None:
    person = await mirror.person()
    await mirror.consent(person, DOCUMENT, "passport")
    for key in ("bad", "good"):
        await mirror.put(person, key=key, document="passport")
    refusing = Flaky(mirror, lambda sequence: Answer(Verdict.REFUSED, "malformed") if sequence == 1 else None)
    await mirror.send(port=refusing)
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied"), ("put", "applied")]
    (letter,) = await mirror.letters()
    assert (letter.key, letter.reason, letter.content_sealed is not None) == ("bad", "malformed", True)
    assert "malformed" in await mirror.alarms()
    async with mirror.runtime.database.writing(mirror.region) as uow:
        await put_letter_back(uow, mirror.grounds, letter.id)
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied"), ("put", "applied"), ("put", "applied")]
    assert {record["key"] for record in await mirror.held(person)} == {"bad", "good"}
    assert await mirror.letters() == []


async def test_what_has_lost_its_ground_is_not_put_back(mirror: Mirror) -> None:
    person, consent = await mirror.queued()
    await mirror.send(port=Flaky(mirror, lambda _: Answer(Verdict.REFUSED, "malformed")))
    (letter,) = await mirror.letters()
    await mirror.withdraw(person, consent, told=False)
    with pytest.raises(NoGroundLeft):
        async with mirror.runtime.database.writing(mirror.region) as uow:
            await put_letter_back(uow, mirror.grounds, letter.id)
    assert await mirror.letters() == []


async def test_what_the_registry_rejects_is_a_dead_letter_and_an_alarm(mirror: Mirror) -> None:
    person = await mirror.person()
    await mirror.consent(person)
    await mirror.put(person, cell="nowhere")
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "rejected")]
    (letter,) = await mirror.letters()
    assert letter.reason == "content_invalid"
    assert await mirror.held(person) == []
    assert (await mirror.events(person))[0].content_sealed is None


async def test_a_row_that_was_changed_in_the_database_is_not_sent(mirror: Mirror) -> None:
    person, _ = await mirror.queued()
    async with mirror.runtime.database.writing(mirror.region) as uow:
        changed = text("UPDATE mirror_events SET purpose = 'mirror_document' WHERE person_id = :id")
        await uow.session.execute(changed, {"id": person})
    await mirror.send()
    assert "changed_here" in await mirror.alarms()
    await mirror.deliver()
    assert await mirror.told(person) == [("tombstone", "applied")]


async def test_an_acknowledgement_of_another_content_changes_nothing_and_raises_the_alarm(mirror: Mirror) -> None:
    person, _ = await mirror.queued()
    (event,) = await mirror.events(person)
    async with mirror.runtime.database.writing(mirror.region) as uow:
        await take_into_account(uow, [Acknowledged(1, event.id, bytes(32), applied=True)])
        await take_into_account(uow, [Acknowledged(2, uuid4(), bytes(32), applied=True)])
    assert await mirror.told(person) == [("put", "queued")]
    assert "acknowledged_otherwise" in await mirror.alarms()


async def test_an_acknowledgement_that_was_lost_is_asked_for_by_sending_again(mirror: Mirror) -> None:
    person, _ = await mirror.queued()
    await mirror.send()
    lost = await mirror.port.collect([], wait=0)
    await mirror.port.collect([one.number for one in lost], wait=0)
    await mirror.collector().drain()
    assert await mirror.told(person) == [("put", "received")]
    mirror.clock.move(minutes=2)
    async with mirror.runtime.database.writing(mirror.region) as uow:
        assert await send_again_what_is_silent(uow) == 1
    await mirror.deliver()
    assert await mirror.told(person) == [("put", "applied")]


async def test_while_the_registry_is_away_nobody_is_taken(mirror: Mirror) -> None:
    _person, _ = await mirror.queued()
    port = Flaky(mirror, lambda _: Answer(Verdict.AWAY))
    relay = mirror.relay(port=port)
    for _ in range(5):
        await relay.tick()
        await relay.finish()
    assert len(port.bodies) == 1
    mirror.clock.move(seconds=2)
    await relay.tick()
    await relay.finish()
    assert len(port.bodies) == 2
    assert port.bodies[0] == port.bodies[1], "the same event, to the byte"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM mirror_events",
        "UPDATE mirror_events SET seq = seq + 1000",
        "TRUNCATE mirror_events",
    ],
)
async def test_a_number_of_a_sequence_never_disappears(mirror: Mirror, statement: str) -> None:
    _person, _ = await mirror.queued()
    with pytest.raises(DBAPIError):
        async with mirror.runtime.database.writing(mirror.region) as uow:
            await uow.session.execute(text(statement))


async def test_nothing_of_a_person_is_readable_in_the_database(mirror: Mirror) -> None:
    person, _ = await mirror.mirrored()
    async with mirror.runtime.database.reading(mirror.region) as uow:
        row: Any = await uow.session.scalar(
            text("SELECT to_jsonb(e)::text FROM mirror_events e WHERE person_id = :id"), {"id": person}
        )
    assert CELL not in row
    assert timedelta(0) < LEASE
