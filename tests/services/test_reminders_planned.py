"""What is stored for a person is what their visits, steps and papers ask for, whatever happens in between."""

import asyncio
import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.domain.audit.purpose import Purpose
from app.domain.identity.caller import Caller, Role
from app.domain.profiles.languages import Language
from app.domain.region.policy import RegionPolicy
from app.domain.reminders.kinds import Kind
from app.models.profiles import IdentityDocument
from app.runtime import Runtime
from services.audit.commands import record_use
from services.deliveries.repository import addresses_of
from services.identity.repository import revoke_sessions_of, set_merged
from services.profiles.commands import put_languages
from services.reminders.commands import Happened, tell
from services.reminders.planning import plan_due
from services.reminders.queries import inbox
from tests.services.reminding import Pocket, Reminded, reminded
from tests.support.clock import MovableClock


async def test_who_books_is_planned_at_the_next_tick_and_not_again(here: Reminded) -> None:
    person = await here.someone()
    await here.book(person, "2026-09-10T10:00")
    assert await here.plan() == 1
    assert await here.shown(person) == [
        ("documents_to_bring", "2026-09-08 18:00"),
        ("visit_tomorrow", "2026-09-09 18:00"),
        ("visit_in_two_hours", "2026-09-10 08:00"),
    ]
    deadlines = await here.rows(person)
    assert "deadline_near" in {row.kind for row in deadlines}
    before = {row.id for row in deadlines}
    assert await here.plan() == 0
    assert {row.id for row in await here.rows(person)} == before


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Vladivostok"])
async def test_a_visit_moved_three_times_within_a_minute_across_midnight_leaves_one_set_for_the_right_days(
    runtime: Runtime, region: RegionPolicy, clock: MovableClock, zone: str
) -> None:
    """Cases 17 and 18: of the times before nothing is left, whether they were planned in between or not."""
    here = await reminded(runtime, region, zone=zone)
    person = await here.someone()
    booking = await here.book(person, "2026-09-10T23:30")
    await here.plan()
    for starts in ("2026-09-11T00:00", "2026-09-10T23:00", "2026-09-11T00:30"):
        clock.move(seconds=15)
        await here.move(person, booking, starts)
        if starts != "2026-09-10T23:00":
            await here.plan()
    assert await here.shown(person) == [
        ("documents_to_bring", "2026-09-09 18:00"),
        ("visit_tomorrow", "2026-09-10 18:00"),
        ("visit_in_two_hours", "2026-09-10 22:30"),
    ]
    about = {row.about for row in await here.rows(person) if row.subject == "visit"}
    assert about == {here.at("2026-09-11T00:30")}
    # And nothing else of it rings, at any time that one of its starts would have asked for.
    pocket, rang = Pocket(), []
    for day, at in itertools.product(("08", "09", "10", "11"), ("18:00", "21:00", "21:30", "22:00", "22:30")):
        clock.at = here.at(f"2026-09-{day}T{at}")
        before = len(pocket.notes)
        await here.send(pocket)
        of_visit = {str(row.message_id) for row in await here.rows(person, "told") if row.subject == "visit"}
        rang += [f"{day} {at}" for note in pocket.notes[before:] if note.message_id in of_visit]
    assert rang == ["09 18:00", "10 18:00", "10 22:30"]


async def test_what_is_due_is_not_told_before_a_move_was_planned(here: Reminded, clock: MovableClock) -> None:
    """Case 18: the worker that tells comes before the worker that plans."""
    person = await here.someone()
    booking = await here.book(person, "2026-09-03T10:00")
    await here.plan()
    clock.at = here.at("2026-09-02T18:00") - timedelta(seconds=1)
    await here.move(person, booking, "2026-09-05T10:00")
    clock.move(seconds=1)
    pocket = Pocket()
    await here.send(pocket)
    assert pocket.notes == []
    await here.plan()
    await here.send(pocket)
    assert pocket.notes == []
    assert ("visit_tomorrow", "2026-09-04 18:00") in await here.shown(person)


