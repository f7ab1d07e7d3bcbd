"""What is due goes out once, over the channels that people want, and no later than it is of use."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from app.domain.reminders.delivery import LEASE, Answer, DeliveryStatus, Next, Verdict
from app.domain.reminders.kinds import Channel, Kind
from app.ports import PushNote
from app.runtime import Runtime
from services.deliveries.jobs import claim_due
from services.deliveries.repository import Written, addresses_of, write
from services.deliveries.sending import Carriers, Sender
from services.profiles.commands import put_languages
from services.reminders.commands import Happened, tell
from tests.services.reminding import Pocket, Reminded, Someone, choose, due_tomorrow
from tests.support.clock import MovableClock

SECOND = timedelta(seconds=1)
SAID = "Manzil: 2 новых сообщения. Скоро потребуется ваше внимание."


@pytest_asyncio.fixture
async def person(here: Reminded, clock: MovableClock) -> Someone:
    return await due_tomorrow(here, clock)


async def test_several_that_are_due_at_once_are_one_message_that_tells_nothing(here: Reminded, person: Someone) -> None:
    """Case 18: no burst; and what passes through others' hands says neither what nor where nor when."""
    pocket = Pocket()
    for _ in range(3):
        await here.send(pocket)
    (note,) = pocket.notes
    told = await here.rows(person, "told")
    assert {row.kind for row in told} == {"visit_tomorrow", "documents_to_bring"}
    assert {row.message_id for row in told} == {told[0].message_id}
    assert note.message_id == str(told[0].message_id)
    assert (note.title, note.body) == ("2 new messages", "Something needs your attention soon.")
    assert dict(note.data) == {"link": f"/inbox/{note.message_id}", "delivery_id": note.data["delivery_id"]}
    (delivery,) = await here.deliveries(person)
    assert (delivery.status, delivery.attempts, delivery.unknown, delivery.reference) == ("accepted", 1, 0, "ok")
    assert str(delivery.id) == note.data["delivery_id"]
    assert note.expires_at == delivery.expires_at == here.at("2026-09-02T10:00")


async def test_who_chose_detail_is_told_what_it_is(here: Reminded, person: Someone) -> None:
    await choose(here, person, detail=True)
    pocket = Pocket()
    await here.send(pocket)
    (note,) = pocket.notes
    assert note.body == "Visit tomorrow at 10:00; What to bring to your visit"


async def test_what_cannot_be_told_in_full_is_told_as_to_anybody_and_holds_up_nobody(here: Reminded) -> None:
    people = [await here.someone(came=False) for _ in range(2)]
    for person in people:
        await choose(here, person, detail=True)
    await told(here, people[0], Kind.CALLED, "ticket", ticket="A 12")  # and at no counter
    await told(here, people[1], Kind.CALLED, "ticket", ticket="A 13", counter="3")
    pocket = Pocket()
    await here.send(pocket)
    assert {note.title for note in pocket.notes} == {"Manzil", "It is your turn: A 13"}


async def test_every_phone_gets_it_and_guardians_are_told_of_their_wards(here: Reminded, clock: MovableClock) -> None:
    person = await here.someone(phones=3)
    await here.book(person, "2026-09-02T10:00")
    await here.plan()
    clock.at = here.at("2026-09-01T18:00")
    pocket = Pocket()
    await here.send(pocket)
    assert sorted(note.address for note in pocket.notes) == sorted(f"phone-{device}" for device in person.devices)
    assert {one.target_id for one in await here.deliveries(person)} == set(person.devices)


async def test_an_address_that_is_gone_is_forgotten_and_the_inbox_keeps_the_message(
    here: Reminded, person: Someone
) -> None:
    pocket = Pocket(lambda _: Answer(Verdict.GONE, reason="404"))
    await here.send(pocket)
    await here.send(pocket)
    assert len(pocket.notes) == 1
    assert [one.status for one in await here.deliveries(person)] == ["failed"]
    async with here.runtime.database.reading(here.region) as uow:
        assert await addresses_of(uow, [person.person_id]) == []
    assert len(await here.rows(person, "told")) == 2


