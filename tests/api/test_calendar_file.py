"""The visit as the phone's calendar reads it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest_asyncio

from services.bookings.upkeep import end_missed
from tests.api.helpers import booked, given, instant, place_at, refused, stay_signed_in
from tests.support.people import Person, World


@pytest_asyncio.fixture
async def person(own_time: World) -> Person:
    return await own_time.newcomer()


async def event_of(person: Person, booking_id: str) -> Any:
    answer = await person.get(f"/v1/bookings/{booking_id}/calendar.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Moscow"]
    (event,) = calendar.walk("VEVENT")
    return event


async def test_the_file_says_the_hour_on_the_wall_of_the_point(person: Person) -> None:
    """Case 16: the calendar file is not an hour off, and nothing is announced in UTC."""
    booking = await booked(person, days=16)
    event = await event_of(person, booking["id"])
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt
    assert starts == instant(booking["starts_at"])
    assert ends == instant(booking["ends_at"])
    assert event["DTSTART"].params["TZID"] == "Europe/Moscow"
    wall = datetime.fromisoformat(booking["starts_at"])
    assert wall.utcoffset() == timedelta(hours=3)
    assert starts.replace(tzinfo=None) == wall.replace(tzinfo=None)
    assert starts.astimezone(ZoneInfo("Europe/Moscow")).hour == wall.hour
    assert booking["point"]["name"] in str(event["SUMMARY"])


async def test_after_a_move_it_changes_the_entry_that_is_there(person: Person) -> None:
    booking = await booked(person, days=16)
    before = await event_of(person, booking["id"])
    new = await place_at(person, days=17)
    to = {"point_id": new["point_id"], "starts_at": new["starts_at"]}
    given(await person.post(f"/v1/bookings/{booking['id']}/reschedule", to))
    after = await event_of(person, booking["id"])
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == instant(new["starts_at"])
    given(await person.post(f"/v1/bookings/{booking['id']}/cancel"))
    assert (await event_of(person, booking["id"]))["STATUS"] == "CANCELLED"


async def test_a_visit_of_the_past_stays_where_it_was(own_time: World, person: Person) -> None:
    booking = await booked(person, days=1)
    own_time.clock.move(days=3)
    async with own_time.runtime.database.writing(own_time.region) as uow:
        assert await end_missed(uow) >= 1
    await stay_signed_in(person)
    assert (await event_of(person, booking["id"]))["STATUS"] == "CONFIRMED"


async def test_it_names_nobody_and_is_nobody_elses(world: World, person: Person) -> None:
    booking = await booked(person, days=16)
    text = (await person.get(f"/v1/bookings/{booking['id']}/calendar.ics")).text
    assert "ERIKSSON" not in text
    path = f"/v1/bookings/{booking['id']}/calendar.ics"
    refused(await (await world.newcomer()).get(path), 404, "not_found")