async def test_whose_visit_was_moved_by_another_is_told_and_who_moves_it_themselves_is_not(
    here: Reminded, clock: MovableClock
) -> None:
    person, relative = await here.someone(), await here.someone()
    booking = await here.book(person, "2026-09-10T10:00")
    await here.move(person, booking, "2026-09-10T11:00")
    await here.plan()
    assert "visit_moved" not in dict(await here.shown(person))
    clock.move(minutes=1)
    await here.move(person, booking, "2026-09-11T10:00", by=relative)
    await here.plan()
    pocket = Pocket()
    await here.send(pocket)
    (note,) = pocket.notes
    assert note.body == "Something needs your attention today."
    assert await here.shown(person, status="told") == [
        ("visit_moved", f"{clock.at.astimezone(here.zone):%Y-%m-%d %H:%M}")
    ]
    # It stays told once, also when it is no news any more, until the visit is elsewhere.
    for hours in (1, 47, 24):
        clock.move(hours=hours)
        await here.plan()
    assert [kind for kind, _ in await here.shown(person, status="told") if kind == "visit_moved"] == ["visit_moved"]
    await here.move(person, booking, "2026-09-12T10:00")
    await here.plan()
    assert "visit_moved" in dict(await here.shown(person, status="outdated"))
    assert "visit_moved" not in dict(await here.shown(person))


async def test_who_was_looked_up_by_others_is_told_in_the_evening_once_for_each_reader(
    here: Reminded, clock: MovableClock
) -> None:
    """Not of the clerk whom they came to see, nor of employers who see a card without a name, as they agreed to; of one
    who reads their phone they are. Of an officer who looks again and again no more than once a day.
    """
    person = await here.someone()
    points, firms = [uuid4(), uuid4()], [uuid4(), uuid4()]
    for firm, purpose in zip(firms, (Purpose.EMPLOYER_CARD, Purpose.EMPLOYER_CONTACT), strict=True):
        caller = Caller(uuid4(), Role.EMPLOYER, uuid4(), organisation_id=firm)
        async with here.runtime.database.writing(here.region, caller) as uow:
            await record_use(uow, person.person_id, purpose)
    for purpose, times in ((Purpose.QUEUE_CALL, 1), (Purpose.IDENTITY_CHECK, 3)):
        for number in range(times):
            clock.move(minutes=1)
            caller = Caller(uuid4(), Role.CLERK, uuid4(), point_id=points[number % 2])
            async with here.runtime.database.writing(here.region, caller) as uow:
                await record_use(uow, person.person_id, purpose)
    await here.plan()
    told = [row for row in await here.rows(person) if row.kind == "data_used"]
    assert {row.matter for row in told} == {*(f"point:{point}" for point in points), f"organisation:{firms[1]}"}
    assert {row.due_at for row in told} == {here.at("2026-09-01T18:00")}
    clock.at = here.at("2026-09-01T18:00")
    pocket = Pocket()
    await here.send(pocket)
    assert len(pocket.notes) == 1
    for _ in range(3):
        clock.move(hours=11)
        await here.plan()
    assert len([row for row in await here.rows(person) if row.kind == "data_used"]) == 3


async def test_what_cannot_be_said_any_more_does_not_hide_the_rest_of_the_inbox(here: Reminded) -> None:
    person = await here.someone()
    async with here.runtime.database.writing(here.region) as uow:
        for kind, matter in ((Kind.DOCUMENTS_TO_BRING, "repealed"), (Kind.CALLED, None)):
            about = Happened(kind, "ticket", "1", uow.now, uow.now + timedelta(days=1), matter, more={"ticket": "1"})
            await tell(uow, person.person_id, about)
    await here.plan()
    await here.send(Pocket())
    async with here.runtime.database.reading(here.region) as uow:
        found = await inbox(uow, person.person_id, Language.ENGLISH, before=None, limit=9)
    assert sorted(one.message.title for one in found) == ["What to bring", "You are called"]


async def test_a_cancelled_visit_leaves_nothing(here: Reminded) -> None:
    person = await here.someone()
    booking = await here.book(person, "2026-09-10T10:00")
    await here.plan()
    await here.cancel(person, booking)
    await here.plan()
    assert await here.shown(person) == []