async def test_what_the_carrier_puts_off_is_tried_again_when_it_says(
    here: Reminded, person: Someone, clock: MovableClock
) -> None:
    answers = iter(
        [
            Answer(Verdict.BUSY),
            Answer(Verdict.QUOTA, retry_after=30 * SECOND),
            Answer(Verdict.UNKNOWN, reason="timeout"),
            Answer(Verdict.ACCEPTED, "ok"),
        ]
    )
    pocket = Pocket(lambda _: next(answers))
    for wait in (0, 1, 30, 4):
        clock.move(seconds=wait - 0.001 if wait else 0)
        before = len(pocket.notes)
        await here.send(pocket)
        if wait:
            assert len(pocket.notes) == before, "too early"
            clock.move(seconds=0.001)
            await here.send(pocket)
        assert len(pocket.notes) == before + 1
    (delivery,) = await here.deliveries(person)
    assert (delivery.status, delivery.attempts, delivery.unknown) == ("accepted", 4, 1)
    assert len({note.message_id for note in pocket.notes}) == len({note.collapse_key for note in pocket.notes}) == 1


async def test_nothing_is_sent_past_its_time(here: Reminded, person: Someone, clock: MovableClock) -> None:
    """Case 18: neither for the first time, nor again."""
    busy = Pocket(lambda _: Answer(Verdict.BUSY, retry_after=timedelta(hours=3)))
    await here.send(busy)
    clock.at = here.at("2026-09-02T10:00")
    await here.send(busy)
    assert len(busy.notes) == 1
    assert {one.status for one in await here.deliveries(person)} == {"lapsed"}
    (missed,) = await here.rows(person, "lapsed")
    assert missed.kind == "visit_in_two_hours"
    assert missed.told_at is None


async def test_a_message_of_a_visit_that_has_moved_is_not_tried_again(
    here: Reminded, person: Someone, clock: MovableClock
) -> None:
    """Case 18: a moved visit leaves nothing old behind, not even on its way."""
    await here.send(Pocket(lambda _: Answer(Verdict.BUSY)))
    (row, *_) = await here.rows(person, "told")
    await here.move(person, UUID(row.subject_id), "2026-09-05T10:00")
    await here.plan()
    clock.move(seconds=5)
    pocket = Pocket()
    await here.send(pocket)
    assert pocket.notes == []
    assert [one.status for one in await here.deliveries(person)] == ["withdrawn"]


async def test_what_a_dead_worker_had_goes_out_under_the_same_id_when_its_lease_ends(
    here: Reminded, person: Someone, clock: MovableClock
) -> None:
    """Case 19: killed before it sent, or after and before it could say so: the phone can tell, and it is counted."""
    async with here.runtime.database.writing(here.region) as uow:
        (job,) = (await claim_due(uow, {Channel.PUSH}, urgent=False, limit=10)).jobs
    pocket = Pocket()
    await here.send(pocket)
    clock.at += LEASE - SECOND
    await here.send(pocket)
    assert pocket.notes == []
    clock.at += SECOND
    await here.send(pocket)
    (note,) = pocket.notes
    assert job.note is not None
    assert (note.message_id, note.data) == (job.note.message_id, job.note.data)
    (delivery,) = await here.deliveries(person)
    assert (delivery.status, delivery.attempts, delivery.unknown) == ("accepted", 2, 1)


