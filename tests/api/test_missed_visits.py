"""A visit to which nobody came ends with its day, and stands in nobody's way."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.bookings.upkeep import end_missed
from tests.api.helpers import booked, given, log, place_at, refused, stay_signed_in, step
from tests.support.people import World

pytestmark = pytest.mark.usefixtures("honest_ledger")


async def _end_missed(world: World) -> int:
    async with world.runtime.database.writing(world.region) as uow:
        return await end_missed(uow)


async def test_a_missed_visit_ends_when_its_day_is_over_and_the_step_can_be_booked_again(own_time: World) -> None:
    person = await own_time.newcomer()
    visit = await booked(person, days=1)
    own_time.clock.move(days=1)
    await stay_signed_in(person)
    await _end_missed(own_time)
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "confirmed"  # its day is not over
    own_time.clock.move(days=1)
    await stay_signed_in(person)
    again = await place_at(person, days=1)
    refused(await person.post("/v1/bookings", again), 409, "step_booked")
    assert await _end_missed(own_time) >= 1
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "missed"
    given(await person.post("/v1/bookings", again), 201)
    assert (await step(person, "medical"))["status"] != "done"
    assert [use["action"] for use in await log(person)].count("visit_missed") == 1


async def test_two_workers_end_a_missed_visit_once(own_time: World) -> None:
    people = [await own_time.newcomer() for _ in range(3)]
    for person in people:
        await booked(person, days=1)
    own_time.clock.move(days=2)
    await asyncio.gather(_end_missed(own_time), _end_missed(own_time), _end_missed(own_time))
    for person in people:
        await stay_signed_in(person)
        assert [use["action"] for use in await log(person)].count("visit_missed") == 1


async def test_who_leaves_after_the_beginning_is_in_nobodys_way(own_time: World) -> None:
    """Neither the worker's nor a clerk's; nor is a row that stood confirmed when its person had left."""
    gone, other = await own_time.newcomer(), await own_time.newcomer()
    visit, others = await booked(gone, days=1), await booked(other, days=1)
    own_time.clock.move(days=1.5)
    await stay_signed_in(gone)
    told = given(await gone.get("/v1/me/deletion"))
    given(await gone.post("/v1/me/deletion", {"confirmation": told["confirmation"]}))
    code = next(code for code in own_time.clerks if own_time.point_id(code) == visit["point"]["id"])
    desk, path = await own_time.desk(code), f"/v1/visits/{visit['id']}/no-show"
    refused(await desk.post(path, version=2), 409, "not_absent")
    async with own_time.runtime.database.writing(own_time.region) as uow:
        await uow.session.execute(text("UPDATE bookings SET status = 'confirmed' WHERE id = :id"), {"id": visit["id"]})
    own_time.clock.move(days=1)
    assert await _end_missed(own_time) >= 2
    await stay_signed_in(other)
    assert given(await other.get(f"/v1/bookings/{others['id']}"))["status"] == "missed"


async def test_a_step_declared_done_before_the_entry_is_refused_and_not_logged(own_time: World) -> None:
    person = await own_time.newcomer(days_ago=3)
    before = await log(person)
    body = {"on": (own_time.today - timedelta(days=400)).isoformat()}
    refused(await person.post("/v1/me/pathway/steps/registration/done", body), 422, "day_does_not_count")
    assert await log(person) == before