@pytest.mark.parametrize(
    "zone",
    ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Vladivostok", "Asia/Almaty", "Asia/Kathmandu", "Europe/Berlin"],
    ids=["Kaliningrad", "Kazan", "Vladivostok", "Almaty", "Kathmandu", "a zone with daylight saving"],
)
async def test_the_days_are_those_of_the_point(runtime: Runtime, region: RegionPolicy, zone: str) -> None:
    """Case 17: a visit early in the day, at a point whose date is not the server's by then."""
    here = await reminded(runtime, region, zone=zone)
    person = await here.someone()
    await here.book(person, "2026-09-10T00:30")
    await here.plan()
    assert await here.shown(person) == [
        ("documents_to_bring", "2026-09-08 18:00"),
        ("visit_tomorrow", "2026-09-09 18:00"),
        ("visit_in_two_hours", "2026-09-09 22:30"),
    ]


async def test_papers_that_cannot_be_read_keep_nobody_from_being_planned(here: Reminded) -> None:
    people = [await here.someone() for _ in range(2)]
    for person in people:
        await here.book(person, "2026-09-10T10:00")
    async with here.runtime.database.writing(here.region) as uow:
        theirs = IdentityDocument.person_id == people[0].person_id
        await uow.session.execute(update(IdentityDocument).where(theirs).values(fields_sealed=b"not what was sealed"))
    assert await here.plan() == 2
    for person in people:
        assert len(await here.shown(person)) == 3


async def test_everybody_is_planned_anew_within_a_day(here: Reminded, clock: MovableClock) -> None:
    person = await here.someone()
    await here.plan()
    far = {row.due_at for row in await here.rows(person)}
    clock.move(days=1)
    assert await here.plan() == 1
    assert await here.plan() == 0
    assert far <= {row.due_at for row in await here.rows(person)}


async def test_several_workers_at_once_plan_everybody_and_nothing_twice(here: Reminded, second: Runtime) -> None:
    people = [await here.someone(phones=0) for _ in range(30)]
    for person in people:
        await here.book(person, "2026-09-10T10:00")
    done = await asyncio.gather(
        *(plan_due(runtime.database, here.region, limit=10) for runtime in (here.runtime, second) for _ in range(3))
    )
    assert sum(done) + await here.plan() >= 30
    for person in people:
        assert len(await here.shown(person)) == 3


async def test_an_event_that_is_redelivered_is_told_once(here: Reminded) -> None:
    """Case 19: the same offer, closure or call is one reminder, however often it comes."""
    person = await here.someone()
    booking = await here.book(person, "2026-09-10T10:00")
    happened = Happened(
        Kind.POINT_CLOSED,
        "visit",
        str(booking),
        here.now,
        about=here.at("2026-09-10T10:00"),
        point_id=here.point_id,
        matter="medical",
    )
    told = []
    for _ in range(3):
        async with here.runtime.database.writing(here.region) as uow:
            told.append(await tell(uow, person.person_id, happened))
    assert told == [True, False, False]
    # Planning leaves alone what was not planned.
    await here.plan()
    pocket = Pocket()
    await here.send(pocket)
    await here.send(pocket)
    assert len(pocket.notes) == 1


async def test_who_signs_out_is_reached_there_no_more(here: Reminded) -> None:
    person = await here.someone(phones=2)
    await here.book(person, "2026-09-03T10:00")
    await here.plan()
    async with here.runtime.database.writing(here.region) as uow:
        await revoke_sessions_of(uow, person.person_id)
        await put_languages(uow, person.person_id, ["ru"])  # any change of theirs
    await here.plan()
    assert await here.deliveries(person) == []
    async with here.runtime.database.reading(here.region) as uow:
        assert await addresses_of(uow, [person.person_id]) == []


async def test_who_turns_out_to_be_another_hands_over_what_was_told(here: Reminded, clock: MovableClock) -> None:
    first, second = await here.someone(), await here.someone()
    await here.book(second, "2026-09-02T10:00")
    await here.plan()
    clock.at = here.at("2026-09-01T18:00")
    await here.send(Pocket())
    assert len(await here.rows(second, "told")) == 2
    async with here.runtime.database.writing(here.region) as uow:
        await put_languages(uow, second.person_id, ["ru"])
        await set_merged(uow, second.person_id, first.person_id)
    await here.plan()
    assert await here.rows(second) == []
    assert len(await here.rows(first, "told")) == 2
    assert {one.person_id for one in await here.deliveries(first)} == {first.person_id}
    assert await here.plan() == 0
