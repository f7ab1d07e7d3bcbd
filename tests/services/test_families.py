"""A family books together: at once or one after another, and all of them or nobody."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from app.domain.bookings.booking import Booked
from app.domain.bookings.status import BookingStatus
from app.domain.pathways.events import EventKind, Source, StepEvent
from app.domain.region.policy import RegionPolicy
from app.errors import InvalidInput
from app.runtime import Runtime
from services.audit.queries import shown_uses
from services.bookings.commands import Wanted, book, cancel, hold
from services.bookings.errors import StepBooked
from services.bookings.families import book_family
from services.bookings.queries import ledger_faults, own_bookings
from services.pathways.commands import record_event
from services.pathways.errors import ProfileIncomplete, StepDone
from services.points.commands import extend_calendars
from services.points.errors import PlaceTaken
from services.points.queries import day_of, first_free_times
from tests.services.crowd import newcomers
from tests.services.offices import workday
from tests.services.points import Made, make_point


class Clinic:
    """A point with so many counters, `medical` of 30 minutes from 9 to 13 and 14 to 18, on a day without visits."""

    def __init__(self, runtime: Runtime, region: RegionPolicy, made: Made, starts: list[datetime]) -> None:
        self.runtime, self.region, self.made, self.starts = runtime, region, made, starts

    def wanted(self, start: int) -> Wanted:
        return Wanted("medical", "medical", self.made.point_id, self.starts[start])

    async def family(self, people: Sequence[UUID], start: int = 0) -> list[Booked]:
        command = partial(book_family, people=people, wanted=self.wanted(start))
        return await self.runtime.database.decide(self.region, command)

    async def one(self, person: UUID, start: int) -> Booked:
        command = partial(book, person_id=person, wanted=self.wanted(start))
        return await self.runtime.database.decide(self.region, command)

    async def bookings(self, person: UUID) -> list[Booked]:
        async with self.runtime.database.reading(self.region) as uow:
            assert await ledger_faults(uow) == []
            return await own_bookings(uow, person, before=None, limit=10)

    async def first_free(self, people: int) -> datetime | None:
        async with self.runtime.database.reading(self.region) as uow:
            found = await first_free_times(
                uow, "medical", not_before=self.starts[0], days=20, near=None, people=people, limit=1000
            )
        return next(free.starts_at for free in found.items if free.point.id == self.made.point_id)


async def clinic(runtime: Runtime, counters: int) -> Clinic:
    region = next(iter(runtime.regions.values()))
    async with runtime.database.writing(region) as uow:
        made = await make_point(uow, counters=counters)
        await extend_calendars(uow)
    async with runtime.database.reading(region) as uow:
        day = workday(region.day_of(uow.now))
        starts = [free.starts_at for free in await day_of(uow, made.point_id, "medical", day)]
    return Clinic(runtime, region, made, starts)


@pytest.mark.parametrize(("counters", "begin"), [(3, [0, 0, 0]), (2, [0, 0, 30]), (1, [0, 30, 60])])
async def test_a_family_comes_at_once_or_one_after_another(runtime: Runtime, counters: int, begin: list[int]) -> None:
    at = await clinic(runtime, counters)
    people = await newcomers(runtime, 3)
    booked = await at.family(people)
    assert [b.person_id for b in booked] == people
    assert [(b.place.starts_at - at.starts[0]) / timedelta(minutes=1) for b in booked] == begin
    assert len({b.group_id for b in booked}) == 1
    for person in people:
        (mine,) = await at.bookings(person)
        assert (mine.status, mine.group_id) == (BookingStatus.CONFIRMED, booked[0].group_id)


async def test_one_of_a_family_gives_back_their_own_visit_only(runtime: Runtime) -> None:
    at = await clinic(runtime, 1)
    people = await newcomers(runtime, 2)
    first, _ = await at.family(people)
    command = partial(cancel, person_id=people[0], booking_id=first.id)
    await runtime.database.decide(at.region, command)
    assert [b.status for p in people for b in await at.bookings(p)] == ["cancelled", "confirmed"]


async def test_what_stands_against_one_member_books_nobody(runtime: Runtime) -> None:
    """Case 21: a family is never half booked, and the error names the one it is about."""
    at = await clinic(runtime, 3)
    people = await newcomers(runtime, 3)
    done = people[1]
    async with runtime.database.writing(at.region) as uow:
        today = at.region.day_of(uow.now)
        await record_event(uow, done, StepEvent("medical", EventKind.DONE, today, Source.POINT))
    with pytest.raises(StepDone) as refused:
        await at.family(people)
    assert refused.value.context["member"] == str(done)
    busy = people[2]
    theirs = await at.one(busy, 5)
    with pytest.raises(StepBooked) as refused_too:
        await at.family([people[0], busy])
    assert refused_too.value.context["member"] == str(busy)
    assert await at.bookings(people[0]) == []
    assert [b.id for b in await at.bookings(busy)] == [theirs.id]


async def test_a_place_taken_meanwhile_books_nobody(runtime: Runtime) -> None:
    """Case 21, with a race: of two families for the same last places one has all of them and the other none."""
    at = await clinic(runtime, 1)
    families = [await newcomers(runtime, 3) for _ in range(2)]
    results = await asyncio.gather(*(at.family(people) for people in families), return_exceptions=True)
    (lost,) = [number for number, result in enumerate(results) if isinstance(result, BaseException)]
    refusal = results[lost]
    assert isinstance(refusal, PlaceTaken)
    assert [await at.bookings(person) for person in families[lost]] == [[], [], []]
    assert all([len(await at.bookings(person)) == 1 for person in families[1 - lost]])
    offered = [a["starts_at"] for a in refusal.context["alternatives"] if a["point_id"] == str(at.made.point_id)]
    assert [datetime.fromisoformat(start) for start in offered] == [at.starts[3]]


async def test_the_search_gives_the_first_time_at_which_all_fit(runtime: Runtime) -> None:
    at = await clinic(runtime, 1)
    one, two, *family = await newcomers(runtime, 5)
    await at.one(one, 1)
    await at.one(two, 2)
    assert [await at.first_free(people) for people in (1, 2)] == [at.starts[0], at.starts[3]]
    found = await at.first_free(3)
    assert found == at.starts[3]
    booked = await at.family(family, at.starts.index(found))
    assert [b.place.starts_at for b in booked] == at.starts[3:6]


async def test_a_hold_of_ones_own_is_no_hindrance(runtime: Runtime) -> None:
    """Case 8, of families."""
    at = await clinic(runtime, 1)
    people = await newcomers(runtime, 2)
    held = await runtime.database.decide(at.region, partial(hold, person_id=people[1], wanted=at.wanted(0)))
    booked = await at.family(people)
    assert [b.place.starts_at for b in booked] == at.starts[:2]
    assert held.id not in [b.id for b in await at.bookings(people[1])]


async def test_a_family_is_one_to_six_different_people_with_profiles(runtime: Runtime) -> None:
    at = await clinic(runtime, 3)
    people = await newcomers(runtime, 7)
    for wrong in ([], people, [people[0], people[0]]):
        with pytest.raises(InvalidInput):
            await at.family(wrong)
    with pytest.raises(ProfileIncomplete) as refused:
        await at.family([people[0], UUID(int=1)])
    assert refused.value.context["member"] == str(UUID(int=1))


async def test_two_families_with_a_member_in_common_never_deadlock(runtime: Runtime) -> None:
    at = await clinic(runtime, 6)
    shared, *others = await newcomers(runtime, 5)
    wanted = [[shared, *others[:2]], [*others[2:], shared]]
    results = await asyncio.gather(*(at.family(people, n) for n, people in enumerate(wanted)), return_exceptions=True)
    (lost,) = [result for result in results if isinstance(result, BaseException)]
    assert isinstance(lost, StepBooked)
    assert lost.context["member"] == str(shared)
    async with runtime.database.reading(at.region) as uow:
        entries = await shown_uses(uow, shared, before=None, limit=20)
    assert [entry.action for _, entry in entries].count("booking_confirmed") == 1
