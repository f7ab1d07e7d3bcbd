"""Places are booked: one for each, none twice, and none where there is none."""

import asyncio
from datetime import datetime, time, timedelta

import pytest
import pytest_asyncio

from tests.api.helpers import (
    AIRPORT,
    Json,
    booked,
    cursor,
    given,
    instant,
    left_at,
    place_at,
    refused,
    stay_signed_in,
)
from tests.support.people import Person, World

pytestmark = pytest.mark.usefixtures("honest_ledger")
ONE_COUNTER = "medical-7"


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    return await world.newcomer()


async def test_a_place_is_booked_at_once(person: Person) -> None:
    place = await place_at(person, days=15)
    booking = given(await person.post("/v1/bookings", place), 201)
    assert (booking["status"], booking["held_until"]) == ("confirmed", None)
    assert (booking["step"], booking["point"]["id"]) == ("medical", place["point_id"])
    assert booking["starts_at"] == place["starts_at"]
    assert instant(booking["ends_at"]) - instant(booking["starts_at"]) == timedelta(minutes=40)
    assert given(await person.get("/v1/me/bookings"))["items"] == [booking]


async def test_the_last_place_goes_to_one_of_many_who_ask_at_once(world: World, person: Person) -> None:
    """Cases 1, 2 and 10: exactly one is booked; the others get a clear answer."""
    people = [person, *[await world.newcomer() for _ in range(9)]]
    place = await place_at(person, point=ONE_COUNTER, days=15)
    answers = await asyncio.gather(*(one.post("/v1/bookings", place) for one in people))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    for answer in answers:
        if answer.is_error:
            refused(answer, 409, "place_taken")
    assert await left_at(person, place) == 0


async def test_a_pool_of_two_counters_takes_two(world: World, person: Person) -> None:
    place = await place_at(person, point="medical-9", days=15)
    people = [await world.newcomer() for _ in range(5)]
    answers = await asyncio.gather(*(one.post("/v1/bookings", place) for one in people))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]


async def test_nobody_is_in_two_places_at_one_time(person: Person) -> None:
    place = await place_at(person, "medical", point=AIRPORT, days=15)
    given(await person.post("/v1/bookings", place), 201)
    same = place | {"step": "fingerprints", "service": "fingerprints"}
    refused(await person.post("/v1/bookings", same), 409, "elsewhere_then")
    refused(await person.post("/v1/holds", same), 409, "elsewhere_then")
    after = (instant(place["starts_at"]) + timedelta(minutes=40)).isoformat()
    given(await person.post("/v1/bookings", same | {"starts_at": after}), 201)


async def test_a_step_is_booked_once(person: Person) -> None:
    await booked(person, days=15)
    for path in ("/v1/bookings", "/v1/holds"):
        refused(await person.post(path, await place_at(person, days=18)), 409, "step_booked")


async def test_a_step_booked_twice_at_once_is_booked_once(person: Person) -> None:
    places = [await place_at(person, point=point, days=15) for point in ("medical-4", "medical-6")]
    answers = await asyncio.gather(*(person.post("/v1/bookings", place) for place in places))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused(next(answer for answer in answers if answer.is_error), 409, "step_booked")


async def test_a_step_is_not_done_by_another_service(person: Person) -> None:
    place = await place_at(person, "fingerprints", days=15)
    refused(await person.post("/v1/bookings", place | {"step": "medical"}), 422, "wrong_service")
    for step in ("insurance", "registration"):
        refused(await person.post("/v1/bookings", place | {"step": step}), 422, "wrong_service")
    refused(await person.post("/v1/bookings", place | {"step": "haircut"}), 404, "step_unknown")


def _at(place: Json, hour: int, minute: int = 0) -> Json:
    begun = instant(place["starts_at"])
    return place | {"starts_at": datetime.combine(begun, time(hour, minute), begun.tzinfo).isoformat()}


async def test_there_is_no_place_off_the_grid_nor_out_of_hours(person: Person) -> None:
    place = await place_at(person, point=ONE_COUNTER, days=15)
    off_grid = [
        _at(place, 9, 5),
        _at(place, 9, 10),
        place | {"starts_at": _at(place, 9)["starts_at"].replace(":00+", ":01+")},
    ]
    closed = [_at(place, 3), _at(place, 8, 40), _at(place, 12, 40), _at(place, 13), _at(place, 17, 40), _at(place, 18)]
    weekend = instant(place["starts_at"])
    weekend += timedelta(days=6 - weekend.weekday())
    far = [
        place | {"starts_at": (instant(place["starts_at"]) + timedelta(days=days)).isoformat()}
        for days in (70, -70, 40_000)
    ]
    for wrong in (*off_grid, *closed, _at(place | {"starts_at": weekend.isoformat()}, 9), *far):
        for path in ("/v1/holds", "/v1/bookings"):
            refused(await person.post(path, wrong), 422, "no_such_place")


