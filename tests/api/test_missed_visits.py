"""A visit to which nobody came ends with its day, and stands in nobody's way."""

import asyncio
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from services.bookings.upkeep import end_missed, end_unsaid
from tests.api.helpers import AIRPORT, Json, booked, given, hire, instant, log, place_at, refused, stay_signed_in, step
from tests.support.people import Desk, Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")


async def _end_missed(world: World) -> int:
    async with world.runtime.database.writing(world.region) as uow:
        return await end_missed(uow)


async def _end_unsaid(world: World) -> int:
    async with world.runtime.database.writing(world.region) as uow:
        return await end_unsaid(uow)


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


async def test_who_has_the_last_time_before_midnight_may_be_late(own_time: World) -> None:
    """At a point that never closes; as late as anybody."""
    person = await own_time.newcomer()
    midnight = datetime.combine(own_time.today + timedelta(days=2), time(), own_time.region.zone)
    ahead = (midnight - timedelta(minutes=20) - own_time.clock.now()) / timedelta(days=1)
    visit = await booked(person, "fingerprints", point=AIRPORT, days=ahead)
    own_time.clock.at = midnight + timedelta(minutes=5)
    own_time.clerks[AIRPORT] = await hire(own_time)
    desk = await own_time.desk(AIRPORT)
    await stay_signed_in(person)
    await _end_missed(own_time)
    assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == "confirmed"
    shown = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    assert shown["status"] == "arrived"
    assert instant(visit["starts_at"]) < midnight


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


async def _arrived(world: World) -> tuple[Person, Json, Desk, Json]:
    """Somebody who has come to their visit: it as it was booked, the desk, and it as that has it."""
    person = await world.newcomer()
    visit = await booked(person, days=1)
    world.clock.at = instant(visit["starts_at"])
    code = next(code for code in world.clerks if world.point_id(code) == visit["point"]["id"])
    desk = await world.desk(code)
    await stay_signed_in(person)
    here = given(await desk.post("/v1/visits/check-ins", {"qr_pass": person.qr_pass(visit["id"])}), 201)
    return person, visit, desk, here


async def test_a_visit_that_nobody_said_a_word_of_ends_days_later_and_the_step_can_be_booked_again(
    own_time: World,
) -> None:
    """They came and missed nothing; that the step is done nobody has said."""
    person, visit, _, _ = await _arrived(own_time)
    for days, status in ((3, "arrived"), (4, "completed")):
        own_time.clock.at = instant(visit["starts_at"]) + timedelta(days=days)
        while await _end_unsaid(own_time):
            pass  # others' visits too
        await stay_signed_in(person)
        assert given(await person.get(f"/v1/bookings/{visit['id']}"))["status"] == status
    assert (await step(person, "medical"))["status"] != "done"
    assert "visit_unsaid" in [use["action"] for use in await log(person)]
    await booked(person, days=1)


async def test_who_leaves_while_they_are_there_has_been_there(own_time: World) -> None:
    """And no clerk's word makes rows of theirs anew."""
    person, visit, desk, here = await _arrived(own_time)
    told = given(await person.get("/v1/me/deletion"))
    given(await person.post("/v1/me/deletion", {"confirmation": told["confirmation"]}))
    path, outcome = f"/v1/visits/{visit['id']}/outcome", {"outcome": "done"}
    refused(await desk.post(path, outcome, version=here["version"] + 1), 409, "not_arrived")
    async with own_time.runtime.database.reading(own_time.region) as uow:
        status = await uow.session.scalar(text("SELECT status FROM bookings WHERE id = :id"), {"id": visit["id"]})
    assert status == "completed"