async def test_an_answer_that_comes_after_its_lease_changes_nothing(
    here: Reminded, person: Someone, clock: MovableClock
) -> None:
    """Case 19: a worker that was asleep says that the carrier was busy, when another has had it accepted."""
    async with here.runtime.database.writing(here.region) as uow:
        (job,) = (await claim_due(uow, {Channel.PUSH}, urgent=False, limit=10)).jobs
    clock.at += LEASE
    await here.send(Pocket())
    late = Written(
        job.delivery_id,
        job.attempts,
        Next(DeliveryStatus.WAITING, here.now),
        unknown=False,
        reference=None,
        reason="503",
    )
    async with here.runtime.database.writing(here.region) as uow:
        await write(uow, [late])
    (delivery,) = await here.deliveries(person)
    assert (delivery.status, delivery.attempts, delivery.reason) == ("accepted", 2, None)


async def test_many_workers_send_each_message_to_each_phone_once(here: Reminded, second: Runtime) -> None:
    """Case 19: four senders at once on what is due of sixty people with two phones each."""
    people = [await here.someone(phones=2, came=False) for _ in range(60)]
    for person in people:
        for number in range(3):
            await told(here, person, Kind.CALLED, f"ticket-{number}")
    chance = random.Random(1)

    async def as_long_as_it_takes(_: PushNote) -> None:
        await asyncio.sleep(chance.uniform(0, 0.1))

    pocket = Pocket(also=as_long_as_it_takes)
    senders = [Sender(one.database, here.region, Carriers(push=pocket), slots=8) for one in (here.runtime, second) * 2]
    await asyncio.gather(*(sender.tick() for sender in senders))
    await asyncio.gather(*(sender.finish() for sender in senders))
    assert len(pocket.notes) == 120
    assert set(pocket.times.values()) == {1}
    for person in people:
        assert {one.status for one in await here.deliveries(person)} == {"accepted"}


async def test_a_sender_that_is_to_stop_sends_what_it_has_and_leaves_the_rest(here: Reminded) -> None:
    for person in [await here.someone(came=False) for _ in range(40)]:
        await told(here, person, Kind.CALLED, "ticket")
    sender: Sender

    async def stop(_: PushNote) -> None:
        sender.stop()
        await asyncio.sleep(0.01)

    pocket = Pocket(also=stop)
    sender = Sender(here.runtime.database, here.region, Carriers(push=pocket), slots=4)
    await sender.tick()
    await sender.finish()
    assert 0 < len(pocket.notes) <= 8
    await here.send(pocket)
    assert len(pocket.notes) == 40
    assert set(pocket.times.values()) == {1}


async def test_many_who_are_to_be_planned_first_keep_nobody_waiting(here: Reminded, clock: MovableClock) -> None:
    changed = [await here.someone(came=False) for _ in range(12)]
    last = await here.someone(came=False)
    for person in (*changed, last):
        await told(here, person, Kind.LEAVE_NOW, "ticket")
        clock.move(seconds=0.01)
    async with here.runtime.database.writing(here.region) as uow:
        for person in changed:
            await put_languages(uow, person.person_id, ["ru"])
    pocket = Pocket()
    sender = Sender(here.runtime.database, here.region, Carriers(push=pocket), slots=4)
    await sender.tick()
    await sender.finish()
    assert [note.address for note in pocket.notes] == [f"phone-{last.devices[0]}"]
    await here.plan()
    await here.send(pocket)
    assert len(pocket.notes) == 13


async def told(here: Reminded, person: Someone, kind: Kind, subject_id: str, **more: str) -> None:
    async with here.runtime.database.writing(here.region) as uow:
        soon = uow.now + timedelta(hours=1)
        happened = Happened(kind, "ticket", subject_id, uow.now, about=soon, point_id=here.point_id, more=more)
        assert await tell(uow, person.person_id, happened)


async def test_what_is_muted_is_in_the_inbox_and_rings_nowhere(here: Reminded, person: Someone) -> None:
    both = {kind: frozenset({Channel.PUSH}) for kind in (Kind.VISIT_TOMORROW, Kind.DOCUMENTS_TO_BRING)}
    await choose(here, person, muted=both)
    pocket = Pocket()
    await here.send(pocket)
    assert pocket.notes == []
    assert len(await here.rows(person, "told")) == 2