async def test_there_is_no_place_in_the_past(own_time: World) -> None:
    person = await own_time.newcomer()
    place = await place_at(person, point=AIRPORT)
    own_time.clock.at = instant(place["starts_at"]) + timedelta(seconds=1)
    await stay_signed_in(person)
    refused(await person.post("/v1/bookings", place), 422, "no_such_place")


async def test_there_is_no_place_where_the_service_is_not_given(world: World, person: Person) -> None:
    place = await place_at(person, days=15)
    for point_id in (world.point_id("exam-1"), "00000000-0000-4000-8000-000000000000"):
        refused(await person.post("/v1/bookings", place | {"point_id": point_id}), 422, "no_such_place")


async def test_a_cancelled_booking_gives_its_place_back_once(person: Person) -> None:
    place = await place_at(person, point=ONE_COUNTER, days=15)
    booking = given(await person.post("/v1/bookings", place), 201)
    for _ in range(2):
        cancelled = given(await person.post(f"/v1/bookings/{booking['id']}/cancel"))
        assert cancelled == booking | {"status": "cancelled"}
        assert await left_at(person, place) == 1
    given(await person.post("/v1/bookings", place), 201)


async def test_a_booking_cancelled_twice_at_once_gives_its_place_back_once(person: Person) -> None:
    place = await place_at(person, point=ONE_COUNTER, days=15)
    booking = given(await person.post("/v1/bookings", place), 201)
    path = f"/v1/bookings/{booking['id']}/cancel"
    for answer in await asyncio.gather(*(person.post(path) for _ in range(4))):
        assert given(answer)["status"] == "cancelled"
    assert await left_at(person, place) == 1


async def test_anothers_booking_is_not_found(world: World, person: Person) -> None:
    """Case 28."""
    booking, other = await booked(person, days=15), await world.newcomer()
    refused(await other.post(f"/v1/bookings/{booking['id']}/cancel"), 404, "not_found")
    refused(await other.get(f"/v1/bookings/{booking['id']}"), 404, "not_found")
    refused(await other.post("/v1/bookings", {"hold_id": booking["id"]}), 404, "not_found")
    assert given(await person.get(f"/v1/bookings/{booking['id']}")) == booking


async def test_a_visit_that_began_is_not_cancelled(own_time: World) -> None:
    person = await own_time.newcomer()
    booking = await booked(person, point=AIRPORT, days=0.1)
    own_time.clock.at = instant(booking["starts_at"])
    await stay_signed_in(person)
    refused(await person.post(f"/v1/bookings/{booking['id']}/cancel"), 409, "not_cancellable")
    assert given(await person.get(f"/v1/bookings/{booking['id']}"))["status"] == "confirmed"


async def test_bookings_are_paged_newest_first_and_each_comes_once(world: World) -> None:
    person = await world.newcomer()
    made: list[str] = []
    for days, service in enumerate(["medical", "fingerprints", "exam", "medical", "exam"]):
        booking = await booked(person, service, days=15 + days % 3)
        made.append(booking["id"])
        if days < 3:
            given(await person.post(f"/v1/bookings/{booking['id']}/cancel"))
        if days % 2:
            world.clock.move(seconds=1)  # some were made at the same instant
    seen: list[Json] = []
    page: Json = {"next": None}
    for size in (2, 2, 1):
        extra = {"cursor": page["next"]} if page["next"] else {}
        page = given(await person.get("/v1/me/bookings", limit=2, **extra))
        assert len(page["items"]) == size
        seen += page["items"]
    assert page["next"] is None
    assert sorted(b["id"] for b in seen) == sorted(made)
    assert seen == given(await person.get("/v1/me/bookings"))["items"]
    assert seen[0]["id"] == made[-1]


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "é",
        "====",
        cursor(),
        cursor(1, 2, 3),
        cursor("2026-09-01", "x"),
        cursor("2026-09-01T07:00:00", "00000000-0000-4000-8000-000000000000"),
        cursor("2026-09-01T07:00:00+00:00", "x"),
        cursor("0001-01-01T00:00:00+14:00", "00000000-0000-4000-8000-000000000000"),
        cursor(None, None),
        "bnVsbA",
        "W" * 200,
    ],
)
async def test_a_cursor_that_is_not_ours_is_refused(person: Person, bad: str) -> None:
    assert refused(await person.get("/v1/me/bookings", cursor=bad), 422, "invalid_input")["field"] == "cursor"


@pytest.mark.parametrize("limit", [0, 101, -1, "x"])
async def test_a_page_has_from_one_to_a_hundred(person: Person, limit: object) -> None:
    refused(await person.get("/v1/me/bookings", limit=limit), 422, "invalid_input")
